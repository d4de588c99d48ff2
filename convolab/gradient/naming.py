"""Which known mistake makes this wrong gradient? A name is given only where it reproduces it on fresh inputs."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from convolab.definition import mistakes
from convolab.errors import ConvolabError
from convolab.geometry import OPERATIONS, Geometry, convolution_geometry
from convolab.gradient.differences import slopes
from convolab.gradient.operator import Operator
from convolab.gradient.report import Name
from convolab.gradient.subject import Subject

# How many fresh draws a mistake must reproduce.
DRAWS = 2
# An argument with more elements than this is differentiated numerically at some of them only.
ELEMENTS = 500
# A convolution with more products than this is not tried against the table of mistakes: it would take minutes.
PRODUCTS = 300_000


def name_mistake(subject: Subject, arrays: Sequence[np.ndarray], which: int, output_shape, rng) -> Name | None:
    """Return the mistake that gives this argument's wrong gradient, or None where no known one does."""
    draws = [Draw(subject, arrays, which, output_shape, rng) for _ in range(DRAWS)]
    if subject.geometry is not None and which < 2:
        # At other sizes a mean over the batch is no constant factor, and a dropped row no dropped tap.
        draws[-1] = elsewhere(subject, arrays, which, rng) or draws[-1]
    if not all(draw.usable for draw in draws):
        return None
    if subject.geometry is not None and which < 2 and subject.geometry.mult_adds <= PRODUCTS:
        found = _from_catalogue(draws)
        if found is not None:
            return found
    for candidate in GENERAL:
        names = [candidate(draw) for draw in draws]
        if all(names) and len({name.message for name in names if name}) == 1:
            return names[0]
    return None


def _from_catalogue(draws: Sequence["Draw"]) -> Name | None:
    """Return the mistake of a convolution, or the pair, that reproduces every draw."""
    operation = OPERATIONS[("input_gradient", "weight_gradient")[draws[0].which]]
    trials = []
    for draw in draws:
        geometry = draw.geometry
        arrays = {"input": draw.batched(0), "weight": draw.batched(1), "grad_output": draw.batched_output(geometry)}
        factors = {name: arrays[name] for name in operation.factors}
        got = draw.analytic.reshape(operation.result_shape(geometry))
        trials.append(mistakes.Trial(operation.name, geometry, factors, got, draw.tolerance))
    found = mistakes.recognise(trials)
    if not found:
        return None
    if len(found) > 1:
        codes = ", ".join(f.code for f in found)
        message = f"several known mistakes do this here ({codes}); another size or stride would tell them apart."
        return Name(mistakes.UNRECOGNISED, "one of several", message)
    titles = " and ".join(m.title for m in found[0].mistakes)
    sentences = " ".join(m.sentence for m in found[0].mistakes[:-1])
    last = found[0].mistakes[-1].explain(found[0].variation)
    return Name(found[0].code, titles, f"{sentences} {last}".strip())


# Changes of size under which a function is asked again, the most telling first: of batch, of input and output channels,
# and of the input and the kernel along the first and the last axis.
OTHER_SIZES = (
    (1, 1, 2, (1, 2), (0, 1)),
    (1, 0, 0, (2, 1), (0, 0)),
    (1, 0, 0, (0, 0), (0, 0)),
    (0, 0, 0, (2, 1), (0, 0)),
)


def elsewhere(subject: Subject, arrays: Sequence[np.ndarray], which: int, rng) -> "Draw | None":
    """Return a draw of another size, where the function takes one and is the same convolution there."""
    known = subject.geometry
    assert known is not None
    for change in OTHER_SIZES:
        geometry = _resized(known, arrays[0].ndim, *change)
        if geometry is None:
            continue
        shapes = [geometry.input_shape, geometry.weight_shape]
        if arrays[0].ndim < 3:
            shapes = [shape[2:] for shape in shapes]
        larger = [np.zeros(shape, a.dtype) for shape, a in zip(shapes, arrays, strict=False)]
        larger += [np.zeros((geometry.out_channels, *a.shape[1:]), a.dtype) for a in arrays[2:3]]
        try:
            draw = Draw(replace(subject, geometry=geometry), larger, which, None, rng)
        except Exception:  # a function that takes its own sizes only
            continue
        if draw.usable and draw.is_the_convolution():
            return draw
    return None


