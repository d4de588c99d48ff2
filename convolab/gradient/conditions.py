"""May the gradients be compared at all? What a function and its gradients must do before any number is looked at.

Each breach is a finding of its own: it raises, returns nothing, another type, another shape, NaN, something else the
second time, or it changes its arguments.
"""

import traceback
from collections.abc import Callable, Sequence

import numpy as np

from convolab.errors import ConvolabError
from convolab.gradient.report import Finding
from convolab.gradient.subject import NOT_CHECKED, Subject


def examine_forward(subject: Subject, arrays: Sequence[np.ndarray]) -> tuple[np.ndarray | None, list[Finding]]:
    """Return the output, or None where there is none to go on with; and what is wrong with it."""
    output, findings = _call(f"{subject.title}", subject.forward, arrays, subject.names)
    if findings and output is None:
        return None, findings
    problem = _not_an_array(output)
    if problem:
        return None, [*findings, Finding(*problem, f"{subject.title} returned {_kind(output)}. Expected an array.")]
    first = np.array(output)
    wanted = np.result_type(*arrays)
    if first.dtype != wanted:
        advice = "; its fractions are lost" if first.dtype.kind in "iub" else ""
        findings.append(
            Finding("wrong-dtype", "another type", f"{subject.title} returned {first.dtype} for {wanted}{advice}.")
        )
    findings += _not_finite("the output", first)
    if not findings:
        second, _ = _call(subject.title, subject.forward, arrays, subject.names)
        findings += _not_the_same("the output", first, np.asarray(second))
    return first, findings


def examine_gradients(subject: Subject, arrays: Sequence[np.ndarray], grad_output: np.ndarray):
    """Return the gradients, None for each that cannot be compared; and what is wrong with them."""
    names = ("grad_output", *subject.names)
    found, findings = _call(f"the gradient of {subject.title}", subject.gradients, (grad_output, *arrays), names)
    if found is None:
        return [None] * len(arrays), findings
    again, _ = _call(subject.title, subject.gradients, (grad_output, *arrays), names)
    usable: list[np.ndarray | None] = []
    for n, (name, array, gradient) in enumerate(zip(subject.names, arrays, found, strict=True)):
        if gradient is NOT_CHECKED:
            usable.append(None)
            continue
        wrong = _gradient_findings(name, array, gradient, again[n] if again is not None else None)
        findings += wrong
        fatal = {"returns-nothing", "wrong-type", "gradient-shape", "not-finite", "not-repeatable"}
        usable.append(None if fatal & {f.code for f in wrong} else np.array(gradient))
    return usable, findings


def _gradient_findings(name: str, array: np.ndarray, gradient, again) -> list[Finding]:
    what = f"the gradient of {name}"
    problem = _not_an_array(gradient)
    if problem:
        return [Finding(*problem, f"{what} is {_kind(gradient)}. Expected an array of shape {array.shape}.", name)]
    gradient = np.asarray(gradient)
    if gradient.shape != array.shape:
        message = f"{what} has shape {gradient.shape}. Expected {name}'s own, {array.shape}."
        return [Finding("gradient-shape", "another shape", message, name)]
    findings = []
    if gradient.dtype != array.dtype:
        lost = "; its fractions are lost" if gradient.dtype.kind in "iub" else ""
        message = f"{what} is {gradient.dtype} for {array.dtype}{lost}."
        findings.append(Finding("wrong-dtype", "another type", message, name))
    findings += _not_finite(what, gradient, name)
    if not findings and again is not None:
        findings += _not_the_same(what, gradient, np.asarray(again), name)
    return findings


def _call(title: str, function: Callable, arrays: Sequence[np.ndarray], names: Sequence[str]):
    """Return the result of a call on copies, None where it raised; and whether it raised or changed an argument."""
    copies = [a.copy() for a in arrays]
    try:
        result = function(*copies)
        # Kept apart from the copies: a result may be a view of an argument.
        result = [_copied(r) for r in result] if isinstance(result, list) else _copied(result)
    except ConvolabError as error:
        if type(error).__name__ == "NoGradient":
            return None, [Finding("no-gradient", "no gradient", f"{error}.")]
        raise
    except Exception as error:  # whatever the function under test raises is an answer
        return None, [_raised(title, error)]
    changed = [n for n, a, c in zip(names, arrays, copies, strict=True) if not np.array_equal(a, c, equal_nan=True)]
    message = f"{title} changes {' and '.join(changed)} in place. Expected it to work on a copy."
    return result, [Finding("mutates-input", "changes its input", message)] if changed else []


def _copied(value):
    return np.array(value) if isinstance(value, np.ndarray) else value


def _raised(title: str, error: Exception) -> Finding:
    text = " ".join(str(error).split())
    if "invalid gradient at index" in text and "shape" in text:
        return Finding("gradient-shape", "another shape", f"{title}: {text}.")
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
    return Finding("raised", "raised", f"{title} raised {type(error).__name__} at {where}: {text}")


def _not_an_array(value) -> tuple[str, str] | None:
    if value is None:
        return "returns-nothing", "returns nothing"
    if isinstance(value, (np.ndarray, np.generic, int, float)) and np.asarray(value).dtype.kind in "fiub":
        return None
    return "wrong-type", "not an array of numbers"


def _kind(value) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _not_finite(what: str, array: np.ndarray, argument: str | None = None) -> list[Finding]:
    bad = ~np.isfinite(array)
    if not bad.any():
        return []
    at = tuple(int(i) for i in np.argwhere(bad)[0])
    message = f"{what} has {int(bad.sum()):,} of {array.size:,} elements that are not finite, the first at {at}."
    return [Finding("not-finite", "NaN or infinite", message, argument)]


def _not_the_same(what: str, first: np.ndarray, second: np.ndarray, argument: str | None = None) -> list[Finding]:
    if first.shape == second.shape and np.array_equal(first, second, equal_nan=True):
        return []
    difference = f" by up to {np.abs(first - second).max():.2g}" if first.shape == second.shape else ""
    message = f"{what} differs{difference} when the same call is made twice. Expected a function without chance."
    return [Finding("not-repeatable", "not repeatable", message, argument)]
