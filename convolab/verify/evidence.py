"""What can be shown: the smallest input that fails, its sum written out, and which places the function reads."""

from itertools import product

import numpy as np

from convolab.definition.mistakes import Trial
from convolab.errors import ArgumentError
from convolab.geometry import OPERATIONS, Geometry, array_shapes
from convolab.verify.examine import Asked, Examination, truth
from convolab.verify.targets import option_values

CALLS = 160  # how many calls looking for a smaller input may take
SHOWN_OUTPUTS, SHOWN_TERMS = 3, 12


# The smallest failing input


def smallest(examination: Examination) -> tuple[Geometry, dict, Trial] | None:
    """The smallest geometry that fails, with numbers as small and as few as still show it.

    A function that is wrong only where it was asked something larger is not searched: it was right on the small.
    """
    first = min(examination.wrong, key=_simplicity)
    best, calls = (first.probe.geometry, first.arrays, first.trial), CALLS
    if first.probe.larger:
        return best
    for geometry in _smaller(examination, first):
        if calls <= 0:
            break
        for seed in range(2):
            calls -= 1
            arrays = _simple(first, geometry, seed)
            _, trial = examination.call(geometry, arrays)
            if not trial.right and trial.raised == first.trial.raised:
                return _simplify(examination, geometry, arrays, trial, calls)
    return _simplify(examination, *best, calls) if sum(a.size for a in first.arrays.values()) < 80 else best


def _simplicity(asked: Asked) -> tuple:
    """What makes a failing probe a good one to start from: an answer, few options, few numbers."""
    usual = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    options = sum(v != usual[k] for k, v in option_values(asked.probe.geometry).items())
    return asked.trial.raised, options, sum(a.size for a in asked.arrays.values())


def _smaller(examination: Examination, first: Asked):
    """Geometries by size, with the options of the failing one."""
    options, taken = option_values(first.probe.geometry), examination.taken
    kept = {k: v for k, v in options.items() if k in taken}
    sizes = [
        (h, w, kh, kw)
        for h, w in product(range(1, 6), repeat=2)
        for kh in range(1, min(h, 4) + 1)
        for kw in range(1, min(w, 4) + 1)
    ]
    channels = (
        [(1, 1, 1)] if examination.target.plane else [(1, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 1), (1, 2, 2), (2, 2, 2)]
    )
    found: list = []
    for (h, w, kh, kw), (n, ci, co) in product(sizes, channels):
        groups = kept.get("groups", 1)
        try:
            g = Geometry((h, w), (kh, kw), batch=n, in_channels=ci * groups, out_channels=co * groups, **kept)
        except ArgumentError:
            continue
        cost = np.prod(g.input_shape) + np.prod(g.weight_shape)
        if cost < sum(np.size(a) for a in first.arrays.values()) + 8:
            found.append((cost, h == w, kh == kw, len(found), g))
    yield from (g for *_, g in sorted(found, key=lambda f: f[:4]))


def _simple(first: Asked, geometry: Geometry, seed: int) -> dict:
    """Small numbers of the same kind as those that failed."""
    shapes = array_shapes(geometry) | {"bias": (geometry.out_channels,)}
    rng, arrays = np.random.default_rng(seed), {}
    for name, like in first.arrays.items():
        values = rng.permutation(np.arange(int(np.prod(shapes[name]))) % 5 + 1) * (1 if seed else rng.choice([-1, 1]))
        if like.dtype.kind == "u":
            values = np.abs(values) * 50
        if like.dtype.kind == "f" and (like % 1).any():
            values = values / 2
        arrays[name] = values.reshape(shapes[name]).astype(like.dtype)
    return arrays


def _simplify(examination: Examination, geometry: Geometry, arrays: dict, trial: Trial, calls: int):
    """Numbers become 0 or 1 one by one, as long as the answer stays wrong in the same way."""
    for name in arrays:
        for index in np.ndindex(arrays[name].shape):
            for value in (0, 1):
                if calls <= 0 or arrays[name][index] == value:
                    break
                calls -= 1
                changed = {n: a.copy() for n, a in arrays.items()}
                changed[name][index] = value
                _, again = examination.call(geometry, changed)
                if not again.right and again.raised == trial.raised:
                    arrays, trial = changed, again
                    break
    return geometry, arrays, trial


def describe_smallest(examination: Examination, found) -> dict:
    """The smallest failing input as plain lists, with the sum of one wrong element written out."""
    geometry, arrays, _ = found
    answer, trial = examination.call(geometry, arrays)
    answer_error = answer.error
    target = examination.target
    names = dict(zip(target.arguments, target.called, strict=True))
    plain = {names.get(n, n): (a[0, 0] if target.plane else a).tolist() for n, a in arrays.items()}
    if not target.plane:
        plain |= {k: v for k, v in option_values(geometry).items() if k in examination.taken}
    expected = trial.expected[0, 0] if target.plane else trial.expected
    got = None
    if trial.got is not None:
        got = _plain(trial.got[0, 0] if target.plane and trial.got.ndim == 4 else trial.got, trial.missing)
    described = {**plain, "expected": expected.tolist(), "got": got}
    if answer_error is not None and not trial.complete:
        described["raised"] = f"{answer_error.get('type')}: {answer_error.get('text')}"
    index = first_difference(trial)
    if index is not None:
        described["element"] = [p + target.by_position for p in index[2:]] if target.plane else list(index)
        described["sum"] = written_sum(target.operation, geometry, arrays, index, trial)
    return described


