"""What does a photograph of a digit hold, wherever it lies and whatever its format? Plain numbers come back.

A picture comes back upright (EXIF), opaque (transparency laid on a ground that the ink stands out from), as fractions
of grey or of red, green and blue. The file is a stranger's: sizes are bounded before anything is decoded.
"""

import sys
import warnings
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np
from PIL import Image, ImageOps

from convolab import __version__
from convolab.errors import InputError, MissingDependencyError
from convolab.pictures.deep import deep_samples
from convolab.pictures.images import TIFF, ReadingOptions, decoded, frame_count, with_transparency
from convolab.pictures.photometric import top_of

MOST_BYTES = 64 * 2**20
MOST_PIXELS = 100_000_000
SECONDS = 15
LAID = "laid the transparent picture on"
# Larger pictures are reduced by whole factors down to no less than this many pixels on the longer side: a digit of
# 3 % of the height of the largest is still 30 pixels tall.
ENOUGH = 1024


@dataclass(frozen=True)
class Picture:
    """A decoded picture: `pixels` (H, W) or (H, W, 3) as float32 fractions, the file's own `size` (H, W), and what
    was done on the way."""

    pixels: np.ndarray
    size: tuple[int, int]
    notes: list[str] = field(default_factory=list)


def read(source: str | Path) -> Picture:
    """Return the picture in a file, at an http(s) address, or on standard input (`-`).

    Raises
    ------
    InputError
        If it is not there, too large, or not a picture that Pillow can read whole.
    """
    return decode(_fetch_bytes(str(source)), name=shown(str(source)))


def shown(source: str) -> str:
    """Return the source as a message names it."""
    return "standard input" if source == "-" else source


def _fetch_bytes(source: str) -> bytes:
    """Return the bytes of a path, an http(s) address or standard input; never more than `MOST_BYTES`."""
    try:
        if source == "-":
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        elif source.lower().startswith(("http://", "https://")):
            content = _download(source)
        else:
            with Path(source).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise InputError(f"{shown(source)}: cannot be read: {reason}") from error
    if len(content) > MOST_BYTES:
        raise InputError(f"{shown(source)}: larger than {MOST_BYTES >> 20} MB. Expected one picture of a digit")
    return content


def _download(address: str) -> bytes:
    if not urlsplit(address).hostname:
        raise ValueError("the address names no host")
    request = Request(address, headers={"User-Agent": f"convolab/{__version__}", "Accept": "image/*"})
    try:
        with urlopen(request, timeout=SECONDS) as reply:
            return reply.read(MOST_BYTES + 1)
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise TimeoutError(f"no answer in {SECONDS} s") from error
        raise


def decode(content: bytes, *, name: str = "image") -> Picture:
    """Return the picture that an encoded file holds."""
    if not content:
        raise InputError(f"{name}: empty. Expected a picture (PNG, JPEG, TIFF, WebP, …)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata, and its own bound on the size
            if content[:4] in TIFF or content[:6] in (b"\x93NUMPY", b"SIMPLE"):
                return _as_edges_read_it(content, name)
            image = _opened(content, name)
            return _as_numbers(image, content, name)
    except (InputError, MissingDependencyError):
        raise
    except Image.UnidentifiedImageError as error:
        raise InputError(f"{name}: not a picture. Expected PNG, JPEG, TIFF, WebP, GIF, BMP, …") from error
    except Image.DecompressionBombError as error:
        raise InputError(f"{name}: a decompression bomb? {error} {_bound()}") from error
    except Exception as error:  # a decoder that trips over a broken file may raise anything at all
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{name}: damaged picture: {reason}") from error


def _opened(content: bytes, name: str) -> Image.Image:
    """Return the image, its header read and its size found bearable, its pixels not decoded yet."""
    image = Image.open(BytesIO(content))
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise InputError(f"{name}: {width} × {height} pixels. {_bound()}")
    return image


def _bound() -> str:
    return f"Expected at most {MOST_PIXELS // 10**6} million pixels; scale it down first"


def _as_edges_read_it(content: bytes, name: str) -> Picture:
    """Return what is read by the rules of `images`: a TIFF, an array, a FITS file."""
    pixels, meaning = decoded(BytesIO(content), ReadingOptions(name, False, "white", most=MOST_PIXELS))
    notes = [note for note in meaning.notes if not note.startswith(LAID)]
    if len(notes) < len(meaning.notes):
        dark, _ = decoded(BytesIO(content), ReadingOptions(name, False, "black", most=MOST_PIXELS))
        pixels = _on_a_ground(_fractions(pixels, meaning.white), _fractions(dark, meaning.white), notes)
    pixels = planes_only(pixels, name)
    if pixels.dtype == np.uint8:
        return Picture(_reduced(Image.fromarray(pixels)), pixels.shape[:2], notes)
    return Picture(_reduced_planes(_stretched(pixels, notes)), pixels.shape[:2], notes)


def planes_only(pixels: np.ndarray, name: str) -> np.ndarray:
    """Return the pixels of a plane, or of three colours; an array of anything else is no picture."""
    if 0 in pixels.shape or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (1, 3)):
        raise InputError(f"{name}: an array of shape {pixels.shape}. Expected (H, W), or (H, W, 3) with colours last")
    if pixels.dtype.kind not in "buif":
        raise InputError(f"{name}: numbers of type {pixels.dtype}. Expected real ones")
    pixels = pixels[..., 0] if pixels.shape[2:] == (1,) else pixels
    return pixels.astype(np.uint8) * np.uint8(255) if pixels.dtype == bool else pixels


