"""Where somebody's code runs: in a process of its own, which is watched from here and gives back arrays alone.

The expected values are computed in this process and never sent. What the other one can do wrong is limited there
(`inside/confine.py`) and here: a deadline, a bound on what it prints, answers and writes, and its whole process group
is killed at the end.
"""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from convolab.verify.answer import Answer
from convolab.verify.inside import frames

MEMORY = 2 << 30  # bytes beyond what Python and its libraries take
FILE_SIZE = 16 << 20
FOLDER_SIZE = 64 << 20
PRINTED = 20_000  # characters kept of what is printed
START_SECONDS = 60.0  # to import the libraries, before the code that is checked
EXIT_SECONDS = 30.0  # for a process that has closed its channel to be gone
ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ")


class Ended(Exception):
    """The contained process is gone; the text says how."""


class TooLate(Exception):
    """The deadline has passed; the process has been killed."""


class Contained:
    """A file's functions, called in a process of their own.

    Parameters
    ----------
    path : Path
        The Python file.
    wanted : list of str
        Names of functions to look for.
    memory : int
        Bytes that it may take beyond Python and its libraries.
    alone : bool
        Whether only the file itself may be read, not the folder that it lies in.
    """

    def __init__(self, path: Path, wanted: list[str], *, timeout: float, memory: int = MEMORY, alone: bool = False):
        self.path, self.wanted, self.timeout, self.memory, self.alone = (
            Path(path).resolve(),
            wanted,
            timeout,
            memory,
            alone,
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.printed = ""

    @property
    def ended(self) -> bool:
        """Whether there is no process: none has been started, or it has been killed."""
        return self.process is None

    def start(self) -> dict[str, Any]:
        """Start the process and load the file; return the functions found, with their parameters."""
        self.folder = tempfile.mkdtemp(prefix="convolab-check-")
        source, path = self.path.read_bytes(), self.path
        if self.path.suffix == ".ipynb":
            source = notebook_source(source)
        if self.alone or self.path.suffix == ".ipynb":
            path = Path(self.folder) / self.path.with_suffix(".py").name
            path.write_bytes(source)
        self.printed = ""
        self.answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-u", str(Path(__file__).with_name("inside") / "main.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=self._environment(),
            start_new_session=True,
        )
        for target in (self._collect_answers, self._collect_print):
            threading.Thread(target=target, args=(self.process,), daemon=True).start()
        header = {
            "path": str(path),
            "home": str(self.folder if self.alone else self.path.parent),
            "wanted": self.wanted,
            "folder": self.folder,
            "readable": [self.folder if self.alone else str(self.path.parent)],
            "libraries": ["numpy", *(["torch"] if b"torch" in source else [])],
            "memory": self.memory,
            "file_size": FILE_SIZE,
        }
        self.left = START_SECONDS + self.timeout
        loaded, _ = self._exchange(frames.pack(header))
        return loaded

    def _environment(self) -> dict[str, str]:
        """Return what programs need of this process's environment to start, and nothing else."""
        kept = {k: os.environ[k] for k in ENVIRONMENT if k in os.environ}
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        return {
            **kept,
            **single,
            "PATH": os.defpath,
            "HOME": self.folder,
            "TMPDIR": self.folder,
            "LANG": "C.UTF-8",
            "MPLBACKEND": "agg",
        }

    def call(self, function: str, arrays: list[Any], order: list[Any], options: dict[str, Any], **how: Any) -> Answer:
        """Make one call; see `inside/calling.py` for the arguments. Raise Ended or TooLate where no answer came."""
        return Answer.read(
            *self._exchange(frames.pack({"function": function, "order": order, "options": options, **how}, arrays))
        )

    def begin(self) -> None:
        """Give the function its whole time again; it passes only while the function is called."""
        self.left = self.timeout

    def close(self) -> None:
        """Kill the process and whatever it may have started, and remove its folder."""
        if self.process is None:
            return
        process, self.process = self.process, None
        try:
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        except (ProcessLookupError, PermissionError):
            process.kill()
        process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _exchange(self, message: bytes) -> tuple[dict[str, Any], list[Any]]:
        process = self.process
        assert process is not None and process.stdin is not None
        sender = threading.Thread(target=self._send, args=(process, message), daemon=True)
        sender.start()
        deadline = time.monotonic() + self.left
        while True:
            with contextlib.suppress(queue.Empty):
                answer = self.answers.get(timeout=max(0.0, min(0.25, deadline - time.monotonic())))
                break
            if time.monotonic() >= deadline:
                self.close()
                raise TooLate
            self._check_folder()
        self.left = max(0.0, deadline - time.monotonic())
        if isinstance(answer, Exception):
            raise Ended(self._how_it_ended(process, answer))
        self._check_folder()
        header, arrays = answer
        return header, arrays

    def _check_folder(self) -> None:
        """End a process that has written too much, seen while it works and after each answer."""
        if folder_size(self.folder) > FOLDER_SIZE:
            self.close()
            raise Ended(f"it wrote more than {FOLDER_SIZE >> 20} MB of files")

    @staticmethod
    def _send(process: Any, message: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is gone; the reading side says so
            process.stdin.write(message)
            process.stdin.flush()

    def _how_it_ended(self, process: subprocess.Popen[bytes], error: Exception) -> str:
        if isinstance(error, frames.BadFrame):
            self.close()
            return f"it answered with {error}"
        try:
            code = process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.close()
            return "it closed its channel to the checker"
        self.close()
        if code < 0:
            return f"its process was ended by {signal.Signals(-code).name}"
        return f"its process ended (exit code {code}) before it answered"

    def _collect_answers(self, process: Any) -> None:
        read, answers = frames.reader(process.stdout), self.answers
        with process.stdout:
            while True:
                try:
                    answers.put(frames.unpack(read))
                except (EOFError, OSError, ValueError):
                    return answers.put(EOFError())
                except Exception as error:  # whatever stands in hostile bytes ends this exchange and no other
                    return answers.put(error)

    def _collect_print(self, process: Any) -> None:
        with process.stderr:
            while part := os.read(process.stderr.fileno(), 65536):
                room = PRINTED - len(self.printed)
                if room > 0:
                    self.printed += part.decode(errors="replace")[:room]


def notebook_source(source: bytes) -> bytes:
    """Return a notebook's code cells as a Python file, without the lines that only notebooks understand."""
    try:
        cells = [c for c in json.loads(source)["cells"] if c["cell_type"] == "code"]
        lines = "\n\n".join("".join(c["source"]) for c in cells).splitlines()
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Ended("the notebook cannot be read") from None
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!"))).encode()


def folder_size(folder: str) -> int:
    """Return the bytes in a folder of files."""
    size = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118
            except OSError:
                continue
    return size
