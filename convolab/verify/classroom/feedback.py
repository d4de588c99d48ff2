"""One page for each student, in a folder or a zip whose names Moodle and Canvas take back."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from convolab.errors import OutputError
from convolab.files import make_folder, write_whole
from convolab.verify.classroom.marks import Student
from convolab.verify.classroom.student_page import student_page

NAME = "feedback.html"
DATE = (1980, 1, 1, 0, 0, 0)  # the same verdicts give the same file


def feedback_files(students: list[Student]) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each student's page, in the folder or behind the prefix that the hand-in had."""
    for student in students:
        owner = student.hand_in.owner
        if owner.system:
            path = f"{owner.prefix}{'' if owner.prefix.endswith(('/', '_')) else '_'}{NAME}"
        else:
            path = f"{owner.name}.html"
        yield path, student_page(student)


def write_feedback(target: Path, students: list[Student]) -> None:
    """Write a zip, or the pages into a folder."""
    if target.suffix.lower() != ".zip":
        for path, text in feedback_files(students):
            make_folder((target / path).parent)
            write_whole(target / path, text)
        return
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in feedback_files(students):
            archive.writestr(zipfile.ZipInfo(path, DATE), text, zipfile.ZIP_DEFLATED)
    write_whole(target, out.getvalue())


def refuse_feedback(target: Path | None, *, force: bool) -> None:
    """Raise an OutputError where pages of an earlier run would be replaced."""
    if target is None or force or not target.exists():
        return
    if target.is_dir() and target.suffix.lower() != ".zip" and not any(target.iterdir()):
        return
    raise OutputError(f"--feedback: {target} exists. Give --force to replace what is in it")
