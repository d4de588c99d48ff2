"""How a convolution goes wrong: the definition's list of taps, changed at one place before it is added up.

A `Variation` may change the arguments and the geometry, the taps, or the result; what it leaves alone is the
definition. Two variations, one after the other, are again one: that is how pairs of mistakes are tried.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from convolab.geometry import OPERATIONS, PADDING_MODES, Axis, Geometry, array_shapes


def add_up(sums, index, products) -> None:
    """Every product added to the sum that it is filed under."""
    for row, values in zip(sums, products, strict=True):
        np.add.at(row, index, values)


class Sum:
    """A convolution about to be added up: one row for each product, in arrays that a mistake may rewrite.

    Attributes
    ----------
    operation : {"forward", "input_gradient", "weight_gradient"}
    geometry : Geometry
    arrays : dict
        The factors by name, and `bias` where there is one.
    o, k, i : (rows, axes) int arrays
        Positions of output, kernel and input. Rows whose input lies in the padding are there too; `edge` says what
        reading them gives.
    co, ci, c : (rows,) int arrays
        Output channel, input channel, input channel within the group.
    edge : str
        `guard`: a position outside is left out (zero padding). `pad`: Python's indexing of the padded input, so that -1
        is the last one and an index past the end raises. `bare`: the same without padding. `low`: negative ones count
        from the end, those past the end are left out. `slice`: the window is a NumPy slice, cut off at the end of the
        image, and stretched (broadcast) where only one line of it is left. `strip`: as `pad`, but a single line
        that lies wholly outside is left out. Or the name of a padding mode.
    """

    def __init__(self, operation: str, geometry: Geometry, arrays: dict, *, edge: str = "", gather: bool = False):
        self.operation, self.geometry, self.arrays = operation, geometry, dict(arrays)
        self.edge, self.gather = edge, gather
        self.accumulate: Callable = add_up
        self.o = self.k = self.i = self.co = self.ci = self.c = np.zeros(0, int)

    def build(self) -> None:
        """List every pair of output and kernel position (or input and kernel, where the sum gathers)."""
        arrays = listed(self.geometry, self.gather)
        self.o, self.k, self.i, self.co, self.ci, self.c = (a.copy() for a in arrays)

    @staticmethod
    def inputs_meeting(axis: Axis, output, kernel):
        """The relation for many taps at once; also outside the input."""
        return axis.stride * output + axis.dilation * kernel - axis.before

    @staticmethod
    def outputs_meeting(axis: Axis, input, kernel):
        """The output in which an input meets a kernel position; far outside where the stride leaves it out."""
        position = input + axis.before - axis.dilation * kernel
        return np.where(position % axis.stride == 0, position // axis.stride, OUTSIDE)

    @property
    def dims(self) -> int:
        return len(self.geometry.axes)

    def keep(self, rows) -> None:
        """Leave out every row that is not in the mask."""
        for name in ("o", "k", "i", "co", "ci", "c"):
            setattr(self, name, getattr(self, name)[rows])

    def inside(self) -> np.ndarray:
        """Which rows are taps: all three positions in range."""
        sizes = ((self.o, self.geometry.output), (self.k, self.geometry.kernel), (self.i, self.geometry.input))
        return np.all([((p >= 0) & (p < np.array(s))).all(axis=1) for p, s in sizes], axis=0)

    def filed(self) -> np.ndarray:
        """For each row a number that is the same for rows filed under the same element."""
        columns = {"forward": (self.co, self.o), "input_gradient": (self.ci, self.i)}
        outer, positions = columns.get(self.operation, (self.co * self.geometry.in_channels + self.c, self.k))
        return np.unique(np.column_stack([outer, positions]), axis=0, return_inverse=True)[1].ravel()

    # Adding up

    def total(self) -> tuple[np.ndarray, np.ndarray]:
        """The sums, and which of them have read a place that does not exist (they would have raised)."""
        if self.geometry.output and min(self.geometry.output) < 1 and self.operation == "forward":
            empty = np.zeros(self.geometry.output_shape)
            return empty, empty > 0
        missing = self._resolve()
        shapes, operation = array_shapes(self.geometry), OPERATIONS[self.operation]
        rows = {
            "input": np.ravel_multi_index((self.ci, *self.i.T), shapes["input"][1:]),
            "weight": np.ravel_multi_index((self.co, self.c, *self.k.T), shapes["weight"]),
            "grad_output": np.ravel_multi_index((self.co, *self.o.T), shapes["grad_output"][1:]),
        }
        factors = [self._rows(name, shapes[name], rows[name]) for name in operation.factors]
        products, target = factors[0] * factors[1], operation.result
        batch = 1 if target == "weight" else len(products)
        sums = np.zeros(
            (batch, int(np.prod(shapes[target])) // (1 if target == "weight" else max(1, shapes[target][0]))),
            products.dtype,
        )
        self.accumulate(sums, rows[target], products.sum(axis=0, keepdims=True) if target == "weight" else products)
        holes = np.zeros(sums.shape[1], bool)
        holes[rows[target][missing]] = True
        shape = shapes[target] if target == "weight" else (batch, *shapes[target][1:])
        sums = sums.reshape(shape)
        if self.arrays.get("bias") is not None:
            sums = sums + np.asarray(self.arrays["bias"]).reshape(-1, *[1] * self.dims)
        return sums, np.broadcast_to(holes.reshape(1 if target != "weight" else shape[0], *shape[1:]), shape)

    def _rows(self, name: str, shape: tuple, index: np.ndarray) -> np.ndarray:
        """The factor of each product, (batch, rows); the weight has no batch."""
        array = np.asarray(self.arrays[name])
        return array.reshape(1 if name == "weight" else len(array), -1)[:, index]

    def _resolve(self) -> np.ndarray:
        """Turn every position into one that exists, leave out what reads nothing, and say which rows would raise."""
        g = self.geometry
        edge = self.edge or ("guard" if g.padding_mode == "zeros" else g.padding_mode)
        drop, raises = np.zeros(len(self.c), bool), np.zeros(len(self.c), bool)
        for a, axis in enumerate(g.axes):
            for name, size in (("i", axis.input), ("o", axis.output), ("k", axis.kernel)):
                rule = self._rule(name, edge)
                if rule == "strip":
                    rule = "guard" if axis.output == 1 else "pad"
                if rule == "slice":
                    index, left_out, beyond = slice_of(self.i[:, a], self.k[:, a], axis)
                else:
                    index, left_out, beyond = place(getattr(self, name)[:, a], axis, size, rule)
                getattr(self, name)[:, a] = index
                drop |= left_out
                raises |= beyond
        if edge == "slice":
            drop &= ~raises  # shapes that do not fit raise, also where another axis is empty
        raises &= ~drop
        self.keep(~drop)
        return raises[~drop]

    def _rule(self, name: str, edge: str) -> str:
        """Which index the edge rule is for: the one that is computed; the others are only indexed."""
        if name == ("o" if self.gather else "i"):
            return "bare" if self.gather and edge == "pad" else edge
        return "bare"


OUTSIDE = 1 << 40


def slice_of(index: np.ndarray, kernel: np.ndarray, axis: Axis) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where NumPy's image[start : start + kernel] leads when it is multiplied by the kernel, as in `place`."""
    start = index - kernel
    left = np.where(start < 0, 0, np.clip(axis.input - start, 0, axis.kernel))
    stretched = (left == 1) & (start >= 0)
    nothing = (left == 0) & (axis.kernel == 1)
    found = np.where(stretched, start, index)
    return np.clip(found, 0, axis.input - 1), nothing, ~nothing & ~stretched & (left < axis.kernel)


