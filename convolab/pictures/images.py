"""What pixels has a picture whose edges are asked for, and what do they mean? One reader for every file and address.

The pixels come back as the file has them (8 or 16 bits, floating), upright as EXIF says, with transparency laid on a
background. What is read in strips is read here by the same rows, all of them at once. The file may be a stranger's: its
size is looked at before anything is decoded.
"""

import sys
import warnings
import zipfile
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from PIL import Image, ImageColor, ImageOps

from convolab.errors import InputError, MissingDependencyError
from convolab.pictures.deep import deep_samples
from convolab.pictures.fits import read_fits
from convolab.pictures.meaning import EVERYTHING, Meaning, Selection, chosen, first_of
from convolab.pictures.opening import open_unguarded
from convolab.pictures.photometric import laid_on
from convolab.pictures.rows import ArraySource, read_whole, refuse_nan, upright
from convolab.pictures.sources import in_strips, open_source, planes_of
from convolab.pictures.tiff_rows import open_tiff

MOST_PIXELS = 300_000_000
MOST_BYTES = 1 << 30  # of what comes from standard input or an address
SECONDS = 20
SAMPLES = Path(__file__).parent / "samples"
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True)
class Decoded:
    """A decoded picture: `pixels` (H, W), (H, W, 3) or as an array has them, and what they mean."""

    pixels: np.ndarray
    notes: list[str] = field(default_factory=list)
    meaning: Meaning = field(default_factory=Meaning)


@dataclass(frozen=True)
class ReadingOptions:
    """What a call wants of a picture, and how it is named in a message."""

    name: str
    grey: bool
    background: str
    choice: Selection = EVERYTHING
    each: bool = False
    nan: str = "refuse"
    most: int = MOST_PIXELS


def read(
    source: str, *, grey: bool = True, background: str = "white", choice: Selection = EVERYTHING, nan: str = "refuse",
    each: bool = False,
) -> Decoded:  # fmt: skip
    """Return the picture at a path, an http(s) address or standard input (`-`), or a sample (`sample:drawing`).

    Parameters
    ----------
    source : str
    grey : bool
        Whether only brightness is wanted: a colour JPEG then decodes to its own luma, twice as fast.
    background : str
        What transparent pixels are laid on, as Pillow names colours.
    choice : Selection
        Which picture of a file that holds several.
    nan : str
        `refuse` NaN that nothing in the file explains, or take it for places without data, `nodata`.
    each : bool
        Whether every band is wanted of a picture whose bands are no colours.
    """
    name = "standard input" if source == "-" else source
    wanted = ReadingOptions(name, grey, background, choice, each, nan)
    try:
        ImageColor.getrgb(background)
    except ValueError as error:
        raise InputError(f"background: {background!r} is no colour. Expected a name, or #rrggbb") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata
            pixels, meaning = _found(source, wanted)
    except (InputError, MissingDependencyError):
        raise
    except Image.UnidentifiedImageError as error:
        raise InputError(f"{name}: not a picture. Expected JPEG, PNG, TIFF, WebP, …, or a .npy") from error
    except Image.DecompressionBombError as error:  # of a plugin that asks for the host's bound while it decodes
        raise InputError(f"{name}: {error} Raise PIL.Image.MAX_IMAGE_PIXELS, or save it as a PNG") from error
    except OSError as error:
        reason = error.strerror or getattr(error, "reason", None) or error
        raise InputError(f"{name}: cannot be read: {reason}") from error
    except Exception as error:  # a decoder that trips over a broken file may raise anything at all
        raise InputError(f"{name}: damaged picture: {error or type(error).__name__}") from error
    if pixels.dtype.kind == "f" and not meaning.has_nodata and np.isnan(pixels).any():
        if nan == "refuse":
            refuse_nan(pixels, name)
        meaning = replace(meaning, has_nodata=True, nodata=float("nan"))
    return Decoded(pixels, list(meaning.notes), meaning)


def _found(source: str, wanted: ReadingOptions) -> tuple[np.ndarray, Meaning]:
    path = Path(source)
    if source != "-" and "://" not in source and path.is_dir() and in_strips(path):
        rows = open_source(path, wanted.choice, background=wanted.background, nan="any", each=wanted.each)
        _check_size(wanted, *rows.shape[1::-1])
        return read_whole(rows), rows.meaning
    with _opened_file(source) as file:
        return decoded(file, wanted)


def _opened_file(source: str) -> BinaryIO:
    if source == "-":
        return BytesIO(_bounded(sys.stdin.buffer, "standard input"))
    if source.lower().startswith(("http://", "https://")):
        return BytesIO(_download(source))
    path = sample(source.removeprefix("sample:")) if source.startswith("sample:") else Path(source)
    if path.is_dir():
        raise InputError(f"{source}: is a folder. Expected a picture")
    return path.open("rb")


