"""How does Halide sum a box? Strip by strip, in the order of box.py; the size comes with the call.

Beyond 7 × 7 one compilation serves every size, and an output is taken as strips: (x, row of the strip, strip).
"""

from collections.abc import Callable, Hashable
from threading import Lock

import numpy as np

from convolab.errors import MissingDependencyError
from convolab.filters import box
from convolab.filters.box import COLUMNS, TOGETHER
from convolab.filters.compiled import readable
from convolab.filters.plan import Plan

STRIP = 64  # rows of a strip of integers, while the kernel has at most four times as many
STRIPS = (64, 512)  # the fewest and most rows of a strip of floats; in between, three times the kernel's

_LOCK = Lock()
SMALL = 7  # pixels on a side up to which a box is compiled in
_PASSES: dict[Hashable, Callable] = {}


def valid(plan: Plan, rows: np.ndarray, outs: list[np.ndarray]) -> None:
    """Sum `rows` (H, W·step), or (H, W, 3) where the plan says grey, into the one output, (H - kH + 1, …)."""
    (out,) = outs
    height, width = out.shape
    if height < TOGETHER or width < COLUMNS:
        return box.valid(plan, rows, outs)  # the same bits, and nothing to gain
    import halide as hl

    function, pixels = _compiled(plan), readable(rows)
    if _is_small(plan):
        return function(hl.Buffer(pixels), _scale(plan), hl.Buffer(out))
    strip = min(_strip(plan), height)
    whole = height // strip
    parts = [(0, out[: whole * strip].reshape(whole, strip, width))]
    rest = height - whole * strip
    if rest:  # the last rows, and at least as many as are taken together: a sum depends on its window alone
        rest = max(rest, TOGETHER)
        parts.append((height - rest, out[height - rest :][None]))
    for first, result in parts:
        numbers = _numbers(plan, result.shape[1], pixels.shape[1])
        window = pixels[first:]
        function(hl.Buffer(window), *numbers, hl.Buffer(result))


def _strip(plan: Plan) -> int:
    kernel = plan.filter.shape[0]
    if box.sums_dtype(plan).kind == "f":
        return int(np.clip(-(-3 * kernel // 64) * 64, *STRIPS))
    return STRIP if kernel <= 4 * STRIP else 4 * STRIP


def _numbers(plan: Plan, strip: int, width: int) -> list:
    """Return what comes with the call besides the pixels: the kernel's size, the strip's, the steps, the scale."""
    import halide as hl

    kernel, scale = plan.filter.shape, _scale(plan)
    if box.sums_dtype(plan).kind != "f":
        return [*kernel, strip, width, plan.step, scale]
    lines = strip + kernel[0] - 1
    steps = _steps(kernel[0], lines, 1), _steps(kernel[1], width, plan.step)
    return [*map(hl.Buffer, steps), kernel[0], strip, width, scale]


def _scale(plan: Plan) -> float:
    if box.rounds_quotients(plan):
        return plan.filter.shape[0] * plan.filter.shape[1]
    return box.scaled_dtype(plan).type(box.scale(plan)[1]).item()


def _is_small(plan: Plan) -> bool:
    return max(plan.filter.shape) <= SMALL


def _steps(size: int, length: int, step: int) -> np.ndarray:
    """Return each doubling as (how far the other sum lies, how far the further number, or 0, how many sums are whole).

    S₂ₙ is Sₙ and the Sₙ that lies n further, and where the next bit of the size is one, the number 2n further is added.
    """
    steps, table = box.doubling(size), []
    for double, n in steps:
        if double:
            further = (False, 2 * n) in steps
            table.append((n * step, 2 * n * step if further else 0, length - (2 * n - 1 + further) * step))
    return np.array(table, np.int32).reshape(-1, 3)


def _compiled(plan: Plan) -> Callable:
    sums = box.sums_dtype(plan)
    how = box.scale(plan)[0], box.scale(plan)[1] == 1
    key: Hashable = (
        plan.dtype,
        sums.name,
        _column_dtype(plan).name,
        box.scaled_dtype(plan).name,
        how,
        box.rounds_quotients(plan) and box.rounds_by_product(plan),
        plan.dtypes,
        plan.grey,
    )
    if _is_small(plan):
        key = key, plan.filter.shape, plan.step
    if key not in _PASSES:
        with _LOCK:
            if key not in _PASSES:
                try:
                    import halide  # noqa: F401
                except ImportError as error:
                    raise MissingDependencyError("halide", "fast", 'engine="halide"') from error
                from convolab.filters import box_stages

                make = box_stages.floating if sums.kind == "f" else box_stages.whole
                _PASSES[key] = (box_stages.small if _is_small(plan) else make)(plan, _column_dtype(plan))
    return _PASSES[key]


def _column_dtype(plan: Plan) -> np.dtype:
    """Return the type that holds the sum of a column: of bytes mostly 16 bits."""
    height, width = plan.filter.shape
    short = plan.dtype == "uint8" and 255 * height * (width if _is_small(plan) else 1) < 2**16
    return np.dtype(np.uint16) if short else box.sums_dtype(plan)
