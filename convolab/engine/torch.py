"""PyTorch's own convolution behind the same functions: any device, its autograd, bfloat16, torch.compile.

The functions take NumPy arrays or tensors and return what they were given. PyTorch pads both ends alike and knows one
output size for each input size; where the geometry differs, the input is padded or cropped first so that every window
fits exactly.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from convolab.engine.layout import ArrayOrTensor, lies_channels_last
from convolab.geometry import Axis, Geometry, output_size

CONVOLUTIONS = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


def supports(geometry: Geometry, dtype: np.dtype[Any]) -> bool:
    # PyTorch has no gradients of integer convolutions.
    return dtype.kind == "f" and dtype != np.dtype(np.longdouble)


def forward(
    geometry: Geometry,
    input: ArrayOrTensor,
    weight: ArrayOrTensor,
    bias: ArrayOrTensor | None = None,
    out: ArrayOrTensor | None = None,
) -> ArrayOrTensor:
    """output[n, co, o] = bias[co] + Σ input[n, ci, i] · weight[co, c, k]"""
    padding, x = _fit(geometry, as_tensor(input))
    w, b = as_tensor(weight), None if bias is None else as_tensor(bias)
    convolve = CONVOLUTIONS[len(geometry.axes)]
    result = convolve(x, w, b, _strides(geometry), padding, _dilations(geometry), geometry.groups)
    return _like(input, result, out)


def input_gradient(geometry: Geometry, weight: ArrayOrTensor, grad_output: ArrayOrTensor) -> ArrayOrTensor:
    """grad_input[n, ci, i] = Σ grad_output[n, co, o] · weight[co, c, k]"""
    w, g = as_tensor(weight), as_tensor(grad_output)
    padding, margins = _padding(geometry)
    size = [a.input + before + after for a, (before, after) in zip(geometry.axes, margins, strict=True)]
    x = g.new_empty(1).expand(geometry.batch, geometry.in_channels, *size)
    grad = _backward(geometry, g, x, w, padding, (True, False, False))[0]
    return _like(weight, _resized(grad, [(-before, -after) for before, after in margins]))


def weight_gradient(geometry: Geometry, input: ArrayOrTensor, grad_output: ArrayOrTensor) -> ArrayOrTensor:
    """grad_weight[co, c, k] = Σ grad_output[n, co, o] · input[n, ci, i]"""
    x, g = as_tensor(input), as_tensor(grad_output)
    padding, x = _fit(geometry, x)
    w = g.new_empty(1).expand(geometry.weight_shape)
    return _like(input, _backward(geometry, g, x, w, padding, (False, True, False))[1])


def _backward(
    geometry: Geometry,
    grad_output: torch.Tensor,
    input: torch.Tensor,
    weight: torch.Tensor,
    padding: list[int],
    wanted: tuple[bool, bool, bool],
) -> Sequence[torch.Tensor]:
    """PyTorch's gradients with respect to input, weight and bias, as far as they are `wanted`."""
    zeros = [0] * len(geometry.axes)
    strides, dilations = _strides(geometry), _dilations(geometry)
    gradients: Sequence[torch.Tensor] = torch.ops.aten.convolution_backward(
        grad_output, input, weight, None, strides, padding, dilations, False, zeros, geometry.groups, wanted
    )
    return gradients


def _strides(geometry: Geometry) -> list[int]:
    return [axis.stride for axis in geometry.axes]


def _dilations(geometry: Geometry) -> list[int]:
    return [axis.dilation for axis in geometry.axes]


def _is_torchs(axis: Axis) -> bool:
    """Whether PyTorch's padding argument can express this axis."""
    padding = (axis.before, axis.after)
    natural = output_size(axis.input, axis.kernel, axis.stride, axis.dilation, *padding)
    return axis.before == axis.after and axis.output == natural


def _padding(geometry: Geometry) -> tuple[list[int], list[tuple[int, int]]]:
    """torch's padding argument, and the (before, after) margins to add by hand (negative: to crop)."""
    if all(_is_torchs(axis) for axis in geometry.axes):
        return [axis.before for axis in geometry.axes], [(0, 0)] * len(geometry.axes)
    fits = [a.stride * (a.output - 1) + a.span - a.before - a.input for a in geometry.axes]
    return [0] * len(fits), [(a.before, after) for a, after in zip(geometry.axes, fits, strict=True)]


def _fit(geometry: Geometry, input: torch.Tensor) -> tuple[list[int], torch.Tensor]:
    """torch's padding argument, and the input with what that cannot express padded or cropped."""
    padding, margins = _padding(geometry)
    return padding, _resized(input, margins)


def _resized(tensor: torch.Tensor, margins: list[tuple[int, int]]) -> torch.Tensor:
    """The tensor with (before, after) zeros more along each spatial axis, or fewer elements where that is negative.

    Zeros are added before anything is cropped, since the crop may reach into them.
    """
    if any(m > 0 for pair in margins for m in pair):
        tensor = F.pad(tensor, [max(m, 0) for pair in reversed(margins) for m in pair])
    for dim, (before, after) in enumerate(margins, start=2):
        if before < 0 or after < 0:
            start = max(-before, 0)
            tensor = tensor.narrow(dim, start, tensor.shape[dim] - start - max(-after, 0))
    return tensor


def as_array(tensor: torch.Tensor) -> NDArray[Any]:
    """An array over the tensor's memory; over a copy, made by all threads, where the channels are its fastest axis."""
    detached = tensor.detach()
    array: NDArray[Any] = (detached.contiguous() if lies_channels_last(detached) else detached).numpy()
    return array


class _Writable:
    """The same memory without its read-only mark: torch warns of read-only arrays, and nothing here writes to them."""

    def __init__(self, array: NDArray[Any]):
        self.owner = array
        self.__array_interface__ = {**array.__array_interface__, "data": (array.ctypes.data, False)}


def as_tensor(array: ArrayOrTensor) -> torch.Tensor:
    """A tensor over the array's memory; a copy where torch cannot take the layout (negative strides, byte order)."""
    if isinstance(array, torch.Tensor):
        return array
    if not array.dtype.isnative or any(s < 0 for s in array.strides) or any(s % array.itemsize for s in array.strides):
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
    return torch.from_numpy(array if array.flags.writeable else np.asarray(_Writable(array)))


def _like(given: ArrayOrTensor, result: torch.Tensor, out: ArrayOrTensor | None = None) -> ArrayOrTensor:
    """The result as the kind of array that was given, in `out` where there is one."""
    if isinstance(given, torch.Tensor):
        return result if out is None else out.copy_(result)
    array = result.numpy()
    if out is None:
        return array
    out[...] = array
    return out
