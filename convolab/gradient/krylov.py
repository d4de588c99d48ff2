"""Which parts has an image along the singular vectors of a convolution, each value counted once?

Lanczos' method begun with an image never leaves the space that AᵀA makes of it, and in that space every eigenvalue has
one vector, however many it has elsewhere: the image's own projection. So repeated values need no basis of their own.
Source: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition, section 10.1.
"""

from dataclasses import dataclass

import numpy as np

from convolab.gradient.operator import Operator

STEPS = 400  # products with AᵀA at most
EVERY = 10  # steps between looks at what was found
NUMBERS = 2**25  # of all basis vectors at most


@dataclass(frozen=True)
class Parts:
    """The parts of an image along its singular vectors.

    Attributes
    ----------
    squares : array, shape (count,)
        Squared singular values, falling, each different one once.
    weights : array, shape (count,)
        |projection of the image|², as a fraction of |image|².
    residuals : array, shape (count,)
        Within that distance of each square there is an eigenvalue of AᵀA.
    """

    squares: np.ndarray
    weights: np.ndarray
    residuals: np.ndarray

    def near(self, square: float, same: float) -> float:
        """The length of the part along all vectors of one squared value, as a fraction of the image's."""
        return float(np.sqrt(self.weights[np.abs(self.squares - square) <= same * square].sum()))


def parts(operator: Operator, image: np.ndarray, *, below: float, tolerance: float) -> Parts:
    """The parts of an image (C_in, *spatial), known well enough to tell the largest square that is less than `below`.

    Parameters
    ----------
    below : float
        The search ends once the largest square below it has a residual of at most `tolerance` times `below`.
    """
    most = min(STEPS, image.size, max(EVERY, NUMBERS // image.size))
    basis = np.empty((most, image.size))
    basis[0] = image.ravel() / np.linalg.norm(image)
    diagonal: list[float] = []
    beside: list[float] = []
    for step in range(1, most + 1):
        last, rows = basis[step - 1], basis[:step]
        moved = operator.adjoint(operator.forward(last.reshape(operator.input_shape))).ravel()
        diagonal.append(float(last @ moved))
        for _ in range(2):  # once more, so that rounding does not bring found vectors back
            moved = moved - (rows @ moved) @ rows
        beside.append(float(np.linalg.norm(moved)))
        ended = beside[-1] <= 1e-14 * max(below, 1e-300) or step == most
        if ended or step % EVERY == 0:
            found = _ritz(diagonal, beside)
            if ended or _is_known(found, below, tolerance):
                break
        basis[step] = moved / beside[-1]
    return found


def _ritz(diagonal: list[float], beside: list[float]) -> Parts:
    matrix = np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1)
    squares, vectors = np.linalg.eigh(matrix)
    order = np.argsort(squares)[::-1]
    return Parts(squares[order], vectors[0, order] ** 2, np.abs(beside[-1] * vectors[-1, order]))


def _is_known(found: Parts, below: float, tolerance: float) -> bool:
    less = np.flatnonzero(found.squares < below)
    return bool(len(less)) and found.residuals[less[0]] <= tolerance * below
