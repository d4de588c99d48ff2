"""The relation fitted to a function: found in a few geometries, and proved on other numbers and shapes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from convolab.fitting.channels import CHANNELS, SCALES, Channels, Factor, places, shapes
from convolab.fitting.laws import Law, Wanted, asked, products
from convolab.fitting.readings import BEYOND, Ask, Readings, Unreadable, read
from convolab.fitting.search import Table, simplest_law, simplest_size
from convolab.geometry import Geometry

# For each geometry the function of its (first factor, second factor).
AskIn = Callable[[Geometry], Ask]


@dataclass(frozen=True)
class Fit:
    """What a function computes, for every geometry.

    Attributes
    ----------
    operation : {"forward", "input_gradient", "weight_gradient"}
    rows, columns : Law
        Of the two axes.
    exchanged : frozenset of str
        Whose rows and columns are exchanged: `result`, `second`, `first`.
    channels : Channels
    scale : Factor
    fill : float
        The number that stands beyond the border.
    """

    operation: str
    rows: Law
    columns: Law
    exchanged: frozenset[str] = frozenset()
    channels: Channels = CHANNELS[0]
    scale: Factor = SCALES[0]
    fill: float = 0.0

    @property
    def cost(self) -> int:
        laws = self.rows.cost + (self.columns.cost if self.columns != self.rows else 0)
        return laws + 2 * len(self.exchanged) + self.channels.cost + self.scale.cost + 2 * bool(self.fill)

    @property
    def is_what_was_asked(self) -> bool:
        return self.cost == 0

    def compute(self, geometry: Geometry, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the result that the function gives, by the fit.

        Parameters
        ----------
        geometry : Geometry
        first, second : array
            The factors: (input, weight), (grad_output, weight) or (input, grad_output).
        """
        first, second = self._exchange("first", first), self._exchange("second", second)
        axes, sizes = [], []
        for n, law in enumerate((self.rows, self.columns)):
            a = _asked(geometry, self.operation, n, self.exchanged)
            sizes.append(law.size.value(a))
            axes.append(
                products(law, a, self.operation, (sizes[n], second.shape[2 + n], first.shape[2 + n])).astype(float)
            )
        result = np.zeros((*shapes(geometry, self.operation)[0][:2], *sizes))
        for r, s, f in places(self.channels, geometry, self.operation):
            plane = _plane(axes[0], axes[1], first[f].astype(float), second[s].astype(float), self.fill)
            result[r] += self.scale.value(geometry) * plane
        return self._exchange("result", result)

    def _exchange(self, which: str, array: np.ndarray) -> np.ndarray:
        return array.swapaxes(2, 3) if which in self.exchanged else array


def _plane(y: np.ndarray, x: np.ndarray, first: np.ndarray, second: np.ndarray, fill: float) -> np.ndarray:
    """Return Σ first · second over the products y along rows and x along columns; `fill` stands beyond the border."""
    plane: np.ndarray = np.einsum("ysi,xtj,ij,st->yx", y, x, first, second, optimize=True)
    if fill:
        read = np.einsum("ys,xt->yxst", y.any(2), x.any(2))
        plane += fill * np.einsum("yxst,st->yx", ~read, second)
    return plane


def _asked(geometry: Geometry, operation: str, axis: int, exchanged: frozenset[str]) -> Wanted:
    """Return what is asked along an axis of the fit, whose factors may have exchanged axes."""
    kernel = {"forward": "second", "input_gradient": "second", "weight_gradient": "result"}[operation]
    return asked(geometry, operation, axis, kernel_exchanged=kernel in exchanged)


def fitted(ask_in: AskIn, operation: str, geometries: Sequence[Geometry], fresh: Sequence[Geometry]) -> Fit | None:
    """Return the simplest fit of a function that gives its very values, or None.

    Parameters
    ----------
    ask_in : callable
        For a geometry the function as (first, second) → result (…, …, H, W), or None where it raises.
    operation : {"forward", "input_gradient", "weight_gradient"}
    geometries : sequence of Geometry
        Those whose every product is read: small ones, of which no two sizes agree.
    fresh : sequence of Geometry
        Others, in which the fit must give the function's values too.
    """
    try:
        seen = {g: _products(ask_in(g), g, operation) for g in geometries}
    except Unreadable:
        return None
    # Where the only channel is left out, nothing remains to be read; the fit must hold there all the same.
    telling = {g: readings for g, readings in seen.items() if len(readings.products)}
    if len(telling) < 2:
        return None
    found = [_fit_with(list(telling.values()), list(telling), operation, frozenset(e)) for e in EXCHANGES]
    best = min((fit for fit in found if fit is not None), key=lambda fit: fit.cost, default=None)
    if best is None or not all(_holds(best, ask_in(g), g) for g in (*geometries, *fresh)):
        return None
    return best


