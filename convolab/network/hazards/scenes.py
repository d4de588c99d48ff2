"""What can happen to a digit between a pen and a network? A table of hazards, each with a function that draws it.

An entry of `HAZARDS` has a name, a sentence that says what the picture shows, and the function that draws the picture
from a digit and a random generator. A scene is the bytes of a picture file, so that reading it includes the format. The
same hazard, digit and number always give the same picture. `evaluation.evaluate_hazards` measures a network on them.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from convolab.network.hazards.composition import (
    BLACK,
    PAPER,
    WHITE,
    ballpoint,
    blurred,
    camera,
    cloud,
    digit,
    encoded,
    grain,
    image_of,
    lay,
    ramp,
    ruled,
)

Draw = Callable[[int, np.random.Generator], bytes]


@dataclass(frozen=True)
class Hazard:
    """A way in which a picture of a digit differs from MNIST's: a sentence about it, and the function that draws it."""

    sentence: str
    draw: Draw


HAZARDS: dict[str, Hazard] = {}


def hazard(sentence: str) -> Callable[[Draw], Draw]:
    """Decorator: enter a function that draws scenes into the table, under its own name with dashes."""

    def enter(draw: Draw) -> Draw:
        HAZARDS[draw.__name__.replace("_", "-")] = Hazard(sentence, draw)
        return draw

    return enter


def scene(name: str, label: int, number: int) -> bytes:
    """Draw one scene, and return the bytes of its file.

    Parameters
    ----------
    name : str
        One of `HAZARDS`.
    label : int, 0 to 9
        The digit that is written in it.
    number : int
        Numbers the scenes of one hazard and digit.
    """
    return HAZARDS[name].draw(label, np.random.default_rng([zlib.crc32(name.encode()), label, number]))


@hazard("black on white, from a drawing program")
def dark_on_light(label: int, rng: np.random.Generator) -> bytes:
    return encoded(lay(WHITE, BLACK, digit(label, rng, (200, 200), height=(0.5, 0.75))))


@hazard("white on black, from a drawing program")
def light_on_dark(label: int, rng: np.random.Generator) -> bytes:
    return encoded(lay(BLACK, WHITE, digit(label, rng, (240, 180), height=(0.5, 0.85))))


@hazard("pen on white paper, photographed")
def paper_photo(label: int, rng: np.random.Generator) -> bytes:
    size = (480, 640)
    paper = np.asarray(PAPER, np.float32) + 0.012 * cloud(size, rng, 3)[..., None]
    return encoded(camera(lay(paper, ballpoint(rng), digit(label, rng, size)), rng), "JPEG", quality=88)


@hazard("chalk on a blackboard with smears")
def blackboard(label: int, rng: np.random.Generator) -> bytes:
    size = (480, 640)
    coverage = digit(label, rng, size, pen=(0.06, 0.11))
    chalk = coverage * np.clip(0.75 + 0.9 * rng.standard_normal(size, np.float32), 0, 1)
    board = np.asarray((0.16, 0.23, 0.20), np.float32) + 0.05 * cloud(size, rng, 60)[..., None]
    return encoded(camera(lay(board, (0.92, 0.92, 0.88), chalk), rng, low=0.7), "JPEG", quality=85)


@hazard("in a corner of the picture")
def off_centre(label: int, rng: np.random.Generator) -> bytes:
    corner = rng.choice([0.2, 0.8], 2)
    return encoded(lay(WHITE, BLACK, digit(label, rng, (300, 300), height=(0.25, 0.35), centre=corner)))


@hazard("tiny: 3 to 6 % of a large picture's height")
def tiny(label: int, rng: np.random.Generator) -> bytes:
    size = (900, 1200)
    coverage = digit(label, rng, size, height=(0.03, 0.06), pen=(0.09, 0.13), centre=rng.uniform(0.1, 0.9, 2))
    return encoded(camera(lay(PAPER, ballpoint(rng), coverage), rng, blur=0.5), "JPEG", quality=90)


@hazard("a thick marker: strokes of 18 to 25 % of the height")
def thick_marker(label: int, rng: np.random.Generator) -> bytes:
    coverage = digit(label, rng, (360, 360), height=(0.5, 0.7), pen=(0.18, 0.25))
    return encoded(camera(lay(PAPER, (0.12, 0.12, 0.14), coverage), rng), "JPEG", quality=88)


