"""In which order does a pass run? Strips of rows on all cores, a few rows at once in registers, vectors along a row."""

import halide as hl
import numpy as np

from convolab.filters.algorithm import Pass
from convolab.filters.plan import LOOPED_ROWS, STRIP, Plan

LOOPED_VECTORS = 4  # of a tile whose taps go by in a loop
LOOPED_TILES = 4  # side by side, whose row sums are kept together: whole rows of 2ⁿ pixels would share sets of a cache
INSIDE = hl.TailStrategy.ShiftInwards  # the last vector starts earlier: every pixel goes through the same instructions


def _rows_at_once(plan: Plan) -> int:
    """Rows computed together, which share the pixels that they have in common."""
    if "direction" in plan.show:
        return 1  # its polynomial fills the registers
    if plan.is_dense:
        return 4 if plan.filter.shape[0] <= 5 or plan.is_sized_late else 2
    return 4 if plan.filter.shape[0] <= 3 and len(plan.show) == 1 else 2


def lanes(plan: Plan, native_bytes: int) -> int:
    """Return the pixels of a vector: one register of the widest type, or two where narrow ones would stay unfilled."""
    sizes = [plan.working.itemsize, *(np.dtype(name).itemsize for name in plan.dtypes)]
    rooted = bool({"magnitude", "direction"} & set(plan.show))
    widest = max(*sizes, plan.floating.itemsize if rooted else 0)
    several = min(sizes) < widest and "direction" not in plan.show
    return max(4, native_bytes // widest * (2 if several else 1))


def schedule(plan: Plan, stages: Pass, target: hl.Target) -> tuple[int, int]:
    """Order the stages; returns the least height and width of an output that this order can fill."""
    native = target.natural_vector_size(hl.UInt(8))
    vector, together = lanes(plan, native), _rows_at_once(plan)
    if plan.is_dense:
        return dense(plan, stages, vector, together)
    if stages.tables:
        return looped(plan, stages, vector)
    result, x, y = stages.result, stages.x, stages.y
    strip, line = hl.Var("strip"), hl.Var("line")
    result.split(y, y, line, together, INSIDE).split(y, strip, y, STRIP // together, hl.TailStrategy.GuardWithIf)
    result.reorder(line, x, y, strip).parallel(strip).unroll(line).vectorize(x, vector, INSIDE)
    for rows in stages.rows:
        rows.store_at(result, strip).compute_at(result, y).vectorize(rows.args()[0], vector, INSIDE)
    return together, vector


def dense(plan: Plan, stages: Pass, vector: int, together: int) -> tuple[int, int]:
    """Keep a tile of two vectors by a few rows in registers while all taps go by; return the least output."""
    result, x, y, total, k = stages.result, stages.x, stages.y, *stages.reduction
    strip, line, column = hl.Var("strip"), hl.Var("line"), hl.Var("column")
    result.split(y, y, line, together, INSIDE).split(y, strip, y, STRIP // together, hl.TailStrategy.GuardWithIf)
    result.split(x, x, column, 2 * vector, INSIDE)
    result.reorder(column, line, x, y, strip).parallel(strip).vectorize(column, vector).unroll(column).unroll(line)
    total.compute_at(result, x).vectorize(x, vector).unroll(x).unroll(y)
    update = total.update(0)
    update.reorder(x, y, k.x, k.y).vectorize(x, vector).unroll(x).unroll(y)
    if plan.is_sized_late:
        return together, 2 * vector
    update.unroll(k.x)
    if plan.filter.shape[0] * plan.filter.shape[1] <= 81:
        update.unroll(k.y)
    return together, 2 * vector


def looped(plan: Plan, stages: Pass, vector: int) -> tuple[int, int]:
    """Sum a strip's rows first, then down its columns, a tile in registers; return the least output."""
    result, x, y, tile = stages.result, stages.x, stages.y, LOOPED_VECTORS * vector
    strip, line, column = hl.Var("strip"), hl.Var("line"), hl.Var("column")
    chunk = hl.Var("chunk")
    result.split(y, y, line, LOOPED_ROWS, INSIDE).split(y, strip, y, stages.strip, hl.TailStrategy.GuardWithIf)
    result.split(x, x, column, tile, INSIDE).split(x, chunk, x, LOOPED_TILES, hl.TailStrategy.GuardWithIf)
    result.reorder(column, line, x, y, chunk, strip).parallel(strip)
    result.vectorize(column, vector).unroll(column).unroll(line)
    for rows in stages.rows:
        rows.compute_at(result, chunk).split(x, x, column, tile, INSIDE).vectorize(column, vector).unroll(column)
    for total, k, reader in stages.loops:
        total.compute_at(reader, x).vectorize(x, vector).unroll(x).unroll(y)
        total.update(0).reorder(x, y, k.x).vectorize(x, vector).unroll(x).unroll(y)
    return LOOPED_ROWS, tile
