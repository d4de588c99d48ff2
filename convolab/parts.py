"""Under which name does a result lie until it is whole?

Under its writer's own: `NAME.part`, or `NAME.2.part` and so on where another writer lives. It takes the result's name
in one step, so that whoever ends last wins whole. A writer holds a lock on its part for as long as it lives; a part
that nobody holds was left by a killed process, and the next one that writes that name removes it.
"""

import atexit
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where a file that somebody has open cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

LOOKED_AT = 8  # parts of a name that are looked at even where there are gaps between them
_own: set["Part"] = set()


class Part:
    """A part that this process holds: a file, or a folder."""

    def __init__(self, path: Path, lock: int | None):
        self.path, self._lock = path, lock
        _own.add(self)

    def note(self, content: dict) -> None:
        """Write a note beside the part in one step, such as how much of it is complete."""
        self._beside(".new").write_text(json.dumps(content))
        self._beside(".new").replace(self._beside(".json"))

    def noted(self) -> dict:
        """The note that an earlier process wrote, or an empty dict."""
        try:
            return json.loads(self._beside(".json").read_text())
        except (OSError, ValueError):
            return {}

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def place(self, target: Path) -> None:
        """Give the part the name of the result, replacing an older one, and release it."""
        if self.path.is_dir():
            self._place_folder(target)
        else:
            self.path.replace(target)
        _delete(self._beside(".json"))
        self.release()

    def _place_folder(self, target: Path) -> None:
        """Rename a folder. It cannot take the name of another folder, so that the older one is renamed first."""
        aside = self._beside(".old")
        while True:
            if target.exists():
                _delete(aside)
                with suppress(FileNotFoundError):
                    target.replace(aside)
            try:
                self.path.replace(target)
                return _delete(aside)
            except OSError:
                if not target.exists():  # else another writer's result came between
                    raise

    def remove(self) -> None:
        """Delete the part and what lies beside it; nothing happens to a part that is placed or released."""
        if self in _own:
            for suffix in ("", ".json", ".new", ".old"):
                _delete(self._beside(suffix))
            self.release()

    def release(self) -> None:
        """Give up the lock, so that another process may take the part."""
        _own.discard(self)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def create(target: Path, *, folder: bool = False) -> Part:
    """Make a new, empty part for a result, and remove those that killed processes left."""
    for part in left(target):
        part.remove()
    for path in _names(target):
        try:
            path.mkdir() if folder else path.touch(exist_ok=False)
        except FileExistsError:
            continue
        if mine := take(path, new=True):
            return mine
    raise AssertionError  # names never end


def left(target: Path) -> Iterator[Part]:
    """Take and yield each part of a result that no living process holds."""
    for number, path in enumerate(_names(target)):
        if path.exists():
            part = take(path)
            if part is not None:
                yield part
        elif number >= LOOKED_AT:
            return


def take(path: Path, *, new: bool = False) -> Part | None:
    """Take the lock of a part that exists; None where another writer holds it, or has just removed it."""
    if fcntl is None:
        return Part(path, None) if path.exists() else None
    try:
        lock = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held = os.path.samestat(os.fstat(lock), path.stat())
    except (BlockingIOError, FileNotFoundError):
        held = False
    except OSError:  # a file system without locks: nobody can tell whether the writer of an older part lives
        held = new
    if held:
        return Part(path, lock)
    os.close(lock)
    return None


@atexit.register
def _remove_own() -> None:
    """Remove every part that this process holds, because it ends before the results are whole."""
    for part in list(_own):
        part.remove()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_own.clear)


def _names(target: Path) -> Iterator[Path]:
    yield target.with_name(f"{target.name}.part")
    for number in count(2):
        yield target.with_name(f"{target.name}.{number}.part")


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
