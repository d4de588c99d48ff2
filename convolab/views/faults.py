"""Who notices which planted fault, and what is said? A page, written from the recorded run."""

import json
from pathlib import Path

CHECKS = {
    "convolab": "`convolab gradcheck`",
    "torch": "`torch.autograd.gradcheck`",
    "jax": "`jax.test_util.check_grads`",
}

# What earlier recordings call a fault that has another name now.
RENAMED = {"not-deterministic": "not-repeatable"}


def planted_faults(record: Path) -> str:
    """Return the page, written from the record of `convolab bench gradcheck --peers --record`."""
    run = json.loads(record.read_text())
    planted = [row for row in run["rows"] if row["expected"]]
    lines = [
        "# The planted faults",
        "",
        f"Written by `python docs/generate.py` from `benchmarks/{record.name}`, recorded by",
        f"`{run['command']}`: planted faults, each the same function at the same point for",
        "every check, with its own default settings; and the right gradient, which all three pass.",
        "",
        "| of " + str(len(planted)) + " planted faults | noticed |",
        "| --- | --- |",
        *(f"| {title} | {run[f'{name}_noticed']} |" for name, title in CHECKS.items() if f"{name}_noticed" in run),
        "",
        f"`convolab gradcheck` calls {run['convolab_named']} of them by the name they were planted under. A fault that",
        "it says to be `unrecognised` has several names that do the same at this size; `wrong-gradient` means that no",
        "known mistake does.",
        "",
        "| planted | convolab says | torch | jax |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *map(_row, planted), ""])


def _row(row: dict) -> str:
    cells = [_said(row, name) for name in CHECKS]
    cells[1:] = [_short(cell) for cell in cells[1:]]
    return f"| {_plain(row['case'])} | " + " | ".join(cells) + " |"


def _said(row: dict, name: str) -> str:
    if name not in row:
        return "not installed"
    said = row[f"{name}_says"]
    return _plain(RENAMED.get(said, said)) if row[name] else "**passes**"


def _short(text: str) -> str:
    """Return enough of a message to tell what it speaks of."""
    return text if len(text) <= 58 else text[:56].rstrip() + " …"


def _plain(text: str) -> str:
    return text.replace("|", "\\|")
