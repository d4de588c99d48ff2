"""What is a picture, whatever it is written as? Its size, its words and its shapes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from convolab.drawing.figure import figure_of, file_of
from convolab.drawing.shapes import Shape
from convolab.drawing.svg import written

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """A picture: its size in pixels, what it shows in words, and its shapes. A notebook shows it.

    Examples
    --------
    >>> from convolab.drawing.shapes import rect, text
    >>> drawing = Drawing(80, 40, "A zero", [rect(10, 5, 30, 30, "cell paper"), text(25, 25, "0", "middle")])
    >>> drawing
    <Drawing 80 × 40: A zero>
    >>> drawing.svg().count("<rect")  # the cell, and the paper under it
    2
    """

    width: float
    height: float
    label: str
    shapes: list[Shape]

    def __repr__(self) -> str:
        return f"<Drawing {self.width:.0f} × {self.height:.0f}: {self.label}>"

    def svg(self) -> str:
        """Return the picture as an SVG file that follows the reader's light or dark colours."""
        return written(self.width, self.height, self.label, self.shapes)

    def figure(self) -> "Figure":
        """Return the picture as a matplotlib figure of the same size, for print."""
        return figure_of(self.width, self.height, self.label, self.shapes)

    def file(self, kind: Literal["png", "svg", "pdf"]) -> bytes:
        """Return the picture as a file: the SVG for pages, and what matplotlib makes of it otherwise."""
        return self.svg().encode() if kind == "svg" else file_of(self.figure(), kind)

    def _repr_svg_(self) -> str:
        return self.svg()
