"""What does a convolution do to each frequency? It multiplies it by a small matrix, its symbol.

With stride s an image splits into s phases, x_r[t] = x[s t + r]. Writing dilation · k − padding = s q + r, kernel
position k reads phase r shifted by q, and a wave of f cycles per output pixel leaves as

    B(f) x̂(f),    B(f)[co, (c, r)] = Σ over k of phase r   weight[co, c, k] · exp(2πi f q)

On an image that closes into a ring, these matrices at the ring's frequencies are the whole operator.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

from convolab.geometry import Axis, Geometry


def symbol(geometry: Geometry, weight: np.ndarray, frequencies: Sequence[np.ndarray]) -> np.ndarray:
    """Return the symbol on a grid of frequencies.

    Parameters
    ----------
    weight : array, shape (C_out, C_in / groups, *kernel)
    frequencies : one array an axis
        In cycles per output pixel.

    Returns
    -------
    complex array, shape (groups, points, C_out / groups, C_in / groups · phases)
    """
    outputs = geometry.out_channels // geometry.groups
    blocks = weight.reshape(geometry.groups, outputs, *weight.shape[1:]).astype(complex)
    for axis, f in zip(geometry.axes, frequencies, strict=True):
        # The first kernel axis left is contracted; its (frequency, phase) axes go to the end.
        blocks = np.tensordot(blocks, waves(axis, np.asarray(f)), axes=(3, 2))
    dims = len(geometry.axes)
    grid, phases = [3 + 2 * n for n in range(dims)], [4 + 2 * n for n in range(dims)]
    blocks = blocks.transpose(0, *grid, 1, 2, *phases)
    points = prod(len(f) for f in frequencies)
    return blocks.reshape(geometry.groups, points, outputs, -1)


def waves(axis: Axis, frequencies: np.ndarray) -> np.ndarray:
    """Return exp(2πi f q) where kernel position k reads phase r, else 0; shape (frequencies, phases, kernel)."""
    shift, phase = shifts(axis)
    reads = phase == np.arange(axis.stride)[:, None]
    return reads * np.exp(2j * np.pi * frequencies[:, None, None] * shift)


def shifts(axis: Axis) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each kernel position, the shift q in output pixels and the phase r of the input that it reads."""
    return np.divmod(axis.dilation * np.arange(axis.kernel) - axis.before, axis.stride)


def degree(axis: Axis) -> int:
    """Return how many output pixels the kernel's shifts span: the symbol's degree as a trigonometric polynomial."""
    shift, _ = shifts(axis)
    return int(shift.max() - shift.min())


def is_ring(geometry: Geometry) -> bool:
    """Return whether the operator is diagonal in frequencies: windows wrap around, and strides close the ring."""
    return all(
        axis.output * axis.stride == axis.input
        and (geometry.padding_mode == "circular" or axis.before == axis.after == 0)
        for axis in geometry.axes
    )


def ring_singular_values(geometry: Geometry, weight: np.ndarray) -> np.ndarray:
    """Return all min(outputs, inputs) singular values of a ring's operator, falling, zeros included."""
    blocks = symbol(geometry, weight, [np.arange(a.output) / a.output for a in geometry.axes])
    values = np.sort(np.linalg.svd(blocks, compute_uv=False).ravel())[::-1]
    count = min(prod(geometry.output_shape[1:]), prod(geometry.input_shape[1:]))
    return np.concatenate([values, np.zeros(max(0, count - len(values)))])[:count]


def largest_on_grid(geometry: Geometry, weight: np.ndarray, counts: Sequence[int]) -> float:
    """Return the largest singular value of the symbol at j / count, j = 0 … count − 1 along each axis."""
    frequencies = [np.arange(count) / count for count in counts]
    # A real weight's symbol at −f is the conjugate of that at f: half of the last axis says everything.
    frequencies[-1] = frequencies[-1][: counts[-1] // 2 + 1]
    rows = max(1, 2**21 // max(1, len(frequencies[-1]) * prod(geometry.weight_shape)))
    largest = 0.0
    for start in range(0, len(frequencies[0]), rows):
        part = [frequencies[0][start : start + rows], *frequencies[1:]] if len(frequencies) > 1 else frequencies
        blocks = symbol(geometry, weight, part)
        largest = max(largest, float(_norms(blocks).max()))
        if len(frequencies) == 1:
            break
    return largest


def _norms(blocks: np.ndarray) -> np.ndarray:
    """Return the spectral norm of each matrix."""
    if 1 in blocks.shape[-2:]:
        return np.sqrt((np.abs(blocks) ** 2).sum(axis=(-2, -1)))
    return np.linalg.norm(blocks, ord=2, axis=(-2, -1))
