"""One call of somebody's function, and what came of it, in words and arrays."""

import contextlib
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

NAME_LENGTH, TEXT_LENGTH = 80, 300
MOST_ELEMENTS = 1 << 20  # of a result, where the call names no other number
# Where Python, its libraries and this file lie: lines that run there are not the learner's.
LIBRARIES = ("<frozen ", os.path.dirname(os.__file__) + os.sep, __file__)  # noqa: PTH120 - few imports here


def describe(function: Any) -> dict[str, Any]:
    """Return the names of a function's parameters: those that can be given by position, all of them, and `**`."""
    try:
        parameters = inspect.signature(function).parameters.values()
        tensors = any("Tensor" in str(p.annotation) for p in parameters)
    except Exception:  # of a callable that cannot be looked at, or answers as it likes
        return {"positional": ["?"] * 9, "names": [], "open": True, "tensors": False}
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return {
        "positional": [p.name for p in parameters if p.kind in by_position],
        "names": [p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL, p.POSITIONAL_ONLY)],
        "open": any(p.kind == inspect.Parameter.VAR_KEYWORD for p in parameters),
        "tensors": tensors,
    }


def invoke(
    function: Callable[..., Any], arrays: list[np.ndarray], values: dict[str, Any]
) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Call a function; an answer is a header and at most two arrays (the result, and where it raised).

    Parameters
    ----------
    function : callable
    arrays : list of array
    values : dict
        `order`: what each positional argument is, an array's number or a plain value as {"value": …}; `options`:
        keyword arguments; `tensors`: whether arrays go in as torch tensors; `positions`: the number of rows and
        columns of a function that computes one element a call; `count`: whether the answer says, under `lines`, how
        many lines of Python the call ran; `most`: how many elements a result may have that is sent back.
    """
    given = [_as_tensor(a) if values.get("tensors") else a for a in arrays]
    before = [a.copy() for a in arrays]
    order = [given[o] if isinstance(o, int) else _plain(o["value"]) for o in values["order"]]
    options = {k: given[o] if isinstance(o, int) else _plain(o["value"]) for k, o in values.get("options", {}).items()}
    lines: list[int] = []
    try:
        with counted(lines) if values.get("count") else contextlib.nullcontext():
            if values.get("positions"):
                header, results = _every_position(function, order, options, values["positions"], given, before)
            else:
                header, results = _as_answer(function(*order, **options), values.get("most", MOST_ELEMENTS))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return {"error": complaint(error)}, []
    header["lines"] = sum(lines)
    after = [a.detach().numpy() if hasattr(a, "detach") else a for a in given]
    header["changed"] = header.get("changed") or [
        n for n, (a, b) in enumerate(zip(after, before, strict=True)) if not _same(a, b)
    ]
    return header, results


@contextlib.contextmanager
def counted(lines: list[int]) -> Iterator[None]:
    """Add to a list how many lines of Python run meanwhile, those of libraries left out.

    A loop's lines count once a round: the same function with the same arguments gives the same number on every machine.
    """
    count, before = 0, sys.gettrace()
    known: dict[str, bool] = {}

    def line(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def called(frame: Any, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in known:
            known[name] = not (name.startswith(LIBRARIES) or f"-packages{os.sep}" in name)
        return line if known[name] else None

    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)
        lines.append(count)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _same(after: np.ndarray, before: np.ndarray) -> bool:
    return after.shape == before.shape and bool((after == before).all())


def _as_tensor(array: np.ndarray) -> Any:
    import torch

    return torch.from_numpy(array.astype(np.float32) if array.dtype == np.float64 else array.copy())


def _every_position(
    function: Callable[..., Any],
    order: list[Any],
    options: dict[str, Any],
    shape: list[int],
    given: list[Any],
    before: list[np.ndarray],
) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Compute every element by a call of its own; i and j count from 1. Elements that raise are marked.

    Each call gets the arguments as they were: what one call does to them does not reach the next.
    """
    result, missing, first = np.zeros(shape), np.zeros(shape, bool), None
    header: dict[str, Any] = {}
    changed: set[int] = set()
    for i in range(shape[0]):
        for j in range(shape[1]):
            try:
                header, value = _as_answer(function(i + 1, j + 1, *order, **options))
                if not value or value[0].size != 1 or value[0].dtype.kind == "c":
                    return header, value
                result[i, j] = value[0].item()
            except Exception as error:
                missing[i, j], first = True, first or complaint(error)
            changed |= _restore(given, before)
    if missing.all():
        return {"error": first}, []
    return {**header, "error_at": first, "changed": sorted(changed)}, [result, missing]


def _restore(given: list[Any], before: list[np.ndarray]) -> set[int]:
    """Put every argument back as it was before; return which were changed."""
    changed = set()
    for n, (a, b) in enumerate(zip(given, before, strict=True)):
        array = a.detach().numpy() if hasattr(a, "detach") else a
        if not _same(array, b):
            array[...] = b
            changed.add(n)
    return changed


def _as_answer(value: Any, most: int = MOST_ELEMENTS) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Return what a function returned, as an array of numbers if it can be read as one; only the shape if too large."""
    header = {"type": type(value).__name__[:NAME_LENGTH]}
    if value is None:
        return {**header, "nothing": True}, []
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float().numpy() if "bfloat16" in str(value.dtype) else value.resolve_conj().numpy()
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = array.astype(float)
    except (TypeError, ValueError):
        return {**header, "unreadable": True}, []
    if array.dtype.kind not in "?biufc":
        return {**header, "unreadable": True}, []
    header["dtype"] = str(array.dtype)
    if array.size > most or max(array.shape, default=0) > most:
        return {**header, "too_large": list(array.shape)}, []
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    return header, [array]


def complaint(error: BaseException) -> dict[str, Any]:
    """Return an exception as text: its type, its message and the line that raised it."""
    if isinstance(error, SystemExit):
        return {"type": "SystemExit", "text": f"it ends the program (exit code {error.code})", "line": _line(error)}
    try:
        text = str(error)
    except Exception:
        text = ""
    return {"type": type(error).__name__[:NAME_LENGTH], "text": text[:TEXT_LENGTH], "line": _line(error)}


def _line(error: BaseException) -> str:
    """Return the innermost line of the file that is checked."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == HAND_IN.get("path")]
    return f"line {frames[-1].lineno}: {(frames[-1].line or '')[:TEXT_LENGTH]}" if frames else ""


HAND_IN: dict[str, Any] = {}


def _attribute(module: Any, name: str) -> Any:
    """Return what a module has under a name, or None; a module may answer as it likes."""
    with contextlib.suppress(Exception):
        return getattr(module, name, None)


def load(path: str, wanted: list[str]) -> dict[str, Any]:
    """Run a file as a module and say which of the wanted functions it has, with their parameters."""
    import importlib.util
    import linecache

    HAND_IN["path"] = path
    specification = importlib.util.spec_from_file_location("hand_in", path)
    if specification is None or specification.loader is None:
        return {"error": {"type": "ImportError", "text": "this is not a Python file", "line": ""}}
    module = importlib.util.module_from_spec(specification)
    sys.modules["hand_in"] = module
    try:
        specification.loader.exec_module(module)
    except BaseException as error:
        return {"error": complaint(error)}
    linecache.checkcache(path)
    HAND_IN["module"] = module
    found = {name: _attribute(module, name) for name in wanted}
    return {
        "functions": {name: describe(f) for name, f in found.items() if callable(f)},
        "torch": "torch" in sys.modules,
    }
