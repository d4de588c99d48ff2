"""`convolab edges`: from pictures to pictures of their edges, a phone photo or a gigapixel scan."""

import sys
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from cyclopts import Parameter

from convolab.cli.console import Progress, emit, stderr, stdout
from convolab.cli.filter_options import NO_PARAMETERS, Filter, FilterParameters, given
from convolab.cli.options import IMAGES, Force, Json, listed, one_of
from convolab.cli.output import check_output, deliver, is_standard
from convolab.errors import ConvolabError, OutputError, UsageError
from convolab.filters.borders import MODES
from convolab.filters.files import Options, edges_of_file
from convolab.filters.plan import COMPONENTS
from convolab.filters.run import ENGINES
from convolab.pictures.meaning import Selection
from convolab.transforms.library import ALGORITHMS

SHOWN = f"{listed(COMPONENTS, {'magnitude': 'the default'})}; several with commas, each to a file of its own."
if TYPE_CHECKING:
    Mode: TypeAlias = str
    Engine: TypeAlias = str
    Algorithm: TypeAlias = str
else:
    Mode = Annotated[one_of(*MODES), Parameter(help="What lies beyond the border; all but valid keep the size.")]
    Engine = Annotated[one_of(*ENGINES), Parameter(help="auto takes Halide where the work is worth compiling it.")]
    Algorithm = Annotated[
        one_of(*ALGORITHMS),
        Parameter(help="direct sums over the taps, transform by Fourier transforms of tiles, auto by estimated costs."),
    ]


def edges(
    *images: Annotated[
        str,
        Parameter(
            help=f"{IMAGES} Pictures that ship with convolab: sample:still-life, sample:drawing, sample:photograph.",
            allow_leading_hyphen=True,
        ),
    ],
    output: Annotated[
        str,
        Parameter(
            name=["--output", "-o"],
            help="A file, .png .tif .npy .zarr, a folder, or - for standard output.",
            allow_leading_hyphen=True,
        ),
    ],
    filter: Filter = "sobel",
    show: Annotated[str, Parameter(help=SHOWN)] = "",
    mode: Mode = "valid",
    normalize: bool = False,
    channels: Literal["grey", "each"] = "grey",
    dtype: str = "",
    parameters: Annotated[FilterParameters, Parameter(name="*")] = NO_PARAMETERS,
    low: float | None = None,
    high: float | None = None,
    quantiles: bool = False,
    background: str = "white",
    frame: int | None = None,
    series: int | None = None,
    level: int | None = None,
    band: int | None = None,
    z: int | None = None,
    nan: Literal["refuse", "nodata"] = "refuse",
    spacing: str = "",
    value_range: Annotated[str, Parameter(name="--range", allow_leading_hyphen=True)] = "",
    show_with_input: bool = False,
    format: Literal["png", "tif", "npy"] = "png",
    compress: int | None = None,
    engine: Engine = "auto",
    algorithm: Algorithm = "auto",
    resume: bool = False,
    strips: bool = False,
    force: Force = False,
    json: Json = False,
) -> int:
    """Find the edges of pictures, or filter them otherwise.

    A PNG shows the values of pictures of 8 or 16 bits as they are, clipped to its range, and 0 … 1 of floating ones as
    its whole range; x, y and kernels whose weights sum to zero stand around mid-grey. Other values are stretched from
    the least to the greatest, and a line on standard error says which they are. A .tif, .npy or .zarr holds the numbers
    themselves. Large ones are read and written in strips. A picture that cannot be used is named, and the others go on.

    Parameters
    ----------
    normalize
        Divide by the largest absolute value, so that a picture uses its whole range.
    channels
        grey weights colours into one; each filters them one by one.
    dtype
        Element type of the results; integers are rounded and clipped.
    low
        Canny's lower threshold, in units of the Sobel magnitude.
    high
        Canny's upper threshold.
    quantiles
        Canny's thresholds are fractions of the pixels, 0.8 and 0.9 by default: so many lie below.
    background
        The colour that transparent pictures are laid on.
    frame
        Which of the frames or pages of a file, counted from 0, as the next four are.
    series
        Which of its series, of the arrays of a group or an .npz, or of the pictures of a FITS file.
    level
        Which of its levels of resolution; 0 is the full one.
    band
        Which of the bands or channels.
    z
        Which of the planes in depth.
    nan
        What NaN is, where no tag of the file explains it: refused, or a place without data, as is what the file's mask
        hides. Results whose window touches such a place have no data: the file's number for it in a .tif, NaN in a
        .npy or .zarr, transparent in a PNG.
    spacing
        Distance between pixels, Y,X or one number for both: gradients are then in brightness per that length. With
        file, as the file says: in millimetres, or metres on the earth.
    value_range
        LOW,HIGH: the values that are black and white in a PNG.
    show_with_input
        Put the picture beside its edges, in one PNG.
    format
        What is written for each image where the output is a folder, and to standard output.
    compress
        Level 0 to 9 of a PNG; by default fast.
    resume
        Go on with a large image whose run was killed.
    strips
        Go through in strips however small the image is.

    Examples
    --------
    $ convolab edges sample:still-life -o edges.png
    edges.png: sobel of 640 × 480 pixels in …

    $ convolab edges sample:photograph -o parts.png --filter scharr --show x,y --mode reflect
    parts-x.png, parts-y.png: scharr of … pixels in …
    """
    if unknown := [image for image in images if image.startswith("-") and image != "-"]:
        raise UsageError(f"edges: unknown option {unknown[0]}")
    if not images:
        raise UsageError("edges: no image. Expected paths, http(s) addresses, or - for standard input")
    if compress is not None and not 0 <= compress <= 9:
        raise UsageError(f"edges: --compress takes 0 to 9, got {compress}")
    canny: dict[str, Any] = {"low": low, "high": high, "quantiles": quantiles or None}
    canny = {name: value for name, value in canny.items() if value is not None}
    options = Options(
        filter=filter, show=tuple(show.split(",")) if show else (), mode=mode, normalize=normalize, channels=channels,
        dtype=dtype or None, background=background, beside=show_with_input, compress=compress, engine=engine,
        algorithm=algorithm,
        resume=resume, strips=strips, force=force, parameters=given(parameters) | canny,
        images=len(images), choice=Selection(frame, series, level, band, z), nan=nan,
        range=_black_and_white(value_range), spacing=_spacing(spacing),
    )  # fmt: skip
    if is_standard(Path(output)):
        _to_standard_output(images, format, options, as_json=json)
        return 0
    results = carry_out(targets(images, output, format), options)
    used = [result for result in results if "error" not in result]
    if json:
        emit(results[0] if len(results) == 1 else {"images": results})
    else:
        for result in used:
            stdout().print(line(result), markup=False)
    return 0 if len(used) == len(results) else 1


