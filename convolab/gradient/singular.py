"""How much can a convolution stretch an image? Its singular values and vectors.

On a ring (circular padding) they are exact: one small matrix for each frequency. Elsewhere Lanczos finds the largest
ones from the forward sum and its adjoint alone, each with its residual.
"""

from dataclasses import dataclass

import numpy as np

from convolab.drawing import Drawing
from convolab.drawing.bars import bars
from convolab.errors import ArgumentError
from convolab.geometry import Geometry
from convolab.gradient.operator import Operator, scipy_linalg
from convolab.gradient.symbol import is_ring, ring_singular_values

# Relative residual at which Lanczos stops. A value is as good as the square of its vector: on a large image, where the
# largest values crowd together and every product counts, 1e-6 leaves nine digits.
TOLERANCE, LARGE_TOLERANCE, LARGE = 1e-9, 1e-6, 5000
# Values closer than this, as a fraction of the largest, count as one value with several vectors.
SAME = 1e-8
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, repr=False)
class Spectrum:
    """Some of the singular values of a convolution, falling.

    Attributes
    ----------
    values : array, shape (count,)
    vectors : array, shape (count, C_in, *spatial)
        Right singular vectors, of length 1: the images that are stretched so much. Empty with the Fourier transform.
    residuals : array, shape (count,)
        |Aᵀ A v / σ − σ v|: within that distance of each value there is a singular value. 0 with the Fourier transform.
    method : {"fourier", "lanczos"}
    """

    values: np.ndarray
    vectors: np.ndarray
    residuals: np.ndarray
    method: str

    @property
    def shown(self) -> int:
        """How many values a picture and a table show."""
        return min(len(self.values), 24)

    @property
    def multiplicity(self) -> int:
        """How many of the values found are the largest one."""
        return int((self.values >= self.values[0] * (1 - SAME)).sum())

    @property
    def runner_up(self) -> float:
        """The next smaller value found, 0 if none was."""
        rest = self.values[self.multiplicity :]
        return float(rest[0]) if len(rest) else 0.0

    def __repr__(self) -> str:
        return f"<Spectrum of {len(self.values)} singular values, the largest {self.values[0]:.6g}, by {self.method}>"

    def drawing(self) -> Drawing:
        """Return the values as bars, the largest of them at most."""
        shown = self.values[: self.shown]
        title = f"The {len(shown)} largest singular values"
        return bars(
            title, [(f"σ{n}".translate(_SUBSCRIPTS), value, f"{value:.6g}") for n, value in enumerate(shown, 1)]
        )

    def _repr_html_(self) -> str:
        from convolab.gradient.markup import spectrum_html

        return spectrum_html(self)


def spectrum(geometry: Geometry, weight, count: int | None = None, *, engine: str = "auto", seed: int = 0) -> Spectrum:
    """Return the singular values of a convolution with respect to one image.

    Parameters
    ----------
    geometry : Geometry
    weight : array, shape (C_out, C_in / groups, *kernel), or str
        Text is the name, the numbers or the file of a kernel, as `convolab.filters.kernels.read_kernel` takes it.
    count : int, optional
        How many, the largest first. By default all on a ring, and six elsewhere.
    engine : str
        What computes the products of Lanczos.
    seed : int
        Of Lanczos' first vector.

    Returns
    -------
    Spectrum
        Values, falling, with their vectors and residuals.

    Raises
    ------
    ArgumentError
        If there are fewer singular values than were asked for.

    Examples
    --------
    >>> ring = Geometry(8, 3, padding=1, padding_mode="circular")
    >>> spectrum(ring, np.array([[[-1, 0, 1]]])).values.round(3)
    array([2.   , 2.   , 1.414, 1.414, 1.414, 1.414, 0.   , 0.   ])
    """
    operator = Operator(geometry, weight, engine=engine)
    available = min(operator.inputs, operator.outputs)
    if count is not None and not 1 <= count <= available:
        raise ArgumentError(f"spectrum: count={count} of {available} singular values. Expected 1 to {available}.")
    if is_ring(geometry):
        values = ring_singular_values(geometry, operator.weight)[:count]
        return Spectrum(values, np.empty((0, *operator.input_shape)), np.zeros(len(values)), "fourier")
    return lanczos(operator, min(count or 6, available), seed=seed)


def lanczos(operator: Operator, count: int, *, seed: int = 0, start: np.ndarray | None = None) -> Spectrum:
    """Return the largest singular values and their vectors, from products with A and Aᵀ alone.

    Begun with an image `start` (C_in, *spatial), it finds of each value the vector that this image has a part of.
    """
    gram, of_outputs = operator.gram()
    size = gram.shape[0]
    if not operator.weight.any():
        return _measured(operator, np.eye(size)[:count], of_outputs)
    if size <= max(2 * count, 8):
        # Lanczos needs room between the values and the size; so small a matrix is written out.
        squares, vectors = np.linalg.eigh(gram @ np.eye(size))
        squares, vectors = squares[-count:], vectors[:, -count:]
    else:
        if start is None:
            first = np.random.default_rng(seed).standard_normal(size)
        else:
            first = (operator.forward(start) if of_outputs else start).ravel()
        tolerance, room = (TOLERANCE, 60) if size < LARGE else (LARGE_TOLERANCE, 30)
        room = min(size, max(2 * count + 1, room))
        squares, vectors = scipy_linalg().eigsh(gram, k=count, v0=first, ncv=room, tol=tolerance, maxiter=20 * size)
    order = np.argsort(squares)[::-1]
    return _measured(operator, vectors[:, order].T, of_outputs)


def _measured(operator: Operator, found: np.ndarray, of_outputs: bool) -> Spectrum:
    """Return values and residuals, measured anew from the vectors that were found."""
    vectors: list[np.ndarray] = []
    values: list[float] = []
    residuals: list[float] = []
    for vector in found:
        if of_outputs:
            vector = operator.adjoint(vector.reshape(operator.output_shape))
        vector = vector.reshape(operator.input_shape)
        length = np.linalg.norm(vector)
        if length == 0:  # a vector of the outputs that nothing reaches: the value is 0
            vectors, values, residuals = [*vectors, vector], [*values, 0.0], [*residuals, 0.0]
            continue
        vector = vector / length
        output = operator.forward(vector)
        value = float(np.linalg.norm(output))
        back = operator.adjoint(output) / value if value else np.zeros_like(vector)
        vectors, values = [*vectors, vector], [*values, value]
        residuals.append(float(np.linalg.norm(back - value * vector)))
    order = np.argsort(values)[::-1]
    return Spectrum(np.array(values)[order], np.array(vectors)[order], np.array(residuals)[order], "lanczos")
