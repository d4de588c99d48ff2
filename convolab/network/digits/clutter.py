"""Which strokes of a picture are certainly no digit?

The lines of the paper, what enters from the border, and a frame are recognised by their shape and place.
"""

import numpy as np

from convolab.network.digits.morphology import bounds, components


def clutter(mask: np.ndarray, faint: np.ndarray) -> tuple[np.ndarray | None, str]:
    """Find something in the mask that is certainly no digit: its own mask and a note, or None and an empty text.

    `faint` holds paler strokes too: of a printed line that is as pale as the threshold, the mask holds only pieces.
    """
    ruled = lines(faint)
    for part, name in (
        (ruled if (ruled & mask).any() else None, "lines of the paper"),
        (_edge_parts(mask), "what touches the border"),
        (frame(mask), "a frame"),
    ):
        if part is not None:
            return part, f"removed {name}"
    return None, ""


def border_share(mask: np.ndarray) -> float:
    """The fraction of the picture's border pixels that the mask holds."""
    ring = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    return float(ring.mean())


def longer_side(box) -> int:
    return max(box[2] - box[0], box[3] - box[1])


def _edge_parts(mask: np.ndarray) -> np.ndarray | None:
    """The parts that touch the border, or None where nothing else remains that could be a digit."""
    labels, count = components(mask)
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    touching = touching[touching > 0]
    if not touching.size or touching.size == count:
        return None
    at_border = np.isin(labels, touching)
    rest = mask & ~at_border
    largest = max(longer_side(bounds(labels == k)) for k in _largest(labels, rest))
    if border_share(at_border) > 0.3:
        needed = 0.04 * max(mask.shape)
    else:
        needed = 0.3 * max(longer_side(bounds(labels == k)) for k in touching)
    return at_border if largest >= needed else None


def _largest(labels: np.ndarray, mask: np.ndarray, count: int = 5) -> list[int]:
    """Numbers of the components with the most pixels of the mask."""
    sizes = np.bincount(labels[mask])
    return [int(k) for k in np.argsort(sizes)[::-1][:count] if sizes[k]]


def frame(mask: np.ndarray) -> np.ndarray | None:
    """A frame that is drawn around something, or None. A frame's pixels lie near the sides of its bounding box."""
    labels, count = components(mask)
    if count < 2:
        return None
    for k in _largest(labels, mask, 3):
        part = labels == k
        top, left, bottom, right = bounds(part)
        inside = mask[top:bottom, left:right] & ~part[top:bottom, left:right]
        if not inside.any() or longer_side(bounds(inside)) < 0.15 * max(bottom - top, right - left):
            continue
        y, x = np.nonzero(part)
        depth_y = np.minimum(y - top, bottom - 1 - y) / (bottom - top)
        depth_x = np.minimum(x - left, right - 1 - x) / (right - left)
        if (np.minimum(depth_y, depth_x) < 0.12).mean() > 0.95:
            return part
    return None


def lines(mask: np.ndarray) -> np.ndarray:
    """Thin straight lines from one side of the picture to the other, without the strokes that cross them."""
    return _rows(mask) | _rows(mask.T).T


def _rows(mask: np.ndarray, askew: int = 2) -> np.ndarray:
    """Lines along the rows: long runs, allowed to wander, that together reach from side to side."""
    height, width = mask.shape
    reach = width // 10
    thick = _dilate_rows(mask, askew)
    runs = _opening_columns(thick, 2 * reach + 1)
    if runs.any(0).mean() < 0.85:
        return np.zeros_like(mask)
    labels, _ = components(runs)
    line = np.zeros_like(mask)
    for k in _largest(labels, runs, 12):
        part = labels == k
        columns = part.any(0)
        across = columns[: reach // 2].any() and columns[-reach // 2 :].any() and columns.mean() > 0.85
        if across and np.median(part.sum(0)[columns]) < 0.08 * height + 2 * askew:
            line |= part
    tall = _vertical_runs(mask)
    # Each vertical run counts once, or the few thick strokes that lie along a line would outweigh all of its length.
    starts = line & mask & ~np.pad(mask, ((1, 0), (0, 0)))[:-1]
    thickness = np.median(tall[starts]) if starts.any() else 0
    return line & mask & (tall <= 1.6 * thickness + 1)


def _dilate_rows(mask: np.ndarray, reach: int) -> np.ndarray:
    """A mask spread `reach` pixels up and down."""
    out = mask.copy()
    for k in range(1, reach + 1):
        out[k:] |= mask[:-k]
        out[:-k] |= mask[k:]
    return out


def _opening_columns(mask: np.ndarray, length: int) -> np.ndarray:
    """Only the runs along the rows of at least `length` pixels."""
    return mask & (length <= _vertical_runs(mask.T).T)


def _vertical_runs(mask: np.ndarray) -> np.ndarray:
    """For every pixel of the mask, the length of the vertical run it lies in."""
    starts = mask & ~np.pad(mask, ((1, 0), (0, 0)))[:-1]
    numbers = np.cumsum(starts.T.ravel()).reshape(mask.T.shape).T * mask
    return np.bincount(numbers.ravel())[numbers] * mask
