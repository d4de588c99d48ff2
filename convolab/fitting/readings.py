"""What does a function read? For each result and each place of its second factor, the place of the first it multiplies.

A function that is linear in each of its two factors is the list of its products. An impulse in the second factor
singles out the products of one place; numbers in the first factor whose ratios between two calls are all different
tell which place was read, and with which coefficient.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

BEYOND = -1
TINY = 1e-6

Ask = Callable[[np.ndarray, np.ndarray], np.ndarray | None]
# Rows (result, second, first) of flat places, and a coefficient for each.
Decoded = tuple[np.ndarray, np.ndarray]


class Unreadable(Exception):
    """The function is no list of products, or does not answer everything that it is asked."""


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
    constants : float64, result
        What the function gives for factors of zeros.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    result: tuple[int, ...]
    products: np.ndarray
    coefficients: np.ndarray
    constants: np.ndarray


def read(ask: Ask, first: tuple[int, ...], second: tuple[int, ...], *, seed: int = 0) -> Readings:
    """Return the products of a function, by two calls for each place of the second factor.

    Parameters
    ----------
    ask : callable
        (first, second) → result, or None where the function raises.
    first, second : tuple of int
        Shapes of its factors.

    Raises
    ------
    Unreadable
        It raised, gave results of several shapes, or reads a product that is no single place times a coefficient.
    """
    numbers = _numbers(int(np.prod(first)), np.random.default_rng(seed))
    nothing = _answer(ask, np.zeros(first), np.zeros(second), ())
    beyond = bool((_answer(ask, np.zeros(first), np.ones(second), nothing.shape) != nothing).any())
    found: list[Decoded] = []
    for place in range(int(np.prod(second))):
        impulse = np.zeros(second)
        impulse.flat[place] = 1.0

        def answers(rows: np.ndarray, impulse: np.ndarray = impulse) -> np.ndarray:
            given = [_answer(ask, row.reshape(first), impulse, nothing.shape).ravel() for row in rows]
            moved: np.ndarray = np.stack(given) - nothing.ravel()
            return moved

        constant = answers(0 * numbers[:1])[0] if beyond else np.zeros(nothing.size)
        whole = _decoded(answers(numbers) - constant, numbers, place)
        found += [whole] if whole is not None else _plane_by_plane(answers, numbers, constant, first, place)
        outside = np.flatnonzero(np.abs(constant) > TINY)
        found.append((_rows(outside, place, np.full(len(outside), BEYOND)), constant[outside]))
    products, coefficients = zip(*found, strict=True)
    return Readings(first, second, nothing.shape, np.concatenate(products), np.concatenate(coefficients), nothing)


def _plane_by_plane(
    answers: Callable[[np.ndarray], np.ndarray],
    numbers: np.ndarray,
    constant: np.ndarray,
    first: tuple[int, ...],
    place: int,
) -> list[Decoded]:
    """Return the products of an impulse that meets several planes of the first factor: those of each plane alone."""
    size, parts = first[-2] * first[-1], []
    for start in range(0, numbers.shape[1], size):
        alone = np.zeros_like(numbers)
        alone[:, start : start + size] = numbers[:, start : start + size]
        part = _decoded(answers(alone) - constant, alone, place)
        if part is None:
            raise Unreadable("it multiplies a weight by several places at once")
        parts.append(part)
    return parts


def _answer(ask: Ask, first: np.ndarray, second: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    answer = ask(first, second)
    if answer is None:
        raise Unreadable("it raised")
    values = np.asarray(answer, float)
    if not np.isfinite(values).all():
        raise Unreadable("its results are not finite")
    if shape and values.shape != shape:
        raise Unreadable("its results have several shapes")
    return values


def _numbers(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return two rows of whole numbers whose ratios are all different, so that a ratio names its column."""
    while True:
        rows = rng.integers(101, 1000, (2, count)).astype(float)
        if len(np.unique(rows[0] / rows[1])) == count:
            return rows


def _decoded(answers: np.ndarray, numbers: np.ndarray, place: int) -> Decoded | None:
    """Return the products of one impulse and their coefficients; None where some are not of a single place."""
    columns = np.flatnonzero(numbers[1])
    ratios = numbers[0, columns] / numbers[1, columns]
    order = np.argsort(ratios)
    results = np.flatnonzero(np.abs(answers).max(0) > TINY)
    a, b = answers[:, results]
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.nan_to_num(a / b, posinf=0.0, neginf=0.0)
    near = np.searchsorted(ratios[order], wanted).clip(0, len(order) - 1)
    below = (near - 1).clip(0)
    nearer = np.abs(ratios[order[below]] - wanted) < np.abs(ratios[order[near]] - wanted)
    at = columns[order[np.where(nearer, below, near)]]
    if not (np.abs(numbers[0, at] * b - numbers[1, at] * a) <= 1e-7 * numbers[0, at] * np.abs(b)).all():
        return None
    return _rows(results, place, at), a / numbers[0, at]


def _rows(results: np.ndarray, place: int, first: np.ndarray) -> np.ndarray:
    return np.stack([results, np.full(len(results), place), first], axis=1).astype(np.int64)
