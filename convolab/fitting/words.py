"""The fit as a sentence of differences from what was asked for, and as plain values for programs."""

from typing import Any

from convolab.fitting.fit import Fit
from convolab.fitting.laws import Law
from convolab.fitting.rules import AS_ASKED, roles
from convolab.fitting.views import AXES, RUNNING, WEIGHT_AXES, View
from convolab.geometry import Geometry

BORDER_WORDS = {
    "zeros": "zeros stand beyond the border",
    "replicate": "the last line is repeated beyond the border",
    "reflect": "the {0} is mirrored at its last line (3 2 | 1 2 3)",
    "symmetric": "the {0} is mirrored beyond its last line (2 1 | 1 2 3)",
    "circular": "the other end follows beyond the border",
    "negative index": "a negative index reads from the other end",
}
WRITTEN_WORDS = {
    "zeros": "what falls outside is left out",
    "replicate": "what falls outside is added to the last line",
    "reflect": "what falls outside is added mirrored at the last line",
    "symmetric": "what falls outside is added mirrored beyond the last line",
    "circular": "what falls outside is added at the other end",
    "negative index": "a negative index adds at the other end",
}
MIRRORED = "the result is in the opposite order, as where image and kernel have changed places"
ARRAYS = {"input": "image", "weight": "kernel", "grad_output": "output gradient"}


def called(fit: Fit, which: str) -> str:
    """Return what an array is called: `image`, `kernel`, `output gradient`, or `result`."""
    named = dict(zip(("second", "first"), roles(fit.operation)[1:], strict=True))
    return ARRAYS[named[which]] if which in named else "result"


def sentence(fit: Fit, *, plane: bool) -> str:
    """Return what the function computes, as differences from what was asked for; empty where there are none.

    Parameters
    ----------
    plane : bool
        Whether the function takes bare planes, without stride, padding and dilation.
    """
    turned = [name for name in ("second", "first", "result") if name in fit.exchanged]
    parts = [f"rows and columns of the {called(fit, name)} are exchanged" for name in turned]
    parts += [_view(fit, fit.view)] if fit.view is not None else []
    parts += _axes(fit, plane)
    parts += fit.leading.said(fit.operation)
    parts += ["each image of the batch keeps a sum of its own, as an axis in front"] if fit.apart else []
    parts += [f"every product is multiplied by {fit.scale.name}"] if fit.scale.name else []
    parts += [f"{fit.fill:g} stands beyond the border"] if fit.fill else []
    parts += [f"the sum is not set back to zero: it runs on {RUNNING[fit.running]}"] if fit.running else []
    parts += ["what it gives is right"] if fit.silent and not parts else []
    parts += [_silent(fit.silent)] if fit.silent else []
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _axes(fit: Fit, plane: bool) -> list[str]:
    """Return the differences along the axes, said once where both have the same."""
    if fit.line:
        return [_joined(said)] if (said := _of_axis(fit, fit.columns, plane, "line", "far")) else []
    if fit.rows == fit.columns:
        said = _of_axis(fit, fit.rows, plane, "line", "far")
        return [f"along both axes {_joined(said)}"] if said else []
    sides = (("rows", fit.rows, "row", "low"), ("columns", fit.columns, "column", "far right"))
    found = [(where, _of_axis(fit, law, plane, line, low)) for where, law, line, low in sides]
    return [f"along the {where} {_joined(said)}" for where, said in found if said]


def _of_axis(fit: Fit, law: Law, plane: bool, line: str, low: str) -> list[str]:
    """Return the differences along one axis, each as a clause."""
    around = law.padding.name == "kernel − 1"  # i = o − k says it
    if law.reversed and law.mirrored:
        clauses = [f"the {called(fit, 'first')} is read backwards"]
    else:
        clauses = ["the kernel is used backwards"] if law.reversed and not around else []
        clauses += [MIRRORED] if law.mirrored else []
    if (made := formula(law, plane)) != (wanted := formula(Law(), plane)):
        clauses.append(f"it reads {made} where {wanted} was asked for")
    if law.border != AS_ASKED:
        words = WRITTEN_WORDS if law.written else BORDER_WORDS
        clauses.append(words[law.border].format(called(fit, "first")))
    clauses += ["a window that would leave the padded image is moved back into it"] if law.clamped else []
    clauses += _shift(law, line, low)
    if law.size.name == "the size that follows" and not clauses:
        clauses.append("the result is as large as the sizes of the factors say, whatever size was asked for")
    elif law.size.name == "the size that follows":
        clauses.append("the size of the result follows from that")
    elif law.size.cost and not fit.has_the_size_asked(law):
        clauses.append(f"the result has {_size(law.size.name, line)} in place of the size that was asked for")
    clauses += ["results whose window leaves the image are zero"] if law.whole else []
    clauses += ["where the stride leads to no output, the one before is taken all the same"] if law.floored else []
    clauses += [f"every {line} of the result holds the sum of all of them"] if law.aliased else []
    clauses += ["only every stride-th result is computed, and the others are zero"] if law.every else []
    for end, choice in (("first", law.head), ("last", law.tail)):
        if "left zero" in choice.name:
            clauses.append(choice.name.format(end))
        elif choice.cost:
            verb = "is" if choice.name.endswith("line") else "are"
            clauses.append(f"{choice.name.format(end)} of the result {verb} left zero")
    return clauses + ([law.use.name] if law.use.name else [])


