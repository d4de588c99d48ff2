"""Is the function differentiable here? Where it has a kink, its two one-sided slopes stay apart however small the step.

A bend pulls them apart too, but in proportion to the step: ten times closer brings them ten times together.
"""

from collections.abc import Sequence

import numpy as np

from convolab.gradient.differences import slopes
from convolab.gradient.report import Finding
from convolab.gradient.subject import Subject

STEPS = (2.0**-10, 2.0**-14)
# At most this many suspects are looked at: enough to say that and where it happens.
LIMIT = 64


def find_kinks(
    subject: Subject,
    arrays: Sequence[np.ndarray],
    which: int,
    grad_output,
    suspects: np.ndarray,
    scale: float,
    rounding: np.ndarray | float = 0.0,
):
    """Return which suspects (flat positions) are kinks of the function, with their left and right slopes.

    Parameters
    ----------
    scale : float
        Of the argument's gradient.
    rounding : float or array of the output's shape
        How far rounding may move each output.

    Returns
    -------
    (int array, float array, float array)
        Positions, left slopes, right slopes.
    """
    suspects = suspects[:LIMIT]
    wide, narrow = (
        slopes(subject.forward, arrays, which, grad_output, elements=suspects, steps=step, rounding=rounding)
        for step in STEPS
    )
    jump, closer = np.abs(wide.right - wide.left), np.abs(narrow.right - narrow.left)
    kinked = (closer > 1e-3 * scale + 4 * narrow.rounding) & (closer > 0.5 * jump)
    return suspects[kinked], narrow.left[kinked], narrow.right[kinked]


def kink_finding(subject: Subject, arrays, which: int, analytic: np.ndarray, found) -> Finding:
    """Return what to say about the kinks of one argument."""
    positions, left, right = found
    at = tuple(int(i) for i in np.unravel_index(positions[0], analytic.shape))
    value = float(analytic.reshape(-1)[positions[0]])
    low, high = sorted((left[0], right[0]))
    between = "between the two" if low - 1e-6 <= value <= high + 1e-6 else "not between them"
    causes = subject.kinks(STEPS[-1], *arrays) if subject.kinks else []
    name = subject.names[which]
    count = f"{len(positions)}{' or more' if len(positions) == LIMIT else ''}"
    message = (
        f"{subject.title} is not differentiable at {count} of {analytic.size:,} elements of {name}"
        f"{': ' + '; '.join(causes) if causes else ''}. At {name}{list(at)} the slope is {left[0]:.4g} on the left and "
        f"{right[0]:.4g} on the right, the gradient {value:.4g} ({between}). Move the point and check again."
    )
    return Finding("not-differentiable", "not differentiable", message, name)
