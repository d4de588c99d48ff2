"""The gradients that Halide itself derives from the forward formula: a third witness.

They use neither our own gradient sums nor PyTorch's. Halide differentiates the formula by reverse accumulation
(T.-M. Li and others, "Differentiable Programming for Image Processing and Deep Learning in Halide", ACM Transactions on
Graphics 37, 2018), and compiles the derivatives without a schedule: they are for checking, not for speed.
"""

from functools import lru_cache
from typing import Any

import halide as hl
import numpy as np
from numpy.typing import NDArray

from convolab.engine.halide.machine import target
from convolab.engine.halide.problem import Problem
from convolab.geometry import Geometry


def gradients(
    geometry: Geometry, input: NDArray[Any], weight: NDArray[Any], grad_output: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the gradients of Σ output · grad_output.

    Parameters
    ----------
    geometry : Geometry
        With zero padding.
    input : array, shape (N, C_in, *spatial)
    weight : array, shape (C_out, C_in / groups, *kernel)
    grad_output : array, shape (N, C_out, *spatial)
        All of one floating type.

    Returns
    -------
    grad_input : array, shape (N, C_in, *spatial)
    grad_weight : array, shape (C_out, C_in / groups, *kernel)
    """
    grad_input: NDArray[Any] = np.empty(geometry.input_shape, input.dtype)
    grad_weight: NDArray[Any] = np.empty(geometry.weight_shape, input.dtype)
    arrays = ((input, 1), (weight, 0), (grad_output, 1), (grad_input, 1), (grad_weight, 0))
    compiled(geometry, input.dtype)(*(_grouped(geometry, array, axis) for array, axis in arrays))
    return grad_input, grad_weight


def _grouped(geometry: Geometry, array: NDArray[Any], axis: int) -> NDArray[Any]:
    """The array with the channels on `axis` as (groups, channels in the group)."""
    shape = array.shape
    split = (geometry.groups, shape[axis] // geometry.groups)
    return np.ascontiguousarray(array).reshape(*shape[:axis], *split, *shape[axis + 1 :])


@lru_cache(maxsize=16)
def compiled(geometry: Geometry, dtype: np.dtype[Any]) -> hl.Callable:
    """The pipeline that computes both gradients."""
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
    """The array between endless zeros, as a function that Halide can differentiate with respect to."""
    function, at = hl.Func(array.name() + "_everywhere"), tuple(hl.Var(f"at{dim}") for dim in range(len(extents)))
    function[at] = hl.BoundaryConditions.constant_exterior(array, p.zero, [(0, size) for size in extents])[at]
    return function


def _result(name: str, function: hl.Func) -> hl.Func:
    result, at = hl.Func(name), tuple(hl.Var(f"at{dim}") for dim in range(function.dimensions()))
    result[at] = function[at]
    return result
