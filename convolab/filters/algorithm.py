"""What does a pass compute? The sums of plan.py, written for Halide term for term; schedule.py says in which order."""

from collections.abc import Callable
from dataclasses import dataclass, field

import halide as hl
import numpy as np

from convolab.filters.arctangent import coefficients
from convolab.filters.plan import Plan
from convolab.filters.portable import limits
from convolab.filters.separable import Vector
from convolab.pictures.luma import LUMA, LUMA_INTEGERS

INLINE_ROWS = 5  # a kernel of more rows keeps its row sums instead of taking them again for each row


@dataclass
class Pass:
    """A pass as Halide's stages: the result, its inputs, and the stages that a schedule may want to keep."""

    result: hl.Func
    inputs: list[hl.ImageParam]
    x: hl.Var
    y: hl.Var
    rows: list[hl.Func] = field(default_factory=list)
    reduction: tuple = ()  # the total and its domain, of a dense kernel
    tables: dict[Vector, tuple] = field(default_factory=dict)  # weights and places of each looped row and column
    loops: list[tuple] = field(default_factory=list)  # (sum, its domain, the stage that reads it)
    strip: hl.Param | None = None  # groups of rows in a strip, where the kernel's size comes with the call


def halide_type(dtype) -> hl.Type:
    dtype = np.dtype(dtype)
    return {"f": hl.Float, "i": hl.Int, "u": hl.UInt}[dtype.kind](8 * dtype.itemsize)


def constant(value: float, dtype) -> hl.Expr:
    dtype = np.dtype(dtype)
    return hl.cast(halide_type(dtype), hl.f64(value) if dtype.kind == "f" else hl.i64(int(value)))


def build(plan: Plan) -> Pass:
    """Write a plan down as Halide's stages, and return them."""
    x, y = hl.Var("x"), hl.Var("y")
    pixels = pixels_of(plan)
    stages = Pass(hl.Func("result"), [pixels], x, y)
    plane = to_plane(plan, pixels, x, y, plan.working)
    if plan.is_dense:
        sums = {"response": _dense_sum(plan, stages, plane)}
    else:
        stages.tables = {vector: table(number, vector, plan, stages) for number, vector in enumerate(plan.looped)}
        if plan.looped:
            stages.strip = hl.Param(hl.Int(32), "strip")
            stages.inputs.append(stages.strip)
        keep = plan.filter.shape[0] > INLINE_ROWS or bool(plan.looped)
        memory: dict[tuple, hl.Func] = {}
        sums = {name: component(plan, name, plane, stages, keep=keep, memory=memory) for name in plan.sources()}
    shown = [stored(_shown_value(plan, name, sums), t) for name, t in zip(plan.show, plan.dtypes, strict=True)]
    stages.result[x, y] = shown[0] if len(shown) == 1 else hl.Tuple(shown)
    return stages


def pixels_of(plan: Plan) -> hl.ImageParam:
    """Return the image as an input: (x, y), or (colour, x, y)."""
    pixels = hl.ImageParam(halide_type(plan.dtype), 3 if plan.grey else 2, "pixels")
    if plan.grey:
        pixels.dim(0).set_bounds(0, 3).set_stride(1)
        pixels.dim(1).set_stride(3)
    return pixels


def to_plane(plan: Plan, pixels: hl.ImageParam, x: hl.Var, y: hl.Var, dtype) -> hl.Func:
    """Return the pixels in this type, colours weighted into grey."""
    plane = hl.Func("plane")
    if not plan.grey:
        value = pixels[x, y]
    elif np.dtype(plan.dtype).kind == "u":
        colours = [hl.cast(hl.UInt(32), pixels[c, x, y]) * hl.u32(w) for c, w in enumerate(LUMA_INTEGERS)]
        value = (colours[0] + colours[1] + colours[2] + hl.u32(32768)) >> hl.u32(16)
    else:
        red, green, blue = (pixels[c, x, y] * constant(w, plan.dtype) for c, w in enumerate(LUMA))
        value = hl.strict_float((red + green) + blue)
    plane[x, y] = hl.cast(halide_type(dtype), value)
    return plane


def weighted_sum(terms, dtype, total: hl.Expr | None = None) -> hl.Expr:
    """Return total + Σ weight · value, added one after another."""
    for weight, value in terms:
        if total is None:
            total = value if weight == 1 else value * constant(weight, dtype)
        elif weight in (1, -1):
            total = total + value if weight == 1 else total - value
        else:
            total = total + value * constant(weight, dtype)
    return constant(0, dtype) if total is None else total


def component(plan: Plan, name: str, plane: hl.Func, stages: Pass, *, keep: bool, memory: dict) -> hl.Expr:
    """Return one component, x, y or response: row sums, then their sums down the columns."""
    x, y, total = stages.x, stages.y, None
    for column, row in plan.filter[name].parts:

        def row_sum(line, row=row, reader=stages.result):
            return _vector_sum(plan, stages, row, lambda kx: plane[x + kx * plan.step, line], None, reader)

        if keep and row not in memory:
            memory[row] = hl.Func(f"rows_{len(stages.rows)}")
            memory[row][x, y] = exactly(plan, row_sum(y, reader=memory[row]))
            stages.rows.append(memory[row])

        def line_of(ky, row=row, row_sum=row_sum):
            return memory[row][x, y + ky] if keep else row_sum(y + ky)

        total = _vector_sum(plan, stages, column, line_of, total, stages.result)
    return exactly(plan, total)


