"""How is an image filtered that does not fit into memory? One strip is read, one filtered, one written at a time.

Every output row is computed from the same pixels by the same instructions as in memory, so that the results agree to
the bit.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convolab import parts
from convolab.errors import ArgumentError, InputError, OutputError
from convolab.filters import borders, memory
from convolab.filters.kernels import make_filter
from convolab.filters.plan import Plan, make_plan
from convolab.filters.planes import as_plane, layout
from convolab.filters.run import by_algorithm, divided, engine_named, peak
from convolab.pictures import targets
from convolab.pictures.sources import RowSource, open_source

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
    force: bool = False, compress: int | None = None, report: Callable[[int], None] = lambda rows: None, **parameters,
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
    filter, show, mode, normalize, channels, dtype, engine, algorithm
        As in `edges`. With `normalize` the image is read twice.
    resume : bool
        Go on where an earlier call with the same arguments was killed (not into a PNG, which is one long stream).
    force : bool
        Replace a target that exists.
    compress : int, optional
        Level 0–9 of a PNG; by default fast.
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
    names = chosen.names(show)
    paths = [Path(p) for p in ([target] if isinstance(target, (str, Path)) else target)]
    if len(paths) != len(names):
        raise ArgumentError(f"target: expected {len(names)}, one for each of {', '.join(names)}, got {len(paths)}.")
    borders.check_mode(mode)
    opened = open_source(source)
    try:
        job = _make_job(opened, chosen, names, mode, channels, None if normalize else dtype, engine, algorithm)
        for path in paths:
            targets.check_target(path, force=force)
        peaks = _find_peaks(job, report) if normalize else None
        carry_out(job, paths, _Finish(names, peaks, dtype), resume=resume, compress=compress, report=report)
    finally:
        opened.close()
    return paths


def output_size(chosen, shape: tuple[int, ...], mode: str) -> tuple[int, int]:
    """Return (height, width) of the output for an image of this shape."""
    return borders.output_size(chosen, shape[:2], mode)


def _make_job(source: RowSource, chosen, names, mode: str, channels: str, dtype, engine: str, algorithm: str) -> _Job:
    engine_named(engine)
    found = layout(source.shape, source.dtype, channels)
    size = borders.output_size(chosen, source.shape[:2], mode)
    plan = make_plan(
        chosen, found.dtype, names, out_dtype=dtype, grey=found.grey, step=found.step, algorithm=algorithm, size=size
    )
    return _Job(source, plan, mode, channels, engine)


@dataclass(frozen=True)
class _Finish:
    """The last step of each component: it is divided by its peak where that was asked for."""

    names: tuple[str, ...]
    peaks: list[float] | None
    dtype: object

    def dtypes(self, plan: Plan) -> list[np.dtype]:
        return [self(i, np.zeros((1, 1), t)).dtype for i, t in enumerate(plan.dtypes)]

    def __call__(self, index: int, rows: np.ndarray) -> np.ndarray:
        if self.peaks is None or self.names[index] == "direction":
            return rows
        return divided(rows, self.peaks[index], self.dtype)


def _find_peaks(job: _Job, report: Callable) -> list[float]:
    """Return the largest absolute value of every component, from a pass of its own that writes nothing."""
    largest = [0.0] * len(job.plan.show)
    for first, last, results in _filtered_strips(job, 0):
        largest = [max(so_far, peak(rows)) for so_far, rows in zip(largest, results, strict=True)]
        report(last - first)
    return largest


def carry_out(job: _Job, paths: list[Path], finish: _Finish, *, resume: bool, compress, report: Callable) -> None:
    """Strips from the source, through the pass, into the targets; a journal says how far they are."""
    key = f"{job.key} {finish.peaks} {finish.dtype} {[str(p) for p in paths]}"
    start, held = resumed(paths, key) if resume else (0, [None] * len(paths))
    report(start)
    opened: list[targets.RowTarget] = []
    try:
        for path, dtype, part in zip(paths, finish.dtypes(job.plan), held, strict=True):
            kind = targets.target_type(path)
            opened.append(kind(path, job.result_shape, dtype, start=start, compress=compress, part=part))
        with ThreadPoolExecutor(1) as writer:
            waiting: Future | None = None
            for first, last, results in _filtered_strips(job, start):
                if waiting is not None:
                    waiting.result()
                waiting = writer.submit(write_strip, opened, first, last, results, finish, key, report)
            if waiting is not None:
                waiting.result()
        for target in opened:
            target.finish()
    except BaseException as error:
        refused = isinstance(error, (InputError, OutputError))
        for target in opened:  # what is there stays for the next --resume, if this run is one that resumes
            target.pause() if resume and not refused else target.abandon()
        raise


def write_strip(opened, first: int, last: int, results, finish: _Finish, key: str, report: Callable) -> None:
    for index, (target, rows) in enumerate(zip(opened, results, strict=True)):
        target.write(first, finish(index, rows))
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
