"""Which mistake does what a function did? The one that reproduces it, where no other does so as well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.values import scaled_by
from convolab.definition.mistakes.variation import Variation
from convolab.geometry import Geometry


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
    holes : bool array, optional
        Elements for which the function raised, where it computes one element a call.
    """

    operation: str
    geometry: Geometry
    arrays: dict
    got: np.ndarray | None
    tolerance: float = 0.0
    holes: np.ndarray | None = None
    expected: Any = field(default=None)  # the right result; computed here where it is not given

    def __post_init__(self) -> None:
        if self.expected is None:
            self.expected = Variation().outcome(self.operation, self.geometry, self.arrays)[0]

    @property
    def raised(self) -> bool:
        """Whether there was no answer at all."""
        return self.got is None

    @property
    def right(self) -> bool:
        """Whether the answer is the right one, every element of it."""
        return not self.raised and not self._has_holes and agree(self.got, self.expected, self.tolerance)

    @property
    def _has_holes(self) -> bool:
        return self.holes is not None and bool(self.holes.any())

    def reproduced_by(self, variation: Variation) -> bool:
        """Whether the mistake does exactly what the function did, an exception included."""
        try:
            with np.errstate(all="ignore"):
                result, holes = variation.outcome(self.operation, self.geometry, self.arrays)
        except (IndexError, ValueError):
            return self.raised
        if self.holes is not None and self.got is not None:
            return self._same_where_computed(result, holes)
        if holes.any() or result is None:
            return self.raised
        return not self.raised and agree(self.got, result, self.tolerance)

    def _same_where_computed(self, result, holes) -> bool:
        assert self.got is not None and self.holes is not None
        if result.shape != self.got.shape or holes.shape != self.holes.shape or (holes != self.holes).any():
            return False
        return agree(self.got[~holes], result[~holes], self.tolerance)


def agree(got, expected, tolerance: float) -> bool:
    """Same shape, and no element farther off than the tolerance."""
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape:
        return False
    with np.errstate(invalid="ignore"):
        return bool((np.abs(got - expected) <= tolerance).all())


@dataclass(frozen=True)
class Found:
    """A mistake, or a pair, that reproduces every trial; `variation` is how it was made."""

    mistakes: tuple[Mistake, ...]
    variation: Variation

    @property
    def code(self) -> str:
        return "+".join(m.code for m in self.mistakes)


def recognise(trials: Sequence[Trial], catalogue: Iterable[Mistake], *, pairs: bool = True) -> list[Found]:
    """Every mistake that reproduces all trials, or else every pair of them; one entry a name.

    A name may be given only if the list has exactly one entry. An empty list means that the function did something
    that nobody has described; several entries mean that the trials cannot tell them apart.
    """
    trials = sorted(trials, key=lambda t: (t.right, t.raised, t.geometry.mult_adds))
    wrong = [t for t in trials if not t.right]
    if not any(not t.raised for t in wrong):
        return []
    operation, geometry = trials[0].operation, trials[0].geometry
    catalogue = [m for m in catalogue if not m.observed and m.ways(operation, geometry)]
    singles = [(m, v) for m in catalogue for v in (*m.ways(operation, geometry), *fitted(m, wrong))]
    found = [Found((m,), v) for m, v in singles if reproduces(v, trials)]
    if not found and pairs:
        found = [Found((a, b), v) for a, b, v in couples(singles, wrong) if reproduces(v, trials)]
    return one_a_name(found)


def reproduces(variation: Variation, trials: Sequence[Trial]) -> bool:
    return all(t.reproduced_by(variation) for t in trials)


def one_a_name(found: list[Found]) -> list[Found]:
    names: dict[frozenset, Found] = {}
    for f in found:
        names.setdefault(frozenset(m.code for m in f.mistakes), f)
    return list(names.values())


def fitted(mistake: Mistake, wrong: Sequence[Trial]) -> list[Variation]:
    """A constant factor cannot be listed beforehand: it is read off one trial, and must then hold for all."""
    if mistake.code != "scaled":
        return []
    factors = (_ratio(t) for t in wrong if not t.raised)
    return [scaled_by(f) for f in [next((f for f in factors if f), None)] if f and abs(f) not in (1.0, 2.0, 0.5)]


def _ratio(trial: Trial) -> float | None:
    if trial.got is None or trial.got.shape != trial.expected.shape:
        return None
    size = float(np.sum(np.square(trial.expected, dtype=float)))
    return float(np.sum(trial.got * trial.expected, dtype=float)) / size if size else None


PAIRED_WAYS = 4  # ways of one mistake that take part in pairs: all of them would take ten times as long


def couples(singles, wrong):
    """Pairs of variations of two mistakes that could explain the first wrong trial."""
    first = next(t for t in wrong if not t.raised)
    useful = distinct(singles, [t for t in wrong if not t.raised][:3])
    for n, (a, v) in enumerate(useful):
        for b, w in useful[n + 1 :]:
            if a is not b and (not v.edge or not w.edge or v.edge == w.edge):
                orders = [v.then(w), w.then(v)] if v.shares_a_place_with(w) else [v.then(w)]
                yield from ((a, b, both) for both in orders if first.reproduced_by(both))


def distinct(singles, trials: Sequence[Trial]):
    """The variations that change something in the trials, a few of each mistake and none twice."""
    chosen: list[tuple[Mistake, Variation]] = []
    seen: set = set()
    taken: dict[str, int] = {}
    for mistake, variation in singles:
        marks = (mistake.code, tuple(_mark(variation, t) for t in trials))
        if not _shape_fits(marks[1], trials):
            continue
        changes = any(mark != _mark(Variation(), t) for mark, t in zip(marks[1], trials, strict=True))
        if marks not in seen and changes and taken.get(mistake.code, 0) < PAIRED_WAYS:
            seen.add(marks)
            taken[mistake.code] = taken.get(mistake.code, 0) + 1
            chosen.append((mistake, variation))
    return chosen


def _shape_fits(marks: tuple, trials: Sequence[Trial]) -> bool:
    """Whether every result has the right shape or the answer's: two wrong sizes do not make up for each other."""
    return all(
        m is None or m[0] in (np.asarray(t.got).shape, t.expected.shape) for m, t in zip(marks, trials, strict=True)
    )


def _mark(variation: Variation, trial: Trial):
    """What tells the outcomes of two variations apart."""
    try:
        result, holes = variation.outcome(trial.operation, trial.geometry, trial.arrays)
    except (IndexError, ValueError):
        return None
    return result.shape, np.asarray(result, float).tobytes(), holes.tobytes()
