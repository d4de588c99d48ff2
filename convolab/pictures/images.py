"""What pixels has a picture whose edges are asked for? It may be what Pillow opens, a `.npy`, or a tifffile's TIFF.

The pixels come back as the file has them (8 or 16 bits, floating), upright as EXIF says, with transparency laid on a
background. The file may be a stranger's: its size is looked at before anything is decoded.
"""

import sys
import warnings
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from convolab.errors import InputError
from convolab.pictures.opening import open_unguarded

MOST_PIXELS = 300_000_000
MOST_BYTES = 1 << 30  # of what comes from standard input or an address
SECONDS = 20
SAMPLES = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Decoded:
    """A decoded picture: `pixels` (H, W) or (H, W, 3), and what was done to them on the way."""

    pixels: np.ndarray
    notes: list[str] = field(default_factory=list)


def read(source: str, *, grey: bool = True, background: str = "white") -> Decoded:
    """Return the picture at a path, an http(s) address or standard input (`-`), or a sample (`sample:drawing`).

    Parameters
    ----------
    source : str
    grey : bool
        Whether only brightness is wanted: a colour JPEG then decodes to its own luma, twice as fast.
    background : str
        What transparent pixels are laid on, as Pillow names colours.
    """
    name = "standard input" if source == "-" else source
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata
            picture = _decoded(_opened_file(source), name, grey, background)
    except InputError:
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
    return Decoded(_without_nan(picture.pixels, name), picture.notes)


def _without_nan(pixels: np.ndarray, name: str) -> np.ndarray:
    """Return the pixels, once it is known that none of them is NaN."""
    if pixels.dtype.kind == "f" and np.isnan(pixels).any():
        missing = np.argwhere(np.isnan(pixels))
        raise InputError(
            f"{name}: {len(missing)} of {pixels.size} pixels are NaN, the first at row {missing[0][0]}, column "
            f"{missing[0][1]}. Replace them first, for example with numpy.nan_to_num"
        )
    return pixels


def _opened_file(source: str):
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


def _decoded(file, name: str, grey: bool, background: str) -> Decoded:
    with file:
        start = file.read(8)
        file.seek(0)
        if not start:
            raise InputError(f"{name}: is empty. Expected a picture")
        if start.startswith(b"\x93NUMPY"):
            return Decoded(np.load(file, allow_pickle=False))
        if start[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            return _tiff(file, name, grey, background)
        return _by_pillow(file, name, grey, background)


def _tiff(file, name: str, grey: bool, background: str) -> Decoded:
    """Return a TIFF as Pillow reads it, or tifffile where Pillow does not know the layout."""
    try:
        if not _has_deep_colours(file):
            file.seek(0)
            return _by_pillow(file, name, grey, background)
    except (Image.UnidentifiedImageError, Image.DecompressionBombError, KeyError, ValueError):
        pass
    import tifffile

    file.seek(0)
    with tifffile.TiffFile(file) as tiff:
        page = tiff.pages.first
        _check_size(name, page.shape[1], page.shape[0])
        return Decoded(page.asarray(), _first_of(len(tiff.pages)))


def _has_deep_colours(file) -> bool:
    """Return whether a TIFF has colours of more than 8 bits, of which Pillow would keep 8."""
    image = open_unguarded(file)
    return len(image.getbands()) > 1 and max(image.tag_v2.get(258, (8,))) > 8  # type: ignore[attr-defined]


def _check_size(name: str, width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise InputError(
            f"{name}: {width} × {height} = {width * height / 1e6:,.0f} million pixels, more than the "
            f"{MOST_PIXELS // 10**6} million decoded at once. As a TIFF, a .zarr or a .npy it is read in strips"
        )


def _first_of(frames: int) -> list[str]:
    return [f"took the first of {frames} frames"] if frames > 1 else []


def frame_count(image: Image.Image) -> int:
    """How many pictures a file holds; a further page that Pillow knows no mode of, such as a mask, is none."""
    try:
        return getattr(image, "n_frames", 1)
    except Exception:
        image.seek(0)
        return 1


def _by_pillow(file, name: str, grey: bool, background: str) -> Decoded:
    image: Image.Image = open_unguarded(file)
    _check_size(name, *image.size)
    notes = _first_of(frame_count(image))
    if image.format == "PNG" and image.mode in ("RGB", "RGBA") and _png_depth(file) == 16:
        notes.append("16-bit colours were read with 8 bits")
    if grey:
        image.draft("L", image.size)
    image.load()
    if image.getexif().get(0x0112, 1) not in (0, 1):
        image = ImageOps.exif_transpose(image)
        notes.append("turned upright, as its EXIF orientation says")
    return Decoded(_plain(image, background, notes), notes)


def _png_depth(file) -> int:
    """Return the bits of a sample, as the header of a PNG says."""
    position = file.tell()
    file.seek(24)
    depth = file.read(1)[0]
    file.seek(position)
    return depth


def _plain(image: Image.Image, background: str, notes: list[str]) -> np.ndarray:
    """Return the pixels of an image of any mode as grey or as red, green and blue."""
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, background)
        if np.asarray(image.getchannel("A")).min() < 255:
            notes.append(f"laid the transparent picture on {background}")
        image = Image.alpha_composite(ground, image).convert("RGB")
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode not in ("L", "RGB", "I", "F") and not image.mode.startswith("I;16"):
        image = image.convert("RGB")
    return np.asarray(image)
