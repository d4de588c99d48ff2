"""Which script and which style does a widget have? Hand-written files in `web/`, joined when they are loaded.

A widget is one ES module. What the widgets share stands in files of its own, and so do the tables that Python knows
better: the states, the kernels and the colours. They are joined to one text, so that nothing is fetched.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from convolab.palette import variables
from convolab.views.states import table

WEB = Path(__file__).parent / "web"
SHARED = ("relation.js", "shared.js", "arrays.js", "convolving.js")
_NO_END = "<\\/"
_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./\w+\.js\";\n", re.MULTILINE)


def text(name: str) -> str:
    """Return a file of `web/`."""
    return (WEB / name).read_text(encoding="utf-8")


@cache
def script(widget: str) -> str:
    """Return a widget's module, with everything that it imports."""
    shared = [re.sub(r"^export (?!default)", "", _IMPORT.sub("", text(name)), flags=re.MULTILINE) for name in SHARED]
    own = re.sub(r"^export (?!default)", "", _IMPORT.sub("", text(f"{widget}.js")), flags=re.MULTILINE)
    return "\n".join([constant("SCHEMA", table()), constant("KERNELS", kernels()), *shared, own])


@cache
def style() -> str:
    """Return the style sheet of every widget, with its colours on light and dark pages and on paper."""
    light, dark = (f"color-scheme: {name}; {variables(dark=name == 'dark')}" for name in ("light", "dark"))
    theme = '.cvl[data-theme="dark"]'
    return f".cvl {{ {light} }}\n{theme} {{ {dark} }}\n@media print {{ {theme} {{ {light} }} }}\n{text('shared.css')}"


def constant(name: str, value: Any) -> str:
    """Return a constant of a script; no text in it can end the script's element in a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"const {name} = {text.replace('</', _NO_END)};"


@cache
def kernels() -> dict[str, list[list[float | int]]]:
    """Return every single kernel of the table of filters, rows of numbers by name; whole numbers as such."""
    from convolab.filters.kernels import kernel_names, read_kernel

    return {name: [[plain(v) for v in row] for row in read_kernel(name).tolist()] for name in kernel_names()}


def plain(value: float) -> float | int:
    """Return a whole number as an int."""
    return int(value) if value.is_integer() else value
