"""What came of judging a function, in words and pictures."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """What came of judging a function, as the page shows it.

    Attributes
    ----------
    status : {"passed", "failed", "error", "timeout", "new"}
    title, message : str
    code : str
        The mistake's.
    example : list of str
        The smallest input that shows it.
    hints : list of str
        All of them; the page asks for one after the other.
    reads : dict or None
        The state of its read map.
    printed : str
    figures : list of dict
        `title` and `image`, an address that holds the picture.
    """

    status: str
    title: str = ""
    message: str = ""
    code: str = ""
    example: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    reads: dict[str, Any] | None = None
    printed: str = ""
    figures: list[dict[str, str]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether it is right."""
        return self.status == "passed"
