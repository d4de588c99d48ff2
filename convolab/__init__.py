"""convolab: a laboratory for one operator, convolution.

The public names are below, each with the module that defines it, and beside them one for each filter in the table of
`convolab.filters.table`. They are imported on first use, so that `import convolab` loads nothing heavy.
"""

from importlib import import_module
from importlib.machinery import PathFinder

__version__: str

_HOME = {
    "Geometry": "convolab.geometry",
    "check": "convolab.verify",
    "load": "convolab.network.model.runs",
    "summary": "convolab.network.model.summary",
    "explain": "convolab.definition",
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
    """The functions that are made from the table of filters, each with its module."""
    named = import_module("convolab.filters.named")
    return dict.fromkeys(named.function_names(), named.__name__)


def _is_room(name: str) -> bool:
    """Whether a name is a module's here: Python asks for it before it imports it, and must not load the filters."""
    return name.startswith("_") or PathFinder.find_spec(f"{__name__}.{name}", __path__) is not None


def __getattr__(name: str):
    if name == "__version__":
        value = import_module("importlib.metadata").version("convolab")
    elif name == "__all__":
        value = sorted([*_HOME, *_filters()])
    elif name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    elif not _is_room(name) and (home := _filters().get(name)):
        value = getattr(import_module(home), name)
    else:
        raise AttributeError(f"module 'convolab' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__getattr__("__all__")]
