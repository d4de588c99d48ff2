"""Canvas's gradebook, cut down to what an import needs: the students' own columns and one assignment's grades."""

import re
from pathlib import Path

from convolab.errors import InputError
from convolab.verify.classroom.marks import Student
from convolab.verify.classroom.sheets import Sheet, number_text, read_sheet

OWN = ("Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Integration ID", "Section")
ASSIGNMENT = re.compile(r".+ \(\d+\)")
POSSIBLE = "points possible"


def fill_gradebook(path: Path, students: list[Student], assignment: str = "") -> tuple[Sheet, list[str]]:
    """Return the columns that Canvas imports, with grades, and notes on who has no row.

    Parameters
    ----------
    path : Path
        The gradebook as Canvas exports it.
    students : list of Student
    assignment : str
        How the name of the assignment's column begins; it may be left out where there is one assignment alone.

    Raises
    ------
    InputError
        If it is no gradebook of Canvas's, or the assignment is not one of its columns.
    """
    sheet = read_sheet("--canvas", path)
    _, number = sheet.needed("--canvas", "Student", "ID")
    column = _column_of(sheet, assignment)
    possible = next((_number(r[column]) for r in sheet.rows[1:] if POSSIBLE in r[0].casefold() and len(r) > column), 0)
    left = {s.hand_in.owner.number: s for s in students if s.hand_in.owner.system == "canvas"}
    for row in sheet.rows[1:]:
        row += [""] * (len(sheet.rows[0]) - len(row))
        student = left.pop(row[number].strip(), None) if row[number].strip() else None
        if student is not None:
            row[column] = number_text(possible * student.total / student.maximum if possible else student.total)
    notes = (
        [] if possible else [f"{path} says no points possible for {sheet.rows[0][column]}: points are as counted here"]
    )
    notes += [f"{s.name} is not of Canvas: no row" for s in students if s.hand_in.owner.system != "canvas"]
    notes += [f"{s.name} has no row: no student with ID {s.hand_in.owner.number}" for s in left.values()]
    kept = [n for name in OWN if (n := sheet.column(name)) is not None] + [column]
    sheet.rows = [[row[n] for n in kept] for row in sheet.rows]
    return sheet, notes


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _column_of(sheet: Sheet, assignment: str) -> int:
    """Return the assignment's column."""
    names = sheet.rows[0]
    all_of_them = [n for n, name in enumerate(names) if ASSIGNMENT.fullmatch(name.strip())]
    found = [n for n in all_of_them if names[n].startswith(assignment)]
    exact = [n for n in found if re.sub(r" \(\d+\)$", "", names[n].strip()) == assignment]
    found = exact or found
    if len(found) != 1:
        some = ", ".join(names[n] for n in all_of_them[:12]) or "none"
        what = f"{assignment!r} is {'no' if not found else 'more than one'} assignment" if assignment else "is missing"
        raise InputError(f"--assignment: {what}. Expected one of {sheet.path}: {some}")
    return found[0]
