"""Does an index run on in memory? Over the end of a row into the next one, or by steps that are not the array's own."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from convolab.definition.mistakes import agree
from convolab.verify.examine import Asked, Examination
from convolab.verify.layouts import Layout

# Which places are read: in words, and as a test of row, column, place in the plane and in memory; and of the sizes.
BOUNDS = {
    "anywhere in the array": lambda y, x, inner, at, h, w, size: (at >= 0) & (at < size),
    "anywhere in the plane": lambda y, x, inner, at, h, w, size: (inner >= 0) & (inner < h * w),
    "while the row is inside": lambda y, x, inner, at, h, w, size: (y >= 0) & (y < h) & (at >= 0) & (at < size),
    "while the column is inside": lambda y, x, inner, at, h, w, size: (x >= 0) & (x < w) & (at >= 0) & (at < size),
    "while row and column are less than the height": (
        lambda y, x, inner, at, h, w, size: (np.minimum(y, x) >= 0) & (np.maximum(y, x) < h) & (at < size)
    ),
    "while row and column are less than the width": (
        lambda y, x, inner, at, h, w, size: (np.minimum(y, x) >= 0) & (np.maximum(y, x) < w) & (at < size)
    ),
    "anywhere, from the other end where it is negative": (
        lambda y, x, inner, at, h, w, size: (at >= -size) & (at < size)
    ),
    "up to the last row and column, from the other end where it is negative": (
        lambda y, x, inner, at, h, w, size: (y < h) & (x < w) & (at >= -size)
    ),
    "while row and column are inside": (
        lambda y, x, inner, at, h, w, size: (np.minimum(y, x) >= 0) & (y < h) & (x < w)
    ),
}
# How far apart rows are taken to lie: in words, and by (height, width) of the array itself, the image, the padded image
# and the result.
WIDTHS = {
    "it is high": lambda here, own, padded, result: here[0],
    "the unpadded one is wide": lambda here, own, padded, result: own[1],
    "the unpadded one is high": lambda here, own, padded, result: own[0],
    "the padded one is wide": lambda here, own, padded, result: padded[1],
    "the result is wide": lambda here, own, padded, result: result[1],
}
# Which of its own steps an array takes for rows and for columns.
STEPS = {
    "that from row to row is taken for the columns too": (2, 2),
    "that from column to column is taken for the rows too": (3, 3),
    "those of rows and columns are exchanged": (3, 2),
}


@dataclass(frozen=True)
class _Way:
    """One way to find places in memory: bounds, the padded image in place of the image, and steps of its own."""

    said: str
    bound: str = "anywhere in the array"
    padded: bool = False
    width: str = ""
    image_steps: tuple[int, int] = (2, 3)
    weight_steps: tuple[int, int] = (2, 3)


def _ways() -> Iterator[_Way]:
    said = "beyond the end of a row the index runs on in memory, and reads what lies there, "
    yield from (_Way(said + bound, bound) for bound in BOUNDS if "are inside" not in bound)
    for width in WIDTHS:
        for padded, whose in ((True, "the padded image"), (False, "the image")):
            text = f"the rows of {whose} are taken to lie as far apart in memory as {width}"
            yield from (_Way(text, bound, padded, width) for bound in list(BOUNDS)[:2])
    for words, steps in STEPS.items():
        yield _Way(f"of the kernel's steps in memory {words}", "while row and column are inside", weight_steps=steps)
        yield from (_Way(f"of the image's steps in memory {words}", padded=p, image_steps=steps) for p in (False, True))


WAYS = tuple(_ways())


def of_memory(examination: Examination) -> tuple[str, str] | None:
    """Return `wrong-index` and what is read in place of zeros, or of the own rows; None where nothing runs on.

    Results that stand in each other's places are told here too: `filters-mixed`.
    """
    some = [a for a in examination.asked if a.probe.manner in ("integers", "fractions") and not a.probe.larger]
    some = [a for a in some if a.trial.got is not None and a.arrays.get("bias") is None]
    some.sort(key=lambda a: a.right)  # a wrong one first, which most ways fail at once
    if examination.target.operation != "forward" or sum(not a.right for a in some) < 3:
        return None
    layout, turned = examination.form.layout, examination.convention.flip
    if "m" in layout.weight and all(_is_by_filter_first(a) for a in some):
        said = "result c · m + q, of channel c and its filter q, stands at q · C + c, all first filters in front"
        return "filters-mixed", said
    if layout.is_depthwise or layout.is_line or any(a.probe.geometry.groups > 1 or has_another_shape(a) for a in some):
        return None
    found = next((way for way in WAYS if all(_is_so(layout, a, way, turned=turned) for a in some)), None)
    return ("wrong-index", found.said) if found else None


def _is_by_filter_first(asked: Asked) -> bool:
    """Return whether an answer has the results of all channels' first filters before those of their second."""
    g, expected = asked.probe.geometry, asked.trial.expected
    apart = expected.reshape(g.batch, g.groups, -1, *g.output).swapaxes(1, 2).reshape(expected.shape)
    return not has_another_shape(asked) and agree(np.asarray(asked.trial.got), apart, asked.trial.tolerance)


