"""How does a file become the files of its edges? In memory where it fits, in strips where it is large."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from convolab.errors import ArgumentError, InputError
from convolab.filters import borders, compiled, rendering
from convolab.filters.kernels import make_filter
from convolab.filters.plan import make_plan
from convolab.filters.planes import layout
from convolab.filters.separable import Filter
from convolab.pictures import images as pictures
from convolab.pictures.targets import PngTarget, check_target, target_type

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

    @property
    def is_canny(self) -> bool:
        return self.filter == "canny"

    @cached_property
    def chosen(self) -> Filter:
        """The filter. A file that holds its kernel is opened once, however many images there are."""
        return make_filter("sobel") if self.is_canny else make_filter(self.filter, **self.parameters)

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
    in_strips = options.strips or options.resume or _is_large(source)
    facts = (_in_strips if in_strips else _in_memory)(source, paths, options, report)
    seconds = time.perf_counter() - start
    megapixels = facts["input_shape"][0] * facts["input_shape"][1] / 1e6
    return {
        "image": source, "output": [str(p) for p in paths] if len(paths) > 1 else str(paths[0]), **facts,
        "filter": options.filter, "show": list(options.names()), "mode": options.mode, "seconds": seconds,
        "megapixels_per_second": megapixels / seconds,
    }  # fmt: skip


def _named_paths(target: Path, names: tuple[str, ...]) -> list[Path]:
    return [target] if len(names) == 1 else [target.with_stem(f"{target.stem}-{name}") for name in names]


def _is_large(source: str) -> bool:
    """Return whether a file can be read in strips and is large enough to be."""
    suffix = Path(source).suffix.lower()
    if suffix == ".zarr":
        return True
    if suffix not in (".npy", ".tif", ".tiff") or not Path(source).is_file():
        return False
    if Path(source).stat().st_size < STRIPS_FROM // 20:  # no compression of pixels does better
        return False
    from convolab.pictures.sources import open_source

    opened = open_source(source)
    opened.close()
    return opened.shape[0] * opened.shape[1] >= STRIPS_FROM


def megapixels_of(source: str) -> float:
    """Return the size of an image that goes through in strips, in megapixels; 1 for others, which need no bar."""
    if not _is_large(source):
        return 1.0
    from convolab.pictures.sources import open_source

    opened = open_source(source)
    opened.close()
    return opened.shape[0] * opened.shape[1] / 1e6


def _engine_for(options: Options, pixels: int) -> str:
    """Return the engine: Halide where the work pays for compiling it; both give the same bits."""
    if options.engine != "auto":
        return options.engine
    chosen = options.chosen
    weights = sum(len(column) + len(row) for _, kernel in chosen.kernels for column, row in kernel.parts)
    return "halide" if compiled.installed() and pixels * options.images * weights > WORTH_COMPILING else "numpy"


def _in_memory(source: str, paths: list[Path], options: Options, report: Callable) -> dict:
    grey = options.channels == "grey" and not options.beside
    picture = pictures.read(source, grey=grey, background=options.background)
    pixels = picture.pixels
    found = layout(pixels.shape, pixels.dtype, options.channels)
    engine = _engine_for(options, pixels.shape[0] * pixels.shape[1])
    results = _canny_lines(pixels, options, engine) if options.is_canny else computed(pixels, paths, options, engine)
    for path, name, result in zip(paths, options.names(), results, strict=True):
        write(path, name, result, pixels, options)
    shape = list(results[0].shape)
    return {"input_shape": list(pixels.shape), "output_shape": shape, "dtype": found.dtype.name, "engine": engine,
            "plan": plan_of(options, pixels.shape, pixels.dtype), "notes": picture.notes}  # fmt: skip


def _canny_lines(pixels: np.ndarray, options: Options, engine: str) -> list[np.ndarray]:
    from convolab.filters.canny import canny

    return [canny(pixels, channels=options.channels, engine=engine, **_canny_options(options)) * np.uint8(255)]


def _canny_options(options: Options) -> dict:
    """Return what was asked of Canny, once it is known that it takes it."""
    known = {name: value for name, value in options.parameters.items() if value is not None}
    for name in known:
        if name not in ("sigma", "low", "high", "quantiles"):
            raise ArgumentError(f"{name}: canny does not take it. It takes sigma, low, high, quantiles.")
    if options.show:
        raise ArgumentError("show: canny gives one picture of lines; leave --show out.")
    if options.mode != "valid" or options.normalize:
        raise ArgumentError("canny: keeps the size and is black and white: --mode and --normalize do not apply.")
    return known


def _canny_in_strips(source: str, path: Path, options: Options, report: Callable) -> dict:
    from convolab.filters.canny_files import write_canny
    from convolab.filters.thresholds import Wanted
    from convolab.pictures.sources import open_source

    known = _canny_options(options)
    if options.resume:
        raise ArgumentError("resume: canny writes its first row after it has read the last. Leave --resume out.")
    if options.channels != "grey":
        raise ArgumentError('canny: takes one plane or colours weighted into grey; channels="each" is not taken.')
    sigma = known.pop("sigma", 1.0)
    engine = "halide" if options.engine == "auto" and compiled.installed() else options.engine
    opened = open_source(source)
    try:
        width = opened.shape[1] if len(opened.shape) > 1 else 1
        write_canny(
            opened, path, Wanted(**{"low": None, "high": None} | known).checked(), sigma=sigma, engine=engine,
            compress=options.compress, report=lambda rows: report(rows * width / 1e6),
        )  # fmt: skip
    finally:
        opened.close()
    return {"input_shape": list(opened.shape), "output_shape": list(opened.shape[:2]), "dtype": opened.dtype.name,
            "engine": engine, "notes": ["in strips"]}  # fmt: skip


def computed(pixels: np.ndarray, paths: list[Path], options: Options, engine: str) -> list[np.ndarray]:
    """Return the components, in the type of the picture where the pass itself can give it."""
    from convolab.filters.edges import edges

    dtype: str | None = options.dtype
    names, chosen = options.names(), options.chosen
    plain = all(name == "magnitude" or (name == "response" and not rendering.is_signed(name, chosen)) for name in names)
    if dtype is None and plain and not options.normalize and pixels.dtype.name in ("uint8", "uint16"):
        as_picture = all(path.suffix.lower() == ".png" for path in paths)
        dtype = pixels.dtype.name if as_picture else None
    show = names if len(names) > 1 else names[0]
    found = edges(
        pixels, chosen, show=show, mode=options.mode, normalize=options.normalize, channels=options.channels,
        dtype=dtype, engine=engine, algorithm=options.algorithm,
    )  # fmt: skip
    return list(found) if len(names) > 1 else [found]


def write(path: Path, name: str, result: np.ndarray, pixels: np.ndarray, options: Options) -> None:
    """Write one component to its file: to a PNG as a picture, to the others as numbers."""
    if target_type(path) is PngTarget and (options.dtype is None or options.beside):
        if result.dtype.name not in ("uint8", "uint16"):
            result = rendering.rendered(result, name, options.chosen, pixels.dtype, normalize=options.normalize)
        if options.beside:
            result = rendering.beside(pixels, result)
    elif options.beside:
        raise ArgumentError("show_with_input: makes a picture; give the output the suffix .png.")
    target = target_type(path)(path, result.shape, result.dtype, compress=options.compress)
    try:
        target.write(0, result)
        target.finish()
    except BaseException:
        target.abandon()
        raise


def _in_strips(source: str, paths: list[Path], options: Options, report: Callable) -> dict:
    from convolab.filters import stream
    from convolab.pictures.sources import open_source

    if options.beside:
        raise ArgumentError(f"show_with_input: needs the whole image in memory; {source} goes through in strips.")
    if source == "-" or "://" in source:
        raise InputError(f"{source}: only files are read in strips. Save it first")
    if options.is_canny:
        return _canny_in_strips(source, paths[0], options, report)
    opened = open_source(source)
    opened.close()
    shape, dtype = opened.shape, options.dtype
    if dtype is None and any(path.suffix.lower() == ".png" for path in paths):
        dtype = rendering.picture_dtype(opened.dtype).name
        signed = [n for n in options.names() if n == "direction" or rendering.is_signed(n, options.chosen)]
        if signed:
            raise ArgumentError(
                f"show: {signed[0]} has a sign, which a PNG in strips cannot show. Write a .tif or .npy."
            )
    engine = "halide" if options.engine == "auto" and compiled.installed() else options.engine
    stream.stream_edges(
        source, paths, options.chosen, show=options.names(), mode=options.mode, normalize=options.normalize,
        channels=options.channels, dtype=dtype, engine=engine, algorithm=options.algorithm, resume=options.resume,
        force=options.force, compress=options.compress, report=lambda rows: report(rows * shape[1] / 1e6),
    )  # fmt: skip
    size = stream.output_size(options.chosen, shape, options.mode)
    return {"input_shape": list(shape), "output_shape": list(size), "dtype": opened.dtype.name, "engine": engine,
            "plan": plan_of(options, shape, opened.dtype), "notes": ["in strips"]}  # fmt: skip


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
