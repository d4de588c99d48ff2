"""What do people show that is no digit of MNIST's? Handwriting of other collections, and pictures of anything else.

`photographed` makes of a collection's small image a photograph of ink on paper. An entry of `OTHERS` draws what is no
digit; like a scene of a hazard it is the bytes of a file, and the same kind and number always give the same picture.
`bench/reading.py` measures a network on them.
"""

import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from convolab.network.hazards.composition import PAPER, ballpoint, blurred, camera, cloud, digit, encoded, image_of, lay
from convolab.network.hazards.handwriting import Pen, ink

SIDE = 240  # of a picture, in pixels
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SIGNS = "?&%$#@*+=<>[]~^§€£"
SAMPLES = Path(__file__).parents[2] / "pictures" / "samples"
PHOTOGRAPHS = ("photograph.png", "still-life.jpg")

Draw = Callable[[int, np.random.Generator], bytes]
OTHERS: dict[str, tuple[str, Draw]] = {}


def other(sentence: str) -> Callable[[Draw], Draw]:
    """Decorator: enter a function that draws no digit into the table, under its own name with dashes."""

    def enter(draw: Draw) -> Draw:
        OTHERS[draw.__name__.replace("_", "-")] = (sentence, draw)
        return draw

    return enter


def no_digit(kind: str, number: int) -> bytes:
    """Draw one picture of a kind of `OTHERS`, and return the bytes of its file."""
    return OTHERS[kind][1](number, np.random.default_rng([zlib.crc32(kind.encode()), number]))


def photographed(coverage: np.ndarray, rng: np.random.Generator) -> bytes:
    """Photograph ink that covers so much of each pixel (H, W): ballpoint on paper, light from one side, noise, JPEG."""
    picture = camera(lay(PAPER, ballpoint(rng), coverage), rng)
    return encoded(picture, "JPEG", quality=int(rng.integers(75, 93)))


