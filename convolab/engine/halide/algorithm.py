"""What is computed: the three sums over the taps, as Halide reads them. Nothing here says in which order.

Halide's first index runs fastest, so every array's axes stand in the reverse of NumPy's order, with the channels of a
group apart from the groups. With i = stride * o + dilation * k - before along each axis:

    input (*i, ci, g, n)    weight (*k, ci, co, g)    output (*o, co, g, n)    bias (co, g)
"""

from dataclasses import dataclass

import halide as hl
import numpy as np

from convolab.geometry import Axis, Geometry

LETTERS = "xyz"


class Problem:
    """A geometry in Halide's order: axes fastest first, channels counted within one group."""

    def __init__(self, geometry: Geometry, dtype: np.dtype):
        g = self.geometry = geometry
        self.type = halide_type(dtype)
        self.axes: tuple[Axis, ...] = g.axes[::-1]
        self.dims, self.groups, self.batch = len(g.axes), g.groups, g.batch
        self.inputs, self.outputs = g.in_channels // g.groups, g.out_channels // g.groups
        self.input = (*g.input[::-1], self.inputs, self.groups, self.batch)
        self.weight = (*g.kernel[::-1], self.inputs, self.outputs, self.groups)
        self.output = (*g.output[::-1], self.outputs, self.groups, self.batch)

    @property
    def zero(self) -> hl.Expr:
        return hl.cast(self.type, 0)

    def array(self, name: str, extents: tuple[int, ...]) -> hl.ImageParam:
        """An argument whose rows are dense; its other strides are read at each call."""
        param = hl.ImageParam(self.type, len(extents), name)
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
    channels, or the images of a chunk of the batch. `moved` is the argument that must have that channel fastest; there
    it is dimension `lane`.
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
    moved: hl.ImageParam
    lane: int


def halide_type(dtype: np.dtype) -> hl.Type:
    return {"f": hl.Float, "i": hl.Int}[np.dtype(dtype).kind](8 * np.dtype(dtype).itemsize)


def dense(buffer, extents: tuple[int, ...]) -> None:
    """Tell Halide that an array has these sizes and nothing between its elements."""
    stride = 1
    for dim, extent in enumerate(extents):
        buffer.dim(dim).set_bounds(0, extent).set_stride(stride)
        stride *= extent


def inside(domain: hl.RDom, index: hl.Expr, extent: int) -> hl.Expr:
    """Take only the taps whose `index` lies in range(extent); the clamp tells Halide that no other is ever read."""
    domain.where((index >= 0) & (index < extent))
    return hl.clamp(hl.likely(index), 0, extent - 1)


def leaves(axis: Axis) -> bool:
    """Whether some windows of the axis reach outside the input."""
    return axis.input_position(0, 0) < 0 or axis.input_position(axis.output - 1, axis.kernel - 1) >= axis.input


def input_index(domain: hl.RDom, axis: Axis, o, k) -> hl.Expr:
    """i = stride * o + dilation * k - before, where that is an input."""
    index = axis.stride * o + axis.dilation * k - axis.before
    return inside(domain, index, axis.input) if leaves(axis) else index


def output_index(domain: hl.RDom, axis: Axis, i, k) -> hl.Expr:
    """o = (i + before - dilation * k) / stride, where that is an output."""
    index = i + axis.before - axis.dilation * k
    if axis.stride > 1:
        domain.where(index % axis.stride == 0)
    return inside(domain, index / axis.stride, axis.output)


