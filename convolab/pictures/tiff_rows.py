"""How are the rows of a TIFF's picture read, whole or a few at a time? One decoder for both: tifffile's segments."""

import logging
from pathlib import Path
from typing import BinaryIO

import numpy as np

from convolab.errors import ConvolabError, InputError, MissingDependencyError
from convolab.pictures.carried import carried_by
from convolab.pictures.meaning import EVERYTHING, Meaning, Selection, floating, holds
from convolab.pictures.photometric import RGB, YCBCR, Reading, Samples, reading_of
from convolab.pictures.rows import Corrected, FileSource, RowSource, identity_of, upright
from convolab.pictures.tiff_pages import band_in_page, find_page

MOST_SEGMENT = 1 << 30  # bytes of one tile or strip, decoded
JPEG = (6, 7, 34892, 33007)  # compressions that give red, green and blue whatever they store
LACKS_CODEC = "requires the 'imagecodecs' package"


class MissingCodecError(MissingDependencyError):
    """A compression that tifffile leaves to imagecodecs, which is not installed."""

    def __init__(self, name: str, compression: str):
        super().__init__("imagecodecs", "large", f"{name} ({compression})")


def open_tiff(
    file: Path | BinaryIO, name: str, choice: Selection = EVERYTHING, background: str = "white", *,
    masked: bool = False, each: bool = False,
) -> RowSource:  # fmt: skip
    """Return the picture of a TIFF, in a file or in memory, as a source of rows.

    With `masked` a mask that the file holds says where no data lie; with `each` all bands of a picture come back whose
    bands are no colours.

    Raises
    ------
    InputError
        If the file is damaged, or holds no such picture.
    MissingDependencyError
        Without tifffile, or without imagecodecs where its compression needs it.
    """
    raw = Segments(file, name, choice)
    has_mask = raw.mask is not None and not masked
    raw.mask = raw.mask if masked else None
    try:
        return _understood(raw, name, choice, background, each, has_mask)
    except ConvolabError:
        raw.close()
        raise
    except Exception as error:  # tags may hold anything
        raw.close()
        raise InputError(f"{name}: damaged TIFF picture: {_said(error)}") from error


def _understood(raw: "Segments", name: str, choice: Selection, background: str, each: bool, has_mask) -> RowSource:
    page, nodata = raw.page, _nodata_of(raw.page)
    band = band_in_page(raw.tiff, choice)
    reading = reading_of(_samples_of(page, name), name, band, background, each=each)
    carried, spacing, unit = carried_by(raw.tiff, page)
    masked = nodata is not None or raw.mask is not None
    meaning = Meaning(
        reading.dtype, _white_of(page, reading.dtype), masked, nodata, has_mask, spacing, unit, carried,
        (*raw.notes, *reading.notes),
    )  # fmt: skip
    shape = (*raw.shape[:2], *((reading.channels,) if reading.channels else ()))
    source: RowSource = raw
    if not reading.steps and not masked and raw.shape[2] == max(reading.channels, 1):
        source = raw.flat(shape, meaning)
    else:
        dtype = floating(reading.dtype) if masked else reading.dtype
        source = Corrected(raw, _Corrections(reading, raw, nodata, band, dtype), shape, dtype, meaning)
    tag = page.tags.get(274)
    return upright(source, int(tag.value) if tag is not None and isinstance(tag.value, int) else 1)


class _Corrections:
    """Rows of samples become rows of pixels, NaN where the file says that there is no data."""

    def __init__(self, reading: Reading, raw: "Segments", nodata: float | None, band: int | None, dtype: np.dtype):
        self.reading, self.raw, self.nodata, self.band, self.dtype = reading, raw, nodata, band, dtype

    def __call__(self, rows: np.ndarray, start: int) -> np.ndarray:
        try:
            pixels, missing = self.reading(rows), self.missing(rows, start)
        except (IndexError, ValueError) as error:  # samples that are not what the tags say
            raise InputError(f"{self.raw.name}: damaged TIFF picture: {_said(error)}") from error
        if missing is None:
            return pixels
        pixels = pixels.astype(self.dtype)
        pixels[missing] = np.nan
        return pixels

    def missing(self, rows: np.ndarray, start: int) -> np.ndarray | None:
        """Return where no data lie, (rows, W), or None for a file that says nothing of it."""
        missing = None
        if self.nodata is not None:
            given = rows if self.band is None else rows[..., self.band : self.band + 1]
            given = given[..., :1] if self.reading.channels == 0 and self.band is None else given
            missing = np.asarray(is_nodata(given, self.nodata).all(-1))
        if self.raw.mask is not None:
            valid = np.empty((len(rows), *self.raw.mask.shape[1:]), self.raw.mask.dtype)
            self.raw.mask.read_into(start, valid)
            hidden = (valid == 0).any(-1)
            missing = hidden if missing is None else missing | hidden
        return missing


