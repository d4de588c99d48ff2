"""Where are the pen's strokes in a picture, and are they darker or lighter than the ground?

A stroke is narrow: a closing by a window wider than any stroke paints it over with what lies around it, and what the
closing has changed is the ink (an opening does the same for chalk). Slopes of light and edges of shadows pass both
unchanged, so that no light has to be modelled. What remains is a choice among shapes: a border, a frame, the lines of
the paper and specks are told from the digit by where they lie and how they are built.
"""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from convolab.network.digits.clutter import border_share, clutter, longer_side
from convolab.network.digits.morphology import bounds, closing, components, dilate, distance_to, opening, smooth
from convolab.pictures.luma import LUMA

COARSE = 384  # longer side of the picture in which the digit is looked for, in pixels
FINE = 160  # longer side of the picture in which it is traced
WINDOW = 0.36  # side of the closing's window, as a fraction of the longer side: wider than any stroke
BROAD = 0.33  # strokes are narrower than this fraction of the digit's longer side
# Contrast, a fraction of white, below which nothing was written: what soft light leaves at the picture's border reaches
# 0.11, and the palest pencil of `scenes` has 0.14.
FAINT, FAINT_AT_BORDER = 0.025, 0.13
CUT = 0.45  # ink is what answers with at least this fraction of the strongest strokes


@dataclass(frozen=True)
class FoundDigit:
    """The strokes of a digit: their mask on a crop of the picture, and how it lies.

    `box` is (top, left, bottom, right) as fractions of the picture; `contrast` is the difference between ink and
    ground, a fraction of white.
    """

    mask: np.ndarray
    dark: bool
    box: tuple[float, float, float, float]
    contrast: float
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Candidate:
    """One reading of a picture: dark strokes or light ones."""

    mask: np.ndarray
    area: tuple[float, float, float, float]
    dark: bool
    contrast: float
    notes: tuple[str, ...] = ()

    @property
    def scale(self) -> float:
        """Pixels of the picture a pixel of the mask."""
        return (self.area[2] - self.area[0]) / len(self.mask)

    @property
    def box_in_picture(self) -> tuple[float, float, float, float]:
        top, left, _, _ = self.area
        t, l, b, r = bounds(self.mask)
        return top + t * self.scale, left + l * self.scale, top + b * self.scale, left + r * self.scale


def find(pixels: np.ndarray) -> FoundDigit | None:
    """Find the digit in a picture; None where nothing stands out.

    Parameters
    ----------
    pixels : (H, W) or (H, W, 3) float array
        Fractions.
    """
    plane, colour = as_plane(pixels)
    chosen = reading(plane)
    if chosen is None:
        return None
    box = np.array(chosen.box_in_picture) / np.tile(plane.shape, 2)
    return FoundDigit(chosen.mask, chosen.dark, tuple(box.tolist()), chosen.contrast, [*colour, *chosen.notes])


def reading(plane: np.ndarray) -> _Candidate | None:
    """The likelier of dark strokes and light ones; None where there is only light that falls unevenly."""
    chosen = choose([traced(plane, dark) for dark in (True, False)])
    if chosen is None or chosen.contrast < FAINT:
        return None
    top, left, bottom, right = np.array(chosen.box_in_picture) / np.tile(plane.shape, 2)
    at_border = min(top, left, 1 - bottom, 1 - right) < 0.01
    return None if at_border and chosen.contrast < FAINT_AT_BORDER else chosen


def strokes(plane: np.ndarray, dark: bool, *, area=None, longest: int | None = None) -> tuple[np.ndarray, float] | None:
    """All strokes of a part of the picture, or of all of it: a mask, and the pixels of the picture a pixel of it."""
    area = area or (0.0, 0.0, *map(float, plane.shape))
    longest = longest or int(np.clip(4 * max(plane.shape), 96, COARSE))
    found = candidate(plane, area, longest, dark, grouped=False)
    return None if found is None else (found.mask, found.scale)


def traced(plane: np.ndarray, dark: bool) -> _Candidate | None:
    """Trace dark strokes, or light ones: in the whole picture first, then up to twice more in their surroundings."""
    longest = int(np.clip(4 * max(plane.shape), 96, COARSE))
    best = candidate(plane, (0.0, 0.0, *map(float, plane.shape)), longest, dark)
    for _ in range(2):
        if best is None:
            return None
        box = np.array(best.box_in_picture)
        closer = candidate(plane, widened(box, plane.shape), FINE, dark, best.notes)
        best = closer or best
        if np.abs(box - best.box_in_picture).max() < 0.06 * longer_side(box):
            break
    return best


