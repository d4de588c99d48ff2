"""Where are fractions, or digits, lost? In a type, in the bias, or somewhere in the sum of products."""

from typing import Any

import numpy as np

from convolab.definition.mistakes import agree
from convolab.geometry import OPERATIONS
from convolab.verify.examine import Asked, Examination
from convolab.verify.truth import tolerance, truth


def of_image_type(examination: Examination) -> tuple[str, str] | None:
    """Return `integer-output` where only images of bytes are wrong, and the result is of their type."""
    wrong = examination.wrong
    if any(np.asarray(a.arrays.get("input")).dtype.kind not in "iu" or a.trial.got is None for a in wrong):
        return None
    if any(a.answer.facts.get("dtype") != "uint8" for a in wrong):
        return None
    return (
        "integer-output",
        "floating images are right; an image of bytes gives a result of bytes, in which sums wrap around",
    )


def of_digits(examination: Examination) -> tuple[str, str] | None:
    """Return `wrong-dtype` where every wrong value is as near to the right one as half precision comes."""
    wrong, operation = examination.wrong, examination.target.operation
    if operation not in OPERATIONS or examination.dtype is not None or any(not a.trial.complete for a in wrong):
        return None
    for a in wrong:
        room = tolerance(operation, a.probe.geometry, a.arrays, 2.0**-10)
        if not agree(a.trial.got, a.trial.expected, room):
            return None
    return "wrong-dtype", "the values are right to about three digits only, as those are that are computed in float16"


def of_fractions(examination: Examination) -> tuple[str, str] | None:
    """Return `integer-output` where whole numbers are right and fractions are not, wherever they are lost."""
    exact = [a for a in examination.asked if a.probe.manner == "integers" and not a.probe.larger]
    parts = [a for a in examination.asked if a.probe.manner == "fractions"]
    wrong = [a for a in parts if not a.right and a.trial.got is not None]
    if not wrong or not exact or not all(a.right for a in exact):
        return None
    if all(_has_its_bias_cut(a) for a in wrong):
        return "integer-output", "the bias is cut to a whole number"
    cut = next((words for words in CUTS if all(_is_cut(words, a) for a in wrong)), None)
    if cut is not None:
        return "integer-output", f"{cut} to a whole number"
    count = f"{len(wrong)} of {len(parts)}"
    return "integer-output", f"whole numbers are right, {count} inputs with fractions are not: they are lost on the way"


# Where fractions can be lost in a sum of products: which products are added up before, and whether the sum runs on.
CUTS = {
    f"{what} is {verb}": (kept, running, rounded)
    for verb, rounded in (("cut", np.trunc), ("rounded down", np.floor), ("rounded", np.rint))
    for what, kept, running in (
        ("every product", (1, 2, 3), False),
        ("the sum over each row of the kernel", (1, 2), False),
        ("the sum over each column of the kernel", (1, 3), False),
        ("the sum over each channel", (1,), False),
        ("the running sum, after every product,", (1, 2, 3), True),
        ("the running sum, after every row of the kernel,", (1, 2), True),
        ("the running sum, after every channel,", (1,), True),
    )
}


def _has_its_bias_cut(asked: Asked) -> bool:
    bias = asked.arrays.get("bias")
    if asked.trial.operation != "forward" or bias is None:
        return False
    made = truth("forward", asked.probe.geometry, asked.arrays | {"bias": np.trunc(bias)})
    return agree(asked.trial.got, made, asked.trial.tolerance)


def _is_cut(words: str, asked: Asked) -> bool:
    """Return whether an answer is a sum that loses its fractions there; only of an output."""
    if asked.trial.operation != "forward" or asked.arrays.get("bias") is not None:
        return False
    kept, running, rounded = CUTS[words]
    weight = np.asarray(asked.arrays["weight"], float)
    total = np.zeros(asked.trial.expected.shape)
    for place in np.ndindex(*(weight.shape[axis] for axis in kept)):
        mask = np.zeros(weight.shape)
        index: list[Any] = [slice(None)] * 4
        for axis, at in zip(kept, place, strict=True):
            index[axis] = at
        mask[tuple(index)] = 1.0
        part = truth("forward", asked.probe.geometry, asked.arrays | {"weight": weight * mask})
        total = rounded(total + part) if running else total + rounded(part)
    return agree(asked.trial.got, total, asked.trial.tolerance)
