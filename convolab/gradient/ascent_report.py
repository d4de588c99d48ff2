"""What did an ascent find? Its losses and images beside the optimum, and how fast it must get there."""

from dataclasses import dataclass
from math import acos, ceil, degrees, inf, isfinite, log, sqrt

import numpy as np

from convolab.drawing import Drawing

# The optimum counts as reached when the loss is within this fraction of it.
REACHED = 1e-6
# An image of more elements is left out of the JSON object.
SHOWN = 4096
OBEYS = {"none": "without a constraint", "sphere": "on the unit sphere", "box": "in the box [0, 1]"}


@dataclass(frozen=True, repr=False)
class Ascent:
    """An ascent and what it could reach.

    Attributes
    ----------
    constraint : {"none", "sphere", "box"}
    rate : float
    losses : array, shape (iterations + 1,)
    start, image : array, shape (C_in, *spatial)
    vector : array, shape (C_in, *spatial)
        Of the top right-singular vectors the one that the start has a part of (any, if of none), of length 1, with the
        image's sign.
    top_singular_value, runner_up : float
        The largest singular value and the next smaller one, 0 if all are the same.
    slope : float
        How much of the runner-up's vectors the start holds for one of the top vectors.
    residual : float
        Of the largest singular value: that close to it there is one for certain.
    optimum : float or None
        On the sphere the largest loss there is, σ²; in the box no image exceeds it (it may not be reached by any); None
        without a constraint.
    alignment : float
        Cosine of the angle between the image and the space of all top singular vectors.
    iterations : int
        Steps taken.
    reached_after : int or None
        The first step whose loss is within a millionth of the optimum.
    """

    constraint: str
    rate: float
    losses: np.ndarray
    start: np.ndarray
    image: np.ndarray
    vector: np.ndarray
    top_singular_value: float
    runner_up: float
    slope: float
    residual: float
    optimum: float | None
    alignment: float

    @property
    def iterations(self) -> int:
        return len(self.losses) - 1

    @property
    def final_loss(self) -> float:
        return float(self.losses[-1])

    @property
    def angle(self) -> float:
        """The angle between the image and the top singular vectors, in degrees."""
        return degrees(acos(min(1.0, self.alignment)))

    @property
    def reached_after(self) -> int | None:
        if self.optimum is None:
            return None
        there = np.flatnonzero(self.losses >= self.optimum * (1 - REACHED))
        return int(there[0]) if len(there) else None

    @property
    def growth(self) -> float:
        """What the loss is multiplied by in each step at last, without a constraint: (1 + 2 · rate · σ²)²."""
        return (1 + 2 * self.rate * self.top_singular_value**2) ** 2

    @property
    def contraction(self) -> float:
        """What a step on the sphere multiplies the tangent of the angle by, at last."""
        top = _amplification(self.rate, self.top_singular_value)
        return _amplification(self.rate, self.runner_up) / top if top else 1.0

    def expected_iterations(self) -> int | None:
        """Return how many steps on the sphere the runner-up makes necessary, the slowest of all to fade."""
        if self.constraint != "sphere" or not 0 < self.contraction < 1:
            return None
        # The loss is short of the optimum by tan² of the angle, times how far the runner-up's square is below.
        spread = 1 - (self.runner_up / self.top_singular_value) ** 2
        goal = sqrt(REACHED / spread)
        return max(0, ceil(log(goal / self.slope) / log(self.contraction))) if self.slope else 0

    def facts(self) -> list[tuple[str, str]]:
        """Return what the ascent found, each fact with its name."""
        value, of = self.top_singular_value, self.optimum
        facts = [("loss", f"{self.losses[0]:.6g} at first, {self.final_loss:.9g} after {self.iterations} steps")]
        if self.constraint == "sphere":
            facts += [("optimum", f"{of:.9g}, exact: σ² of the largest singular value"), ("reached", self._reached())]
        if self.constraint == "box" and of:
            facts += [("optimum", f"at most {of:.9g}; reached: {100 * self.final_loss / of:.1f} %")]
        facts += [("σ", f"{value:.9g} (residual {self.residual:.1e}), then {self.runner_up:.9g}".replace("e-", "e−"))]
        facts += [("alignment", f"{self.alignment:.9f}: {self.angle:.4f}° from the top singular vectors")]
        return facts

    def _reached(self) -> str:
        reached = "not yet" if self.reached_after is None else f"after {self.reached_after} steps"
        expected = self.expected_iterations()
        needed = "" if expected is None else f" (the two largest singular values ask for {expected:,})"
        return f"to a millionth {reached}{needed}"

    @property
    def obeys(self) -> str:
        """The constraint in words."""
        return OBEYS[self.constraint]

    def __str__(self) -> str:
        return "\n".join(f"{name:<10} {fact}" for name, fact in self.facts())

    def __repr__(self) -> str:
        return f"<Ascent {self.obeys}: loss {self.final_loss:.6g} after {self.iterations} steps>"

    def drawing(self) -> Drawing:
        """Return the first, the last and the best image, and the loss on the way."""
        from convolab.gradient.ascent_picture import ascent_picture

        return ascent_picture(self)

    def _repr_html_(self) -> str:
        from convolab.gradient.markup import ascent_html

        return ascent_html(self)

    def as_dict(self) -> dict:
        unconstrained = self.constraint == "none"
        return {
            "constraint": self.constraint,
            "rate": self.rate if isfinite(self.rate) else "inf",
            "losses": self.losses.tolist(),
            "final_loss": self.final_loss,
            "optimum": self.optimum,
            "optimum_is": {"none": "unbounded", "sphere": "exact", "box": "upper bound"}[self.constraint],
            "alignment": self.alignment,
            "angle_degrees": self.angle,
            "top_singular_value": self.top_singular_value,
            "second_singular_value": self.runner_up,
            "residual": self.residual,
            "iterations": self.iterations,
            "reached_after": self.reached_after,
            "expected_iterations": self.expected_iterations(),
            "growth": self.growth if unconstrained else None,
            "image": self.image.tolist() if self.image.size <= SHOWN else None,
        }


def _amplification(rate: float, value: float) -> float:
    """Return what one step multiplies the part along a singular vector by; without the image at rate inf."""
    return value**2 if rate == inf else 1 + 2 * rate * value**2
