"""The public operator: conv1d/2d/3d, their two gradients, and the transposed convolutions.

What they compute is cross-correlation, as in every deep-learning library: the kernel is not flipped. Names and argument
order are those of `torch.nn.functional` and `torch.nn.grad`. Each call checks its arguments, finds the geometry, and
hands both to an engine.

NumPy arrays and torch tensors go in and come out as what they were. Floating types keep their type. Integers come out
exact: sums of 8-bit products as int32 where they cannot leave it, all others as int64.
"""

from convolab.convolution import calls


def conv2d(
    input,
    weight,
    bias=None,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
    out=None,
):
    """Slide a kernel over an image and add up the products under it.

        output[n, co, oy, ox] = bias[co] + Σ input[n, ci, iy, ix] · weight[co, c, ky, kx]
        with i = stride · o + dilation · k − padding along each axis

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W), (C_in, H, W), or a bare plane (H, W)
    weight : array or tensor, shape (C_out, C_in / groups, kH, kW), or for a bare plane (kH, kW)
    bias : array or tensor, shape (C_out,), optional
    stride, dilation : int or (int, int)
        In pixels.
    padding : int, (int, int), ((before, after), (before, after)), "same" or "valid"
        In pixels.
    groups : int
        Channels are split into this many groups that do not see each other.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        `1 2 3 4` padded by two: `0 0 | 1 2 3 4 | 0 0`, `3 2 | 1 2 3 4 | 3 2`, `1 1 | 1 2 3 4 | 4 4`,
        `3 4 | 1 2 3 4 | 1 2`.
    engine : {"auto", "halide", "numpy", "torch"}
    out : array or tensor, optional
        Where to write the output; of the output's shape and type, and apart from the inputs.

    Returns
    -------
    array or tensor, shape (N, C_out, oH, oW), (C_out, oH, oW) or (oH, oW)

    Raises
    ------
    ArgumentError
        For shapes and values that do not fit.
    DtypeError
        For types that do not fit each other, or that have no convolution here.

    Examples
    --------
    >>> conv2d(np.arange(12).reshape(3, 4), np.array([[1, 2], [3, 4]]))
    array([[34, 44, 54],
           [74, 84, 94]])
    """
    return calls.forward(2, input, weight, bias, stride, padding, dilation, groups, padding_mode, engine, out)


def conv2d_input(
    input_size,
    weight,
    grad_output,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
):
    """The gradient of a convolution with respect to its input: the adjoint.

        grad_input[n, ci, iy, ix] = Σ grad_output[n, co, oy, ox] · weight[co, c, ky, kx]    over the same taps

    Parameters
    ----------
    input_size : sequence of int
        The shape of the convolution's input, (N, C_in, H, W), (C_in, H, W) or (H, W).
    weight : array or tensor, shape (C_out, C_in / groups, kH, kW) or (kH, kW)
    grad_output : array or tensor, of the shape of the convolution's output
    stride, padding, dilation, groups, padding_mode, engine
        As in `conv2d`.

    Returns
    -------
    array or tensor, shape input_size

    Examples
    --------
    >>> conv2d_input((3, 3), np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, 1]]))
    array([[1, 2, 0],
           [3, 5, 2],
           [0, 3, 4]])
    """
    return calls.input_gradient(
        2, input_size, weight, grad_output, stride, padding, dilation, groups, padding_mode, engine
    )


def conv2d_weight(
    input,
    weight_size,
    grad_output,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
):
    """The gradient of a convolution with respect to its weight.

        grad_weight[co, c, ky, kx] = Σ grad_output[n, co, oy, ox] · input[n, ci, iy, ix]    over the same taps

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W), (C_in, H, W) or (H, W)
    weight_size : sequence of int
        The shape of the convolution's weight, (C_out, C_in / groups, kH, kW) or (kH, kW).
    grad_output : array or tensor, of the shape of the convolution's output
    stride, padding, dilation, groups, padding_mode, engine
        As in `conv2d`.

    Returns
    -------
    array or tensor, shape weight_size

    Examples
    --------
    >>> conv2d_weight(np.arange(9).reshape(3, 3), (2, 2), np.array([[1, 0], [0, 1]]))
    array([[ 4,  6],
           [10, 12]])
    """
    return calls.weight_gradient(
        2, input, weight_size, grad_output, stride, padding, dilation, groups, padding_mode, engine
    )


