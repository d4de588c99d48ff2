"""How is the weight gradient divided? Tiles stay in registers, chunks in the cache; threads share pieces and parts.

A piece is a block of output channels, as many as a tile has, times some input channels: its sums stay in the cache
while it goes through the batch chunk by chunk. Where there are too few pieces for the threads, the batch is divided
into parts whose sums are added up at the end. The division, and so the order of every sum, depends on the shapes alone:
the result has the same bits on any number of threads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from convolab.engine.halide.machine import Machine
from convolab.engine.halide.problem import Problem
from convolab.engine.halide.winograd_blocks import divisors

STEP = 2  # estimated cycles of each round of the inner loop besides its products
DEPTH = 12  # input channels of a tile at most
TILES = 3  # tiles that are tried with every division of the rest
PIXELS = 384  # pixels that a chunk should have
FLUSH = 5  # estimated cycles to add a register's worth of a chunk's sums to those of the chunks before
CHUNK, PIECE = 2**18, 2**18  # bytes of a chunk's gradients, and of a piece's sums, that the second cache holds
PARTS = 2**20  # bytes of all parts' sums at most
FAR = 8  # estimated cycles to write and read again a register's worth of numbers beyond the second cache
FEWEST = 8  # input channels of a piece, unless there are fewer
LAST = 2**22  # bytes that the last cache holds for all threads
WORKERS = 8  # threads that the pieces should keep busy


@dataclass(frozen=True)
class WeightTile:
    """A tile: `vectors` vectors of `lanes` output channels × `width` positions of a kernel's row × `depth` inputs."""

    lanes: int
    vectors: int
    width: int
    depth: int

    @property
    def channels(self) -> int:
        return self.lanes * self.vectors

    @property
    def sums(self) -> int:
        """How many registers hold sums."""
        return self.vectors * self.width * self.depth


@dataclass(frozen=True)
class Pieces:
    """What compiled code knows of a division.

    Attributes
    ----------
    tile : WeightTile
    parts : int
        Parts of the batch whose sums are added up at the end.
    copied_first : bool
        The gradients are copied, with the channels of a tile side by side, before anything else; if not, each piece
        copies them anew, chunk by chunk.
    bands : bool
        The parts are bands of rows of all images, and otherwise stacks of images.
    """

    tile: WeightTile
    parts: int
    copied_first: bool
    bands: bool


@dataclass(frozen=True)
class Division:
    """One way to divide the work; `tile`, `parts` and `copied_first` are those of `Pieces`.

    Attributes
    ----------
    rows, images : int
        A chunk is so many rows (of the last axis) of so many images.
    inputs : int
        Input channels of a piece.
    """

    tile: WeightTile
    rows: int
    images: int
    parts: int
    inputs: int
    copied_first: bool

    def pieces(self, p: Problem) -> tuple[Pieces, dict[str, int]]:
        """What compiled code knows, and the sizes that a call brings."""
        counts = {"bands": p.output[p.dims - 1] // self.rows, "stacks": p.batch // self.images}
        # Each part has some of the stacks of images, or, where these do not divide, some of the bands of rows.
        divided = "bands" if counts["stacks"] % self.parts else "stacks"
        counts[divided] //= self.parts
        sizes = {"rows": self.rows, "images": self.images, "piece": self.inputs, **counts}
        return Pieces(self.tile, self.parts, self.copied_first, divided == "bands"), sizes


def best_division(p: Problem, machine: Machine) -> Division:
    """The division with the fewest estimated cycles."""
    return min(_divisions(p, machine), key=lambda division: division_cycles(p, machine, division))


def _divisions(p: Problem, machine: Machine) -> Iterator[Division]:
    """All divisions with those tiles that take the fewest estimated cycles by themselves."""
    size, kernel = p.type.bytes(), prod(p.weight[: p.dims])
    for tile in sorted(tiles(p, machine), key=lambda tile: tile_cycles(p, machine, tile))[:TILES]:
        most = max(1, PIECE // (tile.channels * kernel * size))
        for (rows, images), inputs in product(chunks(p), _inputs_of(p, tile, most)):
            counts = p.batch // images, p.output[p.dims - 1] // rows
            for parts in (1, 2, 4, 8, 16):
                if parts == 1 or (parts * prod(p.weight) * size <= PARTS and any(n % parts == 0 for n in counts)):
                    for copied_first in (True, False):
                        yield Division(tile, rows, images, parts, inputs, copied_first)


def tiles(p: Problem, machine: Machine) -> Iterator[WeightTile]:
    """All tiles whose sums fit in the registers."""
    lanes = min(machine.lanes, 1 << (p.outputs - 1).bit_length())
    vectors, depths = range(1, min(4, -(-p.outputs // lanes)) + 1), range(1, min(DEPTH, p.inputs) + 1)
    # The rest of a row would be tested for in the inner loop.
    for v, w, d in product(vectors, divisors(p.weight[0]), depths):
        if v * w * d < machine.registers:
            yield WeightTile(lanes, v, w, d)


def chunks(p: Problem) -> list[tuple[int, int]]:
    """(rows, images) of the chunks whose size is nearest to `PIXELS`, from below and from above."""
    *row, last = p.output[: p.dims]
    pixels = prod(row)
    sizes = {pixels * rows: (rows, 1) for rows in divisors(last)}
    sizes |= {pixels * last * images: (last, images) for images in divisors(p.batch)}
    above = [size for size in sizes if size >= PIXELS]
    below = [size for size in sizes if size <= PIXELS]
    return [sizes[size] for size in sorted({*([max(below)] if below else []), *([min(above)] if above else [])})]


def _inputs_of(p: Problem, tile: WeightTile, most: int) -> list[int]:
    """How many input channels a piece may have: all, or a divisor of all that is a multiple of the tile's."""
    sizes = [size for size in divisors(p.inputs) if FEWEST <= size <= most and size % tile.depth == 0]
    return sizes if p.inputs in sizes else [*sizes, *([p.inputs] if p.inputs <= most or not sizes else [])]


def tile_cycles(p: Problem, machine: Machine, tile: WeightTile) -> float:
    """Estimated cycles for one output position, over all channels."""
    steps = -(-p.outputs // tile.channels) * -(-p.inputs // tile.depth) * -(-p.weight[0] // tile.width)
    cycles = max(tile.sums, tile.vectors + tile.width * tile.depth, machine.costs.latency) + STEP
    # With few registers an input needs one of its own; with many it is read from memory as it is multiplied.
    fits = tile.sums + tile.vectors + (1 if machine.few else 2) < machine.registers
    return prod(p.weight[1 : p.dims]) * steps * cycles * (1 if fits else machine.costs.spill)


def division_cycles(p: Problem, machine: Machine, division: Division) -> float:
    """Estimated cycles for one group, with `WORKERS` threads."""
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
