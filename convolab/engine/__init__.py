"""The same three sums, fast: one module an engine, each with the same functions, and the one place that chooses.

`Engine` says which functions an engine module has. To add an engine, write the module and add one line to `ENGINES`:
the public functions, the commands with `--engine` and the tests take their names from that table.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module, util
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from convolab.engine import repaid
from convolab.engine.layout import lies_channels_last
from convolab.engine.transformed import tiling_of
from convolab.errors import ArgumentError, DtypeError, MissingDependencyError, unknown
from convolab.geometry import Geometry, is_traced
from convolab.transforms.library import check_algorithm

if TYPE_CHECKING:
    from torch import Tensor

# name: (module, the library it needs, the extra that brings it)
ENGINES: dict[str, tuple[str, str, str]] = {
    "halide": ("convolab.engine.halide", "halide", "fast"),
    "numpy": ("convolab.engine.numpy", "numpy", ""),
    "torch": ("convolab.engine.torch", "torch", "train"),
}

# What the parameter `engine` takes. A type checker cannot read the names off the table: to it they are strings.
if TYPE_CHECKING:
    EngineName = str
else:
    EngineName = Literal["auto", *ENGINES]

# Below this many multiply-adds NumPy has the answer before a compiled pipeline would have been looked up.
SMALL = 20_000


class Engine(Protocol):
    """What an engine module has: the three sums, and which types it takes.

    Arrays are input (N, C_in, *spatial), weight (C_out, C_in / groups, *kernel), grad_output (N, C_out, *spatial) and
    bias (C_out,). They are checked NumPy arrays of one dtype that the engine `supports`, in any memory layout. Padding
    is with zeros: the other padding modes have become an extended input before (`padding.py`).

    Integers arrive as int32 or int64, whichever holds every sum of the definition exactly. Two more functions are
    optional, for engines that multiply other types faster:

    `exact_types(operation, geometry)` returns types of `exact.py`, the fastest first. Integers then arrive in the first
    one in which every sum is exact, and the sum is called with `integer=`, the type of the result.

    `forward_short(geometry, input, weight, bias, out, integer)` takes integers of any type and returns the exact output
    in the type `integer`, or None where it cannot.
    """

    __name__: str

    def supports(self, geometry: Geometry, dtype: np.dtype[Any], /) -> bool:
        """Whether the engine computes in this type."""

    def forward(
        self,
        geometry: Geometry,
        input: NDArray[Any],
        weight: NDArray[Any],
        bias: NDArray[Any] | None = None,
        out: NDArray[Any] | None = None,
        /,
    ) -> NDArray[Any]:
        """Return the output, which is `out` where that is given."""

    def input_gradient(self, geometry: Geometry, weight: NDArray[Any], grad_output: NDArray[Any], /) -> NDArray[Any]:
        """Return grad_input."""

    def weight_gradient(self, geometry: Geometry, input: NDArray[Any], grad_output: NDArray[Any], /) -> NDArray[Any]:
        """Return grad_weight."""


@lru_cache
def is_installed(name: str) -> bool:
    """Whether the library that the engine needs can be imported."""
    return util.find_spec(ENGINES[name][1]) is not None


@lru_cache
def load(name: str) -> Engine:
    """The engine module of that name; where its library is missing, the error names the extra that brings it."""
    module, library, extra = ENGINES[name]
    if not is_installed(name):
        raise MissingDependencyError(library, extra, f"engine={name!r}")
    return cast(Engine, import_module(module))


def choose(
    function: str, engine: str, operation: str, geometry: Geometry, given: np.dtype[Any], dtype: np.dtype[Any]
) -> Engine:
    """The engine for one operation ("forward", "input_gradient", "weight_gradient") on NumPy arrays.

    The arrays are of the type `given`; their products are summed in `dtype`.

    `auto` takes Halide where it is installed and its pipeline is worth compiling, NumPy otherwise and for small cases.
    """
    _check_name(function, engine)
    if engine == "auto":
        return _automatic(operation, geometry, dtype, repaid.NUMPY)
    chosen = load(engine)
    if not chosen.supports(geometry, dtype):
        raise DtypeError(f"{function}: engine={engine!r} does not take {given}. Expected engine='auto' or 'numpy'.")
    return chosen


def is_torchs_own(
    function: str,
    engine: str,
    operation: str,
    geometry: Geometry,
    tensors: "Sequence[Tensor]",
    algorithm: str = "direct",
) -> bool:
    """Whether PyTorch's own convolution takes these two tensors: asked for, the only one that can, or the fastest.

    Only PyTorch knows other devices and the short floating types; it does not know integers. `auto` leaves to it small
    cases, shapes that are not worth compiling yet, and single precision with the channels last, the layout of its own
    kernels.
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
    if whole:
        _check_integers(function, engine, name, tensor)
    check_algorithm(algorithm, f"{function}: ")
    if engine == "torch" or not ours:
        return True
    if whole or is_traced():
        # While torch.compile looks on, the choice is left to the operator, which makes it when it runs.
        return False
    if tiling_of(function, operation, geometry, np.dtype(name), engine, algorithm) is not None:
        return False
    if _automatic(operation, geometry, np.dtype(name), repaid.TORCH).__name__ != ENGINES["halide"][0]:
        return True
    # The bits of PyTorch's weight gradients depend on the number of threads, so those stay here in any layout.
    return name == "float32" and operation != "weight_gradient" and any(map(lies_channels_last, tensors))


def _check_integers(function: str, engine: str, name: str, tensor: "Tensor") -> None:
    if engine == "torch":
        raise DtypeError(f"{function}: engine='torch' does not take {name}. Expected engine='auto' or 'numpy'.")
    if tensor.device.type != "cpu":
        raise DtypeError(
            f"{function}: PyTorch does not take {name} on {tensor.device}. Expected tensors on the CPU (.cpu()), where "
            f"integers are exact, or floating-point numbers."
        )


def _check_name(function: str, engine: str) -> None:
    if engine != "auto" and engine not in ENGINES:
        raise ArgumentError(
            f"{function}: engine={unknown(engine, ['auto', *ENGINES])} Expected auto, {', '.join(ENGINES)}."
        )


def _automatic(operation: str, geometry: Geometry, dtype: np.dtype[Any], limit: int) -> Engine:
    """Halide where a pipeline has repaid its compiling after `limit` multiply-adds, NumPy otherwise."""
    large = geometry.mult_adds > SMALL and is_installed("halide")
    if large and repaid.is_worth_compiling(operation, geometry, limit):
        halide = load("halide")
        if halide.supports(geometry, dtype):
            return halide
    return load("numpy")
