"""How are the lines of an image larger than memory drawn? Its strips become rows of bits, these the rows of a file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from convolab.filters.canny import chains_of
from convolab.filters.planes import as_plane
from convolab.filters.smoothing import Smoothed
from convolab.filters.thresholds import WantedThresholds
from convolab.pictures.sources import RowSource
from convolab.pictures.targets import target_type

WRITTEN_BYTES = 16 << 20  # of the lines that are written together


def write_canny(
    source: RowSource, path: Path, wanted: WantedThresholds, *, sigma: float | tuple[float, float], engine: str,
    compress: int | None, report: Callable[[int], None],
) -> None:  # fmt: skip
    """Write the lines of a source to a file, 255 on them and 0 elsewhere: the pixels that `canny` marks.

    The source is read once, and once or a few times more where thresholds come from the image.
    """
    plane = Smoothed(
        _SourcePixels(source).pixels, source.shape, source.dtype, sigma=sigma, engine=engine, align=source.align
    )  # fmt: skip
    chains = chains_of(plane, wanted, engine, report)
    target = target_type(path)(path, (plane.height, plane.width), np.uint8, compress=compress)
    try:
        rows = max(1, WRITTEN_BYTES // plane.width)
        for start in range(0, plane.height, rows):
            lines = chains.lines(start, min(start + rows, plane.height))
            target.write(start, np.multiply(lines, np.uint8(255), out=lines))
        target.finish()
    except BaseException:
        target.abandon()
        raise


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
