"""Is this gradient right? Analytic against numerical; and if not, where it is wrong and why.

Convolution is linear in each of its arguments, so on integers a central difference with step 1 is its derivative
exactly, as it is for every function that is at most quadratic in each element. Where that holds, nothing is tolerated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from convolab.errors import ArgumentError
from convolab.geometry import Geometry
from convolab.gradient.conditions import examine_forward, examine_gradients
from convolab.gradient.differences import Slopes, slopes, step_for
from convolab.gradient.error_location import locate
from convolab.gradient.ground import ground_of
from convolab.gradient.kinks import find_kinks, kink_finding
from convolab.gradient.naming import name_mistake
from convolab.gradient.precision import FLOAT32
from convolab.gradient.report import Comparison, Finding, GradientReport
from convolab.gradient.rounding import Rounding
from convolab.gradient.subject import Subject
from convolab.gradient.subjects import subject_of

# Elements of one argument that are checked at most, unless told otherwise.
SAMPLE = 1000


def gradcheck(
    function,
    arguments: Sequence,
    gradients=None,
    *,
    options: Mapping | None = None,
    geometry: Geometry | None = None,
    mode: Literal["auto", "exact", "numerical"] = "auto",
    dtype=None,
    sample: int | None = SAMPLE,
    tolerance: float | None = None,
    seed: int = 0,
    advance: Callable[[], None] = lambda: None,
) -> GradientReport:
    """Compare a function's gradients with finite differences, under a random upstream gradient.

    Parameters
    ----------
    function : callable
        One of `cl.conv2d` and its relatives; a function of NumPy arrays, with `gradients`; a
        `torch.autograd.Function`, a `torch.nn.Module` or any function of tensors, which autograd differentiates.
    arguments : sequence
        The function's positional arguments. Floating-point arrays and tensors are checked, a module's parameters too;
        everything else is passed on as it is. The weight of `cl.conv2d` and its relatives may be the name, the numbers
        or the file of a kernel, as `convolab.filters.kernels.read_kernel` takes it.
    gradients : callable or {name: callable}, optional
        `(grad_output, *arguments)` → one gradient an argument; or such a function for each argument to be checked.
    options : mapping, optional
        Keyword arguments of every call, such as `{"stride": 2}`.
    geometry : Geometry, optional
        Of the convolution that the function is meant to be, of its first two arguments: borders, phases and mistakes
        are then named after it. Recognised by itself for the convolutions above and for plain convolution layers, and
        for other functions that compute one.
    mode : {"auto", "exact", "numerical"}
        exact: integer values, step 1, no tolerance. auto: exact where the arguments hold integers and the function is
        at most quadratic in each element, numerical otherwise.
    dtype : dtype, optional
        The type that the gradients are computed in; the arguments' own by default. Differences are taken in float64
        where the function takes it.
    sample : int or None
        At most so many elements of each argument, drawn at random; None for all.
    tolerance : float, optional
        Allowed difference as a fraction of the argument's largest gradient (numerical mode); by the types by default.
    seed : int
    advance : callable
        Called after each element that was measured.

    Returns
    -------
    GradientReport
        True if everything agrees; `print` it to read what was found.

    Raises
    ------
    ArgumentError, DtypeError
        For arguments that hold nothing to check.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x, w = rng.integers(-4, 5, (7, 9)).astype(float), rng.integers(-4, 5, (3, 3)).astype(float)
    >>> import convolab as cl
    >>> print(gradcheck(cl.conv2d, (x, w), options={"padding": 1}))
    conv2d: passed (exact: integers, step 1, no tolerance)
      ✓ input (7, 9): 63 elements, no difference
      ✓ weight (3, 3): 9 elements, no difference
    """
    subject, arrays = subject_of(function, arguments, gradients, options, geometry)
    if dtype is not None:
        arrays = [a.astype(dtype) for a in arrays]
    _check_arguments(subject, arrays, mode)
    output, findings = examine_forward(subject, arrays)
    if output is None or "not-finite" in {f.code for f in findings}:
        return GradientReport(subject.title, False, 0.0, (), tuple(findings), subject.notes)
    if "mutates-input" in {f.code for f in findings}:
        subject = replace(subject, forward=_on_copies(subject.forward), gradients=_on_copies(subject.gradients))
    subject = replace(subject, geometry=subject.geometry or _recognised(subject, arrays, output))
    work = _Work(subject, arrays, output, mode, sample, tolerance, np.random.default_rng(seed), advance)
    return work.report(findings)


def _check_arguments(subject: Subject, arrays, mode: str) -> None:
    if mode not in ("auto", "exact", "numerical"):
        raise ArgumentError(f"gradcheck: mode={mode!r} is unknown. Expected auto, exact or numerical.")
    for name, array in zip(subject.names, arrays, strict=True):
        if not np.isfinite(array).all():
            raise ArgumentError(f"gradcheck: {name} holds NaN or infinity. Expected finite numbers.")
        if mode == "exact" and not _whole(array):
            raise ArgumentError(f"gradcheck: mode='exact' takes integer values, but {name} holds fractions.")


def _on_copies(function: Callable) -> Callable:
    """A function that cannot reach its caller's arrays."""
    return lambda *arrays: function(*(a.copy() for a in arrays))


