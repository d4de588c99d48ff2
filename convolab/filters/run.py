"""How is a plan carried out on an array in memory, and what is done with its results afterwards?"""

from collections.abc import Callable
from types import ModuleType

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters import borders, box, box_compiled, compiled, memory, portable, transformed
from convolab.filters.plan import Plan
from convolab.filters.planes import Plane

ENGINES = ("auto", "halide", "numpy")


def run(plan: Plan, plane: Plane, mode: str, engine: str = "auto", given: list | None = None) -> list[np.ndarray]:
    """Carry a plan out, into the given arrays or new ones, each (H', W') or (H', W', C)."""
    shape = result_shape(plan, plane, mode)
    given = given or [None] * len(plan.show)
    results = [memory.empty(shape, t) if g is None else g for g, t in zip(given, plan.dtypes, strict=True)]
    flat = [result.reshape(shape[0], -1).view(t) for result, t in zip(results, plan.dtypes, strict=True)]
    by_algorithm(plan).filter_rows(plan, plane.pixels, flat, mode, engine_named(engine))
    return results


def by_algorithm(plan: Plan) -> ModuleType:
    """Return the module that takes the sums of a whole image (`filter_rows`), or of some rows (`columns`)."""
    return borders if plan.tile is None else transformed


def result_shape(plan: Plan, plane: Plane, mode: str) -> tuple[int, ...]:
    """Return (H', W'), or (H', W', C) where each channel is filtered alone."""
    size = borders.output_shape(plan, plane.size, mode)
    return size if plane.step == 1 else (*size, plane.step)


def engine_named(engine: str) -> Callable:
    """Return the function that runs a pass in `valid` mode."""
    if engine not in ENGINES:
        raise ArgumentError(f"engine: edges have {', '.join(ENGINES)}, got {engine!r}.")
    return _portable if engine == "numpy" or (engine == "auto" and not compiled.installed()) else _compiled


def _portable(plan: Plan, rows: np.ndarray, outs: list[np.ndarray]) -> None:
    (box if plan.is_box else portable).valid(plan, rows, outs)


def _compiled(plan: Plan, rows: np.ndarray, outs: list[np.ndarray]) -> None:
    (box_compiled if plan.is_box else compiled).valid(plan, rows, outs)


def normalized(names: tuple[str, ...], results: list[np.ndarray], dtype=None) -> list[np.ndarray]:
    """Return the components divided by their largest absolute values, and directions as they are."""
    return [r if n == "direction" else divided(r, peak(r), dtype) for n, r in zip(names, results, strict=True)]


def peak(values: np.ndarray) -> float:
    """Return the largest absolute value, leaving NaN out."""
    if values.dtype.kind != "f":
        return float(max(int(values.max()), -int(values.min())))
    return float(np.nanmax(np.abs(values), initial=0.0))


def divided(values: np.ndarray, largest: float, dtype=None) -> np.ndarray:
    """Return values / largest in a floating type; for an integer type, that times its maximum, rounded."""
    floating = values.dtype if values.dtype.kind == "f" else np.dtype(np.float32 if values.itemsize < 4 else np.float64)
    target = floating if dtype is None else np.dtype(dtype)
    top = 1.0 if target.kind == "f" else float(np.iinfo(target).max)
    scaled = values.astype(floating, copy=False) / floating.type(largest or 1.0)
    result = np.empty(values.shape, target)
    portable.store(scaled * floating.type(top) if top != 1.0 else scaled, result)
    return result
