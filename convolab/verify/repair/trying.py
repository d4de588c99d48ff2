"""What the contained process answers where changes of a program are tried: results, compared by nobody here."""

import contextlib
import io
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from convolab.verify.repair.program import EditedProgram, TooManyRounds
from convolab.verify.repair.telling import told_together

NOTHING = -1  # in place of a result, for a change that raises


class Changes:
    """The changes of one file, as they are asked for.

    Parameters
    ----------
    calling : module
        `inside/calling.py`, which makes a call.
    """

    def __init__(self, calling: Any) -> None:
        self._calling = calling
        self._program: EditedProgram | None = None

    def answer(self, arrays: list[Any], values: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        """Answer a request.

        Parameters
        ----------
        arrays : list of array
        values : dict
            The call (see `calling.invoke`), and under `repair` what is asked for: `watch` runs it as it is and notes
            the lines; `list` answers with the number of changes; `try` with the results of several (`numbers`, a list
            for each); `call` with that of one; `tell` with what those changes are. `most` is how many rounds its loops
            may have.
        """
        said = values.pop("repair")
        most, numbers = int(said.get("most", 0)), said.get("numbers", [])
        if said["what"] == "begin":
            self._program = EditedProgram(self._calling.HAND_IN["module"], self._calling.HAND_IN["path"])
            return {}, []
        program = self._program
        assert program is not None
        with _quiet():
            if said["what"] == "list":
                program.list_changes()
                return {"count": len(program.changes)}, []
            if said["what"] == "tell":
                return {
                    "told": told_together(tuple(e for n in numbers for e in program.changes[n]), program.source)
                }, []
            if said["what"] == "try":
                return _tried(program, self._calling, arrays, values, numbers, most)
            header, results = _called(
                program, self._calling, arrays, values, numbers, most, watched=said["what"] == "watch"
            )
            return header | {"rounds": program.rounds}, results


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Print nothing, and warn of nothing."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _called(
    program: EditedProgram,
    calling: Any,
    arrays: list[Any],
    values: dict[str, Any],
    numbers: list[int],
    most: int,
    *,
    watched: bool = False,
) -> tuple[dict[str, Any], list[Any]]:
    """Make one call of the program with some changes."""
    module = calling.HAND_IN["module"]
    try:
        with program.changed(numbers, most), program.watched() if watched else contextlib.nullcontext():
            found: tuple[dict[str, Any], list[Any]] = calling.invoke(
                lambda name: getattr(module, name), arrays, dict(values)
            )
            return found
    except (Exception, TooManyRounds) as error:
        return {"error": calling.complaint(error)}, []


def _tried(
    program: EditedProgram, calling: Any, arrays: list[Any], values: dict[str, Any], tries: list[list[int]], most: int
) -> tuple[dict[str, Any], list[Any]]:
    """Return which result each change gives, as a number in the list of those that differ."""
    known: dict[tuple[Any, ...], int] = {}
    found: list[int] = []
    results: list[Any] = []
    rounds = 0
    for numbers in tries:
        _, value = _called(program, calling, [a.copy() for a in arrays], values, numbers, most)
        rounds += program.rounds
        if not value or (len(value) > 1 and value[1].any()):
            found.append(NOTHING)
            continue
        one = np.ascontiguousarray(value[0])
        key = (one.dtype.str, one.shape, one.tobytes())
        if key not in known:
            known[key] = len(results)
            results.append(one)
        found.append(known[key])
    return {"found": found, "rounds": rounds}, results