@hazard("a thin pen: strokes of 1.5 to 3 % of the height")
def thin_pen(label: int, rng: np.random.Generator) -> bytes:
    coverage = digit(label, rng, (480, 480), height=(0.5, 0.75), pen=(0.015, 0.03))
    return encoded(camera(lay(PAPER, ballpoint(rng), coverage), rng), "JPEG", quality=90)


@hazard("a hard shadow across the digit")
def shadow(label: int, rng: np.random.Generator) -> bytes:
    size = (480, 640)
    y, x = np.mgrid[: size[0], : size[1]] / size[0]
    angle, bend = rng.uniform(0, 6.3), rng.uniform(-0.3, 0.3)
    edge = np.cos(angle) * (x - 0.66) + np.sin(angle) * (y - 0.5) + bend * (x - 0.66) * (y - 0.5)
    light = 1 - rng.uniform(0.45, 0.62) / (1 + np.exp(-edge * rng.uniform(60, 250)))
    picture = lay(PAPER, ballpoint(rng), digit(label, rng, size)) * light.astype(np.float32)[..., None]
    return encoded(camera(picture, rng), "JPEG", quality=88)


@hazard("uneven light: a lamp near one corner, dark edges")
def uneven_light(label: int, rng: np.random.Generator) -> bytes:
    size = (480, 640)
    y, x = np.mgrid[-1 : 1 : size[0] * 1j, -1 : 1 : size[1] * 1j]
    cy, cx = rng.uniform(-1, 1, 2)
    light = 0.18 + 0.9 / (1 + 1.2 * ((y - cy) ** 2 + (x - cx) ** 2))
    picture = lay(PAPER, ballpoint(rng), digit(label, rng, size)) * light.astype(np.float32)[..., None]
    return encoded(grain(blurred(picture, 0.7), rng, 0.015), "JPEG", quality=88)


@hazard("sensor noise of a dark room")
def noise(label: int, rng: np.random.Generator) -> bytes:
    picture = lay((0.62, 0.58, 0.5), (0.12, 0.12, 0.16), digit(label, rng, (320, 320)))
    return encoded(grain(picture, rng, rng.uniform(0.08, 0.14)))


@hazard("JPEG at quality 5 to 12")
def jpeg_artefacts(label: int, rng: np.random.Generator) -> bytes:
    picture = camera(lay(PAPER, ballpoint(rng), digit(label, rng, (240, 240))), rng)
    return encoded(picture, "JPEG", quality=int(rng.integers(5, 13)))


@hazard("on lined paper, the digit across the lines")
def lined_paper(label: int, rng: np.random.Generator) -> bytes:
    size = (480, 480)
    lines = ruled(size, rng, spacing=rng.uniform(45, 80), across=False)
    paper = lay(PAPER, (0.55, 0.65, 0.85), lines)
    return encoded(camera(lay(paper, ballpoint(rng), digit(label, rng, size)), rng), "JPEG", quality=88)


@hazard("on squared paper")
def squared_paper(label: int, rng: np.random.Generator) -> bytes:
    size = (480, 480)
    lines = ruled(size, rng, spacing=rng.uniform(26, 40), across=True)
    paper = lay(PAPER, (0.62, 0.70, 0.80), lines)
    coverage = digit(label, rng, size, pen=(0.05, 0.09))
    return encoded(camera(lay(paper, ballpoint(rng), coverage), rng), "JPEG", quality=88)


@hazard("dark rules, as dark as the pen")
def dark_rules(label: int, rng: np.random.Generator) -> bytes:
    size = (480, 480)
    lines = ruled(size, rng, spacing=rng.uniform(90, 130), across=False, thickness=(1.5, 2.5))
    paper = lay(PAPER, (0.2, 0.2, 0.25), lines)
    coverage = digit(label, rng, size, height=(0.4, 0.55), pen=(0.06, 0.1))
    return encoded(camera(lay(paper, (0.12, 0.12, 0.2), coverage), rng), "JPEG", quality=88)


@hazard("a camera's sideways or mirrored file, its EXIF orientation says how to hold it")
def exif_rotated(label: int, rng: np.random.Generator) -> bytes:
    upright = image_of(camera(lay(PAPER, ballpoint(rng), digit(label, rng, (320, 420))), rng))
    orientation = int(rng.integers(2, 9))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(upright.transpose(_STORED_AS[orientation]), "JPEG", quality=90, exif=exif)


