"""Which options do several commands have?

Each is written here once, with its help; its choices come from the table that they belong to.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from cyclopts import Parameter

from convolab.engine import ENGINES
from convolab.geometry import PADDING_MODES
from convolab.network.data.catalogue import DATASETS
from convolab.network.training.precision import DEVICES


def one_of(*names: str) -> Any:
    """The type of an option that takes one of these names."""
    return Literal[names]


def listed(names: Iterable[str], notes: Mapping[str, str] | None = None) -> str:
    """Names in a sentence, some with a note.

    >>> listed(["a", "b", "c"], {"b": "the default"})
    'a, b (the default), c'
    """
    known = notes or {}
    return ", ".join(f"{name} ({known[name]})" if name in known else name for name in names)


def _sizes(type_: Any, tokens: Any) -> tuple[int, ...]:
    """`5x7`, `5,7` or `5` as numbers."""
    text = ",".join(token.value for token in tokens).lower().replace("x", ",")
    return tuple(int(part) for part in text.split(","))


Json = Annotated[bool, Parameter(help="Print the result as one JSON object on one line.")]
Force = Annotated[bool, Parameter(help="Overwrite an output file that exists.")]

# Sizes, positions and steps along the axes: 6, 5x7 or 5,7.
Sizes = Annotated[tuple[int, ...], Parameter(converter=_sizes, n_tokens=1)]

# Of a convolution.
Stride = Annotated[Sizes, Parameter(help="Step of the window in pixels: one for all axes, or one for each.")]
Padding = Annotated[Sizes, Parameter(help="Pixels added on both sides: one for all axes, or one for each.")]
Dilation = Annotated[
    Sizes, Parameter(help="Step between kernel positions in pixels: one for all axes, or one for each.")
]
Groups = Annotated[int, Parameter(help="Channels are split into so many groups.")]
ImageSize = Annotated[Sizes, Parameter(help="Of the image in pixels.")]

# Of networks, and of what they are given.
RunName = Annotated[str, Parameter(help="A trained network: a run's folder, latest, pretrained, or a model file.")]
Runs = Annotated[Path, Parameter(help="Where latest looks for runs.")]
BUNDLED = {name: "bundled" for name, known in DATASETS.items() if known.files is None}
DatasetName = Annotated[
    str,
    Parameter(
        help=f"{listed(DATASETS, BUNDLED)}; a folder: four IDX files, or a sub-folder of images for each class; or a "
        ".npz, .csv or .parquet."
    ),
]
SHEETS = {"sheet": "the lab sheet's own"}  # of recipes and models
IMAGES = "Paths, http(s) addresses, or - for standard input."

if TYPE_CHECKING:  # a type checker takes no choices that are computed
    Engine: TypeAlias = str
    PaddingMode: TypeAlias = str
    Device: TypeAlias = str
else:
    Engine = Annotated[one_of("auto", *ENGINES), Parameter(help="What computes the convolutions.")]
    PaddingMode = Annotated[one_of(*PADDING_MODES), Parameter(help="What stands in the padding.")]
    Device = Annotated[one_of(*DEVICES), Parameter(help="Where to compute; auto takes a GPU if one is there.")]
