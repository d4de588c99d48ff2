"""The gradients as Halide derives them itself, from the forward formula alone: a third witness.

Neither our own gradient sums nor PyTorch's take part. Halide differentiates the formula by reverse accumulation
(T.-M. Li and others, "Differentiable Programming for Image Processing and Deep Learning in Halide", ACM Transactions on
Graphics 37, 2018), and compiles what it found without a schedule. For checking, not for speed.
"""

from functools import lru_cache

import halide as hl
import numpy as np

from convolab.engine.halide.algorithm import Problem
from convolab.engine.halide.machine import target
from convolab.geometry import Geometry


def gradients(geometry: Geometry, input, weight, grad_output) -> tuple[np.ndarray, np.ndarray]:
    """(grad_input, grad_weight) of Σ output · grad_output.

    Parameters
    ----------
    geometry : Geometry
        With zero padding.
    input : array, shape (N, C_in, *spatial)
    weight : array, shape (C_out, C_in / groups, *kernel)
    grad_output : array, shape (N, C_out, *spatial)
        All of one floating type.
    """
    grad_input = np.empty(geometry.input_shape, input.dtype)
    grad_weight = np.empty(geometry.weight_shape, input.dtype)
    arrays = ((input, 1), (weight, 0), (grad_output, 1), (grad_input, 1), (grad_weight, 0))
    compiled(geometry, input.dtype)(*(_grouped(geometry, array, axis) for array, axis in arrays))
    return grad_input, grad_weight


def _grouped(geometry: Geometry, array: np.ndarray, axis: int) -> np.ndarray:
    shape = array.shape
    split = (geometry.groups, shape[axis] // geometry.groups)
    return np.ascontiguousarray(array).reshape(*shape[:axis], *split, *shape[axis + 1 :])


@lru_cache(maxsize=16)
def compiled(geometry: Geometry, dtype: np.dtype) -> hl.Callable:
    p = Problem(geometry, dtype)
    extents = {"input": p.input, "weight": p.weight, "grad_output": p.output}
    arrays = [p.array(name, sizes) for name, sizes in extents.items()]
    input, weight, grad_output = (_endless(p, a, sizes) for a, sizes in zip(arrays, extents.values(), strict=True))
    derivative = hl.propagate_adjoints(formula(p, input, weight), grad_output, [(0, size) for size in p.output])
    results = [_result("grad_input", derivative[input]), _result("grad_weight", derivative[weight])]
    return hl.Pipeline(results).compile_to_callable(arrays, target())


def formula(p: Problem, input: hl.Func, weight: hl.Func) -> hl.Func:
    """output[o, co] = Σ weight[k, ci, co] * input[stride * o + dilation * k - before, ci]"""
    o, (co, g, n) = p.variables(), (hl.Var(v) for v in ("co", "g", "n"))
    r = hl.RDom([(0, extent) for extent in (*p.weight[: p.dims], p.inputs)], "r")
    *k, ci = (r[dim] for dim in range(p.dims + 1))
    i = [axis.stride * o[d] + axis.dilation * k[d] - axis.before for d, axis in enumerate(p.axes)]
    output = hl.Func("output")
    output[(*o, co, g, n)] = p.zero
    output[(*o, co, g, n)] += weight[(*k, ci, co, g)] * input[(*i, ci, g, n)]
    return output


def _endless(p: Problem, array: hl.ImageParam, extents: tuple[int, ...]) -> hl.Func:
    """The array with zeros all around it, as a function that can be derived by."""
    function, at = hl.Func(array.name() + "_everywhere"), tuple(hl.Var(f"at{dim}") for dim in range(len(extents)))
    function[at] = hl.BoundaryConditions.constant_exterior(array, p.zero, [(0, size) for size in extents])[at]
    return function


def _result(name: str, function: hl.Func) -> hl.Func:
    result, at = hl.Func(name), tuple(hl.Var(f"at{dim}") for dim in range(function.dimensions()))
    result[at] = function[at]
    return result
