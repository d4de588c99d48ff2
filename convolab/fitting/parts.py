"""The products of a function taken apart: along rows, along columns, and over the leading places."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from convolab.fitting.readings import BEYOND, Readings
from convolab.fitting.views import View
from convolab.geometry import Geometry

ROLES = ("result", "second", "first")


@dataclass(frozen=True)
class TakenApart:
    """Products taken apart: along rows, along columns, over the leading places; one coefficient, one number beyond."""

    rows: np.ndarray
    columns: np.ndarray
    leading: frozenset[Any]
    sizes: tuple[int, ...]
    coefficient: float
    fill: float


def taken_apart(seen: Readings, exchanged: frozenset[str], view: View | None) -> TakenApart | None:
    """Return the products as rows × columns × leading places; None where they are no such product."""
    real = seen.products[:, 2] != BEYOND
    coefficients, outside = seen.coefficients[real], seen.coefficients[~real]
    if not len(coefficients) or not all(np.allclose(c, c[:1], rtol=1e-6) for c in (coefficients, outside)):
        return None
    index, sizes = [], []
    for n, name in enumerate(ROLES):
        shape, flat = getattr(seen, name), seen.products[real, n]
        order = [0, 1, 3, 2] if name in exchanged else [0, 1, 2, 3]
        if view is not None and view.which == name:
            places, shape = view.undone(shape)
            flat = places[flat]
        index.append(np.stack(np.unravel_index(flat, shape), 1)[:, order])
        sizes.append([shape[axis] for axis in order])
    sides = []
    for axis in (2, 3):
        sides.append(np.zeros([s[axis] for s in sizes], bool))
        sides[-1][tuple(i[:, axis] for i in index)] = True
    leading = np.unique(np.concatenate([i[:, :2] for i in index], 1), axis=0)
    if len(coefficients) != int(sides[0].sum()) * int(sides[1].sum()) * len(leading):
        return None
    met = frozenset(((a, b), (c, d), (e, f)) for a, b, c, d, e, f in leading.tolist())
    fill = float(outside[0] / coefficients[0]) if len(outside) else 0.0
    return TakenApart(sides[0], sides[1], met, tuple(sizes[0][:2]), float(coefficients[0]), fill)


def together(telling: dict[Geometry, Readings]) -> tuple[dict[Geometry, Readings], bool]:
    """Return the readings without an axis in front that only keeps the images of the first factor apart."""
    found = {}
    if all(g.batch == 1 for g in telling):
        return telling, False
    for g, r in telling.items():
        size = int(np.prod(r.result[1:]))
        image = r.products[:, 2] // max(1, int(np.prod(r.first[1:])))
        if len(r.result) != 5 or (r.products[:, 0] // max(1, size) != image).any():
            return telling, False
        flat = np.column_stack([r.products[:, 0] % size, r.products[:, 1:]])
        found[g] = replace(r, result=r.result[1:], products=flat)
    return found, True
