"""How does Halide find the crests? Gradient, square and comparison with the neighbours, in one pass over memory."""

import threading
from collections.abc import Callable
from functools import cache

import halide as hl
import numpy as np

from convolab.filters.algorithm import halide_type
from convolab.filters.compiled import readable
from convolab.filters.crests import STRONG, WEAK, strength_dtype

STRIP = 64  # rows that one core takes at a time; both neighbours take the strengths of the rows between them
CUT = hl.TailStrategy.GuardWithIf
_LOCK = threading.Lock()


def squares(rows: np.ndarray, first: int, height: int, start: int, out: np.ndarray) -> None:
    """Write what `crests.squares` writes."""
    _call(_squares, rows, first, height, start, (), out)


def codes(rows: np.ndarray, first: int, height: int, start: int, low, high, out: np.ndarray) -> None:
    """Write what `crests.codes` writes."""
    kind = strength_dtype(rows.dtype).type
    _call(_codes, rows, first, height, start, (kind(low).item(), kind(high).item()), out)


def _call(make: Callable, rows: np.ndarray, first: int, height: int, start: int, numbers: tuple, out) -> None:
    with _LOCK:
        function = make(rows.dtype.name)
    pixels, result = hl.Buffer(readable(rows)), hl.Buffer(out)
    pixels.translate([0, first])
    result.translate([0, start])
    function(pixels, height, *numbers, result)


def _gradient(kind: str) -> tuple[hl.ImageParam, hl.Param, hl.Func]:
    """Return the plane, its height, and (x² + y², x, y) of every place: 0 beyond the border."""
    x, y = hl.Var("x"), hl.Var("y")
    pixels, height = hl.ImageParam(halide_type(kind), 2, "pixels"), hl.Param(hl.Int(32), "height")
    width, wide = pixels.dim(0).extent(), halide_type(strength_dtype(np.dtype(kind)))
    near = hl.BoundaryConditions.repeat_edge(pixels, [(0, width), (0, height)])

    def at(dx: int, dy: int) -> hl.Expr:
        return hl.cast(wide, near[x + dx, y + dy])

    two = hl.cast(wide, 2)

    def across(dy: int) -> hl.Expr:
        return at(1, dy) - at(-1, dy)

    def along(dy: int) -> hl.Expr:
        return at(-1, dy) + two * at(0, dy) + at(1, dy)

    sum_x, sum_y = across(-1) + two * across(0) + across(1), along(1) - along(-1)
    square = sum_x * sum_x + sum_y * sum_y
    inside = (hl.likely(x >= 0) & hl.likely(x < width)) & (hl.likely(y >= 0) & hl.likely(y < height))
    gradient = hl.Func("gradient")
    values = (hl.select(inside, _exactly(square), hl.cast(wide, 0)), _exactly(sum_x), _exactly(sum_y))
    gradient[x, y] = hl.Tuple(values)
    return pixels, height, gradient


def _exactly(value: hl.Expr) -> hl.Expr:
    return hl.strict_float(value) if value.type().is_float() else value


@cache
def _squares(kind: str) -> Callable:
    x, y, strip, target = hl.Var("x"), hl.Var("y"), hl.Var("strip"), hl.get_jit_target_from_environment()
    pixels, height, gradient = _gradient(kind)
    result = hl.Func("squares")
    result[x, y] = hl.Expr(gradient[x, y][0])
    result.split(y, strip, y, STRIP, CUT).parallel(strip).vectorize(x, _lanes(kind, target), CUT)
    result.never_partition([y, strip])
    return hl.Pipeline(result).compile_to_callable([pixels, height], target)


@cache
def _codes(kind: str) -> Callable:
    """Return the compiled pass: it takes the plane, its height, both thresholds, squared, and the codes."""
    x, y, strip, target = hl.Var("x"), hl.Var("y"), hl.Var("strip"), hl.get_jit_target_from_environment()
    pixels, height, gradient = _gradient(kind)
    wide = halide_type(strength_dtype(np.dtype(kind)))
    low, high = hl.Param(wide, "low"), hl.Param(wide, "high")
    result = hl.Func("codes")
    middle = hl.Expr(gradient[x, y][0])
    code = hl.select(middle > high, hl.u8(STRONG), middle > low, hl.u8(WEAK), hl.u8(0))
    # Strictly, too, where nothing is rounded: a comparison with NaN is false, and so is its opposite.
    result[x, y] = hl.strict_float(hl.select(_is_crest(gradient, x, y), code, hl.u8(0)))

    lanes = _lanes(kind, target)
    result.split(y, strip, y, STRIP, CUT).parallel(strip).vectorize(x, lanes, CUT)
    result.never_partition_all()  # only the columns of the gradient need a loop of their own at the border
    gradient.never_partition([gradient.args()[1]])
    gradient.store_at(result, strip).compute_at(result, y).vectorize(gradient.args()[0], lanes)
    return hl.Pipeline(result).compile_to_callable([pixels, height, low, high], target)


def _lanes(kind: str, target: hl.Target) -> int:
    return 2 * target.natural_vector_size(halide_type(strength_dtype(np.dtype(kind))))


def _is_crest(gradient: hl.Func, x: hl.Var, y: hl.Var) -> hl.Expr:
    """Return whether a place is a crest: the comparisons of crests.py."""
    middle, sum_x, sum_y = (hl.Expr(gradient[x, y][number]) for number in range(3))
    wide, tall = hl.abs(sum_x), hl.abs(sum_y)
    if middle.type().is_float():
        limit = _exactly(wide * hl.cast(middle.type(), hl.f64(13573 / 32768)))
        level, upright = tall < limit, tall > _exactly(limit + wide * hl.cast(middle.type(), 2))
    else:  # in fixed point: the sums of bytes have 10 bits
        wide, tall = hl.cast(hl.Int(32), wide), hl.cast(hl.Int(32), tall)
        limit = wide * 13573
        level, upright = (tall << 15) < limit, (tall << 15) > limit + (wide << 16)
    falling = (sum_x < 0) == (sum_y < 0)

    def other(dx: int, dy: int) -> hl.Expr:
        return hl.Expr(gradient[x + dx, y + dy][0])

    one = hl.select(level, other(-1, 0), upright, other(0, -1), falling, other(-1, -1), other(1, -1))
    two = hl.select(level, other(1, 0), upright, other(0, 1), falling, other(1, 1), other(-1, 1))
    return (middle > one) & ((middle > two) | ((level | upright) & (middle == two)))