EXCHANGES = [(), ("second",), ("result",), ("first",), ("first", "second")]


def _products(ask: Ask, g: Geometry, operation: str) -> Readings:
    _, second, first = shapes(g, operation)
    seen = read(ask, first, second)
    if len(seen.result) != 4:
        raise Unreadable(f"its result has {len(seen.result)} axes")
    if seen.constants.any():
        raise Unreadable("its result for zeros is not zero")
    return seen


@dataclass(frozen=True)
class _Parts:
    """Products taken apart: along rows, along columns, over the leading places; one coefficient, one number beyond."""

    rows: np.ndarray
    columns: np.ndarray
    leading: frozenset[tuple[Any, ...]]
    coefficient: float
    fill: float


def _fit_with(
    seen: Sequence[Readings], geometries: Sequence[Geometry], operation: str, exchanged: frozenset[str]
) -> Fit | None:
    """Return the simplest fit with these axes exchanged, as far as the products alone can tell."""
    parts = [_taken_apart(readings, exchanged) for readings in seen]
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    sides = [
        [
            Table(_asked(g, operation, n, exchanged), operation, (p.rows, p.columns)[n])
            for g, p in zip(geometries, known, strict=True)
        ]
        for n in (0, 1)
    ]
    both = simplest_law([*sides[0], *sides[1]])  # one law for both axes before two laws
    laws, sizes = [both or simplest_law(side) for side in sides], [simplest_size(side) for side in sides]
    pairs = list(zip(geometries, known, strict=True))
    channels = next(
        (c for c in CHANNELS if all(frozenset(places(c, g, operation)) == p.leading for g, p in pairs)), None
    )
    scale = next((s for s in SCALES if all(np.isclose(s.value(g), p.coefficient, rtol=1e-5) for g, p in pairs)), None)
    rows, columns = laws
    if rows is None or columns is None or sizes[0] is None or sizes[1] is None or channels is None or scale is None:
        return None
    rows, columns = replace(rows, size=sizes[0]), replace(columns, size=sizes[1])
    fill = next((p.fill for p in known if p.fill), 0.0)
    return Fit(operation, rows, columns, exchanged, channels, scale, fill)


def _taken_apart(seen: Readings, exchanged: frozenset[str]) -> _Parts | None:
    """Return the products as rows × columns × leading places; None where they are no such product."""
    real = seen.products[:, 2] != BEYOND
    coefficients, outside = seen.coefficients[real], seen.coefficients[~real]
    if not len(coefficients) or not all(np.allclose(c, c[:1], rtol=1e-6) for c in (coefficients, outside)):
        return None
    index, size = [], []
    for n, (name, shape) in enumerate({"result": seen.result, "second": seen.second, "first": seen.first}.items()):
        order = [0, 1, 3, 2] if name in exchanged else [0, 1, 2, 3]
        index.append(np.stack(np.unravel_index(seen.products[real, n], shape), 1)[:, order])
        size.append([shape[axis] for axis in order])
    sides = []
    for axis in (2, 3):
        sides.append(np.zeros([s[axis] for s in size], bool))
        sides[-1][tuple(i[:, axis] for i in index)] = True
    leading = frozenset(tuple(map(tuple, row)) for row in np.stack([i[:, :2] for i in index], 1).tolist())
    if len(coefficients) != int(sides[0].sum()) * int(sides[1].sum()) * len(leading):
        return None
    fill = float(outside[0] / coefficients[0]) if len(outside) else 0.0
    return _Parts(sides[0], sides[1], leading, float(coefficients[0]), fill)


def _holds(fit: Fit, ask: Ask, g: Geometry) -> bool:
    """Return whether the fit gives the function's values for numbers that it was not found with."""
    rng = np.random.default_rng(7)
    _, second, first = (rng.integers(-40, 41, shape) / 8 for shape in shapes(g, fit.operation))
    got, made = ask(first, second), fit.compute(g, first, second)
    return got is not None and np.shape(got) == made.shape and bool(np.allclose(got, made, rtol=1e-5, atol=1e-4))
