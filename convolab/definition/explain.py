"""One element of the output, or of either gradient, written out as the sum that it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from convolab.errors import ArgumentError
from convolab.geometry import INDEX_LETTERS, OPERATIONS, Axis, Geometry, check_shape
from convolab.geometry.arguments import per_axis

# What the letters of the indices stand for, and the quantities that can be written out.
_NAMES = {"o": "output", "i": "input", "k": "weight"}
QUANTITIES = {_NAMES[INDEX_LETTERS[operation.result]]: operation for operation in OPERATIONS.values()}
SUBSCRIPTS = str.maketrans("0123456789,-", "₀₁₂₃₄₅₆₇₈₉‚₋")
RANGES = {
    ("o", "k"): Axis.kernels_of_output,
    ("o", "i"): Axis.inputs_of_output,
    ("k", "o"): Axis.outputs_of_kernel,
    ("k", "i"): Axis.inputs_of_kernel,
    ("i", "k"): Axis.kernels_of_input,
    ("i", "o"): Axis.outputs_of_input,
}


@dataclass(frozen=True)
class Explanation:
    """One element as a sum over its taps. `str()` gives the text; positions are counted from `base`.

    Attributes
    ----------
    expression, latex : str
        The element, its sum and, where numbers were given, its value.
    taps : list of dict
        One for each product: its `output`, `input` and `weight` position.
    bounds : dict
        The lowest and highest position of each of the two summed indices, one pair an axis; None for an empty sum.
    value : number or None
        The sum, where numbers were given.
    """

    expression: str
    latex: str
    taps: list[dict[str, list[int]]]
    bounds: dict[str, list[list[int] | None]]
    value: float | int | None = None

    def __str__(self) -> str:
        return self.expression

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"


def explain(
    quantity: str,
    *,
    input,
    kernel,
    at,
    stride=1,
    padding=0,
    dilation=1,
    base: int = 1,
    values: tuple[np.ndarray, np.ndarray] | None = None,
) -> Explanation:
    """Write out one element of the output, of the input's gradient or of the weight's gradient.

    With x the input, w the weight, y the output and y′ = ∂L/∂y:

        y_o = Σ w_k x_i        ∂L/∂x_i = Σ w_k y′_o        ∂L/∂w_k = Σ y′_o x_i

    Parameters
    ----------
    quantity : {"output", "input", "weight"}
    input, kernel : int or sequence of int
        Sizes along each axis, in pixels.
    at : int or sequence of int
        The element, counted from `base`.
    stride, padding, dilation
        As in `Geometry`; zero padding.
    base : {1, 0}
        What positions are counted from: 1 as on the lab sheet, 0 as in Python.
    values : (array, array), optional
        Numbers for the two factors in the order they are written: (weight, input), (weight, grad_output) or
        (grad_output, input), each one plane.

    Raises
    ------
    ArgumentError
        For an unknown quantity, or a position outside.

    Examples
    --------
    >>> print(explain("input", input=6, kernel=3, at=3))
    ∂L/∂x₃ = w₃·y′₁ + w₂·y′₂ + w₁·y′₃
    >>> print(explain("input", input=6, kernel=3, at=2))
    ∂L/∂x₂ = w₂·y′₁ + w₁·y′₂
    """
    if quantity not in QUANTITIES:
        raise ArgumentError(f"explain: {quantity!r} is unknown. Expected one of {', '.join(QUANTITIES)}.")
    geometry = Geometry(input, kernel, stride=stride, padding=padding, dilation=dilation)
    operation = QUANTITIES[quantity]
    letter, (first, second) = INDEX_LETTERS[operation.result], operation.written
    factors = INDEX_LETTERS[first], INDEX_LETTERS[second]
    position = _position(geometry, letter, at, base)
    taps = _taps_at(geometry, letter, position)
    numbers = _numbers(geometry, factors, values)
    bounds = {
        name: [_bounds(RANGES[letter, f](axis, p), base) for axis, p in zip(geometry.axes, position, strict=True)]
        for f, name in zip(factors, (_NAMES[f] for f in factors), strict=True)
    }
    named = [{_NAMES[x]: [p + base for p in tap[x]] for x in "oik"} for tap in taps]
    value = sum(numbers[0][t[factors[0]]] * numbers[1][t[factors[1]]] for t in taps) if numbers else None
    value = value.item() if isinstance(value, np.generic) else value
    text, latex = (_write(letter, position, factors, taps, numbers, value, base, style) for style in (_Text, _Latex))
    return Explanation(text, latex, named, bounds, value)


def _sizes(geometry: Geometry, letter: str) -> tuple[int, ...]:
    return {"o": geometry.output, "i": geometry.input, "k": geometry.kernel}[letter]


def _position(geometry: Geometry, letter: str, at, base: int) -> tuple[int, ...]:
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


def _taps_at(geometry: Geometry, letter: str, position: Sequence[int]) -> list[dict[str, tuple[int, ...]]]:
    """The taps of one element, in the order of the second factor's rising index."""
    others = [x for x in "oki" if x != letter]
    per_axis = [
        sorted(zip(*(RANGES[letter, x](axis, p) for x in others), strict=True))
        for axis, p in zip(geometry.axes, position, strict=True)
    ]
    taps = []
    for combination in product(*per_axis):
        found = dict(zip(others, zip(*combination, strict=True), strict=True))
        taps.append({letter: tuple(position), **found})
    return taps


