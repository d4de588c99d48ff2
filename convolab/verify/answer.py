"""What one call of somebody's function gave."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np


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
        `type` and `dtype` of what was returned, `nothing`, `unreadable`, and which arguments were `changed`.
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
        """Return the answer that a message holds. What does not fit together is left out: it may be forged."""
        error = header.get("error") if isinstance(header.get("error"), dict) else None
        if header.get("error") and error is None:
            error = {"type": "?", "text": "", "line": ""}
        value = arrays[0] if arrays and not error else None
        missing = arrays[1].astype(bool) if value is not None and len(arrays) > 1 else None
        if missing is not None and value is not None and missing.shape != value.shape:
            missing = None
        lines = header.get("lines")
        lines = lines if isinstance(lines, int) and lines > 0 else 0
        return cls(value, missing, error or (header.get("error_at") if missing is not None else None), header, lines)
