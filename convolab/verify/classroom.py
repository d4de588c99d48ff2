"""A folder of hand-ins: each judged alone, in parallel, none harming another; and the tables that come of it."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from convolab.errors import ConvolabError, InputError
from convolab.verify.judge import check
from convolab.verify.printable import printable
from convolab.verify.report import Report
from convolab.verify.workers import each

SUFFIXES = (".py", ".ipynb")


def hand_ins(folder: Path) -> list[Path]:
    """Return the Python files and notebooks in a folder and its sub-folders, hidden ones left out.

    A link to a folder elsewhere is one of them, so that a line says that it is not followed.
    """
    found = [
        p
        for p in sorted(folder.rglob("*"))
        if ((p.suffix in SUFFIXES and p.is_file()) or (p.is_symlink() and p.is_dir() and leads_out(p, folder)))
        and not any(q.startswith((".", "__")) for q in p.relative_to(folder).parts)
    ]
    if not found:
        raise InputError(f"check: {folder} has no Python files and no notebooks.")
    return found


def check_folder(folder: Path, *, jobs: int, advance: Callable[[Report], None], **settings: Any) -> list[Report]:
    """Judge every hand-in of a folder, `jobs` at a time; return the reports in the order of the files' names."""
    files = hand_ins(folder)
    reports: dict[Path, Report] = {}
    for path, report, fault in each(partial(_check_one, folder=folder, settings=settings), files, jobs=jobs):
        reports[path] = report or Report(name_of(path, folder), [], error=f"the checker itself failed: {fault}")
        advance(reports[path])
    return [reports[path] for path in files]


def name_of(path: Path, folder: Path) -> str:
    """Return a hand-in's name in the tables."""
    return printable(path.relative_to(folder))


def leads_out(path: Path, folder: Path) -> bool:
    """Return whether a hand-in is a link, or lies behind one, to anything but what its own student handed in.

    In a flat folder that is the file itself; else everything in the sub-folder that it lies in.
    """
    first = path.relative_to(folder).parts[0]
    return not path.resolve().is_relative_to(folder.resolve() / first)


def _check_one(path: Path, folder: Path, settings: dict[str, Any]) -> Report:
    """Judge one hand-in; a fault of the checker itself becomes that hand-in's line and nobody else's."""
    name = name_of(path, folder)
    try:
        if leads_out(path, folder):
            what = "a link that leads out of the folder, or to another hand-in, which is not followed"
            return Report(name, [], error=f"{what}. Expected the file itself")
        return check(path, name=name, alone=path.parent == folder, **settings)
    except ConvolabError as error:
        return Report(name, [], error=printable(error))
    except Exception as error:  # one bad file must not end the class's run
        return Report(name, [], error=f"the checker itself failed: {type(error).__name__}: {printable(error)}")


def rows(reports: list[Report]) -> Iterator[dict[str, Any]]:
    """Yield one row for each function of each hand-in."""
    for report in reports:
        for f in report.functions:
            d = f.diagnosis
            yield {
                "file": report.file,
                "function": f.name,
                "status": f.status,
                "points": f.points,
                "code": d.code if d else "",
                "title": d.title if d else "",
                "message": d.message if d else "",
                "seconds": round(f.seconds, 2),
            }
        if not report.functions:
            empty = dict.fromkeys(("function", "code", "title", "seconds"), "")
            yield {"file": report.file, **empty, "status": "error", "points": 0.0, "message": report.error}


FIELDS = ("file", "function", "status", "points", "code", "title", "message", "seconds")


def as_csv(reports: list[Report]) -> str:
    """Return the rows as CSV. Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
    writer.writeheader()
    for row in rows(reports):
        writer.writerow({k: _harmless(v) if isinstance(v, str) else v for k, v in row.items()})
    return out.getvalue()


def _harmless(text: str) -> str:
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def as_junit(reports: list[Report]) -> str:
    """Return JUnit's XML: a suite for each file, a case for each function."""
    root = ElementTree.Element("testsuites", name="convolab check")
    for report in reports:
        cases = list(rows([report]))
        failed, errors = (sum(r["status"] in s for r in cases) for s in (("failed",), ("error", "timeout")))
        suite = ElementTree.SubElement(
            root, "testsuite", name=_xml(report.file), tests=str(len(cases)), failures=str(failed), errors=str(errors)
        )
        texts = ["\n".join(f.lines(hints=report.hints)) for f in report.functions] or [report.error]
        for row, text in zip(cases, texts, strict=True):
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=_xml(row["function"] or "(file)"),
                classname=_xml(report.file),
                time=str(row["seconds"] or 0),
            )
            if row["status"] != "passed":
                kind = "failure" if row["status"] == "failed" else "error"
                message = f"{row['code']}: {row['title']}" if row["code"] else row["message"]
                ElementTree.SubElement(case, kind, type=row["status"], message=_xml(message)).text = _xml(text)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _xml(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(
        c if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "�" for c in text
    )
