"""The smallest failing input as plain lists, with the sum of one wrong element written out."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from convolab.definition.mistakes import Trial
from convolab.geometry import OPERATIONS, Geometry
from convolab.verify.examine import Examination
from convolab.verify.smallest import Failing
from convolab.verify.targets import Arrays, option_values

SHOWN_TERMS = 12
# A factor of a product: the array's name, and the index of the element.
Factor: TypeAlias = tuple[str, tuple[int, ...]]


def describe_smallest(examination: Examination, found: Failing) -> dict[str, Any]:
    """Return the smallest failing input as plain lists, with the sum of one wrong element written out."""
    geometry, arrays, _ = found
    answer, trial = examination.call(geometry, arrays)
    answer_error = answer.error
    target = examination.target
    names = dict(zip(target.arguments, target.called, strict=True))
    layout, result = examination.form.layout, OPERATIONS[target.operation].result
    plain: dict[str, Any] = {
        names.get(n, n): (a if n == "bias" else layout.sent(n, np.asarray(a))).tolist() for n, a in arrays.items()
    }
    plain |= {k: v for k, v in option_values(geometry).items() if k in examination.taken}
    expected = layout.sent(result, trial.expected)
    got = None
    if trial.got is not None:
        known = trial.got.ndim == 4
        absent = trial.missing if trial.missing is None or not known else layout.sent(result, trial.missing)
        got = _plain(layout.sent(result, trial.got) if known else trial.got, absent)
    described = {**plain, "expected": expected.tolist(), "got": got}
    if answer_error is not None and not trial.complete:
        described["raised"] = raised_text(answer_error)
    index = first_difference(trial)
    if index is not None:
        described["element"] = [p + target.by_position for p in index[2:]] if examination.plane else list(index)
        described["sum"] = _written_sum(target.operation, geometry, arrays, index, trial)
        if answer_error is not None and got is not None and described["sum"].endswith("raised"):
            described["sum"] += f" {raised_text(answer_error)}"
        described |= _call(examination, plain, index)
    return described


def raised_text(error: dict[str, Any]) -> str:
    """Return an exception with the line of the file that it came from."""
    line = f", at {error['line']}" if error.get("line") else ""
    return f"{error.get('type')}: {error.get('text')}{line}"


def _call(examination: Examination, plain: dict[str, Any], index: tuple[int, ...]) -> dict[str, str]:
    """Return the call that shows it, for functions that take planes by place."""
    form, target = examination.form, examination.target
    function = form.steps[-1].call
    if not examination.plane or not isinstance(function, str) or form.container not in ("arrays", "tensors", "lists"):
        return {}
    position = [str(p + 1) for p in index[2:]] if target.by_position else []
    given = [called for called in target.called if called in plain]
    return {"call": f"{function or target.name}({', '.join([*position, *given])})"}


def _plain(got: np.ndarray, missing: np.ndarray | None) -> Any:
    """Return numbers as JSON knows them: None where there is none."""
    numbers = np.asarray(got, dtype=float)
    absent = ~np.isfinite(numbers)
    if missing is not None and missing.size == numbers.size:
        absent |= missing.reshape(numbers.shape)
    values = numbers.astype(object)
    values[absent] = None
    return values.tolist()


def first_difference(trial: Trial) -> tuple[int, ...] | None:
    """Return the index of the first element that is wrong or missing."""
    if trial.got is None or trial.got.shape != trial.expected.shape:
        return (0,) * np.ndim(trial.expected) if trial.expected.size else None
    wrong = ~(np.abs(np.asarray(trial.got, float) - trial.expected) <= trial.tolerance)
    if trial.missing is not None:
        wrong |= trial.missing
    return tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.any() else None


def _written_sum(operation: str, geometry: Geometry, arrays: Arrays, index: tuple[int, ...], trial: Trial) -> str:
    """Return one element as its products, its value, and what the function gave instead."""
    terms = [
        f"{_number(arrays[a][x])}·{_number(arrays[b][y])}" for (a, x), (b, y) in _products(operation, geometry, index)
    ]
    bias = arrays.get("bias")
    if bias is not None:
        terms.append(_number(bias[index[1]]))
    shown = terms if len(terms) <= SHOWN_TERMS else [*terms[: SHOWN_TERMS - 1], f"… ({len(terms)} products)"]
    right = f"{' + '.join(shown) or '0'} = {_number(trial.expected[index])}"
    if trial.got is None:
        return f"{right}; the function raised"
    if trial.got.shape != trial.expected.shape:
        return f"{right}; the result has shape {_shape(trial.got)}, expected {_shape(trial.expected)}"
    if trial.missing is not None and trial.missing[index]:
        return f"{right}; the function raised"
    return f"{right}; the function gave {_number(trial.got[index])}"


def _shape(array: np.ndarray) -> str:
    shape = array.shape[2:] if array.ndim == 4 and array.shape[:2] == (1, 1) else array.shape
    return "×".join(map(str, shape)) or "()"


def _products(operation: str, geometry: Geometry, index: tuple[int, ...]) -> Iterator[tuple[Factor, Factor]]:
    """Yield the two factors of every product of one element, each as (array, index)."""
    result, (first, second) = OPERATIONS[operation].result, OPERATIONS[operation].written
    for co, ci, c in geometry.channels():
        for o, k, i in geometry.taps():
            for n in range(geometry.batch):
                place = {"grad_output": (n, co, *o), "weight": (co, c, *k), "input": (n, ci, *i)}
                if place[result] == tuple(index):
                    yield (first, place[first]), (second, place[second])


def _number(value: Any) -> str:
    value = float(value)
    if not np.isfinite(value):
        return str(value)
    text = f"{value:.6g}"
    return f"(−{text[1:]})" if text.startswith("-") else text