def _plain(got: np.ndarray, missing: np.ndarray | None) -> list:
    """Numbers as JSON knows them: None where there is none."""
    numbers = np.asarray(got, dtype=float)
    absent = ~np.isfinite(numbers)
    if missing is not None and missing.size == numbers.size:
        absent |= missing.reshape(numbers.shape)
    values = numbers.astype(object)
    values[absent] = None
    return values.tolist()


def first_difference(trial: Trial):
    """The index of the first element that is wrong or missing."""
    if trial.got is None or trial.got.shape != trial.expected.shape:
        return (0,) * trial.expected.ndim if trial.expected.size else None
    wrong = ~(np.abs(np.asarray(trial.got, float) - trial.expected) <= trial.tolerance)
    if trial.missing is not None:
        wrong |= trial.missing
    return tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.any() else None


def written_sum(operation: str, geometry: Geometry, arrays: dict, index, trial: Trial) -> str:
    """One element as its products, its value, and what the function gave instead."""
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


def _shape(array) -> str:
    shape = array.shape[2:] if array.ndim == 4 and array.shape[:2] == (1, 1) else array.shape
    return "×".join(map(str, shape)) or "()"


def _products(operation: str, geometry: Geometry, index):
    """The two factors of every product of one element, each as (array, index)."""
    result, (first, second) = OPERATIONS[operation].result, OPERATIONS[operation].written
    for co, ci, c in geometry.channels():
        for o, k, i in geometry.taps():
            for n in range(geometry.batch):
                place = {"grad_output": (n, co, *o), "weight": (co, c, *k), "input": (n, ci, *i)}
                if place[result] == tuple(index):
                    yield (first, place[first]), (second, place[second])


def _number(value) -> str:
    value = float(value)
    if not np.isfinite(value):
        return str(value)
    text = f"{value:.6g}"
    return f"(−{text[1:]})" if text.startswith("-") else text


# What the function reads


def read_map(examination: Examination) -> dict | None:
    """Which places the function reads for some wrong elements, by impulses in one factor against distinct weights.

    A convolution is linear in each factor: the answer to an impulse is, element by element, the weight with which the
    impulse's place is read. The other factor's numbers are all different, so the weight's own place can be told.
    """
    candidates = [a for a in examination.wrong if a.probe.manner == "integers" and a.trial.complete]
    if not candidates:
        return None
    asked = min(candidates, key=_simplicity)
    geometry, target = asked.probe.geometry, examination.target
    weights, read = OPERATIONS[target.operation].written
    shapes = array_shapes(geometry)
    if np.prod(shapes[read]) > 400:
        return None
    values = distinct(int(np.prod(shapes[weights]))).reshape(shapes[weights])
    actual: list[np.ndarray] = []
    expected: list[np.ndarray] = []
    for place in np.ndindex(shapes[read]):
        impulse = np.zeros(shapes[read])
        impulse[place] = 1
        arrays = {read: impulse, weights: values.astype(float)}
        _, trial = examination.call(geometry, {n: arrays[n] for n in target.factors})
        if trial.got is None or (actual and trial.got.shape != actual[0].shape):
            return None
        actual.append(np.asarray(trial.got, float))
        expected.append(truth(target.operation, geometry, arrays))
    return {
        "read": read,
        "weights": weights,
        "actual": actual,
        "expected": expected,
        "values": values,
        "shape": shapes[read],
        "wshape": shapes[weights],
    }


def distinct(count: int) -> np.ndarray:
    """Whole numbers of which no two, and no sum of two, are equal to another (as far as 2^20 allows)."""
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


def wrong_taps(examination: Examination, found: dict) -> list[dict]:
    """For some wrong elements: what each reads, and what it should read."""
    shape = found["actual"][0].shape
    common = found["expected"][0].shape == shape
    outputs = [
        o for o in np.ndindex(shape)
        if not common or any(abs(a[o] - e[o]) > 1e-3 for a, e in zip(found["actual"], found["expected"], strict=True))
    ]  # fmt: skip
    outputs = [o for o in outputs if len(o) == 4]
    outputs.sort(key=lambda o: -sum(abs(a[o]) > 1e-3 for a in found["actual"]))
    chosen = sorted(outputs[:SHOWN_OUTPUTS])
    return [
        {
            "output": _place(examination, o),
            "reads": _reads(examination, found, found["actual"], o),
            "should_read": _reads(examination, found, found["expected"], o)
            if all(p < s for p, s in zip(o, found["expected"][0].shape, strict=True))
            else [],
        }
        for o in chosen
    ]


def _place(examination: Examination, index) -> list[int]:
    return [int(i) for i in (index[2:] if examination.target.plane else index)]


def _reads(examination: Examination, found: dict, responses, output) -> list:
    """[[place, weight's place or value], …] of one element."""
    positions = {int(v): np.unravel_index(n, found["wshape"]) for n, v in enumerate(found["values"].ravel())}
    rows = []
    for place, response in zip(np.ndindex(found["shape"]), responses, strict=True):
        value = float(response[output])
        if abs(value) > 1e-3:
            whole = round(value) if abs(value - round(value)) < 1e-3 else None
            weight = _place(examination, positions[whole]) if whole in positions else round(value, 6)
            rows.append([_place(examination, place), weight])
    return rows
