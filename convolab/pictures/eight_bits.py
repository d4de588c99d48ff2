"""What is a picture in 8 bits, as a data set keeps it? The upper 8 bits of its samples, however few it uses.

A picture is not stretched to the range that it uses: the images of a data set are compared with each other.
"""

from pathlib import Path

import numpy as np

from convolab.errors import InputError
from convolab.pictures.images import ReadingOptions, decoded


def eight_bits(path: Path) -> np.ndarray:
    """Return the picture in a file as uint8, (H, W) or (H, W, 3), upright and opaque.

    What is transparent is laid on white, or on black where what shows is light.

    Raises
    ------
    InputError, OSError
        For what is no picture, and for floating pixels that are no fractions: which number is white, nobody says.
    """
    with path.open("rb") as file:
        pixels, meaning = decoded(file, ReadingOptions(str(path), False, "white"))
        if any(note.startswith("laid the transparent") for note in meaning.notes):
            file.seek(0)
            dark, _ = decoded(file, ReadingOptions(str(path), False, "black"))
            light, dark = _of_eight_bits(pixels, meaning.white, path), _of_eight_bits(dark, meaning.white, path)
            return dark if _shows_light(light, dark) else light
    return _of_eight_bits(pixels, meaning.white, path)


def _shows_light(light: np.ndarray, dark: np.ndarray) -> bool:
    """Return whether what shows of a transparent picture, laid on white and on black, is light."""
    alpha = 255 - (light.astype(np.float64) - dark).mean()
    return bool(dark.mean() > 0.55 * alpha)


def _of_eight_bits(pixels: np.ndarray, white: float | None, path: Path) -> np.ndarray:
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype.kind == "f":
        if not (pixels.min() >= 0 and pixels.max() <= 1):
            raise InputError(f"{path}: floating pixels from {pixels.min():g} to {pixels.max():g}. Expected fractions")
        return np.rint(pixels * 255).astype(np.uint8)
    bits = round(np.log2(white + 1)) if white else 8 * pixels.itemsize
    if pixels.dtype.kind == "i":  # the least value is black
        pixels = pixels.view(f"u{pixels.itemsize}") ^ np.array(1 << (bits - 1), f"u{pixels.itemsize}")
    return (pixels >> (bits - 8)).astype(np.uint8)
