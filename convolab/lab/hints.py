"""What helps somebody who is stuck? Hints made of a diagnosis, one after the other, each saying more."""

from typing import Any

from convolab.verify.diagnosis import Diagnosis
from convolab.verify.words import smallest_lines


def staged(diagnosis: Diagnosis) -> list[str]:
    """Return the hints, the vaguest first: a question, an example to do by hand, what the code does instead."""
    lines = [" ".join(line.split()) for line in smallest_lines(_shown(diagnosis.evidence))[2:]]
    steps = [
        diagnosis.hint,
        "\n".join(["Do the smallest input that shows it by hand:", *lines]) if lines else "",
        " ".join([diagnosis.message, *diagnosis.explanation_lines()]),
    ]
    return [step for step in steps if step]


def _shown(evidence: dict[str, Any]) -> dict[str, Any] | None:
    smallest: dict[str, Any] | None = evidence.get("smallest")
    return smallest
