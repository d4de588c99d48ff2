"""Where does a command's file go? To a file, whole and over no other unasked; or, for `-o -`, to standard output."""

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console

from convolab.cli.console import refuse_existing, stderr, stdout
from convolab.errors import UsageError

FIGURES = (".png", ".svg", ".pdf")
STANDARD = "-"


Output: Any = Annotated[Path | None, Parameter(name=["--output", "-o"], allow_leading_hyphen=True)]
Figure: Any = Annotated[
    Output,
    Parameter(
        help="Draw it: a .svg for pages, a .pdf for print, or a .png; - writes a PNG to standard output. All but "
        "the SVG need matplotlib."
    ),
]


def is_standard(output: Path | None) -> bool:
    return str(output) == STANDARD


def check_output(output: Path | None, endings: tuple[str, ...], *, force: bool, as_json: bool) -> None:
    """Refuse, before anything is computed, a file that could not be written in the end."""
    if output is None:
        return
    if not is_standard(output):
        if output.suffix.lower() not in endings:
            raise UsageError(f"--output: {output} has no known ending. Expected {', '.join(endings)}, or -")
        return refuse_existing("--output", output, force=force)
    if as_json:
        raise UsageError("--json: standard output takes the file or the JSON, not both. Give -o a file")
    if sys.stdout is not None and sys.stdout.isatty():
        raise UsageError("--output: - would fill the terminal with bytes. Send it to a file or a pipe")


def kind_of(output: Path) -> Any:
    """What is written: png, svg or pdf; a PNG to standard output."""
    return "png" if is_standard(output) else output.suffix.lower().removeprefix(".")


def deliver(output: Path, content: bytes, *, more: str = "") -> None:
    """Write a file whole, and say so; or write to standard output."""
    if is_standard(output):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from convolab.files import write_whole

    write_whole(output, content)
    wrote(output, more)


def wrote(path: Path | str, more: str = "") -> None:
    """Say on standard error what has been written."""
    stderr().print(f"wrote {path}{more}", markup=False, soft_wrap=True)


def words_beside(output: Path | None) -> Console:
    """Where a command's words go: to standard error where its file takes standard output."""
    return stderr() if is_standard(output) else stdout()
