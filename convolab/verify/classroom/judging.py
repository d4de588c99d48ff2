"""The hand-ins of a class: each file judged alone, in parallel, none harming another."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from convolab.errors import ConvolabError
from convolab.verify.classroom.hand_ins import HandedFile, HandIn, handed_in
from convolab.verify.classroom.marks import Required, Student, marked
from convolab.verify.judge import check
from convolab.verify.printable import printable
from convolab.verify.report import Report
from convolab.verify.workers import each


def judge_class(
    hand_ins: list[HandIn],
    *,
    jobs: int,
    advance: Callable[[Report], None] = lambda report: None,
    required: Required | None = None,
    **settings: Any,
) -> list[Student]:
    """Judge every file of every student, `jobs` at a time.

    Parameters
    ----------
    hand_ins : list of HandIn
    jobs : int
        Files at once.
    advance : callable
        It is told each report as it comes.
    required : dict of {function: points}, optional
        What is asked for; what a student defines otherwise.
    **settings
        What `check` takes.
    """
    files = [f for hand_in in hand_ins for f in hand_in.files]
    reports: dict[HandedFile, Report] = {}
    for file, report, fault in each(partial(_check_one, settings=settings), files, jobs=jobs):
        reports[file] = report or Report(file.name, [], error=f"the checker itself failed: {fault}")
        advance(reports[file])
    return [marked(h, [reports[f] for f in h.files], required or {}) for h in hand_ins]


def check_folder(folder: Path, *, jobs: int, advance: Callable[[Report], None], **settings: Any) -> list[Report]:
    """Judge every file of a folder or a zip; return the reports in the order of the files' names."""
    with handed_in(folder) as found:
        students = judge_class(found, jobs=jobs, advance=advance, **settings)
    return sorted((r for s in students for r in s.reports), key=lambda r: r.file)


def _check_one(file: HandedFile, settings: dict[str, Any]) -> Report:
    """Judge one file; a fault of the checker itself becomes that file's line and nobody else's."""
    try:
        if file.problem:
            return Report(file.name, [], error=file.problem)
        return check(file.path, name=file.name, alone=file.alone, **settings)
    except ConvolabError as error:
        return Report(file.name, [], error=printable(error))
    except Exception as error:  # one bad file must not end the class's run
        return Report(file.name, [], error=f"the checker itself failed: {type(error).__name__}: {printable(error)}")
