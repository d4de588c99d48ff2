"""What is the state of a widget, and how does it stand in an address?

One table for both languages: Python reads it here, and `convolab.views.modules` hands it to the page's script. A state
is a dict with a value for each field; what differs from the state of rest stands behind the # of a page's address,
`stride=2&w=-1,0,1;-2,0,2;-1,0,1`. Rows are parted by `;` and planes by `|`.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote

import numpy as np

from convolab.errors import ArgumentError, UsageError, unknown
from convolab.geometry import OPERATIONS, PADDING_MODES

State = dict[str, Any]

SEVEN = [[0, 0, 0, 0, 0, 0, 0], [0, 9, 9, 9, 9, 9, 0], [0, 0, 0, 0, 8, 7, 0],
         [0, 0, 0, 7, 9, 0, 0], [0, 0, 2, 9, 4, 0, 0], [0, 0, 8, 7, 0, 0, 0]]  # fmt: skip
SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


@dataclass(frozen=True)
class Field:
    """One value of a state.

    Attributes
    ----------
    kind : str
        word, whole (number), number, wholes (as many as the default has; one stands for all), numbers, place (a word
        and whole numbers), planes (of numbers, each a list of rows).
    default
        At rest.
    choices : tuple
        All that it can be; empty where it is free.
    """

    kind: str
    default: Any
    choices: tuple[Any, ...] = ()


_CONVOLUTION = {
    "dims": Field("whole", 2, (1, 2)),
    "x": Field("planes", [SEVEN]),
    "w": Field("planes", [SOBEL_X]),
    "stride": Field("wholes", [1, 1]),
    "padding": Field("wholes", [0, 0, 0, 0]),  # above, below, left, right
    "dilation": Field("wholes", [1, 1]),
    "mode": Field("word", "zeros", tuple(PADDING_MODES)),
    "base": Field("whole", 1, (0, 1)),  # what positions are counted from
    "apart": Field("whole", 0, (0, 1)),  # whether each side has controls of its own
}

FLIPPED_SAID = (
    "The kernel is turned by 180 degrees. Every weight meets the pixel of the opposite weight: each axis of the kernel "
    "is used backwards."
)


def _taps(*, turned: bool) -> list[list[int]]:
    """Return what a correlation of 5 × 6 with 3 × 3 reads, or a true convolution: the read map's state of rest."""
    kernel = list(np.ndindex(3, 3))
    return [
        [4 * y + x, 6 * (y + k) + x + l, weight, 0, weight]
        for y, x in np.ndindex(3, 4)
        for n, (k, l) in enumerate(kernel)
        for weight in [9 - n if turned else n + 1]
    ]


SCHEMA: dict[str, dict[str, Field]] = {
    "explorer": {
        "op": Field("word", "correlation", ("correlation", "convolution", "transposed")),
        **_CONVOLUTION,
        "groups": Field("whole", 1),
        "extra": Field("wholes", [0, 0]),  # a transposed convolution's output padding
        "b": Field("numbers", []),  # a bias for each output channel, or none
        "type": Field("word", "float64", ("float64", "float32")),
        "at": Field("place", ["y", 0, 1, 2]),  # the selected element: array, plane, row, column, from 0
        "part": Field("word", ""),  # which part of a larger array is shown
    },
    "gradient": {
        **_CONVOLUTION,
        "dims": Field("whole", 1, (1, 2)),
        "x": Field("planes", [[[2, 1, 3, -1, 0, 2]]]),
        "w": Field("planes", [[[1, -2, 3]]]),
        "at": Field("place", ["x", 0, 0, 2]),
        "loss": Field("word", "squares", ("squares", "smooth", "sum")),
        "eps": Field("whole", 6, tuple(range(15))),  # ε is ten to the minus this
        "type": Field("word", "float32", ("float32", "float64")),  # what the finite difference is computed in
    },
    "ascent": {
        "w": Field("planes", [SOBEL_X]),
        "size": Field("wholes", [9, 9]),
        "constraint": Field("word", "sphere", ("none", "sphere", "box")),
        "rate": Field("number", 0.01),
        "steps": Field("whole", 100),
        "step": Field("whole", 100),  # the one that is shown
        "seed": Field("whole", 0),
        "start": Field("planes", []),  # the image to begin with; none for the seed's
    },
    "filters": {
        "filter": Field("word", "sobel"),  # of the table; own for the kernels in w
        "show": Field("word", "magnitude", ("magnitude", "x", "y", "direction")),
        "w": Field("planes", []),  # one kernel, or those for x and y
        "at": Field("wholes", [85, 73]),  # upper left of the window that is looked at, from 0
    },
    "reads": {
        "function": Field("word", "mine"),
        "operation": Field("word", "forward", tuple(OPERATIONS)),
        "said": Field("word", FLIPPED_SAID),  # the verdict in words
        "shape": Field("wholes", [1, 1, 5, 6]),  # of what is read, (N, C, H, W)
        "weights": Field("wholes", [1, 1, 3, 3]),
        "out": Field("wholes", [1, 1, 3, 4]),  # the larger of both below
        "got": Field("wholes", [1, 1, 3, 4]),
        "right": Field("wholes", [1, 1, 3, 4]),
        "actual": Field("planes", [_taps(turned=True)]),  # see reads.py for what a row holds
        "should": Field("planes", [[row[:3] for row in _taps(turned=False)]]),
        "at": Field("wholes", [0, 0, 1, 1]),  # the selected output, from 0
        "base": Field("whole", 1, (0, 1)),
    },
}


