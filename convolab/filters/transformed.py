"""How is an image filtered by transforms of tiles? A row of tiles at a time, each from the pixels under its windows.

Tile (i, j) gives the outputs from (i · T, j · T) on, counted from the first output of the whole image: whoever filters
a part of it begins at such a row and column. Tiles whose sums are not all finite are filtered directly.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from convolab.filters import borders, portable
from convolab.filters.plan import Plan
from convolab.transforms import tiles

BLOCK_BYTES = 24 << 20  # of rows that are copied with their padding at a time


def filter_rows(plan: Plan, pixels: np.ndarray, outs: list[np.ndarray], mode: str, valid: Callable) -> None:
    """Filter a whole image into the output, with the border mode on all sides."""
    kernel = plan.filter.shape[0]
    before = 0 if mode == "valid" else borders.reach(kernel)[0]
    assert plan.tile is not None
    (out,), step = outs, plan.tile.sums[0]
    block = max(1, BLOCK_BYTES // pixels[0].nbytes // step) * step
    for first in range(0, len(out), block):
        last = min(first + block, len(out))
        rows = borders.stretch(pixels, mode, first - before, last - before + kernel - 1)
        columns(plan, rows, [out[first:last]], mode, valid)


def columns(plan: Plan, rows: np.ndarray, outs: list[np.ndarray], mode: str, valid: Callable) -> None:
    """Filter rows that already reach beyond the border above and below; the first output begins a row of tiles."""
    assert plan.tile is not None
    width = plan.filter.shape[1]
    if mode != "valid":
        rows = borders.framed(rows, mode, 0, len(rows), *borders.reach(width), plan.step)
    spectrum = _spectrum(plan)
    (out,) = outs
    height, across = out.shape[0], out.shape[1] // plan.step
    jobs = [(y, x) for y in range(0, height, plan.tile.sums[0]) for x in range(0, across, plan.tile.sums[1])]
    tiles.run(lambda job: _tile(plan, rows, out, spectrum, job, valid), jobs)


@lru_cache(maxsize=4)
def _spectrum(plan: Plan) -> np.ndarray:
    """Return the transform of a plan's weights, which calls with the same kernel share, read-only."""
    assert plan.tile is not None
    double = plan.working.kind != "f" or plan.working == np.float64
    weights = plan.filter["response"].array.astype(np.float64 if double else np.float32)
    spectrum = tiles.spectra(weights, (1, 1), plan.tile.lengths)
    spectrum.flags.writeable = False
    return spectrum


def _tile(plan: Plan, rows: np.ndarray, out: np.ndarray, spectrum: np.ndarray, at: tuple, valid: Callable) -> None:
    assert plan.tile is not None
    (y, x), step, (height, width) = at, plan.step, plan.tile.lengths
    window = rows[y : y + height, x * step : (x + width) * step]
    target = out[y : y + plan.tile.sums[0], x * step : (x + plan.tile.sums[1]) * step]
    dtype = np.dtype(np.float64 if spectrum.dtype == np.complex128 else np.float32)
    sums = tiles.transform(_laid_out(portable.to_plane(plan, window, dtype), step, (height, width)), 2)
    with np.errstate(invalid="ignore", over="ignore"):
        sums *= spectrum
    sums = tiles.transform_back(sums, plan.tile.lengths, rows=len(target))[..., : target.shape[1] // step]
    sums = sums[0] if step == 1 else sums.transpose(1, 2, 0).reshape(target.shape)
    if not np.isfinite(sums).all():
        kernel = plan.filter.shape
        reached = window[: len(target) + kernel[0] - 1, : target.shape[1] + (kernel[1] - 1) * step]
        return valid(replace(plan, tile=None), reached, [target])
    portable.store(np.rint(sums) if plan.working.kind != "f" else sums, target)


def _laid_out(plane: np.ndarray, step: int, lengths: tuple[int, int]) -> np.ndarray:
    """Return the pixels of a tile, (step, *lengths), with zeros where there are none."""
    if step == 1 and plane.shape == lengths:
        return plane[None]
    tile = np.zeros((step, *lengths), plane.dtype)
    tile[:, : len(plane), : plane.shape[1] // step] = plane.reshape(len(plane), -1, step).transpose(2, 0, 1)
    return tile
