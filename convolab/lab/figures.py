"""How does an array become a picture in the page? As a PNG, or a line as SVG, in an address that holds it whole."""

import io
from base64 import b64encode
from functools import cache

import numpy as np

from convolab.views.svg import document, line, path, text


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
    width, height, left, top = 420, 200, 70, 46
    numbers = np.array(values, float)
    logarithmic = numbers.min() > 0 and numbers.max() > 1000 * numbers.min()
    shown = np.log10(numbers) if logarithmic else numbers
    low, high = float(shown.min()), float(shown.max())
    place = left + (width - left - 20) * np.arange(len(shown)) / max(1, len(shown) - 1)
    level = top + (height - top - 40) * (high - shown) / max(high - low, 1e-300)
    ends = [f"{numbers.max():.3g}", f"{numbers.min():.3g}"]
    body = [text(14, 26, title, "title"), line(left, height - 40, width - 20, height - 40, "axis")]
    body += [text(left - 8, y + 5, label, "small end muted") for y, label in zip((top, height - 40), ends, strict=True)]
    body += [path(list(zip(place.tolist(), level.tolist(), strict=True)), "line a")]
    body += [text(width / 2, height - 12, below, "small middle muted")]
    drawing = document(width, height, f"{title}: from {ends[1]} to {ends[0]}", body)
    return {"title": title, "image": f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"}


@cache
def photograph() -> np.ndarray:
    """Return the photograph of the exercise, 286 × 230, as fractions 0–1."""
    from convolab.pictures.images import read

    return np.asarray(read("sample:photograph").pixels) / 255
