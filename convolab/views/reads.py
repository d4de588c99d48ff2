"""What does a function read, and what should it read? The state of the read map, made of what `check` found out.

A row of `actual` is (output, place, weight, weight, value): the output reads the place with the first weight, or with
the sum of both; a weight below zero is one that is subtracted, and 0 is none. A row of `should` is (output, place,
weight). All are counted, weights from 1, through arrays of shape (N, C, H, W).
"""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from convolab.errors import ArgumentError
from convolab.verify.contained import Contained
from convolab.verify.judge import TIMEOUT, judge, target
from convolab.verify.reads import ReadMap
from convolab.verify.verdict import FunctionReport
from convolab.views.apart import program_of
from convolab.views.states import State, rest

LEAST = 1e-3  # a smaller answer to an impulse is none
NOTHING = [-1, 0, 0, 0, 0]  # stands where a function reads nothing at all


def state_of_reads(report: FunctionReport) -> State | None:
    """Return the state that shows a verdict's read map; None where there is none."""
    found = report.reads
    if found is None or found.actual[0].ndim != 4:
        return None
    got, right = found.actual[0].shape, found.expected[0].shape
    out = tuple(map(max, got, right))
    actual = _rows(found, found.actual, out, _decoded(found.values))
    should = [row[:3] for row in _rows(found, found.expected, out, _decoded(found.values))]
    wrong = _first_wrong(actual, should)
    state = rest("reads") | {"function": report.name, "operation": found.operation, "said": said(report)}
    shapes = {"shape": found.shape, "weights": found.values.shape, "out": out, "got": got, "right": right}
    state |= {name: [int(n) for n in shape] for name, shape in shapes.items()}
    at = np.unravel_index(wrong if wrong is not None else prod(out) // 2, out)
    return state | {"actual": [actual or [NOTHING]], "should": [should], "at": [int(n) for n in at]}


def said(report: FunctionReport) -> str:
    """Return the verdict in words, on one line, as an address can hold it."""
    if report.diagnosis is None:
        text = " ".join(["It reads what it should, and nothing else.", *report.notes])
    else:
        text = f"{report.diagnosis.title}. {report.diagnosis.message}"
    return text.translate(str.maketrans("&%#+", "    "))


def reads_of(function: Callable[..., Any], judged_as: str) -> State:
    """Return the state that shows what a function of one's own reads."""
    with program_of(function) as (path, name):
        caller = Contained(path, [name], timeout=TIMEOUT, alone=True)
        (report,) = judge(caller, {name: target(judged_as)}, name, {"reads": True}).functions
    state = state_of_reads(report)
    if state is None:
        why = report.diagnosis.message if report.diagnosis else "It gives no arrays that can be compared."
        raise ArgumentError(f"explore: {report.name} has no read map. {why}")
    return state


def _rows(
    found: ReadMap, answers: list[np.ndarray], out: tuple[int, ...], decoded: dict[int, tuple[int, int]]
) -> list[list[Any]]:
    """Return what each output reads: [output, place, weight, weight, value]."""
    rows = []
    for place, answer in enumerate(answers):
        for at, value in np.ndenumerate(answer):
            if not (LEAST < abs(value) < np.inf):
                continue
            whole = round(float(value)) if abs(value - round(float(value))) < LEAST else None
            first, second = decoded.get(abs(whole), (0, 0)) if whole is not None else (0, 0)
            sign = -1 if value < 0 else 1
            number = whole if whole is not None else round(float(value), 6)
            rows.append([int(np.ravel_multi_index(at, out)), place, sign * first, sign * second, number])
    return sorted(rows)


def _decoded(values: np.ndarray) -> dict[int, tuple[int, int]]:
    """Return which weight, or which two, a number stands for, counted from 1."""
    flat = [int(v) for v in values.ravel()]
    pairs = {a + b: (n + 1, m + 1) for n, a in enumerate(flat) for m, b in enumerate(flat[n:], n)}
    return pairs | {v: (n + 1, 0) for n, v in enumerate(flat)}


def _first_wrong(actual: list[list[Any]], should: list[list[Any]]) -> int | None:
    """Return the output with most differences, the first of them."""
    is_, must = (
        {(o, place, first, second) for o, place, first, second, *_ in rows} for rows in (actual, _padded(should))
    )
    counts: dict[int, int] = {}
    for output, *_ in is_ ^ must:
        counts[output] = counts.get(output, 0) + 1
    return max(sorted(counts), key=counts.__getitem__) if counts else None


def _padded(rows: list[list[Any]]) -> list[list[Any]]:
    return [[*row, 0] for row in rows]
