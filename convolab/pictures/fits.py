"""What pixels has a FITS file? Those of its first picture, with their zero and scale, floating if they need it.

The first row of a FITS file is its lowest one, and pictures here begin with the highest.
Source: FITS 4.0 (IAU FWG, 2018), sections 4 and 5.
"""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from convolab.errors import InputError
from convolab.pictures.meaning import Meaning, Selection, chosen, first_of, floating

BLOCK = 2880
TYPES = {8: ">u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
# BZERO that makes unsigned integers of signed ones, or signed bytes of unsigned ones.
OFFSET = {(8, -128): "i1", (16, 1 << 15): "u2", (32, 1 << 31): "u4", (64, 1 << 63): "u8"}


def read_fits(file: BinaryIO, name: str, choice: Selection, most: int) -> tuple[np.ndarray, Meaning]:
    """Return the pixels (H, W) of a FITS file and what they mean.

    Raises
    ------
    InputError
        For a file without a picture, one whose pictures are compressed (in tables; Pillow shows the tables), and a
        damaged one.
    """
    pictures = list(_pictures(file, name))
    if not pictures:
        raise InputError(f"{name}: {_instead(file)}")
    header, start = pictures[chosen(name, "series", choice.series, len(pictures), "pictures")]
    axes = [int(header[f"NAXIS{n}"]) for n in range(int(header["NAXIS"]), 0, -1)]
    if min(axes) < 1:
        raise InputError(f"{name}: is empty, shape {tuple(axes)}. Expected at least one pixel")
    planes, (height, width) = int(np.prod(axes[:-2], dtype=np.int64)), axes[-2:]
    if height * width > most:
        raise InputError(f"{name}: {width} × {height} pixels, more than {most // 10**6} million")
    wanted = choice.frame if choice.frame is not None else choice.z
    at = chosen(name, "frame", wanted, planes, "planes")
    stored = np.dtype(TYPES[int(header["BITPIX"])])
    size = height * width * stored.itemsize
    file.seek(start + at * size)
    content = file.read(size)
    if len(content) < size:
        raise InputError(f"{name}: truncated: {width} × {height} pixels of {stored} do not fit into the file")
    values = np.frombuffer(content, stored).reshape(height, width)[::-1]
    notes = (*first_of(choice.series, len(pictures), "pictures"), *first_of(wanted, planes, "planes"))
    return _scaled(values, header, notes)


def _scaled(values: np.ndarray, header: dict[str, str], notes: tuple[str, ...]) -> tuple[np.ndarray, Meaning]:
    """Return BZERO + BSCALE · value, exact integers where they are some; NaN where BLANK says that nothing is."""
    zero, scale, bits = float(header.get("BZERO", 0)), float(header.get("BSCALE", 1)), int(header["BITPIX"])
    native = values.astype(values.dtype.newbyteorder("="))
    if bits < 0:
        pixels = native if (zero, scale) == (0, 1) else native * native.dtype.type(scale) + native.dtype.type(zero)
        return pixels, Meaning(pixels.dtype, notes=notes)
    blank = header.get("BLANK")
    missing = native == int(float(blank)) if blank is not None else np.zeros(native.shape, bool)
    if scale == 1 and (zero == 0 or (bits, int(zero)) in OFFSET):
        kind = np.dtype(OFFSET.get((bits, int(zero)), native.dtype))
        half = native.dtype.type(0) if zero == 0 else np.array(1, native.dtype) << (abs(bits) - 1)
        pixels = native if zero == 0 else (native ^ half.astype(native.dtype)).view(kind)
    else:
        pixels = native.astype(np.float64) * scale + zero
    stored = pixels.dtype
    if missing.any():
        pixels = np.where(missing, np.nan, pixels).astype(floating(stored))
    return pixels, Meaning(stored, has_nodata=bool(missing.any()), nodata=None, notes=notes)


def _instead(file: BinaryIO) -> str:
    """Return what there is to say of a file without a picture that can be read."""
    for header, _ in _parts(file, ""):
        if header.get("ZIMAGE") == "T":
            return (
                f"its picture is compressed ({header.get('ZCMPTYPE', '').strip(chr(39)).strip()}). Unpack it: funpack"
            )
    return "holds no picture, only tables or headers"


def _pictures(file: BinaryIO, name: str) -> Iterator[tuple[dict[str, str], int]]:
    """Yield the header and the place of the data of every picture of two axes or more."""
    for header, start in _parts(file, name):
        kind, bits = header.get("XTENSION", "IMAGE").strip("' "), int(header.get("BITPIX", 8))
        several = int(header.get("NAXIS", 0)) >= 2
        if several and kind == "IMAGE" and bits in TYPES and header.get("GROUPS", "F") != "T":
            yield header, start


def _parts(file: BinaryIO, name: str) -> Iterator[tuple[dict[str, str], int]]:
    """Yield every header and the place of the data behind it."""
    file.seek(0)
    while header := _header(file):
        start = file.tell()
        yield header, start
        axes = [int(header.get(f"NAXIS{n}", 0)) for n in range(1, int(header.get("NAXIS", 0)) + 1)]
        bits = int(header.get("BITPIX", 8))
        size = (
            abs(bits)
            // 8
            * int(header.get("GCOUNT", 1))
            * (int(header.get("PCOUNT", 0)) + (int(np.prod(axes, dtype=object)) if axes else 0))
        )
        if size < 0:
            raise InputError(f"{name}: damaged picture: a header promises {size} bytes")
        file.seek(start + -(-size // BLOCK) * BLOCK)


def _header(file: BinaryIO) -> dict[str, str]:
    """Return the cards of the next header, empty at the end of the file."""
    cards: dict[str, str] = {}
    while len(block := file.read(BLOCK)) == BLOCK:
        for n in range(0, BLOCK, 80):
            card = block[n : n + 80].decode("ascii", "replace")
            key = card[:8].strip()
            if key == "END":
                return cards
            if card[8:10] == "= ":
                cards[key] = card[10:].split("/")[0].strip().replace("D+", "E+").replace("D-", "E-")
    return {}
