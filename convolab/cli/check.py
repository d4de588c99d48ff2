"""`convolab check`: judge the convolutions that a file, or a folder of files, defines, and name their mistakes."""

import os
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from convolab.cli.console import Progress, emit, refuse_existing, stderr, stdout
from convolab.cli.options import Device, Force, Json
from convolab.errors import InputError, UsageError

MARKS = {"passed": "[green]✓[/]", "failed": "[red]✗[/]", "error": "[yellow]![/]", "timeout": "[magenta]…[/]"}


def check(
    file: Path | None = None,
    *,
    command: str = "",
    function: list[str] | None = None,
    course: str = "",
    convention: str = "",
    geometry: str = "",
    dtype: Literal["", "float16", "bfloat16", "float32", "float64", "int8", "int16", "int32"] = "",
    device: Device | None = None,
    network: Literal["near", "sheet", "any"] = "near",
    hints: bool = False,
    timeout: Annotated[float, Parameter(help="Seconds that loading the file, and each function, may take.")] = 10.0,
    memory: Annotated[int, Parameter(help="Megabytes that the code may take beyond Python and its libraries.")] = 2048,
    junit: Path | None = None,
    csv: Path | None = None,
    page: Path | None = None,
    jobs: int = 0,
    self_test: bool = False,
    force: Force = False,
    json: Json = False,
) -> int:
    """Judge the convolutions that a file defines, and name the mistake in each.

    Exits with 0 if every function is right, and 1 if not.

    Parameters
    ----------
    file
        A Python file or a notebook; or a folder of them, a class's hand-ins, judged in parallel.
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
    network
        Which network a file should define: the lab sheet's where two kinds of differences at most are left (near);
        the sheet's in any case; or any, so that only its training and its evaluation are judged.
    hints
        Say what to look at, without the answer.
    junit
        Write the verdicts as JUnit XML, for a build server or a grader.
    csv
        Write one row for each function.
    page
        Write a page (HTML) with the most frequent mistakes.
    jobs
        How many files of a folder are judged at once; 0 means one for each core.
    self_test
        Check the checker: plant every mistake in three styles of code, and print which name each was given.
    """
    if timeout <= 0 or memory < 1 or jobs < 0:
        raise UsageError(f"check: --timeout and --memory must be positive, got {timeout:g} and {memory}")
    for path in (junit, csv, page):
        refuse_existing("check", path, force=force)
    if self_test:
        return _run_self_test(as_json=json)
    if (file is None) == (not command):
        what = "is missing" if file is None else "and --command are both given"
        raise UsageError(
            f"check: FILE {what}. Give a Python file, a notebook or a folder, or --command (or --self-test)"
        )
    settings: dict[str, Any] = {
        "judged_as": mapping(function or [], file) if file else _one_target(function or []),
        "geometry": options(geometry),
        "course": course or None,
        "convention": convention or None,
        "dtype": dtype or None,
        "device": "cpu" if device == "auto" else device,  # no file reaches another
        "network": network,
    }
    settings |= {"timeout": timeout, "memory": memory << 20, "hints": hints}
    if file is not None and file.is_dir():
        reports = _folder_reports(file, jobs or os.cpu_count() or 1, settings)
    else:
        from convolab.verify import check as judge

        reports = [judge(file, command=command or None, **settings)]
        if not reports[0].functions:
            raise InputError(f"check: {file}: {reports[0].error}.")
    _write_files(reports, junit=junit, csv=csv, page=page)
    if file is not None:
        note_what_is_missing(reports)
    folder = file is not None and file.is_dir()
    if json:
        emit(_as_json_object(reports, folder=folder))
    elif not folder:
        _print_report(reports[0])
    else:
        _print_table(reports)
    return 0 if all(r.passed for r in reports) else 1


def _one_target(functions: list[str]) -> str | None:
    """What a command is judged as."""
    if len(functions) > 1 or any(c in text for text in functions for c in "=:"):
        raise UsageError(
            f"check: --function {' '.join(functions)}: a command is one function. Expected such as conv2d_input"
        )
    return functions[0] if functions else None


def mapping(functions: list[str], file: Path) -> dict[str, str] | None:
    """`NAME`, `NAME=TARGET` and `FILE:NAME=TARGET` as {name in the file: what it is judged as}."""
    found = {}
    for text in functions:
        path, _, name = text.rpartition(":")
        name, _, target = name.partition("=")
        if path and Path(path).resolve() != file.resolve():
            raise UsageError(f"check: --function {text} names another file than {file}")
        if not name:
            raise UsageError(f"check: --function {text!r} has no name. Expected NAME, NAME=conv2d or FILE:NAME=conv2d")
        found[name] = target or name
    return found or None


