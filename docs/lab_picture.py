"""The README's picture of the lab: the explorer, a student's file and its verdict, drawn from what they really give."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

import convolab as cl
from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, circle, rect, text
from convolab.views.sliding import moment

MARGIN, BAR, LINE = 24, 44, 19
HAND_IN = """\
import numpy as np


def apply_convolution(img, kernel):
    h, w = kernel.shape
    out = np.zeros((img.shape[0] - h + 1, img.shape[1] - w + 1))
    for i, j in np.ndindex(*out.shape):
        window = img[i : i + h, j : j + w]
        out[i, j] = (window * kernel[::-1, ::-1]).sum()
    return out
"""
WORDS = [
    "Point at an output to see what it reads, at an input to see where it goes,",
    "at a weight to see all that it meets. Every number can be changed.",
]


def lab_picture(image: np.ndarray, kernel: np.ndarray) -> str:
    """A window with the explorer on the left; a file, its verdict and its read map on the right."""
    explorer, verdict = moment(image, kernel, (1, 2)), judged()
    left = explorer.width
    shapes: list[Shape] = []
    shapes += heading("Exercise 2: convolution, from its definition", MARGIN, BAR + 40, WORDS)
    shapes += moved(explorer.shapes, 0, BAR + 90)
    x = left + MARGIN
    y = BAR + 40
    shapes += heading("mine.py, saved at every key", x, y, [])
    code = HAND_IN.strip("\n").split("\n")
    shapes.append(rect(x, y + 14, verdict.width - 2 * MARGIN, LINE * len(code) + 16, "cell empty", rounded=6))
    for n, written in enumerate(code):
        shapes.append(text(x + 14, y + 36 + LINE * n, written.replace(" ", "\u00a0"), "small mono"))
    below = y + LINE * len(code) + 34
    shapes += moved(verdict.shapes, x - MARGIN, below)
    width = left + verdict.width
    height = max(BAR + 90 + explorer.height, below + verdict.height) + 8
    label = "The lab: an explorer of convolution beside a student's file, whose mistake is named and drawn"
    return Drawing(width, height, label, [*bar(width), *shapes]).svg()


def judged() -> Drawing:
    """The verdict on the hand-in, as `convolab check mine.py -o verdict.svg` draws it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mine.py"
        file.write_text(HAND_IN)
        return replace(cl.check(file), file="convolab check mine.py").drawing()


def bar(width: float) -> list[Shape]:
    """The window's upper edge, with its address."""
    dots = [circle(MARGIN + 20 * n, BAR / 2, 5, "cell empty") for n in range(3)]
    place = rect(MARGIN + 80, 10, 320, BAR - 20, "cell empty", rounded=12)
    return [*dots, place, text(MARGIN + 96, BAR / 2 + 4, "convolab lab · 127.0.0.1", "small muted")]


def heading(title: str, x: float, y: float, words: list[str]) -> list[Shape]:
    lines = [text(x, y + 22 + 18 * n, line, "small muted") for n, line in enumerate(words)]
    return [text(x, y, title, "title"), *lines]


def moved(shapes: list[Shape], x: float, y: float) -> list[Shape]:
    """Shapes further right and further down; the sizes that some of them have after their place stay."""
    points = {"line": 4, "path": None, "text": 2, "rect": 2, "circle": 2, "image": 2}
    return [replace(s, at=_shifted(s.at, points[s.kind], (x, y))) for s in shapes]


def _shifted(at: tuple[float, ...], count: int | None, by: tuple[float, float]) -> tuple[float, ...]:
    count = len(at) if count is None else count
    return tuple(v + by[n % 2] if n < count else v for n, v in enumerate(at))
