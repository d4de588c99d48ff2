"""A function is asked the probes, and each answer is compared with the truth, which is computed here."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from convolab.definition.mistakes import Trial
from convolab.geometry import OPERATIONS, Geometry
from convolab.verify.contained import Answer
from convolab.verify.probes import Probe, chosen, images, large
from convolab.verify.targets import JudgedFunction

# Lines of Python that the larger probes may run in all: 0.2 s of loops over arrays, 2 s of loops over tensors.
LARGE_LINES = 300_000


def truth(operation: str, geometry: Geometry, arrays: dict) -> np.ndarray:
    """The right result: the definition's sums with all taps and channels at once.

    A test holds it to `definition`, which takes seconds for what this does in milliseconds.
    """
    g = geometry
    o, k, i = g.tap_arrays()
    views = {
        "input": ("ngct", lambda a: a.reshape(g.batch, g.groups, g.weight_shape[1], -1)[..., i]),
        "weight": ("goct", lambda a: a.reshape(g.groups, g.out_channels // g.groups, g.weight_shape[1], -1)[..., k]),
        "grad_output": ("ngot", lambda a: a.reshape(g.batch, g.groups, g.out_channels // g.groups, -1)[..., o]),
    }
    sizes = {"input": (g.input_shape, np.prod(g.input), i), "weight": (g.weight_shape, np.prod(g.kernel), k)}
    sizes["grad_output"] = (g.output_shape, np.prod(g.output), o)
    target = OPERATIONS[operation].result
    letters, factors = [], []
    for name in (n for n in views if n != target):
        letters.append(views[name][0])
        factors.append(views[name][1](np.asarray(arrays[name])))
    products = np.einsum(f"{','.join(letters)}->{views[target][0]}", *factors)
    shape, positions, index = sizes[target]
    sums = np.zeros((int(np.prod(products.shape[:-1])), positions), products.dtype)
    np.add.at(sums.T, index, products.reshape(len(sums), len(index)).T)
    result = sums.reshape(shape)
    if arrays.get("bias") is not None:
        result = result + np.asarray(arrays["bias"]).reshape(-1, *[1] * len(g.axes))
    return result


def tolerance(operation: str, geometry: Geometry, arrays: dict, epsilon: float) -> float:
    """What rounding explains: so many units in the last place as a sum of that many products may lose."""
    sizes = {n: np.abs(np.asarray(a, float)) for n, a in arrays.items() if a is not None}
    largest = float(truth(operation, geometry, sizes).max(initial=0))
    return epsilon * largest * (4 + OPERATIONS[operation].terms(geometry) ** 0.5)


@dataclass
class Asked:
    """One probe with its answer."""

    probe: Probe
    arrays: dict
    answer: Answer
    trial: Trial


def _is_right(asked: Asked) -> bool:
    return asked.trial.right


def _raised(asked: Asked) -> bool:
    return asked.answer.value is None and asked.answer.error is not None


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

    caller: Any
    function: str
    target: JudgedFunction
    parameters: dict
    options: dict | None = None
    dtype: np.dtype | None = None
    tensors: bool = False
    asked: list[Asked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def taken(self) -> set[str]:
        return self.target.takes(self.parameters)

    @property
    def trials(self) -> list[Trial]:
        return [a.trial for a in self.asked]

    @property
    def wrong(self) -> list[Asked]:
        return [a for a in self.asked if not a.trial.right]

    def call(self, geometry: Geometry, arrays: dict, *, count: bool = False) -> tuple[Answer, Trial]:
        """One call, compared with the truth."""
        sent, order, options, positions = self.target.call(geometry, arrays, self.parameters)
        how = {"tensors": self.tensors, "positions": positions, "count": count}
        answer = self.caller.call(self.function, sent, order, options, **how)
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
        """Arrays or tensors? As annotated; else arrays, unless only tensors are understood."""
        if self.parameters["tensors"] or not torch_loaded:
            self.tensors = bool(self.parameters["tensors"])
            return
        with_arrays = [self.ask(p) for p in probes]
        if all(a.trial.right for a in with_arrays):
            return
        self.tensors = True
        with_tensors = [self.ask(p) for p in probes]
        right, errors = (
            [sum(map(test, asked)) for asked in (with_arrays, with_tensors)] for test in (_is_right, _raised)
        )
        self.tensors = right[1] > right[0] or (right[1] == right[0] and errors[1] < errors[0])

    def _ask_images(self) -> None:
        """uint8 images: a function may refuse them (torch does), but must not get them wrong."""
        for probe in [] if self.tensors or self.dtype else images(self.target, self.taken, self.options):
            asked = self.ask(probe)
            if asked.trial.raised or (asked.trial.missing is not None and asked.trial.missing.all()):
                self.notes.append("does not take uint8 images with a floating kernel")
                return
            self.asked.append(asked)

    def _ask_large(self) -> None:
        """The larger probes, the least first, until the next would run more lines of Python than are left."""
        lines = products = 0
        probes = large(self.target, self.taken, self.options)
        for n, probe in enumerate(probes):
            size = probe.geometry.mult_adds
            if products and lines + lines / products * size > LARGE_LINES:
                self.notes.append(cut_off(len(probes) - n, len(probes), size, lines / products))
                return
            self.asked.append(self.ask(probe))
            lines, products = lines + self.asked[-1].answer.lines, products + size


def cut_off(left: int, of: int, size: int, rate: float) -> str:
    """Why some of the larger probes were left out."""
    return (
        f"{left} of {of} larger probes left out, those of {size:,} products and more: at {rate:.1f} lines of Python a "
        f"product they would run more than {LARGE_LINES:,} in all"
    )
