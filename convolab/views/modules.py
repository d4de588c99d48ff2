"""Which script and which style does a widget have? Hand-written files in `web/`, joined when they are loaded.

A widget is one ES module. What several widgets share stands in files of its own, which they import; the tables that
Python knows better, of the states, the kernels and the colours, come from Python. All is joined to one text, so that
nothing is fetched.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from convolab.palette import variables
from convolab.views.states import table

WEB = Path(__file__).parent / "web"
_NO_END = "<\\/"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def text(name: str) -> str:
    """Return a file of `web/`."""
    return (WEB / name).read_text(encoding="utf-8")


@cache
def script(widget: str) -> str:
    """Return a widget's module, with everything that it imports."""
    joined = [_EXPORT.sub("", _IMPORT.sub("", text(f"{name}.js"))) for name in imported(widget)]
    return "\n".join([constant("SCHEMA", table()), constant("KERNELS", kernels()), *joined])


def imported(name: str) -> list[str]:
    """Return the names of a file of `web/` and of all that it imports, each after those that it needs."""
    found: list[str] = []
    for other in _IMPORT.findall(text(f"{name}.js")):
        found += [needed for needed in imported(other) if needed not in found]
    return [*found, name]


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
