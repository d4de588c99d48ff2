"""What is computed with channels across the lanes: the three sums over the taps, as Halide's formulas.

Nothing here says in which order; `schedule.py` does. The indices are those of `problem.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_

import halide as hl

from convolab.engine.halide.problem import LETTERS, Problem, Size, beside_inputs, beside_outputs, dense, pieces_of
from convolab.engine.halide.register_tiling import Tile
from convolab.engine.halide.sizes import AnySize


@dataclass
class Sum:
    """One of the sums, ready to be scheduled.

    Attributes
    ----------
    result, total : hl.Func
        Defined at (*`position`, …, `channel`, …).
    position : list of hl.Var
        The position in the result, one variable an axis; where the axis is in `pieces`, the position in a piece.
    channel : hl.Var
        The channel that goes across the lanes.
    outer : list of hl.Var
        What else the result is defined at: the groups, and images, input channels or parts.
    taps : list of hl.RVar
        What `total` is summed over, one variable an axis; and over `rest`, the other channels or a chunk's images.
    copied : hl.Func
        The factor that was copied so that `channel` runs fastest.
    pieces : sequence of TiledAxis
        The first axes of the result.
    rows : PaddedRows, optional
        The other factor with zeros at both ends of its rows, where windows reach outside them.
    pair : hl.RVar, optional
        Runs over the two channels of a pair; `paired` is then the input's copy.
    largest : sequence of Largest
        More results: how large the numbers of the input and of the weights are.
    """

    problem: AnySize
    arguments: list[hl.ImageParam]
    result: hl.Func
    total: hl.Func
    position: list[hl.Var]
    channel: hl.Var
    outer: list[hl.Var]
    taps: list[hl.RVar]
    rest: hl.RVar
    copied: hl.Func
    pieces: Sequence["TiledAxis"] = ()
    rows: "PaddedRows | None" = None
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
    width: Size
    rest: list[hl.RVar]
    n: hl.Var


class TiledAxis:
    """An axis of the result in pieces of `wide` positions, of which the last one ends with the axis.

    The pieces overlap rather than reach outside. That a piece begins at the smaller of two numbers stands in the
    formula, where Halide sees which taps of a piece need no test.

    Attributes
    ----------
    at, piece : hl.Var
        Position in a piece, and the number of the piece.
    position : hl.Expr
        The position on the axis.
    over : tuple of hl.RVar
        Runs over all positions of a piece, and over all pieces.
    """

    def __init__(self, letter: str, extent: Size, wide: int, over: tuple[hl.RVar, hl.RVar]):
        self.at, self.piece = hl.Var(f"at_{letter}"), hl.Var(f"piece_{letter}")
        self.extent, self.wide = extent, wide
        self.position = self.first(self.piece) + self.at
        self.over = over

    def first(self, piece: hl.Expr) -> Size:
        """The position at which a piece begins."""
        alone = isinstance(self.extent, int) and self.extent == self.wide
        return 0 if alone else hl.min(piece * self.wide, self.extent - self.wide)


def in_pieces(p: AnySize, extents: tuple[Size, ...], tile: Tile) -> tuple[list[TiledAxis], list[hl.Var]]:
    """The axes of a result that its tiles divide, and variables for the others."""
    wide = [tile.width] if tile.rows == 1 else [tile.width, tile.rows]
    counts = [pieces_of(extent, each) for extent, each in zip(extents, wide, strict=False)]
    box = hl.RDom([(0, count) for count in (*wide, *counts)], "over")
    over = [(box[dim], box[len(wide) + dim]) for dim in range(len(wide))]
    pieces = [TiledAxis(*part) for part in zip(LETTERS, extents, wide, over, strict=False)]
    return pieces, p.variables()[len(pieces) :]


def gathered(
    result: hl.Func, pieces: list[TiledAxis], others: list[hl.Var], total: hl.Func, value: Callable[[hl.Expr], hl.Expr]
) -> None:
    """result[position, …] = value(total[at, …, piece, …])"""
    at, piece = ([each.over[which] for each in pieces] for which in range(2))
    done = value(total[(*at, *piece, *others)])
    result[(*(hl.Var(f"i{dim}") for dim in range(len(pieces))), *others)] = hl.undef(done.type())
    result[(*(each.first(each.over[1]) + each.over[0] for each in pieces), *others)] = done


class _Taps:
    """The box that a sum runs over, and the tests that leave only the taps of it.

    A test on the box's own variables restricts the box, so that Halide can move it out of the inner loops. To Halide a
    variable that is known to have extent 1 is a constant: a test on it would guard the whole sum, and would be
    forgotten where Halide finds out what is read. For such a variable the product is set to zero instead.

    `likely` says that most of the box are taps, so that a copy of the inner loop without the tests is worth its code.
    """

    def __init__(self, *extents: Size, likely: bool = False):
        self.likely = hl.likely if likely else lambda test: test
        self.box = hl.RDom([(0, extent) for extent in extents], "r")
        self.variables = [self.box[dim] for dim in range(len(extents))]
        self.fixed = [isinstance(extent, int) and extent == 1 for extent in extents]
        self.tests: list[hl.Expr] = []

    def inside(self, dim: int, index: hl.Expr, extent: Size, test: hl.Expr | None = None) -> hl.Expr:
        """Take only the taps whose `index` lies in range(extent), and that pass the `test`."""
        tests = [index >= 0, index < extent] + ([] if test is None else [test])
        index = index if self.fixed[dim] else hl.likely(index)
        return hl.clamp(self.where(dim, index, *tests), 0, extent - 1)

    def where(self, dim: int, index: hl.Expr, *tests: hl.Expr) -> hl.Expr:
        """Take only the taps that pass the `tests`, and return the `index`."""
        for each in tests:
            if self.fixed[dim]:
                self.tests.append(each)
            else:
                self.box.where(self.likely(each))
        return index

    def product(self, a: hl.Expr, b: hl.Expr, zero: hl.Expr) -> hl.Expr:
        """The product a * b where there is a tap, and zero elsewhere."""
        return hl.select(reduce(and_, self.tests), a * b, zero) if self.tests else a * b


def _input_index(p: Problem, taps: _Taps, dim: int, o: hl.Expr, k: hl.Expr, padded: bool = False) -> hl.Expr:
    """i = stride * o + dilation * k - before; only taps where that is an input are left.

    If `padded`, rows are between zeros.
    """
    axis = p.axes[dim]
    index = axis.stride * o + axis.dilation * k - axis.before
    return taps.inside(dim, index, axis.input) if p.leaves[dim] and not (padded and dim == 0) else index


def _output_index(p: Problem, taps: _Taps, dim: int, i: hl.Expr, k: hl.Expr, padded: bool) -> hl.Expr:
    """o = (i + before - dilation * k) / stride; only taps where that is an output are left.

    If `padded`, rows are between zeros.
    """
    axis = p.axes[dim]
    index = i + axis.before - axis.dilation * k
    if padded and dim == 0:
        return index / axis.stride
    divides = index % axis.stride == 0 if axis.stride > 1 else None
    return taps.inside(dim, index / axis.stride, axis.output, divides)


@dataclass
class PaddedRows:
    """An array between zeros at both ends of its rows, and the variables that run over a row and over the zeros."""

    rows: hl.Func
    row: hl.RVar
    zeros: list[hl.RVar]


def between_zeros(array: hl.ImageParam, width: Size, beside: tuple[Size, Size]) -> PaddedRows:
    """An array whose rows, of that width, go on as so many zeros at both ends."""
    rows, (x, *others) = hl.Func("rows"), (hl.Var(f"at{dim}") for dim in range(array.dimensions()))
    rows[(x, *others)] = hl.undef(array.type())
    row = hl.RDom([(0, width)], "row")[0]
    rows[(row, *others)] = array[(row, *others)]
    zeros = []
    for name, start, count in (("first", -beside[0], beside[0]), ("last", width, beside[1])):
        if not isinstance(count, int) or count > 0:
            zeros.append(hl.RDom([(start, hl.max(count, 0))], name)[0])
            rows[(zeros[-1], *others)] = hl.cast(array.type(), 0)
    return PaddedRows(rows, row, zeros)


def panels(p: AnySize, weight: hl.ImageParam, dim: int, wide: int) -> tuple[hl.Func, Callable[..., hl.Expr]]:
    """The weights with `wide` channels of the result side by side, and a function (c, k, other, g) that reads them.

    The result's channels are dimension `dim` of the weight. The last panel is filled up with zeros.
    """
    copied, inner, panel, (other, g) = hl.Func("panels"), hl.Var("inner"), hl.Var("panel"), map(hl.Var, ("other", "g"))
    k, channel, channels = p.variables("k"), panel * wide + inner, p.weight[dim]
    at = [other, other, g]
    filled = p.divides(wide, "outputs" if dim > p.dims else "inputs")
    at[dim - p.dims] = channel if filled else hl.min(channel, channels - 1)
    value = weight[(*k, *at)]
    copied[(inner, *k, other, panel, g)] = value if filled else hl.select(channel < channels, value, p.zero)
    return copied, lambda c, k, other, g: copied[(c % wide, *k, other, c / wide, g)]


def forward(p: AnySize, tile: Tile, with_bias: bool = False, padded: bool = False) -> Sum:
    """output[o, co] = bias[co] + Σ weight[k, ci, co] * input[i, ci], tile by tile

    If `padded`, zeros at the ends of the input's rows are multiplied too.
    """
    input, weight = p.array("input", p.input), p.array("weight", p.weight)
    copied, weights = panels(p, weight, p.dims + 1, tile.channels)
    (pieces, rest), (co, g, n) = in_pieces(p, p.output, tile), (hl.Var(v) for v in ("co", "g", "n"))
    taps = _Taps(*p.weight[: p.dims], p.inputs)
    *k, ci = taps.variables
    i = [_input_index(p, taps, d, o, k[d], padded) for d, o in enumerate([*(e.position for e in pieces), *rest])]
    rows = between_zeros(input, p.input[0], beside_inputs(p.axes[0])) if padded else None
    total, output = hl.Func("total"), hl.Func("output")
    at, others = [each.at for each in pieces], [*rest, co, g, n]
    where = (*at, *(each.piece for each in pieces), *others)
    total[where] = p.zero
    total[where] += taps.product(weights(co, k, ci, g), (rows.rows if rows else input)[(*i, ci, g, n)], p.zero)
    arguments = [input, weight] + ([p.array("bias", (p.outputs, p.groups))] if with_bias else [])
    bias = arguments[2][co, g] if with_bias else p.zero
    gathered(output, pieces, others, total, lambda sums: p.delivered(sums + bias))
    dense(output.output_buffer(), p.output)
    return Sum(p, arguments, output, total, [*at, *rest], co, [g, n], k, ci, copied, pieces, rows)


def input_gradient(p: AnySize, tile: Tile, padded: bool = False) -> Sum:
    """grad_input[i, ci] = Σ weight[k, ci, co] * grad_output[o, co], tile by tile

    If `padded`, zeros at the ends of the gradient's rows are multiplied too.
    """
    weight, grad_output = p.array("weight", p.weight), p.array("grad_output", p.output)
    copied, weights = panels(p, weight, p.dims, tile.channels)
    (pieces, rest), (ci, g, n) = in_pieces(p, p.input, tile), (hl.Var(v) for v in ("ci", "g", "n"))
    taps = _Taps(*p.weight[: p.dims], p.outputs)
    *flipped, co = taps.variables
    # The kernel backwards, so that outputs are read forwards, as inputs are in the forward sum.
    k = [axis.kernel - 1 - flipped[d] for d, axis in enumerate(p.axes)]
    o = [_output_index(p, taps, d, i, k[d], padded) for d, i in enumerate([*(e.position for e in pieces), *rest])]
    rows = between_zeros(grad_output, p.output[0], beside_outputs(p.axes[0])) if padded else None
    total, grad_input = hl.Func("total"), hl.Func("grad_input")
    at, others = [each.at for each in pieces], [*rest, ci, g, n]
    where = (*at, *(each.piece for each in pieces), *others)
    total[where] = p.zero
    total[where] += taps.product(weights(ci, k, co, g), (rows.rows if rows else grad_output)[(*o, co, g, n)], p.zero)
    gathered(grad_input, pieces, others, total, p.delivered)
    dense(grad_input.output_buffer(), p.input)
    return Sum(p, [weight, grad_output], grad_input, total, [*at, *rest], ci, [g, n], flipped, co, copied, pieces, rows)


def weight_gradient(p: AnySize, wide: int, parts: int, parts_are_bands: bool) -> tuple[Sum, hl.Func, list[hl.RVar]]:
    """grad_weight[k, ci, co] = Σ grad_output[o, co] * input[i, ci], `wide` channels at a time

    A chunk is so many `rows` (of the last axis) of so many `images`. Each part has so many `bands` of rows and `stacks`
    of images: some of all bands, if `parts_are_bands`, and otherwise some of all stacks.

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
    *whole, _ = p.output[: p.dims]
    rows, images, *counts = (p.sizes[name] for name in ("rows", "images", "bands", "stacks"))
    taps = _Taps(*whole, rows, images, likely=True)
    *o, image = taps.variables
    o[-1], n = rows * band + o[-1], images * stack + image
    i = [_input_index(p, taps, d, o[d], k[d]) for d in range(p.dims)]
    total, chunks, grad_weight = hl.Func("total"), hl.Func("chunks"), hl.Func("grad_weight")
    total[(*k, ci, co, g, band, stack)] = p.zero
    total[(*k, ci, co, g, band, stack)] += taps.product(grads(co, o, g, n), input[(*i, ci, g, n)], p.zero)
    part, c = hl.Var("part"), hl.RDom([(0, count) for count in counts], "c")
    at, divided = [c[0], c[1]], 0 if parts_are_bands else 1
    at[divided] += counts[divided] * part
    chunks[(*k, ci, co, g, part)] = p.zero
    chunks[(*k, ci, co, g, part)] += total[(*k, ci, co, g, *at)]
    grad_weight[(*k, ci, co, g)] = p.delivered(reduce(add, (chunks[(*k, ci, co, g, q)] for q in range(parts))))
    dense(grad_weight.output_buffer(), p.weight)
    outer = [ci, g, part]
    s = Sum(p, [input, grad_output], grad_weight, total, k, co, outer, taps.variables[:-1], image, copied)
    return s, chunks, [c[0], c[1]]


def _blocks_of_channels(p: AnySize, outputs: hl.ImageParam, wide: int) -> tuple[hl.Func, Callable[..., hl.Expr]]:
    """An array of outputs with `wide` channels side by side, and a function (c, o, g, n) that reads it.

    The last block is filled up with copies of the last channel, which nothing reads.
    """
    copied, inner, block, (g, n) = hl.Func("blocks"), hl.Var("inner"), hl.Var("block"), map(hl.Var, ("g", "n"))
    o, channel = p.variables(), block * wide + inner
    there = channel if p.divides(wide, "outputs") else hl.min(channel, p.outputs - 1)
    copied[(inner, *o, block, g, n)] = outputs[(*o, there, g, n)]
    return copied, lambda c, o, g, n: copied[(c % wide, *o, c / wide, g, n)]
