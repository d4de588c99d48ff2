"""A function is asked the probes, and each answer is compared with the truth."""

from dataclasses import dataclass, field
from math import prod

import numpy as np

from convolab.definition.mistakes import Trial
from convolab.geometry import Geometry
from convolab.verify.answers import Answer
from convolab.verify.direct import Caller
from convolab.verify.probes import Probe, chosen, images, large
from convolab.verify.targets import DEFAULTS, Arrays, JudgedFunction, Options, Parameters, option_values
from convolab.verify.truth import tolerance, truth

# Lines of Python that the larger probes may run in all: 0.2 s of loops over arrays, 2 s of loops over tensors.
LARGE_LINES = 300_000


def most_elements(geometry: Geometry) -> int:
    """Return more elements than any mistaken result has: an answer that is larger is told by its shape alone."""
    return 4096 + 16 * max(prod(s) for s in (geometry.input_shape, geometry.weight_shape, geometry.output_shape))


@dataclass
class Asked:
    """One probe with its answer."""

    probe: Probe
    arrays: Arrays
    answer: Answer
    trial: Trial

    @property
    def right(self) -> bool:
        """Whether the answer is the right one."""
        return self.trial.right

    @property
    def raised(self) -> bool:
        """Whether the call raised and gave no value."""
        return self.answer.value is None and self.answer.error is not None

    @property
    def simplicity(self) -> tuple[bool, int, int]:
        """A key that sorts failing probes: first those with an answer, then by options, then by numbers."""
        options = sum(v != DEFAULTS[k] for k, v in option_values(self.probe.geometry).items())
        return self.trial.raised, options, sum(a.size for a in self.arrays.values())


@dataclass
class Examination:
    """One function under examination.

    Parameters
    ----------
    caller : Contained or Direct
    function : str
        Its name in the file.
    target : JudgedFunction
        What it should compute.
    parameters : dict
        What `describe` in `inside/calling.py` says of its parameters.
    options : dict, optional
        Geometry options that are fixed.
    dtype : numpy dtype, optional
        Of the arrays that go in, and then of the result and of the tolerance; otherwise float64 goes in, and float32's
        rounding is allowed.
    """

    caller: Caller
    function: str
    target: JudgedFunction
    parameters: Parameters
    options: Options | None = None
    dtype: np.dtype | None = None
    tensors: bool = False
    asked: list[Asked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def taken(self) -> set[str]:
        """The options that it takes."""
        return self.target.takes(self.parameters)

    @property
    def trials(self) -> list[Trial]:
        """Every call so far, as the table of mistakes takes them."""
        return [a.trial for a in self.asked]

    @property
    def wrong(self) -> list[Asked]:
        """The probes that were answered wrongly."""
        return [a for a in self.asked if not a.trial.right]

    def call(self, geometry: Geometry, arrays: Arrays, *, count: bool = False) -> tuple[Answer, Trial]:
        """Call the function once, and compare its answer with the truth."""
        sent, order, options, positions = self.target.call(geometry, arrays, self.parameters)
        most = most_elements(geometry)
        how = {"tensors": self.tensors, "positions": positions, "count": count, "most": most}
        answer = self.caller.call(self.function, sent, order, options, **how).reduced(most)
        value = answer.value
        if value is not None and value.dtype.kind == "c":
            value = value.real if not value.imag.any() else np.full(value.shape, np.nan)
        got = None if value is None else self.target.shaped(np.asarray(value))
        if got is not None and got.dtype.kind == "f":
            got = got.astype(np.float64)
        missing = None if answer.missing is None else self.target.shaped(answer.missing)
        if self.target.by_position and missing is None and got is not None:
            missing = np.zeros(got.shape, bool)
        operation, epsilon = self.target.operation, float(np.finfo(self.dtype or np.float32).eps)
        allowed = tolerance(operation, geometry, arrays, epsilon)
        return answer, Trial(operation, geometry, arrays, got, allowed, missing, truth(operation, geometry, arrays))

    def ask(self, probe: Probe) -> Asked:
        """Ask one probe, without keeping it."""
        arrays = probe.arrays(self.target, self.dtype or np.float64)
        answer, trial = self.call(probe.geometry, arrays, count=probe.larger)
        return Asked(probe, arrays, answer, trial)

    def run(self, *, torch_loaded: bool) -> None:
        """Ask everything: small probes, then images, then larger ones as far as LARGE_LINES go."""
        probes = chosen(self.target, self.taken, self.options)
        self._choose_tensors(probes[:2], torch_loaded)
        for probe in probes:
            self.asked.append(self.ask(probe))
        if self.wrong:
            for probe in chosen(self.target, self.taken, self.options, fresh=True):
                self.asked.append(self.ask(probe))
            return
        self._ask_images()
        self._ask_large()
        absent = [o for o in ("stride", "padding") if not self.target.plane and o not in self.taken]
        if absent and not self.parameters["open"]:
            self.notes.append(f"takes no {' and no '.join(absent)}: judged without")

    def _choose_tensors(self, probes: list[Probe], torch_loaded: bool) -> None:
        """Hand in tensors where the function is annotated so, or where it understands only tensors."""
        if self.parameters["tensors"] or not torch_loaded:
            self.tensors = bool(self.parameters["tensors"])
            return
        with_arrays = [self.ask(p) for p in probes]
        if all(a.trial.right for a in with_arrays):
            return
        self.tensors = True
        with_tensors = [self.ask(p) for p in probes]
        tried = (with_arrays, with_tensors)
        right, errors = (
            [sum(a.right for a in asked) for asked in tried],
            [sum(a.raised for a in asked) for asked in tried],
        )
        self.tensors = right[1] > right[0] or (right[1] == right[0] and errors[1] < errors[0])

    def _ask_images(self) -> None:
        """Ask with uint8 images: a function may refuse them (torch does), but must not get them wrong."""
        for probe in [] if self.tensors or self.dtype else images(self.target, self.taken, self.options):
            asked = self.ask(probe)
            if asked.trial.raised or (asked.trial.missing is not None and asked.trial.missing.all()):
                self.notes.append("does not take uint8 images with a floating kernel")
                return
            self.asked.append(asked)

    def _ask_large(self) -> None:
        """Ask the larger probes, the least first, until the next would run more lines of Python than are left."""
        lines = products = 0
        probes = large(self.target, self.taken, self.options)
        for n, probe in enumerate(probes):
            size = probe.geometry.mult_adds
            if products and lines + lines / products * size > LARGE_LINES:
                self.notes.append(_cut_off(len(probes) - n, len(probes), size, lines / products))
                return
            self.asked.append(self.ask(probe))
            lines, products = lines + self.asked[-1].answer.lines, products + size


def _cut_off(left: int, of: int, size: int, rate: float) -> str:
    """Return a note that says why some of the larger probes were left out."""
    return (
        f"{left} of {of} larger probes left out, those of {size:,} products and more: at {rate:.1f} lines of Python a "
        f"product they would run more than {LARGE_LINES:,} in all"
    )
