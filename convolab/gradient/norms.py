"""Between which two numbers does a convolution's operator norm lie, for certain?

From below: any image shows how much it is stretched, and Lanczos finds one that is stretched almost most.
From above, whichever is smallest:

- *ring*: zero padding and strides only leave rows and columns out of the operator on a larger ring, whose norm is the
  largest symbol at that ring's frequencies, exactly.
- *supremum*: of the symbol over all frequencies, a bound for images of every size. A trigonometric polynomial of degree
  D, sampled at N points, is nowhere larger than its largest sample divided by cos(π D / 2N).
- *extension*: reflect, replicate and circular padding first copy pixels; the norm of the copying is the square root of
  how often a pixel stands in the extended image.
- *matrix*: where the operator is small enough to be written out, its norm to rounding.
- *absolute*: |A|ᵀ|A| v ≤ t v for one positive v bounds the norm by √t (Schur's test), whatever the padding.
"""

from dataclasses import dataclass
from math import cos, pi, prod, sqrt

import numpy as np

from convolab.definition import matrix
from convolab.engine.padding import extended_geometry
from convolab.geometry import Geometry
from convolab.gradient.operator import Operator
from convolab.gradient.singular import lanczos
from convolab.gradient.symbol import degree, is_ring, largest_on_grid, ring_singular_values

# Rough count of operations that one bound may cost.
WORK = 2e9
# Elements of a matrix that is written out, and how far its norm may be off: the rounding of a backward stable SVD.
ELEMENTS, ROUNDING = 1_200_000, 1e-11
# Sums of n products are rounded by at most n times this; the bounds move apart by so much.
UNIT = 2.0**-52


@dataclass(frozen=True)
class Bracket:
    """lower ≤ ‖A‖ ≤ upper.

    Attributes
    ----------
    lower, upper : float
    bounds : dict
        Every upper bound that applies, by name (see the module).
    reshaped : float
        The norm of the weight reshaped to a matrix (C_out, everything else), which `torch.nn.utils.spectral_norm`
        divides by. It is not the operator's.
    """

    lower: float
    upper: float
    bounds: dict[str, float]
    reshaped: float

    @property
    def by(self) -> str:
        """The bound that is the smallest."""
        return min(self.bounds, key=self.bounds.__getitem__)

    @property
    def width(self) -> float:
        """(upper − lower) / upper"""
        return (self.upper - self.lower) / self.upper if self.upper else 0.0


def norm_bracket(geometry: Geometry, weight, *, engine: str = "auto", seed: int = 0) -> Bracket:
    """Return a lower and an upper bound of the operator norm.

    Parameters
    ----------
    geometry : Geometry
        Its batch does not matter.
    weight : array, shape (C_out, C_in / groups, *kernel), or str
        Text is the name, the numbers or the file of a kernel, as `convolab.filters.kernels.read_kernel` takes it.
    engine : str
        What computes the products of Lanczos.
    seed : int
        Of Lanczos' first vector.

    Returns
    -------
    Bracket
        lower ≤ ‖A‖ ≤ upper for certain, and every upper bound by name.

    Examples
    --------
    >>> sobel = np.array([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
    >>> bracket = norm_bracket(Geometry((64, 64), (3, 3)), sobel)
    >>> round(bracket.lower, 3), round(bracket.upper, 3), bracket.by
    (7.985, 8.0, 'absolute')
    """
    operator = Operator(geometry, weight, engine=engine)
    slack = 1 + 8 * UNIT * (geometry.products + prod(geometry.kernel))
    bounds = {name: value * slack for name, value in _upper_bounds(operator).items()}
    if is_ring(geometry):
        lower = float(ring_singular_values(geometry, operator.weight)[0])
    else:
        lower = float(lanczos(operator, 1, seed=seed).values[0])
    reshaped = operator.weight.reshape(geometry.out_channels, -1)
    upper = min(bounds.values())
    return Bracket(min(lower / slack, upper), upper, bounds, float(np.linalg.norm(reshaped, 2)))


def _upper_bounds(operator: Operator) -> dict[str, float]:
    """Return every upper bound that applies and that can be afforded."""
    geometry, weight = operator.geometry, operator.weight
    bounds = {"absolute": absolute_bound(operator)}
    if is_ring(geometry):
        return bounds | {"ring": float(ring_singular_values(geometry, weight)[0])}
    if operator.inputs * operator.outputs <= ELEMENTS:
        written = matrix(geometry, weight).toarray()
        bounds["matrix"] = float(np.linalg.norm(written, 2)) * (1 + ROUNDING)
    copies = 1.0
    if geometry.padding_mode != "zeros":
        copies = sqrt(prod(_most_copies(axis, geometry.padding_mode) for axis in geometry.axes))
        geometry = extended_geometry(geometry)
    suffix = "" if copies == 1 else " × extension"
    ring = [_ring_size(axis) // axis.stride for axis in geometry.axes]
    if _cost(geometry, ring) <= WORK:
        bounds["ring" + suffix] = copies * largest_on_grid(geometry, weight, ring)
    bounds["supremum" + suffix] = copies * supremum(geometry, weight)
    return bounds


def _ring_size(axis) -> int:
    """Return the smallest ring, in input pixels, on which no window wraps onto the image: a multiple of the stride."""
    last = axis.input_position(axis.output - 1, axis.kernel - 1)
    least = max(axis.input + max(axis.before, last - axis.input + 1, 0), axis.stride * axis.output)
    return -(-least // axis.stride) * axis.stride


def supremum(geometry: Geometry, weight: np.ndarray) -> float:
    """Return an upper bound of the symbol's largest singular value over all frequencies, for images of every size."""
    degrees = [degree(axis) for axis in geometry.axes]
    refinement = 64
    while refinement > 2 and _cost(geometry, [refinement * max(d, 1) for d in degrees]) > WORK:
        refinement //= 2
    counts = [refinement * d if d else 1 for d in degrees]
    beyond = prod(cos(pi * d / (2 * n)) for d, n in zip(degrees, counts, strict=True))
    return largest_on_grid(geometry, weight, counts) / beyond


def _cost(geometry: Geometry, counts: list[int]) -> float:
    rows = geometry.out_channels // geometry.groups
    columns = geometry.in_channels // geometry.groups * prod(a.stride for a in geometry.axes)
    return 5.0 * prod(counts) * geometry.groups * rows * columns * min(rows, columns)


def _most_copies(axis, padding_mode: str) -> int:
    """Return how often one input position stands in the extended axis at most."""
    return int(np.bincount(axis.sources(padding_mode)).max())


def absolute_bound(operator: Operator, rounds: int = 20) -> float:
    """Return √ max (|A|ᵀ|A| v / v) for a positive v that a few rounds of power iteration have fitted to |A|."""
    absolute = operator.with_weight(np.abs(operator.weight))
    vector, best = np.ones(operator.input_shape), np.inf
    for _ in range(rounds):
        image = absolute.adjoint(absolute.forward(vector))
        best = min(best, float((image / vector).max()))
        # Positive everywhere, pixels that no window reads included.
        vector = image / image.max() + 1e-3 if image.max() else vector
    return sqrt(best)
