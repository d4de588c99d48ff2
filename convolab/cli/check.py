"""`convolab check`: judge the convolutions that a file, or a class's hand-ins, define, and name their mistakes."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import Console

from convolab.cli.check_arguments import mapping, one_target, options, required, stage
from convolab.cli.check_class import Outputs, judged_class, judged_file
from convolab.cli.console import Progress, emit, stderr, stdout
from convolab.cli.options import Device, Force, Json
from convolab.cli.output import FIGURES, Figure, check_output, deliver, kind_of, words_beside
from convolab.errors import InputError, UsageError

Words = Annotated[list[str] | None, Parameter(consume_multiple=True)]
Names = Annotated[list[str] | None, Parameter(negative=())]


def check(
    file: Path | None = None,
    *,
    signatures: bool = False,
    hints: bool = False,
    student: Words = None,
    watch: bool = False,
    command: str = "",
    function: Names = None,
    course: str = "",
    convention: str = "",
    geometry: str = "",
    dtype: Literal["", "float16", "bfloat16", "float32", "float64", "int8", "int16", "int32"] = "",
    device: Device | None = None,
    network: Literal["near", "sheet", "any"] = "near",
    timeout: Annotated[float, Parameter(help="Seconds that loading the file, and each function, may take.")] = 10.0,
    memory: Annotated[int, Parameter(help="Megabytes that the code may take beyond Python and its libraries.")] = 2048,
    require: Names = None,
    junit: Path | None = None,
    csv: Path | None = None,
    page: Path | None = None,
    feedback: Path | None = None,
    moodle: Path | None = None,
    canvas: Path | None = None,
    assignment: str = "",
    output: Figure = None,
    jobs: int = 0,
    self_test: bool = False,
    force: Force = False,
    json: Json = False,
) -> int:
    """Judge the convolutions that a file defines, and name the mistake in each.

    Exits with 0 if everything is right, and 1 if not.

    Parameters
    ----------
    file
        A Python file or a notebook; or a folder or a zip of them, a class's hand-ins as Moodle and Canvas give them
        out, judged in parallel.
    signatures
        Print what a hand-in must define: functions, their arguments in order, shapes, and what is counted from 1.
    hints
        Say where to look, for each function, and nothing of the answer.
    student
        For somebody who wants to find the mistake: where to look; with --student name, what it is called; with
        --student map, also what is read in place of what, the smallest input that shows it, and the line to look at;
        with --student change, what to write there instead, where one small change makes everything right.
    watch
        Judge the file whenever it is saved: one function of the exercise after the other, each until it is right.
        Ctrl-C ends it.
    command
        Judge a program instead, such as "./conv {input} {weight} {output}": it is run for each call, with arrays as
        .npy files. Further fields: {bias} {grad_output} {input_size} {weight_size} {stride} {padding} {dilation}
        {groups} {dtype}. It should compute conv2d, or what --function says; --timeout counts for each call.
    function
        Which function to judge, by name; NAME=conv2d (or FILE:NAME=conv2d) judges one of another name. May be repeated.
    course
        Judge as a course asks for it: cs231n, dls, minitorch, dlsys, arena, udl, d2l, dlfs, cs131, cornell, imfilter,
        raschka. It is found by itself where the names of functions and parameters say so.
    convention
        What is asked for in place of a plain cross-correlation: scipy-convolve2d-same, ndimage, opencv, torch-same, …,
        or words such as flip,same,reflect.
    geometry
        Judge with these options only, such as stride=2,padding=1,dilation=2,groups=4 (stride=2x1 for rows x columns);
        or for these inputs only: kernel=3x3, square, odd, divides.
    dtype
        Element type that goes in and must come out (whole numbers may come out as any integer, or floating); the
        tolerance follows from it.
    require
        Functions that are asked for, with commas between them: one that is left out costs its points. NAME=2 is worth
        two points, NAME alone one. May be repeated.
    network
        Which network a file should define: the lab sheet's where two kinds of differences at most are left (near);
        the sheet's in any case; or any, so that only its training and its evaluation are judged.
    junit
        Write the verdicts as JUnit XML, for a build server or a grader.
    csv
        Write one row for each student, with points, maximum and total, for a spreadsheet.
    page
        Write a page (HTML) with the most frequent problems and who has them.
    feedback
        Write one page for each student into this folder, or zip, with names that Moodle and Canvas take back.
    moodle
        Moodle's grading worksheet (CSV): grades and comments are filled into a copy beside it, NAME-graded.csv.
    canvas
        Canvas's gradebook (CSV): grades are filled into what Canvas imports, beside it, NAME-graded.csv.
    assignment
        How the assignment's column in Canvas's gradebook begins, where there are several.
    jobs
        How many files of a class are judged at once; 0 means one for each core.
    self_test
        Check the checker: plant every mistake in three styles of code, and print which name each was given.

    Examples
    --------
    $ convolab check mine.py
    ✗ apply_convolution: failed · flipped-kernel
      The kernel is turned by 180 degrees
      Every weight meets the pixel of the opposite weight: each axis of the kernel is used backwards.
    …
      The smallest input that shows it:
        img      = [[0, 1]]
        kernel   = [[0, 1]]
        call       apply_convolution(img, kernel)
        expected = [[1]]
        got      = [[0]]
        By hand, element [0, 0]: 0·0 + 1·1 = 1; the function gave 0
    …
    0 of 2 right, 0 of 2 points

    $ convolab check hand-ins --csv grades.csv --page class.html
    …
    wrote grades.csv
    wrote class.html
    student  points     what is wrong
    ada      0 of 2  ✗  apply_convolution: The kernel is turned by 180 degrees (flipped-kernel)
                        conv_gradient_wrt_input: = where += belongs (overwrites)
    ben      2 of 2  ✓

       1  The kernel is turned by 180 degrees (flipped-kernel)
       1  = where += belongs (overwrites)
    1 of 2 students have everything right
    """
    if timeout <= 0 or memory < 1 or jobs < 0:
        raise UsageError(f"check: --timeout and --memory must be positive, got {timeout:g} and {memory}")
    if signatures:
        return _print_signatures(as_json=json)
    outputs = Outputs(junit, csv, page, feedback, moodle, canvas, assignment)
    outputs.refuse_existing(force=force)
    check_output(output, FIGURES, force=force, as_json=json)
    if output is not None and (self_test or (file is not None and (file.is_dir() or file.suffix.lower() == ".zip"))):
        raise UsageError("--output: draws the verdicts on one file. For a class there is --page")
    if self_test:
        return _run_self_test(as_json=json)
    shown, file = stage(student, file)
    if (file is None) == (not command):
        what = "is missing" if file is None else "and --command are both given"
        raise UsageError(
            f"check: FILE {what}. Give a Python file, a notebook, a folder or a zip, or --command (or --self-test, "
            "--signatures)"
        )
    settings: dict[str, Any] = {
        "judged_as": (mapping(function or [], file) or _of_the_lab(file)) if file else one_target(function or []),
        "geometry": options(geometry),
        "course": course or None,
        "convention": convention or None,
        "dtype": dtype or None,
        "device": "cpu" if device == "auto" else device,  # no file reaches another
        "timeout": timeout,
        "memory": memory << 20,
        "hints": hints,
        "network": network,
    }
    wanted, shown = required(require or []), shown or ("look" if hints else "")
    is_class = file is not None and (file.is_dir() or file.suffix.lower() == ".zip")
    if watch:
        return _watch(file, wanted, settings, shown or "look", refused=is_class or json or bool(command))
    if is_class and file is not None:
        students = judged_class(file, jobs or os.cpu_count() or 1, wanted, settings)
    else:
        students = [judged_file(file, command, wanted, settings)]
        if not students[0].reports[0].functions:
            raise InputError(f"check: {file}: {students[0].reports[0].error}.")
    outputs.write(students)
    if output is not None:
        deliver(output, students[0].reports[0].drawing().file(kind_of(output)))
    _show(file, students, shown, words_beside(output), is_class=is_class, as_json=json, invite=student is not None)
    return 0 if all(s.passed for s in students) else 1


def _show(
    file: Path | None, students: list[Any], shown: str, out: Console, *, is_class: bool, as_json: bool, invite: bool
) -> None:
    """Print the verdicts, and note which measures did not hold; of a command none was taken."""
    from convolab.cli import check_printing as printing

    if file is not None:
        printing.note_what_is_missing([r for s in students for r in s.reports])
        _note_progress(file)
    if as_json:
        emit(printing.class_object(students) if is_class else printing.file_object(students[0]))
    elif is_class:
        printing.print_class(students)
    else:
        printing.print_file(students[0], shown, out, invite=invite)


def _print_signatures(*, as_json: bool) -> int:
    from convolab.verify.signatures import as_dict, signatures_text

    if as_json:
        emit(as_dict())
    else:
        stdout().print(signatures_text(), markup=False)
    return 0


def _of_the_lab(file: Path) -> dict[str, str] | None:
    """As what the functions of a file of the lab are judged, by its sections; None for any other file."""
    from convolab.lab.exercises import exercise_of

    try:
        exercise = exercise_of(file.read_text(encoding="utf-8")) if file.suffix == ".py" else None
    except (OSError, UnicodeDecodeError):
        return None
    return exercise.judged_as if exercise else None


def _note_progress(file: Path) -> None:
    """What the lab wrote beside a file: after how many checks and hints each function was right, or is not."""
    from convolab.lab.progress import read_progress, told

    for line in told(read_progress(file)):
        stderr().print(f"note: {line}", style="dim", markup=False, soft_wrap=True)


def _watch(file: Path | None, wanted: dict[str, float], settings: dict[str, Any], shown: str, *, refused: bool) -> int:
    """Judge a file whenever it is saved, until Ctrl-C."""
    if refused or file is None:
        raise UsageError("check: --watch takes one Python file or notebook, and neither --json nor --command")
    from convolab.verify.staged import stage_lines
    from convolab.verify.watching import SHEET, WatchedExercise, saves

    functions = settings.pop("judged_as") or {name: name for name in wanted} or SHEET
    exercise = WatchedExercise(file, functions, settings | {"evidence": shown in ("map", "change")})
    stderr().print(f"watching {file}; Ctrl-C ends it", style="dim", markup=False)
    for _ in saves(file):
        for verdict in exercise.judged():
            lines = [verdict] if isinstance(verdict, str) else stage_lines(verdict, shown)
            stdout().print("\n".join(lines), markup=False)
        stdout().print()
    return 0


def _run_self_test(*, as_json: bool) -> int:
    """Plant every mistake, and see what each is called."""
    from convolab.verify.selftest import summary, table_text, test_checker

    with Progress("planted mistakes", total=1, unit="parts") as progress:
        results = test_checker(advance=lambda done, total: _advance(progress, done, total))
    result = summary(results)
    if as_json:
        emit(result)
    else:
        stdout().print(table_text(results), markup=False)
    return 0 if result["passed"] else 1


def _advance(progress: Progress, done: int, total: int) -> None:
    progress.total = total
    progress.advance(done - progress.done)
