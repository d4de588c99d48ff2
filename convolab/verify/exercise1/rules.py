"""What a rule is: one mistake by its name, and how it is seen in a run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from convolab.verify.exercise1.seen import Call, Seen

# It returns a sentence on what was seen, or nothing.
Look: TypeAlias = Callable[[Seen], str | None]


@dataclass(frozen=True)
class SeenMistake:
    """One mistake of a training or of an evaluation.

    Attributes
    ----------
    code, title : str
    look : callable(Seen)
        It says what was seen, in a sentence, if the mistake is there.
    hint : str
        Where to look, without the answer.
    harmless : bool
        Whether it changes no result, so that it is noted and costs nothing.
    """

    code: str
    title: str
    look: Look
    hint: str = ""
    harmless: bool = False


def most(calls: list[Call], is_so: Callable[[Call], bool], share: float = 0.6) -> bool:
    """Return whether something is so for most of some calls."""
    return bool(calls) and sum(map(is_so, calls)) >= share * len(calls)
