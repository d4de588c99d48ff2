"""What does an array stand for as an image? Every accepted form becomes rows of pixels here."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from convolab.errors import ArgumentError, DtypeError
from convolab.filters.plan import DTYPES

MIXABLE = ("uint8", "uint16", "float32", "float64")  # colours that the pass itself weights into grey


@dataclass(frozen=True)
class Plane:
    """An image for a pass: `pixels` (H, W), or (H, W, 3) to be weighted into grey, or (H, W·step) interleaved."""

    pixels: np.ndarray
    grey: bool = False
    step: int = 1

    @property
    def size(self) -> tuple[int, int]:
        return self.pixels.shape[0], self.pixels.shape[1] // self.step


@dataclass(frozen=True)
class _Layout:
    """What a shape and a type stand for: the type of the pixels, and how a row holds them."""

    dtype: np.dtype
    grey: bool
    step: int


@lru_cache(maxsize=256)
def layout(shape: tuple[int, ...], dtype, channels: str = "grey") -> _Layout:
    """Return how an image of this shape and type is taken; every complaint about either is written here."""
    if channels not in ("grey", "each"):
        raise ArgumentError(f'channels: expected "grey" or "each", got {channels!r}.')
    if len(shape) not in (2, 3):
        raise ArgumentError(f"image: expected (H, W), or (H, W, 3) with colours last, got shape {tuple(shape)}.")
    if 0 in shape:
        raise ArgumentError(f"image: is empty, shape {tuple(shape)}. Expected at least one pixel.")
    colours = shape[2] if len(shape) == 3 else 1
    found = _pixel_dtype(np.dtype(dtype))
    if colours == 1 or channels == "each":
        return _Layout(found, False, colours)
    if colours in (2, 4):
        raise ArgumentError(
            f"image: shape {tuple(shape)} has {colours} channels, so the last is taken for transparency, and edges of "
            f'it depend on the background. Lay it on one and pass three channels, or give channels="each".'
        )
    if colours != 3:
        raise ArgumentError(
            f"image: shape {tuple(shape)} is taken for {shape[0]} × {shape[1]} pixels of {colours} colours, as the "
            f"last axis holds colours. Expected 3, or a plane (H, W): of a volume pass one slice, such as image[0]."
        )
    return _Layout(found if found.name in MIXABLE else np.dtype(np.float64), True, 1)


def _pixel_dtype(dtype: np.dtype) -> np.dtype:
    """Return the type that pixels of this type are read in."""
    if dtype.kind not in "buif" or dtype.newbyteorder("=").name not in DTYPES:
        raise DtypeError(f"image: pixels of type {dtype} are not taken. Expected real numbers: {', '.join(DTYPES)}.")
    simple = {"bool": "uint8", "float16": "float32", "uint64": "float64"}
    return np.dtype(simple.get(dtype.name, dtype.newbyteorder("=").name))


def as_plane(image, channels: str = "grey") -> Plane:
    """Return an array, or rows of numbers, as a plane; nothing is copied where it can be taken as it is."""
    if np.ma.is_masked(image):
        raise DtypeError("image: is a masked array, and its mask would be lost. Fill it first: .filled(0).")
    if type(image).__module__.startswith("PIL."):  # whose array has indices where the picture has colours
        from convolab.pictures.images import pixels_of_image

        image = pixels_of_image(image)
    try:
        pixels = np.asarray(image)
    except ValueError as error:
        raise DtypeError(f"image: expected rows of numbers of one length ({error}).") from error
    if pixels.dtype == object and pixels.shape == ():
        raise DtypeError(
            f"image: is a {type(image).__name__}, which NumPy cannot read as an array. Pass its pixels, such as "
            f"image.get_fdata()[:, :, 0] of nibabel or image.read_band(0) of spectral."
        )
    found = layout(pixels.shape, pixels.dtype, channels)
    if pixels.dtype == bool:  # whose bytes need not be 0 and 1: of a picture of one bit some libraries make 0 and 255
        pixels = pixels.view(np.uint8) != 0
        pixels = pixels.view(np.uint8)
    else:
        pixels = pixels.astype(found.dtype, copy=False)
    pixels = pixels.view(found.dtype)  # "<f4" and "=f4" are equal, yet only the second is a type to Halide
    if pixels.ndim == 3 and not found.grey:
        pixels = pixels.reshape(pixels.shape[0], -1)
    return Plane(pixels, found.grey, found.step)
