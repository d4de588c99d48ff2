"""Is this function a convolution of its first two arguments, and which? Asked so that borders, phases and mistakes of a
gradient can be named after the geometry, although nobody has given it.
"""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from convolab.convolution import conv1d, conv2d, conv3d
from convolab.geometry import Geometry, convolution_geometry, output_size

CONVOLVE = {1: conv1d, 2: conv2d, 3: conv3d}
STRIDES, DILATIONS = (1, 2, 3, 4), (1, 2, 3)
# Candidates that are tried at most.
MOST = 300


def recognise(arrays: Sequence[np.ndarray], output: np.ndarray) -> Geometry | None:
    """Return the geometry of the zero-padded convolution that gave this output; None where no usual one did.

    Parameters
    ----------
    arrays : sequence of array
        The first two are taken for input and weight, batched or bare planes; a third for the bias.
    """
    if len(arrays) < 2 or arrays[0].ndim != arrays[1].ndim or not 1 <= arrays[0].ndim <= 5:
        return None
    input, weight = (_batched(a).astype(np.float64) for a in arrays[:2])
    result = output[None, None] if arrays[0].ndim < 3 else output
    if result.ndim != input.ndim:
        return None
    bias = arrays[2] if len(arrays) == 3 and arrays[2].shape == weight.shape[:1] else 0
    for options in candidates(input.shape, weight.shape, result.shape):
        expected = CONVOLVE[input.ndim - 2](input, weight, **options)
        expected = expected + np.reshape(bias, (-1, *[1] * (input.ndim - 2)))
        if np.allclose(expected, result, rtol=1e-4, atol=1e-5 * max(1.0, float(np.abs(expected).max()))):
            return convolution_geometry("gradcheck", input.shape, weight.shape, **options)
    return None


def _batched(array: np.ndarray) -> np.ndarray:
    return array[None, None] if array.ndim < 3 else array


def candidates(input: tuple, weight: tuple, output: tuple) -> Iterator[dict]:
    """Yield the options under which these shapes give that output shape, the simplest first."""
    if not weight[1] or input[1] % weight[1] or input[0] != output[0] or weight[0] != output[1]:
        return
    groups = input[1] // weight[1]
    axes = [list(_along(*sizes)) for sizes in zip(input[2:], weight[2:], output[2:], strict=True)]
    # The same on every axis before anything else; then the fewest departures from the plain convolution.
    found = sorted(product(*axes), key=lambda choice: (len(set(choice)) > 1, sum(map(sum, choice))))
    for choice in found[:MOST]:
        stride, dilation, padding = zip(*choice, strict=True)
        if weight[0] % groups == 0:
            yield {"stride": stride, "dilation": dilation, "padding": padding, "groups": groups}


def _along(input: int, kernel: int, output: int) -> Iterator[tuple[int, int, int]]:
    """Yield (stride, dilation, padding) that fit along one axis."""
    for stride, dilation, padding in product(STRIDES, DILATIONS if kernel > 1 else (1,), range(kernel + 1)):
        fits = dilation * (kernel - 1) < input + 2 * padding
        if fits and output_size(input, kernel, stride, dilation, padding, padding) == output:
            yield stride, dilation, padding
