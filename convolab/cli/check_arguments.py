"""What do the arguments of `convolab check` mean? Texts as names, numbers and points."""

from pathlib import Path
from typing import Any

from convolab.errors import UsageError


def one_target(functions: list[str]) -> str | None:
    """What a command is judged as."""
    if len(functions) > 1 or any(c in text for text in functions for c in "=:"):
        raise UsageError(
            f"check: --function {' '.join(functions)}: a command is one function. Expected such as conv2d_input"
        )
    return functions[0] if functions else None


def mapping(functions: list[str], file: Path) -> dict[str, str] | None:
    """`NAME`, `NAME=TARGET` and `FILE:NAME=TARGET` as {name in the file: what it is judged as}."""
    found = {}
    for text in functions:
        path, _, name = text.rpartition(":")
        name, _, target = name.partition("=")
        if path and Path(path).resolve() != file.resolve():
            raise UsageError(f"check: --function {text} names another file than {file}")
        if not name:
            raise UsageError(f"check: --function {text!r} has no name. Expected NAME, NAME=conv2d or FILE:NAME=conv2d")
        found[name] = target or name
    return found or None


def options(text: str) -> dict[str, Any] | None:
    """`stride=2,padding=1x0,square` as a dict of numbers or pairs, with the inputs that are admitted under `only`."""
    parts = [part.strip() for part in filter(None, text.split(","))]
    only = [part for part in parts if "=" not in part or part.startswith("kernel=")]
    found: dict[str, Any] = {"only": ",".join(only)} if only else {}
    for part in (part for part in parts if part not in only):
        name, _, value = part.partition("=")
        try:
            numbers = tuple(int(v) for v in value.split("x"))
        except ValueError:
            raise UsageError(
                f"check: --geometry {part!r} is not NAME=NUMBER. Expected such as stride=2,padding=1"
            ) from None
        least = 0 if name.strip() == "padding" else 1
        if min(numbers) < least or len(numbers) > 2:
            raise UsageError(
                f"check: --geometry {part!r} is out of range. Expected {least} or more, or a pair such as 2x1"
            )
        found[name.strip()] = numbers[0] if len(numbers) == 1 else numbers
    return found or None


def required(texts: list[str]) -> dict[str, float]:
    """`NAME,NAME=2` as {function that is asked for: its points}."""
    found = {}
    for part in (part.strip() for text in texts for part in text.split(",") if part.strip()):
        name, _, points = part.partition("=")
        try:
            worth = float(points or 1)
        except ValueError:
            worth = 0.0
        if not name or not 0 < worth < float("inf"):
            raise UsageError(
                f"check: --require {part!r} is not NAME or NAME=POINTS. Expected such as apply_convolution=2"
            )
        found[name] = worth
    return found


def stage(words: list[str] | None, file: Path | None) -> tuple[str, Path | None]:
    """The stage that a student asks for, and the file; `--student FILE` takes the file for the option's word."""
    from convolab.verify.staged import STAGES

    if words is None:
        return "", file
    others = [word for word in words if word not in STAGES]
    if len(others) > (file is None) or len(words) - len(others) > 1:
        raise UsageError(
            f"check: --student {' '.join(words)} is unknown. Expected --student, or --student name, map or change"
        )
    named = [word for word in words if word in STAGES]
    return (named[0] if named else STAGES[0]), (Path(others[0]) if others else file)
