"""Every accepted form of an argument becomes one canonical form here, and every complaint about shapes is written here.

`function` is the name that the caller knows the call by; each message begins with it and with the argument's name. What
a caller hands in may be anything, and has the type `Any` until it has been looked at.
"""

from collections.abc import Sequence
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np

from convolab.errors import ArgumentError, DtypeError, unknown
from convolab.geometry.relation import PADDING_MODES, Axis, output_size

# One (before, after) an axis, in pixels.
PaddingPairs: TypeAlias = tuple[tuple[int, int], ...]
KERNEL_LETTERS = {1: ("kL",), 2: ("kH", "kW"), 3: ("kD", "kH", "kW")}
SPATIAL_LETTERS = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


def layout(function: str, dims: int, input_shape: Sequence[int], weight_shape: Sequence[int]) -> str:
    """Return how the arrays are laid out: "batched" (N, C, *spatial), "unbatched" (C, *spatial) or "plane" (*spatial).

    Raises
    ------
    ArgumentError
        For numbers of axes that fit none of them.
    """
    plane = ", ".join(SPATIAL_LETTERS[dims])
    ranks = (len(input_shape), len(weight_shape))
    found = {(dims + 2, dims + 2): "batched", (dims + 1, dims + 2): "unbatched", (dims, dims): "plane"}.get(ranks)
    if found is None:
        kernel = ", ".join(KERNEL_LETTERS[dims])
        raise ArgumentError(
            f"{function}: input has {len(input_shape)} axes and weight has {len(weight_shape)}. Expected input (N, C, "
            f"{plane}) or (C, {plane}) with weight (C_out, C_in, {kernel}), or a bare ({plane}) with a bare "
            f"({kernel}), got input {tuple(input_shape)} and weight {tuple(weight_shape)}."
        )
    return found


def hashable(value: Any) -> Any:
    """Return an argument with its lists and arrays as nested tuples: equal arguments find the same cached geometry."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return tuple(hashable(v) for v in value) if isinstance(value, (list, tuple)) else value


def whole(function: str, argument: str, value: Any, *, minimum: int) -> int:
    """Return an argument as an int, or say why it is none that the function can take."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise DtypeError(f"{function}: {argument} takes integers, got {value!r} ({type(value).__name__}).")
    if value < minimum:
        least = "positive" if minimum == 1 else "0 or more"
        raise ArgumentError(f"{function}: {argument} must be {least}, got {value}.")
    return int(value)


def per_axis(function: str, argument: str, value: Any, dims: int, *, minimum: int) -> tuple[int, ...]:
    """Return one integer for each axis, from one for each or one for all."""
    values = value if isinstance(value, (tuple, list)) else (value,)
    if len(values) == 1:
        values = tuple(values) * dims
    if len(values) != dims:
        raise ArgumentError(
            f"{function}: {argument} takes one integer or {dims} (one an axis), got {len(values)}: {value!r}."
        )
    return tuple(whole(function, argument, v, minimum=minimum) for v in values)