def options(text: str) -> dict[str, Any] | None:
    """`stride=2,padding=1x0,square` as a dict of numbers or pairs, with the inputs that are admitted under `only`."""
    parts = [part.strip() for part in filter(None, text.split(","))]
    only = [part for part in parts if "=" not in part or part.startswith("kernel=")]
    found: dict[str, Any] = {"only": ",".join(only)} if only else {}
    for part in (part for part in parts if part not in only):
        name, _, value = part.partition("=")
        try:
            numbers = tuple(int(v) for v in value.split("x"))
        except ValueError:
            raise UsageError(
                f"check: --geometry {part!r} is not NAME=NUMBER. Expected such as stride=2,padding=1"
            ) from None
        least = 0 if name.strip() == "padding" else 1
        if min(numbers) < least or len(numbers) > 2:
            raise UsageError(
                f"check: --geometry {part!r} is out of range. Expected {least} or more, or a pair such as 2x1"
            )
        found[name.strip()] = numbers[0] if len(numbers) == 1 else numbers
    return found or None


def _folder_reports(folder: Path, jobs: int, settings: dict[str, Any]) -> list[Any]:
    """Every hand-in of a folder, with a bar."""
    from convolab.verify.classroom import check_folder, hand_ins

    with Progress("hand-ins", total=len(hand_ins(folder)), unit="files") as progress:
        return check_folder(folder, jobs=jobs, advance=lambda report: progress.advance(1, report.file), **settings)


def _write_files(reports: list[Any], **paths: Path | None) -> None:
    """JUnit, CSV and the page, each whole or not at all."""
    from convolab.files import write_whole
    from convolab.verify.classroom import as_csv, as_junit
    from convolab.verify.pages import class_page

    for kind, make in (("junit", as_junit), ("csv", as_csv), ("page", class_page)):
        path = paths[kind]
        if path is None:
            continue
        write_whole(path, make(reports))
        stderr().print(f"wrote {path}", markup=False, soft_wrap=True)


def _as_json_object(reports: list[Any], *, folder: bool) -> dict[str, Any]:
    if not folder:
        return reports[0].as_dict()
    codes = Counter(f.diagnosis.code for r in reports for f in r.functions if f.diagnosis)
    files = [r.as_dict() for r in reports]
    return {"files": files, "mistakes": dict(codes.most_common()), "passed": all(r.passed for r in reports)}


def note_what_is_missing(reports: list) -> None:
    """Which measures did not hold, for any file of which something ran."""
    missing = {m for r in reports if r.functions for m in ("files", "system calls") if m not in r.containment}
    if missing:
        stderr().print(
            f"note: this system cannot limit {' and '.join(sorted(missing))} for the code that ran", style="dim"
        )


def _print_report(report) -> None:
    """The verdict of one file."""
    from rich.text import Text

    out = stdout()
    for function in report.functions:
        head, *rest = function.lines(hints=report.hints)
        mark = MARKS[function.status]
        out.print(f"{mark} [bold]{Text(head[2:]).plain}[/]" if "[" not in head else head)
        for n, line in enumerate(rest):
            out.print(Text(line, style="bold" if n == 0 and function.diagnosis else ""))
        out.print()
    right = sum(f.status == "passed" for f in report.functions)
    out.print(f"{right} of {len(report.functions)} right, {report.points:g} points")


def _print_table(reports: list[Any]) -> None:
    """Who has which mistake, and how often each one is made."""
    from rich.table import Table
    from rich.text import Text

    out = stdout()
    table = Table(box=None, pad_edge=False)
    for heading in ("hand-in", "function", "", "mistake", "points"):
        table.add_column(heading, justify="right" if heading == "points" else "left", overflow="fold")
    for report in reports:
        for n, f in enumerate(report.functions):
            code = f.diagnosis.code if f.diagnosis else ""
            table.add_row(
                Text(report.file if n == 0 else ""), Text(f.name), MARKS[f.status], Text(code), f"{f.points:g}"
            )
        if not report.functions:
            table.add_row(Text(report.file), "", MARKS["error"], Text(report.error), "0")
    out.print(table)
    codes = Counter(f.diagnosis.code for r in reports for f in r.functions if f.diagnosis)
    out.print()
    for code, count in codes.most_common():
        out.print(f"{count:>4}  {code}")
    out.print(f"{sum(r.passed for r in reports)} of {len(reports)} hand-ins are right")


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
