"""How is a file written so that it appears whole or not at all, whatever happens meanwhile?

Content goes to a neighbour with a name of its own (`convolab.parts`), is pushed to the disk, and then takes the name
in one step: a reader, or a `kill -9`, meets the old file or the new one and nothing between.
"""

import os
import sys
from pathlib import Path

from convolab import parts
from convolab.errors import OutputError


def write_whole(path: Path, content: bytes | str) -> Path:
    """Write a file whole, replacing an older one; an OutputError leaves the older one as it was."""
    content = content.encode() if isinstance(content, str) else content
    part = None
    try:
        part = parts.create(path)
        with part.path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.place(path)
    except BaseException as error:
        if part is not None:
            part.remove()
        if isinstance(error, OSError):
            raise cannot_write(path, error) from error
        raise
    return path


def place(part: Path, path: Path) -> Path:
    """Give a file that is complete its name in one step, replacing an older one."""
    try:
        part.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def append(path: Path, text: str) -> None:
    """Add lines to the end of a file, which is made if it is missing."""
    try:
        with path.open("a") as file:
            file.write(text)
    except OSError as error:
        raise cannot_write(path, error) from error


def make_folder(path: Path) -> Path:
    """Make a folder and those above it, where they are missing, and return it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The one line for a full disk, a read-only folder, or whatever else the system refused."""
    return OutputError(f"{path}: cannot be written ({error.strerror or error}). Files saved before are intact")


def cache_folder() -> Path:
    """Where the system wants a user's caches, for convolab; it may not exist, or not be writable."""
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "convolab"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "convolab" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "convolab"
    return Path.home() / ".cache" / "convolab"