def forward(p: Problem, with_bias: bool = False) -> Sum:
    """output[o, co] = bias[co] + Σ weight[k, ci, co] * input[i, ci]"""
    input, weight = p.array("input", p.input), p.array("weight", p.weight)
    o, (co, g, n) = p.variables(), (hl.Var(v) for v in ("co", "g", "n"))
    r = hl.RDom([(0, axis.kernel) for axis in p.axes] + [(0, p.inputs)], "r")
    *k, ci = (r[d] for d in range(p.dims + 1))
    i = [input_index(r, *relation) for relation in zip(p.axes, o, k, strict=True)]
    total, output = hl.Func("total"), hl.Func("output")
    total[(*o, co, g, n)] = p.zero
    total[(*o, co, g, n)] += weight[(*k, ci, co, g)] * input[(*i, ci, g, n)]
    arguments = [input, weight] + ([p.array("bias", (p.outputs, p.groups))] if with_bias else [])
    output[(*o, co, g, n)] = total[(*o, co, g, n)] + (arguments[2][co, g] if with_bias else p.zero)
    dense(output.output_buffer(), p.output)
    extents = p.output[: p.dims]
    return Sum(p, arguments, output, total, o, extents, co, p.outputs, [g, n], k, ci, weight, p.dims + 1)


def input_gradient(p: Problem) -> Sum:
    """grad_input[i, ci] = Σ weight[k, ci, co] * grad_output[o, co]"""
    weight, grad_output = p.array("weight", p.weight), p.array("grad_output", p.output)
    i, (ci, g, n) = p.variables(), (hl.Var(v) for v in ("ci", "g", "n"))
    r = hl.RDom([(0, axis.kernel) for axis in p.axes] + [(0, p.outputs)], "r")
    *k, co = (r[d] for d in range(p.dims + 1))
    o = [output_index(r, *relation) for relation in zip(p.axes, i, k, strict=True)]
    total, grad_input = hl.Func("total"), hl.Func("grad_input")
    total[(*i, ci, g, n)] = p.zero
    total[(*i, ci, g, n)] += weight[(*k, ci, co, g)] * grad_output[(*o, co, g, n)]
    grad_input[(*i, ci, g, n)] = total[(*i, ci, g, n)]
    dense(grad_input.output_buffer(), p.input)
    extents = p.input[: p.dims]
    return Sum(p, [weight, grad_output], grad_input, total, i, extents, ci, p.inputs, [g, n], k, co, weight, p.dims)


def weight_gradient(p: Problem, chunk_size: int) -> tuple[Sum, hl.Func, hl.RVar]:
    """grad_weight[k, ci, co] = Σ grad_output[o, co] * input[i, ci]

    The sum over `chunk_size` images is `total`; the second result adds up the chunks over the third.
    """
    input, grad_output = p.array("input", p.input), p.array("grad_output", p.output)
    k, (ci, co, g, chunk) = p.variables("k"), (hl.Var(v) for v in ("ci", "co", "g", "chunk"))
    r = hl.RDom([(0, axis.output) for axis in p.axes] + [(0, chunk_size)], "r")
    *o, image = (r[d] for d in range(p.dims + 1))
    n = chunk * chunk_size + image
    n = inside(r, n, p.batch) if p.batch % chunk_size else n
    i = [input_index(r, *relation) for relation in zip(p.axes, o, k, strict=True)]
    total, chunks, grad_weight = hl.Func("total"), hl.Func("chunks"), hl.Func("grad_weight")
    total[(*k, ci, co, g, chunk)] = p.zero
    total[(*k, ci, co, g, chunk)] += grad_output[(*o, co, g, n)] * input[(*i, ci, g, n)]
    c = hl.RDom([(0, -(-p.batch // chunk_size))], "c")
    chunks[(*k, ci, co, g)] = p.zero
    chunks[(*k, ci, co, g)] += total[(*k, ci, co, g, c[0])]
    grad_weight[(*k, ci, co, g)] = chunks[(*k, ci, co, g)]
    dense(grad_weight.output_buffer(), p.weight)
    arguments, outer, extents = [input, grad_output], [ci, g, chunk], p.weight[: p.dims]
    s = Sum(p, arguments, grad_weight, total, k, extents, co, p.outputs, outer, o, image, grad_output, p.dims)
    return s, chunks, c[0]
