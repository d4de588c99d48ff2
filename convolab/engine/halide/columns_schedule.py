"""In which order sums over columns are computed: neighbouring pixels lie across the lanes of a vector register.

The columns are laid out once. Then every load is dense, and each weight is one number that is copied to all lanes.
"""

from dataclasses import dataclass
from math import prod

import halide as hl

from convolab.engine.halide.columns import ColumnSum, FlatRows
from convolab.engine.halide.machine import Machine
from convolab.engine.halide.problem import Problem
from convolab.engine.halide.register_tiling import UNROLLED
from convolab.engine.halide.schedule import GUARD, INWARDS, TASKS, in_parallel
from convolab.engine.halide.winograd_blocks import divisor

FEW = 4  # channels that the input gradient reads at a time
PREDICATE = hl.TailStrategy.Predicate


@dataclass(frozen=True)
class ColumnLoops:
    """What the schedule of a sum over columns depends on.

    Attributes
    ----------
    vectors, channels : int
        Registers of positions, and channels of the output, whose sums are kept at a time.
    few, enough : bool
        There are fewer images, or chunks of them, than pieces of work are wanted; blocks of channels make up for it.
    wide : bool
        A row of the result fills a register.
    """

    vectors: int
    channels: int
    few: bool
    enough: bool
    wide: bool


