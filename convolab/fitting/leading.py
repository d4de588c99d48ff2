"""Which images, filters and channels does a program bring together? And by what does it multiply all of its products?

Three links are fitted one by one: of an image of the output with an image of the input, of a channel of the output with
a filter, and of a channel of the filter with a channel of the input. Each is a set of pairs.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from convolab.fitting.rules import Rule, Wanted, roles
from convolab.geometry import Geometry, array_shapes

Pairs = set[tuple[int, int]]
# The leading places (two each) of the result, the second and the first factor that meet.
Meeting = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
NAMES = ("grad_output", "weight", "input")


class Link(NamedTuple):
    """One way in which two indices go together: a code, words, its pairs among (first size, second size), its cost."""

    name: str
    pairs: Callable[[Geometry, int, int], Pairs]
    cost: int


def _where(keep: Callable[[int, int], bool]) -> Callable[[Geometry, int, int], Pairs]:
    """Return equal pairs, of which (index, size) is kept."""
    return lambda g, n, m: {(i, i) for i in range(min(n, m)) if keep(i, min(n, m))}


def _links(one: str, first_side: str, second_side: str, whole: str) -> tuple[Link, ...]:
    """Return the links of one kind: `one` of `whole`, by what its index is called on either side."""
    return (
        Link("", _where(lambda i, n: True), 0),
        Link(f"only the first {one}{whole} takes part", _where(lambda i, n: i == 0), 1),
        Link(f"only the last {one}{whole} takes part", _where(lambda i, n: i == n - 1), 1),
        Link(f"the last {one}{whole} is left out", _where(lambda i, n: i < n - 1), 1),
        Link(f"the first {one}{whole} is left out", _where(lambda i, n: i > 0), 2),
        Link(f"every {second_side} is taken for the first", lambda g, n, m: {(i, 0) for i in range(n)}, 2),
        Link(f"every {first_side} is taken for the first", lambda g, n, m: {(0, i) for i in range(m)}, 2),
        Link(f"every {second_side} is taken for the last", lambda g, n, m: {(i, m - 1) for i in range(n)}, 2),
        Link(f"every {second_side} meets every {first_side}", lambda g, n, m: set(product(range(n), range(m))), 2),
        Link(
            f"every {first_side} keeps the sums of those before it",
            lambda g, n, m: {(i, j) for i in range(n) for j in range(min(m, i + 1))},
            2,
        ),
        Link(f"every {one}{whole} is taken for its neighbour", lambda g, n, m: {(i, i - 1) for i in range(1, n)}, 3),
        Link(f"{one}s are in the opposite order", lambda g, n, m: {(i, m - 1 - i) for i in range(n) if i < m}, 2),
        Link(
            f"{one}s are padded as if they were lines",
            lambda g, n, m: {(i, i - _pad(g)) for i in range(n) if 0 <= i - _pad(g) < m},
            2,
        ),
    )


def _pad(g: Geometry) -> int:
    return g.axes[0].before


IMAGES = _links("image", "image of the output", "image of the input", " of the batch")
FILTERS = _links("filter", "output channel", "filter", "")


class Channels(NamedTuple):
    """One way in which a channel of a filter goes with a channel of the input."""

    name: str
    pairs: Callable[[int, int, int, int], Pairs]  # of (group, groups, channels a group, padding)
    cost: int


CHANNELS = (
    Channels("", lambda q, g, n, p: {(c, q * n + c) for c in range(n)}, 0),
    Channels("only the first input channel takes part", lambda q, g, n, p: {(0, q * n)}, 1),
    Channels("only the last input channel takes part", lambda q, g, n, p: {(n - 1, q * n + n - 1)}, 1),
    Channels("the last input channel is left out", lambda q, g, n, p: {(c, q * n + c) for c in range(n - 1)}, 1),
    Channels(
        "of several input channels the last is left out",
        lambda q, g, n, p: {(c, q * n + c) for c in range(max(1, n - 1))},
        2,
    ),
    Channels("the first input channel is left out", lambda q, g, n, p: {(c, q * n + c) for c in range(1, n)}, 2),
    Channels(
        "every channel of a filter is taken for its first", lambda q, g, n, p: {(0, q * n + c) for c in range(n)}, 2
    ),
    Channels("every input channel is taken for the first", lambda q, g, n, p: {(c, 0) for c in range(n)}, 2),
    Channels(
        "every channel of a filter meets every input channel",
        lambda q, g, n, p: {(c, q * n + e) for c in range(n) for e in range(n)},
        2,
    ),
    Channels(
        "every input channel keeps the sums of those before it",
        lambda q, g, n, p: {(c, q * n + e) for c in range(n) for e in range(c, n)},
        2,
    ),
    Channels(
        "the channels of a filter are in the opposite order",
        lambda q, g, n, p: {(n - 1 - c, q * n + c) for c in range(n)},
        2,
    ),
    Channels(
        "channels are padded as if they were lines",
        lambda q, g, n, p: {(c, q * n + c - p) for c in range(n) if 0 <= q * n + c - p < g * n},
        2,
    ),
    Channels("every group reads the channels of the first", lambda q, g, n, p: {(c, c) for c in range(n)}, 2),
    Channels(
        "every group but the first reads the channels of the last",
        lambda q, g, n, p: {(c, (q and g - 1) * n + c) for c in range(n)},
        2,
    ),
    Channels("there are two groups at most", lambda q, g, n, p: {(c, min(q, 1) * n + c) for c in range(n)}, 2),
    Channels("the channels of the groups are interleaved", lambda q, g, n, p: {(c, c * g + q) for c in range(n)}, 2),
)
# How an output channel's group is chosen.
GROUPS: tuple[tuple[str, Callable[[int, int, int], int], int], ...] = (
    ("", lambda f, per, groups: f // per, 0),
    ("output channels belong to the groups in turn", lambda f, per, groups: f % groups, 2),
)


# The size of a leading axis of the result: asked for is `result`, and the padding is `padding`.
LEADS = (
    Rule("", lambda a: a.result, 0),
    Rule("the result has only one {0}", lambda a: 1, 1),
    Rule("the result has one {0} less", lambda a: a.result - 1, 1),
    Rule("the result has {0}s for the padding too", lambda a: a.result + 2 * a.padding, 1),
)


class Leading(NamedTuple):
    """How the leading places go together.

    Attributes
    ----------
    images, filters : Link
        Pairs (output, input) of images, and (output channel, filter).
    channels : Channels
    group : int
        How the group of an output channel is chosen (an index of GROUPS).
    sizes : (Rule, Rule)
        Of the leading axes of the result.
    """

    images: Link = IMAGES[0]
    filters: Link = FILTERS[0]
    channels: Channels = CHANNELS[0]
    group: int = 0
    sizes: tuple[Rule, Rule] = (LEADS[0], LEADS[0])

    @property
    def cost(self) -> int:
        links = self.images.cost + self.filters.cost + self.channels.cost
        return links + GROUPS[self.group][2] + sum(size.cost for size in self.sizes)

    def said(self, operation: str) -> list[str]:
        """Return what differs, each as a clause."""
        names = [self.images.name, self.filters.name, self.channels.name, GROUPS[self.group][0]]
        axes = ("filter", "channel") if operation == "weight_gradient" else ("image", "channel")
        sizes = [size.name.format(axis) for size, axis in zip(self.sizes, axes, strict=True)]
        return [name for name in (*names, *sizes) if name]


PLAIN = Leading()


def shapes(g: Geometry, operation: str) -> list[tuple[int, ...]]:
    """Return the shapes of the result, the second and the first factor."""
    return [array_shapes(g)[role] for role in roles(operation)]


def leading_sizes(leading: Leading, g: Geometry, operation: str) -> tuple[int, int]:
    """Return the sizes of the first two axes of the result."""
    wanted = shapes(g, operation)[0][:2]
    n, m = (size.value(_lead(g, w, operation)) for size, w in zip(leading.sizes, wanted, strict=True))
    return n, m


def _lead(g: Geometry, wanted: int, operation: str) -> Wanted:
    return Wanted(operation, wanted, 1, wanted, 1, 1, _pad(g), wanted)


def _counts(g: Geometry, operation: str, result: Sequence[int]) -> dict[str, tuple[int, int]]:
    """Return the leading sizes of the three arrays, the result's as it is."""
    counts = {name: (shape[0], shape[1]) for name, shape in array_shapes(g).items()}
    counts[roles(operation)[0]] = (result[0], result[1])
    return counts


