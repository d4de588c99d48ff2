"""How is a Dask array filtered? Each block with the rows and columns of its neighbours that its windows reach."""

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters import borders
from convolab.filters.plan import Plan, make_plan
from convolab.filters.planes import as_plane, layout
from convolab.filters.run import divided, engine_named, peak, run
from convolab.filters.separable import Filter


def edges(image, chosen: Filter, names, mode, normalize, channels, dtype, out, engine, algorithm) -> list:
    """Return the components as Dask arrays, a pass for each; every block has the bits of the whole image's."""
    if out is not None:
        raise ArgumentError(
            "out: a Dask array is computed later and takes none. Store the result with dask.array.store."
        )
    if any(np.isnan(n) for n in image.shape):
        raise ArgumentError("image: its chunks have unknown sizes. Call image.compute_chunk_sizes() first.")
    engine_named(engine)
    found = layout(image.shape, image.dtype, channels)
    results = []
    for name in names:
        plan = make_plan(
            chosen, found.dtype, (name,), out_dtype=None if normalize else dtype, grey=found.grey, step=found.step,
            algorithm=algorithm, size=borders.output_size(chosen, image.shape[:2], mode),
        )  # fmt: skip
        result = one(image, plan, mode, channels, engine)
        results.append(_normalized(result, dtype) if normalize and name != "direction" else result)
    return results


def one(image, plan: Plan, mode: str, channels: str, engine: str):
    """Return one component as a Dask array."""
    windows, sizes = _with_neighbours(_on_grid(padded(image, plan, mode), plan), plan.filter.shape)
    chunks = [_valid(lengths, k) for lengths, k in zip(sizes, plan.filter.shape, strict=True)]
    keeps_channels = image.ndim == 3 and plan.step > 1
    return windows.map_blocks(
        _filter_block, plan, channels, engine,
        dtype=plan.dtypes[0],
        chunks=(*chunks, (plan.step,)) if keeps_channels else tuple(chunks),
        drop_axis=[2] if image.ndim == 3 and not keeps_channels else None,
        meta=np.empty((0,) * (3 if keeps_channels else 2), plan.dtypes[0]),
    )  # fmt: skip


def padded(image, plan: Plan, mode: str):
    """Return the image with the border that its mode gives it."""
    import dask.array as da

    if mode == "valid":
        return image
    width = [borders.reach(k) for k in plan.filter.shape]
    if mode != "zeros" and any(max(w) >= size for w, size in zip(width, image.shape, strict=False)):
        return _gathered(image, width, mode)
    return da.pad(image, width + [(0, 0)] * (image.ndim - 2), mode=borders.PADDING[mode])


def _gathered(image, width: list[tuple[int, int]], mode: str):
    """Return the image with a border wider than itself, which Dask's own padding repeats too few times."""
    import dask.array as da

    for axis, (before, behind) in enumerate(width):
        size = image.shape[axis]
        image = da.take(image, borders.index(mode, -before, size + behind, size), axis=axis)
    return image


def _on_grid(image, plan: Plan):
    """Return the image in chunks that begin where tiles do, where the sums are taken by tiles."""
    if plan.tile is None:
        return image
    sizes = zip(image.chunks[:2], image.shape[:2], plan.tile.sums, plan.filter.shape, strict=True)
    grid = [_grid_chunks(chunks, size, step, kernel) for chunks, size, step, kernel in sizes]
    return image.rechunk((*grid, *image.chunks[2:]))


def _grid_chunks(chunks: tuple[int, ...], size: int, step: int, kernel: int) -> tuple[int, ...]:
    """Return chunks that end at multiples of `step`, about where the given ones do, none smaller than the kernel."""
    ends = [0]
    for end in np.cumsum(chunks):
        end = -(-int(end) // step) * step
        if end - ends[-1] >= kernel and size - end >= kernel:
            ends.append(end)
    return tuple(np.diff([*ends, size]).tolist())


def _with_neighbours(image, kernel: tuple[int, int]):
    """Return every block with what its windows reach behind it, and the blocks' sizes before that."""
    from dask.array.overlap import ensure_minimum_chunksize, overlap

    sizes = tuple(ensure_minimum_chunksize(k, c) for k, c in zip(kernel, image.chunks[:2], strict=True))
    whole = image.rechunk((*sizes, -1)[: image.ndim])
    depth = {0: (0, kernel[0] - 1), 1: (0, kernel[1] - 1), 2: 0}
    return overlap(whole, {axis: depth[axis] for axis in range(image.ndim)}, boundary="none"), sizes


def _valid(sizes: tuple[int, ...], kernel: int) -> tuple[int, ...]:
    """Return the block sizes of the output: the last window ends with the image."""
    return (*sizes[:-1], sizes[-1] - kernel + 1)


def _filter_block(block: np.ndarray, plan: Plan, channels: str, engine: str) -> np.ndarray:
    return run(plan, as_plane(block, channels), "valid", engine)[0]


def _normalized(result, dtype):
    """Return a component divided by the largest absolute value of all its blocks."""
    import dask.array as da

    largest = da.stack([da.from_delayed(d, (), float) for d in _peaks(result)]).max()
    sample = divided(np.zeros((1,) * result.ndim, result.dtype), 1.0, dtype)
    return result.map_blocks(_divide_block, largest, dtype, dtype=sample.dtype, meta=sample[:0])


def _peaks(result) -> list:
    from dask import delayed

    return [delayed(np.asarray)(delayed(peak)(block)) for block in result.to_delayed().ravel()]


def _divide_block(block: np.ndarray, largest, dtype) -> np.ndarray:
    return divided(block, float(largest), dtype)
