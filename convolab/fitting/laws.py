"""Which relations can a program follow along one axis? A law is one choice of everything that `rules` lists.

The cheapest law that fits is the simplest explanation.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from convolab.fitting.rules import (
    AS_ASKED,
    BORDERS,
    DILATIONS,
    LINES,
    PADDINGS,
    SHIFTS,
    SIZES,
    STRIDES,
    USES,
    Rule,
    Size,
    Taps,
    Use,
    Wanted,
)


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
        What stands beyond the border (a key of BORDERS).
    written : bool
        Whether the border is that of the result: an input gradient adds its products there.
    size : Size
        How many results there are.
    head, tail : Rule
        How many lines of the result are left zero at either end.
    shift : Rule
        By how many lines the result stands too low.
    rolled : bool
        Whether what is shifted out at one end comes in at the other.
    mirrored : bool
        Whether the result is in the opposite order.
    clamped : bool
        Whether a window that would leave the padded input is moved back into it.
    whole : bool
        Whether only those results are computed whose window lies inside.
    every : bool
        Whether only every stride-th result is computed.
    aliased : bool
        Whether all results are one and the same, in which everything is added up.
    floored : bool
        Whether an input gradient takes the output that a division rounds down to, where the stride leads to none.
    use : Use
        Which products are used.
    """

    stride: Rule = STRIDES[0]
    dilation: Rule = DILATIONS[0]
    padding: Rule = PADDINGS[0]
    reversed: bool = False
    border: str = AS_ASKED
    written: bool = False
    size: Size = SIZES[0]
    head: Rule = LINES[0]
    tail: Rule = LINES[0]
    shift: Rule = SHIFTS[0]
    rolled: bool = False
    mirrored: bool = False
    clamped: bool = False
    whole: bool = False
    every: bool = False
    aliased: bool = False
    floored: bool = False
    use: Use = USES[0]

    @property
    def cost(self) -> int:
        """How far the law is from what was asked for."""
        chosen = (self.stride, self.dilation, self.padding, self.size, self.head, self.tail, self.shift, self.use)
        flags = (
            2 * self.reversed
            + 3 * self.mirrored
            + 2 * self.clamped
            + self.whole
            + 2 * self.every
            + 2 * self.rolled
            + 2 * self.floored
            + 2 * self.aliased
        )
        return (
            sum(choice.cost for choice in chosen) + flags + (0 if self.border == AS_ASKED else BORDERS[self.border][1])
        )

    def on(self, a: Wanted) -> Wanted:
        """Return what was asked for with the numbers of the law in place of its own."""
        return a._replace(stride=self.stride.value(a), dilation=self.dilation.value(a), padding=self.padding.value(a))

    def size_of(self, a: Wanted) -> int:
        return max(0, self.size.value(a, self.on(a)))


@lru_cache(maxsize=4096)
def products(law: Law, a: Wanted, sizes: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the products that a law makes along an axis, and where it reads beyond the border.

    Parameters
    ----------
    law : Law
    a : Wanted
    sizes : tuple of int
        Of the result, the second factor and the first factor, along the axis.

    Returns
    -------
    made : bool (result, second, first)
    beyond : bool (result, second)
    """
    results, seconds, firsts = sizes
    made, beyond = np.zeros(sizes, bool), np.zeros(sizes[:2], bool)
    w = law.on(a)
    if w.stride < 1 or w.dilation < 0 or min(sizes) < 1:
        return made, beyond
    r, b = (x.ravel() for x in np.indices((results, seconds)))
    at, used = moved(law, a, w, r, results)
    o, k, place, meets = _met(law, w, at, b, sizes)
    rows, border = r, a.border if law.border == AS_ASKED else law.border
    written = law.written or (law.border == AS_ASKED and a.operation == "input_gradient")
    if written and border != "zeros":
        rows, b, o, k, place, used, meets = _scattered(law, w, border, sizes)
    inside = (place >= 0) & (place < firsts)
    beside = "zeros" if written else border
    first = np.where(inside, place, BORDERS[beside][0](place, firsts))
    meets = meets & used
    spans = {"forward": (results, seconds, firsts), "input_gradient": (firsts, seconds, results)}
    span = spans.get(a.operation, (seconds, results, firsts))
    taps = Taps(a, rows, b, first, o, k, span, meets & (first >= 0))
    kept = meets & law.use.keep(taps)
    if law.whole:
        broken = np.zeros(results, bool)
        broken[rows[meets & ~inside]] = True
        kept &= ~broken[rows]
    kept &= (rows >= law.head.value(a)) & (rows < results - law.tail.value(a))
    if law.every:
        kept &= rows % a.stride == 0
    there = kept & (first >= 0)
    made[rows[there], b[there], first[there]] = True
    if law.aliased:
        made[:] = made.any(0)
    beyond[rows[kept & ~inside], b[kept & ~inside]] = True
    return made, beyond


def moved(law: Law, a: Wanted, w: Wanted, r: np.ndarray, results: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which result of the relation stands in each line, and whether any does."""
    at, by = results - 1 - r if law.mirrored else r, law.shift.value(a)
    if law.rolled:
        return (at - by) % results, np.ones(len(r), bool)
    natural = w.follows if a.operation == "forward" else a.result
    limited = law.shift is not SHIFTS[0]
    return at - by, (at - by >= 0) & (at - by < natural) if limited else np.ones(len(r), bool)


def _met(law: Law, w: Wanted, at: np.ndarray, b: np.ndarray, sizes: tuple[int, int, int]) -> tuple[np.ndarray, ...]:
    """Return output and kernel position of each pair, the place that it reads, and whether it reads any."""
    results, seconds, firsts = sizes
    k, kernel = (at, results) if w.operation == "weight_gradient" else (b, seconds)
    turned = kernel - 1 - k if law.reversed else k
    if w.operation == "input_gradient":
        place, rest = np.divmod(at + w.padding - w.dilation * turned, w.stride)
        return place, k, place, (rest == 0) | law.floored
    o = b if w.operation == "weight_gradient" else at
    start = w.stride * o
    if law.clamped:
        start = np.minimum(start, firsts + 2 * w.padding - w.dilation * (kernel - 1) - 1)
    place = start + w.dilation * turned - w.padding
    return o, k, place, np.ones(len(b), bool)


def _scattered(law: Law, w: Wanted, border: str, sizes: tuple[int, int, int]) -> tuple[np.ndarray, ...]:
    """Return the pairs of an input gradient that adds every product where the border says."""
    results, seconds, firsts = sizes
    o, k = (x.ravel() for x in np.indices((firsts, seconds)))
    place = w.stride * o + w.dilation * (seconds - 1 - k if law.reversed else k) - w.padding
    at = np.where((place >= 0) & (place < results), place, BORDERS[border][0](place, results))
    ok = (at >= 0) & (at < results)
    return at[ok], k[ok], o[ok], k[ok], o[ok], np.ones(ok.sum(), bool), np.ones(ok.sum(), bool)
