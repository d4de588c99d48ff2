"""Where one's own function is called: in this process, as it is."""

import sys
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from convolab.verify import answers
from convolab.verify.answers import Answer
from convolab.verify.contained import Contained
from convolab.verify.inside import calling, describing


class Direct:
    """A function called in this process: for one's own code, in a notebook or a test."""

    timeout = loading = start_seconds = 0.0
    printed = ""
    alive = True  # this process does not end while it judges

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        self.function, self.name = function, name
        self.held: list[str] = []
        self._numpy_errors = np.geterr()

    def start(self) -> dict[str, Any]:
        """Return the function with its parameters, as `Contained.start` does."""
        said = answers.described(describing.describe(self.function))
        return {"functions": {self.name: said}, "torch": "torch" in sys.modules, "notes": [], "doc": ""}

    def begin(self) -> None:
        """Do nothing: the time of a function in this process is not limited."""

    def end(self) -> None:
        """Do nothing: this process goes on."""

    def close(self) -> None:
        """Do nothing: there is no process to end."""

    def call(self, arrays: list[Any], **values: Any) -> Answer:
        """Make one call; see `inside/calling.py` for the arguments."""
        with np.errstate(**self._numpy_errors):
            given = [np.array(a) for a in arrays]
            return Answer.read(*calling.invoke(lambda name: self.function, given, values))


# What asks a function.
Caller: TypeAlias = Contained | Direct
