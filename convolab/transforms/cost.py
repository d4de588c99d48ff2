"""What do tiles cost, and what does the direct sum? A model with recorded constants; nothing is ever timed.

All costs are nanoseconds of one core, so that the choice, and with it the bits, does not depend on the number of
threads. The constants are medians on an AMD EPYC with AVX-512, but for the direct sums: those are between that machine
and one with AVX2, whose lanes are half as many, so that one call has one answer on both.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import inf, log2, prod
from typing import Any

TRANSFORM = 0.12  # for each number of a tile and each halving, of one transform of float32; float64 takes twice as long
MULTIPLY = 0.6  # for each number of a tile and each pair of channels
MOVE = 1.0  # for each number of a tile, into it or out of it
CALL = 40_000.0  # for each tile: what Python does around it
LINES = 0.12  # the same for several lines of one axis together; a line alone takes longer than a plane
CACHED = 17  # doublings up to which a tile of float32 lies in the second cache
BEYOND = 0.1  # more, for each doubling beyond
FILTER = 0.03  # direct, for each tap of a filter's pixel
LINE = 0.05  # direct, for each tap of the row and of the column of a kernel that separates, rounded one by one
FEW, MANY = 0.05, 0.015  # direct, for each product of the operator: few channels, and many
# Factors of the direct gradients where rows of the kernel are longer; that of the input is for more axes than one.
WIDE_WEIGHT, LONG_WEIGHT = 10.0, 32
WIDE_INPUT, LONG_INPUT = 5.0, 16
MANY_CHANNELS = 16  # pairs of channels in a group from which there are many
MOST = 2**20  # numbers of a tile, where longer windows do not need more: it has to be kept once for each thread
SMALLEST = 2**12  # numbers of a tile, however many are kept
TOGETHER = 8  # lines that are transformed together, where they have not more numbers than
MOST_TOGETHER = 2**19
LENGTHS = tuple(sorted({2**n for n in range(4, 22)} | {3 * 2**n for n in range(3, 20)}))


@dataclass(frozen=True)
class TileGrid:
    """The tiles of one sum: how long the transforms are, how many sums a tile gives, and what all of it costs.

    Attributes
    ----------
    lengths, sums : tuple of int
        For each axis: numbers that go into a tile, and sums that come out, which is `span - 1` fewer.
    cost : float
        Estimated nanoseconds of one core.
    run : int
        How many tiles of a line, one after another, are transformed together.
    """

    lengths: tuple[int, ...]
    sums: tuple[int, ...]
    cost: float
    run: int = 1

    @property
    def reach(self) -> tuple[int, ...]:
        """Numbers that go into a run of tiles, along each axis."""
        return (*self.lengths[:-1], (self.run - 1) * self.sums[-1] + self.lengths[-1])

    @property
    def given(self) -> tuple[int, ...]:
        """Sums that come out of a run."""
        return (*self.sums[:-1], self.run * self.sums[-1])

    @property
    def elements(self) -> int:
        return prod(self.lengths)


@lru_cache(maxsize=4096)
def best_tiling(
    spans: tuple[int, ...], sums: tuple[int, ...], *, ins: int = 1, outs: int = 1, pairs: int = 1, planes: int = 0,
    double: bool = False, kept: int = 2,
) -> TileGrid:  # fmt: skip
    """Return the cheapest tiles.

    Parameters
    ----------
    spans : tuple of int
        How many positions a window reaches over, along each axis.
    sums : tuple of int
        How many windows there are along each axis, with stride 1.
    ins, outs, pairs : int
        Transforms into and out of the tiles at each place, and products of channels there; 1, 1, 1 for one plane.
    planes : int
        Transforms that are made once, of the weights.
    double : bool
        Whether the tiles are float64.
    kept : int
        How many tiles are in memory at a time, in each thread.
    """
    most = max(2 * MOST // kept, SMALLEST)
    best = TileGrid((), (), inf)
    for lengths in product(*(_useful(span, count) for span, count in zip(spans, sums, strict=True))):
        inner = tuple(n - span + 1 for n, span in zip(lengths, spans, strict=True))
        tiles = prod(-(-count // each) for count, each in zip(sums, inner, strict=True))
        run = max(1, min(TOGETHER, tiles, 2 * MOST_TOGETHER // kept // lengths[0])) if len(spans) == 1 else 1
        cost = _cost(lengths, tiles, run, ins, outs, pairs, planes, double)
        if prod(lengths) > most and best.cost < inf:
            continue
        if cost < best.cost:
            best = TileGrid(lengths, inner, cost, run)
    return best


def _cost(
    lengths: tuple[int, ...], tiles: int, run: int, ins: int, outs: int, pairs: int, planes: int, double: bool
) -> float:
    elements = prod(lengths)
    doublings = log2(elements) + double
    each = (2 if double else 1) * (1 + BEYOND * max(0.0, doublings - CACHED))
    transform = each * (LINES if len(lengths) == 1 else TRANSFORM) * elements * log2(elements)
    place = (ins + outs) * (transform + each * MOVE * elements) + each * MULTIPLY * pairs * elements + CALL / run
    return tiles * place + planes * transform


def _useful(span: int, count: int) -> list[int]:
    """Return the lengths that may be the best: longer than the span, and none twice as long as all there is."""
    enough = next(n for n in LENGTHS if n >= min(span + count - 1, LENGTHS[-1]))
    useful = [n for n in LENGTHS if span < n <= enough and n >= min(1.2 * span, enough)]
    return useful or [enough]


def products_cost(operation: str, products: float, pairs: int, kernel: tuple[int, ...]) -> float:
    """Return what the operator's direct sum costs: its multiply-adds, pairs of channels in a group, and the kernel."""
    cost = (MANY if pairs >= MANY_CHANNELS else FEW) * products
    if operation == "weight_gradient" and kernel[-1] > LONG_WEIGHT:
        return WIDE_WEIGHT * cost
    return WIDE_INPUT * cost if operation == "input_gradient" and len(kernel) > 1 and kernel[-1] > LONG_INPUT else cost


def compared(direct: float, tiling: TileGrid) -> dict[str, Any]:
    """Return both costs in milliseconds of one core, the tile, and a sentence that says which is less."""
    why = f"{'transforms' if tiling.cost < direct else 'products one by one'} are estimated to cost less"
    return {
        "direct_ms": direct / 1e6, "transform_ms": tiling.cost / 1e6, "tile": list(tiling.lengths), "why": why
    }  # fmt: skip
