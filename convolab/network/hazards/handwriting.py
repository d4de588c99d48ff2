"""How does a hand write a digit? As strokes of a pen, which `scenes` puts on paper, boards and screens.

There are several ways to write a digit, and each is a line of text: strokes are made of curves that meet in corners,
and a curve runs smoothly (Catmull-Rom) through its control points, in a unit box with x to the right and y down.
No shape comes from MNIST, so that a test on them is a test on handwriting that the network has not seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

# x,y in hundredths of the box. `;` lifts the pen, `/` turns a corner: a curve ends and another begins.
SHAPES = {
    0: [
        "50,0 68,7 81,25 86,50 81,75 68,93 50,100 32,93 19,75 14,50 19,25 32,7 50,0",
        "71,7 49,0 27,8 12,29 8,56 17,82 36,97 59,99 79,86 91,62 90,34 77,12",
        "35,7 51,0 66,8 77,28 80,54 74,80 61,96 45,99 31,88 22,66 21,39 28,15 42,2",
    ],
    1: [
        "50,0 50,50 50,100",
        "36,20 52,0 / 52,0 52,50 52,100",
        "34,18 52,0 / 52,0 52,100; 26,100 50,100 78,100",
    ],
    2: [
        "12,24 28,4 62,1 84,22 66,52 10,98 / 10,98 50,98 92,97",
        "14,20 40,0 74,12 70,42 42,78 16,96 8,86 24,80 52,94 94,94",
        "10,14 40,0 76,8 80,32 50,66 12,96 / 12,96 40,92 66,100 92,92",
    ],
    3: [
        "14,14 40,0 76,10 74,34 42,46 / 42,46 78,54 86,78 52,100 12,88",
        "16,2 82,2 / 82,2 42,40 / 42,40 78,48 86,74 56,100 12,92",
        "18,10 48,0 76,16 64,40 44,47 / 44,47 72,52 82,74 62,96 30,100 10,90",
    ],
    4: [
        "22,2 12,55 / 12,55 90,53; 70,10 68,100",
        "66,0 8,64 / 8,64 95,64; 66,0 66,100",
        "16,4 14,36 34,52 74,44; 78,0 74,44 70,100",
    ],
    5: [
        "26,2 20,44 / 20,44 60,38 86,66 58,98 10,92; 26,2 86,0",
        "84,2 28,2 / 28,2 22,42 / 22,42 64,40 84,68 56,100 12,90",
        "82,0 36,4 24,26 32,42 66,48 80,72 54,98 14,92",
    ],
    6: [
        "70,0 34,26 14,66 34,98 70,94 82,70 58,52 28,62 18,76",
        "46,0 22,40 16,76 20,88 33,97 50,100 67,95 78,85 80,72 72,60 57,53 39,53 24,60 16,72",
        "80,6 46,6 18,44 18,80 46,100 80,84 74,58 44,54 20,72",
    ],
    7: [
        "10,4 88,4 / 88,4 36,100",
        "10,6 86,2 / 86,2 56,46 40,100; 30,50 78,47",
        "12,16 14,4 / 14,4 50,6 86,3 / 86,3 40,100",
    ],
    8: [
        "76,14 46,0 20,16 34,40 66,56 82,80 50,100 18,80 36,54 68,36 76,14",
        "50,48 36,45 25,36 21,24 25,12 35,3 50,0 64,3 75,12 79,24 75,36 64,45 50,48; 50,48 68,51 81,61 86,74 "
        "81,87 68,97 50,100 32,97 19,87 14,74 19,61 32,51 50,48",
        "70,8 36,4 24,24 50,44 76,68 66,96 32,96 24,70 50,44 74,22 72,6",
    ],
    9: [
        "78,18 68,6 53,0 36,2 22,11 16,24 19,39 30,49 46,54 63,51 75,41 80,27 / 80,27 78,60 72,100",
        "74,14 61,3 44,0 28,5 17,17 14,32 21,46 35,54 53,55 68,48 77,35 / 77,35 80,66 60,98 18,92",
        "78,12 46,0 16,22 30,50 64,42 78,12 / 78,12 68,56 46,100",
    ],
}


@dataclass(frozen=True)
class Pen:
    """A pen: the stroke's width as a fraction of the digit's height, and how much it varies along the stroke."""

    width: float = 0.09
    variation: float = 0.15


def write(
    label: int, rng: np.random.Generator, *, slant: float | None = None, turn: float | None = None
) -> list[np.ndarray]:
    """Write one digit, and return its strokes as arrays of points.

    Parameters
    ----------
    label : int, 0 to 9
    rng : numpy.random.Generator
        Chooses the shape, and all the ways in which two digits by one hand differ.
    slant, turn : float, optional
        Shear to the right per unit of height, and turn in degrees; drawn at random where not given.

    Returns
    -------
    list of (n, 2) float arrays
        Points (x, y) a stroke, in units of the digit's height, around (0, 0).
    """
    shapes = SHAPES[label]
    shape = parsed(shapes[rng.integers(len(shapes))])
    slant = rng.normal(0.12, 0.10) if slant is None else slant
    turn = np.radians(rng.uniform(-5, 5) if turn is None else turn)
    aspect = rng.uniform(0.58, 0.86)
    wobble = _wobble(rng)
    strokes = []
    for stroke in shape:
        points = np.concatenate([_smooth(curve) for curve in stroke])
        x, y = (points + wobble(points)).T - 0.5
        x = x * aspect - slant * y
        strokes.append(np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 1))
    return strokes


def parsed(shape: str) -> list[list[np.ndarray]]:
    """Parse a shape: a list of strokes, each a list of curves, each an array of control points (n, 2).

    >>> parsed("50,0 50,100; 20,50 / 80,50")[0][0].tolist()
    [[0.5, 0.0], [0.5, 1.0]]
    """
    return [
        [np.array([point.split(",") for point in curve.split()], float) / 100 for curve in stroke.split("/")]
        for stroke in shape.split(";")
    ]


def _wobble(rng: np.random.Generator) -> Callable[[np.ndarray], Any]:
    """Draw a smooth random displacement of the plane, a function of points: large bends and a small tremor."""
    terms = [(rng.normal(0, size, 2), rng.normal(0, pace, 2), rng.uniform(0, 6.3)) for size, pace in _WOBBLES]
    return lambda points: sum(np.sin(points @ pace + phase)[:, None] * size for size, pace, phase in terms)


# (size in units of the box, waves a box in radians): two large bends of the whole digit, one of its parts, a tremor.
_WOBBLES = [(0.035, 3.0), (0.035, 3.0), (0.015, 8.0), (0.004, 25.0)]


def _smooth(p: np.ndarray, per_piece: int = 10) -> np.ndarray:
    """Sample the Catmull-Rom curve through the control points: (n, 2)."""
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, per_piece, endpoint=False)[:, None]
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    pieces = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.concatenate([pieces.reshape(-1, 2), p[-2:-1]])


def extent(strokes: list[np.ndarray]) -> tuple[float, float]:
    """Width and height of the strokes' lines, in units of the digit's height."""
    points = np.concatenate(strokes)
    width, height = np.ptp(points, axis=0)
    return float(width), float(height)


def ink(
    strokes: list[np.ndarray],
    size: tuple[int, int],
    *,
    centre: Any,
    height: float,
    pen: Pen,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw strokes with a pen, and return how much of each pixel the ink covers.

    Parameters
    ----------
    strokes : list of (n, 2) arrays
        From `write`.
    size : (H, W)
        Of the picture, in pixels.
    centre : (y, x)
        Where the digit's middle lies, in pixels.
    height : float
        Of the digit, in pixels.
    pen : Pen

    Returns
    -------
    (H, W) float32 array
        0 where no ink is, 1 where all of the pixel is covered.
    """
    fine = 4 if height < 400 else 2
    pixels = [(s * height + (centre[1], centre[0])) * fine for s in strokes]
    widths = [_widths(len(s), pen, rng) * height * fine for s in strokes]
    margin = 2 + max(w.max() for w in widths)
    low = np.maximum(0, np.floor((np.min([p.min(0) for p in pixels], 0) - margin) / fine)).astype(int)
    high = np.minimum(size[::-1], np.ceil((np.max([p.max(0) for p in pixels], 0) + margin) / fine)).astype(int)
    canvas = Image.new("L", tuple((high - low) * fine))
    draw = ImageDraw.Draw(canvas)
    for points, width in zip(pixels, widths, strict=True):
        _draw(draw, points - low * fine, width)
    coverage = np.zeros(size, np.float32)
    coverage[low[1] : high[1], low[0] : high[0]] = np.asarray(canvas.reduce(fine), np.float32) / 255
    return coverage


def _widths(count: int, pen: Pen, rng: np.random.Generator) -> np.ndarray:
    """The pen's width at every point, as a fraction of the digit's height; it changes slowly along the stroke."""
    phase, waves = rng.uniform(0, 6.3), rng.uniform(0.5, 1.5)
    return pen.width * (1 + pen.variation * np.sin(phase + waves * np.linspace(0, 6.3, count)))


def _draw(draw: ImageDraw.ImageDraw, points: np.ndarray, widths: np.ndarray) -> None:
    """Draw a line of changing width, with round joints and ends."""
    for (x0, y0), (x1, y1), width in zip(points[:-1], points[1:], widths, strict=False):
        steps = max(1, int(np.hypot(x1 - x0, y1 - y0) / max(width / 8, 1)))
        for t in np.linspace(0, 1, steps + 1):
            x, y, r = x0 + t * (x1 - x0), y0 + t * (y1 - y0), width / 2
            draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
