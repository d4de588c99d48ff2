"""What does a function read? For each result and each place of its second factor, the place of the first it multiplies.

A function that is linear in each of its two factors is the list of its products. Weights at a few places of the second
factor, such that no result meets two of them, single the products out; whole numbers in the first factor, all of whose
products with the weights are different, tell which place was read. The coefficient comes from two calls at the start.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

BEYOND = -1
TINY = 1e-6
# So near must a value be to a product: far above rounding, float32's too, and far below the distance of two products.
NEAR = 3e-7
# For a function that rounds by a part of its largest value: how near a value must be, and which values are zeros.
COARSE, ROUNDING = 3e-5, 1e-5
WEIGHTS = (1.0, 3.0, 5.0)
MOST_CALLS = 24  # for each place of the second factor

Ask = Callable[[np.ndarray, np.ndarray], np.ndarray | None]
# Rows (result, second, first) of flat places, and a coefficient for each.
Decoded = tuple[np.ndarray, np.ndarray]


class Unreadable(Exception):
    """The function is no list of products, or does not answer everything that it is asked."""


class _Noisy(Unreadable):
    """Beside the products stand values that only rounding explains, as those of a transform in single precision."""


class TooMuch(Unreadable):
    """The function multiplies so many places at once that no list of products explains it."""


@dataclass(frozen=True)
class Readings:
    """The products of a function.

    Attributes
    ----------
    first, second, result : tuple of int
        Shapes of the two factors and of the result.
    products : int64 (products, 3)
        Flat places in the result, in the second and in the first factor; BEYOND for a number that is in none.
    coefficients : float64 (products,)
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    result: tuple[int, ...]
    products: np.ndarray
    coefficients: np.ndarray


def read(ask: Ask, first: tuple[int, ...], second: tuple[int, ...], *, apart: int = 0, seed: int = 0) -> Readings:
    """Return the products of a function, by one call for each place of the second factor or less.

    Parameters
    ----------
    ask : callable
        (first, second) → result, or None where the function raises.
    first, second : tuple of int
        Shapes of its factors.
    apart : int
        An axis of the second factor along which no two places should meet in one result.

    Raises
    ------
    Unreadable
        It raised, gave results of several shapes, or reads a product that is no single place times a coefficient.
    """
    try:
        return _read(Reader(ask, first, second, seed), apart)
    except _Noisy:
        return _read(Reader(ask, first, second, seed, coarse=True), apart)


def _read(reader: "Reader", apart: int) -> Readings:
    groups = _groups(reader.second, apart, len(reader.weights))
    found = [decoded for places in groups for decoded in reader.products_of(places)]
    products, coefficients = zip(*found, strict=True)
    return Readings(reader.first, reader.second, reader.result, np.concatenate(products), np.concatenate(coefficients))


