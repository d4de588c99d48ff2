"""`conv1d_weight`, `conv2d_weight`, `conv3d_weight`: the gradient of a convolution with respect to its weight."""

from __future__ import annotations

from collections.abc import Sequence

from convolab.convolution import calls
from convolab.convolution.annotations import Array, Ints, Padding
from convolab.engine import EngineName
from convolab.transforms.library import AlgorithmName


def conv1d_weight(
    input: Array,
    weight_size: Sequence[int],
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
    """Return the gradient of `conv1d` with respect to its weight.

        grad_weight[co, c, kx] = Σ grad_output[n, co, ox] · input[n, ci, ix]
        over the taps of `conv1d`

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, L), (C_in, L) or (L,)
    weight_size : sequence of int
        The shape of the convolution's weight, (C_out, C_in / groups, kL), or for a bare signal (kL,).
    grad_output : array or tensor, shape (N, C_out, oL), (C_out, oL) or (oL,)
        The gradient of a loss with respect to the convolution's output.
    stride, padding, dilation, groups, padding_mode, engine, algorithm
        As in `conv1d`, and as they were there.

    Returns
    -------
    array or tensor, shape weight_size
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
    Arguments are those of `torch.nn.grad.conv1d_weight`; padding modes and layouts that it does not know are taken too.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oL · kL.

    Source
    ------
    Y. LeCun and others, "Backpropagation applied to handwritten zip code recognition", Neural Computation 1(4), 1989.

    Examples
    --------
    >>> conv1d_weight(np.array([1, 2, 4, 8]), (2,), np.array([1, 0, -1]))
    array([-3, -6])
    """
    return calls.weight_gradient(
        1, input, weight_size, grad_output, stride, padding, dilation, groups, padding_mode, engine, algorithm
    )


def conv2d_weight(
    input: Array,
    weight_size: Sequence[int],
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
    """Return the gradient of `conv2d` with respect to its weight.

        grad_weight[co, c, ky, kx] = Σ grad_output[n, co, oy, ox] · input[n, ci, iy, ix]
        over the taps of `conv2d`

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W), (C_in, H, W) or (H, W)
    weight_size : sequence of int
        The shape of the convolution's weight, (C_out, C_in / groups, kH, kW), or for a bare plane (kH, kW).
    grad_output : array or tensor, shape (N, C_out, oH, oW), (C_out, oH, oW) or (oH, oW)
        The gradient of a loss with respect to the convolution's output.
    stride, padding, dilation, groups, padding_mode, engine, algorithm
        As in `conv2d`, and as they were there.

    Returns
    -------
    array or tensor, shape weight_size
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
    Arguments are those of `torch.nn.grad.conv2d_weight`; padding modes and layouts that it does not know are taken too.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oH · oW · kH · kW.

    Source
    ------
    Y. LeCun and others, "Backpropagation applied to handwritten zip code recognition", Neural Computation 1(4), 1989.

    Examples
    --------
    >>> conv2d_weight(np.arange(9).reshape(3, 3), (2, 2), np.array([[1, 0], [0, 1]]))
    array([[ 4,  6],
           [10, 12]])
    """
    return calls.weight_gradient(
        2, input, weight_size, grad_output, stride, padding, dilation, groups, padding_mode, engine, algorithm
    )


def conv3d_weight(
    input: Array,
    weight_size: Sequence[int],
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
    """Return the gradient of `conv3d` with respect to its weight.

        grad_weight[co, c, kz, ky, kx] = Σ grad_output[n, co, oz, oy, ox] · input[n, ci, iz, iy, ix]
        over the taps of `conv3d`

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, D, H, W), (C_in, D, H, W) or (D, H, W)
    weight_size : sequence of int
        The shape of the convolution's weight, (C_out, C_in / groups, kD, kH, kW), or for a bare volume (kD, kH, kW).
    grad_output : array or tensor, shape (N, C_out, oD, oH, oW), (C_out, oD, oH, oW) or (oD, oH, oW)
        The gradient of a loss with respect to the convolution's output.
    stride, padding, dilation, groups, padding_mode, engine, algorithm
        As in `conv3d`, and as they were there.

    Returns
    -------
    array or tensor, shape weight_size
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
    Arguments are those of `torch.nn.grad.conv3d_weight`; padding modes and layouts that it does not know are taken too.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oD · oH · oW · kD · kH · kW.

    Source
    ------
    Y. LeCun and others, "Backpropagation applied to handwritten zip code recognition", Neural Computation 1(4), 1989.

    Examples
    --------
    >>> conv3d_weight(np.arange(8).reshape(2, 2, 2), (1, 1, 2), np.ones((2, 2, 1), int))
    array([[[12, 16]]])
    """
    return calls.weight_gradient(
        3, input, weight_size, grad_output, stride, padding, dilation, groups, padding_mode, engine, algorithm
    )
