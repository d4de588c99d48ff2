"""Where does a gradient come from? Drawn for several elements of one convolution along one axis, under one another."""

from typing import Any

from convolab.definition.explain import explain
from convolab.definition.picture import HEIGHT, panel_width
from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape
from convolab.geometry import Geometry


def derivation(elements: dict[str, int], *, input: int = 6, kernel: int = 3, **options: Any) -> Drawing:
    """Draw one panel for each element, under one another.

    Parameters
    ----------
    elements : dict
        `output`, `input` or `weight`: the element of it that is lit, counted from 1.
    input, kernel : int
        Sizes along the one axis.
    options
        stride, padding and dilation, as in `Geometry`.
    """
    shapes: list[Shape] = []
    y = 20.0
    for quantity, at in elements.items():
        shapes += explain(quantity, input=input, kernel=kernel, at=at, **options).element.panel(y)
        y += HEIGHT + 170
    width = panel_width(Geometry(input, kernel, **options))
    return Drawing(width, y, "The taps of a convolution, and the sums that they are added to", shapes)
