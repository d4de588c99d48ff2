"""To add a command, a benchmark, a model or a recipe touches at most two files: tried in a copy of the package.

Filters, engines and mistakes are added in `test_new_filter`, `test_adding_an_engine` and `test_check_selftest`.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from easy_images import easy_folder

import convolab

PACKAGE = Path(convolab.__file__).parent
# For each addition the files that are new, and for each file that is changed (a text that stands in it, what follows it).
ADDITIONS = {
    "a command": (
        {"cli/greet.py": 'def greet(name: str = "you") -> None:\n    """Say hello."""\n    print("hello", name)\n'},
        {"cli/__init__.py": ("COMMANDS: dict[str, str] = {\n", '    "greet": "Say hello.",\n')},
    ),
    "a benchmark": (
        {
            "bench/sums.py": (
                "def contests(*, peers):\n"
                '    """One contest: the sum of a list."""\n'
                '    yield {"case": "sum", "work": 1.0, "unit": "sums", "entrants": {"python": lambda: sum([1, 2])}}\n'
            )
        },
        {"cli/bench.py": ("CONTESTS = {\n", '    "sums": "convolab.bench.sums:contests",\n')},
    ),
    "a model": (
        {},
        {
            "network/model/models.py": (
                'MODELS: dict[str, Callable[..., "nn.Module"]] = {',
                '"wide": lambda shape=(1, 28, 28), classes=10: sheet(shape, classes), ',
            )
        },
    ),
    "a widget": (
        {"views/web/dot.js": 'function render({ el }) {\n  el.append("a dot");\n}\n\nexport default { render };\n'},
        {
            "views/page.py": ("WIDGETS = {\n", '    "dot": Widget("Dot", "A dot.", "one dot"),\n'),
            "views/states.py": (
                "SCHEMA: dict[str, dict[str, Field]] = {\n",
                '    "dot": {"size": Field("whole", 1)},\n',
            ),
        },
    ),
    "a recipe": (
        {},
        {
            "network/training/recipes.py": (
                "RECIPES = {\n",
                '    "tiny": Recipe(epochs=1, batch_size=8, optimizer="adamw", rate=1e-3),\n',
            )
        },
    ),
}


@pytest.fixture
def add(tmp_path):
    """A function that makes an addition in a copy of the package; it returns a function that runs a command there."""

    def with_addition(name: str):
        new, changed = ADDITIONS[name]
        assert len(new) + len(changed) <= 3
        ignored = shutil.ignore_patterns("mnist", "samples", "*.safetensors")
        copy = Path(shutil.copytree(PACKAGE, tmp_path / "convolab", ignore=ignored))
        for file, text in new.items():
            (copy / file).write_text(text)
        for file, (anchor, addition) in changed.items():
            text = (copy / file).read_text()
            assert text.count(anchor) == 1, f"{file}: {anchor!r}"
            (copy / file).write_text(text.replace(anchor, anchor + addition))

        def run(*arguments: str) -> str:
            environment = os.environ | {"PYTHONPATH": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "100"}
            command = [sys.executable, "-m", "convolab", *arguments]
            done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            return done.stdout

        return run

    return with_addition


def test_a_command_is_a_module_and_a_line(add):
    run = add("a command")
    assert run("greet", "--name", "Ada") == "hello Ada\n"
    assert "Say hello." in run("--help")


def test_a_benchmark_is_a_module_and_a_line(add):
    run = add("a benchmark")
    rows = json.loads(run("bench", "sums", "--seconds", "0.01", "--json"))["rows"]
    assert [(row["case"], row["engine"]) for row in rows] == [("sum", "python")]
    assert "sums" in run("bench", "--help")


def test_a_model_is_an_entry(add):
    run = add("a model")
    assert json.loads(run("summary", "--model", "wide", "--json"))["parameters"] == 93322
    assert "wide" in run("train", "--help")


def test_a_widget_is_a_module_and_two_lines(add, tmp_path):
    run = add("a widget")
    run("page", "dot", "-o", str(tmp_path / "dot.html"), "--state", "size=3")
    assert 'const STATE = {"size":3}' in (tmp_path / "dot.html").read_text() and "dot: one dot" in run("page", "--help")


def test_a_recipe_is_an_entry(add, tmp_path):
    run = add("a recipe")
    result = json.loads(
        run("train", str(easy_folder(tmp_path / "easy")), "--recipe", "tiny", "--threads", "1", "--json")
    )
    assert (result["recipe"], result["epochs"]) == ("tiny", 1)
    assert "tiny" in run("train", "--help")
