"""From a call to one sum by one engine: arrays, layout, geometry, padding mode, and back."""

from convolab.convolution.arrays import batched, batched_shape, check_out, laid_out, like, single, take, unbatched
from convolab.convolution.run import result_type, run
from convolab.engine import padding as padding_modes
from convolab.geometry import check_shape, convolution_geometry, layout, transposed_geometry
from convolab.geometry.arguments import whole


def forward(dims, input, weight, bias, stride, padding, dilation, groups, padding_mode, engine, out):
    name = f"conv{dims}d"
    input, weight, bias = take(name, input=input, weight=weight, bias=bias)
    kind = layout(name, dims, input.shape, weight.shape)
    input, weight = batched(input, kind, 2), batched(weight, kind, 1)
    geometry = convolution_geometry(
        name, input.shape, weight.shape, stride=stride, padding=padding, dilation=dilation, groups=groups,
        padding_mode=padding_mode,
    )  # fmt: skip
    if bias is not None:
        check_shape(name, "bias", bias.shape, (geometry.out_channels,), "one number an output channel")
    if padding_mode != "zeros":
        input, geometry = padding_modes.extend(geometry, input), padding_modes.extended_geometry(geometry)
    if out is not None:
        check_out(name, out, laid_out(geometry.output_shape, kind), result_type(geometry, input, weight), input, weight)
        run(name, "forward", engine, geometry, (input, weight), bias, batched(out, kind, 2))
        return out
    return unbatched(run(name, "forward", engine, geometry, (input, weight), bias), kind)


def input_gradient(dims, input_size, weight, grad_output, stride, padding, dilation, groups, padding_mode, engine):
    name = f"conv{dims}d_input"
    weight, grad_output = take(name, weight=weight, grad_output=grad_output)
    input_size = tuple(whole(name, "input_size", size, minimum=0) for size in input_size)
    kind = layout(name, dims, input_size, weight.shape)
    weight = batched(weight, kind, 1)
    geometry = convolution_geometry(
        name, batched_shape(input_size, kind), weight.shape, stride=stride, padding=padding, dilation=dilation,
        groups=groups, padding_mode=padding_mode,
    )  # fmt: skip
    check_shape(name, "grad_output", grad_output.shape, laid_out(geometry.output_shape, kind), "the output's shape")
    grad_output = batched(grad_output, kind, 2)
    if padding_mode == "zeros":
        return unbatched(run(name, "input_gradient", engine, geometry, (weight, grad_output)), kind)
    extended, given = padding_modes.extended_geometry(geometry), weight
    if padding_modes.is_short(given):
        weight, grad_output = single(weight), single(grad_output)
    grad_extended = run(name, "input_gradient", engine, extended, (weight, grad_output))
    return unbatched(like(given, padding_modes.fold(geometry, grad_extended)), kind)


def weight_gradient(dims, input, weight_size, grad_output, stride, padding, dilation, groups, padding_mode, engine):
    name = f"conv{dims}d_weight"
    input, grad_output = take(name, input=input, grad_output=grad_output)
    weight_size = tuple(whole(name, "weight_size", size, minimum=0) for size in weight_size)
    kind = layout(name, dims, input.shape, weight_size)
    input = batched(input, kind, 2)
    weight_size = (1, 1, *weight_size) if kind == "plane" else weight_size
    geometry = convolution_geometry(
        name, input.shape, weight_size, stride=stride, padding=padding, dilation=dilation, groups=groups,
        padding_mode=padding_mode,
    )  # fmt: skip
    check_shape(name, "grad_output", grad_output.shape, laid_out(geometry.output_shape, kind), "the output's shape")
    grad_output = batched(grad_output, kind, 2)
    if padding_mode != "zeros":
        input, geometry = padding_modes.extend(geometry, input), padding_modes.extended_geometry(geometry)
    grad_weight = run(name, "weight_gradient", engine, geometry, (input, grad_output))
    return grad_weight[0, 0] if kind == "plane" else grad_weight


def transposed(dims, input, weight, bias, stride, padding, output_padding, dilation, groups, engine):
    name = f"conv_transpose{dims}d"
    input, weight, bias = take(name, input=input, weight=weight, bias=bias)
    kind = layout(name, dims, input.shape, weight.shape)
    input, weight = batched(input, kind, 2), batched(weight, kind, 1)
    geometry = transposed_geometry(
        name, input.shape, weight.shape, stride=stride, padding=padding, output_padding=output_padding,
        dilation=dilation, groups=groups,
    )  # fmt: skip
    output = run(name, "input_gradient", engine, geometry, (weight, input))
    if bias is not None:
        check_shape(name, "bias", bias.shape, (geometry.in_channels,), "one number an output channel")
        output = output + bias.reshape(-1, *[1] * dims)
    return unbatched(output, kind)
