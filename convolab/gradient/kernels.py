"""Kernels by name, for `maximize` and `spectrum`: the filters' own, a file with a whole weight, or numbers."""

from pathlib import Path

import numpy as np

from convolab.errors import ConvolabError, InputError
from convolab.filters.kernels import FILTERS, make_filter


def read_kernel(name: str) -> np.ndarray:
    """A filter's kernel (`sobel-x`, `scharr-y`, `laplacian`), a .npy file, or numbers such as `-1,0,1;-2,0,2;-1,0,1`.

    Examples
    --------
    >>> read_kernel("sobel-x")
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    >>> read_kernel("1,2;3,4")
    array([[1., 2.],
           [3., 4.]])
    """
    if Path(name).suffix == ".npy":
        return _from_file(Path(name))
    found = _of_filters(name)
    if found is not None:
        return found
    try:
        return np.array([[float(v) for v in row.split(",")] for row in name.split(";")])
    except ValueError:
        raise InputError(
            f"kernel: {name!r} is unknown. Expected one of {', '.join(names())}; a .npy file; or rows of numbers: "
            f"'1,2;3,4'"
        ) from None


def _of_filters(name: str) -> np.ndarray | None:
    base, _, component = name.rpartition("-")
    for filter, part in ((name, "response"), (base, component)):
        if filter in FILTERS:
            try:
                return make_filter(filter)[part].array
            except (KeyError, ConvolabError):
                continue
    return None


def names() -> list[str]:
    """Every name that `read_kernel` takes."""
    return [n for f in FILTERS for n in (f, f"{f}-x", f"{f}-y") if _of_filters(n) is not None]


def _from_file(path: Path) -> np.ndarray:
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise InputError(f"kernel: {path} cannot be read as an array: {error}") from error
    if array.dtype.kind not in "fiu" or not 1 <= array.ndim <= 5 or not array.size or not np.isfinite(array).all():
        raise InputError(f"kernel: {path} holds {array.dtype} {array.shape}. Expected finite numbers along 1 to 5 axes")
    return array.astype(np.float64)
