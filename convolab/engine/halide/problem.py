"""A geometry with the axes in the order in which Halide reads them.

Halide's first index runs fastest, so every array's axes stand in the reverse of NumPy's order, with the channels of a
group apart from the groups. With i = stride * o + dilation * k - before along each axis:

    input (*i, ci, g, n)    weight (*k, ci, co, g)    output (*o, co, g, n)    bias (co, g)
"""

from math import prod
from typing import Any

import halide as hl
import numpy as np

from convolab.geometry import Axis, Geometry

LETTERS = "xyz"


class Problem:
    """A geometry in Halide's order: axes fastest first, channels counted within one group.

    Factors and sums are of the type `dtype`, except that factors of int16 are summed in int32. Where `result_dtype` is
    another type, the sums are whole numbers that it holds. `given` is the type of the arrays, if not the factors'.
    """

    def __init__(
        self,
        geometry: Geometry,
        dtype: np.dtype[Any],
        result_dtype: np.dtype[Any] | None = None,
        contiguous: bool = False,
        given: np.dtype[Any] | None = None,
    ):
        g = self.geometry = geometry
        self.type, self.result_type = halide_type(dtype), halide_type(result_dtype or dtype)
        self.given = halide_type(given or dtype)
        self.sum_type = hl.Int(32) if self.type == hl.Int(16) else self.type
        self.contiguous = contiguous
        self.axes: tuple[Axis, ...] = g.axes[::-1]
        self.dims, self.groups, self.batch = len(g.axes), g.groups, g.batch
        self.inputs, self.outputs = g.in_channels // g.groups, g.out_channels // g.groups
        self.input = (*g.input[::-1], self.inputs, self.groups, self.batch)
        self.weight = (*g.kernel[::-1], self.inputs, self.outputs, self.groups)
        self.output = (*g.output[::-1], self.outputs, self.groups, self.batch)

    def weight_bytes(self, channels: int) -> int:
        """How many bytes of weights each of the `channels` of a result has."""
        size: int = self.type.bytes()
        return prod(self.weight[: self.dims + 2]) // channels * size

    @property
    def pads(self) -> bool:
        """Whether some windows reach outside the input."""
        return any(map(leaves, self.axes))

    @property
    def zero(self) -> hl.Expr:
        return hl.cast(self.sum_type, 0)

    def delivered(self, total: hl.Expr) -> hl.Expr:
        """A sum in the result's type.

        An exact sum in float32 fits in 32 bits, and a register converts its numbers to those in one instruction.
        """
        if self.result_type != self.type and self.type == hl.Float(32):
            total = hl.cast(hl.Int(32), total)
        return hl.cast(self.result_type, total)

    def array(self, name: str, extents: tuple[int, ...], type: hl.Type | None = None) -> hl.ImageParam:
        """An argument with dense rows; its other strides are read at each call unless it is contiguous."""
        param = hl.ImageParam(type or self.type, len(extents), name)
        if self.contiguous:
            dense(param, extents)
        for dim, extent in enumerate(extents):
            param.dim(dim).set_bounds(0, extent)
        return param

    def variables(self, prefix: str = "") -> list[hl.Var]:
        """One variable for each axis, the fastest first."""
        return [hl.Var(prefix + letter) for letter in LETTERS[: self.dims]]


def halide_type(dtype: np.dtype[Any]) -> hl.Type:
    """Halide's name of a NumPy type."""
    return {"f": hl.Float, "i": hl.Int, "u": hl.UInt}[np.dtype(dtype).kind](8 * np.dtype(dtype).itemsize)


def dense(buffer: Any, extents: tuple[int, ...]) -> None:
    """Tell Halide that an array has these sizes and nothing between its elements."""
    stride = 1
    for dim, extent in enumerate(extents):
        buffer.dim(dim).set_bounds(0, extent).set_stride(stride)
        stride *= extent


def leaves(axis: Axis) -> bool:
    """Whether some windows of the axis reach outside the input."""
    return axis.input_position(0, 0) < 0 or axis.input_position(axis.output - 1, axis.kernel - 1) >= axis.input
