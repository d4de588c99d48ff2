"""convolab: a laboratory for one operator, convolution.

The public names are below, each with the module that defines it, and beside them one for each filter in the table of
`convolab.filters.table`. They are imported on first use, so that `import convolab` loads nothing heavy. Type checkers
and editors, which run nothing, read the same names from the imports under `TYPE_CHECKING`; a test compares the lists.
"""

import sys
from importlib import import_module
from importlib.machinery import PathFinder

if sys.argv[:1] == ["-m"]:  # `python -m convolab` loads this file before its program, which answers Ctrl-C in words
    import _signal

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

TYPE_CHECKING = False  # importing it from `typing` takes longer than everything else here
if TYPE_CHECKING:
    # isort: off
    from convolab.convolution import (
        conv1d as conv1d,
        conv1d_input as conv1d_input,
        conv1d_weight as conv1d_weight,
        conv2d as conv2d,
        conv2d_input as conv2d_input,
        conv2d_weight as conv2d_weight,
        conv3d as conv3d,
        conv3d_input as conv3d_input,
        conv3d_weight as conv3d_weight,
        conv_transpose1d as conv_transpose1d,
        conv_transpose2d as conv_transpose2d,
        conv_transpose3d as conv_transpose3d,
    )
    from convolab.definition import explain as explain
    from convolab.engine.repaid import set_compile as set_compile
    from convolab.filters.canny import canny as canny
    from convolab.filters.edges import edges as edges
    from convolab.filters.named import (
        box as box,
        emboss as emboss,
        farid as farid,
        filter2d as filter2d,
        gabor as gabor,
        gaussian as gaussian,
        laplacian as laplacian,
        laplacian_of_gaussian as laplacian_of_gaussian,
        prewitt as prewitt,
        roberts as roberts,
        scharr as scharr,
        sharpen as sharpen,
        sobel as sobel,
    )
    from convolab.filters.stream import stream_edges as stream_edges
    from convolab.geometry import Geometry as Geometry
    from convolab.gradient.ascent import maximize as maximize
    from convolab.gradient.check import gradcheck as gradcheck
    from convolab.network.data.named import data as data
    from convolab.network.evaluate import evaluate as evaluate
    from convolab.network.model.runs import load as load
    from convolab.network.model.summary import summary as summary
    from convolab.network.predict import predict as predict
    from convolab.network.train import train as train
    from convolab.verify import check as check
    from convolab.views.explore import explore as explore
    from convolab.views.live import widget as widget
    from convolab.views.plot import plot as plot
    # isort: on

__version__: str

_OWN = {
    "Geometry": "convolab.geometry",
    "check": "convolab.verify",
    "data": "convolab.network.data.named",
    "evaluate": "convolab.network.evaluate",
    "predict": "convolab.network.predict",
    "load": "convolab.network.model.runs",
    "summary": "convolab.network.model.summary",
    "explain": "convolab.definition",
    "explore": "convolab.views.explore",
    "widget": "convolab.views.live",
    "plot": "convolab.views.plot",
    "gradcheck": "convolab.gradient.check",
    "maximize": "convolab.gradient.ascent",
    "conv1d": "convolab.convolution",
    "conv1d_input": "convolab.convolution",
    "conv1d_weight": "convolab.convolution",
    "conv2d": "convolab.convolution",
    "conv2d_input": "convolab.convolution",
    "conv2d_weight": "convolab.convolution",
    "conv3d": "convolab.convolution",
    "conv3d_input": "convolab.convolution",
    "conv3d_weight": "convolab.convolution",
    "conv_transpose1d": "convolab.convolution",
    "conv_transpose2d": "convolab.convolution",
    "conv_transpose3d": "convolab.convolution",
    "set_compile": "convolab.engine.repaid",
    "train": "convolab.network.train",
    "edges": "convolab.filters.edges",
    "canny": "convolab.filters.canny",
    "stream_edges": "convolab.filters.stream",
    "filter2d": "convolab.filters.named",
}


def _filters() -> dict[str, str]:
    """Return the functions that are made from the table of filters, each with its module."""
    named = import_module("convolab.filters.named")
    return dict.fromkeys(named.function_names(), named.__name__)


def _is_room(name: str) -> bool:
    """Return whether a name is a module's here: Python asks for it before it imports it, and must not load filters."""
    return name.startswith("_") or PathFinder.find_spec(f"{__name__}.{name}", __path__) is not None


def _value(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("convolab")
    if name == "_HOME":  # every public name, with its module
        return _OWN | _filters()
    if name == "__all__":
        return sorted(_OWN | _filters())
    home = _OWN.get(name) or (None if _is_room(name) else _filters().get(name))
    if home is None:
        raise AttributeError(f"module 'convolab' has no attribute {name!r}")
    try:
        return getattr(import_module(home), name)
    except ModuleNotFoundError as error:
        errors = import_module("convolab.errors")
        raise errors.named_missing(error, f"convolab.{name}") from error


if not TYPE_CHECKING:  # else a checker would take every name for a public one

    def __getattr__(name: str) -> object:
        globals()[name] = _value(name)
        return globals()[name]


def __dir__() -> list[str]:
    return [*globals(), *_OWN, *_filters()]
