"""In which order is an array read? Views of a factor or of the result, and results that keep a running sum."""

from collections.abc import Callable, Iterator, Mapping
from itertools import permutations
from typing import NamedTuple

import numpy as np

AXES = ("batch", "channel", "row", "column")
WEIGHT_AXES = ("filter", "channel", "row", "column")


PLAIN = (0, 1, 2, 3)


class View(NamedTuple):
    """An array whose axes are in another order.

    `a.transpose(order).reshape(a.shape)`, or the way back: `a.reshape(a.shape in that order).transpose(back)`; a result
    may also keep the shape that it has with its axes in that order, or have only that shape, with its numbers as they
    lie. With `flips` some axes are read backwards. `lies` is the order of the axes in memory before all this.
    """

    which: str  # result, second, first
    order: tuple[int, ...]
    back: bool = False
    kept: bool = False
    flips: tuple[int, ...] = ()
    lies: tuple[int, ...] = PLAIN
    shaped: bool = False

    def __call__(self, array: np.ndarray) -> np.ndarray:
        if self.lies != PLAIN:
            return self._replace(lies=PLAIN)(array.transpose(self.lies)).transpose(np.argsort(self.lies))
        shape = array.shape
        if self.flips:
            return np.flip(array, self.flips)
        if self.shaped:
            return array.reshape([shape[n] for n in self.order])
        if self.back:
            return array.reshape([shape[n] for n in self.order]).transpose(np.argsort(self.order))
        turned = array.transpose(self.order)
        return turned if self.kept else turned.reshape(shape)

    def undone(self, shape: tuple[int, ...]) -> tuple[np.ndarray, tuple[int, ...]]:
        """Return for each flat place of an array as it is seen the place in what is computed with, and its shape."""
        count = np.arange(int(np.prod(shape)))
        if self.which != "result":  # the program takes the array through the view
            places = np.empty_like(count)
            places[self(count.reshape(shape)).ravel()] = count
            return places, shape
        plain = tuple(shape[n] for n in np.argsort(self.order)) if self.kept or self.shaped else shape
        return self(count.reshape(plain)).ravel(), plain


def views(shapes: dict[str, list[tuple[int, ...]]], memory: Mapping[str, tuple[int, ...]]) -> Iterator[View]:
    """Yield the views of every array (with its shapes in all geometries), each order of places once.

    Parameters
    ----------
    memory : dict
        For each array the order of its axes in memory, where that is another than here.
    """
    for which, all_shapes in shapes.items():
        yield from (View(which, (0, 1, 2, 3), flips=axes) for axes in ((2, 3), (2,), (3,)) if which != "result")
        seen = {tuple(tuple(range(int(np.prod(s)))) for s in all_shapes)}
        ways = [(lies, order) for lies in {PLAIN: 0, memory.get(which, PLAIN): 0} for order in permutations(range(4))]
        for lies, order in (way for way in ways if way[1] != PLAIN):
            for back in (False, True):
                view = View(which, order, back, lies=lies)
                key = tuple(tuple(view.undone(s)[0].tolist()) for s in all_shapes)
                if key not in seen:
                    seen.add(key)
                    yield view
            if which == "result" and order != (0, 1, 3, 2) and lies == PLAIN:
                yield View(which, order, kept=True)
            if which == "result" and lies == PLAIN:
                yield View(which, order, shaped=True)


# Over which axes of a result, in which order, one sum can run on; in words.
RUNNING = {
    (3,): "from one column to the next",
    (2,): "from one row to the next",
    (2, 3): "from one position to the next",
    (3, 2): "from one position to the next, column by column",
    (1, 2, 3): "from one position to the next, and from one channel to the next",
    (0, 1, 2, 3): "from one position to the next, over all channels and images",
    (0, 2, 3, 1): "from one position to the next, all channels at each",
    (0,): "from one image to the next",
    (1,): "from one channel to the next",
    (0, 1): "from one channel to the next, and from one image to the next",
}


def differences(values: np.ndarray, running: tuple[int, ...]) -> np.ndarray:
    """Return what was added at each element of a result that is a running sum over some of its axes."""
    return _along(values, running, lambda flat: np.diff(flat, axis=-1, prepend=0.0))


def running_sum(values: np.ndarray, running: tuple[int, ...]) -> np.ndarray:
    """Return the result that is never set back to zero over some of its axes."""
    return _along(values, running, lambda flat: np.cumsum(flat, axis=-1))


def _along(values: np.ndarray, axes: tuple[int, ...], change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return the values changed along some axes, which are counted as one in that order."""
    order = [*(n for n in range(values.ndim) if n not in axes), *axes]
    turned = values.transpose(order)
    flat = turned.reshape(*turned.shape[: values.ndim - len(axes)], -1)
    return change(flat).reshape(turned.shape).transpose(np.argsort(order))
