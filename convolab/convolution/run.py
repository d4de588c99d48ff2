"""One sum by one engine: on arrays or on tensors, with the memory it needs, and autograd where tensors ask for it."""

import os
from collections.abc import Sequence
from functools import lru_cache
from math import prod

import numpy as np

from convolab import engine as engines
from convolab.convolution.arrays import dtype_name, is_tensor
from convolab.engine.arrays import compute_type, run_arrays
from convolab.engine.layout import ArrayOrTensor
from convolab.errors import ArgumentError
from convolab.geometry import OPERATIONS, Geometry, is_traced


def run(
    function: str,
    operation: str,
    engine: str,
    geometry: Geometry,
    pair: Sequence[ArrayOrTensor],
    bias: ArrayOrTensor | None = None,
    out: ArrayOrTensor | None = None,
    algorithm: str = "auto",
) -> ArrayOrTensor:
    """The `operation` by one engine, on a `pair` of batched arrays or tensors with zero padding.

    Raises
    ------
    ArgumentError
        If the result is larger than the machine's memory.
    """
    try:
        _check_memory(function, operation, geometry, pair[0].dtype.itemsize)
        if is_tensor(pair[0]):
            return _run_tensors(function, operation, engine, geometry, pair, bias, out, algorithm)
        return run_arrays(function, operation, engine, geometry, pair, bias, out, algorithm)
    except MemoryError:
        raise _too_large(function, operation, geometry, pair[0].dtype) from None


def _run_tensors(
    function: str,
    operation: str,
    engine: str,
    geometry: Geometry,
    pair: Sequence[ArrayOrTensor],
    bias: ArrayOrTensor | None,
    out: ArrayOrTensor | None,
    algorithm: str,
) -> ArrayOrTensor:
    from convolab.engine import torch as native

    if engines.is_torchs_own(function, engine, operation, geometry, pair, algorithm):
        return getattr(native, operation)(geometry, *pair, *((bias, out) if operation == "forward" else ()))
    from convolab.engine import autograd

    if not autograd.is_needed(*pair, bias, out):
        arrays, added = [native.as_array(a) for a in pair], None if bias is None else native.as_array(bias)
        written = None if out is None else out.detach().numpy()
        result = run_arrays(function, operation, engine, geometry, arrays, added, written, algorithm)
        return native.as_tensor(result) if out is None else out
    result = getattr(autograd, operation)(*pair, autograd.flatten(geometry), geometry.groups, engine, algorithm)
    result = result if bias is None else result + bias.reshape(-1, *[1] * len(geometry.axes))
    return result if out is None else out.copy_(result)


def result_type(geometry: Geometry, input: ArrayOrTensor, weight: ArrayOrTensor) -> str:
    """The name of the output's type, such as `float32`."""
    if dtype_name(input.dtype).startswith(("float", "bfloat", "complex")):
        return dtype_name(input.dtype)
    return compute_type(geometry, "forward", [np.dtype(dtype_name(a.dtype)) for a in (input, weight)]).name


def _check_memory(function: str, operation: str, geometry: Geometry, itemsize: int) -> None:
    """Raise MemoryError for a result larger than the machine's memory, which the system grants and then cannot keep."""
    count = _result_elements.__wrapped__ if is_traced() else _result_elements
    needed = count(operation, geometry) * itemsize
    if needed > 2**30 and hasattr(os, "sysconf") and needed > os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"):
        raise MemoryError


@lru_cache(maxsize=4096)
def _result_elements(operation: str, geometry: Geometry) -> int:
    return prod(OPERATIONS[operation].result_shape(geometry))


def _too_large(function: str, operation: str, geometry: Geometry, dtype: object) -> ArgumentError:
    elements = _result_elements(operation, geometry)
    return ArgumentError(
        f"{function}: the result has {elements:,} elements of {dtype_name(dtype)}, more than this machine's "
        f"memory can hold. Expected a smaller batch or image; work through it in parts."
    )
