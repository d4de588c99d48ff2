"""What a check found, for a terminal, a notebook, a program, and as an AssertionError."""

import html
from dataclasses import dataclass, field

from convolab.geometry import Geometry
from convolab.verify.diagnose import Diagnosis
from convolab.verify.pictures import grid_text, grids

MARKS = {"passed": "✓", "failed": "✗", "error": "!", "timeout": "…"}


def show_geometry(geometry: Geometry, plane: bool = False) -> str:
    """A geometry in words: `image 5×8, kernel 3×2, stride 2`."""
    sizes = f"image {'×'.join(map(str, geometry.input))}, kernel {'×'.join(map(str, geometry.kernel))}"
    if plane:
        return sizes
    g = geometry
    sizes += f", batch {g.batch}, channels {g.in_channels} → {g.out_channels}"
    axis = g.axes[0]
    options = {"stride": axis.stride, "padding": axis.before, "dilation": axis.dilation, "groups": g.groups}
    usual = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    return sizes + "".join(f", {k} {v}" for k, v in options.items() if v != usual[k])


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
    notes : list of str
    seconds : float
    """

    name: str
    target: str
    status: str
    points: float
    diagnosis: Diagnosis | None = None
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    probes: int = 0

    def as_dict(self, *, hints: bool = False) -> dict:
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

    def lines(self, *, hints: bool = False) -> list[str]:
        """The verdict as plain lines."""
        judged = f" (as {self.target})" if self.target != self.name else ""
        head = f"{MARKS[self.status]} {self.name}{judged}: {self.status}"
        if self.diagnosis is None:
            return [f"{head}, {self.probes} probes", *(f"  note: {n}" for n in self.notes)]
        d = self.diagnosis
        lines = [f"{head} · {d.code}", f"  {d.title}", f"  {d.message}"]
        lines += smallest_lines(d.evidence.get("smallest"))
        for rows in grids(d.evidence):
            lines += ["", *(f"  {line}" for line in grid_text(rows))]
        if hints and d.hint:
            lines += ["", f"  Hint: {d.hint}"]
        return [*lines, *(f"  note: {n}" for n in self.notes)]


def smallest_lines(smallest: dict | None) -> list[str]:
    """The smallest failing input, and the sum that it gets wrong."""
    if not smallest:
        return []
    given = {k: v for k, v in smallest.items() if k not in ("expected", "got", "sum", "element", "raised")}
    lines = ["", "  The smallest input that shows it:"]
    width = max(len(k) for k in [*given, "expected"])
    lines += [f"    {k:<{width}} = {tidy(v)}" for k, v in given.items()]
    lines += [f"    {'expected':<{width}} = {tidy(smallest['expected'])}"]
    lines += [f"    {'got':<{width}} = {smallest.get('raised') if smallest['got'] is None else tidy(smallest['got'])}"]
    if smallest.get("sum"):
        element = "[" + ", ".join(map(str, smallest["element"])) + "]"
        lines += [f"    By hand, element {element}: {smallest['sum']}"]
    return lines


def tidy(value):
    """Nested lists of numbers with whole ones written without a point."""
    if isinstance(value, list):
        return [tidy(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


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
        from convolab.verify.pages import function_html

        parts = "".join(function_html(f, hints=self.hints) for f in self.functions)
        return f"<div style='font-family:system-ui,sans-serif;max-width:52rem'>{parts or html.escape(self.error)}</div>"