def has_another_shape(asked: Asked) -> bool:
    """Return whether an answer has another shape than the right one, or is none."""
    return asked.trial.got is None or asked.trial.got.shape != asked.trial.expected.shape


def _is_so(layout: Layout, asked: Asked, way: _Way, *, turned: bool) -> bool:
    """Return whether an answer is what the places in memory give, as far as they lie in the array."""
    g, image = asked.probe.geometry, np.asarray(asked.arrays["input"], float)
    y, x = g.axes
    before, own = (y.before, x.before), image.shape[2:]
    wide = np.pad(image, ((0, 0), (0, 0), (y.before, y.after), (x.before, x.after)))
    if way.padded:
        image, before = wide, (0, 0)
    (n, c, h, w), (pixels, apart) = image.shape, _memory(layout, "input", image)
    row, column = (apart[axis] for axis in way.image_steps)
    if way.width:
        row = row // w * WIDTHS[way.width]((h, w), own, wide.shape[2:], g.output)
    places = (np.arange(n) * apart[0])[:, None, None, None] + (np.arange(c) * apart[1])[:, None, None]
    weights = _weights(layout, asked, way, turned=turned)
    total, known = np.zeros(g.output_shape), np.ones((n, 1, *g.output), bool)
    for ky, kx in np.ndindex(*g.kernel):
        at_y = (y.stride * np.arange(y.output) + y.dilation * ky - before[0])[:, None]
        at_x = x.stride * np.arange(x.output) + x.dilation * kx - before[1]
        place = row * at_y + column * at_x + places
        read = BOUNDS[way.bound](at_y, at_x, row // column * at_y + at_x, place, h, w, pixels.size)
        values = np.where(read, pixels[np.clip(place, -pixels.size, pixels.size - 1)], 0.0)
        total += np.einsum("nchw,fc->nfhw", values, weights[:, :, ky, kx])
        if way.width:  # what lies behind the array is anybody's
            known &= np.broadcast_to((place < pixels.size) & read, values.shape).all(1, keepdims=True)
    kept, allowed = np.broadcast_to(known, total.shape), asked.trial.tolerance
    got, expected = np.asarray(asked.trial.got)[kept], asked.trial.expected[kept]
    return agree(got, total[kept], allowed) and (asked.right or not agree(got, expected, allowed))


def _memory(layout: Layout, role: str, array: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Return an array's elements as they lie in memory, and by how many places each of its four axes steps."""
    flat = layout.sent(role, array)
    places = layout.taken(role, np.arange(flat.size).reshape(flat.shape))
    steps = [int(np.take(places, 1, n).flat[0]) if places.shape[n] > 1 else 1 for n in range(4)]
    return np.ascontiguousarray(flat).ravel(), steps


def _weights(layout: Layout, asked: Asked, way: _Way, *, turned: bool) -> np.ndarray:
    """Return the weights (filter, channel, row, column) that the steps in memory find; zeros beyond the array."""
    weight = np.asarray(asked.arrays["weight"], float)
    if way.weight_steps == (2, 3):
        return weight
    weight = weight[..., ::-1, ::-1] if turned else weight  # as it lies
    memory, apart = _memory(layout, "weight", weight)
    f, c, ky, kx = np.indices(weight.shape)
    place = f * apart[0] + c * apart[1] + ky * apart[way.weight_steps[0]] + kx * apart[way.weight_steps[1]]
    found = np.where(place < memory.size, memory[np.clip(place, 0, memory.size - 1)], 0.0)
    return found[..., ::-1, ::-1] if turned else found
