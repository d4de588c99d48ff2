"""What does a geometry look like? Its taps axis by axis: inputs above, outputs below, a line for each."""

from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, circle, line, text
from convolab.geometry import Geometry

MARGIN, STEP, RADIUS, HEIGHT = 36, 34, 11, 110
LONGEST = 40  # positions of an axis that are drawn, at most
COLOURS = "abcd"


def relation(geometry: Geometry) -> Drawing:
    """Draw the relation i = stride · o + dilation · k − padding along every axis; a colour for each k in turn."""
    shapes: list[Shape] = []
    y, widest = 20.0, 520.0
    for n, axis in enumerate(geometry.axes):
        drawn, width = _axis(axis, y, f"axis {n + 1} of {len(geometry.axes)}")
        shapes, widest, y = shapes + drawn, max(widest, width), y + HEIGHT + 120
    sizes = " × ".join(map(str, geometry.input)), " × ".join(map(str, geometry.output))
    return Drawing(widest, y, f"The taps of a convolution, input {sizes[0]}, output {sizes[1]}", shapes)


def _axis(axis, y: float, title: str) -> tuple[list[Shape], float]:
    top, bottom = y + 64, y + 64 + HEIGHT
    shown = range(min(axis.input, LONGEST))
    shift = (axis.kernel - 1) * axis.dilation / 2 - axis.before  # an output stands under the middle of its window
    place = {o: MARGIN + STEP * (axis.stride * o + shift) for o in range(axis.output)}
    left = max(0.0, MARGIN - min(place.values(), default=0))
    said = f"input {axis.input}, kernel {axis.kernel}, stride {axis.stride}, padding {axis.before}, {axis.after}"
    shapes = [text(MARGIN, y + 16, f"{title}: {said}, dilation {axis.dilation}, output {axis.output}", "small")]
    for o, k, i in axis.taps():
        if i in shown:
            colour = COLOURS[int(k) % len(COLOURS)]
            shapes.append(
                line(left + place[int(o)], bottom - RADIUS, left + MARGIN + STEP * i, top + RADIUS, f"line {colour}")
            )
    for i in shown:
        shapes += _node(left + MARGIN + STEP * i, top, i)
    last = left + MARGIN + STEP * (len(shown) - 1) + STEP * axis.kernel * axis.dilation
    outputs = [o for o in place if left + place[o] <= last]
    for o in outputs:
        shapes += _node(left + place[o], bottom, o)
    more = [f"inputs 0–{len(shown) - 1} of {axis.input}"] if len(shown) < axis.input else []
    legend = "above inputs i, below outputs o, counted from 0; a line is a weight k = "
    shapes.append(
        text(
            MARGIN,
            bottom + 34,
            "; ".join([legend + "0 blue, 1 red, 2 green, 3 violet, and again", *more]),
            "small muted",
        )
    )
    return shapes, max(left + MARGIN + STEP * len(shown), *(left + place[o] for o in outputs)) + MARGIN


def _node(x: float, y: float, number: int) -> list[Shape]:
    return [circle(x, y, RADIUS, "cell empty"), text(x, y + 4, str(number), "middle small")]
