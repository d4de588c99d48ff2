"""What is computed with tiles across the lanes: sums over 3 × 3 kernels, with 16 products for the definition's 36.

The output is cut into tiles of 2 × 2, each of which reads a patch of 4 × 4 inputs. Along one axis, with d the four
inputs, w the kernel's row and y the two outputs,

    y = outputs(kernel(w) * patch(d))        * element by element

where the three maps take only sums, differences and halves. In two dimensions each map is applied along both axes, and
at each of the 16 places the sum over the channels is a matrix product. The two gradients take the adjoints of the maps
instead: dw = weights(spread(dy) * patch(d)), for example.

The halves are exact in binary, so where nothing is rounded the result is the definition's. Each output leaves out the
one element of the patch that its window does not cover, so an input changes only the outputs whose windows cover it.
But a window's inputs, and its weights, are added before they are multiplied: the rounding error is a few units in the
last place of the largest product of *any* input and *any* weight of the window; a sum may overflow, and an infinite
weight is multiplied by zeros. So the engine computes results that are not finite again, without tiles.

S. Winograd, "Arithmetic Complexity of Computations", SIAM 1980; A. Lavin and S. Gray, "Fast Algorithms for
Convolutional Neural Networks", CVPR 2016 (F(2 × 2, 3 × 3)).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import halide as hl

from convolab.engine.halide.machine import Machine
from convolab.engine.halide.problem import Problem, Size, dense
from convolab.engine.halide.sizes import AnySize
from convolab.engine.halide.winograd_blocks import MOST, TILE, Blocks, Panels, tiles_of
from convolab.engine.halide.winograd_tiles import Transformed, transformed
from convolab.engine.halide.winograd_transforms import (
    PATCH,
    gathered,
    in_this_order,
    kernel,
    outputs,
    patch,
    spread,
    weights,
)
from convolab.geometry import Geometry

Read: TypeAlias = Callable[..., hl.Expr]  # an element of a function, by its indices

WIDEST = 512  # tiles of a row: a block holds whole rows


def fits(geometry: Geometry) -> bool:
    """Whether tiles can compute the sums: two axes, 3 × 3 kernels, stride and dilation 1, rows that a cache holds."""
    axes = geometry.axes
    return (
        len(axes) == 2
        and all((axis.kernel, axis.stride, axis.dilation) == (3, 1, 1) for axis in axes)
        and all(axis.output == axis.before + axis.input + axis.after - 2 for axis in axes)
        and max(axes[1].input, axes[1].output) <= TILE * WIDEST
    )


@dataclass
class Total:
    """Sums of products that stay in registers: those of `registers` registers of tiles, from `panel` on."""

    total: hl.Func
    summed: hl.RVar
    panel: hl.RVar | None = None
    registers: int = 1


@dataclass
class TileSum:
    """One of the sums over tiles, with everything that `winograd_schedule.py` schedules.

    `held` keeps the totals, and `channels` is the name of the size that says how many channels the result has.
    """

    problem: AnySize
    tiling: Blocks
    arguments: list[hl.ImageParam]
    result: hl.Func
    extents: tuple[Size, ...]
    images: list[Transformed]
    totals: list[Total]
    held: hl.Func
    var: dict[str, hl.Var]
    stages: dict[str, hl.Func] = field(default_factory=dict)
    blocks: list[hl.RVar] = field(default_factory=list)
    column: hl.RVar | None = None
    channels: str = "outputs"


def forward(p: AnySize, machine: Machine, panels: Panels, with_bias: bool = False) -> TileSum:
    """output[o, co] = bias[co] + Σ weight[k, ci, co] * input[o + k - before, ci]"""
    input, weight = p.array("input", p.input), p.array("weight", p.weight)
    arguments = [input, weight] + ([p.array("bias", (p.outputs, p.groups))] if with_bias else [])
    tiling = Blocks(p.sizes, panels, machine.lanes)
    patches = transformed(p, tiling, input, p.input, [axis.before for axis in p.axes], patch, "patches")
    return _over_tiles(p, machine, tiling, patches, p.output, lambda *at: weight[at], arguments)


def input_gradient(p: AnySize, machine: Machine, panels: Panels, folds: bool) -> TileSum:
    """grad_input[i, ci] = Σ weight[2 - k, ci, co] * grad_output[i + k - (2 - before), co]

    The tiles are those of the input or, if it `folds`, of the output; then their patches are added up.
    """
    weight, grad_output = p.array("weight", p.weight), p.array("grad_output", p.output)
    arguments = [weight, grad_output]
    tiling = Blocks(p.sizes, panels, machine.lanes)
    if folds:
        spreads = transformed(p, tiling, grad_output, p.output, [0, 0], spread, "spreads")
        return folded(p, machine, tiling, spreads, lambda kx, ky, co, ci, g: weight[kx, ky, ci, co, g], arguments)
    before = [axis.kernel - 1 - axis.before for axis in p.axes]
    patches = transformed(p, tiling, grad_output, p.output, before, patch, "patches")
    turned = lambda kx, ky, co, ci, g: weight[2 - kx, 2 - ky, ci, co, g]  # noqa: E731
    return _over_tiles(p, machine, tiling, patches, p.input, turned, arguments)


def folds(p: Problem) -> bool:
    """Whether the input gradient is the sum of the outputs' patches: they are fewer, and a block holds whole images."""
    return tiles_of(p.output) < tiles_of(p.input) and tiles_of(p.output) <= MOST