_T = Image.Transpose
# How an upright picture is stored under each EXIF orientation: the inverse of what a viewer does.
_STORED_AS = {
    2: _T.FLIP_LEFT_RIGHT,
    3: _T.ROTATE_180,
    4: _T.FLIP_TOP_BOTTOM,
    5: _T.TRANSPOSE,
    6: _T.ROTATE_90,
    7: _T.TRANSVERSE,
    8: _T.ROTATE_270,
}


@hazard("ink on nothing: a PNG whose ground is transparent")
def transparent(label: int, rng: np.random.Generator) -> bytes:
    size = (220, 220)
    coverage = digit(label, rng, size, height=(0.5, 0.8))
    colour = [BLACK, WHITE, (0.1, 0.3, 0.8), (0.9, 0.3, 0.1)][rng.integers(4)]
    hidden = [BLACK, WHITE, colour][rng.integers(3)]
    shown = np.where(coverage[..., None] > 0, np.asarray(colour, np.float32), np.asarray(hidden, np.float32))
    return encoded(image_of(np.concatenate([shown, coverage[..., None]], -1)))


@hazard("16 bits a pixel, and only a part of the range used")
def sixteen_bit(label: int, rng: np.random.Generator) -> bytes:
    coverage = digit(label, rng, (256, 256))
    low, high = (np.sort(rng.uniform(0.02, 0.95, 2)) * 1.0).tolist()
    high = max(high, low + 0.08)
    ground, pen = (high, low) if rng.random() < 0.7 else (low, high)
    plane = grain(ground + coverage * (pen - ground), rng, 0.003)
    return encoded(Image.fromarray(np.uint16(np.clip(plane, 0, 1) * 65535)))


@hazard("coloured ink on coloured paper, some equally bright")
def colours(label: int, rng: np.random.Generator) -> bytes:
    pairs = [
        ((0.95, 0.90, 0.45), (0.85, 0.20, 0.15)),
        ((0.55, 0.80, 0.60), (0.80, 0.30, 0.30)),
        ((0.35, 0.55, 0.85), (0.95, 0.85, 0.20)),
        ((0.80, 0.45, 0.55), (0.20, 0.35, 0.60)),
        ((0.45, 0.60, 0.45), (0.75, 0.45, 0.45)),
        ((0.20, 0.25, 0.50), (0.90, 0.55, 0.70)),
    ]
    ground, pen = pairs[rng.integers(len(pairs))]
    return encoded(camera(lay(ground, pen, digit(label, rng, (300, 300))), rng, low=0.85), "JPEG", quality=90)


@hazard("out of focus: a blur of 4 to 7 % of the height")
def blur(label: int, rng: np.random.Generator) -> bytes:
    picture = lay(PAPER, ballpoint(rng), digit(label, rng, (360, 360), height=(0.45, 0.6), pen=(0.07, 0.12)))
    return encoded(camera(picture, rng, blur=rng.uniform(0.04, 0.07) * 190), "JPEG", quality=88)


@hazard("a drawn frame around the digit")
def frame(label: int, rng: np.random.Generator) -> bytes:
    size = (300, 300)
    canvas = Image.new("L", size[::-1])
    left, top, right, bottom = rng.integers(8, 40, 4)
    width = int(rng.integers(2, 9))
    ImageDraw.Draw(canvas).rectangle((left, top, 299 - right, 299 - bottom), outline=255, width=width)
    coverage = np.maximum(np.asarray(canvas, np.float32) / 255, digit(label, rng, size, height=(0.4, 0.58)))
    return encoded(camera(lay(PAPER, ballpoint(rng), coverage), rng), "JPEG", quality=88)


@hazard("a sheet of paper on a dark desk")
def desk(label: int, rng: np.random.Generator) -> bytes:
    size = (480, 640)
    canvas = Image.new("L", (size[1] * 2, size[0] * 2))
    corners = np.array([(0.16, 0.10), (0.84, 0.10), (0.84, 0.90), (0.16, 0.90)]) + rng.uniform(-0.04, 0.04, (4, 2))
    ImageDraw.Draw(canvas).polygon([tuple(c) for c in corners * canvas.size], fill=255)
    sheet = np.asarray(canvas.reduce(2), np.float32) / 255
    wood = np.asarray((0.32, 0.22, 0.15), np.float32) + 0.04 * cloud(size, rng, 12)[..., None]
    coverage = digit(label, rng, size, height=(0.3, 0.5), centre=rng.uniform(0.45, 0.55, 2))
    picture = lay(lay(wood, PAPER, sheet), ballpoint(rng), coverage)
    return encoded(camera(picture, rng), "JPEG", quality=88)


