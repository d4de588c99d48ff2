"""Which images and labels are meant by arrays of numbers, as files of arrays and tables hold them?

Images come back as uint8 in their own size, labels as indices of named classes. How values are scaled is decided for
a whole data set at once, so that images keep their brightness beside each other.
"""

import math
from collections.abc import Sequence

import numpy as np

from convolab.errors import InputError

TRUSTED_LABEL = 1000  # labels may reach this whatever their number; beyond it no further than there are images
IGNORE = 255


def as_bytes(splits: Sequence[np.ndarray], name: str) -> tuple[list[np.ndarray], list[str]]:
    """Arrays of any numbers as uint8, all scaled alike, and a note where they were scaled.

    Integers from 0 to 255 stay as they are. Fractions 0 … 1 and −1 … 1 become 0 … 255; any other range does too.
    """
    if all(split.dtype == np.uint8 for split in splits) and max(split.max(initial=0) for split in splits) > 16:
        return list(splits), []
    filled = [split for split in splits if split.size]
    low, high = (float(f([f(split) for split in filled])) for f in (np.min, np.max))
    if not math.isfinite(low) or not math.isfinite(high):
        raise InputError(f"{name}: pixels are not all finite. Replace them first, for example with numpy.nan_to_num")
    if low >= 0 and 16 < high <= 255 and all(split.dtype.kind in "iu" or _whole(split) for split in filled):
        return [split.astype(np.uint8) for split in splits], []
    low = -1.0 if -1 <= low < 0 and high <= 1 else min(low, 0.0)
    high = next((top for top in (1.0, 16.0) if high == top), high)
    scale = 255 / max(high - low, 1e-12)
    made = [np.round((split.astype(np.float32) - low) * np.float32(scale)).astype(np.uint8) for split in splits]
    return made, [f"pixels from {low:g} … {high:g} were scaled to 0 … 255"]


def _whole(values: np.ndarray) -> bool:
    return bool((values == np.round(values)).all())


def as_images(values: np.ndarray, name: str) -> np.ndarray:
    """Images (N, H, W), or (N, C, H, W) of rows of pixels, planes, or planes with channels last.

    >>> as_images(np.zeros((5, 784)), "x").shape, as_images(np.zeros((5, 8, 9, 3)), "x").shape
    ((5, 28, 28), (5, 3, 8, 9))
    """
    if values.ndim == 2 and (side := math.isqrt(values.shape[1])) ** 2 == values.shape[1] > 0:
        return values.reshape(-1, side, side)
    if values.ndim == 4 and values.shape[-1] in (1, 3):
        return np.moveaxis(values, -1, 1)
    if values.ndim == 3 or (values.ndim == 4 and values.shape[1] in (1, 3)):
        return values
    raise InputError(
        f"{name}: images are an array {values.shape}. Expected (N, H, W), (N, H, W, 1 or 3), or rows of a square"
    )


def as_labels(splits: Sequence[np.ndarray], name: str) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """Labels of two splits as int64 indices into classes, and the classes' names.

    Raises
    ------
    InputError
        They are no labels, there are too many classes for them, or one means "ignore".
    """
    flat = [_flat(split, name) for split in splits]
    if flat[0].dtype.kind in "US":
        classes = np.unique(flat[0])
        _only_known([np.unique(split).tolist() for split in flat], name)
        return [np.searchsorted(classes, split).astype(np.int64) for split in flat], tuple(map(str, classes.tolist()))
    first, count = counted(flat, name)
    return [split.astype(np.int64) - first for split in flat], tuple(str(k) for k in range(first, first + count))


def counted(splits: Sequence[np.ndarray], name: str) -> tuple[int, int]:
    """The lowest label, 0 or 1, and the number of classes, of labels that are integers.

    A label is a claim of a file: nothing of its size is made before it is found bearable.
    """
    low, high = (f(int(f(split)) for split in splits if split.size) for f in (min, max))
    images = sum(map(len, splits))
    if low < 0 or high >= max(TRUSTED_LABEL, images):
        raise InputError(
            f"{name}: labels reach {low}…{high}, with {images:,} images. Expected classes that are numbered from 0 or 1"
        )
    known = [np.unique(split).tolist() for split in splits]
    if high == IGNORE and len(values := set().union(*known)) > 1 and (next_to := max(values - {IGNORE})) < IGNORE - 1:
        times = sum(int((split == IGNORE).sum()) for split in splits)
        raise InputError(
            f"{name}: {times:,} of {images:,} labels are {IGNORE}, and the others reach {next_to}. Does {IGNORE} mean "
            "'ignore'? Then take those images out; nothing was trained"
        )
    _only_known(known, name)
    first = 1 if low == 1 else 0
    return first, high - first + 1


def _only_known(labels: Sequence[list], name: str) -> None:
    """Refuse a test of classes that are not trained; `labels` are those of both."""
    train, test = labels
    if strange := sorted(set(test) - set(train)):
        said = ", ".join(map(str, strange[:5])) + (f" and {len(strange) - 5} more" if len(strange) > 5 else "")
        raise InputError(f"{name}: the test has images of {said}, and the training has none. Expected the same classes")


def _flat(labels: np.ndarray, name: str) -> np.ndarray:
    """Labels (N,) of integers or texts: of columns, one-hot rows, or floats that are whole."""
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] > 1 and labels.dtype.kind in "iufb" and (labels.sum(1) == 1).all():
        return labels.argmax(1)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == 1 and labels.dtype.kind == "f" and np.isfinite(labels).all() and _whole(labels):
        labels = labels.astype(np.int64)
    if labels.ndim != 1 or labels.dtype.kind not in "iuUS" or not len(labels):
        raise InputError(f"{name}: labels are {labels.dtype} {labels.shape}. Expected integers or names (N,)")
    return labels


def hold_out(images: np.ndarray, labels: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray], str]:
    """Of images without a test, a sixth for it, chosen by chance but always the same; and a note."""
    order = np.random.default_rng(0).permutation(len(labels))
    count = max(1, len(labels) // 6)
    chosen = [np.sort(order[count:]), np.sort(order[:count])]
    note = f"one image in 6, chosen by chance, is held out for the test: {count:,} of {len(labels):,}"
    return [images[part] for part in chosen], [labels[part] for part in chosen], note