def as_plane(pixels: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Project the pixels onto the line between the colours of ink and ground: (H, W), and a note."""
    if pixels.ndim == 2:
        return pixels, []
    small = [_resampled(pixels[..., c], (0, 0, *map(float, pixels.shape[:2])), 192) for c in range(3)]
    window = int(WINDOW * max(small[0].shape))
    hats = [closing(s, window) + opening(s, window) - 2 * s for s in (smooth(s, 0.7) for s in small)]
    answers = np.stack([h - np.median(h) for h in hats], -1).reshape(-1, 3)
    strong = answers[(s := np.square(answers).sum(1)) >= 0.2 * np.partition(s, -12)[-12]]
    axis = np.linalg.svd(strong, full_matrices=False)[2][0]
    luma = np.array(LUMA)
    if np.square(strong @ (luma / np.linalg.norm(luma))).sum() > 0.6 * np.square(strong).sum():
        return pixels @ luma.astype(np.float32), []
    axis = axis * np.sign(axis[np.abs(axis).argmax()])
    plane = pixels @ axis.astype(np.float32)
    low = float(axis[axis < 0].sum())
    plane = (plane - low) / float(np.abs(axis).sum())
    mixture = " ".join(f"{a:+.2f}·{c}" for a, c in zip(axis, "RGB", strict=True))
    return plane, [f"told ink from paper by colour: {mixture}"]


def _resampled(plane: np.ndarray, area, longest: int) -> np.ndarray:
    """The part of a plane in `area` (top, left, bottom, right), its longer side that many pixels."""
    top, left, bottom, right = area
    scale = longest / max(bottom - top, right - left)
    size = max(8, round((right - left) * scale)), max(8, round((bottom - top) * scale))
    return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC, (left, top, right, bottom)))


def widened(box, shape, margin: float = 0.35):
    """A box with a margin of its longer side, cut off at the picture's border."""
    top, left, bottom, right = box
    more = max(1.0, margin * max(bottom - top, right - left))
    return max(0, top - more), max(0, left - more), min(shape[0], bottom + more), min(shape[1], right + more)


def answer(plane: np.ndarray, dark: bool) -> tuple[np.ndarray, np.ndarray]:
    """How much each pixel differs from the ground around it, and how much light falls there, both (H, W)."""
    window = max(5, int(WINDOW * max(plane.shape)))
    ground = closing(plane, window) if dark else opening(plane, window)
    return (ground - plane if dark else plane - ground), np.maximum(ground, 0) + 0.15


def candidate(
    plane: np.ndarray, area, longest: int, dark: bool, notes=(), *, grouped: bool = True
) -> _Candidate | None:
    """Trace dark or light strokes in a part of the picture, and remove all that is certainly no digit.

    `grouped` leaves only the parts of one digit.
    """
    part = smooth(_resampled(plane, area, longest), 0.8)
    difference, light = answer(part, dark)
    # Enlarging spreads a grain of noise over as many pixels.
    grain = np.clip(longest / max(area[2] - area[0], area[3] - area[1]), 1, 2)
    noise = 1.4826 * float(np.median(np.abs(part - smooth(part, 2.0 * grain))))
    left, notes = np.ones(part.shape, bool), list(notes)
    for _ in range(6):
        # Grains of noise lift the closing a little everywhere: what half of the paper shows is no ink.
        above = difference - np.percentile(difference[left], 40)
        level = _level((above / light)[left])
        mask = left & (above > CUT * level * light)
        if not mask.any() or np.median(above[mask]) < max(5 * noise, 0.01):
            return None
        refuse, note = clutter(mask, left & (above > 0.5 * CUT * level * light))
        if refuse is None:
            break
        notes += [note] if note not in notes else []
        left &= ~dilate(refuse, 2)
    mask = group(mask, above) if grouped else mask
    return _Candidate(mask, tuple(area), dark, float(np.median(above[mask])), tuple(notes))


def _level(values: np.ndarray) -> float:
    """How strongly the strongest strokes differ from the ground; a few bright grains do not count."""
    rank = min(len(values), max(12, len(values) // 4000))
    return float(np.partition(values, -rank)[-rank]) if rank else 0.0


def group(mask: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """The digit's parts: the strongest component, and those near it that are no specks."""
    labels, count = components(mask)
    mass = np.bincount(labels.ravel(), (strength * mask).ravel(), count + 1)
    mass[0] = 0
    chosen = {int(mass.argmax())}
    boxes = {int(k): bounds(labels == k) for k in np.argsort(mass)[::-1][:12] if mass[k] > 0.02 * mass.max()}
    grown = True
    while grown:
        grown = False
        whole = _union([boxes[k] for k in chosen])
        for k, box in boxes.items():
            if k not in chosen and _gap(whole, box) <= 0.2 * longer_side(whole):
                chosen.add(k)
                grown = True
    return np.isin(labels, list(chosen))


def _union(boxes):
    b = np.array(boxes)
    return (*b[:, :2].min(0).tolist(), *b[:, 2:].max(0).tolist())


def _gap(a, b) -> float:
    return float(np.hypot(max(0, b[0] - a[2], a[0] - b[2]), max(0, b[1] - a[3], a[1] - b[3])))


def _travel(mask: np.ndarray) -> tuple[float, float]:
    """The length of the strokes, and their width where they are widest, both in pixels."""
    top, left, bottom, right = bounds(mask)
    part = np.pad(mask[top:bottom, left:right], 1)
    width = 2 * float(distance_to(~part).max())
    return float(mask.sum()) / width, width


def choose(readings: list[_Candidate | None]) -> _Candidate | None:
    """Choose between dark strokes and light ones: the likelier has thinner and longer strokes, and more contrast.

    The ground between strokes looks like strokes of the other kind, but they are short and broad.
    """
    return max((r for r in readings if r is not None), key=_likelihood, default=None)


def _likelihood(reading: _Candidate) -> float:
    """A number that is larger for the more likely of two readings."""
    length, width = _travel(reading.mask)
    if width > BROAD * longer_side(bounds(reading.mask)):
        length /= 4
    return reading.contrast * length / width * np.sqrt(length * reading.scale) * (1 - border_share(reading.mask)) ** 2
