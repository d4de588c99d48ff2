"""How is a function of an ordinary notebook judged as the lab judges it? `judged(function)`, in a contained process."""

import html
import inspect
from collections.abc import Callable
from typing import Any

from convolab.errors import ArgumentError
from convolab.lab.exercises import EXERCISES, Task, beginning
from convolab.lab.hand_in import sections
from convolab.lab.outcome import Outcome
from convolab.lab.trying import Attempt
from convolab.verify.contained import Ended, TooLate
from convolab.views.apart import program_of

COLOURS = {"new": "#7a8292", "passed": "#1a7f4b", "failed": "#c0392b", "error": "#c0392b", "timeout": "#c0392b"}


class Judged:
    """A verdict that shows itself in a notebook: the hints are folded into each other, one after the other."""

    def __init__(self, task: Task, outcome: Outcome):
        self.task, self.outcome = task, outcome

    @property
    def passed(self) -> bool:
        """Whether the function is right."""
        return self.outcome.passed

    def read_map(self) -> Any:
        """Return the map of what the function reads, as a widget; None where there is none."""
        from convolab.views.live import widget

        return widget("reads", **self.outcome.reads) if self.outcome.reads else None

    def __repr__(self) -> str:
        found = self.outcome
        return "\n".join(filter(None, [f"{self.task.name}: {found.title}. {found.message}".strip(), *found.example]))

    def _repr_html_(self) -> str:
        found, colour = self.outcome, COLOURS[self.outcome.status]
        lines = [f"<p><b>{html.escape(found.title)}.</b> {html.escape(found.message)}</p>"]
        lines += [f"<pre>{html.escape(chr(10).join(found.example))}</pre>"] if found.example else []
        lines += [_folded(found.hints)]
        lines += [_figure(**figure) for figure in found.figures]
        return f"<div style='border-left:5px solid {colour};padding-left:12px'>{''.join(lines)}</div>"


def _folded(hints: list[str]) -> str:
    if not hints:
        return ""
    return f"<details><summary>A hint</summary><p>{html.escape(hints[0])}</p>{_folded(hints[1:])}</details>"


def _figure(title: str, image: str) -> str:
    picture = f"<img src='{image}' alt='{html.escape(title)}' style='width:230px'><br>" if image else ""
    return f"<figure style='display:inline-block;margin:8px'>{picture}{html.escape(title)}</figure>"


def _source(function: Callable[..., Any]) -> str:
    """Return the text of a function, where it is known."""
    try:
        return inspect.getsource(function).strip()
    except (OSError, TypeError):
        return ""


def judged(function: Callable[..., Any]) -> Judged:
    """Judge a function that an exercise asks for, by its name, with what it uses of the notebook."""
    name = getattr(function, "__name__", "")
    number, task = next(((n, t) for n, e in EXERCISES.items() for t in e.tasks if t.name == name), (0, None))
    if task is None:
        known = ", ".join(n for e in EXERCISES.values() for n in e.names)
        raise ArgumentError(f"judged: no exercise asks for {name!r}. Expected one of {known}.")
    if _source(function) == sections(beginning(number), [name])[name].strip():
        return Judged(task, Outcome("new", "Nothing is written yet", "Write the function in the cell above."))
    with program_of(function) as (path, _):
        attempt = Attempt(task, {"": path.read_text(encoding="utf-8"), name: ""}, stub="pass")
    outcome = attempt.run()
    if outcome.passed:
        try:
            outcome.figures = attempt.figures()
        except (Ended, TooLate) as stop:
            outcome.message += f" On the photograph there was no answer: {stop or 'it takes too long'}."
    return Judged(task, outcome)
