"""What do the hazards look like? One picture shows a scene of each, and beside it what a network sees of it."""

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
    """Draw scene `number` of every hazard, and what the network sees of it; the digits go from 0 to 9 and again.

    Parameters
    ----------
    preparation : Preparation
        The model's.
    number : int
        Which of the scenes of a hazard and digit.

    Returns
    -------
    PIL.Image.Image
        RGB.
    """
    width, height = 2 * SIDE + GAP, SIDE + CAPTION
    rows = -(-len(HAZARDS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for k, name in enumerate(HAZARDS):
        left, top = GAP + k % COLUMNS * (width + GAP), GAP + k // COLUMNS * (height + GAP)
        picture = decode(scene(name, k % 10, number))
        draw.text((left, top), name, "black", font)
        sheet.paste(_thumbnail(picture.pixels), (left, top + CAPTION))
        try:
            seen = prepare(picture, preparation).pixels.mean(0)
        except InputError:
            seen = np.zeros(preparation.size)
        draw.rectangle((left, top + CAPTION, left + SIDE - 1, top + height - 1), outline=(190, 190, 190))
        small = Image.fromarray(np.uint8(np.clip(seen, 0, 1) * 255))
        sheet.paste(small.resize((SIDE, SIDE), Image.Resampling.NEAREST), (left + SIDE + GAP // 2, top + CAPTION))
    return sheet


def _thumbnail(pixels: np.ndarray) -> Image.Image:
    """Shrink a picture into a square; where it does not fill the square, the ground is light grey."""
    image = Image.fromarray(np.uint8(np.clip(pixels, 0, 1) * 255)).convert("RGB")
    scale = SIDE / max(image.size)
    image = image.resize([max(1, round(side * scale)) for side in image.size], Image.Resampling.LANCZOS)
    square = Image.new("RGB", (SIDE, SIDE), (225, 225, 225))
    square.paste(image, ((SIDE - image.width) // 2, (SIDE - image.height) // 2))
    return square


def write_contact_sheet(path: Path, preparation: Preparation, number: int) -> Path:
    """Write the contact sheet to a file, of the kind that its name ends in, and return the path.

    Raises
    ------
    InputError
        The name does not end as a picture's.
    OutputError
        The file cannot be written.
    """
    kind = Image.registered_extensions().get(path.suffix.lower())
    if kind is None:
        raise InputError(
            f"picture: {path.name} does not end as the name of a picture. Expected one like hazards.png or hazards.webp"
        )
    return write_whole(path, encoded(contact_sheet(preparation, number), kind))
