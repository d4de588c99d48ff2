"""One element of the output, or of either gradient, written out as the sum that it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from convolab.definition.notation import Latex, Tap, Text, write
from convolab.definition.picture import Element
from convolab.drawing import Drawing
from convolab.errors import ArgumentError, unknown
from convolab.geometry import AXIS_SIZES, INDEX_LETTERS, OPERATIONS, Axis, Geometry, check_shape
from convolab.geometry.arguments import per_axis

# What the letters of the indices stand for, and the quantities that can be written out.
_NAMES = {"o": "output", "i": "input", "k": "weight"}
_SIZES = {INDEX_LETTERS[array]: size for array, size in AXIS_SIZES.items()}
_QUANTITIES = {_NAMES[INDEX_LETTERS[operation.result]]: operation for operation in OPERATIONS.values()}
# For a position of the first index, the positions of the second that meet it along an axis.
_RANGES = {
    ("o", "k"): Axis.kernels_of_output,
    ("o", "i"): Axis.inputs_of_output,
    ("k", "o"): Axis.outputs_of_kernel,
    ("k", "i"): Axis.inputs_of_kernel,
    ("i", "k"): Axis.kernels_of_input,
    ("i", "o"): Axis.outputs_of_input,
}


SHOWN = 80  # letters of a sum that a plain repr shows


@dataclass(frozen=True, repr=False)
class Explanation:
    """One element as a sum over its taps. `str()` gives the text, and a notebook shows the formula.

    All positions are counted from the `base` that `explain` was given.

    Attributes
    ----------
    expression, latex : str
        The element, its sum and, where numbers were given, its value.
    taps : list of dict
        One for each product: its `output`, `input` and `weight` position, one number an axis.
    bounds : dict
        For each of the two summed indices, one (lowest, highest) position an axis; None for an empty sum.
    value : number or None
        The sum, where numbers were given.
    element : Element
        The same as the picture needs it, counted from 0.

    Examples
    --------
    >>> element = explain("output", input=6, kernel=3, padding=1, at=1)
    >>> print(element)
    y₁ = w₂·x₁ + w₃·x₂
    >>> element.taps[0], element.bounds
    ({'output': [1], 'input': [1], 'weight': [2]}, {'weight': [[2, 3]], 'input': [[1, 2]]})
    """

    expression: str
    latex: str
    taps: list[dict[str, list[int]]]
    bounds: dict[str, list[list[int] | None]]
    value: float | int | None
    element: Element

    def __str__(self) -> str:
        return self.expression

    def __repr__(self) -> str:
        text = self.expression
        return f"<Explanation {text if len(text) <= SHOWN else text[:SHOWN] + ' …'}>"

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def drawing(self) -> Drawing:
        """Return the element's taps as a picture, along one axis or two."""
        return self.element.drawing()


def explain(
    quantity: str,
    *,
    input: int | Sequence[int],
    kernel: int | Sequence[int],
    at: int | Sequence[int],
    stride: int | Sequence[int] = 1,
    padding: Any = 0,
    dilation: int | Sequence[int] = 1,
    base: int = 1,
    values: tuple[np.ndarray, np.ndarray] | None = None,
) -> Explanation:
    """Write out one element of the output, of the input's gradient or of the weight's gradient.

    With x the input, w the weight, y the output and y′ = ∂L/∂y:

        y_o = Σ w_k x_i        ∂L/∂x_i = Σ w_k y′_o        ∂L/∂w_k = Σ y′_o x_i

    Parameters
    ----------
    quantity : {"output", "input", "weight"}
        The output, or the array whose gradient is written out.
    input, kernel : int or sequence of int
        Sizes along each axis, in pixels.
    at : int or sequence of int
        The element, counted from `base`.
    stride, padding, dilation
        As in `Geometry`, in pixels; the padding is of zeros.
    base : {1, 0}
        What positions are counted from: 1 as on the lab sheet, 0 as in Python.
    values : (array, array), optional
        Numbers for the two factors in the order in which they are written, one plane each: (weight, input),
        (weight, grad_output) or (grad_output, input).

    Returns
    -------
    Explanation
        The sum as text, as LaTeX and as taps, and its value where there are numbers.

    Raises
    ------
    ArgumentError
        For an unknown quantity, a position outside, sizes that do not fit each other, or numbers of another shape.

    Convention
    ----------
    This is cross-correlation: the kernel is not flipped.

    Source
    ------
    The three sums are those of the lab sheet; its worked example has ∂L/∂x₂ = k₂y₁′ + k₁y₃′, where y₂′ is right.

    Examples
    --------
    >>> print(explain("input", input=6, kernel=3, at=3))
    ∂L/∂x₃ = w₃·y′₁ + w₂·y′₂ + w₁·y′₃
    >>> print(explain("input", input=6, kernel=3, at=2))
    ∂L/∂x₂ = w₂·y′₁ + w₁·y′₂
    >>> print(explain("output", input=3, kernel=2, at=1, values=(np.array([1, -1]), np.array([5, 2, 4]))))
    y₁ = w₁·x₁ + w₂·x₂ = 1·5 + (−1)·2 = 3
    """
    if quantity not in _QUANTITIES:
        raise ArgumentError(f"explain: {unknown(quantity, _QUANTITIES)} Expected one of {', '.join(_QUANTITIES)}.")
    geometry = Geometry(input, kernel, stride=stride, padding=padding, dilation=dilation)
    operation = _QUANTITIES[quantity]
    letter, (first, second) = INDEX_LETTERS[operation.result], operation.written
    factors = INDEX_LETTERS[first], INDEX_LETTERS[second]
    position = _position(geometry, letter, at, base)
    taps = _taps_at(geometry, letter, position)
    numbers = _numbers(geometry, factors, values)
    value = _value(factors, taps, numbers)
    text, latex = (write(n, letter, position, factors, taps, base, numbers, value) for n in (Text(), Latex()))
    named = [{_NAMES[x]: [p + base for p in tap[x]] for x in "oik"} for tap in taps]
    element = Element(geometry, letter, position, base, taps, text)
    return Explanation(text, latex, named, _bounds(geometry, letter, position, factors, base), value, element)


