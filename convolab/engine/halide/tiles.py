"""Which tile of the result stays in registers while the products are summed? A model of the inner loop's cost.

A tile is `vectors` vectors of channels times `width` neighbouring positions. Each step of the inner loop takes one
input channel and one row of the kernel: it loads the weights of all its channels, broadcasts each input that the tile's
positions see, and does one multiply-add for each pair. Costs are in turns (`machine.py`).
"""

from dataclasses import dataclass
from itertools import product

from convolab.engine.halide.machine import Machine

FAR = 1.5  # turns more to load a vector of weights from the second cache
NEAR = 24 * 2**10  # bytes of weights that stay in the first cache
WEIGHT_LATENCY, WEIGHT_STEP, WEIGHT_SPILL = 4, 2, 1.5  # the same for a step of the weight gradient
UNROLLED = 200  # multiply-adds written out at most in one step, so that compiling stays short


@dataclass(frozen=True)
class Tile:
    """`vectors` vectors of `lanes` channels each, times `width` positions."""

    lanes: int
    vectors: int
    width: int

    @property
    def channels(self) -> int:
        return self.lanes * self.vectors

    def unrolls(self, kernel: int) -> bool:
        """Whether all positions of a kernel's row are written out in a step."""
        return self.vectors * self.width * kernel <= UNROLLED


def lanes_for(machine: Machine, channels: int) -> int:
    """The widest vector, a power of two, that the channels fill."""
    lanes = machine.lanes
    while lanes > max(1, channels):
        lanes //= 2
    return lanes


def step_cost(machine: Machine, tile: Tile, kernel: int, weights: int = 0) -> float:
    """Turns of one step, where each channel of the result has so many bytes of `weights`."""
    positions = kernel if tile.unrolls(kernel) else 1
    sums, loads = tile.vectors * tile.width, tile.vectors * positions
    broadcasts = tile.width + positions - 1
    far = FAR * loads if tile.channels * weights > NEAR else 0
    work = max(sums * positions, loads + broadcasts, machine.latency * positions) + far + machine.step
    return work * (1 if fits(machine, tile, positions) else machine.spill) * kernel / positions


def fits(machine: Machine, tile: Tile, positions: int) -> bool:
    """Whether the values of a step stay in registers, as the compiler puts them there."""
    sums = tile.vectors * tile.width
    if machine.few:
        return sums + min(positions, 2) * tile.vectors < machine.registers
    # Broadcasts are kept apart from the sums while a row's positions share them.
    return sums + min(tile.width + positions - 1, 13) + tile.vectors <= machine.registers + 4


def best_tile(machine: Machine, channels: int, width: int, kernel: int, weights: int = 0) -> Tile:
    """The tile that sums a row of `width` positions of all channels in the fewest cycles."""
    lanes = lanes_for(machine, channels)

    def cost(tile: Tile) -> float:
        return -(-channels // tile.channels) * -(-width // tile.width) * step_cost(machine, tile, kernel, weights)

    # Of equal ones the tile with the most channels: its inputs are broadcast least often.
    vectors = range(min(4, channels // lanes), 0, -1)
    widths = range(1, min(width, machine.widest) + 1)
    return min((Tile(lanes, v, w) for v, w in product(vectors, widths)), key=cost)


@dataclass(frozen=True)
class WeightTile:
    """`vectors` vectors of `lanes` output channels, times `width` positions of a kernel's row, times `depth` inputs."""

    lanes: int
    vectors: int
    width: int
    depth: int


def best_weight_tile(machine: Machine, outputs: int, width: int, inputs: int) -> WeightTile:
    """The tile of the weight gradient whose products cost the fewest cycles.

    Each step takes one pixel: it loads the gradients of all the tile's output channels, broadcasts the inputs, and
    does one multiply-add for each pair.
    """
    lanes = lanes_for(machine, outputs)

    def cost(tile: WeightTile) -> float:
        steps = -(-outputs // (lanes * tile.vectors)) * -(-width // tile.width) * -(-inputs // tile.depth)
        broadcasts = tile.width * tile.depth
        sums = tile.vectors * broadcasts
        fits = sums + tile.vectors + 2 <= machine.registers
        return (
            steps * (max(sums, tile.vectors + broadcasts, WEIGHT_LATENCY) + WEIGHT_STEP) * (1 if fits else WEIGHT_SPILL)
        )

    vectors, depths = range(1, min(4, outputs // lanes) + 1), range(1, min(8, inputs) + 1)
    widths = range(1, min(width, machine.registers - 2) + 1)
    return min((WeightTile(lanes, v, w, d) for v, w, d in product(vectors, widths, depths)), key=cost)
