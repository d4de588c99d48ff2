"""The keeper: starts contained processes as the checker asks, and leaves nothing of them when the checker is gone.

It stands between the two, so that neither a checker that is killed nor a program that holds on to its life leaves a
process or a folder: the end of the keeper's channel, however it comes, ends them. It has loaded Python's libraries
once, and no line of the code that is checked ever runs in it. Only where processes can fork (not on Windows).
"""

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

LOOKS = 0.02  # seconds between two looks at a process that is ending
PREFIX = "convolab-check-"


def keep(control: int, root: str, libraries: list[str], serve: Callable[[int, int], None]) -> None:
    """Serve the checker until its channel ends.

    Parameters
    ----------
    control : int
        Descriptor of the channel. `start`, with the descriptors of three pipes, is answered with the new process's
        folder and number; `end`, with seconds of patience, with how it ended: an exit code, a signal's number below
        zero, or nothing if it had to be killed.
    root : str
        Where the private folders are made.
    libraries : list of str
        What the contained processes will need; loaded here, once, where a fork may carry them over.
    serve : callable(requests, answers)
        What a contained process does.
    """
    channel = socket.socket(fileno=control)
    if sys.platform.startswith("linux"):  # elsewhere a system library may not outlive a fork
        for name in libraries:
            with contextlib.suppress(ImportError):  # the code that needs it says so, with its line
                importlib.import_module(name)
    channel.sendall(b"{}")
    process, folder = 0, ""
    try:
        while True:
            text, descriptors, *_ = socket.recv_fds(channel, 65536, 3)
            if not text:
                return
            request = json.loads(text)
            if request["what"] == "start":
                folder = tempfile.mkdtemp(prefix=PREFIX, dir=root)
                process = start(channel, folder, descriptors, serve)
                answer = {"folder": folder, "number": process}
            else:
                answer = {"code": end(process, request["patience"], channel)}
                remove(folder)
                process, folder = 0, ""
            channel.sendall(json.dumps(answer).encode())
    except OSError:
        return  # the checker is gone
    finally:
        end(process, 0, channel)
        remove(folder)


def start(channel: Any, folder: str, descriptors: list[int], serve: Callable[[int, int], None]) -> int:
    """A contained process, in a session of its own; its number."""
    process = os.fork()
    if process:
        for descriptor in descriptors:
            os.close(descriptor)
        return process
    code = 1
    try:
        channel.close()
        os.setsid()
        os.chdir(folder)
        os.environ.update(HOME=folder, TMPDIR=folder)
        tempfile.tempdir = folder
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
            score.write("1000")  # where memory runs out, this one goes first
        requests, answers, printed = descriptors
        take_output(printed)
        serve(requests, answers)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


def take_output(printed: int) -> None:
    """Standard input is empty from here on; standard output and error go into a pipe."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, printed), (2, printed)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(printed)


def end(process: int, patience: float, channel: Any) -> int | None:
    """How a process ended within so many seconds; None where it had to be killed."""
    if not process:
        return None
    for _ in range(1 + int(patience / LOOKS)):
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if patience and select.select([channel], [], [], LOOKS)[0]:
            break  # the checker is gone
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def remove(folder: str) -> None:
    """Remove a folder however deep it is: every folder in it is moved up, so that no path grows long."""
    if not folder:
        return
    mark, moved, waiting = os.urandom(8).hex(), 0, [folder]
    with contextlib.suppress(OSError):
        while waiting:
            os.chmod(waiting[-1], 0o700)  # noqa: PTH101
            folders = empty(waiting[-1])
            if not folders:
                os.rmdir(waiting.pop())  # noqa: PTH106
            for path in folders:
                moved += 1
                waiting.append(os.path.join(folder, f"{mark}{moved}"))  # noqa: PTH118
                os.chmod(path, 0o700)  # noqa: PTH101
                os.rename(path, waiting[-1])  # noqa: PTH104


def empty(folder: str) -> list[str]:
    """Remove a folder's files; the folders in it."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                os.unlink(entry.path)  # noqa: PTH108
    return folders
