"""How does Halide tie chains of crests? Words of 64 pixels are swept down and up, band by band, until none grows."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import halide as hl
import numpy as np

from convolab.filters import winding
from convolab.filters.chains import LANES, Chains

BAND = 256  # rows that are swept together while they grow
PARALLEL = 8  # bands from which threads pay
TURNS = 4  # wide sweeps of a band that still grows, before those that run along whole rows
SWEEPS = 256  # of the whole image, from which the linear way is shorter
_LOCK = threading.Lock()


def tie(chains: Chains) -> None:
    """Tie the chains as `hysteresis.tie` does."""
    bands = _Bands(chains)
    threads = os.cpu_count() or 1
    _settle(bands, threads if len(bands.starts) >= PARALLEL else 1)
    if any(bands.growing):
        winding.tie(chains)


def _settle(bands: "_Bands", threads: int) -> None:
    if threads == 1:
        return bands.settle(0, len(bands.starts))
    cuts = [len(bands.starts) * number // threads for number in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        while any(bands.growing) and not bands.is_tired:
            list(pool.map(bands.settle, cuts[:-1], cuts[1:]))


class _Bands:
    """The bands of an image, and which of them may still grow."""

    def __init__(self, chains: Chains):
        self.chains = chains
        self.starts = range(0, chains.height, BAND)
        self.growing = [True] * len(self.starts)
        self.swept = 0  # rows
        with _LOCK:
            self.wide, self.along = _sweeps(True), _sweeps(False)

    @property
    def is_tired(self) -> bool:
        """Whether so much has been swept that the rest is found sooner in another way."""
        return self.swept > SWEEPS * self.chains.height

    def settle(self, first: int, last: int) -> None:
        """Sweep the bands first … last - 1, down and up, until none of them grows by itself or its neighbours."""
        order = range(first, last)
        while any(self.growing[first:last]) and not self.is_tired:
            for band in order:
                if self.growing[band] and not self.is_tired:
                    self._grow(band)
            order = order[::-1]

    def _grow(self, band: int) -> None:
        """Sweep a band until it grows no more, and have those look that touch what has grown."""
        self.growing[band] = False
        rows = slice(self.starts[band], min(self.starts[band] + BAND, self.chains.height) + 2)
        crests, tied = self.chains.crests[rows], self.chains.tied[rows]
        pixels, result = hl.Buffer(crests), hl.Buffer(tied)
        top, bottom = tied[1].copy(), tied[-2].copy()
        before, turns = -1, 0
        while (count := int(np.bitwise_count(tied[1:-1]).sum())) != before:
            if self.is_tired:
                self.growing[band] = True
                return
            before, turns, self.swept = count, turns + 1, self.swept + len(crests) - 2
            sweeps = self.wide if turns <= TURNS else self.along
            sweeps(pixels, crests.shape[1] - 2, len(crests) - 2, result)
        if band and not np.array_equal(top, tied[1]):
            self.growing[band - 1] = True
        if band + 1 < len(self.growing) and not np.array_equal(bottom, tied[-2]):
            self.growing[band + 1] = True


@cache
def _sweeps(wide: bool) -> Callable:
    """Return the compiled sweeps, one down and one up, over words with a frame of one word and one row.

    Wide ones take LANES words of a row at once, each with what its neighbours held before; the others take one word
    after another, so that what is tied runs along the whole row.
    """
    crests, words, rows = hl.ImageParam(hl.Int(64), 2, "crests"), *(hl.Param(hl.Int(32), n) for n in ("words", "rows"))
    x, y, tied = hl.Var("x"), hl.Var("y"), hl.Func("tied")
    tied[x, y] = hl.undef(hl.Int(64))
    for number, down in enumerate((True, False)):
        lanes = LANES if wide else 1
        place = hl.RDom([(0, lanes), (0, words // lanes), (0, rows)], "place")
        along, row = place.x + lanes * place.y, place.z
        word, row = (1 + along, 1 + row) if down else (words - along, rows - row)
        tied[word, row] = hl.cast(hl.Int(64), _grown(crests, tied, word, row, row - 1 if down else row + 1))
        if wide:  # a word may be read before or after it has grown: what is tied stays tied
            tied.update(number).allow_race_conditions().vectorize(place.x)
        else:
            tied.update(number).unscheduled()
    return hl.Pipeline(tied).compile_to_callable([crests, words, rows], hl.get_jit_target_from_environment())


def _grown(crests: hl.ImageParam, tied: hl.Func, word: hl.Expr, row: hl.Expr, other: hl.Expr) -> hl.Expr:
    """Return a word of the row, with every stretch of crests that touches what is tied in it or around it."""

    def bits(source, place: hl.Expr, line: hl.Expr) -> hl.Expr:
        return hl.cast(hl.UInt(64), source[place, line])

    def number(value: int) -> hl.Expr:
        return hl.cast(hl.UInt(64), value)

    stretch, above = bits(crests, word, row), bits(tied, word, other)
    before = bits(tied, word - 1, other) | bits(tied, word - 1, row)
    behind = bits(tied, word + 1, other) | bits(tied, word + 1, row)
    seeds = bits(tied, word, row) | above | (above << number(1)) | (above >> number(1))
    seeds = (seeds | (before >> number(63)) | (behind << number(63))) & stretch
    found = (((stretch + seeds) ^ stretch) & stretch) | seeds
    for step in (1, 2, 4, 8, 16, 32):
        found = found | (stretch & (found >> number(step)))
        stretch = stretch & (stretch >> number(step))
    return found
