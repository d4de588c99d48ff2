"""How is a figure written as SVG? Shapes, text, colours for light and dark pages, and a file written whole."""

from pathlib import Path
from xml.sax.saxutils import escape

from convolab.errors import OutputError
from convolab.files import write_whole
from convolab.palette import styled

STYLE = styled(
    """
text { font: 14px ui-sans-serif, system-ui, sans-serif; fill: $ink; }
.small { font-size: 12px; }
.title { font-weight: 600; font-size: 15px; }
.mono { font-family: ui-monospace, Menlo, Consolas, monospace; }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.muted { fill: $muted; }
.paper { fill: $paper; }
.cell { stroke: $line; stroke-width: 1; }
.empty { fill: $empty; }
.positive { fill: $positive; }
.negative { fill: $negative; }
.grid { stroke: $grid; stroke-width: 1; fill: none; }
.axis { stroke: $axis; stroke-width: 1; fill: none; }
.edge { stroke: $line; stroke-width: 1.3; fill: none; }
.lit { stroke: $lit; stroke-width: 2.6; fill: none; }
.accent { fill: $accent; font-weight: 600; }
.mark { fill: none; stroke: $lit; stroke-width: 2.5; }
.line { fill: none; stroke-width: 2; }
.dashed { stroke-dasharray: 5 4; }
.a { stroke: $blue; } .b { stroke: $red; } .c { stroke: $green; } .d { stroke: $violet; }
.dot { stroke: none; }
""",
    """\
  text { fill: $ink; }
  .muted { fill: $muted; }
  .paper { fill: $paper; }
  .cell { stroke: $line; }
  .empty { fill: $empty; }
  .positive { fill: $positive; }
  .negative { fill: $negative; }
  .grid { stroke: $grid; }
  .axis { stroke: $axis; }
  .edge { stroke: $line; }
  .accent { fill: $accent; }
  .a { stroke: $blue; } .b { stroke: $red; } .c { stroke: $green; } .d { stroke: $violet; }
""",
)


def text(x: float, y: float, content: str, classes: str = "") -> str:
    kind = f' class="{classes}"' if classes else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}>{escape(content)}</text>'


def rect(x: float, y: float, width: float, height: float, classes: str, extra: str = "", title: str = "") -> str:
    hover = f"<title>{escape(title)}</title></rect>" if title else "</rect>"
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="{classes}" {extra}>{hover}'


def line(x1: float, y1: float, x2: float, y2: float, classes: str) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{classes}"/>'


def circle(x: float, y: float, radius: float, classes: str) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" class="{classes}"/>'


def path(points: list[tuple[float, float]], classes: str) -> str:
    return f'<path class="{classes}" d="M{" L".join(f"{x:.2f},{y:.2f}" for x, y in points)}"/>'


def document(width: float, height: float, label: str, body: list[str]) -> str:
    """Return the whole file; `label` says in words what the picture shows."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
            f'height="{height:g}" role="img" aria-label="{escape(label, {chr(34): "&quot;"})}">',
            f"<style>{STYLE}</style>",
            rect(0, 0, width, height, "paper", 'rx="10"'),
            *body,
            "</svg>\n",
        ]
    )


def signed(value: float, digits: int = 3) -> str:
    """Return a number with a minus sign that can be seen."""
    return f"{value:.{digits}g}".replace("-", "−")


def write_picture(content: str | bytes, path: Path, *, force: bool = False) -> None:
    """Write the file whole, and over an older one only when told so."""
    if path.exists() and not force:
        raise OutputError(f"--output: {path} exists. Give --force to overwrite it")
    write_whole(path, content)
