"""The smallest input that fails, with numbers as small and as few as still show it."""

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import TypeAlias

import numpy as np

from convolab.definition.mistakes import Trial
from convolab.geometry import Geometry, array_shapes
from convolab.verify.asked import Sizes
from convolab.verify.examine import Asked, Examination
from convolab.verify.targets import Arrays

CALLS = 160  # how many calls looking for a smaller input may take
# A geometry, its arrays, and what the function gave.
Failing: TypeAlias = tuple[Geometry, Arrays, Trial]


def smallest(examination: Examination) -> Failing:
    """Return the smallest geometry that fails, with numbers as small and as few as still show it.

    Wrong numbers show more than a wrong shape, and that more than an exception: what is found fails in the first of
    these ways that occurs. A function that is wrong only where it was asked something larger is not searched: it was
    right on the small.
    """
    first = min(examination.wrong, key=lambda a: (_way(a.trial), *a.simplicity))
    best: Failing = first.probe.geometry, first.arrays, first.trial
    calls = CALLS
    if first.probe.larger:
        return best
    for geometry in _smaller(examination, first):
        if calls <= 0:
            break
        for seed in range(2):
            calls -= 1
            arrays = _simple(first, geometry, seed)
            _, trial = examination.call(geometry, arrays)
            if not trial.right and _way(trial) == _way(first.trial):
                return _simplify(examination, geometry, arrays, trial, calls)
    return _simplify(examination, *best, calls) if sum(a.size for a in first.arrays.values()) < 80 else best


def _way(trial: Trial) -> int:
    """Return in which way an answer is wrong: by its numbers (0), by its shape (1), or by an exception (2)."""
    if trial.raised or trial.got is None or (trial.missing is not None and trial.missing.any()):
        return 2
    return int(trial.got.shape != trial.expected.shape)


def _smaller(examination: Examination, first: Asked) -> Iterator[Geometry]:
    """Yield geometries by size, with the options of the failing one."""
    axis, questions = first.probe.geometry.axes[0], examination.questions
    if examination.form.layout.is_line:
        axis = first.probe.geometry.axes[1]
    sizes = [
        (h, w, kh, kw)
        for h, w in product(range(1, 6), repeat=2)
        for kh in range(1, min(h, 4) + 1)
        for kw in range(1, min(w, 4) + 1)
    ]
    channels = [(1, 1, 1)] if examination.plane else [(1, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 1), (1, 2, 2), (2, 2, 2)]
    found: list[tuple[int, bool, bool, int, Geometry]] = []
    g: Geometry | None
    for (h, w, kh, kw), (n, ci, co) in product(sizes, channels):
        wanted = Sizes((h, w), (kh, kw), axis.stride, axis.before, axis.dilation)
        g = questions.geometry(n, ci, co, wanted, tries=1, groups=first.probe.geometry.groups)
        if g is None:
            continue
        cost = prod(g.input_shape) + prod(g.weight_shape)
        if cost < sum(np.size(a) for a in first.arrays.values()) + 8:
            found.append((cost, h == w, kh == kw, len(found), g))
    small = [g for *_, g in sorted(found, key=lambda f: f[:4])]
    yield from small[: CALLS // 4]
    yield from (g for g in small[CALLS // 4 :] if g.kernel == first.probe.geometry.kernel)  # it may be right for others


def _simple(first: Asked, geometry: Geometry, seed: int) -> Arrays:
    """Return small numbers of the same kind as those that failed."""
    shapes = array_shapes(geometry) | {"bias": (geometry.out_channels,)}
    rng = np.random.default_rng(seed)
    arrays: Arrays = {}
    for name, like in first.arrays.items():
        values = rng.permutation(np.arange(int(np.prod(shapes[name]))) % 5 + 1) * (1 if seed else rng.choice([-1, 1]))
        if like.dtype.kind == "u":
            values = np.abs(values) * 50
        if like.dtype.kind == "f" and (like % 1).any():
            values = values / 2
        arrays[name] = values.reshape(shapes[name]).astype(like.dtype)
    return arrays


def _simplify(examination: Examination, geometry: Geometry, arrays: Arrays, trial: Trial, calls: int) -> Failing:
    """Turn numbers into 0 or 1 one by one, as long as the answer's numbers stay wrong; what else is wrong stays."""
    if _way(trial):
        return geometry, arrays, trial
    for name in arrays:
        for index in np.ndindex(arrays[name].shape):
            for value in (0, 1):
                if calls <= 0 or arrays[name][index] == value:
                    break
                calls -= 1
                changed = {n: a.copy() for n, a in arrays.items()}
                changed[name][index] = value
                _, again = examination.call(geometry, changed)
                if not again.right and not _way(again):
                    arrays, trial = changed, again
                    break
    return geometry, arrays, trial
