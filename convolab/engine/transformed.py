"""The same three sums by transforms of tiles, where a model says that they cost less than the products one by one.

    forward           a correlation of the input with the weights
    input gradient    one of the upstream gradient, `stride − 1` zeros between its numbers, with the weights reversed
    weight gradient   one of the input with the upstream gradient, of which only the kernel's positions are kept

Sums whose tiles are not all finite, and integers that rounding is not proved to give, are summed directly.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convolab.engine import numpy as portable
from convolab.engine.exact import magnitude
from convolab.geometry import OPERATIONS, Axis, Geometry
from convolab.transforms.bounds import is_exact
from convolab.transforms.cost import TileGrid, best_tiling, compared, products_cost
from convolab.transforms.library import check_algorithm, installed
from convolab.transforms.tiles import Correlation, Where, correlate, correlate_all

FEWEST = 10_000_000  # multiply-adds below which the question is not asked


def tiling_of(
    function: str, operation: str, geometry: Geometry, dtype: np.dtype[Any], engine: str, algorithm: str
) -> TileGrid | None:  # fmt: skip
    """Return the tiles that a sum is taken by, or None where it is taken directly; integers have tiles of float64."""
    check_algorithm(algorithm, f"{function}: ")
    if algorithm == "transform":
        return _tiling(operation, geometry, dtype != np.float32) if geometry.mult_adds else None
    if algorithm == "direct" or engine != "auto" or geometry.mult_adds < FEWEST or not installed():
        return None
    return _cheaper(operation, geometry, dtype != np.float32)


@lru_cache(maxsize=4096)
def _cheaper(operation: str, geometry: Geometry, double: bool) -> TileGrid | None:
    """Return the tiles if they cost less than the direct sum."""
    tiling = _tiling(operation, geometry, double)
    return tiling if tiling.cost < _direct_cost(operation, geometry) else None


def _direct_cost(operation: str, geometry: Geometry) -> float:
    pairs = _pairs(geometry) // geometry.groups
    return products_cost(operation, geometry.mult_adds, pairs, geometry.kernel)


def explained(operation: str, geometry: Geometry, dtype: np.dtype[Any]) -> dict[str, Any]:
    """Return which algorithm "auto" takes on arrays of this type and why, and what both are estimated to cost.

    Costs are milliseconds of one core, by the model in `convolab.transforms.cost`.
    """
    taken = tiling_of("explain", operation, geometry, dtype, "auto", "auto")
    told = compared(_direct_cost(operation, geometry), _tiling(operation, geometry, dtype != np.float32))
    if geometry.mult_adds < FEWEST:
        told["why"] = f"fewer than {FEWEST:,} products are taken one by one"
    elif not installed():
        told["why"] = "transforms need SciPy, which is not installed"
    return {"algorithm": "direct" if taken is None else "transform", **told}


def _pairs(geometry: Geometry) -> int:
    return geometry.out_channels * geometry.in_channels // geometry.groups


@lru_cache(maxsize=4096)
def _tiling(operation: str, geometry: Geometry, double: bool) -> TileGrid:
    ins, outs = geometry.batch * geometry.in_channels, geometry.batch * geometry.out_channels
    if operation == "input_gradient":
        sums = tuple(axis.input for axis in geometry.axes)
    else:
        sums = tuple(axis.stride * (axis.output - 1) + 1 for axis in geometry.axes)
    # The products of a weight gradient are added up in float64, over all tiles.
    pairs = geometry.batch * _pairs(geometry) * (3 if operation == "weight_gradient" else 1)
    return best_tiling(
        tuple(axis.span for axis in geometry.axes), sums, ins=ins, outs=outs, pairs=pairs,
        planes=_pairs(geometry), double=double, kept=geometry.in_channels + geometry.out_channels,
    )  # fmt: skip


def run(
    operation: str, geometry: Geometry, pair: tuple[NDArray[Any], NDArray[Any]], tiling: TileGrid
) -> NDArray[Any] | None:  # fmt: skip
    """Return the operation's result on two floating arrays; None where it must be summed directly."""
    weight = pair[OPERATIONS[operation].factors.index("weight")] if operation != "weight_gradient" else None
    if weight is not None and not np.isfinite(weight).all():
        return None
    if operation == "forward":
        return correlate(_correlation(geometry), pair[0], pair[1], tiling, _direct)
    if operation == "input_gradient":
        return _input_gradient(geometry, *pair, tiling)
    result = correlate_all(_correlation(geometry), *pair, geometry.kernel, tiling)
    return result if np.isfinite(result).all() else None


def run_integers(
    operation: str, geometry: Geometry, pair: tuple[NDArray[Any], NDArray[Any]], tiling: TileGrid
) -> NDArray[Any] | None:  # fmt: skip
    """Return the exact result on two arrays of integers, as float64; None where rounding is not proved to give it."""
    terms, (first, second) = OPERATIONS[operation].terms(geometry), map(magnitude, pair)
    if not is_exact(tiling.elements, 1, first, float(second) * terms):
        return None
    result = run(operation, geometry, (pair[0].astype(np.float64), pair[1].astype(np.float64)), tiling)
    return None if result is None else np.rint(result, out=result)


def _correlation(geometry: Geometry) -> Correlation:
    axes = geometry.axes
    return Correlation(
        geometry.groups, tuple(a.before for a in axes), tuple(a.stride for a in axes), tuple(a.dilation for a in axes),
        tuple(a.output for a in axes),
    )  # fmt: skip


def _input_gradient(
    geometry: Geometry, weight: NDArray[Any], grad_output: NDArray[Any], tiling: TileGrid
) -> NDArray[Any]:  # fmt: skip
    axes, groups = geometry.axes, geometry.groups
    sizes = tuple(a.stride * (a.output - 1) + 1 for a in axes)
    spread: NDArray[Any] = grad_output
    if any(a.stride > 1 for a in axes):
        spread = np.zeros((*grad_output.shape[:2], *sizes), grad_output.dtype)
        where: Where = (..., *(slice(None, None, a.stride) for a in axes))
        spread[where] = grad_output
    outs, ins = weight.shape[0] // groups, weight.shape[1]
    split = weight.reshape(groups, outs, ins, *geometry.kernel).swapaxes(1, 2)
    reversed_weight = np.flip(split, tuple(range(3, split.ndim))).reshape(groups * ins, outs, *geometry.kernel)
    ones = (1,) * len(axes)
    c = Correlation(
        groups, tuple(a.span - 1 - a.before for a in axes), ones, tuple(a.dilation for a in axes),
        tuple(a.input for a in axes),
    )  # fmt: skip
    return correlate(c, spread, np.ascontiguousarray(reversed_weight), tiling, _direct)


def _direct(
    window: NDArray[Any], weight: NDArray[Any], groups: int, stride: tuple[int, ...], dilation: tuple[int, ...]
) -> NDArray[Any]:  # fmt: skip
    """Return the sums over a window without padding, one product for each tap."""
    axes = tuple(
        Axis(size, kernel, (size - d * (kernel - 1) - 1) // s + 1, s, d)
        for size, kernel, s, d in zip(window.shape[2:], weight.shape[2:], stride, dilation, strict=True)
    )
    geometry = Geometry.canonical(axes, 1, window.shape[1], weight.shape[0], groups, "zeros")
    with np.errstate(invalid="ignore", over="ignore"):
        return portable.forward(geometry, window, weight)
