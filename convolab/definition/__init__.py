"""What a convolution is: three sums over taps, slow and obviously right."""

from convolab.definition.explain import Explanation, explain
from convolab.definition.matrix import linear_operator, matrix
from convolab.definition.sheet import apply_convolution, compute_convolution_at_position
from convolab.definition.sums import conv, conv_input, conv_weight

__all__ = [
    "Explanation",
    "apply_convolution",
    "compute_convolution_at_position",
    "conv",
    "conv_input",
    "conv_weight",
    "explain",
    "linear_operator",
    "matrix",
]
