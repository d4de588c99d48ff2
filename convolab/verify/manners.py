"""What can be seen directly of how a function behaves: what it returns, what it changes, whether it is linear."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from convolab.definition.mistakes import agree
from convolab.geometry import OPERATIONS, Geometry
from convolab.verify.examine import Asked, Examination
from convolab.verify.forms import ARRAYS
from convolab.verify.probes import Probe
from convolab.verify.targets import Arrays
from convolab.verify.truth import tolerance, truth


def of_results(examination: Examination) -> tuple[str, str] | None:
    """Return the mistake of the returned object itself, and what was seen; None where it has none."""
    answers = [a.answer for a in examination.asked]
    if all(a.facts.get("nothing") for a in answers):
        return "returns-nothing", "every call returned None"
    unreadable = next((a for a in answers if a.facts.get("unreadable")), None)
    if unreadable is not None and _is_kept_list(examination):
        return (
            "accumulator-not-reset",
            "it returns one list that is kept from call to call, in which the rows of earlier calls remain",
        )
    if name := _handed_back(examination):
        return "argument-returned", f"every call returned the {CALLED[name]} that was handed in"
    if unreadable is not None:
        return "wrong-dtype", f"it returns {unreadable.facts.get('type')}, which cannot be read as an array of numbers"
    for answer in answers:
        dtype = str(answer.facts.get("tensor", answer.facts.get("dtype", ""))).removeprefix("torch.")
        wanted = examination.dtype
        if (
            dtype.startswith("complex")
            or dtype == "bool"
            or (dtype == "float16" and not (wanted and wanted.name == dtype))
        ):
            return "wrong-dtype", f"the result's elements are {dtype}"
        if wanted is not None and dtype and not examination.target.by_position and not wanted.admits(dtype):
            return "wrong-dtype", f"{wanted.name} went in and {dtype} came out"
    return None


def _handed_back(examination: Examination) -> str:
    """Return which of the arrays that go in comes out as the result, at every call; an empty text where none does."""
    asked = [a for a in examination.asked if a.trial.got is not None]
    if len(asked) < 3 or len(asked) < len(examination.asked) / 2 or all(a.right for a in asked):
        return ""
    for name in (n for n in ARRAYS[:3] if all(n in a.arrays for a in asked)):
        sent = [examination.form.layout.sent(name, np.asarray(a.arrays[name])) for a in asked]
        got = [np.asarray(a.answer.value) for a in asked]
        if all(one.shape == other.shape and np.array_equal(one, other) for one, other in zip(sent, got, strict=True)):
            return name
    return ""


def _is_kept_list(examination: Examination) -> bool:
    """Return whether every call returned a list with as many more rows than the call before as it should have."""
    rows = [(a.answer.facts.get("rows", 0), a.trial.expected.shape[2]) for a in examination.asked]
    later = [(n - last, more) for (last, _), (n, more) in pairwise(rows) if n and last]
    return len(later) > 2 and all(n == more for n, more in later)


def of_arguments(examination: Examination) -> tuple[str, str] | None:
    """Return `mutates-input`, and which of the caller's arrays were changed; None where none was."""
    names = [n for n in ARRAYS if n in examination.form.roles]
    for asked in examination.asked:
        changed = asked.answer.facts.get("changed")
        meant = ("weight", "bias") if asked.answer.facts.get("updated") else ()  # a step of gradient descent
        found = [names[n] for n in changed or () if isinstance(n, int) and 0 <= n < len(names)]
        which = ", ".join(n for n in found if n not in meant)
        if which:
            return "mutates-input", f"after the call, {which} holds other values than before"
    return None


def of_memory(examination: Examination) -> tuple[str, str] | None:
    """Return `stale-cache` or `shared-buffer`, and what was seen; None where a call remembers nothing.

    Two calls of the same shapes follow each other: what the second gives must hold nothing of the first's arguments.
    """
    probe = next((a.probe for a in examination.asked if not a.raised), None)
    if probe is None or examination.target.operation not in OPERATIONS or examination.target.by_position:
        return None
    first = examination.ask(probe)
    second = examination.ask(replace(probe, seed=probe.seed + 1000))
    if second.answer.facts.get("overwritten"):
        return "shared-buffer", "after the second call the array that the first call had returned holds other values"
    if second.right or second.trial.got is None:
        return _of_object(examination, probe)
    if "weight" in examination.target.factors and (seen := _frozen_weight(examination, second)):
        return "stale-cache", seen
    for kept in (("weight",), ("input",), ("grad_output",), ("bias",), examination.target.factors):
        if all(name in first.arrays for name in kept):
            mixed = second.arrays | {name: first.arrays[name] for name in kept}
            expected = truth(examination.target.operation, probe.geometry, mixed)
            if agree(second.trial.got, expected, second.trial.tolerance):
                return (
                    "stale-cache",
                    f"the second of two calls of the same shapes used the {' and the '.join(kept)} of the first",
                )
    return None