def _vector_sum(plan: Plan, stages: Pass, vector: Vector, value: Callable, total: hl.Expr | None, reader: hl.Func):
    """Return total + Σ weight · value(place), written out, or in a loop where the taps are many."""
    if vector not in stages.tables:
        return weighted_sum(((w, value(k)) for k, w in enumerate(vector) if w), plan.working, total)
    weights, places, length = stages.tables[vector]
    x, y, sum = stages.x, stages.y, hl.Func("sum")

    def term(tap):
        return weights[tap] * value(hl.clamp(places[tap], 0, length - 1))

    first = 1 if total is None else 0
    k = hl.RDom([(first, weights.dim(0).extent() - first)], "taps")
    sum[x, y] = exactly(plan, term(0) if total is None else total)
    sum[x, y] = exactly(plan, sum[x, y] + term(k.x))
    stages.loops.append((sum, k, reader))
    return hl.cast(halide_type(plan.working), sum[x, y])


def table(number: int, vector: Vector, plan: Plan, stages: Pass) -> tuple:
    """Return the inputs for the weights and the places of a looped vector's taps, and for the vector's length."""
    weights = hl.ImageParam(halide_type(plan.working), 1, f"weights_{number}")
    places = hl.ImageParam(hl.Int(32), 1, f"places_{number}")
    length = hl.Param(hl.Int(32), f"length_{number}")
    weights.dim(0).set_min(0)
    places.dim(0).set_bounds(0, weights.dim(0).extent())
    stages.inputs += [weights, places, length]
    return weights, places, length


def exactly(plan: Plan, value: hl.Expr) -> hl.Expr:
    """Return a value that is rounded after every operation: no fused multiply-add, no reordering."""
    return hl.strict_float(value) if plan.working.kind == "f" else hl.cast(halide_type(plan.working), value)


def _dense_sum(plan: Plan, stages: Pass, plane: hl.Func) -> hl.Expr:
    """Return the sum over every tap of a kernel whose weights come with the call: one compilation serves all."""
    weights = hl.ImageParam(halide_type(plan.working), 2, "weights")
    width, height = (
        weights.dim(axis).extent() if plan.is_sized_late else size for axis, size in enumerate(plan.filter.shape[::-1])
    )
    weights.dim(0).set_bounds(0, width).set_stride(1)
    weights.dim(1).set_bounds(0, height).set_stride(width)
    stages.inputs.append(weights)
    total, k = hl.Func("total"), hl.RDom([(0, width), (0, height)], "taps")
    x, y = stages.x, stages.y
    total[x, y] = constant(0, plan.working)
    total[x, y] += weights[k.x, k.y] * plane[x + k.x * plan.step, y + k.y]
    stages.reduction = total, k
    return hl.cast(halide_type(plan.working), total[x, y])


def _shown_value(plan: Plan, name: str, sums: dict[str, hl.Expr]) -> hl.Expr:
    if name in sums:
        return sums[name]
    x, y = (hl.cast(halide_type(plan.floating), sums[axis]) for axis in ("x", "y"))
    if name == "direction":
        return hl.strict_float(arctan2(y, x, plan.floating))
    return hl.strict_float(hl.sqrt(x * x + y * y))


def arctan2(y: hl.Expr, x: hl.Expr, dtype: np.dtype) -> hl.Expr:
    """Return the angle as arctangent.py computes it, operation for operation."""
    width, height = hl.abs(x), hl.abs(y)
    steep = height > width
    small, large = hl.select(steep, width, height), hl.select(steep, height, width)
    zero = constant(0, dtype)
    a = hl.select(large == zero, zero, small / large)
    t = a * a * constant(2, dtype) - constant(1, dtype)
    *lower, p = (constant(c, dtype) for c in coefficients(dtype.name))
    for c in reversed(lower):
        p = p * t + c
    angle = a * p
    angle = hl.select(steep, constant(np.pi / 2, dtype) - angle, angle)
    angle = hl.select(x < zero, constant(np.pi, dtype) - angle, angle)
    return hl.select(y < zero, -angle, angle)


def stored(value: hl.Expr, dtype: str) -> hl.Expr:
    """Return a value in the type of the output, rounded to the nearest (ties to even) and clipped to its range."""
    source, target = _numpy_type(value.type()), np.dtype(dtype)
    if source == target:
        return value
    if target.kind != "f" and not np.can_cast(source, target):
        low, high = limits(source, target)
        value = hl.round(value) if source.kind == "f" else value
        value = hl.clamp(value, constant(low, source), constant(high, source))
    return hl.cast(halide_type(target), value)


def _numpy_type(type: hl.Type) -> np.dtype:
    kind = "f" if type.is_float() else "i" if type.is_int() else "u"
    return np.dtype(f"{kind}{type.bits() // 8}")
