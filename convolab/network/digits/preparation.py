"""How were the training images prepared? A few numbers say it, and with them a picture becomes one like them.

MNIST's digits were cut out, fitted into a box of 20 × 20 pixels with their proportions kept, smoothed by the
reduction, and laid into 28 × 28 pixels with the centre of their mass in the middle; they are light on black. These
numbers are measured on the training images and stored with the model, so that a model's file says how its inputs are
to be prepared.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from convolab.errors import InputError

MEASURED = 2_000  # images that are looked at, spread over the whole set
INK = 0.2  # of white: fainter is what JPEG leaves around strokes; on MNIST any value up to 0.3 gives the same box


@dataclass(frozen=True)
class Preparation:
    """The preparation of images, in their own pixels.

    kind : "digit" for one object of strokes on an empty ground, "whole" for pictures used from border to border
    size : height and width
    channels : 1 or 3
    light_on_dark : whether the ground is the dark part
    box : longer side of the box that the object is fitted into
    centre : (y, x) of its centre of mass
    stroke : width of its strokes, 10th and 90th percentile (see `stroke_width`)
    """

    kind: str = "digit"
    size: tuple[int, int] = (28, 28)
    channels: int = 1
    light_on_dark: bool = True
    box: int = 20
    centre: tuple[float, float] = (14.0, 14.0)
    stroke: tuple[float, float] = (1.8, 3.3)

    def to_dict(self) -> dict[str, Any]:
        """The numbers as plain values, as they are stored with a model."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Preparation":
        """The preparation that `to_dict` gave.

        Raises
        ------
        InputError
            If numbers are missing, unknown or out of range.
        """
        try:
            numbers: Any = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
            made = cls(**numbers)
            sound = made.kind in ("digit", "whole") and 1 <= made.box <= min(made.size) <= 4096
            if not (sound and len(made.centre) == len(made.stroke) == len(made.size) == 2 and made.stroke[0] > 0):
                raise ValueError(made)
        except (TypeError, ValueError) as error:
            raise InputError(f"preprocessing: the model's numbers cannot be used ({values})") from error
        return made


def measure(images: np.ndarray) -> Preparation:
    """Measure how these training images were prepared.

    Parameters
    ----------
    images : uint8 (N, C, H, W) array
        About two thousand of them, spread over the whole set, are measured.
    """
    _, channels, *size = images.shape
    levels = np.asarray(images[:: 1 + len(images) // MEASURED], np.float32).mean(1) / 255
    ring = np.concatenate([levels[:, 0], levels[:, -1], levels[:, :, 0], levels[:, :, -1]], 1)
    light_on_dark = bool(np.median(ring) < 0.5)
    levels, ring = (levels, ring) if light_on_dark else (1 - levels, 1 - ring)
    common: dict[str, Any] = {"size": tuple(size), "channels": channels, "light_on_dark": light_on_dark}
    drawn = levels[levels.max((1, 2)) > 0.5]
    if channels > 1 or len(drawn) == 0 or (ring.max(1) < INK).mean() < 0.9:
        return Preparation("whole", **common, box=min(size), centre=(size[0] / 2, size[1] / 2))
    ink = drawn > INK
    box = int(np.median(np.maximum(_reach(ink.any(2)), _reach(ink.any(1)))))
    low, high = np.percentile(stroke_width(drawn), [10, 90])
    mass = drawn.sum((1, 2))
    y = float((drawn.sum(2) @ np.arange(size[0]) / mass).mean())
    x = float((drawn.sum(1) @ np.arange(size[1]) / mass).mean())
    stroke = (round(float(low), 1), round(float(high), 1))
    return Preparation("digit", **common, box=box, centre=(round(y, 1), round(x, 1)), stroke=stroke)


def _reach(filled: np.ndarray) -> np.ndarray:
    """How many places lie from the first to the last True along the last axis, both included."""
    return filled.shape[-1] - filled.argmax(-1) - filled[..., ::-1].argmax(-1)


def stroke_width(images: np.ndarray) -> np.ndarray:
    """The mean width of strokes in pixels: twice the area of the ink over the length of its outline.

    The area is the sum of the image, light on black; the outline the sum of its gradient's length (coarea formula).

    Parameters
    ----------
    images : (…, H, W) array
        Fractions.

    >>> bar = np.zeros((40, 40))
    >>> bar[5:35, 10:13] = 1
    >>> round(float(stroke_width(bar)), 1)
    2.8
    """
    images = np.asarray(images)
    padded = np.pad(images, [(0, 0)] * (images.ndim - 2) + [(1, 1), (1, 1)])
    outline = np.hypot(np.diff(padded, axis=-2)[..., :-1], np.diff(padded, axis=-1)[..., :-1, :]).sum((-2, -1))
    return 2 * images.sum((-2, -1)) / np.maximum(outline, 1e-9)