def _resized(geometry: Geometry, ndim: int, batch: int, inputs: int, outputs: int, size, kernel) -> Geometry | None:
    if ndim < 3 and (batch or inputs or outputs):
        batch = inputs = outputs = 0
    if geometry.groups > 1:
        inputs = outputs = 0
    first_last = lambda pair: [pair[0], *[0] * (len(geometry.axes) - 2), pair[1]][-len(geometry.axes) :]  # noqa: E731
    new_size = [a.input + d for a, d in zip(geometry.axes, first_last(size), strict=True)]
    new_kernel = [a.kernel + d for a, d in zip(geometry.axes, first_last(kernel), strict=True)]
    per_group = geometry.in_channels // geometry.groups + inputs
    try:
        return convolution_geometry(
            "gradcheck",
            (geometry.batch + batch, per_group * geometry.groups, *new_size),
            (geometry.out_channels + outputs, per_group, *new_kernel),
            stride=tuple(a.stride for a in geometry.axes),
            padding=tuple((a.before, a.after) for a in geometry.axes),
            dilation=tuple(a.dilation for a in geometry.axes),
            groups=geometry.groups,
            padding_mode=geometry.padding_mode,
        )
    except ConvolabError:
        return None


class Draw:
    """Fresh integer inputs, the gradient that the function gives for them, and the true one."""

    def __init__(self, subject: Subject, arrays: Sequence[np.ndarray], which: int, output_shape, rng):
        self.subject, self.which = subject, which
        # Fractions of eighths: exact, apart from each other, and within the range of any sane function.
        fresh = [(rng.integers(-16, 17, a.shape) / 8).astype(a.dtype) for a in arrays]
        self.arrays = fresh
        if output_shape is None:
            output_shape = np.shape(subject.forward(*(a.copy() for a in fresh)))
        self.grad_output = (rng.integers(1, 9, output_shape) * rng.choice([-1, 1], output_shape) / 4).astype(
            np.result_type(*arrays)
        )
        self.given = self._gradient(self.grad_output)
        size = arrays[which].size
        self.elements = np.arange(size) if size <= ELEMENTS else np.sort(rng.choice(size, ELEMENTS, replace=False))
        self.truth = self.differences(self.grad_output)

    @property
    def analytic(self) -> np.ndarray:
        """What the function gave; only for draws that are `usable`."""
        assert self.given is not None
        return self.given

    @property
    def usable(self) -> bool:
        return self.given is not None

    def _gradient(self, grad_output) -> np.ndarray | None:
        """Return what the function gives for the argument; None where it is unusable."""
        try:
            found = self.subject.gradients(grad_output.copy(), *(a.copy() for a in self.arrays))[self.which]
            return np.array(found, np.float64) if np.shape(found) == self.arrays[self.which].shape else None
        except Exception:  # the function under test may fail on other inputs
            return None

    def differences(self, grad_output) -> np.ndarray:
        """Return the true gradient under an output gradient, at `elements`."""
        wide = [a.astype(np.float64) for a in self.arrays]
        try:
            return slopes(self.subject.forward, wide, self.which, grad_output, elements=self.elements).central
        except Exception:  # it takes its own type only
            return slopes(self.subject.forward, self.arrays, self.which, grad_output, elements=self.elements).central

    @property
    def at_elements(self) -> np.ndarray:
        return self.analytic.reshape(-1)[self.elements]

    def truth_in_place(self) -> np.ndarray:
        return self.truth.reshape(self.analytic.shape)

    @property
    def geometry(self) -> Geometry:
        assert self.subject.geometry is not None
        return self.subject.geometry

    def is_the_convolution(self) -> bool:
        """Return whether the function, at these sizes, is the convolution of its geometry."""
        output = self.subject.forward(*(a.copy() for a in self.arrays))
        operator = Operator(self.geometry, self.batched(1))
        expected = np.stack([operator.forward(x) for x in self.batched(0)])
        bias = self.arrays[2].reshape(-1, *[1] * len(self.geometry.axes)) if len(self.arrays) > 2 else 0
        same_size = np.size(output) == expected.size
        return same_size and np.allclose(np.reshape(output, expected.shape), expected + bias, rtol=1e-4, atol=1e-3)

    def batched(self, place: int) -> np.ndarray:
        """Return an argument as (N, C, *spatial), whatever layout the function takes."""
        array = self.arrays[place].astype(np.float64)
        return array[None, None] if array.ndim < 3 else array

    def batched_output(self, geometry: Geometry) -> np.ndarray:
        return self.grad_output.astype(np.float64).reshape(geometry.output_shape)

    @property
    def tolerance(self) -> float:
        single = self.arrays[self.which].dtype.itemsize < 8
        return (1e-3 if single else 1e-6) * max(1e-12, float(np.abs(self.analytic).max()))

    def is_what_was_given(self, predicted) -> bool:
        """Return whether a prediction, at `elements` or of the whole argument, is what the function gave."""
        predicted = np.asarray(predicted, np.float64)
        given = self.at_elements if predicted.shape == self.elements.shape else self.analytic
        if predicted.shape != given.shape or not np.isfinite(given).all():
            return False
        return bool(np.abs(predicted - given).max() <= self.tolerance)


