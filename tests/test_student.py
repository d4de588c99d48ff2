"""A student's installation has no PyTorch: everything of exercises 2 and 3 runs and is judged without it."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from test_examples import MINE, RIGHT

ROOT = Path(__file__).parent.parent
# Python finds no torch, in this process and in those that it starts, as where none is installed.
NO_TORCH = """
import importlib.machinery
import sys


class WithoutTorch(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] in {"torch", "safetensors"} else super().find_spec(name, path, target)


sys.meta_path = [WithoutTorch if f is importlib.machinery.PathFinder else f for f in sys.meta_path]
"""

SHEET = """
import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    h, w = kernel.shape
    return sum(img[i - 1 + k, j - 1 + l] * kernel[k, l] for k in range(h) for l in range(w))


def conv_gradient_wrt_kernel(img, dloss_dy):
    h, w = dloss_dy.shape
    grad = np.zeros((img.shape[0] - h + 1, img.shape[1] - w + 1))
    for k, l in np.ndindex(*grad.shape):
        grad[k, l] = (img[k : k + h, l : l + w] * dloss_dy).sum()
    return grad
"""

COMMANDS = {
    "explain": ["explain", "input", "--input", "6", "--kernel", "3", "--at", "3", "-o", "e.pdf"],
    "check": ["check", "mine.py", "-o", "c.png"],
    "check what is right": ["check", "right.py"],
    "gradcheck": ["gradcheck", "--stride", "2", "--padding", "1"],
    "gradcheck a hand-in": [
        "gradcheck",
        "--function",
        "mine.py:conv_gradient_wrt_input",
        "--input",
        "5x5",
        "-o",
        "g.svg",
    ],
    "maximize": ["maximize", "--constraint", "sphere", "-o", "m.svg"],
    "edges": ["edges", "sample:still-life", "-o", "edges.png"],
    "edges by Halide": ["edges", "sample:drawing", "-o", "h.png", "--engine", "halide"],
    "spectrum": ["spectrum", "--kernel", "laplacian", "--size", "8"],
    "data": ["data"],
    **{f"page {name}": ["page", name, "-o", f"{name}.html"] for name in ("explorer", "gradient", "filters", "ascent")},
}
ONES_THAT_TRAIN = {
    "train": ["train"], "eval": ["eval", "pretrained"], "summary": ["summary"], "spectrum": ["spectrum", "pretrained"],
    "predict": ["predict", "pretrained", "edges.png"],
}  # fmt: skip

SCRIPT = """
import contextlib, io, json, sys
from convolab.cli import main

said = {}
for name, arguments in json.load(sys.stdin).items():
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    said[name] = [code, out.getvalue(), err.getvalue()]
print(json.dumps(said))
"""

IN_PYTHON = """
import numpy as np
import convolab as cl

x, w = np.arange(42.0).reshape(6, 7), np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
assert np.array_equal(cl.conv2d(x, w, engine="halide"), cl.conv2d(x, w, engine="numpy"))
assert cl.explore(x, w).output.shape == (1, 4, 5)
assert cl.widget("ascent").state["constraint"] == "sphere"
assert cl.explore(lambda x, w: cl.conv2d(x, w), x, w).theirs["right"]
assert cl.gradcheck(cl.conv2d, (x, w)).passed
assert cl.plot(x, w, at=(1, 1)).get_label().endswith("= 8")
for shown in (cl.maximize(w, 9), cl.edges(x, show=("x", "y")), cl.gradcheck(cl.conv2d, (x, w))):
    assert shown._repr_html_()
print("all")
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A function that runs a program in a folder of a student's, without torch."""
    folder, hook = tmp_path_factory.mktemp("student"), tmp_path_factory.mktemp("hook")
    (hook / "sitecustomize.py").write_text(NO_TORCH)
    for name, text in {"mine.py": MINE, "right.py": RIGHT + SHEET}.items():
        (folder / name).write_text(text)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(hook), str(ROOT)]), "NO_COLOR": "1"}

    def run(code: str, given: str = "") -> str:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, input=given, capture_output=True, text=True, cwd=folder, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def said(run):
    """What each command answers: exit code, standard output, standard error."""
    return json.loads(run(SCRIPT, json.dumps(COMMANDS | {f"train: {n}": a for n, a in ONES_THAT_TRAIN.items()})))


def test_torch_cannot_be_found_there(run):
    code = "import importlib.util, sys; print(importlib.util.find_spec('torch'), 'torch' in sys.modules)"
    assert run(code) == "None False\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_of_exercises_2_and_3_runs(name, said):
    code, _, error = said[name]
    expected = 1 if name in ("check", "gradcheck a hand-in") else 0
    assert code == expected and "Traceback" not in error and "torch" not in error, error


def test_what_is_right_passes_and_what_is_wrong_is_named(said):
    assert "4 of 4 right, 4 of 4 points" in said["check what is right"][1]
    assert "flipped-kernel" in said["check"][1] and "overwrites" in said["check"][1]
    assert "= where += belongs" in said["gradcheck a hand-in"][1]


@pytest.mark.parametrize("name", ONES_THAT_TRAIN)
def test_a_command_that_needs_torch_says_which_extra_brings_it(name, said):
    code, _, error = said[f"train: {name}"]
    assert code == 1 and error.count("\n") == 1
    assert error.startswith("convolab: torch: not installed, and ") and 'pip install "convolab[train]"' in error


def test_a_name_of_the_package_that_needs_torch_says_so_too(run):
    code = "import convolab as cl\ntry:\n    cl.summary\nexcept ImportError as error:\n    print(error)"
    assert run(code) == (
        'torch: not installed, and convolab.summary needs it. Install it with: pip install "convolab[train]"\n'
    )


def test_python_s_side_of_the_exercises_runs_too(run):
    assert run(IN_PYTHON) == "all\n"


def test_the_extra_for_a_student_brings_no_torch_and_all_that_the_lab_needs():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]

    def brought(name: str) -> set[str]:
        found = set()
        for requirement in extras[name]:
            if requirement.startswith("convolab["):
                found |= set().union(*(brought(part) for part in requirement[9:-1].split(",")))
            else:
                found.add(requirement.replace(">", "=").split("=")[0])
        return found

    assert brought("student") >= {"halide", "scipy", "matplotlib", "marimo", "anywidget"}
    assert not {"torch", "safetensors"} & brought("student")
    assert brought("train") >= {"torch", "safetensors"}
