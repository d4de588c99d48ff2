"""How contained processes are started, and how it is made sure that nothing of them is left.

Where processes can fork, a keeper (`inside/keeper.py`) starts them and cleans up after them, also if this process is
killed; Python and its libraries are loaded once, in the keeper, for every process of one hand-in. Elsewhere each is
started from here.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Protocol

from convolab.verify.channel import Channel
from convolab.verify.inside import keeper

COMMAND = [sys.executable, "-I", "-B", "-u", str(Path(__file__).with_name("inside") / "main.py")]
ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ")
# Compiled code that reads beyond an array raises as Python does, and does not end the process.
COMPILED = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_NUM_THREADS": "1"}
KEEPER_SECONDS = 60.0  # for the keeper to end a process and remove its folder


class ProcessStarter(Protocol):
    """One contained process after another.

    Attributes
    ----------
    folder : str
        The private folder of the one that runs; empty if none does.
    number : int
        Its number for the system.
    lost : bool
        Whether no more can be started from here.
    """

    folder: str
    number: int
    lost: bool

    def start(self, seconds: float) -> Channel:
        """Start a process within so many seconds, or raise OSError."""

    def end(self, patience: float) -> int | None:
        """End it, and remove its folder; its exit code, or a signal's number below zero, if it ended by itself."""

    def close(self) -> None:
        """Leave nothing behind."""


# Keepers that wait for their next process, by the libraries that they have loaded; only in a worker of many files.
_idle: dict[tuple[str, ...], "Kept"] | None = None


def keep_idle() -> None:
    """Let keepers wait for the next file from now on: this process is a worker, and they end with it."""
    global _idle
    _idle = {} if _idle is None else _idle


def processes(libraries: list[str]) -> ProcessStarter:
    """What starts contained processes on this system."""
    idle = _idle.pop(tuple(libraries), None) if _idle else None
    if idle is not None and idle.is_alive:
        return idle
    return Kept(libraries) if hasattr(os, "fork") else Started()


def leave(one: ProcessStarter) -> None:
    """Leave nothing behind; a keeper without a process may wait for the next file, where that is wanted."""
    if _idle is not None and isinstance(one, Kept) and one.is_alive and not one.number and one.libraries not in _idle:
        _idle[one.libraries] = one
    else:
        one.close()


def environment(folder: str) -> dict[str, str]:
    """Nothing of this process's environment but what programs need to start."""
    kept = {k: os.environ[k] for k in ENVIRONMENT if k in os.environ}
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    private = {"HOME": folder, "TMPDIR": folder}
    return {**kept, **single, **private, "PATH": os.defpath, "LANG": "C.UTF-8", "MPLBACKEND": "agg", **COMPILED}


class Kept:
    """Processes that a keeper starts."""

    def __init__(self, libraries: list[str]):
        self.folder, self.number, self.lost, self._ready = "", 0, False, False
        self.libraries = tuple(libraries)
        self._control, theirs = socket.socketpair()
        root = str(Path(tempfile.gettempdir()).absolute())
        with theirs:
            self._keeper = subprocess.Popen(
                [*COMMAND, str(theirs.fileno()), root, *libraries],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                cwd=root,
                env=environment(root),
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        """Whether it can start another process."""
        return not self.lost and self._keeper.poll() is None

    def start(self, seconds: float) -> Channel:
        if not self._ready:
            self._answer(seconds)
            self._ready = True
        requests, answers, printed = (os.pipe() for _ in range(3))
        ours, theirs = (requests[1], answers[0], printed[0]), (requests[0], answers[1], printed[1])
        channel = Channel(*(os.fdopen(d, mode) for d, mode in zip(ours, ("wb", "rb", "rb"), strict=True)))
        try:
            socket.send_fds(self._control, [json.dumps({"what": "start"}).encode()], theirs)
            answer = self._answer(seconds)
        except OSError:
            channel.close()
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        self.folder, self.number = answer["folder"], answer["number"]
        return channel

    def end(self, patience: float) -> int | None:
        try:
            self._control.sendall(json.dumps({"what": "end", "patience": patience}).encode())
            code: int | None = self._answer(patience + KEEPER_SECONDS)["code"]
        except OSError:  # the keeper is gone, and with it the process
            self.lost, code = True, None
        keeper.remove(self.folder)
        self.folder, self.number = "", 0
        return code

    def close(self) -> None:
        self._control.close()
        try:
            self._keeper.wait(KEEPER_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._keeper.pid, signal.SIGKILL)
            self._keeper.wait()
        keeper.remove(self.folder)

    def _answer(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        text = self._control.recv(65536)
        if not text:
            raise ConnectionError("its keeper has ended")
        answer: dict[str, Any] = json.loads(text)
        return answer


class Started:
    """Processes that are started from here."""

    def __init__(self) -> None:
        self.folder, self.number, self.lost = "", 0, False
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float) -> Channel:
        self.folder = tempfile.mkdtemp(prefix=keeper.PREFIX)
        process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=environment(self.folder),
            start_new_session=True,
        )
        self._process, self.number = process, process.pid
        assert process.stdin and process.stdout and process.stderr
        return Channel(process.stdin, process.stdout, process.stderr)

    def end(self, patience: float) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        code: int | None = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()
        keeper.remove(self.folder)
        self.folder, self.number = "", 0
        return code

    def close(self) -> None:
        self.end(0.0)
        keeper.remove(self.folder)


__all__ = ["Channel", "Kept", "ProcessStarter", "Started", "keep_idle", "leave", "processes"]
