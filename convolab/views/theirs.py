"""What does somebody's own function give for what the explorer shows, and where is it wrong?"""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from convolab.views.computed import arrays_of
from convolab.views.states import State


def theirs(function: Callable[..., Any], state: State, expected: np.ndarray) -> dict[str, Any]:
    """Return what somebody's function gives for a state, where it is wrong, and a sentence on it."""
    name = getattr(function, "__name__", type(function).__name__)
    try:
        values = _called(function, state, expected.shape)
    except Exception as error:
        return {"name": name, "said": f"{name} raised {type(error).__name__}: {error}", "error": True, "right": False}
    wanted = expected.shape if values.ndim == 3 else expected.shape[-values.ndim :] if values.ndim else ()
    if values.dtype.kind not in "biuf" or values.shape != wanted:
        said = f"{name} gives shape {values.shape}. The output has {expected.shape[len(expected) == 1 :]}."
        return {"name": name, "said": said, "error": True, "right": False}
    values = values.reshape(expected.shape).astype(np.float64)
    wrong = ~np.isclose(values, expected, rtol=1e-4, atol=1e-6, equal_nan=False)
    count = int(wrong.sum())
    said = f"{name} differs in {count} of {wrong.size} outputs. cl.check({name}) names the mistake."
    if not count:
        said = f"{name} gives what the definition gives, in all {wrong.size} outputs."
    shown = [[[v if np.isfinite(v) else None for v in row] for row in plane] for plane in values.tolist()]
    return {"name": name, "said": said, "values": shown, "wrong": wrong.tolist(), "right": not count}


def _called(function: Callable[..., Any], state: State, shape: tuple[int, ...]) -> np.ndarray:
    """Return a function's output as an array: for planes it is given planes, and else (C, …) and four axes."""
    x, w = arrays_of(state)
    if state["dims"] == 1:
        x, w = x[:, 0], w[:, :, 0]
    if len(x) == 1 and w.shape[:2] == (1, 1):
        x, w = x[0], w[0, 0]
    parameters = list(inspect.signature(function).parameters)
    if parameters[:2] == ["i", "j"]:
        rows, columns = range(1, shape[1] + 1), range(1, shape[2] + 1)
        return np.array([[[float(function(i, j, x, w)) for j in columns] for i in rows]])
    given = {name: state[name][-1] for name in ("stride", "padding", "dilation") if name in parameters}
    result = function(x, w, **given) if len(parameters) > 1 else function(x)
    if hasattr(result, "detach"):
        result = result.detach().cpu().numpy()
    return np.asarray(result)
