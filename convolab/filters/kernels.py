"""Which kernel is meant? The one reader of names, numbers and files, for every command and function."""

from functools import lru_cache
from inspect import Parameter
from typing import get_args, get_origin

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters.custom import check_plane, weights_of
from convolab.filters.separable import Filter, single
from convolab.filters.table import FILTERS


def make_filter(filter, **parameters) -> Filter:
    """Return the filter that a name and its parameters, or a kernel of the user's, stand for.

    Parameters
    ----------
    filter : str, path, Filter, or array_like (kH, kW)
        A name of the table; one part of a gradient, such as `sobel-x`; or a kernel in any form `read_kernel` takes.
    parameters
        `sigma`, `size`, …, for the filters that take them; None is as if it were not given.

    Raises
    ------
    ArgumentError, DtypeError, InputError
        For what names no filter and holds no kernel (kH, kW), and for parameters that the filter does not take.
    """
    given = {name: value for name, value in parameters.items() if value is not None}
    if isinstance(filter, Filter):
        return filter
    if isinstance(filter, str) and (found := _by_name(filter, given)):
        return found
    weights = weights_of(filter, argument="filter", known=_known_names(), names=_all_names())
    if given:
        raise ArgumentError(f"{min(given)}: a kernel of your own takes no parameters.")
    return Filter("custom", single(check_plane(weights)))


def read_kernel(value, *, argument: str = "kernel") -> np.ndarray:
    """Return the weights that a name, a text, a file or an array stands for: the one reader of kernels.

    Parameters
    ----------
    value : str, path or array_like
        A filter's name (`laplacian`), or one part of a gradient (`sobel-x`); rows of numbers (`1,2;3,4`) or a literal
        (`[[1, 2], [3, 4]]`); the path of a `.npy`, a `.csv` or a `.txt`; or the numbers themselves.
    argument : str
        What the caller calls it, for the messages.

    Returns
    -------
    array of float64, shape (kH, kW)
        Of a `.npy`, a literal or an array as many axes as it has, one to five.

    Raises
    ------
    ArgumentError, DtypeError, InputError
        For what is none of these; each says in one line what is wrong.

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
    found = _by_name(value, {}) if isinstance(value, str) else None
    if found is None:
        return weights_of(value, argument=argument, known=_known_names(), names=_all_names())
    if found.is_gradient:
        raise ArgumentError(f"{argument}: {value} is two kernels. Expected one of them, {value}-x or {value}-y.")
    return found["response"].array


def _known_names() -> str:
    """Return the names that a kernel can have, for a message or a help text."""
    return f"one of {', '.join(FILTERS)}; one part of a gradient, such as sobel-x"


def _all_names() -> list[str]:
    return list(dict.fromkeys([*FILTERS, "canny", *kernel_names()]))


def kernel_names() -> list[str]:
    """Return the names of single kernels: `laplacian`, and `sobel-x` and `sobel-y` of a gradient."""
    return [
        f"{name}-{part}" if part != "response" else name for name in FILTERS for part, _ in _named(name, ()).kernels
    ]


def _by_name(name: str, parameters: dict) -> Filter | None:
    """Return a filter of the table, or one part of it as a filter of its own; None for other text."""
    if name in FILTERS:
        return _named(name, _checked(name, parameters))
    base, _, part = name.rpartition("-")
    if base not in FILTERS:
        return None
    kernels = dict(_named(base, _checked(base, parameters)).kernels)
    return Filter(name, single(kernels[part])) if part in kernels else None


def _checked(name: str, parameters: dict) -> tuple[tuple[str, float | tuple], ...]:
    """Return the parameters, once it is known that the filter takes them, as numbers or as pairs of numbers."""
    taken = FILTERS[name].taken
    for parameter in parameters:
        if parameter not in taken:
            takes = ", ".join(taken) or "no parameters"
            hint = " To leave pixels out, pass a masked array." if parameter == "mask" else ""
            raise ArgumentError(f"{parameter}: {name} does not take it. It takes {takes}.{hint}")
    return tuple((given, _plain(given, value, takes_pair(taken[given]))) for given, value in parameters.items())


def takes_pair(parameter: Parameter) -> bool:
    """Return whether a parameter is one number for both axes, or one for each, (y, x)."""
    return any(get_origin(kind) is tuple for kind in get_args(parameter.annotation))


def _plain(parameter: str, value, pair: bool) -> float | tuple:
    """Return a number of Python's own, or a pair of them."""
    try:
        given = np.asarray(value)
    except ValueError:  # rows of several lengths
        given = np.asarray(None)
    if given.dtype.kind not in "buif" or given.shape not in ((), (2,)[:pair]):
        kind = "a number, or two in the order (y, x)" if pair else "a number"
        raise ArgumentError(f"{parameter}: expected {kind}, got {' '.join(str(value).split())[:60]}.")
    return tuple(given.tolist()) if given.ndim else given.item()


@lru_cache(maxsize=256)
def _named(name: str, parameters: tuple[tuple[str, float | tuple], ...]) -> Filter:
    return Filter(name, FILTERS[name].make(**dict(parameters)))
