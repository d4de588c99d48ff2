"""What is a gradient in units of length? Each kernel divided by its answer to a ramp of one unit a length."""

from numbers import Real

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters.separable import Filter, Kernel


def per_length(chosen: Filter, spacing) -> Filter:
    """Return a gradient filter that answers in units of brightness per unit of length.

    Parameters
    ----------
    chosen : Filter
    spacing : float or (float, float)
        The distance between pixels, (y, x) in any unit of length.

    Raises
    ------
    ArgumentError
        For a filter that is no gradient along x and y, and a spacing that is not greater than zero.

    Examples
    --------
    >>> from convolab.filters.kernels import make_filter
    >>> per_length(make_filter("sobel"), (0.5, 2.0))["y"].array[:, 1].tolist()
    [-0.5, 0.0, 0.5]
    """
    y, x = spacing_of(spacing)
    if not chosen.is_gradient:
        raise ArgumentError(f"spacing: {chosen.name} is no gradient, so that its answers have no unit of length.")
    return Filter(chosen.name, tuple((name, _scaled(chosen, name, {"x": x, "y": y}[name])) for name in ("x", "y")))


def spacing_of(spacing) -> tuple[float, float]:
    """Return a spacing as (y, x)."""
    try:
        given = [float(one) for one in ((spacing, spacing) if isinstance(spacing, Real) else spacing)]
    except (TypeError, ValueError):
        given = []
    if len(given) != 2 or not all(0 < one < np.inf for one in given):
        raise ArgumentError(f"spacing: expected one length or two, (y, x), each greater than 0, got {spacing!r}.")
    return given[0], given[1]


def _scaled(chosen: Filter, name: str, length: float) -> Kernel:
    kernel = chosen[name]
    down, across = (float((kernel.array * place).sum()) for place in np.indices(kernel.shape))
    along, other = (across, down) if name == "x" else (down, across)
    if abs(other) > 1e-9 * abs(along) or along <= 0:
        raise ArgumentError(f"spacing: {chosen.name} does not differentiate along x and y. Expected another gradient.")
    factor = 1 / (along * length)
    return Kernel(tuple((tuple(weight * factor for weight in column), row) for column, row in kernel.parts))
