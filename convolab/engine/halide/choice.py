"""Channels, pixels or tiles across the lanes? The cycles that each would take, by a model of its inner loop."""

from dataclasses import replace
from functools import lru_cache
from math import prod

import numpy as np

from convolab.engine.halide import winograd
from convolab.engine.halide.algorithm import Problem, leaves
from convolab.engine.halide.columns import Rows
from convolab.engine.halide.machine import Machine, machine
from convolab.engine.halide.tiles import best_tile, lanes_for, step_cost
from convolab.engine.halide.tiling import Tiling, rounded_up
from convolab.geometry import Geometry

MOVE = 0.6  # cycles to bring one number from between its neighbours to between other ones
COPY = 4  # cycles to load a register's worth of numbers and to store it
MARGIN = 0.9  # columns must be so much faster: they take memory
TRANSFORM = 90  # cycles to transform a register of tiles of one channel, or to turn it into outputs
KERNEL = 40  # cycles to transform one kernel
WAIT = 200_000  # cycles in which the threads wait for each other in each block of a weight gradient
WIDEST = 28  # positions of a kernel's row at most, each with a register of its own


@lru_cache(maxsize=4096)
def best_order(operation: str, geometry: Geometry, dtype: np.dtype, exact: bool = False) -> str:
    """`channels`, `columns` or `tiles`, whichever is the fastest. Tiles need more bits than the sums themselves."""
    p, here = Problem(geometry, dtype), machine(8 * np.dtype(dtype).itemsize)
    cycles = {"channels": channel_cycles(operation, p, here)}
    rows = Rows(p)
    if rows.positions >= here.lanes and p.weight[0] <= min(WIDEST, here.registers - 4):
        cycles["columns"] = column_cycles(operation, p, rows, here) / MARGIN
    if np.dtype(dtype).kind == "f" and winograd.fits(geometry) and not (exact and dtype == np.float32):
        cycles["tiles"] = tile_cycles(operation, p, here)
    return min(cycles, key=lambda order: cycles[order])


def multiplies_padding(geometry: Geometry) -> bool:
    """Whether columns would multiply zeros of the padding: an infinite weight there would give NaN."""
    return any(map(leaves, geometry.axes))


def column_cycles(operation: str, p: Problem, rows: Rows, here: Machine) -> float:
    """For one image and one group."""
    registers = -(-rows.positions // here.lanes) * prod(axis.output for axis in rows.outer)
    products = registers * prod(p.weight[: p.dims + 2])
    if operation == "input_gradient":
        return 1.2 * products + COPY * registers * prod(p.weight[: p.dims + 1])
    laid_out = p.axes[0].kernel * p.inputs * -(-rows.width // here.lanes) * prod(rows.extended[1:])
    return products * 1.05 + COPY * laid_out


def channel_cycles(operation: str, p: Problem, here: Machine) -> float:
    """For one image and one group."""
    outputs, kernel = p.output[: p.dims], p.axes[0].kernel
    if operation == "weight_gradient":
        vectors = -(-p.outputs // lanes_for(here, p.outputs))
        return prod(outputs) * (vectors * prod(p.weight[: p.dims + 1]) * 1.1 + MOVE * p.outputs)
    extents, result, summed = (
        (outputs, p.outputs, p.inputs) if operation == "forward" else (p.input[: p.dims], p.inputs, p.outputs)
    )
    tile = best_tile(here, result, extents[0], kernel)
    tiles = -(-result // tile.channels) * -(-extents[0] // tile.width) * prod(extents[1:])
    steps = float(summed * prod(p.weight[1 : p.dims]))
    if operation == "input_gradient":
        # Only taps are multiplied, and with a stride few of the kernel's positions are taps.
        steps *= prod(axis.output / axis.input for axis in p.axes)
    return tiles * steps * step_cost(here, tile, kernel) + MOVE * result * prod(extents)


def tile_cycles(operation: str, p: Problem, here: Machine) -> float:
    """For one image and one group."""
    summed_tiles = operation == "weight_gradient"
    inputs = operation == "input_gradient" and not winograd.folds(p)
    # As if for one thread: the choice, and with it the bits, must not depend on their number.
    tiling = Tiling(p.input if inputs else p.output, replace(here, threads=1), summed_tiles)
    registers = rounded_up(tiling.tiles, here.lanes) / here.lanes * tiling.blocks_of_rows / tiling.images
    rows = tiling.rows * tiling.blocks_of_rows * tiling.written / here.lanes
    products = winograd.PLACES * registers * p.inputs * p.outputs
    if summed_tiles:
        waits = WAIT * tiling.blocks_of_rows * tiling.blocks_of_images / p.batch
        return 1.3 * products + TRANSFORM * rows * (p.inputs + p.outputs) + waits
    return products + TRANSFORM * rows * (p.inputs + p.outputs) + KERNEL * p.inputs * p.outputs / p.batch
