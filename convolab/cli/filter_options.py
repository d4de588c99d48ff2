"""The options of a command that come from the table of filters: a new filter needs no line here."""

from dataclasses import asdict, field, make_dataclass
from typing import Annotated, Any, get_args

from cyclopts import Parameter

from convolab.filters.kernels import kernel_names, takes_pair
from convolab.filters.table import FILTERS

_NUMBERS = "numbers: '-1,0,1;-2,0,2;-1,0,1' or '[[0, 1], [-1, 0]]'"

Filter = Annotated[
    str,
    Parameter(
        allow_leading_hyphen=True,
        help=f"{', '.join(FILTERS)}, canny; one part of a gradient, such as sobel-x; or a kernel of yours: {_NUMBERS}, "
        "a .npy, a .csv, a .txt.",
    ),
]

KERNEL_HELP = (
    f"{', '.join(kernel_names())}; {_NUMBERS}; a .csv or .txt; or a .npy with a kernel (kH, kW) or a weight "
    "(C_out, C_in / groups, kH, kW)."
)
Kernel = Annotated[str, Parameter(allow_leading_hyphen=True, help=KERNEL_HELP)]


def _options(others: dict[str, str]) -> list[tuple[str, Any, Any]]:
    """A field for each parameter of a filter, and for which filters it is; `others` takes some of them too."""
    fields: dict[str, tuple[str, Any, Any]] = {}
    for entry in FILTERS.values():
        for name, parameter in entry.taken.items():
            takers = [filter for filter, other in FILTERS.items() if name in other.taken]
            takers += [other for other, taken in others.items() if name == taken]
            text = f"{entry.parameters[name].removesuffix('.')}; for {', '.join(takers)}."
            number: Any = parameter.annotation | None
            option = Parameter(help=text)
            if takes_pair(parameter):
                option = Parameter(help=text.replace("(y, x)", "Y,X"), converter=_pair, n_tokens=1, metavar="NUMBER")
            fields.setdefault(name, (name, Annotated[number, option], field(default=None)))
    return list(fields.values())


def _pair(annotation, tokens) -> float | int | tuple[float | int, ...]:
    """Return one number, or two that a comma parts."""
    number = get_args(annotation)[0]
    given = tuple(number(text) for text in tokens[0].value.split(","))
    return given[0] if len(given) == 1 else given


# One option for each parameter that a filter of the table takes.
FilterParameters: Any = make_dataclass("FilterParameters", _options({"canny": "sigma"}), frozen=True)
FilterParameters.__module__ = __name__  # cyclopts takes a class of the module `types` for one of Python's own
NO_PARAMETERS = FilterParameters()


def given(parameters) -> dict[str, float]:
    """The parameters that were given on the command line."""
    return {name: value for name, value in asdict(parameters).items() if value is not None}
