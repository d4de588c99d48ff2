"""The two filters of a Sobel function, read from single pixels and pairs of pixels.

The square of the magnitude is a quadratic form of the image. One bright pixel gives the length of the pair of weights
that it meets; two give their inner product. That leaves the pair of filters up to a turn of (G_x, G_y), which no
magnitude can show; of all turns the one is taken in which most weights are the sheet's.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from convolab.verify.sobel.explain import SobelExplanation, plane_of, scaled_as, shapes_of
from convolab.verify.sobel.filters import FILTERS, weight_mistake
from convolab.verify.sobel.mistake import SobelMistake
from convolab.verify.sobel.program import GX, GY
from convolab.verify.sobel.values import COMBINING

SITE = 6  # pixels from one probe to the next
BRIGHT = 16.0  # of the pixel that everything is compared with
WHOLE = 0.02  # so far from a number of the grid a weight is taken for it
GRID = 4  # weights are multiples of a quarter
NEEDED = 3  # weights that must be the sheet's
MOST_LISTED = 4  # wrong weights that are told one by one
# How the two pictures are put together, and of which degree that is in the image.
DEGREES = (("root of squares", 1.0), ("squares", 2.0), ("fourth root", 0.5))


def read_filters(
    call: Callable[[np.ndarray], np.ndarray | None], images: list[np.ndarray], pictures: list[np.ndarray]
) -> SobelExplanation | None:
    """Return an explanation with several wrong weights, if the filters that are read give the very pictures."""
    windows: dict[Any, Any] = {}
    with np.errstate(all="ignore"):
        shapes = [s for s in shapes_of(images[0], pictures[0]) if len(s) < 2]
        for combining, degree in DEGREES:
            gram = _gram(call, degree, shapes)
            if gram is None:
                continue
            beside = tuple(m for m in COMBINING if m.choices == {"combine": combining})
            for first, second in _pairs_of_filters(gram):
                for shape in shapes:
                    found = scaled_as((_weights(first, second), *beside, *shape), images, pictures, windows)
                    if found is not None:
                        return found
    return None


def _weights(first: np.ndarray, second: np.ndarray) -> SobelMistake:
    wrong = [(n, k) for n, f, own in ((0, first, GX), (1, second, GY)) for k in np.flatnonzero(f != own.reshape(-1))]
    if len(wrong) == 1:
        (which, place), *_ = wrong
        return weight_mistake(which, int(place), float((first, second)[which][place]))
    pair = {"first": tuple(first.tolist()), "second": tuple(second.tolist())}
    known = next((m for m in FILTERS if m.choices == pair), None)
    if known is not None:
        return known
    who = list(dict.fromkeys(("G_x", "G_y")[n] for n, _ in wrong))
    told = f"Read from what single pixels give, the filters are {_rows('G_x', first)} and {_rows('G_y', second)}."
    if len(wrong) <= MOST_LISTED:
        told = f"{'; '.join(_place(n, int(k), (first, second)[n][k]) for n, k in wrong)}. {told}"
    message = f"Weights of {' and '.join(who)} are wrong. {told[:1].upper()}{told[1:]}"
    return SobelMistake("filter-weights", f"Wrong weights in {' and '.join(who)}", message, pair)


def _place(which: int, place: int, value: float) -> str:
    own = (GX, GY)[which].reshape(-1)[place]
    where = f"row {place // 3 + 1}, column {place % 3 + 1} of {('G_x', 'G_y')[which]}"
    return f"in {where} stands {value + 0.0:g} where the sheet has {own:g}"


def _rows(name: str, f: np.ndarray) -> str:
    return f"{name} = [{', '.join('[' + ', '.join(f'{v + 0.0:g}' for v in row) + ']' for row in f.reshape(3, 3))}]"


def _gram(
    call: Callable[[np.ndarray], np.ndarray | None], degree: float, shapes: list[tuple[SobelMistake, ...]]
) -> np.ndarray | None:
    """Return the inner products of the pairs of weights of every two places, in an unknown unit."""
    places = [(a, b) for a in range(9) for b in range(a, 9)]
    image = np.zeros((SITE * (len(places) // 9 + 2), SITE * 9))
    for n, (a, b) in enumerate(places):
        row, column = SITE * (n // 9), SITE * (n % 9)
        for place in {a, b}:
            image[row + 2 + place // 3, column + 2 + place % 3] = 1.0
    image[-4, 3] = BRIGHT
    picture = call(image)
    bare = any(SobelExplanation(s).program.layout == "plane" for s in shapes)
    layout = () if bare or not shapes else shapes[0]
    picture = plane_of(picture, layout) if picture is not None else None
    if picture is None or picture.ndim != 2 or not np.isfinite(picture).all():
        return None
    off = {(-2, -2): 0, (0, 0): 1}.get((picture.shape[0] - image.shape[0], picture.shape[1] - image.shape[1]))
    if off is None:
        return None
    power = 2.0 / degree
    lengths = np.zeros((9, 9))
    for n, (a, b) in enumerate(places):
        row, column = SITE * (n // 9), SITE * (n % 9)
        lengths[a, b] = lengths[b, a] = abs(picture[row + 2 + off, column + 2 + off]) ** power
    gram: np.ndarray = (lengths - np.diag(lengths)[:, None] - np.diag(lengths)[None]) / 2
    np.fill_diagonal(gram, np.diag(lengths))
    return gram


def _pairs_of_filters(gram: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return pairs of filters with those inner products, those first that have most weights of the sheet's."""
    values, vectors = np.linalg.eigh(gram)
    if values[-1] <= 0 or values[-3] > 1e-3 * values[-1]:
        return []  # more than two filters
    pair = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0))
    sheets = np.stack([GX.reshape(-1), GY.reshape(-1)], 1)
    found: list[tuple[int, Any]] = []
    for place in range(9):
        length, own = np.linalg.norm(pair[place]), np.linalg.norm(sheets[place])
        if length < 1e-9 or own == 0:
            continue
        for mirrored in (1.0, -1.0):
            turned = pair * [1.0, mirrored]
            angle = np.arctan2(*sheets[place][::-1]) - np.arctan2(*turned[place][::-1])
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            filters = turned @ turn * (own / length)
            rounded = np.round(filters * GRID) / GRID
            if np.abs(filters - rounded).max() < WHOLE:
                found.append((int((rounded == sheets).all(1).sum()), rounded))
    best = sorted((f for f in found if f[0] >= NEEDED), key=lambda f: -f[0])[:4]
    return [(f[:, 0], f[:, 1]) for _, f in best]
