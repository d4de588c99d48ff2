"""One sum by one engine on NumPy arrays, in the type that it must be computed in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convolab import engine as engines
from convolab.engine import transformed
from convolab.engine.exact import exact_type
from convolab.geometry import OPERATIONS, Geometry
from convolab.transforms.cost import TileGrid


def compute_type(geometry: Geometry, operation: str, dtypes: list[np.dtype[Any]]) -> np.dtype[Any]:
    """The type that sums are kept in: float16 is added up in float32, integers where they cannot wrap."""
    dtype = dtypes[0]
    if dtype.kind == "f":
        return np.dtype(np.float32) if dtype == np.float16 else dtype.newbyteorder("=")
    small = all(d.itemsize == 1 for d in dtypes) and OPERATIONS[operation].terms(geometry) < 2**15
    return np.dtype(np.int32 if small else np.int64)


def run_arrays(
    function: str,
    operation: str,
    engine: str,
    geometry: Geometry,
    pair: Sequence[NDArray[Any]],
    bias: NDArray[Any] | None = None,
    out: NDArray[Any] | None = None,
    algorithm: str = "direct",
) -> NDArray[Any]:
    """The operation by one engine, on a `pair` of checked arrays and, in the forward sum, a bias."""
    given = pair[0].dtype
    dtype = compute_type(geometry, operation, [a.dtype for a in pair])
    tiling = transformed.tiling_of(function, operation, geometry, dtype, engine, algorithm)
    if tiling is not None:
        by_tiles = _run_tiles(operation, geometry, pair, bias, out, dtype, tiling)
        if by_tiles is not None:
            return by_tiles
    module = engines.choose(function, engine, operation, geometry, given, dtype)
    if dtype.kind == "i":
        return _run_integers(module, operation, geometry, pair, bias, out, dtype)
    arguments: list[NDArray[Any] | None] = [a.astype(dtype, copy=False) for a in pair]
    short = given == np.float16
    if operation == "forward":
        arguments += [_as_type(bias, dtype), None if short else out]
    result: NDArray[Any] = getattr(module, operation)(geometry, *arguments)
    if not short:
        return result
    if out is None:
        return result.astype(given)
    out[...] = result
    return out


def _run_tiles(
    operation: str,
    geometry: Geometry,
    pair: Sequence[NDArray[Any]],
    bias: NDArray[Any] | None,
    out: NDArray[Any] | None,
    dtype: np.dtype[Any],
    tiling: TileGrid,
) -> NDArray[Any] | None:
    """The sum by transforms of tiles, in the type that it must be kept in; None where it must be taken directly."""
    first, second = pair
    if dtype.kind == "i":
        sums = transformed.run_integers(operation, geometry, (first, second), tiling)
    else:
        factors = first.astype(dtype, copy=False), second.astype(dtype, copy=False)
        sums = transformed.run(operation, geometry, factors, tiling)
    if sums is None:
        return None
    result: NDArray[Any] = sums.astype(dtype, copy=False)
    if bias is not None:
        result += bias.astype(dtype, copy=False).reshape(-1, *[1] * len(geometry.axes))
    if out is None:
        return result.astype(first.dtype, copy=False) if dtype.kind == "f" else result
    out[...] = result
    return out


def _run_integers(
    module: engines.Engine,
    operation: str,
    geometry: Geometry,
    pair: Sequence[NDArray[Any]],
    bias: NDArray[Any] | None,
    out: NDArray[Any] | None,
    integer: np.dtype[Any],
) -> NDArray[Any]:
    """The exact sum in the type `integer`, computed in the engine's fastest type in which it is exact."""
    if operation == "forward" and hasattr(module, "forward_short"):
        result: NDArray[Any] | None = module.forward_short(geometry, *pair, bias, out, integer)
        if result is not None:
            return result
    candidates = module.exact_types(operation, geometry) if hasattr(module, "exact_types") else ()
    exact = exact_type(candidates, OPERATIONS[operation].terms(geometry), pair, bias)
    factors, sums, options = (
        (integer, integer, {}) if exact is None else (exact.factors, exact.sums, {"integer": integer})
    )
    arguments: list[NDArray[Any] | None] = [a.astype(factors, copy=False) for a in pair]
    if operation == "forward":
        arguments += [_as_type(bias, sums), out]
    computed: NDArray[Any] = getattr(module, operation)(geometry, *arguments, **options)
    return computed


def _as_type(array: NDArray[Any] | None, dtype: np.dtype[Any]) -> NDArray[Any] | None:
    return None if array is None else array.astype(dtype, copy=False)