def enlarged(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An image of a collection, fractions with light ink, as coverage of a picture in which it is 45 to 65 % tall."""
    height, width = image.shape
    scale = rng.uniform(0.45, 0.65) * SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    large = np.asarray(Image.fromarray(image.astype(np.float32)).resize(size, Image.Resampling.BICUBIC))
    return _placed(np.clip(large, 0, 1), rng)


def glyph(font: ImageFont.FreeTypeFont, letter: str, rng: np.random.Generator) -> np.ndarray:
    """A letter of a font as coverage of a picture."""
    left, top, right, bottom = font.getbbox(letter)
    image = Image.new("L", (round(right - left), round(bottom - top)))
    ImageDraw.Draw(image).text((-left, -top), letter, 255, font)
    return enlarged(np.asarray(image, np.float32) / 255, rng)


def _placed(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Ink somewhere around the middle of a picture."""
    coverage = np.zeros((SIDE, SIDE), np.float32)
    y, x = (int((SIDE - side) * rng.uniform(0.4, 0.6)) for side in ink.shape)
    coverage[y : y + ink.shape[0], x : x + ink.shape[1]] = ink
    return coverage


def _strokes(strokes: Iterable, rng: np.random.Generator) -> bytes:
    """Strokes of points in a unit box, drawn by a pen."""
    points = [np.asarray(stroke, float) - 0.5 for stroke in strokes]
    height, pen = rng.uniform(0.4, 0.65) * SIDE, Pen(rng.uniform(0.04, 0.1))
    return photographed(ink(points, (SIDE, SIDE), centre=(SIDE / 2, SIDE / 2), height=height, pen=pen, rng=rng), rng)


@other("the letters A to Z and a to z of Pillow's own font")
def letters(number: int, rng: np.random.Generator) -> bytes:
    return photographed(glyph(_own_font(), LETTERS[number % len(LETTERS)], rng), rng)


@other("signs of the same font")
def signs(number: int, rng: np.random.Generator) -> bytes:
    return photographed(glyph(_own_font(), SIGNS[number % len(SIGNS)], rng), rng)


def _own_font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(120)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@other("arrows in eight directions, with one head or two")
def arrows(number: int, rng: np.random.Generator) -> bytes:
    head, turn = rng.uniform(0.15, 0.35), number % 8 * np.pi / 4 + rng.normal(0, 0.1)
    strokes = [[(0, 0.5), (1, 0.5)], [(1 - head, 0.5 - head), (1, 0.5), (1 - head, 0.5 + head)]]
    if rng.random() < 0.3:
        strokes.append([(head, 0.5 - head), (0, 0.5), (head, 0.5 + head)])
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return _strokes([(np.array(stroke) - 0.5) @ turned + 0.5 for stroke in strokes], rng)


@other("stars, hearts, spirals, faces and houses")
def drawings(number: int, rng: np.random.Generator) -> bytes:
    t = np.linspace(0, 2 * np.pi, 60)
    five = 2 * np.pi * np.arange(6) * 2 / 5 - np.pi / 2
    turns = rng.uniform(2, 3.5)
    circle = np.stack([np.cos(t), np.sin(t)], 1) / 2 + 0.5
    kinds: list[list[Any]] = [
        [np.stack([np.cos(five), np.sin(five)], 1) / 2 + 0.5],
        [np.stack([0.5 + 0.5 * np.sin(t) ** 3, 0.45 - (13 * np.cos(t) - 5 * np.cos(2 * t)) / 34], 1)],
        [0.5 + np.stack([t * np.cos(turns * t), t * np.sin(turns * t)], 1) / (4 * np.pi)],
        [circle, circle * 0.1 + (0.25, 0.3), circle * 0.1 + (0.65, 0.3), circle[5:26] * 0.5 + (0.25, 0.3)],
        [[(0, 1), (0, 0.5), (0.5, 0), (1, 0.5), (1, 1), (0, 1)], [(0.4, 1), (0.4, 0.7), (0.6, 0.7), (0.6, 1)]],
    ]
    chosen = kinds[number % len(kinds)]
    return _strokes([np.asarray(s) + rng.normal(0, 0.008, (len(s), 2)) for s in chosen], rng)


@other("scribbles: one to four strokes of five to nine turns")
def scribbles(number: int, rng: np.random.Generator) -> bytes:
    strokes = [rng.uniform(0, 1, (int(rng.integers(5, 10)), 2)) for _ in range(1 + number % 4)]
    return _strokes(strokes, rng)


@other("words of three to six letters, too close to be read one by one")
def words(number: int, rng: np.random.Generator) -> bytes:
    word = "".join(rng.choice(list(LETTERS[26:]), int(rng.integers(3, 7))))
    return photographed(glyph(_own_font(), word, rng), rng)


@other("stains, clouds and grain without a stroke")
def stains(number: int, rng: np.random.Generator) -> bytes:
    field = cloud((SIDE, SIDE), rng, int(rng.integers(10, 60)))
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    stain = (field > rng.uniform(-0.1, 0.3)) & (np.hypot(x, y) < rng.uniform(0.4, 0.7))
    return photographed(blurred(stain.astype(np.float32), rng.uniform(0.5, 4)), rng)


@other("patches of the package's photographs")
def photographs(number: int, rng: np.random.Generator) -> bytes:
    picture = Image.open(SAMPLES / PHOTOGRAPHS[number % len(PHOTOGRAPHS)]).convert("RGB")
    side = int(rng.integers(50, min(picture.size) + 1))
    left, top = (int(rng.integers(0, length - side + 1)) for length in picture.size)
    return encoded(picture.crop((left, top, left + side, top + side)))


def several(number: int) -> tuple[list[int], bytes]:
    """Two to four digits side by side, and the bytes of their photograph."""
    rng = np.random.default_rng([zlib.crc32(b"several"), number])
    labels = rng.integers(0, 10, 2 + number % 3).tolist()
    across = [digit(label, rng, (SIDE, 160), height=(0.45, 0.7)) for label in labels]
    return labels, photographed(np.concatenate(across, 1), rng)


def out_of_focus(number: int) -> tuple[int, bytes]:
    """A digit that is blurred by 4 to 14 % of its picture, and the bytes of its photograph."""
    rng = np.random.default_rng([zlib.crc32(b"out of focus"), number])
    ink_ = digit(number % 10, rng, (SIDE, SIDE), height=(0.5, 0.7))
    picture = lay(PAPER, ballpoint(rng), blurred(ink_, rng.uniform(0.04, 0.14) * SIDE))
    return number % 10, encoded(camera(picture, rng), "JPEG", quality=88)


def hairline(number: int) -> tuple[int, bytes]:
    """A digit of lines one to two pixels wide in a picture of 600, and the bytes of its file."""
    rng = np.random.default_rng([zlib.crc32(b"hairline"), number])
    tall = rng.uniform(0.4, 0.7)
    width = rng.uniform(1, 2) / (600 * tall)
    ink_ = digit(number % 10, rng, (600, 600), height=(tall, tall), pen=(width, width))
    return number % 10, encoded(image_of(camera(lay(PAPER, ballpoint(rng), ink_), rng, blur=0.4)))
