"""How does a widget live in a notebook? As an anywidget: the same module as on a page, its state in traits.

anywidget is imported when the first widget is made.
"""

import weakref
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from convolab.errors import ArgumentError, InputError, MissingDependencyError, unknown
from convolab.files import write_whole
from convolab.views.computed import arrays_of, output_of
from convolab.views.modules import script, style
from convolab.views.page import WIDGETS, one_page
from convolab.views.states import State, rest, value_of


@cache
def widget_class(name: str) -> Any:
    """Return the anywidget class of a widget."""
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise MissingDependencyError("anywidget", "lab", "a widget in a notebook") from error

    class Live(anywidget.AnyWidget):  # type: ignore[misc]
        """A widget of convolab. `state` is what it shows, and `save` writes it as a page of its own."""

        _esm = script(name)
        _css = style()
        state = traitlets.Dict().tag(sync=True)
        theirs = traitlets.Dict(None, allow_none=True).tag(sync=True)
        picture = traitlets.Bytes().tag(sync=True)
        reference = traitlets.Bytes().tag(sync=True)

        def save(self, path: str | Path) -> Path:
            """Write the widget as one page in the state that it has now, and return the page's path."""
            traits = {trait: getattr(self, trait) for trait in ("picture", "reference") if getattr(self, trait)}
            return write_whole(Path(path), one_page(name, self.state, **traits))

    Live.__name__ = Live.__qualname__ = name.capitalize()
    return Live


def widget(name: str, /, *, picture: bytes | str | Path | None = None, **fields: Any) -> Any:
    """Show a widget in a notebook: the explorer, the gradient explorer, the ascent, or the filters on a picture.

    Parameters
    ----------
    name : {"explorer", "gradient", "ascent", "filters"}
    picture : path or bytes, optional
        For the filters: a PNG, a JPEG or a WebP instead of the photograph that they begin with.
    fields
        Of the state, those that are to differ from the state of rest: `constraint="box"`, `size=7`, `w="laplacian"`.
        A page's address holds the same names.

    Returns
    -------
    Widget
        A notebook shows it where it stands last in a cell. `state` is what it shows now, and `save("page.html")` writes
        it as a page that opens without Python.

    Raises
    ------
    ArgumentError
        For a widget or a field that is unknown, and a value that a field cannot have.
    MissingDependencyError
        Where anywidget is not installed.
    """
    if name not in WIDGETS:
        raise ArgumentError(f"widget: {unknown(name, WIDGETS)} Expected one of {', '.join(WIDGETS)}.")
    state = rest(name) | {field: value_of(name, field, value) for field, value in fields.items()}
    traits = WIDGETS[name].more()
    if picture is not None:
        if "picture" not in traits:
            raise ArgumentError(f"picture: the widget {name} shows none. Expected it of the filters alone.")
        traits = {"picture": picture if isinstance(picture, bytes) else _read(Path(picture)), "reference": b""}
    return widget_class(name)(state=state, **traits)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"picture: {path} cannot be read ({error.strerror or error})") from error


@cache
def _explorer_class() -> Any:
    class Explorer(widget_class("explorer")):  # type: ignore[misc]
        """The convolution explorer. `input`, `weight` and `output` are the numbers that it shows now."""

        @property
        def input(self) -> np.ndarray:
            """The input, (C_in, H, W)."""
            return arrays_of(self.state)[0]

        @property
        def weight(self) -> np.ndarray:
            """The weight, (C_out, C_in / groups, kH, kW)."""
            return arrays_of(self.state)[1]

        @property
        def output(self) -> np.ndarray:
            """The output, (C_out, H, W), by the definition."""
            return output_of(self.state)

    return Explorer


def explorer(state: State, function: Callable[..., Any] | None = None) -> Any:
    """Return the explorer in a state, with somebody's function beside it, called whenever the state changes."""
    widget = _explorer_class()(state=state)
    if function is not None:
        from convolab.views.theirs import Theirs

        own = Theirs(function)
        weakref.finalize(widget, own.close)

        def told(change: dict[str, Any]) -> None:
            if _numbers(change["new"]) != _numbers(change["old"]):
                widget.theirs = own.told(change["new"], output_of(change["new"]))

        told({"new": state, "old": {}})
        widget.observe(told, names="state")
    return widget


def _numbers(state: State) -> State:
    """Return what a function's result depends on: all of a state but what is selected, and how it is looked at."""
    return {name: value for name, value in state.items() if name not in ("at", "base", "apart", "part")}