def _frozen_weight(examination: Examination, asked: Asked) -> str:
    """Return that the weight which is handed in has no influence, though some weight has."""
    other = asked.arrays | {"weight": asked.arrays["weight"] + 1}
    _, got, _ = examination.answered(asked.probe.geometry, other)
    name = next(n for n in examination.target.factors if n != "weight")
    _, moved, _ = examination.answered(asked.probe.geometry, asked.arrays | {name: asked.arrays[name] + 1})
    last = np.asarray(asked.trial.got)
    if got is None or moved is None or got.shape != last.shape or moved.shape != got.shape:
        return ""
    for needed in examination.form.needs:  # what stands in for the weight is no earlier one
        _, with_other, _ = examination.answered(asked.probe.geometry, asked.arrays | {needed: asked.arrays[needed] + 1})
        if with_other is None or not _same(with_other, np.asarray(asked.trial.got), asked):
            return ""
    used = _same(got, last, asked) and not _same(moved, got, asked) and _some_weight_gives(last, asked)
    return "the weight that is handed in changes nothing: that of an earlier call is used" if used else ""


def _some_weight_gives(got: np.ndarray, asked: Asked) -> bool:
    """Return whether there is a weight with which the operation gives just this result."""
    operation, g, weight = asked.trial.operation, asked.probe.geometry, np.asarray(asked.arrays["weight"], float)
    if got.shape != asked.trial.expected.shape:
        return False
    ones = np.eye(weight.size).reshape(-1, *weight.shape)
    system = np.stack([truth(operation, g, asked.arrays | {"weight": one, "bias": None}).ravel() for one in ones], 1)
    bias = asked.arrays.get("bias")
    wanted = got - (np.asarray(bias)[:, None, None] if bias is not None else 0.0)
    found, *_ = np.linalg.lstsq(system, wanted.ravel(), rcond=None)
    return bool(np.allclose(system @ found, wanted.ravel(), atol=asked.trial.tolerance))


def _of_object(examination: Examination, probe: Probe) -> tuple[str, str] | None:
    """Return what an object keeps of its first calls that does not belong to the second."""
    if "made" in examination.form.roles:
        asked = replace(examination, form=replace(examination.form, dirty=True), known={}).ask(probe)
        held = asked.trial.got is not None and agree(
            asked.trial.got, asked.trial.expected + 7.0, 8 * asked.trial.tolerance
        )
        return (
            ("accumulator-not-reset", "the result is added to what the array that is written into holds")
            if held
            else None
        )
    again = examination.form.again
    if again is None or any(a.answer.facts.get("updated") for a in examination.asked):
        return _of_another_object(examination, probe)
    asked = replace(examination, form=again, known={}).ask(probe)
    if asked.answer.facts.get("overwritten") and asked.right:
        return "shared-buffer", "after the second call on the same object its first result holds other values"
    got, allowed = asked.trial.got, 8 * asked.trial.tolerance
    if asked.right or got is None:
        return _of_another_object(examination, probe)
    operation, g = examination.target.operation, probe.geometry
    other = {name: np.asarray(a) * -2 - 1 for name, a in asked.arrays.items()}
    if agree(got, asked.trial.expected + truth(operation, g, other), allowed):
        return "accumulator-not-reset", "the second call on the same object adds its result to that of the first"
    for name in asked.arrays:
        if agree(got, truth(operation, g, asked.arrays | {name: other[name]}), allowed):
            return "stale-cache", f"the second call on the same object used the {name} of the first"
    return "stale-cache", "the second call on the same object is not right, the first is"


def _of_another_object(examination: Examination, probe: Probe) -> tuple[str, str] | None:
    """Return that what one object keeps is overwritten by the forward pass of another."""
    beside = examination.form.beside
    asked = replace(examination, form=beside, known={}).ask(probe) if beside is not None else None
    if asked is None or asked.right or asked.trial.got is None:
        return None
    return "stale-cache", "it is kept for all objects at once: the forward pass of another object has overwritten it"


def of_update(examination: Examination) -> tuple[str, str] | None:
    """Return `updated-too-early` where the input's gradient is that of weights which a step of descent has changed."""
    if examination.target.operation != "input_gradient" or "rate" not in examination.form.roles:
        return None
    asked = [a for a in examination.asked if not a.probe.larger and a.answer.facts.get("updated")]
    if not asked or any(a.trial.got is None or not {"input", "weight"} <= set(a.arrays) for a in asked):
        return None
    for a in asked:
        g, weight = a.probe.geometry, np.asarray(a.arrays["weight"])
        moved = weight - truth("weight_gradient", g, a.arrays)
        expected = truth("input_gradient", g, a.arrays | {"weight": moved})
        room = tolerance("input_gradient", g, a.arrays | {"weight": moved}, float(np.finfo(np.float32).eps))
        if not agree(np.asarray(a.trial.got), expected, room):
            return None
    return "updated-too-early", "the input's gradient is computed with the new weights, the step being taken first"


