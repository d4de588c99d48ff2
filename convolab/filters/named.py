"""The filters under their own names. Each takes an image and everything that `edges` takes.

A gradient filter gives its magnitude √(x² + y²), in `valid` size and the image's own scale; the others their response.
"""

from convolab.filters.edges import edges


def sobel(image, **options):
    """Magnitude of the Sobel gradient, √(x² + y²) with x = [[−1 0 1], [−2 0 2], [−1 0 1]] and y its transpose.

    Parameters
    ----------
    image : array (H, W) or (H, W, 3)
    options
        Those of `convolab.edges`: show, mode, normalize, channels, dtype, out, engine.

    Returns
    -------
    array (H - 2, W - 2)
        Floating for floating, float32 for integers of 16 bits or less, else float64: nothing wraps.

    Examples
    --------
    >>> import convolab as cl, numpy as np
    >>> cl.sobel(np.array([[0, 0, 255, 255]] * 3, np.uint8))
    array([[1020., 1020.]], dtype=float32)
    """
    return edges(image, "sobel", **options)


def scharr(image, **options):
    """Magnitude of the Scharr gradient: (−1 0 1) across, (3 10 3) along; 4 × Sobel's scale. Options as in `edges`."""
    return edges(image, "scharr", **options)


def prewitt(image, **options):
    """Magnitude of the Prewitt gradient: (−1 0 1) across, (1 1 1) along. Options as in `edges`."""
    return edges(image, "prewitt", **options)


def roberts(image, **options):
    """Magnitude of Roberts' cross, the differences along both diagonals of 2 × 2 pixels. Options as in `edges`."""
    return edges(image, "roberts", **options)


def farid(image, **options):
    """Magnitude of the Farid and Simoncelli gradient, 5 × 5. Options as in `edges`."""
    return edges(image, "farid", **options)


def laplacian(image, **options):
    """The Laplacian, [[0 1 0], [1 −4 1], [0 1 0]]. Options as in `edges`."""
    return edges(image, "laplacian", **options)


def laplacian_of_gaussian(image, *, sigma: float = 1.0, **options):
    """The Laplacian of a Gaussian of `sigma` pixels. Options as in `edges`."""
    return edges(image, "laplacian-of-gaussian", sigma=sigma, **options)


def gaussian(image, *, sigma: float = 1.0, **options):
    """The image smoothed by a Gaussian of `sigma` pixels. Options as in `edges`."""
    return edges(image, "gaussian", sigma=sigma, **options)


def gabor(image, *, sigma=2.0, wavelength=4.0, theta=0.0, gamma=1.0, phase=0.0, **options):
    """The answer of a Gabor kernel: a wave at angle `theta` (radians) under a Gaussian. Options as in `edges`."""
    shape = {"sigma": sigma, "wavelength": wavelength, "theta": theta, "gamma": gamma, "phase": phase}
    return edges(image, "gabor", **shape, **options)


def emboss(image, **options):
    """The image as a relief lit from the upper left. Options as in `edges`."""
    return edges(image, "emboss", **options)


def sharpen(image, **options):
    """The image minus its Laplacian. Options as in `edges`."""
    return edges(image, "sharpen", **options)


def box(image, *, size: int = 3, **options):
    """The mean of `size` × `size` pixels. Options as in `edges`."""
    return edges(image, "box", size=size, **options)


def filter2d(image, kernel, **options):
    """The cross-correlation of an image with a kernel (kH, kW) of yours. Options as in `edges`.

    Examples
    --------
    >>> import convolab as cl
    >>> cl.filter2d([[1.0, 2.0, 4.0]], [[-1.0, 1.0]])
    array([[1., 2.]])
    """
    return edges(image, kernel, **options)
