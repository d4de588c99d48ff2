"""Which types hold sums of integers exactly? The first of an engine's fast ones in which every sum is exact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Exact:
    """A type of factors and the type that their products are summed in, with the largest absolute values of both."""

    factors: np.dtype[Any]
    sums: np.dtype[Any]
    factor: int
    sum: int

    def holds(self, terms: int, first: int, second: int, bias: int = 0) -> bool:
        """Whether a sum of `terms` products of factors, as large as these at most, and of a bias is exact."""
        return max(first, second) <= self.factor and terms * first * second + bias <= self.sum


# float32 holds whole numbers up to 2²⁴ exactly, and float64 up to 2⁵³, and so every sum that stays below. Tiles, which
# integers use in float64 alone, need six of the bits for sums of inputs and for quarters of weights.
FLOAT32 = Exact(np.dtype(np.float32), np.dtype(np.float32), 2**24, 2**24)
FLOAT64 = Exact(np.dtype(np.float64), np.dtype(np.float64), 2**47, 2**47)
INT16 = Exact(np.dtype(np.int16), np.dtype(np.int32), 2**15 - 1, 2**31 - 1)


def exact_type(
    candidates: Iterable[Exact], terms: int, arrays: Sequence[NDArray[Any]], bias: NDArray[Any] | None = None
) -> Exact | None:
    """The first type in which a sum of `terms` products of two arrays' elements, and a bias, is exact."""
    first, second = map(magnitude, arrays)
    added = 0 if bias is None else magnitude(bias)
    return next((t for t in candidates if t.holds(terms, first, second, added)), None)


def magnitude(array: NDArray[Any]) -> int:
    """The largest absolute value of integers; for 8-bit ones, that of their type."""
    if not array.size:
        return 0
    if array.dtype == bool:
        return 1
    if array.dtype.itemsize == 1:
        return -int(np.iinfo(array.dtype).min) or int(np.iinfo(array.dtype).max)
    return max(-int(array.min()), int(array.max()))
