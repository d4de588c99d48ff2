"""The right result, and how far rounding may lead from it."""

from functools import lru_cache
from math import prod, sqrt
from typing import Any

import numpy as np

from convolab.geometry import OPERATIONS, Geometry, array_shapes
from convolab.verify.targets import Arrays


def truth(operation: str, geometry: Geometry, arrays: Arrays) -> np.ndarray:
    """Return the right result: the definition's sums with all taps and channels at once.

    A test holds it to `definition`, which takes seconds for what this does in milliseconds.

    Parameters
    ----------
    operation : {"forward", "input_gradient", "weight_gradient", "bias_gradient"}
    geometry : Geometry
    arrays : dict of array
        The factors by name, and `bias` where there is one.
    """
    if operation == "bias_gradient":
        total: np.ndarray = np.asarray(arrays["grad_output"]).sum((0, 2, 3))
        return total
    o, k, i = _taps(geometry)
    batch, groups, inputs = geometry.batch, geometry.groups, geometry.weight_shape[1]
    outputs = geometry.out_channels // groups
    # For each array its axes (n image, g group, o output, c input of the group, t tap), and the places of the taps.
    views: dict[str, tuple[str, tuple[int, ...], np.ndarray]] = {
        "input": ("ngct", (batch, groups, inputs), i),
        "weight": ("goct", (groups, outputs, inputs), k),
        "grad_output": ("ngot", (batch, groups, outputs), o),
    }
    result = OPERATIONS[operation].result
    names = [name for name in views if name != result]
    factors = [_unwrapped(arrays[name]).reshape(*views[name][1], -1)[..., views[name][2]] for name in names]
    letters = ",".join(views[name][0] for name in names)
    products: np.ndarray = np.einsum(f"{letters}->{views[result][0]}", *factors)
    shape, index = array_shapes(geometry)[result], views[result][2]
    sums = np.zeros((prod(products.shape[:-1]), prod(shape[2:])), products.dtype)
    np.add.at(sums.T, index, products.reshape(len(sums), len(index)).T)
    total = sums.reshape(shape)
    bias = arrays.get("bias") if operation == "forward" else None
    return total if bias is None else total + np.asarray(bias).reshape(-1, *[1] * len(geometry.axes))


@lru_cache(maxsize=512)
def _taps(geometry: Geometry) -> tuple[np.ndarray, ...]:
    return tuple(geometry.tap_arrays())


def _unwrapped(array: Any) -> np.ndarray:
    """Return an array in which sums of whole numbers do not wrap around."""
    found = np.asarray(array)
    return found.astype(np.float64) if found.dtype.kind in "biu" else found


def tolerance(operation: str, geometry: Geometry, arrays: Arrays, epsilon: float) -> float:
    """Return the largest difference that rounding explains.

    It is (4 + √n) ε times the largest sum of the products' sizes, where n is the number of terms of a sum.
    """
    sizes = {n: np.abs(np.asarray(a, float)) for n, a in arrays.items() if a is not None}
    largest = float(truth(operation, geometry, sizes).max(initial=0))
    terms = OPERATIONS[operation].terms(geometry) if operation in OPERATIONS else geometry.batch * prod(geometry.output)
    return epsilon * largest * (4 + sqrt(terms))
