"""What a mistaken program reads at an index that does not exist: nothing, another element, or an exception."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from convolab.geometry import PADDING_MODES, Axis

# An output that no stride reaches: it is left out wherever an index is only looked up.
OUTSIDE = 1 << 40
# Padding modes that read another element; `symmetric` is no operator's, but is what some libraries compute.
BORDERS = {*PADDING_MODES, "symmetric"} - {"zeros"}
# For every row: an index that exists, whether the row is left out, and whether reading it raises.
Placed: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]


def place(index: np.ndarray, axis: Axis, size: int, rule: str) -> Placed:
    """Look up indices along an axis of `size` elements under an edge rule of `RULES`, or a padding mode's name.

    Parameters
    ----------
    index : (rows,) int array
    axis : Axis
        Its padding is that of the array that `pad` and the padding modes read.
    size : int
    rule : str

    Returns
    -------
    index, left_out, raises : (rows,) arrays
    """
    if rule in BORDERS:
        return _padding_mode(index, axis, rule)
    return RULES[rule](index, axis, size)


def _padding_mode(index: np.ndarray, axis: Axis, mode: str) -> Placed:
    sources = axis.sources(mode)
    padded = index + axis.before
    outside = (padded < 0) | (padded >= len(sources))
    return sources[np.clip(padded, 0, len(sources) - 1)], outside, np.zeros(len(index), bool)


def _guard(index: np.ndarray, axis: Axis, size: int) -> Placed:
    """Test the index first: what lies outside is left out, as zero padding is."""
    return np.clip(index, 0, size - 1), (index < 0) | (index >= size), np.zeros(len(index), bool)


def _pad(index: np.ndarray, axis: Axis, size: int) -> Placed:
    """Index the padded array as Python does: -1 is its last element, and an index past its end raises."""
    padded, length = index + axis.before, axis.before + size + axis.after
    padded = np.where(padded < 0, padded + length, padded)
    raises = (padded < 0) | (padded >= length)
    inner = np.where(raises, 0, padded - axis.before)
    return np.clip(inner, 0, size - 1), ~raises & ((inner < 0) | (inner >= size)), raises


def _bare(index: np.ndarray, axis: Axis, size: int) -> Placed:
    """Index the array without padding as Python does."""
    index, skipped, outside = _from_the_end(index, size)
    return np.clip(index, 0, size - 1), skipped, outside


def _low(index: np.ndarray, axis: Axis, size: int) -> Placed:
    """Count negative indices from the end, and leave those past the end out."""
    index, skipped, outside = _from_the_end(index, size)
    late = outside & (index >= size)
    return np.clip(index, 0, size - 1), late | skipped, outside & ~late


def _from_the_end(index: np.ndarray, size: int) -> Placed:
    """Count negative indices from the end; return also which are `OUTSIDE`, and which of the others do not exist."""
    skipped = index > OUTSIDE // 2  # an index computed from it is none either
    index = np.where((index < 0) & ~skipped, index + size, index)
    return index, skipped, ~skipped & ((index < 0) | (index >= size))


def _strip(index: np.ndarray, axis: Axis, size: int) -> Placed:
    """Index as `_pad` does, and leave out a single line that lies wholly outside."""
    return (_guard if axis.output == 1 else _pad)(index, axis, size)


RULES: dict[str, Callable[[np.ndarray, Axis, int], Placed]] = {
    "guard": _guard,
    "pad": _pad,
    "bare": _bare,
    "low": _low,
    "strip": _strip,
}


def place_in_slice(index: np.ndarray, kernel: np.ndarray, axis: Axis) -> Placed:
    """Look up the elements of NumPy's image[start : start + kernel], multiplied by the kernel.

    The window is cut off at the end of the image, and stretched (broadcast) where only one line of it is left.
    """
    start = index - kernel
    left = np.where(start < 0, 0, np.clip(axis.input - start, 0, axis.kernel))
    stretched = (left == 1) & (start >= 0)
    empty = (left == 0) & (axis.kernel == 1)
    found = np.where(stretched, start, index)
    return np.clip(found, 0, axis.input - 1), empty, ~empty & ~stretched & (left < axis.kernel)
