"""What went wrong in a class, in words: each problem with the students who have it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from convolab.definition.mistakes import UNRECOGNISED
from convolab.verify.classroom.marks import NOTHING, Student
from convolab.verify.verdict import FunctionReport

NOT_JUDGED = "A file could not be judged"


@dataclass
class ClassProblem:
    """One problem of a class.

    Attributes
    ----------
    title : str
        In words.
    code : str
        The mistake's, where it has a name.
    students : list of str
        Who has it, each once.
    example : FunctionReport or None
        The first verdict that says so.
    """

    title: str
    code: str = ""
    students: list[str] = field(default_factory=list)
    example: FunctionReport | None = None


def problems(students: list[Student]) -> list[ClassProblem]:
    """Return every problem of a class, the most frequent first."""
    found: dict[tuple[str, str], ClassProblem] = {}
    for student in students:
        for title, code, verdict in _of(student):
            problem = found.setdefault((code or title, ""), ClassProblem(title, code, [], verdict))
            if student.name not in problem.students:
                problem.students.append(student.name)
    return sorted(found.values(), key=lambda p: -len(p.students))


def in_words(verdict: FunctionReport) -> str:
    """Return what is wrong with a function, or a file, in a few words; an empty text where nothing is."""
    return verdict.diagnosis.title if verdict.diagnosis else ""


def code_of(verdict: FunctionReport) -> str:
    """Return the mistake's code, where it has a name."""
    code = verdict.diagnosis.code if verdict.diagnosis else ""
    return "" if code == UNRECOGNISED else code


def _of(student: Student) -> Iterator[tuple[str, str, FunctionReport | None]]:
    """Yield a student's problems; of a file that could not be loaded nothing is left out besides."""
    verdicts = [m.report for m in student.marks if m.report is not None] + [f for _, f in student.faults]
    for verdict in verdicts:
        if verdict.diagnosis is not None:
            yield in_words(verdict), code_of(verdict), verdict
    unread = [error for _, error in student.errors if not error.startswith(NOTHING)]
    if not verdicts and not unread:
        yield ("It defines none of the functions" if student.reports else "No Python file was handed in"), "", None
    elif verdicts and not student.faults:
        for mark in student.marks:
            if mark.report is None and mark.function:
                yield f"{mark.function} is left out", "", None
    if unread:
        yield NOT_JUDGED, "", None
