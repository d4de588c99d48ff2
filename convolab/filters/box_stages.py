"""What does Halide compute for a box, and in which order? The sums of box.py, with every size as a parameter."""

from collections.abc import Callable

import halide as hl
import numpy as np

from convolab.filters import box
from convolab.filters.algorithm import halide_type, pixels_of, stored, to_plane
from convolab.filters.box import COLUMNS, TOGETHER
from convolab.filters.plan import STRIP, Plan
from convolab.filters.schedule import INSIDE

CUT = hl.TailStrategy.GuardWithIf
WHOLE = ("kernel_height", "kernel_width", "strip", "width", "step")


def whole(plan: Plan, column_dtype: np.dtype) -> Callable:
    """Return the compiled pass over integers: running sums of columns, then prefix sums of their rows.

    It takes the pixels, the five sizes of `WHOLE`, the scale, and the output.
    """
    x, y, i, s = map(hl.Var, ("x", "y", "i", "s"))
    kernel_height, kernel_width, strip, width, step = sizes = [hl.Param(hl.Int(32), name) for name in WHOLE]
    pixels, narrow, wide = pixels_of(plan), halide_type(column_dtype), halide_type(box.sums_dtype(plan))
    plane = to_plane(plan, pixels, x, y, column_dtype)
    column, prefix, result = map(hl.Func, ("column", "prefix", "result"))
    first, down = hl.RDom([(1, kernel_height - 1)], "first"), hl.RDom([(1, strip - 1)], "down")
    column[x, i, s] = hl.undef(narrow)
    column[x, 0, s] = plane[x, s * strip]
    column[x, 0, s] += plane[x, s * strip + first.x]
    came, went = plane[x, s * strip + down.x + kernel_height - 1], plane[x, s * strip + down.x - 1]
    column[x, down.x, s] = column[x, down.x - 1, s] + came - went
    zero, along = hl.RDom([(0, step)], "zero"), hl.RDom([(0, width)], "along")
    prefix[x, i, s] = hl.undef(wide)
    prefix[zero.x, i, s] = hl.cast(wide, 0)
    prefix[along.x + step, i, s] = prefix[along.x, i, s] + hl.cast(wide, column[along.x, i, s])
    signed = hl.cast(hl.Int(wide.bits()), prefix[x + kernel_width * step, i, s] - prefix[x, i, s])
    number, value = _scaled(plan, signed)
    result[x, i, s] = stored(value, plan.dtypes[0])

    target = hl.get_jit_target_from_environment()
    group, line = hl.Var("group"), hl.Var("line")
    native = target.natural_vector_size(hl.UInt(8))
    lanes = min(64, native // np.dtype(plan.dtypes[0]).itemsize)
    result.split(i, group, line, TOGETHER, INSIDE).reorder(x, line, group, s).parallel(s).vectorize(x, lanes, INSIDE)
    prefix.compute_at(result, group).bound_extent(i, TOGETHER)
    prefix.update(0).unscheduled()
    prefix.update(1).reorder(i, along.x, s).unroll(i)
    column.compute_at(result, s)
    for number_of_update, rows in ((0, None), (1, first), (2, down)):
        update = column.update(number_of_update).vectorize(x, native // column_dtype.itemsize, CUT)
        if rows is not None:
            update.reorder(x, rows.x, s)
    if plan.grey:
        plane.compute_at(result, s).vectorize(x, native // column_dtype.itemsize, CUT)
    return hl.Pipeline(result).compile_to_callable([pixels, *sizes, number], target)


def small(plan: Plan, column_dtype: np.dtype) -> Callable:
    """Return the compiled pass for a small box, whose additions are written out in the order of the doubling.

    It takes the pixels, the scale, and the output (x, y).
    """
    x, y = hl.Var("x"), hl.Var("y")
    pixels, (height, width) = pixels_of(plan), plan.filter.shape
    plane, down, result = to_plane(plan, pixels, x, y, column_dtype), hl.Func("down"), hl.Func("result")
    down[x, y] = _doubled(lambda row: plane[x, y + row], height)
    sum = _doubled(lambda column: down[x + column * plan.step, y], width)
    if not sum.type().is_float():
        sum = hl.cast(hl.Int(max(sum.type().bits(), 32)), sum)
    number, value = _scaled(plan, sum)
    result[x, y] = stored(value, plan.dtypes[0])
    target, group, line = hl.get_jit_target_from_environment(), hl.Var("group"), hl.Var("line")
    strip, native = hl.Var("strip"), target.natural_vector_size(hl.UInt(8))
    lanes = max(4, native // max(column_dtype.itemsize, np.dtype(plan.dtypes[0]).itemsize))
    result.split(y, group, line, TOGETHER, INSIDE).split(group, strip, group, STRIP // TOGETHER, CUT)
    result.reorder(line, x, group, strip).parallel(strip).unroll(line).vectorize(x, lanes, INSIDE)
    down.store_at(result, strip).compute_at(result, group).vectorize(x, lanes, INSIDE)
    return hl.Pipeline(result).compile_to_callable([pixels, number], target)


def _doubled(term: Callable[[int], hl.Expr], size: int, first: int = 0) -> hl.Expr:
    """Return the sum of `size` terms from the first on, as box.py adds them up."""
    if size == 1:
        return term(first)
    half = _doubled(term, size // 2, first) + _doubled(term, size // 2, first + size // 2)
    total = half + term(first + size - 1) if size % 2 else half
    return hl.strict_float(total) if total.type().is_float() else total


def floating(plan: Plan, column_dtype: np.dtype) -> Callable:
    """Return the compiled pass over floats: columns by doubling, then rows.

    It takes the pixels, the steps down and along (n, 3), the kernel's height, the strip's, the width of the pixels, the
    scale, and the output.
    """
    kind = halide_type(column_dtype)
    x, y, i, j, s = map(hl.Var, ("x", "y", "i", "j", "s"))
    kernel_height, strip, width = sizes = [hl.Param(hl.Int(32), n) for n in ("kernel_height", "strip", "width")]
    pixels, tables = pixels_of(plan), [hl.ImageParam(hl.Int(32), 2, name) for name in ("steps_down", "steps_along")]
    for table in tables:
        table.dim(0).set_bounds(0, 3).set_stride(1)
        table.dim(1).set_stride(3)
    plane = to_plane(plan, pixels, x, y, column_dtype)
    columns, down, rows, result = map(hl.Func, ("columns", "down", "rows", "result"))

    lines = strip + kernel_height - 1
    copied = hl.RDom([(0, lines)], "copied")
    added = hl.RDom([(0, lines), (0, tables[0].dim(1).extent())], "added")
    other, further, whole_sums = (tables[0][field, added.y] for field in range(3))
    added.where(added.x < whole_sums)
    columns[x, j, s] = hl.undef(kind)
    columns[x, copied.x, s] = plane[x, s * strip + copied.x]
    twice = columns[x, added.x, s] + columns[x, added.x + hl.clamp(other, 0, kernel_height), s]
    one_more = twice + plane[x, s * strip + hl.clamp(added.x + further, 0, lines - 1)]
    columns[x, added.x, s] = hl.strict_float(hl.select(further > 0, one_more, twice))
    down[x, i, s] = columns[x, i, s]

    laid = hl.RDom([(0, width)], "laid")
    # The numbers lie behind the sums, `width` further: what a step adds is read as a whole vector, wherever it lies.
    summed = hl.RDom([(0, width), (0, tables[1].dim(1).extent())], "summed")
    beside, behind = (hl.clamp(tables[1][field, summed.y], 0, width) for field in range(2))
    rows[x, i, s] = hl.undef(kind)
    rows[laid.x, i, s] = down[laid.x, i, s]
    rows[width + laid.x, i, s] = down[laid.x, i, s]
    twice_along = rows[summed.x, i, s] + rows[summed.x + beside, i, s]
    along_and_one = twice_along + rows[summed.x + width + behind, i, s]
    rows[summed.x, i, s] = hl.strict_float(hl.select(behind > 0, along_and_one, twice_along))
    number, value = _scaled(plan, rows[x, i, s])
    result[x, i, s] = stored(value, plan.dtypes[0])

    target = hl.get_jit_target_from_environment()
    lanes, outer = target.natural_vector_size(kind), hl.Var("outer")
    result.reorder(x, i, s).parallel(s).vectorize(x, lanes, INSIDE)
    down.compute_at(result, s).split(x, outer, x, COLUMNS, INSIDE).reorder(x, i, outer, s).vectorize(x, lanes)
    columns.compute_at(down, outer)
    columns.update(0).reorder(x, copied.x, s).vectorize(x, lanes)
    columns.update(1).reorder(x, added.x, added.y, s).vectorize(x, lanes)
    rows.compute_at(result, i)
    for number_of_update, places in ((0, laid), (1, laid), (2, summed)):
        blocks, lane = hl.RVar("blocks"), hl.RVar("lane")
        update = rows.update(number_of_update)
        if places is summed:
            # Each vector is read as a whole before it is written, and what it adds lies at its own place or further on.
            update.allow_race_conditions()
        update.split(places.x, blocks, lane, lanes, CUT).vectorize(lane)
        if places is summed:
            update.reorder(lane, blocks, summed.y, i, s)
    return hl.Pipeline(result).compile_to_callable([pixels, *tables, *sizes, number], target)


def _scaled(plan: Plan, sum: hl.Expr) -> tuple[hl.Param, hl.Expr]:
    """Return the scale as a parameter, and what the kernel answers."""
    if box.rounds_quotients(plan):
        return _rounded_quotient(plan, sum)
    kind = halide_type(box.scaled_dtype(plan))
    number, value = hl.Param(kind, "scale"), hl.cast(kind, sum)
    how, scale = box.scale(plan)
    if scale == 1:
        return number, value
    value = value / number if how == "divide" else value * number
    return number, hl.strict_float(value) if kind.is_float() else value


def _rounded_quotient(plan: Plan, sum: hl.Expr) -> tuple[hl.Param, hl.Expr]:
    """Return the number of pixels as a parameter, and the sum divided by it, rounded to the nearest, ties to even.

    The product with the reciprocal comes within one of the quotient, and without a tie it mostly rounds to it already
    (`box.rounds_by_product`); else the remainder, an exact integer, says on which side of the half the quotient lies.
    """
    count = hl.Param(hl.Int(32), "count")
    product = hl.cast(hl.Float(32), sum) * (hl.f32(1) / hl.cast(hl.Float(32), count))
    near = hl.cast(hl.Int(32), hl.round(hl.strict_float(product)))
    if box.rounds_by_product(plan):
        return count, near
    twice = 2 * (sum - near * count)
    odd = near & 1
    above = hl.cast(hl.Int(32), twice + odd > count)  # at a tie an odd number gives way to the even one beside it
    below = hl.cast(hl.Int(32), twice - odd < -count)
    return count, near + above - below
