"""Mistakes of size: the result has the wrong shape."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from convolab.definition.mistakes.changes import Axes, along, axes, change_axes, crop, extend, per_direction, resized
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Terms
from convolab.definition.mistakes.variation import BACK, FORWARD, WEIGHT, Variation
from convolab.geometry import AXIS_SIZES, OPERATIONS, Axis


def _ceiling(axis: Axis) -> Axis:
    """Return the axis with one output for every window that begins, also where the stride does not divide."""
    reach = axis.input + axis.before + axis.after - axis.span
    return replace(axis, output=-(-reach // axis.stride) + 1)


def _centred(axis: Axis) -> Axis:
    """Return the axis with the padding of a 'same' convolution on top of the one asked for."""
    return resized(axis, before=axis.before + (axis.span - 1) // 2, after=axis.after + axis.span // 2)


def _full(axis: Axis) -> Axis:
    """Return the axis with the padding of a 'full' convolution on top of the one asked for."""
    return resized(axis, before=axis.before + axis.span - 1, after=axis.after + axis.span - 1)


def _without_stride(axis: Axis) -> Axis:
    """Return the axis with as many outputs as stride 1 gives."""
    return replace(axis, output=resized(axis, stride=1).output)


def _one_output_more(axis: Axis) -> Axis:
    return replace(axis, output=axis.output + 1)


def _as_the_input(axis: Axis) -> Axis:
    return replace(axis, output=axis.input)


# Sizes of a result, which grows by zeros to reach them


def _one_more(terms: Terms, axis: int) -> int:
    part = AXIS_SIZES[OPERATIONS[terms.operation].result]
    return int(getattr(terms.geometry.axes[axis], part)) + 1


def _input_size(terms: Terms, axis: int) -> int:
    return terms.geometry.axes[axis].input


def _padded_size(terms: Terms, axis: int) -> int:
    a = terms.geometry.axes[axis]
    return a.input + a.before + a.after


def _size_without_stride(terms: Terms, axis: int) -> int:
    return _without_stride(terms.geometry.axes[axis]).output


# Parts of an input gradient


def _centre(terms: Terms, result: np.ndarray) -> np.ndarray:
    """Return as many positions as the output gradient has, from the middle."""
    for a, axis in zip(axes(terms), terms.geometry.axes, strict=True):
        skip = (axis.input - axis.output) // 2
        result = np.take(result, range(skip, skip + min(axis.output, axis.input - skip)), axis=a)
    return result


def _first_outputs(terms: Terms, result: np.ndarray) -> np.ndarray:
    """Return as many positions as the output gradient has, from the first on."""
    for a, axis in zip(axes(terms), terms.geometry.axes, strict=True):
        result = np.take(result, range(min(axis.output, result.shape[a])), axis=a)
    return result


def _valid_part(terms: Terms, result: np.ndarray) -> np.ndarray:
    """Return the positions where every kernel position meets an output: 'valid' in place of 'full'."""
    for a, axis in zip(axes(terms), terms.geometry.axes, strict=True):
        inner = range(axis.kernel - 1, axis.output)
        if not inner:
            raise ValueError("nothing is left")
        result = np.take(result, inner, axis=a)
    return result


def _computed_larger(edge: str) -> Iterator[Variation]:
    """Yield the ways to compute outputs for which there is no window: what they read depends on the edge rule."""
    yield from per_direction(
        lambda name, which, dims: [
            Variation(
                along("one too large", name),
                FORWARD,
                arguments=change_axes(_one_output_more, which),
                edge=edge,
                least_dims=dims,
            )
        ]
    )
    for note, change in (
        ("as large as the input", _as_the_input),
        ("rounded up where the stride does not divide", _ceiling),
        ("computed without the stride", _without_stride),
    ):
        yield Variation(note, FORWARD, arguments=change_axes(change), edge=edge)


def _one_off(name: str, which: Axes, dims: int) -> list[Variation]:
    return [
        Variation(along("the last position is missing", name), result=crop(1, which), least_dims=dims),
        Variation(along("a line of zeros is appended", name), result=extend(_one_more, which), least_dims=dims),
    ]


SIZES = [
    Mistake(
        "output-size",
        "The result has the wrong size",
        "The formula for the size of the result is wrong",
        "Try the formula with a kernel of one pixel, and with a kernel as large as the image: what must come out?",
        (
            *_computed_larger("guard"),
            *_computed_larger("pad"),
            *per_direction(_one_off),
            Variation("as large as the input, with zeros behind the values", FORWARD, result=extend(_input_size)),
            Variation(
                "as large as the padded input, with zeros behind the values", FORWARD, result=extend(_padded_size)
            ),
            Variation(
                "the size of a 'same' convolution, with padding that was not asked for",
                FORWARD,
                arguments=change_axes(_centred),
            ),
            Variation(
                "the size of a 'full' convolution, with padding that was not asked for",
                FORWARD,
                arguments=change_axes(_full),
            ),
            Variation(
                "computed without the stride, with zeros behind the values",
                FORWARD,
                result=extend(_size_without_stride),
            ),
            Variation("as large as the output gradient, cut from the middle", BACK, result=_centre),
            Variation("as large as the output gradient", BACK, result=_first_outputs),
            Variation(
                "only the positions that every weight reaches ('valid' in place of 'full')", BACK, result=_valid_part
            ),
            Variation("as large as the input, with zeros behind the values", WEIGHT, result=extend(_input_size)),
        ),
    ),
]
