"""The definition: one list of taps, three sums over it.

    output[o]      = Σ  input[i] · weight[k]
    grad_input[i]  = Σ  grad_output[o] · weight[k]
    grad_weight[k] = Σ  grad_output[o] · input[i]

They differ in their two factors alone, and in the element to which a product is added. (This is cross-correlation:
the kernel is not flipped.) Batch n is an outer index: the ellipsis stands for it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convolab.geometry import Geometry


def taps(geometry: Geometry) -> Iterator[tuple[Any, Any, Any]]:
    """Yield for each product its index into output, into weight and into input."""
    for co, ci, c in geometry.channels():
        for o, k, i in geometry.taps():
            yield (..., co, *o), (co, c, *k), (..., ci, *i)


def conv(geometry: Geometry, input: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """output[n, co, o] = Σ input[n, ci, i] · weight[co, c, k]"""
    output = np.zeros(geometry.output_shape, np.result_type(input, weight))
    for o, k, i in taps(geometry):
        output[o] += input[i] * weight[k]
    return output


def conv_input(geometry: Geometry, weight: np.ndarray, grad_output: np.ndarray) -> np.ndarray:
    """grad_input[n, ci, i] = Σ grad_output[n, co, o] · weight[co, c, k]"""
    grad_input = np.zeros(geometry.input_shape, np.result_type(weight, grad_output))
    for o, k, i in taps(geometry):
        grad_input[i] += grad_output[o] * weight[k]
    return grad_input


def conv_weight(geometry: Geometry, input: np.ndarray, grad_output: np.ndarray) -> np.ndarray:
    """grad_weight[co, c, k] = Σ grad_output[n, co, o] · input[n, ci, i]"""
    grad_weight = np.zeros(geometry.weight_shape, np.result_type(input, grad_output))
    for o, k, i in taps(geometry):
        grad_weight[k] += np.sum(grad_output[o] * input[i])
    return grad_weight
