"""`conv1d`, `conv2d`, `conv3d`: the sum of the products under each window."""

from __future__ import annotations

from convolab.convolution import calls
from convolab.convolution.annotations import Array, Ints, Padding
from convolab.engine import EngineName
from convolab.transforms.library import AlgorithmName


def conv1d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Ints = 1,
    padding: Padding = 0,
    dilation: Ints = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
    out: Array | None = None,
) -> Array:
    """Return the cross-correlation of a signal with a kernel: for each window, the sum of the products under it.

        output[n, co, ox] = bias[co] + Σ input[n, ci, ix] · weight[co, c, kx]
        with i = stride · o + dilation · k − padding along each axis

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, L), (C_in, L) or (L,)
    weight : array or tensor, shape (C_out, C_in / groups, kL), or for a bare signal (kL,)
    bias : array or tensor, shape (C_out,), optional
    stride, dilation : int or (int,)
        Pixels from one window to the next, and from one tap of a window to the next.
    padding : int, (int,), ((before, after),), "same" or "valid"
        Pixels on both sides, or before and after.
    groups : int
        Channels are split into this many groups that do not see each other.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        `1 2 3 4` padded by two: `0 0 | 1 2 3 4 | 0 0`, `3 2 | 1 2 3 4 | 3 2`, `1 1 | 1 2 3 4 | 4 4`,
        `3 4 | 1 2 3 4 | 1 2`.
    engine : str
        "auto" takes the fastest that is installed and repays its compiling; or a name of `convolab.engine.ENGINES`.
    algorithm : {"auto", "direct", "transform"}
        "direct" sums over the taps; "transform" takes Fourier transforms of tiles (docs/performance.md says how right
        they are); "auto" those where `engine` is "auto", SciPy is installed, and they cost less by a model.
    out : array or tensor, optional
        Where to write the output; of the output's shape and type, and apart from the inputs.

    Returns
    -------
    array or tensor, shape (N, C_out, oL), (C_out, oL) or (oL,)
        Floating types keep their type. Sums of 8-bit integers are int32 where they cannot leave it; all other sums of
        integers are int64. Both are exact.

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
    Cross-correlation: the kernel is not flipped. There is one axis, x. Names and defaults are those of
    `torch.nn.functional.conv1d`.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oL · kL.

    Source
    ------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016, chapter 2.

    Examples
    --------
    >>> conv1d(np.array([1, 2, 4, 8]), np.array([1, -1]))
    array([-1, -2, -4])
    """
    return calls.forward(
        1, input, weight, bias, stride, padding, dilation, groups, padding_mode, engine, algorithm, out
    )


def conv2d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Ints = 1,
    padding: Padding = 0,
    dilation: Ints = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
    out: Array | None = None,
) -> Array:
    """Return the cross-correlation of an image with a kernel: for each window, the sum of the products under it.

        output[n, co, oy, ox] = bias[co] + Σ input[n, ci, iy, ix] · weight[co, c, ky, kx]
        with i = stride · o + dilation · k − padding along each axis

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W), (C_in, H, W) or (H, W)
    weight : array or tensor, shape (C_out, C_in / groups, kH, kW), or for a bare plane (kH, kW)
    bias : array or tensor, shape (C_out,), optional
    stride, dilation : int or (int, int)
        Pixels from one window to the next, and from one tap of a window to the next.
    padding : int, (int, int), ((before, after), (before, after)), "same" or "valid"
        Pixels on both sides, or before and after.
    groups : int
        Channels are split into this many groups that do not see each other.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        `1 2 3 4` padded by two: `0 0 | 1 2 3 4 | 0 0`, `3 2 | 1 2 3 4 | 3 2`, `1 1 | 1 2 3 4 | 4 4`,
        `3 4 | 1 2 3 4 | 1 2`.
    engine : str
        "auto" takes the fastest that is installed and repays its compiling; or a name of `convolab.engine.ENGINES`.
    algorithm : {"auto", "direct", "transform"}
        "direct" sums over the taps; "transform" takes Fourier transforms of tiles (docs/performance.md says how right
        they are); "auto" those where `engine` is "auto", SciPy is installed, and they cost less by a model.
    out : array or tensor, optional
        Where to write the output; of the output's shape and type, and apart from the inputs.

    Returns
    -------
    array or tensor, shape (N, C_out, oH, oW), (C_out, oH, oW) or (oH, oW)
        Floating types keep their type. Sums of 8-bit integers are int32 where they cannot leave it; all other sums of
        integers are int64. Both are exact.

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
    Cross-correlation: the kernel is not flipped. Axes are in the order (y, x). Names and defaults are those of
    `torch.nn.functional.conv2d`.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oH · oW · kH · kW.

    Source
    ------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016, chapter 2.

    Examples
    --------
    >>> conv2d(np.arange(12).reshape(3, 4), np.array([[1, 2], [3, 4]]))
    array([[34, 44, 54],
           [74, 84, 94]])
    """
    return calls.forward(
        2, input, weight, bias, stride, padding, dilation, groups, padding_mode, engine, algorithm, out
    )