def conv_transpose2d(
    input, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1, engine="auto"
):
    """The transposed convolution: the adjoint of a convolution, used to go forward.

        output[n, ci, iy, ix] = bias[ci] + Σ input[n, co, oy, ox] · weight[co, c, ky, kx]    over that one's taps

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W), (C_in, H, W), or a bare plane (H, W)
    weight : array or tensor, shape (C_in, C_out / groups, kH, kW), or for a bare plane (kH, kW)
    bias : array or tensor, shape (C_out,), optional
    stride, dilation, padding, groups, engine
        Those of the convolution whose adjoint this is.
    output_padding : int or (int, int)
        Pixels added behind the output, to choose among the sizes that the convolution maps to the same output.

    Returns
    -------
    array or tensor, shape (N, C_out, oH, oW), with oH = stride · (H − 1) + dilation · (kH − 1) + 1 − 2 · padding +
    output_padding

    Examples
    --------
    >>> conv_transpose2d(np.array([[1, 2]]), np.array([[1, 1, 1]]), stride=2)
    array([[1, 1, 3, 2, 2]])
    """
    return calls.transposed(2, input, weight, bias, stride, padding, output_padding, dilation, groups, engine)


def conv1d(
    input,
    weight,
    bias=None,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
    out=None,
):
    """`conv2d` along one axis: (N, C_in, L) with (C_out, C_in / groups, kL), or bare (L,) with bare (kL,)."""
    return calls.forward(1, input, weight, bias, stride, padding, dilation, groups, padding_mode, engine, out)


def conv1d_input(
    input_size,
    weight,
    grad_output,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
):
    """`conv2d_input` along one axis; returns shape input_size, (N, C_in, L), (C_in, L) or (L,)."""
    return calls.input_gradient(
        1, input_size, weight, grad_output, stride, padding, dilation, groups, padding_mode, engine
    )


def conv1d_weight(
    input,
    weight_size,
    grad_output,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
):
    """`conv2d_weight` along one axis; returns shape weight_size, (C_out, C_in / groups, kL) or (kL,)."""
    return calls.weight_gradient(
        1, input, weight_size, grad_output, stride, padding, dilation, groups, padding_mode, engine
    )


def conv_transpose1d(
    input, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1, engine="auto"
):
    """`conv_transpose2d` along one axis: (N, C_in, L) with (C_in, C_out / groups, kL)."""
    return calls.transposed(1, input, weight, bias, stride, padding, output_padding, dilation, groups, engine)


def conv3d(
    input,
    weight,
    bias=None,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
    out=None,
):
    """`conv2d` over volumes: (N, C_in, D, H, W) with (C_out, C_in / groups, kD, kH, kW), or bare with bare."""
    return calls.forward(3, input, weight, bias, stride, padding, dilation, groups, padding_mode, engine, out)


def conv3d_input(
    input_size,
    weight,
    grad_output,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
):
    """`conv2d_input` over volumes; returns shape input_size, (N, C_in, D, H, W), (C_in, D, H, W) or (D, H, W)."""
    return calls.input_gradient(
        3, input_size, weight, grad_output, stride, padding, dilation, groups, padding_mode, engine
    )


def conv3d_weight(
    input,
    weight_size,
    grad_output,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
    engine="auto",
):
    """`conv2d_weight` over volumes; returns shape weight_size, (C_out, C_in / groups, kD, kH, kW) or (kD, kH, kW)."""
    return calls.weight_gradient(
        3, input, weight_size, grad_output, stride, padding, dilation, groups, padding_mode, engine
    )


def conv_transpose3d(
    input, weight, bias=None, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1, engine="auto"
):
    """`conv_transpose2d` over volumes: (N, C_in, D, H, W) with (C_in, C_out / groups, kD, kH, kW)."""
    return calls.transposed(3, input, weight, bias, stride, padding, output_padding, dilation, groups, engine)
