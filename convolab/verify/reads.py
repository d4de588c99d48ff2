"""Which places of its arguments a function reads, and which it should read."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from convolab.geometry import OPERATIONS, Geometry, array_shapes
from convolab.verify.examine import Examination
from convolab.verify.truth import truth

SHOWN_OUTPUTS = 3
MOST_PLACES = 400  # a factor with more elements is not asked about one by one


@dataclass(frozen=True)
class ReadMap:
    """The answers to impulses in one factor, the numbers of the other being all different.

    Attributes
    ----------
    read, weights : str
        The factor with the impulses, and the other.
    values : array
        The other factor's numbers.
    shape : tuple of int
        Of the factor with the impulses.
    actual, expected : list of array
        For each place of the impulse, in order: what the function returned, and the right result.
    geometry : Geometry
    operation : str
    """

    read: str
    weights: str
    values: np.ndarray
    shape: tuple[int, ...]
    actual: list[np.ndarray]
    expected: list[np.ndarray]
    geometry: Geometry
    operation: str


def whole_map(examination: Examination) -> ReadMap | None:
    """Return the read map of a function that may be right too, on the simplest probe that says most; None as below."""
    found = read_map(examination)
    if found is not None or examination.wrong or examination.target.operation not in OPERATIONS:
        return found
    answered = [a for a in examination.asked if a.probe.manner == "integers" and a.trial.complete]
    return _asked(examination, answered[0].probe.geometry) if answered else None


def read_map(examination: Examination) -> ReadMap | None:
    """Ask for impulses in one factor against distinct numbers in the other.

    A convolution is linear in each factor: the answer to an impulse is, element by element, the weight with which the
    impulse's place is read. The other factor's numbers are all different, so the weight's own place can be told.

    Returns
    -------
    ReadMap or None
        None where no probe of whole numbers has a complete wrong answer, where it is too large to be asked about, or
        where the element type is too short for numbers that can all be told apart.
    """
    candidates = [a for a in examination.wrong if a.probe.manner == "integers" and a.trial.complete]
    if not candidates:
        return None
    return _asked(examination, min(candidates, key=lambda a: a.simplicity).probe.geometry)


def _asked(examination: Examination, geometry: Geometry) -> ReadMap | None:
    """Ask for every impulse of one geometry."""
    target = examination.target
    weights, read = OPERATIONS[target.operation].written
    shapes = array_shapes(geometry)
    if prod(shapes[read]) > MOST_PLACES:
        return None
    values = distinct(prod(shapes[weights])).reshape(shapes[weights])
    if examination.dtype is not None and values.max() > examination.dtype.exact:
        return None
    actual: list[np.ndarray] = []
    expected: list[np.ndarray] = []
    for place in np.ndindex(shapes[read]):
        impulse = np.zeros(shapes[read])
        impulse[place] = 1
        arrays = {read: impulse, weights: values.astype(float)}
        _, trial = examination.call(geometry, examination.filled({n: arrays[n] for n in target.factors}, geometry))
        if trial.got is None or (actual and trial.got.shape != actual[0].shape):
            return None
        actual.append(np.asarray(trial.got, float))
        expected.append(truth(target.operation, geometry, arrays))
    return ReadMap(read, weights, values, shapes[read], actual, expected, geometry, target.operation)


def distinct(count: int) -> np.ndarray:
    """Return whole numbers of which no two, and no sum of two, are equal to another (as far as 2^20 allows)."""
    chosen: list[int] = []
    sums: set[int] = set()
    candidate = 1
    while len(chosen) < min(count, 40):
        fresh = {candidate + c for c in (*chosen, candidate)}
        if not fresh & sums and not fresh & set(chosen) and candidate not in sums:
            chosen.append(candidate)
            sums |= fresh
        candidate += 1
    return np.array(chosen + [candidate + 1009 * n for n in range(count - len(chosen))])


def describe_reads(examination: Examination, found: ReadMap) -> dict[str, Any]:
    """Return the evidence of a read map as plain lists: `wrong_taps`, and of which factors (`read_of`)."""
    plane = examination.plane
    return {
        "wrong_taps": _wrong_taps(plane, found),
        "read_of": {
            "read": found.read,
            "weights": found.weights,
            "shape": _place(plane, found.shape),
            "weights_shape": _place(plane, found.values.shape),
        },
    }


def _wrong_taps(plane: bool, found: ReadMap) -> list[dict[str, Any]]:
    """Return for some wrong elements: what each reads, and what it should read."""
    shape, right_shape = found.actual[0].shape, found.expected[0].shape
    pairs = list(zip(found.actual, found.expected, strict=True))
    outputs = [
        o
        for o in np.ndindex(shape)
        if len(o) == 4
        and all(np.isfinite(a[o]) for a in found.actual)
        and (shape != right_shape or any(abs(a[o] - e[o]) > 1e-3 for a, e in pairs))
    ]
    outputs.sort(key=lambda o: -sum(bool(abs(a[o]) > 1e-3) for a in found.actual))
    return [
        {
            "output": _place(plane, o),
            "reads": _reads(plane, found, found.actual, o),
            "should_read": _reads(plane, found, found.expected, o)
            if all(p < s for p, s in zip(o, right_shape, strict=True))
            else [],
        }
        for o in sorted(outputs[:SHOWN_OUTPUTS])
    ]


def _place(plane: bool, index: Sequence[int]) -> list[int]:
    return [int(i) for i in (index[2:] if plane else index)]


def _reads(plane: bool, found: ReadMap, responses: Sequence[np.ndarray], output: tuple[int, ...]) -> list[list[Any]]:
    """Return [[place, weight's place or value], …] of one element."""
    positions = {int(v): _place(plane, index) for index, v in np.ndenumerate(found.values)}
    rows = []
    for place, response in zip(np.ndindex(found.shape), responses, strict=True):
        value = float(response[output])
        if 1e-3 < abs(value) < np.inf:
            whole = round(value) if abs(value - round(value)) < 1e-3 else None
            weight = positions[whole] if whole in positions else round(value, 6)
            rows.append([_place(plane, place), weight])
    return rows
