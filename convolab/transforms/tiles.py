"""How are sums over windows taken by tiles? Overlap-save: each tile is transformed, multiplied, and transformed back.

The grid of tiles begins at the first sum, so a sum's bits depend on its place, and not on which thread or part of the
image it is computed with. Where a tile's sums are not all finite, they are taken again directly.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice, product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convolab.transforms.cost import TileGrid

SPECTRA_BYTES = 32 << 20  # of the weights' transforms that are kept at a time

Index: TypeAlias = tuple[slice, ...]
Where: TypeAlias = tuple[Any, ...]  # of an array: integers, slices, an ellipsis


@dataclass(frozen=True)
class Correlation:
    """A correlation: sum[n, co, o] = Σ x[n, ci, stride · o + dilation · k − before] · w[co, c, k].

    All but the groups are for each axis; `before` may be negative, and x is zero outside.
    """

    groups: int
    before: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    output: tuple[int, ...]


Direct = Callable[[NDArray[Any], NDArray[Any], int, tuple[int, ...], tuple[int, ...]], NDArray[Any]]


def transform(tiles: NDArray[Any], axes: int) -> NDArray[Any]:
    """Return the transform of real tiles along their last axes."""
    from scipy import fft

    spectrum: NDArray[Any] = fft.rfftn(tiles, axes=tuple(range(-axes, 0)))
    return spectrum


def transform_back(spectrum: NDArray[Any], lengths: tuple[int, ...], rows: int | None = None) -> NDArray[Any]:
    """Return real tiles of these lengths from their transform, which may be overwritten; of planes the first rows."""
    from scipy import fft

    if rows is None:
        tiles: NDArray[Any] = fft.irfftn(spectrum, s=lengths, axes=tuple(range(-len(lengths), 0)), overwrite_x=True)
        return tiles
    columns = fft.ifft(spectrum, axis=-2, overwrite_x=True)
    plane: NDArray[Any] = fft.irfft(columns[..., :rows, :], lengths[-1], overwrite_x=True)
    return plane


def spectra(weight: NDArray[Any], dilation: tuple[int, ...], lengths: tuple[int, ...]) -> NDArray[Any]:
    """Return the conjugate transform of weights (…, *kernel), which turns products into correlations."""
    placed = np.zeros((*weight.shape[: -len(lengths)], *lengths), weight.dtype)
    kernel = weight.shape[-len(lengths) :]
    where: Where = (..., *(slice(0, d * (k - 1) + 1, d) for k, d in zip(kernel, dilation, strict=True)))
    placed[where] = weight
    spectrum = transform(placed, len(lengths))
    return np.conjugate(spectrum, out=spectrum)


def correlate(
    c: Correlation, x: NDArray[Any], weight: NDArray[Any], tiling: TileGrid, direct: Direct
) -> NDArray[Any]:  # fmt: skip
    """Return every sum of a correlation, (N, C_out, *output), in the type of x (N, C_in, *spatial).

    `direct(window, weight, groups, stride, dilation)` gives the sums over a window (1, C_in, *), for tiles in need.
    """
    result: NDArray[Any] = np.empty((x.shape[0], weight.shape[0], *c.output), x.dtype)
    for part in _parts(weight.shape[0], weight.shape[1], c.groups, tiling.elements * weight.itemsize):
        spectrum = spectra(weight[part.outs], c.dilation, tiling.lengths)
        if tiling.run > 1:
            spectrum = spectrum[..., None, :]
        work = partial(_correlate_tile, c, x, weight[part.outs], spectrum, part, tiling, direct, result)
        run(work, _jobs(c, x.shape[0], tiling))
    return result


def _correlate_tile(
    c: Correlation, x: NDArray[Any], weight: NDArray[Any], spectrum: NDArray[Any], part: "_Part", tiling: TileGrid,
    direct: Direct, result: NDArray[Any], job: "_Place",
) -> None:  # fmt: skip
    """Write the sums of one tile of one image."""
    out, taken = _places(c, tiling, job.start)
    if any(s.start >= s.stop for s in out):
        return
    window = gather(x[job.image, part.ins], job.start, c.before, tiling.reach)
    with np.errstate(invalid="ignore", over="ignore"):
        products = _products(transform(_apart(window, tiling), len(out)), spectrum, part.groups)
    sums = _joined(transform_back(products, tiling.lengths), tiling)[(slice(None), *taken)]
    if not np.isfinite(sums).all():
        reached = _reached(window, out, taken, c, weight.shape[2:])
        sums = direct(reached[None], weight, part.groups, c.stride, c.dilation)[0]
    where: Where = (job.image, part.outs, *out)
    result[where] = sums


def _apart(window: NDArray[Any], tiling: TileGrid) -> NDArray[Any]:
    """Return the overlapping tiles (C, run, N) of a run along a line; a lone tile as it is."""
    if tiling.run == 1:
        return window
    return np.lib.stride_tricks.sliding_window_view(window, tiling.lengths[-1], axis=-1)[..., :: tiling.sums[-1], :]


def _joined(sums: NDArray[Any], tiling: TileGrid) -> NDArray[Any]:
    """Return the sums of a run of tiles one after another; a lone tile's as they are."""
    if tiling.run == 1:
        return sums
    return sums[..., : tiling.sums[-1]].reshape(*sums.shape[:-2], -1)


