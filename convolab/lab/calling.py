"""How are a hand-in's functions called while it is written? Contained, from the sections that Python can read.

One section is judged; another that is half written does not stand in its way.
"""

import ast
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from convolab.verify.answers import Answer
from convolab.verify.contained import Contained, Ended

Start: TypeAlias = Callable[[Path, list[str], float], Contained]


class SectionProgram:
    """The file that is judged: every section that Python can read, each at its own lines."""

    def __init__(self, sections: dict[str, str], name: str, extra: str = ""):
        self.name, self.extra = name, extra
        self.starts: dict[int, str] = {}
        self.problem = ""
        lines: list[str] = []
        for section, text in sections.items():
            fault = _fault(text)
            if section == name and fault:
                self.problem = fault
            self.starts[len(lines)] = section
            lines += text.splitlines() if not fault else [""] * len(text.splitlines())
        self.text = "\n".join([*lines, extra, ""])

    def written(self) -> "_Written":
        """Return a context in which the program lies in a file."""
        return _Written(self.text)

    def located(self, text: str) -> str:
        """Return a text with the numbers of its lines counted from the beginning of a section."""
        return re.sub(r"\bline (\d+)", self._line, text)

    def _line(self, found: "re.Match[str]") -> str:
        number = int(found[1])
        begin = max(start for start in self.starts if start < number)
        section = self.starts[begin]
        where = "" if section == self.name else f" of {section or 'the beginning of the file'}"
        return f"line {number - begin}{where}"


def _fault(text: str) -> str:
    """Return why Python cannot read a text, or an empty one."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        line = (error.text or "").strip()
        return f"{error.msg}, in line {error.lineno}{f': {line}' if line else ''}."
    except ValueError as error:
        return f"{error}."
    return ""


class _Written:
    def __init__(self, text: str):
        self.text = text

    def __enter__(self) -> Path:
        self.folder = Path(tempfile.mkdtemp(prefix="convolab-"))
        path = self.folder / "hand_in.py"
        path.write_text(self.text, encoding="utf-8")
        return path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Calling:
    """The functions of a hand-in, called one by one in a contained process.

    Parameters
    ----------
    sections : dict of str
        Of the hand-in, by name.
    name : str
        The function that is judged.
    start : callable
        It returns a contained process for a path, names and seconds.
    seconds : float
        That one call may take.
    """

    def __init__(self, sections: dict[str, str], name: str, start: Start, seconds: float):
        self.sections, self.name, self.start, self.seconds = sections, name, start, seconds
        self.extra = ""
        self._caller: Contained | None = None

    def __enter__(self) -> "Calling":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @property
    def printed(self) -> str:
        """What the code printed."""
        return self._caller.printed if self._caller else ""

    def with_more(self, extra: str) -> "Calling":
        """Add text behind the file before the first call."""
        self.extra += extra
        return self

    def __call__(self, name: str, *arrays: Any, seconds: float | None = None) -> np.ndarray:
        """Return what a function gives for arrays.

        Raises
        ------
        Ended
            Where it raised, or gives no array; the text says why.
        TooLate
        """
        answer = self._answer(name, arrays, seconds)
        if answer.error is not None:
            line = f", at {answer.error['line']}" if answer.error.get("line") else ""
            raise Ended(f"it raised {answer.error['type']}: {answer.error['text']}{line}")
        if answer.value is None:
            raise Ended(f"{name} returns {'nothing' if answer.facts.get('nothing') else 'no array of numbers'}")
        return np.asarray(answer.value)

    def raised(self, name: str, *arrays: Any) -> dict[str, Any] | None:
        """Return what a function raises for arrays: `type`, `text` and `line`."""
        return self._answer(name, arrays, None).error

    def _answer(self, name: str, arrays: tuple[Any, ...], seconds: float | None) -> Answer:
        caller = self._started()
        caller.timeout = seconds or self.seconds
        caller.begin()
        given = [np.asarray(a) for a in arrays]
        order = [{"scalar": n} if a.ndim == 0 else n for n, a in enumerate(given)]
        return caller.call([np.atleast_1d(a) for a in given], steps=[{"call": name, "order": order}])

    def _started(self) -> Contained:
        if self._caller is None or not self._caller.alive:
            self._close()
            program = SectionProgram(self.sections, self.name, self.extra)
            with program.written() as path:
                self._caller = self.start(path, [self.name], self.seconds)
                loaded = self._caller.start()
            if self.name not in loaded["functions"]:
                problem = loaded.get("error") or next(iter(loaded["notes"]), None)
                why = f"{problem['type']}: {problem['text']}" if problem else "it is not in the section"
                raise Ended(f"there is no function {self.name}: {why}")
        return self._caller

    def _close(self) -> None:
        if self._caller is not None:
            self._caller.close()
