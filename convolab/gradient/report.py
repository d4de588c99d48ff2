"""What did a gradient check find? A report for people (`print`) and for programs (`as_dict`)."""

from dataclasses import dataclass, field

import numpy as np

from convolab.drawing import Drawing
from convolab.gradient.error_location import Place


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a code, a title, and a sentence with the numbers."""

    code: str
    title: str
    message: str
    argument: str | None = None


@dataclass(frozen=True)
class Name:
    """The known mistake that reproduces a wrong gradient on fresh inputs."""

    code: str
    title: str
    message: str


@dataclass(frozen=True)
class Comparison:
    """One argument's gradient beside its finite differences.

    Attributes
    ----------
    analytic, numerical : array
        Of the argument's shape; NaN where `numerical` was not measured.
    wrong : bool array
    rounding : float
        The largest difference that rounding alone explains; 0 in exact mode.
    place : Place or None
        Where the wrong elements lie; None if there are none.
    name : Name or None
    """

    argument: str
    analytic: np.ndarray
    numerical: np.ndarray
    wrong: np.ndarray
    rounding: float = 0.0
    place: Place | None = None
    name: Name | None = None

    @property
    def checked(self) -> int:
        return int(np.isfinite(self.numerical).sum())

    @property
    def error(self) -> np.ndarray:
        """|analytic − numerical|, NaN where nothing was measured."""
        return np.abs(self.analytic.astype(np.float64) - self.numerical)

    @property
    def max_abs(self) -> float:
        return float(np.nanmax(self.error)) if self.checked else 0.0

    @property
    def scale(self) -> float:
        """The argument's largest gradient, among the elements that were measured."""
        measured = np.isfinite(self.numerical)
        both = np.abs(self.numerical[measured]), np.abs(self.analytic[measured].astype(np.float64))
        return max(float(values.max(initial=0.0)) for values in both)

    @property
    def zero(self) -> bool:
        """Whether the gradient is no larger than what rounding explains."""
        return self.scale <= self.rounding

    @property
    def max_rel(self) -> float:
        """The largest error as a fraction of the argument's largest gradient; 0 if that is nothing but rounding."""
        return 0.0 if self.zero else self.max_abs / self.scale

    @property
    def worst(self) -> dict | None:
        if not self.checked:
            return None
        at = np.unravel_index(int(np.nanargmax(self.error)), self.error.shape)
        return {
            "argument": self.argument,
            "index": [int(i) for i in at],
            "analytic": float(self.analytic[at]),
            "numerical": float(self.numerical[at]),
        }

    def as_dict(self) -> dict:
        return {
            "argument": self.argument,
            "shape": list(self.analytic.shape),
            "checked": self.checked,
            "wrong": int(self.wrong.sum()),
            "max_abs": self.max_abs,
            "max_rel": self.max_rel,
            "rounding": self.rounding,
            "worst": self.worst,
            "where": None if self.place is None else {"text": str(self.place), **vars(self.place)},
            "mistake": None if self.name is None else vars(self.name),
        }


@dataclass(frozen=True, repr=False)
class GradientReport:
    """The answer of a gradient check.

    Attributes
    ----------
    title : str
        What was checked.
    exact : bool
        Whether gradients and differences were compared without any tolerance.
    epsilon : float
        The largest step of the differences, in the arguments' units.
    comparisons : tuple of Comparison
        One for each argument whose gradient could be compared.
    findings : tuple of Finding
        Everything that is wrong; empty means passed.
    notes : tuple of str
    """

    title: str
    exact: bool
    epsilon: float
    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return not self.findings

    def __bool__(self) -> bool:
        return self.passed

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]

    def as_dict(self) -> dict:
        """Return the report as JSON knows it."""
        worst = max(self.comparisons, key=lambda c: c.max_rel, default=None)
        return {
            "function": self.title,
            "passed": self.passed,
            "exact": self.exact,
            "max_abs": max((c.max_abs for c in self.comparisons), default=None),
            "max_rel": max((c.max_rel for c in self.comparisons), default=None),
            "worst": None if worst is None else worst.worst,
            "epsilon": self.epsilon,
            "arguments": [c.as_dict() for c in self.comparisons],
            "findings": [vars(f) for f in self.findings],
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        wrong = ", ".join(dict.fromkeys(self.codes))
        return f"<GradientReport of {self.title}: {'passed' if self.passed else f'failed, {wrong}'}>"

    def drawing(self, *, words: bool = True) -> Drawing:
        """Return a picture of the error of every element, with what is wrong under it or without the words."""
        from convolab.gradient.error_picture import error_picture

        return error_picture(self, words=words)

    def _repr_html_(self) -> str:
        from convolab.gradient.markup import gradcheck_html

        return gradcheck_html(self)

    def __str__(self) -> str:
        lines = [f"{self.title}: {'passed' if self.passed else 'FAILED'} ({self.how})"]
        lines += [_line(c) for c in self.comparisons]
        lines += [f"  ✗ {f.title}: {f.message}" for f in self.findings]
        return "\n".join(lines + [f"  note: {note}" for note in self.notes])

    @property
    def how(self) -> str:
        """How gradients and differences were compared."""
        if self.exact:
            return "exact: integers, step 1, no tolerance"
        return f"central differences, step up to {self.epsilon:.1e}" if self.epsilon else "no differences taken"


def _line(c: Comparison) -> str:
    verdict = "✗" if c.wrong.any() else "✓"
    of = "" if c.checked == c.analytic.size else f" of {c.analytic.size:,}"
    return f"  {verdict} {c.argument} {c.analytic.shape}: {c.checked:,}{of} elements, {_difference(c)}"


def _difference(c: Comparison) -> str:
    if c.max_abs == 0:
        return "no difference"
    if c.zero:
        return f"0 as far as rounding tells, largest difference {c.max_abs:.3g}"
    return f"largest difference {c.max_abs:.3g} ({c.max_rel:.1e} relative)"
