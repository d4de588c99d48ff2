"""What a contained process sends is read here: every text made printable, every other field held to its type."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from convolab.verify.inside.calling import NAME_LENGTH, TEXT_LENGTH
from convolab.verify.printable import printable, printable_lines

LINE_LENGTH = TEXT_LENGTH + 20
MOST_AXES, MOST_NAMES, DOC_LENGTH = 64, 200, 2000


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
        arguments were `changed`; `absent` where what is judged is nowhere, `updated` where an object changed its
        weights; how many `rows` a list has that cannot be read.
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
    found: dict[str, Any] = {n: printable(header[n], NAME_LENGTH) for n in ("type", "dtype", "tensor") if n in header}
    found |= {n: True for n in ("nothing", "unreadable", "overwritten", "absent", "updated") if header.get(n)}
    if isinstance(header.get("rows"), int) and 0 < header["rows"] < 1 << 32:
        found["rows"] = header["rows"]
    for name in ("changed", "too_large"):
        numbers = header.get(name)
        if isinstance(numbers, list) and numbers and len(numbers) <= MOST_AXES:
            found[name] = [n for n in numbers if isinstance(n, int) and 0 <= n < 1 << 64]
    return found


def loaded(header: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    """What a file has, as `inside/describing.py` tells it: functions, notes of what raised, and its own text."""
    said = header.get("functions")
    said = said if isinstance(said, dict) else {}
    names = [n for n in (*wanted, *said) if isinstance(n, str) and n.isidentifier()]
    notes = header.get("notes")
    found = [complaint(n) for n in (notes if isinstance(notes, list) else [])[:MOST_NAMES] if n]
    return {
        "functions": {n: described(said[n]) for n in list(dict.fromkeys(names))[:MOST_NAMES] if n in said},
        "torch": header.get("torch") is True,
        "notes": found,
        "doc": _text(header.get("doc")),
    }


def described(said: Any) -> dict[str, Any]:
    """What is said of a function or a class, every field held to its type."""
    said = said if isinstance(said, dict) else {}
    parameters = said.get("parameters")
    found: dict[str, Any] = {
        "parameters": [_parameter(p) for p in (parameters if isinstance(parameters, list) else [])[:MOST_AXES]],
        "doc": _text(said.get("doc")),
        **{n: said.get(n) is True for n in ("open", "tensors", "class", "static", "unknown")},
    }
    returns = said.get("returns")
    found["returns"] = [printable(n, NAME_LENGTH) for n in (returns if isinstance(returns, list) else [])[:MOST_AXES]]
    methods, bases = said.get("methods"), said.get("bases")
    if isinstance(methods, dict):
        names = [n for n in methods if isinstance(n, str) and n.isidentifier()][:MOST_NAMES]
        found["methods"] = {
            n: described({**methods[n], "methods": None}) for n in names if isinstance(methods[n], dict)
        }
    found["bases"] = [printable(b, NAME_LENGTH) for b in (bases if isinstance(bases, list) else [])[:MOST_AXES]]
    return found


def _parameter(said: Any) -> dict[str, Any]:
    said = said if isinstance(said, dict) else {}
    found: dict[str, Any] = {n: printable(said.get(n) or "", NAME_LENGTH) for n in ("name", "kind", "annotation")}
    axes = said.get("axes")
    found["axes"] = [printable(a, NAME_LENGTH) for a in (axes if isinstance(axes, list) else [])[:MOST_AXES]]
    for name in ("unpacked", "keys"):
        if isinstance(said.get(name), list) and said[name]:
            found[name] = [printable(n, NAME_LENGTH) for n in said[name][:MOST_AXES]]
    if "default" not in said:
        return found
    default = said["default"]
    if isinstance(default, list):
        default = [d for d in default[:9] if _plain(d)]
    elif isinstance(default, dict):
        inner = default.get("dict")
        default = (
            {"dict": {k: v for k, v in inner.items() if _plain(k) and _plain(v)}} if isinstance(inner, dict) else {}
        )
    return found | {"default": default if isinstance(default, list | dict) or _plain(default) else {}}


def _plain(value: Any) -> bool:
    return (
        value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= NAME_LENGTH)
    )


def _text(value: Any) -> str:
    return printable_lines(value[:DOC_LENGTH]) if isinstance(value, str) else ""
