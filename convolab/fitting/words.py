"""The fit as a sentence of differences from what was asked for, and as plain values for programs."""

from typing import Any

from convolab.fitting.fit import Fit
from convolab.fitting.laws import Law, Rule

BORDER_WORDS = {
    "replicate": "the last line is repeated beyond the border",
    "reflect": "the input is mirrored at its last line (3 2 | 1 2 3)",
    "symmetric": "the input is mirrored beyond its last line (2 1 | 1 2 3)",
    "circular": "the other end follows beyond the border",
    "negative index": "a negative index reads from the other end",
}
EXCHANGE_WORDS = {
    "second": "rows and columns of the second factor are exchanged",
    "first": "rows and columns of the first factor are exchanged",
    "result": "rows and columns of the result are exchanged",
}


def sentence(fit: Fit, *, plane: bool) -> str:
    """Return what the function computes, as differences from what was asked for; empty where there are none.

    Parameters
    ----------
    plane : bool
        Whether the function takes bare planes, without stride, padding and dilation.
    """
    parts = [EXCHANGE_WORDS[name] for name in ("second", "first", "result") if name in fit.exchanged]
    axes = (
        {"along both axes": fit.rows}
        if fit.rows == fit.columns
        else {"along the rows": fit.rows, "along the columns": fit.columns}
    )
    parts += [f"{where} {_joined(said)}" for where, law in axes.items() if (said := _of_axis(law, plane))]
    parts += [fit.channels.name] if fit.channels.name else []
    parts += [f"every product is multiplied by {fit.scale.name}"] if fit.scale.name else []
    parts += [f"{fit.fill:g} stands beyond the border"] if fit.fill else []
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _of_axis(law: Law, plane: bool) -> list[str]:
    """Return the differences along one axis, each as a clause."""
    clauses = ["the kernel is used backwards"] if law.reversed else []
    if (made := formula(law, plane)) != (wanted := formula(Law(), plane)):
        clauses.append(f"it reads {made} where {wanted} was asked for")
    if law.border != "zeros":
        clauses.append(BORDER_WORDS[law.border])
    if law.size.cost:
        clauses.append(f"the result has {_size(law.size)} in place of the size that was asked for")
    if law.whole:
        clauses.append("results whose window leaves the input are zero")
    for end, choice in (("first", law.head), ("last", law.tail)):
        if choice.cost:
            verb = "is" if choice.name.endswith("line") else "are"
            clauses.append(f"{choice.name.format(end)} of the result {verb} left zero")
    if law.dropped:
        clauses.append(f"the {law.dropped} kernel position is never used")
    return clauses


def _joined(clauses: list[str]) -> str:
    return ", and ".join([", ".join(clauses[:-1]), clauses[-1]] if len(clauses) > 1 else clauses)


def _size(size: Rule) -> str:
    return f"{size.name} lines" if any(sign in size.name for sign in "+−/·") else size.name


def formula(law: Law, plane: bool) -> str:
    """Return the relation as it is written: `i = stride · o + dilation · k − padding`; `i = o + k` for planes."""
    s, d, p = (choice.name for choice in (law.stride, law.dilation, law.padding))
    if plane:  # stride and dilation are 1 there, and padding is 0
        s, d, p = (s if law.stride.name == "kernel" else "1"), "1", p.removeprefix("padding").strip() or "0"
    step, wide = (("" if name == "1" else f"{_bracketed(name)} · ") for name in (s, d))
    if p[0] in "+−":
        moved = f" {'−' if p[0] == '+' else '+'} {_bracketed(p[1:].strip())}"
    else:
        moved = "" if p == "0" else f" − {_bracketed(p)}"
    return f"i = {step}o + {wide}k{moved}"


def _bracketed(text: str) -> str:
    """Return a sum in brackets, so that a minus before it means all of it."""
    return f"({text})" if " + " in text or (" − " in text and ")" not in text) else text


def as_dict(fit: Fit) -> dict[str, Any]:
    """Return the fit for programs: a pair of values, rows and columns, for everything that belongs to an axis."""
    laws = (fit.rows, fit.columns)
    return {
        **{name: [getattr(law, name).name for law in laws] for name in ("stride", "dilation", "padding", "size")},
        "flip": [law.reversed for law in laws],
        "border": [law.border for law in laws],
        "offset": [[law.head.name.format("first"), law.tail.name.format("last")] for law in laws],
        "whole_windows": [law.whole for law in laws],
        "dropped": [law.dropped for law in laws],
        "axes": sorted(fit.exchanged),
        "channels": fit.channels.name or "all",
        "scale": fit.scale.name or "1",
        "fill": fit.fill,
    }