def _over_tiles(
    p: AnySize,
    machine: Machine,
    tiling: Blocks,
    patches: Transformed,
    extents: tuple[Size, ...],
    weight: Read,
    arguments: list[hl.ImageParam],
) -> TileSum:
    """result[x, c] = bias[c] + Σ weight(k, s, c) * image[x + k - before, s]"""
    s = products(p, machine, tiling, patches, extents, weight, arguments)
    x, y, c, g, n, u, block, image = map(hl.Var, "x y c g n u block image".split())
    t, held = s.var["t"], s.held
    columns, tiles = hl.Func("columns"), hl.Func("tiles")
    each = (held[t, c, u, e, g, block, image] for e in range(PATCH))
    columns[t, y, u, c, g, block, image] = hl.mux(y, outputs(*each))
    tile, block_of, image_of = tiling.place(x / TILE, y / TILE, n)
    each = (columns[tile, y % TILE, e, c, g, block_of, image_of] for e in range(PATCH))
    tiles[x, y, c, g, n] = hl.mux(x % TILE, outputs(*each))
    bias = arguments[2][c, g] if len(arguments) > 2 else p.zero
    s.result[x, y, c, g, n] = p.delivered(tiles[x, y, c, g, n] + bias)
    s.stages["tiles"] = tiles
    return s


def folded(
    p: AnySize,
    machine: Machine,
    tiling: Blocks,
    spreads: Transformed,
    weight: Read,
    arguments: list[hl.ImageParam],
) -> TileSum:
    """grad_input[i, ci], which adds up the patches of all tiles, each element at its place in the input."""
    s = products(p, machine, tiling, spreads, p.input, weight, arguments)
    x, y, c, g, n, u = map(hl.Var, "x y c g n u".split())
    columns, tiles = hl.Func("columns"), hl.Func("tiles")
    columns[x, y, u, c, g, n] = p.zero
    r = hl.RDom([(0, tiling.columns)], "column")

    def product(row: hl.Expr, v: int) -> hl.Expr:
        number, block, image = tiling.place(r[0], hl.clamp(row, 0, tiling.height - 1), n)
        return hl.select((row >= 0) & (row < tiling.height), s.held[number, c, u, v, g, block, image], p.zero)

    columns[r[0], y, u, c, g, n] = overlap(y, product)
    tiles[x, y, c, g, n] = overlap(x, lambda column, u: columns[column, y, u, c, g, n])
    s.result[x, y, c, g, n] = p.delivered(tiles[x + p.axes[0].before, y + p.axes[1].before, c, g, n])
    s.stages |= {"tiles": tiles, "columns": columns}
    s.column = r[0]
    return s


def overlap(at: hl.Expr, product: Read) -> hl.Expr:
    """The element `at`, along one axis, of the sum of overlapping patches: its own tile's and the one's before it."""
    own, last = at / TILE, at / TILE - 1
    even, odd, _, _ = gathered(*(product(own, e) for e in range(PATCH)))
    _, _, even_before, odd_before = gathered(*(product(last, e) for e in range(PATCH)))
    return hl.mux(at % TILE, in_this_order(even + even_before, odd + odd_before))


