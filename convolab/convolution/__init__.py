"""The public operator: conv1d, conv2d and conv3d, the two gradients of each, and the transposed convolutions.

All compute cross-correlation, as every deep-learning library does: the kernel is not flipped. Names and argument order
are those of `torch.nn.functional` and `torch.nn.grad`. Each call checks its arguments, finds the geometry, and hands
both to an engine (`calls.py`, one definition for any number of axes).

NumPy arrays give NumPy arrays, and torch tensors give tensors. Floating types keep their type. Sums of integers are
exact: int32 where sums of 8-bit products cannot leave it, and int64 otherwise.
"""

from convolab.convolution.forward import conv1d, conv2d, conv3d
from convolab.convolution.input_gradient import conv1d_input, conv2d_input, conv3d_input
from convolab.convolution.transposed import conv_transpose1d, conv_transpose2d, conv_transpose3d
from convolab.convolution.weight_gradient import conv1d_weight, conv2d_weight, conv3d_weight

__all__ = [
    "conv1d",
    "conv1d_input",
    "conv1d_weight",
    "conv2d",
    "conv2d_input",
    "conv2d_weight",
    "conv3d",
    "conv3d_input",
    "conv3d_weight",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
]