def place(index: np.ndarray, axis: Axis, size: int, rule: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where an index along an axis leads under an edge rule: (index that exists, left out, raises)."""
    nothing = np.zeros(len(index), bool)
    skipped = index == OUTSIDE
    if rule in PADDING_MODES and rule != "zeros":
        sources = axis.sources(rule)
        padded = index + axis.before
        outside = (padded < 0) | (padded >= len(sources))
        return sources[np.clip(padded, 0, len(sources) - 1)], outside, nothing
    if rule == "pad":
        padded, length = index + axis.before, axis.before + size + axis.after
        padded = np.where(padded < 0, padded + length, padded)
        beyond = (padded < 0) | (padded >= length)
        index, rule = np.where(beyond, 0, padded - axis.before), "guard"
        outside = ~beyond & ((index < 0) | (index >= size))
        return np.clip(index, 0, size - 1), outside, beyond
    if rule in ("bare", "low"):
        index = np.where((index < 0) & ~skipped, index + size, index)
        outside = ~skipped & ((index < 0) | (index >= size))
        late = outside & (index >= size)
        left, beyond = (late | skipped, outside & ~late) if rule == "low" else (skipped, outside)
        return np.clip(index, 0, size - 1), left, beyond
    return np.clip(index, 0, size - 1), (index < 0) | (index >= size), nothing


def nothing(*_) -> None:
    return None


def in_turn(*changes: Callable) -> Callable:
    """Several changes of a sum as one."""

    def change(sum: Sum) -> None:
        for one in changes:
            one(sum)

    return change


def same(sum: Sum, result):
    return result


@lru_cache(maxsize=256)
def listed(geometry: Geometry, gather: bool) -> tuple[np.ndarray, ...]:
    """Every row of a sum, as `Sum` has them: o, k, i, co, ci, c."""
    dims = len(geometry.axes)
    loops = geometry.input if gather else geometry.output
    free = np.indices((*loops, *geometry.kernel)).reshape(2 * dims, -1)
    looped, kernel = free[:dims].T, free[dims:].T
    found = [
        Sum.outputs_meeting(axis, looped[:, a], kernel[:, a])
        if gather
        else Sum.inputs_meeting(axis, looped[:, a], kernel[:, a])
        for a, axis in enumerate(geometry.axes)
    ]
    computed = np.stack(found, axis=1)
    planes = (computed, kernel, looped) if gather else (looped, kernel, computed)
    channels = np.array(list(geometry.channels()), int).reshape(-1, 3)
    return (*(np.tile(p, (len(channels), 1)) for p in planes), *np.repeat(channels, len(kernel), axis=0).T)


@dataclass(frozen=True)
class Variation:
    """One way in which a mistake can be made.

    Parameters
    ----------
    note : str
        What is particular to this way, as a clause that follows the mistake's sentence; may be empty.
    operations : tuple of str
        The sums in which it can be made.
    arguments, taps : callable(Sum)
        Change the sum before and after its taps are listed.
    result : callable(Sum, array) -> array
        Change the result.
    edge, gather
        How positions outside are read (see `Sum`), and whether the input gradient is gathered (for each input and
        kernel position an output is sought) or scattered.
    needs : callable(Geometry, arrays) -> bool
        Whether the mistake can be made in this geometry.
    accumulate : callable or None
        Another way of adding up.
    """

    note: str = ""
    operations: tuple[str, ...] = tuple(OPERATIONS)
    arguments: Callable = nothing
    taps: Callable = nothing
    result: Callable = same
    edge: str = ""
    gather: bool = False
    least_dims: int = 1
    accumulate: Callable | None = None
    spoils: Callable = field(default=nothing)

    def outcome(self, operation: str, geometry: Geometry, arrays: dict) -> tuple:
        """(result, which elements would have raised); raises IndexError or ValueError where the whole call would."""
        sum = Sum(operation, geometry, arrays, edge=self.edge, gather=self.gather and operation == "input_gradient")
        if self.accumulate is not None:
            sum.accumulate = self.accumulate
        self.arguments(sum)
        sum.build()
        self.taps(sum)
        result, holes = sum.total()
        result = self.result(sum, result)
        self.spoils(arrays)
        return result, holes

    def run(self, operation: str, geometry: Geometry, arrays: dict):
        """The mistaken result; IndexError where the mistaken program would read a place that does not exist."""
        result, holes = self.outcome(operation, geometry, arrays)
        if holes.any():
            raise IndexError(f"{operation}: an index is out of range")
        return result

    def forward(self, geometry: Geometry, input, weight, bias=None):
        """The mistaken output, (N, C_out, *spatial) where the mistake does not change that."""
        return self.run("forward", geometry, {"input": input, "weight": weight, "bias": bias})

    def input_gradient(self, geometry: Geometry, weight, grad_output):
        """The mistaken gradient with respect to the input."""
        return self.run("input_gradient", geometry, {"weight": weight, "grad_output": grad_output})

    def weight_gradient(self, geometry: Geometry, input, grad_output):
        """The mistaken gradient with respect to the weight."""
        return self.run("weight_gradient", geometry, {"input": input, "grad_output": grad_output})

    def shares_a_place_with(self, other: "Variation") -> bool:
        """Whether both change the same thing, so that their order may matter."""
        unchanged = {"arguments": nothing, "taps": nothing, "result": same}
        return any(getattr(self, n) is not u and getattr(other, n) is not u for n, u in unchanged.items())

    def then(self, other: "Variation") -> "Variation":
        """Both mistakes in one program."""

        return Variation(
            note="; ".join(n for n in (self.note, other.note) if n),
            operations=tuple(o for o in self.operations if o in other.operations),
            arguments=in_turn(self.arguments, other.arguments),
            taps=in_turn(self.taps, other.taps),
            result=lambda sum, result: other.result(sum, self.result(sum, result)),
            edge=self.edge or other.edge,
            gather=self.gather or other.gather,
            least_dims=max(self.least_dims, other.least_dims),
            accumulate=self.accumulate or other.accumulate,
        )
