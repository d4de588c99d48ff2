"""How a geometry, and the smallest input that fails, are written in a verdict."""

from typing import Any

from convolab.geometry import Geometry
from convolab.verify.targets import DEFAULTS, option_values


def show_geometry(geometry: Geometry, plane: bool = False) -> str:
    """Return a geometry in words: `image 5×8, kernel 3×2, stride 2`."""
    sizes = f"image {'×'.join(map(str, geometry.input))}, kernel {'×'.join(map(str, geometry.kernel))}"
    if plane:
        return sizes
    g = geometry
    sizes += f", batch {g.batch}, channels {g.in_channels} → {g.out_channels}"
    options = {k: "×".join(map(str, v)) if isinstance(v, list) else v for k, v in option_values(g).items()}
    return sizes + "".join(f", {k} {v}" for k, v in options.items() if v != DEFAULTS[k])


def smallest_lines(smallest: dict[str, Any] | None) -> list[str]:
    """Return lines that show the smallest failing input, and the sum that the function gets wrong."""
    if not smallest:
        return []
    given = {k: v for k, v in smallest.items() if k not in ("expected", "got", "sum", "element", "raised", "call")}
    lines = ["", "  The smallest input that shows it:"]
    width = max(len(k) for k in [*given, "expected"])
    lines += [f"    {k:<{width}} = {_tidy(v)}" for k, v in given.items()]
    lines += [f"    {'call':<{width}}   {smallest['call']}"] if smallest.get("call") else []
    lines += [f"    {'expected':<{width}} = {_tidy(smallest['expected'])}"]
    lines += [f"    {'got':<{width}} = {smallest.get('raised') if smallest['got'] is None else _tidy(smallest['got'])}"]
    if smallest.get("sum"):
        element = "[" + ", ".join(map(str, smallest["element"])) + "]"
        lines += [f"    By hand, element {element}: {smallest['sum']}"]
    return lines


def _tidy(value: Any) -> Any:
    """Return nested lists of numbers with whole ones as integers."""
    if isinstance(value, list):
        return [_tidy(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def explanation_lines(explanation: str, convention: str | None, *, named: bool) -> list[str]:
    """What the function computes: as a sentence where the mistake has no name, and whose convention that is."""
    lines = [f"What it computes instead: {explanation}"] if explanation and not named else []
    return lines + ([f"That is exactly what {convention} computes."] if convention else [])
