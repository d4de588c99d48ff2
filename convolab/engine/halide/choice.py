"""Which order is the fastest: channels, pixels or tiles across the lanes of a register?

The estimated cycles of each order come from a model of its inner loop (the unit is defined in `machine.py`).
"""

from dataclasses import replace
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from convolab.engine.exact import FLOAT32, FLOAT64, INT16, Exact
from convolab.engine.halide import winograd
from convolab.engine.halide.columns import FlatRows
from convolab.engine.halide.columns_schedule import FEW
from convolab.engine.halide.machine import Machine, machine
from convolab.engine.halide.pairs import PAIR
from convolab.engine.halide.pipelines import PIXELS, chunk_size
from convolab.engine.halide.problem import Problem, leaves
from convolab.engine.halide.register_tiling import NEAR, ResultPlane, best_tile, step_cost
from convolab.engine.halide.schedule import CACHED
from convolab.engine.halide.weight_tiling import best_division, division_cycles
from convolab.engine.halide.winograd_blocks import Tiling, divisor, rounded_up
from convolab.engine.halide.winograd_transforms import PLACES
from convolab.geometry import Geometry

MARGIN = 0.9  # columns and tiles must take less than this of the time: they need memory, and tiles compile longer
WAIT = 200_000  # estimated cycles that the threads wait for each other in each block of a weight gradient
SPREAD = 250  # estimated cycles to transform a register of tiles of one channel of a weight gradient
WEIGHTS = 220  # estimated cycles to add up a register of a weight gradient's tiles and transform it back
SUMMED = 300  # estimated cycles to add up the sums that lie in one register of a chunk, beyond the second cache
PLANE = 4  # factor of the cost of a lone plane's columns, which are laid out before anything else
WIDEST = 28  # positions that a kernel's row may have, each of which takes a register


@lru_cache(maxsize=4096)
def best_order(operation: str, geometry: Geometry, dtype: np.dtype[Any], exact: bool = False) -> str:
    """The order with the fewest estimated cycles, "channels", "columns" or "tiles"; "pairs" for 16-bit integers."""
    if dtype == np.int16:
        return "pairs"
    p, here = Problem(geometry, dtype), machine(8 * np.dtype(dtype).itemsize)
    cycles = _estimated_cycles(operation, p, here, exact)
    return min(cycles, key=lambda order: cycles[order])


def _estimated_cycles(operation: str, p: Problem, here: Machine, exact: bool) -> dict[str, float]:
    """The estimated cycles of each order that can compute the sum, for one image and one group.

    Tiles need more bits than the sums themselves, so where results must be `exact`, float32 has no tiles.
    """
    cycles = {"channels": _channel_cycles(operation, p, here)}
    rows = FlatRows(p)
    if rows.positions >= here.lanes and p.weight[0] <= min(WIDEST, here.registers - 4):
        cycles["columns"] = _column_cycles(operation, p, rows, here) / MARGIN
    if p.type.is_float() and winograd.fits(p.geometry) and not (exact and p.type.bits() == 32):
        cycles["tiles"] = tile_cycles(operation, p, here) / MARGIN
    return cycles


@lru_cache(maxsize=4096)
def exact_types(operation: str, geometry: Geometry) -> tuple[Exact, ...]:
    """The types in which integers are multiplied, the fastest first."""
    if operation != "forward":
        return FLOAT32, FLOAT64
    here = machine(32)
    single, short = (Problem(geometry, exact.factors) for exact in (FLOAT32, INT16))
    floats = min(_estimated_cycles(operation, single, here, True).values())
    return (INT16, FLOAT32, FLOAT64) if _pair_cycles(short, here) < floats else (FLOAT32, INT16, FLOAT64)


def multiplies_padding(geometry: Geometry) -> bool:
    """Whether columns multiply zeros of the padding, which with an infinite weight gives NaN."""
    return any(map(leaves, geometry.axes))


