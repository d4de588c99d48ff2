"""What is computed on 16-bit integers: the forward sum over pairs of channels.

Processors multiply two pairs of 16-bit integers and add up the two products in one instruction, so the channels lie in
pairs: `paired` is the input in that order, between the zeros of its padding, and an odd number of channels ends with
one more zero.

The arrays may be given in any type of integers. A number that 16 bits do not hold becomes the largest that they hold,
and the largest absolute values are results too: from them the caller knows whether the sums are exact.
"""

from collections.abc import Callable
from typing import Any

import halide as hl

from convolab.engine.halide.algorithm import Largest, Sum, gathered, in_pieces
from convolab.engine.halide.problem import Problem, Size, dense, pieces_of
from convolab.engine.halide.register_tiling import Tile
from convolab.engine.halide.sizes import AnySize

PAIR = 2
SUM = hl.Int(32)


def forward(p: AnySize, tile: Tile, with_bias: bool = False) -> Sum:
    """output[o, co] = bias[co] + Σ weight[k, pair, c, co] * input[i, pair, c], tile by tile"""
    input, weight = p.array("input", p.input, p.given), p.array("weight", p.weight, p.given)
    pairs, wide = pieces_of(p.inputs, PAIR), tile.channels
    panels, paired = _panels_of(p, weight, wide), _pairs_of(p, input)
    (pieces, rest), (co, g, n) = in_pieces(p, p.output, tile), (hl.Var(v) for v in ("co", "g", "n"))
    o, at, others = [*(each.position for each in pieces), *rest], [each.at for each in pieces], [*rest, co, g, n]
    where = (*at, *(each.piece for each in pieces), *others)
    taps = hl.RDom([(0, extent) for extent in (PAIR, *p.weight[: p.dims], pairs)], "r")
    pair, *k, c = (taps[dim] for dim in range(p.dims + 2))
    i = [axis.stride * o[d] + axis.dilation * k[d] for d, axis in enumerate(p.axes)]
    total, output = hl.Func("total"), hl.Func("output")
    factors = panels[(pair, co % wide, *k, c, co / wide, g)], paired[(pair, *i, c, g, n)]
    total[where] = p.zero
    total[where] += hl.cast(SUM, factors[0]) * hl.cast(SUM, factors[1])
    arguments = [input, weight] + ([p.array("bias", (p.outputs, p.groups), SUM)] if with_bias else [])
    bias = arguments[2][co, g] if with_bias else p.zero
    gathered(output, pieces, others, total, lambda sums: p.delivered(sums + bias))
    dense(output.output_buffer(), p.output)
    s = Sum(p, arguments, output, total, [*at, *rest], co, [g, n], k, c, panels, pieces, pair=pair, paired=paired)
    s.largest = largest_input(p, paired), largest_weight(p, panels, wide)
    return s


def largest_input(p: Problem, paired: hl.Func) -> Largest:
    """The largest |input| of each image."""
    start, extent = p.axes[0].before, p.axes[0].input
    rest = [(axis.before, axis.input) for axis in p.axes[1:]] + [(0, pieces_of(p.inputs, PAIR)), (0, p.groups)]
    return largest("largest_input", paired, (start, extent), rest, p.batch)


def largest_weight(p: Problem, panels: hl.Func, wide: int) -> Largest:
    """The largest |weight| of each group."""
    rest = [(0, count) for count in (*p.weight[: p.dims], pieces_of(p.inputs, PAIR), pieces_of(p.outputs, wide))]
    return largest("largest_weight", panels, (0, wide), rest, p.groups)


def largest(name: str, numbers: hl.Func, row: tuple[Size, Size], rest: list[tuple[Size, Size]], count: Size) -> Largest:
    """The largest |numbers[pair, at, …, n]| for each of `count` n.

    `row` is the (start, extent) of `at`, and `rest` those of the other indices.
    """
    most, result, (at, n) = hl.Func("most"), hl.Func(name), map(hl.Var, ("at", "n"))
    box, across = hl.RDom(rest, "rest"), hl.RDom([(PAIR * row[0], PAIR * row[1])], "across")
    others = [box[d] for d in range(len(rest))]
    most[at, n] = hl.cast(hl.UInt(16), 0)
    most[at, n] = hl.max(most[at, n], hl.abs(numbers[(at % PAIR, at / PAIR, *others, n)]))
    result[n] = hl.cast(SUM, hl.maximum(most[across[0], n]))
    dense(result.output_buffer(), (count,))
    return Largest(result, most, at, PAIR * row[1], others, n)


def _panels_of(p: AnySize, weight: hl.ImageParam, wide: int) -> hl.Func:
    """The weights with `wide` output channels side by side, each with two input channels."""
    panels, pair, inner, panel, c, g = hl.Func("panels"), *map(hl.Var, ("pair", "inner", "panel", "c", "g"))
    k, channel = p.variables("k"), panel * wide + inner
    there = channel < p.outputs
    value = short(either(p, pair, c, lambda ci: weight[(*k, ci, hl.min(channel, p.outputs - 1), g)]))
    panels[(pair, inner, *k, c, panel, g)] = value if p.divides(wide, "outputs") else hl.select(there, value, zero(p))
    return panels


def _pairs_of(p: AnySize, input: hl.ImageParam) -> hl.Func:
    """The input between its zeros, from its first window on, with two channels side by side."""
    paired, pair, c, g, n = hl.Func("paired"), *map(hl.Var, ("pair", "c", "g", "n"))
    x, bounds = p.variables(), [(0, extent) for extent in p.input]
    outside = hl.cast(p.given, 0)
    source = hl.BoundaryConditions.constant_exterior(input, outside, bounds) if p.pads else input
    i = [x[d] - axis.before for d, axis in enumerate(p.axes)]
    paired[(pair, *x, c, g, n)] = short(either(p, pair, c, lambda ci: source[(*i, ci, g, n)]))
    return paired


def either(p: AnySize, pair: hl.Var, c: hl.Var, value: Callable[[Any], hl.Expr]) -> hl.Expr:
    """The value of the pair's first or second input channel; zero where an odd number of channels has no second."""
    ci = PAIR * c + pair
    if p.divides(PAIR, "inputs"):
        return value(ci)
    return hl.select(ci < p.inputs, value(hl.min(ci, p.inputs - 1)), hl.cast(p.given, 0))


def short(value: hl.Expr) -> hl.Expr:
    """The value in 16 bits; the nearest that they hold, if it is too large."""
    return hl.saturating_cast(hl.Int(16), value)


def zero(p: Problem) -> hl.Expr:
    return hl.cast(p.type, 0)
