"""Which relations can a program follow along one axis? Each is a way to choose the numbers in i = s · o + d · k − p.

A law says what stands in the relation as a function of what was asked for, so that it holds for every geometry. What
was asked for costs nothing, and everything else costs more the rarer it is: the cheapest law that fits is the
simplest explanation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from convolab.geometry import Geometry, output_size


class Wanted(NamedTuple):
    """What was asked for along one axis; `across` is the same along the other axis."""

    input: int
    kernel: int
    output: int
    stride: int
    dilation: int
    padding: int
    result: int
    across: "Wanted | None" = None

    @property
    def other(self) -> "Wanted":
        return self.across or self


def asked(geometry: Geometry, operation: str, axis: int, *, kernel_exchanged: bool = False) -> Wanted:
    """Return what a geometry asks along an axis (0 rows, 1 columns), where the kernel's own axes may be exchanged."""
    both = []
    for n in (axis, 1 - axis):
        a, k = geometry.axes[n], geometry.kernel[1 - n if kernel_exchanged else n]
        output = output_size(a.input, k, a.stride, a.dilation, a.before, a.after) if kernel_exchanged else a.output
        result = {"forward": output, "input_gradient": a.input, "weight_gradient": k}[operation]
        both.append(Wanted(a.input, k, output, a.stride, a.dilation, a.before, result))
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
    Rule("kernel", lambda a: a.kernel, 3),
)
DILATIONS = (
    Rule("dilation", lambda a: a.dilation, 0),
    Rule("1", lambda a: 1, 1),
    Rule("the dilation of the other axis", lambda a: a.other.dilation, 2),
    Rule("stride", lambda a: a.stride, 2),
    Rule("dilation + 1", lambda a: a.dilation + 1, 3),
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
    Rule("stride", lambda a: a.stride, 3),
    Rule("dilation · (kernel − 1)", lambda a: a.dilation * (a.kernel - 1), 3),
    Rule("dilation · (kernel − 1) − padding", lambda a: a.dilation * (a.kernel - 1) - a.padding, 3),
    Rule("padding + kernel // 2", lambda a: a.padding + a.kernel // 2, 3),
    Rule("padding + (kernel − 1) // 2", lambda a: a.padding + (a.kernel - 1) // 2, 3),
    Rule("padding + kernel − 1", lambda a: a.padding + a.kernel - 1, 3),
    Rule("padding − kernel // 2", lambda a: a.padding - a.kernel // 2, 3),
    Rule("padding − (kernel − 1) // 2", lambda a: a.padding - (a.kernel - 1) // 2, 3),
    Rule("padding − (kernel − 1)", lambda a: a.padding - a.kernel + 1, 3),
    Rule("2 · padding", lambda a: 2 * a.padding, 3),
    Rule("padding + 2", lambda a: a.padding + 2, 4),
    Rule("padding − 2", lambda a: a.padding - 2, 4),
)
SIZES = (
    Rule("the size that was asked for", lambda a: a.result, 0),
    Rule("the input's size", lambda a: a.input, 1),
    Rule("input + kernel − 1", lambda a: a.input + a.kernel - 1, 1),
    Rule("input − kernel + 1", lambda a: a.input - a.kernel + 1, 1),
    Rule("the size for stride 1", lambda a: _size(a, stride=1), 2),
    Rule("the size for padding 0", lambda a: _size(a, padding=0), 2),
    Rule("the size for dilation 1", lambda a: _size(a, dilation=1), 2),
    Rule("the size for padding at one end", lambda a: _size(a, after=0), 2),
    Rule("one more than asked", lambda a: a.result + 1, 2),
    Rule("one less than asked", lambda a: a.result - 1, 2),
    Rule("input + 2 · (kernel // 2) − kernel + 1", lambda a: a.input + 2 * (a.kernel // 2) - a.kernel + 1, 2),
    Rule("input + 2 · padding", lambda a: a.input + 2 * a.padding, 2),
    Rule("⌈input / stride⌉", lambda a: -(-a.input // a.stride), 2),
    Rule("input // stride", lambda a: a.input // a.stride, 2),
    Rule("the size of the other axis", lambda a: a.other.result, 2),
    Rule("stride · (output − 1) + kernel", lambda a: a.stride * (a.output - 1) + a.kernel, 2),
    Rule("the least input of such an output", lambda a: _least_input(a), 2),
    Rule("input + 2 · padding − output + 1", lambda a: a.input + 2 * a.padding - a.output + 1, 2),
    Rule("input − output + 1", lambda a: a.input - a.output + 1, 2),
)


def _least_input(a: Wanted) -> int:
    """Return the smallest input that gives the output, as a transposed convolution chooses it."""
    return a.stride * (a.output - 1) + a.dilation * (a.kernel - 1) + 1 - 2 * a.padding


def _size(a: Wanted, *, stride: int = 0, dilation: int = 0, padding: int = -1, after: int = -1) -> int:
    """Return the output's size where one of the options is another."""
    before = a.padding if padding < 0 else padding
    options = (stride or a.stride, dilation or a.dilation, before, before if after < 0 else after)
    return output_size(a.input, a.kernel, *options)


LINES = (
    Rule("none", lambda a: 0, 0),
    Rule("the {0} line", lambda a: 1, 1),
    Rule("the {0} kernel − 1 lines", lambda a: a.kernel - 1, 1),
    Rule("the {0} kernel // 2 lines", lambda a: a.kernel // 2, 1),
    Rule("the {0} (kernel − 1) // 2 lines", lambda a: (a.kernel - 1) // 2, 1),
    Rule("the {0} padding lines", lambda a: a.padding, 2),
    Rule("the {0} two lines", lambda a: 2, 2),
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
    "zeros": (_zeros, 0),
    "replicate": (lambda place, size: place.clip(0, size - 1), 2),
    "reflect": (_reflect, 2),
    "symmetric": (_symmetric, 2),
    "circular": (lambda place, size: place % size, 2),
    "negative index": (_negative, 2),
}


@dataclass(frozen=True)
class Law:
    """How the places along one axis meet.

    Attributes
    ----------
    stride, dilation, padding : Rule
        The numbers of the relation.
    reversed : bool
        Whether the kernel is used backwards.
    border : str
        What stands beyond the border of the factor that is read (a key of BORDERS).
    size : Rule
        How many results there are.
    head, tail : Rule
        How many lines of the result are left zero at either end.
    whole : bool
        Whether only those results are computed whose window lies inside.
    dropped : str
        The kernel position that is never used: `first`, `last`, or none.
    """

    stride: Rule = STRIDES[0]
    dilation: Rule = DILATIONS[0]
    padding: Rule = PADDINGS[0]
    reversed: bool = False
    border: str = "zeros"
    size: Rule = SIZES[0]
    head: Rule = LINES[0]
    tail: Rule = LINES[0]
    whole: bool = False
    dropped: str = ""

    @property
    def cost(self) -> int:
        """How far the law is from what was asked for."""
        chosen = (self.stride, self.dilation, self.padding, self.size, self.head, self.tail)
        rest = 2 * self.reversed + BORDERS[self.border][1] + self.whole + 2 * bool(self.dropped)
        return sum(choice.cost for choice in chosen) + rest


def products(law: Law, a: Wanted, operation: str, sizes: tuple[int, int, int]) -> np.ndarray:
    """Return the products that a law makes along an axis.

    Parameters
    ----------
    law : Law
    a : Wanted
    operation : {"forward", "input_gradient", "weight_gradient"}
    sizes : tuple of int
        Of the result, the second factor and the first factor, along the axis.

    Returns
    -------
    bool (result, second, first)
    """
    results, seconds, firsts = sizes
    made = np.zeros(sizes, bool)
    s, d, p = law.stride.value(a), law.dilation.value(a), law.padding.value(a)
    if s < 1 or d < 1:
        return made
    r, b = (x.ravel() for x in np.indices((results, seconds)))
    k, kernel = (r, results) if operation == "weight_gradient" else (b, seconds)
    turned = kernel - 1 - k if law.reversed else k
    if operation == "input_gradient":
        place, rest = np.divmod(r + p - d * turned, s)
        used = rest == 0
    else:
        place = s * (b if operation == "weight_gradient" else r) + d * turned - p
        used = np.ones(len(r), bool)
    if law.dropped:
        used &= k != (0 if law.dropped == "first" else kernel - 1)
    inside = (place >= 0) & (place < firsts)
    first = np.where(inside, place, BORDERS[law.border][0](place, firsts))
    if law.whole:
        broken = np.zeros(results, bool)
        broken[r[used & ~inside]] = True
        used &= ~broken[r]
    used &= (r >= law.head.value(a)) & (r < results - law.tail.value(a)) & (first >= 0)
    made[r[used], b[used], first[used]] = True
    return made
