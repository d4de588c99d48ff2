"""An engine as somebody would add one: the three sums and `supports`, and nothing else."""

import numpy as np


def supports(geometry, dtype):
    return True


def forward(geometry, input, weight, bias=None, out=None):
    output = np.zeros(geometry.output_shape, input.dtype)
    x, w, y = views(geometry, input, weight, output)
    for k, o, i in boxes(geometry):
        y[o] += np.einsum("gof,ngf...->ngo...", w[k], x[i])
    if bias is not None:
        output += bias.reshape(-1, *[1] * len(geometry.axes))
    if out is None:
        return output
    out[...] = output
    return out


def input_gradient(geometry, weight, grad_output):
    grad_input = np.zeros(geometry.input_shape, weight.dtype)
    x, w, y = views(geometry, grad_input, weight, grad_output)
    for k, o, i in boxes(geometry):
        x[i] += np.einsum("gof,ngo...->ngf...", w[k], y[o])
    return grad_input


def weight_gradient(geometry, input, grad_output):
    grad_weight = np.zeros(geometry.weight_shape, input.dtype)
    x, w, y = views(geometry, input, grad_weight, grad_output)
    for k, o, i in boxes(geometry):
        products = y[o][:, :, :, None] * x[i][:, :, None]
        w[k] = products.sum(axis=(0, *range(4, products.ndim)))
    return grad_weight


def boxes(geometry):
    """For each kernel position its index, and the outputs and the inputs that meet through it."""
    for k in np.ndindex(*geometry.kernel):
        each = list(zip(geometry.axes, k, strict=True))
        outputs, inputs = [a.outputs_of_kernel(p) for a, p in each], [a.inputs_of_kernel(p) for a, p in each]
        if all(outputs):
            yield (..., *k), (..., *np.ix_(*outputs)), (..., *np.ix_(*inputs))


def views(geometry, input, weight, output):
    """Input, weight and output with their channels as (groups, channels in the group)."""
    g, batch = geometry.groups, geometry.batch
    inputs, outputs = geometry.in_channels // g, geometry.out_channels // g
    return (
        input.reshape(batch, g, inputs, *geometry.input),
        weight.reshape(g, outputs, inputs, *geometry.kernel),
        output.reshape(batch, g, outputs, *geometry.output),
    )