def loops_of(operation: str, p: Problem, rows: FlatRows, machine: Machine, images: int) -> ColumnLoops:
    """The loops of a problem whose work is divided into so many `images`, or chunks of them."""
    vectors = max(1, min(machine.registers // 8, rows.positions // machine.lanes))
    many = machine.registers // 2 // vectors if operation == "forward" else (machine.registers - 4) // p.weight[0]
    channels = divisor(p.outputs, many)
    enough = images * p.groups * (p.outputs // channels) >= TASKS
    width = p.input[0] if operation == "input_gradient" else p.output[0]
    return ColumnLoops(vectors, channels, images * p.groups < TASKS, enough, width >= machine.lanes)


def _kernel_in_registers(s: ColumnSum, machine: Machine) -> tuple[list[hl.Var], list[hl.Var]]:
    """(axes of the kernel whose every position has a sum in a register of its own, the other axes)"""
    k, plane = s.var["k"], prod(s.rows.problem.weight[:2])
    both = len(k) > 1 and plane <= machine.registers - 4
    return (k[:2], k[2:]) if both else (k[:1], k[1:])


def _lay_out(s: ColumnSum, lanes: int) -> tuple[hl.Func, hl.Func | None]:
    """Schedule the columns and the padded input, and return both; the caller says where they are computed."""
    columns = s.columns.columns
    (x, y), others = s.columns.laid, columns.args()[1:]
    # No two positions have the same place.
    columns.update().allow_race_conditions().reorder(x, y, *others).vectorize(x, lanes, PREDICATE)
    extended = s.columns.extended
    if extended is not None:
        extended.update().vectorize(s.columns.row[0], lanes, PREDICATE)
    return columns, extended


def _lay_out_first(s: ColumnSum, lanes: int) -> None:
    """Compute the columns of all images before anything else, by all threads."""
    columns, extended = _lay_out(s, lanes)
    in_parallel(columns.compute_root().update(), list(columns.args())[-2:])
    if extended is not None:
        for stage in (extended.compute_root(), extended.update()):
            in_parallel(stage, list(extended.args())[-2:])


def forward(s: ColumnSum, machine: Machine, loops: ColumnLoops) -> None:
    """Schedule the forward sum."""
    p, lanes = s.rows.problem, machine.lanes
    at, co, g, n = (s.var[v] for v in ("p", "co", "g", "n"))
    vectors, channels = loops.vectors, loops.channels
    tile, position, block, c = (hl.Var(v) for v in ("tile", "position", "block", "c"))
    outer = list(s.result.args())[1:-3]
    s.result.split(at, tile, position, lanes * vectors, INWARDS).split(co, block, c, channels)
    s.result.reorder(position, c, tile, *outer, block, n, g).vectorize(position, lanes).unroll(position).unroll(c)
    total = s.stages["total"]
    if loops.few:
        _lay_out_first(s, lanes)
        last = [] if loops.enough else [tile, *outer][-1:]
        piece = in_parallel(s.result, [*last, block, n, g])
        total.compute_at(s.result, tile if loops.enough or outer else piece)
    else:
        # The columns of one image, in the cache of the thread that reads them.
        piece = in_parallel(s.result, [n, g])
        for stage in filter(None, _lay_out(s, lanes)):
            stage.compute_at(s.result, piece)
        total.compute_at(s.result, tile)
    k, (ci,) = s.rvar["k"], s.rvar["rest"]
    for stage, inner in ((total, []), (total.update(), [*k, ci])):
        stage.reorder(at, co, *inner, *outer, g, n).vectorize(at, lanes).unroll(at).unroll(co)
    products = vectors * channels
    for position, extent in zip(k, p.weight, strict=False):
        products *= extent
        if products <= UNROLLED:
            total.update().unroll(position)


def weight_gradient(s: ColumnSum, machine: Machine, loops: ColumnLoops) -> None:
    """Schedule the weight gradient."""
    lanes = machine.lanes
    u, ci, co, g, chunk = (s.var[v] for v in ("u", "ci", "co", "g", "chunk"))
    # A row of the kernel for several channels: then each register that is loaded is used most often.
    row, *rest = s.var["k"]
    part, summed = s.stages["part"], s.stages["summed"]
    held, block, c = part.in_(summed), hl.Var("block"), hl.Var("c")
    held.compute_root().split(co, block, c, loops.channels)
    held.reorder(u, row, c, *rest, ci, block, g, chunk).vectorize(u, lanes).unroll(row).unroll(c)
    if loops.few:
        _lay_out_first(s, lanes)
        in_parallel(held, [block, g, chunk])
    else:
        piece = in_parallel(held, [g, chunk])
        for stage in filter(None, _lay_out(s, lanes)):
            stage.compute_at(held, piece)
    part.compute_at(held, rest[0] if rest else ci).bound(u, 0, lanes)
    held.bound(u, 0, lanes)
    part.reorder(u, row, co, *rest, ci, g, chunk).vectorize(u, lanes).unroll(co).unroll(row)
    for number, (name, (step, *others)) in enumerate(s.rvar.items()):
        stage, lane = part.update(number), u if name == "whole" else step
        inner = [step, *others] if name == "whole" else others
        stage.reorder(lane, row, co, *inner, *rest, ci, g, chunk).unroll(co).unroll(row)
        if name == "whole":
            stage.vectorize(u, lanes)
        else:
            stage.vectorize(step, lanes, PREDICATE)
    for stage in (summed.compute_root(), summed.update()):
        stage.vectorize(u, lanes)


def input_gradient(s: ColumnSum, machine: Machine, loops: ColumnLoops) -> None:
    """Schedule the input gradient."""
    p, lanes = s.rows.problem, machine.lanes
    at, ci, g, n = (s.var[v] for v in ("p", "ci", "g", "n"))
    o, i = s.var["o"], s.var["i"]
    whole, rest = _kernel_in_registers(s, machine)
    products, extended = s.stages["products"], s.stages["extended"]
    piece = in_parallel(s.result, [ci, g, n])
    s.result.vectorize(i[0], lanes, INWARDS if loops.wide else GUARD)
    extended.compute_at(s.result, piece).vectorize(i[0], lanes)
    fold = extended.update()
    if p.axes[0].stride == 1:
        # No two positions of a row are added to the same place, which Halide cannot prove.
        fold.allow_race_conditions().vectorize(s.rvar["o"][0], lanes, PREDICATE)
    else:
        fold.unscheduled()
    # A few channels at a time, each read from its beginning to its end, as memory is read fastest.
    (channel,) = s.rvar["c"]
    block, few = hl.RVar("block"), hl.RVar("few")
    products.compute_at(s.result, piece).vectorize(at, lanes)
    stage = products.update().split(channel, block, few, divisor(p.outputs, FEW))
    stage.reorder(few, *whole, at, block, *rest, *o, ci, g, n).vectorize(at, lanes, PREDICATE).unroll(few)
    for v in whole:
        stage.unroll(v)
