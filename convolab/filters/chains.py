"""The crests of an image and what is tied to strong ones, in a quarter of a byte a pixel.

One bit says that there is a crest, another that a strong one is tied to it.
"""

import tempfile
from collections.abc import Callable
from math import ceil

import numpy as np

from convolab.filters.crests import STRONG, WEAK

LANES = 8  # words that are swept at once
IN_MEMORY = 512 << 20  # bytes of bits; those of larger images lie in a temporary file


class Chains:
    """The crests of an image (H, W), put in row by row, then tied together, and read row by row."""

    def __init__(self, height: int, width: int):
        self.height, self.width = height, width
        shape = 2, height + 2, LANES * ceil(width / 64 / LANES) + 2  # a row and a word of zeros on every side
        if np.prod(shape, dtype=np.int64) * 8 <= IN_MEMORY:
            self.bits = np.zeros(shape, np.int64)
        else:
            with tempfile.TemporaryFile() as file:
                self.bits = np.memmap(file, np.int64, "w+", shape=shape)

    @property
    def crests(self) -> np.ndarray:
        return self.bits[0]

    @property
    def tied(self) -> np.ndarray:
        return self.bits[1]

    def put(self, start: int, codes: np.ndarray) -> None:
        """Take the codes of rows start, start + 1, …"""
        self.bytes_of(0, start, len(codes))[...] = np.packbits(codes, axis=1, bitorder="little")
        self.bytes_of(1, start, len(codes))[...] = np.packbits(codes & (STRONG - WEAK), axis=1, bitorder="little")

    def tie(self, tie: Callable[["Chains"], None]) -> None:
        """Tie weak crests to strong ones, with an engine's `tie`."""
        if self.tied.any():
            tie(self)

    def lines(self, start: int, stop: int) -> np.ndarray:
        """Return rows start … stop - 1, 1 on the lines and 0 elsewhere, uint8 (stop - start, W)."""
        return np.unpackbits(self.bytes_of(1, start, stop - start), axis=1, count=self.width, bitorder="little")

    def bytes_of(self, plane: int, start: int, count: int) -> np.ndarray:
        """Return rows of bits, 8 pixels a byte, of the crests (0) or of those that are tied (1)."""
        return self.bits.view(np.uint8)[plane, 1 + start : 1 + start + count, 8 : 8 + ceil(self.width / 8)]
