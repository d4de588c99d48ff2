"""What happens to a component between the pass and its file? One rule for every file, in memory and in strips."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from convolab.filters import rendering
from convolab.filters.portable import store
from convolab.filters.rendering import Greys
from convolab.filters.run import divided
from convolab.filters.separable import Filter
from convolab.pictures.carried import moved
from convolab.pictures.meaning import Meaning, Tag, holds
from convolab.pictures.targets import PngTarget, TiffTarget, target_type

NODATA = 42113


class Range(NamedTuple):
    """The least and the greatest number of a component, or of the picture itself."""

    least: float = np.nan
    greatest: float = np.nan

    @property
    def peak(self) -> float:
        return float(np.nan_to_num(max(abs(self.least), abs(self.greatest))))

    def joined(self, other: "Range") -> "Range":
        return Range(float(np.fmin(self.least, other.least)), float(np.fmax(self.greatest, other.greatest)))


def range_of(values: np.ndarray) -> Range:
    """Return the range of the numbers, leaving NaN out."""
    if values.dtype.kind != "f":
        return Range(float(int(values.min())), float(int(values.max())))
    return Range(float(np.fmin.reduce(values, None)), float(np.fmax.reduce(values, None)))


@dataclass(frozen=True)
class Finish:
    """The last steps of one component: divided by its peak, made a picture of greys, NaN replaced by a number."""

    peak: float | None = None
    greys: Greys | None = None
    fill: float | None = None
    dtype: str | None = None
    tags: tuple[Tag, ...] = ()

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        later = self.greys is not None or self.fill is not None
        if self.peak is not None:
            rows = divided(rows, self.peak, None if later else self.dtype)
        if self.greys is not None:
            return self.greys(rows)
        return rows if self.fill is None else filled(rows, self.fill, self.dtype)

    def dtype_of(self, dtype) -> np.dtype:
        return self(np.zeros((1, 1), dtype)).dtype

    def shape_of(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the result in its file: transparency is a channel more."""
        clear = self.greys is not None and self.greys.clear
        return (*shape[:2], (shape[2] if len(shape) == 3 else 1) + 1) if clear else shape


def filled(rows: np.ndarray, number: float, dtype) -> np.ndarray:
    """Return rows with a number in the place of NaN, in another type if one is given."""
    target = rows.dtype if dtype is None else np.dtype(dtype)
    result = np.empty(rows.shape, target)
    missing = np.isnan(rows)
    store(np.where(missing, rows.dtype.type(0), rows), result)
    result[missing] = target.type(number)
    return result


@dataclass(frozen=True)
class Wish:
    """What a call wants of the files: the same for every component."""

    normalize: bool = False
    dtype: str | None = None
    greys: tuple[float, float] | None = None
    pictures: bool = True

    def shows(self, path: Path) -> bool:
        """Return whether a component becomes a picture of greys: in a PNG, unless its type is given."""
        return self.pictures and self.dtype is None and target_type(path) is PngTarget

    def in_pass(self, path: Path, name: str, chosen: Filter, meaning: Meaning) -> str | None:
        """Return the type that the pass itself can give, None where something is left to be done after it."""
        if self.normalize or meaning.has_nodata or self.greys is not None:
            return None
        if self.shows(path):
            keeps = rendering.keeps(meaning.stored) and name != "direction"
            return rendering.kept_type(meaning.stored) if keeps and not rendering.is_signed(name, chosen) else None
        return self.dtype

    def needs_range(self, path: Path, name: str, meaning: Meaning) -> bool:
        """Return whether the rows can be finished only when all of them have been seen."""
        if name == "direction":
            return False
        return self.normalize or (self.shows(path) and self.greys is None and not rendering.keeps(meaning.stored))


def finish_of(
    path: Path, name: str, chosen: Filter, meaning: Meaning, wish: Wish, *, result: Range, picture: Range, dtype,
    start: tuple[int, int],
) -> Finish:  # fmt: skip
    """Return how a component of type `dtype` becomes its file.

    Parameters
    ----------
    result, picture : Range
        Of the component, where `needs_range` says so, and of the picture that it was made from.
    start : (int, int)
        Which row and column of the picture the first of the result lies on.
    """
    done = Finish(tags=moved(meaning.carried, *start) if target_type(path) is TiffTarget else ())
    if wish.normalize and name != "direction":
        done = replace(done, peak=result.peak)
    if wish.shows(path):
        if not (np.dtype(dtype).name in ("uint8", "uint16") and wish.greys is None and not meaning.has_nodata):
            done = replace(done, greys=rendering.greys_of(
                name, chosen, meaning.stored, wish.normalize, result, picture, wish.greys, meaning.has_nodata
            ))  # fmt: skip
        return done
    done = replace(done, dtype=wish.dtype)
    if not meaning.has_nodata:
        return done
    number = fill_of(np.dtype(wish.dtype or dtype), meaning.nodata)
    text = "nan" if np.isnan(number) else f"{number:.17g}"
    tags = (*(tag for tag in done.tags if tag[0] != NODATA), (NODATA, 2, text))
    keeps_nan = target_type(path) is not TiffTarget and np.dtype(wish.dtype or dtype).kind == "f"
    return replace(done, fill=np.nan if keeps_nan else number, tags=tags if target_type(path) is TiffTarget else ())


def fill_of(dtype: np.dtype, nodata: float | None) -> float:
    """Return the number that stands for no data in a type: the file's own, or NaN, or the end of an integer's range."""
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            held = np.nan if nodata is None else float(dtype.type(nodata))
        return held if np.isfinite(held) else np.nan
    if nodata is not None and holds(dtype, nodata):
        return nodata
    limits = np.iinfo(dtype)
    return float(limits.min if dtype.kind == "i" else limits.max)
