"""Moodle's grading worksheet, filled: Grade and Feedback comments of each participant, and all else as it came."""

import html
import re
from pathlib import Path

from convolab.verify.classroom.marks import Student
from convolab.verify.classroom.problems import in_words
from convolab.verify.classroom.sheets import Sheet, number_text, read_sheet
from convolab.verify.classroom.tables import problem_text


def fill_worksheet(path: Path, students: list[Student]) -> tuple[Sheet, list[str]]:
    """Return the worksheet with grades, and notes on whom it could not be filled for.

    A grade is the part of the points that was reached, out of the worksheet's own maximum. Rows without a hand-in, and
    those whose grade cannot be changed, stay as they are.

    Raises
    ------
    InputError
        If it is no worksheet of Moodle's.
    """
    sheet = read_sheet("--moodle", path)
    identifier, grade = sheet.needed("--moodle", "Identifier", "Grade")
    maximum, locked = sheet.column("Maximum Grade"), sheet.column("Grade can be changed")
    comments = sheet.column("Feedback comments")
    left = {s.hand_in.owner.number: s for s in students if s.hand_in.owner.system == "moodle"}
    notes = [] if comments is not None else [f"{path} has no column Feedback comments: grades alone were filled in"]
    notes += [f"{s.name} is not of Moodle: no row" for s in students if s.hand_in.owner.system != "moodle"]
    for row in sheet.rows[1:]:
        row += [""] * (len(sheet.rows[0]) - len(row))
        found = re.search(r"\d+$", row[identifier].strip())
        student = left.pop(found[0], None) if found else None
        if student is None:
            continue
        if locked is not None and row[locked].strip().casefold() == "no":
            notes.append(f"{student.name}: the grade cannot be changed")
            continue
        row[grade] = number_text(_scaled(student, row[maximum] if maximum is not None else ""))
        if comments is not None:
            row[comments] = comment(student)
    notes += [f"{s.name} has no row: no participant {s.hand_in.owner.number}" for s in left.values()]
    return sheet, notes


def _scaled(student: Student, maximum: str) -> float:
    try:
        most = float(maximum.strip().replace(",", "."))
    except ValueError:
        return student.total
    return most * student.total / student.maximum if student.maximum else 0.0


def comment(student: Student) -> str:
    """Return the verdicts as text that Moodle shows: what was handed in cannot stand in it as markup."""
    lines = [f"{student.total:g} of {student.maximum:g} points."]
    for mark in (m for m in student.marks if m.function):
        lines.append(f"{mark.function}: {mark.points:g} of {mark.maximum:g}. {problem_text(mark) or 'Right'}.")
    lines += [f"{file}: {in_words(fault)}." for file, fault in student.faults]
    return "<br>".join(html.escape(line, quote=False) for line in [*lines, *student.notes])
