"""The small changes that mistakes are made of: of an axis, of the taps, of the result."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from convolab.definition.mistakes.terms import Terms
from convolab.definition.mistakes.variation import Change, ResultChange, Variation
from convolab.errors import ArgumentError
from convolab.geometry import AXIS_SIZES, Axis, output_size

ROWS, COLUMNS = -2, -1
# The directions that a mistake can be confined to, and the axes of each.
DIRECTIONS = {"rows": (ROWS,), "columns": (COLUMNS,)}
# Some axes, counted from the last; None for all.
Axes: TypeAlias = tuple[int, ...] | None


def axes(terms: Terms, which: Axes = None) -> list[int]:
    """Return the axes that a change touches: all of them, or those of `which` that the geometry has."""
    return [a for a in range(-terms.dims, 0) if which is None or a in which]


def per_direction(make: Callable[[str, Axes, int], Iterable[Variation]]) -> tuple[Variation, ...]:
    """Return the variations `make(name, axes, least_dims)` for every axis, for the rows and for the columns."""
    directions: list[tuple[str, Axes]] = [("", None), *DIRECTIONS.items()]
    return tuple(v for name, which in directions for v in make(name, which, 2 if name else 1))


def along(text: str, name: str) -> str:
    """Return a note with the direction that it is confined to, if any."""
    return f"{text}, along the {name} only" if name else text


# Of an axis


def change_axes(change: Callable[[Axis], Axis], which: Axes = None) -> Change:
    """Replace every axis, or those named, by another."""

    def arguments(terms: Terms) -> None:
        touched = axes(terms, which)
        new = [change(a) if n - terms.dims in touched else a for n, a in enumerate(terms.geometry.axes)]
        terms.geometry = terms.geometry.replace(axes=tuple(new))

    return arguments


def resized(axis: Axis, **changes: int) -> Axis:
    """Return the axis with some numbers changed and as many outputs as those give."""
    axis = replace(axis, **changes)
    outputs = output_size(axis.input, axis.kernel, axis.stride, axis.dilation, axis.before, axis.after)
    if outputs < 0:
        raise ArgumentError("mistake: no output is left.")
    return replace(axis, output=outputs)


def swap_axes_of(name: str, *, keep_input: bool = False, keep_output: bool = False, strict: bool = False) -> Change:
    """Transpose a whole array before it is used; the sizes follow from the transposed array.

    `strict`: a kernel that is then larger than the image raises, and does not give an empty result.
    """

    def arguments(terms: Terms) -> None:
        terms.arrays[name] = np.swapaxes(np.asarray(terms.arrays[name]), ROWS, COLUMNS)
        *outer, vertical, horizontal = terms.geometry.axes
        part = AXIS_SIZES[name]
        sizes = getattr(horizontal, part), getattr(vertical, part)
        new = [replace(a, **{part: size}) for a, size in zip((vertical, horizontal), sizes, strict=True)]
        if terms.operation == "forward" and not keep_output:
            new = [resized(a) for a in new]
            if strict and min(a.output for a in new) < 1:
                raise ArgumentError("mistake: the kernel is larger than the image.")
        elif terms.operation == "input_gradient" and not keep_input:
            new = [replace(a, input=a.stride * (a.output - 1) + a.span - a.before - a.after) for a in new]
        terms.geometry = terms.geometry.replace(axes=(*outer, *new))

    return arguments


def only_images(which: slice) -> Change:
    """Let only a part of the batch take part."""

    def arguments(terms: Terms) -> None:
        for name in ("input", "grad_output"):
            terms.arrays[name] = np.asarray(terms.arrays[name])[which]

    return arguments


# Of the taps


def shift(name: str, by: int, which: Axes = None) -> Change:
    """Add a constant to one index."""

    def taps(terms: Terms) -> None:
        array = getattr(terms, name)
        array[:, axes(terms, which)] += by

    return taps


def reverse_kernel(which: Axes = None) -> Change:
    """Count the kernel positions from the other end."""

    def taps(terms: Terms) -> None:
        touched = axes(terms, which)
        terms.k[:, touched] = np.array(terms.geometry.kernel)[touched] - 1 - terms.k[:, touched]

    return taps


def swap(name: str) -> Change:
    """Exchange row and column of one index."""

    def taps(terms: Terms) -> None:
        array = getattr(terms, name)
        array[:, [ROWS, COLUMNS]] = array[:, [COLUMNS, ROWS]]

    return taps


def keep_if(test: Callable[[Terms], np.ndarray]) -> Change:
    """Keep only the rows for which the test holds."""
    return lambda terms: terms.keep(test(terms))


def only_taps(terms: Terms) -> None:
    """Keep only the taps: the loops run over positions that all exist."""
    terms.keep(terms.inside())


def last_of(*names: str, only_real: bool = True) -> Change:
    """Assign in place of adding: at each element of the result only the last row stays, in the order of the indices."""

    def taps(terms: Terms) -> None:
        if only_real:
            only_taps(terms)
        keys = np.column_stack([np.asarray(getattr(terms, n)).reshape(len(terms.c), -1) for n in names])
        order = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
        terms.keep(order == _largest(terms.result_index(), order))

    return taps


def extreme(name: str, which: Axes, end: str) -> Change:
    """Leave out, at each element of the result, the taps at the first or last position that an index takes there."""

    def taps(terms: Terms) -> None:
        only_taps(terms)
        result_index, worst = terms.result_index(), np.zeros(len(terms.c), bool)
        for a in axes(terms, which):
            position = getattr(terms, name)[:, a] * (1 if end == "last" else -1)
            worst |= position == _largest(result_index, position)
        terms.keep(~worst)

    return taps


def _largest(result_index: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return for each row the largest value among the rows of the same element of the result."""
    largest = np.full(result_index.max(initial=0) + 1, -(1 << 40))
    np.maximum.at(largest, result_index, values)
    of_rows: np.ndarray = largest[result_index]
    return of_rows


# Of the result


def crop(by: int, which: Axes = None) -> ResultChange:
    """Cut off the last `by` rows and columns."""

    def result(terms: Terms, result: np.ndarray) -> np.ndarray:
        window = [slice(None)] * result.ndim
        for a in axes(terms, which):
            window[a] = slice(None, result.shape[a] - by)
        return result[tuple(window)]

    return result


def extend(size: Callable[[Terms, int], int], which: Axes = None) -> ResultChange:
    """Put the result into the first corner of a larger array of zeros; `size(terms, axis)` is the larger one's."""

    def result(terms: Terms, result: np.ndarray) -> np.ndarray:
        margins = [(0, 0)] * result.ndim
        for a in axes(terms, which):
            margins[a] = (0, max(0, size(terms, a) - result.shape[a]))
        return np.pad(result, margins)

    return result


def blank(first: int, last: int, which: Axes = None) -> ResultChange:
    """Set the first and last rows and columns to zero."""

    def result(terms: Terms, result: np.ndarray) -> np.ndarray:
        result = np.array(result)
        for a in axes(terms, which):
            lines = np.moveaxis(result, a, 0)
            lines[:first] = 0
            if last:
                lines[-last:] = 0
        return result

    return result


def times(factor: Callable[[Terms], float]) -> ResultChange:
    """Multiply the result by a factor."""

    def result(terms: Terms, result: np.ndarray) -> Any:
        return result * factor(terms)

    return result