def sample(name: str) -> Path:
    """Return the file of a picture that ships with the package: `still-life`, `drawing` or `photograph`."""
    found = {path.stem: path for path in SAMPLES.iterdir() if path.suffix in (".jpg", ".png")}
    if name not in found:
        raise InputError(
            f"sample:{name}: there is none of that name. Expected sample:{' or sample:'.join(sorted(found))}"
        )
    return found[name]


def _download(address: str) -> bytes:
    from urllib.request import Request, urlopen

    with urlopen(Request(address, headers={"User-Agent": "convolab", "Accept": "image/*"}), timeout=SECONDS) as reply:
        return _bounded(reply, address)


def _bounded(file, name: str) -> bytes:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(f"{name}: more than {MOST_BYTES >> 30} GB. Save it as a file first")
    return content


def decoded(file: BinaryIO, wanted: ReadingOptions) -> tuple[np.ndarray, Meaning]:
    """Return the pixels of a file that is open, and what they mean."""
    start = file.read(8)
    file.seek(0)
    name, choice = wanted.name, wanted.choice
    if not start:
        raise InputError(f"{name}: is empty. Expected a picture")
    if start.startswith(b"\x93NUMPY"):
        return _of_array(np.load(file, allow_pickle=False), choice, name)
    if start[:4] == b"PK\3\4":
        return _of_npz(file, choice, name)
    if start[:4] in TIFF:
        return tiff_whole(file, wanted)
    if start.startswith(b"SIMPLE"):
        return read_fits(file, name, choice, wanted.most)
    file.seek(0)
    return _by_pillow(file, wanted)


def _of_array(array: np.ndarray, choice: Selection, name: str) -> tuple[np.ndarray, Meaning]:
    if (wanted := choice.frame if choice.frame is not None else choice.z) is not None and array.ndim > 2:
        at = chosen(name, "frame", wanted, len(array), "frames")
        found = ArraySource(array[at], meaning=Meaning(array.dtype, notes=first_of(wanted, len(array), "frames")))
        choice = replace(choice, frame=None, z=None)
    else:
        found = ArraySource(array)
    rows = planes_of(found, choice, name)
    return read_whole(rows), rows.meaning


def _of_npz(file: BinaryIO, choice: Selection, name: str) -> tuple[np.ndarray, Meaning]:
    """Return an array of an `.npz`: the one that is asked for, or the first that can be a picture."""
    with zipfile.ZipFile(file) as packed:
        if max((one.file_size for one in packed.infolist()), default=0) > 8 * MOST_PIXELS:
            raise InputError(f"{name}: an array of it is larger than {8 * MOST_PIXELS / 1e9:.1f} GB. Save it as a .npy")
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        if choice.series is not None:
            at = chosen(name, "series", choice.series, len(arrays.files), "arrays")
            key, array = arrays.files[at], arrays[arrays.files[at]]
        else:
            found = ((key, array) for key in arrays.files if (array := arrays[key]).ndim >= 2)
            key, array = next(found, ("", None))
        if array is None:
            raise InputError(f"{name}: holds no array of two axes. Expected a picture")
        count = len(arrays.files)
    pixels, meaning = _of_array(array, replace(choice, series=None), name)
    return pixels, meaning.noting(f"took {key} of {count} arrays") if count > 1 else meaning


def tiff_whole(file: BinaryIO, wanted: ReadingOptions) -> tuple[np.ndarray, Meaning]:
    """Return a TIFF by the rows that strips have; by Pillow where what decodes them is not installed."""
    try:
        masked = wanted.nan == "nodata"
        rows = open_tiff(
            cast(BinaryIO, _Unclosed(file)), wanted.name, wanted.choice, wanted.background, masked=masked,
            each=wanted.each,
        )  # fmt: skip
        _check_size(wanted, rows.shape[1], rows.shape[0])
        return read_whole(rows), rows.meaning
    except (InputError, MissingDependencyError) as error:
        if isinstance(error, InputError) and "support" not in str(error):
            raise
        return _tiff_by_pillow(file, wanted, error)


class _Unclosed:
    """A file that is left open by whoever is given it."""

    def __init__(self, file: BinaryIO):
        self.file = file

    def __getattr__(self, name: str):
        return getattr(self.file, name)

    def close(self) -> None:
        """The file is its owner's."""


def _tiff_by_pillow(file: BinaryIO, wanted: ReadingOptions, error: Exception) -> tuple[np.ndarray, Meaning]:
    """Return a TIFF of a kind that Pillow reads as the rows would be read; any other raises the error again."""
    file.seek(0)
    try:
        tags = open_unguarded(file).tag_v2  # type: ignore[attr-defined]
    except (OSError, KeyError, ValueError, AttributeError):
        raise error from None
    bits, kind = tags.get(258, (1,)), tags.get(262, 1)
    plain = set(bits) <= {8} or (tuple(bits) == (1,)) or (tuple(bits) == (16,) and kind == 1)
    usual = set(tags.get(339, (1,))) == {1} and kind in (0, 1, 2, 3, 5, 6) and not tags.get(254, 0)
    if not plain or not usual or 42113 in tags or wanted.choice.given().keys() - {"frame"}:
        raise error
    file.seek(0)
    return _by_pillow(file, wanted)