def padding_pairs(
    function: str, padding: Any, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> PaddingPairs:
    """Return one (before, after) for each axis, from any form of padding."""
    dims = len(kernel)
    if padding == "valid":
        return ((0, 0),) * dims
    if padding == "same":
        return _same_padding(function, kernel, stride, dilation)
    if isinstance(padding, str):
        raise ArgumentError(
            f'{function}: padding={padding!r} is unknown. Expected integers, (before, after) pairs, "same" or "valid".'
        )
    if isinstance(padding, (tuple, list)):
        if dims == 1 and len(padding) == 2 and not isinstance(padding[0], (tuple, list)):
            padding = (padding,)
        if any(isinstance(p, (tuple, list)) for p in padding):
            return _pairs(function, padding, dims)
    return tuple((p, p) for p in per_axis(function, "padding", padding, dims, minimum=0))


def _pairs(function: str, padding: Sequence[Any], dims: int) -> PaddingPairs:
    if len(padding) != dims or any(not isinstance(p, (tuple, list)) or len(p) != 2 for p in padding):
        raise ArgumentError(
            f"{function}: padding takes one (before, after) pair an axis, {dims} in all, got {padding!r}."
        )
    before_after = [[whole(function, "padding", p, minimum=0) for p in pair] for pair in padding]
    return tuple((before, after) for before, after in before_after)


def _same_padding(function: str, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]) -> PaddingPairs:
    if any(s != 1 for s in stride):
        raise ArgumentError(
            f'{function}: padding="same" needs stride 1: with stride {stride} no padding keeps the size. '
            f"Expected stride=1, or padding in pixels."
        )
    totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    # An odd total puts its extra pixel behind, as torch does.
    return tuple((total // 2, total - total // 2) for total in totals)


def check_channels(function: str, input_shape: Sequence[int], weight_shape: Sequence[int], groups: Any) -> None:
    """Raise unless the channels of (N, C, *spatial) and (C_out, C / groups, *kernel) fit each other and the groups."""
    groups = whole(function, "groups", groups, minimum=1)
    in_channels, (out_channels, per_group, *kernel) = input_shape[1], weight_shape
    if in_channels == 0 or out_channels == 0:
        which = "input" if in_channels == 0 else "weight"
        raise ArgumentError(
            f"{function}: {which} has 0 channels. Expected at least 1, got input {input_shape} and weight "
            f"{weight_shape}."
        )
    if in_channels % groups or out_channels % groups:
        which, count = ("input", in_channels) if in_channels % groups else ("output", out_channels)
        raise ArgumentError(
            f"{function}: {count} {which} channels cannot be split into groups={groups} equal groups. Expected a "
            f"divisor of {count}."
        )
    if in_channels != per_group * groups:
        letters = ", ".join((str(out_channels), str(in_channels // groups), *KERNEL_LETTERS[len(kernel)]))
        raise ArgumentError(
            f"{function}: weight takes {per_group} input channels per group, but input has {in_channels} channels and "
            f"groups={groups}. Expected weight ({letters}), got {weight_shape}."
        )


def check_transposed_channels(
    function: str, input_shape: Sequence[int], weight_shape: Sequence[int], groups: int
) -> None:
    """Raise unless the channels of (N, C_in, *spatial) and (C_in, C_out / groups, *kernel) fit each other."""
    if input_shape[1] == 0 or weight_shape[1] == 0:
        raise ArgumentError(
            f"{function}: {'input' if input_shape[1] == 0 else 'weight'} has 0 channels. Expected at least 1, got "
            f"input {tuple(input_shape)} and weight {tuple(weight_shape)}."
        )
    if input_shape[1] != weight_shape[0]:
        letters = ", ".join((str(input_shape[1]), str(weight_shape[1]), *KERNEL_LETTERS[len(weight_shape) - 2]))
        raise ArgumentError(
            f"{function}: weight takes {weight_shape[0]} input channels, but input has {input_shape[1]}. A transposed "
            f"convolution's weight is (C_in, C_out / groups, …): expected ({letters}), got {tuple(weight_shape)}."
        )
    if input_shape[1] % groups:
        raise ArgumentError(
            f"{function}: {input_shape[1]} input channels cannot be split into groups={groups} equal groups. Expected "
            f"a divisor of {input_shape[1]}."
        )


def convolution_axis(
    function: str, letter: str, input: int, kernel: int, stride: int, dilation: int, padding: tuple[int, int]
) -> Axis:
    """Return the axis of these sizes, or say why a convolution has none: the kernel must fit into the padded input."""
    before, after = padding
    if input < 1 or kernel < 1:
        which, size = ("input", input) if input < 1 else ("weight", kernel)
        raise ArgumentError(f"{function}: {which} has no elements along {letter}. Expected at least 1, got {size}.")
    span = dilation * (kernel - 1) + 1
    if span > before + input + after:
        reach = f"kernel {kernel}" + (f" with dilation {dilation} (reaching over {span})" if dilation > 1 else "")
        padded = f"input {input}" + (f" padded to {before + input + after}" if before + after else "")
        raise ArgumentError(
            f"{function}: {reach} is larger than {padded} along {letter}. Expected a kernel of at most "
            f"{(before + input + after - 1) // dilation + 1}, or padding of {span - input} in all."
        )
    return Axis(input, kernel, output_size(input, kernel, stride, dilation, before, after), stride, dilation, *padding)


def check_padding_mode(function: str, padding_mode: Any, axes: Sequence[Axis]) -> None:
    """Raise unless the padding mode is known, and can take its pixels from an input of that size."""
    if padding_mode not in PADDING_MODES:
        raise ArgumentError(
            f"{function}: padding_mode={unknown(padding_mode, PADDING_MODES)} Expected one of "
            f"{', '.join(PADDING_MODES)}."
        )
    spare = {"reflect": 1, "circular": 0}.get(padding_mode)
    for axis in axes:
        if spare is not None and max(axis.before, axis.after) > axis.input - spare:
            raise ArgumentError(
                f"{function}: padding ({axis.before}, {axis.after}) is more than {padding_mode} can take from an input "
                f"of {axis.input}. Expected at most {axis.input - spare} on each side."
            )


def check_shape(function: str, argument: str, got: Sequence[int], expected: Sequence[int], why: str) -> None:
    """Raise unless `got` is the shape that the geometry asks for."""
    if tuple(got) != tuple(expected):
        raise ArgumentError(
            f"{function}: {argument} has the wrong shape. Expected {tuple(expected)} ({why}), got {tuple(got)}."
        )
