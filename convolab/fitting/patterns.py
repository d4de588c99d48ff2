"""Where is a result wrong, and by what? The fewest true statements about results that no fit explains."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np

from convolab.geometry import Geometry

# A geometry, the right result and what was got, as (N, C, H, W).
Triple = tuple[Geometry, np.ndarray, np.ndarray]
# (geometry, index along every axis, sizes) → a mask of the result.
Region = Callable[[Geometry, np.ndarray, tuple[int, ...]], np.ndarray]
NEAR = 1e-6


def _at(axis: int, end: int, lines: Callable[[Geometry], int] = lambda g: 1) -> Region:
    """Return the region of the first (0) or last (−1) lines along an axis."""

    def region(g: Geometry, at: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
        mask: np.ndarray = at[axis] < lines(g) if end == 0 else at[axis] >= sizes[axis] - lines(g)
        return mask

    return region


def _leaving(axis: int, end: int) -> Region:
    """Return the region of outputs whose window leaves the image at one end of an axis."""

    def region(g: Geometry, at: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
        a = g.axes[axis - 2]
        first = a.stride * at[axis] - a.before
        mask: np.ndarray = first < 0 if end == 0 else first + a.dilation * (a.kernel - 1) >= a.input
        return mask

    return region


def _many(axis: int) -> Callable[[Geometry], int]:
    return lambda g: g.kernel[axis - 2] - 1


REGIONS: dict[str, Region] = {
    **{f"where the window leaves the image at the {side}": _leaving(axis, end)
       for side, axis, end in (("top", 2, 0), ("bottom", 2, -1), ("left", 3, 0), ("right", 3, -1))},
    **{f"in the {which} {name}": _at(axis, end) for axis, name in enumerate(("image", "channel", "row", "column"))
       for which, end in (("first", 0), ("last", -1))},
    **{f"in the {which} kernel − 1 {name}s": _at(axis, end, _many(axis)) for axis, name in ((2, "row"), (3, "column"))
       for which, end in (("first", 0), ("last", -1))},
    "on the diagonal": lambda g, at, sizes: at[2] == at[3],
    "where rows and columns are multiples of the stride": lambda g, at, sizes: (
        (at[2] % g.axes[0].stride == 0) & (at[3] % g.axes[1].stride == 0)
    ),
}  # fmt: skip


def _neighbour(axis: int, by: int) -> Callable[[np.ndarray], np.ndarray]:
    """Return what stands beside each element; zero beyond the border."""

    def of(expected: np.ndarray) -> np.ndarray:
        moved = np.roll(expected, by, axis)
        index = [slice(None)] * expected.ndim
        index[axis] = slice(0, by) if by > 0 else slice(by, None)
        moved[tuple(index)] = 0.0
        return moved

    return of


NEIGHBOURS = {
    "left": _neighbour(3, 1),
    "right": _neighbour(3, -1),
    "upper": _neighbour(2, 1),
    "lower": _neighbour(2, -1),
}
# What a wrong value is: (expected) → got.
VALUES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "it is zero": np.zeros_like,
    "it has the other sign": lambda e: -e,
    "it is cut to an integer": np.trunc,
    "it is rounded": np.rint,
    "a negative value becomes zero": lambda e: np.maximum(e, 0.0),
    "it loses its sign": np.abs,
    "it is squared": lambda e: e**2,
    **{f"it is the value of its {side} neighbour": of for side, of in NEIGHBOURS.items()},
    **{f"it is too large by the value of its {side} neighbour": lambda e, of=of: e + of(e)  # type: ignore[misc]
       for side, of in NEIGHBOURS.items()},
}  # fmt: skip


def patterns(triples: Sequence[Triple]) -> list[str]:
    """Return true statements about wrong results: where they are right, and what stands elsewhere; or nothing.

    Parameters
    ----------
    triples : sequence of (Geometry, array, array)
        The right result and what was got, for random numbers.
    """
    wrong = [t for t in triples if np.shape(t[1]) == np.shape(t[2])]
    said = [] if len(wrong) == len(triples) else ["The result has another shape than asked."]
    masks = [~np.isclose(got, expected, rtol=NEAR, atol=NEAR) for _, expected, got in wrong]
    if not any(mask.any() for mask in masks):
        return said
    where = None if all(mask.all() for mask in masks) else next(_where(wrong, masks), None)
    what = next(_what(wrong, masks), None)
    said += [f"It is right {where}."] if where else []
    return said + ([f"Where it is wrong, {what}."] if what else [])


def _where(triples: Sequence[Triple], masks: Sequence[np.ndarray]) -> Iterator[str]:
    """Yield the statements that say exactly where results are right: one region, or two together."""
    regions = {
        name: [region(g, np.indices(got.shape), got.shape) for g, _, got in triples] for name, region in REGIONS.items()
    }
    for name, found in regions.items():
        if _same(found, masks):
            yield f"everywhere but {name}"
        if _same([~r for r in found], masks):
            yield f"{name} only"
    for (one, a), (other, b) in combinations(regions.items(), 2):
        if _same([x | y for x, y in zip(a, b, strict=True)], masks):
            yield f"everywhere but {one} and {other}"
        if _same([~(x & y) for x, y in zip(a, b, strict=True)], masks):
            yield f"{one}, {other} only"
    sides = [name for name in regions if name.startswith("where the window")]
    if _same([np.any(r, 0) for r in zip(*(regions[s] for s in sides), strict=True)], masks):
        yield "everywhere but where the window leaves the image"


def _same(found: Sequence[np.ndarray], masks: Sequence[np.ndarray]) -> bool:
    return all(np.array_equal(f, m) for f, m in zip(found, masks, strict=True))


def _what(triples: Sequence[Triple], masks: Sequence[np.ndarray]) -> Iterator[str]:
    """Yield the statements that say what every wrong value is."""
    wrong = list(zip(triples, masks, strict=True))
    for name, of in VALUES.items():
        if all(np.allclose(got[m], of(expected)[m], rtol=NEAR, atol=NEAR) for (_, expected, got), m in wrong):
            yield name
    more = np.concatenate([got[m] - expected[m] for (_, expected, got), m in wrong])
    times = np.concatenate(
        [got[m] / np.where(expected[m] == 0, np.nan, expected[m]) for (_, expected, got), m in wrong]
    )
    if np.allclose(more, more[0], rtol=NEAR, atol=NEAR):
        yield f"it is too {'large' if more[0] > 0 else 'small'} by {abs(more[0]):.6g}"
    if np.allclose(times, times[0], rtol=NEAR):
        yield f"it is {times[0]:.6g} times the right value"
