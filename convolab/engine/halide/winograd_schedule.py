"""In which order sums over tiles are computed: block by block, and place by place within a block.

Tiles lie across the lanes of a register. The sums of `machine.channels` channels and three registers stay in registers;
the transformed image of a block stays in a core's second or third cache while all channels of the result read it.
"""

from dataclasses import dataclass

import halide as hl

from convolab.engine.halide.machine import Machine
from convolab.engine.halide.problem import dense
from convolab.engine.halide.schedule import GUARD, INWARDS, PREDICATE, ROUND_UP, in_parallel
from convolab.engine.halide.winograd import TileSum
from convolab.engine.halide.winograd_blocks import REGISTERS, TILE, Panels
from convolab.engine.halide.winograd_tiles import Transformed
from convolab.engine.halide.winograd_transforms import PATCH, PLACES

CHANNELS = 32  # channels of the result whose sums lie in memory before they are transformed into outputs
STEPS = 4  # channels summed in one round of the inner loop


@dataclass(frozen=True)
class TileLoops:
    """What the schedule of the forward sum or the input gradient depends on.

    Attributes
    ----------
    panels : Panels
    folds : bool
        Whether the input gradient adds up the patches of the outputs.
    wide : bool
        A row of the result fills a register.
    few : bool
        There are fewer blocks than threads.
    """

    panels: Panels
    folds: bool
    wide: bool
    few: bool


def images(s: TileSum, machine: Machine, loops: TileLoops) -> None:
    """Schedule the forward sum or the input gradient."""
    out, tiles, divides = s.result, s.stages["tiles"], s.problem.divides
    x, y, c, g, n = (s.var[name] for name in "xycgn")
    yo, yi, no, ni, block, ci, xo, xi = map(hl.Var, "yo yi no ni cb ci xo xi".split())
    rows = TILE * s.tiling.rows if s.column is None else s.extents[1]
    out.split(y, yo, yi, rows, GUARD).split(n, no, ni, s.tiling.images, GUARD)
    out.split(c, block, ci, CHANNELS, ROUND_UP if divides(CHANNELS, s.channels) else GUARD).reorder(
        x, yi, ci, ni, block, yo, g, no
    )
    dense(out.output_buffer(), s.extents)
    out.vectorize(x, machine.lanes, INWARDS if loops.wide else GUARD)
    out.never_partition_all()
    piece = in_parallel(out, [yo, g, no])
    if loops.few:
        out.parallel(block)
    kernels(s.stages["kernels"], s.stages["kernel_rows"])
    transform(s.images[0], s, machine, loops.few)
    image, places = s.images[0], s.images[0].places.compute_at(out, piece)
    for stage in (image.extended, image.rows):  # memory is asked for as seldom as the threads allow
        if loops.few:
            stage.hoist_storage(places, image.over[-1])
        else:
            stage.hoist_storage(out, piece)
    tiles.hoist_storage(out, block)
    for other in places.args()[2:]:
        places.bound_extent(other, 1)
    products(s, machine, block)
    tiles.compute_at(out, ci).align_bounds(x, TILE * machine.lanes).align_bounds(y, TILE)
    tiles.split(x, xo, xi, TILE).split(y, yo, yi, TILE).reorder(xi, xo, yi, yo, c, g, n).unroll(xi).unroll(yi)
    tiles.vectorize(xo, machine.lanes).never_partition_all()
    if s.column is not None:
        columns = s.stages["columns"].compute_at(out, ci)
        columns.bound(y, 0, TILE * (s.tiling.height + 1)).vectorize(columns.args()[0], machine.lanes)
        stage = columns.update().split(y, yo, yi, TILE).unroll(yi)
        stage.reorder(s.column, yi, yo, *columns.args()[2:]).vectorize(s.column, machine.lanes, PREDICATE)


def kernels(kernels: hl.Func, rows: hl.Func) -> None:
    """Schedule the transform of the kernels, all places of a channel at once: reading weights costs most."""
    inner, channel, block, u, v, g = kernels.args()
    kernels.compute_root().reorder(inner, u, v, channel, block, g).vectorize(inner).unroll(u).unroll(v)
    in_parallel(kernels, [block, g])
    inner, u, y = rows.args()[:3]
    rows.compute_at(kernels, channel).vectorize(inner).unroll(u).unroll(y)


