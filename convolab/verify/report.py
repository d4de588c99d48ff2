"""What a check found, for a terminal, a notebook, a program, and as an AssertionError."""

import html
from dataclasses import dataclass, field

from convolab.verify.markup import function_html
from convolab.verify.verdict import FunctionReport


@dataclass
class Report:
    """Every function of one file. `str()` is the text; a notebook shows it as a page.

    Attributes
    ----------
    file : str
    functions : list of FunctionReport
    error : str
        Why the file could not be judged at all, or empty.
    containment : list of str
        What the contained process was kept from (see `inside/confine.py`).
    printed : str
        What the file printed, cut off.
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
        return round(sum(f.points for f in self.functions), 2)

    def as_dict(self) -> dict:
        """The report as `convolab check --json` prints it."""
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
        return str(self)

    def raise_for_failure(self) -> "Report":
        """Raise AssertionError with the diagnosis as its text, unless everything passed."""
        if not self.passed:
            raise AssertionError("\n" + str(self))
        return self

    def _repr_html_(self) -> str:
        parts = "".join(function_html(f, hints=self.hints) for f in self.functions)
        return f"<div style='font-family:system-ui,sans-serif;max-width:52rem'>{parts or html.escape(self.error)}</div>"
