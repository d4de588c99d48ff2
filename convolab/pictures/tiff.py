"""What stands before the pixels of an uncompressed TIFF? One directory and its long values; then strip after strip.

Source: TIFF 6.0 (Adobe, 1992), sections 2 and 8; BigTIFF as libtiff documents it.
"""

import struct

import numpy as np

from convolab.pictures.carried import DESCRIPTION, OME
from convolab.pictures.meaning import Tag

ASCII, SHORT, LONG, RATIONAL, DOUBLE, LONG8 = 2, 3, 4, 5, 12, 16
FORMATS = {SHORT: "H", LONG: "I", RATIONAL: "I", DOUBLE: "d", LONG8: "Q"}
SAMPLE_FORMAT = {"u": 1, "i": 2, "f": 3}
LARGEST_CLASSIC = (1 << 32) - (1 << 24)  # bytes of pixels; with more, offsets need 64 bits
ALIGNMENT = 64


def tiff_header(shape: tuple[int, ...], dtype: np.dtype, rows_per_strip: int, carried: tuple[Tag, ...] = ()) -> bytes:
    """Everything up to the first pixel of an image (H, W) or (H, W, C); BigTIFF where it must be.

    `carried` are tags that say more of the image, such as where it lies on the earth.
    """
    row_bytes = int(np.prod(shape[1:], dtype=np.int64)) * dtype.itemsize
    big = shape[0] * row_bytes > LARGEST_CLASSIC
    strips = [min(rows_per_strip, shape[0] - row) * row_bytes for row in range(0, shape[0], rows_per_strip)]
    tags = _carried(carried, shape, dtype) | description(shape, dtype, rows_per_strip)
    tags |= {279: (LONG8 if big else LONG, strips)}
    length = len(packed(tags | {273: (LONG8 if big else LONG, strips)}, big))
    data = -(-length // ALIGNMENT) * ALIGNMENT
    offsets = [data + rows_per_strip * row_bytes * number for number in range(len(strips))]
    return packed(tags | {273: (LONG8 if big else LONG, offsets)}, big).ljust(data, b"\0")


def _carried(carried: tuple[Tag, ...], shape: tuple[int, ...], dtype: np.dtype) -> dict:
    tags: dict = {}
    for code, kind, value in carried:
        if code == DESCRIPTION and isinstance(value, str) and value.startswith(OME):
            value = ome_description(value.removeprefix(OME), shape, dtype)
        tags[code] = kind, value if isinstance(value, str) else list(value)
    return tags


def ome_description(sizes: str, shape: tuple[int, ...], dtype: np.dtype) -> str:
    """Return the OME description of one plane whose pixels have these sizes, attributes as OME writes them."""
    samples = shape[2] if len(shape) == 3 else 1
    kind = {"float32": "float", "float64": "double"}.get(dtype.name, dtype.name)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
        '"http://www.openmicroscopy.org/Schemas/OME/2016-06 http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd">'
        f'<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="{kind}" SizeX="{shape[1]}" '
        f'SizeY="{shape[0]}" SizeC="{samples}" SizeZ="1" SizeT="1" {sizes}><Channel ID="Channel:0:0" '
        f'SamplesPerPixel="{samples}"/><TiffData IFD="0" PlaneCount="1"/></Pixels></Image></OME>'
    )
    return "".join(c if c.isascii() else f"&#{ord(c)};" for c in text)


def description(shape: tuple[int, ...], dtype: np.dtype, rows_per_strip: int) -> dict[int, tuple[int, list[int]]]:
    """Return the tags that say what the samples are: {number: (type, values)}."""
    samples = shape[2] if len(shape) == 3 else 1
    tags = {
        256: (LONG, [shape[1]]),  # width
        257: (LONG, [shape[0]]),  # height
        258: (SHORT, [8 * dtype.itemsize] * samples),
        259: (SHORT, [1]),  # no compression
        262: (SHORT, [2 if samples == 3 else 1]),  # RGB, or black is zero
        277: (SHORT, [samples]),
        278: (LONG, [rows_per_strip]),
        284: (SHORT, [1]),  # samples of a pixel side by side
        339: (SHORT, [SAMPLE_FORMAT[dtype.kind]] * samples),
    }
    if samples not in (1, 3):
        tags[338] = (SHORT, [0] * (samples - 1))  # further samples mean nothing in particular
    return tags


def _encoded(kind: int, values) -> tuple[bytes, int]:
    """Return the bytes of a tag's values, and how many values they are."""
    if kind == ASCII:
        text = str(values).encode("utf-8") + b"\0"
        return text, len(text)
    content = struct.pack(f"<{len(values)}{FORMATS[kind]}", *values)
    return content, len(values) // 2 if kind == RATIONAL else len(values)


def packed(tags: dict[int, tuple[int, list]], big: bool) -> bytes:
    """Return the signature, the directory, and the values that are too long to stand in it."""
    word, count = ("Q", "Q") if big else ("I", "H")
    start = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16) if big else struct.pack("<2sHI", b"II", 42, 8)
    inline = struct.calcsize("<" + word)
    behind_at = len(start) + struct.calcsize("<" + count) + len(tags) * (4 + 2 * inline) + inline
    directory, behind = struct.pack("<" + count, len(tags)), b""
    for tag, (kind, values) in sorted(tags.items()):
        content, count_of = _encoded(kind, values)
        if len(content) > inline:
            content, behind = (
                struct.pack("<" + word, behind_at + len(behind)),
                behind + content + b"\0" * (len(content) % 2),
            )
        directory += struct.pack("<HH" + word, tag, kind, count_of) + content.ljust(inline, b"\0")
    return start + directory + struct.pack("<" + word, 0) + behind