def _zero(draw: Draw) -> Name | None:
    if draw.analytic.any() or not draw.truth.any():
        return None
    return Name("scaled", "a constant factor", "the gradient is 0 everywhere: nothing flows back.")


def _scaled(draw: Draw) -> Name | None:
    """Return a constant factor, the least-squares one, if with it everything agrees."""
    energy = float(draw.truth @ draw.truth)
    factor = float(draw.at_elements @ draw.truth) / energy if energy else 0.0
    if not factor or not draw.is_what_was_given(factor * draw.truth):
        return None
    if abs(factor + 1) < 1e-4:
        return Name("sign", "the sign", "the gradient is −1 times the true one.")
    if abs(factor - 1) < 1e-8:
        return None
    return Name("scaled", "a constant factor", f"the gradient is {_factor(factor)} times the true one everywhere.")


def _factor(factor: float) -> str:
    inverse = 1 / factor
    if abs(factor) < 1 and abs(inverse - round(inverse)) < 1e-3 * abs(inverse):
        return f"1/{round(inverse)}"
    return f"{factor:.4g}"


def _upstream_ignored(draw: Draw) -> Name | None:
    ones = np.ones_like(draw.grad_output)
    if not draw.is_what_was_given(draw.differences(ones)):
        return None
    return Name(
        "upstream-ignored", "the output gradient is ignored", "it is the gradient of Σ y: grad_output was not used."
    )


def _mean_upstream(draw: Draw) -> Name | None:
    mean = np.full_like(draw.grad_output, draw.grad_output.mean())
    if not draw.is_what_was_given(draw.differences(mean)):
        return None
    return Name("upstream-ignored", "the output gradient is averaged", "every output was given the mean of them all.")


def _moved(code: str, title: str, message: str, axes: Callable[[int], tuple[int, ...]]):
    """Return a mistake that reverses the true gradient along some axes, of which `axes` knows the spatial ones."""

    def candidate(draw: Draw) -> Name | None:
        reversed_axes = axes(_spatial_axes(draw))
        if not reversed_axes:
            return None
        moved = np.flip(draw.truth_in_place(), reversed_axes)
        return Name(code, title, message) if draw.is_what_was_given(moved) else None

    return candidate


def _transposed(draw: Draw) -> Name | None:
    if _spatial_axes(draw) < 2 or not draw.is_what_was_given(draw.truth_in_place().swapaxes(-1, -2)):
        return None
    return Name("transposed-kernel", "rows and columns swapped", "the true gradient stands there transposed.")


def _spatial_axes(draw: Draw) -> int:
    """Return how many of the last axes are spatial; 0 where the truth is known at some elements only."""
    if len(draw.elements) < draw.analytic.size:
        return 0
    return draw.analytic.ndim - 2 if draw.analytic.ndim > 2 else draw.analytic.ndim


# Mistakes that any function can hold, whatever it computes.
GENERAL: tuple[Callable[[Draw], Name | None], ...] = (
    _zero,
    _scaled,
    _upstream_ignored,
    _mean_upstream,
    _moved("flipped-kernel", "turned by 180°", "the true gradient stands there in the opposite order along every axis.",
           lambda dims: tuple(range(-dims, 0))),
    _moved("flipped-rows", "rows in the opposite order", "the true gradient stands there upside down.",
           lambda dims: (-2,) if dims >= 2 else ()),
    _moved("flipped-columns", "columns in the opposite order", "the true gradient stands there mirrored.",
           lambda dims: (-1,) if dims >= 2 else ()),
    _transposed,
)  # fmt: skip
