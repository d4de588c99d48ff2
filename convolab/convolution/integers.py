"""Integers through floating point, where every sum is exact there: processors multiply floats several times faster."""

import numpy as np

# Whole numbers up to 2²⁴ and 2⁵³ are exact, and so is every sum that stays below. Engines that sum in tiles (there in
# float64 alone) need six bits for sums of inputs and for quarters of weights.
EXACT = ((np.dtype(np.float32), 2**24), (np.dtype(np.float64), 2**47))


def exact_float(terms: int, arrays, bias=None) -> np.dtype | None:
    """The shorter floating type in which a sum of `terms` products of two arrays' elements, and a bias, is exact."""
    largest = terms * magnitude(arrays[0]) * magnitude(arrays[1]) + (0 if bias is None else magnitude(bias))
    return next((dtype for dtype, limit in EXACT if largest <= limit), None)


def magnitude(array: np.ndarray) -> int:
    """The largest absolute value; that of its type, where the type is so short that it makes no difference."""
    if not array.size:
        return 0
    if array.dtype == bool:
        return 1
    if array.dtype.itemsize == 1:
        return -int(np.iinfo(array.dtype).min) or int(np.iinfo(array.dtype).max)
    return max(-int(array.min()), int(array.max()))
