"""From which strength on is a crest an edge? From numbers, from shares of the strongest, or from shares of the pixels.

All are looked for among squared magnitudes, which are kept nowhere: each pass computes them anew.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convolab.errors import ArgumentError
from convolab.filters.smoothing import Smoothed

HIGH = 0.2  # of the largest magnitude
FEWEST = 0.9  # of the pixels lie below the upper threshold, where thresholds are fractions of them
# Magnitudes up to this share of the largest pixel are rounding. float32 is what pixels are stored in, and a few units
# in its last place are none of an image's; float64 is what they are computed in, and a computation loses more.
ROUNDING = {"float32": 2.0**-18, "float64": 2.0**-32}
ORDINARY = 2.0**-20, 2.0**40  # largest pixels whose squares neither vanish nor overflow; others are scaled


@dataclass(frozen=True)
class WantedThresholds:
    """The thresholds that a caller asks for; with `quantiles` as fractions of the pixels that lie below."""

    low: float | None
    high: float | None
    quantiles: bool = False

    def checked(self) -> "WantedThresholds":
        """Return both thresholds, the one that is missing from the other; None where both come from the image."""
        low, high = (_number(name, value) for name, value in (("low", self.low), ("high", self.high)))
        if self.quantiles:
            high = (FEWEST if low is None else (1 + low) / 2) if high is None else high
            low = max(0.0, 2 * high - 1) if low is None else low
            if not 0 <= low <= high <= 1:
                raise ArgumentError(f"low, high: as fractions, expected 0 ≤ low ≤ high ≤ 1, got {low:g} and {high:g}.")
        elif low is not None or high is not None:
            high = 2 * low if high is None and low is not None else high
            low = high / 2 if low is None and high is not None else low
            if not 0 <= low <= high:  # type: ignore[operator]  # both are numbers here
                raise ArgumentError(f"low, high: expected 0 ≤ low ≤ high, got {low:g} and {high:g}.")
        return WantedThresholds(low, high, self.quantiles)


def _number(name: str, value) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"{name}: expected a number, got {' '.join(str(value).split())[:60]}.") from error


def squared(plane: Smoothed, wanted: WantedThresholds, squares: Callable) -> tuple:
    """Return both thresholds, squared, in the type of the strengths; the plane is scaled where that is needed."""
    wanted = wanted.checked()
    if wanted.low is not None and wanted.high is not None and not wanted.quantiles:
        plane.scale = _scale_of(wanted.high, plane)
        return _in_type(plane, wanted.low * plane.scale, wanted.high * plane.scale)
    peak, strongest = _extremes(plane, squares)
    plane.scale = _scale_of(peak, plane)
    if plane.scale != 1:
        peak, strongest = _extremes(plane, squares)
    if wanted.quantiles:
        low, high = (float(s) ** 0.5 for s in _quantiles(plane, squares, (wanted.low, wanted.high)))
    else:
        high = HIGH * strongest**0.5
        low = high / 2
    floor = ROUNDING[plane.kind.name] * peak if plane.floating else 0.0
    return _in_type(plane, max(low, floor), max(high, floor))


def _in_type(plane: Smoothed, low: float, high: float) -> tuple:
    kind = plane.strengths
    if kind.kind == "i":
        return tuple(min(int(value**2), int(np.iinfo(kind).max)) for value in (low, high))
    with np.errstate(over="ignore"):
        return tuple(kind.type(value) ** 2 for value in (low, high))


def _scale_of(number: float, plane: Smoothed) -> float:
    """Return the power of two that brings a number near 1; 1 for ordinary numbers, for 0, and for integer pixels."""
    if not plane.floating or number == 0 or ORDINARY[0] <= number <= ORDINARY[1] or not np.isfinite(number):
        return 1.0
    most = np.finfo(plane.pixels).maxexp - 2  # of what a pixel can be multiplied with
    return 2.0 ** -int(np.clip(np.frexp(number)[1], -most, most))


def _extremes(plane: Smoothed, squares: Callable) -> tuple[float, float]:
    """Return the largest absolute pixel, if pixels are floating, and the largest squared magnitude, NaN left out."""
    peak = strongest = 0.0
    for strip, strengths in _strengths(plane, squares):
        if plane.floating:
            pixels = plane.raw(strip.start, strip.stop)
            ends = np.fmax.reduce(pixels, axis=None), -np.fmin.reduce(pixels, axis=None)
            peak = float(np.fmax(peak, max(ends)))
            strongest = float(np.fmax(strongest, np.fmax.reduce(strengths, axis=None)))
        else:
            strongest = max(strongest, float(strengths.max()))
    if np.isinf(peak):
        raise ArgumentError("image: has infinite pixels. Replace them first, for example with numpy.nan_to_num.")
    return peak, strongest


def _strengths(plane: Smoothed, squares: Callable):
    """Yield each strip and its squared magnitudes."""
    for strip in plane.strips(beyond=1):
        out = np.empty((strip.stop - strip.start, plane.width), plane.strengths)
        squares(strip.rows, strip.first, plane.height, strip.start, out)
        yield strip, out


def _quantiles(plane: Smoothed, squares: Callable, fractions: tuple) -> list:
    """Return, for each fraction, the least squared magnitude that so many of them reach at most.

    Numbers of 0 and more are in the order of their bits. So the answer is found by its bits, 16 in each pass, from
    counts of those that agree with it so far.
    """
    kind = plane.strengths
    digits, bits = kind.itemsize // 2, np.dtype(f"u{kind.itemsize}")
    found, ranks = [0] * len(fractions), [0] * len(fractions)
    for digit in range(digits):
        shift = 16 * (digits - 1 - digit)
        counts = np.zeros((len(fractions), 1 << 16), np.int64)
        for _, strengths in _strengths(plane, squares):
            keys = strengths[~np.isnan(strengths)] if kind.kind == "f" else strengths.ravel()
            keys = keys.view(bits)
            for number, prefix in enumerate(found):
                alike = keys if digit == 0 else keys[(keys >> bits.type(shift + 16)) == bits.type(prefix)]
                last = (alike >> bits.type(shift)) & bits.type(0xFFFF)
                counts[number] += np.bincount(last.astype(np.uint16), minlength=1 << 16)
        if digit == 0:
            total = int(counts[0].sum())
            ranks = [max(1, int(np.ceil(fraction * total))) for fraction in fractions]
        for number, row in enumerate(counts.cumsum(1)):
            place = int(np.searchsorted(row, ranks[number]))
            ranks[number] -= int(row[place - 1]) if place else 0
            found[number] = found[number] << 16 | min(place, 0xFFFF)
    return [np.array(number, bits).view(kind)[()] for number in found]
