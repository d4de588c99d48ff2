"""The verdicts on a class as one page of HTML, which opens from the disk with nothing else."""

# ruff: noqa: E501 - markup

import html

from convolab.verify.classroom.marks import Mark, Student
from convolab.verify.classroom.problems import ClassProblem, in_words, problems
from convolab.verify.classroom.styles import breakable, page
from convolab.verify.classroom.tables import functions_of
from convolab.verify.markup import function_html

MOST_NAMED = 12  # students whom a bar names


def class_page(students: list[Student], *, title: str = "Convolution: what went wrong") -> str:
    """Return a page with the most frequent problems, who has which, and one example of each."""
    found = problems(students)
    right = sum(s.passed for s in students)
    examples = "".join(map(_example, found))
    return page(
        title,
        f"<p class='lead'>{right} of {len(students)} students have everything right. The whole width of a bar is the "
        "whole class; who has a problem in several functions counts once.</p>"
        f"<h2>What went wrong, and how often</h2>{''.join(_bar(p, len(students)) for p in found) or '<p>Nothing.</p>'}"
        f"<h2>Who has what</h2><div class='card'>{_table(students)}</div>"
        f"<h2>One example of each</h2>{examples or '<p>None.</p>'}",
    )


def _bar(problem: ClassProblem, students: int) -> str:
    count = len(problem.students)
    names = ", ".join(problem.students[:MOST_NAMED]) + (f" and {count - MOST_NAMED} more" if count > MOST_NAMED else "")
    code = f"<br><code>{html.escape(problem.code)}</code>" if problem.code else ""
    return (
        f"<div class='row'><span>{html.escape(problem.title)}{code}</span><div class='holder'>"
        f"<div class='bar' style='width:{100 * count / students:.1f}%'></div></div><span class='n'>{count}</span><small>{html.escape(names)}</small></div>"
    )


def _table(students: list[Student]) -> str:
    functions = functions_of(students)
    head = "".join(f"<th><code>{breakable(name)}</code></th>" for name in functions)
    rows = "".join(_row(student, functions) for student in students)
    return f"<table class='class'><thead><tr><th>student</th><th class='n'>points</th>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(student: Student, functions: list[str]) -> str:
    marks = {m.function: m for m in student.marks}
    cells = "".join(_cell(name, marks.get(name)) for name in functions)
    said = [f"{file}: {in_words(fault)}" for file, fault in student.faults] + student.notes
    small = "".join(f"<small>{html.escape(line)}</small>" for line in said)
    return (
        f"<tr><td><b>{html.escape(student.name)}</b>{small}</td>"
        f"<td class='n'>{student.total:g} of {student.maximum:g}</td>{cells}</tr>"
    )


def _cell(function: str, mark: Mark | None) -> str:
    if mark is None:
        return "<td></td>"
    text = "✓" if mark.status == "passed" else in_words(mark.report) if mark.report else mark.absence
    points = f"<small>{mark.points:g} of {mark.maximum:g}</small>" if 0 < mark.points < mark.maximum else ""
    return f"<td class='{mark.status}' data-of='{html.escape(function, quote=True)}'>{html.escape(text)}{points}</td>"


def _example(problem: ClassProblem) -> str:
    if problem.example is None:
        return ""
    return (
        f"<details class='card'><summary>{html.escape(problem.title)}</summary>"
        f"<p>{html.escape(problem.students[0])}</p>{function_html(problem.example, hints=True)}</details>"
    )
