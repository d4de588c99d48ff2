"""Which results have no data? Those whose window touches a place without data, whatever weight stands on it."""

import numpy as np

from convolab.filters import borders


def mark(results: list[np.ndarray], pixels: np.ndarray, kernel: tuple[int, int], mode: str, *, rows: bool) -> None:
    """Write NaN into the results whose window touches a NaN of `pixels`, (H, W) or (H, W, C).

    `rows` says that the pixels reach beyond the border above and below already, as those of a strip do.
    """
    missing = np.isnan(pixels)
    if not missing.any():
        return
    for result in results:
        each = missing.ndim == 3 and result.ndim == 3
        result[touched(missing if each or missing.ndim == 2 else missing.any(-1), kernel, mode, rows=rows)] = np.nan


def touched(missing: np.ndarray, kernel: tuple[int, int], mode: str, *, rows: bool = False) -> np.ndarray:
    """Return which windows touch a place of `missing`, (H, W) or (H, W, C); zeros beyond a border do not count."""
    for axis, size in enumerate(kernel):
        if mode != "valid" and not (rows and axis == 0):
            length, (before, behind) = missing.shape[axis], borders.reach(size)
            missing = borders.take(missing, borders.index(mode, -before, length + behind, length), axis)
        missing = _any_of(missing, size, axis)
    return missing


def _any_of(missing: np.ndarray, size: int, axis: int) -> np.ndarray:
    """Return, for every place, whether it or one of the next size - 1 along the axis is missing."""
    count = np.cumsum(missing, axis, dtype=np.int32)
    zero = np.zeros_like(np.take(count, [0], axis))
    count = np.concatenate([zero, count], axis)
    stop = count.shape[axis]
    return np.take(count, range(size, stop), axis) > np.take(count, range(stop - size), axis)
