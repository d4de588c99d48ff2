"""convolab: a laboratory for one operator, convolution.

The public names are below, each with the module that defines it. They are imported on first use, so that
`import convolab` loads NumPy and nothing heavier.
"""

from importlib import import_module

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
    "sobel": "convolab.filters.named",
    "canny": "convolab.filters.canny",
    "stream_edges": "convolab.filters.stream",
    "scharr": "convolab.filters.named",
    "prewitt": "convolab.filters.named",
    "roberts": "convolab.filters.named",
    "farid": "convolab.filters.named",
    "laplacian": "convolab.filters.named",
    "laplacian_of_gaussian": "convolab.filters.named",
    "gaussian": "convolab.filters.named",
    "gabor": "convolab.filters.named",
    "emboss": "convolab.filters.named",
    "sharpen": "convolab.filters.named",
    "box": "convolab.filters.named",
    "filter2d": "convolab.filters.named",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name == "__version__":
        globals()[name] = import_module("importlib.metadata").version("convolab")
        return globals()[name]
    if name not in _HOME:
        raise AttributeError(f"module 'convolab' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
