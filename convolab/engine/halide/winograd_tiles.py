"""The tiles of an image after a transform along both axes, with zeros around the image."""

from dataclasses import dataclass

import halide as hl

from convolab.engine.halide.problem import Problem, Size
from convolab.engine.halide.winograd_blocks import TILE, Blocks
from convolab.engine.halide.winograd_transforms import PATCH, Transform, patch


@dataclass
class Transformed:
    """An image's tiles after a transform along both axes, block by block: (t, place, g, block of rows, of images).

    A place is a channel and one of the 16 elements. Each element has one place more than there are channels, so that
    the 16 elements of a channel do not fall on the same lines of a cache.

    Attributes
    ----------
    extended : hl.Func
        The image between its zeros.
    rows, places : hl.Func
        The transform along y alone, and along both axes.
    seen : hl.RVar
        Runs along the image's rows.
    over : list of hl.RVar
        (u, v, tx, row, image in the block, channel), which the transform runs over.
    behind : hl.RVar
        Runs over the lanes behind the last tile.
    """

    extended: hl.Func
    rows: hl.Func
    places: hl.Func
    seen: hl.RVar
    over: list[hl.RVar]
    behind: hl.RVar
    channels: Size

    def at(
        self, t: hl.Expr, channel: hl.Expr, u: hl.Expr, v: hl.Expr, g: hl.Expr, block: hl.Expr, image: hl.Expr
    ) -> hl.Expr:
        """The element (u, v) of tile t."""
        return self.places[t, channel + (self.channels + 1) * (u + PATCH * v), g, block, image]


def transformed(
    p: Problem,
    tiling: Blocks,
    array: hl.ImageParam,
    extents: tuple[Size, ...],
    before: list[int],
    transform: Transform,
    name: str,
) -> Transformed:
    """The tiles of an image after the transform `patch` or `spread`."""
    size = PATCH if transform is patch else TILE
    extended, seen = extend(p, array, extents, before, TILE * tiling.written + size - TILE)
    x, s, g, n, v, ty, t, place, block, image = map(hl.Var, "x s g n v ty t place block image".split())
    rows, places = hl.Func(name + "_rows"), hl.Func(name)
    rows[x, v, ty, s, g, n] = hl.mux(v, transform(*(extended[x, TILE * ty + k, s, g, n] for k in range(size))))
    places[t, place, g, block, image] = hl.undef(p.type)
    behind = hl.RDom([(0, tiling.lanes)], "behind")
    places[(tiling.registers - 1) * tiling.lanes + behind[0], place, g, block, image] = p.zero
    channels = extents[2]
    r = hl.RDom([(0, e) for e in (PATCH, PATCH, tiling.written, tiling.rows, tiling.images, channels)], "over")
    ru, rv, tx, row, picture, channel = (r[dim] for dim in range(6))
    at = (rv, row + tiling.rows * block, channel, g, picture + tiling.images * image)
    where = (tiling.number(tx, row, picture), channel + (channels + 1) * (ru + PATCH * rv), g, block, image)
    places[where] = hl.mux(ru, transform(*(rows[(TILE * tx + k, *at)] for k in range(size))))
    return Transformed(extended, rows, places, seen, [ru, rv, tx, row, picture, channel], behind[0], channels)


def extend(
    p: Problem, array: hl.ImageParam, extents: tuple[Size, ...], before: list[int], width: Size
) -> tuple[hl.Func, hl.RVar]:
    """`width` numbers of each row of the image between zeros, which also fill what the last blocks lack."""
    x, y, s, g, n = map(hl.Var, "x y s g n".split())
    extended = hl.Func("extended")
    extended[x, y, s, g, n] = p.zero
    first, last = max(0, -before[0]), hl.min(extents[0], width - before[0])
    r = hl.RDom([(first, hl.max(last - first, 0))], "seen")
    row, height, batch = y - before[1], extents[1], extents[4]
    inside = (row >= 0) & (row < height) & (n < batch)
    value = array[r[0], hl.clamp(row, 0, height - 1), s, g, hl.min(n, batch - 1)]
    extended[r[0] + before[0], y, s, g, n] = hl.select(inside, value, p.zero)
    return extended, r[0]
