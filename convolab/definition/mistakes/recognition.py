"""Which mistake does what a function did? The one that reproduces it, where no other does so as well."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Arrays
from convolab.definition.mistakes.values import scaled_by
from convolab.definition.mistakes.variation import Variation
from convolab.geometry import Geometry

# One way of making a mistake.
Way: TypeAlias = tuple[Mistake, Variation]
# What tells the results of two variations apart: shape, values and missing elements; None where it raises.
Mark: TypeAlias = tuple[tuple[int, ...], bytes, bytes] | None


@dataclass
class Trial:
    """One call of a function under suspicion, and what came back.

    Attributes
    ----------
    operation : {"forward", "input_gradient", "weight_gradient"}
    geometry : Geometry
    arrays : dict
        The two factors by name: `input`, `weight`, `grad_output`, and `bias` where there is one.
    got : array or None
        What the function returned, as (N, C, *spatial); None where it raised.
    tolerance : float
        The largest difference that rounding explains.
    missing : bool array, optional
        Elements for which the function raised, where it computes one element a call.
    expected : array, optional
        The right result; it is computed here where it is not given.
    """

    operation: str
    geometry: Geometry
    arrays: Arrays
    got: np.ndarray | None
    tolerance: float = 0.0
    missing: np.ndarray | None = None
    expected: Any = None

    def __post_init__(self) -> None:
        if self.expected is None:
            self.expected = Variation().evaluate(self.operation, self.geometry, self.arrays)[0]

    @property
    def raised(self) -> bool:
        """Whether there was no answer at all."""
        return self.got is None

    @property
    def complete(self) -> bool:
        """Whether every element has an answer."""
        return not self.raised and not (self.missing is not None and self.missing.any())

    @property
    def right(self) -> bool:
        """Whether the answer is the right one, every element of it."""
        return self.complete and agree(self.got, self.expected, self.tolerance)

    def reproduced_by(self, variation: Variation) -> bool:
        """Return whether the mistake does exactly what the function did, an exception included."""
        try:
            with np.errstate(all="ignore"):
                result, missing = variation.evaluate(self.operation, self.geometry, self.arrays)
        except (IndexError, ValueError):
            return self.raised
        if self.missing is not None and self.got is not None:
            return self._same_where_computed(self.got, self.missing, result, missing)
        if missing.any() or result is None:
            return self.raised
        return not self.raised and agree(self.got, result, self.tolerance)

    def _same_where_computed(self, got: np.ndarray, absent: np.ndarray, result: Any, missing: np.ndarray) -> bool:
        if result.shape != got.shape or missing.shape != absent.shape or (missing != absent).any():
            return False
        return agree(got[~missing], result[~missing], self.tolerance)


def agree(got: Any, expected: Any, tolerance: float) -> bool:
    """Return whether two arrays have the same shape, and no element is farther off than the tolerance.

    What is no finite number in one is none in the other.
    """
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape:
        return False
    with np.errstate(invalid="ignore"):
        near = np.abs(got - expected) <= tolerance
    return bool(near.all()) or bool((near | ~(np.isfinite(got) | np.isfinite(expected))).all())


@dataclass(frozen=True)
class Recognised:
    """A mistake, or a pair, that reproduces every trial; `variation` is how it was made."""

    mistakes: tuple[Mistake, ...]
    variation: Variation

    @property
    def code(self) -> str:
        """The mistake's code, or those of a pair joined by `+`."""
        return "+".join(m.code for m in self.mistakes)


