"""What does each class of a shape look like? One table for SVG and for matplotlib; colours are names of the palette."""

from dataclasses import dataclass, fields, replace

from convolab.palette import styled


@dataclass(frozen=True)
class Look:
    """A look, or a part of one: what is None is said by another class, or left as it is.

    Attributes
    ----------
    fill, stroke : str
        Names of `convolab.palette.COLOURS`, or none.
    width : float
        Of a stroke, in pixels.
    opacity : float
        Of the fill, fraction 0–1.
    dashes : tuple of float
    size : float
        Of letters, in pixels.
    bold, mono, centred : bool
        centred: the text's middle stands at its y, not its baseline.
    anchor : {"start", "middle", "end"}
    """

    fill: str | None = None
    stroke: str | None = None
    width: float | None = None
    opacity: float | None = None
    dashes: tuple[float, ...] | None = None
    size: float | None = None
    bold: bool | None = None
    mono: bool | None = None
    anchor: str | None = None
    centred: bool | None = None


TEXT = Look(fill="ink", size=14)
LOOKS = {
    "small": Look(size=12),
    "title": Look(size=15, bold=True),
    "mono": Look(mono=True),
    "middle": Look(anchor="middle"),
    "end": Look(anchor="end"),
    "centred": Look(anchor="middle", centred=True),
    "muted": Look(fill="muted"),
    "paper": Look(fill="paper"),
    "cell": Look(stroke="line", width=1),
    "empty": Look(fill="empty"),
    "positive": Look(fill="positive"),
    "negative": Look(fill="negative"),
    "grid": Look(fill="none", stroke="grid", width=1),
    "axis": Look(fill="none", stroke="axis", width=1),
    "edge": Look(fill="none", stroke="line", width=1.3),
    "lit": Look(fill="none", stroke="lit", width=2.6),
    "accent": Look(fill="accent", bold=True),
    "weight": Look(fill="accent", size=12, bold=True, anchor="end"),
    "window": Look(fill="window", opacity=0.12, stroke="lit", width=2.5),
    "target": Look(fill="none", stroke="lit", width=3),
    "mark": Look(fill="none", stroke="lit", width=2.5),
    "line": Look(fill="none", width=2),
    "dashed": Look(dashes=(5, 4)),
    "bar": Look(fill="blue"),
    "a": Look(stroke="blue"),
    "b": Look(stroke="red"),
    "c": Look(stroke="green"),
    "d": Look(stroke="violet"),
}


def look_of(classes: str, *, text: bool = False) -> Look:
    """Return what several classes look like together; of two that say the same, the later in the table wins.

    >>> look_of("middle small muted", text=True).size
    12
    """
    look, asked = TEXT if text else Look(), classes.split()
    for name, part in LOOKS.items():
        if name in asked:
            look = replace(look, **{f.name: v for f in fields(part) if (v := getattr(part, f.name)) is not None})
    return look


def style_sheet() -> str:
    """Return the table as CSS, with the colours of light pages and of dark ones."""
    rules = {"text": TEXT, **{f".{name}": look for name, look in LOOKS.items()}}
    light = "".join(f"{name} {{ {_css(look)} }}\n" for name, look in rules.items())
    dark = "".join(f"  {name} {{ {css} }}\n" for name, look in rules.items() if (css := _colours(look)))
    return styled(f"\n{light}", dark)


def _css(look: Look) -> str:
    parts = [_colours(look)]
    parts += [f"stroke-width: {look.width:g};"] if look.width is not None else []
    parts += [f"fill-opacity: {look.opacity:g};"] if look.opacity is not None else []
    parts += [f"stroke-dasharray: {' '.join(map(str, look.dashes))};"] if look.dashes else []
    parts += ["font-family: ui-sans-serif, system-ui, sans-serif;"] if look is TEXT else []
    parts += ["font-family: ui-monospace, Menlo, Consolas, monospace;"] if look.mono else []
    parts += [f"font-size: {look.size:g}px;"] if look.size is not None else []
    parts += ["font-weight: 600;"] if look.bold else []
    parts += [f"text-anchor: {look.anchor};"] if look.anchor else []
    parts += ["dominant-baseline: central;"] if look.centred else []
    return " ".join(filter(None, parts))


def _colours(look: Look) -> str:
    said = (("fill", look.fill), ("stroke", look.stroke))
    return " ".join(f"{what}: {'none' if name == 'none' else f'${name}'};" for what, name in said if name)
