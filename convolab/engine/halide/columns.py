"""What is computed where an image has few channels: the same sums, over columns of shifted rows.

One register then holds neighbouring pixels, so neighbouring outputs must read neighbouring numbers, also from the end
of one row to the beginning of the next. `columns` holds each row once for every kx, cut to the outputs' width:

    columns[x + OW * y, kx] = extended[stride * x + dilation * kx, y]

With stride 1 along y the window of the flat position p = x + OW * y for ky then begins at p + OW * dilation * ky.
`FlatRows` says which axes are flat: x and y, or, with a stride along y, x alone. `extended` is the input with its
padding as zeros. These are multiplied too, so the engine computes results that are not finite again without them.
"""

from dataclasses import dataclass
from math import prod
from typing import Any

import halide as hl

from convolab.engine.halide.problem import Problem, dense
from convolab.engine.halide.sizes import AnySize


class FlatRows:
    """The axes of a problem in two parts: the `flat` ones, whose positions are one index, and the `outer` ones."""

    def __init__(self, p: Problem):
        self.problem = p
        self.flat = 2 if p.dims > 1 and p.axes[1].stride == 1 else 1
        self.width = p.axes[0].output
        self.positions: int = prod(axis.output for axis in p.axes[: self.flat])
        self.outer = p.axes[self.flat :]
        self.output = (self.positions, *(a.output for a in self.outer), p.outputs, p.groups, p.batch)

    @property
    def extended(self) -> tuple[int, ...]:
        """The extents of the input between the zeros of its padding."""
        return tuple(max(a.before + a.input, a.stride * (a.output - 1) + a.span) for a in self.problem.axes)

    def shift(self, k: list[Any]) -> hl.Expr:
        """How far into the columns the windows of this row of the kernel begin."""
        return self.width * self.problem.axes[1].dilation * k[1] if self.flat == 2 else hl.cast(hl.Int(32), 0)

    def outer_index(self, o: list[Any], k: list[Any]) -> list[hl.Expr]:
        """The input's positions along the axes that are not flat."""
        return [a.stride * o[d] + a.dilation * k[self.flat + d] for d, a in enumerate(self.outer)]


@dataclass
class _Columns:
    """The input of the sums: with its padding, where it has any, and cut into columns.

    `row` runs over the input, and `laid` over the positions that the columns are laid out at.
    """

    extended: hl.Func | None
    columns: hl.Func
    row: list[hl.RVar]
    laid: list[hl.RVar]


def _columns_of(rows: FlatRows, input: hl.ImageParam) -> _Columns:
    """The input's columns."""
    p = rows.problem
    extended, row = extend(p, input) if p.pads else (None, [])
    source = input if extended is None else extended
    f, kx, (ci, g, n) = hl.Var("f"), hl.Var("kx"), (hl.Var(v) for v in ("ci", "g", "n"))
    outer = p.variables()[rows.flat :]
    seen = p.axes[1].output + p.axes[1].span - 1 if rows.flat == 2 else 1
    r = hl.RDom([(0, rows.width), (0, seen)], "laid")
    i = [p.axes[0].stride * r[0] + p.axes[0].dilation * kx] + ([r[1]] if rows.flat == 2 else []) + outer
    columns = hl.Func("columns")
    columns[(f, kx, *outer, ci, g, n)] = hl.undef(p.type)
    columns[(r[0] + rows.width * r[1], kx, *outer, ci, g, n)] = source[(*i, ci, g, n)]
    columns.bound(f, 0, rows.width * seen)
    return _Columns(extended, columns, row, [r[0], r[1]])


def extend(p: Problem, input: hl.ImageParam) -> tuple[hl.Func, list[hl.RVar]]:
    """The input between the zeros of its padding, and the variables that run over the input."""
    extended, i, (ci, g, n) = hl.Func("extended"), p.variables(), (hl.Var(v) for v in ("ci", "g", "n"))
    extended[(*i, ci, g, n)] = p.zero
    seen = hl.RDom([(0, axis.input) for axis in p.axes], "seen")
    at = [seen[d] for d in range(p.dims)]
    extended[(*(a.before + at[d] for d, a in enumerate(p.axes)), ci, g, n)] = input[(*at, ci, g, n)]
    return extended, at


@dataclass
class ColumnSum:
    """One of the sums over columns, with everything that `columns_schedule.py` schedules."""

    rows: FlatRows
    arguments: list[hl.ImageParam]
    result: hl.Func
    columns: _Columns
    stages: dict[str, hl.Func]
    var: dict[str, hl.Var]
    rvar: dict[str, list[hl.RVar]]


