"""How does a file become the files of its edges? In memory where it fits, in strips where it is large."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from convolab.errors import ArgumentError, InputError
from convolab.filters import borders, compiled, rendering
from convolab.filters.finishing import Finish, Range, Wish, finish_of, range_of
from convolab.filters.kernels import make_filter
from convolab.filters.plan import checked_dtype, make_plan
from convolab.filters.planes import layout
from convolab.filters.separable import Filter
from convolab.filters.spacing import per_length
from convolab.filters.validity import mark
from convolab.pictures import images as pictures
from convolab.pictures.meaning import EVERYTHING, Meaning, Selection
from convolab.pictures.rows import RowSource
from convolab.pictures.sources import in_strips, open_source
from convolab.pictures.targets import PngTarget, check_target, target_type
from convolab.pictures.zarr_arrays import is_zarr

STRIPS_FROM = 50_000_000  # pixels from which files that can be read in strips are
WORTH_COMPILING = 4e8  # pixels times weights from which compiling a pass, half a second in all, pays for itself


@dataclass(frozen=True)
class Options:
    """What a call asks for, the same for every image."""

    filter: str = "sobel"
    show: tuple[str, ...] = ()
    mode: str = "valid"
    normalize: bool = False
    channels: str = "grey"
    dtype: str | None = None
    background: str = "white"
    beside: bool = False
    compress: int | None = None
    engine: str = "auto"
    algorithm: str = "auto"
    resume: bool = False
    strips: bool = False
    force: bool = False
    parameters: dict = field(default_factory=dict)
    images: int = 1
    choice: Selection = EVERYTHING
    nan: str = "refuse"
    range: tuple[float, float] | None = None
    spacing: tuple[float, float] | str | None = None

    @property
    def is_canny(self) -> bool:
        return self.filter == "canny"

    @cached_property
    def chosen(self) -> Filter:
        """The filter. A file that holds its kernel is opened once, however many images there are."""
        return make_filter("sobel") if self.is_canny else make_filter(self.filter, **self.parameters)

    @property
    def wish(self) -> Wish:
        """What is wanted of the files."""
        return Wish(self.normalize, None if self.dtype is None else checked_dtype(self.dtype).name, self.range)

    def filter_of(self, meaning: Meaning) -> Filter:
        """Return the filter, in units of length where that is asked for, by the picture's spacing or a given one."""
        if self.spacing is None:
            return self.chosen
        if self.spacing != "file":
            return per_length(self.chosen, self.spacing)
        if meaning.spacing is None:
            raise InputError("spacing: the file does not say how far apart its pixels are. Give it: --spacing Y,X")
        return per_length(self.chosen, meaning.spacing)

    def opened(self, source: str) -> RowSource:
        """Return a file as rows."""
        return open_source(
            source, self.choice, background=self.background, nan=self.nan, each=self.channels == "each"
        )  # fmt: skip

    def names(self) -> tuple[str, ...]:
        return self.chosen.names(self.show or "")


def edges_of_file(
    source: str, target: Path, options: Options, report: Callable[[float], None] = lambda mpx: None
) -> dict:
    """Write the edges of the image in `source`; returns the facts about it.

    With several components, each goes to a file of its own: `edges.png` becomes `edges-x.png`, `edges-y.png`.
    """
    start = time.perf_counter()
    paths = _named_paths(target, options.names())
    for path in paths:
        check_target(path, force=options.force)
    if options.range is not None and not all(options.wish.shows(path) for path in paths):
        raise ArgumentError("range: says what is black and white in a PNG. Write one, without --dtype.")
    facts = (_in_strips if _goes_in_strips(source, options) else _in_memory)(source, paths, options, report)
    seconds = time.perf_counter() - start
    megapixels = facts["input_shape"][0] * facts["input_shape"][1] / 1e6
    return {
        "image": source, "output": [str(p) for p in paths] if len(paths) > 1 else str(paths[0]), **facts,
        "filter": options.filter, "show": list(options.names()), "mode": options.mode, "seconds": seconds,
        "megapixels_per_second": megapixels / seconds,
    }  # fmt: skip


def _named_paths(target: Path, names: tuple[str, ...]) -> list[Path]:
    return [target] if len(names) == 1 else [target.with_stem(f"{target.stem}-{name}") for name in names]


def _goes_in_strips(source: str, options: Options) -> bool:
    """Return whether the image goes through a few rows at a time: where that is asked for, and where it is large."""
    if options.strips or options.resume:
        return True
    return not options.beside and _is_large(source, options)


def _is_large(source: str, options: Options) -> bool:
    """Return whether a file can be read in strips and is large enough to be."""
    path = Path(source)
    if path.suffix.lower() == ".zarr" or is_zarr(path):
        return True
    if path.suffix.lower() not in (".npy", ".tif", ".tiff") or not path.is_file():
        return False
    if path.stat().st_size < STRIPS_FROM // 20:  # no compression of pixels does better
        return False
    return megapixels_of(source, options) >= STRIPS_FROM / 1e6


