"""Is somebody else at work in this run's folder? A lock says so, and dies with its process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convolab.errors import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder of a run for a while, without a file in it.

    Raises
    ------
    InputError
        Another process holds it.
    """
    lock = _locked(folder)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """An open folder that nobody else has locked; None where the system, or its file system, has no such locks."""
    if fcntl is None:
        return None
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise InputError(f"{folder}: another process is training this run. Wait for it, or stop it first") from error
    except OSError:
        os.close(lock)
        return None
    return lock
