"""Channels or pixels across the lanes? The cycles that each would take, by a model of its inner loop."""

from functools import lru_cache
from math import prod

import numpy as np

from convolab.engine.halide.algorithm import Problem, leaves
from convolab.engine.halide.columns import Rows
from convolab.engine.halide.machine import Machine, machine
from convolab.engine.halide.tiles import best_tile, lanes_for, step_cost
from convolab.geometry import Geometry

MOVE = 0.6  # cycles to bring one number from between its neighbours to between other ones
COPY = 4  # cycles to load a register's worth of numbers and to store it
MARGIN = 0.9  # columns must be so much faster: they take memory
WIDEST = 28  # positions of a kernel's row at most, each with a register of its own


@lru_cache(maxsize=4096)
def takes_columns(operation: str, geometry: Geometry, dtype: np.dtype) -> bool:
    """Whether the sum over columns (`columns.py`) is the faster one."""
    p, here = Problem(geometry, dtype), machine(8 * np.dtype(dtype).itemsize)
    rows = Rows(p)
    if rows.positions < here.lanes or p.weight[0] > min(WIDEST, here.registers - 4):
        return False
    return column_cycles(operation, p, rows, here) < MARGIN * channel_cycles(operation, p, here)


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
