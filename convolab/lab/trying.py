"""How is one function of a hand-in judged while it is written? In a contained process, which another thread can end."""

from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from convolab.lab import afterwards, judges
from convolab.lab.calling import Calling, SectionProgram
from convolab.lab.exercises import Task, parameters
from convolab.lab.hints import example, staged
from convolab.lab.outcome import Outcome
from convolab.verify.contained import Contained, Ended, TooLate
from convolab.verify.diagnosis import Diagnosis
from convolab.verify.judge import judge, target
from convolab.verify.verdict import FunctionReport
from convolab.views.reads import state_of_reads

SECONDS = 5.0  # that loading the file, and one function, may take while it is judged
LONG = 30.0  # for a picture of many pixels

# What `check` has no word for has a judge here.
JUDGES: dict[str, Callable[[Calling], Outcome]] = {
    "apply_custom_sobel": judges.sobel,
    "central_difference": judges.central_difference,
    "climb": judges.climb,
}
# What is shown of a function once it is right.
SHOWN: dict[str, Callable[[Calling], list[dict[str, str]]]] = {
    "apply_convolution": afterwards.components,
    "apply_custom_sobel": afterwards.edges,
    "conv_gradient_wrt_input": afterwards.gradient,
    "central_difference": afterwards.one_pixel,
    "climb": afterwards.summit,
}


def _numbers(*shape: int) -> np.ndarray:
    return np.arange(1.0, 1 + prod(shape)).reshape(shape)


# A plain case for each function that `check` judges: what raises here says so with its line, and nothing is guessed.
PLAIN: dict[str, tuple[Any, ...]] = {
    "compute_convolution_at_position": (2, 3, _numbers(5, 6), _numbers(3, 2)),
    "apply_convolution": (_numbers(5, 6), _numbers(3, 2)),
    "convolve_with_stride": (_numbers(5, 6), _numbers(3, 2), 2),
    "convolve_with_padding": (_numbers(5, 6), _numbers(3, 2), 2, 1),
    "convolve_channels": (_numbers(2, 5, 6), _numbers(3, 2, 3, 2), 2, 1),
    "convolve_batch": (_numbers(4, 2, 5, 6), _numbers(3, 2, 3, 2), 2, 1),
    "conv_gradient_wrt_kernel": (_numbers(5, 6), _numbers(3, 5)),
    "conv_gradient_wrt_input": (_numbers(3, 5), _numbers(3, 2)),
}


class Attempt:
    """One function of a file, judged in a thread; `give_up` ends it from another."""

    def __init__(self, task: Task, sections: dict[str, str], stub: str):
        self.task, self.sections, self.stub = task, sections, stub
        self._caller: Contained | None = None
        self._unwanted = False
        self.program = SectionProgram(sections, task.name)

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
        if not self.is_shown:
            return []
        with self.calling(LONG) as call:
            return SHOWN[self.task.name](call)

    @property
    def is_shown(self) -> bool:
        """Whether something is shown of the function once it is right."""
        return self.task.name in SHOWN

    def calling(self, seconds: float) -> Calling:
        """Return what calls the functions of the file, each for so many seconds at most."""
        return Calling(self.sections, self.task.name, self.started, seconds)

    def started(self, path: Path, names: list[str], seconds: float) -> Contained:
        """Return a contained process that `give_up` reaches."""
        self._caller = Contained(path, names, timeout=seconds, alone=True)
        if self._unwanted:
            self._caller.given_up.set()
        return self._caller

    def _judged(self) -> Outcome:
        name = self.task.name
        try:
            with self.calling(SECONDS) as call:
                outcome = JUDGES[name](call) if name in JUDGES else _raised(call, name)
                if outcome is not None:
                    outcome.printed = call.printed
                    return outcome
        except TooLate:
            return Outcome("timeout", "It took too long", f"It did not finish within {SECONDS:g} s.")
        except Ended as stop:
            return Outcome("error", "There was no answer", f"{stop}.")
        with self.program.written() as path:
            caller = self.started(path, [name], SECONDS)
            report = judge(caller, {name: target(self.task.judged_as)}, path.name, {"reads": True})
        return _outcome(report.functions[0], report.printed)


def _raised(call: Calling, name: str) -> Outcome | None:
    """Return what a function raises on its plain case; None where it raises nothing."""
    error = call.raised(name, *PLAIN[name])
    if error is None:
        return None
    line = f", at {error['line']}" if error.get("line") else ""
    return Outcome("error", f"It raises {error['type']}", f"{error['type']}: {error['text']}{line}.")


def _outcome(report: FunctionReport, printed: str) -> Outcome:
    """Return a verdict as the page shows it."""
    reads = state_of_reads(report)
    if report.diagnosis is None:
        return Outcome("passed", "It is right", f"{report.probes} questions, all answered rightly.", reads=reads,
                       printed=printed)  # fmt: skip
    found: Diagnosis = report.diagnosis
    lines = example(found, report.name, parameters(report.name))
    wordless = found.code == "unrecognised" or report.status in ("error", "timeout")
    return Outcome(
        report.status,
        found.title,
        found.message if wordless else "",
        found.code,
        lines,
        staged(found, lines),
        reads,
        printed,
    )
