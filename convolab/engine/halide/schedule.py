"""In which order sums are computed with the channels across the lanes of a vector register.

The weights are laid out with the channels of the result side by side, so that one load brings the weights of a
register's worth of channels. Each input is read where it lies, as one number that is copied to all lanes. The sums of
a tile of the result (`register_tiling.py`) stay in registers until they are complete. No sum is ever divided among
threads, so the result has the same bits on any number of them.
"""

from dataclasses import dataclass
from math import prod
from typing import Any

import halide as hl

from convolab.engine.halide.algorithm import Largest, PaddedRows, Sum
from convolab.engine.halide.problem import Problem
from convolab.engine.halide.register_tiling import ResultPlane, Tile
from convolab.engine.halide.weight_tiling import Pieces

TASKS = 16  # pieces of work at least, where the result can be divided so
CACHED = 2**18  # bytes of weights that stay in a core's second cache beside an image
BAND = 2**17  # bytes of an image that stay there while each block of channels reads them
SHORTS = 16  # 16-bit integers in a register, at least
SERIAL = 4096  # elements that one thread copies faster than two
INWARDS, GUARD = hl.TailStrategy.ShiftInwards, hl.TailStrategy.GuardWithIf
ROUND_UP, PREDICATE = hl.TailStrategy.RoundUp, hl.TailStrategy.Predicate


@dataclass(frozen=True)
class Loops:
    """How the loops over the forward sum or the input gradient lie; the numbers of a problem decide.

    Attributes
    ----------
    tile : Tile
    small : bool
        All blocks of channels take one image, while the weights stay in the cache; otherwise all images take one block.
    banded : bool
        All blocks take a band of an image, as large as the size `band` says.
    few : bool
        There are so few images and blocks that the threads share the rows too.
    shared : bool
        The threads share the copy of the weights.
    positions : bool
        A tile is written position by position, and otherwise row by row.
    across : int
        How many neighbouring positions of a lone channel lie across the lanes; 0 where channels do.
    """

    tile: Tile
    forward: bool
    small: bool
    banded: bool
    few: bool
    shared: bool
    positions: bool
    across: int


