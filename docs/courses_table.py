"""The table of courses in docs/check.md, from what the checker knows of them."""

import re

from convolab.verify.courses import COURSES, Course, CourseFunction, CoursePart
from convolab.verify.layouts import Layout

BEGIN, END = "<!-- courses -->", "<!-- end of courses -->"
HEAD = "| course | function | layout | convention | domain |\n| --- | --- | --- | --- | --- |"


def in_check_page(text: str) -> str:
    """The page on `check` with its table of courses written anew."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


def table() -> str:
    """One row for each function of each course."""
    return "\n".join([HEAD, *(row for course in COURSES.values() for row in _rows(course))])


def _rows(course: Course) -> list[str]:
    cells = [f"`{course.name}`: {course.title}", *[""] * (len(course.functions) - 1)]
    return [f"| {cell} | {_function(f)} |" for cell, f in zip(cells, course.functions, strict=True)]


def _function(function: CourseFunction) -> str:
    names = _names(function.name.replace("\\d", "N"))
    shown = " ".join(f"`{name}`" for name in names) + f" of ({', '.join(function.parameters.split())})"
    parts = function.parts
    labels = ", ".join(p.label for p in parts if p.label)
    if labels:
        shown += f": {labels}"
    named = names[0].endswith("_zp")
    conventions = "size, stride and dilation by the name, zeros" if named else _each(parts, _conventions)
    return f"{shown} | {_each(parts, _layouts)} | {conventions} | {_each(parts, lambda p: p.domain.words or 'any')}"


def _names(pattern: str) -> list[str]:
    """The names that a regular expression of the table has: groups, characters, and what may be missing."""
    found = re.search(r"\(([^)]*)\)(\??)|\[(\w+)\]|(\w)(\?)", pattern)
    if found is None:
        return pattern.split("|")
    some = found[1].split("|") if found[1] else list(found[3] or found[4])
    some = ["", *some] if found[2] or found[5] else some
    return [name for one in some for name in _names(pattern[: found.start()] + one + pattern[found.end() :])]


def _each(parts: tuple[CoursePart, ...], say) -> str:
    """What is said of the parts, each text once."""
    return "; ".join(dict.fromkeys(say(p) for p in parts))


def _layouts(part: CoursePart) -> str:
    return " or ".join(_layout(layout) for layout in part.layouts)


def _layout(layout: Layout) -> str:
    return f"{layout.input} ∗ {layout.weight} → {layout.grad_output or 'a number'}"


def _conventions(part: CoursePart) -> str:
    return " or ".join(map(str, part.conventions))
