"""The fast engine: the sums written as formulas, scheduled and compiled by Halide for each shape.

`algorithm.py` says what is computed and `schedule.py` in which order, with channels across the lanes of a register;
`columns.py` and `columns_schedule.py` do it with pixels across them, for images of few channels. `choice.py` chooses,
`plan.py` keeps what was compiled. Needs the library `halide` (the extra `fast`).
"""

import numpy as np

from convolab.engine.halide.choice import multiplies_padding, takes_columns
from convolab.engine.halide.pipelines import pipeline
from convolab.geometry import Geometry

DTYPES = tuple(map(np.dtype, (np.float32, np.float64, np.int32, np.int64)))


def supports(geometry: Geometry, dtype: np.dtype) -> bool:
    return np.dtype(dtype) in DTYPES


def forward(geometry: Geometry, input, weight, bias=None, out=None) -> np.ndarray:
    """output[n, co, o] = bias[co] + Σ input[n, ci, i] · weight[co, c, k]"""
    output = out if out is not None and out.flags.carray else np.empty(geometry.output_shape, input.dtype)
    columns = takes_columns("forward", geometry, input.dtype)
    if columns and multiplies_padding(geometry):
        columns = bool(np.isfinite(weight).all())
    given = [input, weight] if bias is None else [input, weight, bias]
    call("forward", columns, geometry, given, output, bias is not None)
    if out is not None and output is not out:
        np.copyto(out, output)
        return out
    return output


def input_gradient(geometry: Geometry, weight, grad_output) -> np.ndarray:
    """grad_input[n, ci, i] = Σ grad_output[n, co, o] · weight[co, c, k]"""
    grad_input = np.empty(geometry.input_shape, weight.dtype)
    columns = takes_columns("input_gradient", geometry, weight.dtype)
    call("input_gradient", columns, geometry, [weight, grad_output], grad_input)
    return grad_input


def weight_gradient(geometry: Geometry, input, grad_output) -> np.ndarray:
    """grad_weight[co, c, k] = Σ grad_output[n, co, o] · input[n, ci, i]"""
    grad_weight = np.zeros(geometry.weight_shape, input.dtype)
    columns = takes_columns("weight_gradient", geometry, input.dtype)
    call("weight_gradient", columns, geometry, [input, grad_output], grad_weight)
    if columns and multiplies_padding(geometry) and not np.isfinite(grad_weight).all():
        # A padded zero met an infinity, or there was a NaN or an overflow all along: only taps may tell.
        call("weight_gradient", False, geometry, [input, grad_output], grad_weight)
    return grad_weight


# Which axis of each array has the channels, and whether its positions are the output's.
LAYOUT = {
    "forward": ((1, False), (0, False), (0, False)),
    "input_gradient": ((0, False), (1, True)),
    "weight_gradient": ((1, False), (1, True)),
}
RESULT = {"forward": (1, True), "input_gradient": (1, False), "weight_gradient": (0, False)}


def call(operation: str, columns: bool, geometry: Geometry, given, result, with_bias: bool = False) -> None:
    """Run the operation's pipeline, compiled now if it has to be, on arrays split into groups."""
    if not geometry.batch:
        return
    flat = 2 if columns and len(geometry.axes) > 1 and geometry.axes[-2].stride == 1 else 1
    layout = (*LAYOUT[operation][: len(given)], RESULT[operation])
    arrays = [
        grouped(geometry, array, axis, flat if outputs else 1)
        for array, (axis, outputs) in zip((*given, result), layout, strict=True)
    ]
    contiguous = all(array.flags.c_contiguous for array in arrays)
    pipeline(operation, columns, geometry, result.dtype, with_bias, contiguous)(*arrays)


def grouped(geometry: Geometry, array: np.ndarray, axis: int, flat: int = 1) -> np.ndarray:
    """The array with its channels on `axis` as (groups, channels in the group) and its last `flat` axes as one.

    A view where the array's rows are dense, and a copy otherwise.
    """
    size = array.dtype.itemsize
    if (
        (array.shape[-1] > 1 and array.strides[-1] != size)
        or not array.flags.aligned
        or any(s % size for s in array.strides)
    ):
        array = np.array(array, order="C")
    shape = array.shape
    split = (*shape[:axis], geometry.groups, shape[axis] // geometry.groups, *shape[axis + 1 :])
    return array.reshape(split if flat == 1 else (*split[:-2], split[-2] * split[-1]))
