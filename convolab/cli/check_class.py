"""A class by `convolab check`: its hand-ins judged, and every file written that goes back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convolab.cli.console import Progress, refuse_existing, stderr
from convolab.verify.classroom.marks import Student


@dataclass(frozen=True)
class Outputs:
    """Where results are written, and what they are filled into.

    Attributes
    ----------
    junit, csv, page, feedback : Path or None
        Files to write.
    moodle, canvas : Path or None
        Files as Moodle and Canvas gave them out; what is filled is written beside them.
    assignment : str
        The column of Canvas's that is filled.
    """

    junit: Path | None = None
    csv: Path | None = None
    page: Path | None = None
    feedback: Path | None = None
    moodle: Path | None = None
    canvas: Path | None = None
    assignment: str = ""

    def refuse_existing(self, *, force: bool) -> None:
        """Raise before anything is judged: where a file is there already, or one that is to be filled is none."""
        from convolab.verify.classroom.canvas import fill_gradebook
        from convolab.verify.classroom.feedback import refuse_feedback
        from convolab.verify.classroom.moodle import fill_worksheet
        from convolab.verify.classroom.sheets import graded_path

        for path in (self.junit, self.csv, self.page):
            refuse_existing("check", path, force=force)
        refuse_feedback(self.feedback, force=force)
        for option, path in (("--moodle", self.moodle), ("--canvas", self.canvas)):
            refuse_existing(option, path and graded_path(path), force=force)
        if self.moodle:
            fill_worksheet(self.moodle, [])
        if self.canvas:
            fill_gradebook(self.canvas, [], self.assignment)

    def write(self, students: list[Student]) -> None:
        """Write each file whole or not at all."""
        from convolab.files import write_whole
        from convolab.verify.classroom.feedback import write_feedback
        from convolab.verify.classroom.page import class_page
        from convolab.verify.classroom.tables import as_csv, as_junit

        for path, make in ((self.junit, as_junit), (self.csv, as_csv), (self.page, class_page)):
            if path is not None:
                write_whole(path, make(students))
                _say(f"wrote {path}")
        if self.feedback is not None:
            write_feedback(self.feedback, students)
            _say(f"wrote {self.feedback}")
        self._fill(students)

    def _fill(self, students: list[Student]) -> None:
        from convolab.files import write_whole
        from convolab.verify.classroom.canvas import fill_gradebook
        from convolab.verify.classroom.moodle import fill_worksheet
        from convolab.verify.classroom.sheets import graded_path

        filled = [(self.moodle, fill_worksheet(self.moodle, students))] if self.moodle else []
        filled += [(self.canvas, fill_gradebook(self.canvas, students, self.assignment))] if self.canvas else []
        for path, (sheet, notes) in filled:
            for note in notes:
                _say(f"note: {note}")
            write_whole(graded_path(path), sheet.text())
            _say(f"wrote {graded_path(path)}")


def _say(line: str) -> None:
    stderr().print(line, markup=False, soft_wrap=True)


def judged_class(path: Path, jobs: int, required: dict[str, float], settings: dict[str, Any]) -> list[Student]:
    """Judge every hand-in of a folder or a zip, with a bar."""
    from convolab.verify.classroom.hand_ins import handed_in
    from convolab.verify.classroom.judging import judge_class

    with handed_in(path) as hand_ins:
        files = sum(len(h.files) for h in hand_ins)
        with Progress("hand-ins", total=max(1, files), unit="files") as progress:
            progress.tick()
            students = judge_class(
                hand_ins,
                jobs=jobs,
                required=required,
                advance=lambda report: progress.advance(1, report.file),
                **settings,
            )
    if len({s.maximum for s in students}) > 1:
        _say("note: without --require a function that is left out costs nothing, and not all have the same maximum")
    return students


def judged_file(file: Path | None, command: str, required: dict[str, float], settings: dict[str, Any]) -> Student:
    """Judge one file, or a command, with a bar."""
    from convolab.verify import check
    from convolab.verify.classroom.hand_ins import HandedFile, HandIn
    from convolab.verify.classroom.marks import marked
    from convolab.verify.classroom.owners import Owner
    from convolab.verify.printable import printable

    with Progress("check", total=1, unit="functions") as progress:
        progress.tick()

        def advance(done: int, of: int, name: str) -> None:
            progress.total = of
            progress.advance(done - progress.done, name)

        report = check(file, command=command or None, advance=advance, **settings)
    name = printable(file.name if file else report.file)
    student = Path(name).stem
    files = [HandedFile(file, name)] if file else []
    return marked(HandIn(Owner("", student, "", name, name), student, files), [report], required)
