"""How is an image filtered that does not fit into memory? One strip is read, one filtered, one written at a time.

Every output row is computed from the same pixels by the same instructions as in memory, so that the results agree to
the bit.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from convolab import parts
from convolab.errors import ArgumentError, InputError, OutputError
from convolab.filters import borders, memory
from convolab.filters.finishing import Finish, Range, Wish, finish_of, range_of
from convolab.filters.kernels import make_filter
from convolab.filters.plan import Plan, checked_dtype, make_plan
from convolab.filters.planes import as_plane, layout
from convolab.filters.run import by_algorithm, engine_named
from convolab.filters.separable import Filter
from convolab.filters.spacing import per_length
from convolab.filters.validity import mark
from convolab.pictures import targets
from convolab.pictures.rows import RowSource
from convolab.pictures.sources import open_source

STRIP_BYTES = 24 << 20  # of input and outputs of one strip; a few strips are in memory at a time


@dataclass(frozen=True)
class _Job:
    """A job: everything that the rows of the results depend on."""

    source: RowSource
    plan: Plan
    mode: str
    channels: str
    engine: str

    @property
    def size(self) -> tuple[int, int]:
        return borders.output_shape(self.plan, self.source.shape[:2], self.mode)

    @property
    def result_shape(self) -> tuple[int, ...]:
        return self.size if self.plan.step == 1 else (*self.size, self.plan.step)

    @property
    def key(self) -> str:
        return f"{self.source.identity} {self.plan!r} {self.mode} {self.channels}"

    def strips(self, start: int = 0) -> Iterator[tuple[int, int]]:
        """Yield (first, last) output rows of every strip from row `start` on, whole bands of the source if they fit."""
        wide = int(np.prod(self.source.shape[1:], dtype=np.int64)) * self.source.dtype.itemsize
        wide += sum(self.size[1] * self.plan.step * np.dtype(t).itemsize for t in self.plan.dtypes)
        rows = max(1, STRIP_BYTES // wide)
        rows = max(rows // self.source.align, 1) * self.source.align if self.source.align <= 4096 else rows
        if self.plan.tile is not None:  # a strip begins where tiles do
            rows = max(rows // self.plan.tile.sums[0], 1) * self.plan.tile.sums[0]
        for first in range(start // rows * rows, self.size[0], rows):
            yield max(first, start), min(first + rows, self.size[0])


def stream_edges(
    source, target, filter="sobel", *, show: str | tuple[str, ...] = "", mode: str = "valid", normalize: bool = False,
    channels: str = "grey", dtype=None, engine: str = "auto", algorithm: str = "auto", resume: bool = False,
    force: bool = False, compress: int | None = None, spacing=None, nan: str = "refuse",
    report: Callable[[int], None] = lambda rows: None, **parameters,
) -> list[Path]:  # fmt: skip
    """Write the edges of an image larger than memory from file to file, and return the files.

    Every row has the bits that `edges` would give it. At most a few strips of the image are in memory at a time.

    Parameters
    ----------
    source : path or array
        A `.npy`, a TIFF (tiles, strips, BigTIFF, compressed), a `.zarr`, or anything with shape, dtype and slices.
    target : path, or one for each of `show`
        A `.npy`, `.tif`, `.png` or `.zarr`. It appears when it is whole; until then a `.part` lies beside it, which
        Ctrl-C removes unless `resume` was asked for.
    filter, show, mode, normalize, channels, dtype, engine, algorithm, spacing
        As in `edges`. With `normalize` the image is read twice.
    resume : bool
        Go on where an earlier call with the same arguments was killed (not into a PNG, which is one long stream).
    force : bool
        Replace a target that exists.
    compress : int, optional
        Level 0–9 of a PNG; by default fast.
    nan : str
        `refuse` NaN that nothing in the file explains, or take it for places without data, `nodata`: results whose
        window touches one have no data either.
    report : callable
        Called with the number of rows after each strip.
    parameters
        `sigma`, `size`, …: those of the filter.

    Returns
    -------
    list of Path
        The targets.

    Raises
    ------
    ArgumentError, DtypeError
        For an image smaller than the kernel, a number of targets that is not that of `show`, and options that are not
        taken.
    InputError
        For a source that cannot be read in strips, or is damaged.
    OutputError
        For a target that exists (without `force`), has an unknown suffix, or cannot be written.

    Examples
    --------
    >>> import convolab as cl, numpy as np, tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> np.save(folder / "scan.npy", np.array([[0, 0, 255, 255]] * 5, np.uint8))
    >>> [path.name for path in cl.stream_edges(folder / "scan.npy", folder / "edges.npy")]
    ['edges.npy']
    >>> np.load(folder / "edges.npy")[0]
    array([1020., 1020.], dtype=float32)
    """
    chosen = make_filter(filter, **parameters)
    chosen = chosen if spacing is None else per_length(chosen, spacing)
    names = chosen.names(show)
    paths = [Path(p) for p in ([target] if isinstance(target, (str, Path)) else target)]
    if len(paths) != len(names):
        raise ArgumentError(f"target: expected {len(names)}, one for each of {', '.join(names)}, got {len(paths)}.")
    borders.check_mode(mode)
    opened = open_source(source, nan=nan, each=channels == "each")
    try:
        wish = Wish(normalize, None if dtype is None else checked_dtype(dtype).name, pictures=False)
        through_strips(
            opened, paths, chosen, names, wish, mode=mode, channels=channels, engine=engine, algorithm=algorithm,
            resume=resume, force=force, compress=compress, report=report,
        )  # fmt: skip
    finally:
        opened.close()
    return paths


def through_strips(
    source: RowSource, paths: list[Path], chosen: Filter, names: tuple[str, ...], wish: Wish, *, mode: str,
    channels: str, engine: str, algorithm: str, resume: bool, force: bool, compress: int | None,
    report: Callable[[int], None],
) -> list[Finish]:  # fmt: skip
    """Write the components of a source, each to its path, and return how each became its file."""
    make_plan(chosen, "float64", names)  # complains of components that the filter has not
    given = [wish.in_pass(path, name, chosen, source.meaning) for path, name in zip(paths, names, strict=True)]
    job = _make_job(source, chosen, names, mode, channels, given, engine, algorithm)
    for path in paths:
        targets.check_target(path, force=force)
    first = any(wish.needs_range(path, name, source.meaning) for path, name in zip(paths, names, strict=True))
    ranges = _find_ranges(job, report) if first else [Range()] * (len(names) + 1)
    start = borders.start(mode, chosen.shape)
    finishes = [
        finish_of(path, name, chosen, source.meaning, wish, result=result, picture=ranges[-1], dtype=dtype, start=start)
        for path, name, result, dtype in zip(paths, names, ranges[:-1], job.plan.dtypes, strict=True)
    ]
    carry_out(job, paths, finishes, resume=resume, compress=compress, report=report)
    return finishes


def output_size(chosen, shape: tuple[int, ...], mode: str) -> tuple[int, int]:
    """Return (height, width) of the output for an image of this shape."""
    return borders.output_size(chosen, shape[:2], mode)


def _make_job(
    source: RowSource, chosen, names, mode: str, channels: str, dtypes: list, engine: str, algorithm: str
) -> _Job:  # fmt: skip
    """Return the job of components that each have a type of their own, or None for what is natural."""
    engine_named(engine)
    found = layout(source.shape, source.dtype, channels)
    size = borders.output_size(chosen, source.shape[:2], mode)
    plan = make_plan(chosen, found.dtype, names, grey=found.grey, step=found.step, algorithm=algorithm, size=size)
    if any(dtypes):
        pairs = zip(dtypes, plan.dtypes, strict=True)
        plan = replace(plan, dtypes=tuple(natural if given is None else given for given, natural in pairs))
    borders.output_shape(plan, source.shape[:2], mode)
    return _Job(source, plan, mode, channels, engine)


class _Watched:
    """A source that remembers the range of what has been read."""

    def __init__(self, base: RowSource):
        self.base, self.range = base, Range()
        self.shape, self.dtype, self.align = base.shape, base.dtype, base.align
        self.identity, self.meaning = base.identity, base.meaning

    def read_into(self, start: int, rows: np.ndarray) -> None:
        self.base.read_into(start, rows)
        self.range = self.range.joined(range_of(rows))

    def close(self) -> None:
        self.base.close()


def _find_ranges(job: _Job, report: Callable) -> list[Range]:
    """Return the range of every component and, last, of the source, from a pass of its own that writes nothing."""
    found = [Range()] * len(job.plan.show)
    watched = _Watched(job.source)
    for first, last, results in _filtered_strips(replace(job, source=watched), 0):
        found = [so_far.joined(range_of(rows)) for so_far, rows in zip(found, results, strict=True)]
        report(last - first)
    return [*found, watched.range]


def carry_out(
    job: _Job, paths: list[Path], finishes: list[Finish], *, resume: bool, compress, report: Callable
) -> None:
    """Strips from the source, through the pass, into the targets; a journal says how far they are."""
    key = f"{job.key} {finishes} {[str(p) for p in paths]}"
    start, held = resumed(paths, key) if resume else (0, [None] * len(paths))
    report(start)
    opened: list[targets.RowTarget] = []
    try:
        for path, finish, dtype, part in zip(paths, finishes, job.plan.dtypes, held, strict=True):
            kind, shape = targets.target_type(path), finish.shape_of(job.result_shape)
            made = kind(
                path, shape, finish.dtype_of(dtype), start=start, compress=compress, part=part, tags=finish.tags
            )  # fmt: skip
            opened.append(made)
        with ThreadPoolExecutor(1) as writer:
            waiting: Future | None = None
            for first, last, results in _filtered_strips(job, start):
                if waiting is not None:
                    waiting.result()
                waiting = writer.submit(write_strip, opened, first, last, results, finishes, key, report)
            if waiting is not None:
                waiting.result()
        for target in opened:
            target.finish()
    except BaseException as error:
        refused = isinstance(error, (InputError, OutputError))
        for target in opened:  # what is there stays for the next --resume, if this run is one that resumes
            target.pause() if resume and not refused else target.abandon()
        raise


def write_strip(opened, first: int, last: int, results, finishes: list[Finish], key: str, report: Callable) -> None:
    for target, rows, finish in zip(opened, results, finishes, strict=True):
        target.write(first, finish(rows))
    if all(target.resumable for target in opened):
        for target in opened:
            target.flush()
        opened[0].held.note({"key": key, "rows": last, "parts": [target.part.name for target in opened]})
    report(last - first)


def resumed(paths: list[Path], key: str) -> tuple[int, list]:
    """Return the row from which an earlier, equal job goes on, and its parts; 0 and none without such a job."""
    for part in parts.left(paths[0]):
        noted = part.noted()
        if noted.get("key") == key:
            others = [
                parts.take(path.with_name(name)) for path, name in zip(paths[1:], noted["parts"][1:], strict=True)
            ]
            if None not in others:
                return noted["rows"], [part, *others]
        part.release()
    return 0, [None] * len(paths)


def _filtered_strips(job: _Job, start: int) -> Iterator[tuple[int, int, list[np.ndarray]]]:
    """Yield (first, last, results) of every strip; the next strip is read while this one is filtered."""
    rows, valid = Rows(job), engine_named(job.engine)
    strips = list(job.strips(start))
    with ThreadPoolExecutor(1) as reader:
        coming = [reader.submit(rows.for_output, *strip) for strip in strips[:1]]
        for number, (first, last) in enumerate(strips):
            pixels = coming.pop().result()
            coming = [reader.submit(rows.for_output, *strip) for strip in strips[number + 1 : number + 2]]
            shape = (last - first, *job.result_shape[1:])
            results = [memory.empty(shape, t) for t in job.plan.dtypes]
            plane = as_plane(pixels, job.channels)
            flat = [result.reshape(last - first, -1) for result in results]
            by_algorithm(job.plan).columns(job.plan, plane.pixels, flat, job.mode, valid)
            if job.source.meaning.has_nodata:
                mark(results, pixels, job.plan.filter.shape, job.mode, rows=True)
            yield first, last, results


class Rows:
    """The input rows that output rows need, those beyond the border too; what strips share is read once."""

    def __init__(self, job: _Job):
        self.source, self.mode, self.kernel = job.source, job.mode, job.plan.filter.shape[0]
        self.before = 0 if job.mode == "valid" else borders.reach(self.kernel)[0]
        self.first, self.kept = 0, np.empty((0, *self.source.shape[1:]), self.source.dtype)

    def for_output(self, first: int, last: int) -> np.ndarray:
        low, high = first - self.before, last - self.before + self.kernel - 1
        height = self.source.shape[0]
        inside = self.stretch(max(low, 0), min(high, height))
        if low >= 0 and high <= height:
            return inside
        above = self.gathered(borders.index(self.mode, low, 0, height))
        below = self.gathered(borders.index(self.mode, height, max(high, height), height))
        return np.concatenate([above, inside, below])

    def stretch(self, low: int, high: int) -> np.ndarray:
        rows = memory.empty((high - low, *self.source.shape[1:]), self.source.dtype)
        shared = max(0, self.first + len(self.kept) - low) if self.first <= low else 0
        shared = min(shared, high - low)
        if shared:
            rows[:shared] = self.kept[low - self.first : low - self.first + shared]
        if shared < high - low:
            self.source.read_into(low + shared, rows[shared:])
        keep = min(self.kernel - 1, high - low)
        self.first, self.kept = high - keep, rows[high - low - keep :].copy()
        return rows

    def gathered(self, positions: np.ndarray) -> np.ndarray:
        """Return single rows from anywhere, zero at -1."""
        rows = np.zeros((len(positions), *self.source.shape[1:]), self.source.dtype)
        for place, position in enumerate(positions):
            if position >= 0:
                self.source.read_into(int(position), rows[place : place + 1])
        return rows
