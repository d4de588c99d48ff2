"""Which images does a convolution stretch most? All of them: where the largest singular value is repeated, a space.

A kernel of one row stretches each row by itself, so its largest singular value stands there once for every row. Angles
are to that space, and the runner-up is the next value that is another one.
"""

from dataclasses import dataclass

import numpy as np

from convolab.gradient.operator import Operator
from convolab.gradient.singular import SAME, lanczos

# Matrices of up to so many elements are taken apart completely; larger ones by Lanczos, in at most so many steps.
WRITTEN_OUT, STEPS = 500**2, 120
# Relative residual at which Lanczos' vectors are good enough, and below which nothing is left to find.
RESIDUAL, NOTHING = 1e-9, 1e-12


@dataclass(frozen=True)
class Parts:
    """An image's parts in the spaces of some different singular values, the largest first.

    Attributes
    ----------
    values : array, shape (count,)
        Singular values, falling, no two the same.
    parts : list of array, shape (C_in, *spatial)
        What the image holds in the space of each; they have the image's own size.
    vector : array, shape (C_in, *spatial)
        One of the first, of length 1, whether or not the image holds some of it.
    residual : float
        |Aᵀ A v / σ − σ v| of the first, v of length 1.
    """

    values: np.ndarray
    parts: list[np.ndarray]
    vector: np.ndarray
    residual: float

    @property
    def runner_up(self) -> float:
        """The next smaller value, 0 if there is none."""
        return float(self.values[1]) if len(self.values) > 1 else 0.0


def parts_of(
    operator: Operator, first: np.ndarray, last: np.ndarray, *, random: bool, linear: bool
) -> tuple[Parts, Parts]:
    """Return an ascent's first and last image in the spaces of the two largest singular values that differ.

    Of images that hold nothing of the largest, the first part is 0.

    Parameters
    ----------
    random : bool
        Whether the first image was drawn at random, and so holds something of everything.
    linear : bool
        Whether each step multiplied the parts of the image: then the last image's lie along the first's.
    """
    if operator.inputs * operator.outputs <= WRITTEN_OUT:
        everything = _written_out(operator)
        return _projected(operator, *everything, first), _projected(operator, *everything, last)
    begun = _sought(operator, first)
    generic = np.random.default_rng(0).standard_normal(operator.input_shape)
    known = begun if random else _sought(operator, generic)
    ended = _along(begun, last) if linear else _sought(operator, last)
    return _among(known, begun), _among(known, ended)


def _written_out(operator: Operator) -> tuple[np.ndarray, np.ndarray]:
    """Return all singular values, falling, and right singular vectors, shape (count, inputs)."""
    by_outputs = operator.outputs < operator.inputs
    shape = operator.output_shape if by_outputs else operator.input_shape
    multiply = operator.adjoint if by_outputs else operator.forward
    rows = np.stack([multiply(e.reshape(shape)).ravel() for e in np.eye(int(np.prod(shape)))])
    left, values, right = np.linalg.svd(rows, full_matrices=False)
    return values, right if by_outputs else left.T


def _projected(operator: Operator, values: np.ndarray, vectors: np.ndarray, image: np.ndarray) -> Parts:
    different: list[float] = []
    parts: list[np.ndarray] = []
    rest = np.arange(len(values))
    while len(rest) and len(different) < 2:
        value = values[rest[0]]
        same = rest[values[rest] >= value - SAME * values[0]]
        basis = vectors[same]
        different.append(float(value))
        parts.append((basis.T @ (basis @ image.ravel())).reshape(operator.input_shape))
        rest = rest[len(same) :]
    vector = vectors[0].reshape(operator.input_shape)
    return Parts(np.array(different), parts, vector, _residual(operator, vector))


def _residual(operator: Operator, vector: np.ndarray) -> float:
    """Return |Aᵀ A v / σ − σ v| of a vector of length 1."""
    output = operator.forward(vector)
    value = float(np.linalg.norm(output))
    return float(np.linalg.norm(operator.adjoint(output) / value - value * vector)) if value else 0.0


def _sought(operator: Operator, image: np.ndarray) -> Parts:
    """Return an image's parts by Lanczos begun with it: each value is met once, in the image's part of its space."""
    length = float(np.linalg.norm(image))
    found = _lanczos(operator, image / length) if length and operator.forward(image).any() else None
    if found is None:
        found = _by_arpack(operator, image / length) if length else (np.zeros(1), np.zeros((1, image.size)))
    values, vectors = found
    parts = [(v * (v @ image.ravel())).reshape(image.shape) for v in vectors]
    vector = vectors[0].reshape(image.shape)
    return Parts(values, parts, vector, _residual(operator, vector))


def _lanczos(operator: Operator, start: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the two largest values and vectors that the start has parts of; None where STEPS do not find them."""
    known = np.empty((STEPS, start.size))
    known[0] = start.ravel()
    diagonal, beside = np.zeros(STEPS), np.zeros(STEPS)
    for n in range(STEPS):
        following = operator.adjoint(operator.forward(known[n].reshape(start.shape))).ravel()
        diagonal[n] = following @ known[n]
        following = _without(known[: n + 1], following)
        beside[n] = np.linalg.norm(following)
        ended = beside[n] <= NOTHING * diagonal.max()
        if ended or n % 10 == 9:
            squares, weights = _largest_two(diagonal[: n + 1], beside[:n])
            if ended or (beside[n] * np.abs(weights[-1]) <= RESIDUAL * squares[0]).all():
                return np.sqrt(np.maximum(squares, 0)), weights.T @ known[: n + 1]
        if n + 1 < STEPS:
            known[n + 1] = following / beside[n]
    return None


def _without(known: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return a vector without its parts along known ones; twice where much cancels, or copies of them arise."""
    rest = vector - (known @ vector) @ known
    if np.linalg.norm(rest) < 0.7 * np.linalg.norm(vector):
        rest = rest - (known @ rest) @ known
    return rest


def _largest_two(diagonal: np.ndarray, beside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest eigenvalues of a tridiagonal matrix, falling, and their vectors as columns."""
    from scipy.linalg import eigh_tridiagonal

    last = len(diagonal) - 1
    values, vectors = eigh_tridiagonal(diagonal, beside, select="i", select_range=(max(0, last - 1), last))
    return values[::-1], vectors[:, ::-1]


def _by_arpack(operator: Operator, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = lanczos(operator, 2, start=start if operator.forward(start).any() else None)
    count = 1 + int(found.values[1] < found.values[0] * (1 - SAME))
    return found.values[:count], found.vectors[:count].reshape(count, -1)


def _along(parts: Parts, image: np.ndarray) -> Parts:
    """Return an image's parts along those of another."""
    shadows = [p * float(np.vdot(p, image) / (np.vdot(p, p) or 1.0)) for p in parts.parts]
    return Parts(parts.values, shadows, parts.vector, parts.residual)


def _among(known: Parts, found: Parts) -> Parts:
    """Return what was found of an image, under the values that are known to be there."""
    parts = []
    for value in known.values:
        same = np.flatnonzero(np.abs(found.values - value) <= SAME * known.values[0])
        parts.append(found.parts[same[0]] if len(same) else np.zeros_like(known.vector))
    return Parts(known.values, parts, known.vector, known.residual)
