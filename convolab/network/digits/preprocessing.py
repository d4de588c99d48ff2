"""How does a picture become one like the training images? By the same preparation as theirs.

A digit is found (`segmentation`), cut out and fitted into the box, its strokes are made as wide as is usual, and it is
laid down with its centre of mass where the training images have it. A note says what each step did.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from convolab.errors import InputError
from convolab.network.digits.morphology import bounds, distance_to
from convolab.network.digits.preparation import Preparation, stroke_width
from convolab.network.digits.segmentation import FoundDigit, find
from convolab.pictures.luma import LUMA
from convolab.pictures.photographs import Picture


@dataclass(frozen=True)
class Prepared:
    """The image that the network sees, and what was done to make it.

    pixels : (C, H, W) float32 fractions
    polarity : "dark on light" or "light on dark"
    box : (top, left, bottom, right) of the digit in the picture, in pixels
    contrast : between ink and ground, a fraction of white
    notes : what was done, one sentence each
    """

    pixels: np.ndarray
    polarity: str
    box: tuple[int, int, int, int]
    contrast: float
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain values, with the pixels as integers 0 to 255."""
        return asdict(self) | {
            "box": list(self.box),
            "contrast": round(self.contrast, 3),
            "pixels": np.round(self.pixels * 255).astype(int).tolist(),
        }


def prepare(picture: Picture, preparation: Preparation | None = None, *, name: str = "image") -> Prepared:
    """Prepare a picture as the training images were prepared.

    Parameters
    ----------
    picture : Picture
    preparation : Preparation, optional
        MNIST's if not given.
    name : str
        Of the picture, for messages.

    Raises
    ------
    InputError
        If nothing in the picture stands out from its ground.
    """
    preparation = preparation or Preparation()
    if preparation.kind == "whole":
        return whole(picture, preparation)
    found = find(picture.pixels)
    if found is None:
        raise InputError(f"{name}: nothing stands out from the ground. Expected a picture of one digit")
    return cut_out(picture, found, preparation)


def whole(picture: Picture, preparation: Preparation) -> Prepared:
    """Prepare a picture from border to border: resize it, and invert it where its ground is light instead of dark."""
    pixels = picture.pixels if picture.pixels.ndim == 3 else np.repeat(picture.pixels[..., None], 3, 2)
    planes = pixels.transpose(2, 0, 1)
    if preparation.channels == 1:
        planes = np.tensordot(np.array(LUMA, np.float32), planes, 1)[None]
    size = preparation.size[::-1]
    resized = [Image.fromarray(p).resize(size, Image.Resampling.BICUBIC) for p in planes.astype(np.float32)]
    small = np.clip(np.stack([np.asarray(p) for p in resized]), 0, 1)
    ring = np.concatenate([small[:, 0], small[:, -1], small[:, :, 0], small[:, :, -1]], 1)
    is_dark = bool(np.median(ring) < 0.5)
    notes = [*picture.notes, f"resized from {_size(picture.size)} to {_size(preparation.size)} pixels"]
    if preparation.channels == 1 and is_dark != preparation.light_on_dark:
        small = 1 - small
        notes.append(f"inverted, so that the ground is {'dark' if preparation.light_on_dark else 'light'}")
    polarity = "light on dark" if is_dark else "dark on light"
    return Prepared(small, polarity, (0, 0, *picture.size), float(np.ptp(small)), notes)


def _size(size) -> str:
    return f"{size[1]} × {size[0]}"


def cut_out(picture: Picture, found: FoundDigit, preparation: Preparation) -> Prepared:
    """Prepare the digit that was found as a training image."""
    height, width = picture.size
    top, left, bottom, right = (round(f * s) for f, s in zip(found.box, (height, width) * 2, strict=True))
    drawn, widened = fitted(found.mask, preparation)
    pixels = centred(drawn, preparation)
    polarity = "dark on light" if found.dark else "light on dark"
    notes = [
        *picture.notes,
        f"found ink, {polarity}, with a contrast of {found.contrast:.0%}",
        *found.notes,
        f"cropped {right - left} × {bottom - top} of {_size(picture.size)} pixels",
        *widened,
        f"fitted into {preparation.box} × {preparation.box}, centred by mass in {_size(preparation.size)}",
    ]
    if not preparation.light_on_dark:
        pixels = 1 - pixels
    return Prepared(pixels[None], polarity, (top, left, bottom, right), found.contrast, notes)


def fitted(mask: np.ndarray, preparation: Preparation) -> tuple[np.ndarray, list[str]]:
    """Fit a mask of strokes into the box, with strokes as wide as the training images have them; and a note."""
    top, left, bottom, right = bounds(mask)
    room, box = max(bottom - top, right - left), preparation.box
    mask = np.pad(mask[top:bottom, left:right], room // 5)
    drawn = _shrunk(mask, box)
    width = made = float(stroke_width(drawn))
    wanted = float(np.clip(width, *preparation.stroke))
    if abs(wanted - width) < 0.1:
        return drawn, []
    outside, inside, r = distance_to(mask), distance_to(~mask), 0.0
    for _ in range(3):
        # Growing by r on every side makes strokes wider and the box larger, which shrinks them again. No stroke is
        # narrowed by more than 0.6 of its width, so that its thin parts stay.
        r = max(r + room * (wanted - made) / (2 * (box - wanted)), -0.3 * room * width / box)
        grown = outside <= r if r > 0 else inside > -r
        if not grown.any():  # strokes so thin that nothing of them would be left
            break
        drawn = _shrunk(grown, box)
        made = float(stroke_width(drawn))
    return drawn, [f"{'widened' if made > width else 'narrowed'} strokes from {width:.1f} to {made:.1f} pixels"]


def _shrunk(mask: np.ndarray, box: int) -> np.ndarray:
    """Crop the mask to what it holds and average it down until its longer side has `box` pixels: float32 fractions."""
    top, left, bottom, right = bounds(mask)
    scale = box / max(bottom - top, right - left)
    size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    image = Image.fromarray(mask[top:bottom, left:right].astype(np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BOX))


def centred(drawn: np.ndarray, preparation: Preparation) -> np.ndarray:
    """Lay the digit on black, moved by whole pixels, with its centre of mass where the training images have it."""
    (height, width), (h, w) = preparation.size, drawn.shape
    y = round(preparation.centre[0] - drawn.sum(1) @ np.arange(h) / drawn.sum())
    x = round(preparation.centre[1] - drawn.sum(0) @ np.arange(w) / drawn.sum())
    y, x = int(np.clip(y, 0, height - h)), int(np.clip(x, 0, width - w))
    out = np.zeros((height, width), np.float32)
    out[y : y + h, x : x + w] = drawn
    return out
