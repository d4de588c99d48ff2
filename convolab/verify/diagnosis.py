"""A verdict's reason: a mistake by name, or `unrecognised`, with what shows it."""

from dataclasses import dataclass, field
from typing import Any

from convolab.definition import mistakes
from convolab.fitting.names import NEW
from convolab.verify.repair.change import SmallestChange
from convolab.verify.words import explanation_lines


@dataclass
class Diagnosis:
    """A mistake by name, or `unrecognised`, with what shows it.

    Attributes
    ----------
    code : str
        A mistake's of the catalogue; two joined by `+` where only a pair explains the function; or `unrecognised`.
    title, message, hint : str
    evidence : dict
        `wrong_taps`, `smallest`, and what else was seen.
    explanation : str
        What the function computes, as differences from what was asked for; empty where no relation fits it.
    fit : dict or None
        The same for programs (see `convolab.fitting.words.as_dict`).
    convention : str or None
        The library's function that computes exactly this.
    change : SmallestChange or None
        The smallest change of the program that makes it right, where one was found.
    """

    code: str
    title: str
    message: str
    hint: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    explanation: str = ""
    fit: dict[str, Any] | None = None
    convention: str | None = None
    change: SmallestChange | None = None

    def as_dict(self, *, hints: bool = False) -> dict[str, Any]:
        """Return the diagnosis as JSON has it; the hint only where it is wanted."""
        names = ("code", "title", "message", "evidence", "explanation", "fit", "convention")
        kept, changed = {name: getattr(self, name) for name in names}, self.change
        if changed and not self.explanation:
            kept["explanation"] = changed.sentence
        kept |= {"line": changed.lines[0] if changed else None, "change": changed and changed.as_dict()}
        return kept | ({"hint": self.hint} if hints and self.hint else {})

    def explanation_lines(self) -> list[str]:
        """What the function computes, where the mistake has no name; and whose convention that is."""
        said = self.convention is not None and self.convention in self.message
        convention = None if said else self.convention
        return explanation_lines(self.explanation, convention, named=self.code != mistakes.UNRECOGNISED)


def named(found: mistakes.Recognised) -> Diagnosis:
    """Return what the catalogue says of the mistake."""
    (entry,) = found.mistakes
    return Diagnosis(entry.code, entry.title, entry.explain(found.variation), entry.hint)


# An array without influence: what stands in its place, the catalogue's sentence knows of its own entry only.
SEEN_ALONE = ("kernel-ignored", "upstream-ignored")


def observed(code: str, what: str) -> Diagnosis:
    """Return the diagnosis of a mistake that was seen: its code, and what was seen."""
    if code in NEW:
        return Diagnosis(
            code, NEW[code].rstrip("."), f"{NEW[code].rstrip('.')}. Here: {what}.", evidence={"seen": what}
        )
    mistake = mistakes.find(code)
    if code in SEEN_ALONE:
        return Diagnosis(code, mistake.title, f"{what[:1].upper()}{what[1:]}.", mistake.hint, {"seen": what})
    said = f"{mistake.sentence.rstrip('.')}. Here: {what}."
    return Diagnosis(code, mistake.title, said, mistake.hint, {"seen": what})
