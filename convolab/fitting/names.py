"""What is the difference called? From a fit the list of its differences, each with a code, and the code of them all.

Codes are those of the catalogue of mistakes; NEW says the few that are no mistake there.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from convolab.fitting.conventions import convention
from convolab.fitting.fit import Fit
from convolab.fitting.laws import Law
from convolab.fitting.rules import AS_ASKED, SIZES, roles
from convolab.fitting.views import View

UNRECOGNISED, OTHER_CONVENTION = "unrecognised", "other-convention"
MOST = 3
# Codes that the catalogue of mistakes has no entry for.
NEW = {
    "argument-returned": "What was handed in comes back in place of the result.",
    "bias-axis": "The bias is added along another axis than the channels.",
    "bias-first-only": "Only the first value of the bias is used.",
    "bias-multiplied": "The result is multiplied by the bias.",
    "bias-scaled": "A part of the bias is added.",
    "bias-sign": "The bias is subtracted.",
    "accumulator-not-reset": "The sum is not set back to zero before the next element, and runs on.",
    "aliased-lines": "All rows, or all columns, of the result are one and the same.",
    "batch-for-channel": "Images of the batch and channels are exchanged.",
    "batch-not-summed": "Each image of the batch keeps a sum of its own where one sum over all was asked for.",
    "batch-summed": "The images of the batch are added up where each has a result of its own.",
    "channels-mixed": "The channels are brought together in another way than asked.",
    "bias-gradient-axes": "The gradient of the bias is not summed over all of its axes, or over one too many.",
    "clamped-window": "A window that would leave the image is moved back into it.",
    "dilation-changed": "The kernel's positions are another distance apart than asked.",
    "dilated-image": "The image is dilated in place of the kernel.",
    "dilation-one-axis": "The dilation acts along one axis only.",
    "exchanged-results": "A backward pass returns its gradients in another order than asked.",
    "factors-exchanged": "Kernel and image are exchanged at the call.",
    "filters-for-channels": "Filters and input channels of the kernel are exchanged.",
    "filters-mixed": "Filters and output channels are brought together in another way than asked.",
    "flipped-output": "The result is in the opposite order.",
    "flipped-input": "The image is read backwards.",
    "flipped-upstream": "The output gradient is read backwards.",
    "groups-mixed": "Channels are read from another group than their own.",
    "images-mixed": "The images of the batch are brought together in another way than asked.",
    "image-ignored": "The image takes no part.",
    "layout": "The numbers of an array are laid out in one order of its axes and read in another.",
    "updated-too-early": "The weights are changed before the gradient is computed that needs them as they were.",
    "options-exchanged": "One option is used where another belongs: stride, padding or dilation.",
    "other-convention": "It is another convention's convolution, and right there.",
    "padding-changed": "The padding is another number than asked.",
    "padding-everywhere": "The batch and the channels are padded as well.",
    "pair-exchanged": "The two numbers of a pair are each used for the other's axis.",
    "rotated-kernel": "The kernel is turned by 90 degrees.",
    "shifted": "Everything stands by some lines beside its place.",
    "stride-changed": "The window moves by another step than asked.",
    "stride-remainder": "Positions that the stride does not lead to are taken as if it did.",
    "tap-misplaced": "Single weights meet other pixels than their own.",
    "factor-changed": "An array is changed before it is used.",
    "result-changed": "The result is changed after it is computed.",
    "wrong-index": "An index is computed from other numbers than its own.",
    "stride-twice": "The stride is used twice, in the range and in the index.",
}


class Difference(NamedTuple):
    """One difference from what was asked for, and along which axis: `rows`, `columns`, or neither in particular."""

    code: str
    where: str = ""


def differences(fit: Fit) -> list[Difference]:
    """Return the differences from what was asked for: rows before columns, the image before the kernel."""
    names = dict(zip(("result", "second", "first"), roles(fit.operation), strict=True))
    found = [
        Difference("transposed-input") for which in fit.exchanged if names[which] != "weight" and which != "result"
    ]
    found += [Difference("transposed-output")] if "result" in fit.exchanged else []
    kernel = next((which for which in ("second", "first") if names[which] == "weight"), "")
    turned, rows, columns = kernel in fit.exchanged, fit.rows, fit.columns
    if turned and rows.reversed != columns.reversed:
        return [*found, *_of_axes(fit, flips=False), Difference("rotated-kernel"), *_elsewhere(fit)]
    found += _of_axes(fit, flips=True)
    return [*found, *([Difference("transposed-kernel")] if turned else []), *_elsewhere(fit)]


def code(fit: Fit, *, plane: bool = True) -> str:
    """Return the code of the whole: one difference's own, a convention's, up to three joined, or `unrecognised`."""
    codes = list(dict.fromkeys(difference.code for difference in differences(fit)))
    if len(codes) > 1 and fit.border == "zeros" and convention(fit, plane=plane) is not None:
        return OTHER_CONVENTION
    return "+".join(codes) if len(codes) <= MOST else UNRECOGNISED


def _of_axes(fit: Fit, *, flips: bool) -> list[Difference]:
    """Return the differences along the axes: those of both, then of the rows, then of the columns."""
    rows, columns = (list(dict.fromkeys(_kinds(law, fit))) for law in (fit.rows, fit.columns))
    if fit.line:
        rows = columns
    sides = {"": [k for k in rows if k in columns], "rows": rows, "columns": columns}
    sides |= {where: [k for k in sides[where] if k not in sides[""]] for where in ("rows", "columns")}
    found = [Difference(one, where) for where, kinds in sides.items() for kind in kinds for one in _coded(kind, where)]
    return [d for d in found if flips or not d.code.startswith(("flipped-kernel", "flipped-rows", "flipped-columns"))]


def _coded(kind: str, where: str) -> list[str]:
    """Return the codes of a kind of difference along the rows, the columns, or (where empty) both."""
    if kind == "other-axis's number" and not where:
        return ["pair-exchanged"]
    if kind.startswith("other-axis"):
        return [
            code
            for side, code in (("rows", "width-for-height"), ("columns", "height-for-width"))
            if where != {"rows": "columns", "columns": "rows"}[side]
        ]
    one_axis = {"flipped-kernel": f"flipped-{where}"}
    one_axis |= {f"{option}-ignored": f"{option}-one-axis" for option in ("stride", "dilation", "padding")}
    return [one_axis.get(kind, kind) if where else kind]


def _kinds(law: Law, fit: Fit) -> Iterator[str]:
    """Yield what differs along one axis, each by the code that it has along both; the image first, then the kernel."""
    yield from _step(law)
    yield from _place(replace(law, size=SIZES[0]) if fit.has_the_size_asked(law) else law)
    if law.border == "negative index":
        yield "negative-index"
    elif law.border != AS_ASKED:
        yield "padding-mode"
    if law.mirrored and law.reversed:
        yield "flipped-input"
    elif law.mirrored:
        yield "flipped-output" if law.size.name == "the size that was asked for" else "factors-exchanged"
    elif law.reversed:
        yield "flipped-kernel"
    if law.use.name:
        yield _used(law.use.name)


def _step(law: Law) -> Iterator[str]:
    """Yield what differs in stride and dilation."""
    for option, name in (("stride", law.stride.name), ("dilation", law.dilation.name)):
        if name == "1" or name.startswith("(dilation"):
            yield f"{option}-ignored"
        elif "other axis" in name:
            yield "other-axis's number"
        elif name in ("stride", "dilation", "padding", "max(padding, 1)") and name != option:
            yield "options-exchanged"
        elif name == "stride²":
            yield "stride-twice"
        elif name != option:
            yield f"{option}-changed"
    if law.floored:
        yield "stride-remainder"
    if law.aliased:
        yield "aliased-lines"
    if law.every or _divided_again(law) or "stride" in law.head.name + law.tail.name:
        yield "stride-twice"


def _divided_again(law: Law) -> bool:
    """Return whether the size is divided by the stride a second time."""
    return "follows" in law.size.name and "stride" in law.size.name


def _place(law: Law) -> Iterator[str]:
    """Yield the one thing that differs in where results stand and how many there are; now and then two."""
    padding, size = law.padding.name, law.size.name
    as_asked = size == "the size that was asked for"
    moved = law.shift.name if law.shift.cost else padding.removeprefix("padding ").replace(" ", "")
    if law.clamped:
        yield "clamped-window"
    elif padding == "the padding of the other axis":
        yield "other-axis's number"
    elif "other axis" in padding + size:
        yield "other-axis"
    elif padding in ("padding", "0") and size == "the size for padding at one end":
        yield "padding-one-side"
    elif padding == "0" or padding.startswith("(padding, or 0"):
        yield "padding-ignored"
        if not as_asked and size != "the size that follows":
            yield "output-size"
    elif padding in ("stride", "dilation"):
        yield "options-exchanged"
    elif padding == "2 · padding" and as_asked:
        yield "padding-one-side"  # all of it stands before
    elif padding in ("1", "2 · padding", "padding // 2"):
        yield "padding-changed"
    elif law.dilation.name == "1" and padding in ("(kernel − 1) // 2", "kernel // 2") and as_asked:
        pass  # what the input's size asks for without dilation
    elif padding == "padding" and size == "the size that follows" and (law.stride.cost or law.dilation.cost):
        pass  # the size belongs to the step
    elif padding == "kernel − 1" and law.reversed and as_asked:
        pass  # i = o − k, where the kernel is used backwards
    elif _divided_again(law):
        pass  # so does this one
    elif not as_asked:
        yield "output-size"
    elif moved in ("1", "−1", "+1"):
        yield "off-by-one"
    elif moved != "padding":
        yield "shifted"
    elif law.whole or law.head.cost or law.tail.cost:
        yield from [] if "stride" in law.head.name + law.tail.name else ["missing-border"]


def _used(name: str) -> str:
    """Return the code of a choice among the products."""
    if "other axis" in name:
        return "other-axis"
    if "stride" in name:
        return "stride-twice"
    if name.startswith(("only", "of all products only")):
        return "overwrites"
    return "first-tap-dropped" if "first" in name else "last-tap-dropped"


def _elsewhere(fit: Fit) -> Iterator[Difference]:
    """Yield what differs in the leading places, in the factor of all products, and in the order of the numbers."""
    if fit.fill:
        yield Difference("padding-mode")
    yield from (Difference(code) for code in dict.fromkeys(_leading(fit)))
    if fit.view is not None and fit.view.flips:
        name = dict(zip(("result", "second", "first"), roles(fit.operation), strict=True))[fit.view.which]
        yield Difference({"input": "flipped-input", "weight": "flipped-kernel"}.get(name, "flipped-upstream"))
    elif fit.view is not None:
        yield Difference(_laid_out(fit, fit.view))
    if fit.running:
        yield Difference("accumulator-not-reset")
    if fit.scale.name:
        yield Difference(_scaled(fit))


def _laid_out(fit: Fit, view: View) -> str:
    """Return the code of an array whose axes are taken in another order."""
    name = dict(zip(("result", "second", "first"), roles(fit.operation), strict=True))[view.which]
    if view.order != (1, 0, 2, 3) or view.lies != (0, 1, 2, 3):
        return "layout"
    return "filters-for-channels" if name == "weight" else "batch-for-channel"


def _scaled(fit: Fit) -> str:
    factor = fit.scale.name
    means = {"number of products", "size of the kernel", "size of the output", "batch · size of the output"}
    known = {"−1": "sign", "1 / (number of input channels)": "channel-mean", "1 / (size of the batch)": "batch-mean"}
    if fit.operation == "input_gradient":
        known["1 / (number of filters)"] = "channel-mean"
    return known.get(factor, "mean-for-sum" if factor[4:].strip("()") in means else "scaled")


def _leading(fit: Fit) -> Iterator[str]:
    """Yield the codes of how images, filters and channels are brought together."""
    images, filters, channels = (choice.name for choice in fit.leading[:3])
    if any("pad" in said for said in fit.leading.said(fit.operation)):
        yield "padding-everywhere"
    for axis, size in enumerate(fit.leading.sizes):
        if "only one" in size.name:
            first = (
                ("first-filter-only", "first-channel-only")
                if fit.operation == "weight_gradient"
                else ("batch-zero-only", "first-filter-only")
            )
            yield first[axis]
    if fit.apart:
        yield "batch-not-summed"
    yield from _link(images, "batch-zero-only", "batch-summed", "images-mixed")
    yield from _link(filters, "first-filter-only", "filters-mixed", "filters-mixed")
    if "group" in channels or fit.leading.group:
        yield "groups-ignored" if channels.endswith("first") else "groups-mixed"
    else:
        last = "last-channel-dropped" if "left out" in channels else "channels-mixed"
        yield from _link(channels, "first-channel-only", "channels-mixed", last)


def _link(name: str, first: str, everyone: str, other: str) -> Iterator[str]:
    if not name or "padded" in name:
        return
    if "keeps the sums" in name:
        yield "accumulator-not-reset"
    elif name.startswith("only the last"):
        yield "overwrites"
    elif "meets every" in name:
        yield everyone
    else:
        yield first if name.startswith("only the first") or name.endswith("first") else other
