"""Which linear map of one image is a convolution with its weight fixed? Forward, adjoint, and their product."""

from functools import cached_property
from math import prod
from pathlib import Path

import numpy as np

import convolab.convolution as operators
from convolab.errors import DtypeError, MissingDependencyError
from convolab.filters.kernels import read_kernel
from convolab.geometry import Geometry, check_shape


def as_weight(weight, argument: str = "weight") -> np.ndarray:
    """Return a weight (C_out, C_in / groups, *kernel), of a bare kernel (kH, kW), its name or its file too.

    Parameters
    ----------
    weight : array_like, str or path
        Text and paths are read by `convolab.filters.kernels.read_kernel`.
    argument : str
        What the caller calls it, for the messages.
    """
    array = read_kernel(weight, argument=argument) if is_text(weight) else np.asarray(weight)
    return array[None, None] if array.ndim < 3 else array


def is_text(weight) -> bool:
    """Return whether a weight is given as the name, the numbers written out, or the file of a kernel."""
    return isinstance(weight, (str, Path))


class Operator:
    """y = A x for one image x (C_in, *spatial) and its output y (C_out, *spatial), in float64.

    Parameters
    ----------
    geometry : Geometry
        Its batch does not matter.
    weight : array, shape (C_out, C_in / groups, *kernel), or text that `read_kernel` takes
    engine : str
        What computes it.
    """

    def __init__(self, geometry: Geometry, weight, *, engine: str = "auto"):
        weight = as_weight(weight) if is_text(weight) else np.asarray(weight)
        if weight.dtype.kind not in "fiu":
            raise DtypeError(f"weight: has dtype {weight.dtype}. Expected real numbers.")
        check_shape("operator", "weight", weight.shape, geometry.weight_shape, "the geometry's")
        self.geometry, self.weight, self.engine = geometry.replace(batch=1), weight.astype(np.float64), engine
        dims = len(geometry.axes)
        self._forward = getattr(operators, f"conv{dims}d")
        self._adjoint = getattr(operators, f"conv{dims}d_input")
        self._options = {
            "stride": tuple(a.stride for a in geometry.axes),
            "padding": tuple((a.before, a.after) for a in geometry.axes),
            "dilation": tuple(a.dilation for a in geometry.axes),
            "groups": geometry.groups,
            "padding_mode": geometry.padding_mode,
            "engine": engine,
        }

    @property
    def input_shape(self) -> tuple[int, ...]:
        return self.geometry.input_shape[1:]

    @property
    def output_shape(self) -> tuple[int, ...]:
        return self.geometry.output_shape[1:]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return A x."""
        return self._forward(x[None], self.weight, **self._options)[0]

    def adjoint(self, y: np.ndarray) -> np.ndarray:
        """Return Aᵀ y."""
        return self._adjoint(self.geometry.input_shape, self.weight, y[None], **self._options)[0]

    def with_weight(self, weight: np.ndarray) -> "Operator":
        return Operator(self.geometry, weight, engine=self.engine)

    @cached_property
    def inputs(self) -> int:
        return prod(self.input_shape)

    @cached_property
    def outputs(self) -> int:
        return prod(self.output_shape)

    def gram(self):
        """Return Aᵀ A, or A Aᵀ where that is smaller, as scipy knows an operator; and whether it is the second."""
        linalg = scipy_linalg()
        if self.outputs < self.inputs:
            multiply, shape = lambda y: self.forward(self.adjoint(y.reshape(self.output_shape))), self.outputs
        else:
            multiply, shape = lambda x: self.adjoint(self.forward(x.reshape(self.input_shape))), self.inputs
        operator = linalg.LinearOperator((shape, shape), matvec=lambda v: multiply(v).ravel(), dtype=np.float64)
        return operator, self.outputs < self.inputs


def scipy_linalg():
    try:
        from scipy.sparse import linalg
    except ModuleNotFoundError:
        raise MissingDependencyError("scipy", "science", "the spectrum of a convolution") from None
    return linalg
