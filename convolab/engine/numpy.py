"""The portable engine: one matrix product for each kernel position, over exactly the taps it takes part in.

A kernel position meets a strided box of inputs and a box of outputs (`Axis.inputs_of_kernel`, `outputs_of_kernel`), so
padding is never stored and never multiplied. This engine runs wherever NumPy does.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convolab.engine.exact import FLOAT32, FLOAT64, Exact
from convolab.geometry import Geometry

Index: TypeAlias = tuple[Any, ...]  # of an array: an ellipsis, then integers or slices


def supports(geometry: Geometry, dtype: np.dtype[Any]) -> bool:
    return np.dtype(dtype).kind in "fiu"


def exact_types(operation: str, geometry: Geometry) -> tuple[Exact, ...]:
    """The floating types: NumPy multiplies their matrices by a fast library, and those of integers by plain loops."""
    return FLOAT32, FLOAT64


@lru_cache(maxsize=256)
def boxes(geometry: Geometry) -> tuple[tuple[Index, Index, Index], ...]:
    """For each kernel position: its index, and the boxes of outputs and inputs that meet through it, as slices."""
    return tuple(_boxes(geometry))


def _boxes(geometry: Geometry) -> Iterator[tuple[Index, Index, Index]]:
    for k in product(*(range(axis.kernel) for axis in geometry.axes)):
        outputs = [axis.outputs_of_kernel(p) for axis, p in zip(geometry.axes, k, strict=True)]
        inputs = [axis.inputs_of_kernel(p) for axis, p in zip(geometry.axes, k, strict=True)]
        if all(outputs):
            yield (..., *k), (..., *map(_slice, outputs)), (..., *map(_slice, inputs))


def _slice(positions: range) -> slice:
    return slice(positions.start, positions.stop, positions.step)


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
    output: NDArray[Any] = np.zeros(geometry.output_shape, input.dtype)
    x, w, y = _split(geometry, input, 1), _split(geometry, weight, 0), _split(geometry, output, 1)
    with _any_number():
        for k, o, i in boxes(geometry):
            target = y[o]
            target += (w[k] @ _flat(x[i])).reshape(target.shape)
        if bias is not None:
            output += bias.reshape(-1, *[1] * len(geometry.axes))
    if out is None:
        return delivered(output, integer)
    np.copyto(out, output, casting="unsafe")
    return out


def input_gradient(
    geometry: Geometry, weight: NDArray[Any], grad_output: NDArray[Any], *, integer: np.dtype[Any] | None = None
) -> NDArray[Any]:
    """grad_input[n, ci, i] = Σ grad_output[n, co, o] · weight[co, c, k]"""
    grad_input: NDArray[Any] = np.zeros(geometry.input_shape, weight.dtype)
    x, w, y = _split(geometry, grad_input, 1), _split(geometry, weight, 0), _split(geometry, grad_output, 1)
    with _any_number():
        for k, o, i in boxes(geometry):
            target = x[i]
            target += (w[k].swapaxes(-1, -2) @ _flat(y[o])).reshape(target.shape)
    return delivered(grad_input, integer)


def weight_gradient(
    geometry: Geometry, input: NDArray[Any], grad_output: NDArray[Any], *, integer: np.dtype[Any] | None = None
) -> NDArray[Any]:
    """grad_weight[co, c, k] = Σ grad_output[n, co, o] · input[n, ci, i]"""
    grad_weight: NDArray[Any] = np.zeros(geometry.weight_shape, input.dtype)
    x, w, y = _split(geometry, input, 1), _split(geometry, grad_weight, 0), _split(geometry, grad_output, 1)
    with _any_number():
        for k, o, i in boxes(geometry):
            w[k] = (_flat(y[o]) @ _flat(x[i]).swapaxes(-1, -2)).sum(axis=0)
    return delivered(grad_weight, integer)


def _any_number() -> np.errstate:
    """NaN and infinity are numbers like any other; whether a matrix product warns of them, the processor decides."""
    return np.errstate(invalid="ignore", over="ignore")


def _split(geometry: Geometry, array: NDArray[Any], axis: int) -> NDArray[Any]:
    """A view with the channels on `axis` as (groups, channels in the group)."""
    shape = (*array.shape[:axis], geometry.groups, array.shape[axis] // geometry.groups, *array.shape[axis + 1 :])
    return array.reshape(shape)


def _flat(window: NDArray[Any]) -> NDArray[Any]:
    """A box (N, groups, channels, *box) as (N, groups, channels, positions)."""
    return window.reshape(*window.shape[:3], int(np.prod(window.shape[3:])))


def delivered(result: NDArray[Any], integer: np.dtype[Any] | None) -> NDArray[Any]:
    """The result in the type `integer`, where there is one."""
    return result if integer is None else result.astype(integer, copy=False)