def loops_of(p: Problem, plane: ResultPlane, tile: Tile, across: int, scattered: bool = False) -> tuple[Loops, int]:
    """The loops over a plane of the result of a problem, and the rows of a band.

    `across` says how many neighbouring positions lie across the lanes. The tiles of a `scattered` result are best left
    to themselves, position by position.
    """
    band = rows_of_a_band(p, plane, tile)
    return Loops(
        tile,
        plane.forward,
        small=prod(p.weight) * p.type.bytes() <= CACHED,
        banded=band > 0,
        few=not band and p.batch * p.groups * -(-plane.channels // tile.channels) < TASKS,
        shared=prod(p.weight) > SERIAL,
        positions=scattered and plane.channels % tile.lanes == 0,
        across=across,
    ), band


def images(s: Sum, loops: Loops) -> None:
    """Schedule the forward sum or the input gradient."""
    tile, (group, image), block, lane = loops.tile, s.outer, hl.Var("block"), hl.Var("lane")
    (x, *y), (column, *tall) = ([each.over[which] for each in s.pieces] for which in range(2))
    # Pieces of a row that overlap write the same numbers twice.
    result = s.result.update().allow_race_conditions().split(s.channel, block, lane, tile.channels, GUARD)
    in_tile, others = s.position[: len(s.pieces)], s.position[len(s.pieces) :]
    inner, rows = [x, *y, lane], [*tall, *others]
    order = [column, *rows, block, image, group] if loops.small else [column, *rows, image, block, group]
    pieces = order[-3:]
    if loops.banded:
        bands, within = hl.Var("bands"), hl.Var("within")
        result.split(s.position[-1], bands, within, s.problem.sizes["band"], GUARD)
        pieces = [bands, image, group]
        order = [column, *rows[:-1], within, block, *pieces]
    if loops.positions:
        result.reorder(lane, *(v for v in inner if v is not lane), *order)
        result.vectorize(lane, tile.lanes).unroll(x)
    else:
        result.reorder(*inner, *order).vectorize(x)
    in_parallel(result, pieces)
    if loops.few and rows:
        result.parallel(rows[-1])
    # What is known of a tile's place says which of its taps need a test: copies of the loops without tests do not pay.
    result.never_partition_all()
    sums = s.total.update().never_partition_all()
    _lay_panels(s, loops)
    if s.rows is not None:
        _lay_rows(s.rows, loops.across)
    if s.paired is not None:
        _lay_pairs(s.paired, tile.lanes)
    for largest in s.largest:
        _look_through(largest)
    s.total.compute_at(s.result, column).bound_extent(s.channel, tile.channels)
    outside = [*(each.piece for each in s.pieces), *others, *s.outer]
    s.total.reorder_storage(s.channel, *in_tile, *outside).reorder(s.channel, *in_tile, *outside)
    pair = [] if s.pair is None else [s.pair]
    sums.reorder(*pair, s.channel, *in_tile, *s.taps, s.rest, *outside)
    if s.pair is not None:
        sums.atomic().vectorize(s.pair)
    for stage in (s.total, sums):
        stage.vectorize(s.channel, tile.lanes).unroll(s.channel)
        if loops.across:
            stage.vectorize(in_tile[0], loops.across)
        for position in in_tile:
            stage.unroll(position)
    if tile.unrolled:
        sums.unroll(s.taps[0])


def rows_of_a_band(p: Problem, plane: ResultPlane, tile: Tile) -> int:
    """How many rows of the result a band has, whose input stays in the second cache; 0 where bands do not pay.

    They pay for kernels of one position only: a larger kernel uses what it reads so often that reading the weights anew
    for each band costs more.
    """
    factor, result = (p.input, p.output) if plane.forward else (p.output, p.input)
    seen, written, height = prod(factor[: p.dims + 1]), prod(result[: p.dims + 1]), result[p.dims - 1]
    many = plane.channels > tile.channels
    if p.dims == 1 or tile.rows > 1 or seen < written or not many or prod(p.weight[: p.dims]) > 1:
        return 0
    bands = min(height, -(-seen * p.type.bytes() // BAND))
    enough = bands * p.groups * p.batch >= TASKS
    return -(-height // bands) if bands > 1 and enough else 0


def _lay_panels(s: Sum, loops: Loops) -> None:
    """Schedule the copy of the weights."""
    inner, *_, panel, group = s.copied.args()[s.pair is not None :]
    s.copied.compute_root().vectorize(inner, loops.tile.lanes)
    if loops.shared:
        in_parallel(s.copied, [panel, group])


def _lay_rows(padded: PaddedRows, lanes: int) -> None:
    """Schedule the copy of a factor between zeros."""
    rows = padded.rows.compute_root()
    _, *others, group, image = rows.args()
    for number, x in enumerate([padded.row, *padded.zeros]):
        stage = rows.update(number).reorder(x, *others, group, image)
        in_parallel(stage, [group, image])
    rows.update().vectorize(padded.row, lanes, PREDICATE)


def _lay_pairs(paired: hl.Func, lanes: int) -> None:
    """Schedule the copy of the input."""
    pair, x, *_, group, image = paired.args()
    paired.compute_root().unroll(pair).vectorize(x, lanes, GUARD)
    in_parallel(paired, [group, image])


def _look_through(largest: Largest) -> None:
    """Schedule the search for the largest number, which takes whole rows at a time where they are short."""
    known = isinstance(largest.width, int) and largest.width <= 2 * SHORTS
    lanes = largest.width if known else SHORTS
    most = largest.most.compute_at(largest.result, largest.n)
    most.vectorize(largest.at, lanes, GUARD)
    most.update().reorder(largest.at, *largest.rest, largest.n).vectorize(largest.at, lanes, GUARD)
    largest.result.parallel(largest.n)


def weights(s: Sum, chunks: hl.Func, chunk: list[hl.RVar], division: Pieces) -> None:
    """Schedule the weight gradient; the size `piece` says how many input channels a piece has."""
    ci, group, part = s.outer
    tile, wide = division.tile, division.tile.channels
    block, lane, column, x = map(hl.Var, ("block", "lane", "column", "tx"))
    deep, c, depth, d = map(hl.Var, ("deep", "c", "depth", "d"))
    k0, *k = s.position
    piece, last = s.problem.sizes["piece"], ROUND_UP if s.problem.divides(wide, "outputs") else GUARD
    sums = chunks.update().split(s.channel, block, lane, wide, GUARD).split(k0, column, x, tile.width, GUARD)
    chunks.align_bounds(s.channel, wide).reorder_storage(s.channel, *s.position, *s.outer)
    chunks.reorder(s.channel, *s.position, *s.outer).vectorize(s.channel, tile.lanes)
    if division.parts == 1:
        # Each piece of the result is summed by itself and stays in the cache until it is complete.
        s.result.split(s.channel, block, lane, wide, last).split(ci, deep, c, piece, ROUND_UP)
        s.result.reorder(lane, *s.position, c, deep, block, group).vectorize(lane, tile.lanes)
        chunks.compute_at(s.result, in_parallel(s.result, [deep, block, group]))
        sums.split(ci, depth, d, tile.depth, GUARD).reorder(lane, x, d, column, *k, depth, *chunk, block, group, part)
    else:
        s.result.reorder(s.channel, *s.position, ci, group).vectorize(s.channel, tile.lanes, GUARD).parallel(ci)
        chunks.compute_root()
        sums.split(ci, deep, c, piece, GUARD).split(c, depth, d, tile.depth, GUARD)
        sums.reorder(lane, x, d, column, *k, depth, *chunk, deep, block, group, part)
        in_parallel(sums, [deep, block, group, part])
    sums.vectorize(lane, tile.lanes).unroll(lane).unroll(x).unroll(d).never_partition_all()
    sums.partition(depth, hl.Partition.Auto).partition(column, hl.Partition.Auto)
    _move_channels_first(s.copied, chunks, chunk[0], tile.lanes, division.copied_first)
    s.total.compute_at(chunks, column).reorder_storage(s.channel, *s.position, *s.outer[:2], *s.total.args()[-2:])
    if s.problem.divides(tile.depth, "inputs"):
        s.total.bound_extent(ci, tile.depth)
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