def _numbers(text: str, option: str, count: tuple[int, ...]) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) not in count or not all(map(isfinite, found)):
        raise UsageError(f"edges: {option} takes {' or '.join(map(str, count))} numbers with a comma, got {text!r}")
    return found


def _black_and_white(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    low, high = _numbers(text, "--range", (2,))
    if low >= high:
        raise UsageError(f"edges: --range takes LOW,HIGH with LOW the smaller, got {text!r}")
    return low, high


def _spacing(text: str) -> tuple[float, float] | str | None:
    if text in ("", "file"):
        return text or None
    given = _numbers(text, "--spacing", (1, 2))
    if min(given) <= 0:
        raise UsageError(f"edges: --spacing takes lengths greater than 0, got {text!r}")
    return given[0], given[-1]


def _to_standard_output(images: tuple[str, ...], format: str, options: Options, *, as_json: bool) -> None:
    """One image's edges as a file on standard output, and the line about them on standard error."""
    check_output(Path("-"), (), force=False, as_json=as_json)
    if len(images) > 1 or len(options.show) > 1:
        raise UsageError("edges: standard output takes one file. Expected one image and one --show, or -o a folder")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"edges.{format}"
        (result,) = carry_out([(images[0], path)], options)
        deliver(Path("-"), path.read_bytes())
    stderr().print(line(result | {"output": "standard output"}), markup=False)


def targets(images: tuple[str, ...], output: str, format: str) -> list[tuple[str, Path]]:
    """Where the edges of each image go: the output itself, or a file of its name in the output folder."""
    folder = Path(output)
    if len(images) == 1 and not (folder.is_dir() and folder.suffix != ".zarr"):
        return [(images[0], folder)]
    if not folder.is_dir():
        raise OutputError(f"{output}: {len(images)} images need a folder that exists")
    pairs = [
        (image, folder / f"{'stdin' if image == '-' else Path(image.removeprefix('sample:')).stem}.{format}")
        for image in images
    ]
    names = [path.name for _, path in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(f"edges: two of the images would both be written to {folder / twice}")
    return pairs


def carry_out(pairs: list[tuple[str, Path]], options: Options) -> list[dict[str, Any]]:
    """One image with a bar over its pixels, or many with a bar over the images."""
    if len(pairs) > 1:
        with Progress("edges", total=len(pairs), unit="images") as bar:
            return [_advance(bar, _one_of_many(image, path, options)) for image, path in pairs]
    from convolab.filters.files import work_of

    with Progress("edges", total=work_of(pairs[0][0], options), unit="Mpx") as bar:
        result = edges_of_file(*pairs[0], options, lambda amount: bar.advance(amount))
    _tell(result)
    return [result]


def _one_of_many(image: str, path: Path, options: Options) -> dict[str, Any]:
    """Return the facts about an image, or the error that kept it from being used; the others go on."""
    try:
        result = edges_of_file(image, path, options)
    except (ConvolabError, OSError) as error:
        print(f"convolab: {error}", file=sys.stderr)
        return {"image": image, "error": str(error)}
    _tell(result)
    return result


def _tell(result: dict[str, Any]) -> None:
    """What became of numbers that a file does not hold as they are, on standard error."""
    for said in result["shown"]:
        print(said, file=sys.stderr)


def _advance(bar: Progress, result: dict[str, Any]) -> dict[str, Any]:
    bar.advance(1, Path(result["image"]).name)
    return result


def line(result: dict[str, Any]) -> str:
    """One line about what was done."""
    (height, width, *_), notes = result["input_shape"], "".join(f"; {note}" for note in result["notes"])
    outputs = result["output"] if isinstance(result["output"], list) else [result["output"]]
    return (
        f"{', '.join(outputs)}: {result['filter']} of {width} × {height} pixels in {result['seconds']:.2f} s, "
        f"{result['megapixels_per_second']:.0f} Mpx/s ({result['engine']}){notes}"
    )
