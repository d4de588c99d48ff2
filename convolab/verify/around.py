"""Is it the right sum of something else? An array that is changed before it is used, or a result changed afterwards."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from convolab.verify.examine import Asked, Examination
from convolab.verify.truth import truth

CALLED = {"input": "image", "weight": "kernel", "grad_output": "output gradient"}
PLANE, IMAGE, WHOLE = (2, 3), (1, 2, 3), (0, 1, 2, 3)


class Change(NamedTuple):
    """One thing that can be done with an array, over some of its axes: in words, and as a function."""

    words: str
    of: Callable[[np.ndarray], np.ndarray]
    linear: bool = False


def _over(words: str, of: Callable[[np.ndarray, tuple[int, ...]], np.ndarray], *, linear: bool = False) -> list[Change]:
    """Return a change over the whole array, over each image or filter, and over each plane."""
    places = (("", WHOLE), (", each image or filter by itself", IMAGE), (", each plane by itself", PLANE))
    return [Change(words + where, partial(_on, of, axes), linear) for where, axes in places]


def _on(of: Callable[..., np.ndarray], over: Any, a: np.ndarray) -> np.ndarray:
    return of(a, over)


def _all(number: Callable[..., Any]) -> Callable[[np.ndarray, tuple[int, ...]], np.ndarray]:
    """Return what sets every element to one number of all."""
    return lambda a, axes: np.broadcast_to(number(a, axis=axes, keepdims=True), a.shape)


def _by(number: Callable[[np.ndarray, tuple[int, ...]], Any]) -> Callable[[np.ndarray, tuple[int, ...]], np.ndarray]:
    """Return what divides by a number of all."""
    return lambda a, axes: a / number(a, axes)


def _largest(a: np.ndarray, axes: tuple[int, ...]) -> Any:
    return a.max(axis=axes, keepdims=True)


def _least(a: np.ndarray, axes: tuple[int, ...]) -> Any:
    return a.min(axis=axes, keepdims=True)


def _deviation(a: np.ndarray, axes: tuple[int, ...]) -> Any:
    return a.std(axis=axes, keepdims=True)


def _less_mean(a: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    return np.asarray(a - a.mean(axis=axes, keepdims=True))


def _blanked(sides: tuple[tuple[int, Any], ...]) -> Callable[[np.ndarray], np.ndarray]:
    """Return what sets lines of every plane to zero."""

    def blanked(a: np.ndarray) -> np.ndarray:
        found = a.copy()
        for axis, lines in sides:
            found[(..., *[slice(None)] * (axis - 2), lines, *[slice(None)] * (3 - axis))] = 0
        return found

    return blanked


def _first_pair(a: np.ndarray) -> np.ndarray:
    """Return the nearest planes of rank one: the first singular value with its pair of vectors."""
    left, values, right = np.linalg.svd(np.asarray(a, float), full_matrices=False)
    nearest: np.ndarray = left[..., :1] * values[..., None, :1] @ right[..., :1, :]
    return nearest


CHANGES: tuple[Change, ...] = (
    *_over("its mean stands in the place of every element", _all(np.mean), linear=True),
    *_over("its sum stands in the place of every element", _all(np.sum), linear=True),
    Change("of each plane only the first singular value is kept (a product of a column and a row)", _first_pair),
    *_over("its largest value stands in the place of every element", _all(np.max)),
    *_over("its mean is subtracted", _less_mean, linear=True),
    Change("its first row stands in the place of every row", lambda a: np.broadcast_to(a[:, :, :1], a.shape), True),
    Change("its last row stands in the place of every row", lambda a: np.broadcast_to(a[:, :, -1:], a.shape), True),
    Change("its first column stands in the place of every column", lambda a: a[..., :1] + 0 * a, True),
    Change("its last column stands in the place of every column", lambda a: a[..., -1:] + 0 * a, True),
    Change("its first element stands in the place of every element", lambda a: a[:, :, :1, :1] + 0 * a, True),
    Change("its first and last rows and columns are set to zero", _blanked(((2, [0, -1]), (3, [0, -1]))), True),
    *(
        Change(f"its {which} {name} is set to zero", _blanked(((axis, [end]),)), True)
        for name, axis in (("row", 2), ("column", 3)) for which, end in (("first", 0), ("last", -1))
    ),
    *(
        Change(f"its {name}s run on, each added to the sum of those before it", partial(_on, np.cumsum, axis), True)
        for name, axis in (("row", 2), ("column", 3))
    ),
    *(
        Change(f"its {name}s are sorted", partial(_on, np.sort, axis)) for name, axis in (("column", 2), ("row", 3))
    ),
    Change("it loses its sign", np.abs),
    Change("only its sign is kept", np.sign),
    Change("it is squared", np.square),
    Change("its negative values become zero", lambda a: np.maximum(a, 0)),
    Change("the root is taken of its size", lambda a: np.sqrt(np.abs(a))),
    Change("it is cut to bytes, which wrap around beyond 255", lambda a: np.trunc(a) % 256),
    Change("it is cut to bytes, from 0 to 255", lambda a: np.trunc(np.clip(a, 0, 255))),
    Change("it is cut to −128 … 127, and wraps around beyond", lambda a: (np.trunc(a) + 128) % 256 - 128),
    Change("it is clipped to 0 … 255", lambda a: np.clip(a, 0, 255)),
    Change("it is clipped to 0 … 1", lambda a: np.clip(a, 0, 1)),
    Change("it is clipped to −1 … 1", lambda a: np.clip(a, -1, 1)),
    Change("its hyperbolic tangent is taken", np.tanh),
    Change("its logistic function is taken", lambda a: 1 / (1 + np.exp(-a))),
    *_over("it is divided by its largest value", _by(_largest)),
    *_over("it is divided by its largest size", _by(lambda a, axes: np.abs(a).max(axis=axes, keepdims=True))),
    *_over("it is divided by its sum", _by(lambda a, axes: a.sum(axis=axes, keepdims=True))),
    *_over("it is divided by its Euclidean norm", _by(lambda a, axes: np.sqrt((a**2).sum(axis=axes, keepdims=True)))),
    *_over("it is divided by its standard deviation", _by(_deviation)),
    *_over("its least value is subtracted", lambda a, axes: np.asarray(a - _least(a, axes))),
    *_over(
        "it is stretched from its least to its largest value to 0 … 1",
        lambda a, axes: (a - _least(a, axes)) / (_largest(a, axes) - _least(a, axes)),
    ),
    *_over(
        "it is stretched from its least to its largest value to 0 … 255",
        lambda a, axes: 255 * (a - _least(a, axes)) / (_largest(a, axes) - _least(a, axes)),
    ),
    *_over(
        "its mean is subtracted and it is divided by its standard deviation",
        lambda a, axes: _less_mean(a, axes) / _deviation(a, axes),
    ),
)  # fmt: skip
NEAR = 3e-4  # of the largest value: what people add so as not to divide by zero stays below
ENOUGH = 4


def of_changes(examination: Examination) -> tuple[str, str] | None:
    """Return what is done to an array before, or to the result afterwards, while the sum is right; None otherwise.

    The codes are `not-linear`, or `factor-changed` and `result-changed` where the change is linear; `kernel-normalised`
    where the kernel is divided by something of its own, `accumulator-not-reset` where the result is a running sum.
    """
    operation = examination.target.operation
    plain = [a for a in examination.asked if a.probe.manner in ("integers", "fractions") and not a.probe.larger]
    plain = [a for a in plain if a.arrays.get("bias") is None]  # a bias has mistakes of its own
    if operation not in ("forward", "input_gradient", "weight_gradient") or len(plain) < ENOUGH:
        return None
    if any(a.arrays.get("bias") is not None for a in examination.wrong):
        return None
    if any(not a.trial.complete or np.asarray(a.trial.got).shape != a.trial.expected.shape for a in plain):
        return None
    plain.sort(key=lambda a: a.right)  # a wrong one first, which most changes fail at once
    with np.errstate(all="ignore"):
        for change in CHANGES:
            for name in examination.target.factors:
                if all(_agree(a, _before(change, name, a)) for a in plain):
                    return _code(change, name), f"The {CALLED[name]} is changed before it is used: {change.words}."
        for change in CHANGES:
            if all(_agree(a, change.of(a.trial.expected.astype(float))) for a in plain):
                return _code(change), f"The result is changed after the sum: {change.words}."
    return None


def _code(change: Change, name: str = "") -> str:
    if name == "weight" and change.words.startswith("it is divided by"):
        return "kernel-normalised"
    if not name and "run on" in change.words:
        return "accumulator-not-reset"
    return ("factor-changed" if name else "result-changed") if change.linear else "not-linear"


def _before(change: Change, name: str, asked: Asked) -> np.ndarray:
    changed = change.of(np.asarray(asked.arrays[name], float))
    return truth(asked.trial.operation, asked.probe.geometry, asked.arrays | {name: changed})


def _agree(asked: Asked, made: np.ndarray) -> bool:
    """Return whether an answer is what was made, where that is a number."""
    got, real = np.asarray(asked.trial.got), np.isfinite(made)
    if np.isfinite(got[~real]).any() and real.any():
        return False
    room = asked.trial.tolerance + NEAR * float(np.abs(made[real]).max(initial=0))
    return bool(np.allclose(got[real], made[real], rtol=0, atol=room))
