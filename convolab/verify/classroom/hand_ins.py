"""What was handed in: the files of each student, out of a folder or a zip as Moodle and Canvas give it out."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from convolab.errors import InputError
from convolab.verify.classroom.owners import Owner, owners
from convolab.verify.classroom.unpack import Room, unpack
from convolab.verify.printable import printable

SUFFIXES = (".py", ".ipynb")
DEEPEST = 3  # zips within zips
MOST_FILES, MOST_BYTES = 2000, 100 << 20  # that the zips of one student may unpack to
PREFIX = "convolab-class-"
LINK = "a link that leads out of the folder, or to another hand-in, which is not followed. Expected the file itself"


@dataclass(frozen=True)
class HandedFile:
    """One file that is judged.

    Attributes
    ----------
    path : Path
    name : str
        What it is called in the reports.
    alone : bool
        Whether it may read only itself, as others' files lie beside it.
    problem : str
        Why it is not judged, or empty.
    """

    path: Path
    name: str
    alone: bool = False
    problem: str = ""


@dataclass
class HandIn:
    """What one student handed in.

    Attributes
    ----------
    owner : Owner
        Of the first file; its name, its number and where feedback belongs.
    student : str
        The name as it is shown, unlike every other one's.
    files : list of HandedFile
    notes : list of str
        What was left out, and why.
    """

    owner: Owner
    student: str = ""
    files: list[HandedFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@contextmanager
def handed_in(path: Path) -> Iterator[list[HandIn]]:
    """Open a folder or a zip of hand-ins; what is unpacked is removed at the end.

    Raises
    ------
    InputError
        If there is nothing to judge, or the archive cannot be unpacked.
    """
    with _Private() as work:
        root = path
        if not path.is_dir():
            root = work.folder("all")
            _unpack_all(path, root)
            root = _without_wrapping(root)
        found = _Sorter(root, work).hand_ins()
        if not found:
            raise InputError(f"check: {path} has no Python files and no notebooks.")
        yield found


class _Private:
    """A folder for what is unpacked or copied, made when it is needed and removed at the end."""

    def __init__(self) -> None:
        self._made: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> "_Private":
        return self

    def __exit__(self, *_: object) -> None:
        if self._made is not None:
            self._made.cleanup()

    def folder(self, *names: str) -> Path:
        """Return a folder in it."""
        self._made = self._made or tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        found = Path(self._made.name, *names)
        found.mkdir(parents=True, exist_ok=True)
        return found


def _unpack_all(path: Path, root: Path) -> None:
    try:
        unpack(path, root, Room())
    except InputError as error:
        raise InputError(f"check: {path}: {error}.") from error


def _without_wrapping(root: Path) -> Path:
    """Return the folder that holds the hand-ins, where an archive has one folder around all of them."""
    while True:
        inside = [p for p in root.iterdir() if not _is_hidden(p.name)]
        if len(inside) != 1 or not inside[0].is_dir() or owners([PurePath(inside[0].name)])[0].system:
            return root
        root = inside[0]


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__"))


class _Sorter:
    """Sorts the files of a folder by student."""

    def __init__(self, root: Path, work: _Private) -> None:
        self._root, self._work = root, work
        self._found: dict[tuple[str, ...], HandIn] = {}
        self._rooms: dict[tuple[str, ...], Room] = {}

    def hand_ins(self) -> list[HandIn]:
        paths = [p for p in sorted(self._root.rglob("*")) if self._counts(p)]
        for path, owner in zip(paths, owners([p.relative_to(self._root) for p in paths]), strict=True):
            if not owner.system and "/" not in owner.prefix and not self._is_judged(path):
                continue  # a stray file in the folder of a class
            hand_in = self._found.setdefault(owner.key, HandIn(owner))
            self._add(hand_in, path, owner)
        # In a plain folder one without anything to judge may be whatever else lies there.
        found = [h for h in self._found.values() if h.files or h.owner.system]
        counts = Counter(h.owner.name for h in found)
        for hand_in in found:
            name, number = hand_in.owner.name, hand_in.owner.number
            hand_in.student = printable(f"{name} ({number})" if counts[name] > 1 and number else name)
        return sorted(found, key=lambda h: (h.student.casefold(), h.owner.number))

    def _counts(self, path: Path) -> bool:
        """Whether it is a file, or a link to a folder elsewhere, that a line says is not followed."""
        if any(map(_is_hidden, path.relative_to(self._root).parts)):
            return False
        return path.is_file() or (path.is_symlink() and path.is_dir() and leads_out(path, self._root))

    @staticmethod
    def _is_judged(path: Path) -> bool:
        return path.suffix.lower() in (*SUFFIXES, ".zip") or path.is_dir()

    def _add(self, hand_in: HandIn, path: Path, owner: Owner) -> None:
        """Add one file as it is, or unpacked, or as a note."""
        name = printable(path.relative_to(self._root))
        if leads_out(path, self._root):
            hand_in.files.append(HandedFile(path, name, problem=LINK))
        elif path.suffix.lower() == ".zip":
            self._add_archive(hand_in, path, name)
        elif path.suffix.lower() not in SUFFIXES:
            hand_in.notes.append(f"{printable(owner.file)} is no Python file and no notebook")
        elif owner.flat:
            hand_in.files.append(HandedFile(self._copied(hand_in, path, owner.file), name))
        else:
            hand_in.files.append(HandedFile(path, name, alone=path.parent == self._root))

    def _own_folder(self, hand_in: HandIn, name: str = "flat") -> Path:
        """Return a folder of one student's own."""
        return self._work.folder("students", str(list(self._found).index(hand_in.owner.key)), name)

    def _copied(self, hand_in: HandIn, path: Path, file: str) -> Path:
        """Return a copy under the name that the student gave it, in a folder of that student alone."""
        folder = self._own_folder(hand_in)
        target = folder / PurePath(file).name
        target = target if not target.exists() else folder / path.name
        shutil.copyfile(path, target)
        return target

    def _add_archive(self, hand_in: HandIn, path: Path, name: str, depth: int = 1) -> None:
        """Add the files of an archive that a student handed in; one that is refused costs its student alone."""
        folder = self._own_folder(hand_in, f"zip-{len(hand_in.files) + len(hand_in.notes)}-{depth}")
        try:
            unpack(path, folder, self._rooms.setdefault(hand_in.owner.key, Room(MOST_FILES, MOST_BYTES)))
        except InputError as error:
            hand_in.files.append(HandedFile(path, name, problem=str(error)))
            return
        for inner in sorted(p for p in folder.rglob("*") if p.is_file()):
            parts = inner.relative_to(folder)
            shown = f"{name}{os.sep}{printable(parts)}"
            if any(map(_is_hidden, parts.parts)):
                continue
            if inner.suffix.lower() == ".zip" and depth < DEEPEST:
                self._add_archive(hand_in, inner, shown, depth + 1)
            elif inner.suffix.lower() in SUFFIXES:
                hand_in.files.append(HandedFile(inner, shown))
            else:
                hand_in.notes.append(f"{shown} is no Python file and no notebook")


def leads_out(path: Path, folder: Path) -> bool:
    """Return whether a hand-in is a link, or lies behind one, to anything but what its own student handed in.

    In a flat folder that is the file itself; else everything in the sub-folder that it lies in.
    """
    first = path.relative_to(folder).parts[0]
    return not path.resolve().is_relative_to(folder.resolve() / first)
