"""The same three sums, fast: one module an engine, each with the same functions, and the one place that chooses.

An engine module has

    forward(geometry, input, weight, bias=None, out=None, *, integer=None) -> output
    input_gradient(geometry, weight, grad_output, *, integer=None) -> grad_input
    weight_gradient(geometry, input, grad_output, *, integer=None) -> grad_weight
    supports(geometry, dtype) -> bool
    exact_types(operation, geometry) -> tuple[Exact, ...]

with input (N, C_in, *spatial), weight (C_out, C_in / groups, *kernel) and grad_output (N, C_out, *spatial),

and is handed checked NumPy arrays of one dtype, in any memory layout, with zero padding: the other padding modes have
become an extended input before (`padding.py`). Integers arrive in whichever type holds every sum of the definition
exactly, int32, int64 or the first of the `exact_types` that does (`exact.py`); `integer` says so, and is the type of
the result, which must be as exact. An engine may have `forward_short` besides, which takes integers that nobody has
looked at and finds out itself whether it can be exact.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module, util
from types import ModuleType

import numpy as np

from convolab.engine import repaid
from convolab.engine.layout import lies_channels_last
from convolab.errors import ArgumentError, DtypeError, MissingDependencyError
from convolab.geometry import Geometry, is_traced

# name: (module, the library it needs, the extra that brings it)
ENGINES = {
    "halide": ("convolab.engine.halide", "halide", "fast"),
    "numpy": ("convolab.engine.numpy", "numpy", ""),
    "torch": ("convolab.engine.torch", "torch", "train"),
}

# Below this many multiply-adds NumPy has the answer before a compiled pipeline would have been looked up.
SMALL = 20_000


@lru_cache
def is_installed(name: str) -> bool:
    return util.find_spec(ENGINES[name][1]) is not None


@lru_cache
def load(name: str) -> ModuleType:
    """The engine module of that name, or one line that says which extra brings it."""
    module, library, extra = ENGINES[name]
    if not is_installed(name):
        raise MissingDependencyError(library, extra, f"engine={name!r}")
    return import_module(module)


def choose(
    function: str, engine: str, operation: str, geometry: Geometry, given: np.dtype, dtype: np.dtype
) -> ModuleType:
    """The engine for one operation ("forward", "input_gradient", "weight_gradient") on NumPy arrays.

    They were `given` in one type, and are summed in `dtype`.

    `auto` takes Halide where it is installed and its pipeline is worth compiling, NumPy otherwise and for small cases.
    """
    _check_name(function, engine)
    if engine == "auto":
        return _automatic(operation, geometry, dtype, repaid.NUMPY)
    chosen = load(engine)
    if not chosen.supports(geometry, dtype):
        raise DtypeError(f"{function}: engine={engine!r} does not take {given}. Expected engine='auto' or 'numpy'.")
    return chosen


def is_torchs_own(function: str, engine: str, operation: str, geometry: Geometry, tensors: Sequence) -> bool:
    """Whether PyTorch's own convolution takes these two tensors: asked for, the only one that can, or the fastest.

    Only it knows other devices and the short floating types; it does not know integers. `auto` leaves it small cases,
    shapes that are not worth compiling yet, and single precision with the channels last, the layout of its own kernels.
    """
    _check_name(function, engine)
    tensor = tensors[0]
    name = str(tensor.dtype).removeprefix("torch.")
    ours = tensor.device.type == "cpu" and not name.startswith(("bfloat16", "float16", "float8", "complex"))
    if engine not in ("auto", "torch"):
        if not ours:
            raise ArgumentError(
                f"{function}: engine={engine!r} does not take {name} on {tensor.device}. Expected engine='auto' or "
                f"'torch'."
            )
        return False
    whole = not (tensor.is_floating_point() or tensor.is_complex())
    if engine == "torch" and whole:
        raise DtypeError(f"{function}: engine='torch' does not take {name}. Expected engine='auto' or 'numpy'.")
    if whole and tensor.device.type != "cpu":
        raise DtypeError(
            f"{function}: PyTorch does not take {name} on {tensor.device}. Expected tensors on the CPU (.cpu()), where "
            f"integers are exact, or floating-point numbers."
        )
    if engine == "torch" or not ours:
        return True
    if whole or is_traced():
        # While torch.compile looks on, the choice is left to the operator, which makes it when it runs.
        return False
    if _automatic(operation, geometry, np.dtype(name), repaid.TORCH).__name__ != ENGINES["halide"][0]:
        return True
    # The bits of PyTorch's weight gradients depend on the number of threads: those stay here in any layout.
    return name == "float32" and operation != "weight_gradient" and any(map(lies_channels_last, tensors))


def _check_name(function: str, engine: str) -> None:
    if engine != "auto" and engine not in ENGINES:
        raise ArgumentError(f"{function}: engine={engine!r} is unknown. Expected auto, {', '.join(ENGINES)}.")


def _automatic(operation: str, geometry: Geometry, dtype: np.dtype, limit: int) -> ModuleType:
    """Halide where a pipeline has repaid its compiling after `limit` multiply-adds, NumPy otherwise."""
    large = geometry.mult_adds > SMALL and is_installed("halide")
    if large and repaid.is_worth_compiling(operation, geometry, limit):
        halide = load("halide")
        if halide.supports(geometry, dtype):
            return halide
    return load("numpy")
