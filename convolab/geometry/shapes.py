"""A whole convolution without its numbers: the axes, and the channels, groups and batch around them."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, TypeAlias

import numpy as np

from convolab.errors import ArgumentError, DtypeError
from convolab.geometry.arguments import (
    SPATIAL_LETTERS,
    check_channels,
    check_padding_mode,
    check_transposed_channels,
    convolution_axis,
    hashable,
    padding_pairs,
    per_axis,
    whole,
)
from convolab.geometry.relation import Axis, transposed_size

Index: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, init=False)
class Geometry:
    """Everything about a convolution but its numbers: the axes, and the channels, groups and batch around them.

    Along each axis, output position o, kernel position k and input position i meet where
    i = stride · o + dilation · k − padding. Geometries with equal fields are equal, and they can be keys of a dict.

    Parameters
    ----------
    input, kernel : int or sequence of int
        Sizes along each axis, in pixels, in the order (D, H, W).
    stride, dilation : int or sequence of int
        Steps in pixels, one for all axes, or one for each.
    padding : int, sequence of int, sequence of (before, after), "same" or "valid"
        In pixels, at both ends of an axis or at each of them. "same" keeps the size, and "valid" is 0.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What stands in the padding (see `Axis.sources`).
    batch, in_channels, out_channels : int
        Counts of images and of channels.
    groups : int
        Into how many groups the channels are divided; a channel meets those of its own group alone.

    Attributes
    ----------
    axes : tuple of Axis
        The relation along each axis.
    input, kernel, output : tuple of int
        Sizes along each axis, in pixels.
    input_shape : (N, C_in, *spatial)
    weight_shape : (C_out, C_in / groups, *kernel)
    output_shape : (N, C_out, *spatial)
    products, mult_adds : int
        Products of one output element, and of all.

    Raises
    ------
    ArgumentError
        For sizes that do not fit each other.
    DtypeError
        For sizes that are not integers.

    Source
    ------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285: the size of an output
    is their relationship 6, with dilation 15.

    Examples
    --------
    >>> g = Geometry((28, 28), 3, stride=2, padding=1)
    >>> g.output
    (14, 14)
    >>> g.axes[0].kernels_of_output(0)
    range(1, 3)
    >>> Geometry((28, 28), 3, batch=64, in_channels=8, out_channels=16, groups=4).weight_shape
    (16, 2, 3, 3)
    """

    axes: tuple[Axis, ...]
    batch: int
    in_channels: int
    out_channels: int
    groups: int
    padding_mode: str

    def __init__(
        self,
        input: int | Sequence[int],
        kernel: int | Sequence[int],
        *,
        stride: int | Sequence[int] = 1,
        padding: Any = 0,
        dilation: int | Sequence[int] = 1,
        padding_mode: str = "zeros",
        batch: int = 1,
        in_channels: int = 1,
        out_channels: int = 1,
        groups: int = 1,
    ) -> None:
        sizes = tuple(input) if isinstance(input, Iterable) else (input,)
        kernel = per_axis("Geometry", "kernel", kernel, len(sizes), minimum=1)
        sizes = per_axis("Geometry", "input", sizes, len(sizes), minimum=1)
        other = convolution_geometry(
            "Geometry",
            (batch, in_channels, *sizes),
            (out_channels, in_channels // max(1, groups), *kernel),
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
            padding_mode=padding_mode,
        )
        self._fill(other.axes, batch, in_channels, out_channels, other.groups, padding_mode)

    @property
    def input(self) -> tuple[int, ...]:
        """The input's size along each axis, in pixels."""
        return tuple(axis.input for axis in self.axes)

    @property
    def kernel(self) -> tuple[int, ...]:
        """The kernel's size along each axis, in taps."""
        return tuple(axis.kernel for axis in self.axes)

    @property
    def output(self) -> tuple[int, ...]:
        """The output's size along each axis, in pixels."""
        return tuple(axis.output for axis in self.axes)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of the input, (N, C_in, *spatial)."""
        return (self.batch, self.in_channels, *self.input)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """The shape of the weight, (C_out, C_in / groups, *kernel)."""
        return (self.out_channels, self.in_channels // self.groups, *self.kernel)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the output, (N, C_out, *spatial)."""
        return (self.batch, self.out_channels, *self.output)

    @property
    def products(self) -> int:
        """How many products one output element adds up at most: C_in / groups times the kernel's size."""
        return prod(self.weight_shape[1:])

    @property
    def mult_adds(self) -> int:
        """Multiply-adds of the forward sum, as the field counts them (taps in the padding included)."""
        return prod(self.output_shape) * self.products

    def __hash__(self) -> int:
        # Every call looks a plan up by its geometry: the hash is worth keeping.
        known = self.__dict__.get("_hash")
        if known is None:
            known = hash((self.axes, self.batch, self.in_channels, self.out_channels, self.groups, self.padding_mode))
            object.__setattr__(self, "_hash", known)
        return known

    def channels(self) -> Iterator[tuple[int, int, int]]:
        """Yield the channels that meet: (output channel, input channel, input channel within the group)."""
        per_group, outputs = self.in_channels // self.groups, self.out_channels // self.groups
        for co, c in product(range(self.out_channels), range(per_group)):
            yield co, co // outputs * per_group + c, c

    def taps(self) -> Iterator[tuple[Index, Index, Index]]:
        """Yield all taps (o, k, i), each a tuple with one position an axis."""
        for taps in product(*(axis.taps(self.padding_mode).tolist() for axis in self.axes)):
            output, kernel, input = zip(*taps, strict=True)
            yield output, kernel, input

    def tap_arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the taps of one plane as flat (raveled) output, kernel and input positions, each of shape (taps,)."""
        output = kernel = input = np.zeros(1, dtype=np.intp)
        for axis in self.axes:
            o, k, i = axis.taps(self.padding_mode).T
            output = (output[:, None] * axis.output + o).ravel()
            kernel = (kernel[:, None] * axis.kernel + k).ravel()
            input = (input[:, None] * axis.input + i).ravel()
        return output, kernel, input

    @classmethod
    def canonical(
        cls, axes: tuple[Axis, ...], batch: int, in_channels: int, out_channels: int, groups: int, padding_mode: str
    ) -> "Geometry":
        """Return a geometry of parts that are already canonical: nothing is parsed and nothing is checked."""
        return cls.__new__(cls)._fill(axes, batch, in_channels, out_channels, groups, padding_mode)

    def replace(self, **changes: Any) -> "Geometry":
        """Return the same geometry with some of its fields (axes, batch, channels, groups, padding_mode) changed."""
        fields = {name: changes.pop(name, getattr(self, name)) for name in self.__dataclass_fields__}
        return self.canonical(**fields, **changes)

    def _fill(self, *values: Any) -> "Geometry":
        for name, value in zip(self.__dataclass_fields__, values, strict=True):
            object.__setattr__(self, name, value)
        return self


def convolution_geometry(
    function: str,
    input_shape: Sequence[int],
    weight_shape: Sequence[int],
    *,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: Any = 1,
    padding_mode: Any = "zeros",
) -> Geometry:
    """Return the geometry of a convolution of (N, C, *spatial) with (C_out, C / groups, *kernel).

    Equal arguments give one geometry, from a cache.

    Raises
    ------
    ArgumentError, DtypeError
        One line that says why there is none, after the name of the `function` that was called.
    """
    arguments = (hashable(stride), hashable(padding), hashable(dilation), groups, padding_mode)
    # torch.compile traces through Python, and sizes that are symbols have no place in a cache.
    parse = _convolution_geometry.__wrapped__ if is_traced() else _convolution_geometry
    try:
        return parse(function, tuple(input_shape), tuple(weight_shape), *arguments)
    except TypeError as error:
        if "unhashable" not in str(error):
            raise
        raise DtypeError(
            f"{function}: stride, padding, dilation and groups take integers, or one integer an axis; got {arguments}."
        ) from None


def is_traced() -> bool:
    """Return whether torch.compile is tracing through this call."""
    compiler = sys.modules.get("torch.compiler")
    return compiler is not None and compiler.is_compiling()


@lru_cache(maxsize=4096, typed=True)
def _convolution_geometry(
    function: str,
    input_shape: Index,
    weight_shape: Index,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
    padding_mode: Any,
) -> Geometry:
    dims = len(input_shape) - 2
    stride = per_axis(function, "stride", stride, dims, minimum=1)
    dilation = per_axis(function, "dilation", dilation, dims, minimum=1)
    check_channels(function, input_shape, weight_shape, groups)
    kernel = weight_shape[2:]
    padding = padding_pairs(function, padding, kernel, stride, dilation)
    axes = tuple(
        convolution_axis(function, letter, *sizes)
        for letter, *sizes in zip(
            SPATIAL_LETTERS[dims], input_shape[2:], kernel, stride, dilation, padding, strict=True
        )
    )
    check_padding_mode(function, padding_mode, axes)
    return Geometry.canonical(axes, input_shape[0], input_shape[1], weight_shape[0], int(groups), padding_mode)


def transposed_geometry(
    function: str,
    input_shape: Sequence[int],
    weight_shape: Sequence[int],
    *,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    dilation: Any = 1,
    groups: Any = 1,
) -> Geometry:
    """Return the geometry of the convolution whose adjoint is asked for.

    The transposed convolution's input (N, C_in, *spatial) is that convolution's output, and its weight (C_in, C_out /
    groups, *kernel) is that convolution's weight.

    Raises
    ------
    ArgumentError, DtypeError
        One line that says why there is none, after the name of the `function` that was called.
    """
    dims = len(input_shape) - 2
    stride = per_axis(function, "stride", stride, dims, minimum=1)
    dilation = per_axis(function, "dilation", dilation, dims, minimum=1)
    extra = per_axis(function, "output_padding", output_padding, dims, minimum=0)
    groups = whole(function, "groups", groups, minimum=1)
    if padding in ("same", "valid"):
        raise ArgumentError(f"{function}: padding={padding!r} is for convolutions. Expected integers, got {padding!r}.")
    padding = padding_pairs(function, padding, weight_shape[2:], stride, dilation)
    check_transposed_channels(function, input_shape, weight_shape, groups)
    axes = []
    for letter, output, kernel, s, d, (before, after), e in zip(
        SPATIAL_LETTERS[dims], input_shape[2:], weight_shape[2:], stride, dilation, padding, extra, strict=True
    ):
        if e >= max(s, d):
            raise ArgumentError(
                f"{function}: output_padding={e} along {letter} must be smaller than stride={s} or dilation={d}: "
                f"larger ones only append zeros."
            )
        if output < 1:
            raise ArgumentError(
                f"{function}: input has no elements along {letter}. Expected at least 1, got {tuple(input_shape)}."
            )
        size = transposed_size(output, kernel, s, d, before, after, e)
        if size < 1:
            raise ArgumentError(
                f"{function}: output size along {letter} would be {size}: padding ({before}, {after}) takes away more "
                f"than input {output} and kernel {kernel} give. Expected at least 1; reduce padding."
            )
        axes.append(Axis(size, kernel, output, s, d, before, after))
    return Geometry.canonical(tuple(axes), input_shape[0], weight_shape[1] * groups, input_shape[1], groups, "zeros")
