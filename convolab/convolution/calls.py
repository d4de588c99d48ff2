"""From a call to one sum by one engine: arrays, layout, geometry, padding mode, and back.

The four functions are the operator's one definition, for any number of axes `dims`; the twelve public ones call them.
"""

from collections.abc import Sequence
from typing import Any

from convolab.convolution.annotations import Array, Ints, Padding, Pairs
from convolab.convolution.arrays import batched, batched_shape, check_out, laid_out, like, single, take, unbatched
from convolab.convolution.run import result_type, run
from convolab.engine import padding as padding_modes
from convolab.geometry import check_shape, convolution_geometry, layout, transposed_geometry
from convolab.geometry.arguments import whole


def forward(
    dims: int,
    input: Array,
    weight: Array,
    bias: Array | None,
    stride: Ints,
    padding: Padding,
    dilation: Ints,
    groups: int,
    padding_mode: str,
    engine: str,
    algorithm: str,
    out: Array | None,
) -> Array:
    """`conv1d`, `conv2d` or `conv3d`."""
    name = f"conv{dims}d"
    x, w, b = take(name, input=input, weight=weight, bias=bias)
    kind = layout(name, dims, x.shape, w.shape)
    x, w = batched(x, kind, 2), batched(w, kind, 1)
    geometry = convolution_geometry(
        name, x.shape, w.shape, stride=stride, padding=padding, dilation=dilation, groups=groups,
        padding_mode=padding_mode,
    )  # fmt: skip
    if b is not None:
        check_shape(name, "bias", b.shape, (geometry.out_channels,), "one number an output channel")
    if padding_mode != "zeros":
        x, geometry = padding_modes.extend(geometry, x), padding_modes.extended_geometry(geometry)
    if out is not None:
        check_out(name, out, laid_out(geometry.output_shape, kind), result_type(geometry, x, w), x, w)
        run(name, "forward", engine, geometry, (x, w), b, batched(out, kind, 2), algorithm)
        return out
    output: Array = unbatched(run(name, "forward", engine, geometry, (x, w), b, algorithm=algorithm), kind)
    return output


def input_gradient(
    dims: int,
    input_size: Sequence[int],
    weight: Array,
    grad_output: Array,
    stride: Ints,
    padding: Padding,
    dilation: Ints,
    groups: int,
    padding_mode: str,
    engine: str,
    algorithm: str,
) -> Array:
    """`conv1d_input`, `conv2d_input` or `conv3d_input`."""
    name = f"conv{dims}d_input"
    w, g = take(name, weight=weight, grad_output=grad_output)
    size: tuple[int, ...] = tuple(whole(name, "input_size", each, minimum=0) for each in input_size)
    kind = layout(name, dims, size, w.shape)
    w = batched(w, kind, 1)
    geometry = convolution_geometry(
        name, batched_shape(size, kind), w.shape, stride=stride, padding=padding, dilation=dilation, groups=groups,
        padding_mode=padding_mode,
    )  # fmt: skip
    check_shape(name, "grad_output", g.shape, laid_out(geometry.output_shape, kind), "the output's shape")
    g = batched(g, kind, 2)
    grad_input: Array
    if padding_mode == "zeros":
        grad_input = unbatched(run(name, "input_gradient", engine, geometry, (w, g), algorithm=algorithm), kind)
        return grad_input
    # Positions of the padding fold their gradients back onto the inputs: of 16-bit numbers, in float32.
    factors = (single(w), single(g)) if padding_modes.is_short(w) else (w, g)
    wider = padding_modes.extended_geometry(geometry)
    extended: Any = run(name, "input_gradient", engine, wider, factors, algorithm=algorithm)
    grad_input = unbatched(like(w, padding_modes.fold(geometry, extended)), kind)
    return grad_input


def weight_gradient(
    dims: int,
    input: Array,
    weight_size: Sequence[int],
    grad_output: Array,
    stride: Ints,
    padding: Padding,
    dilation: Ints,
    groups: int,
    padding_mode: str,
    engine: str,
    algorithm: str,
) -> Array:
    """`conv1d_weight`, `conv2d_weight` or `conv3d_weight`."""
    name = f"conv{dims}d_weight"
    x, g = take(name, input=input, grad_output=grad_output)
    size: tuple[int, ...] = tuple(whole(name, "weight_size", each, minimum=0) for each in weight_size)
    kind = layout(name, dims, x.shape, size)
    x = batched(x, kind, 2)
    geometry = convolution_geometry(
        name, x.shape, (1, 1, *size) if kind == "plane" else size, stride=stride, padding=padding, dilation=dilation,
        groups=groups, padding_mode=padding_mode,
    )  # fmt: skip
    check_shape(name, "grad_output", g.shape, laid_out(geometry.output_shape, kind), "the output's shape")
    g = batched(g, kind, 2)
    if padding_mode != "zeros":
        x, geometry = padding_modes.extend(geometry, x), padding_modes.extended_geometry(geometry)
    grad_weight: Array = run(name, "weight_gradient", engine, geometry, (x, g), algorithm=algorithm)
    return grad_weight[0, 0] if kind == "plane" else grad_weight


def transposed(
    dims: int,
    input: Array,
    weight: Array,
    bias: Array | None,
    stride: Ints,
    padding: Pairs,
    output_padding: Ints,
    dilation: Ints,
    groups: int,
    engine: str,
    algorithm: str,
) -> Array:
    """`conv_transpose1d`, `conv_transpose2d` or `conv_transpose3d`."""
    name = f"conv_transpose{dims}d"
    x, w, b = take(name, input=input, weight=weight, bias=bias)
    kind = layout(name, dims, x.shape, w.shape)
    x, w = batched(x, kind, 2), batched(w, kind, 1)
    geometry = transposed_geometry(
        name, x.shape, w.shape, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation,
        groups=groups,
    )  # fmt: skip
    output = run(name, "input_gradient", engine, geometry, (w, x), algorithm=algorithm)
    if b is not None:
        check_shape(name, "bias", b.shape, (geometry.in_channels,), "one number an output channel")
        output = output + b.reshape(-1, *[1] * dims)
    result: Array = unbatched(output, kind)
    return result
