"""How do lines become files? 255 on them, 0 elsewhere; where a window touches a place without data, there are none.

Of an image larger than memory strips become rows of bits, these the rows of the file.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from convolab.filters import borders
from convolab.filters.canny import chains_of
from convolab.filters.finishing import NODATA
from convolab.filters.kernels import make_filter
from convolab.filters.planes import as_plane
from convolab.filters.smoothing import BEYOND, Smoothed
from convolab.filters.thresholds import WantedThresholds
from convolab.filters.validity import touched
from convolab.pictures.carried import moved
from convolab.pictures.meaning import Meaning, Tag
from convolab.pictures.sources import RowSource
from convolab.pictures.targets import PngTarget, TiffTarget, target_type

WRITTEN_BYTES = 16 << 20  # of the lines that are written together
UNKNOWN = 128  # stands where no data are, in files that are not transparent


class LineDrawing:
    """How the lines of a picture become the rows of a file.

    Parameters
    ----------
    path : Path
        Of the file: in a PNG places without data are transparent, elsewhere they are UNKNOWN.
    meaning : Meaning
        Of the picture: whether places in it have no data, and which tags a TIFF keeps.
    sigma : float or (float, float)
        Of the Gaussian that smoothed first.
    """

    def __init__(self, path: Path, meaning: Meaning, sigma):
        self.path, self.meaning = path, meaning
        smoothing = make_filter("gaussian", sigma=sigma).shape if np.any(sigma) else (1, 1)
        self.window = smoothing[0] + 2 * BEYOND, smoothing[1] + 2 * BEYOND
        self.transparent = meaning.has_nodata and target_type(path) is PngTarget

    def shape(self, height: int, width: int) -> tuple[int, ...]:
        return (height, width, 2) if self.transparent else (height, width)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags of a TIFF: those of the picture, with the number that stands where no data are."""
        if target_type(self.path) is not TiffTarget:
            return ()
        kept = tuple(tag for tag in moved(self.meaning.carried, 0, 0) if tag[0] != NODATA)
        return (*kept, (NODATA, 2, str(UNKNOWN))) if self.meaning.has_nodata else kept

    @property
    def told(self) -> list[str]:
        """What people should know of numbers that are no lines."""
        filled = self.meaning.has_nodata and not self.transparent
        return [f"{self.path}: {UNKNOWN} stands where no data are"] if filled else []

    def rows(self, lines: np.ndarray, start: int, height: int, read: Callable[[int, int], np.ndarray]) -> np.ndarray:
        """Return the rows of a file from `lines`, 1 on them, whose first is row `start` of `height`.

        `read` gives the pixels of rows low … high - 1, of which NaN have no data.
        """
        drawn = np.multiply(lines, np.uint8(255), out=lines)
        if not self.meaning.has_nodata:
            return drawn
        missing = self._missing(start, start + len(lines), height, read)
        drawn[missing] = 0 if self.transparent else UNKNOWN
        return np.dstack([drawn, np.where(missing, np.uint8(0), np.uint8(255))]) if self.transparent else drawn

    def _missing(self, start: int, stop: int, height: int, read: Callable[[int, int], np.ndarray]) -> np.ndarray:
        """Return on which of the rows start … stop - 1 a window touches a place without data."""
        above, below = borders.reach(self.window[0])
        low, high = max(0, start - above), min(stop + below, height)
        missing = np.isnan(read(low, high))
        missing = missing if missing.ndim == 2 else missing.any(-1)
        missing = np.pad(missing, ((low - start + above, stop + below - high), (0, 0)), mode="edge")
        return touched(missing, self.window, "replicate", rows=True)


def write_canny(
    source: RowSource, path: Path, wanted: WantedThresholds, *, sigma: float | tuple[float, float], engine: str,
    compress: int | None, report: Callable[[int], None],
) -> LineDrawing:  # fmt: skip
    """Write the lines of a source to a file, those that `canny` marks, and return how they were drawn.

    The source is read once, and once or a few times more where thresholds come from the image; once more, too, where
    places have no data.
    """
    pixels, drawing = _SourcePixels(source), LineDrawing(path, source.meaning, sigma)
    plane = Smoothed(pixels.pixels, source.shape, source.dtype, sigma=sigma, engine=engine, align=source.align)
    chains = chains_of(plane, wanted, engine, report)
    shape = drawing.shape(plane.height, plane.width)
    target = target_type(path)(path, shape, np.uint8, compress=compress, tags=drawing.tags)
    try:
        rows = max(1, WRITTEN_BYTES // plane.width)
        for start in range(0, plane.height, rows):
            lines = chains.lines(start, min(start + rows, plane.height))
            target.write(start, drawing.rows(lines, start, plane.height, pixels.pixels))
        target.finish()
    except BaseException:
        target.abandon()
        raise
    return drawing


class _SourcePixels:
    """The pixels of any rows; what two strips share is read once."""

    def __init__(self, source: RowSource):
        self.source, self.first = source, 0
        self.kept = np.empty((0, *source.shape[1:]), source.dtype)

    def pixels(self, low: int, high: int) -> np.ndarray:
        rows = np.empty((high - low, *self.source.shape[1:]), self.source.dtype)
        end = self.first + len(self.kept)
        known = max(low, self.first), min(high, end)
        if known[0] >= known[1]:
            known = low, low
        else:
            rows[known[0] - low : known[1] - low] = self.kept[known[0] - self.first : known[1] - self.first]
        for start, stop in ((low, known[0]), (known[1], high)):
            if start < stop:
                self.source.read_into(start, rows[start - low : stop - low])
        if low < self.first or high > end:
            self.first, self.kept = low, rows
        return as_plane(rows).pixels
