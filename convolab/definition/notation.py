"""How one element is written out: as plain text, and as LaTeX."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

# One tap: the position of each index by its letter.
Tap: TypeAlias = dict[str, tuple[int, ...]]
_SUBSCRIPTS = str.maketrans("0123456789,-", "₀₁₂₃₄₅₆₇₈₉‚₋")


class _Notation(Protocol):
    """The signs of a sum. A letter is that of an index: o of the output, k of the weight, i of the input."""

    times: str  # between two symbols
    dot: str  # between two numbers

    def number(self, value: Any) -> str:
        """Return a number as it is written in a sum: negative ones in brackets."""

    def symbol(self, letter: str, position: Sequence[int]) -> str:
        """Return one element of a factor: of x, of w, or of the output gradient y′."""

    def result(self, letter: str, position: Sequence[int]) -> str:
        """Return one element of the result: of the output, or of a gradient."""


class Text:
    """Plain text with subscripts: `∂L/∂x₃ = w₃·y′₁ + w₂·y′₂`."""

    times, dot = "·", "·"

    def number(self, value: Any) -> str:
        return _number(value, "−")

    def symbol(self, letter: str, position: Sequence[int]) -> str:
        return {"o": "y′", "i": "x", "k": "w"}[letter] + self._index(position)

    def result(self, letter: str, position: Sequence[int]) -> str:
        return {"o": "y", "i": "∂L/∂x", "k": "∂L/∂w"}[letter] + self._index(position)

    @staticmethod
    def _index(position: Sequence[int]) -> str:
        return ",".join(map(str, position)).translate(_SUBSCRIPTS)


class Latex:
    """LaTeX for a formula of its own."""

    times, dot = r" \, ", r" \cdot "

    def number(self, value: Any) -> str:
        return _number(value, "-")

    def symbol(self, letter: str, position: Sequence[int]) -> str:
        return {"o": "y'", "i": "x", "k": "w"}[letter] + self._index(position)

    def result(self, letter: str, position: Sequence[int]) -> str:
        if letter == "o":
            return "y" + self._index(position)
        return rf"\frac{{\partial L}}{{\partial {'x' if letter == 'i' else 'w'}{self._index(position)}}}"

    @staticmethod
    def _index(position: Sequence[int]) -> str:
        return f"_{{{','.join(map(str, position))}}}"


def _number(value: Any, minus: str) -> str:
    text = f"{value:g}" if isinstance(value, (float, np.floating)) else str(value)
    return f"({minus}{text[1:]})" if text.startswith("-") else text


def write(
    notation: _Notation,
    letter: str,
    position: Sequence[int],
    factors: tuple[str, str],
    taps: Sequence[Tap],
    base: int,
    numbers: tuple[np.ndarray, np.ndarray] | None = None,
    value: Any = None,
) -> str:
    """Return one element as `result = symbols`, or `result = symbols = numbers = value` where there are numbers.

    Parameters
    ----------
    notation : Notation
    letter, position : str, tuple of int
        The index of the result, and the element's position, counted from 0.
    factors : (str, str)
        The indices of the two factors, in the order in which they are written.
    taps : list of Tap
        One for each product, counted from 0.
    base : {0, 1}
        What written positions are counted from.
    numbers : (array, array), optional
        The two factors.
    value : number, optional
        The element's value.
    """

    def shown(positions: Sequence[int]) -> list[int]:
        return [p + base for p in positions]

    terms = [notation.times.join(notation.symbol(f, shown(tap[f])) for f in factors) for tap in taps]
    sides = [notation.result(letter, shown(position)), " + ".join(terms) or "0"]
    if numbers:
        pairs = [[notation.number(array[tap[f]]) for f, array in zip(factors, numbers, strict=True)] for tap in taps]
        sides += [" + ".join(notation.dot.join(pair) for pair in pairs) or "0", notation.number(value).strip("()")]
    return " = ".join(sides)
