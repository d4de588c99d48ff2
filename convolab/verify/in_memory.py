"""Does an index run on in memory? Over the end of a row into the next one, or in a view with rows of another width."""

from typing import NamedTuple

import numpy as np

from convolab.definition.mistakes import agree
from convolab.verify.examine import Asked, Examination

# Which places are read: in words, and as a test of (row, column, place in memory, rows, columns, elements).
BOUNDS = {
    "anywhere in the array": lambda y, x, at, h, w, size: (at >= 0) & (at < size),
    "anywhere in the plane": lambda y, x, at, h, w, size: (y * w + x >= 0) & (y * w + x < h * w),
    "while the row is inside": lambda y, x, at, h, w, size: (y >= 0) & (y < h) & (at >= 0) & (at < size),
    "while the column is inside": lambda y, x, at, h, w, size: (x >= 0) & (x < w) & (at >= 0) & (at < size),
    "anywhere, from the other end where it is negative": lambda y, x, at, h, w, size: (at >= -size) & (at < size),
    "up to the last row and column, from the other end where it is negative": (
        lambda y, x, at, h, w, size: (y < h) & (x < w) & (at >= -size)
    ),
}


class _Width(NamedTuple):
    """How far apart the rows are taken to lie: in words, and as a number of columns."""

    words: str
    columns: int


def of_memory(examination: Examination) -> tuple[str, str] | None:
    """Return `wrong-index` and what is read in place of zeros, or of the own rows; None where nothing runs on."""
    some = [a for a in examination.asked if a.probe.manner in ("integers", "fractions") and not a.probe.larger]
    some = [a for a in some if a.trial.got is not None and a.arrays.get("bias") is None]
    wrong = [a for a in some if not a.right]
    if examination.target.operation != "forward" or len(wrong) < 3 or any(a.probe.geometry.groups > 1 for a in some):
        return None
    if examination.form.layout.is_depthwise or any(a.trial.got.shape != a.trial.expected.shape for a in wrong):
        return None
    wrong += [a for a in some if a.right]
    for bound in BOUNDS:
        if all(_is_so(examination, a, bound, padded=False, width=0) for a in wrong):
            return (
                "wrong-index",
                f"beyond the end of a row the index runs on in memory: what lies there is read, {bound}",
            )
    for width in range(1, 4):
        for padded in (False, True):
            if all(_is_so(examination, a, "anywhere in the array", padded=padded, width=width) for a in wrong):
                whose = "the padded image" if padded else "the image"
                words = _widths(wrong[0], padded=padded)[width].words
                return "wrong-index", f"the rows of {whose} are taken to lie as far apart in memory as {words}"
    return None


def _widths(asked: Asked, *, padded: bool) -> list[_Width]:
    rows, columns = asked.probe.geometry.axes
    more = [a.before + a.after for a in (rows, columns)]
    own = [_Width("it is wide", columns.input + more[1]), _Width("it is high", rows.input + more[0])]
    if padded:
        own += [_Width("the unpadded one is wide", columns.input), _Width("the unpadded one is high", rows.input)]
        return own
    own = [_Width("it is wide", columns.input), _Width("it is high", rows.input)]
    return [
        *own,
        _Width("the result is wide", columns.output),
        _Width("the padded one is wide", columns.input + more[1]),
    ]


def _is_so(examination: Examination, asked: Asked, bound: str, *, padded: bool, width: int) -> bool:
    """Return whether an answer is what the places in memory give."""
    g, image = asked.probe.geometry, np.asarray(asked.arrays["input"], float)
    y, x = g.axes
    before = (y.before, x.before)
    if padded:
        image = np.pad(image, ((0, 0), (0, 0), (y.before, y.after), (x.before, x.after)))
        before = (0, 0)
    (n, c, h, w), flat = image.shape, examination.form.layout.sent("input", image)
    steps = examination.form.layout.taken("input", np.arange(flat.size).reshape(flat.shape))
    apart = [int(np.take(steps, 1, axis).flat[0] - steps.flat[0]) if image.shape[axis] > 1 else 0 for axis in range(4)]
    row, column = (apart[axis] or step for axis, step in ((2, w), (3, 1)))
    row = row // w * _widths(asked, padded=padded)[width].columns
    image_at, channel_at = (np.arange(size) * step for size, step in zip((n, c), apart[:2], strict=True))
    memory, total = np.ascontiguousarray(flat).ravel(), np.zeros(g.output_shape)
    known = np.ones((n, 1, *g.output), bool)
    for ky, kx in np.ndindex(*g.kernel):
        at_y = (y.stride * np.arange(y.output) + y.dilation * ky - before[0])[:, None]
        at_x = x.stride * np.arange(x.output) + x.dilation * kx - before[1]
        place = row * at_y + column * at_x + image_at[:, None, None, None] + channel_at[:, None, None]
        read = BOUNDS[bound](at_y, at_x, place, h, w, flat.size)
        values = np.where(read, memory[np.clip(place, -flat.size, flat.size - 1)], 0.0)
        total += np.einsum("nchw,fc->nfhw", values, np.asarray(asked.arrays["weight"], float)[:, :, ky, kx])
        known &= read.all(1, keepdims=True) | (width == 0)  # what lies behind a view's array is anybody's
    kept = np.broadcast_to(known, total.shape)
    return kept.mean() > 0.5 and agree(np.asarray(asked.trial.got)[kept], total[kept], asked.trial.tolerance)
