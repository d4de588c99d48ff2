"""How does the error of a finite difference depend on its step? Drawn on logarithmic axes."""

from math import log10

import numpy as np

from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, line, path, text
from convolab.gradient.curve import SHEETS_STEP, Curve

WIDTH, HEIGHT, LEFT, TOP, GAP = 380, 290, 74, 76, 74
TINY = 1e-16


class _Chart:
    """A frame with logarithmic or linear axes; `x` and `y` turn values into places."""

    def __init__(self, left: float, top: float, xs: tuple[float, float], ys: tuple[float, float]):
        self.left, self.top, self.xs, self.ys = left, top, xs, ys

    def x(self, value: float) -> float:
        low, high = map(log10, self.xs)
        return self.left + WIDTH * (log10(value) - low) / (high - low)

    def y(self, value: float) -> float:
        low, high = map(log10, self.ys)
        return self.top + HEIGHT * (high - log10(value)) / (high - low)

    def frame(self, title: str, below: str) -> list[Shape]:
        body = [text(self.left, self.top - 16, title, "title")]
        for exponent in range(round(log10(self.xs[0])), round(log10(self.xs[1])) + 1, 3):
            x = self.x(10.0**exponent)
            body += [line(x, self.top, x, self.top + HEIGHT, "grid")]
            body += [text(x, self.top + HEIGHT + 20, power(exponent), "small middle muted")]
        for exponent in range(round(log10(self.ys[0])), round(log10(self.ys[1])) + 1, 4):
            y = self.y(10.0**exponent)
            body += [line(self.left, y, self.left + WIDTH, y, "grid")]
            body += [text(self.left - 8, y + 4, power(exponent), "small end muted")]
        body.append(text(self.left + WIDTH / 2, self.top + HEIGHT + 42, below, "small middle"))
        return body


def power(exponent: int) -> str:
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def step_picture(panels: dict[str, list[Curve]]) -> Drawing:
    """Draw a panel for each loss: float32 red, float64 blue, one-sided differences dashed, central ones solid."""
    width = LEFT + len(panels) * (WIDTH + GAP) - GAP + 30
    title = "Error of a finite difference against its step: truncation falls with the step, rounding grows"
    body = [text(24, 32, title, "title")]
    for n, (name, curves) in enumerate(panels.items()):
        chart = _Chart(LEFT + n * (WIDTH + GAP), TOP, (1e-12, 1e2), (TINY, 1e4))
        body += chart.frame(name, "step")
        x = chart.x(SHEETS_STEP)
        body += [line(x, TOP, x, TOP + HEIGHT, "axis dashed"), text(x + 5, TOP + 16, "the sheet: 10⁻⁶", "small muted")]
        body += [_curve_path(chart, curve) for curve in curves]
    body += _legend(next(iter(panels.values())), TOP + HEIGHT + 66)
    return Drawing(width, TOP + HEIGHT + 96, title, body)


def _curve_path(chart: _Chart, curve: Curve) -> Shape:
    # What is exact has no logarithm: it is drawn on the floor of the chart.
    errors = np.clip(curve.errors, TINY, chart.ys[1])
    kept = [(s, e) for s, e in zip(curve.steps, errors, strict=True) if chart.xs[0] <= s <= chart.xs[1]]
    return path([(chart.x(s), chart.y(e)) for s, e in kept if np.isfinite(e)], _classes(curve))


def _classes(curve: Curve) -> str:
    colour = "b" if "float32" in curve.label else "a"
    return f"line {colour}" + (" dashed" if "one-sided" in curve.label else "")


def _legend(curves: list[Curve], y: float) -> list[Shape]:
    body, x = [], float(LEFT)
    for curve in curves:
        body += [line(x, y - 4, x + 34, y - 4, _classes(curve)), text(x + 42, y, curve.label, "small")]
        x += 190
    return body
