"""Where does stand what a student writes? In one file, `exercise2.py`, whose sections are the editors of the page.

A section begins with a line `# %% name`. What another editor changed in the file meanwhile, and sections that the
notebook does not know, stay as they are. The file is written whole or not at all.
"""

import os
import re
import threading
from pathlib import Path

from convolab.errors import InputError
from convolab.files import write_whole
from convolab.lab.exercises import MARK, Exercise, beginning

LARGEST = 1 << 20  # characters of a file that are read
BEFORE = "before.py"  # ends the name of a copy of what somebody else wrote into a section meanwhile


class StudentFile:
    """One student's file of one exercise.

    Parameters
    ----------
    exercise : Exercise
    folder : Path
        Where it lies, or is made.
    """

    def __init__(self, exercise: Exercise, folder: Path):
        self.exercise, self.path = exercise, Path(folder) / exercise.file
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        check_owner(self.path)

    def read(self) -> dict[str, str]:
        """Return the sections by name, in order; of a file that is missing those that a student begins with."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            text = ""
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{self.path}: cannot be read ({error}). Expected a Python file in UTF-8") from None
        if len(text) > LARGEST:
            raise InputError(f"{self.path}: is larger than a hand-in ({len(text)} characters)")
        found = sections(text, self.exercise.names)
        first = sections(beginning(self.exercise.number), self.exercise.names)
        for name, stub in first.items():
            found.setdefault(name, stub)
        return _in_order(found, list(first))

    def section(self, name: str) -> str:
        """Return what stands in one section, and remember it as known to the page."""
        with self._lock:
            self._known[name] = self.read()[name]
            return self._known[name]

    def save(self, name: str, text: str) -> str:
        """Write one section and leave the others as they are; a note where somebody else has changed it meanwhile.

        Raises
        ------
        OutputError
            Where the file cannot be written: a full disk, a folder that may not be written.
        """
        with self._lock:
            found = self.read()
            note = ""
            if found[name] not in (text, self._known.get(name, found[name])):
                copy = write_whole(self.path.with_suffix(f".{BEFORE}"), joined(found))
                note = f"it was changed elsewhere meanwhile; that version is kept in {copy.name}"
            found[name] = text
            self._write(joined(found))
            self._known[name] = text
            return note

    def make(self) -> None:
        """Make the file where it is missing, for its owner alone."""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._write(joined(self.read()))

    def _write(self, text: str) -> None:
        """Write the file with the rights that it has; a new one is its owner's alone."""
        rights = self.path.stat().st_mode & 0o777 if self.path.exists() else 0o600
        write_whole(self.path, text).chmod(rights)


def check_owner(path: Path) -> None:
    """Refuse a file that belongs to somebody else, and a folder that is a file."""
    if path.parent.exists() and not path.parent.is_dir():
        raise InputError(f"--folder: {path.parent} is a file. Expected a folder")
    if hasattr(os, "getuid") and path.exists() and path.stat().st_uid != os.getuid():
        raise InputError(f"--folder: {path} belongs to somebody else. Give a folder of your own")


def sections(text: str, names: list[str]) -> dict[str, str]:
    """Return the sections of a file by name; what stands before the first has the name "".

    In a file without marks the functions of those names are found by their `def`.
    """
    if not MARK.search(text):
        return _by_definition(text, names)
    first, *rest = MARK.split(text)
    found = {"": first} if first.strip() else {}
    for name, part in zip(rest[::2], rest[1::2], strict=True):
        part = part.removeprefix("\n").rstrip() + "\n"
        found[name] = f"{found[name]}\n{part}" if name in found else part
    return found


def _by_definition(text: str, names: list[str]) -> dict[str, str]:
    """Return sections of a file that has no marks, so that a function written elsewhere is taken over."""
    found: dict[str, list[str]] = {"": []}
    current = ""
    for line in text.splitlines(keepends=True):
        starts = re.match(r"def (\w+)", line)
        if starts and starts[1] in names:
            current = starts[1]
            found[current] = []
        elif current and re.match(r"[^\s#)\]}]", line):
            current = ""
        found[current].append(line)
    return {name: "".join(lines).rstrip() + "\n" for name, lines in found.items() if "".join(lines).strip()}


def joined(found: dict[str, str]) -> str:
    """Return the sections as the text of a file."""
    parts = [(f"# %% {name}\n" if name else "") + text.rstrip() + "\n" for name, text in found.items()]
    return "\n\n".join(parts)


def _in_order(found: dict[str, str], names: list[str]) -> dict[str, str]:
    """Return what the notebook does not know first, then its sections in its order."""
    others = [name for name in found if name not in names]
    return {name: found[name] for name in (*others, *names)}
