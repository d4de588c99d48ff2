"""Where are the edges of an image, as lines one pixel wide? Weak pieces stay where they touch strong ones."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from convolab.errors import ArgumentError, MissingDependencyError
from convolab.filters import compiled, crests, hysteresis
from convolab.filters.chains import Chains
from convolab.filters.edges import array_of, is_dask, is_tensor
from convolab.filters.planes import as_plane
from convolab.filters.smoothing import Smoothed
from convolab.filters.thresholds import WantedThresholds, squared

PARAMETERS = "sigma", "low", "high", "quantiles"


def canny(
    image, *, sigma: float | tuple[float, float] = 1.0, low: float | None = None, high: float | None = None,
    quantiles: bool = False, channels: str = "grey", engine: str = "auto", **others,
):  # fmt: skip
    """Return where the edges of an image are, each one pixel wide.

    The image is smoothed and differentiated; pixels at the crest of the Sobel magnitude are kept if they exceed `high`,
    or if they exceed `low` and a chain of such pixels ties them to one that exceeds `high`.

    Parameters
    ----------
    image : array (H, W) or (H, W, 3)
        Real numbers of any type; three colours are weighted into grey. No line touches a NaN, or what an array masks.
    sigma : float or (float, float)
        Standard deviation, in pixels, of the Gaussian that smooths first, one for both axes or (y, x); 0 for none.
    low, high : float, optional
        Thresholds, in units of the Sobel magnitude. By default 0.1 and 0.2 of the largest magnitude; the one that is
        missing is half or twice the other.
    quantiles : bool
        `low` and `high` are fractions of the pixels, 0 to 1: those whose magnitude is at most the threshold. By default
        0.8 and 0.9; the one that is missing leaves twice or half as many pixels above it as the other. One hot pixel
        does not move such thresholds.
    channels : {"grey"}
        Only lines of the brightness are drawn; the option is there because `edges` has it.
    engine : str
        `halide`, `numpy` or `auto`, as in `edges`.

    Returns
    -------
    array of bool (H, W)
        True on the lines. A tensor for a tensor, and for a Dask array one that is computed as a single task, since a
        line may run through all of its blocks.

    Raises
    ------
    ArgumentError
        If not 0 ≤ low ≤ high, for other `channels`, and for an image that `edges` does not take.
    DtypeError
        For pixels that are no real numbers.

    Convention
    ----------
    Crests are found in four directions, ties going to the left or upper pixel, as OpenCV does; the border replicates.
    Floating images are the same picture at every scale: pixels of 1e-25 have the lines of those of 1. Magnitudes of
    less than 2⁻¹⁸ (float32) or 2⁻³² (float64) of the largest pixel are taken for rounding, where thresholds are not
    given as numbers.

    Cost
    ----
    Besides the image and the result a quarter of a byte a pixel, and a few strips of rows.

    Source
    ------
    J. Canny, A computational approach to edge detection, IEEE PAMI 8(6), 1986.

    Examples
    --------
    >>> import convolab as cl, numpy as np
    >>> image = np.zeros((5, 8)); image[:, 4:] = 1
    >>> cl.canny(image)[2].astype(int)
    array([0, 0, 0, 1, 0, 0, 0, 0])
    """
    refuse_others(others)
    if channels != "grey":
        raise ArgumentError('canny: takes one plane or colours weighted into grey; channels="each" is not taken.')
    wanted = WantedThresholds(low, high, quantiles).checked()
    options: dict[str, Any] = {
        "sigma": sigma,
        "low": wanted.low,
        "high": wanted.high,
        "quantiles": quantiles,
        "engine": engine,
    }
    if is_dask(image):
        return _of_dask(image, options)
    if is_tensor(image):
        import torch

        return torch.from_numpy(canny(array_of(image), **options)).to(image.device)
    if np.ma.is_masked(image):
        image = image.astype(np.result_type(image.dtype, np.float32)).filled(np.nan)
    plane = as_plane(image)
    pixels = plane.pixels
    smoothed = Smoothed(lambda a, b: pixels[a:b], pixels.shape, pixels.dtype, sigma=sigma, engine=engine)
    chains = chains_of(smoothed, wanted, engine)
    result = np.empty((smoothed.height, smoothed.width), bool)
    for start in range(0, smoothed.height, 1024):
        result[start : start + 1024] = chains.lines(start, min(start + 1024, smoothed.height)).view(bool)
    return result


def refuse_others(others: dict) -> None:
    """Complain of parameters that Canny has not."""
    for name in others:
        hint = " To leave pixels out, pass a masked array." if name == "mask" else ""
        raise ArgumentError(f"{name}: canny does not take it. It takes {', '.join(PARAMETERS)}.{hint}")


def _of_dask(image, options: dict):
    """Return the lines of a Dask array, as a Dask array of one block."""
    import dask.array as da
    from dask import delayed

    if any(np.isnan(size) for size in image.shape):
        raise ArgumentError("image: its chunks have unknown sizes. Call image.compute_chunk_sizes() first.")
    whole = image.rechunk(-1).to_delayed().ravel()[0]
    return da.from_delayed(delayed(canny)(whole, **options), image.shape[:2], bool)


def chains_of(
    plane: Smoothed, wanted: WantedThresholds, engine: str, report: Callable[[int], None] = lambda rows: None
) -> Chains:
    """Return the lines of a plane, every weak crest tied that a chain ties to a strong one."""
    gradient, chaining = _engine(engine)
    low, high = squared(plane, wanted, gradient.squares)
    chains = Chains(plane.height, plane.width)
    codes = np.empty((0, plane.width), np.uint8)
    for strip in plane.strips():
        count = strip.stop - strip.start
        codes = codes if len(codes) >= count else np.empty((count, plane.width), np.uint8)
        gradient.codes(strip.rows, strip.first, plane.height, strip.start, low, high, codes[:count])
        chains.put(strip.start, codes[:count])
        report(count)
    chains.tie(chaining.tie)
    return chains


def _engine(engine: str) -> tuple[ModuleType, ModuleType]:
    """Return the modules that find crests and that tie them."""
    if engine == "numpy" or (engine == "auto" and not compiled.installed()):
        return crests, hysteresis
    try:
        from convolab.filters import crests_compiled, hysteresis_compiled
    except ImportError as error:
        raise MissingDependencyError("halide", "fast", 'engine="halide"') from error
    return crests_compiled, hysteresis_compiled
