"""Where are the edges of an image, as lines one pixel wide? Weak pieces stay where they touch strong ones."""

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters.edges import edges

TAN_22 = 13573 / 32768  # tan 22.5° in the fixed point that OpenCV has, so that both choose the same sector


def canny(
    image, *, sigma: float = 1.0, low: float | None = None, high: float | None = None, channels: str = "grey",
    engine: str = "auto",
) -> np.ndarray:  # fmt: skip
    """Return where the edges of an image are, each one pixel wide.

    The image is smoothed and differentiated; pixels at the crest of the Sobel magnitude are kept if they exceed `high`,
    or if they exceed `low` and a chain of such pixels ties them to one that exceeds `high`.

    Parameters
    ----------
    image : array (H, W) or (H, W, 3)
        Real numbers of any type; three colours are weighted into grey.
    sigma : float
        Standard deviation, in pixels, of the Gaussian that smooths first; 0 for none.
    low, high : float, optional
        Thresholds, in units of the Sobel magnitude. By default 0.1 and 0.2 of the largest magnitude; the one that is
        missing is half or twice the other.
    channels : {"grey"}
        Only lines of the brightness are drawn; the option is there because `edges` has it.
    engine : str
        `halide`, `numpy` or `auto`, as in `edges`.

    Returns
    -------
    array of bool (H, W)
        True on the lines.

    Raises
    ------
    ArgumentError
        If not 0 ≤ low ≤ high, for other `channels`, and for an image that `edges` does not take.
    DtypeError
        For pixels that are no real numbers.

    Convention
    ----------
    Crests are found in four directions, ties going to the left or upper pixel, as OpenCV does; the border replicates.

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
    if channels != "grey":
        raise ArgumentError('canny: takes one plane or colours weighted into grey; channels="each" is not taken.')
    if sigma:
        image = edges(image, "gaussian", sigma=sigma, mode="replicate", engine=engine)
    x, y, magnitude = edges(image, show=("x", "y", "magnitude"), mode="replicate", engine=engine)
    low, high = thresholds(magnitude, low, high)
    crest = crests(x, y, magnitude)
    return connected(crest & (magnitude > high), crest & (magnitude > low))


def thresholds(magnitude: np.ndarray, low: float | None, high: float | None) -> tuple[float, float]:
    largest = float(magnitude.max())
    high = (0.2 * largest if low is None else max(2 * low, low)) if high is None else float(high)
    low = high / 2 if low is None else float(low)
    if not 0 <= low <= high:
        raise ArgumentError(f"low, high: expected 0 ≤ low ≤ high, got {low:g} and {high:g}.")
    return low, high


def crests(x: np.ndarray, y: np.ndarray, magnitude: np.ndarray) -> np.ndarray:
    """Return which pixels are at least as strong as their two neighbours across the edge."""
    m = np.pad(magnitude, 1)
    height, width = magnitude.shape

    def at(dy: int, dx: int) -> np.ndarray:
        return m[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]

    kind = magnitude.dtype
    wide, tall = np.abs(x).astype(kind), np.abs(y).astype(kind)
    limit = wide * kind.type(TAN_22)
    level, upright = tall < limit, tall > limit + 2 * wide
    falling = (x < 0) == (y < 0)
    diagonal = np.where(
        falling, (magnitude > at(-1, -1)) & (magnitude > at(1, 1)), (magnitude > at(-1, 1)) & (magnitude > at(1, -1))
    )
    sides = (magnitude > at(0, -1)) & (magnitude >= at(0, 1))
    ends = (magnitude > at(-1, 0)) & (magnitude >= at(1, 0))
    return np.where(level, sides, np.where(upright, ends, diagonal))


def connected(strong: np.ndarray, weak: np.ndarray) -> np.ndarray:
    """Return the weak pixels that a chain of weak neighbours, of eight each, ties to a strong one."""
    waiting, row = np.pad(weak | strong, 1), weak.shape[1] + 2
    found = np.zeros_like(waiting)
    waiting, reached = waiting.ravel(), found.ravel()
    around = np.array([dy * row + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
    front = np.flatnonzero(np.pad(strong, 1))
    while front.size:
        reached[front], waiting[front] = True, False
        touched = (front[:, None] + around).ravel()
        front = np.unique(touched[waiting[touched]])
    return found[1:-1, 1:-1]
