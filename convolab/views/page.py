"""How does a widget open without anything beside it? As one file, which a browser opens from where it lies."""

from base64 import b64encode
from dataclasses import dataclass
from importlib import import_module
from string import Template
from typing import Any

from convolab.errors import ArgumentError, UsageError, unknown
from convolab.geometry import Geometry
from convolab.geometry.arguments import per_axis
from convolab.palette import variables
from convolab.views.computed import geometry_of
from convolab.views.modules import constant, plain, script, style, text
from convolab.views.states import State, from_address, rest


@dataclass(frozen=True)
class Widget:
    """What a widget is called and what is said of it.

    Attributes
    ----------
    title, intro : str
        What stands at the top of a page of its own.
    line : str
        For a help text.
    traits : str
        The function that gives what it has besides its state, as module:name.
    """

    title: str
    intro: str
    line: str
    traits: str = ""

    def more(self) -> dict[str, Any]:
        """Return what the widget has besides its state."""
        module, _, name = self.traits.partition(":")
        return getattr(import_module(module), name)() if name else {}


# To add a widget: a line here, its state in `SCHEMA` of states.py, and its module in web/.
WIDGETS = {
    "explorer": Widget(
        "Convolution explorer",
        "Point at an output to see what it reads, at an input to see where it goes, at a weight to see all that it "
        "meets. Arrow keys move; type a number to change it.",
        "what meets what, with the numbers",
    ),
    "gradient": Widget(
        "Gradient explorer",
        "Point at an input to see which outputs it reached, and what they send back; at a weight to see its share of "
        "every output. The finite difference beside it says whether it is right.",
        "the same taps read backwards, and the finite difference",
    ),
    "reads": Widget(
        "Read map",
        "What does a function read, and what should it read? Point at an output: each place that it reads is marked, "
        "with the weight that it is read with.",
        "what a function reads, over the window that it should read",
    ),
    "ascent": Widget(
        "Gradient ascent",
        "Which image does a convolution answer to most? A random image climbs along the gradient; the exact optimum "
        "stands beside it. Play the climb, and change what it must obey.",
        "the image that a kernel answers to most, and the climb to it",
    ),
    "filters": Widget(
        "Filters on a picture",
        "Every filter of the table, or a kernel of your own, on a picture or on the camera. Point into the picture to "
        "see one window with its sum.",
        "kernels on a picture, or on the camera",
        "convolab.views.photograph:traits",
    ),
}


def one_page(widget: str, state: State | None = None, **traits: Any) -> str:
    """Return a page that shows a widget in a state, as one HTML file that needs no other and no network.

    `traits` are what a notebook's widget has besides its state.
    """
    if widget not in WIDGETS:
        raise UsageError(f"page: {unknown(widget, WIDGETS)} Expected one of {', '.join(WIDGETS)}")
    module = script(widget).replace("export default {", "const widget = {")
    constants = (
        constant("NAME", widget),
        constant("STATE", rest(widget) | (state or {})),
        constant("TRAITS", _plain(WIDGETS[widget].more() | traits)),
    )
    return Template(text("page.html")).substitute(
        title=WIDGETS[widget].title,
        intro=WIDGETS[widget].intro,
        style=f"{_around()}{style()}",
        script="\n".join([module, *constants, text("host.js")]),
        version=import_module("convolab").__version__,
    )


def _plain(traits: dict[str, Any]) -> dict[str, Any]:
    """Return traits as JSON knows them, bytes in base64."""
    return {
        name: {"base64": b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in traits.items()
    }


def state_from(widget: str, address: str, asked: dict[str, Any]) -> State:
    """Return the state of an address, with what was asked for besides.

    Raises
    ------
    UsageError
        For what the widget has not.
    ArgumentError
        For sizes that do not fit each other.
    """
    state = from_address(widget, address)
    for name, value in asked.items():
        if value is not None:
            state |= _changed(widget, state, name, value)
    if "x" in state and "w" in state:
        _check_padding(geometry_of(state))
    return state


def _check_padding(geometry: Geometry) -> None:
    """Refuse more padding than the page's own steppers reach: further windows would see padding alone."""
    for axis in geometry.axes:
        most, asked = max(axis.span - 1, 1), max(axis.before, axis.after)
        if asked > most:
            raise ArgumentError(
                f"page: padding {asked} is more than a window reaches: some would see padding alone. Expected at most "
                f"{most}."
            )


def _changed(widget: str, state: State, option: str, value: Any) -> State:
    """Return what an option of the command changes in a state."""
    key = {"kernel": "w", "padding_mode": "mode"}.get(option, option)
    key = "x" if key == "size" and "x" in state else key
    if key not in state:
        raise UsageError(f"--{option.replace('_', '-')}: the page {widget} has none")
    if option == "kernel":
        return {"w": [_plane(value)]} | ({"filter": "own"} if "filter" in state else {})
    if key == "x":
        return {"x": [_resized(plane, per_axis("page", "size", value, 2, minimum=1)) for plane in state["x"]]}
    if option == "padding":
        rows, columns = per_axis("page", option, value, 2, minimum=0)
        return {"padding": [rows, rows, columns, columns]}
    return {key: value if option == "padding_mode" else list(per_axis("page", option, value, 2, minimum=1))}


def _plane(kernel: str) -> list[list[float | int]]:
    from convolab.filters.kernels import read_kernel

    weights = read_kernel(kernel)
    if weights.ndim != 2:
        raise UsageError(f"--kernel: a page takes one kernel (kH, kW), got shape {weights.shape}")
    return [[plain(v) for v in row] for row in weights.tolist()]


def _resized(plane: list[list[Any]], size: tuple[int, ...]) -> list[list[Any]]:
    """Return a plane cut, or continued with zeros, to another size."""
    rows, columns = size
    cut = [[*row[:columns], *[0] * (columns - len(row))] for row in plane[:rows]]
    return cut + [[0] * columns for _ in range(rows - len(cut))]


def _around() -> str:
    """Return the style of what lies around a widget: the page itself, light or dark as the reader has it."""
    light, dark = variables(), variables(dark=True)
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n@media print {{ :root {{ {light} }} }}\n"
        f"{text('page.css')}"
    )


def described(widget: str, page: str, **more: Any) -> dict[str, Any]:
    """Return what the command says of a page."""
    return {"widget": widget, "bytes": len(page.encode()), **more}