def forward(p: AnySize, with_bias: bool = False) -> ColumnSum:
    """output[p, co] = bias[co] + Σ weight[k, ci, co] * columns[p + shift(k), kx, ci]"""
    rows = FlatRows(p)
    input, weight = p.array("input", p.input), p.array("weight", p.weight)
    columns = _columns_of(rows, input)
    at, o, (co, g, n) = hl.Var("p"), p.variables()[rows.flat :], (hl.Var(v) for v in ("co", "g", "n"))
    r = hl.RDom([(0, extent) for extent in (*p.weight[: p.dims], p.inputs)], "r")
    *k, ci = (r[d] for d in range(p.dims + 1))
    total, output = hl.Func("total"), hl.Func("output")
    window = (at + rows.shift(k), k[0], *rows.outer_index(o, k), ci, g, n)
    total[(at, *o, co, g, n)] = p.zero
    total[(at, *o, co, g, n)] += weight[(*k, ci, co, g)] * columns.columns[window]
    arguments = [input, weight] + ([p.array("bias", (p.outputs, p.groups))] if with_bias else [])
    output[(at, *o, co, g, n)] = p.delivered(total[(at, *o, co, g, n)] + (arguments[2][co, g] if with_bias else p.zero))
    dense(output.output_buffer(), rows.output)
    var = {"p": at, "co": co, "g": g, "n": n}
    return ColumnSum(rows, arguments, output, columns, {"total": total}, var, {"k": k, "rest": [ci]})


def weight_gradient(p: AnySize, lanes: int) -> ColumnSum:
    """grad_weight[k, ci, co] = Σ grad_output[p, co] * columns[p + shift(k), kx, ci]

    A register sums every `lanes`-th product over the images of a chunk: first of the positions that fill registers,
    then of the last ones.
    """
    rows = FlatRows(p)
    input, grad_output = p.array("input", p.input), p.array("grad_output", rows.output)
    columns = _columns_of(rows, input)
    u, k, (ci, co, g, chunk) = hl.Var("u"), p.variables("k"), (hl.Var(v) for v in ("ci", "co", "g", "chunk"))
    full, last, chunk_size = (p.sizes[name] for name in ("registers", "last", "chunk"))
    part, summed, grad_weight = hl.Func("part"), hl.Func("summed"), hl.Func("grad_weight")
    part[(u, *k, ci, co, g, chunk)] = p.zero
    rvar = {}
    outer = [a.output for a in rows.outer]
    for name, extents in (("whole", (full, *outer, chunk_size)), ("last", (last, *outer, chunk_size))):
        r = hl.RDom([(0, extent) for extent in extents], name)
        step, *o, image = rvar[name] = [r[d] for d in range(len(extents))]
        lane = u if name == "whole" else step
        at, n = (lanes * step + u if name == "whole" else full * lanes + step), chunk * chunk_size + image
        window = (at + rows.shift(k), k[0], *rows.outer_index(o, k), ci, g, n)
        part[(lane, *k, ci, co, g, chunk)] += grad_output[(at, *o, co, g, n)] * columns.columns[window]
    c, across = hl.RDom([(0, p.sizes["chunks"])], "c"), hl.RDom([(0, lanes)], "lane")
    summed[(u, *k, ci, co, g)] = p.zero
    summed[(u, *k, ci, co, g)] += part[(u, *k, ci, co, g, c[0])]
    grad_weight[(*k, ci, co, g)] = p.delivered(hl.sum(across, summed[(across[0], *k, ci, co, g)]))
    dense(grad_weight.output_buffer(), p.weight)
    var = {"u": u, "ci": ci, "co": co, "g": g, "chunk": chunk, "k": k}
    stages = {"part": part, "summed": summed}
    return ColumnSum(rows, [input, grad_output], grad_weight, columns, stages, var, rvar)


def input_gradient(p: AnySize) -> ColumnSum:
    """grad_input[i, ci] = Σ products[p, k, ci] over the taps of i

    products[p, k, ci] = Σ weight[k, ci, co] * grad_output[p, co]
    """
    rows = FlatRows(p)
    weight, grad_output = p.array("weight", p.weight), p.array("grad_output", rows.output)
    at, o, k = hl.Var("p"), p.variables()[rows.flat :], p.variables("k")
    ci, g, n = (hl.Var(v) for v in ("ci", "g", "n"))
    c = hl.RDom([(0, p.outputs)], "c")
    products, extended, grad_input = hl.Func("products"), hl.Func("extended"), hl.Func("grad_input")
    products[(at, *k, *o, ci, g, n)] = p.zero
    products[(at, *k, *o, ci, g, n)] += weight[(*k, ci, c[0], g)] * grad_output[(at, *o, c[0], g, n)]
    i = p.variables()
    extended[(*i, ci, g, n)] = p.zero
    taps = hl.RDom([(0, e) for e in (*(a.output for a in p.axes), *p.weight[: p.dims])], "taps")
    ro, rk = [taps[d] for d in range(p.dims)], [taps[p.dims + d] for d in range(p.dims)]
    place = [a.stride * ro[d] + a.dilation * rk[d] for d, a in enumerate(p.axes)]
    flat = ro[0] + rows.width * ro[1] if rows.flat == 2 else ro[0]
    extended[(*place, ci, g, n)] += products[(flat, *rk, *ro[rows.flat :], ci, g, n)]
    grad_input[(*i, ci, g, n)] = p.delivered(extended[(*(i[d] + a.before for d, a in enumerate(p.axes)), ci, g, n)])
    dense(grad_input.output_buffer(), p.input)
    var = {"p": at, "k": k, "o": o, "i": i, "ci": ci, "g": g, "n": n}
    stages = {"products": products, "extended": extended}
    return ColumnSum(
        rows,
        [weight, grad_output],
        grad_input,
        _Columns(None, products, [], []),
        stages,
        var,
        {"c": [c[0]], "o": ro, "k": rk},
    )
