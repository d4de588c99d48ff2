"""Where do rows of results go? Into NumPy, TIFF, PNG or Zarr files, which take their names when they are whole."""

import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np

from convolab import parts
from convolab.errors import MissingDependencyError, OutputError
from convolab.pictures.meaning import Tag
from convolab.pictures.tiff import tiff_header

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # of a PNG, by the number of channels; of two and four the last is transparency
STRIP_BYTES = 1 << 19  # of a PNG, compressed by one thread at a time


class RowTarget:
    """Rows of one result. `resumable` targets can go on from a row that an earlier process reached."""

    resumable = True
    is_folder = False
    suffixes: tuple[str, ...] = ()

    def __init__(
        self, path: Path, shape: tuple[int, ...], dtype, *, start: int = 0, compress: int | None = None,
        part: parts.Part | None = None, tags: tuple[Tag, ...] = (),
    ):  # fmt: skip
        self.path, self.shape, self.dtype, self.tags = Path(path), shape, np.dtype(dtype), tags
        self.compress = compress
        try:
            self.held = part or parts.create(self.path, folder=self.is_folder)
        except OSError as error:
            raise self.cannot_write(error) from error
        self.part = self.held.path
        try:
            self.open(start)
        except BaseException as error:
            self.held.remove()
            raise (self.cannot_write(error) if isinstance(error, OSError) else error) from error

    def cannot_write(self, error: OSError) -> OutputError:
        return OutputError(f"{self.path}: cannot be written ({error.strerror or error})")

    def open(self, start: int) -> None:
        """Lay the file out, or open the one that holds the first `start` rows."""
        header = b"" if start else self.header()
        self.offset = len(header) if header else self.part.stat().st_size - self.bytes_of(self.shape[0])
        self.file = self.part.open("r+b" if start else "wb")
        if not start:
            self.file.write(header)
            self.file.truncate(len(header) + self.bytes_of(self.shape[0]))

    def header(self) -> bytes:
        raise NotImplementedError

    def bytes_of(self, rows: int) -> int:
        return rows * int(np.prod(self.shape[1:], dtype=np.int64)) * self.dtype.itemsize

    def write(self, start: int, rows: np.ndarray) -> None:
        """Rows start, start + 1, … of the result."""
        try:
            self.file.seek(self.offset + self.bytes_of(start))
            self.file.write(np.ascontiguousarray(rows).data.cast("B"))
        except OSError as error:
            raise self.cannot_write(error) from error

    def flush(self) -> None:
        """What was written reaches the system before the journal says so."""
        self.file.flush()

    def finish(self) -> None:
        """Everything is there: move it into place."""
        try:
            self.close()
            self.held.place(self.path)
        except OSError as error:
            raise self.cannot_write(error) from error

    def close(self) -> None:
        self.file.close()

    def pause(self) -> None:
        """Leave what is there for a later `resume`."""
        self.file.close()
        self.held.release()

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):  # of a full disk, once more
            self.file.close()
        self.held.remove()


class _NumpyTarget(RowTarget):
    suffixes = (".npy",)

    def header(self) -> bytes:
        from io import BytesIO

        start = BytesIO()
        form = {"descr": np.lib.format.dtype_to_descr(self.dtype), "fortran_order": False, "shape": self.shape}
        np.lib.format.write_array_header_1_0(start, form)
        return start.getvalue()


class TiffTarget(RowTarget):
    """A TIFF of uncompressed strips, one after another; BigTIFF from 4 GB."""

    suffixes = (".tif", ".tiff")
    ROWS = 256

    def header(self) -> bytes:
        return tiff_header(self.shape, self.dtype, self.ROWS, self.tags)


