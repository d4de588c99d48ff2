"""A verdict in stages, for somebody who wants to find the mistake: where to look, its name, a picture, its line."""

from convolab.verify.diagnosis import Diagnosis
from convolab.verify.pictures import grid_text, grids
from convolab.verify.targets import first_element
from convolab.verify.verdict import MARKS, FunctionReport
from convolab.verify.words import smallest_lines

# Each stage says what those before it say, too.
STAGES = ("look", "name", "map", "change")
SAID = {"passed": "right", "failed": "not right yet", "error": "it gives no answer", "timeout": "it takes too long"}


def stage_lines(report: FunctionReport, stage: str = "look") -> list[str]:
    """Return a verdict as plain lines, up to a stage of `STAGES`."""
    judged = f" (as {report.target})" if report.target != report.name else ""
    head = f"{MARKS[report.status]} {report.name}{judged}: {SAID[report.status]}"
    d = report.diagnosis
    if d is None:
        return [head]
    lines = [head, f"  Hint: {where_to_look(report)}"]
    if stage != "look":
        lines += [f"  {d.title} ({d.code})", f"  {d.message}", *(f"  {line}" for line in d.explanation_lines())]
    if stage in ("map", "change"):
        lines += _shown(d, report.target)
        lines += ["", f"  {d.change.where}"] if d.change else []
    return [*lines, f"  {d.change.sentence}"] if stage == "change" and d.change else lines


def where_to_look(report: FunctionReport) -> str:
    """Return one sentence that says where to look, and not what is wrong there."""
    d = report.diagnosis
    assert d is not None
    if report.status != "failed" or d.title.startswith("It raises"):
        return d.message  # an exception, or no answer at all, is what everybody sees who calls it
    if d.hint:
        return d.hint
    if "shape" in d.evidence:
        return f"Which size must the result have for {d.evidence['first_failing']}, and which has it?"
    if "first_failing" in d.evidence:
        return f"Compute an element by hand for {d.evidence['first_failing']}, and compare."
    return "Compute one element by hand, and compare."


def next_stage(stage: str) -> str:
    """Return the line that says how to be told more; an empty text after the last stage."""
    more = {
        "look": "--student name says what it is",
        "name": "--student map shows it, with the smallest input",
        "map": "--student change says what to write instead, where one small change is enough",
    }
    return f"Still stuck? {more[stage]}." if stage in more else ""


def _shown(d: Diagnosis, target: str) -> list[str]:
    lines = smallest_lines(d.evidence.get("smallest"))
    for rows in grids(d.evidence, first_element(target)):
        lines += ["", *(f"  {line}" for line in grid_text(rows))]
    return lines
