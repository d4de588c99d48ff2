"""Which filters are there? Each kernel once, with the place it comes from and the separable parts it is made of.

To add a filter, add an entry to `FILTERS`. From it are made the function `cl.NAME` with its help, the choice of
`convolab edges --filter` and its options, the rows of the page on edges, and the parameters of the tests.

Kernels are cross-correlated (no flip). An x kernel answers positively where brightness rises to the right, a y kernel
where it rises downwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter, signature
from math import cos, exp, pi, sin

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters.separable import Kernel, Vector, gradient, single

Pair = tuple[float, float]  # one along y, one along x
MOST_BOX = 100_001  # pixels on a side of a box; no image that fits a file's rows is wider


@dataclass(frozen=True)
class Entry:
    """A line of the table: what the filter is, where it comes from, and how its kernels are made.

    Attributes
    ----------
    summary : str
        What it computes, as half a sentence.
    source : str
        The paper or book that the weights are from.
    make : callable
        Its kernels, from its parameters by name; each parameter has a default.
    parameters : mapping of str to str
        What each parameter is, with its unit, as a sentence.
    example : str
        A call and what it prints, as a doctest; `cl` and `np` are known.
    """

    summary: str
    source: str
    make: Callable[..., tuple[tuple[str, Kernel], ...]]
    parameters: Mapping[str, str] = field(default_factory=dict)
    example: str = ""

    @property
    def taken(self) -> dict[str, Parameter]:
        """The parameters that `make` takes, each with its type and default."""
        return dict(signature(self.make).parameters)


def _roberts():
    return ("x", Kernel.of([[-1, 0], [0, 1]])), ("y", Kernel.of([[0, -1], [1, 0]]))


def _gaussian_weights(sigma: float) -> Vector:
    """Return exp(-t² / 2σ²) for |t| ≤ 4σ, summing to 1."""
    _check_positive("sigma", sigma)
    radius = max(1, int(4 * sigma + 0.5))
    if radius > 1000:
        raise ArgumentError(f"sigma: must be at most 250 pixels, got {sigma:g}. Scale the image down first.")
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return tuple((weights / weights.sum()).tolist())


def _gaussian(*, sigma: float | Pair = 1.0):
    down, across = (_gaussian_weights(s) if s or not isinstance(sigma, tuple) else (1.0,) for s in _both(sigma))
    return single(Kernel(((down, across),)))


def _laplacian_of_gaussian(*, sigma: float | Pair = 1.0):
    (down, down_twice), (across, across_twice) = ((_gaussian_weights(s), _second_derivative(s)) for s in _both(sigma))
    return single(Kernel(((down, across_twice), (down_twice, across))))


def _second_derivative(sigma: float) -> Vector:
    """Return (t² / σ⁴ - 1 / σ² - c) · Gaussian(t), with c so that the weights sum to zero: a constant answers 0."""
    smooth = np.array(_gaussian_weights(sigma))
    t = np.arange(len(smooth)) - len(smooth) // 2
    second = smooth * (t**2 / sigma**4 - 1 / sigma**2)
    second -= second.sum() * smooth
    second[len(t) // 2] -= second.sum()  # what rounding left
    return tuple(second.tolist())


def _both(value) -> tuple:
    """Return what is meant along y and along x."""
    return value if isinstance(value, tuple) else (value, value)


def _gabor(*, sigma: float = 2.0, wavelength: float = 4.0, theta: float = 0.0, gamma: float = 1.0, phase: float = 0.0):
    for name, value in (("sigma", sigma), ("wavelength", wavelength), ("gamma", gamma)):
        _check_positive(name, value)
    radius = int(np.ceil(3 * sigma / min(1.0, gamma)))
    if radius > 31:
        raise ArgumentError(f"sigma: a Gabor kernel of {2 * radius + 1} pixels is too large; expected at most 63.")
    return single([[_gabor_weight(y, x, sigma, wavelength, theta, gamma, phase) for x in range(-radius, radius + 1)]
                   for y in range(-radius, radius + 1)])  # fmt: skip


def _gabor_weight(y: int, x: int, sigma, wavelength, theta, gamma, phase) -> float:
    """Return exp(-(u² + γ²v²) / 2σ²) · cos(2πu/λ + phase), with (u, v) turned by θ against (x, y)."""
    u, v = x * cos(theta) + y * sin(theta), -x * sin(theta) + y * cos(theta)
    return exp(-(u * u + gamma * gamma * v * v) / (2 * sigma * sigma)) * cos(2 * pi * u / wavelength + phase)


def _box(*, size: int | tuple[int, int] = 3):
    down, across = (_box_weights(s) for s in _both(size))
    return single(Kernel(((down, across),)))


def _box_weights(size: int) -> Vector:
    if int(size) != size or not 1 <= size <= MOST_BOX:
        raise ArgumentError(f"size: expected a whole number of pixels from 1 to {MOST_BOX:,}, got {size}.")
    return (1 / size,) * int(size)


def _check_positive(name: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise ArgumentError(f"{name}: must be positive, got {value:g}.")


# Five-point smoother and derivative. Table 1 of the paper named in the entry prints six digits, and a smoother that
# sums to 0.999999. These are the further digits that scikit-image gives, computed there with the authors' own code.
_FARID_SMOOTH = (0.0376593171958126, 0.249153396177344, 0.426374573253687, 0.249153396177344, 0.0376593171958126)
_FARID_DERIVATIVE = (-0.109603762960254, -0.276690988455557, 0.0, 0.276690988455557, 0.109603762960254)

_STEP = "np.array([[0, 0, 255, 255]] * 3, np.uint8)"
_SIGMA = "Standard deviation of the Gaussian, in pixels."
_SIGMAS = "Standard deviation of the Gaussian, in pixels; one for both axes, or (y, x)."

FILTERS: dict[str, Entry] = {
    "sobel": Entry(
        "difference (−1 0 1) across, smoothing (1 2 1) along",
        "I. Sobel, G. Feldman, talk at the Stanford AI Project, 1968; Duda & Hart, Pattern Classification, 1973",
        lambda: gradient((-1, 0, 1), (1, 2, 1)),
        example=f">>> cl.sobel({_STEP})\narray([[1020., 1020.]], dtype=float32)",
    ),
    "scharr": Entry(
        "like Sobel with (3 10 3), whose direction errs least among integer 3 × 3 kernels",
        "H. Scharr, Optimale Operatoren in der Digitalen Bildverarbeitung, thesis, Heidelberg 2000",
        lambda: gradient((-1, 0, 1), (3, 10, 3)),
        example=f">>> cl.scharr({_STEP})\narray([[4080., 4080.]], dtype=float32)",
    ),
    "prewitt": Entry(
        "like Sobel with (1 1 1)",
        "J. M. S. Prewitt, Object enhancement and extraction, in Picture Processing and Psychopictorics, 1970",
        lambda: gradient((-1, 0, 1), (1, 1, 1)),
        example=f">>> cl.prewitt({_STEP})\narray([[765., 765.]], dtype=float32)",
    ),
    "roberts": Entry(
        "differences along the diagonals of 2 × 2 pixels: x rises to the lower right, y to the lower left",
        "L. G. Roberts, Machine perception of three-dimensional solids, MIT thesis, 1963",
        _roberts,
        example=">>> cl.roberts([[0, 0, 3, 3], [0, 0, 4, 4]], show=(\"x\", \"y\"))\n"
        "Edges(x=array([[0., 4., 1.]]), y=array([[ 0., -3.,  1.]]))",
    ),
    "farid": Entry(
        "5 × 5 smoother and derivative designed together, so that the direction turns with the image",
        "H. Farid, E. P. Simoncelli, Differentiation of discrete multidimensional signals, IEEE TIP 13(4), 2004, "
        "table 1 (5 samples, first derivative)",
        lambda: gradient(_FARID_DERIVATIVE, _FARID_SMOOTH),
        example=">>> cl.farid([[0.0, 0.0, 0.0, 1.0, 1.0]] * 5).round(4)\narray([[0.3863]])",
    ),
    "laplacian": Entry(
        "sum of the second differences (1 −2 1) along x and y",
        "Gonzalez & Woods, Digital Image Processing, section 3.6: the five-point stencil",
        lambda: single(Kernel((((0, 1, 0), (1, -2, 1)), ((1, -2, 1), (0, 1, 0))))),
        example=">>> cl.laplacian([[0, 0, 4, 4]] * 3)\narray([[ 4., -4.]])",
    ),
    "laplacian-of-gaussian": Entry(
        "the Laplacian of a Gaussian of `sigma` pixels, sampled to 4 sigma, summing to 0",
        "D. Marr, E. Hildreth, Theory of edge detection, Proc. R. Soc. B 207, 1980",
        _laplacian_of_gaussian,
        {"sigma": _SIGMAS},
        ">>> spot = np.zeros((9, 9))\n>>> spot[4, 4] = 1\n"
        ">>> cl.laplacian_of_gaussian(spot).round(4)\narray([[-0.3183]])",
    ),
    "gaussian": Entry(
        "a Gaussian of `sigma` pixels, sampled to 4 sigma, summing to 1",
        "sampled and normalised, as scipy.ndimage and OpenCV do",
        _gaussian,
        {"sigma": _SIGMAS},
        ">>> spot = np.zeros((9, 9))\n>>> spot[4, 4] = 1\n>>> cl.gaussian(spot).round(4)\narray([[0.1592]])",
    ),
    "gabor": Entry(
        "a wave of `wavelength` pixels at angle `theta` under a Gaussian of `sigma` pixels",
        "J. G. Daugman, Uncertainty relation for resolution in space…, JOSA A 2(7), 1985",
        _gabor,
        {
            "sigma": _SIGMA,
            "wavelength": "Length of the wave, in pixels.",
            "theta": "Angle of the direction that the wave runs in, in radians: 0 to the right, π/2 downwards.",
            "gamma": "Height of the Gaussian: its standard deviation along the crests is sigma / gamma.",
            "phase": "Phase of the wave at the centre, in radians.",
        },
        ">>> y, x = np.mgrid[:13, :13]\n"
        ">>> [float(cl.gabor(np.cos(np.pi / 2 * axis)).round(1)[0, 0]) + 0 for axis in (x, y)]\n[-12.6, 0.0]",
    ),
    "emboss": Entry(
        "light from the upper left: a diagonal derivative added to the image",
        "the kernel that image editors ship; weights summing to 1",
        lambda: single([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        example=">>> cl.emboss([[0, 0, 4, 4]] * 3)\narray([[12., 16.]])",
    ),
    "sharpen": Entry(
        "the image minus its Laplacian",
        "Gonzalez & Woods, Digital Image Processing, section 3.6",
        lambda: single([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        example=">>> cl.sharpen([[0, 0, 4, 4]] * 3)\narray([[-4.,  8.]])",
    ),
    "box": Entry(
        "the mean of `size` × `size` pixels",
        "the moving average",
        _box,
        {"size": f"Pixels on a side, 1 to {MOST_BOX:,}; one number, or (y, x)."},
        ">>> cl.box([[0, 3, 6, 9]] * 3).round(6)\narray([[3., 6.]])",
    ),
}  # fmt: skip
