"""Somebody's program as a function: arrays go out as .npy files, and its result is read from one.

The command is the user's own and is run as it is, without a shell, once for each call: in the folder and with the
environment of this process, with nothing to read, and with the files in a private folder that is gone afterwards.
"""

import os
import re
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from convolab.errors import ArgumentError
from convolab.verify.contained import Ended, TooLate
from convolab.verify.direct import Direct
from convolab.verify.forms import ARRAYS, Argument, Form, Step
from convolab.verify.inside.keeper import PREFIX
from convolab.verify.layouts import BATCH, PLANE, Layout
from convolab.verify.printable import printable
from convolab.verify.roles import SIZES_OF
from convolab.verify.targets import OPTIONS, JudgedFunction

# What a command may name in braces, in the order in which it is said to users.
FIELDS = (*ARRAYS, *SIZES_OF, *OPTIONS, "dtype", "output")
# Layouts that are tried, where the first gives nothing right: each costs two starts of the program.
LAYOUTS = (BATCH, Layout("NHWC", "HWIO", "NHWO"), Layout("NHWC", "OHWI", "NHWO"))
LINE_LENGTH, TAIL = 200, 4096  # characters of a message that are shown, bytes of messages that are read


class NoResult(Exception):
    """A program that has ended without a result; the text says how."""


class Program:
    """A command with fields in braces, called as a function of what they name.

    Parameters
    ----------
    command : str, or sequence of str
        Such as `./conv {input} {weight} {output}`; a text is split as a shell would split it.
    timeout : float
        Seconds that one call may take.
    """

    def __init__(self, command: str | Sequence[str], timeout: float) -> None:
        self.words, self.timeout = _words(command), timeout
        self.fields = _fields(self.words)
        self.stopped: Exception | None = None

    @property
    def name(self) -> str:
        """The command up to its first field or option."""
        own = [n for n, word in enumerate(self.words) if n and (_FIELD.search(word) or word.startswith("-"))]
        return printable(shlex.join(self.words[: min(own, default=len(self.words))]), LINE_LENGTH)

    def forms(self, target: JudgedFunction) -> list[Form]:
        """Return how it is called to compute a target.

        Raises
        ------
        ArgumentError
            For a target whose factors the command does not name, or that is called once for every element.
        """
        missing = [f"{{{name}}}" for name in target.factors if name not in self.fields]
        if target.by_position or missing:
            lack = f"has no {' and no '.join(missing)}" if missing else "would be run for every element"
            raise ArgumentError(f"check: the command {lack}, and {target.name} takes {', '.join(target.factors)}.")
        arguments = tuple(Argument(f, f) for f in self.fields if f not in ("dtype", "output"))
        step = Step("program", arguments, keep="result")
        return [Form(target, at, (step,), (0,), container="files") for at in ((PLANE,) if target.plane else LAYOUTS)]

    def __call__(self, **values: Any) -> np.ndarray:
        """Run the program once, and return the array that it wrote.

        Raises
        ------
        NoResult
            Where it ends with another exit status than 0, or writes no array.
        """
        with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
            folder = Path(name)
            texts = {field: _as_text(field, value, folder) for field, value in values.items()}
            texts |= {"dtype": _dtype_of(values), "output": str(folder / "output.npy")}
            said = self._run([_filled(word, texts) for word in self.words], folder / "messages")
            return _array(folder / "output.npy", said)

    def _run(self, words: list[str], messages: Path) -> str:
        """Run it to its end, and return the last line of its standard error."""
        with messages.open("wb") as file:
            try:
                process = subprocess.Popen(
                    words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=file, start_new_session=True
                )
            except (OSError, ValueError) as error:
                self.stopped = Ended(
                    f"the program {words[0]} cannot be run ({getattr(error, 'strerror', None) or error})"
                )
                raise self.stopped from None
            try:
                code = process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                self.stopped = TooLate(f"one call of {self.name} took longer than {self.timeout:g} s{_last(messages)}")
                raise self.stopped from None
            finally:
                _end(process)
        if code:
            how = f"it was ended by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
            raise NoResult(how + _last(messages))
        return _last(messages)


class Running(Direct):
    """A program that is run from this process, once for each call."""

    def __init__(self, program: Program) -> None:
        super().__init__(program, program.name)
        self._program = program

    def start(self) -> dict[str, Any]:
        """Return the program, without parameters: how it is called is told by its fields."""
        said = {"parameters": [], "open": False, "tensors": False, "class": False, "doc": ""}
        return {"functions": {self.name: said}, "torch": False, "notes": [], "doc": "", "forms": self._program.forms}

    def call(self, arrays: list[Any], **values: Any) -> Any:
        """Make one call. Raises Ended or TooLate where the program cannot be run, or does not end."""
        answer = super().call(arrays, **values)
        if self._program.stopped is not None:
            raise self._program.stopped
        return answer


_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def _words(command: str | Sequence[str]) -> list[str]:
    """Return a command's words."""
    try:
        words = shlex.split(command) if isinstance(command, str) else [str(word) for word in command]
    except ValueError as error:
        raise ArgumentError(f"check: command={command!r} cannot be split into words ({error}).") from None
    if not words:
        raise ArgumentError("check: command is empty. Expected such as './conv {input} {weight} {output}'.")
    return words


def _fields(words: list[str]) -> tuple[str, ...]:
    """Return the fields that a command names, each once."""
    named = [found[1] for word in words for found in _FIELD.finditer(word) if found[1]]
    unknown = [name for name in named if name not in FIELDS]
    if unknown:
        known = " ".join(f"{{{name}}}" for name in FIELDS)
        raise ArgumentError(f"check: command has {{{unknown[0]}}}, which is no field. Expected {known}.")
    if "output" not in named:
        raise ArgumentError("check: command has no {output}, the file that the program writes its result to.")
    return tuple(dict.fromkeys(named))


def _filled(word: str, texts: dict[str, str]) -> str:
    return _FIELD.sub(lambda found: texts[found[1]] if found[1] else found[0][0], word)


def _as_text(field: str, value: Any, folder: Path) -> str:
    """Return what stands in the command for a value: a file's path, a number, or numbers such as 2x1."""
    if not isinstance(value, np.ndarray):
        return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
    path = folder / f"{field}.npy"
    np.save(path, np.ascontiguousarray(value), allow_pickle=False)
    return str(path)


def _dtype_of(values: dict[str, Any]) -> str:
    return next(str(v.dtype) for v in values.values() if isinstance(v, np.ndarray))


def _array(path: Path, said: str) -> np.ndarray:
    """Return the array of a .npy file, in this machine's byte order."""
    if not path.is_file():
        raise NoResult(f"it wrote no {{output}}, though its exit status is 0{said}")
    try:
        with path.open("rb") as file:
            array: np.ndarray = np.lib.format.read_array(file, allow_pickle=False)
    except (ValueError, OSError, EOFError, MemoryError) as error:
        raise NoResult(f"its {{output}} is no .npy file of numbers ({printable(error, LINE_LENGTH)}){said}") from None
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _last(messages: Path) -> str:
    """Return the last line of what a program wrote on standard error, as the end of a sentence."""
    with messages.open("rb") as file:
        file.seek(max(0, messages.stat().st_size - TAIL))
        lines = file.read().decode(errors="replace").split("\n")
    line = next((line.strip() for line in reversed(lines) if line.strip()), "")
    line = re.sub(re.escape(str(messages.parent) + os.sep) + r"(\w+)\.npy", r"{\1}", line).rstrip(".")
    return f"; its last message: {printable(line, LINE_LENGTH)}" if line else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, with what it has started."""
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()