def is_single(ask: Ask, first: tuple[int, ...], second: tuple[int, ...]) -> bool | None:
    """Return whether a place of the second factor meets a single place of the first in every result.

    The middle place is asked, or one of the ends; None where none of them meets anything.
    """
    try:
        reader = Reader(ask, first, second, 0)
        columns, size = np.arange(int(np.prod(first))), int(np.prod(second))
        for place in (size // 2, size - 1, 0):
            nothing = reader.asked(np.array([place]), columns[:0])
            one, other = (reader.asked(np.array([place]), columns, row) - nothing for row in (0, 1))
            if one.any():
                return reader.by_ratio(one, other, place, columns) is not None
    except Unreadable:
        return False
    return None


def _groups(second: tuple[int, ...], apart: int, most: int) -> Iterator[np.ndarray]:
    """Yield the flat places of the second factor that are asked at once: those that differ along one axis."""
    places = np.moveaxis(np.arange(int(np.prod(second))).reshape(second), apart, 0)
    for group in places.reshape(second[apart], -1).T:
        for start in range(0, len(group), most):
            yield group[start : start + most]


class Reader:
    """Asks one function, and decodes what it answers; a coarse one also where rounding is a millionth of the largest.

    A coarse one asks place by place, with numbers of one order of magnitude, and takes every coefficient for 1.
    """

    def __init__(
        self, ask: Ask, first: tuple[int, ...], second: tuple[int, ...], seed: int, *, coarse: bool = False
    ) -> None:
        self.ask, self.first, self.second, self.calls, self.coarse = ask, first, second, 0, coarse
        self.weights: tuple[float, ...] = WEIGHTS[:1] if coarse else WEIGHTS
        self.near = COARSE if coarse else NEAR
        count, rng = int(np.prod(first)), np.random.default_rng(seed)
        self.numbers = _alike(count, rng) if coarse else _numbers(count, rng)
        self.result: tuple[int, ...] = ()
        self.coefficient: float | None = 1.0 if coarse else None
        nothing = self.answer(np.zeros(int(np.prod(first))), np.zeros(int(np.prod(second))))
        if not nothing.size:
            raise Unreadable("its result is empty")
        self.result = nothing.shape
        if nothing.any():
            raise Unreadable("its result for zeros is not zero")
        if np.abs(self.answer(self.numbers[0], np.zeros(int(np.prod(second))))).max() > TINY:
            raise Unreadable("its second factor is not among the products")
        ones = self.answer(np.zeros(int(np.prod(first))), np.ones(int(np.prod(second))))
        self.beyond = bool((np.abs(ones) > TINY).any())

    def answer(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        self.calls += 1
        if self.calls > 100 + MOST_CALLS * int(np.prod(self.second)):
            raise TooMuch("it multiplies too many places at once")
        answer = self.ask(first.reshape(self.first), second.reshape(self.second))
        if answer is None:
            raise Unreadable("it raised")
        values = np.asarray(answer, float)
        if not np.isfinite(values).all():
            raise Unreadable("its results are not finite")
        if self.result and values.shape != self.result:
            raise Unreadable("its results have several shapes")
        return self._without_rounding(values)

    def _without_rounding(self, values: np.ndarray) -> np.ndarray:
        """Return the values with zeros for those that can only be rounding."""
        size = np.abs(values)
        noise = (size > 0) & (size < ROUNDING * size.max(initial=0.0))
        if not self.coarse and (noise & (size > TINY)).any():
            raise _Noisy("rounding stands beside its products")
        return np.where(noise, 0.0, values)

    def products_of(self, places: np.ndarray) -> list[Decoded]:
        """Return the products of some places of the second factor, asked together if they can be told apart."""
        everywhere = np.arange(self.numbers.shape[1])
        if self.beyond or self.coefficient is None:
            return [decoded for place in places for decoded in self._first_time(place, everywhere)]
        return self._decoded(places, everywhere, self.asked(places, everywhere))

    def asked(self, places: np.ndarray, columns: np.ndarray, row: int = 0) -> np.ndarray:
        """Return what weights at some places, and numbers in some columns, give."""
        weights, numbers = np.zeros(int(np.prod(self.second))), np.zeros(self.numbers.shape[1])
        weights[places], numbers[columns] = self.weights[: len(places)], self.numbers[row, columns]
        return self.answer(numbers, weights).ravel()

    def _first_time(self, place: int, columns: np.ndarray) -> list[Decoded]:
        """Return the products of one place whose coefficient is not known, and what it meets beyond the border."""
        places = np.array([place])
        constant = self.asked(places, columns[:0]) if self.beyond else np.zeros(1)
        found = self._decoded(places, columns, self.asked(places, columns) - constant, constant)
        outside = np.flatnonzero(np.abs(constant) > TINY)
        return [*found, (_rows(outside, place, np.full(len(outside), BEYOND)), constant[outside])]

    def _decoded(
        self, places: np.ndarray, columns: np.ndarray, answer: np.ndarray, constant: np.ndarray | float = 0.0
    ) -> list[Decoded]:
        """Return the products at some places and columns: all at once, or by halves if a result meets several."""
        found = self._by_value(answer, places, columns) if self.coefficient is not None else None
        if found is None and len(places) == 1:
            found = self.by_ratio(answer, self.asked(places, columns, 1) - constant, int(places[0]), columns)
        if found is not None:
            return [found]
        if len(places) * len(columns) < 2:
            raise Unreadable("it is not linear")
        at = max(len(places), 1) // 2
        halves = [(places[:at], columns), (places[at:], columns)]
        if len(places) == 1:
            at = len(columns) // 2
            halves = [(places, columns[:at]), (places, columns[at:])]
        return [d for p, c in halves for d in self._decoded(p, c, self.asked(p, c) - constant, constant)]

    def _by_value(self, answer: np.ndarray, places: np.ndarray, columns: np.ndarray) -> Decoded | None:
        """Return the products by their values, where all have the coefficient that is known; else None."""
        results, coefficient = np.flatnonzero(np.abs(answer) > TINY), self.coefficient or 1.0
        values = np.outer(np.array(self.weights[: len(places)]), self.numbers[0, columns]).ravel()
        order = np.argsort(values)
        wanted = answer[results] / coefficient
        at = order[_nearest(values[order], wanted)]
        if not (np.abs(values[at] - wanted) <= self.near * np.abs(wanted)).all():
            return None
        weight, place = np.divmod(at, len(columns))
        products = np.stack([results, places[weight], columns[place]], axis=1).astype(np.int64)
        return products, np.full(len(results), coefficient)

    def by_ratio(self, one: np.ndarray, other: np.ndarray, place: int, columns: np.ndarray) -> Decoded | None:
        """Return the products of one place and their coefficients; None where some are not of a single column."""
        numbers = self.numbers[:, columns]
        order = np.argsort(numbers[0] / numbers[1])
        results = np.flatnonzero(np.maximum(np.abs(one), np.abs(other)) > TINY)
        a, b = one[results], other[results]
        with np.errstate(divide="ignore", invalid="ignore"):
            wanted = np.nan_to_num(a / b, posinf=0.0, neginf=0.0)
        at = order[_nearest((numbers[0] / numbers[1])[order], wanted)]
        if not (np.abs(numbers[0, at] * b - numbers[1, at] * a) <= self.near * numbers[0, at] * np.abs(b)).all():
            return None
        coefficients = a / numbers[0, at]
        if len(coefficients) and np.allclose(coefficients, coefficients[0], rtol=1e-6):
            self.coefficient = float(coefficients[0])
        return _rows(results, place, columns[at]), coefficients


def _nearest(increasing: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return for each wanted value the index of the nearest of increasing ones."""
    near = np.searchsorted(increasing, wanted).clip(0, len(increasing) - 1)
    below = (near - 1).clip(0)
    return np.where(np.abs(increasing[below] - wanted) < np.abs(increasing[near] - wanted), below, near)


def _numbers(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return two rows of whole numbers: ratios name a column, and so do values in the first row times a weight."""
    for _ in range(100):
        rows = rng.integers(2**12, 2**20, (2, count)).astype(float)
        values = np.sort(np.outer(np.array(WEIGHTS), rows[0]).ravel())
        ratios = np.sort(rows[0] / rows[1])
        if all((np.diff(v) > 2 * NEAR * v[1:]).all() for v in (values, ratios)):
            break
    return rows  # of so many numbers two may be near: a place misread is found where the fit is proved


def _alike(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return two rows of whole numbers of one order of magnitude, in each of which all differ."""
    return np.stack([2**13 + 2 * rng.permutation(2**12)[:count] for _ in range(2)]).astype(float)


def _rows(results: np.ndarray, place: int, first: np.ndarray) -> np.ndarray:
    return np.stack([results, np.full(len(results), place), first], axis=1).astype(np.int64)
