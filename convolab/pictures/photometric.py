"""What colour or grey is a stored sample? Rows of a TIFF as it stores them become rows of grey or of red, green, blue.

fewer than 8 bits      fill 0 … 255
white is zero          inverted, of 8 bits by 255 − v; floating ones stay as they are, and a note says so
palette                the colours of its table, of 8 bits
CMYK                   (1 − c)(1 − k) of each colour
YCbCr, L*a*b*          red, green and blue of 8 bits, as Pillow has them
transparency           laid on the background; premultiplied where the file says so
further samples        are left out, and a note says so
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageColor

from convolab.errors import InputError
from convolab.pictures.luma import LUMA

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, MASK, SEPARATED, YCBCR, CIELAB, ICCLAB = 0, 1, 2, 3, 4, 5, 6, 8, 9
MOSAIC, LINEAR = 32803, 34892
PREMULTIPLIED, TRANSPARENCY = 1, 2

Step = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Samples:
    """How a TIFF stores a pixel: `count` samples of `bits` in `dtype`, the last of them `extra` ones."""

    dtype: np.dtype
    bits: int
    count: int
    photometric: int
    extra: tuple[int, ...] = ()
    palette: np.ndarray | None = None

    @property
    def colours(self) -> int:
        return self.count - len(self.extra)


@dataclass(frozen=True)
class Reading:
    """How rows of samples, (…, count) always, become pixels of `dtype` with `channels` (0 for a plane)."""

    steps: tuple[Step, ...]
    dtype: np.dtype
    channels: int
    notes: tuple[str, ...] = ()

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        for step in self.steps:
            rows = step(rows)
        return rows if self.channels else rows[..., 0]


def reading_of(samples: Samples, name: str, band: int | None, background: str, *, each: bool = False) -> Reading:
    """Return how rows of these samples are read; `each` keeps the bands of a picture that has no colours."""
    if band is not None:
        return _of_band(samples, name, band)
    kind = samples.photometric
    if kind == PALETTE and samples.palette is not None:
        return Reading((_through(samples.palette),), np.dtype(np.uint8), 3)
    steps, dtype, notes = _plain(samples)
    if kind in (RGB, LINEAR) and samples.colours == 3:
        return _laid(samples, steps, dtype, notes, 3, background)
    if kind == YCBCR and samples.colours == 3:
        return _laid(samples, [*steps, _by_pillow("YCbCr", name, dtype)], np.dtype(np.uint8), notes, 3, background)
    if kind in (CIELAB, ICCLAB) and samples.colours == 3:
        steps += [_signed_colours] if kind == ICCLAB else []
        return _laid(samples, [*steps, _by_pillow("LAB", name, dtype)], np.dtype(np.uint8), notes, 3, background)
    if kind == SEPARATED and samples.colours == 4:
        return _laid(samples, [*steps, _from_inks], dtype, notes, 3, background)
    if kind in (WHITE_IS_ZERO, BLACK_IS_ZERO, MASK, MOSAIC, RGB, LINEAR, SEPARATED, PALETTE):
        if kind == MOSAIC:
            notes = (*notes, "took the mosaic of the sensor's colours as grey")
        grey_with_alpha = samples.count == 2 and samples.extra in ((PREMULTIPLIED,), (TRANSPARENCY,))
        if samples.count == 1 or grey_with_alpha:
            return _laid(samples, steps, dtype, notes, 1, background)
        return _bands(samples, steps, dtype, notes, each)
    raise InputError(f"{name}: photometric interpretation {kind} with {samples.count} samples is not read")


def _of_band(samples: Samples, name: str, band: int) -> Reading:
    if band >= samples.count:
        raise InputError(f"{name}: band {band} is asked for, and there are {samples.count} bands, counted from 0")
    steps, dtype, notes = _plain(samples) if samples.photometric != PALETTE else ([], samples.dtype, ())
    said = (f"took band {band} of {samples.count}",) if samples.count > 1 else ()
    return Reading((lambda rows: rows[..., band : band + 1], *steps), dtype, 0, (*notes, *said))


def _bands(samples: Samples, steps: list[Step], dtype: np.dtype, notes: tuple[str, ...], each: bool) -> Reading:
    """Return how bands are read that are no colours: all of them, or the first."""
    if each:
        return Reading(tuple(steps), dtype, samples.count, notes)
    said = f"took the first of {samples.count} bands"
    return Reading((lambda rows: rows[..., :1], *steps), dtype, 0, (*notes, said))


def _plain(samples: Samples) -> tuple[list[Step], np.dtype, tuple[str, ...]]:
    """Return the steps to samples of which more is brighter, and their type."""
    steps: list[Step] = []
    notes: tuple[str, ...] = ()
    dtype, top = samples.dtype, 2**samples.bits - 1
    if dtype.kind == "b" or samples.bits < 8:
        dtype, inverted = np.dtype(np.uint8), samples.photometric == WHITE_IS_ZERO
        table = np.array([round(v * 255 / top) for v in range(top + 1)], np.uint8)
        table = table[::-1].copy() if inverted else table
        return [lambda rows: table[rows.astype(np.uint8) & top]], dtype, notes
    if samples.photometric == WHITE_IS_ZERO:
        if dtype.kind == "f":
            notes = ("its white is zero, and floating samples were taken as they are",)
        elif dtype.kind == "i":
            steps.append(np.invert)
        else:
            steps.append(lambda rows: dtype.type(top) - rows)
    return steps, dtype, notes


def _through(palette: np.ndarray) -> Step:
    """Return the step from indices to the colours of a table (3, 2^bits), of 16 bits or, as some write it, of 8."""
    colours = np.ascontiguousarray(palette.T)
    table = (colours if colours.max(initial=0) < 256 else colours >> 8).astype(np.uint8)
    return lambda rows: table[np.minimum(rows[..., 0].astype(np.intp), len(table) - 1)]


def _by_pillow(mode: str, name: str, dtype: np.dtype) -> Step:
    """Return the step from colours of another space to red, green and blue."""
    if dtype != np.uint8:
        raise InputError(f"{name}: {mode} colours of type {dtype} are not read. Expected 8 bits")

    def converted(rows: np.ndarray) -> np.ndarray:
        colours = np.ascontiguousarray(rows[..., :3])
        image = Image.frombytes(mode, colours.shape[1::-1], colours.tobytes()).convert("RGB")
        return np.concatenate([np.asarray(image), rows[..., 3:]], -1)

    return converted


def _signed_colours(rows: np.ndarray) -> np.ndarray:
    """Return L*a*b* rows with a* and b* as signed bytes, as Pillow expects them, of such that count from −128."""
    return np.concatenate([rows[..., :1], rows[..., 1:3] ^ np.uint8(128), rows[..., 3:]], -1)


def _from_inks(rows: np.ndarray) -> np.ndarray:
    """Return red, green and blue of cyan, magenta, yellow and black, and whatever samples follow."""
    if rows.dtype == np.uint8:
        inks = np.ascontiguousarray(rows[..., :4])
        colours = np.asarray(Image.frombytes("CMYK", inks.shape[1::-1], inks.tobytes()).convert("RGB"))
    else:
        top = top_of(rows.dtype)
        light = 1 - rows[..., :4].astype(np.float64) / top
        colours = _stored(light[..., :3] * light[..., 3:] * top, rows.dtype)
    return np.concatenate([colours, rows[..., 4:]], -1)


def top_of(dtype: np.dtype) -> float:
    """Return the value of white, or of what is opaque."""
    return 1.0 if dtype.kind == "f" else float(np.iinfo(dtype).max)


def _stored(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    return values.astype(dtype) if dtype.kind == "f" else np.rint(values).astype(dtype)


def _laid(samples: Samples, steps: list[Step], dtype, notes, colours: int, background: str) -> Reading:
    """Return how a picture is read whose samples behind the colours may be transparency."""
    extra = samples.extra
    if extra and extra[0] in (PREMULTIPLIED, TRANSPARENCY):
        ground = np.array(ImageColor.getrgb(background)[:3])
        grey = colours == 1 and len(set(ground.tolist())) == 1
        given = 1 if grey else 3
        step = laid_on(ground[:given], extra[0] == PREMULTIPLIED)
        said = f"laid the transparent picture on {background}"
        return Reading((*steps, lambda rows: step(rows, colours)), dtype, 0 if grey else 3, (*notes, said))
    if extra:
        notes = (*notes, f"left out {len(extra)} further {'sample' if len(extra) == 1 else 'samples'} of each pixel")
    return Reading((*steps, lambda rows: rows[..., :colours]), dtype, 0 if colours == 1 else 3, notes)


def laid_on(ground: np.ndarray, premultiplied: bool = False) -> Callable[[np.ndarray, int], np.ndarray]:
    """Return what lays (…, colours + 1) on a ground of 8 bits: v · a + ground · (1 − a), rounded to the nearest."""

    def laid(rows: np.ndarray, colours: int) -> np.ndarray:
        top = top_of(rows.dtype)
        alpha = np.clip(rows[..., colours : colours + 1].astype(np.float64) / top, 0, 1)
        values = rows[..., :colours].astype(np.float64)
        behind = ground.astype(np.float64) / 255 * top
        found = (values if premultiplied else values * alpha) + behind * (1 - alpha)
        return _stored(np.clip(found, 0, top) if rows.dtype.kind != "f" else found, rows.dtype)

    return laid


def grey_of(colour: str) -> float:
    """Return how bright a colour is, a fraction of white."""
    return float(np.dot(ImageColor.getrgb(colour)[:3], LUMA)) / 255
