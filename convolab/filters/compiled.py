"""How does Halide run a pass? It is compiled once for each plan in a process, and then called with arrays."""

import ctypes
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

import numpy as np

from convolab.errors import MissingDependencyError
from convolab.filters.plan import LOOPED_ROWS, STRIP, Plan
from convolab.filters.separable import Vector

_LOCK = threading.RLock()
_PASSES: dict[Hashable, "CompiledPass"] = {}


@dataclass(frozen=True)
class CompiledPass:
    """A compiled pass: the function, and the least height and width of an output that it can fill."""

    function: Callable
    least: tuple[int, int]


@cache
def installed() -> bool:
    return find_spec("halide") is not None


def valid(plan: Plan, rows: np.ndarray, outs: list[np.ndarray]) -> None:
    """Filter `rows` (H, W·step), or (H, W, 3) where the plan says grey, into `outs`, each (H - kH + 1, …)."""
    import halide as hl

    compiled = _compiled_pass(plan)
    height, width = outs[0].shape
    if height < compiled.least[0] or width < compiled.least[1]:
        return _padded(plan, rows, outs, compiled.least)
    tables = [hl.Buffer(each) if isinstance(each, np.ndarray) else each for each in _with_the_call(plan)]
    results = [hl.Buffer(out) for out in outs]
    compiled.function(hl.Buffer(readable(rows)), *tables, *results)


def _compiled_pass(plan: Plan) -> CompiledPass:
    key = _shape_of(plan)
    if key not in _PASSES:
        with _LOCK:
            if key not in _PASSES:
                _PASSES[key] = _compile_pass(plan)
    return _PASSES[key]


def _shape_of(plan: Plan):
    """Return what the compiled code depends on: the plan, or all but its weights where those come with the call."""
    if not plan.is_dense and not plan.looped:
        return plan
    kernels = None if plan.is_dense else [pattern(plan, name) for name in plan.sources()]
    form = (
        None if plan.is_sized_late else plan.filter.shape,
        plan.dtype,
        plan.working,
        plan.floating,
        plan.show,
        plan.dtypes,
        plan.grey,
        plan.step,
    )
    return form, kernels and tuple(kernels)


def pattern(plan: Plan, name: str) -> tuple:
    """Return the parts of a kernel, with a number for each vector that comes with the call."""
    known = {vector: number for number, vector in enumerate(plan.looped)}
    return name, tuple(tuple(known.get(vector, vector) for vector in part) for part in plan.filter[name].parts)


def _compile_pass(plan: Plan) -> CompiledPass:
    try:
        import halide as hl
    except ImportError as error:
        raise MissingDependencyError("halide", "fast", 'engine="halide"') from error
    from convolab.filters.algorithm import build
    from convolab.filters.schedule import schedule

    stages, target = build(plan), hl.get_jit_target_from_environment()
    least = schedule(plan, stages, target)
    return CompiledPass(hl.Pipeline(stages.result).compile_to_callable(stages.inputs, target), least)


def _with_the_call(plan: Plan) -> list[np.ndarray | int]:
    """Return what comes with the call: a dense kernel's weights, a looped vector's with their places and its length."""
    if plan.is_dense:
        return [np.ascontiguousarray(plan.filter["response"].array.astype(plan.working))]
    tables = [table for vector in plan.looped for table in _taps_of(vector, plan.working)]
    return [*tables, strip_of(plan)] if plan.looped else []


def _taps_of(vector: Vector, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the weights of a vector that are not zero, where they are, and the vector's length."""
    places = np.flatnonzero(vector)
    return np.array(vector)[places].astype(dtype), places.astype(np.int32), len(vector)


def strip_of(plan: Plan) -> int:
    """Return the groups of rows in a strip: neighbouring strips both take the row sums that they share."""
    return max(STRIP, plan.filter.shape[0]) // LOOPED_ROWS


def readable(rows: np.ndarray) -> np.ndarray:
    """Return the same pixels in a form that Halide takes: dense along a row, rows in order, writable in name."""
    dense = rows.strides[-1] == rows.itemsize and (rows.ndim == 2 or rows.strides[1] == 3 * rows.itemsize)
    if not dense or rows.strides[0] < rows.shape[1] * rows.strides[1]:
        rows = np.ascontiguousarray(rows)
    return rows if rows.flags.writeable else _writable_alias(rows)


def _writable_alias(rows: np.ndarray) -> np.ndarray:
    """Return a view of read-only memory that Halide's buffers accept; the pass only reads it."""
    span = (rows.shape[0] - 1) * rows.strides[0] + rows.shape[1] * rows.strides[1]
    memory = np.frombuffer((ctypes.c_char * span).from_address(rows.ctypes.data), np.uint8)
    return np.ndarray(rows.shape, rows.dtype, memory, strides=rows.strides)


def _padded(plan: Plan, rows: np.ndarray, outs: list[np.ndarray], least: tuple[int, int]) -> None:
    """Compute an output smaller than the least inside a larger one, of which a corner is kept."""
    height, width = (max(size, limit) for size, limit in zip(outs[0].shape, least, strict=True))
    extra = [(0, height - outs[0].shape[0]), (0, width - outs[0].shape[1])]
    larger = np.pad(rows, extra + [(0, 0)] * (rows.ndim - 2))
    results = [np.empty((height, width), out.dtype) for out in outs]
    valid(plan, larger, results)
    for out, result in zip(outs, results, strict=True):
        out[...] = result[: out.shape[0], : out.shape[1]]
