"""The fast engine: the sums written as formulas, scheduled and compiled by Halide for shapes of any size.

Each sum can be computed in several orders. An order has a module that says what is computed, and one that says when:

    channels   across the lanes of a register                     algorithm.py, schedule.py
    columns    pixels across them, for images of few channels     columns.py, columns_schedule.py
    tiles      fewer products, for 3 × 3 kernels                  winograd.py, winograd_schedule.py
    pairs      channels of 16-bit integers, two at a time         pairs.py, schedule.py
    taps       channels, but never a zero of the padding          algorithm.py, schedule.py

`register_tiling.py`, `weight_tiling.py` and `winograd_blocks.py` divide the work, `choice.py` chooses the order,
`sizes.py` says what compiled code knows of a shape, `pipelines.py` compiles and `plan.py` keeps what was compiled.
The library `halide` comes with the extra `fast`.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convolab.engine.exact import INT16, magnitude
from convolab.engine.halide.choice import best_order, exact_types, multiplies_padding
from convolab.engine.halide.pipelines import is_padded, pipeline
from convolab.engine.halide.plan import CAPACITY
from convolab.geometry import OPERATIONS, Geometry

__all__ = ["exact_types", "forward", "forward_short", "input_gradient", "supports", "weight_gradient"]

DTYPES = tuple(map(np.dtype, (np.float32, np.float64, np.int32, np.int64)))

Reshape: TypeAlias = Callable[[tuple[int, ...]], tuple[int, ...]]  # from an array's shape to that of a view


def supports(geometry: Geometry, dtype: np.dtype[Any]) -> bool:
    return np.dtype(dtype) in DTYPES


def forward(
    geometry: Geometry,
    input: NDArray[Any],
    weight: NDArray[Any],
    bias: NDArray[Any] | None = None,
    out: NDArray[Any] | None = None,
    *,
    integer: np.dtype[Any] | None = None,
) -> NDArray[Any]:
    """output[n, co, o] = bias[co] + Σ input[n, ci, i] · weight[co, c, k]"""
    output = place(geometry, out, integer or input.dtype)
    given = [input, weight] if bias is None else [input, weight, bias]
    compute("forward", geometry, given, output)
    return delivered(output, out)


def place(geometry: Geometry, out: NDArray[Any] | None, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Where a pipeline writes the output: `out` itself where that is dense and in order, and a new array otherwise."""
    return out if out is not None and out.flags.carray else np.empty(geometry.output_shape, dtype)


def delivered(output: NDArray[Any], out: NDArray[Any] | None) -> NDArray[Any]:
    """The output, copied into `out` where that is another array."""
    if out is None or out is output:
        return output
    np.copyto(out, output)
    return out


