"""How the weight gradient is divided: tiles in registers, chunks in the cache, pieces and parts among the threads.

A piece is a block of output channels, as many as a tile has, times some input channels: its sums stay in the cache
while it goes through the batch chunk by chunk. Where there are too few pieces for the threads, the batch is divided
into parts whose sums are added up at the end. All of it depends on the shapes alone and not on how many threads there
are, and with it the order of every sum: the result has the same bits on any number of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from convolab.engine.halide.algorithm import Problem
from convolab.engine.halide.machine import Machine
from convolab.engine.halide.winograd_blocks import divisors

STEP = 2  # estimated cycles of each round of the inner loop besides its products
DEPTH = 12  # input channels of a tile at most
TILES = 3  # that are tried with all the rest
PIXELS = 384  # of a chunk, nearly
FLUSH = 5  # estimated cycles to add a register's worth of a chunk's sums to those of the chunks before
CHUNK, PIECE = 2**18, 2**18  # bytes of a chunk's gradients and of a piece's sums that the second cache holds
PARTS = 2**20  # bytes of all parts' sums at most
FAR = 8  # estimated cycles to write and read again a register's worth of numbers beyond the second cache
FEWEST = 8  # input channels of a piece, unless there are fewer
LAST = 2**22  # bytes that the last cache holds for all threads
WORKERS = 8  # threads that the pieces should keep busy


@dataclass(frozen=True)
class WeightTile:
    """`vectors` vectors of `lanes` output channels, times `width` positions of a kernel's row, times `depth` inputs."""

    lanes: int
    vectors: int
    width: int
    depth: int

    @property
    def channels(self) -> int:
        return self.lanes * self.vectors

    @property
    def sums(self) -> int:
        """Registers that hold sums."""
        return self.vectors * self.width * self.depth


@dataclass(frozen=True)
class Division:
    """A chunk is `rows` rows (of the last axis) of `images` images; a piece has as many `inputs`.

    The gradients are copied, with the channels of a tile side by side, before anything else (`copied_first`), or by
    each piece anew, chunk by chunk.
    """

    tile: WeightTile
    rows: int
    images: int
    parts: int
    inputs: int
    copied_first: bool


def best_division(p: Problem, machine: Machine) -> Division:
    return min(divisions(p, machine), key=lambda division: division_cycles(p, machine, division))


def divisions(p: Problem, machine: Machine) -> Iterator[Division]:
    """Of the tiles that take the fewest estimated cycles by themselves."""
    size, kernel = p.type.bytes(), prod(p.weight[: p.dims])
    for tile in sorted(tiles(p, machine), key=lambda tile: tile_cycles(p, machine, tile))[:TILES]:
        most = max(1, PIECE // (tile.channels * kernel * size))
        for (rows, images), inputs in product(chunks(p), inputs_of(p, tile, most)):
            counts = p.batch // images, p.output[p.dims - 1] // rows
            for parts in (1, 2, 4, 8, 16):
                if parts == 1 or (parts * prod(p.weight) * size <= PARTS and any(n % parts == 0 for n in counts)):
                    for copied_first in (True, False):
                        yield Division(tile, rows, images, parts, inputs, copied_first)


def tiles(p: Problem, machine: Machine) -> Iterator[WeightTile]:
    lanes = min(machine.lanes, 1 << (p.outputs - 1).bit_length())
    vectors, depths = range(1, min(4, -(-p.outputs // lanes)) + 1), range(1, min(DEPTH, p.inputs) + 1)
    # The rest of a row would be tested for in the inner loop.
    for v, w, d in product(vectors, divisors(p.weight[0]), depths):
        if v * w * d < machine.registers:
            yield WeightTile(lanes, v, w, d)


def chunks(p: Problem) -> list[tuple[int, int]]:
    """Rows and images of the chunks nearest to `PIXELS`, from below and from above."""
    *row, last = p.output[: p.dims]
    pixels = prod(row)
    sizes = {pixels * rows: (rows, 1) for rows in divisors(last)}
    sizes |= {pixels * last * images: (last, images) for images in divisors(p.batch)}
    above = [size for size in sizes if size >= PIXELS]
    below = [size for size in sizes if size <= PIXELS]
    return [sizes[size] for size in sorted({*([max(below)] if below else []), *([min(above)] if above else [])})]


def inputs_of(p: Problem, tile: WeightTile, most: int) -> list[int]:
    """How many input channels a piece may have: all of them, or some that tiles fill and that divide them."""
    sizes = [size for size in divisors(p.inputs) if FEWEST <= size <= most and size % tile.depth == 0]
    return sizes if p.inputs in sizes else [*sizes, *([p.inputs] if p.inputs <= most or not sizes else [])]


def tile_cycles(p: Problem, machine: Machine, tile: WeightTile) -> float:
    """For one output of all channels."""
    steps = -(-p.outputs // tile.channels) * -(-p.inputs // tile.depth) * -(-p.weight[0] // tile.width)
    cycles = max(tile.sums, tile.vectors + tile.width * tile.depth, machine.costs.latency) + STEP
    # With few registers an input needs one of its own; with many it is read from memory as it is multiplied.
    fits = tile.sums + tile.vectors + (1 if machine.few else 2) < machine.registers
    return prod(p.weight[1 : p.dims]) * steps * cycles * (1 if fits else machine.costs.spill)


def division_cycles(p: Problem, machine: Machine, division: Division) -> float:
    """For one group, with as many threads as there can be pieces."""
    tile, outputs, kernel = division.tile, prod(p.output[: p.dims]) * p.batch, prod(p.weight[: p.dims])
    blocks, pieces = -(-p.outputs // tile.channels), -(-p.inputs // division.inputs)
    tasks = blocks * pieces * division.parts * p.groups
    pixels = outputs // p.batch // p.output[p.dims - 1] * division.rows * division.images
    size, far = p.type.bytes(), FAR / machine.lanes
    products = outputs * tile_cycles(p, machine, tile)
    products += outputs / pixels * FLUSH * blocks * tile.channels * kernel * p.inputs / machine.lanes
    copied = machine.costs.move * outputs * p.outputs
    if not division.copied_first:
        copied *= pieces
        copied += 0 if pixels * tile.channels * size <= CHUNK else far * outputs * p.outputs * pieces
    elif outputs * p.outputs * size > CHUNK:
        copied += far * outputs * p.outputs
    summed = far * division.parts * prod(p.weight[:-1]) if division.parts > 1 else 0
    seen = prod(p.input[: p.dims + 1]) * p.batch
    # Each block goes through the inputs of its part.
    read = far * seen * blocks if seen * size / division.parts > LAST else 0
    return (products + copied + read + summed) * -(-tasks // WORKERS) * WORKERS / tasks
