"""Which colours do our drawings have? One table for light and dark pages, and for the verdicts of a page of results.

A style sheet is written with the names, `fill: $ink`, and `styled` puts the colours in.
"""

from string import Template

# name: (on a light page, on a dark page)
COLOURS = {
    "ink": ("#1f2430", "#e8eaf0"),
    "muted": ("#5b6272", "#a4abbb"),
    "paper": ("#ffffff", "#12151c"),
    "line": ("#b9bec9", "#4a5060"),
    "empty": ("#f2f3f6", "#1e222b"),
    "positive": ("#2f6fd0", "#3d82f0"),
    "negative": ("#d0393d", "#ef4a4f"),
    "grid": ("#e1e4ea", "#2a2f3a"),
    "axis": ("#8a91a0", "#747c8d"),
    "accent": ("#a83f00", "#ffc08a"),
    "lit": ("#e06c00", "#e06c00"),
    "window": ("#ffb45c", "#ffb45c"),
    "blue": ("#2f6fd0", "#6ea5ff"),
    "red": ("#d0393d", "#ff7a7d"),
    "green": ("#2b8a57", "#5cc48d"),
    "violet": ("#8b5fc7", "#b797ea"),
    "panel": ("#f6f7f9", "#191d26"),
    "edge": ("#7a8292", "#7f8798"),
    # The corners of a kernel; every weight in between has a mixture of the four, so that a turned kernel shows.
    "northwest": ("#1d6fe0", "#5b9dff"),
    "northeast": ("#a33bd6", "#d183ff"),
    "southwest": ("#00997a", "#2fd0a8"),
    "southeast": ("#e06c00", "#ff9d3c"),
}

# What a verdict is written in, on either page.
VERDICTS = {"passed": "#1a7f4b", "failed": "#c0392b", "error": "#a86400", "timeout": "#6b5ca5"}


def styled(light: str, dark: str = "") -> str:
    """Return a style sheet with its colours, and the rules that a dark page has instead."""
    sheet = Template(light).substitute({name: pair[0] for name, pair in COLOURS.items()})
    if not dark:
        return sheet
    rules = Template(dark).substitute({name: pair[1] for name, pair in COLOURS.items()})
    return f"{sheet}@media (prefers-color-scheme: dark) {{\n{rules}}}\n"


def variables(*, dark: bool = False) -> str:
    """Return the colours of light pages, or of dark ones, as CSS variables: `--ink: #1f2430;` and so on."""
    return " ".join(f"--{name}: {pair[dark]};" for name, pair in COLOURS.items())


def rgb(name: str) -> tuple[int, int, int]:
    """Return a colour of light pages as red, green and blue, 0 to 255."""
    red, green, blue = bytes.fromhex(COLOURS[name][0].removeprefix("#"))
    return red, green, blue
