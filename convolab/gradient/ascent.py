"""Which image does a convolution answer to most? Gradient ascent on Σ (x ⋆ k)², and the optimum that it climbs to.

The loss is |A x|² with gradient 2 Aᵀ A x. Without a constraint it only grows; on the unit sphere each step is one of
power iteration, and the answer is the top right-singular vector of A; in the box [0, 1] the answer lies in a corner.
"""

from collections.abc import Callable
from math import inf, sqrt
from typing import Literal

import numpy as np

from convolab.errors import ArgumentError, unknown
from convolab.geometry import convolution_geometry
from convolab.geometry.arguments import per_axis
from convolab.gradient.ascent_report import Ascent
from convolab.gradient.operator import Operator, as_weight
from convolab.gradient.topspace import NOTHING, Parts, parts_of

CONSTRAINTS = ("none", "sphere", "box")
# Beyond this, squares would leave the range of float64.
LARGEST = 1e300


def maximize(
    weight,
    size,
    *,
    steps: int = 100,
    rate: float = 0.01,
    constraint: Literal["none", "sphere", "box"] = "none",
    seed: int = 0,
    start=None,
    stride=1,
    padding=0,
    dilation=1,
    groups: int = 1,
    padding_mode: str = "zeros",
    engine: str = "auto",
    advance: Callable[[], None] = lambda: None,
) -> Ascent:
    """Climb Σ (x ⋆ k)² from a random image, and return the ascent with the optimum that it climbs to.

    The gradient is 2 Aᵀ A x, where A is the convolution as a matrix. The optimum is found beside the ascent, from the
    singular vectors of A, so that the report says how far the climb has come.

    Parameters
    ----------
    weight : array, shape (C_out, C_in / groups, *kernel), or a bare kernel (kH, kW), or str
        Text is a filter's name (`sobel-x`, `laplacian`), rows of numbers (`1,2;3,4`) or the path of a kernel's file, as
        `convolab.filters.kernels.read_kernel` takes it.
    size : int or sequence of int
        Of the image along each axis, in pixels.
    steps : int
        How many steps are taken, at least 1; fewer where the loss would leave the range of float64.
    rate : float
        Of a step along the gradient. On the sphere it may be infinite: pure power iteration.
    constraint : {"none", "sphere", "box"}
        sphere: |x| = 1 after every step. box: every pixel within [0, 1].
    seed : int
        Of the random image: fractions 0–1, drawn evenly.
    start : array, shape (C_in, *spatial) or (*spatial), optional
        The image to begin with, instead of a random one.
    stride, padding, dilation, groups, padding_mode, engine
        As in `conv2d`.
    advance : callable
        Called after each step.

    Returns
    -------
    Ascent
        The losses, the first and the last image, the optimum and the angle to it.

    Raises
    ------
    ArgumentError
        For sizes that do not fit, a constraint that is unknown, steps or a rate that are not positive, and text that
        names no kernel.
    DtypeError
        For a weight that is no real numbers.
    InputError
        For a kernel's file that cannot be read.

    Source
    ------
    On the sphere each step is one of power iteration: G. H. Golub, C. F. Van Loan, Matrix Computations, section 8.2.

    Examples
    --------
    >>> sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> climb = maximize(sobel, 9, constraint="sphere", steps=200, rate=0.1)
    >>> round(climb.final_loss, 6), round(climb.optimum, 6), climb.reached_after
    (53.858897, 53.858897, 78)
    """
    operator = _operator(weight, size, stride, padding, dilation, groups, padding_mode, engine)
    _check(steps, rate, constraint)
    first = _first(operator, start, seed, constraint)
    image, losses = _climb(operator, first, steps, rate, constraint, advance)
    begun, ended = parts_of(operator, first, image, random=start is None, linear=constraint != "box")
    vector = _direction(begun, first)
    value = float(begun.values[0])
    return Ascent(
        constraint,
        rate,
        np.array(losses),
        first,
        image,
        vector if np.vdot(vector, image) >= 0 else -vector,
        value,
        begun.runner_up,
        _slope(begun),
        begun.residual,
        {"none": None, "sphere": value**2, "box": _box_bound(operator, value)}[constraint],
        _alignment(ended, image),
    )


