"""How far is a student? A file beside the one that is handed in: `exercise2.progress.json`.

It says of each function how it was judged last, in which text, after how many checks and with how many hints. The lab
resumes from it, and `convolab check exercise2.py` tells it beside the verdict. It is no proof: anybody may write it.
"""

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

from convolab.files import write_whole
from convolab.lab.exercises import Exercise

FIELDS: dict[str, Any] = {"status": "", "code": "", "checks": 0, "hints": 0, "text": "", "given": ""}


def beside(path: Path) -> Path:
    """Return where the progress of a hand-in lies."""
    return path.with_suffix(".progress.json")


def fingerprint(text: str) -> str:
    """Return what tells one text of a section from another."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def read_progress(path: Path) -> dict[str, dict[str, Any]]:
    """Return the progress beside a hand-in, by function; empty where there is none that can be read."""
    try:
        tasks = json.loads(beside(path).read_text(encoding="utf-8"))["tasks"]
        return {str(name): _sound(entry) for name, entry in tasks.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _sound(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] if type(entry.get(name)) is type(rest) else rest for name, rest in FIELDS.items()}


class StudentProgress:
    """The progress of one hand-in, written at every change."""

    def __init__(self, exercise: Exercise, path: Path):
        self.exercise, self.path = exercise, path
        self._lock = threading.Lock()

    def of(self, name: str) -> dict[str, Any]:
        """Return what is known of one function."""
        return dict(FIELDS) | read_progress(self.path).get(name, {})

    def change(self, name: str, **values: Any) -> dict[str, Any]:
        """Change what is known of one function, and return it."""
        with self._lock:
            tasks = read_progress(self.path)
            tasks[name] = dict(FIELDS) | tasks.get(name, {}) | values
            text = json.dumps({"exercise": self.exercise.number, "tasks": tasks}, indent=1)
            write_whole(beside(self.path), text + "\n")
            return tasks[name]

    def add(self, name: str, **counts: int) -> dict[str, Any]:
        """Count one more check, or one more hint."""
        known = self.of(name)
        return self.change(name, **{key: known[key] + n for key, n in counts.items()})


def told(tasks: dict[str, dict[str, Any]]) -> list[str]:
    """Return a line for each function that was judged in the lab."""
    lines = []
    for name, entry in tasks.items():
        if entry["status"]:
            hints = f", {entry['hints']} hint{'s' * (entry['hints'] != 1)}" if entry["hints"] else ""
            checks = f"{entry['checks']} check{'s' * (entry['checks'] != 1)}"
            lines.append(f"{name}: {entry['status']} in the lab after {checks}{hints}")
    return lines
