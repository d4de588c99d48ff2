"""Which mistake does what a function did? The one that reproduces it, where no other does so as well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
    expected: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.expected = Variation().outcome(self.operation, self.geometry, self.arrays)[0]

    @property
    def raised(self) -> bool:
        return self.got is None

    @property
    def right(self) -> bool:
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
    trials = sorted(trials, key=lambda t: (t.right, t.raised, t.expected.size))
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


def couples(singles, wrong):
    """Pairs of variations of two mistakes, in both orders, that could explain the first wrong trials."""
    first = next(t for t in wrong if not t.raised)
    useful = [(m, v) for m, v in singles if _changes(v, wrong)]
    for a, v in useful:
        for b, w in useful:
            if a is not b and first.operation in v.operations and (not v.edge or not w.edge or v.edge == w.edge):
                both = v.then(w)
                if first.reproduced_by(both):
                    yield a, b, both


def _changes(variation: Variation, wrong: Sequence[Trial]) -> bool:
    """Whether a variation can be told from the definition in any of the trials."""
    return any(not _same_as_definition(variation, t) for t in wrong[:4])


def _same_as_definition(variation: Variation, trial: Trial) -> bool:
    try:
        result, holes = variation.outcome(trial.operation, trial.geometry, trial.arrays)
    except (IndexError, ValueError):
        return False
    return not holes.any() and agree(result, trial.expected, 0)
