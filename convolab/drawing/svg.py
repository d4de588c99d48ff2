"""How is a drawing written as SVG? Its shapes as elements, with colours for light and dark pages."""

import io
from base64 import b64encode
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from convolab.drawing.looks import style_sheet
from convolab.drawing.shapes import Shape, rect

STYLE = style_sheet()


def written(width: float, height: float, label: str, shapes: Iterable[Shape]) -> str:
    """Return the whole file; the label says in words what it shows."""
    return "\n".join([*begun(width, height, label, STYLE), *map(element, shapes), "</svg>\n"])


def begun(width: float, height: float, label: str, style: str) -> list[str]:
    """Return the lines that a file begins with: its size, its words, its style and the paper."""
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{escape(label, {chr(34): "&quot;"})}">',
        f"<style>{style}</style>",
        element(rect(0, 0, width, height, "paper", rounded=10)),
    ]


def element(shape: Shape) -> str:
    """Return one shape as SVG."""
    return _WRITERS[shape.kind](shape)


def _text(shape: Shape) -> str:
    x, y = shape.at
    kind = f' class="{shape.classes}"' if shape.classes else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}>{escape(shape.content)}</text>'


def _rect(shape: Shape) -> str:
    x, y, width, height = shape.at
    more = f' fill-opacity="{shape.opacity:.3g}"' if shape.opacity is not None else ""
    more += f' rx="{shape.rounded:g}"' if shape.rounded else ""
    end = f"><title>{escape(shape.content)}</title></rect>" if shape.content else "/>"
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="{shape.classes}"{more}{end}'


def _line(shape: Shape) -> str:
    x1, y1, x2, y2 = shape.at
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{shape.classes}"/>'


def _circle(shape: Shape) -> str:
    x, y, radius = shape.at
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" class="{shape.classes}"/>'


def _path(shape: Shape) -> str:
    points = zip(shape.at[::2], shape.at[1::2], strict=True)
    return f'<path class="{shape.classes}" d="M{" L".join(f"{x:.2f},{y:.2f}" for x, y in points)}"/>'


def _image(shape: Shape) -> str:
    x, y, width, height = shape.at
    address = f"data:image/png;base64,{b64encode(png_of(shape.pixels)).decode()}"
    return (
        f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" preserveAspectRatio="none" '
        f'style="image-rendering: pixelated" href="{address}"><title>{escape(shape.content)}</title></image>'
    )


def png_of(pixels: Any) -> bytes:
    """Return bytes (H, W, 3) as a PNG."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


_WRITERS = {"image": _image, "text": _text, "rect": _rect, "line": _line, "circle": _circle, "path": _path}
