"""Mistakes of range: products, borders or channels that are left out."""

from collections.abc import Iterator

import numpy as np

from convolab.definition.mistakes.changes import Axes, along, axes, blank, extreme, keep_if, only_taps, per_direction
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Terms, inputs_meeting
from convolab.definition.mistakes.variation import BACK, EITHER, FORWARD, WEIGHT, Change, Variation


def _dropped(end: str) -> tuple[Variation, ...]:
    """Return the ways in which a loop ends one early (`last`) or begins one late (`first`)."""

    def at_the_end(terms: Terms, name: str, a: int) -> np.ndarray:
        size = {"k": terms.geometry.kernel, "o": terms.geometry.output}[name][a]
        found: np.ndarray = getattr(terms, name)[:, a] == (size - 1 if end == "last" else 0)
        return found

    def without(name: str, which: Axes) -> Change:
        return keep_if(lambda terms: ~np.any([at_the_end(terms, name, a) for a in axes(terms, which)], axis=0))

    def make(name: str, which: Axes, dims: int) -> Iterator[Variation]:
        there = along("at every position, of those that exist there", name)
        yield Variation(along("in the kernel", name), EITHER, taps=without("k", which), least_dims=dims)
        yield Variation(along("of the outputs", name), WEIGHT + BACK, taps=without("o", which), least_dims=dims)
        yield Variation(there, EITHER, taps=extreme("k", which, end), least_dims=dims)
        yield Variation(there, WEIGHT, taps=extreme("o", which, end), least_dims=dims)

    return per_direction(make)


def _without_last_channel(terms: Terms) -> None:
    """Leave out the last channel of the sum: in the input gradient the last output channel of each group."""
    if terms.operation == "input_gradient":
        per_group = terms.geometry.out_channels // terms.geometry.groups
        terms.keep(terms.co % per_group < per_group - 1)
    else:
        terms.keep(terms.c < terms.geometry.weight_shape[1] - 1)


def _whole_windows(terms: Terms) -> None:
    """Keep only outputs whose window lies within the image."""
    firsts = [inputs_meeting(a, terms.o[:, n], 0) for n, a in enumerate(terms.geometry.axes)]
    ok = [(f >= 0) & (f + a.span <= a.input) for f, a in zip(firsts, terms.geometry.axes, strict=True)]
    terms.keep(np.all(ok, axis=0))


def _reached_by_most(terms: Terms) -> None:
    """Keep only elements of the result that add up as many taps as any."""
    only_taps(terms)
    result_index = terms.result_index()
    counts = np.bincount(result_index)
    terms.keep((counts == counts.max(initial=0))[result_index])


def _blank_line(name: str, which: Axes, dims: int) -> list[Variation]:
    return [
        Variation(along("the last line stays zero", name), result=blank(0, 1, which), least_dims=dims),
        Variation(along("the first line stays zero", name), result=blank(1, 0, which), least_dims=dims),
    ]


LEFT_OUT = [
    Mistake(
        "last-tap-dropped",
        "The last product of every sum is missing",
        "A loop ends one too early: its last position is left out.",
        "range(a, b) ends at b - 1. Which is the last index that your loop visits?",
        _dropped("last"),
    ),
    Mistake(
        "first-tap-dropped",
        "The first product of every sum is missing",
        "A loop begins one too late: its first position is left out.",
        "Where does counting start? Which is the first index that your loop visits?",
        _dropped("first"),
    ),
    Mistake(
        "missing-border",
        "The border is left out",
        "Elements near the border of the result stay zero or incomplete.",
        "Compute the corner by hand: which products does it have?",
        (
            Variation("one line at each side stays zero", result=blank(1, 1)),
            *per_direction(_blank_line),
            Variation("windows that reach into the padding are skipped", FORWARD + WEIGHT, taps=_whole_windows),
            Variation("windows that reach into the padding are skipped", BACK, taps=_whole_windows),
            Variation("only positions that every weight reaches are filled", BACK, taps=_reached_by_most),
        ),
    ),
    Mistake(
        "last-channel-dropped",
        "The last channel is left out",
        "The sum over the channels ends one too early.",
        "Which is the last channel that your loop visits?",
        (Variation("", taps=_without_last_channel),),
    ),
]
