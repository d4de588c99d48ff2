"""What does one element look like? Its taps drawn: as lines along one axis, as cells of the three arrays along two.

The taps are the tested ones and the sum under them is `explain`'s own: a picture cannot say what the code does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from convolab.definition.notation import Tap, Text
from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, circle, line, rect, text, wrapped
from convolab.errors import ArgumentError
from convolab.geometry import Geometry

STEP, RADIUS, LEFT, HEIGHT = 92, 20, 56, 170
CELL, MARGIN, TOP = 52, 24, 84
LONGEST = 16  # positions of one axis that are drawn, at most
TITLES = {
    "o": "An output gathers its window",
    "i": "The gradient of an input gathers every output that read it",
    "k": "The gradient of a weight gathers every place where it was used",
}
ARRAYS = {"i": "input x", "k": "weight w", "o": "output y"}


@dataclass(frozen=True)
class Element:
    """One element, and the taps that it gathers.

    Attributes
    ----------
    geometry : Geometry
    letter : {"o", "i", "k"}
        Of which array: the output, the input or the weight.
    position : tuple of int
        Counted from 0.
    base : int
        What positions are counted from in the picture.
    taps : sequence of Tap
    expression : str
        The sum, written out.
    """

    geometry: Geometry
    letter: str
    position: tuple[int, ...]
    base: int
    taps: Sequence[Tap]
    expression: str

    def name(self, letter: str, position: Sequence[int]) -> str:
        """Return an element's name as the sum writes it: x, w, and y or, in a gradient, y′."""
        place = [p + self.base for p in position]
        if letter == "o" and self.letter == "o":
            return Text().result("o", place)
        return Text().symbol(letter, place)

    def sizes(self, letter: str) -> tuple[int, ...]:
        geometry = self.geometry
        return {"i": geometry.input, "k": geometry.kernel, "o": geometry.output}[letter]

    def drawing(self) -> Drawing:
        """Return the picture.

        Raises
        ------
        ArgumentError
            For three axes: a page is flat.
        """
        axes = len(self.geometry.axes)
        if axes > 2:
            raise ArgumentError(f"explain: a picture has one or two axes, got {axes}. Expected such as input=(5, 7).")
        if axes == 1 and self.geometry.input[0] <= LONGEST:
            width = max(panel_width(self.geometry), *(2 * LEFT + 8.6 * len(part) for part in self._lines()))
            return Drawing(width, HEIGHT + 150 + 20 * len(self._lines()), self.expression, self.panel(20))
        return self._grids()

    def _lines(self) -> list[str]:
        return wrapped(self.expression, 84)

    def panel(self, y: float) -> list[Shape]:
        """Return inputs above, outputs below, a line for each tap, and the sum; `y` is the upper edge."""
        geometry, top, bottom = self.geometry, y + 64, y + 64 + HEIGHT
        shift = STEP * (geometry.input[0] - geometry.output[0]) / 2
        lit = {letter: {tap[letter][0] for tap in self.taps} for letter in "oki"}
        shapes = [text(LEFT - RADIUS, y + 16, TITLES[self.letter], "title")]
        for chosen in (False, True):  # those that are lit lie on top
            for tap in geometry.taps():
                o, k, i = (index[0] for index in tap)
                if chosen == ({"o": o, "k": k, "i": i}[self.letter] == self.position[0]):
                    shapes += self._tap(LEFT + shift + STEP * o, bottom, LEFT + STEP * i, top, k, chosen)
        shapes += self._nodes("i", LEFT, top, lit["i"])
        shapes += self._nodes("o", LEFT + shift, bottom, lit["o"])
        lines = enumerate(self._lines())
        return shapes + [text(LEFT - RADIUS, bottom + 56 + 20 * n, part, "mono") for n, part in lines]

    def _tap(self, x0: float, y0: float, x1: float, y1: float, k: int, chosen: bool) -> list[Shape]:
        # The label stands below the middle, where the lines of different outputs do not cross yet.
        x, height = x0 + 0.3 * (x1 - x0), y0 - RADIUS - 0.3 * (HEIGHT - 2 * RADIUS)
        return [
            line(x0, y0 - RADIUS, x1, y1 + RADIUS, "lit" if chosen else "edge"),
            text(x + 5, height + 4, self.name("k", [k]), "small accent" if chosen else "small muted"),
        ]

    def _nodes(self, letter: str, left: float, y: float, lit: set[int]) -> list[Shape]:
        shapes: list[Shape] = []
        for n in range(self.sizes(letter)[0]):
            x = left + STEP * n
            subject = n in lit and letter == self.letter
            shapes.append(circle(x, y, RADIUS, "cell empty"))
            shapes += [circle(x, y, RADIUS, "mark")] if n in lit else []
            shapes.append(text(x, y + 5, self.name(letter, [n]), "middle accent" if subject else "middle"))
        return shapes

    def _grids(self) -> Drawing:
        """Return input, weight and output side by side; what the sum reads is lit."""
        shapes = [text(MARGIN, 32, TITLES[self.letter], "title")]
        x, tallest = float(MARGIN), 0.0
        for letter in "iko":
            drawn, width, height = self._grid(letter, x)
            shapes += drawn
            x, tallest = x + max(width, 130) + MARGIN, max(tallest, height)
        bottom = TOP + tallest + 30
        lines = wrapped(self.expression, int((x - 2 * MARGIN) / 8.6))
        shapes += [text(MARGIN, bottom + 20 * n, part, "mono") for n, part in enumerate(lines)]
        return Drawing(x, bottom + 20 * len(lines) + 8, self.expression, shapes)

    def _grid(self, letter: str, x: float) -> tuple[list[Shape], float, float]:
        lit = {self.position} if letter == self.letter else {tap[letter] for tap in self.taps}
        shown = [_shown(size, [place[n] for place in lit]) for n, size in enumerate(self.sizes(letter))]
        rows, columns = shown if len(shown) == 2 else (range(1), *shown)
        shapes = [text(x, TOP - 12, self._said(letter, shown), "small")]
        for row, column in ((r, c) for r in rows for c in columns):
            place = (row, column) if len(shown) == 2 else (column,)
            left, top = x + CELL * (column - columns.start), TOP + CELL * (row - rows.start)
            shapes.append(rect(left, top, CELL, CELL, "cell empty"))
            words = "centred small" if place in lit else "centred small muted"
            if place in lit:
                kind = "target" if letter == self.letter else "window"
                shapes.append(rect(left + 2, top + 2, CELL - 4, CELL - 4, kind, rounded=4))
            shapes.append(text(left + CELL / 2, top + CELL / 2, self.name(letter, place), words))
        return shapes, CELL * len(columns), CELL * len(rows)

    def _said(self, letter: str, shown: list[range]) -> str:
        sizes = self.sizes(letter)
        name = "upstream gradient y′" if letter == "o" and self.letter != "o" else ARRAYS[letter]
        said = f"{name}, {' × '.join(map(str, sizes))}"
        parts = [
            f"{axis} {r.start + self.base}–{r.stop - 1 + self.base}"
            for axis, r, size in zip(("rows", "columns")[-len(sizes) :], shown, sizes, strict=True)
            if len(r) < size
        ]
        return f"{said}: {', '.join(parts)}" if parts else said


def panel_width(geometry: Geometry) -> float:
    return max(2 * LEFT + STEP * (geometry.input[0] - 1) + 60, 600)


def _shown(size: int, lit: list[int]) -> range:
    """Return the positions of an axis that are drawn: all of a short one, else those around what is lit."""
    if size <= LONGEST:
        return range(size)
    first = max(0, min(min(lit, default=0) - 2, size - LONGEST))
    return range(first, first + LONGEST)
