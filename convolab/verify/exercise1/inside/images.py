"""Which of the digits that were served is this row of a batch? Told by its pixels, whatever they were scaled by."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convolab.verify.exercise1.inside.bounds import TEST, UNKNOWN

SIDE = 28
PIXELS = SIDE * SIDE
FAR = 5  # labels that belong to an image so many places away are looked for
ENOUGH = 0.9  # of a batch whose labels follow one rule


# How images may be changed before they go in, so that they are still the same images.
CHANGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "transposed": lambda images: images.transpose(0, 2, 1),
    "mirrored": lambda images: images[:, :, ::-1],
    "upside down": lambda images: images[:, ::-1],
    "turned by 180 degrees": lambda images: images[:, ::-1, ::-1],
    "only 255": lambda images: images == 255,
}


class ServedImages:
    """A small part of MNIST, and how its images are recognised.

    Parameters
    ----------
    arrays : list of array
        Training images (N, 28, 28) uint8, their labels, test images, their labels.
    """

    def __init__(self, arrays: list[np.ndarray]):
        self.train_images, self.train_labels, self.test_images, self.test_labels = arrays
        self._known = self._table(lambda images: images)
        self._changed = {how: self._table(change) for how, change in CHANGES.items()}

    def _table(self, change: Callable[[np.ndarray], np.ndarray]) -> dict[bytes, int]:
        """Return the number of every image by its key, after a change."""
        known: dict[bytes, int] = {}
        for images, first in ((self.train_images, 0), (self.test_images, TEST)):
            changed = np.ascontiguousarray(change(images)).reshape(len(images), PIXELS)
            for n, key in enumerate(_keys(changed.astype(np.float32))):
                known.setdefault(key, first + n)
        known.pop(bytes(PIXELS // 8), None)  # an image without a bright pixel
        return known

    def numbers(self, batch: Any) -> list[int]:
        """Return the number of every image in a batch (a tensor); test images count from TEST, others are UNKNOWN."""
        return self.recognised(batch)[0]

    def recognised(self, batch: Any) -> tuple[list[int], str]:
        """Return the numbers of a batch, and how its images were changed (a key of `CHANGES`, or an empty text)."""
        rows = _rows(batch)
        if rows is None:
            return [], ""
        plain, dark_on_light = _keys(rows), _keys(-rows)
        tried = [(self._known, plain, ""), (self._known, dark_on_light, "")]
        tried += [(known, plain, how) for how, known in self._changed.items()]
        best: tuple[list[int], str] = ([UNKNOWN] * len(plain), "")
        for known, keys, how in tried:
            found = [known.get(key, UNKNOWN) for key in keys]
            if sum(n == UNKNOWN for n in found) < 0.5 * len(found):
                return found, how
            best = (found, "") if not how and max(found, default=UNKNOWN) != UNKNOWN else best
        return best

    def labels(self, numbers: list[int], off: int = 0) -> np.ndarray:
        """Return the labels of images, or of those that lie `off` places behind them in their set; -1 if unknown."""
        return np.array([self._label(n, off) for n in numbers], np.int64)

    def _label(self, number: int, off: int) -> int:
        if number == UNKNOWN:
            return -1
        labels, n = (self.test_labels, number - TEST) if number >= TEST else (self.train_labels, number)
        return int(labels[(n + off) % len(labels)])

    def relation(self, given: Any, numbers: list[int]) -> str:
        """Return how labels belong to images: `right`, a shift such as `index+1`, `value+1`, `place-1`, or `apart`."""
        labels = _as_labels(given)
        known = np.array([n != UNKNOWN for n in numbers], bool)
        if labels is None or len(labels) != len(numbers) or known.mean() < ENOUGH:
            return "unknown"
        rules = {"right": self.labels(numbers), "reversed": 9 - self.labels(numbers)}
        steps = [s * n for n in range(1, FAR + 1) for s in (1, -1)]
        rules |= {f"index{k:+d}": self.labels(numbers, k) for k in steps}
        rules |= {f"value{k:+d}": self.labels(numbers) + k for k in (1, -1)}
        rules |= {f"wrapped{k:+d}": (self.labels(numbers) + k) % 10 for k in (1, -1)}
        rules |= {f"place{k:+d}": np.roll(self.labels(numbers), -k) for k in steps}
        share = {name: float((labels == expected)[known].mean()) for name, expected in rules.items()}
        best = max(share, key=lambda name: share[name])
        if share["right"] >= ENOUGH or share[best] < ENOUGH:
            return "right" if share["right"] >= 0.5 else "apart"
        return best


def _as_labels(given: Any) -> np.ndarray | None:
    """Return a batch's labels as numbers, also where they are given as rows with a one."""
    array = np.asarray(given.detach().cpu() if hasattr(given, "detach") else given)
    if array.ndim == 2 and array.shape[1] > 1:
        array = array.argmax(1)
    array = array.reshape(-1)
    return array.astype(np.int64) if array.dtype.kind in "iuf" and array.size else None


def _rows(batch: Any) -> np.ndarray | None:
    """Return a batch of images as rows of 784 numbers: the first channel, the middle of larger ones."""
    array = np.asarray(batch.detach().cpu()).astype(np.float32)
    if array.ndim < 2 or not array.size:
        return None
    if array.ndim == 2 and array.shape == (SIDE, SIDE):
        array = array[None]
    if array.ndim == 4:
        array = array[..., 0] if array.shape[-1] in (1, 3) else array[:, 0]
    if array.ndim == 3 and array.shape[1:] == (32, 32):
        array = array[:, 2:-2, 2:-2]
    array = array.reshape(len(array), -1)
    return array if array.shape[1] == PIXELS else None


def _keys(rows: np.ndarray) -> list[bytes]:
    """Return for each image which of its pixels lie above the middle of its range."""
    middle = (rows.min(1, keepdims=True) + rows.max(1, keepdims=True)) / 2
    return [bits.tobytes() for bits in np.packbits(rows > middle, axis=1)]