def _sizes(geometry: Geometry, letter: str) -> tuple[int, ...]:
    return tuple(getattr(axis, _SIZES[letter]) for axis in geometry.axes)


def _position(geometry: Geometry, letter: str, at: int | Sequence[int], base: int) -> tuple[int, ...]:
    sizes = _sizes(geometry, letter)
    at = per_axis("explain", "at", tuple(at) if isinstance(at, Sequence) else at, len(sizes), minimum=base)
    if any(p - base >= size for p, size in zip(at, sizes, strict=True)):
        last = tuple(size - 1 + base for size in sizes)
        raise ArgumentError(
            f"explain: at={_show(at)} is outside: the {_NAMES[letter]} has {_show(sizes)} elements. Expected {base} to "
            f"{_show(last)}."
        )
    return tuple(p - base for p in at)


def _show(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else str(tuple(numbers))


def _taps_at(geometry: Geometry, letter: str, position: Sequence[int]) -> list[Tap]:
    """Return the taps of one element, in the order of the second factor's rising index."""
    others = [x for x in "oki" if x != letter]
    per_axis = [
        sorted(zip(*(_RANGES[letter, x](axis, p) for x in others), strict=True))
        for axis, p in zip(geometry.axes, position, strict=True)
    ]
    taps: list[Tap] = []
    for combination in product(*per_axis):
        found = dict(zip(others, zip(*combination, strict=True), strict=True))
        taps.append({letter: tuple(position), **found})
    return taps


def _bounds(
    geometry: Geometry, letter: str, position: Sequence[int], factors: tuple[str, str], base: int
) -> dict[str, list[list[int] | None]]:
    """Return the lowest and highest position of each factor, one pair an axis; None where none meets the element."""

    def ends(positions: range) -> list[int] | None:
        return [min(positions) + base, max(positions) + base] if positions else None

    places = list(zip(geometry.axes, position, strict=True))
    return {_NAMES[f]: [ends(_RANGES[letter, f](axis, p)) for axis, p in places] for f in factors}


def _numbers(
    geometry: Geometry, factors: tuple[str, str], values: tuple[Any, Any] | None
) -> tuple[np.ndarray, np.ndarray] | None:
    if values is None:
        return None
    first, second = values
    arrays = np.asarray(first), np.asarray(second)
    for letter, array in zip(factors, arrays, strict=True):
        name = "grad_output" if letter == "o" else _NAMES[letter]
        check_shape("explain", name, array.shape, _sizes(geometry, letter), "one plane")
    return arrays


def _value(factors: tuple[str, str], taps: Sequence[Tap], numbers: tuple[np.ndarray, np.ndarray] | None) -> Any:
    """Return the sum of the products as a Python number; None without numbers."""
    if numbers is None:
        return None
    value = sum(numbers[0][t[factors[0]]] * numbers[1][t[factors[1]]] for t in taps)
    return value.item() if isinstance(value, np.generic) else value
