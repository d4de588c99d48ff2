"""One student's verdicts as a page: points, and of each function what is wrong, with its map and smallest input."""

import html

from convolab.verify.classroom.marks import Mark, Student
from convolab.verify.classroom.styles import page
from convolab.verify.markup import function_html


def student_page(student: Student) -> str:
    """Return a page with everything that was found out about one hand-in."""
    lead = f"<p class='lead'>{student.total:g} of {student.maximum:g} points.</p>"
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in student.notes)
    faults = "".join(f"<p><code>{html.escape(file)}</code></p>{function_html(fault)}" for file, fault in student.faults)
    marks = "".join(_mark(student, mark) for mark in student.marks if mark.function)
    return page(student.name, f"{lead}{notes}{faults}{marks}")


def _mark(student: Student, mark: Mark) -> str:
    name = html.escape(mark.function)
    head = f"<h2><code>{name}</code>: {mark.points:g} of {mark.maximum:g}</h2>"
    if mark.report is None:
        return f"{head}<p class='left-out'>It is asked for, and no file that could be read has it: {mark.absence}.</p>"
    return f"{head}<p><code>{html.escape(student.shown(mark.file))}</code></p>{function_html(mark.report, hints=True)}"
