"""Whose is a file? Names as Moodle and Canvas give hand-ins out, and plain folders.

Source
------
Moodle: mod/assign/feedback/file/importziplib.php, which takes such names back. Canvas: lib/content_zipper.rb.
"""

import re
from collections import Counter
from pathlib import PurePath
from typing import NamedTuple

MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
CANVAS = re.compile(r"(?P<name>.+?)_(?P<late>LATE_)?(?P<number>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
RESUBMITTED = re.compile(r"-\d+(?=\.\w+$)")  # Canvas numbers the files of a second try


class Owner(NamedTuple):
    """Whose a file is, and what it is called within that student's hand-in.

    Attributes
    ----------
    system : {"moodle", "canvas", ""}
    name : str
    number : str
        The participant's number in Moodle, the user's in Canvas; empty in a plain folder.
    prefix : str
        What the system's own name has before the file's: feedback that begins so finds its way back.
    file : str
        The path within the hand-in.
    late : bool
    flat : bool
        Whether files of several students lie beside each other in one folder.
    """

    system: str
    name: str
    number: str
    prefix: str
    file: str
    late: bool = False
    flat: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What the files of one student have in common."""
        return (self.system, self.number) if self.number else (self.system, self.prefix)


def owners(paths: list[PurePath]) -> list[Owner]:
    """Return the owner of each file, by its path in the folder that was handed out.

    >>> owners([PurePath("Ada Lovelace_12_assignsubmission_file_/a.py")])[0][:5]
    ('moodle', 'Ada Lovelace', '12', 'Ada Lovelace_12_assignsubmission_file_/', 'a.py')
    >>> owners([PurePath("lovelaceada_LATE_12345_67890_a-1.py")])[0][:5]
    ('canvas', 'lovelaceada', '12345', 'lovelaceada_LATE_12345_67890_', 'a.py')
    """
    canvas = sum(CANVAS.fullmatch(p.name) is not None and len(p.parts) == 1 for p in paths)
    as_canvas = canvas and 2 * canvas >= len(paths)  # a stray lab_1_2_a.py is nobody's number 1
    found = [_of_moodle(p) or (as_canvas and _of_canvas(p)) or _plain(p) for p in paths]
    return _with_endings(found)


def _of_moodle(path: PurePath) -> Owner | None:
    """Return the owner in a folder for each student, or in the name of the file itself."""
    for n, part in enumerate(path.parts):
        found = MOODLE.fullmatch(part)
        if found is None:
            continue
        inner, before = path.parts[n + 1 :], "/".join(path.parts[: n + 1])
        if inner:
            return Owner("moodle", found["name"], found["number"], f"{before}/", "/".join(inner))
        file = found["file"] or part
        return Owner("moodle", found["name"], found["number"], part.removesuffix(file), file, flat=True)
    return None


def _of_canvas(path: PurePath) -> Owner | None:
    found = CANVAS.fullmatch(path.name)
    if found is None:
        return None
    prefix, file = path.name.removesuffix(found["file"]), RESUBMITTED.sub("", found["file"])
    return Owner("canvas", found["name"], found["number"], prefix, file, late=bool(found["late"]), flat=True)


def _plain(path: PurePath) -> Owner:
    """Return the first part of the path: a folder, or a file of a student's own."""
    first, *inner = path.parts
    if inner:
        return Owner("", first, "", f"{first}/", "/".join(inner))
    return Owner("", PurePath(first).stem, "", first, first)


def _with_endings(found: list[Owner]) -> list[Owner]:
    """Return the owners, with a file's ending where two plain ones would have the same name."""
    names = Counter(name for _, name in {(o.key, o.name) for o in found if not o.system})
    return [o._replace(name=o.prefix.rstrip("/")) if not o.system and names[o.name] > 1 else o for o in found]