def _check_size(wanted: ReadingOptions, width: int, height: int) -> None:
    if width * height > wanted.most:
        raise InputError(
            f"{wanted.name}: {width} × {height} = {width * height / 1e6:,.0f} million pixels, more than the "
            f"{wanted.most // 10**6} million decoded at once. As a TIFF, a .zarr or a .npy it is read in strips"
        )


def frame_count(image: Image.Image) -> int:
    """How many pictures a file holds; a further page that Pillow knows no mode of, such as a mask, is none."""
    try:
        return getattr(image, "n_frames", 1)
    except Exception:
        image.seek(0)
        return 1


def _by_pillow(file: BinaryIO, wanted: ReadingOptions) -> tuple[np.ndarray, Meaning]:
    image: Image.Image = open_unguarded(file)
    _check_size(wanted, *image.size)
    for argument in wanted.choice.given().keys() & {"series", "level", "z"}:
        raise InputError(f"{wanted.name}: {argument} is asked for, and a {image.format} has none")
    frames = frame_count(image)
    frame = chosen(wanted.name, "frame", wanted.choice.frame, frames, "frames")
    notes = [*first_of(wanted.choice.frame, frames, "frames")]
    if frame:
        image.seek(frame)
    if wanted.grey and wanted.choice.band is None:
        image.draft("L", image.size)
    image.load()
    deep = deep_samples(file, image, wanted.name, frame)
    if deep.note:
        notes.append(deep.note)
    orientation = image.getexif().get(0x0112, 1)
    turned = orientation not in (0, 1)
    if deep.samples is not None:
        pixels = _opaque(deep.samples, image, wanted.background, notes)
        pixels = read_whole(upright(ArraySource(pixels), orientation))
    else:
        image = ImageOps.exif_transpose(image) if turned else image
        pixels = _plain(image, wanted.background, notes)
    if turned:
        notes.append("turned upright, as its EXIF orientation says")
    if wanted.choice.band is not None:
        count = pixels.shape[2] if pixels.ndim == 3 else 1
        band = chosen(wanted.name, "band", wanted.choice.band, count, "bands")
        notes += first_of(wanted.choice.band, count, "bands")
        pixels = np.ascontiguousarray(pixels[..., band]) if pixels.ndim == 3 else pixels
    return pixels, Meaning(pixels.dtype, deep.white, notes=tuple(notes))


def _opaque(samples: np.ndarray, image: Image.Image, background: str, notes: list[str]) -> np.ndarray:
    """Return samples of more than 8 bits with what is transparent laid on the background."""
    samples = with_transparency(samples, image)
    top, channels = np.iinfo(samples.dtype).max, samples.shape[2] if samples.ndim == 3 else 1
    if channels not in (2, 4):
        return samples
    if samples[..., -1].min() < top:
        notes.append(f"laid the transparent picture on {background}")
    ground = np.array(ImageColor.getrgb(background)[:3])
    given = 1 if channels == 2 and len(set(ground.tolist())) == 1 else 3
    return laid_on(ground[:given])(samples, channels - 1).squeeze()


def with_transparency(samples: np.ndarray, image: Image.Image) -> np.ndarray:
    """Return samples of a PNG with a channel that says where they are its one transparent value, if it has one."""
    clear = image.info.get("transparency")
    if samples.shape[2:] in ((2,), (4,)) or clear is None or image.format != "PNG":
        return samples
    hidden = (samples.reshape(*samples.shape[:2], -1) == np.array(clear, samples.dtype)).all(-1)
    return np.dstack([samples, np.where(hidden, 0, np.iinfo(samples.dtype).max).astype(samples.dtype)])


def _plain(image: Image.Image, background: str, notes: list[str]) -> np.ndarray:
    """Return the pixels of an image of any mode as grey or as red, green and blue."""
    deep = image.mode.startswith("I;16")
    if deep and "transparency" in image.info:
        return _opaque(np.asarray(image).astype(np.uint16), image, background, notes)
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, background)
        if np.asarray(image.getchannel("A")).min() < 255:
            notes.append(f"laid the transparent picture on {background}")
        image = Image.alpha_composite(ground, image).convert("RGB")
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode not in ("L", "RGB", "I", "F") and not deep:
        image = image.convert("RGB")
    return np.asarray(image)


def pixels_of_image(image: Image.Image, background: str = "white") -> np.ndarray:
    """Return the pixels of an image of Pillow's as a file of it would be read: colours for indices, upright."""
    return _plain(ImageOps.exif_transpose(image), background, [])
