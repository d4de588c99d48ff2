"""Which weak crests does a chain of neighbours, of eight each, tie to a strong one? Found in rows of bits.

A quarter of a byte a pixel holds everything: a bit says that there is a crest, another that a strong one is tied to it.
Both are spread from row to row, down and up again, until nothing changes; inside a row the carry of an addition runs
through a whole stretch of crests at once.
"""

import tempfile
from collections.abc import Callable, Iterator
from math import ceil

import numpy as np

from convolab.filters.crests import STRONG, WEAK

LANES = 8  # words that are swept at once
IN_MEMORY = 512 << 20  # bytes of bits; those of larger images lie in a temporary file
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


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
        self._bytes(0, start, len(codes))[...] = np.packbits(codes, axis=1, bitorder="little")
        self._bytes(1, start, len(codes))[...] = np.packbits(codes & (STRONG - WEAK), axis=1, bitorder="little")

    def tie(self, tie: Callable[["Chains"], None]) -> None:
        """Tie weak crests to strong ones, with an engine's `tie`."""
        if self.tied.any():
            tie(self)

    def lines(self, start: int, stop: int) -> np.ndarray:
        """Return rows start … stop - 1, 1 on the lines and 0 elsewhere, uint8 (stop - start, W)."""
        return np.unpackbits(self._bytes(1, start, stop - start), axis=1, count=self.width, bitorder="little")

    def _bytes(self, plane: int, start: int, count: int) -> np.ndarray:
        return self.bits.view(np.uint8)[plane, 1 + start : 1 + start + count, 8 : 8 + ceil(self.width / 8)]


def tie(chains: Chains) -> None:
    """Tie the chains, with Python's long integers, one a row."""
    rows = _Rows(chains)
    for y in range(1, chains.height + 1):
        rows.spread(y, rows.tied(y))
    while rows.waiting:
        for y, source in rows.sweep():
            reached = rows.tied(source)
            fresh = (reached | reached << 1 | reached >> 1) & rows.crests(y) & ~rows.tied(y)
            if fresh:
                rows.spread(y, fresh)


class _Rows:
    """Rows as integers, bit after bit, and which of them have to look at a neighbour that has grown."""

    def __init__(self, chains: Chains):
        self.bits, self.length = chains.bits, 8 * chains.bits.shape[2]
        self.height = chains.height
        self.down, self.up = (np.zeros(chains.height + 2, bool) for _ in range(2))  # to look above, to look below

    @property
    def waiting(self) -> bool:
        return bool(self.down.any() or self.up.any())

    def sweep(self) -> Iterator[tuple[int, int]]:
        """Yield the rows that have to look, each with the row to look at: from the top down, then up again."""
        for flags, rows, step in (
            (self.down, range(1, self.height + 1), -1), (self.up, range(self.height, 0, -1), 1),
        ):  # fmt: skip
            for y in rows:
                if flags[y]:
                    flags[y] = False
                    yield y, y + step
            flags[:] = False

    def crests(self, y: int) -> int:
        return int.from_bytes(self.bits[0, y].tobytes(), "little")

    def tied(self, y: int) -> int:
        return int.from_bytes(self.bits[1, y].tobytes(), "little")

    def spread(self, y: int, seeds: int) -> None:
        """Tie every stretch of crests of a row that holds a seed."""
        if not seeds:
            return
        crests, length = self.crests(y), self.length
        found = _upwards(crests, seeds)
        found = self._reversed(_upwards(self._reversed(crests), self._reversed(found)))
        self.bits[1, y] |= np.frombuffer(found.to_bytes(length, "little"), np.int64)
        self.down[y + 1] = self.up[y - 1] = True

    def _reversed(self, value: int) -> int:
        return int.from_bytes(value.to_bytes(self.length, "little").translate(_REVERSED), "big")


def _upwards(crests: int, seeds: int) -> int:
    """Return the seeds and the crests above them: the carry of the sum turns a stretch from its first seed on."""
    return (((crests + seeds) ^ crests) & crests) | seeds
