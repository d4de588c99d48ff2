"""Which Sobel program is this? The one with the fewest choices other than the sheet's that gives the very pictures."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from convolab.verify.sobel.mistake import SobelMistake
from convolab.verify.sobel.mistakes import CATALOGUE, GROUPS, LAYOUT, SIZE
from convolab.verify.sobel.program import SobelProgram
from convolab.verify.sobel.values import HARMLESS, SCALING

RELATIVE, ABSOLUTE = 2e-5, 3e-6  # rounding in single precision, of sums of nine products and a root
Pictures = list[np.ndarray]


def same(got: np.ndarray, expected: np.ndarray) -> bool:
    """Return whether a picture is another but for rounding, at every pixel; what is no number must be none in both."""
    if got.shape != expected.shape:
        return False
    missing = np.isnan(expected)
    if (np.isnan(got) != missing).any():
        return False
    largest = np.max(np.abs(expected[~missing]), initial=0.0)
    with np.errstate(invalid="ignore"):
        off = np.abs(got - expected)
    return bool(np.all((off <= ABSOLUTE * max(largest, 1e-12) + RELATIVE * np.abs(expected)) | missing))


class SobelExplanation:
    """Mistakes that together give what a function gave."""

    def __init__(self, mistakes: tuple[SobelMistake, ...], factor: float = 1.0):
        self.mistakes = mistakes
        choices: dict[str, Any] = {}
        for mistake in mistakes:
            choices |= mistake.choices
        self.program = replace(SobelProgram(), **choices, factor=factor)


def explained(images: Pictures, pictures: Pictures) -> SobelExplanation | None:
    """Return the simplest explanation that gives every picture; None if there is none in the catalogue."""
    windows: dict[Any, Any] = {}
    with np.errstate(all="ignore"):
        shapes = list(shapes_of(images[0], pictures[0]))
        for mistakes in _candidates(shapes, most=2):
            one = SobelExplanation(mistakes)
            if fits(one.program, images, pictures, windows):
                return one
        undivided = next(m for m in CATALOGUE if m.code == "no-division")
        alone = [m for m in CATALOGUE if _together(m, undivided) and m not in SIZE and m not in LAYOUT]
        values: list[tuple[SobelMistake, ...]] = [(), *((m,) for m in alone)]
        return by_a_constant([(*v, *s) for v in values for s in shapes], images, pictures, windows)


def scaled_as(
    mistakes: tuple[SobelMistake, ...], images: Pictures, pictures: Pictures, windows: dict[Any, Any]
) -> SobelExplanation | None:
    """Return those mistakes with the scaling beside them with which they give every picture."""
    for scaling in ((), *((m,) for m in SCALING)):
        one = SobelExplanation((*mistakes, *scaling))
        if fits(one.program, images, pictures, windows):
            return one
    return by_a_constant([mistakes], images, pictures, windows)


def explained_at_length(images: Pictures, pictures: Pictures) -> SobelExplanation | None:
    """Return an explanation with three mistakes, or two beside a small number under the root; this takes seconds."""
    windows: dict[Any, Any] = {}
    with np.errstate(all="ignore"):
        shapes = list(shapes_of(images[0], pictures[0]))
        for mistakes in (*_with_a_small_number(shapes), *_candidates(shapes, most=3)):
            one = SobelExplanation(mistakes)
            if fits(one.program, images[:1], pictures[:1], windows) and fits(one.program, images, pictures, windows):
                return one
    return None


def _with_a_small_number(shapes: list[tuple[SobelMistake, ...]]) -> Iterator[tuple[SobelMistake, ...]]:
    """Yield one mistake, or two, beside a small number under the root, which is right."""
    values = [(m,) for m in CATALOGUE if "combine" not in m.choices and m not in SIZE and m not in LAYOUT]
    for shape in shapes:
        for value in ((), *values):
            for harmless in HARMLESS:
                yield harmless, *value, *shape


def fits(program: Callable[..., np.ndarray], images: Pictures, pictures: Pictures, windows: dict[Any, Any]) -> bool:
    return all(same(p, made(program, x, windows)) for x, p in zip(images, pictures, strict=True))


def made(program: Callable[..., np.ndarray], image: np.ndarray, windows: dict[Any, Any]) -> np.ndarray:
    try:
        return program(image, windows)
    except ValueError:  # choices that do not go together
        return np.zeros(0)


def shapes_of(image: np.ndarray, picture: np.ndarray) -> Iterator[tuple[SobelMistake, ...]]:
    """Yield the mistakes of size and layout, none, one or both, with which a picture has the shape that it has."""
    both = ((a, b) for a in SIZE for b in LAYOUT)
    for some in ((), *((m,) for m in SIZE), *((m,) for m in LAYOUT), *both):
        if made(SobelExplanation(some).program, image, {}).shape == picture.shape:
            yield some


# For each layout how the bare picture is found in it again.
PLANES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "plane": lambda p: p,
    "transposed": lambda p: p.T,
    "batch axis": lambda p: p[0],
    "batch and channel axes": lambda p: p[0, 0],
    "channel axis behind": lambda p: p[..., 0],
    "three channels behind": lambda p: p[..., 0],
    "three channels before": lambda p: p[0],
}


def plane_of(picture: np.ndarray, mistakes: tuple[SobelMistake, ...]) -> np.ndarray | None:
    """Return the bare picture in one that was handed back in the layout of some mistakes; None where it cannot be."""
    bare = PLANES.get(SobelExplanation(mistakes).program.layout)
    return bare(picture) if bare is not None else None


def _candidates(shapes: list[tuple[SobelMistake, ...]], most: int) -> Iterator[tuple[SobelMistake, ...]]:
    """Yield what may be wrong, the fewest mistakes first: of shape as they must be, and up to two of values."""
    values = [m for m in CATALOGUE if m not in SIZE and m not in LAYOUT]
    kinds: list[list[tuple[SobelMistake, ...]]] = [
        [(), *((m,) for m in HARMLESS)], [(m,) for m in values], list(_pairs(values, values)),
    ]  # fmt: skip
    for total in range(most + 1):
        for shape in (s for s in shapes if len(s) <= total):
            for value in kinds[total - len(shape)] if total - len(shape) < len(kinds) else ():
                yield (*value, *shape)


def _pairs(one: list[SobelMistake], other: list[SobelMistake]) -> Iterator[tuple[SobelMistake, SobelMistake]]:
    for n, a in enumerate(one):
        for b in other[n + 1 :]:
            if _together(a, b):
                yield a, b


def _together(a: SobelMistake, b: SobelMistake) -> bool:
    return not set(a.choices) & set(b.choices) and not any(a in group and b in group for group in GROUPS)


def by_a_constant(
    candidates: list[tuple[SobelMistake, ...]], images: Pictures, pictures: Pictures, windows: dict[Any, Any]
) -> SobelExplanation | None:
    """Return one of some explanations in which the picture is divided by a number of its own."""
    undivided = next(m for m in CATALOGUE if m.code == "no-division")
    for mistakes in candidates:
        plain = SobelExplanation((undivided, *mistakes))
        whole, got = made(plain.program, images[0], windows), pictures[0]
        if whole.shape != got.shape or not np.isfinite(got).all() or not np.isfinite(whole).all():
            continue
        if not whole.any() or not got.any():
            continue
        factor = float((got * whole).sum() / (whole * whole).sum())
        if factor and fits(replace(plain.program, factor=factor), images, pictures, windows):
            number = 1 / factor
            constant = SobelMistake(
                "divided-by-constant", f"Divided by {number:.4g}",
                f"The picture is divided by {number:.6g}, the same for every image; the sheet divides by its maximum.",
                {"scale": "none"},
            )  # fmt: skip
            return SobelExplanation((constant, *mistakes), factor)
    return None


def right_for(images: Pictures, pictures: Iterable[np.ndarray]) -> list[bool]:
    """Return for each image whether its picture is the sheet's."""
    return [same(p, SobelProgram()(x)) for x, p in zip(images, pictures, strict=True)]