def rest(widget: str) -> State:
    """Return a widget's state of rest."""
    return {name: deepcopy(field.default) for name, field in SCHEMA[widget].items()}


def table() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the table as the page's script reads it."""
    return {widget: {name: asdict(field) for name, field in fields.items()} for widget, fields in SCHEMA.items()}


def value_of(widget: str, name: str, value: Any) -> Any:
    """Return a field's value from what a caller gives: a number for all of several, an array or a kernel for planes.

    Raises
    ------
    ArgumentError
        For a field that the widget has not, and a value that the field cannot have.
    """
    field = SCHEMA[widget].get(name)
    if field is None:
        raise ArgumentError(f"widget: {widget} has no {name!r}. Expected one of {', '.join(SCHEMA[widget])}.")
    if field.choices and value not in field.choices:
        raise ArgumentError(
            f"widget: {name}={unknown(value, field.choices)} Expected {', '.join(map(str, field.choices))}."
        )
    if field.kind == "wholes" and isinstance(value, int):
        return [value] * len(field.default)
    if field.kind != "planes":
        return list(value) if isinstance(value, tuple) else value
    array = _array(value)
    if array.ndim not in (2, 3):
        raise ArgumentError(f"widget: {name} has shape {array.shape}. Expected a plane (H, W), or planes (C, H, W).")
    return _planes(
        "|".join(";".join(",".join(map(str, row)) for row in p) for p in array.reshape(-1, *array.shape[-2:]))
    )


def _array(value: Any) -> np.ndarray:
    if isinstance(value, str):
        from convolab.filters.kernels import read_kernel

        return read_kernel(value, argument="widget")
    return np.asarray(value, np.float64)


def to_address(widget: str, state: State) -> str:
    """Return what of a state differs from the state of rest, as the text behind an address's #.

    >>> to_address("explorer", rest("explorer") | {"stride": [2, 2], "at": ["x", 0, 1, 1]})
    'stride=2&at=x,0,1,1'
    """
    parts = []
    for name, field in SCHEMA[widget].items():
        text = _written(field.kind, state.get(name, field.default))
        if text != _written(field.kind, field.default):
            parts.append(f"{name}={text.replace(' ', '+')}")
    return "&".join(parts)


def from_address(widget: str, text: str) -> State:
    """Return the state that an address, or what stands behind its #, asks for.

    Raises
    ------
    UsageError
        For a name or a value that the widget does not know.
    """
    state = rest(widget)
    for part in filter(None, unquote(text.rpartition("#")[2]).split("&")):
        name, _, value = part.partition("=")
        if name not in SCHEMA[widget]:
            raise UsageError(f"--state: {widget} has no {name!r}. Expected one of {', '.join(SCHEMA[widget])}")
        state[name] = _read(SCHEMA[widget][name], name, value.replace("+", " "))
    return state


def _read(field: Field, name: str, text: str) -> Any:
    try:
        value = _READERS[field.kind](text)
    except ValueError:
        raise UsageError(f"--state: {name}={text!r} cannot be read. Expected {_LIKE[field.kind]}") from None
    if field.kind == "wholes":
        value = value * len(field.default) if len(value) == 1 else value
        if len(value) != len(field.default):
            raise UsageError(f"--state: {name}={text!r} has {len(value)} numbers. Expected 1 or {len(field.default)}")
    if field.choices and value not in field.choices:
        raise UsageError(
            f"--state: {name}={unknown(text, field.choices)} Expected {', '.join(map(str, field.choices))}"
        )
    return value


def _number(text: str) -> float | int:
    """Return a whole number as an int, as JavaScript writes it."""
    value = float(text)
    if value != value or abs(value) == float("inf"):
        raise ValueError(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _planes(text: str) -> list[list[list[float | int]]]:
    planes = [[[_number(cell) for cell in row.split(",")] for row in plane.split(";")] for plane in text.split("|")]
    if len({(len(plane), len(row)) for plane in planes for row in plane}) > 1:
        raise ValueError(text)
    return planes


def _place(text: str) -> list[Any]:
    word, *numbers = text.split(",")
    return [word, *map(int, numbers)]


_READERS: dict[str, Callable[[str], Any]] = {
    "word": str,
    "whole": int,
    "number": _number,
    "wholes": lambda text: [int(part) for part in text.split(",")],
    "numbers": lambda text: [_number(part) for part in text.split(",")] if text else [],
    "place": _place,
    "planes": _planes,
}
_LIKE = {
    "word": "a word",
    "whole": "a whole number",
    "number": "a number",
    "wholes": "whole numbers: 1 or 1,2",
    "numbers": "numbers: 0.5,1",
    "place": "an array and a place: x,0,1,2",
    "planes": "rows of numbers, all of one length: 1,2;3,4, planes parted by |",
}


def _text(value: Any) -> str:
    """Return a number as JavaScript writes it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _written(kind: str, value: Any) -> str:
    if kind == "planes":
        return "|".join(";".join(",".join(map(_text, row)) for row in plane) for plane in value)
    if kind == "wholes" and len(set(value)) == 1:
        return _text(value[0])
    return ",".join(map(_text, value)) if isinstance(value, (list, tuple)) else _text(value)