def is_nodata(values: np.ndarray, nodata: float) -> np.ndarray:
    """Return which values are the one that stands for no data, as their type holds it; NaN is one in any case."""
    if values.dtype.kind == "f":
        with np.errstate(over="ignore"):
            return (values == values.dtype.type(nodata)) | np.isnan(values)
    if not holds(values.dtype, nodata):
        return np.zeros(values.shape, bool)
    return values == values.dtype.type(int(nodata))


def _nodata_of(page) -> float | None:
    """Return the number that GDAL's tag has for places without data."""
    tag = page.tags.get(42113)
    try:
        return None if tag is None else float(str(tag.value).strip("\0 "))
    except ValueError:
        return None


def _white_of(page, dtype: np.dtype) -> float | None:
    """Return the greatest value of samples of more than 8 bits that do not fill their type, such as 12 of 16."""
    bits = page.bitspersample if isinstance(page.bitspersample, int) else page.bitspersample[0]
    return float(2**bits - 1) if dtype.kind == "u" and 8 < bits < 8 * dtype.itemsize else None


def _samples_of(page, name: str) -> Samples:
    if page.dtype is None or page.dtype.kind not in "buif":
        raise InputError(f"{name}: samples of {page.bitspersample} bits, format {page.sampleformat}, are not read")
    photometric = int(page.photometric)
    if photometric == YCBCR and page.compression in JPEG:
        photometric = RGB
    count = page.samplesperpixel
    # What a writer forgets to name is extra too: red, green and blue are three, and a grey is one.
    named = tuple(int(value) for value in page.extrasamples)
    usual = {0: 1, 1: 1, 2: 3, 3: 1, 4: 1, 5: 4, 6: 3, 8: 3, 9: 3, 34892: 3}.get(photometric, 1)
    unnamed = (0,) * max(0, count - len(named) - usual) if photometric in (2, 5, 6, 8, 9) else ()
    bits = page.bitspersample if isinstance(page.bitspersample, int) else page.bitspersample[0]
    palette = page.colormap if photometric == 3 else None
    if palette is not None and (palette.ndim != 2 or len(palette) != 3):
        raise InputError(f"{name}: damaged TIFF picture: a palette of shape {palette.shape}. Expected (3, colours)")
    return Samples(np.dtype(page.dtype), int(bits), count, photometric, (*unnamed, *named), palette)


