"""What does somebody's own function give for what the explorer shows, and where is it wrong?"""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from convolab.views.apart import SECONDS, Apart, Ended, TooLate
from convolab.views.computed import arrays_of
from convolab.views.states import State


class Theirs:
    """Somebody's function beside the definition."""

    def __init__(self, function: Callable[..., Any]):
        self.name = getattr(function, "__name__", type(function).__name__)
        self._parameters = list(inspect.signature(function).parameters)
        self._apart = Apart(function)

    def close(self) -> None:
        """End the process that it is called in."""
        self._apart.close()

    def told(self, state: State, expected: np.ndarray) -> dict[str, Any]:
        """Return what it gives for a state, where it is wrong, and a sentence on it."""
        try:
            answer = self._called(state, expected.shape)
        except TooLate:
            return self._without(f"did not finish within {SECONDS:g} s, and was stopped")
        except Ended as stop:
            return self._without(f"gave no answer: {stop}")
        if answer.error and (answer.value is None or answer.missing is None):
            return self._without(f"raised {answer.error['type']}: {answer.error['text']}")
        values = None if answer.value is None else np.asarray(answer.value)
        if values is None:
            return self._without(f"gives {answer.facts.get('type', 'nothing')}, and no array")
        if answer.missing is not None:
            values = np.where(answer.missing, np.nan, values)[None]
        return self._beside(values, expected)

    def _beside(self, values: np.ndarray, expected: np.ndarray) -> dict[str, Any]:
        wanted = expected.shape if values.ndim == 3 else expected.shape[-values.ndim :] if values.ndim else ()
        if values.dtype.kind not in "biuf" or values.shape != wanted:
            shape = expected.shape[len(expected) == 1 :]
            return self._without(f"gives shape {values.shape}. The output has {shape}", end=".")
        values = values.reshape(expected.shape).astype(np.float64)
        wrong = ~np.isclose(values, expected, rtol=1e-4, atol=1e-6, equal_nan=False)
        count = int(wrong.sum())
        said = f"{self.name} differs in {count} of {wrong.size} outputs. cl.check({self.name}) names the mistake."
        if not count:
            said = f"{self.name} gives what the definition gives, in all {wrong.size} outputs."
        shown = [[[v if np.isfinite(v) else None for v in row] for row in plane] for plane in values.tolist()]
        return {"name": self.name, "said": said, "values": shown, "wrong": wrong.tolist(), "right": not count}

    def _without(self, what: str, end: str = "") -> dict[str, Any]:
        return {"name": self.name, "said": f"{self.name} {what}{end}", "error": True, "right": False}

    def _called(self, state: State, shape: tuple[int, ...]) -> Any:
        """Call it: for planes it is given planes, and else (C, …) and four axes."""
        x, w = arrays_of(state)
        if state["dims"] == 1:
            x, w = x[:, 0], w[:, :, 0]
        if len(x) == 1 and w.shape[:2] == (1, 1):
            x, w = x[0], w[0, 0]
        if self._parameters[:2] == ["i", "j"]:
            return self._apart.call([x, w], {}, shape[1:])
        given: dict[str, Any] = {
            name: state[name][-1] for name in ("stride", "padding", "dilation") if name in self._parameters
        }
        return self._apart.call([x, w] if len(self._parameters) > 1 else [x], given, None)
