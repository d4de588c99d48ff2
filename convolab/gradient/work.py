"""How is one gradient checked? Differences are measured and compared with it, and what is wrong is named."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from convolab.gradient.conditions import examine_gradients
from convolab.gradient.differences import Slopes, slopes, step_for
from convolab.gradient.error_location import locate
from convolab.gradient.ground import ground_of
from convolab.gradient.kinks import find_kinks, kink_finding
from convolab.gradient.naming import name_mistake
from convolab.gradient.precision import FLOAT32
from convolab.gradient.report import Comparison, Finding, GradientReport
from convolab.gradient.rounding import Rounding
from convolab.gradient.subject import Subject


def is_whole(array: np.ndarray) -> bool:
    """Return whether every element is a whole number."""
    return bool((array == np.round(array)).all())


@dataclass
class Work:
    """One check under way: the point, the output gradient, and what is known of the function."""

    subject: Subject
    arrays: list[np.ndarray]
    output: np.ndarray
    mode: str
    sample: int | None
    tolerance: float | None
    rng: np.random.Generator
    advance: Callable[[], None]

    def report(self, findings: list[Finding]) -> GradientReport:
        self.grad_output = self._upstream()
        gradients, wrong = examine_gradients(self.subject, self.arrays, self.grad_output)
        notes = list(self.subject.notes)
        self.ground = ground_of(self.subject, self.arrays, self.grad_output, self.output)
        self.subject, self.wide = self.ground.subject, self.ground.arrays
        self.rounding = Rounding(self.ground, self.arrays, self.grad_output, gradients)
        elements = [self._draw(a.size) for a in self.arrays]
        if any(f.code == "not-repeatable" for f in findings):
            return GradientReport(self.subject.title, False, 0.0, (), tuple(findings + wrong), tuple(notes))
        exact = self._exact(gradients, elements)
        if self.mode == "exact" and exact is None:
            notes.append(
                f"{self.subject.title} is not at most quadratic in each element, or does not keep integers: exact mode "
                f"does not apply, and differences were taken with small steps"
            )
        if exact is None:
            notes += self.ground.notes(self._tolerance())
        measured = exact or [None if g is None else self._measure(n, g, elements[n]) for n, g in enumerate(gradients)]
        comparisons = [
            self._compare(n, g, m, exact is not None)
            for n, (g, m) in enumerate(zip(gradients, measured, strict=True))
            if g is not None and m is not None
        ]
        epsilon = max((float(m.steps.max()) for m in measured if m is not None), default=0.0)
        kinks = [found for _, found in comparisons if found]
        judged = [self._judge(c) for c, _ in comparisons]
        wrong += [finding for _, finding in judged if finding] + kinks
        done = tuple(c for c, _ in judged)
        return GradientReport(
            self.subject.title, exact is not None, epsilon, done, tuple(findings + wrong), tuple(notes)
        )

    def _upstream(self) -> np.ndarray:
        if all(map(is_whole, self.arrays)):
            # Never 0: an element of the output that is weighed by nothing is not checked.
            grad = self.rng.integers(1, 5, self.output.shape) * self.rng.choice([-1, 1], self.output.shape)
        else:
            grad = self.rng.standard_normal(self.output.shape)
        return np.asarray(grad).astype(np.result_type(*self.arrays))

    def _draw(self, size: int) -> np.ndarray:
        if self.sample is None or size <= self.sample:
            return np.arange(size)
        return np.sort(self.rng.choice(size, self.sample, replace=False))

    def _slopes(self, which: int, elements: np.ndarray, steps=None, advance=lambda: None) -> Slopes:
        if steps is None:
            steps = step_for(self.ground.measured.epsilon, self.wide[which].ravel()[elements])
        return slopes(
            self.subject.forward, self.wide, which, self.grad_output, elements=elements, steps=steps,
            rounding=self.rounding.of_output, advance=advance,
        )  # fmt: skip

    def _exact(self, gradients, elements) -> list[Slopes | None] | None:
        """Return differences with step 1 where they are the derivatives exactly; None where that cannot be said."""
        if self.mode == "numerical" or not all(map(is_whole, self.wide)) or not is_whole(self.output):
            return None
        measured: list[Slopes | None] = []
        for n, gradient in enumerate(gradients):
            found = None if gradient is None else self._slopes(n, elements[n], 1.0, self.advance)
            measured.append(found)
            if found is not None and not self._stands(n, gradient, found):
                return None
        return measured

    def _stands(self, which: int, gradient: np.ndarray, found: Slopes) -> bool:
        """Return whether step 1 gave derivatives: step 2 gives the same, and no sum left the exact integers."""
        limit = 2.0**self.ground.kind.bits
        if max(np.abs(found.central).max(), np.abs(self.output).max()) * 4 > limit:
            return False
        analytic = gradient.reshape(-1)[found.elements]
        apart = np.flatnonzero(analytic != found.central)
        if not len(apart):
            return True
        # Whole numbers, and small fractions of them, give such sums only where the function does not round.
        if (found.central * 2.0**20 % 1).any():
            return False
        scale = np.abs(found.central).max()
        rounding = 1e3 * self.ground.kind.epsilon * scale
        if (np.abs(analytic - found.central) <= rounding).all():
            return False
        some = apart[:: max(1, len(apart) // 16)]
        return bool((self._slopes(which, found.elements[some], 2.0).central == found.central[some]).all())

    def _measure(self, which: int, gradient: np.ndarray, elements: np.ndarray) -> Slopes:
        """Return differences with a small step; where they disagree, the best of several steps is kept."""
        found = self._slopes(which, elements, advance=self.advance)
        analytic = gradient.reshape(-1)[elements]
        suspects = np.flatnonzero(self._differs(which, analytic, found))
        if len(suspects):
            refined = self._refined(which, elements[suspects], found.steps[suspects])
            found.central[suspects], found.spread[suspects] = refined
        return found

    def _refined(self, which: int, elements: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Try five steps, each 8 times the last; return the mean of the two that agree best, and their distance."""
        tries = np.stack([self._slopes(which, elements, steps * 8.0**power).central for power in range(-2, 3)])
        changes = np.abs(np.diff(tries, axis=0))
        best = changes.argmin(axis=0)
        columns = np.arange(len(elements))
        return (tries[best, columns] + tries[best + 1, columns]) / 2, changes[best, columns]

    def _differs(self, which: int, analytic, found: Slopes) -> np.ndarray:
        """Return where the two are further apart than a fraction of the largest, and than rounding brings them."""
        apart = np.abs(analytic - found.central)
        allowed = self._tolerance() * max(np.abs(found.central).max(), np.abs(analytic).max())
        return apart > allowed + self.rounding.between(which, found)

    def _tolerance(self) -> float:
        return self.ground.tolerance if self.tolerance is None else self.tolerance

    def _compare(
        self, which: int, gradient: np.ndarray, found: Slopes, exact: bool
    ) -> tuple[Comparison, Finding | None]:
        """Return the comparison of one argument, its kinks set apart as a finding of their own."""
        analytic = gradient.reshape(-1)[found.elements]
        apart = analytic != found.central if exact else self._differs(which, analytic, found)
        numerical, wrong = np.full(gradient.size, np.nan), np.zeros(gradient.size, bool)
        numerical[found.elements], wrong[found.elements] = found.central, apart
        scale = max(np.abs(found.central).max(), np.abs(analytic).max(), 1e-300)
        suspects = found.elements[np.abs(found.right - found.left) > 1e-3 * scale + 4 * found.rounding]
        finding = None
        if len(suspects) and self.ground.measured.bits >= FLOAT32.bits:
            kinks = find_kinks(
                self.subject, self.wide, which, self.grad_output, suspects, scale, self.rounding.of_output
            )
            if len(kinks[0]):
                finding = kink_finding(self.subject, self.wide, which, gradient, kinks)
                numerical[kinks[0]], wrong[kinks[0]] = np.nan, False
        shape = gradient.shape
        name = self.subject.names[which]
        rounding = 0.0 if exact else float(self.rounding.between(which, found).max())
        return Comparison(name, gradient, numerical.reshape(shape), wrong.reshape(shape), rounding), finding

    def _judge(self, c: Comparison) -> tuple[Comparison, Finding | None]:
        """Return the comparison with its place and its mistake's name, and the finding that says so."""
        if not c.wrong.any():
            return c, None
        geometry = self.subject.geometry
        which = self.subject.names.index(c.argument)
        role = ("input", "weight")[which] if geometry is not None and which < 2 else "other"
        c = replace(c, place=locate(c.wrong, role=role, geometry=geometry))
        c = replace(c, name=name_mistake(self.subject, self.arrays, which, self.output.shape, self.rng))
        return c, Finding("wrong-gradient", "wrong gradient", _sentence(c), c.argument)


def _sentence(c: Comparison) -> str:
    worst = c.worst or {}
    named = f" {c.name.title} ({c.name.code}): {c.name.message}" if c.name else ""
    analytic, numerical = _told_apart(worst["analytic"], worst["numerical"])
    where = f"{c.argument}{worst['index']}"
    return f"{c.argument}: {c.place}. Worst at {where}: analytic {analytic}, numerical {numerical}.{named}"


def _told_apart(a: float, b: float) -> tuple[str, str]:
    """Return two numbers with as few digits as tell them apart, but at least six."""
    pairs = ((f"{a:.{digits}g}", f"{b:.{digits}g}") for digits in range(6, 18))
    return next(((x, y) for x, y in pairs if x != y), (f"{a:.6g}", f"{b:.6g}"))
