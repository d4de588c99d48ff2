"""A function is asked the probes, and each answer is compared with the truth."""

from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from convolab.definition.mistakes import Trial
from convolab.geometry import Geometry
from convolab.verify.answers import Answer
from convolab.verify.asked import CORRELATION, AskedConvention, Domain
from convolab.verify.direct import Caller
from convolab.verify.elements import SINGLE, Elements
from convolab.verify.forms import Form
from convolab.verify.probes import Probe, Questions
from convolab.verify.targets import DEFAULTS, Arrays, JudgedFunction, Options, option_values
from convolab.verify.truth import tolerance, truth

# Lines of Python that the larger probes may run in all: 0.2 s of loops over arrays, 2 s of loops over tensors.
LARGE_LINES = 300_000


# Exceptions that have nothing to do with the arrays.
ELSEWHERE = (
    "OSError",
    "PermissionError",
    "FileNotFoundError",
    "MemoryError",
    "SystemExit",
    "ImportError",
    "ModuleNotFoundError",
)
KERNELS = {"image": "floating", "whole image": "whole-numbered"}


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
    def failed_elsewhere(self) -> bool:
        """Whether the call raised for a reason that no other array would change."""
        return self.answer.error is not None and self.answer.error["type"] in ELSEWHERE

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
    form : Form
        How it is called, and what it should compute.
    options : dict, optional
        Geometry options that are fixed.
    dtype : Elements, optional
        Type of the arrays that go in, and then of the result and of the tolerance; otherwise float64 goes in, and
        float32's rounding is allowed.
    convention : AskedConvention
        What is asked for.
    domain : Domain
        For which inputs it is asked.
    by_course : bool
        Whether a course says how it is called, so that no option is missing.
    device : str, optional
        Where tensors go in.
    """

    caller: Caller
    form: Form
    options: Options | None = None
    dtype: Elements | None = None
    convention: AskedConvention = CORRELATION
    domain: Domain = field(default_factory=Domain)
    by_course: bool = False
    device: str | None = None
    asked: list[Asked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)  # what was found out about it, once

    @property
    def target(self) -> JudgedFunction:
        """What it should compute."""
        return self.form.target

    @property
    def plane(self) -> bool:
        """Whether it takes bare planes."""
        return self.form.layout.is_plane

    @property
    def only_tensors(self) -> bool:
        """Whether arrays cannot be what goes in."""
        return self.device is not None or (self.dtype is not None and self.dtype.name == "bfloat16")

    @property
    def taken(self) -> set[str]:
        """The options that it takes."""
        return self.form.takes - ({"padding"} if self.convention.size else set())

    @property
    def questions(self) -> Questions:
        """What it is asked."""
        return Questions(self.form, self.taken, self.convention, self.domain, self.options)

    @property
    def trials(self) -> list[Trial]:
        """Every call so far, as the table of mistakes takes them."""
        return [a.trial for a in self.asked]

    @property
    def wrong(self) -> list[Asked]:
        """The probes that were answered wrongly."""
        return [a for a in self.asked if not a.trial.right]

    def call(self, geometry: Geometry, arrays: Arrays, *, count: bool = False, view: str = "") -> tuple[Answer, Trial]:
        """Call the function once, and compare its answer with the truth."""
        answer, got, missing = self.answered(geometry, arrays, count=count, view=view)
        operation = self.target.operation
        allowed = tolerance(operation, geometry, arrays, self._epsilon(answer))
        return answer, Trial(operation, geometry, arrays, got, allowed, missing, truth(operation, geometry, arrays))

    def answered(
        self, geometry: Geometry, arrays: Arrays, *, count: bool = False, view: str = ""
    ) -> tuple[Answer, np.ndarray | None, np.ndarray | None]:
        """Call the function once; return its answer, the values as (N, C, H, W), and which of them are missing."""
        sent, values = self.message(geometry, arrays)
        most = most_elements(geometry)
        answer = self.caller.call(sent, **values, count=count, most=most, view=view).reduced(most)
        return answer, *self.read(answer, geometry)

    def message(self, geometry: Geometry, arrays: Arrays) -> tuple[list[np.ndarray], dict[str, Any]]:
        """Return the arrays that go in, and how the function is called with them."""
        return self._typed(*self.form.message(geometry, self._turned(arrays)))

    def read(self, answer: Answer, geometry: Geometry) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Return the values of an answer as (N, C, H, W), and which of them are missing."""
        value = answer.value
        if value is not None and value.dtype.kind == "c":
            value = value.real if not value.imag.any() else np.full(value.shape, np.nan)
        got = None if value is None else self._canonical(np.asarray(value), geometry)
        if got is not None and got.dtype.kind == "f":
            got = got.astype(np.float64)
        missing = None if answer.missing is None else self.form.canonical(answer.missing, geometry)
        if self.target.by_position and missing is None and got is not None:
            missing = np.zeros(got.shape, bool)
        return got, missing

    def _typed(self, sent: list[np.ndarray], values: dict[str, Any]) -> tuple[list[np.ndarray], dict[str, Any]]:
        """Return a message with the element type and the device that are asked for."""
        if values["tensors"] and (self.dtype or self.device):
            values = values | {"tensors": {"device": self.device, "dtype": self.dtype and self.dtype.name}}
        return [a.astype(self.dtype.sent) for a in sent] if self.dtype else sent, values

    def _turned(self, arrays: Arrays) -> Arrays:
        """Return the arrays with the kernel turned, where a true convolution is asked for."""
        if not self.convention.flip or "weight" not in arrays:
            return arrays
        return arrays | {"weight": np.asarray(arrays["weight"])[..., ::-1, ::-1]}

    def _canonical(self, value: np.ndarray, geometry: Geometry) -> np.ndarray:
        got = self.form.canonical(value, geometry)
        turned = self.convention.flip and self.target.operation == "weight_gradient" and got.ndim == 4
        return got[..., ::-1, ::-1] if turned else got

    def _epsilon(self, answer: Answer) -> float:
        """Return the rounding of the type that is computed in: single precision, or a shorter type of the result."""
        if self.dtype is not None:
            return self.dtype.epsilon
        return {"float16": 2.0**-10, "torch.float16": 2.0**-10, "torch.bfloat16": 2.0**-7}.get(
            answer.facts.get("tensor", ""), SINGLE
        )

    def ask(self, probe: Probe, view: str = "") -> Asked:
        """Ask one probe, without keeping it."""
        arrays = probe.arrays((*self.target.factors, *self.form.needs), self.dtype)
        if self.domain.rank_one and "weight" in arrays:
            arrays["weight"] = arrays["weight"][..., :1] * arrays["weight"][..., :1, :]
        answer, trial = self.call(probe.geometry, arrays, count=probe.larger, view=view)
        return Asked(probe, arrays, answer, trial)

    def filled(self, arrays: Arrays, geometry: Geometry) -> Arrays:
        """Return the arrays, with numbers for those that the function is handed beside its factors."""
        beside = Probe(geometry, seed=9).arrays(self.form.needs)
        return {**beside, **arrays}

    def run(self) -> None:
        """Ask everything: small probes, then images, then larger ones as far as LARGE_LINES go."""
        for probe in self.questions.chosen():
            self.asked.append(self.ask(probe))
        if self.wrong:
            for probe in self.questions.chosen(fresh=True):
                self.asked.append(self.ask(probe))
        else:
            self._ask_thin()
            self._ask_pairs()
            self._ask_images()
            self._ask_large()
        self._note_what_was_left()

    def _note_what_was_left(self) -> None:
        """Say which options it does not take, and which parameters were never varied."""
        if self.plane or self.by_course or self.target.operation == "bias_gradient":
            absent: list[str] = []
        else:
            absent = [o for o in ("stride", "padding") if o not in self.form.takes]
        if absent:
            self.notes.append(f"takes no {' and no '.join(absent)}: judged without")
        if self.form.unvaried:
            self.notes.append(f"left at one value, and not judged: {', '.join(self.form.unvaried)}")

    def _ask_thin(self) -> None:
        """Ask with kernels of one row, one column or one pixel, and one as large as the image, with options."""
        self.asked += [self.ask(probe) for probe in self.questions.thin()]

    def _ask_pairs(self) -> None:
        """Ask with pairs of options: a function may refuse them, but must not exchange them."""
        for probe in self.questions.pairs():
            asked = self.ask(probe)
            if asked.trial.raised:
                return
            self.asked.append(asked)

    def _ask_images(self) -> None:
        """Ask with uint8 images: a function may refuse them (torch does), but must not get them wrong."""
        floats = self.form.container != "arrays" or self.dtype or self.form.layout.is_line
        probes = [] if floats else self.questions.images()
        for probe in probes:
            asked = self.ask(probe)
            if asked.trial.raised or (asked.trial.missing is not None and asked.trial.missing.all()):
                self.notes.append(f"does not take uint8 images with a {KERNELS[probe.manner]} kernel")
                continue
            self.asked.append(asked)
        answered_one = any(a.probe.manner == "image" for a in self.asked)
        if probes and not answered_one and self.target.operation == "forward" and self.form.layout.is_picture:
            answered = [self.ask(probe) for probe in self.questions.bytes_alone()]
            self.asked += [a for a in answered if not a.raised and a.answer.facts.get("type") == "ndarray"]

    def _ask_large(self) -> None:
        """Ask the larger probes, the least first, until the next would run more lines of Python than are left."""
        lines = products = 0
        probes = self.questions.large()
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
        f"{left} of {of} larger inputs left out, those of {size:,} products and more: at {rate:.1f} lines of Python a "
        f"product they would run more than {LARGE_LINES:,} in all"
    )
