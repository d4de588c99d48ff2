"""One sum by one engine on NumPy arrays, in the type that it must be computed in."""

import numpy as np

from convolab import engine as engines
from convolab.engine.exact import exact_type
from convolab.geometry import OPERATIONS, Geometry


def compute_type(geometry: Geometry, operation: str, dtypes: list[np.dtype]) -> np.dtype:
    """The type that sums are kept in: float16 is added up in float32, integers where they cannot wrap."""
    dtype = dtypes[0]
    if dtype.kind == "f":
        return np.dtype(np.float32) if dtype == np.float16 else dtype.newbyteorder("=")
    small = all(d.itemsize == 1 for d in dtypes) and OPERATIONS[operation].terms(geometry) < 2**15
    return np.dtype(np.int32 if small else np.int64)


def run_arrays(function, operation, engine, geometry: Geometry, pair, bias=None, out=None) -> np.ndarray:
    """The operation by one engine, on a `pair` of checked arrays and, in the forward sum, a bias."""
    given, options = pair[0].dtype, {}
    dtype = compute_type(geometry, operation, [a.dtype for a in pair])
    module, sums = engines.choose(function, engine, operation, geometry, given, dtype), dtype
    if dtype.kind == "i":
        options = {"integer": dtype}
        if operation == "forward" and hasattr(module, "forward_short"):
            result = module.forward_short(geometry, *pair, bias, out, dtype)
            if result is not None:
                return result
        candidates = module.exact_types(operation, geometry)
        exact = exact_type(candidates, OPERATIONS[operation].terms(geometry), pair, bias)
        dtype, sums = (dtype, dtype) if exact is None else (exact.factors, exact.sums)
    arguments = [a.astype(dtype, copy=False) for a in pair]
    if operation == "forward":
        bias = None if bias is None else bias.astype(sums, copy=False)
        arguments += [bias, None if given == np.float16 else out]
    result = getattr(module, operation)(geometry, *arguments, **options)
    if given != np.float16:
        return result
    if out is None:
        return result.astype(given)
    out[...] = result
    return out