def forward_short(
    geometry: Geometry,
    input: NDArray[Any],
    weight: NDArray[Any],
    bias: NDArray[Any] | None,
    out: NDArray[Any] | None,
    integer: np.dtype[Any],
) -> NDArray[Any] | None:
    """The output by pairs of 16-bit integers; None where that is not the fastest, or turned out not to be exact.

    The arrays are of any type of integers; the pipeline itself finds out whether 16 bits hold them.
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
    output = place(geometry, out, integer)
    first, second = (int(each.max()) for each in call("forward", "pairs", geometry, given, output))
    # The largest short integer stands for all larger ones too.
    if max(first, second) == INT16.factor or not INT16.holds(geometry.products, first, second, added):
        if len(too_large) >= CAPACITY:
            too_large.clear()
        too_large.add(geometry)
        return None
    return delivered(output, out)


# Geometries whose numbers last turned out too large for 16 bits: the next call tries the other types at once.
too_large: set[Geometry] = set()


def input_gradient(
    geometry: Geometry, weight: NDArray[Any], grad_output: NDArray[Any], *, integer: np.dtype[Any] | None = None
) -> NDArray[Any]:
    """grad_input[n, ci, i] = Σ grad_output[n, co, o] · weight[co, c, k]"""
    grad_input: NDArray[Any] = np.empty(geometry.input_shape, integer or weight.dtype)
    compute("input_gradient", geometry, [weight, grad_output], grad_input)
    return grad_input


def weight_gradient(
    geometry: Geometry, input: NDArray[Any], grad_output: NDArray[Any], *, integer: np.dtype[Any] | None = None
) -> NDArray[Any]:
    """grad_weight[co, c, k] = Σ grad_output[n, co, o] · input[n, ci, i]"""
    grad_weight: NDArray[Any] = np.zeros(geometry.weight_shape, integer or input.dtype)
    compute("weight_gradient", geometry, [input, grad_output], grad_weight)
    return grad_weight


def compute(operation: str, geometry: Geometry, given: list[NDArray[Any]], result: NDArray[Any]) -> None:
    """Write the operation's result, computed in its best order.

    The fast orders also multiply zeros of the padding and of whole tiles, and an infinity or a NaN times zero is NaN.
    If the result is not finite, it is computed again in an order that multiplies the taps alone.
    """
    if not geometry.batch:
        return
    dtype = given[0].dtype
    exact = result.dtype != dtype
    order = best_order(operation, geometry, dtype, exact)
    call(operation, order, geometry, given, result)
    more = dtype.kind == "f" and not exact and _multiplies_more(order, operation, geometry)
    if more and not np.isfinite(result).all():
        call(operation, "taps", geometry, given, result)


@lru_cache(maxsize=4096)
def _multiplies_more(order: str, operation: str, geometry: Geometry) -> bool:
    """Whether the order computes products that are no taps."""
    if order == "channels":
        return is_padded(operation, geometry)
    return order == "tiles" or (order == "columns" and operation != "input_gradient" and multiplies_padding(geometry))


# Which axis of each array has the channels, and whether its positions are the output's.
LAYOUT = {"input": (1, False), "weight": (0, False), "bias": (0, False), "grad_output": (1, True)}


def call(
    operation: str, order: str, geometry: Geometry, given: list[NDArray[Any]], result: NDArray[Any]
) -> tuple[NDArray[Any], ...]:
    """Run the operation's pipeline on arrays split into groups; it is compiled at its first call.

    Pairs return the largest absolute value of each image, (N,), and of each group's weights, (groups,).
    """
    arrays = [*given, result]
    flags = [array.flags for array in arrays]
    contiguous = all(each.c_contiguous and each.aligned for each in flags)
    arrays = [
        array.reshape(shape(array.shape)) if contiguous else grouped(array, shape)
        for array, shape in zip(arrays, groupings(operation, order, geometry, len(given)), strict=True)
    ]
    contiguous = contiguous or all(array.flags.c_contiguous for array in arrays)
    sizes = (geometry.batch, geometry.groups) if order == "pairs" else ()
    largest: tuple[NDArray[Any], ...] = tuple(np.empty(size, np.int32) for size in sizes)
    pipeline(operation, order, geometry, given[0].dtype, result.dtype, len(given) > 2, contiguous)(*arrays, *largest)
    return largest


def grouped(array: NDArray[Any], shape: Reshape) -> NDArray[Any]:
    """The array in a shape of `groupings`: a view where the rows of that shape are dense, and a copy otherwise."""
    if array.flags.aligned and not any(s % array.itemsize for s in array.strides):
        view = array.reshape(shape(array.shape))
        if has_dense_rows(view):
            return view
    return np.array(array, order="C").reshape(shape(array.shape))


def has_dense_rows(array: NDArray[Any]) -> bool:
    """Whether the elements of a row are neighbours, as every pipeline requires even of rows of one element."""
    return array.strides[-1] == array.itemsize or not array.size


@lru_cache(maxsize=4096)
def groupings(operation: str, order: str, geometry: Geometry, given: int) -> tuple[Reshape, ...]:
    """For each array, what gives its shape with the channels as (groups, channels in the group).

    Where the order treats all rows of an output as one row, so does the shape of an array of outputs.
    """
    flat = order == "columns" and len(geometry.axes) > 1 and geometry.axes[-2].stride == 1
    names = (*(*OPERATIONS[operation].factors, "bias")[:given], OPERATIONS[operation].result)
    layout = [LAYOUT[name] for name in names]
    return tuple(partial(_grouping, geometry.groups, axis, flat and outputs) for axis, outputs in layout)


@lru_cache(maxsize=4096)
def _grouping(groups: int, axis: int, flat: bool, shape: tuple[int, ...]) -> tuple[int, ...]:
    split = (*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :])
    return (*split[:-2], split[-2] * split[-1]) if flat else split