class PngTarget(RowTarget):
    """A PNG of 8 or 16 bits, grey or colour, opaque or not; strips are compressed side by side and joined into one."""

    resumable = False
    suffixes = (".png",)

    def open(self, start: int) -> None:
        channels = self.shape[2] if len(self.shape) == 3 else 1
        if self.dtype.name not in ("uint8", "uint16") or channels not in COLOUR_TYPES:
            form = f"{self.dtype} {self.shape}"
            raise OutputError(f"{self.path}: a PNG holds 8 or 16 bits, grey or three colours, not {form}")
        self.file, self.checksum, self.next = self.part.open("wb"), 1, 0
        self.pool = ThreadPoolExecutor(os.cpu_count() or 1)
        self.file.write(b"\x89PNG\r\n\x1a\n")
        ihdr = struct.pack(
            ">IIBBBBB", self.shape[1], self.shape[0], 8 * self.dtype.itemsize, COLOUR_TYPES[channels], 0, 0, 0
        )
        self.chunk(b"IHDR", ihdr)
        self.chunk(b"IDAT", b"\x78\x01")

    def chunk(self, name: bytes, content: bytes) -> None:
        self.file.write(struct.pack(">I", len(content)) + name)
        self.file.write(content)
        self.file.write(struct.pack(">I", zlib.crc32(content, zlib.crc32(name))))

    def write(self, start: int, rows: np.ndarray) -> None:
        height = max(1, STRIP_BYTES // self.bytes_of(1))
        strips = [rows[first : first + height] for first in range(0, len(rows), height)]
        try:
            for packed, checksum, length in self.pool.map(self.packed, strips):
                self.checksum = joined_adler32(self.checksum, checksum, length)
                self.chunk(b"IDAT", packed)
        except OSError as error:
            raise self.cannot_write(error) from error

    def packed(self, rows: np.ndarray) -> tuple[bytes, int, int]:
        """Return a piece of the stream, the checksum of what it holds, and how long that is."""
        raw = np.zeros((len(rows), 1 + self.bytes_of(1)), np.uint8)
        lines = rows.astype(self.dtype.newbyteorder(">")) if self.dtype.itemsize > 1 else rows
        raw[:, 1:] = np.ascontiguousarray(lines).reshape(len(rows), -1).view(np.uint8)
        if rows.ndim == 3:  # differences to the pixel on the left: photographs repeat themselves less than edges do
            step = self.shape[2] * self.dtype.itemsize
            raw[:, 0], raw[:, 1 + step :] = 1, raw[:, 1 + step :] - raw[:, 1:-step]
        if self.compress is None:  # runs and Huffman codes: ten times as fast as the usual search, nearly as small
            packer = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)
        else:
            packer = zlib.compressobj(self.compress, zlib.DEFLATED, -15, 9)
        return packer.compress(raw.data) + packer.flush(zlib.Z_FULL_FLUSH), zlib.adler32(raw.data), raw.size

    def close(self) -> None:
        self.pool.shutdown()
        self.chunk(b"IDAT", b"\x03\x00" + struct.pack(">I", self.checksum))
        self.chunk(b"IEND", b"")
        self.file.close()

    def abandon(self) -> None:
        self.pool.shutdown()
        super().abandon()

    pause = abandon


def joined_adler32(first: int, second: int, length: int) -> int:
    """Return the Adler-32 of two pieces one after another, from each one's and the length of the second."""
    base = 65521
    low = (first & 0xFFFF) + (second & 0xFFFF) - 1
    high = (first >> 16) + (second >> 16) + length * ((first & 0xFFFF) - 1)
    return (high % base) << 16 | low % base


class _ZarrTarget(RowTarget):
    is_folder = True
    suffixes = (".zarr",)

    def open(self, start: int) -> None:
        zarr = import_zarr()
        if not start:
            chunks = (min(1024, self.shape[0]), min(1024, self.shape[1]), *self.shape[2:])
            zarr.create_array(str(self.part), shape=self.shape, chunks=chunks, dtype=self.dtype, fill_value=0)
        self.array = zarr.open_array(str(self.part), mode="r+")

    def write(self, start: int, rows: np.ndarray) -> None:
        try:
            self.array[start : start + len(rows)] = rows
        except OSError as error:
            raise self.cannot_write(error) from error

    def flush(self) -> None:
        """Chunks are files of their own."""

    close = flush

    def pause(self) -> None:
        self.held.release()

    def abandon(self) -> None:
        self.held.remove()


def import_zarr():
    try:
        import zarr
    except ImportError as error:
        raise MissingDependencyError("zarr", "large", "a .zarr") from error
    return zarr


TARGETS = (_NumpyTarget, TiffTarget, PngTarget, _ZarrTarget)


def target_type(path: Path) -> type[RowTarget]:
    """Return the kind of target that a path's suffix names."""
    for kind in TARGETS:
        if path.suffix.lower() in kind.suffixes:
            return kind
    known = ", ".join(suffix for kind in TARGETS for suffix in kind.suffixes)
    raise OutputError(f"{path}: the suffix {path.suffix or '(none)'} is not written. Expected one of {known}")


def check_target(path: Path, *, force: bool) -> None:
    """Complain before any work about a target that could not be written at its end."""
    kind = target_type(path)
    if path.is_dir() and not kind.is_folder:
        raise OutputError(f"{path}: is a folder")
    if path.exists() and not force:
        raise OutputError(f"{path}: exists. Give --force to replace it")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder {path.parent} does not exist")
