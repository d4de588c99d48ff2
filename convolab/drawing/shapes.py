"""What is a picture made of? Shapes with classes, which two writers read: SVG for pages, matplotlib for print.

A class says what a shape is (`negative`, `muted`, `lit`); each writer finds its look in `convolab.drawing.looks`.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np


@dataclass(frozen=True)
class Shape:
    """One shape, in pixels from the upper left corner.

    Attributes
    ----------
    kind : {"text", "rect", "line", "circle", "path", "image"}
    at : tuple of float
        text: x, y of the baseline. rect: x, y, width, height. line: x1, y1, x2, y2. circle: x, y, radius. path: x, y of
        each point in turn. image: x, y, width, height.
    classes : str
        What it is, words with spaces between.
    content : str
        The text; of a rect what is said where it is pointed at, of an image what it shows.
    opacity : float or None
        Of the fill, fraction 0–1.
    rounded : float
        Radius of a rect's corners.
    pixels : array, shape (H, W, 3), or None
        Of an image: bytes.
    """

    kind: Literal["text", "rect", "line", "circle", "path", "image"]
    at: tuple[float, ...]
    classes: str = ""
    content: str = ""
    opacity: float | None = None
    rounded: float = 0
    pixels: np.ndarray | None = field(default=None, compare=False)


def text(x: float, y: float, content: str, classes: str = "") -> Shape:
    return Shape("text", (x, y), classes, content)


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    classes: str,
    *,
    opacity: float | None = None,
    rounded: float = 0,
    title: str = "",
) -> Shape:
    return Shape("rect", (x, y, width, height), classes, title, opacity, rounded)


def line(x1: float, y1: float, x2: float, y2: float, classes: str) -> Shape:
    return Shape("line", (x1, y1, x2, y2), classes)


def circle(x: float, y: float, radius: float, classes: str) -> Shape:
    return Shape("circle", (x, y, radius), classes)


def path(points: list[tuple[float, float]], classes: str) -> Shape:
    return Shape("path", tuple(number for point in points for number in point), classes)


def image(x: float, y: float, width: float, height: float, pixels: np.ndarray, content: str) -> Shape:
    return Shape("image", (x, y, width, height), content=content, pixels=pixels)


def signed(value: Any, digits: int = 3) -> str:
    """Return a number with a minus sign that can be seen.

    >>> signed(-0.25), signed(3.0)
    ('−0.25', '3')
    """
    return f"{value:.{digits}g}".replace("-", "−")


def with_minus(sentence: str) -> str:
    """Return a sentence whose negative numbers have a minus sign that can be seen.

    >>> with_minus("analytic -4, 1e-06 at row-0")
    'analytic −4, 1e−06 at row-0'
    """
    return re.sub(r"(?<![\w\])])-(?=[\d.])|(?<=\de)-(?=\d)", "−", sentence)


def wrapped(message: str, width: int) -> list[str]:
    """Return a sentence as lines of at most so many characters."""
    import textwrap

    return textwrap.wrap(message, max(width, 8), break_long_words=False)
