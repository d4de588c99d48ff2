"""What kernel does a user bring? Numbers, numbers written out as text, or a file of them.

`convolab.filters.kernels.read_kernel` adds the names of the filters, and is what every command and function calls.
"""

import ast
import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from convolab.errors import ArgumentError, DtypeError, InputError, unknown

MOST = 511  # pixels on a side
SUFFIXES = (".npy", ".csv", ".txt")
FORMS = "numbers: '-1,0,1', '1,2;3,4' or '[[1, 2], [3, 4]]'; or the path of a .npy, .csv or .txt"


def weights_of(value, *, argument: str = "kernel", known: str = "", names: Iterable[str] = ()) -> np.ndarray:
    """Return the weights that a value stands for, float64, along one to five axes.

    Parameters
    ----------
    value : array_like, str or path
        Numbers; or text: rows such as `1,2;3,4`, a literal such as `[[1, 2], [3, 4]]`, or the path of a file, a `.npy`
        or a `.csv` or `.txt` with a row of the kernel on each line.
    argument : str
        What the caller calls the value, for the message about text that is none of these.
    known : str
        The names that the caller would have taken, as the same message tells them.
    names : iterable of str
        All of them, from which the one that is most like the text is named.

    Raises
    ------
    ArgumentError
        For text that is none of these, and for weights that are not finite, or none.
    DtypeError
        For what is not rows of real numbers, all of one length.
    InputError
        For a file that cannot be read.
    """
    if isinstance(value, (str, Path)):
        value = _from_text(str(value), argument, known, names)
    try:
        given = np.asarray(value)
        if given.dtype.kind == "c":
            raise TypeError
        weights = given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise DtypeError(f"kernel: expected rows of real numbers, all of one length, got {_short(value)}.") from error
    return _checked(weights)


def _checked(weights: np.ndarray) -> np.ndarray:
    if not 1 <= weights.ndim <= 5 or not weights.size:
        raise ArgumentError(f"kernel: expected rows of numbers, (kH, kW), got an array of shape {weights.shape}.")
    if not np.isfinite(weights).all():
        place = tuple(map(int, np.argwhere(~np.isfinite(weights))[0]))
        raise ArgumentError(f"kernel: weight {place} is {weights[place]}. Expected finite numbers.")
    return weights


def check_plane(weights: np.ndarray) -> np.ndarray:
    """Return the weights, once it is known that they are a plane (kH, kW) that a pass over an image takes."""
    if weights.ndim != 2:
        raise ArgumentError(f"kernel: expected rows of numbers, (kH, kW), got an array of shape {weights.shape}.")
    if max(weights.shape) > MOST:
        raise ArgumentError(f"kernel: at most {MOST} × {MOST} weights are taken, got {weights.shape}.")
    return weights


def _from_text(text: str, argument: str, known: str, names: Iterable[str]):
    """Return what a text holds: nested lists of numbers, or the array in the file that it names."""
    if text.lstrip().startswith("["):
        try:
            return ast.literal_eval(text.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise ArgumentError(f"kernel: {_short(text)} is no list of rows such as [[0, 1], [1, 0]].") from error
    if text.lower().endswith(SUFFIXES):
        return _from_file(Path(text))
    try:
        return [[float(number) for number in row.split(",")] for row in text.split(";")]
    except ValueError:
        expected = f"Expected {known}; " if known else "Expected "
        raise ArgumentError(f"{argument}: {unknown(_short(text), names)} {expected}{FORMS}.") from None


def _from_file(path: Path) -> np.ndarray:
    """Return the array in a file, which is opened once."""
    try:
        content = path.read_bytes()
        if path.suffix.lower() == ".npy":
            return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
        return _from_lines(content.decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"kernel: {path} cannot be read as an array ({error.strerror or error}).") from error
    except (ValueError, EOFError) as error:
        raise InputError(f"kernel: {path} holds no rows of numbers ({' '.join(str(error).split())[:90]}).") from error


def _from_lines(text: str) -> np.ndarray:
    """Return a row for each line, its numbers apart by commas, semicolons or spaces; `#` begins a comment."""
    lines = [line for line in text.splitlines() if line.split("#")[0].strip()]
    if not lines:
        raise ValueError("it is empty")
    between = next((sign for sign in ",;" if sign in text), None)
    return np.loadtxt(lines, delimiter=between, ndmin=2)


def _short(value) -> str:
    text = " ".join(str(value).split())
    return text if len(text) < 60 else text[:57] + "…"
