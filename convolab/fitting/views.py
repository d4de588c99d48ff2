"""In which order is an array read? Views of a factor or of the result, and results that keep a running sum."""

from collections.abc import Iterator
from itertools import permutations
from typing import NamedTuple

import numpy as np

AXES = ("batch", "channel", "row", "column")
WEIGHT_AXES = ("filter", "channel", "row", "column")


class View(NamedTuple):
    """An array whose numbers are taken in another order, in a shape that they do not have that way.

    `a.transpose(order).reshape(a.shape)`, or the way back: `a.reshape(a.shape in that order).transpose(back)`.
    """

    which: str  # result, second, first
    order: tuple[int, ...]
    back: bool

    def __call__(self, array: np.ndarray) -> np.ndarray:
        shape = array.shape
        if self.back:
            return array.reshape([shape[n] for n in self.order]).transpose(np.argsort(self.order))
        return array.transpose(self.order).reshape(shape)

    def places(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return for each flat place of the array the flat place at which the view has it."""
        where = np.empty(int(np.prod(shape)), np.int64)
        where[self(np.arange(len(where)).reshape(shape)).ravel()] = np.arange(len(where))
        return where


def views(shapes: dict[str, list[tuple[int, ...]]]) -> Iterator[View]:
    """Yield the views of every array (with its shapes in all geometries), each order of places once."""
    for which, all_shapes in shapes.items():
        seen = {tuple(tuple(range(int(np.prod(s)))) for s in all_shapes)}
        for order in list(permutations(range(4)))[1:]:
            for back in (False, True):
                view = View(which, order, back)
                key = tuple(tuple(view.places(s).tolist()) for s in all_shapes)
                if key not in seen:
                    seen.add(key)
                    yield view


# How much of a result shares one running sum: its last axes.
RUNNING = {
    1: "from the start of a row",
    2: "from the start of a plane",
    3: "from the start of an image",
    4: "from the start of the batch",
}


def differences(values: np.ndarray, running: int) -> np.ndarray:
    """Return what was added at each element of a result that is a running sum over its last axes."""
    flat = values.reshape(*values.shape[: values.ndim - running], -1)
    return np.diff(flat, axis=-1, prepend=0.0).reshape(values.shape)


def running_sum(values: np.ndarray, running: int) -> np.ndarray:
    """Return the result that is never set back to zero over its last axes."""
    flat = values.reshape(*values.shape[: values.ndim - running], -1)
    return np.cumsum(flat, axis=-1).reshape(values.shape)
