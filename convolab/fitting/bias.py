"""What happens to the bias? The coefficient with which each of its values enters each result is read, and said."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from convolab.geometry import Geometry

# (input, weight, bias) → result, or None where the function raises.
AskBias = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray | None]


class BiasFit(NamedTuple):
    """What a function does with its bias: a code (empty where that is right) and a sentence."""

    code: str
    sentence: str


# Which value of the bias enters which result: index along every axis of the result → index of the bias; −1 for none.
PLACES: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray]]] = {
    "": ("", lambda at: at[1]),
    "its first value is added to every channel": ("bias-first-only", lambda at: 0 * at[1]),
    "only the first channel gets its value": ("bias-first-only", lambda at: np.where(at[1] == 0, 0, -1)),
    "its values are added to the columns, one to each, and not to the channels": ("bias-axis", lambda at: at[3]),
    "its values are added to the rows, one to each, and not to the channels": ("bias-axis", lambda at: at[2]),
    "its values are added to the images, one to each, and not to the channels": ("bias-axis", lambda at: at[0]),
}
COUNTS: dict[str, tuple[str, Callable[[Geometry], float]]] = {
    "": ("", lambda g: 1.0),
    "it is subtracted": ("bias-sign", lambda g: -1.0),
    "it is added once for every channel": ("bias-repeated", lambda g: g.in_channels / g.groups),
    "it is added once for every row of the kernel": ("bias-repeated", lambda g: float(g.kernel[0])),
    "it is added once for every column of the kernel": ("bias-repeated", lambda g: float(g.kernel[1])),
    "it is added once for every kernel position": ("bias-repeated", lambda g: float(np.prod(g.kernel))),
    "it is added once for every product": ("bias-repeated", lambda g: float(g.products)),
    "it is added once for every kernel row of every channel": (
        "bias-repeated", lambda g: g.kernel[0] * g.in_channels / g.groups,
    ),
    "it is added once for every image": ("bias-repeated", lambda g: float(g.batch)),
    "it is added twice": ("bias-repeated", lambda g: 2.0),
    "half of it is added": ("bias-scaled", lambda g: 0.5),
    "it is divided by the number of products": ("bias-scaled", lambda g: 1 / g.products),
}  # fmt: skip


def fit_bias(ask_in: Callable[[Geometry], AskBias], geometries: Sequence[Geometry]) -> BiasFit | None:
    """Return what a forward function does with its bias; None where no rule gives the coefficients that are read.

    Parameters
    ----------
    ask_in : callable
        For a geometry the function of (input, weight, bias).
    geometries : sequence of Geometry
        Where it raises, a geometry says nothing; at least two must answer.
    """
    seen = {g: read for g in geometries if (read := _coefficients(ask_in(g), g)) is not None}
    if len(seen) < 2:
        return None
    if not any(read.any() for read, _ in seen.values()):
        return BiasFit("bias-ignored", "The bias is left out.")
    multiplied = all(np.allclose(read, _at(read.shape, "") * ones, atol=1e-6) for read, ones in seen.values())
    if multiplied and not all(np.allclose(ones, 1.0) for _, ones in seen.values()):
        return BiasFit("bias-multiplied", "The result is multiplied by the bias, which should be added.")
    for where, (place_code, _) in PLACES.items():
        for often, (count_code, count) in COUNTS.items():
            if all(np.allclose(read, count(g) * _at(read.shape, where), atol=1e-6) for g, (read, _) in seen.items()):
                said = " and ".join(text for text in (where, often) if text)
                codes = "+".join(code for code in (place_code, count_code) if code)
                return BiasFit(codes, f"Of the bias, {said}." if said else "")
    return None


def _coefficients(ask: AskBias, g: Geometry) -> tuple[np.ndarray, np.ndarray] | None:
    """Return what each bias value alone adds (bias, N, C, H, W), and the result for a bias of ones."""
    rng = np.random.default_rng(3)
    factors = [rng.integers(-9, 10, shape) / 4 for shape in (g.input_shape, g.weight_shape)]
    biases = [np.zeros(g.out_channels), *(2.0 * np.eye(g.out_channels)), np.ones(g.out_channels)]
    answers = [ask(factors[0], factors[1], bias) for bias in biases]
    shapes = {np.shape(a) if a is not None else () for a in answers}
    if len(shapes) > 1 or any(len(shape) != 4 or shape[:2] != g.output_shape[:2] for shape in shapes):
        return None
    nothing, *each, ones = (np.asarray(a, float) for a in answers)
    added = (np.stack(each) - nothing) / 2
    linear = np.allclose(added.sum(0), ones - nothing) and np.isfinite(added).all()
    return (added, ones if not nothing.any() else np.ones_like(ones)) if linear else None


def _at(shape: tuple[int, ...], where: str) -> np.ndarray:
    """Return where each bias value enters, as a number for each (bias, N, C, H, W)."""
    index = PLACES[where][1](np.indices(shape[1:]))
    entered: np.ndarray = np.arange(shape[0]).reshape(-1, 1, 1, 1, 1) == index
    return entered.astype(float)
