"""Which images, channels and filters can a program bring together? And by what can it multiply all of its products?"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from convolab.geometry import OPERATIONS, Geometry, array_shapes

# The leading places (two each) of an output, a weight and an input that meet.
Meeting = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


class Channels(NamedTuple):
    """One way in which images and channels meet: in words, as a change of each meeting (or None), and its cost."""

    name: str
    change: Callable[[Geometry, Meeting], Meeting | None]
    cost: int


def _only(keep: Callable[[Geometry, int, int, int], bool]) -> Callable[[Geometry, Meeting], Meeting | None]:
    """Keep of all meetings those with (image, filter, channel of the filter) that are kept."""
    return lambda g, m: m if keep(g, m[0][0], m[1][0], m[1][1]) else None


def _channels(g: Geometry) -> int:
    return g.in_channels // g.groups


CHANNELS = (
    Channels("", lambda g, m: m, 0),
    Channels("only the first input channel takes part", _only(lambda g, n, f, c: c == 0), 1),
    Channels("only the last input channel takes part", _only(lambda g, n, f, c: c == _channels(g) - 1), 1),
    Channels("the last input channel is left out", _only(lambda g, n, f, c: c < _channels(g) - 1), 1),
    Channels("only the first image of the batch takes part", _only(lambda g, n, f, c: n == 0), 1),
    Channels("only the last image of the batch takes part", _only(lambda g, n, f, c: n == g.batch - 1), 1),
    Channels("the last image of the batch is left out", _only(lambda g, n, f, c: n < g.batch - 1), 1),
    Channels("only the first filter takes part", _only(lambda g, n, f, c: f == 0), 1),
    Channels("only the last filter takes part", _only(lambda g, n, f, c: f == g.out_channels - 1), 1),
    Channels("the last filter is left out", _only(lambda g, n, f, c: f < g.out_channels - 1), 1),
    Channels("only the first channel of the first filter takes part", _only(lambda g, n, f, c: f == c == 0), 2),
    Channels("every filter is taken for the first", lambda g, m: (m[0], (0, m[1][1]), m[2]), 2),
    Channels("every channel of a filter is taken for its first", lambda g, m: (m[0], (m[1][0], 0), m[2]), 2),
    Channels("every input channel is taken for the first", lambda g, m: (m[0], m[1], (m[2][0], 0)), 2),
    Channels("every output channel is taken for the first", lambda g, m: ((m[0][0], 0), m[1], m[2]), 2),
    Channels("every image of the batch is taken for the first", lambda g, m: (m[0], m[1], (0, m[2][1])), 2),
)


def _meetings(g: Geometry) -> Iterator[Meeting]:
    """Yield the leading places that meet in the convolution itself."""
    for n, f, c in product(range(g.batch), range(g.out_channels), range(_channels(g))):
        yield (n, f), (f, c), (n, f // (g.out_channels // g.groups) * _channels(g) + c)


def roles(operation: str) -> tuple[str, str, str]:
    """Return the names of the result, the second and the first factor of an operation."""
    return (OPERATIONS[operation].result, *OPERATIONS[operation].written)


def places(channels: Channels, g: Geometry, operation: str) -> list[Meeting]:
    """Return the leading places of (result, second factor, first factor) that meet."""
    changed = (channels.change(g, meeting) for meeting in _meetings(g))
    named = (dict(zip(("grad_output", "weight", "input"), m, strict=True)) for m in changed if m is not None)
    result, second, first = roles(operation)
    return [(place[result], place[second], place[first]) for place in named]


def shapes(g: Geometry, operation: str) -> list[tuple[int, ...]]:
    """Return the shapes of the result, the second and the first factor."""
    return [array_shapes(g)[role] for role in roles(operation)]


class Factor(NamedTuple):
    """By what all products are multiplied: in words, as a number, and its cost."""

    name: str
    value: Callable[[Geometry], float]
    cost: int


SCALES = (
    Factor("", lambda g: 1.0, 0),
    Factor("−1", lambda g: -1.0, 1),
    Factor("1 / (number of products)", lambda g: 1 / g.products, 2),
    Factor("1 / (size of the kernel)", lambda g: 1 / float(np.prod(g.kernel)), 2),
    Factor("1 / (number of input channels)", lambda g: 1 / _channels(g), 2),
    Factor("1 / (size of the batch)", lambda g: 1 / g.batch, 2),
    Factor("1 / (size of the output)", lambda g: 1 / float(np.prod(g.output)), 2),
    Factor("1 / (batch · size of the output)", lambda g: 1 / float(g.batch * np.prod(g.output)), 2),
    Factor("1 / (number of filters)", lambda g: 1 / g.out_channels, 2),
    Factor("1 / stride²", lambda g: 1 / float(np.prod([a.stride for a in g.axes])), 2),
    Factor("2", lambda g: 2.0, 2),
    Factor("1 / 2", lambda g: 0.5, 2),
    Factor("the size of the batch", lambda g: float(g.batch), 3),
)
