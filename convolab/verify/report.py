"""What a check found, for a terminal, a notebook, a program, and as an AssertionError."""

import html
from dataclasses import dataclass, field
from typing import Any

from convolab.drawing import Drawing
from convolab.verify.drawn import verdicts
from convolab.verify.markup import function_html
from convolab.verify.verdict import FunctionReport


@dataclass
class Report:
    """The verdicts on every function of one file, one line each; `print` shows all, and a notebook a page.

    Attributes
    ----------
    file : str
        Its path, or the name of a function that was judged alone.
    functions : list of FunctionReport
        One verdict for each function.
    error : str
        Why the file could not be judged at all, or empty.
    containment : list of str
        What the contained process was kept from (see `inside/confine.py`).
    printed : str
        What the file printed, cut off (`contained.PRINTED`).
    hints : bool
        Whether the text shows the hints.

    Examples
    --------
    >>> from convolab.definition import apply_convolution
    >>> from convolab.verify import check
    >>> report = check(lambda img, kernel: apply_convolution(img, kernel.T), judged_as="apply_convolution")
    >>> report.passed, report.points
    (False, 0.0)
    >>> print(report.functions[0].diagnosis.title)
    The kernel is read transposed
    """

    file: str
    functions: list[FunctionReport]
    error: str = ""
    containment: list[str] = field(default_factory=list)
    printed: str = ""
    hints: bool = False

    @property
    def passed(self) -> bool:
        """Whether there was something to judge, and all of it is right."""
        return bool(self.functions) and all(f.status == "passed" for f in self.functions)

    @property
    def points(self) -> float:
        """The sum of all functions' points, 1 for each that passed."""
        return round(sum(f.points for f in self.functions), 2)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as `convolab check --json` prints it."""
        return {
            "file": self.file,
            "functions": [f.as_dict(hints=self.hints) for f in self.functions],
            "passed": self.passed,
            "points": self.points,
            "containment": self.containment,
        } | ({"error": self.error} if self.error else {})

    def __str__(self) -> str:
        blocks = ["\n".join(f.lines(hints=self.hints)) for f in self.functions]
        right = sum(f.status == "passed" for f in self.functions)
        return "\n\n".join([*blocks, f"{right} of {len(self.functions)} functions are right."])

    def __repr__(self) -> str:
        lines = [f.line() for f in self.functions] or [f"{self.file}: {self.error or 'nothing was judged'}"]
        return "\n".join(lines)

    def raise_for_failure(self, *, least: float = 1.0) -> "Report":
        """Return the report if everything passed; else raise AssertionError with the diagnosis as its text.

        Parameters
        ----------
        least : float
            The part of its points (fraction 0–1) that is enough of each function, where a test gives points in part.
        """
        enough = bool(self.functions) and all(f.points >= least for f in self.functions)
        if not (self.passed or enough):
            raise AssertionError("\n" + str(self))
        return self

    def drawing(self) -> Drawing:
        """Return the verdicts as a picture, each with its read map."""
        return verdicts(self.functions, self.file)

    def _repr_html_(self) -> str:
        parts = "".join(function_html(f, hints=self.hints) for f in self.functions)
        return f"<div style='font-family:system-ui,sans-serif;max-width:52rem'>{parts or html.escape(self.error)}</div>"