def _fractions(pixels: np.ndarray, white: float | None) -> np.ndarray:
    return pixels.astype(np.float64) / (white or top_of(pixels.dtype))


def _on_a_ground(light: np.ndarray, dark: np.ndarray, notes: list[str]) -> np.ndarray:
    """Return the picture on white or on black, whichever what shows stands out from; it is known on both."""
    alpha = 1 - (light - dark).reshape(*light.shape[:2], -1).mean(-1)
    shown = dark.reshape(*dark.shape[:2], -1).mean(-1)
    ground = "black" if shown.sum() > 0.55 * max(alpha.sum(), 1) else "white"
    notes.append(f"{LAID} {ground}")
    return np.rint((dark if ground == "black" else light).clip(0, 1) * 255).astype(np.uint8)


def _as_numbers(image: Image.Image, content: bytes, name: str) -> Picture:
    size, notes = image.size[::-1], []
    if (frames := frame_count(image)) > 1:
        notes.append(f"took the first of {frames} frames")
    image.draft(None, (ENOUGH, ENOUGH))  # a JPEG decodes at a fraction of its size, many times faster
    image.load()
    image = _of_deep_colours(image, content, name)
    if image.getexif().get(0x0112, 1) not in (0, 1):
        image = ImageOps.exif_transpose(image)
        notes.append("turned upright, as its EXIF orientation says")
        size = size if (image.width >= image.height) == (size[1] >= size[0]) else size[::-1]
    if image.mode.startswith(("I", "F")) and "transparency" not in image.info:
        return Picture(_reduced_planes(_stretched(np.asarray(image), notes)), size, notes)
    if image.mode.startswith("I"):
        image = _of_one_clear_value(image)
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        image = _opaque(image.convert("RGBA"), notes)
    if image.mode not in ("L", "RGB"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    return Picture(_reduced(image), size, notes)


def _of_one_clear_value(image: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits, one value of which is transparent, with 8 bits and transparency."""
    values = np.asarray(image)
    alpha = np.where(values == image.info["transparency"], 0, 255).astype(np.uint8)
    return Image.fromarray(np.dstack([(values >> 8).astype(np.uint8), alpha]))


def _of_deep_colours(image: Image.Image, content: bytes, name: str) -> Image.Image:
    """Return a picture whose colours have more than 8 bits with 8, transparency by all of them; others as they are."""
    deep = deep_samples(BytesIO(content), image, name)
    if deep.samples is None or deep.samples.ndim == 2:
        return image
    samples = with_transparency(deep.samples, image)
    colours = Image.fromarray(np.rint(_fractions(samples, deep.white) * 255).clip(0, 255).astype(np.uint8))
    colours.getexif().update({0x0112: image.getexif().get(0x0112, 1)})
    return colours


def _stretched(pixels: np.ndarray, notes: list[str]) -> np.ndarray:
    """Return the pixels, of 16 bits, 32 bits or floating point, as fractions of the range that they use.

    Where no data are, stands the number in the middle of the others.
    """
    values = pixels.astype(np.float64)
    missing = np.isnan(values)
    if missing.any():
        values[missing] = np.median(values[~missing]) if not missing.all() else 0.0
        notes.append(f"{np.count_nonzero(missing)} numbers without data were taken for the middle of the others")
    values = np.nan_to_num(values)
    low, high = float(values.min()), float(values.max())
    notes.append(f"stretched values {low:g} … {high:g} to the full range")
    return ((values - low) / max(high - low, 1e-300)).astype(np.float32)


def _reduced_planes(fractions: np.ndarray) -> np.ndarray:
    """Return floating pixels (H, W) or (H, W, 3) reduced as `_reduced` does."""
    if fractions.ndim == 2:
        return _reduced(Image.fromarray(fractions * np.float32(255)))
    return np.stack([_reduced_planes(np.ascontiguousarray(plane)) for plane in np.moveaxis(fractions, 2, 0)], -1)


def _opaque(image: Image.Image, notes: list[str]) -> Image.Image:
    """Lay what is transparent on white, or on black where that which shows is light."""
    alpha = np.asarray(image.getchannel("A"), np.float32)
    if alpha.min() == 255:
        return image.convert("RGB")
    grey = np.asarray(image.convert("RGB").convert("L"), np.float32)
    light = (grey * alpha).sum() > 0.55 * 255 * max(alpha.sum(), 1)
    ground = Image.new("RGBA", image.size, "black" if light else "white")
    notes.append(f"laid the transparent picture on {'black' if light else 'white'}")
    return Image.alpha_composite(ground, image).convert("RGB")


def _reduced(image: Image.Image) -> np.ndarray:
    factor = max(1, max(image.size) // ENOUGH)
    if factor > 1:
        image = image.reduce(factor)
    return np.asarray(image, np.float32) / 255
