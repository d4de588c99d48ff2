"""One known mistake of a Sobel function: some other choices than the sheet's, with its words."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SobelMistake:
    """One mistake.

    Attributes
    ----------
    code, title, message : str
    choices : dict
        What differs from the sheet's program.
    harmless : bool
        Whether it is no mistake, but a choice that is noted.
    """

    code: str
    title: str
    message: str
    choices: dict[str, Any]
    harmless: bool = False
