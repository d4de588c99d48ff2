"""Plants: a right program with a few characters changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from convolab.verify.plants import loops, tensors, vectorised
from convolab.verify.targets import TARGETS

STYLES = {"loops": loops, "vectorised": vectorised, "torch": tensors}


@dataclass(frozen=True)
class Plant:
    """One wrong program: its style, the function it claims to be, the mistake in it, and its text."""

    style: str
    target: str
    code: str
    source: str


def plants(style: str) -> Iterator[Plant]:
    """Every plant of a style. A plant applies where each of the texts that it replaces is in the program."""
    module, seen = STYLES[style], set()
    for target, template in module.TEMPLATES.items():
        for code, operations, changes in module.PLANTS:
            if operations and TARGETS[target].operation not in operations:
                continue
            source = changed(template, changes)
            if source not in (None, template) and (target, source) not in seen:
                seen.add((target, source))
                yield Plant(style, target, code, source)


def changed(text: str, changes: list[tuple[str, str]]) -> str | None:
    """The text with every replacement made, or None where one does not apply."""
    for old, new in changes:
        if old not in text:
            return None
        text = text.replace(old, new)
    return text


def module_of(style: str, sources: list[str]) -> str:
    """One file with many programs, each under a name of its own: p0, p1, …"""
    return STYLES[style].HEAD + "\n".join(s.replace("def NAME(", f"def p{n}(") for n, s in enumerate(sources))
