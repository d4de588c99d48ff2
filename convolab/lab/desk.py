"""What does a notebook of the lab show? One exercise's editors, how far one is, and questions with folded answers."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from convolab.errors import ArgumentError, ConvolabError
from convolab.lab.exercises import EXERCISES
from convolab.lab.hand_in import StudentFile
from convolab.lab.progress import StudentProgress, fingerprint
from convolab.lab.writing import Editor, overview_class

FOLDER = "CONVOLAB_LAB"  # where the hand-ins lie; the present folder if it is not set


class Lab:
    """One exercise as one person works on it.

    Parameters
    ----------
    number : int
        Of the exercise.
    folder : path, optional
        Where the file that is handed in lies, or is made.
    """

    def __init__(self, number: int, folder: str | Path | None = None):
        if number not in EXERCISES:
            raise ArgumentError(
                f"lab: there is no exercise {number}. Expected one of {', '.join(map(str, EXERCISES))}."
            )
        self.exercise = EXERCISES[number]
        self.hand_in = StudentFile(self.exercise, Path(folder or os.environ.get(FOLDER) or "."))
        self.progress = StudentProgress(self.exercise, self.hand_in.path)
        self._editors: dict[str, Editor] = {}
        self._overview: Any = None

    def task(self, name: str) -> Any:
        """Return the editor of a function, as a widget."""
        task = self.exercise.task(name)
        if name not in self._editors:
            self._editors[name] = Editor(task, self.hand_in, self.progress, self._told)
        return self._editors[name].widget

    def overview(self) -> Any:
        """Return the line that says how far one is, as a widget."""
        if self._overview is None:
            found = self.hand_in.read()
            tasks = []
            for task in self.exercise.tasks:
                known = self.progress.of(task.name)
                current = known["text"] == fingerprint(found[task.name])
                tasks.append({"name": task.name, "title": task.title, "status": known["status"] if current else ""})
            self._overview = overview_class()(tasks=tasks, place=str(self.hand_in.path))
        return self._overview

    def _told(self, name: str, status: str) -> None:
        if self._overview is not None:
            tasks = self._overview.tasks
            self._overview.tasks = [t | {"status": status} if t["name"] == name else t for t in tasks]


def begin(number: int) -> Lab:
    """Return an exercise whose file exists; where the disk takes none, the page says so at the first key."""
    lab = Lab(number)
    with suppress(ConvolabError, OSError):
        lab.hand_in.make()
    return lab


def question(text: str, answer: str) -> Any:
    """Return a question with its answer folded, in marimo's Markdown."""
    import marimo

    return marimo.accordion({f"{text}": marimo.md(answer)})
