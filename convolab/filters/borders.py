"""What lies beyond the border? The middle of an image is filtered as it lies, only the frame from padded copies.

The frames at both ends are filtered in one pass, and so are those at both sides of a low image. Large kernels have wide
frames, whose windows overlap: there a padded copy of all rows, block by block, costs less. It does for small images
too, which cost little more than their calls.

valid        nothing: the output is smaller than the image by the kernel less one
zeros        0 0 | 1 2 3 4 | 0 0
reflect      3 2 | 1 2 3 4 | 3 2
symmetric    2 1 | 1 2 3 4 | 4 3
replicate    1 1 | 1 2 3 4 | 4 4
circular     3 4 | 1 2 3 4 | 1 2
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from convolab.errors import ArgumentError, unknown
from convolab.filters import memory
from convolab.filters.plan import Plan
from convolab.filters.separable import Filter
from convolab.geometry import PADDING_MODES

# The modes that keep the size, each with what numpy.pad calls it: those of a convolution, and one more.
PADDING = {mode: PADDING_MODES.get(mode, mode) for mode in ("zeros", "reflect", "symmetric", "replicate", "circular")}
MODES = ("valid", *PADDING)
# What other libraries call the same thing.
SYNONYMS = {"mirror": "reflect", "nearest": "replicate"}
SYNONYMS |= {theirs: ours for ours, theirs in PADDING.items() if theirs != ours}


LARGE = 24  # pixels on a side of a kernel from which rows are copied with their padding
SMALL_BYTES = 1 << 19  # of an image whose rows are copied for a kernel of any size: it costs less than more calls
BLOCK_BYTES = 24 << 20  # of such a copy
TALL = 512  # rows from which each side is filtered by itself, into its place


def check_mode(mode: str) -> str:
    if mode in MODES:
        return mode
    hint = f" What others call {mode} is {SYNONYMS[mode]} here." if mode in SYNONYMS else ""
    raise ArgumentError(f"mode: {unknown(mode, MODES)} Expected one of {', '.join(MODES)}.{hint}")


def reach(kernel: int) -> tuple[int, int]:
    """Return how many pixels a window reaches before and behind its own; an even kernel reaches one further behind."""
    return (kernel - 1) // 2, kernel // 2


def start(mode: str, kernel: tuple[int, int]) -> tuple[int, int]:
    """Return which row and column of the image the first pixel of the output lies on."""
    return (reach(kernel[0])[0], reach(kernel[1])[0]) if mode == "valid" else (0, 0)


def output_shape(plan: Plan, size: tuple[int, ...], mode: str) -> tuple[int, int]:
    """Return (height, width) of the output for an image of `size`, in pixels."""
    return output_size(plan.filter, size, mode)


def output_size(filter: Filter, size: tuple[int, ...], mode: str) -> tuple[int, int]:
    """Return (height, width) of the output of a filter for an image of `size`, in pixels."""
    if mode != "valid":
        return size[0], size[1]
    height, width = (n - k + 1 for n, k in zip(size, filter.shape, strict=True))
    if height < 1 or width < 1:
        kernel = " × ".join(map(str, filter.shape))
        raise ArgumentError(
            f"image: {size[0]} × {size[1]} pixels are fewer than the {kernel} of the {filter.name} kernel. "
            f'Expected at least {kernel} for mode="valid", or another mode: {", ".join(MODES[1:])}.'
        )
    return height, width


@lru_cache(maxsize=256)
def index(mode: str, start: int, stop: int, size: int) -> np.ndarray:
    """Return, for each position start … stop - 1, which of 0 … size - 1 has its value; -1 where it is zero."""
    i = np.arange(start, stop)
    if mode == "circular":
        i = i % size
    elif mode == "replicate":
        i = i.clip(0, size - 1)
    elif mode == "symmetric":
        i = i % (2 * size)
        i = np.minimum(i, 2 * size - 1 - i)
    elif mode == "reflect":
        period = max(2 * size - 2, 1)
        i = np.abs((i + size - 1) % period - (size - 1)) if size > 1 else i * 0
    else:
        i = np.where((i < 0) | (i >= size), -1, i)
    i.flags.writeable = False  # it is kept for the next call
    return i


def take(pixels: np.ndarray, positions: np.ndarray, axis: int, step: int = 1) -> np.ndarray:
    """Return the rows (axis 0) or columns (axis 1, each `step` elements wide) at these positions, zero at -1."""
    if not positions.size:
        return pixels[(slice(None),) * axis + (slice(0, 0),)]
    outside = positions < 0
    beyond = bool(outside.any())
    inside = positions[~outside] if beyond else positions
    if inside.size:  # NumPy copies all of an array that is not dense before it takes anything
        first, last = int(inside.min()), int(inside.max()) + 1
        pixels = pixels[(slice(None),) * axis + (slice(first * step, last * step),)]
        positions = positions - first
    spread = (positions[:, None] * step + np.arange(step)).ravel() if step > 1 else positions
    taken = pixels.take(spread, axis, mode="clip")
    if beyond:
        taken[(slice(None),) * axis + (np.repeat(outside, step),)] = 0
    return taken


def stretch(pixels: np.ndarray, mode: str, first: int, last: int) -> np.ndarray:
    """Return the rows first … last - 1 of an image, those beyond its border too; a view where there are none."""
    height = len(pixels)
    if first >= 0 and last <= height:
        return pixels[first:last]
    inside = pixels[max(first, 0) : min(last, height)]
    above = take(pixels, index(mode, first, min(0, last), height), 0)
    below = take(pixels, index(mode, max(height, first), last, height), 0)
    return np.concatenate([above, inside, below])


def _is_framed(plan: Plan, pixels: np.ndarray) -> bool:
    return max(plan.filter.shape) >= LARGE or pixels.nbytes <= SMALL_BYTES


def framed(
    pixels: np.ndarray, mode: str, first: int, last: int, before: int, behind: int, step: int = 1
) -> np.ndarray:  # fmt: skip
    """Return a copy of the rows first … last - 1, those beyond the border too, with what lies at both their ends."""
    height, size = len(pixels), pixels.shape[1] // step
    low, high = max(first, 0), min(last, height)
    result = memory.empty((last - first, (before + size + behind) * step, *pixels.shape[2:]), pixels.dtype)
    middle = result[:, before * step : (before + size) * step]
    middle[low - first : high - first] = pixels[low:high]
    if first < 0:
        middle[: low - first] = take(pixels, index(mode, first, min(0, last), height), 0)
    if last > height:
        middle[high - first :] = take(pixels, index(mode, max(height, first), last, height), 0)
    if before:
        result[:, : before * step] = take(middle, index(mode, -before, 0, size), 1, step)
    if behind:
        result[:, (before + size) * step :] = take(middle, index(mode, size, size + behind, size), 1, step)
    return result


def columns(plan: Plan, rows: np.ndarray, outs: list[np.ndarray], mode: str, valid: Callable) -> None:
    """Filter rows that already reach beyond the border above and below, in all columns of the output."""
    if mode == "valid":
        return valid(plan, rows, outs)
    kernel, step, width = plan.filter.shape[1], plan.step, rows.shape[1] // plan.step
    before, behind = reach(kernel)
    if width < kernel:
        return valid(plan, take(rows, index(mode, -before, width + behind, width), 1, step), outs)
    if _is_framed(plan, rows):
        return valid(plan, framed(rows, mode, 0, len(rows), before, behind, step), outs)
    valid(plan, rows, [out[:, before * step : (width - behind) * step] for out in outs])
    if kernel > 1:
        (_each_side if len(rows) >= TALL else _sides)(plan, rows, outs, mode, valid)


def _each_side(plan: Plan, rows: np.ndarray, outs: list[np.ndarray], mode: str, valid: Callable) -> None:
    """Filter the columns at each border into their place: of a tall image the frames cost more than the calls."""
    (before, behind), step, width = reach(plan.filter.shape[1]), plan.step, rows.shape[1] // plan.step
    for first, last in ((0, before), (width - behind, width)):
        if first < last:
            padded = take(rows, index(mode, first - before, last + behind, width), 1, step)
            valid(plan, padded, [out[:, first * step : last * step] for out in outs])


def _sides(plan: Plan, rows: np.ndarray, outs: list[np.ndarray], mode: str, valid: Callable) -> None:
    """Filter the columns at both borders in one pass over the two frames, laid side by side."""
    (before, behind), step, width = reach(plan.filter.shape[1]), plan.step, rows.shape[1] // plan.step
    frames = [take(rows, index(mode, first, last, width), 1, step) for first, last in _frames(width, before, behind)]
    results = [np.empty((len(out), 2 * (before + behind) * step), out.dtype) for out in outs]
    valid(plan, np.concatenate(frames, axis=1), results)
    for out, result in zip(outs, results, strict=True):
        out[:, : before * step] = result[:, : before * step]
        out[:, (width - behind) * step :] = result[:, result.shape[1] - behind * step :]


def _frames(size: int, before: int, behind: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where the windows of the first `before` and the last `behind` outputs begin and end."""
    return (-before, before + behind), (size - behind - before, size + behind)


