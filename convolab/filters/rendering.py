"""Which number becomes which grey, where a result is shown as a picture?

magnitude, and kernels that keep brightness      as they are, clipped; fractions of a floating image × 255
x, y, and kernels whose weights sum to zero      0 is mid-grey, the most that the kernel can answer black or white
direction                                        −π black … π white
normalised                                       the largest absolute value fills the range
"""

import numpy as np

from convolab.filters.portable import store
from convolab.filters.separable import Filter

# Share of the largest answer that a constant may have where zero is the middle; the default Gabor kernel has 0.028.
NEARLY_ZERO = 0.04


def picture_dtype(dtype: np.dtype) -> np.dtype:
    """Return uint16 for what has 16 bits, else uint8."""
    return np.dtype(np.uint16 if dtype in (np.uint16, np.int16) else np.uint8)


def is_signed(name: str, chosen: Filter) -> bool:
    """Return whether zero belongs into the middle of the range."""
    return name != "magnitude" and abs(_sum_of(chosen, name)) < NEARLY_ZERO * _reach_of(chosen, name)


def _sum_of(chosen: Filter, name: str) -> float:
    return float(sum(np.sum(column) * np.sum(row) for column, row in chosen[name].parts))


def _reach_of(chosen: Filter, name: str) -> float:
    """Return the largest answer to an image of zeros and ones."""
    return float(np.abs(chosen[name].array).sum()) / 2 or 1.0


def rendered(values: np.ndarray, name: str, chosen: Filter, dtype: np.dtype, *, normalize: bool) -> np.ndarray:
    """Return a component of an image of type `dtype` as 8 or 16 bits of grey."""
    target = picture_dtype(dtype)
    top = float(np.iinfo(target).max)
    white = top if dtype.kind == "f" or normalize or dtype.itemsize > 2 else float(np.iinfo(dtype).max)
    if name == "direction":
        scale, shift = top / (2 * np.pi), top / 2
    elif is_signed(name, chosen):
        half = 1.0 if normalize else (1.0 if dtype.kind == "f" else white) * _reach_of(chosen, name)
        scale, shift = top / 2 / half, top / 2
    else:
        scale, shift = (top if dtype.kind == "f" or normalize else 1.0), 0.0
    result = np.empty(values.shape, target)
    shown = values if values.dtype.kind == "f" else values.astype(np.float32 if values.itemsize < 4 else np.float64)
    if (scale, shift) != (1.0, 0.0):
        shown = np.add(np.multiply(shown, scale, dtype=shown.dtype), shift, dtype=shown.dtype)
    store(shown, result)
    return result


def beside(pixels: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the picture and its edges side by side, the smaller in the middle of its half."""
    if pixels.ndim == 3 and edges.ndim == 2:
        edges = np.repeat(edges[..., None], 3, axis=2)
    left = _as_shown(pixels, edges.dtype)
    height, width = (max(a, b) for a, b in zip(left.shape[:2], edges.shape[:2], strict=True))
    sheet = np.zeros((height, 2 * width, *left.shape[2:]), edges.dtype)
    for part, first in ((left, 0), (edges, width)):
        top, side = (height - part.shape[0]) // 2, first + (width - part.shape[1]) // 2
        sheet[top : top + part.shape[0], side : side + part.shape[1]] = part
    return sheet


def _as_shown(pixels: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return the pixels of an image as a picture of this type; floating ones are fractions."""
    result = np.empty(pixels.shape, dtype)
    store(pixels * np.iinfo(dtype).max if pixels.dtype.kind == "f" else pixels, result)
    return result
