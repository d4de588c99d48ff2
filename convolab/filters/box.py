"""How is a box summed at a cost that does not grow with it? By sums that neighbouring windows share; here with NumPy.

Integers    running sums, exact: those of the columns change by one row that comes and one that goes, and the row of
            sums is a difference of two prefix sums. Two additions and two subtractions a pixel, for any size.
Floats      doubling: S₂ₙ[i] = Sₙ[i] + Sₙ[i + n], and Sₙ₊₁[i] = Sₙ[i] + x[i + n] for each further bit of the size that
            is one. At most 2 · log₂(size) additions a pixel and axis, first down the columns. A sum depends on its
            window alone, wherever that lies, and nothing is ever subtracted, so a NaN, an infinity or a bright pixel
            touches its own windows alone.

With u the unit roundoff and d(k) = ⌊log₂ k⌋ + (ones in k) − 1 additions, the sum of floats over kH × kW pixels errs by
at most (d(kH) + d(kW)) · u / (1 − (d(kH) + d(kW)) · u) · Σ |x| over the window; adding one after another may err by
(kH + kW − 2) · u · Σ |x|. The quotient by the number of pixels is rounded once more.
"""

from fractions import Fraction
from functools import lru_cache

import numpy as np

from convolab.filters import portable
from convolab.filters.plan import Plan, largest_pixel

TOGETHER = 4  # rows of integers whose prefix sums Halide takes side by side: each waits for its last addition
COLUMNS = 128  # pixels of the columns that Halide sums at a time
FEW = 16  # pixels on a side up to which NumPy adds up integers by doubling too
EXACT_SINGLE = 2**23  # sums below: their quotient in float32 never falls on the wrong side of a half


@lru_cache(maxsize=256)
def sums_dtype(plan: Plan) -> np.dtype:
    """Return the type of the sums: unsigned integers that wrap, where every sum fits a signed one, or floating."""
    dtype = np.dtype(plan.dtype)
    if dtype.kind == "f":
        return plan.working
    reach = largest_pixel(dtype) * plan.filter.shape[0] * plan.filter.shape[1]
    for signed, wrapping in ((np.int32, np.uint32), (np.int64, np.uint64)):
        if reach <= np.iinfo(signed).max:
            return np.dtype(wrapping)
    return np.dtype(np.float64)


@lru_cache(maxsize=256)
def scale(plan: Plan) -> tuple[str, float]:
    """Return what is done to a sum: ("divide", n) where the weights are 1 / n, else ("multiply", weight)."""
    ((column, row),) = plan.filter["response"].parts
    first, second = (round(1 / weight) if abs(weight) < 1 else 0 for weight in (column[0], row[0]))
    if first and second and (1 / first, 1 / second) == (column[0], row[0]):
        return "divide", float(first * second)
    return "multiply", float(Fraction(column[0]) * Fraction(row[0]))


@lru_cache(maxsize=256)
def scaled_dtype(plan: Plan) -> np.dtype:
    """Return the type that sums are scaled in: the working type, or float64 where float32 holds not all of them."""
    if plan.working.kind != "f" or np.dtype(plan.dtype).kind == "f":
        return plan.working
    reach = largest_pixel(plan.dtype) * plan.filter.shape[0] * plan.filter.shape[1]
    return plan.working if reach <= EXACT_SINGLE else np.dtype(np.float64)


@lru_cache(maxsize=256)
def rounds_quotients(plan: Plan) -> bool:
    """Return whether the means of integers of 16 bits at most become integers, whose quotients are rounded as such."""
    small = np.dtype(plan.dtype).kind != "f" and np.dtype(plan.dtype).itemsize <= 2 and sums_dtype(plan) == np.uint32
    return small and np.dtype(plan.dtypes[0]).kind != "f" and scale(plan)[0] == "divide"


@lru_cache(maxsize=256)
def rounds_by_product(plan: Plan) -> bool:
    """Return whether sum · (1 / n), both rounded in float32, rounds to the same integer as sum / n for every sum.

    With an odd n no quotient is a tie, and none lies closer than 1 / 2n to a half. With exact sums, below 2²⁴, the
    product errs by less than (2⁻²³ + 2⁻⁴⁸) · sum / n.
    """
    n, largest = plan.filter.shape[0] * plan.filter.shape[1], largest_pixel(plan.dtype)
    return n % 2 == 1 and largest * n < 2**24 and largest * (2**-23 + 2**-48) * 2 * n < 1


def doubling(size: int) -> list[tuple[bool, int]]:
    """Return the steps from one term to `size`: (whether n becomes 2n, or else n + 1; n).

    >>> doubling(6)
    [(True, 1), (False, 2), (True, 3)]
    """
    steps, n = [], 1
    for bit in f"{size:b}"[1:]:
        steps.append((True, n))
        n *= 2
        if bit == "1":
            steps.append((False, n))
            n += 1
    return steps


def valid(plan: Plan, rows: np.ndarray, outs: list[np.ndarray]) -> None:
    """Sum `rows` (H, W·step), or (H, W, 3) where the plan says grey, into the one output, (H - kH + 1, …)."""
    (out,) = outs
    height, width = out.shape
    kernel = plan.filter.shape[0]
    block = max(1, portable.BLOCK // width, 2 * kernel)

    def work(start: int) -> None:
        stop = min(start + block, height)
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            plane = portable.to_plane(plan, rows[start : stop + kernel - 1], sums_dtype(plan))
            portable.store(_scaled(plan, _sums(plan, plane)), out[start:stop])

    portable.share(height, width, block, work)


def _sums(plan: Plan, plane: np.ndarray) -> np.ndarray:
    """Return the sum over every window, (H - kH + 1, W' - (kW - 1) · step)."""
    (height, width), step = plan.filter.shape, plan.step
    if plane.dtype.kind != "f" and max(height, width) > FEW:  # integers are exact either way
        down = _windows(np.add.accumulate(plane, axis=0, dtype=plane.dtype), height)
        pixels = down.reshape(len(down), -1, step)
        along = _windows(np.add.accumulate(pixels, axis=1, dtype=plane.dtype).swapaxes(0, 1), width)
        return along.swapaxes(0, 1).reshape(len(down), -1)
    down = _doubled(plane, height, 1)
    return _doubled(down.T, width, step).T


def _windows(prefix: np.ndarray, size: int) -> np.ndarray:
    """Return the sums over `size` rows from the sums over all rows so far."""
    sums = prefix[size - 1 :].copy()
    sums[1:] -= prefix[: -size or None][: len(sums) - 1]
    return sums


def _doubled(plane: np.ndarray, size: int, step: int) -> np.ndarray:
    """Return the sums over `size` rows, each `step` after the one before."""
    sums = plane
    for double, n in doubling(size):
        other = sums if double else plane
        rows = len(sums) - (n if double else 1) * step
        sums = sums[:rows] + other[n * step : n * step + rows]
    return sums


def _scaled(plan: Plan, sums: np.ndarray) -> np.ndarray:
    """Return what the plan's kernel answers, from the sums of the pixels."""
    if sums.dtype.kind == "u":
        sums = sums.view(sums.dtype.str.replace("u", "i"))
    how, number = scale(plan)
    dtype = scaled_dtype(plan)
    values = sums.astype(dtype, copy=False)
    if number == 1:
        return values
    return values / dtype.type(number) if how == "divide" else values * dtype.type(number)