def filter_rows(plan: Plan, pixels: np.ndarray, outs: list[np.ndarray], mode: str, valid: Callable) -> None:
    """Filter a whole image into `outs`, with the border mode above, below and at both sides."""
    if mode == "valid":
        return valid(plan, pixels, outs)
    height, kernel = len(pixels), plan.filter.shape[0]
    before, behind = reach(kernel)
    if _is_framed(plan, pixels):
        block = max(2 * kernel, BLOCK_BYTES // pixels[0].nbytes)
        for first in range(0, height, block):
            last = min(first + block, height)
            sides = reach(plan.filter.shape[1])
            rows = framed(pixels, mode, first - before, last + behind, *sides, plan.step)
            valid(plan, rows, [out[first:last] for out in outs])
        return None
    if height < kernel:
        return columns(plan, take(pixels, index(mode, -before, height + behind, height), 0), outs, mode, valid)
    columns(plan, pixels, [out[before : height - behind] for out in outs], mode, valid)
    if kernel > 1:
        _ends(plan, pixels, outs, mode, valid)


def _ends(plan: Plan, pixels: np.ndarray, outs: list[np.ndarray], mode: str, valid: Callable) -> None:
    """Filter the rows at both borders in one pass over the two frames, laid one below the other."""
    before, behind = reach(plan.filter.shape[0])
    frames = [take(pixels, index(mode, *ends, len(pixels)), 0) for ends in _frames(len(pixels), before, behind)]
    sides = reach(plan.filter.shape[1])
    rows = np.concatenate(frames)
    results = [np.empty((2 * (before + behind), out.shape[1]), out.dtype) for out in outs]
    if pixels.shape[1] // plan.step < plan.filter.shape[1]:
        columns(plan, rows, results, mode, valid)
    else:
        valid(plan, framed(rows, mode, 0, len(rows), *sides, plan.step), results)
    for out, result in zip(outs, results, strict=True):
        out[:before] = result[:before]
        out[len(out) - behind :] = result[len(result) - behind :]