def transform(image: Transformed, s: TileSum, machine: Machine, in_pieces: bool) -> None:
    """Schedule the transform of an image's tiles, by all threads if `in_pieces`."""
    lanes = machine.lanes
    t, place, *others = image.places.args()
    u, v, tx, row, picture, channel = image.over
    image.places.bound(t, 0, s.tiling.room).bound(place, 0, PLACES * (image.channels + 1) + machine.channels)
    image.places.update(0).vectorize(image.behind)
    stage = image.places.update(1).reorder(u, v, tx, row, picture, channel, *others).unroll(u).unroll(v)
    stage.allow_race_conditions().vectorize(tx, lanes)
    if in_pieces:
        stage.parallel(channel)
    image.extended.compute_at(image.places, picture).vectorize(image.extended.args()[0], lanes)
    image.extended.update().vectorize(image.seen, lanes, PREDICATE).never_partition_all()
    image.extended.never_partition_all()
    stage.never_partition_all()
    image.rows.never_partition_all()
    x, v = image.rows.args()[:2]
    image.rows.compute_at(image.places, row).reorder(v, x).vectorize(x, lanes).unroll(v)


def products(s: TileSum, machine: Machine, block: hl.Var) -> None:
    """Schedule the products of the kernels and the patches of a block."""
    lanes, held = machine.lanes, s.held
    t, c, u, v, *others = held.args()
    held.compute_at(s.result, block).bound(t, 0, s.tiling.room)
    for other in others:
        held.bound_extent(other, 1)  # one block, which Halide does not see through divisions
    for number, each in enumerate(s.totals):
        inner, co, ci = hl.RVar("inner"), hl.Var("co"), hl.Var("ci")
        stage = held.update(number).split(c, co, ci, machine.channels, ROUND_UP)
        stage.split(each.panel, each.panel, inner, each.registers * lanes).never_partition_all()
        stage.reorder(inner, ci, co, each.panel, u, v, *others).vectorize(inner, lanes).unroll(inner).unroll(ci)
        each.total.compute_at(held, co).bound_extent(t, each.registers * lanes).bound_extent(c, machine.channels)
        for sums, summed in ((each.total, []), (each.total.update(), [each.summed])):
            sums.reorder(t, c, *summed, u, v, *others).vectorize(t, lanes).unroll(t).unroll(c)
        summed = s.images[0].channels
        if not (isinstance(summed, int) and summed < STEPS):
            each.total.update().unroll(each.summed, STEPS, GUARD)


def weights(s: TileSum, machine: Machine) -> None:
    """Schedule the weight gradient."""
    lane, ci, co, u, v, g, kx, ky = (s.var[name] for name in "lane ci co u v g kx ky".split())
    b_lane, b_rows, b_images = s.blocks
    cio, cii, coo, coi = map(hl.Var, "cio cii coo coi".split())
    s.held.bound(ci, 0, s.problem.sizes["held_inputs"]).bound(co, 0, s.problem.sizes["held_outputs"])
    s.held.bound(u, 0, PATCH).bound(v, 0, PATCH).bound(g, 0, s.problem.groups)
    s.held.compute_root().vectorize(ci, machine.lanes, GUARD)
    stage = s.held.update().split(ci, cio, cii, REGISTERS, GUARD).split(co, coo, coi, machine.channels, GUARD)
    stage.reorder(b_lane, cii, coi, cio, coo, u, v, g, b_rows, b_images)
    stage.atomic().vectorize(b_lane).unroll(cii).unroll(coi)
    in_parallel(stage, [u, v])
    stage.parallel(coo).parallel(g)  # not fused: Halide must see that a lane is added to what it was read from
    for image in s.images:
        transform(image, s, machine, True)
        image.places.compute_at(s.held, b_rows)
        for stage in (image.extended, image.rows):
            stage.hoist_storage(image.places, image.over[-1])
    (each,) = s.totals
    each.total.compute_at(s.held, cio).bound_extent(ci, REGISTERS).bound_extent(co, machine.channels)
    others = each.total.args()[3:]
    for sums, inner in ((each.total, []), (each.total.update(), [each.summed])):
        sums.reorder(lane, ci, co, *inner, *others).vectorize(lane).unroll(ci).unroll(co)
    s.result.reorder(kx, ky, ci, co, g).unroll(kx).unroll(ky)
    in_parallel(s.result, [co, g])