def _column_cycles(operation: str, p: Problem, rows: FlatRows, here: Machine) -> float:
    """Estimated cycles for one image and one group."""
    registers = -(-rows.positions // here.lanes) * prod(axis.output for axis in rows.outer)
    taps, size, costs = prod(p.weight[: p.dims]), here.lanes * p.type.bytes(), here.costs
    products = registers * taps * p.inputs * p.outputs
    alone = p.batch * p.groups * p.inputs == 1
    if operation == "input_gradient":
        # Sums are loaded and stored once for every few channels, and are then folded into the image.
        far = costs.beyond if registers * taps * size > CACHED else 0.0
        folded = (costs.copy + far) * registers * taps * p.inputs + costs.fold * prod(p.input[: p.dims + 1])
        return (2 if alone else 1) * ((costs.part + far / divisor(p.outputs, FEW)) * products + folded)
    laid_out = p.axes[0].kernel * p.inputs * -(-rows.width // here.lanes) * prod(rows.extended[1:])
    # Each channel of the result reads the columns anew, but each row of them once for all rows of the kernel.
    far = 0.0 if laid_out * size <= NEAR else costs.column_near if laid_out * size <= CACHED else costs.column_far
    cycles = products * (costs.column + far / prod(p.weight[1 : p.dims])) + costs.copy * laid_out
    if operation == "forward":
        return (cycles + costs.write * registers * p.outputs) * (PLANE if alone and p.outputs == 1 else 1)
    if taps * p.inputs * p.outputs * size > CACHED:
        cycles += SUMMED * taps * p.inputs * p.outputs / chunk_size(p.geometry, PIXELS * here.lanes)
    return cycles


def _channel_cycles(operation: str, p: Problem, here: Machine) -> float:
    """Estimated cycles for one image and one group."""
    if operation == "weight_gradient":
        return division_cycles(p, here, best_division(p, here)) / p.batch
    summed = p.inputs if operation == "forward" else p.outputs
    steps = float(summed * prod(p.weight[1 : p.dims]))
    if operation == "input_gradient":
        # Only taps are multiplied, and with a stride few of the kernel's positions are taps.
        steps *= prod(axis.output / axis.input for axis in p.axes)
    return _image_cycles(
        ResultPlane.of(operation, p), p.output if operation == "forward" else p.input, p.dims, steps, here
    )


def _pair_cycles(p: Problem, here: Machine) -> float:
    """Estimated cycles for one image and one group."""
    steps = -(-p.inputs // PAIR) * prod(p.weight[1 : p.dims])
    paired = here.costs.move * prod(p.input[: p.dims + 1])
    return _image_cycles(ResultPlane.of_pairs(p), p.output, p.dims, steps, here) + paired


def _image_cycles(plane: ResultPlane, result: tuple[int, ...], dims: int, steps: float, here: Machine) -> float:
    """Estimated cycles of a result whose tiles take so many `steps` each.

    Every number is moved to its place afterwards, except those of a lone channel, which are accumulated in place.
    """
    tile, positions = best_tile(here, plane), prod(result[:dims])
    tiles = plane.tiles(tile) * positions / (plane.width * plane.height)
    moved = here.costs.move * positions * plane.channels if plane.channels > 1 else 0
    return tiles * steps * step_cost(here, tile, plane) + moved


def tile_cycles(operation: str, p: Problem, here: Machine) -> float:
    """Estimated cycles for one image and one group."""
    summed_tiles = operation == "weight_gradient"
    inputs = operation == "input_gradient" and not winograd.folds(p)
    costs = here.costs
    # The model assumes one thread: the choice, and with it the bits, must not depend on the number of threads.
    tiling = Tiling(p.input if inputs else p.output, replace(here, threads=1), summed_tiles)
    registers = rounded_up(tiling.tiles, here.lanes) / here.lanes * tiling.blocks_of_rows / tiling.images
    rows = tiling.rows * tiling.blocks_of_rows * tiling.written / here.lanes
    products = PLACES * registers * p.inputs * p.outputs
    if summed_tiles:
        waits = WAIT * tiling.blocks_of_rows * tiling.blocks_of_images / p.batch
        summed = WEIGHTS / here.lanes * PLACES * p.inputs * p.outputs / p.batch
        return float(1.7 * products + SPREAD * rows * (p.inputs + p.outputs) + summed + waits)
    return products + costs.transform * rows * (p.inputs + p.outputs) + costs.kernel * p.inputs * p.outputs / p.batch
