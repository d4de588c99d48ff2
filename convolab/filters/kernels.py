"""The filters: each kernel once, with the place it comes from and the separable parts it is made of.

Kernels are cross-correlated (no flip). An x kernel answers positively where brightness rises to the right, a y kernel
where it rises downwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from inspect import signature
from math import cos, exp, pi, sin

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters.custom import exact_parts, read_kernel

Vector = tuple[float, ...]


@dataclass(frozen=True)
class Kernel:
    """A kernel as a sum of separable parts: Σ column[ky] · row[kx].

    A kernel that does not separate has one part for each of its rows; nothing below needs to know the difference.
    """

    parts: tuple[tuple[Vector, Vector], ...]

    @classmethod
    def of(cls, array) -> "Kernel":
        """The kernel with these weights, with one part where its weights are exactly an outer product."""
        return cls(exact_parts(np.asarray(array, np.float64)))

    @property
    def shape(self) -> tuple[int, int]:
        column, row = self.parts[0]
        return len(column), len(row)

    @property
    def array(self) -> np.ndarray:
        """The weights, float64 (kH, kW)."""
        return np.sum([np.outer(np.array(column, np.float64), row) for column, row in self.parts], axis=0)

    @property
    def separable(self) -> bool:
        return len(self.parts) == 1


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


@dataclass(frozen=True)
class Entry:
    """A line of the table: what the filter is, where it comes from, and how its kernels are made."""

    summary: str
    source: str
    make: Callable[..., tuple[tuple[str, Kernel], ...]]


def gradient(across: Vector, along: Vector) -> tuple[tuple[str, Kernel], ...]:
    """The pair of kernels that differentiate with `across` and smooth with `along`."""
    return ("x", Kernel(((along, across),))), ("y", Kernel(((across, along),)))


def single(kernel) -> tuple[tuple[str, Kernel], ...]:
    return (("response", kernel if isinstance(kernel, Kernel) else Kernel.of(kernel)),)


def _roberts():
    return ("x", Kernel.of([[-1, 0], [0, 1]])), ("y", Kernel.of([[0, -1], [1, 0]]))


def gaussian_weights(sigma: float) -> Vector:
    """exp(-t² / 2σ²) for |t| ≤ 4σ, summing to 1."""
    check_positive("sigma", sigma)
    radius = max(1, int(4 * sigma + 0.5))
    if radius > 200:
        raise ArgumentError(f"sigma: must be at most 50 pixels, got {sigma:g}. Scale the image down first.")
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return tuple((weights / weights.sum()).tolist())


def _gaussian(*, sigma: float = 1.0):
    return single(Kernel(((gaussian_weights(sigma),) * 2,)))


def _laplacian_of_gaussian(*, sigma: float = 1.0):
    smooth = gaussian_weights(sigma)
    t = np.arange(len(smooth)) - len(smooth) // 2
    second = tuple((np.array(smooth) * (t**2 / sigma**4 - 1 / sigma**2)).tolist())
    return single(Kernel(((smooth, second), (second, smooth))))


def _gabor(*, sigma: float = 2.0, wavelength: float = 4.0, theta: float = 0.0, gamma: float = 1.0, phase: float = 0.0):
    for name, value in (("sigma", sigma), ("wavelength", wavelength), ("gamma", gamma)):
        check_positive(name, value)
    radius = int(np.ceil(3 * sigma / min(1.0, gamma)))
    if radius > 31:
        raise ArgumentError(f"sigma: a Gabor kernel of {2 * radius + 1} pixels is too large; expected at most 63.")
    return single([[_gabor_weight(y, x, sigma, wavelength, theta, gamma, phase) for x in range(-radius, radius + 1)]
                   for y in range(-radius, radius + 1)])  # fmt: skip


def _gabor_weight(y: int, x: int, sigma, wavelength, theta, gamma, phase) -> float:
    """exp(-(u² + γ²v²) / 2σ²) · cos(2πu/λ + phase), with (u, v) turned by θ against (x, y)."""
    u, v = x * cos(theta) + y * sin(theta), -x * sin(theta) + y * cos(theta)
    return exp(-(u * u + gamma * gamma * v * v) / (2 * sigma * sigma)) * cos(2 * pi * u / wavelength + phase)


def _box(*, size: int = 3):
    if int(size) != size or not 1 <= size <= 201:
        raise ArgumentError(f"size: expected a whole number of pixels from 1 to 201, got {size}.")
    return single(Kernel((((1 / size,) * int(size),) * 2,)))


def check_positive(name: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise ArgumentError(f"{name}: must be positive, got {value:g}.")


# Five-point smoother and derivative. Table 1 of the paper named in the entry prints six digits, and a smoother that
# sums to 0.999999. These are the further digits that scikit-image gives, computed there with the authors' own code.
_FARID_SMOOTH = (0.0376593171958126, 0.249153396177344, 0.426374573253687, 0.249153396177344, 0.0376593171958126)
_FARID_DERIVATIVE = (-0.109603762960254, -0.276690988455557, 0.0, 0.276690988455557, 0.109603762960254)

FILTERS: dict[str, Entry] = {
    "sobel": Entry(
        "difference (−1 0 1) across, smoothing (1 2 1) along",
        "I. Sobel, G. Feldman, talk at the Stanford AI Project, 1968; Duda & Hart, Pattern Classification, 1973",
        lambda: gradient((-1, 0, 1), (1, 2, 1)),
    ),
    "scharr": Entry(
        "like Sobel with (3 10 3), whose direction errs least among integer 3 × 3 kernels",
        "H. Scharr, Optimale Operatoren in der Digitalen Bildverarbeitung, thesis, Heidelberg 2000",
        lambda: gradient((-1, 0, 1), (3, 10, 3)),
    ),
    "prewitt": Entry(
        "like Sobel with (1 1 1)",
        "J. M. S. Prewitt, Object enhancement and extraction, in Picture Processing and Psychopictorics, 1970",
        lambda: gradient((-1, 0, 1), (1, 1, 1)),
    ),
    "roberts": Entry(
        "differences along the diagonals of 2 × 2 pixels: x rises to the lower right, y to the lower left",
        "L. G. Roberts, Machine perception of three-dimensional solids, MIT thesis, 1963",
        _roberts,
    ),
    "farid": Entry(
        "5 × 5 smoother and derivative designed together, so that the direction turns with the image",
        "H. Farid, E. P. Simoncelli, Differentiation of discrete multidimensional signals, IEEE TIP 13(4), 2004, "
        "table 1 (5 samples, first derivative)",
        lambda: gradient(_FARID_DERIVATIVE, _FARID_SMOOTH),
    ),
    "laplacian": Entry(
        "sum of the second differences (1 −2 1) along x and y",
        "Gonzalez & Woods, Digital Image Processing, section 3.6: the five-point stencil",
        lambda: single(Kernel((((0, 1, 0), (1, -2, 1)), ((1, -2, 1), (0, 1, 0))))),
    ),
    "laplacian-of-gaussian": Entry(
        "the Laplacian of a Gaussian of `sigma` pixels, sampled to 4 sigma",
        "D. Marr, E. Hildreth, Theory of edge detection, Proc. R. Soc. B 207, 1980",
        _laplacian_of_gaussian,
    ),
    "gaussian": Entry(
        "a Gaussian of `sigma` pixels, sampled to 4 sigma, summing to 1",
        "sampled and normalised, as scipy.ndimage and OpenCV do",
        _gaussian,
    ),
    "gabor": Entry(
        "a wave of `wavelength` pixels at angle `theta` under a Gaussian of `sigma` pixels",
        "J. G. Daugman, Uncertainty relation for resolution in space…, JOSA A 2(7), 1985",
        _gabor,
    ),
    "emboss": Entry(
        "light from the upper left: a diagonal derivative added to the image",
        "the kernel that image editors ship; weights summing to 1",
        lambda: single([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    ),
    "sharpen": Entry(
        "the image minus its Laplacian",
        "Gonzalez & Woods, Digital Image Processing, section 3.6",
        lambda: single([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    ),
    "box": Entry("the mean of `size` × `size` pixels", "the moving average", _box),
}  # fmt: skip


def make_filter(filter, **parameters) -> Filter:
    """A filter from its name and parameters, from a kernel of the user's, or as it is.

    Parameters
    ----------
    filter : str, Filter, or array_like (kH, kW)
        A name of the table, or the weights of a kernel; other text is read as a literal, a `.npy` or a `.csv`.
    parameters
        `sigma`, `size`, `wavelength`, `theta`, `gamma`, `phase`, for the filters that take them.
    """
    given = {name: value for name, value in parameters.items() if value is not None}
    if isinstance(filter, Filter):
        return filter
    if not isinstance(filter, str) or filter not in FILTERS:
        if given:
            raise ArgumentError(f"{min(given)}: a kernel of your own takes no parameters, got {given}.")
        return Filter("custom", single(read_kernel(filter, known=tuple(FILTERS))))
    return _named(filter, tuple(given.items()))


@lru_cache(maxsize=256)
def _named(name: str, parameters: tuple[tuple[str, float], ...]) -> Filter:
    make = FILTERS[name].make
    taken = tuple(signature(make).parameters)
    for parameter, _ in parameters:
        if parameter not in taken:
            takes = ", ".join(taken) or "no parameters"
            raise ArgumentError(f"{parameter}: {name} does not take it. It takes {takes}.")
    return Filter(name, make(**dict(parameters)))
