"""Plants: a right program with a few characters changed, and whether every mistake has one."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from convolab.definition import mistakes
from convolab.errors import ConvolabError
from convolab.verify.plants import loops, tensors, vectorised
from convolab.verify.targets import TARGETS

STYLES: dict[str, ModuleType] = {"loops": loops, "vectorised": vectorised, "torch": tensors}


@dataclass(frozen=True)
class Plant:
    """One wrong program: its style, the function it claims to be, the mistake in it, and its text."""

    style: str
    target: str
    code: str
    source: str


def plants(style: str) -> Iterator[Plant]:
    """Yield every plant of a style. A plant applies where each of the texts that it replaces is in the program."""
    module, seen = STYLES[style], set()
    for target, template in module.TEMPLATES.items():
        for code, operations, changes in module.PLANTS:
            if operations and TARGETS[target].operation not in operations:
                continue
            source = changed(template, changes)
            if source not in (None, template) and (target, source) not in seen:
                seen.add((target, source))
                yield Plant(style, target, code, source)


def check_planted() -> None:
    """Raise unless every entry of the catalogue is planted, and every plant is of an entry.

    Raises
    ------
    ConvolabError
        Naming the first mistake that is planted nowhere, with where its plant belongs; or a plant whose code no entry
        has.
    """
    codes = [mistake.code for mistake in mistakes.CATALOGUE]
    listed = {code: name for name, module in STYLES.items() for code, _, _ in module.PLANTS}
    planted = {plant.code for style in STYLES for plant in plants(style)}
    for code, style in listed.items():
        if code not in codes:
            raise ConvolabError(
                f"self-test: {_file(style)} plants {code!r}, which is no mistake of the catalogue. Expected the code "
                f"of an entry; correct it, or add the entry."
            )
    for code in codes:
        if code not in planted:
            where = " or ".join(_file(style) for style in STYLES)
            reason = "none of its entries in PLANTS changes a program" if code in listed else "planted in no style"
            raise ConvolabError(
                f"self-test: mistake {code!r}: {reason}. Expected a program with it; add an entry ({code!r}, the sums, "
                f"[(text of the right program, text in its place)]) to PLANTS in {where}."
            )


def _file(style: str) -> str:
    return STYLES[style].__name__.replace(".", "/") + ".py"


def changed(text: str, changes: list[tuple[str, str]]) -> str | None:
    """Return the text with every replacement made, or None where one does not apply."""
    for old, new in changes:
        if old not in text:
            return None
        text = text.replace(old, new)
    return text


def module_of(style: str, sources: list[str]) -> str:
    """Return one file with many programs, each under a name of its own: p0, p1, …"""
    head: str = STYLES[style].HEAD
    return head + "\n".join(s.replace("def NAME(", f"def p{n}(") for n, s in enumerate(sources))
