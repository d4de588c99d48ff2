"""What is computed: the three sums over the taps, as Halide reads them. Nothing here says in which order.

Halide's first index runs fastest, so every array's axes stand in the reverse of NumPy's order, with the channels of a
group apart from the groups. With i = stride * o + dilation * k - before along each axis:

    input (*i, ci, g, n)    weight (*k, ci, co, g)    output (*o, co, g, n)    bias (co, g)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from operator import add, and_

import halide as hl
import numpy as np

from convolab.geometry import Axis, Geometry

LETTERS = "xyz"


class Problem:
    """A geometry in Halide's order: axes fastest first, channels counted within one group.

    Factors are of type `dtype`, and so are sums, except that those of int16 are of int32. Where the result is of
    another type, the sums are whole numbers that it holds. The arrays may be `given` in another type than the factors.
    """

    def __init__(self, geometry: Geometry, dtype: np.dtype, result_dtype=None, contiguous: bool = False, given=None):
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
        """Bytes of the weights of each of the `channels` of a result."""
        return prod(self.weight[: self.dims + 2]) // channels * self.type.bytes()

    @property
    def pads(self) -> bool:
        """Whether some windows reach outside the input."""
        return any(map(leaves, self.axes))

    @property
    def zero(self) -> hl.Expr:
        return hl.cast(self.sum_type, 0)

    def delivered(self, total) -> hl.Expr:
        """A sum in the result's type. What is exact in float32 fits in 32 bits: registers can convert that at once."""
        if self.result_type != self.type and self.type == hl.Float(32):
            total = hl.cast(hl.Int(32), total)
        return hl.cast(self.result_type, total)

    def array(self, name: str, extents: tuple[int, ...], type: hl.Type | None = None) -> hl.ImageParam:
        """An argument whose rows are dense. Its other strides are known now, if contiguous, or read at each call."""
        param = hl.ImageParam(type or self.type, len(extents), name)
        if self.contiguous:
            dense(param, extents)
        for dim, extent in enumerate(extents):
            param.dim(dim).set_bounds(0, extent)
        return param

    def variables(self, prefix: str = "") -> list[hl.Var]:
        return [hl.Var(prefix + letter) for letter in LETTERS[: self.dims]]


@dataclass
class Sum:
    """One of the sums, ready to be scheduled.

    `result` and `total` are defined at (*`position`, …), among the rest the `channel` that goes across the lanes, of
    which there are `channels`. `total` is updated over `taps`, one variable an axis, and over `rest`: the other
    channels, or the images of a chunk of the batch. `copied` is what was copied so that this channel runs fastest, and
    `seen` are the extents of the array that is not.
    Where channels are summed by pairs, `pair` runs over the two, `paired` is the input's copy, and `largest` are more
    results: how large its numbers and the weights are.
    """

    problem: Problem
    arguments: list[hl.ImageParam]
    result: hl.Func
    total: hl.Func
    position: list[hl.Var]
    extents: tuple[int, ...]
    channel: hl.Var
    channels: int
    outer: list[hl.Var]
    taps: list[hl.RVar]
    rest: hl.RVar
    copied: hl.Func
    seen: tuple[int, ...]
    pair: hl.RVar | None = None
    paired: hl.Func | None = None
    largest: Sequence["Largest"] = ()


@dataclass
class Largest:
    """How large numbers are, for each `n`: `result`, of `most`, which runs over `at`, `width` of them, and `rest`."""

    result: hl.Func
    most: hl.Func
    at: hl.Var
    width: int
    rest: list[hl.RVar]
    n: hl.Var


def halide_type(dtype: np.dtype) -> hl.Type:
    return {"f": hl.Float, "i": hl.Int, "u": hl.UInt}[np.dtype(dtype).kind](8 * np.dtype(dtype).itemsize)


def dense(buffer, extents: tuple[int, ...]) -> None:
    """Tell Halide that an array has these sizes and nothing between its elements."""
    stride = 1
    for dim, extent in enumerate(extents):
        buffer.dim(dim).set_bounds(0, extent).set_stride(stride)
        stride *= extent


