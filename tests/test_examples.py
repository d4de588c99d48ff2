"""Every command's help shows two examples, and they print what they say."""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pytest
from easy_images import easy_folder

from convolab.cli import COMMANDS, main
from convolab.cli.examples import examples_of, parted

MINE = """import numpy as np


def apply_convolution(img, kernel):
    h, w = kernel.shape
    out = np.zeros((img.shape[0] - h + 1, img.shape[1] - w + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i : i + h, j : j + w] * kernel[::-1, ::-1]).sum()
    return out


def conv_gradient_wrt_input(dloss_dy, kernel):
    h, w = kernel.shape
    grad = np.zeros((dloss_dy.shape[0] + h - 1, dloss_dy.shape[1] + w - 1))
    for (i, j), g in np.ndenumerate(dloss_dy):
        grad[i : i + h, j : j + w] = g * kernel
    return grad
"""
RIGHT = MINE.replace("kernel[::-1, ::-1]", "kernel").replace("w] = g", "w] += g")
LONG = ("check hand-ins", "train", "eval", "spectrum pretrained", "bench hazards")

EXAMPLES = [(command, *example) for command in COMMANDS for example in parted(examples_of(command))]


def marked(example):
    line = " ".join(example[1])
    return pytest.param(*example, id=line, marks=[pytest.mark.slow] if line.startswith(LONG) else [])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the examples speak of: a hand-in, a class's, two drawn digits, and a folder of images."""
    from PIL import Image

    from convolab.network.data.named import load_dataset

    path = tmp_path_factory.mktemp("examples")
    (path / "hand-ins").mkdir()
    for name, text in {"mine.py": MINE, "hand-ins/ada.py": MINE, "hand-ins/ben.py": RIGHT}.items():
        (path / name).write_text(text)
    images = load_dataset("mnist").test_images
    for number, name in ((0, "seven"), (4, "four")):
        Image.fromarray(np.asarray(images[number])[0]).resize((224, 224)).save(path / f"{name}.png")
    easy_folder(path / "digits")
    return path


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_help_of_every_command_ends_with_two_examples(command, capsys):
    assert main([command, "--help"]) == 0
    examples = parted(examples_of(command))
    assert len(examples) == 2 and all(arguments[0] == command for arguments, _ in examples)
    assert capsys.readouterr().out.endswith(f"Examples:\n\n{examples_of(command)}\n")


# How far a command is, which a slow machine is told.
PROGRESS = r"check: \d+ of \d+ functions, "


def printed_by(arguments: list[str]) -> str:
    """Both streams as one, as on a terminal."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        main(arguments)
    lines = [line.rstrip() for line in said.getvalue().strip("\n").splitlines()]
    return "\n".join(line for line in lines if not re.match(PROGRESS, line))


def matches(expected: str, printed: str) -> bool:
    """Whether `…` alone in a line stands for lines, or none, and in a line for a part of it."""
    lines = ["(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in expected.split("\n")]
    return re.fullmatch("".join(lines), f"{printed}\n") is not None


@pytest.mark.parametrize(("command", "arguments", "expected"), [marked(example) for example in EXAMPLES])
def test_an_example_prints_what_it_says(command, arguments, expected, folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "110")
    printed = printed_by(arguments)
    assert matches(expected, printed), printed
    named = [a for a in arguments if Path(a).suffix in (".png", ".svg", ".html", ".csv") and a not in printed]
    assert not named or command == "edges", f"{named} is written and not named"


def test_a_wrong_example_is_noticed():
    assert matches("one …\n…\nlast", "one 1\ntwo\nthree\nlast") and matches("…\na", "a") and matches("a\n…", "a\nb")
    assert not matches("one …\nlast", "one 1\ntwo\nlast") and not matches("1 of 2", "2 of 2")
