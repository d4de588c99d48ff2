"""The terms of the three sums in arrays that a mistake may rewrite: which positions meet, and what adding up gives."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import prod
from typing import Any, TypeAlias

import numpy as np

from convolab.definition.mistakes.edges import OUTSIDE, Placed, place, place_in_slice
from convolab.geometry import OPERATIONS, Axis, Geometry, array_shapes

# Arrays by the names `input`, `weight`, `grad_output` and `bias`; a bias may be None.
Arrays: TypeAlias = Mapping[str, Any]
# Adds products, (batch, rows), to sums, (batch, elements), at the index of each row.
Accumulate: TypeAlias = Callable[[np.ndarray, np.ndarray, np.ndarray], None]


def _add_up(sums: np.ndarray, index: np.ndarray, products: np.ndarray) -> None:
    """Add every product to the element of the result that its index names."""
    for row, values in zip(sums, products, strict=True):
        np.add.at(row, index, values)


class Terms:
    """The products of a convolution before they are added up, one row each.

    Parameters
    ----------
    operation : {"forward", "input_gradient", "weight_gradient"}
    geometry : Geometry
    arrays : dict
        The factors by name, and `bias` where there is one.
    edge : str
        How an index outside is read: a rule of `edges.RULES`, `slice` (a NumPy slice, see `edges.place_in_slice`), or
        a padding mode's name; the geometry's own padding where it is empty.
    gather : bool
        Whether every input and kernel position seeks an output, as a gathered input gradient does; otherwise every
        output and kernel position seeks an input.

    Attributes
    ----------
    o, k, i : (rows, axes) int arrays
        Positions of output, kernel and input; also those whose input lies in the padding.
    co, ci, c : (rows,) int arrays
        Output channel, input channel, input channel within the group.
    accumulate : callable(sums, index, products)
        What adds the products up.
    """

    def __init__(
        self, operation: str, geometry: Geometry, arrays: Arrays, *, edge: str = "", gather: bool = False
    ) -> None:
        self.operation, self.geometry = operation, geometry
        self.arrays: dict[str, Any] = dict(arrays)
        self.edge, self.gather = edge, gather
        self.accumulate: Accumulate = _add_up
        self.o = self.k = self.i = self.co = self.ci = self.c = np.zeros(0, int)

    @property
    def dims(self) -> int:
        """The number of axes."""
        return len(self.geometry.axes)

    def build(self) -> None:
        """List every pair of output and kernel position (or input and kernel position, where it gathers)."""
        arrays = _all_pairs(self.geometry, self.gather)
        self.o, self.k, self.i, self.co, self.ci, self.c = (a.copy() for a in arrays)

    def keep(self, rows: np.ndarray) -> None:
        """Leave out every row that is not in the mask."""
        for name in ("o", "k", "i", "co", "ci", "c"):
            setattr(self, name, getattr(self, name)[rows])

    def inside(self) -> np.ndarray:
        """Return which rows are taps: those with all three positions in range."""
        sizes = ((self.o, self.geometry.output), (self.k, self.geometry.kernel), (self.i, self.geometry.input))
        within = [((p >= 0) & (p < np.array(s))).all(axis=1) for p, s in sizes]
        inside: np.ndarray = np.all(within, axis=0)
        return inside

    def result_index(self) -> np.ndarray:
        """Return one number for each row, the same for rows that are added to the same element of the result."""
        channels, positions = {
            "grad_output": (self.co, self.o),
            "input": (self.ci, self.i),
            "weight": (self.co * self.geometry.in_channels + self.c, self.k),
        }[OPERATIONS[self.operation].result]
        return np.unique(np.column_stack([channels, positions]), axis=0, return_inverse=True)[1].ravel()

    def total(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the sums, and which of them are missing: those that read a place that does not exist, and raise."""
        if self.geometry.output and min(self.geometry.output) < 1 and self.operation == "forward":
            empty = np.zeros(self.geometry.output_shape)
            return empty, empty > 0
        raises = self._resolve()
        operation, rows = OPERATIONS[self.operation], self._flat_positions()
        index, shape = rows[operation.result], operation.result_shape(self.geometry)
        first, second = (self._factor(name, rows[name]) for name in operation.factors)
        products = first * second
        dtype, of_weight = products.dtype, operation.result == "weight"
        if of_weight:
            products = products.sum(axis=0, keepdims=True)
        one = shape if of_weight else shape[1:]  # the batch may have become another
        sums, missing = np.zeros((len(products), prod(one)), dtype), np.zeros(prod(one), bool)
        self.accumulate(sums, index, products)
        missing[index[raises]] = True
        sums = sums.reshape(one if of_weight else (len(products), *one))
        return self._with_bias(sums), np.broadcast_to(missing.reshape(one), sums.shape)

    def _flat_positions(self) -> dict[str, np.ndarray]:
        """Return for each array the number of the element that each row reads or is added to, in one image."""
        shapes = array_shapes(self.geometry)
        return {
            "input": np.ravel_multi_index((self.ci, *self.i.T), shapes["input"][1:]),
            "weight": np.ravel_multi_index((self.co, self.c, *self.k.T), shapes["weight"]),
            "grad_output": np.ravel_multi_index((self.co, *self.o.T), shapes["grad_output"][1:]),
        }

    def _factor(self, name: str, index: np.ndarray) -> np.ndarray:
        """Return the factor of each product, (batch, rows); the weight has no batch."""
        array = np.asarray(self.arrays[name])
        return array.reshape(1 if name == "weight" else len(array), -1)[:, index]

    def _with_bias(self, sums: np.ndarray) -> np.ndarray:
        bias = self.arrays.get("bias")
        return sums if bias is None else sums + np.asarray(bias).reshape(-1, *[1] * self.dims)

    def _resolve(self) -> np.ndarray:
        """Turn every position into one that exists, leave out what reads nothing, and return which rows raise."""
        g = self.geometry
        edge = self.edge or ("guard" if g.padding_mode == "zeros" else g.padding_mode)
        drop, raises = np.zeros(len(self.c), bool), np.zeros(len(self.c), bool)
        for a, axis in enumerate(g.axes):
            for name, size in (("i", axis.input), ("o", axis.output), ("k", axis.kernel)):
                index, left_out, beyond = self._place(name, a, axis, size, edge)
                getattr(self, name)[:, a] = index
                drop |= left_out
                raises |= beyond
        if edge == "slice":
            drop &= ~raises  # shapes that do not fit raise, also where another axis is empty
        raises &= ~drop
        self.keep(~drop)
        return raises[~drop]

    def _place(self, name: str, a: int, axis: Axis, size: int, edge: str) -> Placed:
        """Look one index up along one axis: by the edge rule if it is computed, and as Python does otherwise."""
        is_computed = name == ("o" if self.gather else "i")
        rule = edge if is_computed and not (self.gather and edge == "pad") else "bare"
        if rule == "slice":
            return place_in_slice(self.i[:, a], self.k[:, a], axis)
        return place(getattr(self, name)[:, a], axis, size, rule)