def megapixels_of(source: str, options: Options) -> float:
    """Return the size of an image in a file that can be read in strips, in megapixels."""
    opened = options.opened(source)
    opened.close()
    return float(np.prod(opened.shape[:2])) / 1e6


def work_of(source: str, options: Options) -> float:
    """Return the megapixels that go through in strips, once or twice; 1 for others, which need no bar."""
    if not _goes_in_strips(source, options) or not in_strips(Path(source)):
        return 1.0
    return megapixels_of(source, options) * (2 if options.normalize else 1)


def _engine_for(options: Options, pixels: int) -> str:
    """Return the engine: Halide where the work pays for compiling it; both give the same bits."""
    if options.engine != "auto":
        return options.engine
    chosen = options.chosen
    weights = sum(len(column) + len(row) for _, kernel in chosen.kernels for column, row in kernel.parts)
    return "halide" if compiled.installed() and pixels * options.images * weights > WORTH_COMPILING else "numpy"


def _in_memory(source: str, paths: list[Path], options: Options, report: Callable) -> dict:
    grey = options.channels == "grey" and not options.beside
    picture = pictures.read(
        source, grey=grey, background=options.background, choice=options.choice, nan=options.nan,
        each=options.channels == "each",
    )  # fmt: skip
    pixels = picture.pixels
    found = layout(pixels.shape, pixels.dtype, options.channels)
    engine = _engine_for(options, pixels.shape[0] * pixels.shape[1])
    if options.is_canny:
        result, finish, said = _canny_lines(picture, paths[0], options, engine)
        results = [result]
        write(paths[0], result, pixels, options, finish)
    else:
        results, finishes = _computed(picture, paths, options, engine)
        for path, result, finish in zip(paths, results, finishes, strict=True):
            write(path, finish(result), pixels, options, finish)
        said = told(paths, finishes)
    shape = list(results[0].shape)
    return {"input_shape": list(pixels.shape), "output_shape": shape, "dtype": found.dtype.name, "engine": engine,
            "plan": plan_of(options, pixels.shape, pixels.dtype),
            "notes": [*picture.notes, *_left_out(picture.meaning)], "shown": said}  # fmt: skip


def _left_out(meaning: Meaning) -> list[str]:
    return ["its mask was not applied; --nan nodata does"] if meaning.has_mask else []


def told(paths: list[Path], finishes: list[Finish]) -> list[str]:
    """Return what people should know of numbers that a file does not hold as they are."""
    said = []
    for path, finish in zip(paths, finishes, strict=True):
        if finish.greys is not None and finish.greys.told:
            black, white = finish.greys.ends
            said.append(f"{path}: black is {black:.6g} and white {white:.6g}; --range LOW,HIGH sets them")
        if finish.fill is not None and np.isfinite(finish.fill):
            said.append(f"{path}: {finish.fill:g} stands where no data are")
    return said


def _canny_lines(
    picture: pictures.Decoded, path: Path, options: Options, engine: str
) -> tuple[np.ndarray, Finish, list[str]]:  # fmt: skip
    """Return the lines as rows of their file, the tags of that, and what people should know of it."""
    from convolab.filters.canny import canny
    from convolab.filters.canny_files import LineDrawing

    known = _canny_options(options)
    drawing = LineDrawing(path, picture.meaning, known.get("sigma", 1.0))
    lines = canny(picture.pixels, channels=options.channels, engine=engine, **known).view(np.uint8)
    rows = drawing.rows(lines, 0, len(lines), lambda low, high: picture.pixels[low:high])
    return rows, Finish(tags=drawing.tags), drawing.told


def _canny_options(options: Options) -> dict:
    """Return what was asked of Canny, once it is known that it takes it."""
    from convolab.filters.canny import PARAMETERS, refuse_others

    if options.spacing is not None or options.range is not None:
        raise ArgumentError("canny: is black and white and one pixel wide: --spacing and --range do not apply.")
    known = {name: value for name, value in options.parameters.items() if value is not None}
    refuse_others({name: value for name, value in known.items() if name not in PARAMETERS})
    if options.show:
        raise ArgumentError("show: canny gives one picture of lines; leave --show out.")
    if options.mode != "valid" or options.normalize:
        raise ArgumentError("canny: keeps the size and is black and white: --mode and --normalize do not apply.")
    return known


