"""A kernel of the user's: read from what they gave, checked, and taken apart where it separates exactly."""

import ast
from pathlib import Path

import numpy as np

from convolab.errors import ArgumentError, DtypeError, InputError

MOST = 63  # pixels on a side; larger kernels want a Fourier transform


def read_kernel(value, *, known: tuple[str, ...] = ()) -> np.ndarray:
    """The weights of a kernel, float64 (kH, kW).

    Parameters
    ----------
    value : array_like (kH, kW) or str
        Numbers, or text: a literal such as `[[0, 1], [1, 0]]`, or the path of a `.npy` or a `.csv`.
    known : tuple of str
        Names that the caller would have taken, for the message.
    """
    if isinstance(value, (str, Path)):
        value = _from_text(str(value), known)
    try:
        kernel = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DtypeError(f"kernel: expected rows of real numbers, all of one length, got {_short(value)}.") from error
    return check_kernel(kernel)


def check_kernel(kernel: np.ndarray) -> np.ndarray:
    if kernel.ndim != 2 or 0 in kernel.shape:
        raise ArgumentError(f"kernel: expected rows of numbers, (kH, kW), got an array of shape {kernel.shape}.")
    if max(kernel.shape) > MOST:
        raise ArgumentError(f"kernel: at most {MOST} × {MOST} weights are taken, got {kernel.shape}.")
    if not np.isfinite(kernel).all():
        y, x = np.argwhere(~np.isfinite(kernel))[0]
        raise ArgumentError(f"kernel: weight ({y}, {x}) is {kernel[y, x]}. Expected finite numbers.")
    return kernel


def _from_text(text: str, known: tuple[str, ...]):
    if text.lstrip().startswith("["):
        try:
            return ast.literal_eval(text.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise ArgumentError(f"kernel: {_short(text)} is no list of rows such as [[0, 1], [1, 0]].") from error
    if text.lower().endswith((".npy", ".csv")):
        return _from_file(Path(text))
    names = f"Expected one of {', '.join(known)}; or " if known else "Expected "
    raise ArgumentError(f"filter: {text!r} is unknown. {names}a kernel: [[…], […]], a .npy or a .csv.")


def _from_file(path: Path) -> np.ndarray:
    try:
        if path.suffix.lower() == ".npy":
            return np.load(path, allow_pickle=False)
        return np.loadtxt(path, delimiter=",", ndmin=2)
    except OSError as error:
        raise InputError(f"kernel: {path} cannot be read ({error.strerror or error}).") from error
    except ValueError as error:
        raise InputError(f"kernel: {path} holds no rows of numbers ({' '.join(str(error).split())[:90]}).") from error


def exact_parts(kernel: np.ndarray) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    """(column, row) whose outer product is the kernel to the bit, or one such pair for each row that is not zero."""
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


def _whole(values: np.ndarray) -> bool:
    return bool((values == np.round(values)).all())


def _short(value) -> str:
    text = " ".join(str(value).split())
    return text if len(text) < 60 else text[:57] + "…"
