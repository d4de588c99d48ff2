"""Which number becomes which grey, where a result is shown as a picture?

of a picture of 8 or 16 bits without a sign:
    magnitude, and kernels that keep brightness      as they are, clipped
    x, y, and kernels whose weights sum to zero      0 is mid-grey, the most that the kernel can answer black or white
of a floating picture within 0 … 1                   the same, 0 … 1 over the whole range
of every other picture                               from the least to the greatest; what has a sign, 0 as mid-grey
direction                                            −π black … π white
normalised                                           the largest absolute value fills the range
no data                                              transparent
"""

from dataclasses import dataclass

import numpy as np

from convolab.filters.portable import store
from convolab.filters.separable import Filter

# Share of the largest answer that a constant may have where zero is the middle; the default Gabor kernel has 0.028.
NEARLY_ZERO = 0.04


def picture_dtype(dtype: np.dtype) -> np.dtype:
    """Return uint16 for what has 16 bits, else uint8."""
    return np.dtype(np.uint16 if dtype in (np.uint16, np.int16) else np.uint8)


def is_signed(name: str, chosen: Filter) -> bool:
    """Return whether zero belongs into the middle of the range."""
    return name != "magnitude" and abs(_sum_of(chosen, name)) < NEARLY_ZERO * _reach_of(chosen, name)


def _sum_of(chosen: Filter, name: str) -> float:
    return float(sum(np.sum(column) * np.sum(row) for column, row in chosen[name].parts))


def _reach_of(chosen: Filter, name: str) -> float:
    """Return the largest answer to an image of zeros and ones."""
    return float(np.abs(chosen[name].array).sum()) / 2 or 1.0


@dataclass(frozen=True)
class Greys:
    """Which grey a number becomes: scale · number + shift, rounded and clipped; NaN is transparent if `clear`."""

    scale: float
    shift: float
    dtype: np.dtype
    clear: bool = False
    told: bool = False  # whether people should be told which numbers are black and white

    def __call__(self, values: np.ndarray) -> np.ndarray:
        missing = np.isnan(values) if self.clear else None
        result = np.empty(values.shape, self.dtype)
        shown = values if values.dtype.kind == "f" else values.astype(np.float32 if values.itemsize < 4 else np.float64)
        if self.told:  # a range far from zero needs more digits than float32 has
            shown = shown.astype(np.float64)
        if (self.scale, self.shift) != (1.0, 0.0):
            shown = np.add(np.multiply(shown, self.scale, dtype=shown.dtype), self.shift, dtype=shown.dtype)
        store(shown if missing is None else np.where(missing, shown.dtype.type(0), shown), result)
        return result if missing is None else self._with_transparency(result, missing)

    def _with_transparency(self, result: np.ndarray, missing: np.ndarray) -> np.ndarray:
        hidden = missing if missing.ndim == 2 else missing.any(-1)
        return np.dstack([result, np.where(hidden, 0, np.iinfo(self.dtype).max).astype(self.dtype)])

    @property
    def ends(self) -> tuple[float, float]:
        """The numbers that are black and white."""
        return -self.shift / self.scale, (float(np.iinfo(self.dtype).max) - self.shift) / self.scale


def keeps(dtype: np.dtype) -> bool:
    """Return whether the results of pictures of this type are shown as they are."""
    return dtype.kind in "bu" and dtype.itemsize <= 2


def kept_type(dtype: np.dtype) -> str:
    return picture_dtype(dtype).name


def greys_of(name: str, chosen: Filter, dtype: np.dtype, normalize, result, picture, given, clear: bool) -> Greys:
    """Return the greys of a component of a picture of type `dtype`; `result` and `picture` are their ranges."""
    target = picture_dtype(dtype)
    top = float(np.iinfo(target).max)
    if given is not None and name != "direction":
        low, high = given
        return Greys(top / (high - low), -low * top / (high - low), target, clear, True)
    fractions = dtype.kind == "f" and picture.least >= 0 and picture.greatest <= 1
    if name == "direction" or normalize or keeps(dtype) or fractions:
        scale, shift = _scale_and_shift(name, chosen, dtype, normalize=normalize)
        return Greys(scale, shift, target, clear)
    if is_signed(name, chosen):
        half = result.peak or 1.0
        return Greys(top / 2 / half, top / 2, target, clear, True)
    least, greatest = result
    if not greatest > least:
        return Greys(1.0, float(np.nan_to_num(-least)), target, clear, True)
    return Greys(top / (greatest - least), -least * top / (greatest - least), target, clear, True)


def _scale_and_shift(name: str, chosen: Filter, dtype: np.dtype, *, normalize: bool) -> tuple[float, float]:
    target = picture_dtype(dtype)
    top = float(np.iinfo(target).max)
    fractions = dtype.kind == "f" or normalize
    white = top if fractions or dtype.itemsize > 2 or dtype.kind == "b" else float(np.iinfo(dtype).max)
    if name == "direction":
        return top / (2 * np.pi), top / 2
    if is_signed(name, chosen):
        half = 1.0 if normalize else (1.0 if dtype.kind == "f" else white) * _reach_of(chosen, name)
        return top / 2 / half, top / 2
    return (top if fractions else 1.0), 0.0


def rendered(values: np.ndarray, name: str, chosen: Filter, dtype: np.dtype, *, normalize: bool) -> np.ndarray:
    """Return a component of an image of type `dtype`, fractions if it is floating, as 8 or 16 bits of grey."""
    return Greys(*_scale_and_shift(name, chosen, dtype, normalize=normalize), picture_dtype(dtype))(values)


def beside(pixels: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the picture and its edges side by side, the smaller in the middle of its half."""
    if pixels.ndim == 3 and edges.ndim == 2:
        edges = np.repeat(edges[..., None], 3, axis=2)
    left = _as_shown(pixels, edges.dtype)
    height, width = (max(a, b) for a, b in zip(left.shape[:2], edges.shape[:2], strict=True))
    sheet = np.zeros((height, 2 * width, *left.shape[2:]), edges.dtype)
    for part, first in ((left, 0), (edges, width)):
        top, side = (height - part.shape[0]) // 2, first + (width - part.shape[1]) // 2
        sheet[top : top + part.shape[0], side : side + part.shape[1]] = part
    return sheet


def _as_shown(pixels: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return the pixels of an image as a picture of this type; floating ones are fractions."""
    result = np.empty(pixels.shape, dtype)
    store(pixels * np.iinfo(dtype).max if pixels.dtype.kind == "f" else pixels, result)
    return result