@dataclass(frozen=True)
class _Place:
    """One tile of one image: where its sums begin, with stride 1."""

    image: int
    start: tuple[int, ...]


def _jobs(c: Correlation, images: int, tiling: TileGrid) -> Iterator[_Place]:
    starts = [
        range(0, (count - 1) * stride + 1, sums)
        for count, stride, sums in zip(c.output, c.stride, tiling.given, strict=True)
    ]
    return (_Place(image, start) for image, start in product(range(images), product(*starts)))


@dataclass(frozen=True)
class _Part:
    """Channels whose weights are transformed at a time: whole groups, or some output channels of one."""

    outs: slice
    ins: slice
    groups: int


def _parts(outs: int, ins: int, groups: int, plane_bytes: int) -> Iterator[_Part]:
    fit, per_group = max(1, SPECTRA_BYTES // (ins * plane_bytes)), outs // groups
    if fit >= per_group:
        step = fit // per_group
        for group in range(0, groups, step):
            top = min(group + step, groups)
            yield _Part(slice(group * per_group, top * per_group), slice(group * ins, top * ins), top - group)
        return
    for group, first in product(range(groups), range(0, per_group, fit)):
        low, high = group * per_group + first, group * per_group + min(first + fit, per_group)
        yield _Part(slice(low, high), slice(group * ins, group * ins + ins), 1)


def _places(c: Correlation, tiling: TileGrid, start: tuple[int, ...]) -> tuple[Index, Index]:
    """Return which sums a tile gives, and where they lie in it."""
    out, taken = [], []
    for first, sums, stride, count in zip(start, tiling.given, c.stride, c.output, strict=True):
        low = -(-first // stride)
        high = min(-(-(first + sums) // stride), count)
        out.append(slice(low, high))
        taken.append(slice(low * stride - first, max((high - 1) * stride - first + 1, 0), stride))
    return tuple(out), tuple(taken)


def gather(
    x: NDArray[Any], start: tuple[int, ...], before: tuple[int, ...], lengths: tuple[int, ...]
) -> NDArray[Any]:  # fmt: skip
    """Return a tile of (C, *spatial) that begins `before` earlier than `start`, with zeros outside."""
    tile: NDArray[Any] = np.zeros((x.shape[0], *lengths), x.dtype)
    source, target = [], []
    for first, pad, length, size in zip(start, before, lengths, x.shape[1:], strict=True):
        low, high = max(first - pad, 0), min(first - pad + length, size)
        source.append(slice(low, max(low, high)))
        target.append(slice(low - first + pad, max(low, high) - first + pad))
    if all(s.start < s.stop for s in source):
        tile[(slice(None), *target)] = x[(slice(None), *source)]
    return tile


def _products(tile: NDArray[Any], spectrum: NDArray[Any], groups: int) -> NDArray[Any]:
    """Return Σ over the channels of a group, in order: (C_in, *f) and (C_out, C_in / groups, *f) give (C_out, *f)."""
    ins = spectrum.shape[1]
    x = tile.reshape(groups, 1, ins, *tile.shape[1:])
    w = spectrum.reshape(groups, -1, *spectrum.shape[1:])
    total = x[:, :, 0] * w[:, :, 0]
    for channel in range(1, ins):
        total += x[:, :, channel] * w[:, :, channel]
    return total.reshape(-1, *tile.shape[1:])


def _reached(window: NDArray[Any], out: Index, taken: Index, c: Correlation, kernel: tuple[int, ...]) -> NDArray[Any]:
    """Return the part of a tile that its sums reach."""
    parts = []
    for o, t, stride, dilation, size in zip(out, taken, c.stride, c.dilation, kernel, strict=True):
        parts.append(slice(t.start, t.start + (o.stop - o.start - 1) * stride + dilation * (size - 1) + 1))
    return window[(slice(None), *parts)]


def correlate_all(
    c: Correlation, x: NDArray[Any], y: NDArray[Any], kernel: tuple[int, ...], tiling: TileGrid
) -> NDArray[Any]:  # fmt: skip
    """Return Σ over n and o of y[n, co, o] · x[n, ci, stride · o + dilation · k − before]: (C_out, C_in / groups, *k).

    Blocks of y are transformed beside the windows of x that they meet, and their products are added up in float64, in
    order, before the one transform back.
    """
    ins = x.shape[1] // c.groups
    result: NDArray[Any] = np.empty((y.shape[1], ins, *kernel), x.dtype)
    lags: Where = (..., *(slice(0, d * (k - 1) + 1, d) for k, d in zip(kernel, c.dilation, strict=True)))
    shape = (*tiling.lengths[:-1], tiling.lengths[-1] // 2 + 1)
    for part in _parts(y.shape[1], ins, c.groups, tiling.elements * 8):
        outs = part.outs.stop - part.outs.start
        total = np.zeros((part.groups, outs // part.groups, ins, *shape), np.complex128)
        work = partial(_both_transforms, c, x, y, part, tiling)
        for tile, block in in_order(work, list(_jobs(c, x.shape[0], tiling))):
            tile = tile.reshape(part.groups, ins, tiling.run, *shape)
            block = block.reshape(part.groups, -1, tiling.run, *shape)
            with np.errstate(invalid="ignore", over="ignore"):
                for channel, number in product(range(ins), range(tiling.run)):
                    total[:, :, channel] += tile[:, None, channel, number] * block[:, :, number]
        sums = transform_back(total.reshape(outs, ins, *shape), tiling.lengths)
        result[part.outs] = sums[lags]
    return result


def _both_transforms(
    c: Correlation, x: NDArray[Any], y: NDArray[Any], part: _Part, tiling: TileGrid, job: _Place
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the transform of a window of x, and the conjugate one of the block of y that meets it."""
    out, taken = _places(c, tiling, job.start)
    outs = part.outs.stop - part.outs.start
    block: NDArray[Any] = np.zeros((outs, *(tiling.lengths if tiling.run == 1 else tiling.given)), x.dtype)
    if all(s.start < s.stop for s in out):
        where: Where = (job.image, part.outs, *out)
        block[(slice(None), *taken)] = y[where]
    if tiling.run > 1:
        lone, block = block.reshape(outs, tiling.run, -1), np.zeros((outs, tiling.run, *tiling.lengths), x.dtype)
        block[..., : tiling.sums[-1]] = lone
    window = gather(x[job.image, part.ins], job.start, c.before, tiling.reach)
    spectrum = transform(block, len(out))
    return transform(_apart(window, tiling), len(out)), np.conjugate(spectrum, out=spectrum)


def _threads() -> int:
    """Return how many threads work: the processors, unless HL_NUM_THREADS, as Halide reads it, says otherwise."""
    wanted = os.environ.get("HL_NUM_THREADS", "")
    return int(wanted) if wanted.isdigit() and int(wanted) else os.cpu_count() or 1


def run(work: Callable[[Any], None], jobs: Iterable[Any]) -> None:
    """Do all jobs, in as many threads as there are cores."""
    for _ in in_order(work, list(jobs)):
        pass


def in_order(work: Callable[[Any], Any], jobs: list[Any]) -> Iterator[Any]:
    """Yield what `work` returns for each job, in their order, a few ahead in other threads."""
    threads = min(_threads(), len(jobs))
    if threads < 2:
        yield from map(work, jobs)
        return
    with ThreadPoolExecutor(threads) as pool:
        rest = iter(jobs)
        waiting = [pool.submit(work, job) for job in islice(rest, 2 * threads)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [pool.submit(work, job) for job in islice(rest, 1)]
