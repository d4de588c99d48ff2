"""Where somebody's code runs: a process of its own, watched from here, that gives back arrays and nothing else.

The expected values are computed in this process and never sent. What the other one can do wrong is limited there
(`inside/confine.py`) and here: a deadline, a bound on what it prints, answers and writes; and nothing of it is left
at the end, whatever becomes of this process (`starting.py`).
"""

import contextlib
import queue
import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from convolab.verify import answers, disk, starting
from convolab.verify.answers import Answer, complaint
from convolab.verify.inside import frames

LIBRARIES = ("torch", "numba", "jax", "scipy")  # loaded before the time of a hand-in that names them begins
MEMORY = 2 << 30  # bytes beyond what Python and its libraries take
SOURCE_SIZE = 16 << 20
START_SECONDS = 60.0  # to start Python and its libraries, before the code that is checked
EXIT_SECONDS = 1.0  # beyond its own time, for a process that has closed its channel to be gone
NO_PYTHON = "The checker could not start Python"
FORGED = "It answers where nobody asked it"
LOOKS = 0.25  # seconds between two looks at what it writes


class Ended(Exception):
    """The contained process is gone; the text says how, and the title what kind of end that is."""

    def __init__(self, text: str, title: str = "It ends the process that it runs in") -> None:
        super().__init__(text)
        self.title = title


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
        self.alive = False
        self.held: list[str] = []
        self.start_seconds = 0.0
        self.given_up = threading.Event()  # set from another thread, it ends the call that is being made
        self._processes: starting.ProcessStarter | None = None
        self._channel: starting.Channel | None = None

    @property
    def printed(self) -> str:
        """What the process printed, cut off."""
        return self._channel.printed if self._channel else ""

    def start(self) -> dict[str, Any]:
        """Start the process and load the file.

        Nothing of the file runs before the process is confined; `held` says by what.

        Returns
        -------
        dict
            `functions`, with their parameters; whether `torch` is there; `notes` of the statements that raised; or the
            `error` of a file that cannot be read.
        """
        source, began = _read_source(self.path), time.monotonic()
        libraries = ["numpy", *(name for name in LIBRARIES if name.encode() in source)]
        folder = self._confined(libraries)
        self.start_seconds = self.start_seconds or time.monotonic() - began
        path, home = self.path, self.path.parent
        if self.alone or path.suffix == ".ipynb":
            path, home = folder / path.name, folder if self.alone else home
            path.write_bytes(source)
        self.left = self.loading
        what = {"path": str(path), "home": str(home), "wanted": self.wanted}
        loaded, _ = self._exchange(frames.pack(what, self.served()))
        if loaded.get("unreadable"):
            raise Ended("the notebook cannot be read", "The notebook cannot be read")
        error = complaint(loaded.get("error"))
        return self.told(loaded) | ({"error": error} if error else {})

    @property
    def loading(self) -> float:
        """Seconds that loading the file may take."""
        return self.timeout

    def header(self) -> dict[str, Any]:
        """Return what a new process is told beside its limits."""
        return {}

    def served(self) -> list[np.ndarray]:
        """Return the arrays that are handed over with the file."""
        return []

    def told(self, loaded: dict[str, Any]) -> dict[str, Any]:
        """Return what a loaded file has, every field held to its type."""
        return answers.loaded(loaded, self.wanted)

    def _confined(self, libraries: list[str]) -> Path:
        """Start a process, with those libraries, that has given up what it must not do; its private folder."""
        self.left = START_SECONDS
        try:
            self._processes = self._processes or starting.processes(libraries)
            self._channel = self._processes.start(START_SECONDS)
            self.alive = True
            readable = [] if self.alone else [str(self.path.parent)]
            header = {
                "readable": [self._processes.folder, *readable],
                "folder": self._processes.folder,
                "libraries": libraries,
                "memory": self.memory,
                "file_size": disk.FILE_SIZE,
                **self.header(),
            }
            ready, _ = self._exchange(frames.pack(header))
        except TooLate:
            raise Ended(f"the checker could not start Python within {START_SECONDS:g} s", NO_PYTHON) from None
        except OSError as error:
            raise Ended(f"the checker could not start Python ({error})", NO_PYTHON) from None
        self.held = ready["held"]
        return Path(self._processes.folder)

    def call(self, arrays: list[Any], **values: Any) -> Answer:
        """One call; see `inside/calling.py` for the arguments. Raises Ended or TooLate where no answer came."""
        return Answer.read(*self.ask(arrays, **values))

    def ask(self, arrays: list[Any], **values: Any) -> tuple[dict[str, Any], list[Any]]:
        """One request, and its answer as it came. Raises Ended or TooLate where none came."""
        return self._exchange(frames.pack(values, arrays))

    def begin(self) -> None:
        """A function has its whole time again; only while it is called does it pass."""
        self.left = self.timeout

    def end(self, patience: float = 0.0) -> int | None:
        """End the process and whatever it may have started, and remove its folder; its exit code if it ended itself."""
        self.alive = False
        code = self._processes.end(patience) if self._processes is not None else None
        if self._channel is not None:
            self._channel.close()
        if self._processes is not None and self._processes.lost:
            self.close()
        return code

    def close(self) -> None:
        """Leave nothing behind."""
        try:
            if self.alive:
                self.end()
        finally:
            processes, self._processes = self._processes, None
            if processes is not None:
                starting.leave(processes)

    def _exchange(self, message: bytes) -> tuple[dict[str, Any], list[Any]]:
        channel = self._channel
        assert channel is not None
        if channel.unasked:
            self.end()
            raise Ended("it answered before it was asked", FORGED)
        channel.send(message)
        deadline = time.monotonic() + self.left
        while True:
            with contextlib.suppress(queue.Empty):
                answer = channel.receive(min(LOOKS, deadline - time.monotonic()))
                break
            if self.given_up.is_set():
                self.end()
                raise Ended("its answer is not wanted any more")
            if time.monotonic() >= deadline:
                self.end()
                raise TooLate
            self._check_files()
        self.left = max(0.0, deadline - time.monotonic())
        if isinstance(answer, Exception):
            title = (FORGED,) if isinstance(answer, frames.BadFrame) else ()
            raise Ended(self._how_it_ended(answer), *title)
        self._check_files()
        found: tuple[dict[str, Any], list[Any]] = answer
        return found

    def _check_files(self) -> None:
        """End a process that has written too much, seen while it works and after each answer."""
        assert self._processes is not None
        if what := disk.too_much(self._processes.folder, self._processes.number):
            self.end()
            raise Ended(what, "It writes too many files")

    def _how_it_ended(self, error: Exception) -> str:
        if isinstance(error, frames.BadFrame):
            self.end()
            return f"it answered with {error}"
        code = self.end(self.left + EXIT_SECONDS)
        if self._processes is None:
            return "what the checker had started for it was ended from outside"
        if code is None:
            return "it closed its channel to the checker"
        if code < 0:
            return f"its process was ended by {signal.Signals(-code).name}"
        return f"its process ended (exit code {code}) before it answered"


def _read_source(path: Path) -> bytes:
    """A hand-in's bytes; one that is too large for a hand-in is refused before it is read."""
    try:
        with path.open("rb") as file:
            source = file.read(SOURCE_SIZE + 1)
    except OSError as error:
        raise Ended(f"the file cannot be read ({error.strerror or error})", "The file cannot be read") from None
    if len(source) > SOURCE_SIZE:
        raise Ended(
            f"the file is larger than the {SOURCE_SIZE >> 20} MB that a hand-in may have (clear a notebook's outputs)",
            "The file is too large",
        )
    return source
