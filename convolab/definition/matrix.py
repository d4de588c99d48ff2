"""The operator as a matrix: a convolution with a fixed weight is linear in its input."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np

from convolab.definition.sums import conv, conv_input
from convolab.errors import MissingDependencyError
from convolab.geometry import Geometry, check_shape

# A sum of a geometry and its two factors.
_Sum: TypeAlias = Callable[[Geometry, np.ndarray, np.ndarray], np.ndarray]


def matrix(geometry: Geometry, weight: np.ndarray) -> Any:
    """Return the sparse matrix M with `output.ravel() == M @ input.ravel()`, for one batch element.

    Its transpose is the adjoint: `grad_input.ravel() == M.T @ grad_output.ravel()`.

    Parameters
    ----------
    geometry : Geometry
    weight : array, shape (C_out, C_in / groups, *kernel)

    Returns
    -------
    scipy.sparse.csr_array, shape (C_out · outputs, C_in · inputs)

    Raises
    ------
    ArgumentError
        If the weight has another shape than the geometry's.

    Examples
    --------
    >>> matrix(Geometry(4, 2), np.array([[[1, 2]]])).toarray()
    array([[1, 2, 0, 0],
           [0, 1, 2, 0],
           [0, 0, 1, 2]])
    """
    sparse = _scipy("sparse")
    check_shape("matrix", "weight", weight.shape, geometry.weight_shape, "the geometry's")
    output, kernel, input = geometry.tap_arrays()
    outputs, inputs = np.prod(geometry.output), np.prod(geometry.input)
    rows, columns, values = [], [], []
    for co, ci, c in geometry.channels():
        rows.append(co * outputs + output)
        columns.append(ci * inputs + input)
        values.append(weight[co, c].ravel()[kernel])
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    shape = (geometry.out_channels * outputs, geometry.in_channels * inputs)
    return sparse.coo_array(entries, shape=shape).tocsr()


def linear_operator(
    geometry: Geometry, weight: np.ndarray, forward: _Sum | None = None, adjoint: _Sum | None = None
) -> Any:
    """Return the operator without its matrix, as `scipy.sparse.linalg.LinearOperator`, for one batch element.

    Parameters
    ----------
    geometry : Geometry
    weight : array, shape (C_out, C_in / groups, *kernel)
    forward, adjoint : callable, optional
        `forward(geometry, input, weight)` and `adjoint(geometry, weight, grad_output)` as the definition's `conv` and
        `conv_input`, which are the default; an engine's are faster.

    Returns
    -------
    scipy.sparse.linalg.LinearOperator, shape (C_out · outputs, C_in · inputs)
    """
    check_shape("linear_operator", "weight", weight.shape, geometry.weight_shape, "the geometry's")
    one = geometry.replace(batch=1)
    forward, adjoint = forward or conv, adjoint or conv_input
    return _scipy("sparse.linalg").LinearOperator(
        shape=(int(np.prod(one.output_shape)), int(np.prod(one.input_shape))),
        dtype=weight.dtype,
        matvec=lambda x: forward(one, x.reshape(one.input_shape), weight).ravel(),
        rmatvec=lambda y: adjoint(one, weight, y.reshape(one.output_shape)).ravel(),
    )


def _scipy(part: str) -> Any:
    try:
        return import_module(f"scipy.{part}")
    except ModuleNotFoundError:
        raise MissingDependencyError("scipy", "science", "the operator as a matrix") from None
