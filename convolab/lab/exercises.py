"""What is to be written? The functions of each exercise, with the text that a student begins with.

`solutions/` holds every function whole; what stands between its two marks is left out of what a student begins with.
"""

import ast
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from convolab.errors import ArgumentError

HERE = Path(__file__).parent
MARK = re.compile(r"^# %% (\w+)[ \t]*$", re.MULTILINE)  # as VS Code, Spyder and jupytext mark a cell
SOLUTION = re.compile(r"^[ \t]*### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION\n", re.MULTILINE | re.DOTALL)
MARKS = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION\n", re.MULTILINE)
HERE_IT_GOES = "    # Your code goes here.\n"


@dataclass(frozen=True)
class Task:
    """One function to write.

    Attributes
    ----------
    name : str
        Its name, and that of its section in the file.
    title : str
    judged_as : str
        What `check` judges it as; empty where only the lab judges it (see `trying`).
    """

    name: str
    title: str
    judged_as: str = ""


@dataclass(frozen=True)
class Exercise:
    """One exercise: a notebook, and one file that is handed in."""

    number: int
    title: str
    tasks: tuple[Task, ...] = field(default=())

    @property
    def file(self) -> str:
        """The name of the file that is handed in."""
        return f"exercise{self.number}.py"

    @property
    def notebook(self) -> Path:
        """The notebook, as marimo opens it."""
        return HERE / "notebooks" / self.file

    @property
    def names(self) -> list[str]:
        """The names of the functions to write."""
        return [task.name for task in self.tasks]

    @property
    def judged_as(self) -> dict[str, str]:
        """Which functions `check` judges, and as what."""
        return {task.name: task.judged_as for task in self.tasks if task.judged_as}

    def task(self, name: str) -> Task:
        """Return the task of a name."""
        for task in self.tasks:
            if task.name == name:
                return task
        raise ArgumentError(f"task: {name!r} is unknown in exercise {self.number}. Expected {', '.join(self.names)}.")


EXERCISES = {
    exercise.number: exercise
    for exercise in (
        Exercise(
            2,
            "Convolution from its definition; Sobel",
            (
                Task("compute_convolution_at_position", "One element", "compute_convolution_at_position"),
                Task("apply_convolution", "All elements", "apply_convolution"),
                Task("apply_custom_sobel", "Edges", "apply_custom_sobel"),
                Task("convolve_with_stride", "Stride", "conv2d"),
                Task("convolve_with_padding", "Padding", "conv2d"),
                Task("convolve_channels", "Channels", "conv2d"),
                Task("convolve_batch", "Batch", "conv2d"),
            ),
        ),
        Exercise(
            3,
            "The gradients of the convolution operator",
            (
                Task("conv_gradient_wrt_kernel", "With respect to the kernel", "conv_gradient_wrt_kernel"),
                Task("conv_gradient_wrt_input", "With respect to the input", "conv_gradient_wrt_input"),
                Task("central_difference", "The check"),
                Task("climb", "The ascent"),
            ),
        ),
    )
}


@cache
def solution(number: int) -> str:
    """Return the file of an exercise with every function whole."""
    return MARKS.sub("", _source(number))


@cache
def beginning(number: int) -> str:
    """Return the file that a student begins with: the functions without their bodies."""
    return SOLUTION.sub(HERE_IT_GOES, _source(number))


def _source(number: int) -> str:
    return (HERE / "solutions" / EXERCISES[number].file).read_text(encoding="utf-8")


@cache
def parameters(name: str) -> list[str]:
    """Return what an exercise calls the arguments of a function."""
    number = next(n for n, exercise in EXERCISES.items() if name in exercise.names)
    defined = (node for node in ast.parse(beginning(number)).body if isinstance(node, ast.FunctionDef))
    return [a.arg for node in defined if node.name == name for a in node.args.args]


def exercise_of(text: str) -> Exercise | None:
    """Return the exercise that a file belongs to, by its sections; None for any other file."""
    names = set(MARK.findall(text))
    return next((e for e in EXERCISES.values() if names and names & set(e.names)), None)
