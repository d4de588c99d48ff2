"""Where do rows of pixels come from? NumPy files, TIFFs, Zarr arrays, and anything that can be sliced like an array."""

import mmap
from pathlib import Path
from typing import Protocol

import numpy as np

from convolab.errors import InputError, MissingDependencyError
from convolab.pictures.targets import import_zarr

SUFFIXES = (".npy", ".tif", ".tiff", ".zarr")


class RowSource(Protocol):
    """Rows of pixels to be read; `align` is the number of rows that are stored, and best read, together."""

    shape: tuple[int, ...]
    dtype: np.dtype
    align: int
    identity: str

    def read_into(self, start: int, rows: np.ndarray) -> None:
        """Fill `rows` with rows start, start + 1, …"""
        ...

    def close(self) -> None: ...


class _ArraySource:
    """The rows of an array, a memory map or a Zarr array. Pages of a memory map are let go when they have been read."""

    def __init__(self, array, identity: str = "", align: int = 1):
        self.array, self.identity, self.align = array, identity, align
        self.shape, self.dtype = tuple(array.shape), np.dtype(array.dtype)

    def read_into(self, start: int, rows: np.ndarray) -> None:
        rows[...] = self.array[start : start + len(rows)]
        mapped = getattr(self.array, "_mmap", None)
        if mapped is not None and getattr(self.array, "mode", "") == "r" and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        """The array is its owner's."""


class _FileSource:
    """Rows that lie one after another in a file, from `offset` on."""

    align = 1

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: np.dtype, offset: int):
        self.path, self.shape, self.dtype, self.offset = path, shape, dtype, offset
        self.identity = _identity_of(path)
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


class _TiffSource:
    """Tiles or strips of a TIFF page, decoded a row of them at a time."""

    def __init__(self, path: Path):
        tifffile = _import_tifffile()
        file = path.open("rb")
        try:
            self.tiff = tifffile.TiffFile(file, name=path.name)
            self.page = self.tiff.pages.first
        except Exception as error:
            file.close()
            raise InputError(f"{path}: damaged TIFF: {error or type(error).__name__}") from error
        page = self.page
        if page.shaped[1] != 1 or (page.planarconfig == 2 and page.samplesperpixel > 1):
            file.close()
            raise InputError(f"{path}: pages of shape {page.shape} with separate planes are not read in strips")
        self.path, self.file, self.shape, self.dtype = path, file, page.shape, np.dtype(page.dtype)
        self.identity = _identity_of(path)
        self.align = page.tilelength if page.is_tiled else page.rowsperstrip
        self.across = -(-page.imagewidth // page.tilewidth) if page.is_tiled else 1
        self.kept: tuple[int, np.ndarray] = (-1, np.empty(0))

    def read_into(self, start: int, rows: np.ndarray) -> None:
        for band in range(start // self.align, -(-(start + len(rows)) // self.align)):
            first = band * self.align
            pixels = self.band(band)
            low, high = max(start, first), min(start + len(rows), first + len(pixels))
            rows[low - start : high - start] = pixels[low - first : high - first]

    def close(self) -> None:
        self.tiff.close()
        self.file.close()

    def band(self, band: int) -> np.ndarray:
        """Return one row of tiles; the last one is kept, as neighbouring strips share it."""
        if self.kept[0] != band:
            height = min(self.align, self.shape[0] - band * self.align)
            pixels = np.empty((height, *self.shape[1:]), self.dtype)
            for index in range(band * self.across, (band + 1) * self.across):
                self.decode(index, pixels)
            self.kept = band, pixels
        return self.kept[1]

    def decode(self, index: int, pixels: np.ndarray) -> None:
        page, handle = self.page, self.tiff.filehandle
        try:
            handle.seek(page.dataoffsets[index])
            data = handle.read(page.databytecounts[index])
            segment, position, shape = page.decode(data, index, jpegtables=page.jpegtables)
        except Exception as error:  # decoders raise what they like on damaged data
            raise InputError(f"{self.path}: tile {index} is damaged: {error or type(error).__name__}") from error
        column = position[-2]
        width = min(shape[-2], pixels.shape[1] - column)
        place = pixels[:, column : column + width]
        place[...] = 0 if segment is None else segment[0, : len(pixels), :width].reshape(place.shape)


def _import_tifffile():
    try:
        import tifffile
    except ImportError as error:
        raise MissingDependencyError("tifffile", "large", "a TIFF in strips") from error
    return tifffile


def _identity_of(path: Path) -> str:
    """Return a text that changes when the file changes."""
    state = path.stat()
    return f"{path.resolve()} {state.st_size} {state.st_mtime_ns}"


def open_source(source) -> RowSource:
    """Return a path or an array as a source of rows."""
    if not isinstance(source, (str, Path)):
        return _ArraySource(source, identity=f"{tuple(source.shape)} {source.dtype}")
    path = Path(source)
    try:
        return _open_path(path)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read: {reason}") from error


def _open_path(path: Path) -> RowSource:
    suffix = path.suffix.lower()
    if suffix == ".zarr":
        array = import_zarr().open(str(path), mode="r")
        if not hasattr(array, "shape"):
            raise InputError(f"{path}: is a Zarr group. Expected an array, such as {path}/0")
        return _ArraySource(array, _identity_of(path), array.chunks[0])
    if suffix == ".npy":
        return _numpy_file(path)
    if suffix in SUFFIXES:
        return _tiff_file(path)
    raise InputError(f"{path}: only {', '.join(SUFFIXES)} are read in strips")


def _numpy_file(path: Path) -> RowSource:
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(file)
        if dtype.hasobject:
            raise InputError(f"{path}: holds Python objects. Expected numbers")
        if fortran and len(shape) > 1:
            return _ArraySource(np.load(path, mmap_mode="r"), _identity_of(path))
        return _FileSource(path, shape, dtype, file.tell())


def _tiff_file(path: Path) -> RowSource:
    source = _TiffSource(path)
    page = source.page
    if not page.is_contiguous or page.compression != 1 or page.is_tiled:
        return source
    stored, start = source.dtype.newbyteorder(source.tiff.byteorder), page.dataoffsets[0]
    source.close()
    return _FileSource(path, source.shape, stored, start)