def inputs_meeting(axis: Axis, output: np.ndarray, kernel: np.ndarray | int) -> np.ndarray:
    """Return the inputs that outputs meet under kernel positions; they may lie outside the input."""
    position: np.ndarray = axis.stride * output + axis.dilation * kernel - axis.before
    return position


def outputs_meeting(axis: Axis, input: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the outputs in which inputs meet kernel positions; `OUTSIDE` where no stride leads to one."""
    position = input + axis.before - axis.dilation * kernel
    return np.where(position % axis.stride == 0, position // axis.stride, OUTSIDE)


@lru_cache(maxsize=256)
def _all_pairs(geometry: Geometry, gather: bool) -> tuple[np.ndarray, ...]:
    """Return every row of a sum, as `Terms` has them: o, k, i, co, ci, c."""
    dims = len(geometry.axes)
    loops = geometry.input if gather else geometry.output
    free = np.indices((*loops, *geometry.kernel)).reshape(2 * dims, -1)
    looped, kernel = free[:dims].T, free[dims:].T
    meeting = outputs_meeting if gather else inputs_meeting
    found = [meeting(axis, looped[:, a], kernel[:, a]) for a, axis in enumerate(geometry.axes)]
    computed = np.stack(found, axis=1)
    planes = (computed, kernel, looped) if gather else (looped, kernel, computed)
    channels = np.array(list(geometry.channels()), int).reshape(-1, 3)
    return (*(np.tile(p, (len(channels), 1)) for p in planes), *np.repeat(channels, len(kernel), axis=0).T)
