"""Which combinations a test tries by default: every value of every list, though not each beside each other."""

from collections.abc import Iterable, Mapping
from itertools import product

import pytest

WORDS = (str, int, float)


def in_turn(first: Iterable, *others: Iterable, every: int | None = None) -> list:
    """Return all combinations as parameters; those left for `make slow` are marked.

    The first value takes the first combination of the others, the second the next, and so on, around and around:
    one each, or one of `every` many.
    """
    lists = [_named(values) for values in (first, *others)]
    rest = list(product(*lists[1:]))
    every = every or len(rest)
    chosen = [
        ((value, *more), (n + number) % every == 0)
        for n, value in enumerate(lists[0])
        for number, more in enumerate(rest)
    ]
    for position, values in enumerate(lists):
        tried = {combination[position][0] for combination, kept in chosen if kept}
        left = [name for name, _ in values if name not in tried]
        assert not left, f"in_turn: {', '.join(left)} of list {position} would be tried by `make slow` alone"
    return [_parameter(combination, kept) for combination, kept in chosen]


def thinned(parameters: list, count: int) -> list:
    """Return parameters, of those tried by default only so many, spread over them all; the others are marked."""
    tried = [p for p in parameters if not p.marks]
    kept = {id(tried[n]) for n in _spread(len(tried), count)}
    return [
        p if p.marks or id(p) in kept else pytest.param(*p.values, id=p.id, marks=pytest.mark.slow) for p in parameters
    ]


def few(values: Iterable, count: int) -> list:
    """Return all values as parameters, of which only so many, spread over them all, are tried by default."""
    named = _named(values)
    kept = _spread(len(named), count)
    return [_parameter([pair], n in kept) for n, pair in enumerate(named)]


def _spread(length: int, count: int) -> set[int]:
    """Return so many places of a list, evenly apart."""
    return {round((n + 0.5) * length / count - 0.5) for n in range(min(count, length))}


def _named(values: Iterable) -> list[tuple[str, object]]:
    """(name, value): the keys of a mapping, what can be read, or the number."""
    if isinstance(values, Mapping):
        return list(values.items())
    return [(_name(value, n), value) for n, value in enumerate(values)]


def _name(value, number: int) -> str:
    name = getattr(value, "name", getattr(value, "__name__", None))
    return name or (str(value) if isinstance(value, WORDS) else str(number))


def _parameter(combination: tuple, kept: bool):
    names, values = zip(*combination, strict=True)
    return pytest.param(*values, id="-".join(names), marks=() if kept else pytest.mark.slow)
