"""How does a function become something to check? As gradients on NumPy arrays, whatever it was written with.

Taken are our own operators, any NumPy function with its gradient functions, and whatever PyTorch differentiates: an
`autograd.Function`, a module with its parameters, or a plain function of tensors (see `tensors.py`).
"""

from collections.abc import Mapping, Sequence

import numpy as np

import convolab.convolution as operators
from convolab.convolution.arrays import is_tensor
from convolab.errors import ArgumentError, DtypeError
from convolab.filters.kernels import read_kernel
from convolab.geometry import Geometry, convolution_geometry
from convolab.gradient.operator import as_weight, is_text
from convolab.gradient.subject import NOT_CHECKED, Subject, checked_places, names_of, title_of

# Each operator's gradients, as functions of (grad_output, input, weight, options).
CONVOLUTIONS = {getattr(operators, f"conv{d}d"): d for d in (1, 2, 3)}
TRANSPOSED = {getattr(operators, f"conv_transpose{d}d"): d for d in (1, 2, 3)}


def subject_of(function, arguments: Sequence, gradients=None, options: Mapping | None = None, geometry=None):
    """Return the subject, and the arrays of the arguments that are checked: those of floating-point numbers."""
    if not callable(function):
        raise DtypeError(f"gradcheck: function takes something that can be called, got {type(function).__name__}.")
    options = dict(options or {})
    if gradients is None and function in {**CONVOLUTIONS, **TRANSPOSED} and not any(map(is_tensor, arguments)):
        return _operator(function, arguments, options)
    if gradients is None:
        from convolab.gradient.tensors import tensor_subject

        return tensor_subject(function, arguments, options, geometry)
    return _numpy(function, arguments, gradients, options, geometry)


def _numpy(function, arguments, gradients, options, geometry):
    all_names = names_of(function, len(arguments))
    if isinstance(gradients, Mapping) and (unknown := set(gradients) - set(all_names)):
        raise ArgumentError(
            f"gradcheck: gradients names {', '.join(sorted(unknown))}. Expected names of arguments: "
            f"{', '.join(all_names)}."
        )
    places = checked_places(arguments)
    names = tuple(all_names[n] for n in places)

    def complete(arrays):
        """Return all arguments, those that are not checked as they were given."""
        full = list(arguments)
        for n, array in zip(places, arrays, strict=True):
            full[n] = array
        return full

    def forward(*arrays):
        return function(*complete(arrays), **options)

    def computed(grad_output, *arrays):
        full = complete(arrays)
        if isinstance(gradients, Mapping):
            return [gradients[n](grad_output, *full, **options) if n in gradients else NOT_CHECKED for n in names]
        found = gradients(grad_output, *full, **options)
        found = list(found) if isinstance(found, (tuple, list)) else [found]
        if len(found) == len(full):
            found = [found[n] for n in places]
        if len(found) != len(names):
            raise ArgumentError(
                f"gradcheck: gradients returned {len(found)} arrays. Expected {len(names)}, one each for "
                f"{', '.join(names)}."
            )
        return found

    title = title_of(function)
    return Subject(title, names, forward, computed, geometry), [np.array(arguments[n], order="C") for n in places]


def _operator(function, arguments, options):
    if function in TRANSPOSED:
        return _transposed(function, arguments, options)
    arguments = _with_kernel(arguments)
    d = CONVOLUTIONS[function]
    input_gradient, weight_gradient = getattr(operators, f"conv{d}d_input"), getattr(operators, f"conv{d}d_weight")

    def gradients(grad_output, input, weight, *bias):
        return (
            input_gradient(input.shape, weight, grad_output, **options),
            weight_gradient(input, weight.shape, grad_output, **options),
            *(_bias_gradient(grad_output) for _ in bias),
        )

    geometry = geometry_of(arguments, options) if len(arguments) > 1 else None
    return _with_geometry(function, arguments, gradients, options, geometry)


def _transposed(function, arguments, options):
    d = TRANSPOSED[function]
    forward, weight_gradient = getattr(operators, f"conv{d}d"), getattr(operators, f"conv{d}d_weight")
    shared = {name: value for name, value in options.items() if name != "output_padding"}

    def gradients(grad_output, input, weight, *bias):
        return (
            forward(grad_output, weight, **shared),
            weight_gradient(grad_output, weight.shape, input, **shared),
            *(_bias_gradient(grad_output) for _ in bias),
        )

    return _with_geometry(function, arguments, gradients, options, None)


def _with_geometry(function, arguments, gradients, options, geometry):
    def plain(*arrays, **options):
        return function(*arrays, **options)

    subject, arrays = _numpy(plain, arguments, lambda g, *a, **_: gradients(g, *a), options, geometry)
    names = ("input", "weight", "bias")[: len(arrays)]
    return Subject(title_of(function), names, subject.forward, subject.gradients, geometry), arrays


def _with_kernel(arguments: Sequence) -> list:
    """Return a convolution's arguments, whose weight may be the name, the numbers or the file of a kernel."""
    full = list(arguments)
    if len(full) > 1 and is_text(full[1]):
        kernel, input = read_kernel(full[1], argument="weight"), np.asarray(full[0])
        floating = input.dtype if input.dtype.kind == "f" else np.float64
        full[1] = (kernel if input.ndim == kernel.ndim else as_weight(kernel)).astype(floating)
    return full


def _bias_gradient(grad_output: np.ndarray) -> np.ndarray:
    """Return grad_bias[co] = Σ grad_output[n, co, o]."""
    return grad_output.sum(axis=(0, *range(2, grad_output.ndim)))


def geometry_of(arguments: Sequence, options: Mapping) -> Geometry | None:
    """Return the geometry of a convolution of (N, C, *spatial) arguments or bare planes; None for other layouts."""
    input, weight = (np.shape(a) for a in arguments[:2])
    if len(input) != len(weight):
        return None
    if len(input) < 3:
        input, weight = (1, 1, *input), (1, 1, *weight)
    known = {name: value for name, value in options.items() if name != "engine"}
    return convolution_geometry("gradcheck", input, weight, **known)
