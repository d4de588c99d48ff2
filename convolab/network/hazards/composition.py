"""How is the picture of a scene made? Ink is laid on a ground, lit, blurred by a lens, and encoded as a file."""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageFilter

from convolab.network.hazards.handwriting import Pen, extent, ink, write

Range = tuple[float, float]
WHITE, BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
PAPER = (0.93, 0.92, 0.88)
BALLPOINTS = [(0.10, 0.12, 0.45), (0.12, 0.12, 0.13), (0.08, 0.20, 0.55)]


def digit(
    label: int,
    rng: np.random.Generator,
    size: tuple[int, int],
    *,
    height: Range = (0.35, 0.6),
    pen: Range = (0.05, 0.12),
    centre: ArrayLike | None = None,
    **hand: float,
) -> np.ndarray:
    """Write one digit on a picture of this size, and return how much of each pixel its ink covers, (H, W).

    Its height is drawn at random as a fraction of the picture's shorter side, and the pen's width as a fraction of the
    digit's height. The digit lies around the middle, or around `centre` (y, x), given as fractions of the picture; it
    is moved where needed, so that it lies wholly inside.
    """
    tall = rng.uniform(*height) * min(size)
    if centre is None:
        centre = rng.uniform(0.42, 0.58, 2)
    strokes = write(label, rng, **hand)
    width = rng.uniform(*pen)
    reach = (np.array(extent(strokes))[::-1] + 1.3 * width) * tall / 2 + 1
    reach = np.minimum(reach, np.array(size) / 2)
    middle = np.clip(np.array(centre) * size, reach, np.array(size) - reach)
    offset = np.concatenate(strokes)
    strokes = [s - (offset.min(0) + offset.max(0)) / 2 for s in strokes]
    return ink(strokes, size, centre=middle, height=tall, pen=Pen(width), rng=rng)


def lay(ground: ArrayLike, colour: ArrayLike, coverage: np.ndarray) -> np.ndarray:
    """Mix ink of a colour into a ground, by how much it covers of each pixel: (H, W, 3)."""
    ground = np.broadcast_to(np.asarray(ground, np.float32), (*coverage.shape, 3))
    return ground + coverage[..., None] * (np.asarray(colour, np.float32) - ground)


def blurred(plane: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of an (H, W) plane or an (H, W, 3) picture of fractions."""
    if plane.ndim == 3:
        return np.stack([blurred(plane[..., c], sigma) for c in range(3)], -1)
    image = Image.fromarray(np.uint8(np.clip(plane, 0, 1) * 255 + 0.5))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(sigma)), np.float32) / 255


def cloud(size: tuple[int, int], rng: np.random.Generator, coarse: int) -> np.ndarray:
    """Draw a smooth random field (H, W) of mean 0 and range about ±1, whose bumps are about `coarse` pixels wide."""
    small = rng.uniform(-1, 1, (size[0] // coarse + 3, size[1] // coarse + 3)).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize(size[::-1], Image.Resampling.BICUBIC))


def ramp(size: tuple[int, int], rng: np.random.Generator, low: float) -> np.ndarray:
    """Draw a light (H, W, 1) that falls from 1 to `low` across the picture, in a random direction."""
    y, x = np.mgrid[-1 : 1 : size[0] * 1j, -1 : 1 : size[1] * 1j]
    angle = rng.uniform(0, 6.3)
    t = (np.cos(angle) * x + np.sin(angle) * y) / (abs(np.cos(angle)) + abs(np.sin(angle)))
    return (1 + low + (1 - low) * t).astype(np.float32)[..., None] / 2


def grain(picture: np.ndarray, rng: np.random.Generator, sigma: float) -> np.ndarray:
    """Add sensor noise of standard deviation `sigma`, a fraction of white."""
    return picture + sigma * rng.standard_normal(picture.shape, np.float32)


def camera(
    picture: np.ndarray, rng: np.random.Generator, *, low: float = 0.75, blur: float = 0.7, noise: float = 0.015
) -> np.ndarray:
    """Photograph a picture as a telephone does indoors: lit from one side, not perfectly sharp, with a little noise."""
    return grain(blurred(picture * ramp(picture.shape[:2], rng, low), blur), rng, noise)


def image_of(picture: np.ndarray) -> Image.Image:
    """Round fractions, (H, W) or (H, W, C), to the 8-bit values of a Pillow image."""
    return Image.fromarray(np.uint8(np.clip(picture, 0, 1) * 255 + 0.5))


def encoded(image: Image.Image | np.ndarray, kind: str = "PNG", **options: Any) -> bytes:
    """Encode a picture as the bytes of a file of this kind."""
    image = image if isinstance(image, Image.Image) else image_of(image)
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def ballpoint(rng: np.random.Generator) -> tuple[float, float, float]:
    """Choose the colour of a ballpoint pen."""
    return BALLPOINTS[rng.integers(len(BALLPOINTS))]


def ruled(
    size: tuple[int, int], rng: np.random.Generator, *, spacing: float, across: bool, thickness: Range = (1.0, 1.8)
) -> np.ndarray:
    """Draw printed lines, a little askew, as coverage (H, W); `across` adds lines in the other direction."""
    tilt, phase, half = rng.uniform(-0.02, 0.02), rng.uniform(0, 1, 2), rng.uniform(*thickness) / 2
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    lines = np.zeros(size, np.float32)
    for position, start in ((y + tilt * x, phase[0]), (x - tilt * y, phase[1]))[: 2 if across else 1]:
        distance = np.abs((position / spacing + start) % 1 - 0.5) * spacing
        lines = np.maximum(lines, np.clip(half + 0.5 - distance, 0, 1))
    return lines