def _canny_in_strips(source: str, path: Path, options: Options, report: Callable) -> dict:
    from convolab.filters.canny_files import write_canny
    from convolab.filters.thresholds import WantedThresholds

    if options.resume:
        raise ArgumentError("resume: canny writes its first row after it has read the last. Leave --resume out.")
    if options.channels != "grey":
        raise ArgumentError('canny: takes one plane or colours weighted into grey; channels="each" is not taken.')
    engine = "halide" if options.engine == "auto" and compiled.installed() else options.engine
    opened = options.opened(source)
    try:
        known = _canny_options(options)
        sigma = known.pop("sigma", 1.0)
        width = opened.shape[1] if len(opened.shape) > 1 else 1
        drawing = write_canny(
            opened, path, WantedThresholds(**{"low": None, "high": None} | known).checked(), sigma=sigma, engine=engine,
            compress=options.compress, report=lambda rows: report(rows * width / 1e6),
        )  # fmt: skip
    finally:
        opened.close()
    return {"input_shape": list(opened.shape), "output_shape": list(opened.shape[:2]), "dtype": opened.dtype.name,
            "engine": engine, "notes": ["in strips", *opened.meaning.notes, *_left_out(opened.meaning)],
            "shown": drawing.told}  # fmt: skip


def _computed(
    picture: pictures.Decoded, paths: list[Path], options: Options, engine: str
) -> tuple[list[np.ndarray], list[Finish]]:  # fmt: skip
    """Return the components, in the type of the picture where the pass itself can give it, and their last steps."""
    from convolab.filters.edges import edges

    names, chosen, meaning, wish = options.names(), options.filter_of(picture.meaning), picture.meaning, options.wish
    make_plan(chosen, "float64", names)  # complains of components that the filter has not
    given = {wish.in_pass(path, name, chosen, meaning) for path, name in zip(paths, names, strict=True)}
    found = edges(
        picture.pixels, chosen, show=names, mode=options.mode, channels=options.channels, engine=engine,
        algorithm=options.algorithm, dtype=given.pop() if len(given) == 1 else None,
    )  # fmt: skip
    results = list(found)
    if meaning.has_nodata:
        mark(results, picture.pixels, chosen.shape, options.mode, rows=False)
    start = borders.start(options.mode, chosen.shape)
    ranges = [
        range_of(result) if wish.needs_range(path, name, meaning) else Range()
        for path, name, result in zip(paths, names, results, strict=True)
    ]
    finishes = [
        finish_of(
            path, name, chosen, meaning, wish, result=result_range, picture=range_of(picture.pixels),
            dtype=result.dtype, start=start,
        )
        for path, name, result, result_range in zip(paths, names, results, ranges, strict=True)
    ]  # fmt: skip
    return results, finishes


def write(path: Path, result: np.ndarray, pixels: np.ndarray, options: Options, finish: Finish) -> None:
    """Write one component to its file: to a PNG as a picture, to the others as numbers."""
    if options.beside and target_type(path) is not PngTarget:
        raise ArgumentError("show_with_input: makes a picture; give the output the suffix .png.")
    if options.beside:
        result = rendering.beside(np.nan_to_num(pixels) if pixels.dtype.kind == "f" else pixels, result)
    target = target_type(path)(path, result.shape, result.dtype, compress=options.compress, tags=finish.tags)
    try:
        target.write(0, result)
        target.finish()
    except BaseException:
        target.abandon()
        raise


def _in_strips(source: str, paths: list[Path], options: Options, report: Callable) -> dict:
    from convolab.filters import stream

    if options.beside:
        raise ArgumentError(f"show_with_input: needs the whole image in memory; {source} goes through in strips.")
    if source == "-" or "://" in source:
        raise InputError(f"{source}: only files are read in strips. Save it first")
    if options.is_canny:
        return _canny_in_strips(source, paths[0], options, report)
    engine = "halide" if options.engine == "auto" and compiled.installed() else options.engine
    opened = options.opened(source)
    try:
        shape, chosen = opened.shape, options.filter_of(opened.meaning)
        finishes = stream.through_strips(
            opened, paths, chosen, options.names(), options.wish, mode=options.mode, channels=options.channels,
            engine=engine, algorithm=options.algorithm, resume=options.resume, force=options.force,
            compress=options.compress, report=lambda rows: report(rows * shape[1] / 1e6),
        )  # fmt: skip
    finally:
        opened.close()
    size = stream.output_size(chosen, shape, options.mode)
    notes = ["in strips", *opened.meaning.notes, *_left_out(opened.meaning)]
    return {"input_shape": list(shape), "output_shape": list(size), "dtype": opened.dtype.name, "engine": engine,
            "plan": plan_of(options, shape, opened.dtype), "notes": notes, "shown": told(paths, finishes)}  # fmt: skip


def plan_of(options: Options, shape: tuple[int, ...], dtype) -> dict | None:
    """Return how the sums are taken, and the milliseconds of one core that the model of costs says."""
    if options.is_canny:
        return None
    found = layout(shape, dtype, options.channels)
    size = borders.output_size(options.chosen, shape[:2], options.mode)
    return make_plan(
        options.chosen, found.dtype, options.names(), grey=found.grey, step=found.step, algorithm=options.algorithm,
        size=size,
    ).told(size)  # fmt: skip
