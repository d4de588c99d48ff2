"""Which functions have the filters? One for each entry of the table, and `filter2d` for a kernel of yours.

The functions, their signatures and their help are made from `FILTERS` and from `edges`, whose options they take.
"""

import inspect
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from convolab.filters.edges import edges
from convolab.filters.kernels import takes_pair
from convolab.filters.separable import Filter
from convolab.filters.table import FILTERS, Entry

if TYPE_CHECKING:  # what is made below, for those that run nothing
    # An alias, for mypy 2.4 cannot keep `Callable[..., Any]` of names that come by way of this function.
    _FilterFunction: TypeAlias = Callable[..., Any]

    def __getattr__(name: str) -> _FilterFunction: ...


def filter2d(image, kernel, **options):
    """Return the cross-correlation of an image with a kernel of yours, Σ kernel[ky, kx] · image[y + ky, x + kx].

    Parameters
    ----------
    image : array (H, W) or (H, W, 3)
    kernel : array_like (kH, kW), str or path
        The weights, at most 511 × 511; or anything that names them: `1,2;3,4`, `[[1, 2], [3, 4]]`, `sobel-x`, or the
        path of a `.npy`, a `.csv` or a `.txt`.
    options
        Those of `convolab.edges`: mode, normalize, channels, dtype, out, engine, algorithm.

    Returns
    -------
    array (H - kH + 1, W - kW + 1)
        Or (H, W) for every mode but `valid`.

    Raises
    ------
    ArgumentError, DtypeError, InputError
        For a kernel that cannot be read, an image smaller than the kernel, and options that are not taken.

    Convention
    ----------
    Cross-correlation: the kernel is not flipped.

    Examples
    --------
    >>> import convolab as cl
    >>> cl.filter2d([[1.0, 2.0, 4.0]], [[-1.0, 1.0]])
    array([[1., 2.]])
    """
    return edges(image, kernel, **options)


def function_name(filter: str) -> str:
    """Return the name of a filter's function: `laplacian-of-gaussian` is `cl.laplacian_of_gaussian`."""
    return filter.replace("-", "_")


def function_names() -> list[str]:
    """Return the names of all functions that are made from the table."""
    return [function_name(filter) for filter in FILTERS]


def _function_of(filter: str, entry: Entry) -> Callable:
    """Return the public function of a filter, with a signature and a help of its own."""

    def call(image, **options):
        return edges(image, filter, **options)

    call.__name__ = call.__qualname__ = function_name(filter)
    call.__doc__ = _help_of(filter, entry)
    options = inspect.signature(edges).parameters
    shared = [p for p in options.values() if p.kind is p.KEYWORD_ONLY]
    call.__signature__ = inspect.Signature([options["image"], *entry.taken.values(), *shared])  # type: ignore[attr-defined]
    return call


def _help_of(filter: str, entry: Entry) -> str:
    """Return the help of a filter's function: what it returns, its kernel, every parameter and its source."""
    made = Filter(filter, entry.make())
    own = {f"{name} : {_kind(p)}": entry.parameters.get(name, "") for name, p in entry.taken.items()}
    shared = {item: text for item, text in _items(inspect.getdoc(edges) or "") if item.split(" :")[0] not in _OWN}
    sections = [
        _section("Parameters", _IMAGE | own | shared),
        _section("Returns", {"array": _RETURNS.format(*_lost(made, entry))}),
        _section("Raises", {"ArgumentError, DtypeError": _RAISES}),
        _section("Source", {textwrap.fill(entry.source + ".", WIDTH): ""}),
    ]
    if entry.example:
        sections.append(_section("Examples", {">>> import convolab as cl, numpy as np\n" + entry.example: ""}))
    summary = entry.summary[0].upper() + entry.summary[1:] + (", here drawn for the defaults." if own else ".")
    head = "\n".join([_returned(made), "", textwrap.fill(summary, WIDTH), "", *drawn(made)])
    return "\n\n".join([head, *sections]) + "\n"


WIDTH = 112  # characters of a line of help
_OWN = ("image", "filter", "parameters")
_IMAGE = {
    "image : array (H, W) or (H, W, 3)": "Real numbers of any type. Tensors give tensors, Dask arrays give Dask arrays."
}
_RETURNS = (
    "(H - {}, W - {}), or (H, W) for every mode but `valid`, with the channels behind where each is filtered alone; a "
    "named tuple of such arrays where `show` is a tuple."
)
_RAISES = "For an image smaller than the kernel, pixels that are no real numbers, and options that are not taken."


def _lost(made: Filter, entry: Entry) -> tuple:
    """Return by how much the output is smaller than the image: a number where the kernel has one size."""
    return ("kH + 1", "kW + 1") if entry.taken else tuple(size - 1 for size in made.shape)


def _returned(made: Filter) -> str:
    if made.is_gradient:
        return f"Return the magnitude √(x² + y²) of an image's {made.name.capitalize()} gradient."
    return f"Return an image filtered with the {made.name} kernel."


def _kind(parameter: inspect.Parameter) -> str:
    number = get_args(parameter.annotation)[0] if takes_pair(parameter) else parameter.annotation
    kind = getattr(number, "__name__", "number") + " or (y, x)" * takes_pair(parameter)
    return f"{kind}, default {parameter.default}"


def drawn(filter: Filter) -> list[str]:
    """Return the kernels of a filter as lines of text, side by side, each number rounded to three decimals."""
    blocks = [_block(name, kernel.array) for name, kernel in filter.kernels]
    return ["    " + "     ".join(lines).rstrip() for lines in zip(*blocks, strict=True)]


def _block(name: str, array) -> list[str]:
    rows = [[_number(value) for value in row] for row in array.tolist()]
    wide = max(len(text) for row in rows for text in row)
    lines = ["  ".join(text.rjust(wide) for text in row) for row in rows]
    return [f"{name}[ky, kx] =".ljust(len(lines[0])), *(line.ljust(len(name) + 11) for line in lines)]


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace("-", "−")


def _section(title: str, items: dict[str, str]) -> str:
    """Return a section of a docstring: each item, and its text indented below."""
    indented = [item + "".join(f"\n    {line}" for line in textwrap.wrap(text, WIDTH)) for item, text in items.items()]
    return "\n".join([title, "-" * len(title), *indented])


def _items(doc: str) -> list[tuple[str, str]]:
    """Return the items of the Parameters section of a docstring, each with its text."""
    _, _, section = doc.partition("Parameters\n----------\n")
    items: list[tuple[str, str]] = []
    for line in section.partition("\n\n")[0].splitlines():
        if line.startswith(" "):
            items[-1] = items[-1][0], f"{items[-1][1]} {line.strip()}".strip()
        else:
            items.append((line, ""))
    return items


globals().update({function_name(filter): _function_of(filter, entry) for filter, entry in FILTERS.items()})
