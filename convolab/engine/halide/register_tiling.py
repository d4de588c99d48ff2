"""Which tile of the result stays in registers while the products are summed? A model of the inner loop answers.

A tile is `vectors` vectors of channels times `width` × `rows` neighbouring positions. Each round of the inner loop
takes one input channel and one position of the kernel, or a whole row of it: it loads the weights of all its channels,
broadcasts each input that the tile's positions see, and does one multiply-add for each pair. Costs are in
estimated cycles (`machine.py`).
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from convolab.engine.halide.machine import Machine
from convolab.engine.halide.problem import Problem

FAR = 0.5  # additional estimated cycles to load a vector of weights from the second cache
NEAR, NOT_NEAR = 24 * 2**10, 72 * 2**10  # bytes of weights that all stay in the first cache, and of which none do
UNROLLED = 200  # multiply-adds written out at most in one round, so that compiling stays short
ROWS = 3  # rows of a tile at most
# Few pipelines should serve all sizes. Above so many positions a tile has an even number of them, unless it is a whole
# row, of at most so many, whose number is compiled in.
WIDTH, WHOLE = 8, 14
UNKNOWN = 4  # factor where only at run time is known which of a tile's positions have which taps
LONE = 5  # estimated cycles of a multiply-add of a lone channel, on registers of one lane
LONE_UNROLLED, LONE_ROLLED = 256, 2  # the same bound for a lone channel, and the factor of its cost beyond it
ROW, PART = 30, 20  # positions of a lone channel's row that make one tile, and of a tile otherwise
NARROW = 9  # sums beside which the inputs that a row's positions share stay in registers


@dataclass(frozen=True)
class Tile:
    """`vectors` vectors of `lanes` channels each, times `width` positions of each of `rows` rows.

    If `unrolled`, a round of the inner loop has all positions of a kernel's row written out.
    """

    lanes: int
    vectors: int
    width: int
    rows: int
    unrolled: bool

    @property
    def channels(self) -> int:
        return self.lanes * self.vectors

    @property
    def sums(self) -> int:
        """How many registers hold sums."""
        return self.vectors * self.width * self.rows


@dataclass(frozen=True)
class ResultPlane:
    """What is cut into tiles: a plane of the result, with its channels."""

    channels: int
    width: int
    height: int  # rows that may lie in one tile
    kernel: int  # positions of its row
    shared: bool  # neighbouring positions see the same inputs
    tested: bool  # each position of the kernel's row may lie in the padding
    weights: int = 0  # bytes, for each channel
    stride: int = 1  # after so many positions of a row the kernel's positions that are their taps repeat
    forward: bool = True

    @classmethod
    def of(cls, operation: str, p: Problem) -> "ResultPlane":
        """The plane of the forward sum or of the input gradient."""
        forward, axis = operation == "forward", p.axes[0]
        channels, extents = (p.outputs, p.output) if forward else (p.inputs, p.input)
        # A test of one row's taps would be a test of each tap of a tile of several rows.
        rows = extents[1] if forward and p.dims > 1 and not p.leaves[1] else 1
        tested = p.leaves[0] if forward else True
        stride, weights = 1 if forward else axis.stride, p.weight_bytes(channels)
        return cls(channels, extents[0], rows, axis.kernel, axis.stride == 1, tested, weights, stride, forward)

    @classmethod
    def of_pairs(cls, p: Problem) -> "ResultPlane":
        """The plane of the forward sum over pairs of channels, which reads the padding's zeros."""
        return replace(cls.of("forward", p), height=p.output[1] if p.dims > 1 else 1, tested=False)

    def repeats(self, width: int) -> bool:
        """Whether taps repeat in all tiles of that width, even in the last one, which is moved inwards."""
        return width == self.width or (width % self.stride == 0 and (self.width - width) % self.stride == 0)

    def tiles(self, tile: Tile) -> int:
        """How many tiles cover the plane."""
        return -(-self.channels // tile.channels) * -(-self.width // tile.width) * -(-self.height // tile.rows)


def step_cost(machine: Machine, tile: Tile, plane: ResultPlane) -> float:
    """Estimated cycles for one input channel and one row of the kernel."""
    if tile.lanes == 1:
        return LONE / machine.lanes * tile.width * plane.kernel * (1 if tile.unrolled else LONE_ROLLED)
    positions = plane.kernel if tile.unrolled else 1
    loads, pixels = tile.vectors * positions, tile.width * tile.rows
    reread = machine.few and (not plane.shared or tile.sums > NARROW)
    broadcasts = pixels * positions if reread else pixels + positions - 1
    far = FAR * loads * min(1, max(0, tile.channels * plane.weights - NEAR) / (NOT_NEAR - NEAR))
    # The units are busy with as many sums as a multiply-add takes cycles only if no multiply-add is ever late.
    sums = tile.sums + max(0, (machine.costs.late - tile.sums) / 2)
    work = max(sums * positions, loads + broadcasts, machine.costs.latency * positions) + far
    work *= 1 if fits(machine, tile, plane) else machine.costs.spill
    return (work + (machine.costs.test if plane.tested else machine.costs.step)) * plane.kernel / positions


def fits(machine: Machine, tile: Tile, plane: ResultPlane) -> bool:
    """Whether the values of a round stay in registers, as the compiler puts them there."""
    positions = plane.kernel if tile.unrolled else 1
    if machine.few:
        # The weights of one position and an input, or of a written out row the weights that the compiler loads ahead.
        ahead = 3 if positions == 3 and not plane.shared else 2
        return tile.sums + (tile.vectors * ahead if positions > 1 else tile.vectors + 1) < machine.registers
    # Broadcasts are kept apart from the sums while a row's positions share them.
    broadcasts = tile.width + positions - 1
    if tile.vectors == 1:
        return not tile.unrolled or tile.sums + broadcasts + 1 <= machine.registers
    return tile.sums + min(broadcasts, 13) + tile.vectors <= machine.registers + 4


@lru_cache(maxsize=4096)
def best_tile(machine: Machine, plane: ResultPlane) -> Tile:
    """The tile that sums the plane in the fewest estimated cycles."""
    if plane.channels == 1:
        if plane.stride == 1:
            # Neighbouring positions lie across the lanes.
            most = min(4 * machine.lanes, plane.width, max(machine.lanes, LONE_UNROLLED // plane.kernel))
            width = 1 << (most.bit_length() - 1)
            return Tile(1, 1, width, 1, width * plane.kernel <= LONE_UNROLLED)
        width = plane.width if plane.width <= ROW else PART
        return Tile(1, 1, width, 1, width * plane.kernel <= LONE_UNROLLED)
    lanes = min(machine.lanes, 1 << (plane.channels - 1).bit_length())
    # Of equal ones the tile with the most channels: its inputs are broadcast least often.
    vectors = range(min(4, -(-plane.channels // lanes)), 0, -1)
    widths = [
        w
        for w in range(1, min(plane.width, machine.widest) + 1)
        if w <= WIDTH or w % 2 == 0 or w == plane.width <= WHOLE
    ]
    # Several rows where one is not enough: they lie apart in memory.
    heights = range(1, min(plane.height, ROWS) + 1)
    tiles = [
        Tile(lanes, v, w, h, unrolled)
        for v, w, h, unrolled in product(vectors, widths, heights, (True, False))
        if (h == 1 or w == plane.width <= WHOLE)
        and (unrolled == (v * w * h * plane.kernel <= UNROLLED) or (machine.few and not unrolled))
    ]
    unknown = {w: 1 if plane.repeats(w) else UNKNOWN for w in widths}
    return min(tiles, key=lambda tile: plane.tiles(tile) * step_cost(machine, tile, plane) * unknown[tile.width])
