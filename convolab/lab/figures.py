"""How does an array become a picture in the page? As a PNG, or a line as SVG, in an address that holds it whole."""

import io
import re
from base64 import b64encode
from functools import cache
from xml.sax.saxutils import escape

import numpy as np

from convolab.palette import styled

_LIGHT = """\
text { font: 14px ui-sans-serif, system-ui, sans-serif; fill: $ink; }
.small { font-size: 12px; }
.muted { fill: $muted; }
.paper { fill: $paper; }
.axis { stroke: $axis; }
.line { stroke: $blue; stroke-width: 2; fill: none; }
"""
_DARK = """\
text { fill: $ink; }
.muted { fill: $muted; }
.paper { fill: $paper; }
.axis { stroke: $axis; }
.line { stroke: $blue; }
"""


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def written(text: str) -> str:
    """Return a text with its numbers as one writes them: −3.1·10⁻⁵ for -3.1e-05."""
    power = lambda found: "·10" + str(int(found[1])).translate(_RAISED)  # noqa: E731
    return re.sub(r"(?<=\d)e([+-]\d+)", power, text).replace("-", "−")


def grey(title: str, values: np.ndarray, low: float | None = None, high: float | None = None) -> dict[str, str]:
    """Return a grey picture of an array, black for the lowest value and white for the highest."""
    from PIL import Image

    low = float(values.min()) if low is None else low
    high = float(values.max()) if high is None else high
    scaled = np.clip((values - low) / max(high - low, 1e-300), 0, 1)
    stream = io.BytesIO()
    Image.fromarray(np.round(255 * scaled).astype(np.uint8)).save(stream, "PNG")
    return {"title": title, "image": f"data:image/png;base64,{b64encode(stream.getvalue()).decode()}"}


def curve(title: str, values: list[float], below: str) -> dict[str, str]:
    """Return a line of values, on a logarithmic axis where they grow a thousandfold."""
    width, height, left, top = 420, 200, 84, 20
    numbers = np.array(values, float)
    logarithmic = numbers.min() > 0 and numbers.max() > 1000 * numbers.min()
    shown = np.log10(numbers) if logarithmic else numbers
    low, high = float(shown.min()), float(shown.max())
    place = left + (width - left - 20) * np.arange(len(shown)) / max(1, len(shown) - 1)
    level = top + (height - top - 40) * (high - shown) / max(high - low, 1e-300)
    ends = [written(f"{end:.3g}") for end in (numbers.max(), numbers.min())]
    base, points = height - 40, " L".join(f"{x:.2f},{y:.2f}" for x, y in zip(place, level, strict=True))
    label = escape(f"{title}: from {ends[1]} to {ends[0]}", {'"': "&quot;"})
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{label}"><style>{styled(_LIGHT, _DARK)}</style>'
        f'<rect width="{width}" height="{height}" rx="10" class="paper"/>'
        f'<line x1="{left}" y1="{base}" x2="{width - 20}" y2="{base}" class="axis"/><path class="line" d="M{points}"/>'
        f'<text x="{left - 8}" y="{top + 5}" class="small muted" text-anchor="end">{ends[0]}</text>'
        f'<text x="{left - 8}" y="{base + 5}" class="small muted" text-anchor="end">{ends[1]}</text>'
        f'<text x="{width // 2}" y="{height - 12}" class="small muted" text-anchor="middle">{escape(below)}</text>'
        "</svg>"
    )
    return {"title": title, "image": f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"}


@cache
def photograph() -> np.ndarray:
    """Return the photograph of the exercise, 286 × 230, as fractions 0–1."""
    from convolab.pictures.images import read

    return np.asarray(read("sample:photograph").pixels) / 255
