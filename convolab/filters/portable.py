"""How does NumPy run a pass? In blocks of rows that stay in the cache; for want of Halide, or for a small job."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from convolab.filters.arctangent import arctan2
from convolab.filters.plan import Plan
from convolab.pictures.luma import LUMA, LUMA_INTEGERS

BLOCK = 1 << 16  # pixels of a block: a handful of arrays of it fit the second-level cache
PARALLEL = 1 << 20  # pixels from which threads pay


def valid(plan: Plan, rows: np.ndarray, outs: list[np.ndarray]) -> None:
    """Filter `rows` (H, W·step), or (H, W, 3) where the plan says grey, into `outs`, each (H - kH + 1, …)."""
    height, width = outs[0].shape
    block = max(1, BLOCK // width)
    share(height, width, block, lambda start: _block(plan, rows, outs, start, block))


def share(height: int, width: int, block: int, work: Callable[[int], None]) -> None:
    """Call `work` with the first row of every block, in threads where the image is large."""
    starts = range(0, height, block)
    threads = os.cpu_count() or 1
    if height * width < PARALLEL or threads == 1:
        for start in starts:
            work(start)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, starts))


def _block(plan: Plan, rows: np.ndarray, outs: list[np.ndarray], start: int, block: int) -> None:
    height, width = min(block, len(outs[0]) - start), outs[0].shape[1]
    pixels = to_plane(plan, rows[start : start + height + plan.filter.shape[0] - 1], plan.working)
    sums = {name: _component(plan, name, pixels, height, width) for name in plan.sources()}
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        for name, out in zip(plan.show, outs, strict=True):
            store(_shown(plan, name, sums), out[start : start + height])


def to_plane(plan: Plan, pixels: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return the pixels in this type, colours weighted into grey."""
    if not plan.grey:
        return pixels.astype(dtype, copy=False)
    red, green, blue = (pixels[..., channel] for channel in range(3))
    if pixels.dtype.kind == "u":
        r, g, b = LUMA_INTEGERS
        mixed = red.astype(np.uint32) * r + green.astype(np.uint32) * g + blue.astype(np.uint32) * b
        return ((mixed + 32768) >> 16).astype(dtype)
    r, g, b = (pixels.dtype.type(w) for w in LUMA)
    return ((red * r + green * g) + blue * b).astype(dtype, copy=False)


def _component(plan: Plan, name: str, pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    total: np.ndarray = np.empty(0)
    rows: dict[tuple, np.ndarray] = {}
    for part, (column, row) in enumerate(plan.filter[name].parts):
        if row not in rows:
            shifted = ((w, pixels[:, kx * plan.step : kx * plan.step + width]) for kx, w in enumerate(row) if w)
            rows[row] = weighted_sum(shifted, (len(pixels), width), plan.working)
        lowered = ((w, rows[row][ky : ky + height]) for ky, w in enumerate(column) if w)
        total = weighted_sum(lowered, (height, width), plan.working, total if part else None)
    return total


def weighted_sum(terms: Iterable, shape: tuple, dtype: np.dtype, total: np.ndarray | None = None) -> np.ndarray:
    """Return total + Σ weight · values, added one after another."""
    scratch = None
    for weight, values in terms:
        if total is None:
            total = np.multiply(values, dtype.type(weight))
        elif weight == 1:
            total += values
        elif weight == -1:
            total -= values
        else:
            scratch = np.multiply(values, dtype.type(weight), out=scratch)
            total += scratch
    return np.zeros(shape, dtype) if total is None else total


def _shown(plan: Plan, name: str, sums: dict[str, np.ndarray]) -> np.ndarray:
    if name in sums:
        return sums[name]
    x, y = (sums[axis].astype(plan.floating, copy=False) for axis in ("x", "y"))
    if name == "direction":
        return arctan2(y, x)
    energy = x * x
    energy += y * y
    return np.sqrt(energy, out=energy)


def store(values: np.ndarray, out: np.ndarray) -> None:
    """Write values in the type of `out`: rounded to the nearest (ties to even) and clipped to what it holds."""
    if out.dtype.kind == "f" or np.can_cast(values.dtype, out.dtype):
        out[...] = values
        return
    low, high = limits(values.dtype, out.dtype)
    if values.dtype.kind == "f":
        values = np.rint(values)
    out[...] = np.clip(values, low, high)


def limits(source: np.dtype, target: np.dtype) -> tuple:
    """Return the range of an integer type `target`, as values of `source` that lie inside it."""
    low, high = int(np.iinfo(target).min), int(np.iinfo(target).max)
    if source.kind == "f":
        top = source.type(high)
        return source.type(low), top if int(top) <= high else np.nextafter(top, source.type(0))
    span = np.iinfo(source)
    return source.type(max(low, int(span.min))), source.type(min(high, int(span.max)))
