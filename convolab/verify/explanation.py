"""What does a wrong function compute instead? The relation is fitted to it, and said in a sentence."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from convolab.fitting.channels import roles
from convolab.fitting.conventions import convention
from convolab.fitting.fit import fitted
from convolab.fitting.readings import Ask
from convolab.fitting.words import as_dict, sentence
from convolab.geometry import OPERATIONS, Geometry
from convolab.verify.asked import Sizes
from convolab.verify.examine import Examination

# (input), (kernel) of planes: those whose products are read, then those that the fit is proved on.
PLANES = [((5, 8), (3, 2)), ((6, 7), (2, 3)), ((7, 6), (3, 3)), ((6, 9), (4, 2)), ((7, 8), (5, 4))]
FRESH_PLANES = [((7, 5), (3, 4)), ((8, 8), (2, 2))]
# The same with (batch, input channels, output channels) and (stride, padding, dilation).
BATCHES = [
    ((5, 8), (3, 2), (2, 2, 3), (1, 0, 1)), ((7, 6), (2, 3), (3, 2, 2), (2, 1, 1)),
    ((8, 9), (3, 2), (2, 2, 2), (1, 1, 2)), ((7, 7), (3, 3), (2, 1, 2), (3, 1, 1)),
    ((6, 8), (3, 4), (1, 3, 1), (1, 2, 1)),
]  # fmt: skip
FRESH_BATCHES = [((8, 7), (3, 2), (2, 3, 2), (2, 1, 1)), ((7, 9), (2, 3), (1, 2, 2), (1, 1, 1))]


def explain(examination: Examination) -> tuple[str, dict[str, Any], str | None] | None:
    """Return the sentence, the fit and the library whose convention it is; None where no fit gives its values."""
    operation = examination.target.operation
    if operation not in OPERATIONS:
        return None
    _, second, first = roles(operation)
    if examination.dtype is not None and examination.dtype.name != "float64":
        return None  # short numbers are too coarse to tell places by their products

    def ask_in(geometry: Geometry) -> Ask:
        def ask(one: np.ndarray, other: np.ndarray) -> np.ndarray | None:
            arrays = {first: one, second: other}
            factors = {name: arrays[name] for name in examination.target.factors}
            _, trial = examination.call(geometry, examination.filled(factors, geometry))
            return None if trial.got is None or (trial.missing is not None and trial.missing.any()) else trial.got

        return ask

    plane = examination.plane
    read, fresh = (PLANES, FRESH_PLANES) if plane and not examination.taken else (BATCHES, FRESH_BATCHES)
    found = fitted(ask_in, operation, list(_geometries(examination, read)), list(_geometries(examination, fresh)))
    if found is None or found.is_what_was_asked:
        return None
    return sentence(found, plane=plane), as_dict(found), convention(found) if plane else None


def _geometries(examination: Examination, table: list[Any]) -> Iterator[Geometry]:
    """Yield the geometries of a table, as the function takes them."""
    for input, kernel, *rest in table:
        (n, ci, co), (stride, padding, dilation) = rest or ((1, 1, 1), (1, 0, 1))
        found = examination.questions.geometry(n, ci, co, Sizes(input, kernel, stride, padding, dilation))
        if found is not None:
            yield found
