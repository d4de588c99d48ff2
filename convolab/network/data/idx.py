"""What is in an IDX file? The format of MNIST: a magic number, the sizes, then the values, big-endian.

A header is only a claim. It is compared with the bytes that are there before anything is allocated for it, so a file
that lies costs nothing.

Source: http://yann.lecun.com/exdb/mnist/ (section FILE FORMATS).
"""

import gzip
import io
import lzma
import math
import os
import zlib
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np

from convolab.errors import InputError

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
SUFFIXES = ("", ".gz", ".xz")
CHUNK = 1 << 20
# Compressed data may grow to this without question, and beyond it by this factor: a decompression bomb grows 1000-fold,
# and no real images do.
TRUSTED_BYTES, TRUSTED_GROWTH = 64 << 20, 100


def read_idx(path: Path) -> np.ndarray:
    """The array in an IDX file, plain or compressed (gzip, xz), whatever its name says.

    Raises
    ------
    InputError
        The file is missing, truncated, over-long, compressed wrongly, or its header is not one.
    """
    path = Path(path)
    try:
        with path.open("rb") as file, opened(file) as stream:
            return _read_stream(stream, name=str(path), stored=_size(file), compressed=stream is not file)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise InputError(f"{path}: not a readable IDX file ({_reason(error)})") from error


def parse_idx(content: bytes, name: str) -> np.ndarray:
    """The array in the bytes of an uncompressed IDX file."""
    return _read_stream(io.BytesIO(content), name=name, stored=len(content), compressed=False)


def _read_stream(stream: IO[bytes], *, name: str, stored: int, compressed: bool) -> np.ndarray:
    """The array in a stream of which `stored` bytes lie on the disk."""
    dtype, shape = _read_header(stream, name)
    promised = math.prod(shape) * dtype.itemsize
    header = 4 + 4 * len(shape)
    limit = max(TRUSTED_BYTES, TRUSTED_GROWTH * stored) if compressed else max(0, stored - header)
    if promised > limit:
        raise InputError(
            f"{name}: the header promises {promised:,} bytes of values {shape}, and the file of {stored:,} bytes "
            "cannot hold them. Expected a whole IDX file; get it again"
        )
    values = _read_exactly(stream, promised, name)
    return np.frombuffer(values, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _read_header(stream: IO[bytes], name: str) -> tuple[np.dtype, tuple[int, ...]]:
    """Element type and shape, as the first bytes claim them."""
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not 1 <= magic[3] <= 4:
        raise InputError(
            f"{name}: not an IDX file. Expected the first bytes 00 00, a type {'/'.join(f'{t:02x}' for t in TYPES)} "
            f"and 1 to 4 dimensions, got {magic.hex(' ') or 'nothing'}"
        )
    sizes = stream.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise InputError(
            f"{name}: ends inside its header. Expected {magic[3]} sizes of 4 bytes, got {len(sizes)} bytes"
        )
    return np.dtype(TYPES[magic[2]]), tuple(int(size) for size in np.frombuffer(sizes, ">u4"))


def _read_exactly(stream: IO[bytes], promised: int, name: str) -> bytearray:
    """The promised bytes and not one more; memory grows only with what really arrives."""
    values = bytearray()
    while len(values) < promised:
        chunk = stream.read(min(CHUNK, promised - len(values)))
        if not chunk:
            raise InputError(f"{name}: truncated. Expected {promised:,} bytes of values, got {len(values):,}")
        values += chunk
    if stream.read(1):
        raise InputError(f"{name}: longer than its header says. Expected {promised:,} bytes of values, got more")
    return values


def write_idx(array: np.ndarray) -> bytes:
    """The bytes of an IDX file that holds the array (for tests, and for handing a data set on)."""
    array = np.ascontiguousarray(array)
    code = next((code for code, kind in TYPES.items() if np.dtype(kind) == array.dtype.newbyteorder(">")), None)
    if code is None:
        raise InputError(f"array: IDX has no type for {array.dtype}. Expected one of uint8, int8, int16, int32, floats")
    header = bytes([0, 0, code, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.astype(TYPES[code]).tobytes()


def opened(file: BinaryIO) -> IO[bytes]:
    """The content of a file, unpacked where its first bytes are gzip's or xz's."""
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return gzip.open(file)  # type: ignore[return-value]
    return lzma.open(file) if start == b"\xfd7zXZ\0" else file


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
