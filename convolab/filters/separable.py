"""What is a kernel made of? A sum of separable parts, each the outer product of a column and a row.

A pass sums along rows first and then down columns, so that a kernel of one part costs kH + kW products a pixel and not
kH · kW. Sums of one or two parts are found in any kernel that is given as a matrix: a Gaussian, its Laplacian, a
difference of Gaussians, a Gabor kernel under a round Gaussian at any angle.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

Vector = tuple[float, ...]
MOST_PARTS = 2
CLOSE = 2.0**-49  # of the largest weight: eight times the distance from 1 to the next number in float64
COST_OF_A_LINE = 2  # a tap of a row or a column, in taps of a kernel that does not separate, which are fused


@dataclass(frozen=True)
class Kernel:
    """A kernel as a sum of separable parts: Σ column[ky] · row[kx].

    A kernel that does not separate has one part for each of its rows; nothing below needs to know the difference.
    """

    parts: tuple[tuple[Vector, Vector], ...]

    @classmethod
    def of(cls, array) -> "Kernel":
        """Return the kernel with these weights, of few parts where they are the sum of few outer products."""
        weights = np.asarray(array, np.float64)
        exact = exact_parts(weights)
        return cls(exact if len(exact) < 2 else few_parts(weights) or exact)

    @property
    def shape(self) -> tuple[int, int]:
        column, row = self.parts[0]
        return len(column), len(row)

    @property
    def array(self) -> np.ndarray:
        """The weights, float64 (kH, kW)."""
        if len(self.parts) <= MOST_PARTS:
            return np.sum([np.outer(np.array(column, np.float64), row) for column, row in self.parts], axis=0)
        columns, rows = (np.array(vectors, np.float64) for vectors in zip(*self.parts, strict=True))
        places, array = np.abs(columns).argmax(axis=1), np.zeros(self.shape)
        array[places] = rows * columns[np.arange(len(rows)), places, None]
        return array


@dataclass(frozen=True)
class Filter:
    """A filter: two kernels (`x` and `y`) whose answers make a gradient, or a single one (`response`)."""

    name: str
    kernels: tuple[tuple[str, Kernel], ...]

    def __getitem__(self, component: str) -> Kernel:
        return dict(self.kernels)[component]

    def __hash__(self):
        return self._hash

    def __reduce__(self):  # without the hash, which differs from process to process
        return Filter, (self.name, self.kernels)

    @cached_property
    def _hash(self) -> int:
        return hash((self.name, self.kernels))

    @property
    def is_gradient(self) -> bool:
        return len(self.kernels) == 2

    @cached_property
    def shape(self) -> tuple[int, int]:
        return self.kernels[0][1].shape

    def names(self, show: str | tuple[str, ...] = "") -> tuple[str, ...]:
        """Return the components that are asked for; where nothing is said, a gradient's magnitude or the response."""
        if isinstance(show, str):
            return (show or ("magnitude" if self.is_gradient else "response"),)
        return tuple(show)


def gradient(across: Vector, along: Vector) -> tuple[tuple[str, Kernel], ...]:
    """Return the pair of kernels that differentiate with `across` and smooth with `along`."""
    return ("x", Kernel(((along, across),))), ("y", Kernel(((across, along),)))


def single(kernel) -> tuple[tuple[str, Kernel], ...]:
    """Return the one kernel of a filter that is no gradient."""
    return (("response", kernel if isinstance(kernel, Kernel) else Kernel.of(kernel)),)


def exact_parts(kernel: np.ndarray) -> tuple[tuple[Vector, Vector], ...]:
    """Return (column, row) whose outer product is the kernel to the bit, or such a pair for each row not zero."""
    pivot = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    if kernel[pivot] == 0:
        return ((tuple([0.0] * kernel.shape[0]), tuple([0.0] * kernel.shape[1])),)
    column, row = kernel[:, pivot[1]] / kernel[pivot], kernel[pivot[0]]
    smallest = np.abs(row[row != 0]).min()
    for c, r in ((column, row), (column * smallest, row / smallest)):
        if np.array_equal(np.outer(c, r), kernel) and _whole(kernel) <= (_whole(c) and _whole(r)):
            return ((tuple(c.tolist()), tuple(r.tolist())),)
    unit = np.eye(len(kernel))
    return tuple((tuple(unit[y].tolist()), tuple(kernel[y].tolist())) for y in range(len(kernel)) if kernel[y].any())


def few_parts(kernel: np.ndarray) -> tuple[tuple[Vector, Vector], ...] | None:
    """Return one or two (column, row) whose outer products add up to the kernel, or None.

    They are found by elimination: the row and the column through the largest weight, and again through the largest that
    is left. They are taken where they cost less than the weights one by one, and where no weight is further from theirs
    than `CLOSE` of the largest, so that an answer differs by at most CLOSE · max |w| · Σ |x| over the window: less than
    rounding may change it. Whole weights are left alone, as sums of integers stay exact.

    Nothing but elementwise arithmetic is used, so the parts are the same bits each time (a singular value decomposition
    need not give them: the library that computes it divides its sums among threads).
    """
    if _whole(kernel):
        return None
    left, largest, parts = kernel.copy(), np.abs(kernel).max(), []
    for _ in range(MOST_PARTS):
        y, x = np.unravel_index(np.abs(left).argmax(), kernel.shape)
        column, row = left[:, x] / left[y, x], left[y].copy()
        parts.append((tuple(column.tolist()), tuple(row.tolist())))
        if len(parts) * sum(kernel.shape) * COST_OF_A_LINE >= kernel.size:
            return None
        left -= np.outer(column, row)
        if np.abs(left).max() <= CLOSE * largest:
            return tuple(parts)
    return None


def _whole(values: np.ndarray) -> bool:
    return bool((values == np.round(values)).all())
