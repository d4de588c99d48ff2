"""How is a file written so that it appears whole or not at all, whatever happens meanwhile?

Content goes to a neighbour with another name, is pushed to the disk, and then takes the name in one step: a reader, or
a `kill -9`, meets the old file or the new one and nothing between.
"""

import os
import sys
import tempfile
from pathlib import Path

from convolab.errors import OutputError


def write_whole(path: Path, content: bytes | str) -> Path:
    """Write a file whole, replacing an older one; an OutputError leaves the older one as it was."""
    content = content.encode() if isinstance(content, str) else content
    partial = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        partial = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    except OSError as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        raise cannot_write(path, error) from error
    return path


def append(path: Path, text: str) -> None:
    """Add lines to a file."""
    try:
        with path.open("a") as file:
            file.write(text)
    except OSError as error:
        raise cannot_write(path, error) from error


def make_folder(path: Path) -> Path:
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
