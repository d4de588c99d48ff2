"""What was measured, where and how, as one JSON file from which published figures are written."""

import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from convolab.environment import environment
from convolab.errors import OutputError
from convolab.files import make_folder, write_whole


def make_record(subject: str, rows: list[dict[str, Any]], **about) -> dict[str, Any]:
    """A benchmark's rows with everything needed to repeat or to judge them.

    Parameters
    ----------
    subject : str
        What was measured: `ops`, `edges`, `train`, `accuracy`.
    rows : list of dict
        The measurements, each with its `case`.
    about
        What else belongs to the run, such as `seeds`; `n` defaults to the number of rows.
    """
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return (
        {"subject": subject, "command": _command_line(), "when": when, "n": len(rows)}
        | about
        | environment()
        | {"rows": rows}
    )


def _command_line() -> str:
    """The command as it can be typed again, whichever file started it."""
    return shlex.join(["convolab", *sys.argv[1:]])


def write_record(record: dict[str, Any], *, folder: Path = Path("benchmarks"), force: bool = False) -> Path:
    """Write `folder/SUBJECT.json` whole, and only over an older one when told so."""
    path = folder / f"{record['subject']}.json"
    if path.exists() and not force:
        raise OutputError(f"record: {path} exists. Give --force to replace it (the older one stays in the history)")
    make_folder(folder)
    return write_whole(path, json.dumps(record, indent=1, allow_nan=False) + "\n")
