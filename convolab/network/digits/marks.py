"""Which marks of a picture may be digits of their own? Strokes that stand beside each other, each about as large.

One digit can fall apart too: a pen that skips, the bar of a five. Parts that lie above each other belong together, and
`prediction` reads the parts as well as the whole before it takes them for several digits.
"""

import numpy as np

from convolab.network.digits.morphology import bounds, components
from convolab.network.digits.segmentation import FINE, FoundDigit, as_plane, reading, strokes, widened

MOST = 12  # marks of a picture
LARGE = 0.45  # of the largest mark's longer side: smaller ones are specks, dots or commas
Box = tuple[int, int, int, int]


def find_marks(pixels: np.ndarray) -> list[FoundDigit]:
    """The marks of a picture from left to right, where there are several; an empty list otherwise.

    Parameters
    ----------
    pixels : (H, W) or (H, W, 3) float array
        Fractions.
    """
    plane, _ = as_plane(pixels)
    chosen = reading(plane)
    whole = strokes(plane, chosen.dark) if chosen else None
    if whole is None:
        return []
    mask, scale = whole
    boxes = [tuple(side * scale for side in box) for box in apart(mask)]
    if not 2 <= len(boxes) <= MOST:
        return []
    marks = [_traced(plane, box, chosen.dark) for box in boxes if chosen]
    found = [mark for mark in marks if mark is not None]
    return found if len(found) > 1 else []


def apart(mask: np.ndarray) -> list[Box]:
    """The boxes of the marks of a mask, from left to right; specks are left out."""
    labels, count = components(mask)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    boxes: list[Box] = [bounds(labels == k + 1) for k in np.argsort(sizes)[::-1][:40] if sizes[k] > 0.03 * sizes.max()]
    joined = True
    while joined:
        joined = False
        for i in range(len(boxes)):
            for j in range(i):
                if _belong(boxes[i], boxes[j]):
                    a, b = boxes.pop(i), boxes.pop(j)
                    boxes.append((min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])))
                    joined = True
                    break
            if joined:
                break
    boxes = [box for box in boxes if not _is_line(box, mask.shape)]
    largest = max((_longer(box) for box in boxes), default=0)
    return sorted((box for box in boxes if _longer(box) >= LARGE * largest), key=lambda box: box[1])


def _longer(box: Box) -> int:
    return max(box[2] - box[0], box[3] - box[1])


def _is_line(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a part is a side of a frame, or a line of the paper: straight, thin, and most of the picture long."""
    height, width = box[2] - box[0], box[3] - box[1]
    return max(height / shape[0], width / shape[1]) > 0.6 and min(height, width) < 0.06 * max(height, width)


def _belong(a: Box, b: Box) -> bool:
    """Whether two parts are of one mark: above each other with little between, or a small one close to a large one."""
    shared = [min(a[k + 2], b[k + 2]) - max(a[k], b[k]) for k in (0, 1)]
    sides = [min(a[k + 2] - a[k], b[k + 2] - b[k]) for k in (0, 1)]
    small, large = sorted((_longer(a), _longer(b)))
    if shared[1] >= 0.35 * sides[1]:
        return -shared[0] <= (0.25 if small < 0.6 * large else 0.1) * large
    return small < 0.4 * large and max(-shared[0], -shared[1]) <= 0.1 * large


def _traced(plane: np.ndarray, box: tuple[float, ...], dark: bool) -> FoundDigit | None:
    """One mark, traced in its surroundings without what lies beside it."""
    area = widened(box, plane.shape, 0.25)
    found = strokes(plane, dark, area=area, longest=FINE)
    if found is None:
        return None
    mask, scale = found
    top, left, bottom, right = ((side - area[k % 2]) / scale for k, side in enumerate(box))
    labels, count = components(mask)
    rows, columns = np.indices(mask.shape)
    inside = (rows >= top - 2) & (rows < bottom + 2) & (columns >= left - 2) & (columns < right + 2)
    kept = [k for k in range(1, count + 1) if inside[labels == k].mean() > 0.6]
    if not kept:
        return None
    mask = np.isin(labels, kept)
    t, l, b, r = (side * scale for side in bounds(mask))
    height, width = plane.shape
    place = ((area[0] + t) / height, (area[1] + l) / width, (area[0] + b) / height, (area[1] + r) / width)
    return FoundDigit(mask, dark, place, 0.0)
