"""What helps somebody who is stuck? Hints made of a diagnosis, one after the other, each saying more."""

from collections.abc import Sequence

from convolab.verify.diagnosis import Diagnosis
from convolab.verify.words import smallest_lines


def example(diagnosis: Diagnosis, name: str, parameters: Sequence[str]) -> list[str]:
    """Return the smallest input that shows a mistake, with the arguments as the exercise calls them."""
    smallest = diagnosis.evidence.get("smallest")
    if not smallest:
        return []
    named = dict(zip(("input", "weight"), parameters, strict=False))
    told = {named.get(word, word): value for word, value in smallest.items()}
    if "call" in told and "weight" in smallest:
        told["call"] = f"{name}({', '.join(parameters)})"
    return [" ".join(line.split()) for line in smallest_lines(told)[2:]]


def staged(diagnosis: Diagnosis, lines: Sequence[str]) -> list[str]:
    """Return the hints, the vaguest first: a question, an example to do by hand, what the code does instead."""
    steps = [
        diagnosis.hint,
        "\n".join(["Do the smallest input that shows it by hand:", *lines]) if lines else "",
        " ".join([diagnosis.message, *diagnosis.explanation_lines()]),
    ]
    return [step for step in steps if step]