class Segments:
    """Rows of samples, (H, W, count), as the file has them: the tiles or strips of one page, a row of them at a time.

    Segments that the file leaves out, as GDAL does where nothing lies, hold its number for no data, or zero.
    """

    shape: tuple[int, ...]

    def __init__(self, file: Path | BinaryIO, name: str, choice: Selection):
        tifffile = import_tifffile()
        self.name, self.path = name, file if isinstance(file, Path) else None
        self.file = file.open("rb") if isinstance(file, Path) else file
        try:
            self.tiff = tifffile.TiffFile(self.file, name=name.rpartition("/")[2] or name, _multifile=False)
            found = find_page(self.tiff, choice, name)
            self.lay_out(found.page, found.z)
            self.notes = found.notes
            self.mask = None if found.mask is None else Mask(self, found.mask)
        except (InputError, MissingDependencyError):
            self.close()
            raise
        except Exception as error:
            self.close()
            raise InputError(f"{name}: damaged TIFF picture: {_said(error)}") from error

    def lay_out(self, page, z: int) -> None:
        """Take a page, and of its planes in depth the one that is asked for."""
        self.page, self.z = page, z
        planes, depth, height, width, contiguous = page.shaped
        if 0 in page.shaped:
            raise InputError(f"{self.name}: an empty picture, {width} × {height} pixels")
        if page.dtype is None:
            raise InputError(f"{self.name}: samples of {page.bitspersample} bits are not read")
        self.dtype, self.shape = np.dtype(page.dtype), (height, width, planes * contiguous)
        self.planes, self.across = planes, -(-width // page.tilewidth) if page.is_tiled else 1
        self.align = int(page.tilelength if page.is_tiled else min(page.rowsperstrip, height))
        self.down = -(-height // self.align)
        self.thick = page.tiledepth if page.is_tiled else 1
        self.deep = -(-depth // self.thick)
        segment = self.thick * self.align * (page.tilewidth if page.is_tiled else width) * contiguous
        if segment * self.dtype.itemsize > MOST_SEGMENT:
            raise InputError(f"{self.name}: one tile or strip has {segment * self.dtype.itemsize / 1e9:.1f} GB")
        self.meaning = Meaning(self.dtype)
        self.fill = _nodata_of(page)
        self.identity = f"{identity_of(self.path) if self.path else ''} {page.index} {z}"
        self.kept: tuple[int, np.ndarray] = (-1, np.empty(0))

    def read_into(self, start: int, rows: np.ndarray) -> None:
        for band in range(start // self.align, -(-(start + len(rows)) // self.align)):
            first = band * self.align
            pixels = self.band(band)
            low, high = max(start, first), min(start + len(rows), first + len(pixels))
            rows[low - start : high - start] = pixels[low - first : high - first]

    def band(self, band: int) -> np.ndarray:
        """Return one row of tiles; the last one is kept, as neighbouring strips share it."""
        if self.kept[0] != band:
            height = min(self.align, self.shape[0] - band * self.align)
            pixels = np.empty((height, *self.shape[1:]), self.dtype)
            for plane in range(self.planes):
                first = ((plane * self.deep + self.z // self.thick) * self.down + band) * self.across
                samples = pixels if self.planes == 1 else pixels[..., plane : plane + 1]
                for index in range(first, first + self.across):
                    self.decode(index, samples)
            self.kept = band, pixels
        return self.kept[1]

    def decode(self, index: int, pixels: np.ndarray) -> None:
        """Decode one segment into its place in (rows, W, samples)."""
        page, handle = self.page, self.tiff.filehandle
        try:
            data = None
            if page.databytecounts[index] and page.dataoffsets[index]:
                handle.seek(page.dataoffsets[index])
                data = handle.read(page.databytecounts[index])
            segment, position, shape = page.decode(data, index, jpegtables=page.jpegtables)
        except Exception as error:  # decoders raise what they like on damaged data
            if LACKS_CODEC in str(error) or "imagecodecs" in str(error):
                raise MissingCodecError(self.name, page.compression.name) from error
            raise InputError(f"{self.name}: tile {index} is damaged: {_said(error)}") from error
        column = position[-2]
        width = min(shape[-2], pixels.shape[1] - column)
        place = pixels[:, column : column + width]
        if segment is None:
            place[...] = self.filling()
        else:
            place[...] = segment[self.z % self.thick, : len(pixels), :width].reshape(place.shape)

    def filling(self):
        """Return what stands where the file leaves a segment out."""
        if self.fill is None:
            return self.dtype.type(0)
        if self.dtype.kind == "f":
            return self.dtype.type(self.fill)
        return self.dtype.type(int(self.fill) if holds(self.dtype, self.fill) else 0)

    def flat(self, shape: tuple[int, ...], meaning: Meaning) -> RowSource:
        """Return the rows as a source of this shape; straight from the file where they lie there as they are."""
        page = self.page
        plain = page.is_contiguous and page.compression == 1 and not page.is_tiled and page.fillorder == 1
        plain = plain and self.planes == 1 and page.shaped[1] == 1 and page.predictor == 1
        if plain and self.path and 0 not in (*page.databytecounts, *page.dataoffsets):
            stored, start = self.dtype.newbyteorder(self.tiff.byteorder), page.dataoffsets[0]
            rows = FileSource(self.path, shape, stored, start, meaning)
            rows.identity = self.identity
            self.close()
            return rows
        return Corrected(self, lambda rows, _: rows.reshape(len(rows), *shape[1:]), shape, self.dtype, meaning)

    def close(self) -> None:
        if hasattr(self, "tiff"):
            self.tiff.close()
        self.file.close()


class Mask(Segments):
    """The rows of a page that says where another has data; the file is the other's."""

    def __init__(self, owner: Segments, page):
        self.name, self.path, self.file, self.tiff = owner.name, owner.path, owner.file, owner.tiff
        self.lay_out(page, 0)

    def close(self) -> None:
        """The file is its owner's."""


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def import_tifffile():
    try:
        import tifffile
    except ImportError as error:
        raise MissingDependencyError("tifffile", "large", "this TIFF") from error
    logger = logging.getLogger("tifffile")  # whose remarks on damaged tags would be lines of their own
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return tifffile