def products(
    p: AnySize,
    machine: Machine,
    tiling: Blocks,
    image: Transformed,
    extents: tuple[Size, ...],
    weight: Read,
    arguments: list[hl.ImageParam],
) -> TileSum:
    """held[t, c, u, v] = Σ kernels[s, c, u, v] * image[t, s, u, v]

    Registers of tiles are taken in groups of three, and the last one or two by themselves.
    """
    c, g, t, u, v, block, picture = map(hl.Var, "c g t u v block picture".split())
    wide = machine.channels
    kernels, rows = _transformed_kernels(weight, extents[2], wide)
    held, totals = hl.Func("held"), []
    held[t, c, u, v, g, block, picture] = hl.undef(p.type)
    first = 0
    for registers, count in tiling.panels():
        extent = registers * count * tiling.lanes
        total, s, r = hl.Func("total"), hl.RDom([(0, image.channels)], "s"), hl.RDom([(first, extent)], "panel")
        at = (t, c, u, v, g, block, picture)
        total[at] = p.zero
        total[at] += kernels[c % wide, s[0], c / wide, u, v, g] * image.at(t, s[0], u, v, g, block, picture)
        where = (r[0], *at[1:])
        held[where] = total[where]
        totals.append(Total(total, s[0], r[0], registers))
        first += extent
    var = {name: hl.Var(name) for name in "xycgntuv"}
    stages, channels = {"kernels": kernels, "kernel_rows": rows}, "outputs" if extents is p.output else "inputs"
    result = hl.Func("result")
    return TileSum(p, tiling, arguments, result, extents, [image], totals, held, var, stages, channels=channels)


def _transformed_kernels(weight: Read, channels: Size, wide: int) -> tuple[hl.Func, hl.Func]:
    """The kernels transformed along both axes, with the `wide` channels that are needed together side by side.

    The second function is their transform along x alone.
    """
    inner, s, block, u, v, g, y = map(hl.Var, "inner s block u v g y".split())
    rows, kernels = hl.Func("kernel_rows"), hl.Func("kernels")
    channel = hl.min(block * wide + inner, channels - 1)
    rows[inner, u, y, s, block, g] = hl.mux(u, kernel(*(weight(kx, y, s, channel, g) for kx in range(3))))
    kernels[inner, s, block, u, v, g] = hl.mux(v, kernel(*(rows[inner, u, ky, s, block, g] for ky in range(3))))
    return kernels, rows


def weight_gradient(p: AnySize, machine: Machine, panels: Panels) -> TileSum:
    """grad_weight[k, ci, co] = Σ grad_output[o, co] * input[o + k - before, ci]

    Each lane of a register sums the products of every `lanes`-th tile; the lanes are added up after each block.
    """
    input, grad_output = p.array("input", p.input), p.array("grad_output", p.output)
    tiling = Blocks(p.sizes, panels, machine.lanes)
    patches = transformed(p, tiling, input, p.input, [axis.before for axis in p.axes], patch, "patches")
    spreads = transformed(p, tiling, grad_output, p.output, [0, 0], spread, "spreads")
    lane, ci, co, u, v, g, block, image, kx, ky = map(hl.Var, "lane ci co u v g block image kx ky".split())
    r = hl.RDom([(0, tiling.registers)], "s")
    total, held, grad_weight = hl.Func("total"), hl.Func("held"), hl.Func("grad_weight")
    total[lane, ci, co, u, v, g, block, image] = p.zero
    t, at = r[0] * tiling.lanes + lane, (u, v, g, block, image)
    total[lane, ci, co, u, v, g, block, image] += spreads.at(t, co, *at) * patches.at(t, ci, *at)
    b = hl.RDom([(0, tiling.lanes), (0, tiling.over_rows), (0, tiling.over_images)], "b")
    held[ci, co, u, v, g] = p.zero
    held[ci, co, u, v, g] += total[b[0], ci, co, u, v, g, b[1], b[2]]
    rows = hl.Func("weight_rows")
    rows[kx, ci, co, v, g] = hl.mux(kx, weights(*(held[ci, co, e, v, g] for e in range(PATCH))))
    grad_weight[kx, ky, ci, co, g] = p.delivered(hl.mux(ky, weights(*(rows[kx, ci, co, e, g] for e in range(PATCH)))))
    dense(grad_weight.output_buffer(), p.weight)
    var = {"lane": lane, "ci": ci, "co": co, "u": u, "v": v, "g": g, "kx": kx, "ky": ky}
    blocks, arguments = [b[dim] for dim in range(3)], [input, grad_output]
    totals = [Total(total, r[0])]
    return TileSum(p, tiling, arguments, grad_weight, p.weight, [patches, spreads], totals, held, var, blocks=blocks)
