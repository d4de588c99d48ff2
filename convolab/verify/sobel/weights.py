"""One wrong weight in a Sobel function, whatever else is wrong beside it: which place gives the very pictures?

Every combination of how the two pictures are put together and of the result's size is gone through, and for each weight
of the two filters a list of values at once. Pictures are compared by their shape, each divided by its largest value;
what it was really divided by is found afterwards.
"""

from collections.abc import Iterator

import numpy as np

from convolab.verify.sobel.explain import Pictures, SobelExplanation, plane_of, scaled_as, shapes_of
from convolab.verify.sobel.filters import weight_mistake
from convolab.verify.sobel.mistake import SobelMistake
from convolab.verify.sobel.program import COMBINE, GX, GY, IMAGES, SIZES, windows_of
from convolab.verify.sobel.values import COMBINING

VALUES = np.unique([*np.arange(-12, 13), *np.arange(-15, 16) / 4, 20, -20, 100, -100])
NEAR = 1e-4  # of the largest value
Beside = tuple[SobelMistake, ...]


def wrong_weight(images: Pictures, pictures: Pictures) -> SobelExplanation | None:
    """Return an explanation with one wrong weight, alone or with other mistakes; None if there is none."""
    with np.errstate(all="ignore"):
        for beside in _beside(images[0], pictures[0]):
            for which, place, value in _values_that_fit(beside, images[0], pictures[0]):
                found = scaled_as((weight_mistake(which, place, value), *beside), images, pictures, {})
                if found is not None:
                    return found
    return None


def _beside(image: np.ndarray, picture: np.ndarray) -> Iterator[Beside]:
    """Yield what else may be wrong: of the result's shape, and in how the two pictures are put together."""
    shapes = [s for s in shapes_of(image, picture) if len(s) < 2 and plane_of(picture, s) is not None]
    for combining in ((), *((m,) for m in COMBINING if m.choices["combine"] != "direction")):
        for shape in shapes:
            yield (*combining, *shape)


def _values_that_fit(beside: Beside, image: np.ndarray, picture: np.ndarray) -> Iterator[tuple[int, int, float]]:
    """Yield (filter, place, value) of the weights with which the picture has the right shape, but for its scale."""
    program = SobelExplanation(beside).program
    plane = plane_of(picture, beside)
    if plane is None or not np.isfinite(plane).all() or not plane.any() or program.size == "image's border":
        return
    pad, placed = SIZES[program.size]
    windows = windows_of(pad(IMAGES[program.image](image)))
    both = [placed(np.tensordot(np.asarray(f), windows, 1), image) for f in (program.first, program.second)]
    got = plane / np.abs(plane).max()
    for which, own in enumerate((GX, GY)):
        for place, right in enumerate(own.reshape(-1)):
            values = VALUES[np.not_equal(VALUES, right)]
            changed = both[which] + (values - right)[:, None, None] * placed(windows[place], image)
            m = COMBINE[program.combine](*((changed, both[1]) if which == 0 else (both[0], changed)))
            off = np.abs(m / np.abs(m).max((1, 2), keepdims=True) - got).max((1, 2))
            yield from ((which, place, float(value)) for value in values[off < NEAR])
