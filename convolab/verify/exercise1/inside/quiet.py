"""What stands in for libraries that only show something: pictures, progress bars, tables of layers."""

import sys
import types
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from typing import Any

import numpy as np

# Modules of which nothing is looked at.
SHOWN = (
    "matplotlib matplotlib.pyplot matplotlib.cm matplotlib.colors matplotlib.gridspec matplotlib.ticker seaborn pylab "
    "torchsummary torchinfo torchviz tensorboard torch.utils.tensorboard IPython IPython.display ipywidgets "
    "plotly plotly.express wandb netron"
).split()


class Quiet:
    """It can be called, indexed and asked for anything, and does nothing."""

    def __init__(self, *arguments: Any, **options: Any) -> None: ...

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return Quiet()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Quiet()

    def __getitem__(self, index: Any) -> Any:
        return Quiet()

    def __setitem__(self, index: Any, value: Any) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        return iter([Quiet(), Quiet(), Quiet()])

    def __len__(self) -> int:
        return 3

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *arguments: Any) -> None: ...

    def __bool__(self) -> bool:
        return False


class QuietBar:
    """A progress bar's interface: what it goes over is what counts, and what it shows beside it is kept."""

    def __init__(self, items: Any = (), *arguments: Any, **options: Any):
        self._items = items if items is not None else ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *arguments: Any) -> None: ...

    def set_postfix(self, *arguments: Any, **options: Any) -> None:
        print(*(f"{name}={value}" for name, value in options.items()))

    def set_description(self, text: Any = "", *arguments: Any, **options: Any) -> None:
        print(text)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Quiet()

    @staticmethod
    def write(text: Any = "", *arguments: Any, **options: Any) -> None:
        print(text)


class _QuietModule(types.ModuleType):
    """A module of which everything is quiet."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Quiet()


def module(name: str, **content: Any) -> types.ModuleType:
    """Make a module with that content, and let it be imported."""
    made = types.ModuleType(name)
    made.__path__, made.__spec__ = [], ModuleSpec(name, None)
    made.__dict__.update(content)
    sys.modules[name] = made
    return made


def install() -> None:
    """Let all these be imported, whether they are installed here or not."""
    for name in SHOWN:
        sys.modules[name] = _QuietModule(name)
        sys.modules[name].__path__ = []
        sys.modules[name].__spec__ = ModuleSpec(name, None)
        above, _, own = name.rpartition(".")
        if above in sys.modules and above != "torch.utils":
            setattr(sys.modules[above], own, sys.modules[name])
    sys.modules["matplotlib.pyplot"].subplots = _subplots  # type: ignore[attr-defined]
    for name in ("tqdm", "tqdm.auto", "tqdm.notebook"):
        made = module(name, tqdm=QuietBar, trange=_trange)
        made.notebook = made.auto = made  # type: ignore[attr-defined]


def _trange(*arguments: Any, **options: Any) -> QuietBar:
    return QuietBar(range(*(a for a in arguments if isinstance(a, int))))


def _subplots(rows: int = 1, columns: int = 1, *arguments: Any, squeeze: bool = True, **options: Any) -> Any:
    """A figure, and as many axes as matplotlib would give, in the same shape."""
    rows, columns = options.get("nrows", rows), options.get("ncols", columns)
    axes = np.empty((rows, columns), object)
    for place in np.ndindex(rows, columns):
        axes[place] = Quiet()
    if squeeze:
        return Quiet(), axes[0, 0] if axes.size == 1 else axes.reshape(-1) if 1 in axes.shape else axes
    return Quiet(), axes
