"""One picture of all hazards: a scene of each, and beside it what a network would see of it."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from convolab.errors import InputError
from convolab.files import write_whole
from convolab.network.digits.preparation import Preparation
from convolab.network.digits.preprocessing import prepare
from convolab.network.hazards.composition import encoded
from convolab.network.hazards.scenes import HAZARDS, scene
from convolab.pictures.photographs import decode

COLUMNS, SIDE, GAP, CAPTION = 4, 112, 12, 18


def contact_sheet(preparation: Preparation, number: int) -> Image.Image:
    """Scene `number` of every hazard, its digit counted on from hazard to hazard: (H, W) RGB.

    Parameters
    ----------
    preparation : Preparation
        The model's.
    number : int
        Which of the scenes.
    """
    width, height = 2 * SIDE + GAP, SIDE + CAPTION
    rows = -(-len(HAZARDS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for k, name in enumerate(HAZARDS):
        left, top = GAP + k % COLUMNS * (width + GAP), GAP + k // COLUMNS * (height + GAP)
        picture = decode(scene(name, k % 10, number))
        draw.text((left, top), name, "black", font)
        sheet.paste(thumbnail(picture.pixels), (left, top + CAPTION))
        try:
            seen = prepare(picture, preparation).pixels.mean(0)
        except InputError:
            seen = np.zeros(preparation.size)
        draw.rectangle((left, top + CAPTION, left + SIDE - 1, top + height - 1), outline=(190, 190, 190))
        small = Image.fromarray(np.uint8(np.clip(seen, 0, 1) * 255))
        sheet.paste(small.resize((SIDE, SIDE), Image.Resampling.NEAREST), (left + SIDE + GAP // 2, top + CAPTION))
    return sheet


def thumbnail(pixels: np.ndarray) -> Image.Image:
    """A picture inside a square, on light grey where it does not fill it."""
    image = Image.fromarray(np.uint8(np.clip(pixels, 0, 1) * 255)).convert("RGB")
    scale = SIDE / max(image.size)
    image = image.resize([max(1, round(side * scale)) for side in image.size], Image.Resampling.LANCZOS)
    square = Image.new("RGB", (SIDE, SIDE), (225, 225, 225))
    square.paste(image, ((SIDE - image.width) // 2, (SIDE - image.height) // 2))
    return square


def write_contact_sheet(path: Path, preparation: Preparation, number: int) -> Path:
    """The contact sheet as a file, of the kind that its name says."""
    kind = Image.registered_extensions().get(path.suffix.lower())
    if kind is None:
        raise InputError(f"picture: {path.name} is no picture's name. Expected one like hazards.png or hazards.webp")
    return write_whole(path, encoded(contact_sheet(preparation, number), kind))
