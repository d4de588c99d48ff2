"""What a hand-in is worth: the best verdict of each function, out of what was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from convolab.verify.classroom.hand_ins import HandIn
from convolab.verify.judge import FILE
from convolab.verify.printable import printable
from convolab.verify.report import Report
from convolab.verify.verdict import FunctionReport

# Functions that are asked for, with the points of each.
Required = dict[str, float]
LEFT_OUT = "left-out"
NOTHING = "it defines none of"  # as `signatures.nothing_to_judge` begins


@dataclass(frozen=True)
class Mark:
    """One function's points.

    Attributes
    ----------
    function : str
    points, maximum : float
    report : FunctionReport or None
        The best verdict; None where the function is left out.
    file : str
        The file that has it.
    absence : str
        What is said where there is no verdict.
    """

    function: str
    points: float
    maximum: float
    report: FunctionReport | None = None
    file: str = ""
    absence: str = "left out"

    @property
    def status(self) -> str:
        """The verdict's status, or `left-out`."""
        return self.report.status if self.report is not None else LEFT_OUT


@dataclass
class Student:
    """One student's results.

    Attributes
    ----------
    hand_in : HandIn
    reports : list of Report
        One for each file.
    marks : list of Mark
        One for each function: those that are asked for, else those that are defined.
    """

    hand_in: HandIn
    reports: list[Report]
    marks: list[Mark] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name as it is shown."""
        return self.hand_in.student

    @property
    def total(self) -> float:
        """The sum of all points."""
        return round(sum(m.points for m in self.marks), 2)

    @property
    def maximum(self) -> float:
        """The most that it could be."""
        return round(sum(m.maximum for m in self.marks), 2)

    @property
    def passed(self) -> bool:
        """Whether everything that was asked for, or else defined, is right."""
        return bool(self.marks) and all(m.status == "passed" for m in self.marks)

    @property
    def faults(self) -> list[tuple[str, FunctionReport]]:
        """Verdicts on files as a whole, each with the file: it could not be loaded."""
        return [(self.shown(r.file), f) for r in self.reports for f in r.functions if f.name == FILE]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Files that were not judged, and why."""
        return [(self.shown(r.file), r.error) for r in self.reports if r.error and not r.functions]

    @property
    def files(self) -> list[str]:
        """The names of the files within the hand-in."""
        return [self.shown(f.name) for f in self.hand_in.files]

    def shown(self, file: str) -> str:
        """Return a file's name without what the system put before it."""
        return file.removeprefix(printable(self.hand_in.owner.prefix)) or file

    @property
    def notes(self) -> list[str]:
        """What else there is to say: files that were left out, or could not be judged."""
        late = ["handed in late"] if self.hand_in.owner.late else []
        if not self.reports:
            late.append("no Python file and no notebook was handed in")
        return [*late, *self.hand_in.notes, *(f"{file}: {error}" for file, error in self._unjudged())]

    def _unjudged(self) -> Iterator[tuple[str, str]]:
        """Yield the files that were not judged, and why; one with other functions only where no file has any."""
        nothing = not any(m.report for m in self.marks) and not self.faults
        for file, error in self.errors:
            if not error.startswith(NOTHING):
                yield file, error
            elif nothing:
                yield file, f"{NOTHING} the functions that are judged"


def marked(hand_in: HandIn, reports: list[Report], required: Required) -> Student:
    """Return a student's results; of a function that several files have, the best verdict counts."""
    found: dict[str, tuple[FunctionReport, str]] = {}
    for file, f in ((r.file, f) for r in reports for f in r.functions if f.name != FILE):
        if f.name not in found or f.points > found[f.name][0].points:
            found[f.name] = f, file
    if required:
        absence = "left out" if all(map(_is_read, reports)) else "not judged"
        marks = [_of_required(name, worth, found, absence) for name, worth in required.items()]
    else:
        marks = [Mark(f.name, f.points, 1.0, f, file) for f, file in found.values()] or [Mark("", 0.0, 1.0)]
    return Student(hand_in, reports, marks)


def _is_read(report: Report) -> bool:
    """Return whether it is known what a file defines."""
    return not any(f.name == FILE for f in report.functions) and (bool(report.functions) or NOTHING in report.error)


def _of_required(name: str, worth: float, found: dict[str, tuple[FunctionReport, str]], absence: str) -> Mark:
    """Return the mark of a function that is asked for: by its name, with all its parts, or by what it was judged as."""
    parts = list(_called(name, found))
    if not parts:
        return Mark(name, 0.0, worth, absence=absence)
    points = sum(f.points for f, _ in parts) / len(parts)
    worst, file = min(parts, key=lambda p: p[0].points)
    return Mark(name, round(worth * points, 4), worth, worst, file)


def _called(name: str, found: dict[str, tuple[FunctionReport, str]]) -> Iterator[tuple[FunctionReport, str]]:
    named = [one for key, one in found.items() if name in (key, key.partition(" [")[0])]
    judged = sorted((one for one in found.values() if one[0].target == name), key=lambda o: -o[0].points)[:1]
    yield from named or judged
