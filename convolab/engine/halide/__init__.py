"""The fast engine: the sums written as formulas, scheduled and compiled by Halide for each shape.

Each sum can be had in several orders, a module that says what is computed and one that says when. `algorithm.py` and
`schedule.py`: channels across the lanes of a register; `columns.py` and `columns_schedule.py`: pixels, for images of
few channels; `winograd.py` and `winograd_schedule.py`: tiles, with fewer products, for 3 × 3 kernels; `pairs.py`:
channels again, two at a time, of short integers. `tiles.py`, `tiling.py` and `division.py` say into what the work is
divided, `choice.py` chooses the order, `plan.py` keeps what was compiled. Needs the library `halide` (extra `fast`).
"""

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from convolab.engine.exact import INT16, magnitude
from convolab.engine.halide.choice import best_order, exact_types, multiplies_padding
from convolab.engine.halide.pipelines import pipeline
from convolab.engine.halide.plan import CAPACITY
from convolab.geometry import OPERATIONS, Geometry

__all__ = ["exact_types", "forward", "forward_short", "input_gradient", "supports", "weight_gradient"]

DTYPES = tuple(map(np.dtype, (np.float32, np.float64, np.int32, np.int64)))


def supports(geometry: Geometry, dtype: np.dtype) -> bool:
    return np.dtype(dtype) in DTYPES


def forward(geometry: Geometry, input, weight, bias=None, out=None, *, integer=None) -> np.ndarray:
    """output[n, co, o] = bias[co] + Σ input[n, ci, i] · weight[co, c, k]"""
    output = out if out is not None and out.flags.carray else np.empty(geometry.output_shape, integer or input.dtype)
    given = [input, weight] if bias is None else [input, weight, bias]
    compute("forward", geometry, given, output)
    if out is not None and output is not out:
        np.copyto(out, output)
        return out
    return output


def forward_short(geometry: Geometry, input, weight, bias, out, integer: np.dtype) -> np.ndarray | None:
    """The output by pairs of short integers; None where that is not the fastest, or was found not to be exact.

    The arrays are of any type of integers, and nobody has looked yet whether 16 bits hold them: the pipeline does.
    """
    added = 0 if bias is None else magnitude(bias)
    given = [input, weight]
    alike = input.dtype == weight.dtype and input.dtype.kind in "iu" and input.dtype.isnative
    if not alike or not geometry.batch or added > INT16.sum or geometry in too_large:
        return None
    if exact_types("forward", geometry)[0] is not INT16:
        return None
    if bias is not None:
        given.append(bias.astype(INT16.sums))
    output = out if out is not None and out.flags.carray else np.empty(geometry.output_shape, integer)
    first, second = (int(each.max()) for each in call("forward", "pairs", geometry, given, output))
    # The largest short integer stands for all larger ones too.
    if max(first, second) == INT16.factor or not INT16.holds(geometry.products, first, second, added):
        if len(too_large) >= CAPACITY:
            too_large.clear()
        too_large.add(geometry)
        return None
    if out is not None and output is not out:
        np.copyto(out, output)
        return out
    return output


# Where numbers were last found too large to be short: there they are looked at before.
too_large: set[Geometry] = set()


def input_gradient(geometry: Geometry, weight, grad_output, *, integer=None) -> np.ndarray:
    """grad_input[n, ci, i] = Σ grad_output[n, co, o] · weight[co, c, k]"""
    grad_input = np.empty(geometry.input_shape, integer or weight.dtype)
    compute("input_gradient", geometry, [weight, grad_output], grad_input)
    return grad_input


def weight_gradient(geometry: Geometry, input, grad_output, *, integer=None) -> np.ndarray:
    """grad_weight[co, c, k] = Σ grad_output[n, co, o] · input[n, ci, i]"""
    grad_weight = np.zeros(geometry.weight_shape, integer or input.dtype)
    compute("weight_gradient", geometry, [input, grad_output], grad_weight)
    return grad_weight


def compute(operation: str, geometry: Geometry, given, result: np.ndarray) -> None:
    """The operation in its best order; again over the taps alone where a product that is no tap could have told.

    Such a product is with a zero of the padding, or of a whole tile: an infinity or a NaN there would show.
    """
    if not geometry.batch:
        return
    dtype = given[0].dtype
    exact = result.dtype != dtype
    order = best_order(operation, geometry, dtype, exact)
    call(operation, order, geometry, given, result)
    if multiplies_more(order, operation, geometry) and not exact and not np.isfinite(result).all():
        call(operation, "channels", geometry, given, result)


@lru_cache(maxsize=4096)
def multiplies_more(order: str, operation: str, geometry: Geometry) -> bool:
    """Whether the order multiplies numbers that do not meet in the definition."""
    return order == "tiles" or (order == "columns" and operation != "input_gradient" and multiplies_padding(geometry))


# Which axis of each array has the channels, and whether its positions are the output's.
LAYOUT = {"input": (1, False), "weight": (0, False), "bias": (0, False), "grad_output": (1, True)}


def call(operation: str, order: str, geometry: Geometry, given, result) -> tuple[np.ndarray, ...]:
    """Run the operation's pipeline, compiled now if it has to be, on arrays split into groups.

    Of pairs the largest numbers are returned, of each image and of each group's weights.
    """
    arrays = [*given, result]
    flags = [array.flags for array in arrays]
    contiguous = all(each.c_contiguous and each.aligned for each in flags)
    arrays = [
        array.reshape(shape(array.shape)) if contiguous else grouped(array, shape)
        for array, shape in zip(arrays, groupings(operation, order, geometry, len(given)), strict=True)
    ]
    contiguous = contiguous or all(array.flags.c_contiguous for array in arrays)
    largest = (np.empty(geometry.batch, np.int32), np.empty(geometry.groups, np.int32)) if order == "pairs" else ()
    pipeline(operation, order, geometry, given[0].dtype, result.dtype, len(given) > 2, contiguous)(*arrays, *largest)
    return largest


def grouped(array: np.ndarray, shape: Callable) -> np.ndarray:
    """The array in a shape as of `groupings`: a view where the rows of that shape are dense, and a copy otherwise."""
    if array.flags.aligned and not any(s % array.itemsize for s in array.strides):
        view = array.reshape(shape(array.shape))
        if has_dense_rows(view):
            return view
    return np.array(array, order="C").reshape(shape(array.shape))


def has_dense_rows(array: np.ndarray) -> bool:
    """Whether the last axis is laid out as every pipeline takes it to be, also where it has one element only."""
    return array.strides[-1] == array.itemsize or not array.size


@lru_cache(maxsize=4096)
def groupings(operation: str, order: str, geometry: Geometry, given: int) -> tuple[Callable, ...]:
    """For each array, its shape with the channels as (groups, channels in the group).

    Where the order takes rows of outputs as one, so does the shape of an array of outputs.
    """
    flat = order == "columns" and len(geometry.axes) > 1 and geometry.axes[-2].stride == 1
    names = (*(*OPERATIONS[operation].factors, "bias")[:given], OPERATIONS[operation].result)
    layout = [LAYOUT[name] for name in names]
    return tuple(partial(_grouping, geometry.groups, axis, flat and outputs) for axis, outputs in layout)


@lru_cache(maxsize=4096)
def _grouping(groups: int, axis: int, flat: bool, shape: tuple[int, ...]) -> tuple[int, ...]:
    split = (*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])
    return (*split[:-2], split[-2] * split[-1]) if flat else split