def _bounds(positions: range, base: int) -> list[int] | None:
    return [min(positions) + base, max(positions) + base] if positions else None


def _numbers(geometry: Geometry, factors: tuple[str, str], values) -> tuple[np.ndarray, np.ndarray] | None:
    if values is None:
        return None
    first, second = values
    arrays = np.asarray(first), np.asarray(second)
    for letter, array in zip(factors, arrays, strict=True):
        name = "grad_output" if letter == "o" else _NAMES[letter]
        check_shape("explain", name, array.shape, _sizes(geometry, letter), "one plane")
    return arrays


class _Text:
    times, dot, plus, equals = "·", "·", " + ", " = "

    @staticmethod
    def number(value) -> str:
        return _number(value, "−")

    @staticmethod
    def symbol(letter: str, position: Sequence[int]) -> str:
        name = {"o": "y′", "i": "x", "k": "w"}[letter]
        return name + ",".join(map(str, position)).translate(SUBSCRIPTS)

    @staticmethod
    def result(letter: str, position: Sequence[int]) -> str:
        index = ",".join(map(str, position)).translate(SUBSCRIPTS)
        return {"o": "y", "i": "∂L/∂x", "k": "∂L/∂w"}[letter] + index


class _Latex:
    times, dot, plus, equals = r" \, ", r" \cdot ", " + ", " = "

    @staticmethod
    def number(value) -> str:
        return _number(value, "-")

    @staticmethod
    def symbol(letter: str, position: Sequence[int]) -> str:
        name = {"o": "y'", "i": "x", "k": "w"}[letter]
        return f"{name}_{{{','.join(map(str, position))}}}"

    @staticmethod
    def result(letter: str, position: Sequence[int]) -> str:
        index = f"_{{{','.join(map(str, position))}}}"
        if letter == "o":
            return "y" + index
        return rf"\frac{{\partial L}}{{\partial {'x' if letter == 'i' else 'w'}{index}}}"


def _write(letter, position, factors, taps, numbers, value, base, style) -> str:
    """result = symbols [= numbers = value]"""
    shift = lambda positions: [p + base for p in positions]  # noqa: E731
    terms = [style.times.join(style.symbol(f, shift(tap[f])) for f in factors) for tap in taps]
    sides = [style.result(letter, shift(position)), style.plus.join(terms) or "0"]
    if numbers:
        pairs = [[style.number(array[tap[f]]) for f, array in zip(factors, numbers, strict=True)] for tap in taps]
        sides += [style.plus.join(style.dot.join(pair) for pair in pairs) or "0", style.number(value).strip("()")]
    return style.equals.join(sides)


def _number(value, minus: str) -> str:
    """A number as it is written in a sum: negative ones in brackets."""
    text = f"{value:g}" if isinstance(value, (float, np.floating)) else str(value)
    return f"({minus}{text[1:]})" if text.startswith("-") else text
