"""A class as CSV for a spreadsheet, one row a student, and as JUnit's XML."""

import csv
import io
from typing import Any
from xml.etree import ElementTree

from convolab.verify.classroom.marks import Mark, Student
from convolab.verify.classroom.problems import code_of, in_words

BOM = "\ufeff"  # by which Excel knows that this is UTF-8


def functions_of(students: list[Student]) -> list[str]:
    """Return the functions of a class, in the order in which they come."""
    return list(dict.fromkeys(m.function for s in students for m in s.marks if m.function))


def as_csv(students: list[Student]) -> str:
    """Return one row for each student: points and problem of each function, total and maximum.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    functions = functions_of(students)
    pairs = [column for name in functions for column in (name, f"{name}: problem")]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["student", "number", "files", *map(harmless, pairs), "total", "maximum", "notes"])
    for student in students:
        marks = {m.function: m for m in student.marks}
        cells: list[Any] = [student.name, student.hand_in.owner.number, " ".join(student.files)]
        for name in functions:
            cells += _cells(marks.get(name))
        faults = [f"{file}: {in_words(fault)}" for file, fault in student.faults]
        cells += [student.total, student.maximum, "; ".join([*faults, *student.notes])]
        writer.writerow([harmless(c) if isinstance(c, str) else c for c in cells])
    return BOM + out.getvalue()


def _cells(mark: Mark | None) -> list[Any]:
    if mark is None:
        return ["", ""]
    return [mark.points, problem_text(mark)]


def problem_text(mark: Mark) -> str:
    """Return what is wrong with a function, in words and by its code."""
    if mark.report is None:
        return mark.absence
    words, code = in_words(mark.report), code_of(mark.report)
    return f"{words} ({code})" if code else words


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def as_junit(students: list[Student]) -> str:
    """Return JUnit's XML: a suite for each student, a case for each function, and for each file that has no verdict."""
    root = ElementTree.Element("testsuites", name="convolab check")
    for student in students:
        _suite(root, student)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(root: ElementTree.Element, student: Student) -> None:
    cases = list(_cases(student))
    failures, errors = (sum(kind == k for _, kind, *_ in cases) for k in ("failure", "error"))
    suite = ElementTree.SubElement(
        root, "testsuite", name=_xml(student.name), tests=str(len(cases)), failures=str(failures), errors=str(errors)
    )
    for name, kind, status, message, text, seconds in cases:
        case = ElementTree.SubElement(suite, "testcase", name=_xml(name), classname=_xml(student.name), time=seconds)
        if kind:
            ElementTree.SubElement(case, kind, type=status, message=_xml(message)).text = _xml(text)


def _cases(student: Student) -> list[tuple[str, str, str, str, str, str]]:
    """Return name, kind of fault, status, message, text and seconds of each case."""
    found = []
    verdicts = [(m.function, m.status, m.report, m.absence) for m in student.marks if m.function]
    verdicts += [(file, f.status, f, "") for file, f in student.faults]
    for name, status, report, absence in verdicts:
        if report is None:
            found.append((name, "failure", status, absence, "It is asked for, and no file that was read has it.", "0"))
            continue
        kind = {"passed": "", "failed": "failure"}.get(status, "error")
        d = report.diagnosis
        message = f"{d.code}: {d.title}" if d else ""
        found.append((name, kind, status, message, "\n".join(report.lines()), f"{report.seconds:.2f}"))
    found += [(file, "error", "error", error, error, "0") for file, error in student.errors]
    return found


def _xml(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(
        c if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "�" for c in text
    )
