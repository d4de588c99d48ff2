"""A geometry with the axes in the order in which Halide reads them.

Halide's first index runs fastest, so every array's axes stand in the reverse of NumPy's order, with the channels of a
group apart from the groups. With i = stride * o + dilation * k - before along each axis:

    input (*i, ci, g, n)    weight (*k, ci, co, g)    output (*o, co, g, n)    bias (co, g)
"""

from math import prod
from typing import Any, TypeAlias

import halide as hl
import numpy as np

from convolab.geometry import Axis, Geometry

LETTERS = "xyz"

Size: TypeAlias = Any  # an int, or a halide.Expr where the number is known only when the pipeline is called


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
        self._set_types(dtype, result_dtype or dtype, given or dtype)
        self.contiguous = contiguous
        self.leaves = tuple(leaves(axis) for axis in g.axes[::-1])
        self.leaves_output = any(beside > 0 for beside in beside_outputs(g.axes[-1]))
        self._set_sizes(g.axes[::-1], g.in_channels // g.groups, g.out_channels // g.groups, g.groups, g.batch)

    def _set_types(self, dtype: np.dtype[Any], result: np.dtype[Any], given: np.dtype[Any]) -> None:
        self.types = np.dtype(dtype).name, np.dtype(result).name, np.dtype(given).name
        self.type, self.result_type, self.given = map(halide_type, (dtype, result, given))
        self.sum_type = hl.Int(32) if self.type == hl.Int(16) else self.type

    def _set_sizes(self, axes: tuple[Axis, ...], inputs: Size, outputs: Size, groups: Size, batch: Size) -> None:
        self.axes, self.dims = axes, len(axes)
        self.inputs: int = inputs
        self.outputs: int = outputs
        self.groups: int = groups
        self.batch: int = batch
        self.input: tuple[int, ...] = (*(a.input for a in axes), inputs, groups, batch)
        self.weight: tuple[int, ...] = (*(a.kernel for a in axes), inputs, outputs, groups)
        self.output: tuple[int, ...] = (*(a.output for a in axes), outputs, groups, batch)

    def weight_bytes(self, channels: int) -> int:
        """How many bytes of weights each of the `channels` of a result has."""
        size: int = self.type.bytes()
        return prod(self.weight[: self.dims + 2]) // channels * size

    @property
    def pads(self) -> bool:
        """Whether some windows reach outside the input."""
        return any(self.leaves)

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

    def array(self, name: str, extents: tuple[Size, ...], type: hl.Type | None = None) -> hl.ImageParam:
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


def dense(buffer: Any, extents: tuple[Size, ...]) -> None:
    """Tell Halide that an array has these sizes and nothing between its elements."""
    stride = 1
    for dim, extent in enumerate(extents):
        buffer.dim(dim).set_bounds(0, extent).set_stride(stride)
        stride *= extent


def pieces_of(size: Size, most: int) -> Size:
    """How many pieces of `most` elements at most cover so many elements."""
    return -(-size // most) if isinstance(size, int) else (size + most - 1) / most


def beside_inputs(axis: Axis) -> tuple[Size, Size]:
    """How many positions before the first input and behind the last one the windows reach; negative for none."""
    return axis.before, axis.stride * (axis.output - 1) + axis.span - axis.before - axis.input


def beside_outputs(axis: Axis) -> tuple[Size, Size]:
    """How many positions before the first output and behind the last one the inputs' windows would have."""
    last = axis.input - 1 + axis.before
    behind = last // axis.stride if isinstance(last, int) else last / axis.stride
    return -((axis.before - axis.span + 1) // axis.stride), behind - (axis.output - 1)


def leaves(axis: Axis) -> bool:
    """Whether some windows of the axis reach outside the input."""
    return axis.input_position(0, 0) < 0 or axis.input_position(axis.output - 1, axis.kernel - 1) >= axis.input
