"""Which images of a data set are drawn, and how? Some of each class, with labels, as the network sees them."""

from collections.abc import Callable, Sequence

import numpy as np

from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, image, text

COLUMNS, SIDE, MARGIN, TOP, ROW = 10, 64, 24, 56, 88


def spread(labels: np.ndarray, count: int) -> list[int]:
    """Which images are drawn: the first, or where class follows class, as in a folder, some of each.

    >>> spread(np.array([5, 0, 4, 1]), 2), spread(np.array([0, 0, 0, 1, 1, 1]), 2)
    ([0, 1], [0, 5])
    """
    count = min(count, len(labels))
    if (np.diff(labels) < 0).any():
        return list(range(count))
    return np.linspace(0, len(labels) - 1, count).round().astype(int).tolist()


def grid(
    title: str, image_of: Callable[[int], np.ndarray], labels: np.ndarray, classes: Sequence[str], count: int = 20
) -> Drawing:
    """Images (C, H, W) of uint8 in rows of ten, each under its label."""
    chosen = spread(labels, count)
    shapes: list[Shape] = [text(MARGIN, 32, title, "title")]
    for place, number in enumerate(chosen):
        x, y = MARGIN + (SIDE + 12) * (place % COLUMNS), TOP + ROW * (place // COLUMNS)
        planes = np.asarray(image_of(number))
        pixels = np.repeat(planes, 3, 0) if len(planes) == 1 else planes
        name = classes[labels[number]]
        shapes.append(text(x + SIDE / 2, y + 12, name, "middle small"))
        shapes.append(image(x, y + 18, SIDE, SIDE, pixels.transpose(1, 2, 0), f"training image {number}: {name}"))
    rows = -(-len(chosen) // COLUMNS)
    width = max(2 * MARGIN + (SIDE + 12) * min(COLUMNS, len(chosen)), 2 * MARGIN + 8.5 * len(title))
    return Drawing(width, TOP + ROW * rows + MARGIN, title, shapes)
