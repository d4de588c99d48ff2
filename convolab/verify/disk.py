"""How much a contained process has written, names and room on the disk alike; also what no longer has a name."""

import contextlib
import os
import stat
from pathlib import Path

FOLDER_SIZE = 64 << 20
FILE_SIZE = 16 << 20
NAME_SIZE = 4096  # bytes that a name is counted as
DEEPEST = 64


def too_much(folder: str, process: int) -> str:
    """What it wrote that it may not, as a clause of a sentence; empty if nothing.

    Parameters
    ----------
    folder : str
        The only folder that it can write in.
    process : int
        Its number, by which files that are open and have been removed are found (Linux); 0 where it has none.
    """
    size, waiting = _unnamed(folder, process), [(folder, 0)]
    while waiting and size <= FOLDER_SIZE:
        path, depth = waiting.pop()
        if depth > DEEPEST:
            return f"it made folders more than {DEEPEST} deep"
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):
                        size += NAME_SIZE + room(entry.stat(follow_symlinks=False))
                    if size > FOLDER_SIZE:
                        break
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, depth + 1))
        except FileNotFoundError:
            continue
        except OSError as error:
            return f"it made a folder that cannot be read ({error.strerror})"
    return f"it wrote more than {FOLDER_SIZE >> 20} MB of files" if size > FOLDER_SIZE else ""


def room(status: os.stat_result) -> int:
    """Bytes of a file: those that it has, or those that are kept for it."""
    return max(status.st_size, 512 * getattr(status, "st_blocks", 0))


def _unnamed(folder: str, process: int) -> int:
    """Bytes of removed files that the process holds open; one that is only mapped counts as the largest allowed."""
    sizes: dict[int, int] = {}
    with contextlib.suppress(OSError):
        own, maps = os.fsencode(f"{folder}/"), Path(f"/proc/{process}/maps").read_bytes()
        for line in maps.splitlines() if own in maps else ():
            fields = line.split(maxsplit=5)
            if len(fields) == 6 and fields[5].startswith(own) and fields[5].endswith(b"(deleted)"):
                sizes[int(fields[4])] = FILE_SIZE
    with contextlib.suppress(OSError), os.scandir(f"/proc/{process}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                status = entry.stat()
                if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                    sizes[status.st_ino] = room(status)
    return sum(sizes.values())
