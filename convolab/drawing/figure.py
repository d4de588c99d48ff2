"""How is a drawing shown on paper? As a matplotlib figure of the same size, with text that stays text in SVG and PDF.

matplotlib is imported when the first figure is made, and its state (pyplot, rcParams) is left as it is.
"""

import io
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from convolab.drawing.looks import Look, look_of
from convolab.drawing.shapes import Shape, rect
from convolab.errors import MissingDependencyError
from convolab.palette import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 96  # CSS pixels of an inch: what a drawing's pixels are
POINTS = 72 / DPI
# Letters that a reader selects and searches, in a font that lies in the file.
READABLE: Any = {"svg.fonttype": "none", "pdf.fonttype": 42, "ps.fonttype": 42}
FINENESS = 2  # pixels of a PNG for each of the drawing's


def figure_of(width: float, height: float, label: str, shapes: Iterable[Shape]) -> "Figure":
    """Return shapes as a matplotlib figure of the given size in pixels."""
    figure = _class()(figsize=(width / DPI, height / DPI), dpi=DPI)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, width), ylim=(height, 0))
    for order, shape in enumerate([rect(0, 0, width, height, "paper"), *shapes]):
        _WRITERS[shape.kind](axes, shape, look_of(shape.classes, text=shape.kind == "text"), order)
    figure.set_label(label)
    return figure


def file_of(figure: "Figure", kind: str) -> bytes:
    """Return a figure as a PDF or a PNG, the same bytes at any time."""
    stream = io.BytesIO()
    dates = {"CreationDate": None} if kind == "pdf" else {}
    figure.savefig(stream, format=kind, metadata={"Title": figure.get_label(), **dates})
    return stream.getvalue()


@cache
def _class() -> Any:
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependencyError("matplotlib", "plot", "a figure for print") from error

    class Printed(Figure):
        """A figure whose files hold text as text, and that a notebook shows without pyplot."""

        def savefig(self, fname: Any, **options: Any) -> None:
            """Write the figure, as matplotlib's own method does; a PNG twice as fine as the drawing."""
            with rc_context(READABLE):
                super().savefig(fname, **({"dpi": FINENESS * DPI} | options))

        def _repr_png_(self) -> bytes:
            stream = io.BytesIO()
            self.savefig(stream, format="png")
            return stream.getvalue()

    return Printed


def _colour(name: str | None) -> str:
    return COLOURS[name][0] if name and name != "none" else "none"


def _stroke(look: Look) -> dict[str, Any]:
    dashes = (0, tuple(d / (look.width or 1) for d in look.dashes)) if look.dashes else "-"
    return {"linewidth": (look.width or 1) * POINTS, "linestyle": dashes}


def _filled(shape: Shape, look: Look) -> dict[str, Any]:
    from matplotlib.colors import to_rgba

    opacity = shape.opacity if shape.opacity is not None else look.opacity
    fill = _colour(look.fill)
    face = fill if fill == "none" else to_rgba(fill, 1 if opacity is None else opacity)
    return {"facecolor": face, "edgecolor": _colour(look.stroke), **_stroke(look)}


def _text(axes: "Axes", shape: Shape, look: Look, order: int) -> None:
    align = {"start": "left", "middle": "center", "end": "right"}[look.anchor or "start"]
    # DejaVu, which matplotlib brings, is wider than the fonts that a drawing's places are made for.
    axes.text(
        shape.at[0], shape.at[1], shape.content, fontsize=(look.size or 14) * POINTS * (0.88 if look.mono else 0.92),
        family="monospace" if look.mono else "sans-serif", weight="bold" if look.bold else "normal",
        color=_colour(look.fill), ha=align, va="center_baseline" if look.centred else "baseline", zorder=order,
        parse_math=False,
    )  # fmt: skip


def _rect(axes: "Axes", shape: Shape, look: Look, order: int) -> None:
    from matplotlib.patches import FancyBboxPatch, Rectangle

    x, y, width, height = shape.at
    r, options = shape.rounded, {**_filled(shape, look), "zorder": order}
    if r:
        inner = (x + r, y + r), width - 2 * r, height - 2 * r
        axes.add_patch(FancyBboxPatch(*inner, boxstyle=f"round,pad={r},rounding_size={r}", **options))
    else:
        axes.add_patch(Rectangle((x, y), width, height, **options))


def _line(axes: "Axes", shape: Shape, look: Look, order: int) -> None:
    x1, y1, x2, y2 = shape.at
    axes.plot([x1, x2], [y1, y2], color=_colour(look.stroke), zorder=order, **_stroke(look))


def _circle(axes: "Axes", shape: Shape, look: Look, order: int) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle((shape.at[0], shape.at[1]), shape.at[2], zorder=order, **_filled(shape, look)))


def _path(axes: "Axes", shape: Shape, look: Look, order: int) -> None:
    axes.plot(shape.at[::2], shape.at[1::2], color=_colour(look.stroke), zorder=order, **_stroke(look))


def _image(axes: "Axes", shape: Shape, look: Look, order: int) -> None:
    x, y, width, height = shape.at
    extent = (x, x + width, y + height, y)
    axes.imshow(np.asarray(shape.pixels), extent=extent, aspect="auto", interpolation="nearest", zorder=order)
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())


_WRITERS = {"image": _image, "text": _text, "rect": _rect, "line": _line, "circle": _circle, "path": _path}
