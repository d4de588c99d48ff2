"""How does `convolab check` print verdicts: of one file, in stages, of a class, and as JSON?"""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.text import Text

from convolab.cli.console import stderr, stdout
from convolab.verify.classroom.marks import Student
from convolab.verify.classroom.problems import in_words, problems
from convolab.verify.classroom.tables import problem_text
from convolab.verify.report import Report
from convolab.verify.staged import next_stage, stage_lines

MARKS = {"passed": "[green]✓[/]", "failed": "[red]✗[/]", "error": "[yellow]![/]", "timeout": "[magenta]…[/]"}
MARKS["left-out"] = MARKS["failed"]


def print_file(student: Student, stage: str, out: Console, *, invite: bool) -> None:
    """Print the verdicts of one file, up to a stage or, without one, whole."""
    (report,) = student.reports
    for function in report.functions:
        head, *rest = stage_lines(function, stage) if stage else function.lines()
        mark = MARKS[function.status]
        out.print(f"{mark} [bold]{Text(head[2:]).plain}[/]" if "[" not in head else head)
        for n, line in enumerate(rest):
            out.print(Text(line, style="bold" if n == 0 and function.diagnosis and not stage else ""))
        out.print()
    for mark in left_out(student):
        out.print(f"{MARKS['left-out']} [bold]{mark}: left out[/]\n")
    if invite and not report.passed and next_stage(stage):
        stderr().print(next_stage(stage), style="dim")
    out.print(_sum(student))


def left_out(student: Student) -> list[str]:
    """The functions that are asked for and not there."""
    return [m.function for m in student.marks if m.report is None and m.function]


def _sum(student: Student) -> str:
    (report,) = student.reports
    right, all_of_them = sum(f.status == "passed" for f in report.functions), len(report.functions)
    all_of_them += len(left_out(student))
    return f"{right} of {all_of_them} right, {student.total:g} of {student.maximum:g} points"


def file_object(student: Student) -> dict[str, Any]:
    """One file as JSON."""
    said = {"passed": student.passed, "total": student.total, "maximum": student.maximum}
    return student.reports[0].as_dict() | said | {"left_out": left_out(student)}


def class_object(students: list[Student]) -> dict[str, Any]:
    """A class as JSON."""
    reports = sorted((r for s in students for r in s.reports), key=lambda r: r.file)
    codes = Counter(f.diagnosis.code for r in reports for f in r.functions if f.diagnosis)
    return {
        "files": [r.as_dict() for r in reports],
        "students": [_student_object(s) for s in students],
        "mistakes": dict(codes.most_common()),
        "problems": {p.title: p.students for p in problems(students)},
        "passed": all(s.passed for s in students),
    }


def _student_object(student: Student) -> dict[str, Any]:
    return {
        "name": student.name,
        "number": student.hand_in.owner.number,
        "late": student.hand_in.owner.late,
        "files": student.files,
        "points": {m.function: m.points for m in student.marks if m.function},
        "left_out": left_out(student),
        "total": student.total,
        "maximum": student.maximum,
        "passed": student.passed,
        "notes": student.notes,
    }


def print_class(students: list[Student]) -> None:
    """Print who has which problem, and how often each one is there."""
    from rich.table import Table

    out, table = stdout(), Table(box=None, pad_edge=False)
    for heading in ("student", "points", "", "what is wrong"):
        table.add_column(heading, justify="right" if heading == "points" else "left", overflow="fold")
    for student in students:
        mark = MARKS["passed" if student.passed else "failed"]
        points = f"{student.total:g} of {student.maximum:g}"
        table.add_row(Text(student.name), points, mark, Text("\n".join(_wrong(student))))
    out.print(table)
    out.print()
    for problem in problems(students):
        code = f" ({problem.code})" if problem.code else ""
        out.print(Text(f"{len(problem.students):>4}  {problem.title}{code}"))
    out.print(f"{sum(s.passed for s in students)} of {len(students)} students have everything right")


def _wrong(student: Student) -> list[str]:
    lines = [f"{m.function}: {problem_text(m)}" for m in student.marks if m.function and m.status != "passed"]
    return lines + [f"{file}: {in_words(fault)}" for file, fault in student.faults] + student.notes


def note_what_is_missing(reports: list[Report]) -> None:
    """Say which measures did not hold, for any file of which something ran."""
    missing = {m for r in reports if r.functions for m in ("files", "system calls") if m not in r.containment}
    if missing:
        stderr().print(
            f"note: this system cannot limit {' and '.join(sorted(missing))} for the code that ran", style="dim"
        )
