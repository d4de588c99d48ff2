"""Where and how are differences taken? In float64 wherever the function can be brought to it, or in its own type."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from convolab.gradient.precision import FLOAT32, FLOAT64, Kind, coarsest, felt, kind_of
from convolab.gradient.subject import Subject


@dataclass(frozen=True)
class Ground:
    """The point of the differences, and the types on both sides of the comparison.

    Attributes
    ----------
    subject : Subject
        With the forward function that differences are taken of.
    arrays : list of array
        The arguments, in float64 where the function takes it.
    given, kind, measured : Kind
        The type of the arguments as they were given, the one that gradients are computed with, and differences.
    """

    subject: Subject
    arrays: list[np.ndarray]
    given: Kind
    kind: Kind
    measured: Kind

    @property
    def tolerance(self) -> float:
        """What the coarser side leaves: gradients by rounding of their sums, differences by their step."""
        return max(self.kind.tolerance, self.measured.step_tolerance)

    def notes(self, tolerance: float) -> list[str]:
        """Return one line where more than rounding is allowed, or differences are not from float64."""
        title = self.subject.title
        if self.kind.bits < max(self.given.bits, FLOAT32.bits):
            how = "" if self.measured == FLOAT64 else ", and its differences were taken in it"
            allowed = f"its gradients are allowed {100 * tolerance:.2g} % of the largest, and what rounding explains"
            return [f"{title} computes in {self.kind.name}{how}: {allowed}"]
        if self.measured != FLOAT64:
            return [f"{title} does not take float64: differences were taken in {self.measured.name}"]
        return []


def ground_of(subject: Subject, arrays: list[np.ndarray], grad_output: np.ndarray, output: np.ndarray) -> Ground:
    """Return where to take differences of a function that gave this output for these arguments."""
    given, kind = kind_of(arrays), _computed_in(subject, arrays, grad_output)
    wide = [a.astype(np.float64) for a in arrays]
    if _takes(subject.forward, wide, output) and _computed_in(subject, wide, grad_output) == FLOAT64:
        return Ground(subject, wide, given, kind, FLOAT64)
    if subject.precisely is not None and _takes(subject.precisely, wide, output):
        return Ground(replace(subject, forward=subject.precisely), wide, given, kind, FLOAT64)
    return Ground(subject, arrays, given, kind, kind)


def _computed_in(subject: Subject, arrays: Sequence[np.ndarray], grad_output: np.ndarray) -> Kind:
    """Return the coarsest type that numbers pass through inside."""
    found = [kind_of(arrays), felt(subject.forward, arrays)]
    if subject.computed_in is not None:
        with suppress(Exception):  # what it cannot do is said elsewhere
            found.append(subject.computed_in(grad_output.astype(np.result_type(*arrays)), *arrays))
    return coarsest(found)


def _takes(forward: Callable, arrays: Sequence[np.ndarray], output: np.ndarray) -> bool:
    """Return whether a function gives what it gave before, as far as the coarsest of types reaches."""
    try:
        found = np.asarray(forward(*(a.copy() for a in arrays)))
        apart = np.abs(found.astype(np.float64) - output.astype(np.float64))
    except Exception:  # a function that takes its own type only
        return False
    return found.shape == output.shape and bool((apart <= 0.25 * np.abs(output).max(initial=1)).all())