class Taps:
    """The box that a sum runs over, and the tests that leave of it only the taps.

    A test on the box's own variables restricts the box, so that Halide can move it out of the inner loops. A variable
    of extent 1 is no variable to Halide: such a test would guard the whole sum and Halide, in finding what is read,
    would forget it. There the product is set to zero instead.

    `likely`: most of the box are taps, and what is left of a loop without the tests is worth a copy of it.
    """

    def __init__(self, *extents: int, likely: bool = False):
        self.likely = hl.likely if likely else lambda test: test
        self.box = hl.RDom([(0, extent) for extent in extents], "r")
        self.variables = [self.box[dim] for dim in range(len(extents))]
        self.fixed = [extent == 1 for extent in extents]
        self.tests: list[hl.Expr] = []

    def inside(self, dim: int, index: hl.Expr, extent: int, test: hl.Expr | None = None) -> hl.Expr:
        """Take only the taps whose `index` lies in range(extent), and that pass the `test`."""
        tests = [index >= 0, index < extent] + ([] if test is None else [test])
        if self.fixed[dim]:
            self.tests += tests
            return hl.clamp(index, 0, extent - 1)
        for each in tests:
            self.box.where(self.likely(each))
        return hl.clamp(hl.likely(index), 0, extent - 1)

    def product(self, a: hl.Expr, b: hl.Expr, zero: hl.Expr) -> hl.Expr:
        """a * b where there is a tap."""
        return hl.select(reduce(and_, self.tests), a * b, zero) if self.tests else a * b


def leaves(axis: Axis) -> bool:
    """Whether some windows of the axis reach outside the input."""
    return axis.input_position(0, 0) < 0 or axis.input_position(axis.output - 1, axis.kernel - 1) >= axis.input


def input_index(taps: Taps, dim: int, axis: Axis, o, k) -> hl.Expr:
    """i = stride * o + dilation * k - before, where that is an input."""
    index = axis.stride * o + axis.dilation * k - axis.before
    return taps.inside(dim, index, axis.input) if leaves(axis) else index


def output_index(taps: Taps, dim: int, axis: Axis, i, k) -> hl.Expr:
    """o = (i + before - dilation * k) / stride, where that is an output."""
    index = i + axis.before - axis.dilation * k
    divides = index % axis.stride == 0 if axis.stride > 1 else None
    return taps.inside(dim, index / axis.stride, axis.output, divides)


def panels(p: Problem, weight: hl.ImageParam, dim: int, wide: int) -> tuple[hl.Func, Callable]:
    """The weights with `wide` channels of the result, which are dimension `dim`, side by side; and how to read them.

    The rest of the last panel is zeros.
    """
    copied, inner, panel, (other, g) = hl.Func("panels"), hl.Var("inner"), hl.Var("panel"), map(hl.Var, ("other", "g"))
    k, channel, channels = p.variables("k"), panel * wide + inner, p.weight[dim]
    at = [other, other, g]
    at[dim - p.dims] = hl.min(channel, channels - 1)
    filled = channels % wide == 0
    value = weight[(*k, *at)]
    copied[(inner, *k, other, panel, g)] = value if filled else hl.select(channel < channels, value, p.zero)
    return copied, lambda c, k, other, g: copied[(c % wide, *k, other, c / wide, g)]


def forward(p: Problem, wide: int, with_bias: bool = False) -> Sum:
    """output[o, co] = bias[co] + Σ weight[k, ci, co] * input[i, ci], `wide` channels at a time"""
    input, weight = p.array("input", p.input), p.array("weight", p.weight)
    copied, weights = panels(p, weight, p.dims + 1, wide)
    o, (co, g, n) = p.variables(), (hl.Var(v) for v in ("co", "g", "n"))
    taps = Taps(*p.weight[: p.dims], p.inputs)
    *k, ci = taps.variables
    i = [input_index(taps, d, axis, o[d], k[d]) for d, axis in enumerate(p.axes)]
    total, output = hl.Func("total"), hl.Func("output")
    total[(*o, co, g, n)] = p.zero
    total[(*o, co, g, n)] += taps.product(weights(co, k, ci, g), input[(*i, ci, g, n)], p.zero)
    arguments = [input, weight] + ([p.array("bias", (p.outputs, p.groups))] if with_bias else [])
    output[(*o, co, g, n)] = p.delivered(total[(*o, co, g, n)] + (arguments[2][co, g] if with_bias else p.zero))
    dense(output.output_buffer(), p.output)
    return Sum(p, arguments, output, total, o, p.output[: p.dims], co, p.outputs, [g, n], k, ci, copied, p.input)


