"""Which size does a data set's image have for the network?

The networks need 18 pixels a side, and their cost grows with the area: sizes from there to 96 stay as they are.
"""

import numpy as np
from PIL import Image

SMALLEST, LARGEST, REDUCED = 18, 96, 64  # pixels a side: kept from, kept to, and what larger ones are reduced to
USUAL = (28, 28)


def own_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size (H, W) of a picture once it is no larger than needed: reduced by a whole factor where it is.

    >>> own_size((480, 640)), own_size((28, 28))
    ((48, 64), (28, 28))
    """
    if max(size) <= LARGEST:
        return size
    factor = -(-max(size) // REDUCED)
    return max(1, round(size[0] / factor)), max(1, round(size[1] / factor))


def form_of(size: tuple[int, int]) -> tuple[int, int]:
    """The size (H, W) that images of one size get: their own, reduced or enlarged by a whole factor where needed.

    >>> form_of((28, 28)), form_of((8, 8)), form_of((16, 16)), form_of((1024, 1024))
    ((28, 28), (24, 24), (32, 32), (64, 64))
    """
    height, width = own_size(size)
    factor = -(-SMALLEST // min(height, width))
    if factor * max(height, width) > 2 * LARGEST:  # a strip: as a whole number of times it would be vast
        return max(SMALLEST, height), max(SMALLEST, width)
    return factor * height, factor * width


def resized(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A plane (H, W) of uint8 in another size: means where it shrinks, interpolated where it grows."""
    if plane.shape == size:
        return plane
    image = Image.fromarray(np.ascontiguousarray(plane))
    grows = size[0] * size[1] > plane.size
    return np.asarray(image.resize(size[::-1], Image.Resampling.BICUBIC if grows else Image.Resampling.BOX))
