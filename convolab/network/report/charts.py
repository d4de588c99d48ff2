"""How is a chart drawn without a library? As SVG text: lines over a scale, or an interval; and arrays as inline PNG.

Colours are classes of the page's style sheet, so that one drawing serves light and dark pages; sizes are in the units
of the viewBox, and the page scales them.
"""

import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 480, 270
LEFT, RIGHT, TOP, BOTTOM = 50, 14, 12, 36


@dataclass(frozen=True)
class Series:
    """Points (x, y) of one quantity; `style` is a class of the style sheet, `dots` draws points instead of a line."""

    name: str
    points: Sequence[tuple[float, float]]
    style: str
    dots: bool = False


@dataclass(frozen=True)
class Scale:
    """A scale: where it begins and ends, the ticks with their words, and the function that makes it straight."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    label: str
    straight: Callable[[float], float] = field(default=lambda v: v)

    def place(self, value: float, start: float, end: float) -> float:
        """Where a value lies between two ends in the drawing; outside values lie on the nearer end."""
        low, high, here = (self.straight(v) for v in (self.low, self.high, min(max(value, self.low), self.high)))
        return start + (here - low) / ((high - low) or 1) * (end - start)


def line_chart(series: Sequence[Series], x: Scale, y: Scale, *, title: str) -> str:
    """Lines and dots over two axes."""
    parts = [*_grid(x, y)]
    for one in series:
        points = [(_x(x, a), _y(y, b)) for a, b in one.points if b is not None and math.isfinite(b)]
        if one.dots:
            words = [f"{one.name}: {b:.4g}" for a, b in one.points if b is not None and math.isfinite(b)]
            parts += [
                f'<circle class="{one.style}" cx="{a:.1f}" cy="{b:.1f}" r="4.5"><title>{escape(w)}</title></circle>'
                for (a, b), w in zip(points, words, strict=True)
            ]
        elif points:
            path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
            parts.append(f'<polyline class="{one.style}" points="{path}"/>')
    return svg(WIDTH, HEIGHT, parts, title)


def svg(width: float, height: float, parts: Iterable[str], title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title, quote=True)}">'
        + "".join(parts)
        + "</svg>"
    )


def _x(axis: Scale, value: float) -> float:
    return axis.place(value, LEFT, WIDTH - RIGHT)


def _y(axis: Scale, value: float) -> float:
    return axis.place(value, HEIGHT - BOTTOM, TOP)


def _grid(x: Scale, y: Scale):
    for value, words in y.ticks:
        at = _y(y, value)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
        yield f'<text class="tick" x="{LEFT - 7}" y="{at + 4:.1f}" text-anchor="end">{escape(words)}</text>'
    for value, words in x.ticks:
        at = _x(x, value)
        yield f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM + 5}"/>'
        yield f'<text class="tick" x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{escape(words)}</text>'
    yield f'<text class="tick" x="{WIDTH - RIGHT}" y="{HEIGHT - 3}" text-anchor="end">{escape(x.label)}</text>'


def linear(values: Iterable[float], label: str, *, start: float | None = None, count: int = 5) -> Scale:
    """A scale over the values, with ticks at round numbers.

    >>> [words for _, words in linear([0, 7], "").ticks]
    ['0', '2', '4', '6']
    """
    known = [v for v in values if v is not None and math.isfinite(v)] or [0.0, 1.0]
    low = min(known) if start is None else start
    high = max(max(known), low + 1e-9)
    step = _round_step((high - low) / count)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return Scale(low, high, [(k * step, f"{k * step:,.10g}") for k in range(first, last + 1)], label)


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(r * power for r in (1, 2, 5, 10) if r * power >= step * (1 - 1e-9))


def logarithmic(values: Iterable[float], label: str) -> Scale:
    """A scale over positive values, with ticks at 1, 2 and 5 times the powers of ten."""
    known = [v for v in values if v is not None and math.isfinite(v) and v > 0] or [0.1, 1.0]
    low, high = min(known) / 1.1, max(known) * 1.1
    ticks = [
        m * 10.0**p for p in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for m in (1, 2, 5)
    ]
    inside = [t for t in ticks if low <= t <= high]
    while len(inside) > 7:
        inside = (
            inside[::-1][::2][::-1] if len(inside) > 14 else [t for t in inside if f"{t:e}"[0] == "1"] or inside[::3]
        )
    return Scale(low, high, [(t, f"{t:g}") for t in inside], label, math.log)


ACCURACIES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)


def accuracies(values: Iterable[float], label: str) -> Scale:
    """A scale of accuracies on which half as many errors are always the same distance up."""
    known = [v for v in values if v is not None] or [0.0, 0.9]
    low, high = max(min(known) - 0.02, 0.0), max(max(known), 0.5)
    high = min(1 - (1 - high) / 1.5, 0.9999)
    ticks = [(a, f"{100 * a:g} %") for a in ((low, *ACCURACIES) if low < 0.3 else ACCURACIES) if low <= a <= high]
    if low < 0.3:
        ticks[0] = (low, f"{100 * low:.0f} %")
    while len(ticks) > 8:
        ticks = ticks[:1] + ticks[2::2]
    return Scale(low, high, ticks, label, lambda a: -math.log(1 - a))


def interval_strip(value: float, interval: Sequence[float], *, title: str) -> str:
    """A proportion and its interval on a scale just wide enough to see it."""
    width, height, spread = 480, 64, max(interval[1] - interval[0], 1e-4)
    low, high = max(0.0, interval[0] - 0.6 * spread), min(1.0, interval[1] + 0.6 * spread)
    scale = linear([100 * low, 100 * high], "", count=5)

    def at(v: float) -> float:
        return scale.place(100 * v, 14, width - 14)

    parts = [f'<line class="grid" x1="14" x2="{width - 14}" y1="24" y2="24"/>']
    for tick, words in scale.ticks:
        here = scale.place(tick, 14, width - 14)
        parts.append(f'<line class="grid" x1="{here:.1f}" x2="{here:.1f}" y1="24" y2="30"/>')
        parts.append(f'<text class="tick" x="{here:.1f}" y="46" text-anchor="middle">{escape(words)} %</text>')
    parts.append(
        f'<rect class="band" x="{at(interval[0]):.1f}" y="14" width="{at(interval[1]) - at(interval[0]):.1f}" '
        f'height="20" rx="10"/><circle class="test" cx="{at(value):.1f}" cy="24" r="7"/>'
    )
    return svg(width, height, parts, title)


def png(pixels: np.ndarray) -> str:
    """An array as a data address: uint8 (H, W), (H, W, 3) or (H, W, 4)."""
    out = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "PNG", optimize=True)
    return "data:image/png;base64," + b64encode(out.getvalue()).decode()


POSITIVE, NEGATIVE = (230, 112, 24), (52, 128, 210)


def signed(weights: np.ndarray, largest: float) -> np.ndarray:
    """Signed values (H, W) as orange above zero and blue below, clear at zero: uint8 (H, W, 4)."""
    weights = np.nan_to_num(weights)
    colour = np.where(weights[..., None] > 0, POSITIVE, NEGATIVE)
    strength = np.clip(np.abs(weights) / (largest or 1), 0, 1)[..., None] * 255
    return np.concatenate([colour, strength], -1).round().astype(np.uint8)