def recognise(trials: Sequence[Trial], catalogue: Iterable[Mistake], *, pairs: bool = True) -> list[Recognised]:
    """Return every mistake that reproduces all trials, or else every pair of them; one entry a name.

    A name may be given only if the list has exactly one entry. An empty list means that the function did something
    that nobody has described; several entries mean that the trials cannot tell them apart.
    """
    trials = sorted(trials, key=lambda t: (t.right, t.raised, t.geometry.mult_adds))
    wrong = [t for t in trials if not t.right]
    if not any(not t.raised for t in wrong):
        return []
    operation, geometry = trials[0].operation, trials[0].geometry
    catalogue = [m for m in catalogue if not m.observed and m.ways(operation, geometry)]
    singles = [(m, v) for m in catalogue for v in (*m.ways(operation, geometry), *_fitted(m, wrong))]
    found = [Recognised((m,), v) for m, v in singles if _reproduces(v, trials)]
    if not found and pairs:
        found = [Recognised((a, b), v) for a, b, v in _couples(singles, wrong) if _reproduces(v, trials)]
    return _one_a_name(found)


def _reproduces(variation: Variation, trials: Sequence[Trial]) -> bool:
    return all(t.reproduced_by(variation) for t in trials)


def _one_a_name(found: list[Recognised]) -> list[Recognised]:
    names: dict[frozenset[str], Recognised] = {}
    for f in found:
        names.setdefault(frozenset(m.code for m in f.mistakes), f)
    return list(names.values())


def _fitted(mistake: Mistake, wrong: Sequence[Trial]) -> list[Variation]:
    """Return `scaled` with the factor read off one trial: a constant cannot be listed beforehand."""
    if mistake.code != "scaled":
        return []
    factors = (_ratio(t) for t in wrong if not t.raised)
    return [scaled_by(f) for f in [next((f for f in factors if f), None)] if f and abs(f) not in (1.0, 2.0, 0.5)]


def _ratio(trial: Trial) -> float | None:
    """Return the factor by which the answer differs from the right one, in the least-squares sense."""
    if trial.got is None or trial.got.shape != trial.expected.shape:
        return None
    size = float(np.sum(np.square(trial.expected, dtype=float)))
    return float(np.sum(trial.got * trial.expected, dtype=float)) / size if size else None


_PAIRED_WAYS = 4  # ways of one mistake that take part in pairs: all of them would take ten times as long


def _couples(singles: Sequence[Way], wrong: Sequence[Trial]) -> Iterator[tuple[Mistake, Mistake, Variation]]:
    """Yield pairs of variations of two mistakes that could explain the first wrong trial."""
    first = next(t for t in wrong if not t.raised)
    useful = _distinct(singles, [t for t in wrong if not t.raised][:3])
    for n, (a, v) in enumerate(useful):
        for b, w in useful[n + 1 :]:
            if a is not b and (not v.edge or not w.edge or v.edge == w.edge):
                orders = [v.then(w), w.then(v)] if v.shares_a_place_with(w) else [v.then(w)]
                yield from ((a, b, both) for both in orders if first.reproduced_by(both))


def _distinct(singles: Sequence[Way], trials: Sequence[Trial]) -> list[Way]:
    """Return the variations that change something in the trials, a few of each mistake and none twice."""
    chosen: list[Way] = []
    seen: set[tuple[str, tuple[Mark, ...]]] = set()
    taken: dict[str, int] = {}
    for mistake, variation in singles:
        marks = (mistake.code, tuple(_mark(variation, t) for t in trials))
        if not _shape_fits(marks[1], trials):
            continue
        changes = any(mark != _mark(Variation(), t) for mark, t in zip(marks[1], trials, strict=True))
        if marks not in seen and changes and taken.get(mistake.code, 0) < _PAIRED_WAYS:
            seen.add(marks)
            taken[mistake.code] = taken.get(mistake.code, 0) + 1
            chosen.append((mistake, variation))
    return chosen


def _shape_fits(marks: tuple[Mark, ...], trials: Sequence[Trial]) -> bool:
    """Return whether every result has the right shape or the answer's: two wrong sizes do not cancel."""
    return all(
        m is None or m[0] in (np.asarray(t.got).shape, t.expected.shape) for m, t in zip(marks, trials, strict=True)
    )


def _mark(variation: Variation, trial: Trial) -> Mark:
    try:
        result, missing = variation.evaluate(trial.operation, trial.geometry, trial.arrays)
    except (IndexError, ValueError):
        return None
    return result.shape, np.asarray(result, float).tobytes(), missing.tobytes()
