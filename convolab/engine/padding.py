"""Padding modes other than zeros: the input is extended first, and the gradient of the extension is folded back.

The functions take NumPy arrays and torch tensors alike. Gradients of 16-bit floating types are added up in float32.
"""

from dataclasses import replace

from convolab.engine.layout import ArrayOrTensor
from convolab.geometry import Geometry


def extended_geometry(geometry: Geometry) -> Geometry:
    """The same convolution over the input as it stands after padding."""
    axes = tuple(replace(a, input=a.before + a.input + a.after, before=0, after=0) for a in geometry.axes)
    return geometry.replace(axes=axes, padding_mode="zeros")


def extend(geometry: Geometry, input: ArrayOrTensor) -> ArrayOrTensor:
    """The input (N, C, *spatial) with its padding filled in as the mode says: (N, C, *padded)."""
    if is_short(input) and getattr(input, "requires_grad", False):
        # PyTorch adds up the gradient of an index in the type that was indexed.
        return extend(geometry, input.float()).to(input.dtype)
    for dim, axis in enumerate(geometry.axes, start=2):
        if axis.before or axis.after:
            index = (slice(None),) * dim + (axis.sources(geometry.padding_mode),)
            input = input[index]
    return input


def is_short(array: ArrayOrTensor) -> bool:
    """Whether the numbers are floating-point numbers of 16 bits."""
    return str(array.dtype).removeprefix("torch.") in ("float16", "bfloat16")


def fold(geometry: Geometry, grad_extended: ArrayOrTensor) -> ArrayOrTensor:
    """The gradient of the input from that of the extended input: the adjoint of `extend`.

    The gradient of each padded position is added to that of the input which was copied there.
    """
    for dim, axis in enumerate(geometry.axes, start=2):
        if not (axis.before or axis.after):
            continue
        before = (slice(None),) * dim
        sources = axis.sources(geometry.padding_mode)
        core = 1 * grad_extended[(*before, slice(axis.before, axis.before + axis.input))]
        padded = [*range(axis.before), *range(axis.before + axis.input, len(sources))]
        for position in padded:
            core[(*before, int(sources[position]))] += grad_extended[(*before, position)]
        grad_extended = core
    return grad_extended
