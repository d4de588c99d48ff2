"""From a geometry to a function: the algorithm, its schedule, and the compiler."""

from math import prod

import halide as hl

from convolab.engine.halide import algorithm, schedule
from convolab.engine.halide.machine import machine, target
from convolab.engine.halide.plan import Plans
from convolab.geometry import Geometry

PIXELS = 128  # products that a register of the weight gradient sums before the chunks are added, at least


def build(operation: str, geometry: Geometry, dtype, with_bias: bool) -> hl.Callable:
    problem = algorithm.Problem(geometry, dtype)
    here = machine(8 * dtype.itemsize)
    if operation == "weight_gradient":
        s, chunks, chunk = algorithm.weight_gradient(problem, chunk_size(geometry))
        schedule.weights(s, chunks, chunk, here)
    else:
        s = algorithm.forward(problem, with_bias) if operation == "forward" else algorithm.input_gradient(problem)
        schedule.images(s, here)
    return hl.Pipeline(s.result).compile_to_callable(s.arguments, target())


def chunk_size(geometry: Geometry) -> int:
    """Images whose products are summed together: the fewest that make PIXELS pixels and divide the batch."""
    batch, pixels = geometry.batch, prod(geometry.output)
    return next((n for n in range(1, batch) if batch % n == 0 and n * pixels >= PIXELS), batch)


pipeline = Plans(build)
