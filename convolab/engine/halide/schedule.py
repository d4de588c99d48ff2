"""In which order sums are computed with the channels across the lanes of a vector register.

The weights are laid out with the channels of the result side by side, so that one load brings the weights of a
register's worth of channels. Each input is read where it lies, as one number that is copied to all lanes. The sums of
a tile of the result (`register_tiling.py`) stay in registers until they are complete. No sum is ever divided among
threads, so the result has the same bits on any number of them.
"""

from math import prod
from typing import Any

import halide as hl

from convolab.engine.halide.algorithm import Largest, Sum
from convolab.engine.halide.problem import Problem
from convolab.engine.halide.register_tiling import Tile
from convolab.engine.halide.weight_tiling import Division

TASKS = 16  # pieces of work at least, where the result can be divided so
CACHED = 2**18  # bytes of weights that stay in a core's second cache beside an image
BAND = 2**17  # bytes of an image that stay there while each block of channels reads them
SHORTS = 16  # 16-bit integers in a register, at least
SERIAL = 4096  # elements that one thread copies faster than two
INWARDS, GUARD = hl.TailStrategy.ShiftInwards, hl.TailStrategy.GuardWithIf


def images(s: Sum, tile: Tile, scattered: bool = False) -> None:
    """Schedule the forward sum or the input gradient.

    A tile is written row by row, or, if `scattered`, position by position.
    """
    p, (group, image) = s.problem, s.outer
    block, lane, column, x, row, y = (hl.Var(v) for v in ("block", "lane", "column", "tx", "row", "ty"))
    s.result.split(s.channel, block, lane, tile.channels, GUARD).split(s.position[0], column, x, tile.width, INWARDS)
    inner, rows = [x, lane], s.position[1:]
    if tile.rows > 1:
        s.result.split(s.position[1], row, y, tile.rows, INWARDS)
        inner, rows = [x, y, lane], [row, *s.position[2:]]
    # While the weights stay in the cache, all blocks of channels take one image; otherwise all images take one block.
    small = prod(p.weight) * p.type.bytes() <= CACHED
    loops = [column, *rows, block, image, group] if small else [column, *rows, image, block, group]
    pieces = loops[-3:]
    if band := rows_of_a_band(s, tile):
        # Where an image does not stay in the cache, all blocks take a band of its rows.
        bands, within = hl.Var("bands"), hl.Var("within")
        s.result.split(s.position[-1], bands, within, band, GUARD)
        pieces = [bands, image, group]
        loops = [column, *rows[:-1], within, block, *pieces]
    elif p.batch * p.groups * -(-s.channels // tile.channels) < TASKS:
        pieces = [loops[-4], *pieces]
    if scattered and s.channels % tile.lanes == 0:
        s.result.reorder(lane, *(v for v in inner if v is not lane), *loops)
        s.result.vectorize(lane, tile.lanes).unroll(x)
    else:
        s.result.reorder(*inner, *loops).vectorize(x)
    piece = in_parallel(s.result, pieces)
    _lay_panels(s, tile)
    if s.paired is not None:
        _lay_pairs(s.paired, p, tile.lanes)
    for largest in s.largest:
        _look_through(largest)
    s.total.compute_at(s.result, piece if pieces[0] is column else column).bound_extent(s.channel, tile.channels)
    s.total.reorder_storage(s.channel, *s.position, *s.outer)
    in_tile = s.position[: 2 if tile.rows > 1 else 1]
    sums = s.total.update()
    s.total.reorder(s.channel, *s.position, *s.outer)
    pair = [] if s.pair is None else [s.pair]
    sums.reorder(*pair, s.channel, *in_tile, *s.taps, s.rest, *s.position[len(in_tile) :], *s.outer)
    if s.pair is not None:
        sums.atomic().vectorize(s.pair)
    for stage in (s.total, sums):
        stage.vectorize(s.channel, tile.lanes).unroll(s.channel)
        for position in in_tile:
            stage.unroll(position)
    if tile.unrolled:
        sums.unroll(s.taps[0])


def rows_of_a_band(s: Sum, tile: Tile) -> int:
    """How many rows of the result a band has, whose input stays in the second cache; 0 where bands do not pay.

    They pay for kernels of one position only: a larger kernel uses what it reads so often that reading the weights anew
    for each band costs more.
    """
    p, height = s.problem, s.extents[-1]
    seen, written = prod(s.seen[: p.dims + 1]), prod(s.extents) * s.channels
    if p.dims == 1 or tile.rows > 1 or seen < written or s.channels <= tile.channels or prod(p.weight[: p.dims]) > 1:
        return 0
    bands = min(height, -(-seen * p.type.bytes() // BAND))
    enough = bands * p.groups * p.batch >= TASKS
    return -(-height // bands) if bands > 1 and enough else 0


def _lay_panels(s: Sum, tile: Tile) -> None:
    """Schedule the copy of the weights."""
    inner, *_, panel, group = s.copied.args()[s.pair is not None :]
    s.copied.compute_root().vectorize(inner, tile.lanes)
    if prod(s.problem.weight) > SERIAL:
        in_parallel(s.copied, [panel, group])


def _lay_pairs(paired: hl.Func, p: Problem, lanes: int) -> None:
    """Schedule the copy of the input."""
    pair, x, *_, group, image = paired.args()
    paired.compute_root().unroll(pair).vectorize(x, min(lanes, p.input[0]), GUARD)
    in_parallel(paired, [group, image])


def _look_through(largest: Largest) -> None:
    """Schedule the search for the largest number, which takes whole rows at a time where they are short."""
    lanes = largest.width if largest.width <= 2 * SHORTS else SHORTS
    most = largest.most.compute_at(largest.result, largest.n)
    most.vectorize(largest.at, lanes, GUARD)
    most.update().reorder(largest.at, *largest.rest, largest.n).vectorize(largest.at, lanes, GUARD)
    largest.result.parallel(largest.n)


def weights(s: Sum, chunks: hl.Func, chunk: list[hl.RVar], division: Division) -> None:
    """Schedule the weight gradient."""
    ci, group, part = s.outer
    tile, wide = division.tile, division.tile.channels
    block, lane, column, x = map(hl.Var, ("block", "lane", "column", "tx"))
    deep, c, depth, d = map(hl.Var, ("deep", "c", "depth", "d"))
    k0, *k = s.position
    sums = chunks.update().split(s.channel, block, lane, wide, GUARD).split(k0, column, x, tile.width, GUARD)
    chunks.align_bounds(s.channel, wide).reorder_storage(s.channel, *s.position, *s.outer)
    chunks.reorder(s.channel, *s.position, *s.outer).vectorize(s.channel, tile.lanes)
    if division.parts == 1:
        # Each piece of the result is summed by itself and stays in the cache until it is complete.
        s.result.split(s.channel, block, lane, wide, GUARD).split(ci, deep, c, division.inputs, GUARD)
        s.result.reorder(lane, *s.position, c, deep, block, group).vectorize(lane, tile.lanes)
        chunks.compute_at(s.result, in_parallel(s.result, [deep, block, group]))
        sums.split(ci, depth, d, tile.depth, GUARD).reorder(lane, x, d, column, *k, depth, *chunk, block, group, part)
    else:
        s.result.reorder(s.channel, *s.position, ci, group).vectorize(s.channel, tile.lanes, GUARD).parallel(ci)
        chunks.compute_root()
        sums.split(ci, deep, c, division.inputs, GUARD).split(c, depth, d, tile.depth, GUARD)
        sums.reorder(lane, x, d, column, *k, depth, *chunk, deep, block, group, part)
        in_parallel(sums, [deep, block, group, part])
    sums.vectorize(lane, tile.lanes).unroll(lane).unroll(x).unroll(d).never_partition_all()
    sums.partition(depth, hl.Partition.Auto).partition(column, hl.Partition.Auto)
    _move_channels_first(s.copied, chunks, chunk[0], tile.lanes, division.copied_first)
    s.total.compute_at(chunks, column).reorder_storage(s.channel, *s.position, *s.outer[:2], *s.total.args()[-2:])
    for stage in (s.total, s.total.update()):
        order = [s.channel, k0, ci, *k] if stage is s.total else [s.channel, k0, ci, *s.taps, s.rest, *k]
        stage.reorder(*order, group).vectorize(s.channel, tile.lanes).unroll(s.channel).unroll(k0).unroll(ci)
    # Only the loop over a row of outputs is cut where its taps end, so that its middle has no test: more copies of the
    # inner loop do not pay.
    s.total.update().never_partition_all().partition(s.taps[0], hl.Partition.Auto)


def _move_channels_first(copied: hl.Func, chunks: hl.Func, chunk: hl.RVar, lanes: int, first: bool) -> None:
    """Schedule the copy of an array of outputs: all of it `first`, or for each chunk what it reads."""
    inner, *_, group, image = copied.args()
    if first:
        in_parallel(copied.compute_root(), [group, image])
    else:
        copied.compute_at(chunks, chunk)
    copied.vectorize(inner, lanes)


def in_parallel(stage: Any, pieces: list[hl.Var]) -> hl.Var:
    """Fuse these loops, innermost first, into one whose iterations the threads share, and return its variable."""
    piece = pieces[0]
    for other in pieces[1:]:
        fused = hl.Var("piece")
        stage.fuse(piece, other, fused)
        piece = fused
    stage.parallel(piece)
    return piece
