"""Which pixels are crests of the gradient? At least as strong as their two neighbours across the edge; with NumPy.

Strengths are squares, x² + y²: exact for pixels of 8 bits, and in the order of the magnitudes for all. Beyond the
border the plane repeats its last pixel, and strengths are 0.
"""

import numpy as np

TAN_22 = 13573 / 32768  # tan 22.5° in the fixed point that OpenCV has, so that both choose the same sector
WEAK, STRONG = 1, 3  # codes of the crests beyond the lower and the upper threshold; all else is 0


def strength_dtype(kind: np.dtype) -> np.dtype:
    """Return the type of gradients and strengths of a plane: exact for bytes, else the plane's own."""
    return np.dtype(np.int32) if kind == np.uint8 else kind


def squares(rows: np.ndarray, first: int, height: int, start: int, out: np.ndarray) -> None:
    """Write the strengths of rows `start` … of a plane of `height` rows into `out`; `rows` begin with row `first`."""
    _, _, strength = _gradient(rows, first, height, start, start + len(out))
    out[...] = strength


def codes(rows: np.ndarray, first: int, height: int, start: int, low, high, out: np.ndarray) -> None:
    """Write the codes of rows `start` … into `out`; `low` and `high` are squares."""
    stop = start + len(out)
    x, y, strength = _gradient(rows, first, height, start - 1, stop + 1)
    strength[: max(0, 1 - start)] = strength[len(strength) - max(0, stop + 1 - height) :] = 0
    crest = _crests(x[1:-1], y[1:-1], np.pad(strength, ((0, 0), (1, 1))))
    inner = strength[1:-1]
    np.multiply(crest & (inner > low), np.uint8(WEAK), out=out)
    out[crest & (inner > high)] = STRONG


def _gradient(rows: np.ndarray, first: int, height: int, start: int, stop: int) -> tuple[np.ndarray, ...]:
    """Return x, y and x² + y² of rows start … stop - 1, in the order of the sums of plan.py."""
    wanted = np.arange(start - 1, stop + 1).clip(0, height - 1) - first
    p = np.pad(rows[wanted].astype(strength_dtype(rows.dtype), copy=False), ((0, 0), (1, 1)), mode="edge")
    across = p[:, 2:] - p[:, :-2]
    x = across[:-2] + 2 * across[1:-1] + across[2:]
    along = p[:, :-2] + 2 * p[:, 1:-1] + p[:, 2:]
    y = along[2:] - along[:-2]
    with np.errstate(invalid="ignore", over="ignore"):
        return x, y, x * x + y * y


def crests(x: np.ndarray, y: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Return which pixels are at least as strong as their two neighbours across the edge, ties to the left or upper."""
    return _crests(x, y, np.pad(strength, 1))


def _crests(x: np.ndarray, y: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Return the crests of strengths that reach one pixel further than x and y on each side."""
    height, width = x.shape
    middle = m[1:-1, 1:-1]

    def beyond(dy: int, dx: int) -> np.ndarray:
        return middle > m[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]

    kind = np.float32 if m.dtype == np.float32 else np.float64
    wide, tall = np.abs(x).astype(kind), np.abs(y).astype(kind)
    limit = wide * kind(TAN_22)
    level, upright = tall < limit, tall > limit + 2 * wide
    falling = (x < 0) == (y < 0)
    diagonal = np.where(falling, beyond(-1, -1) & beyond(1, 1), beyond(-1, 1) & beyond(1, -1))
    sides = beyond(0, -1) & (middle >= m[1 : 1 + height, 2 : 2 + width])
    ends = beyond(-1, 0) & (middle >= m[2 : 2 + height, 1 : 1 + width])
    return np.where(level, sides, np.where(upright, ends, diagonal))