@hazard("twelve megapixels")
def megapixels(label: int, rng: np.random.Generator) -> bytes:
    size = (3000, 4000)
    coverage = digit(label, rng, size, height=(0.15, 0.5), pen=(0.03, 0.08), centre=rng.uniform(0.3, 0.7, 2))
    plane = (0.9 - 0.75 * coverage) * ramp(size, rng, 0.7)[..., 0]
    plane += 0.03 * np.tile(rng.standard_normal((300, 400), np.float32), (10, 10))
    return encoded(Image.merge("RGB", [image_of(plane)] * 3), "JPEG", quality=85)


@hazard("cropped tight, the ink touches the border")
def tight_crop(label: int, rng: np.random.Generator) -> bytes:
    coverage = digit(label, rng, (300, 300), pen=(0.07, 0.14))
    rows, columns = np.nonzero(coverage.max(1) > 0.5)[0], np.nonzero(coverage.max(0) > 0.5)[0]
    picture = camera(lay(PAPER, ballpoint(rng), coverage), rng)
    return encoded(picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], "JPEG", quality=90)


@hazard("an icon of 16 to 24 pixels")
def icon(label: int, rng: np.random.Generator) -> bytes:
    side = int(rng.integers(16, 25))
    coverage = digit(label, rng, (side, side), height=(0.7, 0.85), pen=(0.10, 0.16))
    return encoded(lay(WHITE, BLACK, coverage) if rng.random() < 0.5 else lay(BLACK, WHITE, coverage))


@hazard("one bit a pixel, as a fax sends it")
def one_bit(label: int, rng: np.random.Generator) -> bytes:
    picture = grain(lay(WHITE, BLACK, digit(label, rng, (170, 130), height=(0.5, 0.8))), rng, 0.25)
    return encoded(image_of(picture).convert("L").point(lambda v: 255 * (v > 127)).convert("1"), "TIFF")


@hazard("a palette of eight colours, as a GIF")
def palette(label: int, rng: np.random.Generator) -> bytes:
    picture = camera(lay(PAPER, ballpoint(rng), digit(label, rng, (200, 200))), rng)
    return encoded(image_of(picture).quantize(8, dither=Image.Dither.FLOYDSTEINBERG), "GIF")


@hazard("CMYK, as a printer's JPEG")
def cmyk(label: int, rng: np.random.Generator) -> bytes:
    picture = camera(lay(PAPER, ballpoint(rng), digit(label, rng, (260, 260))), rng)
    return encoded(image_of(picture).convert("CMYK"), "JPEG", quality=85)


@hazard("a pale pencil")
def pencil(label: int, rng: np.random.Generator) -> bytes:
    size = (400, 400)
    coverage = digit(label, rng, size, height=(0.45, 0.65), pen=(0.025, 0.05))
    coverage = coverage * np.clip(0.8 + 0.35 * rng.standard_normal(size, np.float32), 0, 1)
    return encoded(camera(lay(PAPER, (0.62, 0.62, 0.62), coverage), rng, noise=0.012), "JPEG", quality=90)


@hazard("dust, specks and a smear on the paper")
def specks(label: int, rng: np.random.Generator) -> bytes:
    size = (400, 400)
    canvas = Image.new("L", size[::-1])
    draw = ImageDraw.Draw(canvas)
    for x, y, r in zip(*rng.uniform(0, 400, (2, 40)), rng.uniform(0.5, 3.5, 40), strict=True):
        draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
    smear = 0.25 * np.clip(cloud(size, rng, 90), 0, 1)
    coverage = np.maximum(digit(label, rng, size), np.maximum(np.asarray(canvas, np.float32) / 255, smear))
    return encoded(camera(lay(PAPER, (0.15, 0.15, 0.2), coverage), rng), "JPEG", quality=88)


@hazard("held askew by up to 20°")
def askew(label: int, rng: np.random.Generator) -> bytes:
    coverage = digit(label, rng, (360, 360), turn=float(rng.uniform(-20, 20)))
    return encoded(camera(lay(PAPER, ballpoint(rng), coverage), rng), "JPEG", quality=88)
