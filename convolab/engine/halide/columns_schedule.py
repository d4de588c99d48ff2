"""In which order it is computed, with neighbouring pixels across the lanes of a vector register.

The columns are laid out once; then every load is dense, and each weight is one number, copied to all lanes.
"""

import halide as hl

from convolab.engine.halide.columns import ColumnSum
from convolab.engine.halide.machine import Machine
from convolab.engine.halide.schedule import GUARD, INWARDS, TASKS, in_parallel
from convolab.engine.halide.tiles import UNROLLED

PREDICATE = hl.TailStrategy.Predicate


def divisor(number: int, most: int) -> int:
    """The largest divisor that is at most `most`."""
    return next(d for d in range(min(number, max(1, most)), 0, -1) if number % d == 0)


def kernel_in_registers(s: ColumnSum, machine: Machine) -> tuple[list[hl.Var], list[hl.Var], int]:
    """The kernel's axes that are written out, with a sum in a register for each position; the others; how many."""
    k, (width, height) = (
        s.var["k"],
        (s.rows.problem.weight[:2] if s.rows.problem.dims > 1 else (s.rows.problem.weight[0], 1)),
    )
    if len(k) > 1 and width * height <= machine.registers - 4:
        return k[:2], k[2:], width * height
    return k[:1], k[1:], width


def lay_out(s: ColumnSum, lanes: int) -> None:
    """Compute the padded input and its columns, image by image."""
    p, columns = s.rows.problem, s.columns.columns
    f, *others = columns.args()
    y, x = hl.Var("fy"), hl.Var("fx")
    columns.compute_root().split(f, y, x, s.rows.width, GUARD).reorder(x, y, *others)
    columns.vectorize(x, min(lanes, s.rows.width), INWARDS if s.rows.width >= lanes else GUARD)
    in_parallel(columns, list(columns.args())[-2:])
    if s.columns.extended is not None:
        extended = s.columns.extended
        extended.compute_root()
        in_parallel(extended, list(extended.args())[-2:])
        in_parallel(extended.update(), list(extended.args())[-2:])
        if p.axes[0].input >= lanes:
            extended.update().vectorize(s.columns.row[0], lanes, PREDICATE)


def forward(s: ColumnSum, machine: Machine) -> None:
    p, lanes = s.rows.problem, machine.lanes
    lay_out(s, lanes)
    at, co, g, n = (s.var[v] for v in ("p", "co", "g", "n"))
    vectors = min(4, s.rows.positions // lanes)
    channels = divisor(p.outputs, machine.registers // 2 // vectors)
    tile, position, block, c = (hl.Var(v) for v in ("tile", "position", "block", "c"))
    outer = list(s.result.args())[1:-3]
    s.result.split(at, tile, position, lanes * vectors, INWARDS).split(co, block, c, channels)
    s.result.reorder(position, c, tile, *outer, block, n, g).vectorize(position, lanes).unroll(position).unroll(c)
    pieces = [block, n, g]
    if p.batch * p.groups * (p.outputs // channels) < TASKS:
        pieces.insert(0, [tile, *outer][-1])
    piece = in_parallel(s.result, pieces)
    total = s.stages["total"]
    total.compute_at(s.result, piece if pieces[0] is tile else tile)
    k, (ci,) = s.rvar["k"], s.rvar["rest"]
    for stage, inner in ((total, []), (total.update(), [*k, ci])):
        stage.reorder(at, co, *inner, *outer, g, n).vectorize(at, lanes).unroll(at).unroll(co)
    if vectors * channels * p.weight[0] <= UNROLLED:
        total.update().unroll(k[0])


def weight_gradient(s: ColumnSum, machine: Machine) -> None:
    p, lanes = s.rows.problem, machine.lanes
    lay_out(s, lanes)
    u, ci, co, g, chunk = (s.var[v] for v in ("u", "ci", "co", "g", "chunk"))
    written_out, rest, taps = kernel_in_registers(s, machine)
    channels = divisor(p.outputs, (machine.registers - 6) // taps)
    for name in ("whole", "remainder"):
        if name not in s.stages:
            continue
        part, summed = s.stages[name], s.stages[name + "_chunks"]
        width = lanes if name == "whole" else s.var["last"]
        held = part.in_(summed)
        block, c = hl.Var("block"), hl.Var("c")
        held.compute_root().split(co, block, c, channels)
        held.reorder(u, *written_out, c, *rest, ci, block, g, chunk).vectorize(u, width)
        for v in (*written_out, c):
            held.unroll(v)
        in_parallel(held, [block, g, chunk])
        part.compute_at(held, rest[0] if rest else ci)
        for stage, inner in ((part, []), (part.update(), s.rvar[name])):
            stage.reorder(u, *written_out, co, *inner, *rest, ci, g, chunk).vectorize(u, width).unroll(co)
            for v in written_out:
                stage.unroll(v)
        summed.compute_root().vectorize(u, width)
        summed.update().vectorize(u, width)


def input_gradient(s: ColumnSum, machine: Machine) -> None:
    p, lanes = s.rows.problem, machine.lanes
    at, ci, g, n = (s.var[v] for v in ("p", "ci", "g", "n"))
    o, i = s.var["o"], s.var["i"]
    whole, rest, taps = kernel_in_registers(s, machine)
    vectors = max(1, min(3, (machine.registers - 4) // taps, s.rows.positions // lanes))
    products, extended = s.stages["products"], s.stages["extended"]
    piece = in_parallel(s.result, [ci, g, n])
    s.result.vectorize(i[0], lanes, INWARDS if p.axes[0].input >= lanes else GUARD)
    extended.compute_at(s.result, piece).vectorize(i[0], lanes)
    fold = extended.update()
    if p.axes[0].output >= lanes and p.axes[0].stride == 1:
        # No two positions of a row lie in one place, but Halide does not see it.
        fold.allow_race_conditions().vectorize(s.rvar["o"][0], lanes, PREDICATE)
    else:
        fold.unscheduled()
    held = products.in_(extended)
    tile, position = hl.Var("tile"), hl.Var("position")
    held.compute_at(s.result, piece).split(at, tile, position, lanes * vectors, INWARDS)
    held.reorder(position, *whole, tile, *rest, *o, ci, g, n).vectorize(position, lanes).unroll(position)
    for v in whole:
        held.unroll(v)
    products.compute_at(held, tile)
    for stage, inner in ((products, []), (products.update(), s.rvar["c"])):
        stage.reorder(at, *whole, *inner, *rest, *o, ci, g, n).vectorize(at, lanes).unroll(at)
        for v in whole:
            stage.unroll(v)