def _whole(array: np.ndarray) -> bool:
    return bool((array == np.round(array)).all())


def _recognised(subject: Subject, arrays, output) -> Geometry | None:
    from convolab.gradient.recognise import recognise

    return recognise(arrays, output)


@dataclass
class _Work:
    """One check under way: the point, the upstream gradient, and what is known of the function."""

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
        if all(map(_whole, self.arrays)):
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
        """Differences with step 1, where they are the derivatives exactly; None where that cannot be said."""
        if self.mode == "numerical" or not all(map(_whole, self.wide)) or not _whole(self.output):
            return None
        measured: list[Slopes | None] = []
        for n, gradient in enumerate(gradients):
            found = None if gradient is None else self._slopes(n, elements[n], 1.0, self.advance)
            measured.append(found)
            if found is not None and not self._stands(n, gradient, found):
                return None
        return measured

    def _stands(self, which: int, gradient: np.ndarray, found: Slopes) -> bool:
        """Whether step 1 gave derivatives: a step of 2 gives the same ones, and no sum left the exact integers."""
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
        """Differences with a small step; where they disagree, the best of several steps is kept."""
        found = self._slopes(which, elements, advance=self.advance)
        analytic = gradient.reshape(-1)[elements]
        suspects = np.flatnonzero(self._differs(which, analytic, found))
        if len(suspects):
            refined = self._refined(which, elements[suspects], found.steps[suspects])
            found.central[suspects], found.spread[suspects] = refined
        return found

    def _refined(self, which: int, elements: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Five steps, each 8 times the last: the mean of the best agreeing two, and how far they are apart."""
        tries = np.stack([self._slopes(which, elements, steps * 8.0**power).central for power in range(-2, 3)])
        changes = np.abs(np.diff(tries, axis=0))
        best = changes.argmin(axis=0)
        columns = np.arange(len(elements))
        return (tries[best, columns] + tries[best + 1, columns]) / 2, changes[best, columns]

    def _differs(self, which: int, analytic, found: Slopes) -> np.ndarray:
        """Where the two are further apart than a fraction of the largest, and than rounding brings them."""
        apart = np.abs(analytic - found.central)
        allowed = self._tolerance() * max(np.abs(found.central).max(), np.abs(analytic).max())
        return apart > allowed + self.rounding.between(which, found)

    def _tolerance(self) -> float:
        return self.ground.tolerance if self.tolerance is None else self.tolerance

    def _compare(
        self, which: int, gradient: np.ndarray, found: Slopes, exact: bool
    ) -> tuple[Comparison, Finding | None]:
        """The comparison of one argument, its kinks set apart as a finding of their own."""
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
        """The comparison with its place and its mistake's name, and the finding that says so."""
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
    """Two numbers with as few digits as tell them apart, but at least six."""
    pairs = ((f"{a:.{digits}g}", f"{b:.{digits}g}") for digits in range(6, 18))
    return next(((x, y) for x, y in pairs if x != y), (f"{a:.6g}", f"{b:.6g}"))
