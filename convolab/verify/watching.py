"""A file is judged again whenever it is saved: one function of the exercise after the other, each until it is right."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from convolab.errors import InputError
from convolab.verify.exercise1.verdicts import PARTS
from convolab.verify.exercise1.watched import has_a_network
from convolab.verify.judge import FILE, check
from convolab.verify.signatures import line_of
from convolab.verify.sobel.judge import SOBELS
from convolab.verify.starting import keep_idle
from convolab.verify.targets import TARGETS
from convolab.verify.verdict import FunctionReport

LOOKS = 0.1  # seconds between two looks at the file
SETTLED = 0.05  # seconds in which a file that is being written does not change any more
PLANES = [name for name, target in TARGETS.items() if target.plane]
SHEET = {name: name for name in (*PLANES[:2], *SOBELS, *PLANES[2:])}
"""The functions of the lab sheet, in its order."""


def saves(path: Path) -> Iterator[None]:
    """Yield at once, and then after every save, also by an editor that puts a new file in the old one's place."""
    if not path.is_file():
        raise InputError(f"check: {path} is not a file. Expected a Python file or a notebook to watch.")
    seen: tuple[int, ...] | None = None
    while True:
        now = _identity(path)
        if now is not None and now != seen:
            time.sleep(SETTLED)
            if now == _identity(path):
                seen = now
                yield
            continue
        time.sleep(LOOKS)


def _identity(path: Path) -> tuple[int, ...] | None:
    """Return what changes whenever a file is saved; None while there is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - few words
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


@dataclass
class WatchedExercise:
    """Functions in the order in which they are written.

    Attributes
    ----------
    path : Path
    functions : dict of {name: what it is judged as}
        `SHEET`, for those of the lab sheet.
    settings : dict
        What `check` takes.
    """

    path: Path
    functions: dict[str, str]
    settings: dict[str, Any] = field(default_factory=dict)
    done: int = 0

    def __post_init__(self) -> None:
        keep_idle()  # Python and its libraries stay loaded from one save to the next

    def judged(self) -> Iterator[FunctionReport | str]:
        """Yield the verdicts of one save: each that is right, and the first that is not, or a line in its place."""
        functions = self._asked()
        if self.done >= len(functions):
            self.done = 0  # what was right may have been changed
        networks: list[FunctionReport] | None = None
        for name, target in list(functions.items())[self.done :]:
            if target in PARTS:  # one run of the file tells all of them
                networks = networks or self._judged(None)
            reports = networks if target in PARTS else self._judged({name: target})
            verdict = next((f for f in reports or [] if f.name in (name, FILE)), None)
            if verdict is None:
                yield f"– {line_of(name, target)}: not there yet"
                return
            yield verdict
            if verdict.status != "passed":
                return
            self.done += 1
        yield f"Everything is right: {', '.join(functions)}."

    def _judged(self, judged_as: dict[str, str] | None) -> list[FunctionReport]:
        """Return the verdicts on some functions, or on everything that the file has."""
        return check(self.path, judged_as=judged_as, **self.settings).functions

    def _asked(self) -> dict[str, str]:
        """Return what is judged of the file as it is now: its network, if there is one, and what is begun."""
        if self.functions != SHEET or not has_a_network(self.path):
            return self.functions
        source = self.path.read_bytes()
        begun = any(f"def {name}".encode() in source for name in SHEET)
        return {**{p: p for p in PARTS}, **(SHEET if begun else {})}
