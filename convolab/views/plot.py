"""How does anything that convolab returns become a figure for print? `cl.plot` takes it as it is."""

from typing import TYPE_CHECKING, Any

import numpy as np

from convolab.drawing import Drawing
from convolab.drawing.planes import PLANES, plane_of, planes
from convolab.errors import ArgumentError
from convolab.geometry import Geometry
from convolab.views.relation import relation
from convolab.views.sliding import moment

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot(what: Any, weight: Any = None, *, at: Any = None, **options: Any) -> "Figure":
    """Return a matplotlib figure of a result, of arrays, or of a geometry: for print, with text that stays text.

    Parameters
    ----------
    what
        What `explain`, `gradcheck`, `maximize`, `check`, `summary` or `edges` returned; a `Geometry`, whose taps are
        drawn axis by axis; or an array, shape (H, W), (L) or (…, H, W), of which at most twelve planes are drawn.
    weight : array, shape (kH, kW), optional
        `plot(x, w)` draws a convolution at one moment: input, weight's window, output, and the sum written out.
    at : (int, int), optional
        The output element of that moment, counted from 0; the first one if not given.
    options
        stride, padding and dilation of that convolution, in pixels; zero padding.

    Returns
    -------
    matplotlib.figure.Figure
        `savefig("figure.pdf")` writes it; letters can be selected and searched in a PDF and an SVG. A notebook shows
        it.

    Raises
    ------
    ArgumentError
        For what cannot be drawn.
    MissingDependencyError
        Where matplotlib is not installed.

    Examples
    --------
    >>> figure = plot(np.arange(12).reshape(3, 4), np.array([[1, 0], [0, -1]]), at=(1, 2))
    >>> figure.get_label()
    'Output [1, 2] is 1·6 + (−1)·11 = −5'
    """
    return drawn(what, weight, at=at, **options).figure()


def drawn(what: Any, weight: Any = None, *, at: Any = None, **options: Any) -> Drawing:
    """Return the drawing that `plot` makes a figure of."""
    if weight is not None:
        return moment(plane_of(what, "plot"), plane_of(weight, "plot"), at, **options)
    if at is not None or options:
        raise ArgumentError(f"plot: {', '.join(options) or 'at'} is of a convolution. Expected plot(input, weight, …).")
    if isinstance(what, Drawing):
        return what
    if hasattr(what, "drawing"):
        return what.drawing()
    if isinstance(what, Geometry):
        return relation(what)
    return _array(what)


def _array(what: Any) -> Drawing:
    """Return an array's planes, the first ones of many."""
    try:
        values = plane_of(what, "plot")
    except (ArgumentError, ValueError, TypeError):
        raise ArgumentError(
            f"plot: {type(what).__name__} cannot be drawn. Expected a result of convolab, a Geometry, or an array of "
            f"real numbers."
        ) from None
    indices = list(np.ndindex(values.shape[:-2]))
    named = {", ".join(map(str, index)): values[index] for index in indices[:PLANES]}
    shape = " × ".join(map(str, np.shape(what)))
    more = f", {PLANES} of {len(indices)} planes" if len(indices) > PLANES else ""
    return planes(named, f"An array, {shape}{more}")
