"""How does the error of a finite difference depend on its step? Truncation on one side, rounding on the other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convolab.convolution import conv2d, conv2d_input

# The steps of a curve: powers of two, so that the step itself is never rounded.
STEPS = 2.0 ** np.arange(-40, 5)
# The step of the lab sheet.
SHEETS_STEP = 1e-6


@dataclass(frozen=True)
class Curve:
    """The error of one kind of difference in one type, against the step.

    Attributes
    ----------
    label : str
    steps, errors : array, shape (steps,)
        The error is the root mean square over all elements, as a fraction of the gradient's own.
    """

    label: str
    steps: np.ndarray
    errors: np.ndarray

    @property
    def best(self) -> tuple[float, float]:
        """The step with the smallest error, and that error."""
        n = int(np.nanargmin(self.errors))
        return float(self.steps[n]), float(self.errors[n])


def error_at(loss: Callable, gradient: np.ndarray, point: np.ndarray, step: float, *, central: bool) -> float:
    """Return the error of one step, everything computed in the point's type, the step included."""
    step = point.dtype.type(step)
    here, found = loss(point), np.empty(point.shape)
    for at in np.ndindex(*point.shape):
        ahead, behind = point.copy(), point.copy()
        ahead[at] += step
        behind[at] -= step
        difference = loss(ahead) - loss(behind) if central else loss(ahead) - here
        found[at] = float(difference) / ((2 if central else 1) * float(step))
    return float(np.linalg.norm(found - gradient) / np.linalg.norm(gradient))


def step_curve(loss: Callable, gradient: np.ndarray, point: np.ndarray, *, central: bool = True, steps=STEPS) -> Curve:
    """Return the error over all steps.

    Parameters
    ----------
    loss : callable
        point → a number, computed in the point's type.
    gradient : array
        The true one, in float64.
    point : array
        Its type is the curve's.
    """
    errors = np.array([error_at(loss, gradient, point, step, central=central) for step in steps])
    return Curve(f"{'central' if central else 'one-sided'}, {point.dtype}", np.asarray(steps), errors)


def sheets_point(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return the sheet's setting: a random 9 × 9 image, a random 3 × 3 kernel."""
    rng = np.random.default_rng(seed)
    return rng.random((9, 9)), rng.random((3, 3))


def squares(kernel: np.ndarray) -> Callable[[np.ndarray], np.floating]:
    """Return Σ (x ⋆ k)², computed in x's type."""
    return lambda x: np.sum(np.square(conv2d(x, kernel.astype(x.dtype), engine="numpy")))


def squares_gradient(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return 2 Aᵀ A x."""
    return 2 * conv2d_input(x.shape, kernel, conv2d(x, kernel, engine="numpy"), engine="numpy")


def _exponentials(kernel: np.ndarray) -> Callable[[np.ndarray], np.floating]:
    """Return Σ exp(x ⋆ k / 4), which no parabola is: here truncation shows."""
    quarter = 4
    return lambda x: np.sum(np.exp(conv2d(x, kernel.astype(x.dtype), engine="numpy") / x.dtype.type(quarter)))


def _exponentials_gradient(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    grad_output = np.exp(conv2d(x, kernel, engine="numpy") / 4) / 4
    return conv2d_input(x.shape, kernel, grad_output, engine="numpy")


def sheets_curves(seed: int = 0) -> dict[str, list[Curve]]:
    """Return the curves of the picture: for each loss, both differences in both types."""
    x, kernel = sheets_point(seed)
    losses = {
        "Σ (x ⋆ k)², a parabola": (squares(kernel), squares_gradient(x, kernel)),
        "Σ exp((x ⋆ k) / 4)": (_exponentials(kernel), _exponentials_gradient(x, kernel)),
    }
    return {
        title: [
            step_curve(loss, gradient, x.astype(dtype), central=central)
            for dtype in (np.float32, np.float64)
            for central in (False, True)
        ]
        for title, (loss, gradient) in losses.items()
    }
