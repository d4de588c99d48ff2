"""Which weak crests does a chain of neighbours, of eight each, tie to a strong one? Found in rows of bits.

Ties are spread from row to row, down and up again, until nothing changes; inside a row the carry of an addition runs
through a whole stretch of crests at once. What still changes after many sweeps is left to winding.py.
"""

from collections.abc import Iterator

import numpy as np

from convolab.filters import winding
from convolab.filters.chains import Chains

SWEEPS = 16  # of all rows, from which the linear way is shorter
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def tie(chains: Chains) -> None:
    """Tie the chains, with Python's long integers, one a row."""
    rows = _Rows(chains)
    for y in range(1, chains.height + 1):
        rows.spread(y, rows.tied(y))
    for _ in range(SWEEPS):
        if not rows.waiting:
            return
        for y, source in rows.sweep():
            reached = rows.tied(source)
            fresh = (reached | reached << 1 | reached >> 1) & rows.crests(y) & ~rows.tied(y)
            if fresh:
                rows.spread(y, fresh)
    if rows.waiting:
        winding.tie(chains)


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
