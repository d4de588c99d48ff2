"""For which layers does `auto` compile? For those whose calls come back often enough to repay it.

Compiling a pipeline takes some tenths of a second, and Halide holds Python's global lock meanwhile, so another thread
could not hide it. Until the multiply-adds of a layer's calls, of whatever sizes, add up to what NumPy or PyTorch do in
about that time, these answer. Calls are counted and nothing is timed: the same calls in the same order give the same
bits.
"""

import os
from collections import OrderedDict
from typing import Any, TypeAlias

from convolab.errors import ArgumentError
from convolab.geometry import Geometry

WHEN = ("repaid", "always", "never")
# Multiply-adds after which a pipeline has repaid its compiling. PyTorch does them several times as fast as NumPy.
NUMPY = 2**31
TORCH = 2**33
LAYERS = 4096  # counted at a time

Layer: TypeAlias = tuple[Any, ...]  # an operation, and all of its geometry but its sizes

_work: OrderedDict[Layer, int] = OrderedDict()
_when = ""


def set_compile(when: str) -> None:
    """Say when `engine="auto"` compiles a pipeline for a layer that it has none for.

    Parameters
    ----------
    when : {"repaid", "always", "never"}
        "repaid": once the layer has come back often enough, in whatever sizes, and NumPy or PyTorch answer until then
        (the default, unless the environment variable CONVOLAB_COMPILE says another). "always": at the first call, so
        that every call with the same inputs gives the same bits. "never": NumPy and PyTorch always answer.

    Raises
    ------
    ArgumentError
        For another word.

    Examples
    --------
    >>> set_compile("always")
    >>> set_compile("repaid")
    """
    global _when
    if when not in WHEN:
        raise ArgumentError(f"set_compile: when={when!r} is unknown. Expected {', '.join(WHEN)}.")
    _when = when


def when_compiled() -> str:
    """The word of `WHEN` that was set, or that the environment variable CONVOLAB_COMPILE says."""
    if not _when:
        given = os.environ.get("CONVOLAB_COMPILE", WHEN[0])
        if given not in WHEN:
            raise ArgumentError(f"CONVOLAB_COMPILE={given!r} is unknown. Expected {', '.join(WHEN)}.")
        set_compile(given)
    return _when


def layer_of(operation: str, geometry: Geometry) -> Layer:
    """Return what calls that one pipeline serves have in common: everything but the batch and the images' sizes."""
    axes = tuple((a.kernel, a.stride, a.dilation, a.before) for a in geometry.axes)
    return operation, geometry.in_channels, geometry.out_channels, geometry.groups, axes


def is_worth_compiling(operation: str, geometry: Geometry, limit: int) -> bool:
    """Count one more call of this layer, and say whether all of them have repaid a pipeline of their own."""
    when = when_compiled()
    if when != "repaid":
        return when == "always"
    key = layer_of(operation, geometry)
    done = _work.get(key, 0) + geometry.mult_adds
    _work[key] = done
    if len(_work) > LAYERS:
        _work.popitem(last=False)
    return done >= limit


def forget(operation: str, geometry: Geometry) -> None:
    """Count this layer from zero again, since its pipeline was dropped."""
    _work.pop(layer_of(operation, geometry), None)
