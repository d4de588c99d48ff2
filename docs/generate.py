"""Write the pages and pictures that the code knows better than we do: `python docs/generate.py`.

`tests/test_documentation.py` fails where one of them is not what this would write.
"""

import contextlib
import io
import os
import sys
from pathlib import Path

import numpy as np

from convolab.cli import COMMANDS, main
from convolab.views.sliding import sliding

sys.path.insert(0, str(Path(__file__).parent))
from edges_page import edges_page

DOCS = Path(__file__).parent

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


PAGES = {
    "sliding.svg": lambda: sliding(SEVEN, SOBEL_X),
    "commands.md": commands,
    "edges.md": edges_page,
}


def generate(folder: Path = DOCS) -> None:
    """Write every page into the folder."""
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(generate())
