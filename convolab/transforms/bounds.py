"""How far off is a sum that was taken by transforms? Far less than the bound, and integers are exact within it.

With ε the distance from 1 to the next number, a tile of N numbers x and weights w, every sum of floats is within

    c · ε · log₂ N · ‖x‖₂ · ‖w‖₂,   c = 1

of the true one; the tests hold thousands of cases to it, and most errors are a tenth of it. So an error is measured by
the whole tile: a bright pixel takes digits from a dark corner of its tile, and from no other tile. What is proved is
c = 10 with ‖w‖₁ for ‖w‖₂: three transforms, each of which errs by less than 6.7 · log₂ N · ε / 2 of its norm, and a
product. Sums of integers are taken in float64 where this proves that rounding gives the integer, and else directly.

Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, 2002, theorem 24.2.
"""

from math import log2, sqrt

import numpy as np

OBSERVED, PROVED = 1.0, 10.0


def bound(elements: int, tile_norm: float, weight_norm: float, dtype) -> float:
    """Return the largest error that a sum may have: `elements` of a tile, and ‖x‖₂ and ‖w‖₂."""
    return OBSERVED * float(np.finfo(dtype).eps) * log2(elements) * tile_norm * weight_norm


def is_exact(elements: int, summed: int, largest: int, weight_sum: float) -> bool:
    """Whether float64 rounds to the integer: `summed` tiles a sum, pixels to `largest`, and Σ |w|."""
    tile_norm = largest * sqrt(elements * summed)
    error = PROVED * float(np.finfo(np.float64).eps) * log2(max(elements, 2)) * tile_norm * weight_sum
    return error < 0.25 and largest * weight_sum < 2**52
