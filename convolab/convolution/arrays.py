"""What the operator takes: which arrays, of which types, in which layouts; and every complaint about types."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convolab.engine.layout import ArrayOrTensor
from convolab.errors import ArgumentError, DtypeError
from convolab.geometry import check_shape


def is_tensor(array: object) -> bool:
    """Whether this is a torch tensor; torch is not imported for the answer."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(array, torch.Tensor)


def take(function: str, **named: ArrayOrTensor) -> list[ArrayOrTensor]:
    """The arguments as NumPy arrays of the machine's byte order or, where tensors were given, as they are.

    Raises
    ------
    ArgumentError
        For None, except as `bias`, and for what is not an array of numbers.
    DtypeError
        For types that do not fit each other.
    """
    for name, array in named.items():
        if array is None and name != "bias":
            raise ArgumentError(f"{function}: {name} is None. Expected an array or a tensor.")
    tensors = [name for name, array in named.items() if is_tensor(array)]
    if tensors:
        _check_tensors(function, named, tensors)
        return [*named.values()]
    arrays = {name: None if array is None else _array(function, name, array) for name, array in named.items()}
    _check_types(function, {name: array.dtype for name, array in arrays.items() if array is not None})
    return [*arrays.values()]


def _array(function: str, name: str, value: object) -> NDArray[Any]:
    if isinstance(value, np.ma.MaskedArray) and not np.ma.is_masked(value):
        value = value.data  # nothing is hidden
    if isinstance(value, np.ma.MaskedArray):
        raise DtypeError(
            f"{function}: {name} is a masked array, and its mask would be lost. Fill it first: .filled(0)."
        )
    try:
        array: NDArray[Any] = np.asarray(value)
    except ValueError as error:
        raise ArgumentError(f"{function}: {name} is not an array of numbers: {error}.") from None
    if array.dtype.kind not in "fiub" or array.dtype == np.uint64:
        advice = {
            "c": "Convolve the real and the imaginary part, each alone",
            "u": "Expected a smaller unsigned or a signed type: sums are kept in int64",
        }.get(array.dtype.kind, "Expected floating-point numbers or integers")
        raise DtypeError(f"{function}: {name} has dtype {array.dtype}. {advice}.")
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def _check_types(function: str, dtypes: dict[str, np.dtype[Any]]) -> None:
    (first, wanted), *others = dtypes.items()
    for name, dtype in others:
        floating = {wanted.kind == "f", dtype.kind == "f"}
        if floating == {True, False} or (floating == {True} and dtype != wanted):
            raise DtypeError(
                f"{function}: {name} is {dtype}, but {first} is {wanted}. Expected one floating type for both, or "
                f"integers for both; convert one of them with .astype."
            )


def _check_tensors(function: str, named: dict[str, ArrayOrTensor], tensors: list[str]) -> None:
    first = named[tensors[0]]
    for name, array in named.items():
        if array is None:
            continue
        if name not in tensors:
            raise DtypeError(
                f"{function}: {name} is a {type(array).__name__}, but {tensors[0]} is a torch tensor. Expected both of "
                f"one kind; torch.as_tensor turns an array into a tensor."
            )
        if array.dtype != first.dtype and (array.is_floating_point() or first.is_floating_point()):
            raise DtypeError(
                f"{function}: {name} is {dtype_name(array.dtype)}, but {tensors[0]} is {dtype_name(first.dtype)}. "
                f"Expected one floating type for both, or integers for both; convert one of them with .to."
            )
        if array.device != first.device:
            raise ArgumentError(
                f"{function}: {name} is on {array.device}, but {tensors[0]} is on {first.device}. Expected one device."
            )


def dtype_name(dtype: object) -> str:
    """The name of a NumPy or a torch type, such as `float32`."""
    return str(dtype).removeprefix("torch.")


def single(array: ArrayOrTensor) -> ArrayOrTensor:
    """The array or tensor in float32."""
    return array.float() if is_tensor(array) else array.astype(np.float32)


def like(given: ArrayOrTensor, array: ArrayOrTensor) -> ArrayOrTensor:
    """The array in the type of the `given` one, where that is a floating type of 16 bits, and as it is elsewhere."""
    if array.dtype == given.dtype or dtype_name(given.dtype) not in ("float16", "bfloat16"):
        return array
    return array.to(given.dtype) if is_tensor(array) else array.astype(given.dtype)


def batched(array: ArrayOrTensor, kind: str, outer: int) -> ArrayOrTensor:
    """An input (outer = 2) as (N, C, *spatial), or a weight (outer = 1), which lacks channels only for a bare plane."""
    if kind == "plane":
        return array.reshape(1, 1, *array.shape)
    return array[None] if kind == "unbatched" and outer == 2 else array


def unbatched(array: ArrayOrTensor, kind: str) -> ArrayOrTensor:
    """A batched result in the layout that the call came in."""
    if kind == "batched":
        return array
    return array[0, 0] if kind == "plane" else array[0]


def laid_out(shape: tuple[int, ...], kind: str) -> tuple[int, ...]:
    """The shape of a batched result in the layout that the call came in."""
    return shape[{"batched": 0, "unbatched": 1, "plane": 2}[kind] :]


def batched_shape(shape: tuple[int, ...], kind: str) -> tuple[int, ...]:
    """The shape of an input, (N, C, *spatial), that came in this layout."""
    return {"batched": (), "unbatched": (1,), "plane": (1, 1)}[kind] + shape


def check_out(function: str, out: ArrayOrTensor, shape: Sequence[int], dtype: str, *inputs: ArrayOrTensor) -> None:
    """Raise unless `out` is an array of the kind, shape and type of the output, writable and apart from the inputs."""
    if is_tensor(out) != is_tensor(inputs[0]):
        raise DtypeError(f"{function}: out is a {type(out).__name__}. Expected the same kind of array as input.")
    check_shape(function, "out", out.shape, shape, "the output's shape")
    if dtype_name(out.dtype) != dtype:
        raise DtypeError(f"{function}: out is {dtype_name(out.dtype)}. Expected {dtype}, the output's type.")
    if is_tensor(out):
        return
    if not out.flags.writeable:
        raise ArgumentError(f"{function}: out is read-only. Expected an array that can be written.")
    if any(np.may_share_memory(out, array) for array in inputs):
        raise ArgumentError(f"{function}: out shares memory with an input. Expected an array of its own.")
