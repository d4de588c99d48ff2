"""What is computed with channels across the lanes: the three sums over the taps, as Halide's formulas.

Nothing here says in which order; `schedule.py` does. The indices are those of `problem.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_

import halide as hl

from convolab.engine.halide.problem import Problem, dense, leaves
from convolab.geometry import Axis


@dataclass
class Sum:
    """One of the sums, ready to be scheduled.

    Attributes
    ----------
    result, total : hl.Func
        Defined at (*`position`, …, `channel`, …).
    position : list of hl.Var
        The position in the result's `extents`, one variable an axis.
    channel : hl.Var
        The channel that goes across the lanes, one of `channels`.
    outer : list of hl.Var
        What else the result is defined at: the groups, and images, input channels or parts.
    taps : list of hl.RVar
        What `total` is summed over, one variable an axis; and over `rest`, the other channels or a chunk's images.
    copied : hl.Func
        The factor that was copied so that `channel` runs fastest.
    seen : tuple of int
        The extents of the other factor.
    pair : hl.RVar, optional
        Runs over the two channels of a pair; `paired` is then the input's copy.
    largest : sequence of Largest
        More results: how large the numbers of the input and of the weights are.
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
    """The largest absolute value for each `n`: `result`, which is the maximum of `most` over `at`, one of `width`.

    `most` is itself the maximum over `rest`.
    """

    result: hl.Func
    most: hl.Func
    at: hl.Var
    width: int
    rest: list[hl.RVar]
    n: hl.Var


class _Taps:
    """The box that a sum runs over, and the tests that leave only the taps of it.

    A test on the box's own variables restricts the box, so that Halide can move it out of the inner loops. To Halide a
    variable of extent 1 is a constant: a test on it would guard the whole sum, and would be forgotten where Halide
    finds out what is read. For such a variable the product is set to zero instead.

    `likely` says that most of the box are taps, so that a copy of the inner loop without the tests is worth its code.
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
        """The product a * b where there is a tap, and zero elsewhere."""
        return hl.select(reduce(and_, self.tests), a * b, zero) if self.tests else a * b


def _input_index(taps: _Taps, dim: int, axis: Axis, o: hl.Expr, k: hl.Expr) -> hl.Expr:
    """i = stride * o + dilation * k - before; only taps where that is an input are left."""
    index = axis.stride * o + axis.dilation * k - axis.before
    return taps.inside(dim, index, axis.input) if leaves(axis) else index


def _output_index(taps: _Taps, dim: int, axis: Axis, i: hl.Expr, k: hl.Expr) -> hl.Expr:
    """o = (i + before - dilation * k) / stride; only taps where that is an output are left."""
    index = i + axis.before - axis.dilation * k
    divides = index % axis.stride == 0 if axis.stride > 1 else None
    return taps.inside(dim, index / axis.stride, axis.output, divides)


def panels(p: Problem, weight: hl.ImageParam, dim: int, wide: int) -> tuple[hl.Func, Callable[..., hl.Expr]]:
    """The weights with `wide` channels of the result side by side, and a function (c, k, other, g) that reads them.

    The result's channels are dimension `dim` of the weight. The last panel is filled up with zeros.
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
    taps = _Taps(*p.weight[: p.dims], p.inputs)
    *k, ci = taps.variables
    i = [_input_index(taps, d, axis, o[d], k[d]) for d, axis in enumerate(p.axes)]
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
    taps = _Taps(*p.weight[: p.dims], p.outputs)
    *flipped, co = taps.variables
    # The kernel backwards, so that outputs are read forwards, as inputs are in the forward sum.
    k = [axis.kernel - 1 - flipped[d] for d, axis in enumerate(p.axes)]
    o = [_output_index(taps, d, axis, i[d], k[d]) for d, axis in enumerate(p.axes)]
    total, grad_input = hl.Func("total"), hl.Func("grad_input")
    total[(*i, ci, g, n)] = p.zero
    total[(*i, ci, g, n)] += taps.product(weights(ci, k, co, g), grad_output[(*o, co, g, n)], p.zero)
    grad_input[(*i, ci, g, n)] = p.delivered(total[(*i, ci, g, n)])
    dense(grad_input.output_buffer(), p.input)
    arguments, extents = [weight, grad_output], p.input[: p.dims]
    return Sum(p, arguments, grad_input, total, i, extents, ci, p.inputs, [g, n], flipped, co, copied, p.output)


def weight_gradient(p: Problem, wide: int, rows: int, images: int, parts: int) -> tuple[Sum, hl.Func, list[hl.RVar]]:
    """grad_weight[k, ci, co] = Σ grad_output[o, co] * input[i, ci], `wide` channels at a time

    A chunk is `rows` rows (of the last axis) of `images` images.

    Returns
    -------
    sum : Sum
        Its `total` is the sum over one chunk, and its `result` the sum over the parts.
    chunks : hl.Func
        The sum over the chunks of each of the `parts`.
    chunk : list of hl.RVar
        What `chunks` is summed over: bands of rows, and stacks of images.
    """
    input, grad_output = p.array("input", p.input), p.array("grad_output", p.output)
    k, (ci, co, g, band, stack) = p.variables("k"), map(hl.Var, ("ci", "co", "g", "band", "stack"))
    copied, grads = _blocks_of_channels(p, grad_output, wide)
    *whole, last = p.output[: p.dims]
    taps = _Taps(*whole, rows, images, likely=True)
    *o, image = taps.variables
    o[-1], n = rows * band + o[-1], images * stack + image
    i = [_input_index(taps, d, axis, o[d], k[d]) for d, axis in enumerate(p.axes)]
    total, chunks, grad_weight = hl.Func("total"), hl.Func("chunks"), hl.Func("grad_weight")
    total[(*k, ci, co, g, band, stack)] = p.zero
    total[(*k, ci, co, g, band, stack)] += taps.product(grads(co, o, g, n), input[(*i, ci, g, n)], p.zero)
    # Each part has some of the stacks of images, or, where these do not divide, some of the bands of rows.
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


def _blocks_of_channels(p: Problem, outputs: hl.ImageParam, wide: int) -> tuple[hl.Func, Callable[..., hl.Expr]]:
    """An array of outputs with `wide` channels side by side, and a function (c, o, g, n) that reads it.

    The last block is filled up with copies of the last channel, which nothing reads.
    """
    copied, inner, block, (g, n) = hl.Func("blocks"), hl.Var("inner"), hl.Var("block"), map(hl.Var, ("g", "n"))
    o, channel = p.variables(), block * wide + inner
    copied[(inner, *o, block, g, n)] = outputs[(*o, hl.min(channel, p.outputs - 1), g, n)]
    return copied, lambda c, o, g, n: copied[(c % wide, *o, c / wide, g, n)]
