"""What can a program choose along one axis? The numbers in i = s · o + d · k − p, sizes, borders, and what is used.

Each choice is a function of what was asked for, so that it holds for every geometry. What was asked for costs nothing,
and everything else costs more the rarer it is.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from convolab.geometry import OPERATIONS, Geometry, output_size


class Wanted(NamedTuple):
    """What was asked for along one axis; `across` is the same along the other axis."""

    operation: str
    input: int
    kernel: int
    output: int
    stride: int
    dilation: int
    padding: int
    result: int
    across: "Wanted | None" = None
    border: str = "zeros"

    @property
    def other(self) -> "Wanted":
        return self.across or self

    @property
    def follows(self) -> int:
        """The size of a result that is computed from the sizes of the factors, and from nothing else."""
        s, d, p = self.stride, self.dilation, self.padding
        if self.operation == "input_gradient":
            return s * (self.output - 1) + d * (self.kernel - 1) + 1 - 2 * p
        if self.operation == "weight_gradient":
            return (self.input + 2 * p - s * (self.output - 1) - 1) // max(1, d) + 1
        return output_size(self.input, self.kernel, max(1, s), d, p, p)


def roles(operation: str) -> tuple[str, str, str]:
    """Return the names of the result, the second and the first factor of an operation."""
    return (OPERATIONS[operation].result, *OPERATIONS[operation].written)


def asked(geometry: Geometry, operation: str, axis: int, exchanged: frozenset[str] = frozenset()) -> Wanted:
    """Return what a geometry asks along an axis (0 rows, 1 columns), where factors may have exchanged axes."""
    names = dict(zip(("result", "second", "first"), roles(operation), strict=True))
    turned = {names[e] for e in exchanged if e != "result"}
    both = []
    for n in (axis, 1 - axis):
        a = geometry.axes[n]
        i, k, o = (
            getattr(geometry.axes[1 - n if name in turned else n], part)
            for name, part in (("input", "input"), ("weight", "kernel"), ("grad_output", "output"))
        )
        if operation == "forward" and turned:
            o = output_size(i, k, a.stride, a.dilation, a.before, a.after)
        result = {"forward": o, "input_gradient": i, "weight_gradient": k}[operation]
        border = geometry.padding_mode
        both.append(Wanted(operation, i, k, o, a.stride, a.dilation, a.before, result, border=border))
    return both[0]._replace(across=both[1])


class Rule(NamedTuple):
    """One way to choose a number: its formula in words, its value, and its cost."""

    name: str
    value: Callable[[Wanted], int]
    cost: int


STRIDES = (
    Rule("stride", lambda a: a.stride, 0),
    Rule("1", lambda a: 1, 1),
    Rule("the stride of the other axis", lambda a: a.other.stride, 2),
    Rule("stride²", lambda a: a.stride**2, 2),
    Rule("stride + 1", lambda a: a.stride + 1, 3),
    Rule("dilation", lambda a: a.dilation, 2),
    Rule("padding", lambda a: a.padding, 2),
    Rule("max(padding, 1)", lambda a: max(a.padding, 1), 2),
    Rule("kernel", lambda a: a.kernel, 3),
    Rule("stride + kernel", lambda a: a.stride + a.kernel, 3),
    Rule("2", lambda a: 2, 4),
)
DILATIONS = (
    Rule("dilation", lambda a: a.dilation, 0),
    Rule("1", lambda a: 1, 1),
    Rule("the dilation of the other axis", lambda a: a.other.dilation, 2),
    Rule("stride", lambda a: a.stride, 2),
    Rule("padding", lambda a: a.padding, 3),
    Rule("dilation + 1", lambda a: a.dilation + 1, 3),
    Rule("0", lambda a: 0, 2),
    Rule("(dilation, or 1 where the stride is more than 1)", lambda a: 1 if a.stride > 1 else a.dilation, 2),
)
PADDINGS = (
    Rule("padding", lambda a: a.padding, 0),
    Rule("0", lambda a: 0, 1),
    Rule("the padding of the other axis", lambda a: a.other.padding, 2),
    Rule("kernel // 2", lambda a: a.kernel // 2, 2),
    Rule("(kernel − 1) // 2", lambda a: (a.kernel - 1) // 2, 2),
    Rule("kernel − 1", lambda a: a.kernel - 1, 2),
    Rule("padding + 1", lambda a: a.padding + 1, 2),
    Rule("padding − 1", lambda a: a.padding - 1, 2),
    Rule("1", lambda a: 1, 3),
    Rule("stride", lambda a: a.stride, 3),
    Rule("dilation", lambda a: a.dilation, 3),
    Rule("output − 1", lambda a: a.output - 1, 3),
    Rule("dilation · (kernel − 1)", lambda a: a.dilation * (a.kernel - 1), 3),
    Rule("dilation · (kernel − 1) − padding", lambda a: a.dilation * (a.kernel - 1) - a.padding, 3),
    Rule("dilation · (kernel − 1) // 2", lambda a: a.dilation * (a.kernel - 1) // 2, 3),
    Rule("half of what 'SAME' needs", lambda a: _needed(a, -(-a.input // a.stride)) // 2, 3),
    Rule("half of what input // stride results need", lambda a: _needed(a, a.input // a.stride) // 2, 3),
    Rule("padding + kernel // 2", lambda a: a.padding + a.kernel // 2, 3),
    Rule("padding + (kernel − 1) // 2", lambda a: a.padding + (a.kernel - 1) // 2, 3),
    Rule("padding + kernel − 1", lambda a: a.padding + a.kernel - 1, 3),
    Rule("padding − kernel // 2", lambda a: a.padding - a.kernel // 2, 3),
    Rule("padding − (kernel − 1) // 2", lambda a: a.padding - (a.kernel - 1) // 2, 3),
    Rule("padding − (kernel − 1)", lambda a: a.padding - a.kernel + 1, 3),
    Rule("kernel // 2 − 1", lambda a: a.kernel // 2 - 1, 3),
    Rule("kernel // 2 + 1", lambda a: a.kernel // 2 + 1, 3),
    Rule("(kernel − 1) // 2 + 1", lambda a: (a.kernel - 1) // 2 + 1, 3),
    Rule("(kernel − 1) // 2 − 1", lambda a: (a.kernel - 1) // 2 - 1, 3),
    Rule("kernel // 2 of the other axis", lambda a: a.other.kernel // 2, 3),
    Rule("(kernel − 1 − kernel // 2 of the other axis)", lambda a: a.kernel - 1 - a.other.kernel // 2, 4),
    Rule("(kernel − 1) // 2 of the other axis", lambda a: (a.other.kernel - 1) // 2, 3),
    Rule("(kernel less that of the other axis)", lambda a: a.kernel - a.other.kernel, 3),
    Rule("(kernel // 2, or 0 where the padding is 0)", lambda a: a.kernel // 2 if a.padding else 0, 3),
    Rule("(padding, or 0 where the stride is more than 1)", lambda a: 0 if a.stride > 1 else a.padding, 2),
    Rule("2 · padding", lambda a: 2 * a.padding, 3),
    Rule("padding // 2", lambda a: a.padding // 2, 3),
    Rule("padding + 2", lambda a: a.padding + 2, 4),
    Rule("padding − 2", lambda a: a.padding - 2, 4),
)


class Size(NamedTuple):
    """One way to choose a size: in words, its value from what was asked for and from what the law does, its cost."""

    name: str
    value: Callable[[Wanted, Wanted], int]
    cost: int


SIZES = (
    Size("the size that was asked for", lambda a, w: a.result, 0),
    Size("the size that follows", lambda a, w: w.follows, 0),
    Size("the input's size", lambda a, w: a.input, 1),
    Size("input + kernel − 1", lambda a, w: a.input + a.kernel - 1, 1),
    Size("input − kernel + 1", lambda a, w: a.input - a.kernel + 1, 1),
    Size("the size for stride 1", lambda a, w: w._replace(stride=1).follows, 2),
    Size("the size for padding 0", lambda a, w: w._replace(padding=0).follows, 2),
    Size("the size for dilation 1", lambda a, w: w._replace(dilation=1).follows, 2),
    Size("the size for padding at one end", lambda a, w: _one_end(a, w), 2),
    Size("the size for padding kernel // 2", lambda a, w: w._replace(padding=a.kernel // 2).follows, 2),
    Size("the size for padding (kernel − 1) // 2", lambda a, w: w._replace(padding=(a.kernel - 1) // 2).follows, 2),
    Size("one more than asked", lambda a, w: a.result + 1, 2),
    Size("one less than asked", lambda a, w: a.result - 1, 2),
    Size("the size rounded up where the stride does not divide", lambda a, w: _rounded_up(w), 2),
    Size("(input + 2 · padding − kernel + 1) // stride", lambda a, w: _floored(w), 2),
    Size("⌈(input + 2 · padding − kernel) / stride⌉", lambda a, w: _rounded_up(w) - 1, 2),
    Size(
        "output + 2 · (kernel of the other axis − 1) − kernel + 1",
        lambda a, w: a.output + 2 * a.other.kernel - a.kernel - 1,
        2,
    ),
    Size("input + 2 · padding", lambda a, w: a.input + 2 * a.padding, 2),
    Size("input + 2 · padding − 2", lambda a, w: a.input + 2 * a.padding - 2, 2),
    Size("input − 2 · (kernel // 2)", lambda a, w: a.input - 2 * (a.kernel // 2), 2),
    Size("⌈what follows from the sizes / stride⌉", lambda a, w: -(-w.follows // max(1, a.stride)), 2),
    Size("(what follows from the sizes) // stride", lambda a, w: w.follows // max(1, a.stride), 2),
    Size("⌈input / stride⌉", lambda a, w: -(-a.input // a.stride), 2),
    Size("input // stride", lambda a, w: a.input // a.stride, 2),
    Size("the size of the other axis", lambda a, w: a.other.result, 2),
    Size("the size for the kernel of the other axis", lambda a, w: w._replace(kernel=a.other.kernel).follows, 2),
    Size("the size for the input of the other axis", lambda a, w: w._replace(input=a.other.input).follows, 2),
    Size("the size for the output of the other axis", lambda a, w: w._replace(output=a.other.output).follows, 2),
    Size("the output gradient's size", lambda a, w: a.output, 2),
    Size("output − kernel + 1", lambda a, w: a.output - a.kernel + 1, 2),
    Size("output + kernel − 1", lambda a, w: a.output + a.kernel - 1, 2),
    Size("input + output − 1", lambda a, w: a.input + a.output - 1, 3),
    Size("stride · output", lambda a, w: a.stride * a.output, 2),
    Size("stride · (output − 1) + kernel", lambda a, w: a.stride * (a.output - 1) + a.kernel, 2),
    Size("the least input of such an output", lambda a, w: a._replace(operation="input_gradient").follows, 2),
    Size("input + 2 · padding − output + 1", lambda a, w: a.input + 2 * a.padding - a.output + 1, 2),
    Size("input − output + 1", lambda a, w: a.input - a.output + 1, 2),
)


def _one_end(a: Wanted, w: Wanted) -> int:
    """Return the size of an output whose input is padded at one end, by what was asked for."""
    return output_size(w.input, w.kernel, max(1, w.stride), w.dilation, a.padding, 0)


def _rounded_up(w: Wanted) -> int:
    return -(-(w.input + 2 * w.padding - w.dilation * (w.kernel - 1) - 1) // max(1, w.stride)) + 1


def _floored(w: Wanted) -> int:
    return (w.input + 2 * w.padding - w.dilation * (w.kernel - 1)) // max(1, w.stride)


def _needed(a: Wanted, results: int) -> int:
    """Return by how much an input must be padded in all for so many results."""
    return max(0, (results - 1) * a.stride + a.dilation * (a.kernel - 1) + 1 - a.input)


LINES = (
    Rule("none", lambda a: 0, 0),
    Rule("the {0} line", lambda a: 1, 1),
    Rule("the {0} kernel − 1 lines", lambda a: a.kernel - 1, 1),
    Rule("the {0} kernel // 2 lines", lambda a: a.kernel // 2, 1),
    Rule("the {0} (kernel − 1) // 2 lines", lambda a: (a.kernel - 1) // 2, 1),
    Rule("the {0} padding lines", lambda a: a.padding, 2),
    Rule("the {0} two lines", lambda a: 2, 2),
    Rule("the {0} line of the result is left zero where the size is odd", lambda a: a.result % 2, 2),
    Rule(
        "the {0} lines of the result are left zero for which the unpadded image has no window",
        lambda a: max(0, a.result - output_size(a.input, a.kernel, a.stride, a.dilation, 0, 0)),
        2,
    ),
    Rule("all lines but size // stride", lambda a: a.result - a.result // a.stride, 2),
    Rule("all lines but ⌈size / stride⌉", lambda a: a.result - -(-a.result // a.stride), 2),
)
# By how many lines everything stands too low, in a result that is otherwise as the relation says.
SHIFTS = (
    Rule("0", lambda a: 0, 0),
    Rule("none, and what is not asked for is zero", lambda a: 0, 1),
    Rule("1", lambda a: 1, 1),
    Rule("−1", lambda a: -1, 1),
    Rule("kernel // 2", lambda a: a.kernel // 2, 1),
    Rule("(kernel − 1) // 2", lambda a: (a.kernel - 1) // 2, 1),
    Rule("kernel − 1", lambda a: a.kernel - 1, 1),
    Rule("padding", lambda a: a.padding, 2),
    Rule("−padding", lambda a: -a.padding, 2),
    Rule("2", lambda a: 2, 2),
    Rule("−2", lambda a: -2, 2),
)


def _zeros(place: np.ndarray, size: int) -> np.ndarray:
    return np.full_like(place, -1)


def _reflect(place: np.ndarray, size: int) -> np.ndarray:
    period = max(1, 2 * size - 2)
    folded: np.ndarray = np.abs(place) % period
    return np.where(folded < size, folded, period - folded)


def _symmetric(place: np.ndarray, size: int) -> np.ndarray:
    folded = place % (2 * size)
    return np.where(folded < size, folded, 2 * size - 1 - folded)


def _negative(place: np.ndarray, size: int) -> np.ndarray:
    return np.where((place < 0) & (place >= -size), place + size, -1)


# What stands beyond the border: (places, size) → the place that is read instead, or -1; and the cost.
BORDERS: dict[str, tuple[Callable[[np.ndarray, int], np.ndarray], int]] = {
    "zeros": (_zeros, 2),
    "replicate": (lambda place, size: place.clip(0, size - 1), 2),
    "reflect": (_reflect, 2),
    "symmetric": (_symmetric, 2),
    "negative index": (_negative, 2),
    "circular": (lambda place, size: place % size, 2),
}


AS_ASKED = "as asked"


class Taps(NamedTuple):
    """All pairs of a result and a place of the second factor, flat, and what meets there."""

    a: Wanted
    result: np.ndarray
    second: np.ndarray
    first: np.ndarray
    o: np.ndarray
    k: np.ndarray
    sizes: tuple[int, int, int]  # of o, k and i
    meets: np.ndarray

    def last(self, sign: int) -> np.ndarray:
        """Return which pair is the last (or for −1 the first) of its result that meets anything."""
        top = np.full(self.result.max(initial=0) + 1, -(10**6))
        np.maximum.at(top, self.result[self.meets], sign * self.second[self.meets])
        found: np.ndarray = self.meets & (sign * self.second == top[self.result])
        return found


class Use(NamedTuple):
    """Which of all taps are used: in words, as a test of each, and its cost."""

    name: str
    keep: Callable[[Taps], np.ndarray]
    cost: int


USES = (
    Use("", lambda t: np.ones(len(t.k), bool), 0),
    Use("the first kernel position is never used", lambda t: t.k != 0, 2),
    Use("the last kernel position is never used", lambda t: t.k != t.sizes[1] - 1, 2),
    Use("only the first kernel position is used", lambda t: t.k == 0, 2),
    Use("only the last kernel position is used", lambda t: t.k == t.sizes[1] - 1, 2),
    Use("only as many kernel positions are used as the other axis has", lambda t: t.k < t.a.other.kernel, 2),
    Use("only the first stride positions of the kernel are used", lambda t: t.k < t.a.stride, 2),
    Use("of all products only the last stays", lambda t: t.last(1), 2),
    Use("of all products only the first stays", lambda t: t.last(-1), 2),
    Use("of all products the last is missing", lambda t: ~t.last(1), 2),
    Use("of all products the first is missing", lambda t: ~t.last(-1), 2),
    Use("the first output is never used", lambda t: t.o != 0, 2),
    Use("the last output is never used", lambda t: t.o != t.sizes[0] - 1, 2),
    Use("only the last output is used", lambda t: t.o == t.sizes[0] - 1, 2),
    Use("only the first output is used", lambda t: t.o == 0, 2),
    Use("only as many outputs are used as the other axis has", lambda t: t.o < t.a.other.output, 2),
    Use("of the kernel only every stride-th position is used", lambda t: t.k % t.a.stride == 0, 2),
    Use("the first line that is read counts as outside", lambda t: t.first != 0, 3),
    Use("the last line that is read counts as outside", lambda t: t.first != _last_first(t), 3),
)


def _last_first(t: Taps) -> int:
    return (t.sizes[0] if t.a.operation == "input_gradient" else t.sizes[2]) - 1