def conv3d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Ints = 1,
    padding: Padding = 0,
    dilation: Ints = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    engine: EngineName = "auto",
    algorithm: AlgorithmName = "auto",
    out: Array | None = None,
) -> Array:
    """Return the cross-correlation of a volume with a kernel: for each window, the sum of the products under it.

        output[n, co, oz, oy, ox] = bias[co] + Σ input[n, ci, iz, iy, ix] · weight[co, c, kz, ky, kx]
        with i = stride · o + dilation · k − padding along each axis

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, D, H, W), (C_in, D, H, W) or (D, H, W)
    weight : array or tensor, shape (C_out, C_in / groups, kD, kH, kW), or for a bare volume (kD, kH, kW)
    bias : array or tensor, shape (C_out,), optional
    stride, dilation : int or (int, int, int)
        Pixels from one window to the next, and from one tap of a window to the next.
    padding : int, (int, int, int), (before, after) for each axis, "same" or "valid"
        Pixels on both sides, or before and after.
    groups : int
        Channels are split into this many groups that do not see each other.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        `1 2 3 4` padded by two: `0 0 | 1 2 3 4 | 0 0`, `3 2 | 1 2 3 4 | 3 2`, `1 1 | 1 2 3 4 | 4 4`,
        `3 4 | 1 2 3 4 | 1 2`.
    engine : str
        "auto" takes the fastest that is installed and repays its compiling; or a name of `convolab.engine.ENGINES`.
    algorithm : {"auto", "direct", "transform"}
        "direct" sums over the taps; "transform" takes Fourier transforms of tiles (docs/performance.md says how right
        they are); "auto" those where `engine` is "auto", SciPy is installed, and they cost less by a model.
    out : array or tensor, optional
        Where to write the output; of the output's shape and type, and apart from the inputs.

    Returns
    -------
    array or tensor, shape (N, C_out, oD, oH, oW), (C_out, oD, oH, oW) or (oD, oH, oW)
        Floating types keep their type. Sums of 8-bit integers are int32 where they cannot leave it; all other sums of
        integers are int64. Both are exact.

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
    Cross-correlation: the kernel is not flipped. Axes are in the order (z, y, x). Names and defaults are those of
    `torch.nn.functional.conv3d`.

    Cost
    ----
    One multiply-add a tap: at most N · C_out · (C_in / groups) · oD · oH · oW · kD · kH · kW.

    Source
    ------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, 2016, chapter 2.

    Examples
    --------
    >>> conv3d(np.arange(8).reshape(2, 2, 2), np.ones((2, 2, 1), int))
    array([[[12, 16]]])
    """
    return calls.forward(
        3, input, weight, bias, stride, padding, dilation, groups, padding_mode, engine, algorithm, out
    )
