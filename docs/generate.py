"""Write the pages and pictures that the code knows better than we do: `python docs/generate.py`.

`tests/test_documentation.py` fails where one of them is not what this would write.
"""

import contextlib
import io
import json
import os
import sys
from functools import partial
from pathlib import Path

import numpy as np

import convolab as cl
from convolab.cli import COMMANDS, main
from convolab.definition.derivation import derivation
from convolab.gradient.ascent_picture import ascent_picture
from convolab.gradient.curve import sheets_curves
from convolab.gradient.error_picture import error_picture
from convolab.lab.exercises import EXERCISES
from convolab.lab.handing_out import hand_out
from convolab.views.curve import step_picture
from convolab.views.faults import planted_faults
from convolab.views.page import WIDGETS, one_page
from convolab.views.sliding import sliding

sys.path.insert(0, str(Path(__file__).parent))
import courses_table
import signatures_table
from claims import in_readme
from edges_page import edges_page
from engines_page import engines_page
from exercise1_table import in_check_page as with_mistakes
from growth_page import growth_picture, performance_page
from hazards_page import hazards_page
from house import in_architecture, picture
from lab_picture import lab_picture
from reading_page import reading_page, reliability

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
BENCHMARKS = DOCS.parent / "benchmarks"

SEVEN = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 9, 9, 9, 9, 9, 0],
        [0, 0, 0, 0, 8, 7, 0],
        [0, 0, 0, 7, 9, 0, 0],
        [0, 0, 2, 9, 4, 0, 0],
        [0, 0, 8, 7, 0, 0, 0],
    ]
)
SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def commands() -> str:
    """What `--help` says of every command."""
    parts = ["# Commands\n\nWritten by `python docs/generate.py` from `--help`.\n"]
    for arguments in ([], *([name] for name in sorted(COMMANDS))):
        parts.append(f"## {' '.join(['convolab', *arguments])}\n\n```text\n{_help(arguments)}\n```\n")
    return "\n".join(parts)


def _help(arguments: list[str]) -> str:
    os.environ.update(COLUMNS="110", NO_COLOR="1", TERM="dumb")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        main([*arguments, "--help"])
    return "\n".join(line.rstrip() for line in printed.getvalue().strip().splitlines())


def training_figures() -> str:
    """The recorded accuracy benchmark as a table."""
    record = json.loads((BENCHMARKS / "accuracy.json").read_text(encoding="utf-8"))
    machine = record["machine"]
    lines = [
        "# Accuracy and time of training\n",
        "Written by `python docs/generate.py` from `benchmarks/accuracy.json`, which this command recorded:\n",
        f"```text\n{record['command']}\n```\n",
        f"{record['when'][:10]}, commit {record['commit']}, torch {record['versions']['torch']}, {machine['cpu']} with "
        f"{machine['cores']} cores ({', '.join(machine['features'])}), load {busy(record)}.\n",
        "| recipe | seed | epochs | test accuracy | training | in all | precision |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in record["rows"]:
        named = f"{row['case']} | {row['seed']} | {row['epochs']} | {row['test_accuracy']:.2%}"
        lines.append(f"| {named} | {row['train_seconds']:.1f} s | {row['total_seconds']:.1f} s | {row['precision']} |")
    return "\n".join([*lines, "", *summaries(record), ""])


def busy(record: dict) -> str:
    """How busy the machine was: programs that wanted a core, over the last 15 minutes."""
    return str(record["load"][-1]) if record.get("load") else "not recorded"


def summaries(record: dict) -> list[str]:
    """A sentence for each recipe, and the ratio of their times."""
    lines = []
    for name, figures in record["summary"].items():
        spread = f" (standard deviation {100 * figures['deviation']:.2f} points)" if figures["deviation"] else ""
        lines.append(
            f"- `{name}`, {figures['n']} seeds: mean test accuracy {figures['mean_test_accuracy']:.2%}{spread}."
        )
    if ratio := record.get("ratio"):
        lines.append(
            f"- The default recipe takes {ratio['train_seconds']:.3f} of the sheet's training time, and "
            f"{ratio['total_seconds']:.3f} of its time in all."
        )
    return lines


def gradient_error() -> str:
    """The error picture of docs/gradients.md: a border forgotten, and a mean over the batch."""
    rng = np.random.default_rng(0)
    x, w = rng.integers(-4, 5, (2, 2, 7, 9)).astype(float), rng.integers(-4, 5, (3, 2, 3, 2)).astype(float)

    def forward(x, w):
        return cl.conv2d(x, w, stride=2, padding=1)

    def gradients(grad_output, x, w):
        grad_x = cl.conv2d_input(x.shape, w, grad_output, stride=2, padding=1)
        grad_x[:, :, [0, -1]] = 0
        return grad_x, cl.conv2d_weight(x, w.shape, grad_output, stride=2, padding=1) / len(x)

    return error_picture(cl.gradcheck(forward, (x, w), gradients)).svg()


PAGES = {
    "hazards.md": hazards_page,
    "reading.md": reading_page,
    "reading.svg": lambda: reliability().svg(),
    "house.svg": picture,
    "lab.svg": lambda: lab_picture(SEVEN, SOBEL_X),
    "sliding.svg": lambda: sliding(SEVEN, SOBEL_X),
    "derivation.svg": lambda: derivation({"output": 2, "input": 2, "weight": 2}).svg(),
    "gradient-error.svg": gradient_error,
    "planted-faults.md": lambda: planted_faults(DOCS.parent / "benchmarks" / "gradcheck.json"),
    "commands.md": commands,
    "edges.md": edges_page,
    "engines.md": engines_page,
    "training-figures.md": training_figures,
    "performance.md": performance_page,
    "growth-filters.svg": lambda: growth_picture(filters=True).svg(),
    "growth-operator.svg": lambda: growth_picture(filters=False).svg(),
    **{f"{widget}.html": partial(one_page, widget) for widget, known in WIDGETS.items() if not known.traits},
}


# Pictures whose last digits depend on the machine, and pages with a picture that is packed there: not compared.
FIGURES = {
    **{f"{widget}.html": partial(one_page, widget) for widget, known in WIDGETS.items() if known.traits},
    "step-curve.svg": lambda: step_picture(sheets_curves()).svg(),
    "ascent-sphere.svg": lambda: ascent_picture(cl.maximize(SOBEL_X, 9, constraint="sphere")).svg(),
    "ascent-none.svg": lambda: ascent_picture(cl.maximize(SOBEL_X, 9)).svg(),
}


def in_check_page(text: str) -> str:
    """The page on `check` with its tables of signatures and courses written anew."""
    return courses_table.in_check_page(signatures_table.in_check_page(text))


def generate(folder: Path = DOCS) -> None:
    """Write every page into the folder."""
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    generate()
    hand_out(DOCS.parent / "labs", list(EXERCISES.values()), force=True)
    check = DOCS / "check.md"
    architecture = DOCS / "architecture.md"
    tables = ((README, in_readme), (architecture, in_architecture), (check, in_check_page), (check, with_mistakes))
    for page, rewritten in tables:
        page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
    for name, draw in FIGURES.items():
        (DOCS / name).write_text(draw(), encoding="utf-8")
