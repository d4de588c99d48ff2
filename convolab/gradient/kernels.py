"""Kernels by name, for `maximize` and `spectrum`: a small table, a file, or numbers."""

from pathlib import Path

import numpy as np

from convolab.errors import InputError

SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SCHARR_X = np.array([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]])
PREWITT_X = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
KERNELS = {
    "sobel-x": SOBEL_X,
    "sobel-y": SOBEL_X.T,
    "scharr-x": SCHARR_X,
    "scharr-y": SCHARR_X.T,
    "prewitt-x": PREWITT_X,
    "prewitt-y": PREWITT_X.T,
    "laplacian": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "box": np.ones((3, 3)),
}


def read_kernel(name: str) -> np.ndarray:
    """A kernel of the table, a .npy file, or numbers such as `-1,0,1;-2,0,2;-1,0,1`.

    Examples
    --------
    >>> read_kernel("1,2;3,4")
    array([[1., 2.],
           [3., 4.]])
    """
    if name in KERNELS:
        return KERNELS[name].astype(np.float64)
    if Path(name).suffix == ".npy":
        return _from_file(Path(name))
    try:
        return np.array([[float(v) for v in row.split(",")] for row in name.split(";")])
    except ValueError:
        known = ", ".join(KERNELS)
        raise InputError(
            f"kernel: {name!r} is unknown. Expected one of {known}; a .npy file; or rows of numbers: '1,2;3,4'"
        ) from None


def _from_file(path: Path) -> np.ndarray:
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise InputError(f"kernel: {path} cannot be read as an array: {error}") from error
    if array.dtype.kind not in "fiu" or not 1 <= array.ndim <= 5 or not array.size or not np.isfinite(array).all():
        raise InputError(f"kernel: {path} holds {array.dtype} {array.shape}. Expected finite numbers along 1 to 5 axes")
    return array.astype(np.float64)
