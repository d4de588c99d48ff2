"""How does a widget live in a notebook? As an anywidget: the same module as on a page, its state in traits.

anywidget is imported when the first widget is made.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from convolab.errors import MissingDependencyError
from convolab.files import write_whole
from convolab.views.computed import arrays_of, output_of
from convolab.views.modules import script, style
from convolab.views.page import WIDGETS, one_page
from convolab.views.states import State, rest
from convolab.views.theirs import theirs


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
            return write_whole(Path(path), one_page(name, self.state))

    Live.__name__ = Live.__qualname__ = name.capitalize()
    return Live


def live(name: str, state: State | None = None) -> Any:
    """Return a widget in a state, for a notebook."""
    return widget_class(name)(state=rest(name) | (state or {}), **WIDGETS[name].more())


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

        def told(_: Any = None) -> None:
            widget.theirs = theirs(function, widget.state, output_of(widget.state))

        told()
        widget.observe(told, names="state")
    return widget
