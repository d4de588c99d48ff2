"""What the engines that take tensors are given, and how it lies in memory."""

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from torch import Tensor

# A NumPy array or a torch tensor, where one piece of code serves both.
ArrayOrTensor: TypeAlias = Any


def lies_channels_last(tensor: "Tensor") -> bool:
    """Return whether a tensor's channels are its fastest axis, as in `torch.channels_last`."""
    return tensor.dim() > 3 and not tensor.is_contiguous() and tensor.stride(1) == 1
