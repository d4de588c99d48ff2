"""To add a filter is one entry in one table: the function, the command, its options, the page and the tests see it."""

import inspect
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import convolab as cl
from convolab.filters.named import function_name
from convolab.filters.table import FILTERS

ROOT = Path(__file__).parents[1]
# Two entries: a gradient, and a filter with a parameter that no other takes.
ENTRIES = """
    "kirsch": Entry(
        "difference (−1 0 1) across, smoothing (5 0 5) along",
        "a source",
        lambda: gradient((-1, 0, 1), (5, 0, 5)),
        example=">>> cl.kirsch([[0, 0, 1]] * 3)\\narray([[10.]])",
    ),
    "wide-step": Entry("the last pixel less the first of `reach`", "another source", _wide_step, {"reach": "Pixels."}),
"""
RECIPE = """
def _wide_step(*, reach: int = 4):
    return single([[-1, *(0,) * (reach - 2), 1]])


FILTERS: dict[str, Entry] = {"""

SEEN = """
import contextlib, inspect, io, json, sys
import numpy as np
import convolab as cl
from convolab.cli import main

sys.path.insert(0, "tests"), sys.path.insert(0, "docs")
import test_conventions, test_filters, test_kernel_readers
from edges_page import edges_page

def said(*arguments):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(list(arguments)) == 0
    return " ".join(out.getvalue().replace("│", " ").split())

np.save("in.npy", np.arange(35.0).reshape(5, 7) ** 2)
said("edges", "in.npy", "-o", "k.npy", "--filter", "kirsch")
said("edges", "in.npy", "-o", "w.npy", "--filter", "wide-step", "--reach", "3")
print(json.dumps({
    "public": [name in cl.__all__ and name in dir(cl) for name in ("kirsch", "wide_step")],
    "command": [np.load("k.npy").shape, np.load("w.npy").tolist() == cl.wide_step(np.load("in.npy"), reach=3).tolist()],
    "kernels": said("spectrum", "--kernel", "kirsch-x"),
    "help": [said("edges", "--help"), said("maximize", "--help")],
    "signature": str(inspect.signature(cl.wide_step)),
    "docstring": cl.kirsch.__doc__,
    "page": edges_page(),
    "conventions": [c.filter for c in test_conventions.CONVENTIONS],
    "parameters": [*test_filters.GRADIENTS, *test_filters.OTHERS, *test_kernel_readers.kernel_names()],
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> dict:
    """What is seen of two entries that are added to the table of a copy of the package, where nothing else changes."""
    copy = tmp_path_factory.mktemp("copy")
    for folder in ("convolab", "tests", "docs", "benchmarks"):
        ignored = shutil.ignore_patterns("*.safetensors", "*.xz")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    table = copy / "convolab" / "filters" / "table.py"
    text = table.read_text()
    assert text.count("\n}  # fmt: skip") == 1
    text = text.replace("\nFILTERS: dict[str, Entry] = {", RECIPE).replace("\n}  # fmt: skip", ENTRIES + "}")
    table.write_text(text)
    code = f"import sys; sys.path.insert(0, {str(copy)!r})\n{SEEN}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=copy)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_one_entry_is_a_public_function(seen):
    assert seen["public"] == [True, True]
    assert seen["signature"].startswith("(image, *, reach: int = 4, show")


def test_one_entry_is_a_choice_of_the_command_and_an_option_for_each_parameter(seen):
    assert seen["command"] == [[3, 5], True]
    assert seen["kernels"].startswith("σ")
    edges, maximize = seen["help"]
    assert "box, kirsch, wide-step, canny" in edges and "--reach INT Pixels; for wide-step." in edges
    assert "kirsch-x, kirsch-y, wide-step" in maximize


def test_one_entry_has_its_help_with_the_kernel_drawn(seen):
    assert "−5   0   5" in seen["docstring"] and "a source." in seen["docstring"]
    assert "array([[10.]])" in seen["docstring"]


def test_one_entry_is_on_the_page_and_among_the_parameters_of_the_tests(seen):
    assert (
        "| `kirsch` | difference (−1 0 1) across" in seen["page"] and "| wide-step | response | torch |" in seen["page"]
    )
    assert {"kirsch", "wide-step"} <= set(seen["conventions"])
    assert {"kirsch", "wide-step", "kirsch-x", "kirsch-y"} <= set(seen["parameters"])


@pytest.mark.parametrize("filter", FILTERS)
def test_the_help_of_every_filter_has_every_parameter_and_the_kernel(filter):
    function = getattr(cl, function_name(filter))
    doc, entry = inspect.getdoc(function), FILTERS[filter]
    for name in list(inspect.signature(function).parameters):
        assert f"\n{name} : " in doc, name
    for title in ("Parameters", "Returns", "Raises", "Source", "Examples"):
        assert f"\n{title}\n{'-' * len(title)}\n" in doc
    assert " ".join(entry.source.split()) in " ".join(doc.split())
    assert set(entry.parameters) == set(entry.taken)
    for _, kernel in entry.make():
        largest = f"{np.abs(kernel.array).max():.3f}".rstrip("0").rstrip(".")
        assert largest in doc and max(map(len, doc.splitlines())) <= 120


@pytest.mark.parametrize("filter", FILTERS)
def test_the_function_of_a_filter_is_edges_with_its_name_and_defaults(filter):
    image = np.random.default_rng(0).normal(size=(15, 17))
    assert np.array_equal(getattr(cl, function_name(filter))(image), cl.edges(image, filter))
    defaults = {name: parameter.default for name, parameter in FILTERS[filter].taken.items()}
    assert np.array_equal(getattr(cl, function_name(filter))(image, **defaults), cl.edges(image, filter))
