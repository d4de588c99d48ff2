"""What a contained process sends is read here: every text made printable, every other field held to its type."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from convolab.verify.inside.calling import NAME_LENGTH, TEXT_LENGTH
from convolab.verify.printable import printable

LINE_LENGTH = TEXT_LENGTH + 20
MOST_AXES = 64


@dataclass
class Answer:
    """What one call gave.

    Attributes
    ----------
    value : array or None
    missing : bool array or None
        Elements that raised, of a function that computes one a call.
    error : dict or None
        `type`, `text` and `line` of an exception.
    facts : dict
        `type` and `dtype` of what was returned, `nothing`, `unreadable`, the shape of what is `too_large`, and which
        arguments were `changed`.
    lines : int
        Lines of Python that it ran, where that was asked for.
    """

    value: np.ndarray | None = None
    missing: np.ndarray | None = None
    error: dict[str, Any] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    lines: int = 0

    @classmethod
    def read(cls, header: dict[str, Any], arrays: list[Any]) -> "Answer":
        error = complaint(header.get("error"))
        value = arrays[0] if arrays and not error else None
        missing = arrays[1].astype(bool) if value is not None and len(arrays) > 1 else None
        if missing is not None and value is not None and missing.shape != value.shape:
            missing = None
        lines = header.get("lines")
        lines = lines if isinstance(lines, int) and lines > 0 else 0
        raised = error or (complaint(header.get("error_at")) if missing is not None else None)
        return cls(value, missing, raised, facts(header), lines)

    def reduced(self, most: int) -> "Answer":
        """The same without its value, if that has more elements, or a longer side, than any answer can have."""
        if self.value is not None and (self.value.size > most or max(self.value.shape, default=0) > most):
            shape, self.value, self.missing = list(self.value.shape), None, None
            self.facts = self.facts | {"too_large": shape}
        return self


def complaint(said: Any) -> dict[str, Any] | None:
    """An exception as it was told; None if nothing was raised."""
    if not said:
        return None
    if not isinstance(said, dict):
        return {"type": "?", "text": "", "line": ""}
    lengths = {"type": NAME_LENGTH, "text": TEXT_LENGTH, "line": LINE_LENGTH}
    return {name: printable(said.get(name, ""), length) for name, length in lengths.items()}


def facts(header: dict[str, Any]) -> dict[str, Any]:
    """What is known of a result beside its values."""
    found: dict[str, Any] = {n: printable(header[n], NAME_LENGTH) for n in ("type", "dtype") if n in header}
    found |= {n: True for n in ("nothing", "unreadable") if header.get(n)}
    for name in ("changed", "too_large"):
        numbers = header.get(name)
        if isinstance(numbers, list) and numbers and len(numbers) <= MOST_AXES:
            found[name] = [n for n in numbers if isinstance(n, int) and 0 <= n < 1 << 64]
    return found


def functions(header: dict[str, Any], wanted: list[str]) -> dict[str, dict[str, Any]]:
    """The wanted functions that a file has, with their parameters, as `inside/calling.py` describes them."""
    said = header.get("functions")
    return {n: parameters(said[n]) for n in wanted if n in said} if isinstance(said, dict) else {}


def parameters(said: Any) -> dict[str, Any]:
    said = said if isinstance(said, dict) else {}
    names = {n: said.get(n) if isinstance(said.get(n), list) else [] for n in ("positional", "names")}
    return {n: [printable(t, NAME_LENGTH) for t in texts] for n, texts in names.items()} | {
        n: said.get(n) is True for n in ("open", "tensors")
    }
