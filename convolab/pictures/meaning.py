"""What do the numbers of a picture mean, and which of the pictures in a file is meant?"""

from dataclasses import dataclass, field, fields, replace

import numpy as np

from convolab.errors import ArgumentError

# A tag of a TIFF that results keep: its number, its type as TIFF counts them, and its values or text.
Tag = tuple[int, int, tuple | str]


@dataclass(frozen=True)
class Selection:
    """Which picture of a file is wanted, each counted from 0; None is the one that the file shows first."""

    frame: int | None = None
    series: int | None = None
    level: int | None = None
    band: int | None = None
    z: int | None = None

    def __post_init__(self):
        for name, value in self.given().items():
            if value < 0:
                raise ArgumentError(f"{name}: counts from 0, got {value}.")

    def given(self) -> dict[str, int]:
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}


@dataclass(frozen=True)
class Meaning:
    """What is known of a picture besides its pixels.

    white : the greatest value that a sample can have, where its type holds greater ones
    stored : the type of its samples in the file; pixels are floating where some of them hold no data
    has_nodata : whether NaN among the pixels stands for a place without data
    nodata : the number that the file itself has for such a place
    spacing : between pixels, (y, x), in `unit`
    has_mask : whether the file has a mask that says where data lie, which was not asked for
    carried : tags of a TIFF that a result keeps
    notes : what was chosen, done and dropped on the way, for people
    """

    stored: np.dtype = field(default_factory=lambda: np.dtype(np.uint8))
    white: float | None = None
    has_nodata: bool = False
    nodata: float | None = None
    has_mask: bool = False
    spacing: tuple[float, float] | None = None
    unit: str = ""
    carried: tuple[Tag, ...] = ()
    notes: tuple[str, ...] = ()

    def noting(self, *notes: str, **changes) -> "Meaning":
        return replace(self, notes=(*self.notes, *notes), **changes)


EVERYTHING = Selection()


def chosen(name: str, argument: str, wanted: int | None, count: int, what: str) -> int:
    """Return which of `count` is taken: the one that was asked for, or the first."""
    from convolab.errors import InputError

    if wanted is not None and wanted >= count:
        raise InputError(f"{name}: {argument} {wanted} is asked for, and there are {count} {what}, counted from 0")
    return wanted or 0


def first_of(wanted: int | None, count: int, what: str) -> tuple[str, ...]:
    """Return the note about one of several: which was taken, and how many there are."""
    if count < 2:
        return ()
    return (f"took the first of {count} {what}" if wanted is None else f"took number {wanted} of {count} {what}",)


def holds(dtype: np.dtype, number: float) -> bool:
    """Return whether an integer type has the number; booleans have 0 and 1."""
    if dtype.kind == "b":
        return number in (0, 1)
    limits = np.iinfo(dtype)
    return bool(np.isfinite(number) and number == int(number) and limits.min <= number <= limits.max)


def floating(dtype: np.dtype) -> np.dtype:
    """Return the floating type in which pixels are read of which some hold no data."""
    if dtype.kind == "f":
        return dtype if dtype.itemsize > 2 else np.dtype(np.float32)
    return np.dtype(np.float32 if dtype.itemsize <= 2 else np.float64)
