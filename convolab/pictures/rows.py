"""Where do rows of pixels come from? Files, memory maps and arrays; and rows that are corrected as they are read."""

import mmap
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from convolab.errors import InputError
from convolab.pictures.meaning import Meaning

COPIED_BYTES = 24 << 20  # of a picture that is turned on its side, at a time


class RowSource(Protocol):
    """Rows of pixels to be read; `align` is the number of rows that are stored, and best read, together."""

    shape: tuple[int, ...]
    dtype: np.dtype
    align: int
    identity: str
    meaning: Meaning

    def read_into(self, start: int, rows: np.ndarray) -> None:
        """Fill `rows` with rows start, start + 1, …"""
        ...

    def close(self) -> None: ...


def read_whole(source: RowSource) -> np.ndarray:
    """Return all the rows of a source as one array; one that lies in memory is not copied."""
    if isinstance(source, ArraySource) and isinstance(source.array, np.ndarray):
        return np.asarray(source.array)
    pixels = np.empty(source.shape, source.dtype)
    source.read_into(0, pixels)
    return pixels


class ArraySource:
    """The rows of an array, a memory map or a Zarr array. Pages of a memory map are let go when they have been read.

    `prefix` are the places on the axes before the rows, for an array of more than one picture.
    """

    def __init__(self, array, identity: str = "", align: int = 1, meaning: Meaning | None = None, prefix: tuple = ()):
        self.array, self.identity, self.align, self.prefix = array, identity, align, prefix
        self.shape, self.dtype = tuple(array.shape)[len(prefix) :], np.dtype(array.dtype)
        self.meaning = meaning or Meaning(self.dtype)

    def read_into(self, start: int, rows: np.ndarray) -> None:
        rows[...] = self.array[(*self.prefix, slice(start, start + len(rows)))]
        mapped = getattr(self.array, "_mmap", None)
        if mapped is not None and getattr(self.array, "mode", "") == "r" and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        """The array is its owner's."""


class FileSource:
    """Rows that lie one after another in a file, from `offset` on."""

    align = 1

    def __init__(
        self, path: Path, shape: tuple[int, ...], dtype: np.dtype, offset: int, meaning: Meaning | None = None
    ):
        self.path, self.shape, self.dtype, self.offset = path, shape, dtype, offset
        self.meaning = meaning or Meaning(dtype.newbyteorder("="))
        self.identity = identity_of(path)
        self.row_bytes = int(np.prod(shape[1:], dtype=np.int64)) * dtype.itemsize
        if path.stat().st_size < offset + shape[0] * self.row_bytes:
            raise InputError(f"{path}: truncated: {shape} of {dtype} do not fit into {path.stat().st_size} bytes")
        self.file = path.open("rb", buffering=0)

    def read_into(self, start: int, rows: np.ndarray) -> None:
        self.file.seek(self.offset + start * self.row_bytes)
        view = rows.data.cast("B")
        while view:
            count = self.file.readinto(view)
            if not count:
                raise InputError(f"{self.path}: ended before row {start + len(rows)}")
            view = view[count:]

    def close(self) -> None:
        self.file.close()


class Corrected:
    """A source whose rows are corrected as they are read: `correct` takes rows and their number, and returns rows."""

    def __init__(
        self, base: RowSource, correct: Callable[[np.ndarray, int], np.ndarray], shape: tuple[int, ...], dtype,
        meaning: Meaning,
    ):  # fmt: skip
        self.base, self.correct, self.shape, self.dtype = base, correct, shape, np.dtype(dtype)
        self.align, self.identity, self.meaning = base.align, base.identity, meaning

    def read_into(self, start: int, rows: np.ndarray) -> None:
        raw = np.empty((len(rows), *self.base.shape[1:]), self.base.dtype)
        self.base.read_into(start, raw)
        rows[...] = self.correct(raw, start)

    def close(self) -> None:
        self.base.close()


