"""The fast engine: the sums written as formulas, scheduled and compiled by Halide for each shape.

`algorithm.py` says what is computed, `schedule.py` and `tiles.py` in which order, `plan.py` keeps what was compiled.
Needs the library `halide` (the extra `fast`).
"""

import numpy as np

from convolab.engine.halide.pipelines import pipeline
from convolab.geometry import Geometry

DTYPES = tuple(map(np.dtype, (np.float32, np.float64, np.int32, np.int64)))


def supports(geometry: Geometry, dtype: np.dtype) -> bool:
    return np.dtype(dtype) in DTYPES


def forward(geometry: Geometry, input, weight, bias=None, out=None) -> np.ndarray:
    """output[n, co, o] = bias[co] + Σ input[n, ci, i] · weight[co, c, k]"""
    target = out if out is not None and out.flags.c_contiguous else np.empty(geometry.output_shape, input.dtype)
    arrays = [grouped(geometry, input, 1), grouped(geometry, weight, 0)]
    arrays += [] if bias is None else [grouped(geometry, bias, 0)]
    if geometry.batch:
        pipeline("forward", geometry, input.dtype, bias is not None)(*arrays, grouped(geometry, target, 1))
    if out is None or target is out:
        return target
    np.copyto(out, target)
    return out


def input_gradient(geometry: Geometry, weight, grad_output) -> np.ndarray:
    """grad_input[n, ci, i] = Σ grad_output[n, co, o] · weight[co, c, k]"""
    grad_input = np.empty(geometry.input_shape, weight.dtype)
    arrays = grouped(geometry, weight, 0), grouped(geometry, grad_output, 1), grouped(geometry, grad_input, 1)
    if geometry.batch:
        pipeline("input_gradient", geometry, weight.dtype, False)(*arrays)
    return grad_input


def weight_gradient(geometry: Geometry, input, grad_output) -> np.ndarray:
    """grad_weight[co, c, k] = Σ grad_output[n, co, o] · input[n, ci, i]"""
    if not geometry.batch:
        return np.zeros(geometry.weight_shape, input.dtype)
    grad_weight = np.empty(geometry.weight_shape, input.dtype)
    arrays = grouped(geometry, input, 1), grouped(geometry, grad_output, 1), grouped(geometry, grad_weight, 0)
    pipeline("weight_gradient", geometry, input.dtype, False)(*arrays)
    return grad_weight


def grouped(geometry: Geometry, array: np.ndarray, axis: int) -> np.ndarray:
    """The array with its channels on `axis` as (groups, channels in the group), its rows dense: a view, if it can."""
    size = array.dtype.itemsize
    if array.strides[-1] != size or not array.flags.aligned or any(s % size for s in array.strides):
        array = np.array(array, order="C")
    shape = array.shape
    return array.reshape(*shape[:axis], geometry.groups, shape[axis] // geometry.groups, *shape[axis + 1 :])