def _shift(law: Law, line: str, low: str) -> list[str]:
    """Return by how much the result stands too low, and what happens to what it leaves."""
    if not law.shift.cost:
        return []
    if law.shift.name.startswith("none"):
        return ["only as many results are computed as follow from the sizes, and the others are left zero"]
    back = law.shift.name.startswith("−")
    by = law.shift.name.removeprefix("−")
    far = {"low": "high", "far right": "far left", "far": "far back"}[low] if back else low
    count = {"1": f"one {line}", "2": f"two {line}s"}.get(by, f"{by} {line}s")
    if law.rolled:
        return [f"everything stands {count} too {far}, with what leaves at one end coming in at the other"]
    freed = "what is freed" if by != "1" else f"the {'last' if back else 'first'} {line}"
    return [f"everything stands {count} too {far}, with {freed} left zero"]


def _view(fit: Fit, view: View) -> str:
    if view.flips:
        axes = {(2, 3): "", (2,): " along the rows", (3,): " along the columns"}[view.flips]
        return f"the {called(fit, view.which)} is read backwards{axes}"
    weight = dict(zip(("result", "second", "first"), roles(fit.operation), strict=True))[view.which] == "weight"
    names = [(WEIGHT_AXES if weight else AXES)[n] for n in view.lies]
    order, plain = ", ".join(names[n] for n in view.order), ", ".join(names)
    laid, taken = (plain, order) if view.back else (order, plain)
    if view.shaped:
        return f"the result has the shape ({order}) with its numbers in the order of ({plain})"
    if view.kept:
        return f"the axes of the result are ({order}) in place of ({plain})"
    verb = "stored" if view.which == "result" else "read"
    return f"the numbers of the {called(fit, view.which)}, laid out as ({laid}), are {verb} as if they were ({taken})"


def _silent(silent: tuple[Geometry, ...]) -> str:
    shapes = [f"a {_by(g.kernel)} kernel on a {_by(g.input)} image" for g in silent]
    more = f" and {len(shapes) - 1} other shapes" if len(shapes) > 1 else ""
    return f"it gives no answer for {shapes[0]}{more}"


def _by(sizes: tuple[int, ...]) -> str:
    return " × ".join(map(str, sizes))


def _joined(clauses: list[str]) -> str:
    return ", and ".join([", ".join(clauses[:-1]), clauses[-1]] if len(clauses) > 1 else clauses)


def _size(name: str, line: str) -> str:
    if name.startswith("one "):
        return name.replace(" than asked", f" {line}")
    return f"{name} {line}s" if any(sign in name for sign in "+−/·") and not name.startswith("the ") else name


def formula(law: Law, plane: bool) -> str:
    """Return the relation as it is written: `i = stride · o + dilation · k − padding`; `i = o + k` for planes."""
    s, d, p = (choice.name for choice in (law.stride, law.dilation, law.padding))
    if plane:  # stride and dilation are 1 there, and padding is 0
        s, d = s if "kernel" in s else "1", "0" if d == "0" else "1"
        p = p.removeprefix("padding").strip().replace("dilation · ", "") or "0"
    step, wide = (("" if name == "1" else f"{_bracketed(name)} · ") for name in (s, d))
    if law.reversed and law.padding.name == "kernel − 1":
        return f"i = {step}o − {wide}k".replace("+ −", "− ")
    if p[0] in "+−":
        moved = f" {'−' if p[0] == '+' else '+'} {_bracketed(p[1:].strip())}"
    else:
        moved = "" if p == "0" else f" − {_bracketed(p)}"
    return f"i = {step}o{moved}" if d == "0" else f"i = {step}o + {wide}k{moved}"


def _bracketed(text: str) -> str:
    """Return a sum in brackets, so that a minus before it means all of it."""
    return f"({text})" if " + " in text or (" − " in text and ")" not in text) else text


def as_dict(fit: Fit) -> dict[str, Any]:
    """Return the fit for programs: a pair of values, rows and columns, for everything that belongs to an axis."""
    laws = (fit.rows, fit.columns)
    leading = fit.leading
    return {
        **{name: [getattr(law, name).name for law in laws] for name in ("stride", "dilation", "padding", "size")},
        "flip": [law.reversed for law in laws],
        "border": [fit.border if law.border == AS_ASKED else law.border for law in laws],
        "offset": [[law.head.name.format("first"), law.tail.name.format("last")] for law in laws],
        "shift": [law.shift.name + (" around the end" if law.rolled else "") for law in laws],
        "mirrored": [law.mirrored for law in laws],
        "whole_windows": [law.whole for law in laws],
        "clamped": [law.clamped for law in laws],
        "every": [law.every for law in laws],
        "aliased": [law.aliased for law in laws],
        "dropped": [law.use.name for law in laws],
        "axes": sorted(fit.exchanged),
        "layout": None if fit.view is None else _view(fit, fit.view),
        "images": leading.images.name or "all",
        "filters": leading.filters.name or "all",
        "channels": leading.channels.name or "all",
        "scale": fit.scale.name or "1",
        "fill": fit.fill,
        "running": RUNNING.get(fit.running),
        "silent": len(fit.silent),
    }