class Upright:
    """A source turned as an orientation of EXIF and TIFF says, 2 to 8.

    What is mirrored is read from the other end. What stands on its side (5 to 8) is copied, turned, into a file that
    has no name and goes with this object, for its rows are columns of the source.
    """

    def __init__(self, base: RowSource, orientation: int):
        self.base, self.align = base, base.align
        self.identity, self.dtype = f"{base.identity} {orientation}", base.dtype
        self.sideways, self.flips = orientation > 4, orientation in (3, 4, 7, 8)
        self.mirrors = orientation in (2, 3, 6, 7)
        height, width, *others = base.shape
        self.shape = (width, height, *others) if self.sideways else base.shape
        spacing = base.meaning.spacing
        if spacing is not None and self.sideways:
            spacing = spacing[1], spacing[0]
        self.meaning = base.meaning.noting(
            "turned upright, as its orientation says",
            spacing=spacing,
            carried=tuple(tag for tag in base.meaning.carried if tag[0] not in PLACED),
        )
        self.copy: np.ndarray | None = None

    def read_into(self, start: int, rows: np.ndarray) -> None:
        if self.sideways:
            if self.copy is None:
                self.copy = self.turned()
            rows[...] = self.copy[start : start + len(rows)]
            return
        if not self.flips:
            self.base.read_into(start, rows)
        else:
            below = np.empty_like(rows)
            self.base.read_into(self.shape[0] - start - len(rows), below)
            rows[...] = below[::-1]
        if self.mirrors:
            rows[...] = rows[:, ::-1].copy()

    def turned(self) -> np.ndarray:
        size = int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize
        if size <= COPIED_BYTES:
            copy = np.empty(self.shape, self.dtype)
        else:
            with tempfile.TemporaryFile() as file:
                file.truncate(size)
                copy = np.memmap(file, self.dtype, "r+", shape=self.shape)
        height, row_bytes = self.base.shape[0], size // self.base.shape[0]
        step = max(1, COPIED_BYTES // max(row_bytes, 1) // self.align) * self.align
        for first in range(0, height, step):
            band = np.empty((min(step, height - first), *self.base.shape[1:]), self.dtype)
            self.base.read_into(first, band)
            columns = np.swapaxes(band, 0, 1)
            columns = columns[::-1] if self.flips else columns
            last = first + len(band)
            if self.mirrors:
                copy[:, height - last : height - first] = columns[:, ::-1]
            else:
                copy[:, first:last] = columns
        return copy

    def close(self) -> None:
        self.copy = None
        self.base.close()


# Tags that say where pixels lie on the earth; of a picture that is turned they say it no more.
PLACED = (33550, 33922, 34264)


def upright(base: RowSource, orientation: int) -> RowSource:
    return Upright(base, orientation) if 2 <= orientation <= 8 else base


class WithoutNan:
    """A source whose rows are refused where a NaN is among them."""

    def __init__(self, base: RowSource, name: str):
        self.base, self.name = base, name
        self.shape, self.dtype, self.align = base.shape, base.dtype, base.align
        self.identity, self.meaning = base.identity, base.meaning

    def read_into(self, start: int, rows: np.ndarray) -> None:
        self.base.read_into(start, rows)
        if np.isnan(rows).any():
            refuse_nan(rows, self.name, start)

    def close(self) -> None:
        self.base.close()


def refuse_nan(rows: np.ndarray, name: str, start: int = 0) -> None:
    missing = np.argwhere(np.isnan(rows))
    row, column = missing[0][0] + start, missing[0][1]
    raise InputError(
        f"{name}: {len(missing)} of {rows.size} pixels are NaN, the first at row {row}, column {column}. Replace them "
        "first, for example with numpy.nan_to_num, or give --nan nodata (nan='nodata') where no data lie there"
    )


def with_nan_rule(source: RowSource, nan: str, name: str) -> RowSource:
    """Return the source under a rule for NaN that no tag explains: `refuse`, `nodata` (no data lie there), or `any`."""
    if source.dtype.kind != "f" or source.meaning.has_nodata or nan == "any":
        return source
    if nan == "refuse":
        return WithoutNan(source, name)
    source.meaning = replace(source.meaning, has_nodata=True, nodata=float("nan"))
    return source


def identity_of(path: Path) -> str:
    """Return a text that changes when the file changes."""
    state = path.stat()
    return f"{path.resolve()} {state.st_size} {state.st_mtime_ns}"
