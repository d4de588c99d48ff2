"""Where do the rows come from whose crests are sought? Pixels made grey, scaled and smoothed, a strip at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from convolab.filters import borders
from convolab.filters.crests import strength_dtype
from convolab.filters.kernels import make_filter
from convolab.filters.plan import Plan, make_plan
from convolab.filters.planes import layout
from convolab.filters.run import engine_named

STRIP_PIXELS = 4 << 20  # of a strip
BEYOND = 2  # rows that the code of a row depends on, above and below


@dataclass(frozen=True)
class Strip:
    """Rows `first` … of the smoothed plane: those of the codes `start` … `stop` - 1 and what these depend on."""

    rows: np.ndarray
    first: int
    start: int
    stop: int


class Smoothed:
    """An image as rows of one smoothed plane, read anew by every pass over it.

    Parameters
    ----------
    read : callable
        Gives the pixels of rows low … high - 1, (high - low, W), or (…, W, 3) of colours, of the type of `layout`.
    shape, dtype
        Those of the image.
    sigma : float or (float, float)
        Of the Gaussian, in pixels; 0 for none.
    align : int
        Rows that are best read together.
    """

    def __init__(self, read: Callable[[int, int], np.ndarray], shape, dtype, *, sigma, engine: str, align: int = 1):
        found = layout(tuple(shape), dtype)
        self.read, self.align = read, align
        self.height, self.width = int(shape[0]), int(shape[1])
        self.pixels, self.grey, self.floating = found.dtype, found.grey, found.dtype.kind == "f"
        self.scale = 1.0  # a power of two, of floating pixels
        self.valid = engine_named(engine)
        smooths = bool(np.any(sigma))
        self.kind = _kind(found.dtype, smooths)
        chosen = make_filter("gaussian", sigma=sigma) if smooths else make_filter([[1]])
        # Without smoothing only colours need a pass, which makes them grey.
        passed = make_plan(chosen, found.dtype, ("response",), out_dtype=self.kind, grey=found.grey)
        self.plan: Plan | None = passed if smooths or found.grey else None

    @property
    def strengths(self) -> np.dtype:
        """The type of squared magnitudes."""
        return strength_dtype(self.kind)

    def strips(self, beyond: int = BEYOND) -> Iterator[Strip]:
        """Yield the plane, with `beyond` rows above and below each strip where there are any."""
        rows = max(1, STRIP_PIXELS // self.width)
        rows = max(rows // self.align, 1) * self.align if self.align <= 4096 else rows
        kept, first, start = np.empty((0, self.width), self.kind), 0, 0
        while start < self.height:
            stop = min(start + rows, self.height)
            last = min(stop + beyond, self.height)
            known = first + len(kept)
            if known < last:
                fresh = self._plane(known, last)
                kept = np.concatenate([kept, fresh]) if len(kept) else fresh
            yield Strip(kept, first, start, stop)
            keep = max(0, stop - beyond)
            kept, first, start = kept[keep - first :], keep, stop

    def raw(self, low: int, high: int) -> np.ndarray:
        """Return the scaled pixels of rows inside the image."""
        pixels = self.read(low, high)
        return pixels if self.scale == 1 else pixels * pixels.dtype.type(self.scale)

    def _plane(self, low: int, high: int) -> np.ndarray:
        """Return rows of the smoothed plane."""
        if self.plan is None:
            return self.raw(low, high).astype(self.kind, copy=False)
        before, behind = borders.reach(self.plan.filter.shape[0])
        inside = self.raw(max(0, low - before), min(high + behind, self.height))
        above = np.repeat(inside[:1], max(0, before - low), 0)
        below = np.repeat(inside[-1:], max(0, high + behind - self.height), 0)
        rows = np.concatenate([above, inside, below]) if len(above) + len(below) else inside
        result = np.empty((high - low, self.width), self.kind)
        borders.columns(self.plan, rows, [result], "replicate", self.valid)
        return result


def _kind(pixels: np.dtype, smooths: bool) -> np.dtype:
    """Return the type of the plane: bytes as they are, else floats that hold the pixels, of integers their squares."""
    if pixels == np.uint8 and not smooths:
        return pixels
    small = pixels.itemsize <= (2 if smooths else 1) or pixels == np.float32
    return np.dtype(np.float32 if small else np.float64)
