"""The kinds of files that people bring, one entry each: how such a file is made, and which pixels it holds.

The pixels are what an independent decoder gives (tifffile's raw samples, imagecodecs, OpenCV) with what TIFF, PNG and
FITS say of them applied by a formula that stands here. `strips` says whether the kind is also read in strips.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import tifffile
import zarr
from PIL import Image

Y, X = np.mgrid[0:40, 0:56]
GREY = (127 + 80 * np.sin(X / 9 + Y / 5) + 40 * np.cos(Y / 3)).clip(0, 255).astype(np.uint8)
DEEP = (GREY.astype(np.uint16) * 257 + (X % 5).astype(np.uint16)).clip(0, 65535).astype(np.uint16)
COLOURS = np.dstack([GREY, 255 - GREY, np.uint8(2 * X + Y)])
DEEP_COLOURS = np.dstack([DEEP, 65535 - DEEP, np.uint16(900 * X + 11 * Y)])
ALPHA = np.uint8((X * 4) % 256)
HOLES = (X > 20) & (X < 27) & (Y > 10) & (Y < 15)


@dataclass(frozen=True)
class Kind:
    """A kind of file: `write` makes it at a path, `pixels` is what it holds, `notes` what is said of the choice."""

    name: str
    suffix: str
    write: Callable[[Path], None]
    pixels: np.ndarray
    strips: bool = True
    notes: str = ""
    options: dict = field(default_factory=dict)


def tiff(array: np.ndarray, **options) -> Callable[[Path], None]:
    return lambda path: tifffile.imwrite(path, array, **options)


def raw_tiff(data: bytes, *tags: tuple[int, int, list[int]], size=(40, 56)) -> Callable[[Path], None]:
    """A little-endian TIFF of one strip with these tags (number, type 3 or 4, values)."""

    def write(path: Path) -> None:
        given = {256: (4, [size[1]]), 257: (4, [size[0]]), 259: (3, [1]), 278: (4, [size[0]]), 279: (4, [len(data)])}
        given |= {273: (4, [0])} | {number: (kind, values) for number, kind, values in tags}
        behind_at = 8 + 2 + 12 * len(given) + 4
        behind, entries = b"", b""
        for number, (kind, values) in sorted(given.items()):
            content = struct.pack(f"<{len(values)}{'H' if kind == 3 else 'I'}", *values)
            if len(content) > 4:
                place, behind = struct.pack("<I", behind_at + len(behind)), behind + content
            elif number == 273:
                place = b"DATA"
            else:
                place = content.ljust(4, b"\0")
            entries += struct.pack("<HHI", number, kind, len(values)) + place
        entries = entries.replace(b"DATA", struct.pack("<I", behind_at + len(behind)))
        path.write_bytes(b"II*\0" + struct.pack("<IH", 8, len(given)) + entries + bytes(4) + behind + data)

    return write


def reversed_bits(data: bytes) -> bytes:
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)


def laid(colours: np.ndarray, alpha: np.ndarray, ground: float, *, premultiplied: bool = False) -> np.ndarray:
    """Colours on a ground, a fraction of white: v · a + ground · (1 − a), rounded to the nearest."""
    top = np.iinfo(colours.dtype).max
    a = alpha.astype(np.float64)[..., None] / top if colours.ndim == 3 else alpha.astype(np.float64) / top
    found = (colours if premultiplied else colours * a) + ground * top * (1 - a)
    return np.rint(found.clip(0, top)).astype(colours.dtype)


def from_inks(inks: np.ndarray) -> np.ndarray:
    """(1 − c)(1 − k) of each colour; of 8 bits as Pillow has it."""
    if inks.dtype == np.uint8:
        return np.asarray(Image.fromarray(inks, "CMYK").convert("RGB"))
    light = 1 - inks / 65535
    return np.rint(light[..., :3] * light[..., 3:] * 65535).astype(np.uint16)


TURNS = {
    2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1], 5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1), 7: lambda a: np.rot90(a, 2).swapaxes(0, 1), 8: lambda a: np.rot90(a),
}  # fmt: skip


def sparse(path: Path, nodata: int | None = None) -> None:
    """A TIFF in tiles one of which is left out, as GDAL leaves it out: offset and count 0."""
    extra = [] if nodata is None else [(42113, "s", 0, str(nodata), True)]
    tifffile.imwrite(path, GREY, tile=(16, 16), compression="zlib", extratags=extra)
    content = bytearray(path.read_bytes())
    with tifffile.TiffFile(path) as file:
        for name in ("TileOffsets", "TileByteCounts"):
            tag = file.pages.first.tags[name]
            size = {3: 2, 4: 4}[int(tag.dtype)]
            content[tag.valueoffset + 5 * size : tag.valueoffset + 6 * size] = bytes(size)
    path.write_bytes(content)


def without_a_tile(value) -> np.ndarray:
    pixels = GREY.astype(np.float32) if value is np.nan else GREY.copy()
    pixels[16:32, 16:32] = value  # tile 5 of 4 in a row
    return pixels


def with_pages(*pages: tuple[np.ndarray, dict], **options) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with tifffile.TiffWriter(path, **options) as file:
            for array, given in pages:
                file.write(array, metadata=None, **given)

    return write


def by_pillow(image: Image.Image, **options) -> Callable[[Path], None]:
    return lambda path: image.save(path, **options)


def png16(samples: np.ndarray, *, clear: bytes = b"", interlaced: bool = False) -> Callable[[Path], None]:
    """A PNG of 16 bits whose rows are filtered by each of the five filters in turn."""

    def write(path: Path) -> None:
        cube = samples.reshape(*samples.shape[:2], -1)
        pixel = 2 * cube.shape[2]
        passes = [(0, 0, 1, 1)]
        if interlaced:
            passes = [
                (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
            ]  # fmt: skip
        raw = b"".join(filtered(cube[y::dy, x::dx], pixel) for x, y, dx, dy in passes)
        kind = {1: 0, 2: 4, 3: 2, 4: 6}[cube.shape[2]]
        header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], 16, kind, 0, 0, interlaced)
        parts = [(b"IHDR", header), (b"tRNS", clear), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
        path.write_bytes(
            b"\x89PNG\r\n\x1a\n"
            + b"".join(
                struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
                for name, data in parts
                if data or name != b"tRNS"
            )
        )

    return write


def filtered(cube: np.ndarray, pixel: int) -> bytes:
    rows = cube.astype(">u2").reshape(len(cube), -1).view(np.uint8).reshape(len(cube), -1).astype(int)
    found, above = b"", np.zeros(rows.shape[1], int)
    for number, row in enumerate(rows):
        left = np.concatenate([np.zeros(pixel, int), row[:-pixel]])
        corner = np.concatenate([np.zeros(pixel, int), above[:-pixel]])
        guess = left + above - corner
        near = np.abs(np.stack([guess - left, guess - above, guess - corner])).argmin(0)
        paeth = np.choose(near, [left, above, corner])
        kind = number % 5
        taken = [0 * row, left, above, (left + above) // 2, paeth][kind]
        found += bytes([kind]) + ((row - taken) % 256).astype(np.uint8).tobytes()
        above = row
    return found


def fits(array: np.ndarray, bits: int, **cards) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        given = {"SIMPLE": "T", "BITPIX": bits, "NAXIS": array.ndim}
        given |= {f"NAXIS{n + 1}": size for n, size in enumerate(array.shape[::-1])} | cards
        head = "".join(f"{key:<8}= {value!s:>20}".ljust(80) for key, value in given.items()) + "END".ljust(80)
        data = array[..., ::-1, :].astype(array.dtype.newbyteorder(">")).tobytes()
        padded = head.ljust(-(-len(head) // 2880) * 2880).encode() + data
        path.write_bytes(padded + bytes(-len(padded) % 2880))

    return write


def zarr_array(array: np.ndarray, **options) -> Callable[[Path], None]:
    return lambda path: zarr.create_array(str(path), data=array, **options) and None


def zarr_group(path: Path) -> None:
    group = zarr.open_group(str(path), mode="w")
    group.create_array("0", data=GREY, chunks=(16, 16))


def ome_zarr(path: Path) -> None:
    """Two levels of (c, z, y, x)."""
    group = zarr.open_group(str(path), mode="w")
    volume = np.stack([np.stack([GREY, 255 - GREY]), np.stack([GREY // 2, GREY // 3])])
    group.create_array("full", data=volume, chunks=(1, 1, 16, 16))
    group.create_array("half", data=volume[..., ::2, ::2], chunks=(1, 1, 16, 16))
    axes = [{"name": name, "type": "space", "unit": "micrometer"} for name in "czyx"]
    levels = [
        {"path": name, "coordinateTransformations": [{"type": "scale", "scale": [1, 1, 0.5 * n, 0.25 * n]}]}
        for name, n in (("full", 1), ("half", 2))
    ]
    group.attrs["ome"] = {"version": "0.5", "multiscales": [{"axes": axes, "datasets": levels}]}


def holes(array: np.ndarray, value) -> np.ndarray:
    return np.where(HOLES, np.array(value, array.dtype), array)


def floating(array: np.ndarray) -> np.ndarray:
    """The array with NaN where no data are."""
    return np.where(HOLES, np.nan, array).astype(np.float64 if array.dtype.itemsize > 4 else np.float32)


NODATA = [(42113, "s", 0, "-9999", True)]
PALETTE = np.random.default_rng(0).permutation(256).astype(np.uint16)[None] * np.uint16([[257], [256], [255]])
PALETTED = (PALETTE >> 8).astype(np.uint8).T[GREY]
BITS = {1: GREY > 127, 2: GREY >> 6, 4: GREY >> 4}
FULL = {1: 255, 2: 85, 4: 17}  # by which fewer bits fill 0 … 255
TIFF = ".tif"

KINDS = [
    *(Kind(f"TIFF of {a.dtype}", TIFF, tiff(a), a) for a in (
        GREY, DEEP, (GREY.astype(np.int16) - 128).astype(np.int8), DEEP.astype(np.int32).__sub__(32768).astype(np.int16),
        GREY.astype(np.uint32) * 16_000_000, GREY.astype(np.int32) * -8_000_000, GREY.astype(np.float32) / 255,
        GREY.astype(np.float64) * 1e-9, (GREY / 255).astype(np.float16))),
    Kind("TIFF of uint64", TIFF, tiff(GREY.astype(np.uint64) << np.uint64(40)), GREY.astype(np.uint64) << np.uint64(40)),
    Kind("TIFF, big-endian", TIFF, tiff(DEEP, byteorder=">"), DEEP),
    Kind("BigTIFF", TIFF, tiff(DEEP, bigtiff=True), DEEP),
    Kind("TIFF of 1 bit", TIFF, tiff(BITS[1], photometric="minisblack"), np.uint8(BITS[1]) * np.uint8(255)),
    *(Kind(f"TIFF of {bits} bits", TIFF,
           raw_tiff(imagecodecs.packints_encode(BITS[bits], bits), (258, 3, [bits]), (262, 3, [1]), (277, 3, [1])),
           BITS[bits] * np.uint8(FULL[bits])) for bits in (2, 4)),
    *(Kind(f"TIFF of {bits} bits", TIFF,
           raw_tiff(imagecodecs.packints_encode(DEEP >> (16 - bits), bits), (258, 3, [bits]), (262, 3, [1]), (277, 3, [1])),
           DEEP >> (16 - bits)) for bits in (10, 12, 14)),
    Kind("TIFF of 1 bit, white is zero", TIFF, tiff(GREY > 127, photometric="miniswhite"), np.where(GREY > 127, 0, 255).astype(np.uint8)),
    Kind("TIFF of 4 bits, white is zero", TIFF,
         raw_tiff(imagecodecs.packints_encode(GREY >> 4, 4), (258, 3, [4]), (262, 3, [0]), (277, 3, [1])), 255 - (GREY >> 4) * np.uint8(17)),
    Kind("TIFF of 8 bits, white is zero", TIFF, tiff(GREY, photometric="miniswhite"), 255 - GREY),
    Kind("TIFF of 16 bits, white is zero", TIFF, tiff(DEEP, photometric="miniswhite"), 65535 - DEEP),
    Kind("TIFF of 16 bits, white is zero, tiles", TIFF, tiff(DEEP, photometric="miniswhite", tile=(16, 16), compression="zlib"), 65535 - DEEP),
    Kind("TIFF with a palette", TIFF, tiff(GREY, photometric="palette", colormap=PALETTE), PALETTED),
    Kind("TIFF with a palette of 8-bit entries", TIFF, tiff(GREY, photometric="palette", colormap=PALETTE >> 8), PALETTED),
    Kind("TIFF of 1 bit, fill order 2", TIFF,
         raw_tiff(reversed_bits(np.packbits(GREY > 127, axis=1).tobytes()), (258, 3, [1]), (262, 3, [1]), (266, 3, [2]), (277, 3, [1])),
         np.where(GREY > 127, 255, 0).astype(np.uint8)),
    Kind("TIFF of 8 bits, fill order 2", TIFF,
         raw_tiff(reversed_bits(GREY.tobytes()), (258, 3, [8]), (262, 3, [1]), (266, 3, [2]), (277, 3, [1])), GREY),
    *(Kind(f"TIFF, orientation {n}", TIFF, tiff(GREY, rowsperstrip=7, extratags=[(274, "H", 1, n, True)]), turn(GREY),
           notes="turned upright") for n, turn in TURNS.items()),
    *(Kind(f"TIFF of 16-bit colours, tiles, orientation {n}", TIFF,
           tiff(DEEP_COLOURS, photometric="rgb", tile=(16, 16), extratags=[(274, "H", 1, n, True)]), TURNS[n](DEEP_COLOURS),
           notes="turned upright") for n in (3, 6)),
    Kind("TIFF of colours", TIFF, tiff(COLOURS), COLOURS),
    Kind("TIFF of 16-bit colours", TIFF, tiff(DEEP_COLOURS, photometric="rgb"), DEEP_COLOURS),
    Kind("TIFF, planes apart", TIFF, tiff(np.moveaxis(COLOURS, 2, 0), photometric="rgb", planarconfig="separate"), COLOURS),
    Kind("TIFF of 16 bits, planes apart, tiles", TIFF,
         tiff(np.moveaxis(DEEP_COLOURS, 2, 0), photometric="rgb", planarconfig="separate", tile=(16, 16), compression="zlib"), DEEP_COLOURS),
    Kind("TIFF with transparency", TIFF, tiff(np.dstack([COLOURS, ALPHA]), photometric="rgb", extrasamples=["unassalpha"]),
         laid(COLOURS, ALPHA, 0), notes="laid the transparent picture on black", options={"background": "black"}),
    Kind("TIFF of 16 bits with transparency", TIFF,
         tiff(np.dstack([DEEP_COLOURS, ALPHA.astype(np.uint16) * 257]), photometric="rgb", extrasamples=["unassalpha"]),
         laid(DEEP_COLOURS, ALPHA.astype(np.uint16) * 257, 1), notes="laid the transparent picture on white"),
    Kind("TIFF with premultiplied transparency", TIFF,
         tiff(np.dstack([laid(COLOURS, ALPHA, 0), ALPHA]), photometric="rgb", extrasamples=["assocalpha"]),
         laid(laid(COLOURS, ALPHA, 0), ALPHA, 1, premultiplied=True), notes="laid the transparent picture on white"),
    Kind("TIFF of grey with transparency", TIFF, tiff(np.dstack([GREY, ALPHA]), photometric="minisblack", planarconfig="contig", extrasamples=["unassalpha"]),
         laid(GREY, ALPHA, 1), notes="laid the transparent picture on white"),
    Kind("TIFF of inks", TIFF, tiff(np.dstack([COLOURS, GREY // 3]), photometric="separated"), from_inks(np.dstack([COLOURS, GREY // 3]))),
    Kind("TIFF of 16-bit inks", TIFF, tiff(np.dstack([DEEP_COLOURS, DEEP // 3]), photometric="separated"), from_inks(np.dstack([DEEP_COLOURS, DEEP // 3]))),
    Kind("TIFF of YCbCr", TIFF, by_pillow(Image.fromarray(COLOURS).convert("YCbCr")), np.asarray(Image.fromarray(COLOURS).convert("YCbCr").convert("RGB"))),
    Kind("TIFF of L*a*b*", TIFF, by_pillow(Image.merge("LAB", [Image.fromarray(c) for c in np.moveaxis(COLOURS, 2, 0)])),
         np.asarray(Image.merge("LAB", [Image.fromarray(c) for c in np.moveaxis(COLOURS, 2, 0)]).convert("RGB"))),
    *(Kind(f"TIFF, {name}", TIFF, tiff(a, rowsperstrip=9, compression=name, **more), a) for name, a, more in (
        ("lzw", DEEP, {"predictor": 2}), ("zlib", GREY / np.float32(255), {"predictor": 3}), ("packbits", GREY, {}), ("lzma", DEEP, {}), ("zstd", DEEP, {}),
        ("png", DEEP_COLOURS, {"photometric": "rgb"}))),
    *(Kind(f"TIFF, lossless {name}", TIFF, tiff(a, tile=(16, 16), compression=name, compressionargs=how), a) for name, a, how in (
        ("webp", COLOURS, {"lossless": True}), ("jpeg2000", DEEP, {"reversible": True}), ("jpegxl", GREY, {"lossless": True}), ("lerc", DEEP, {}))),
    Kind("TIFF with a tile left out", TIFF, sparse, without_a_tile(0)),
    Kind("TIFF with a tile left out, and a number for no data", TIFF, lambda path: sparse(path, 7),
         np.where(without_a_tile(7) == 7, np.float32(np.nan), GREY.astype(np.float32))),
    Kind("TIFF of a volume", TIFF, tiff(np.stack([GREY, 255 - GREY]), volumetric=True, photometric="minisblack", tile=(1, 16, 16)), GREY, notes="took the first of 2 planes"),
    Kind("TIFF of pages", TIFF, with_pages((GREY, {}), (255 - GREY, {})), GREY, notes="took the first of 2 frames"),
    Kind("TIFF with a page that is a mask", TIFF, with_pages((GREY, {}), (GREY > 50, {"subfiletype": 4, "photometric": "mask"})), GREY),
    Kind("TIFF whose first page is a thumbnail", TIFF, with_pages((GREY[::4, ::4], {"subfiletype": 1}), (GREY, {"subfiletype": 0})), GREY, notes="took the picture of full resolution, 56 × 40"),
    Kind("DNG with a thumbnail", TIFF, with_pages((COLOURS[::4, ::4], {"photometric": "rgb", "subfiletype": 1, "subifds": 1}), (DEEP, {"subfiletype": 0, "photometric": "minisblack"})), DEEP, notes="took the picture of full resolution, 56 × 40"),
    Kind("OME-TIFF", TIFF, tiff(np.stack([GREY, 255 - GREY, GREY // 2]), ome=True, photometric="minisblack", metadata={"axes": "ZYX"}), GREY, notes="took the first of 3 frames"),
    Kind("ImageJ stack", TIFF, tiff(np.stack([DEEP, 65535 - DEEP]), imagej=True, metadata={"axes": "ZYX"}), DEEP, notes="took the first of 2 frames"),
    Kind("TIFF of five bands", TIFF, tiff(np.dstack([COLOURS, GREY, GREY]), photometric="minisblack", planarconfig="contig"), GREY, notes="took the first of 5 bands"),
    Kind("TIFF of ten bands, planes apart", TIFF, tiff(np.stack([DEEP] * 10), photometric="minisblack", planarconfig="separate"), DEEP, notes="took the first of 10 bands"),
    Kind("TIFF of int16 with a number for no data", TIFF, tiff(holes(GREY.astype(np.int16), -9999), extratags=NODATA), floating(GREY)),
    Kind("TIFF of float32 with a number for no data, tiles", TIFF, tiff(holes(GREY.astype(np.float32), -9999), extratags=NODATA, tile=(16, 16)), floating(GREY)),
    Kind("TIFF of float32 with NaN for no data", TIFF, tiff(floating(GREY), extratags=[(42113, "s", 0, "nan", True)]), floating(GREY)),
    Kind("NumPy file", ".npy", lambda path: np.save(path, DEEP), DEEP),
    Kind("NumPy file in Fortran's order", ".npy", lambda path: np.save(path, np.asfortranarray(DEEP)), DEEP),
    Kind("NumPy file, big-endian", ".npy", lambda path: np.save(path, DEEP.astype(">u2")), DEEP),
    Kind("NumPy archive", ".npz", lambda path: np.savez(path, zoom=np.float64(2), picture=DEEP), DEEP, strips=False, notes="took picture of 2 arrays"),
    Kind("Zarr array", ".zarr", zarr_array(DEEP, chunks=(16, 16)), DEEP),
    Kind("Zarr array, version 2", ".zarr", zarr_array(DEEP.astype(">u2"), chunks=(16, 16), zarr_format=2), DEEP),
    Kind("Zarr group", ".zarr", zarr_group, GREY),
    Kind("OME-Zarr", ".zarr", ome_zarr, GREY, notes="took the first of 2 places along c"),
    *(Kind(f"PNG of {bits} bit", ".png", by_pillow(Image.fromarray(np.uint8(BITS[bits]) * np.uint8(FULL[bits])).convert("1" if bits == 1 else "L")), np.uint8(BITS[bits]) * np.uint8(FULL[bits]), strips=False) for bits in (1, 4)),
    Kind("PNG of 16 bits", ".png", png16(DEEP), DEEP, strips=False),
    Kind("PNG of 16 bits, one value transparent", ".png", png16(DEEP, clear=struct.pack(">H", int(DEEP[3, 3]))), np.where(DEEP[3, 3] == DEEP, 0, DEEP).astype(np.uint16), strips=False, notes="laid the transparent picture on black", options={"background": "black"}),
    Kind("PNG of 16-bit colours", ".png", png16(DEEP_COLOURS), DEEP_COLOURS, strips=False),
    Kind("PNG of 16-bit colours, interlaced", ".png", png16(DEEP_COLOURS, interlaced=True), DEEP_COLOURS, strips=False),
    Kind("PNG of 16-bit colours, one transparent", ".png", png16(DEEP_COLOURS, clear=struct.pack(">3H", *map(int, DEEP_COLOURS[3, 3]))),
         np.where((DEEP_COLOURS[3, 3] == DEEP_COLOURS).all(-1)[..., None], np.uint16(65535), DEEP_COLOURS), strips=False, notes="laid the transparent picture on white"),
    Kind("PNG of 16-bit colours with transparency", ".png", png16(np.dstack([DEEP_COLOURS, ALPHA.astype(np.uint16) * 257])),
         laid(DEEP_COLOURS, ALPHA.astype(np.uint16) * 257, 1), strips=False, notes="laid the transparent picture on white"),
    Kind("PNG of 16-bit grey with transparency", ".png", png16(np.dstack([DEEP, ALPHA.astype(np.uint16) * 257])),
         laid(DEEP, ALPHA.astype(np.uint16) * 257, 1), strips=False, notes="laid the transparent picture on white"),
    Kind("PGM of 16 bits", ".pgm", lambda path: path.write_bytes(b"P5\n# a remark\n56 40\n65535\n" + DEEP.astype(">u2").tobytes()), DEEP, strips=False),
    Kind("PPM of 16-bit colours", ".ppm", lambda path: path.write_bytes(b"P6 56 40 65535\n" + DEEP_COLOURS.astype(">u2").tobytes()), DEEP_COLOURS, strips=False),
    Kind("JPEG 2000 of 16 bits", ".jp2", lambda path: path.write_bytes(imagecodecs.jpeg2k_encode(DEEP, reversible=True)), DEEP, strips=False),
    Kind("JPEG 2000 of 16-bit colours", ".jp2", lambda path: path.write_bytes(imagecodecs.jpeg2k_encode(DEEP_COLOURS, reversible=True)), DEEP_COLOURS, strips=False),
    Kind("FITS of int16", ".fits", fits(GREY.astype(np.int16) - 128, 16), GREY.astype(np.int16) - 128, strips=False),
    Kind("FITS of uint16", ".fits", fits((DEEP.astype(np.int32) - 32768).astype(np.int16), 16, BZERO="32768"), DEEP, strips=False),
    Kind("FITS with a scale", ".fits", fits(GREY.astype(np.int16), 16, BZERO="3.5", BSCALE="0.25"), GREY * 0.25 + 3.5, strips=False),
    Kind("FITS of float64", ".fits", fits(GREY * 1e-30, -64), GREY * 1e-30, strips=False),
    Kind("FITS with blanks", ".fits", fits(holes(GREY.astype(np.int16), -1), 16, BLANK="-1"), floating(GREY), strips=False),
    Kind("FITS of planes", ".fits", fits(np.stack([GREY, 255 - GREY]), 8), GREY, strips=False, notes="took the first of 2 planes"),
]  # fmt: skip


def open_by_others(kind: Kind, path: Path) -> np.ndarray | None:
    """The picture as a decoder of another project gives it, where one gives it without being told what it means."""
    if kind.suffix == ".png":
        found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        return found[..., ::-1] if found is not None and found.ndim == 3 and found.shape[2] == 3 else found
    if kind.suffix in (".ppm", ".pgm"):
        found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        return found[..., ::-1] if found.ndim == 3 else found
    return imagecodecs.jpeg2k_decode(path.read_bytes()) if kind.suffix == ".jp2" else None