def _operator(weight, size, stride, padding, dilation, groups, padding_mode, engine) -> Operator:
    weight = as_weight(weight)
    if not 3 <= weight.ndim <= 5:
        raise ArgumentError(
            f"maximize: weight has {weight.ndim} axes. Expected (C_out, C_in / groups, *kernel) or (kH, kW)."
        )
    dims = weight.ndim - 2
    size = per_axis("maximize", "size", tuple(size) if isinstance(size, (list, tuple)) else size, dims, minimum=1)
    geometry = convolution_geometry(
        "maximize", (1, weight.shape[1] * groups, *size), weight.shape, stride=stride, padding=padding,
        dilation=dilation, groups=groups, padding_mode=padding_mode,
    )  # fmt: skip
    return Operator(geometry, weight, engine=engine)


def _check(steps: int, rate: float, constraint: str) -> None:
    if constraint not in CONSTRAINTS:
        raise ArgumentError(
            f"maximize: constraint={unknown(constraint, CONSTRAINTS)} Expected {', '.join(CONSTRAINTS)}."
        )
    if steps < 1:
        raise ArgumentError(f"maximize: steps must be positive, got {steps}.")
    if not rate > 0 or (rate == inf and constraint != "sphere"):
        raise ArgumentError(f"maximize: rate must be positive (and finite but on the sphere), got {rate}.")


def _first(operator: Operator, start, seed: int, constraint: str) -> np.ndarray:
    """Return the image that the ascent begins with, made to obey the constraint."""
    if start is None:
        image = np.random.default_rng(seed).random(operator.input_shape)
    else:
        image = np.array(start, dtype=np.float64)
        if image.size != operator.inputs:
            raise ArgumentError(f"maximize: start has shape {image.shape}. Expected {operator.input_shape}.")
        image = image.reshape(operator.input_shape)
    return _project(image, constraint)


def _project(image: np.ndarray, constraint: str) -> np.ndarray:
    if constraint == "sphere":
        length = np.linalg.norm(image)
        return image / length if length else image
    return np.clip(image, 0, 1) if constraint == "box" else image


def _climb(operator: Operator, image, steps: int, rate: float, constraint: str, advance):
    """Return the last image and the loss of every one, the first included."""
    output = operator.forward(image)
    losses = [float(np.vdot(output, output))]
    for _ in range(steps):
        gradient = 2 * operator.adjoint(output)
        moved = _project(gradient if rate == inf else image + rate * gradient, constraint)
        output = operator.forward(moved)
        loss = float(np.vdot(output, output))
        if not loss < LARGEST:
            break
        image = moved
        losses.append(loss)
        advance()
    return image, losses


def _direction(parts: Parts, image: np.ndarray) -> np.ndarray:
    """Return the top singular vector that an image has a part of; any, where it has none."""
    length = float(np.linalg.norm(parts.parts[0]))
    return parts.parts[0] / length if length > NOTHING * np.linalg.norm(image) else parts.vector


def _alignment(parts: Parts, image: np.ndarray) -> float:
    """Return the cosine of the angle between an image and the space of the top singular vectors."""
    length = float(np.linalg.norm(image))
    return min(1.0, float(np.linalg.norm(parts.parts[0])) / length) if length else 0.0


def _slope(parts: Parts) -> float:
    """Return |part in the runner-up's space| / |part in the top space|."""
    top, *rest = (float(np.linalg.norm(part)) for part in parts.parts)
    return rest[0] / top if rest and top else 0.0


def _box_bound(operator: Operator, top: float) -> float:
    """Return the smaller of two numbers that Σ (x ⋆ k)² of no image with pixels within [0, 1] exceeds.

    Each output is at most the sum of its positive weights, or of its negative ones; and with x = ½ + s, |s| ≤ ½ √n,
    |A x| ≤ |A ½| + σ ½ √n.
    """
    ones = np.ones(operator.input_shape)
    positive, negative = (operator.with_weight(np.maximum(s * operator.weight, 0)).forward(ones) for s in (1, -1))
    by_outputs = float((np.maximum(positive, negative) ** 2).sum())
    by_length = float(np.linalg.norm(operator.forward(ones / 2)) + top * sqrt(operator.inputs) / 2) ** 2
    return min(by_outputs, by_length)