def input_gradient(p: Problem, wide: int) -> Sum:
    """grad_input[i, ci] = Σ weight[k, ci, co] * grad_output[o, co], `wide` channels at a time"""
    weight, grad_output = p.array("weight", p.weight), p.array("grad_output", p.output)
    copied, weights = panels(p, weight, p.dims, wide)
    i, (ci, g, n) = p.variables(), (hl.Var(v) for v in ("ci", "g", "n"))
    taps = Taps(*p.weight[: p.dims], p.outputs)
    *flipped, co = taps.variables
    # The kernel backwards, so that outputs are read forwards, as inputs are in the forward sum.
    k = [axis.kernel - 1 - flipped[d] for d, axis in enumerate(p.axes)]
    o = [output_index(taps, d, axis, i[d], k[d]) for d, axis in enumerate(p.axes)]
    total, grad_input = hl.Func("total"), hl.Func("grad_input")
    total[(*i, ci, g, n)] = p.zero
    total[(*i, ci, g, n)] += taps.product(weights(ci, k, co, g), grad_output[(*o, co, g, n)], p.zero)
    grad_input[(*i, ci, g, n)] = p.delivered(total[(*i, ci, g, n)])
    dense(grad_input.output_buffer(), p.input)
    arguments, extents = [weight, grad_output], p.input[: p.dims]
    return Sum(p, arguments, grad_input, total, i, extents, ci, p.inputs, [g, n], flipped, co, copied, p.output)


def weight_gradient(p: Problem, wide: int, rows: int, images: int, parts: int) -> tuple[Sum, hl.Func, list[hl.RVar]]:
    """grad_weight[k, ci, co] = Σ grad_output[o, co] * input[i, ci], `wide` channels at a time

    A chunk is `rows` rows (of the last axis) of `images` images, and the sum over it is `total`. The second result adds
    up the chunks of each of the `parts`, over the third; the last sum is over the parts.
    """
    input, grad_output = p.array("input", p.input), p.array("grad_output", p.output)
    k, (ci, co, g, band, stack) = p.variables("k"), map(hl.Var, ("ci", "co", "g", "band", "stack"))
    copied, grads = blocks_of_channels(p, grad_output, wide)
    *whole, last = p.output[: p.dims]
    taps = Taps(*whole, rows, images, likely=True)
    *o, image = taps.variables
    o[-1], n = rows * band + o[-1], images * stack + image
    i = [input_index(taps, d, axis, o[d], k[d]) for d, axis in enumerate(p.axes)]
    total, chunks, grad_weight = hl.Func("total"), hl.Func("chunks"), hl.Func("grad_weight")
    total[(*k, ci, co, g, band, stack)] = p.zero
    total[(*k, ci, co, g, band, stack)] += taps.product(grads(co, o, g, n), input[(*i, ci, g, n)], p.zero)
    # Bands of an image, and stacks of images: the parts are some of the stacks each, or of the bands.
    counts = [last // rows, p.batch // images]
    divided = 1 if counts[1] % parts == 0 else 0
    counts[divided] //= parts
    part, c = hl.Var("part"), hl.RDom([(0, count) for count in counts], "c")
    at = [c[0], c[1]]
    at[divided] += counts[divided] * part
    chunks[(*k, ci, co, g, part)] = p.zero
    chunks[(*k, ci, co, g, part)] += total[(*k, ci, co, g, *at)]
    grad_weight[(*k, ci, co, g)] = p.delivered(reduce(add, (chunks[(*k, ci, co, g, q)] for q in range(parts))))
    dense(grad_weight.output_buffer(), p.weight)
    arguments, outer, extents = [input, grad_output], [ci, g, part], p.weight[: p.dims]
    s = Sum(
        p, arguments, grad_weight, total, k, extents, co, p.outputs, outer, taps.variables[:-1], image, copied, p.input
    )
    return s, chunks, [c[0], c[1]]


def blocks_of_channels(p: Problem, outputs: hl.ImageParam, wide: int) -> tuple[hl.Func, Callable]:
    """An array of outputs with `wide` channels side by side; and how to read it. The rest of the last block is idle."""
    copied, inner, block, (g, n) = hl.Func("blocks"), hl.Var("inner"), hl.Var("block"), map(hl.Var, ("g", "n"))
    o, channel = p.variables(), block * wide + inner
    copied[(inner, *o, block, g, n)] = outputs[(*o, hl.min(channel, p.outputs - 1), g, n)]
    return copied, lambda c, o, g, n: copied[(c % wide, *o, c / wide, g, n)]
