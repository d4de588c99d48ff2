"""A change that makes a program right: its lines, their text before and afterwards, and a sentence."""

from dataclasses import dataclass
from typing import Any

from convolab.verify.printable import printable

LONGEST = 200
MOST_LINE = 1 << 24
EVERY = "every value is right"
MOVES = {
    "before": "stands inside of the {block} of line {beside}; in front of it",
    "behind": "stands inside of the {block} of line {beside}; behind it",
    "first in": "stands in front of the {block} of line {beside}; inside of it",
    "last in": "stands behind the {block} of line {beside}; inside of it, as its last statement",
    "after": "stands before line {beside}; behind it",
}
BLOCKS = {"For": "loop", "While": "loop", "If": "condition"}


@dataclass(frozen=True)
class OneEdit:
    """One edit of a program, in its own words.

    Attributes
    ----------
    line : int
        Counted from 1.
    reads, instead : str
        What stands there, and what would be right there; that is empty where a statement is left out or moved.
    moved : str
        What becomes of the statement: `deleted`, or a key of `MOVES`.
    beside : int
        The line of the block or the statement that it is moved over.
    block : str
    """

    line: int
    reads: str
    instead: str = ""
    moved: str = ""
    beside: int = 0
    block: str = "block"

    @classmethod
    def read(cls, said: Any) -> "OneEdit":
        """Return what was told, every field held to its type."""
        said = said if isinstance(said, dict) else {}
        texts = [printable(str(said.get(n, "")), LONGEST) for n in ("reads", "with", "said", "block")]
        line, beside = (v if isinstance(v := said.get(n), int) and 0 < v < MOST_LINE else 0 for n in ("line", "beside"))
        return cls(line, texts[0], texts[1], texts[2], beside, BLOCKS.get(texts[3], "block"))

    @property
    def head(self) -> str:
        """What stands there, and what would have to, up to the end of the sentence."""
        if self.moved == "apart":
            what = "changes the object for the calls that follow; with a variable of its own"
            return f"Line {self.line}, `{self.reads}`, {what}"
        if self.moved == "deleted":
            return f"Line {self.line}, `{self.reads}`, is one too many: without it"
        if self.moved:
            where = MOVES.get(self.moved, "{block}").format(block=self.block, beside=self.beside)
            return f"Line {self.line}, `{self.reads}`, {where}"
        return f"Line {self.line} reads `{self.reads}`; with `{self.instead}`"

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        what = {"moved": self.moved, "beside": self.beside} if self.moved else {"instead": self.instead}
        return {"line": self.line, "reads": self.reads, **what}


@dataclass(frozen=True)
class SmallestChange:
    """The smallest change that was found, of one edit or of a few.

    Attributes
    ----------
    edits : tuple of OneEdit
    others : int
        How many more changes are right as well, as far as they were looked for.
    within : str
        For which inputs the function was judged, where not for all.
    """

    edits: tuple[OneEdit, ...]
    others: int = 0
    within: str = ""

    @property
    def lines(self) -> list[int]:
        """The lines that are changed."""
        return sorted({e.line for e in self.edits})

    @property
    def sentence(self) -> str:
        """A true sentence about the program."""
        heads = [e.head for e in self.edits]
        end = f"{EVERY}{f' for {self.within}' if self.within else ''}."
        if len(heads) == 1:
            return f"{heads[0]} {end}"
        return f"{'. '.join(heads)}: with {'both' if len(heads) == 2 else 'all of these'}, {end}"

    @property
    def where(self) -> str:
        """The lines to look at, without what is wrong there."""
        lines = [str(n) for n in self.lines]
        return (
            f"Look at line {lines[0]}."
            if len(lines) == 1
            else f"Look at lines {', '.join(lines[:-1])} and {lines[-1]}."
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"sentence": self.sentence, "edits": [e.as_dict() for e in self.edits]}
