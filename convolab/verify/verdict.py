"""The verdict on one function: its status, its points, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any

from convolab.verify.diagnosis import Diagnosis
from convolab.verify.pictures import grid_text, grids
from convolab.verify.reads import ReadMap
from convolab.verify.targets import first_element
from convolab.verify.words import smallest_lines

MARKS = {"passed": "✓", "failed": "✗", "error": "!", "timeout": "…"}


@dataclass
class FunctionReport:
    """One function's verdict.

    Attributes
    ----------
    name, target : str
        Its name in the file, and the function that it was judged as.
    status : {"passed", "failed", "error", "timeout"}
    points : float
        1 if it passed, else the part of the probes that are right (fraction 0–1, at most 0.9).
    diagnosis : Diagnosis or None
        What is wrong with it; None where it passed.
    notes : list of str
        What was not asked, and why.
    seconds : float
        How long it took to judge.
    probes : int
        How many questions it was asked.
    reads : ReadMap or None
        What it reads, place by place, where `judge` was asked for it; it is not in `as_dict`.
    absent : bool
        Whether what is judged was nowhere: of an object whose backward pass leaves no such gradient.
    unit : str
        What these questions are.
    """

    name: str
    target: str
    status: str
    points: float
    diagnosis: Diagnosis | None = None
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    probes: int = 0
    reads: ReadMap | None = field(default=None, repr=False)
    absent: bool = False
    unit: str = "inputs tried"

    def as_dict(self, *, hints: bool = False) -> dict[str, Any]:
        """Return the verdict as JSON has it; the hint only where it is wanted."""
        return {
            "name": self.name,
            "target": self.target,
            "status": self.status,
            "points": self.points,
            "diagnosis": self.diagnosis and self.diagnosis.as_dict(hints=hints),
            "notes": self.notes,
            "probes": self.probes,
            "seconds": round(self.seconds, 3),
        }

    def _head(self) -> str:
        judged = f" (as {self.target})" if self.target != self.name else ""
        found = f", {self.probes} {self.unit}" if self.diagnosis is None else f" · {self.diagnosis.code}"
        return f"{MARKS[self.status]} {self.name}{judged}: {self.status}{found}"

    def line(self) -> str:
        """Return the verdict as one line."""
        return self._head() + (f" · {self.diagnosis.title}" if self.diagnosis else "")

    def lines(self, *, hints: bool = False) -> list[str]:
        """Return the verdict as plain lines."""
        if self.diagnosis is None:
            return [self._head(), *(f"  note: {n}" for n in self.notes)]
        d = self.diagnosis
        lines = [self._head(), f"  {d.title}", f"  {d.message}"]
        lines += [f"  {line}" for line in d.explanation_lines()]
        lines += [f"  {d.change.sentence}"] if d.change else []
        lines += smallest_lines(d.evidence.get("smallest"))
        for rows in grids(d.evidence, first_element(self.target)):
            lines += ["", *(f"  {line}" for line in grid_text(rows))]
        if hints and d.hint:
            lines += ["", f"  Hint: {d.hint}"]
        return [*lines, *(f"  note: {n}" for n in self.notes)]
