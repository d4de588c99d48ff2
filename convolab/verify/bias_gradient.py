"""What is wrong with the gradient of a bias? It is a sum over images, rows and columns, of which one may be missing."""

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np

from convolab.definition.mistakes import agree
from convolab.verify.examine import Asked, Examination

NAMES = {"N": "images", "H": "rows", "W": "columns", "O": "filters"}


class WayToAdd(NamedTuple):
    """One way to add up the output gradient: what it is called, and its value."""

    code: str
    sentence: str
    value: np.ndarray


def of_bias_gradient(examination: Examination) -> tuple[str, str] | None:
    """Return the code and a sentence of the sum that gives every answer; None where there is none."""
    if examination.target.operation != "bias_gradient":
        return None
    answered = [a for a in examination.asked if a.answer.value is not None and not a.probe.larger]
    if not answered:
        return None
    ways = [{s.sentence: s for s in _sums(examination, a)} for a in answered]
    for sentence, first in ways[0].items():
        if all(sentence in w and _gives(w[sentence], a) for w, a in zip(ways, answered, strict=True)):
            return first.code, sentence
    return None


def _gives(one: WayToAdd, asked: Asked) -> bool:
    got = np.asarray(asked.answer.value, float)
    return got.size == one.value.size and agree(got.ravel(), one.value.ravel(), asked.trial.tolerance)


def _sums(examination: Examination, asked: Asked) -> Iterator[WayToAdd]:
    """Yield the sums that a mistaken program computes, in the order of its own axes."""
    layout, grad = examination.form.layout, np.asarray(asked.arrays["grad_output"], float)
    sent, g = layout.sent("grad_output", grad), asked.probe.geometry
    letters = layout.grad_output
    kept = [letter for letter in letters if letter != "O"]
    whole = tuple(letters.index(letter) for letter in kept)
    for count in range(len(kept) - 1, -1, -1):
        for some in combinations(kept, count):
            left = " and ".join(NAMES[letter] for letter in kept if letter not in some)
            axes = tuple(letters.index(letter) for letter in some)
            yield WayToAdd("bias-gradient-axes", f"it is not summed over the {left}", sent.sum(axes))
    yield WayToAdd(
        "bias-gradient-axes", "it is summed over everything, the filters too", np.full(g.out_channels, sent.sum())
    )
    yield WayToAdd("bias-gradient-axes", "it is summed over everything, the filters too", sent.sum().reshape(1))
    yield from _laid_out(sent, letters)
    full = sent.sum(whole)
    for code, words, factor in (
        ("batch-mean", "the sum over the images is divided by their number", 1 / g.batch),
        ("mean-for-sum", "the sum is divided by the number of its terms", g.out_channels / grad.size),
        ("scaled", "it is twice the sum", 2.0),
        ("sign", "it is the negative of the sum", -1.0),
    ):
        yield WayToAdd(code, words, full * factor)
    yield WayToAdd(
        "upstream-ignored",
        "ones are added up in place of the output gradient",
        np.full(full.shape, grad.size / g.out_channels),
    )
    yield WayToAdd("batch-zero-only", "only the first image counts", grad[0].sum((1, 2)))
    yield WayToAdd("overwrites", "only the last image counts", grad[-1].sum((1, 2)))
    yield WayToAdd("overwrites", "only the last row and column count", grad[:, :, -1, -1].sum(0))
    yield WayToAdd("overwrites", "only the last element counts", grad[-1, :, -1, -1])
    for axis, name in ((2, "row"), (3, "column")):
        for which, at in (("first", 0), ("last", -1)):
            yield WayToAdd("bias-gradient-axes", f"only the {which} {name} counts", grad.take(at, axis).sum((0, 2)))


def _laid_out(sent: np.ndarray, letters: str) -> Iterator[WayToAdd]:
    """Yield the sums over the numbers as they lie in memory, read in another order of the axes."""
    words = {"N": "batch", "O": "channel", "H": "row", "W": "column"}
    sizes = dict(zip(letters, sent.shape, strict=True))
    for order in permutations(letters):
        if "".join(order) != letters:
            read = sent.reshape([sizes[letter] for letter in order])
            said, meant = (", ".join(words[letter] for letter in some) for some in (order, letters))
            sums = read.sum(tuple(n for n, letter in enumerate(order) if letter != "O"))
            yield WayToAdd(
                "layout", f"the numbers of the output gradient, laid out as ({meant}), are read as ({said})", sums
            )