def places(leading: Leading, g: Geometry, operation: str, result: Sequence[int]) -> set[Meeting]:
    """Return the leading places of (result, second factor, first factor) that meet."""
    counts, per = _counts(g, operation, result), max(1, g.out_channels // g.groups)
    images = leading.images.pairs(g, counts["grad_output"][0], counts["input"][0])
    filters = leading.filters.pairs(g, counts["grad_output"][1], counts["weight"][0])
    found = set()
    for (n, image), (f, kept) in product(images, filters):
        group = GROUPS[leading.group][1](f, per, g.groups)
        for c, ci in leading.channels.pairs(group, g.groups, g.in_channels // g.groups, _pad(g)):
            if ci < counts["input"][1] and c < counts["weight"][1]:
                named = {"grad_output": (n, f), "weight": (kept, c), "input": (image, ci)}
                found.add(tuple(named[role] for role in roles(operation)))
    return found  # type: ignore[return-value]


def simplest_leading(
    seen: Sequence[tuple[Geometry, frozenset[Meeting], Sequence[int]]], operation: str
) -> Leading | None:
    """Return the cheapest leading that gives just these meetings (with the result's sizes) everywhere, or None."""
    sizes = [_size_of_axis(axis, seen, operation) for axis in (0, 1)]
    order = [roles(operation).index(name) for name in NAMES]
    named = [(g, {tuple(m[n] for n in order) for m in meetings}, result) for g, meetings, result in seen]

    def fits(link: Link, one: tuple[int, int], other: tuple[int, int]) -> bool:
        return all(
            link.pairs(g, *(_counts(g, operation, r)[NAMES[a]][i] for a, i in (one, other)))
            >= {(m[one[0]][one[1]], m[other[0]][other[1]]) for m in meetings}
            for g, meetings, r in named
        )

    if sizes[0] is None or sizes[1] is None:
        return None
    images = [link for link in IMAGES if fits(link, (0, 0), (2, 0))]
    filters = [link for link in FILTERS if fits(link, (0, 1), (1, 0))]
    choices = product(images, filters, CHANNELS, range(len(GROUPS)))
    both = (Leading(*choice, (sizes[0], sizes[1])) for choice in choices)
    for leading in sorted(both, key=lambda choice: choice.cost):
        if all(places(leading, g, operation, result) == meetings for g, meetings, result in seen):
            return leading
    return None


def _size_of_axis(
    axis: int, seen: Sequence[tuple[Geometry, frozenset[Meeting], Sequence[int]]], operation: str
) -> Rule | None:
    def fits(size: Rule) -> bool:
        return all(size.value(_lead(g, shapes(g, operation)[0][axis], operation)) == r[axis] for g, _, r in seen)

    return next((size for size in LEADS if fits(size)), None)


class Factor(NamedTuple):
    """By what all products are multiplied: in words, as a number, and its cost."""

    name: str
    value: Callable[[Geometry], float]
    cost: int


def _per_group(g: Geometry) -> int:
    return g.in_channels // g.groups


_SCALES = (
    Factor("", lambda g: 1.0, 0),
    Factor("1 / (number of products)", lambda g: 1 / g.products, 2),
    Factor("1 / (size of the kernel)", lambda g: 1 / float(np.prod(g.kernel)), 2),
    Factor("1 / (number of input channels)", lambda g: 1 / _per_group(g), 2),
    Factor("1 / (size of the batch)", lambda g: 1 / g.batch, 2),
    Factor("1 / (size of the output)", lambda g: 1 / float(np.prod(g.output)), 2),
    Factor("1 / (batch · size of the output)", lambda g: 1 / float(g.batch * np.prod(g.output)), 2),
    Factor("1 / (number of filters)", lambda g: 1 / g.out_channels, 2),
    Factor("1 / stride²", lambda g: 1 / float(np.prod([a.stride for a in g.axes])), 2),
    Factor("2", lambda g: 2.0, 2),
    Factor("1 / 2", lambda g: 0.5, 2),
    Factor("the size of the batch", lambda g: float(g.batch), 3),
    Factor("the number of input channels", lambda g: float(_per_group(g)), 3),
    Factor("the size of the kernel", lambda g: float(np.prod(g.kernel)), 3),
    Factor("the number of products", lambda g: float(g.products), 3),
    Factor("the number of filters", lambda g: float(g.out_channels), 3),
    Factor("1 / (batch · number of filters)", lambda g: 1 / float(g.batch * g.out_channels), 3),
)
SCALES = tuple(
    factor
    for f in _SCALES
    for factor in (f, Factor(f"−{f.name or 1}", lambda g, f=f: -f.value(g), f.cost + 1))  # type: ignore[misc]
)
