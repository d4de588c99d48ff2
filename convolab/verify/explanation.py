"""What does a wrong function compute instead? The relation is fitted to it, and said in a sentence."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convolab.errors import ArgumentError
from convolab.fitting.bias import AskBias, BiasFit, fit_bias
from convolab.fitting.conventions import convention
from convolab.fitting.fit import Fit, fitted
from convolab.fitting.patterns import patterns
from convolab.fitting.readings import Ask
from convolab.fitting.rules import roles
from convolab.fitting.words import as_dict, sentence
from convolab.geometry import Geometry
from convolab.verify.examine import Examination
from convolab.verify.targets import OPTIONS, Arrays

# (input), (kernel) of planes: those whose products are read, then those that the fit is proved on.
PLANES = [((5, 8), (3, 2)), ((6, 7), (2, 3)), ((7, 7), (3, 3)), ((6, 9), (4, 2)), ((7, 8), (5, 4)), ((6, 6), (2, 2))]
FRESH_PLANES = [((7, 5), (3, 4)), ((8, 8), (2, 2)), ((9, 9), (3, 3))]
# The same with (batch, input channels, output channels) and (stride, padding, dilation); channels are those of a group.
BATCHES = [
    ((5, 8), (3, 2), (2, 2, 3), (1, 0, 1)), ((7, 6), (2, 3), (3, 2, 2), (2, 1, 1)),
    ((8, 9), (3, 2), (2, 2, 2), (1, 1, 2)), ((7, 7), (3, 3), (2, 1, 2), (3, 1, 1)),
    ((6, 8), (3, 4), (1, 3, 1), (1, 2, 1)), ((9, 8), (2, 3), (2, 1, 2), (2, 1, 2)),
    ((6, 5), (2, 2), (2, 2, 1), (1, 1, 1)),
]  # fmt: skip
FRESH_BATCHES = [
    ((8, 7), (3, 2), (2, 3, 2), (2, 1, 1)),
    ((7, 9), (2, 3), (1, 2, 2), (1, 1, 1)),
    ((7, 6), (3, 3), (1, 2, 2), (1, 1, 1)),
]
# The same with groups, for functions that take them.
GROUPED = [((5, 6), (2, 3), (2, 2, 1), (1, 0, 1, 2)), ((5, 5), (3, 2), (1, 1, 2), (1, 1, 1, 3))]
FRESH_GROUPED = [((6, 5), (2, 2), (1, 2, 2), (1, 1, 1, 3))]
# Those in which the bias is read: their outputs are as high, or as wide, as they have channels.
BIASED = [
    ((4, 5), (3, 2), (2, 2, 4), (1, 0, 1)), ((5, 4), (2, 3), (2, 3, 4), (1, 0, 1)),
    ((6, 5), (3, 2), (1, 2, 4), (1, 0, 1)), ((5, 6), (2, 3), (3, 3, 4), (1, 0, 1)),
]  # fmt: skip


def explain(examination: Examination) -> tuple[str, dict[str, Any], str | None] | None:
    """Return the sentence, the fit and the library whose convention it is; None where no fit gives its values."""
    plane, found = examination.target.plane, fit_of(examination)
    said = "" if found is None else sentence(found, plane=plane)
    if found is None or not said:
        return None
    return said, as_dict(found), convention(found, plane=plane)


def fit_of(examination: Examination) -> Fit | None:
    """Return what the function computes, or None where no fit gives its values; `names.code` gives its code."""
    operation, target = examination.target.operation, examination.target
    _, second, first = roles(operation)
    if examination.dtype not in (None, np.dtype(np.float64)):
        return None  # short numbers are too coarse to tell places by their products

    def ask_in(geometry: Geometry) -> Ask:
        def ask(one: np.ndarray, other: np.ndarray) -> np.ndarray | None:
            arrays = {first: one, second: other}
            return _answer(examination, geometry, {name: arrays[name] for name in target.factors})

        return ask

    read, fresh = (PLANES, FRESH_PLANES) if target.plane else (BATCHES, FRESH_BATCHES)
    if not target.plane and "groups" in examination.taken and "groups" not in (examination.options or {}):
        read, fresh = [*read, *GROUPED], [*fresh, *FRESH_GROUPED]
    return fitted(ask_in, operation, list(_geometries(examination, read)), list(_geometries(examination, fresh)))


def fit_of_bias(examination: Examination) -> BiasFit | None:
    """Return what the function does with its bias; None where it takes none, or does what no rule says."""
    if "bias" not in examination.taken:
        return None

    def ask_in(geometry: Geometry) -> AskBias:
        def ask(input: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray | None:
            return _answer(examination, geometry, {"input": input, "weight": weight, "bias": bias})

        return ask

    return fit_bias(ask_in, list(_geometries(examination, BIASED)))


def statements(examination: Examination) -> list[str]:
    """Return true statements about the wrong answers: where they are right, and what stands elsewhere."""
    wrong = [a.trial for a in examination.wrong if a.trial.complete and not a.probe.larger]
    return patterns([(t.geometry, np.asarray(t.expected), np.asarray(t.got)) for t in wrong]) if wrong else []


def _answer(examination: Examination, geometry: Geometry, arrays: Arrays) -> np.ndarray | None:
    """Return what the function gives; None where it raises, or where an element is missing."""
    _, trial = examination.call(geometry, arrays)
    return trial.got if trial.complete else None


def _geometries(examination: Examination, table: list[Any]) -> Iterator[Geometry]:
    """Yield the geometries of a table, with the options that the function takes or that were given for it."""
    for input, kernel, *rest in table:
        if not rest:
            yield Geometry(input, kernel)
            continue
        (n, ci, co), options = rest[0], dict(zip(OPTIONS, rest[1], strict=False))
        kept = {name: value for name, value in options.items() if name in examination.taken} | (
            examination.options or {}
        )
        groups = kept.get("groups", 1)
        try:
            yield Geometry(input, kernel, batch=n, in_channels=ci * groups, out_channels=co * groups, **kept)
        except ArgumentError:
            continue  # options that were given may not fit a small image
