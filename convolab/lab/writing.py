"""How does an editor in the page live? Its text is saved at every key, and judged when it has come to rest.

A function is judged in a thread: meanwhile keys go on being saved, and a new text ends the attempt at the old one. What
judges is loaded when the page stands, and not before.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from convolab.errors import ConvolabError, MissingDependencyError
from convolab.lab.exercises import Task, beginning
from convolab.lab.hand_in import StudentFile, sections
from convolab.lab.outcome import Outcome
from convolab.lab.progress import StudentProgress, fingerprint
from convolab.views.modules import script, style

if TYPE_CHECKING:
    from convolab.lab.trying import Attempt

when_shown: Callable[[], None] | None = None  # what a server does, in a thread, when a page shows an editor


def judging() -> Any:
    """Return the module that judges. Every thread begins to load at it: from two ends, they would meet halves."""
    from convolab.lab import trying

    return trying


class Editor:
    """One function's editor: what is typed goes to the file, and what is found goes to the page.

    Parameters
    ----------
    task : Task
    hand_in : StudentFile
    progress : StudentProgress
    told : callable
        It is called with the task's name and its status at every change.
    """

    def __init__(self, task: Task, hand_in: StudentFile, progress: StudentProgress, told: Any):
        self.task, self.hand_in, self.progress, self._told = task, hand_in, progress, told
        self.stub = sections(beginning(hand_in.exercise.number), [task.name])[task.name]
        self._attempt: Attempt | None = None
        self._lock = threading.Lock()
        self._hints: list[str] = []
        self.widget = _widget_class()(
            name=task.name,
            title=task.title,
            file=hand_in.path.name,
            place=str(hand_in.path),
            text=self._first_text(),
            stub=self.stub,
            verdict=self._remembered(),
        )
        self.widget.observe(self._typed, names="serial")
        self.widget.observe(self._opened, names="opened")
        self.widget.observe(self._asked, names="asked")
        self.widget.observe(self._hinted, names="wanted")

    def _first_text(self) -> str:
        """Return what stands in the file; what is still as it was given is replaced by what is given now."""
        text = self.hand_in.section(self.task.name)
        if text.strip() != self.stub.strip() and fingerprint(text) == self.progress.of(self.task.name)["given"]:
            text = self.stub
        self._remember(given=fingerprint(self.stub))
        return text

    def _remembered(self) -> dict[str, Any]:
        """Return the verdict on this very text that an earlier session came to; of any other text none."""
        known = self.progress.of(self.task.name)
        if known["status"] == "passed" and known["text"] == fingerprint(self.hand_in.section(self.task.name)):
            said = "An earlier check found so; another shows what it reads."
            return asdict(Outcome("passed", "It is right", said)) | {"of": 0}
        return {}

    def _remember(self, **values: Any) -> None:
        try:
            self.progress.change(self.task.name, **values)
        except ConvolabError as error:  # a full disk: what stands in the editor counts, not this
            self.widget_note(str(error))

    def widget_note(self, text: str) -> None:
        """Say something under the editor; before there is one nothing is said."""
        widget = getattr(self, "widget", None)
        if widget is not None:
            widget.saved = dict(widget.saved) | {"note": text}

    def _typed(self, change: dict[str, Any]) -> None:
        """Save a text; where that fails, the page says so, and keeps the text."""
        text, said = self.widget.text, {"of": change["new"], "error": "", "note": "", "at": ""}
        try:
            said["note"] = self.hand_in.save(self.task.name, text)
            said["at"] = time.strftime("%H:%M:%S")
        except ConvolabError as error:
            said["error"] = str(error)
        self.widget.saved = said

    def _opened(self, change: dict[str, Any]) -> None:
        """Read the file anew for a page that shows the editor: another page may have written it meanwhile."""
        with suppress(ConvolabError):  # what cannot be read now is said at the first key
            self.widget.text = self._first_text()
        if when_shown is not None:
            threading.Thread(target=when_shown, daemon=True).start()

    def _asked(self, change: dict[str, Any]) -> None:
        """Judge the text that stands in the editor now."""
        with self._lock:
            if self._attempt is not None:
                self._attempt.give_up()
            try:
                found = self.hand_in.read()
            except ConvolabError as error:
                self.widget.verdict = asdict(Outcome("error", "The file cannot be read", str(error))) | {
                    "of": change["new"]
                }
                return
            texts = found | {self.task.name: self.widget.text}
            attempt = self._attempt = judging().Attempt(self.task, texts, self.stub)
        threading.Thread(target=self._judge, args=(attempt, change["new"]), daemon=True).start()

    def _judge(self, attempt: "Attempt", number: int) -> None:
        try:
            outcome = attempt.run()
        except Exception as error:  # the page must not wait for ever
            outcome = Outcome("error", "The lab itself failed", f"{type(error).__name__}: {error}")
        if attempt.unwanted:
            return
        self._show(outcome, number)
        if outcome.passed and attempt.is_shown:
            try:
                outcome.figures = attempt.figures()
            except (judging().Ended, judging().TooLate) as stop:
                why = str(stop) or "it takes too long for a picture"
                outcome.figures = [{"title": f"On the photograph there was no answer: {why}.", "image": ""}]
            if not attempt.unwanted:
                self._show(outcome, number, counts=False)

    def _show(self, outcome: Outcome, number: int, *, counts: bool = True) -> None:
        text = self.widget.text
        self._hints = outcome.hints
        found = asdict(outcome)
        found["left"] = len(found.pop("hints"))
        found["pending"] = bool(outcome.passed and self.task.name in judging().SHOWN and counts)
        if counts and outcome.status != "new":
            checks = self.progress.of(self.task.name)["checks"] + 1
            self._remember(status=outcome.status, code=outcome.code, text=fingerprint(text), checks=checks)
        self.widget.hints = []
        self.widget.verdict = found | {"of": number}
        self._told(self.task.name, outcome.status)

    def _hinted(self, change: dict[str, Any]) -> None:
        """Show one more hint."""
        shown = len(self.widget.hints)
        if change["new"] and shown < len(self._hints):
            self.widget.hints = self._hints[: shown + 1]
            self._remember(hints=self.progress.of(self.task.name)["hints"] + 1)


@cache
def _widget_class() -> Any:
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise MissingDependencyError("anywidget", "lab", "the lab") from error

    class EditorWidget(anywidget.AnyWidget):  # type: ignore[misc]
        """The page's side of an editor."""

        _esm = script("editor")
        _css = style()
        name = traitlets.Unicode().tag(sync=True)
        title = traitlets.Unicode().tag(sync=True)
        file = traitlets.Unicode().tag(sync=True)
        place = traitlets.Unicode().tag(sync=True)
        stub = traitlets.Unicode().tag(sync=True)
        text = traitlets.Unicode().tag(sync=True)
        serial = traitlets.Int().tag(sync=True)  # counts the texts that the page has sent
        opened = traitlets.Int().tag(sync=True)  # counts the pages that show it
        asked = traitlets.Int().tag(sync=True)  # counts the verdicts that it has asked for
        wanted = traitlets.Int().tag(sync=True)  # counts the hints
        saved = traitlets.Dict().tag(sync=True)
        verdict = traitlets.Dict().tag(sync=True)
        hints: Any = traitlets.List().tag(sync=True)

    return EditorWidget


@cache
def overview_class() -> Any:
    """Return the class of the line that says how far one is."""
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise MissingDependencyError("anywidget", "lab", "the lab") from error

    class Overview(anywidget.AnyWidget):  # type: ignore[misc]
        """Which functions are right, and which are not yet."""

        _esm = script("overview")
        _css = style()
        tasks: Any = traitlets.List().tag(sync=True)
        place = traitlets.Unicode().tag(sync=True)

    return Overview
