"""From a geometry to a function: the algorithm, its schedule, and the compiler."""

from collections.abc import Callable
from math import prod
from typing import Any

import halide as hl
import numpy as np

from convolab.engine import repaid
from convolab.engine.halide import algorithm, columns, columns_schedule, pairs, schedule, winograd, winograd_schedule
from convolab.engine.halide.machine import Machine, machine, target
from convolab.engine.halide.plan import Plans
from convolab.engine.halide.problem import Problem
from convolab.engine.halide.register_tiling import ResultPlane, best_tile
from convolab.engine.halide.weight_tiling import best_division
from convolab.geometry import Geometry

PIXELS = 128  # products that a register of the weight gradient sums before the chunks are added, at least


def build(
    operation: str,
    order: str,
    geometry: Geometry,
    dtype: np.dtype[Any],
    result_dtype: np.dtype[Any],
    with_bias: bool,
    contiguous: bool,
) -> hl.Callable:
    """Compile one operation.

    The arguments of what is returned are the operation's arrays and the result, with their channels split into groups.
    """
    factors = np.dtype(np.int16) if order == "pairs" else dtype
    problem = Problem(geometry, factors, result_dtype, contiguous, given=dtype)
    here = machine(problem.sum_type.bits())
    s = ORDERS[order](operation, problem, here, with_bias)
    results = [s.result, *(largest.result for largest in s.largest)] if order == "pairs" else s.result
    return hl.Pipeline(results).compile_to_callable(s.arguments, target())


def _channels_sum(operation: str, problem: Problem, here: Machine, with_bias: bool) -> algorithm.Sum:
    if operation == "weight_gradient":
        division = best_division(problem, here)
        s, chunks, chunk = algorithm.weight_gradient(
            problem, division.tile.channels, division.rows, division.images, division.parts
        )
        schedule.weights(s, chunks, chunk, division)
        return s
    tile = best_tile(here, ResultPlane.of(operation, problem))
    if operation == "input_gradient":
        s = algorithm.input_gradient(problem, tile.channels)
        # With a stride, neighbouring positions have different taps, and each is best left to itself.
        schedule.images(s, tile, scattered=any(axis.stride > 1 for axis in problem.axes))
    else:
        s = algorithm.forward(problem, tile.channels, with_bias)
        schedule.images(s, tile)
    return s


def _pairs_sum(operation: str, problem: Problem, here: Machine, with_bias: bool) -> algorithm.Sum:
    tile = best_tile(here, ResultPlane.of_pairs(problem))
    s = pairs.forward(problem, tile.channels, with_bias)
    schedule.images(s, tile)
    return s


def _columns_sum(operation: str, problem: Problem, here: Machine, with_bias: bool) -> columns.ColumnSum:
    if operation == "forward":
        s = columns.forward(problem, with_bias)
        columns_schedule.forward(s, here)
    elif operation == "input_gradient":
        s = columns.input_gradient(problem)
        columns_schedule.input_gradient(s, here)
    else:
        s = columns.weight_gradient(problem, here.lanes, chunk_size(problem.geometry, PIXELS * here.lanes))
        columns_schedule.weight_gradient(s, here)
    return s


def _tiles_sum(operation: str, problem: Problem, here: Machine, with_bias: bool) -> winograd.TileSum:
    if operation == "weight_gradient":
        s = winograd.weight_gradient(problem, here)
        winograd_schedule.weights(s, here)
        return s
    forward = operation == "forward"
    s = winograd.forward(problem, here, with_bias) if forward else winograd.input_gradient(problem, here)
    winograd_schedule.images(s, here)
    return s


# What goes across the lanes of a register, and by which sums.
ORDERS: dict[str, Callable[[str, Problem, Machine, bool], Any]] = {
    "channels": _channels_sum,
    "columns": _columns_sum,
    "tiles": _tiles_sum,
    "pairs": _pairs_sum,
}


def chunk_size(geometry: Geometry, least: int) -> int:
    """Images whose products are summed together: the fewest that make `least` pixels and divide the batch."""
    batch, pixels = geometry.batch, prod(geometry.output)
    return next((n for n in range(1, batch) if batch % n == 0 and n * pixels >= least), batch)


def forget(operation: str, order: str, geometry: Geometry, *_: object) -> None:
    """Count the calls of a shape anew, since its pipeline was dropped."""
    repaid.forget(operation, geometry)


pipeline = Plans(build, dropped=forget)
