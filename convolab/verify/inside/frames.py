"""Messages between the checker and the contained process: a JSON header and raw array bytes, nothing unpickled."""

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

LARGEST_HEADER, LARGEST_BODY = 1 << 20, 1 << 24
KINDS = "?biufc"
# It returns exactly so many bytes, or raises EOFError.
Read: TypeAlias = Callable[[int], bytes]


class BadFrame(Exception):
    """Bytes that are not a message."""


def pack(header: dict[str, Any], arrays: Sequence[np.ndarray] = ()) -> bytes:
    """Return one message: lengths, header, array bytes."""
    arrays = [np.ascontiguousarray(a) for a in arrays]
    header = {**header, "arrays": [[a.dtype.str, list(np.shape(a))] for a in arrays]}
    text = json.dumps(header).encode()
    body = b"".join(a.tobytes() for a in arrays)
    return struct.pack(">II", len(text), len(body)) + text + body


def unpack(read: Read) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Return the next message from `read(count)`, which returns exactly so many bytes or raises EOFError."""
    size, length = struct.unpack(">II", read(8))
    if size > LARGEST_HEADER or length > LARGEST_BODY:
        raise BadFrame("a message larger than any answer can be")
    try:
        header = json.loads(read(size))
        body, arrays, start = read(length), [], 0
        for name, shape in header["arrays"]:
            dtype = np.dtype(str(name))
            if dtype.kind not in KINDS or len(shape) > 8:
                raise BadFrame("an array of a type that is not a number's")
            shape = [int(n) for n in shape]
            count = int(np.prod(shape, dtype=object)) if shape else 1
            if min(shape, default=0) < 0 or start + count * dtype.itemsize > length:
                raise BadFrame("an array larger than its bytes")
            arrays.append(np.frombuffer(body, dtype, count, start).reshape(shape).copy())
            start += count * dtype.itemsize
    except (ValueError, TypeError, KeyError, UnicodeDecodeError, RecursionError) as error:
        raise BadFrame(f"bytes that are not a message ({type(error).__name__})") from None
    return header, arrays


def reader(stream: Any) -> Read:
    """Return a `read(count)` for `unpack` from a binary stream."""

    def read(count: int) -> bytes:
        parts = []
        while count:
            part = stream.read(min(count, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    return read
