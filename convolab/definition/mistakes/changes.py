"""The small changes that mistakes are made of: of an axis, of the taps, of the result."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from convolab.definition.mistakes.variation import Sum
from convolab.errors import ArgumentError
from convolab.geometry import AXIS_SIZES, Axis, output_size

ROWS, COLUMNS = -2, -1
# How a mistake's direction is called, with the axes that it touches.
DIRECTIONS = {"rows": (ROWS,), "columns": (COLUMNS,), "rows and columns": (ROWS, COLUMNS)}


def axes(sum: Sum, which=None) -> list[int]:
    """The axes that a change touches: all of them, or those of `which` that the geometry has."""
    every = range(-sum.dims, 0)
    return [a for a in every if which is None or a in which or (which == (ROWS, COLUMNS))]


def change_axes(change: Callable[[Axis], Axis], which=None) -> Callable[[Sum], None]:
    """Every axis, or those named, replaced by another."""

    def arguments(sum: Sum) -> None:
        touched = axes(sum, which)
        new = [change(a) if n - sum.dims in touched else a for n, a in enumerate(sum.geometry.axes)]
        sum.geometry = sum.geometry.replace(axes=tuple(new))

    return arguments


def resized(axis: Axis, **changes) -> Axis:
    """The axis with some numbers changed and as many outputs as those give."""
    axis = replace(axis, **changes)
    outputs = output_size(axis.input, axis.kernel, axis.stride, axis.dilation, axis.before, axis.after)
    if outputs < 0:
        raise ArgumentError("mistake: no output is left.")
    return replace(axis, output=outputs)


def shift(name: str, by: int, which=None) -> Callable[[Sum], None]:
    """One index off by a constant."""

    def taps(sum: Sum) -> None:
        array = getattr(sum, name)
        array[:, axes(sum, which)] += by

    return taps


def reverse_kernel(which=None) -> Callable[[Sum], None]:
    def taps(sum: Sum) -> None:
        touched = axes(sum, which)
        sum.k[:, touched] = np.array(sum.geometry.kernel)[touched] - 1 - sum.k[:, touched]

    return taps


def swap(name: str) -> Callable[[Sum], None]:
    """Row and column of one index exchanged."""

    def taps(sum: Sum) -> None:
        array = getattr(sum, name)
        array[:, [ROWS, COLUMNS]] = array[:, [COLUMNS, ROWS]]

    return taps


def swap_axes_of(name: str, *, keep_input=False, keep_output=False, strict=False) -> Callable[[Sum], None]:
    """A whole array transposed before it is used; the sizes follow from the transposed array.

    `strict`: a kernel that is then larger than the image raises, and does not give an empty result.
    """

    def arguments(sum: Sum) -> None:
        sum.arrays[name] = np.swapaxes(np.asarray(sum.arrays[name]), ROWS, COLUMNS)
        *outer, vertical, horizontal = sum.geometry.axes
        part = AXIS_SIZES[name]
        sizes = getattr(horizontal, part), getattr(vertical, part)
        new = [replace(a, **{part: size}) for a, size in zip((vertical, horizontal), sizes, strict=True)]
        if sum.operation == "forward" and not keep_output:
            new = [resized(a) for a in new]
            if strict and min(a.output for a in new) < 1:
                raise ArgumentError("mistake: the kernel is larger than the image.")
        elif sum.operation == "input_gradient" and not keep_input:
            new = [replace(a, input=a.stride * (a.output - 1) + a.span - a.before - a.after) for a in new]
        elif sum.operation == "weight_gradient":
            new = [replace(a, kernel=a.input - a.output + 1) for a in new]
            if min(a.kernel for a in new) < 1:
                raise ArgumentError("mistake: no weight is left.")
        sum.geometry = sum.geometry.replace(axes=(*outer, *new))

    return arguments


def keep_if(test: Callable[[Sum], np.ndarray]) -> Callable[[Sum], None]:
    """Only the rows for which the test holds."""
    return lambda sum: sum.keep(test(sum))


def last_of(*names: str, only_real: bool = True) -> Callable[[Sum], None]:
    """= in place of +=: of all rows filed under one element only the last stays, in the order of the named indices."""

    def taps(sum: Sum) -> None:
        if only_real:
            sum.keep(sum.inside())
        keys = np.column_stack([np.asarray(getattr(sum, n)).reshape(len(sum.c), -1) for n in names])
        order = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
        filed = sum.filed()
        best = np.full(filed.max(initial=0) + 1, -1)
        np.maximum.at(best, filed, order)
        sum.keep(order == best[filed])

    return taps


def extreme(name: str, which, end: str) -> Callable[[Sum], None]:
    """Leave out, at each element of the result, the taps at the first or last position that an index takes there."""

    def taps(sum: Sum) -> None:
        sum.keep(sum.inside())
        filed, worst = sum.filed(), np.zeros(len(sum.c), bool)
        for a in axes(sum, which):
            position = getattr(sum, name)[:, a] * (1 if end == "last" else -1)
            best = np.full(filed.max(initial=0) + 1, -(1 << 40))
            np.maximum.at(best, filed, position)
            worst |= position == best[filed]
        sum.keep(~worst)

    return taps


# Results


def crop(by: int, which=None, *, front: bool = False) -> Callable:
    """The result without its last (or first) `by` rows and columns."""

    def result(sum: Sum, result):
        window = [slice(None)] * result.ndim
        for a in axes(sum, which):
            window[a] = slice(by, None) if front else slice(None, result.shape[a] - by)
        return result[tuple(window)]

    return result


def extend(size: Callable[[Sum, int], int], which=None) -> Callable:
    """The result in the first corner of a larger array of zeros; `size(sum, axis)` is the larger one's."""

    def result(sum: Sum, result):
        margins = [(0, 0)] * result.ndim
        for a in axes(sum, which):
            margins[a] = (0, max(0, size(sum, a) - result.shape[a]))
        return np.pad(result, margins)

    return result


def blank(first: int, last: int, which=None) -> Callable:
    """Zeros in the first and last rows and columns of the result."""

    def result(sum: Sum, result):
        result = np.array(result)
        for a in axes(sum, which):
            lines = np.moveaxis(result, a, 0)
            lines[:first] = 0
            if last:
                lines[-last:] = 0
        return result

    return result


def times(factor: Callable[[Sum], float]) -> Callable:
    return lambda sum, result: result * factor(sum)
