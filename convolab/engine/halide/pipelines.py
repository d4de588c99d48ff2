"""From a geometry to a function: the algorithm, its schedule, and the compiler."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple

import halide as hl
import numpy as np

from convolab.engine import repaid
from convolab.engine.halide import algorithm, columns, columns_schedule, pairs, schedule, winograd, winograd_schedule
from convolab.engine.halide.machine import Machine, machine, target
from convolab.engine.halide.plan import CAPACITY, Plans
from convolab.engine.halide.pools import let_others_sleep
from convolab.engine.halide.problem import Problem
from convolab.engine.halide.register_tiling import WHOLE, ResultPlane, best_tile
from convolab.engine.halide.sizes import AnySize, Brought, CodeForm, form_of, sizes_of
from convolab.engine.halide.weight_tiling import best_division
from convolab.engine.halide.winograd_blocks import REGISTERS, Tiling, rounded_up
from convolab.geometry import Geometry

PIXELS = 128  # products that a register of the weight gradient sums before the chunks are added, at least
SHAPES = 4096  # shapes of which it is known which code serves them


@dataclass(frozen=True)
class PipelineKind:
    """Everything that the code of one operation depends on; many shapes are of one kind."""

    operation: str
    order: str
    form: CodeForm
    decided: Any  # what the order's schedule depends on
    with_bias: bool
    machine: Machine


class Decided(NamedTuple):
    """What an order decides about a problem; the last four are arguments of `form_of`."""

    schedule: Any
    sizes: Mapping[str, int] = MappingProxyType({})
    promised: tuple[Brought, ...] = ()
    known: tuple[str, ...] = ()
    derived: Mapping[str, tuple[str, int]] = MappingProxyType({})


class Order(NamedTuple):
    """One of the orders in which sums are computed: what it decides about a problem, and how it builds a sum."""

    decide: Callable[[str, Problem, Machine], Decided]
    build: Callable[[PipelineKind, AnySize], Any]


def kind_of(
    operation: str,
    order: str,
    geometry: Geometry,
    dtype: np.dtype[Any],
    result_dtype: np.dtype[Any],
    with_bias: bool,
    contiguous: bool,
) -> tuple[PipelineKind, tuple[int, ...]]:
    """The kind that a shape is of, and the numbers that its calls bring."""
    factors = np.dtype(np.int16) if order == "pairs" else dtype
    p = Problem(geometry, factors, result_dtype, contiguous, given=dtype)
    here = machine(p.sum_type.bits())
    decided = ORDERS[order].decide(operation, p, here)
    form, values = form_of(p, *decided[1:])
    return PipelineKind(operation, order, form, decided.schedule, with_bias, here), values


def build(kind: PipelineKind) -> hl.Callable:
    """Compile a kind.

    The arguments of what is returned are the sizes that a call brings, the operation's arrays and the result, with
    their channels split into groups.
    """
    p = AnySize(kind.form)
    s = ORDERS[kind.order].build(kind, p)
    results = [s.result, *(largest.result for largest in s.largest)] if kind.order == "pairs" else s.result
    return hl.Pipeline(results).compile_to_callable([*p.parameters, *s.arguments], target())


def _decide_channels(operation: str, p: Problem, here: Machine) -> Decided:
    if operation == "weight_gradient":
        division = best_division(p, here)
        pieces, sizes = division.pieces(p)
        factors = {"outputs": pieces.tile.channels, "inputs": pieces.tile.depth, "piece": pieces.tile.depth}
        # A tile that is not as deep as the others needs the number of channels, and so do pieces within parts.
        known = () if p.inputs % pieces.tile.depth == 0 and pieces.parts == 1 else ("inputs", "piece")
        row = p.axes[0]
        derived = {"input_x": ("output_x", row.stride)}
        # In a row that is longer than a window, the first and the last outputs have different taps.
        promised = Brought("output_x", least=row.span if row.output >= row.span else 1)
        return Decided(pieces, sizes, (*_dividing(factors, sizes_of(p) | sizes), promised), known, derived)
    plane = ResultPlane.of(operation, p)
    # With a stride, neighbouring positions have different taps, and each is best left to itself.
    scattered = operation == "input_gradient" and any(axis.stride > 1 for axis in p.axes)
    return _decide_images(p, plane, here, scattered)


def is_padded(operation: str, geometry: Geometry) -> bool:
    """Whether the sum over channels also multiplies zeros at the ends of rows: that of a lone channel may."""
    p = Problem(geometry, np.dtype(np.float32))
    plane = ResultPlane.of(operation, p)
    return operation != "weight_gradient" and _may_pad(plane) and (p.leaves[0] if plane.forward else p.leaves_output)


def _may_pad(plane: ResultPlane) -> bool:
    return plane.channels == 1 and plane.stride == 1


def _decide_taps(operation: str, p: Problem, here: Machine) -> Decided:
    decided = _decide_channels(operation, p, here)
    alone = isinstance(decided.schedule, schedule.Loops)
    return decided._replace(schedule=replace(decided.schedule, across=0)) if alone else decided


def _decide_images(p: Problem, plane: ResultPlane, here: Machine, scattered: bool = False) -> Decided:
    tile = best_tile(here, plane)
    loops, band = schedule.loops_of(p, plane, tile, min(here.lanes, tile.width) if _may_pad(plane) else 0, scattered)
    channels, width, other = ("outputs", "output_x", "input_x") if plane.forward else ("inputs", "input_x", "output_x")
    stride = plane.stride
    least = -(-(tile.width - plane.width % stride) // stride)
    promised = (*_dividing({channels: tile.channels}, sizes_of(p)), Brought(width, stride, plane.width % stride, least))
    derived = {other: (width, p.axes[0].stride if plane.forward else 1)}
    known = (width,) if tile.width == plane.width <= WHOLE else ()
    return Decided(loops, {"band": band} if band else {}, promised, known, derived)


def _dividing(factors: dict[str, int], sizes: dict[str, int]) -> tuple[Brought, ...]:
    """Those factors that divide the sizes of their names, with no remainder."""
    return tuple(Brought(name, factor) for name, factor in factors.items() if sizes[name] % factor == 0)


def _channels_sum(kind: PipelineKind, p: AnySize) -> algorithm.Sum:
    decided = kind.decided
    if kind.operation == "weight_gradient":
        s, chunks, chunk = algorithm.weight_gradient(p, decided.tile.channels, decided.parts, decided.bands)
        schedule.weights(s, chunks, chunk, decided)
        return s
    tile, forward = decided.tile, kind.operation == "forward"
    leaves = p.leaves[0] if forward else p.leaves_output
    padded = decided.across > 0 and leaves
    s = algorithm.forward(p, tile, kind.with_bias, padded) if forward else algorithm.input_gradient(p, tile, padded)
    schedule.images(s, decided)
    return s


def _decide_pairs(operation: str, p: Problem, here: Machine) -> Decided:
    decided = _decide_images(p, ResultPlane.of_pairs(p), here)
    return decided._replace(promised=(*decided.promised, *_dividing({"inputs": pairs.PAIR}, sizes_of(p))))


def _pairs_sum(kind: PipelineKind, p: AnySize) -> algorithm.Sum:
    s = pairs.forward(p, kind.decided.tile, kind.with_bias)
    schedule.images(s, kind.decided)
    return s


def _decide_columns(operation: str, p: Problem, here: Machine) -> Decided:
    rows, known = columns.FlatRows(p), ("inputs", "outputs", "groups")
    derived = {"input_x": ("output_x", p.axes[0].stride)}
    if operation != "weight_gradient":
        loops = columns_schedule.loops_of(operation, p, rows, here, p.batch)
        return Decided(loops, known=known, derived=derived)
    chunk = chunk_size(p.geometry, PIXELS * here.lanes)
    full, last = divmod(rows.positions, here.lanes)
    sizes = {"registers": full, "last": last, "chunk": chunk, "chunks": p.batch // chunk}
    loops = columns_schedule.loops_of(operation, p, rows, here, sizes["chunks"])
    return Decided(loops, sizes, (Brought("last", least=0),), known, derived)


def _columns_sum(kind: PipelineKind, p: AnySize) -> columns.ColumnSum:
    here, loops = kind.machine, kind.decided
    if kind.operation == "forward":
        s = columns.forward(p, kind.with_bias)
        columns_schedule.forward(s, here, loops)
    elif kind.operation == "input_gradient":
        s = columns.input_gradient(p)
        columns_schedule.input_gradient(s, here, loops)
    else:
        s = columns.weight_gradient(p, here.lanes)
        columns_schedule.weight_gradient(s, here, loops)
    return s


def _decide_tiles(operation: str, p: Problem, here: Machine) -> Decided:
    if operation == "weight_gradient":
        panels, sizes = Tiling(p.output, here, many=True).sizes()
        sizes |= {"held_inputs": rounded_up(p.inputs, REGISTERS), "held_outputs": rounded_up(p.outputs, here.channels)}
        factors = {"held_inputs": REGISTERS, "held_outputs": here.channels, "written": here.lanes}
        return Decided(panels, sizes, _dividing(factors, sizes))
    forward, folds = operation == "forward", operation == "input_gradient" and winograd.folds(p)
    result = p.output if forward else p.input
    tiling = Tiling(p.output if folds else result, here, whole=folds)
    panels, sizes = tiling.sizes()
    loops = winograd_schedule.TileLoops(panels, folds, result[0] >= here.lanes, tiling.blocks < here.threads)
    factors = {"outputs" if forward else "inputs": winograd_schedule.CHANNELS, "written": here.lanes}
    factors["inputs" if forward else "outputs"] = winograd_schedule.STEPS
    return Decided(loops, sizes, _dividing(factors, sizes_of(p) | sizes))


def _tiles_sum(kind: PipelineKind, p: AnySize) -> winograd.TileSum:
    here, decided = kind.machine, kind.decided
    if kind.operation == "weight_gradient":
        s = winograd.weight_gradient(p, here, decided)
        winograd_schedule.weights(s, here)
        return s
    if kind.operation == "forward":
        s = winograd.forward(p, here, decided.panels, kind.with_bias)
    else:
        s = winograd.input_gradient(p, here, decided.panels, decided.folds)
    winograd_schedule.images(s, here, decided)
    return s


# What goes across the lanes of a register, and by which sums.
ORDERS: dict[str, Order] = {
    "channels": Order(_decide_channels, _channels_sum),
    "columns": Order(_decide_columns, _columns_sum),
    "tiles": Order(_decide_tiles, _tiles_sum),
    "pairs": Order(_decide_pairs, _pairs_sum),
    "taps": Order(_decide_taps, _channels_sum),
}


def chunk_size(geometry: Geometry, least: int) -> int:
    """Images whose products are summed together: the fewest that make `least` pixels and divide the batch."""
    batch, pixels = geometry.batch, prod(geometry.output)
    return next((n for n in range(1, batch) if batch % n == 0 and n * pixels >= least), batch)


class Pipelines:
    """The compiled code of the kinds that were used last, and which shapes are of which kind.

    Parameters
    ----------
    capacity : int
        How many kinds are kept.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.plans = Plans(build, capacity, self._forget)
        self.shapes: OrderedDict[tuple[Any, ...], tuple[PipelineKind, tuple[int, ...]]] = OrderedDict()

    def __call__(self, *shape: Any) -> Callable[..., Any]:
        """The function of an operation's arrays, for the arguments of `kind_of`."""
        found = self.shapes.get(shape)
        if found is None:
            let_others_sleep()
            found = self.shapes[shape] = kind_of(*shape)
            if len(self.shapes) > SHAPES:
                self.shapes.popitem(last=False)
        kind, sizes = found
        return partial(self.plans(kind), *sizes)

    def _forget(self, kind: PipelineKind) -> None:
        """Count the calls of a kind's layers anew, since its code was dropped."""
        for operation, _, geometry, *_ in (shape for shape, (each, _) in list(self.shapes.items()) if each == kind):
            repaid.forget(operation, geometry)


pipeline = Pipelines()