def of_added(examination: Examination) -> tuple[str, str] | None:
    """Return `result-changed` where a part of the array whose gradient is asked for is added to it."""
    operation = examination.target.operation
    name = OPERATIONS[operation].result if operation in OPERATIONS else ""
    wrong = [a for a in examination.wrong if not a.probe.larger]
    if operation == "forward" or len(wrong) < 3 or any(name not in a.arrays or not a.trial.complete for a in wrong):
        return None
    parts = []
    for a in wrong:
        got, array = np.asarray(a.trial.got, float), np.asarray(a.arrays[name], float)
        if got.shape != array.shape:
            return None
        left = got - a.trial.expected
        parts.append(float((left * array).sum() / (array**2).sum()))
        if not agree(left, parts[0] * array, a.trial.tolerance):
            return None
    if not abs(parts[0]) > 0 or max(parts) - min(parts) > 0.05 * abs(parts[0]):
        return None
    part = _written(parts[0] if abs(parts[0]) > 1 else round(parts[0], 6))
    return "result-changed", f"{part} times the {CALLED[name]} is added to its gradient, as weight decay does"


def of_scale(examination: Examination) -> tuple[str, str] | None:
    """Return `scaled` where some answers are right, and all others the same number of times the right value."""
    wrong = [a for a in examination.wrong if not a.probe.larger]
    if len(wrong) < 3 or len(wrong) == len(examination.asked) or examination.target.operation not in OPERATIONS:
        return None
    if any(not a.trial.complete or np.asarray(a.trial.got).shape != a.trial.expected.shape for a in wrong):
        return None
    got, expected = (
        np.concatenate([np.ravel(x) for x in both])
        for both in zip(*((a.trial.got, a.trial.expected) for a in wrong), strict=True)
    )
    times = float(got @ expected / (expected @ expected)) if expected.any() else 1.0
    if not all(agree(a.trial.got, times * a.trial.expected, a.trial.tolerance) for a in wrong) or not times:
        return None
    large = {
        id(a): max(np.abs(x).max() for n, x in a.arrays.items() if n == examination.target.factors[0]) > 1
        for a in examination.asked
    }
    where = " where the image holds more than 1" if all(large[id(a)] != a.right for a in examination.asked) else ""
    return (
        "scaled",
        f"{len(wrong)} answers are {_written(times)} times the right value{where}, and all others are right",
    )


def _written(number: float) -> str:
    """Return a number, as a part of one where it is that."""
    part = round(1 / number) if number else 0
    return f"1/{part}" if abs(number) < 1 and abs(part * number - 1) < 1e-6 else f"{number:.6g}"


def of_exchange(examination: Examination) -> tuple[str, str] | None:
    """Return `exchanged-results` where a backward pass gives the two gradients in each other's place."""
    others = {"input_gradient": "weight_gradient", "weight_gradient": "input_gradient"}
    other = others.get(examination.target.operation, "")
    if not other:
        return None
    asked = next((a for a in examination.wrong if a.answer.value is not None), None)
    if any(a.raised for a in examination.wrong):  # torch refuses other shapes, or adds up: all are alike here
        asked = examination.ask(
            Probe(Geometry((3, 3), (3, 3), batch=3, in_channels=3, out_channels=3, padding=1), seed=8)
        )
    if asked is None or asked.answer.value is None or not {"input", "weight", "grad_output"} <= set(asked.arrays):
        return None
    g, layout = asked.probe.geometry, examination.form.layout
    expected = layout.sent(OPERATIONS[other].result, truth(other, g, asked.arrays))
    allowed = tolerance(other, g, asked.arrays, float(np.finfo(np.float32).eps))
    if agree(asked.answer.value, expected, allowed):
        return "exchanged-results", f"where {examination.target.name}'s result belongs, the other gradient stands"
    return None


APART = ("strided", "whose elements do not lie side by side")
# What is asked of functions of either kind.
VIEWS = {"arrays": (APART, ("frozen", "that must not be written to")), "tensors": (APART,)}


def of_views(examination: Examination) -> tuple[str, str] | None:
    """Return `needs-contiguous`, and what was seen; None where arrays that are views, or read-only, give the same.

    A function that refuses them by an exception is noted; one that gives wrong values for them is wrong.
    """
    if not examination.asked:
        return None
    probe = examination.asked[0].probe
    if examination.form.has_strides:
        turned = replace(examination, form=replace(examination.form, turned=True), known={}).ask(probe)
        return (
            None
            if turned.right
            else (
                "needs-contiguous",
                "arrays that lie in memory in another order, as their strides say, gave other values",
            )
        )
    for view, what in VIEWS.get(examination.form.container, ()):
        asked = examination.ask(probe, view)
        if asked.raised:
            examination.notes.append(f"raises for arrays {what}: {(asked.answer.error or {}).get('type')}")
        elif not asked.right:
            return "needs-contiguous", f"arrays {what} gave other values"
    return None


