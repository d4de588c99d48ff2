"""How does a window slide? One frame for each output element, drawn from the taps: one of them, or all as one SVG."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from convolab.definition import conv
from convolab.drawing import Drawing, svg
from convolab.drawing.planes import cell, number
from convolab.drawing.shapes import Shape, rect, text, wrapped
from convolab.errors import ArgumentError
from convolab.geometry import Geometry
from convolab.geometry.arguments import per_axis

CELL = 46
MARGIN = 24
TINT = 0.4  # the weights in the corners stay legible
LETTER = 9.0  # pixels that a letter of the sum is wide, about
LARGEST = 24  # rows and columns that are drawn, at most
WORDS = "A kernel slides over an image; each output is the sum of the products under it."


def sliding(input: np.ndarray, weight: np.ndarray, *, seconds: float = 0.7, **options: Any) -> str:
    """Draw the input on the left, the output on the right, and the sum of the moment written out below.

    Parameters
    ----------
    input : array of numbers, shape (H, W)
    weight : array of numbers, shape (kH, kW)
    seconds : float
        How long each output element is shown.
    options
        stride, padding and dilation, as in `conv2d`; zero padding.

    Returns
    -------
    str
        An animated SVG; it follows the reader's light or dark colours.

    Raises
    ------
    ArgumentError
        If the arrays are not planes, or too large to be drawn.
    """
    film = _Film(input, weight, options)
    body = [*film.left.shapes("input"), *film.right.shapes("output", hidden=True)]
    lines = [*svg.begun(film.width, film.height, WORDS, svg.STYLE), *map(svg.element, body)]
    for n, (at, taps) in enumerate(film.frames):
        content = "".join(map(svg.element, film.frame(at, taps)))
        lines.append(_at_moment(n, len(film.frames), seconds, content))
        lines.append(_from_moment(n, len(film.frames), seconds, "".join(map(svg.element, film.right.cell(at)))))
    return "\n".join([*lines, "</svg>\n"])


def moment(input: np.ndarray, weight: np.ndarray, at: Any = None, **options: Any) -> Drawing:
    """Return one frame, with the whole output beside it: that of the output element `at`, counted from 0."""
    film = _Film(input, weight, options, function="plot")
    wanted = (0, 0) if at is None else per_axis("plot", "at", at, 2, minimum=0)
    found = dict(film.frames)
    if wanted not in found:
        last = tuple(size - 1 for size in film.geometry.output)
        raise ArgumentError(f"plot: at={wanted} is outside of the output. Expected (0, 0) to {last}.")
    body = [*film.left.shapes("input"), *film.right.shapes("output"), *film.frame(wanted, found[wanted])]
    return Drawing(film.width, film.height, f"Output {list(wanted)} is {film.sum(wanted, found[wanted])}", body)


Taps = list[tuple[tuple[int, int], tuple[int, int]]]  # kernel position, input position


class _Film:
    """A convolution of planes, and its frames: an output position with its taps for each."""

    def __init__(self, input: np.ndarray, weight: np.ndarray, options: dict[str, Any], function: str = "sliding"):
        if input.ndim != 2 or weight.ndim != 2:
            raise ArgumentError(
                f"{function}: draws planes. Expected (H, W) and (kH, kW), got {input.shape}, {weight.shape}."
            )
        self.weight, self.geometry = weight, Geometry(input.shape, weight.shape, **options)
        if max(*input.shape, *self.geometry.output) > LARGEST:
            raise ArgumentError(
                f"{function}: draws every number. Expected at most {LARGEST} rows and columns, got {input.shape} and "
                f"{self.geometry.output}."
            )
        output = conv(self.geometry, input[None, None], weight[None, None])[0, 0]
        self.left, self.right = _Grid(input, MARGIN), _Grid(output, 3 * MARGIN + CELL * input.shape[1])
        taps: dict[tuple[int, int], Taps] = {(y, x): [] for y, x in np.ndindex(*output.shape)}
        for o, k, i in self.geometry.taps():
            taps[o[0], o[1]].append(((k[0], k[1]), (i[0], i[1])))
        self.frames = list(taps.items())
        # The sum of a frame may be longer than the grids are wide.
        self.width = max(self.right.x + CELL * output.shape[1] + MARGIN, 360)
        self.bottom = self.left.y + CELL * max(input.shape[0], output.shape[0])
        most = max(len(self._lines(at, seen)) for at, seen in self.frames)
        self.height = self.bottom + 1.3 * MARGIN + 20 * most

    def frame(self, at: tuple[int, int], taps: Taps) -> list[Shape]:
        """Draw the windows, the weights in the corners of what they meet, and the sum."""
        shapes: list[Shape] = []
        for k, i in taps:
            x, y = self.left.corner(i)
            shapes.append(rect(x + 2, y + 2, CELL - 4, CELL - 4, "window", rounded=4))
            shapes.append(text(x + CELL - 6, y + CELL - 6, f"×{number(self.weight[k])}", "weight"))
        shapes.append(rect(*self.right.corner(at), CELL, CELL, "target"))
        lines = enumerate(self._lines(at, taps))
        return shapes + [text(MARGIN, self.bottom + 1.3 * MARGIN + 20 * n, part, "mono sum") for n, part in lines]

    def _lines(self, at: tuple[int, int], taps: Taps) -> list[str]:
        return wrapped(self.sum(at, taps), int((self.width - 2 * MARGIN) / LETTER))

    def sum(self, at: tuple[int, int], taps: Taps) -> str:
        """Return the products of one output, those with a weight of zero left out, and what they add up to."""
        values = self.left.values
        products = " + ".join(
            f"{_bracketed(self.weight[k])}·{_bracketed(values[i])}" for k, i in taps if self.weight[k]
        )
        return f"{products or '0'} = {number(self.right.values[at])}"


class _Grid:
    """A plane of numbers as coloured cells."""

    y = 2 * MARGIN

    def __init__(self, values: np.ndarray, x: int):
        self.values, self.x = values, x
        self.largest = float(np.abs(values.astype(float)).max()) or 1.0

    def corner(self, at: Sequence[int]) -> tuple[int, int]:
        return self.x + CELL * at[1], self.y + CELL * at[0]

    def cell(self, at: tuple[int, int]) -> list[Shape]:
        """Draw a number above the middle of its cell: a weight takes the corner below."""
        box, said = cell(self.values[at], *self.corner(at), side=CELL, largest=self.largest, tint=TINT)
        x, y = self.corner(at)
        return [box, text(x + CELL / 2, y + CELL / 2 - 4, said.content, said.classes)]

    def shapes(self, title: str, *, hidden: bool = False) -> list[Shape]:
        size = " × ".join(map(str, self.values.shape))
        shapes = [text(self.x, self.y - MARGIN / 2, f"{title}, {size}", "title")]
        for at in np.ndindex(*self.values.shape):
            x, y = self.corner(at)
            shapes += [rect(x, y, CELL, CELL, "cell empty")] if hidden else self.cell((at[0], at[1]))
        return shapes


def _bracketed(value: Any) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def _at_moment(number: int, count: int, seconds: float, content: str) -> str:
    """Show something for one moment of the cycle only; where nothing moves, the first moment stays."""
    start, end = number / count, (number + 1) / count
    times, values = [0.0, start, end, 1.0], ["hidden", "visible", "hidden", "hidden"]
    return _discrete(content, times, values, count * seconds, "visible" if number == 0 else "hidden")


def _from_moment(number: int, count: int, seconds: float, content: str) -> str:
    """Show something from one moment of the cycle on."""
    times, values = [0.0, number / count, 1.0], ["hidden", "visible", "visible"]
    return _discrete(content, times, values, count * seconds, "visible" if number == 0 else "hidden")


def _discrete(content: str, times: list[float], values: list[str], seconds: float, still: str) -> str:
    pairs = [(t, v) for n, (t, v) in enumerate(zip(times, values, strict=True)) if n == 0 or t > times[n - 1]]
    if times[1] == 0:
        pairs[0] = (0.0, "visible")
    if pairs[-1][0] < 1:
        pairs.append((1.0, pairs[-1][1]))
    keys = ";".join(f"{t:.4f}" for t, _ in pairs)
    shown = ";".join(v for _, v in pairs)
    animate = (
        f'<animate attributeName="visibility" calcMode="discrete" dur="{seconds:g}s" repeatCount="indefinite" '
        f'keyTimes="{keys}" values="{shown}"/>'
    )
    return f'<g visibility="{still}">{animate}{content}</g>'
