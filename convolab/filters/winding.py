"""Which crests does a chain tie that winds through the whole image? Found by labels of stretches, row after row, twice.

The first walk joins the labels of stretches that touch, and notes which of them hold a strong crest; the second gives
every stretch the label that the first gave it, and ties those that belong to a strong one. The cost is linear in the
stretches, however often a chain turns. Memory holds four bytes for each stretch that touches none above it.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from convolab.filters.chains import Chains


class _Row(NamedTuple):
    """Stretches of crests of a row, start … stop - 1, and which of those above, low … high - 1, each touches."""

    number: int
    starts: np.ndarray
    stops: np.ndarray
    labels: np.ndarray
    low: np.ndarray
    high: np.ndarray
    above: np.ndarray


def tie(chains: Chains) -> None:
    """Tie every weak crest that a chain ties to one that is tied already."""
    joined, strong = array("i"), bytearray()
    for row in _rows(chains):
        fresh = int(row.labels.max(initial=-1)) + 1 - len(joined)
        joined.extend(range(len(joined), len(joined) + fresh))
        strong.extend(bytes(max(0, fresh)))
        _join(row, joined)
        seeds = np.flatnonzero(_bits(chains, 1, row.number))
        for label in row.labels[np.searchsorted(row.starts, seeds, "right") - 1].tolist():
            strong[label] = 1
    tied = _tied(np.frombuffer(joined, np.int32), np.frombuffer(strong, bool))
    for row in _rows(chains):
        found = tied[row.labels]
        if found.any():
            _mark(chains, row.number, row.starts[found], row.stops[found])


def _rows(chains: Chains) -> Iterator[_Row]:
    """Yield the rows from the top down; a stretch has the label of the first that it touches above, or a new one."""
    nothing = np.empty(0, np.intp)
    starts = stops = labels = nothing
    used = 0
    for y in range(chains.height):
        ends = np.flatnonzero(np.diff(_bits(chains, 0, y), prepend=0, append=0))
        first, last = ends[::2], ends[1::2]
        low, high = np.searchsorted(stops, first), np.searchsorted(starts, last, "right")
        alone = low >= high
        found = np.empty(len(first), np.intp)
        found[~alone] = labels[low[~alone]]
        count = int(alone.sum())
        found[alone] = np.arange(used, used + count)
        used += count
        yield _Row(y, first, last, found, low, high, labels)
        starts, stops, labels = first, last, found


def _join(row: _Row, joined: array) -> None:
    """Join the labels of stretches that one below them touches."""
    for place in np.flatnonzero(row.high - row.low > 1).tolist():
        first, *others = row.above[row.low[place] : row.high[place]].tolist()
        for other in others:
            one, two = _root(joined, first), _root(joined, other)
            joined[max(one, two)] = min(one, two)


def _root(joined: array, label: int) -> int:
    while joined[label] != label:
        joined[label] = joined[joined[label]]
        label = joined[label]
    return label


def _tied(joined: np.ndarray, strong: np.ndarray) -> np.ndarray:
    """Return which labels belong together with a strong one."""
    while not np.array_equal(joined, further := joined[joined]):
        joined = further
    tied = np.zeros(len(joined), bool)
    tied[joined[strong]] = True
    return tied[joined]


def _mark(chains: Chains, y: int, starts: np.ndarray, stops: np.ndarray) -> None:
    ends = np.zeros(chains.width + 1, np.int8)
    ends[starts], ends[stops] = 1, -1
    chains.bytes_of(1, y, 1)[0] = np.packbits(ends[:-1].cumsum(dtype=np.int8).view(np.uint8), bitorder="little")


def _bits(chains: Chains, plane: int, y: int) -> np.ndarray:
    """Return a row of crests, or of those that are tied, as int8: 1 where there is one."""
    packed = chains.bytes_of(plane, y, 1)[0]
    return np.unpackbits(packed, count=chains.width, bitorder="little").view(np.int8)
