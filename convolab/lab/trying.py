"""How is one function of a hand-in judged while it is written? With those other sections that can be read, in a
contained process, so that neither an endless loop nor another function that is half written stands in the way.
"""

import ast
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from convolab.lab.exercises import Task
from convolab.lab.hints import staged
from convolab.verify.contained import Contained, Ended, TooLate
from convolab.verify.diagnose import Diagnosis
from convolab.verify.judge import judge, target
from convolab.verify.verdict import FunctionReport
from convolab.verify.words import smallest_lines
from convolab.views.reads import state_of_reads

SECONDS = 5.0  # that loading the file, and one function, may take while it is judged
LONG = 30.0  # for a picture of many pixels


@dataclass
class Outcome:
    """What came of judging a function, as the page shows it.

    Attributes
    ----------
    status : {"passed", "failed", "error", "timeout", "new"}
    title, message : str
    code : str
        The mistake's.
    example : list of str
        The smallest input that shows it.
    hints : list of str
        All of them; the page asks for one after the other.
    reads : dict or None
        The state of its read map.
    printed : str
    figures : list of dict
        `title` and `image`, an address that holds the picture.
    """

    status: str
    title: str = ""
    message: str = ""
    code: str = ""
    example: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    reads: dict[str, Any] | None = None
    printed: str = ""
    figures: list[dict[str, str]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether it is right."""
        return self.status == "passed"


class Trial:
    """One function of a file, judged in a thread; `give_up` ends it from another."""

    def __init__(self, task: Task, sections: dict[str, str], stub: str):
        self.task, self.sections, self.stub = task, sections, stub
        self._caller: Contained | None = None
        self._unwanted = False
        self.program = Program(sections, task.name)

    def give_up(self) -> None:
        """End it: its answer is not wanted any more."""
        self._unwanted = True
        if self._caller is not None:
            self._caller.given_up.set()

    @property
    def unwanted(self) -> bool:
        """Whether it was given up."""
        return self._unwanted

    def run(self) -> Outcome:
        """Judge the function."""
        text = self.sections[self.task.name]
        if text.strip() == self.stub.strip():
            return Outcome("new", "Nothing is written yet", "Write the function, and it is judged as you go.")
        if problem := self.program.problem:
            return Outcome("error", "Python cannot read it", problem)
        outcome = self._judged()
        outcome.message = self.program.located(outcome.message)
        outcome.hints = [self.program.located(hint) for hint in outcome.hints]
        return outcome

    def figures(self) -> list[dict[str, str]]:
        """Return what is shown of a function that is right."""
        if not self.task.shown:
            return []
        with self.calling(LONG) as call:
            found: list[dict[str, str]] = _named(self.task.shown)(call)
            return found

    def calling(self, seconds: float = SECONDS, extra: str = "") -> "Calling":
        """Return what calls the functions of the file, with more text behind it if need be."""
        return Calling(self, seconds, extra)

    def started(self, path: Path, names: list[str], seconds: float) -> Contained:
        """Return a contained process that `give_up` reaches."""
        self._caller = Contained(path, names, timeout=seconds, alone=True)
        if self._unwanted:
            self._caller.given_up.set()
        return self._caller

    def _judged(self) -> Outcome:
        if self.task.judge:
            try:
                with self.calling() as call:
                    outcome: Outcome = _named(self.task.judge)(call)
                    outcome.printed = call.printed
                    return outcome
            except TooLate:
                return Outcome("timeout", "It took too long", f"It did not finish within {SECONDS:g} s.")
            except Ended as stop:
                return Outcome("error", "There was no answer", f"{stop}.")
        name = self.task.name
        with self.program.written() as path:
            caller = self.started(path, [name], SECONDS)
            report = judge(caller, {name: target(self.task.judged_as)}, path.name, {"reads": True})
        if not report.functions:
            return Outcome("error", f"There is no function {name}", f"The section must define {name}.")
        return _outcome(report.functions[0], report.printed)


def _named(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def _outcome(report: FunctionReport, printed: str) -> Outcome:
    """Return a verdict as the page shows it."""
    reads = state_of_reads(report)
    if report.diagnosis is None:
        return Outcome("passed", "It is right", f"{report.probes} questions, all answered rightly.", reads=reads,
                       printed=printed)  # fmt: skip
    found: Diagnosis = report.diagnosis
    example = [line.strip() for line in smallest_lines(found.evidence.get("smallest")) if line.strip()]
    wordless = found.code == "unrecognised" or report.status in ("error", "timeout")
    return Outcome(
        report.status,
        found.title,
        found.message if wordless else "",
        found.code,
        example,
        staged(found),
        reads,
        printed,
    )


class Program:
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
    """The functions of a hand-in, called one by one in a contained process."""

    def __init__(self, trial: Trial, seconds: float, extra: str):
        self.trial, self.seconds = trial, seconds
        self.extra = extra
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
        caller = self._started()
        caller.timeout = seconds or self.seconds
        caller.begin()
        given = [np.asarray(a) for a in arrays]
        order = [{"scalar": n} if a.ndim == 0 else n for n, a in enumerate(given)]
        answer = caller.call([np.atleast_1d(a) for a in given], steps=[{"call": name, "order": order}])
        if answer.error is not None:
            line = f", at {answer.error['line']}" if answer.error.get("line") else ""
            raise Ended(f"it raised {answer.error['type']}: {answer.error['text']}{line}")
        if answer.value is None:
            raise Ended(f"{name} returns {'nothing' if answer.facts.get('nothing') else 'no array of numbers'}")
        return np.asarray(answer.value)

    def _started(self) -> Contained:
        if self._caller is None or not self._caller.alive:
            self._close()
            program = Program(self.trial.sections, self.trial.task.name, self.extra)
            with program.written() as path:
                self._caller = self.trial.started(path, [self.trial.task.name], self.seconds)
                loaded = self._caller.start()
            if self.trial.task.name not in loaded["functions"]:
                problem = loaded.get("error") or next(iter(loaded["notes"]), None)
                why = f"{problem['type']}: {problem['text']}" if problem else "it is not in the section"
                raise Ended(f"there is no function {self.trial.task.name}: {why}")
        return self._caller

    def _close(self) -> None:
        if self._caller is not None:
            self._caller.close()
