"""Where are the samples of more than 8 bits that Pillow cuts to 8? In PNG, PPM, JPEG 2000 and AVIF; all bits come back.

A PNG and a PPM are read here; JPEG 2000 and AVIF by imagecodecs where it is installed, and otherwise with 8 bits and a
note that says so.
"""

import re
import struct
import zlib
from typing import BinaryIO, NamedTuple

import numpy as np
from PIL import Image

from convolab.errors import InputError
from convolab.pictures.opening import open_unguarded

MOST_UNPACKED = 1 << 30  # bytes of a PNG of 16 bits, unpacked
SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # of the colour types of PNG that have 16 bits
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
GREY_AND_ALPHA = 4  # a colour type, which Pillow opens as four channels
LOSSY = 0  # the wavelet of JPEG 2000 that loses, 9-7


class Deep(NamedTuple):
    """Samples (H, W) or (H, W, C) with all their bits, or None; the note where some are lost; what white is."""

    samples: np.ndarray | None = None
    note: str = ""
    white: float | None = None


def deep_samples(file: BinaryIO, image: Image.Image, name: str, frame: int = 0) -> Deep:
    """Return the samples of a picture that Pillow reads with fewer bits than it has; nothing for all others."""
    kind = image.format
    if kind == "PNG" and image.mode in ("RGB", "RGBA", "LA") and _png_depth(file) == 16:
        if frame or image.width * image.height * 8 > MOST_UNPACKED:
            return Deep(None, "16-bit samples were read with 8 bits")
        return Deep(_of_png(file, image))
    if kind == "PPM":
        return Deep(_of_ppm(file))
    if kind == "JPEG2000":
        return _by_codec(file, image, name, *_jpeg2000_depth(file), "jpeg2k_decode", {})
    if kind == "AVIF":
        return _by_codec(file, image, name, _avif_depth(file), False, "avif_decode", {"index": frame})
    return Deep()


def _png_depth(file: BinaryIO) -> int:
    """Return the bits of a sample, as the header of a PNG says."""
    return _start(file, 25)[24]


def _start(file: BinaryIO, count: int = -1) -> bytes:
    position = file.tell()
    file.seek(0)
    start = file.read(count)
    file.seek(position)
    return start


def _of_png(file: BinaryIO, image: Image.Image) -> np.ndarray:
    """Return the samples of a PNG of 16 bits.

    Pillow gives the upper byte of each. PNG filters bytes, each by those a whole pixel to the left and above; so a PNG
    whose rows have lost their first byte has the lower bytes where the upper ones were, filtered as before.
    """
    content = _start(file)
    low = open_unguarded(_Bytes(_shifted(content)))
    low.load()
    high = np.asarray(image if image.mode == low.mode else image.convert(low.mode), np.uint16)
    samples = high << 8 | np.asarray(low, np.uint16)
    return samples[..., [0, 3]] if content[25] == GREY_AND_ALPHA and samples.shape[2] == 4 else samples


def _Bytes(content: bytes):
    from io import BytesIO

    return BytesIO(content)


def _shifted(content: bytes) -> bytes:
    """Return the PNG with every row moved one byte to the left."""
    header, packed = b"", []
    for name, data in _chunks(content):
        if name == b"IHDR":
            header = data
        elif name == b"IDAT":
            packed.append(data)
    width, height, _, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    pixel = 2 * CHANNELS[colour]
    sizes = [(height, width)]
    if interlaced:
        sizes = [(len(range(y, height, dy)), len(range(x, width, dx))) for x, y, dx, dy in ADAM7]
    sizes = [(rows, columns) for rows, columns in sizes if rows and columns]
    total = sum(rows * (1 + columns * pixel) for rows, columns in sizes)
    raw = np.frombuffer(zlib.decompressobj().decompress(b"".join(packed), total), np.uint8)
    if len(raw) < total:
        raise OSError("image file is truncated")
    moved, first = np.zeros(total, np.uint8), 0
    for rows, columns in sizes:
        stretch = slice(first, first + rows * (1 + columns * pixel))
        old, new = raw[stretch].reshape(rows, -1), moved[stretch].reshape(rows, -1)
        new[:, 0], new[:, 1:-1] = old[:, 0], old[:, 2:]
        first = stretch.stop
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(moved.tobytes(), 0)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _chunks(content: bytes):
    """Yield (name, data) of the chunks of a PNG up to its end."""
    position = 8
    while position + 8 <= len(content):
        length, name = struct.unpack(">I4s", content[position : position + 8])
        yield name, content[position + 8 : position + 8 + length]
        position += 12 + length


def _of_ppm(file: BinaryIO) -> np.ndarray | None:
    """Return the samples of a PGM or PPM with a largest value of more than 8 bits, stretched to 16 bits."""
    head = re.match(rb"P([2356])((?:\s|#[^\n]*\n)+\d+){3}\s", _start(file, 4096))
    if head is None:
        return None
    width, height, largest = (int(n) for n in re.findall(rb"\d+", re.sub(rb"#[^\n]*\n", b" ", head[0]))[1:])
    if not 255 < largest < 65536:
        return None
    channels = 3 if head[1] in b"36" else 1
    count = width * height * channels
    body = _start(file)[head.end() :]
    if head[1] in b"56":
        values = np.frombuffer(body, ">u2", count) if len(body) >= 2 * count else np.empty(0, np.uint16)
    else:
        values = np.array(re.sub(rb"#[^\n]*", b" ", body).split()[:count], np.int64).clip(0, largest)
    if len(values) < count:
        raise OSError("image file is truncated")
    if largest != 65535:
        values = np.minimum(np.rint(values.astype(np.float64) * 65535 / largest), 65535)
    return values.astype(np.uint16).reshape((height, width, 3) if channels == 3 else (height, width))


def _jpeg2000_depth(file: BinaryIO) -> tuple[int, bool]:
    """Return the bits of a sample, as the SIZ segment says, and whether the wavelet is one that loses (COD)."""
    start = _start(file, 1 << 16)
    at = start.find(b"\xff\x4f\xff\x51")
    if at < 0 or len(start) < at + 43:
        return 8, False
    cod = start.find(b"\xff\x52", at)
    return (start[at + 42] & 0x7F) + 1, 0 < cod < len(start) - 13 and start[cod + 13] == LOSSY


def _avif_depth(file: BinaryIO) -> int:
    """Return the bits of a sample, as the first av1C property says."""
    start = _start(file, 1 << 16)
    at = start.find(b"av1C")
    if at < 0 or len(start) < at + 7:
        return 8
    flags = start[at + 6]
    return 12 if flags & 0x60 == 0x60 else 10 if flags & 0x40 else 8


def _by_codec(file: BinaryIO, image: Image.Image, name: str, depth: int, lossy: bool, codec: str, options) -> Deep:
    if depth <= 8 or depth > 16:
        return Deep()
    try:
        import imagecodecs
    except ImportError:
        if image.mode.startswith("I;16") and lossy:  # what lies above white wraps around to black in Pillow
            raise InputError(
                f"{name}: {depth}-bit samples of a lossy JPEG 2000 need imagecodecs. Install it with: "
                'pip install "convolab[large]"'
            ) from None
        deep = image.mode.startswith("I;16")
        return Deep(None, "" if deep else f"{depth}-bit samples were read with 8 bits; with imagecodecs they keep all")
    samples = getattr(imagecodecs, codec)(_start(file), **options)
    plain = np.asarray(samples).reshape(image.height, image.width, -1)
    return Deep(plain[..., 0] if plain.shape[2] == 1 else plain, white=float(2**depth - 1) if depth < 16 else None)
