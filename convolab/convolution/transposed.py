"""`conv_transpose1d`, `conv_transpose2d`, `conv_transpose3d`: the adjoint of a convolution, used to go forward."""

from __future__ import annotations

from convolab.convolution import calls
from convolab.convolution.annotations import Array, Ints, Pairs
from convolab.engine import EngineName
from convolab.transforms.library import AlgorithmName


def conv_transpose1d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Ints = 1,
    padding: Pairs = 0,
    output_padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
) -> Array:
    """Return the transposed convolution of a signal: the adjoint of `conv1d`, used to go forward.

        output[n, ci, ix] = bias[ci] + Σ input[n, co, ox] · weight[co, c, kx]
        over the taps of that `conv1d`

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, L), (C_in, L) or (L,)
    weight : array or tensor, shape (C_in, C_out / groups, kL), or for a bare signal (kL,)
    bias : array or tensor, shape (C_out,), optional
    stride, dilation, padding, groups, engine, algorithm
        Those of the `conv1d` whose adjoint this is; padding in pixels, not "same" or "valid".
    output_padding : int or (int,)
        Pixels added behind the output, to choose among the sizes that `conv1d` maps to the same output.

    Returns
    -------
    array or tensor, shape (N, C_out, oL), (C_out, oL) or (oL,)
        Along each axis the size is stride · (input − 1) + dilation · (kernel − 1) + 1 − 2 · padding + output_padding.
        Types are those of `conv1d`.

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
    The adjoint of a cross-correlation. In the formula, co and ci are the channels of that `conv1d`: its output is the
    input here. There is one axis, x. Names and defaults are those of `torch.nn.functional.conv_transpose1d`.

    Cost
    ----
    One multiply-add a tap: at most N · C_in · (C_out / groups) · L · kL.

    Source
    ------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016, chapter 4.

    Examples
    --------
    >>> conv_transpose1d(np.array([1, 2]), np.array([1, 1, 1]), stride=2)
    array([1, 1, 3, 2, 2])
    """
    return calls.transposed(
        1, input, weight, bias, stride, padding, output_padding, dilation, groups, engine, algorithm
    )


def conv_transpose2d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Ints = 1,
    padding: Pairs = 0,
    output_padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
) -> Array:
    """Return the transposed convolution of an image: the adjoint of `conv2d`, used to go forward.

        output[n, ci, iy, ix] = bias[ci] + Σ input[n, co, oy, ox] · weight[co, c, ky, kx]
        over the taps of that `conv2d`

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W), (C_in, H, W) or (H, W)
    weight : array or tensor, shape (C_in, C_out / groups, kH, kW), or for a bare plane (kH, kW)
    bias : array or tensor, shape (C_out,), optional
    stride, dilation, padding, groups, engine, algorithm
        Those of the `conv2d` whose adjoint this is; padding in pixels, not "same" or "valid".
    output_padding : int or (int, int)
        Pixels added behind the output, to choose among the sizes that `conv2d` maps to the same output.

    Returns
    -------
    array or tensor, shape (N, C_out, oH, oW), (C_out, oH, oW) or (oH, oW)
        Along each axis the size is stride · (input − 1) + dilation · (kernel − 1) + 1 − 2 · padding + output_padding.
        Types are those of `conv2d`.

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
    The adjoint of a cross-correlation. In the formula, co and ci are the channels of that `conv2d`: its output is the
    input here. Axes are in the order (y, x). Names and defaults are those of `torch.nn.functional.conv_transpose2d`.

    Cost
    ----
    One multiply-add a tap: at most N · C_in · (C_out / groups) · H · W · kH · kW.

    Source
    ------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016, chapter 4.

    Examples
    --------
    >>> conv_transpose2d(np.array([[1, 2]]), np.array([[1, 1, 1]]), stride=2)
    array([[1, 1, 3, 2, 2]])
    """
    return calls.transposed(
        2, input, weight, bias, stride, padding, output_padding, dilation, groups, engine, algorithm
    )


def conv_transpose3d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Ints = 1,
    padding: Pairs = 0,
    output_padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
) -> Array:
    """Return the transposed convolution of a volume: the adjoint of `conv3d`, used to go forward.

        output[n, ci, iz, iy, ix] = bias[ci] + Σ input[n, co, oz, oy, ox] · weight[co, c, kz, ky, kx]
        over the taps of that `conv3d`

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, D, H, W), (C_in, D, H, W) or (D, H, W)
    weight : array or tensor, shape (C_in, C_out / groups, kD, kH, kW), or for a bare volume (kD, kH, kW)
    bias : array or tensor, shape (C_out,), optional
    stride, dilation, padding, groups, engine, algorithm
        Those of the `conv3d` whose adjoint this is; padding in pixels, not "same" or "valid".
    output_padding : int or (int, int, int)
        Pixels added behind the output, to choose among the sizes that `conv3d` maps to the same output.

    Returns
    -------
    array or tensor, shape (N, C_out, oD, oH, oW), (C_out, oD, oH, oW) or (oD, oH, oW)
        Along each axis the size is stride · (input − 1) + dilation · (kernel − 1) + 1 − 2 · padding + output_padding.
        Types are those of `conv3d`.

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
    The adjoint of a cross-correlation. In the formula, co and ci are the channels of that `conv3d`: its output is the
    input here. Axes are in the order (z, y, x). Names and defaults are those of `torch.nn.functional.conv_transpose3d`.

    Cost
    ----
    One multiply-add a tap: at most N · C_in · (C_out / groups) · D · H · W · kD · kH · kW.

    Source
    ------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016, chapter 4.

    Examples
    --------
    >>> conv_transpose3d(np.array([[[1, 2]]]), np.array([[[1, 1, 1]]]), stride=2)
    array([[[1, 1, 3, 2, 2]]])
    """
    return calls.transposed(
        3, input, weight, bias, stride, padding, output_padding, dilation, groups, engine, algorithm
    )
