"""How does a window slide? One frame for each output element, drawn from the taps, in one SVG file."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

import numpy as np

from convolab.definition import conv
from convolab.errors import ArgumentError
from convolab.geometry import Geometry
from convolab.palette import styled

CELL = 46
MARGIN = 24
STYLE = styled(
    """
text { font: 15px ui-sans-serif, system-ui, sans-serif; text-anchor: middle; fill: $ink; }
text { dominant-baseline: central; }
.sum { font: 15px ui-monospace, Menlo, Consolas, monospace; text-anchor: start; }
.title { font-weight: 600; text-anchor: start; }
.weight { font-size: 12px; font-weight: 600; fill: $accent; text-anchor: end; dominant-baseline: alphabetic; }
.positive { fill: $positive; }
.negative { fill: $negative; }
.cell { stroke: $line; stroke-width: 1; }
.window { fill: $window; fill-opacity: .12; stroke: $lit; stroke-width: 2.5; }
.target { fill: none; stroke: $lit; stroke-width: 3; }
.empty { fill: $empty; }
.paper { fill: $paper; }
""",
    """\
  text { fill: $ink; }
  .weight { fill: $accent; }
  .cell { stroke: $line; }
  .empty { fill: $empty; }
  .paper { fill: $paper; }
  .positive { fill: $positive; }
  .negative { fill: $negative; }
""",
)


def sliding(input: np.ndarray, weight: np.ndarray, *, seconds: float = 0.7, **options) -> str:
    """Draw the input on the left, the output on the right, and the sum of the moment written out below.

    Parameters
    ----------
    input : array of integers, shape (H, W)
    weight : array of integers, shape (kH, kW)
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
        If the arrays are not planes.
    """
    if input.ndim != 2 or weight.ndim != 2:
        raise ArgumentError(f"sliding: draws planes. Expected (H, W) and (kH, kW), got {input.shape}, {weight.shape}.")
    geometry = Geometry(input.shape, weight.shape, **options)
    output = conv(geometry, input[None, None], weight[None, None])[0, 0]
    left, right = _Grid(input, MARGIN), _Grid(output, 3 * MARGIN + CELL * input.shape[1])
    width = right.x + CELL * output.shape[1] + MARGIN
    height = left.y + CELL * max(input.shape[0], output.shape[0]) + 3 * MARGIN
    body = [*left.draw("input"), *right.draw("output", hidden=True)]
    frames = _frames(geometry)
    for number, (at, taps) in enumerate(frames):
        body.append(_at_moment(number, len(frames), seconds, _frame(left, right, weight, output, at, taps, height)))
        body.append(_from_moment(number, len(frames), seconds, right.number(at)))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" aria-label="A kernel slides over an image; each output is the sum of the products under it.">',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{height}" rx="10"/>',
            *body,
            "</svg>\n",
        ]
    )


def _frames(geometry: Geometry) -> list[tuple[tuple[int, int], list]]:
    """Return, for each output position, its taps (kernel position, input position)."""
    taps: dict = {tuple(at): [] for at in np.ndindex(*geometry.output)}
    for o, k, i in geometry.taps():
        taps[o].append((k, i))
    return list(taps.items())


class _Grid:
    """A plane of numbers as coloured cells."""

    y = 2 * MARGIN

    def __init__(self, values: np.ndarray, x: int):
        self.values, self.x = values, x
        self.largest = max(1, int(np.abs(values).max()))

    def corner(self, at) -> tuple[int, int]:
        return self.x + CELL * at[1], self.y + CELL * at[0]

    def cell(self, at) -> str:
        """Draw white for zero, blue for positive, red for negative: a sign must never vanish into black."""
        x, y = self.corner(at)
        sign = "negative" if self.values[at] < 0 else "positive"
        opacity = 0.75 * abs(int(self.values[at])) / self.largest
        return (
            f'<rect class="cell {sign}" fill-opacity="{opacity:.2f}" x="{x}" y="{y}" width="{CELL}" height="{CELL}"/>'
        )

    def number(self, at) -> str:
        x, y = self.corner(at)
        return self.cell(at) + f'<text x="{x + CELL / 2}" y="{y + CELL / 2 - 4}">{_signed(self.values[at])}</text>'

    def draw(self, title: str, *, hidden: bool = False) -> Iterator[str]:
        size = " × ".join(map(str, self.values.shape))
        yield f'<text class="title" x="{self.x}" y="{self.y - MARGIN / 2}">{title}, {size}</text>'
        for at in np.ndindex(*self.values.shape):
            x, y = self.corner(at)
            empty = f'<rect class="cell empty" x="{x}" y="{y}" width="{CELL}" height="{CELL}"/>'
            yield empty if hidden else self.number(at)


def _frame(left: _Grid, right: _Grid, weight, output, at, taps, height: int) -> str:
    """Draw the windows, the weights in the corners of what they meet, and the sum."""
    parts = []
    for k, i in taps:
        x, y = left.corner(i)
        parts.append(f'<rect class="window" x="{x + 2}" y="{y + 2}" width="{CELL - 4}" height="{CELL - 4}" rx="4"/>')
        parts.append(f'<text class="weight" x="{x + CELL - 6}" y="{y + CELL - 6}">×{_signed(weight[k])}</text>')
    x, y = right.corner(at)
    parts.append(f'<rect class="target" x="{x}" y="{y}" width="{CELL}" height="{CELL}"/>')
    products = " + ".join(f"{_bracketed(weight[k])}·{_bracketed(left.values[i])}" for k, i in taps if weight[k])
    line = escape(f"{products or '0'} = {_signed(output[at])}")
    parts.append(f'<text class="sum" x="{MARGIN}" y="{height - 1.3 * MARGIN}">{line}</text>')
    return "".join(parts)


def _signed(value) -> str:
    return str(value).replace("-", "−")


def _bracketed(value) -> str:
    return f"({_signed(value)})" if value < 0 else str(value)


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
