"""`conv1d_input`, `conv2d_input`, `conv3d_input`: the gradient of a convolution with respect to its input."""

from __future__ import annotations

from collections.abc import Sequence

from convolab.convolution import calls
from convolab.convolution.annotations import Array, Ints, Padding
from convolab.engine import EngineName
from convolab.transforms.library import AlgorithmName


def conv1d_input(
    input_size: Sequence[int],
    weight: Array,
    grad_output: Array,
    *,
    stride: Ints = 1,
    padding: Padding = 0,
    dilation: Ints = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
) -> Array:
    """Return the gradient of `conv1d` with respect to its input: the adjoint of the convolution.

        grad_input[n, ci, ix] = Σ grad_output[n, co, ox] · weight[co, c, kx]
        over the taps of `conv1d`

    Parameters
    ----------
    input_size : sequence of int
        The shape of the convolution's input, (N, C_in, L), (C_in, L) or (L,).
    weight : array or tensor, shape (C_out, C_in / groups, kL), or for a bare signal (kL,)
    grad_output : array or tensor, shape (N, C_out, oL), (C_out, oL) or (oL,)
        The gradient of a loss with respect to the convolution's output.
    stride, padding, dilation, groups, padding_mode, engine, algorithm
        As in `conv1d`, and as they were there.

    Returns
    -------
    array or tensor, shape input_size
        Of the types of `conv1d`.

    Raises
    ------
    ArgumentError
        For shapes and values that do not fit.
    DtypeError
        For types that do not fit each other, or that have no convolution here.
    MissingDependencyError
        For an engine whose library is not installed.

    Convention
    ----------
    The gradient of the cross-correlation that `conv1d` computes. There is one axis, x.
    Arguments are those of `torch.nn.grad.conv1d_input`; padding modes and layouts that it does not know are taken too.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oL · kL.

    Source
    ------
    Y. LeCun and others, "Backpropagation applied to handwritten zip code recognition", Neural Computation 1(4), 1989.

    Examples
    --------
    >>> conv1d_input((4,), np.array([1, -1]), np.array([1, 2, 3]))
    array([ 1,  1,  1, -3])
    """
    return calls.input_gradient(
        1, input_size, weight, grad_output, stride, padding, dilation, groups, padding_mode, engine, algorithm
    )


def conv2d_input(
    input_size: Sequence[int],
    weight: Array,
    grad_output: Array,
    *,
    stride: Ints = 1,
    padding: Padding = 0,
    dilation: Ints = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
) -> Array:
    """Return the gradient of `conv2d` with respect to its input: the adjoint of the convolution.

        grad_input[n, ci, iy, ix] = Σ grad_output[n, co, oy, ox] · weight[co, c, ky, kx]
        over the taps of `conv2d`

    Parameters
    ----------
    input_size : sequence of int
        The shape of the convolution's input, (N, C_in, H, W), (C_in, H, W) or (H, W).
    weight : array or tensor, shape (C_out, C_in / groups, kH, kW), or for a bare plane (kH, kW)
    grad_output : array or tensor, shape (N, C_out, oH, oW), (C_out, oH, oW) or (oH, oW)
        The gradient of a loss with respect to the convolution's output.
    stride, padding, dilation, groups, padding_mode, engine, algorithm
        As in `conv2d`, and as they were there.

    Returns
    -------
    array or tensor, shape input_size
        Of the types of `conv2d`.

    Raises
    ------
    ArgumentError
        For shapes and values that do not fit.
    DtypeError
        For types that do not fit each other, or that have no convolution here.
    MissingDependencyError
        For an engine whose library is not installed.

    Convention
    ----------
    The gradient of the cross-correlation that `conv2d` computes. Axes are in the order (y, x).
    Arguments are those of `torch.nn.grad.conv2d_input`; padding modes and layouts that it does not know are taken too.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oH · oW · kH · kW.

    Source
    ------
    Y. LeCun and others, "Backpropagation applied to handwritten zip code recognition", Neural Computation 1(4), 1989.

    Examples
    --------
    >>> conv2d_input((3, 3), np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, 1]]))
    array([[1, 2, 0],
           [3, 5, 2],
           [0, 3, 4]])
    """
    return calls.input_gradient(
        2, input_size, weight, grad_output, stride, padding, dilation, groups, padding_mode, engine, algorithm
    )


def conv3d_input(
    input_size: Sequence[int],
    weight: Array,
    grad_output: Array,
    *,
    stride: Ints = 1,
    padding: Padding = 0,
    dilation: Ints = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
) -> Array:
    """Return the gradient of `conv3d` with respect to its input: the adjoint of the convolution.

        grad_input[n, ci, iz, iy, ix] = Σ grad_output[n, co, oz, oy, ox] · weight[co, c, kz, ky, kx]
        over the taps of `conv3d`

    Parameters
    ----------
    input_size : sequence of int
        The shape of the convolution's input, (N, C_in, D, H, W), (C_in, D, H, W) or (D, H, W).
    weight : array or tensor, shape (C_out, C_in / groups, kD, kH, kW), or for a bare volume (kD, kH, kW)
    grad_output : array or tensor, shape (N, C_out, oD, oH, oW), (C_out, oD, oH, oW) or (oD, oH, oW)
        The gradient of a loss with respect to the convolution's output.
    stride, padding, dilation, groups, padding_mode, engine, algorithm
        As in `conv3d`, and as they were there.

    Returns
    -------
    array or tensor, shape input_size
        Of the types of `conv3d`.

    Raises
    ------
    ArgumentError
        For shapes and values that do not fit.
    DtypeError
        For types that do not fit each other, or that have no convolution here.
    MissingDependencyError
        For an engine whose library is not installed.

    Convention
    ----------
    The gradient of the cross-correlation that `conv3d` computes. Axes are in the order (z, y, x).
    Arguments are those of `torch.nn.grad.conv3d_input`; padding modes and layouts that it does not know are taken too.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oD · oH · oW · kD · kH · kW.

    Source
    ------
    Y. LeCun and others, "Backpropagation applied to handwritten zip code recognition", Neural Computation 1(4), 1989.

    Examples
    --------
    >>> conv3d_input((1, 1, 3), np.array([[[1, 2]]]), np.array([[[1, 10]]]))
    array([[[ 1, 12, 20]]])
    """
    return calls.input_gradient(
        3, input_size, weight, grad_output, stride, padding, dilation, groups, padding_mode, engine, algorithm
    )
