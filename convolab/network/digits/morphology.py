"""Which operations on shapes does finding a pen's stroke need? Closing, components and distances, in NumPy alone."""

import numpy as np


def closing(plane: np.ndarray, size: int) -> np.ndarray:
    """Greyscale closing by a square window: fills whatever is darker than its surroundings and narrower than `size`.

    Windows lie around every pixel of the plane and are cut off at its border, so that a dark thing at the border is
    filled too. A straight step of light (the edge of a shadow) and a slope stay as they are.

    Parameters
    ----------
    plane : (H, W) array
    size : int
        Side of the window in pixels.
    """
    half = size // 2
    return -_spread(-_spread(plane, half), half)


def opening(plane: np.ndarray, size: int) -> np.ndarray:
    """Greyscale opening: removes whatever is brighter than its surroundings and narrower than `size`."""
    return -closing(-plane, size)


def _spread(plane: np.ndarray, reach: int) -> np.ndarray:
    """The maximum over the square of `2 · reach + 1` pixels around every pixel, ignoring what lies outside."""
    return _spread_rows(_spread_rows(plane, reach).T, reach).T


def _spread_rows(plane: np.ndarray, reach: int) -> np.ndarray:
    """The maximum along axis 0, in log2(reach) steps: windows of 1, 2, 4, … pixels, then one overlap of two."""
    length, window = 2 * reach + 1, 1
    padded = np.pad(plane, ((reach, reach), (0, 0)), constant_values=-np.inf if plane.dtype.kind == "f" else 0)
    while 2 * window <= length:
        padded = np.maximum(padded[:-window], padded[window:])
        window *= 2
    rest = length - window
    return np.maximum(padded[: len(plane)], padded[rest : rest + len(plane)])


def bounds(mask: np.ndarray) -> tuple[int, int, int, int]:
    """(top, left, bottom, right) of what a mask holds, the last two exclusive; it must hold something."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def dilate(mask: np.ndarray, reach: int) -> np.ndarray:
    """A mask grown by `reach` pixels in all eight directions."""
    return _spread(mask.astype(np.uint8), reach).astype(bool)


def smooth(plane: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of an (H, W) plane, borders repeated: 1 1 1 2 3 4 | 4 4."""
    reach = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    for _ in range(2):
        padded = np.pad(plane, ((reach, reach), (0, 0)), mode="edge")
        plane = sum(w * padded[k : k + len(plane)] for k, w in enumerate(weights)).T
    return plane


def components(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """Number the connected parts of a mask (neighbours in all eight directions).

    Parameters
    ----------
    mask : (H, W) bool array

    Returns
    -------
    labels : (H, W) int array
        0 outside the mask, 1 to `count` inside.
    count : int

    Cost
    ----
    A few passes over the pixels: runs along the rows are numbered first, then runs that touch are united by hooking
    each tree of runs below a smaller one and shortening the trees (Shiloach and Vishkin, J. Algorithms 3, 1982).

    >>> labels, count = components(np.array([[1, 0, 1], [0, 0, 1], [1, 0, 0]], bool))
    >>> count
    3
    """
    starts = mask & ~np.pad(mask, ((0, 0), (1, 0)))[:, :-1]
    runs = np.where(mask, np.cumsum(starts).reshape(mask.shape), 0)
    above, below = runs[:-1], runs[1:]
    pairs = [(above, below), (above[:, 1:], below[:, :-1]), (above[:, :-1], below[:, 1:])]
    edges = np.concatenate([np.stack([a[both], b[both]]) for a, b in pairs for both in [(a > 0) & (b > 0)]], 1)
    parent = np.arange(int(starts.sum()) + 1)
    while edges.size:
        a, b = parent[edges]
        edges = edges[:, a != b]
        a, b = parent[edges]
        np.minimum.at(parent, np.maximum(a, b), np.minimum(a, b))
        while (parent != parent[parent]).any():
            parent = parent[parent]
    numbers = np.cumsum(parent == np.arange(len(parent))) - 1
    return numbers[parent][runs], int(numbers[-1])


def distance_to(mask: np.ndarray) -> np.ndarray:
    """Euclidean distance in pixels from every pixel to the nearest one of the mask (inf where it is empty).

    Exact, one axis after the other; the cost is H · W · (H + W), meant for the two hundred pixels of a stroke's crop.
    """
    far = np.where(mask, 0.0, np.inf).astype(np.float32)
    for _ in range(2):
        offsets = np.arange(len(far), dtype=np.float32)
        squares = (offsets[:, None] - offsets[None]) ** 2
        far = np.stack([(squares + row).min(1) for row in np.ascontiguousarray(far.T)])
    return np.sqrt(far)
