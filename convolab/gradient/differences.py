"""How much does a function's output change when one element of an argument does? Finite differences and their step.

With a random output gradient g the quantity is L = Σ g · f, and its slope along one element is estimated from f one
step before and one step behind:

    central = (L(x + h) − L(x − h)) / 2h        right = (L(x + h) − L(x)) / h        left = (L(x) − L(x − h)) / h

The outputs are subtracted before they are summed, so that what did not change cancels exactly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

Function = Callable[..., np.ndarray]


@dataclass(frozen=True)
class Slopes:
    """Estimates at some elements of one argument, each array of shape (elements,).

    `elements` are flat positions; where the right and the left slope differ, the function bends or has a kink.
    `rounding` is how far rounding may have moved `central`: Σ |grad_output| · (rounding of the output) over the outputs
    that moved, divided by the step. `right` − `left` may be off by four times as much. `summed` is the size of what was
    summed, Σ |grad_output · slope of the output|, and `spread` how far `central` was from it with another step.
    """

    elements: np.ndarray
    steps: np.ndarray
    central: np.ndarray
    right: np.ndarray
    left: np.ndarray
    rounding: np.ndarray
    summed: np.ndarray
    spread: np.ndarray


def step_for(dtype, values=0.0) -> np.ndarray:
    """Return the step of a central difference at each value: the cube root of the type's epsilon, times its size.

    Truncation grows as h², rounding as 1 / h; the cube root balances them. Rounded to a power of two, so that
    value ± step loses as little as can be.

    Parameters
    ----------
    dtype : floating-point type, or its epsilon
    values : array

    Examples
    --------
    >>> float(step_for(np.float64)), float(step_for(np.float32, 100.0))
    (7.62939453125e-06, 0.5)
    """
    size = np.maximum(1.0, np.abs(np.asarray(values, np.float64)))
    epsilon = dtype if isinstance(dtype, float) else np.finfo(dtype).eps
    return 2.0 ** np.round(np.log2(size) + log2(epsilon) / 3)


def slopes(
    function: Function,
    arguments: Sequence[np.ndarray],
    which: int,
    grad_output: np.ndarray,
    *,
    elements: np.ndarray | None = None,
    steps=None,
    rounding: np.ndarray | float = 0.0,
    advance: Callable[[], None] = lambda: None,
) -> Slopes:
    """Return the slopes of Σ grad_output · function(*arguments) along elements of one argument.

    Parameters
    ----------
    function : callable
        Takes arrays, returns one array of grad_output's shape.
    which : int
        The argument's place.
    elements : int array, optional
        Flat positions; all of them by default.
    steps : float or array, optional
        In the argument's units; by default as its type asks for.
    rounding : float or array of the output's shape
        How far rounding may move each output.
    advance : callable
        Called after each element.

    Cost
    ----
    Two evaluations of the function for each element, and one more.
    """
    argument = arguments[which]
    elements = np.arange(argument.size) if elements is None else np.asarray(elements)
    values = argument.ravel()[elements]
    steps = np.broadcast_to(step_for(argument.dtype, values) if steps is None else steps, elements.shape)
    here = function(*arguments)
    uncertain = np.abs(grad_output).astype(np.float64) * rounding
    found = np.zeros((6, len(elements)))
    for n, (element, step) in enumerate(zip(elements, steps, strict=True)):
        ahead, after = _moved(function, arguments, which, element, step)
        behind, before = _moved(function, arguments, which, element, -step)
        # What the element really moved by: value ± step may have been rounded.
        up, down = after - values[n], values[n] - before
        rise = _rise(grad_output, ahead, behind)
        found[:5, n] = (
            rise.sum() / (up + down),
            _rise(grad_output, ahead, here).sum() / up if up else np.nan,
            _rise(grad_output, here, behind).sum() / down if down else np.nan,
            2 * np.sum(uncertain, where=(ahead != here) | (behind != here)) / (up + down),
            np.abs(rise).sum() / (up + down),
        )
        advance()
    return Slopes(elements, np.array(steps), *found)


def _moved(function: Function, arguments, which: int, element: int, step: float) -> tuple[np.ndarray, float]:
    """Return the function with one element moved, and where that element then stood."""
    changed = arguments[which].copy()
    changed.reshape(-1)[element] += step
    place = float(changed.reshape(-1)[element])
    return function(*arguments[:which], changed, *arguments[which + 1 :]), place


def _rise(grad_output: np.ndarray, after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Return what each output adds to the change of L."""
    return grad_output.astype(np.float64) * (after.astype(np.float64) - before.astype(np.float64))