def of_repetition(examination: Examination) -> tuple[str, str] | None:
    """Return `not-repeatable`, and what was seen; None where the same call gives the same answer."""
    asked = next((a for a in examination.wrong if not a.trial.raised), None)
    if asked is None:
        return None
    for _ in range(2):
        _, again = examination.call(asked.probe.geometry, asked.arrays)
        if again.got is None or not _repeated(again.got, asked):
            return "not-repeatable", "the same arguments gave another result at the second call"
    return None


def _repeated(again: np.ndarray, asked: Asked) -> bool:
    first = asked.trial.got
    return first is not None and again.shape == first.shape and _same(again, first, asked)


def _same(one: np.ndarray, other: np.ndarray, asked: Asked) -> bool:
    return bool(np.allclose(one, other, rtol=0, atol=asked.trial.tolerance, equal_nan=True))


CALLED = {"input": "image", "weight": "kernel", "grad_output": "output gradient", "bias": "bias"}
CODED = {"input": "image", "weight": "kernel", "grad_output": "upstream"}


def of_linearity(examination: Examination) -> tuple[str, str] | None:
    """Return `constant-output` or `not-linear`, and what was seen; None where the result is linear in its factors."""
    wrong = [a for a in examination.wrong if not a.trial.raised and a.probe.manner in ("integers", "fractions")]
    asked = min(wrong, key=lambda a: a.probe.manner != "integers", default=None)
    if asked is None:
        return None
    base = {n: a for n, a in asked.arrays.items() if n != "bias"}
    # A gradient of the bias is linear in the one that comes in, and has nothing of the other arrays.
    varied = [*base] if examination.target.operation in OPERATIONS else ["grad_output"]
    other = base | {n: np.roll(base[n], 1) * 2 + 1 for n in varied}
    first, changed = _result(examination, asked, base), _result(examination, asked, other)
    if first is None or changed is None or first.size == 0:
        return None
    if first.shape == changed.shape and _same(first, changed, asked):
        return "constant-output", "two different images with different kernels gave the same result"
    if (seen := _without_influence(examination, asked, first)) is not None:
        return seen
    for name in varied:
        found = _linear_in(examination, asked, name, base, other, first)
        if found:
            return "not-linear", found
    return None


def _without_influence(examination: Examination, asked: Asked, first: np.ndarray) -> tuple[str, str] | None:
    """Return that a factor changes nothing, and what stands in its place: an array that is handed in beside it."""

    def moves(name: str) -> bool:
        array = asked.arrays[name]
        others = [_result(examination, asked, asked.arrays | {name: other}) for other in (array + 1, -2 * array - 1)]
        return any(o is None or o.shape != first.shape or not _same(o, first, asked) for o in others)

    idle = next((name for name in examination.target.factors if not moves(name)), None)
    if idle is None:
        return None
    instead = next((name for name in examination.form.needs if moves(name)), "")
    said = f"the {CALLED[idle]} changes nothing" + (f"; the {CALLED[instead]} does, in its place" if instead else "")
    return f"{CODED[idle]}-ignored", said


def _linear_in(
    examination: Examination, asked: Asked, name: str, base: Arrays, other: Arrays, first: np.ndarray
) -> str | None:
    """Return what shows that the result is not linear in one argument; None where it is."""
    second = _result(examination, asked, {**base, name: other[name]})
    total = _result(examination, asked, {**base, name: base[name] + other[name]})
    twice = _result(examination, asked, {**base, name: 2 * base[name]})
    if (
        second is None
        or total is None
        or twice is None
        or not first.shape == second.shape == total.shape == twice.shape
    ):
        return None
    room = 8 * asked.trial.tolerance
    if name not in examination.target.factors and np.abs(second - first).max() <= room:
        return None  # what is no factor should change nothing
    called = dict(zip(examination.target.arguments, examination.target.called, strict=True)).get(name, name)
    if np.abs(twice - 2 * first).max() > room:
        return f"{called} times two did not give twice the result"
    if np.abs(total - first - second).max() > room:
        return f"the sum of two values of {called} did not give the sum of their results"
    return None


def _result(examination: Examination, asked: Asked, arrays: Arrays) -> np.ndarray | None:
    """Return the answer to these arrays; None where it is not complete."""
    _, trial = examination.call(asked.probe.geometry, arrays)
    if not trial.complete:
        return None
    finite: np.ndarray = np.nan_to_num(np.asarray(trial.got, float), posinf=0, neginf=0)
    return finite
