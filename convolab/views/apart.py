"""Where is a function of somebody's notebook called? In a contained process, so that an endless loop ends there.

The function goes there by value, with what it uses of the notebook; arrays come back, and nothing else.
"""

import inspect
import shutil
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from convolab.errors import ArgumentError, MissingDependencyError
from convolab.verify.answers import Answer
from convolab.verify.contained import Contained, Ended, TooLate

SECONDS = 5.0  # that one call may take
PROGRAM = "import base64, cloudpickle\n{name} = cloudpickle.loads(base64.b64decode({text!r}))\n"


@contextmanager
def program_of(function: Callable[..., Any]) -> Iterator[tuple[Path, str]]:
    """Write a program that defines the function; its path, and the function's name in it."""
    own = getattr(function, "__name__", "")
    name = own if own.isidentifier() else "function"
    folder = Path(tempfile.mkdtemp(prefix="convolab-"))
    try:
        program = folder / "sent.py"
        text = b64encode(_by_value(function)).decode()
        program.write_text(PROGRAM.format(name=name, text=text), encoding="utf-8")
        yield program, name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Apart:
    """A function in a process of its own, which is started when it is first called, and again after it has ended."""

    def __init__(self, function: Callable[..., Any]):
        self._function = function
        self._caller: Contained | None = None
        self._name = ""

    def call(self, arrays: list[np.ndarray], options: dict[str, Any], positions: tuple[int, ...] | None) -> Answer:
        """Make one call, or with positions one for each, counted from 1.

        Raises
        ------
        Ended, TooLate
            Where no answer came; the text says how it ended.
        """
        if self._caller is None or not self._caller.alive:
            self._start()
        assert self._caller is not None
        self._caller.begin()
        named = {name: {"value": value} for name, value in options.items()}
        first = {"positions": list(positions)} if positions else {}
        steps = [{"call": self._name, "order": list(range(len(arrays))), "options": named}]
        return self._caller.call(arrays, steps=steps, **first)

    def close(self) -> None:
        """End the process."""
        if self._caller is not None:
            self._caller.close()

    def _start(self) -> None:
        self.close()
        with program_of(self._function) as (path, name):
            self._caller, self._name = Contained(path, [name], timeout=SECONDS, alone=True), name
            loaded = self._caller.start()
        if problem := loaded.get("error") or next(iter(loaded["notes"]), None):
            self.close()
            raise Ended(f"it cannot be loaded in a process of its own: {problem['type']}: {problem['text']}")


def _by_value(function: Callable[..., Any]) -> bytes:
    """Return a function with everything that it uses of a notebook, or of a file of its own."""
    try:
        import cloudpickle
    except ImportError as error:
        raise MissingDependencyError("cloudpickle", "lab", "a function of one's own") from error
    module = inspect.getmodule(function)
    own = module is not None and _is_own(module)
    try:
        if own:
            cloudpickle.register_pickle_by_value(module)
        found: bytes = cloudpickle.dumps(function)
        return found
    except Exception as error:
        name = getattr(function, "__name__", "it")
        raise ArgumentError(
            f"explore: {name} cannot be sent to a process of its own ({type(error).__name__}: {error}). "
            "Expected a function that uses arrays, modules and functions."
        ) from error
    finally:
        if own:
            cloudpickle.unregister_pickle_by_value(module)


def _is_own(module: Any) -> bool:
    """Whether a module is a file of the user's, which the other process could not import."""
    file = getattr(module, "__file__", None)
    if file is None or module.__name__ == "__main__" or module.__name__.partition(".")[0] == "convolab":
        return False
    return not Path(file).is_relative_to(sys.prefix) and not Path(file).is_relative_to(sys.base_prefix)


__all__ = ["Apart", "Ended", "TooLate"]
