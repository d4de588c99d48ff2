"""The relation fitted to a function: found in a few geometries, and proved on other numbers and shapes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from convolab.fitting.laws import Law, products
from convolab.fitting.leading import PLAIN, SCALES, Factor, Leading, leading_sizes, places, shapes, simplest_leading
from convolab.fitting.parts import ROLES, TakenApart, taken_apart, together
from convolab.fitting.readings import Ask, Readings, TooMuch, Unreadable, is_single, read
from convolab.fitting.rules import SIZES, asked
from convolab.fitting.search import Effort, Table, simplest_law
from convolab.fitting.views import RUNNING, View, differences, running_sum, views
from convolab.geometry import Geometry

# For each geometry the function of its (first factor, second factor).
AskIn = Callable[[Geometry], Ask]


OWN_IF_EXCHANGED = tuple(f"the size for the {array} of the other axis" for array in ("kernel", "input", "output"))


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
    view : View or None
        An array whose numbers are taken in another order.
    leading : Leading
        How images, filters and channels go together.
    scale : Factor
    fill : float
        The number that stands beyond the border.
    running : tuple of int
        Over which of its axes the result is a running sum.
    apart : bool
        Whether a sum over the batch is kept apart, as an axis of the result in front of all others.
    line : bool
        Whether it was read for images of one row only, by kernels of one row.
    border : str
        What was asked to stand beyond the border.
    silent : tuple of Geometry
        Those in which the function gives no answer.
    """

    operation: str
    rows: Law
    columns: Law
    exchanged: frozenset[str] = frozenset()
    view: View | None = None
    leading: Leading = PLAIN
    scale: Factor = SCALES[0]
    fill: float = 0.0
    running: tuple[int, ...] = ()
    apart: bool = False
    line: bool = False
    border: str = "zeros"
    silent: tuple[Geometry, ...] = ()

    @property
    def cost(self) -> int:
        laws = self.rows.cost + (self.columns.cost if self.columns != self.rows else 0)
        orders = 2 * len(self.exchanged) + 3 * (self.view is not None) + 3 * bool(self.running) + 2 * self.apart
        return laws + orders + self.leading.cost + self.scale.cost + 2 * bool(self.fill)

    @property
    def is_what_was_asked(self) -> bool:
        return self.cost == 0 and self.rows.size == self.columns.size == SIZES[0]

    def has_the_size_asked(self, law: Law) -> bool:
        """Return whether the result is as large as asked: with exchanged factors the other axis's sizes are the own."""
        return law.size is SIZES[0] or bool(self.exchanged & {"second", "first"} and law.size.name in OWN_IF_EXCHANGED)

    def compute(self, geometry: Geometry, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the result that the function gives, by the fit.

        Parameters
        ----------
        geometry : Geometry
        first, second : array
            The factors: (input, weight), (grad_output, weight) or (input, grad_output).
        """
        if self.apart:
            each = [np.arange(len(first)).reshape(-1, 1, 1, 1) == n for n in range(len(first))]
            whole = replace(self, apart=False)
            return np.stack([whole.compute(geometry, np.where(only, first, 0), second) for only in each])
        first, second = self._seen("first", first), self._seen("second", second)
        axes, sizes = [], []
        for n, law in enumerate((self.rows, self.columns)):
            a = asked(geometry, self.operation, n, self.exchanged)
            sizes.append(law.size_of(a))
            axes.append(products(law, a, (sizes[n], second.shape[2 + n], first.shape[2 + n])))
        result = np.zeros((*leading_sizes(self.leading, geometry, self.operation), *sizes))
        met = np.array(sorted(places(self.leading, geometry, self.operation, result.shape)), int).reshape(-1, 3, 2)
        r, s, f = ((met[:, n, 0], met[:, n, 1]) for n in range(3))
        planes = _planes(axes[0], axes[1], first[f].astype(float), second[s].astype(float), self.fill)
        np.add.at(result, r, self.scale.value(geometry) * planes)
        result = result.swapaxes(2, 3) if "result" in self.exchanged else result
        if self.view is not None and self.view.which == "result":
            result = self.view(result)
        return running_sum(result, self.running) if self.running else result

    def _seen(self, which: str, array: np.ndarray) -> np.ndarray:
        if self.view is not None and self.view.which == which:
            array = self.view(array)
        return array.swapaxes(2, 3) if which in self.exchanged else array


Side = tuple[np.ndarray, np.ndarray]


def _planes(y: Side, x: Side, first: np.ndarray, second: np.ndarray, fill: float) -> np.ndarray:
    """Return Σ first · second of each pair of planes, over the products y along rows and x along columns."""
    down = np.tensordot(first, y[0].astype(float), (1, 2))  # (pair, column, result, second)
    weighted = np.matmul(down, second[:, None])  # (pair, column, result, second's column)
    planes: np.ndarray = np.tensordot(weighted, x[0].astype(float), ((1, 3), (2, 1)))
    if fill:  # it stands wherever one of the two is beyond the border
        rows, columns = (np.asarray(side[0].any(2)) for side in (y, x))
        for sign, i, j in ((1, rows | y[1], columns | x[1]), (-1, rows, columns)):
            planes += sign * fill * np.einsum("ys,xt,nst->nyx", i * 1.0, j * 1.0, second)
    return planes


def fitted(
    ask_in: AskIn,
    operation: str,
    geometries: Sequence[Geometry],
    fresh: Sequence[Geometry],
    memory: Mapping[str, tuple[int, ...]] | None = None,
) -> Fit | None:
    """Return the simplest fit of a function that gives its very values, or None.

    Parameters
    ----------
    ask_in : callable
        For a geometry the function as (first, second) → result (…, …, H, W), or None where it raises.
    operation : {"forward", "input_gradient", "weight_gradient"}
    geometries : sequence of Geometry
        Those whose every product is read: small ones, of which no two sizes agree.
    fresh : sequence of Geometry
        Others, in which the fit must give the function's values too. Where it gives no answer, here or there, the fit
        says nothing; at least two geometries must tell something, and a fresh one must agree.
    memory : dict, optional
        The order in which the axes of `result`, `second` and `first` lie in the arrays that the function itself gets
        and gives: somebody else's layout.
    """
    running = _running(ask_in, operation, geometries)
    try:
        seen = {g: _products(_undone(ask_in(g), running), g, operation) for g in geometries}
        # Where the only channel is left out, nothing remains to be read; the fit must hold there all the same.
        telling = {g: readings for g, readings in seen.items() if readings is not None and len(readings.products)}
        everywhere = [*geometries, *fresh]
        return _found(telling, running, ask_in, operation, everywhere, memory or {}) if len(telling) > 1 else None
    except TooMuch:
        return None


def _running(ask_in: AskIn, operation: str, geometries: Sequence[Geometry]) -> tuple[int, ...]:
    """Return over which axes of the result the sum runs on: the first that leave single products, or none."""
    for g in geometries:
        _, second, first = shapes(g, operation)
        for running in ((), *RUNNING):
            single = is_single(_undone(ask_in(g), running), first, second)
            if single or (single is None and not running):
                break
        if single:
            return running
    return ()


def _found(
    telling: dict[Geometry, Readings],
    running: tuple[int, ...],
    ask_in: AskIn,
    operation: str,
    everywhere: Sequence[Geometry],
    memory: Mapping[str, tuple[int, ...]],
) -> Fit | None:
    """Return the simplest fit that holds everywhere; where the first does not, one more geometry is read."""
    line = all(max(g.input[0], g.kernel[0]) == 1 for g in everywhere)
    border = next((g.padding_mode for g in everywhere if g.padding_mode != "zeros"), "zeros")
    for _ in range(4):
        found = _simplest(telling, operation, memory)
        if found is None:
            return None
        found = replace(found, running=running, line=line, border=border)
        held = {g: _holds(found, ask_in(g), g) for g in everywhere}
        if False not in held.values() and any(held[g] for g in everywhere if g not in telling):
            return replace(found, silent=tuple(g for g, holds in held.items() if holds is None))
        wrong = next((g for g in everywhere if held[g] is False and g not in telling), None)
        readings = _products(_undone(ask_in(wrong), running), wrong, operation) if wrong is not None else None
        if wrong is None or readings is None or not len(readings.products):
            return None
        telling = telling | {wrong: readings}
    return None


def _undone(ask: Ask, running: tuple[int, ...]) -> Ask:
    """Return the function with its running sum undone."""
    if not running:
        return ask

    def undone(first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
        answer = ask(first, second)
        if answer is None or np.ndim(answer) != 4 or not np.size(answer):
            return None
        return differences(np.asarray(answer, float), running)

    return undone


def _products(ask: Ask, g: Geometry, operation: str) -> Readings | None:
    """Return the products of a function in a geometry; None where it gives no answer that can be read."""
    _, second, first = shapes(g, operation)
    try:
        return read(ask, first, second, apart=0 if operation == "forward" else 1)
    except TooMuch:
        raise
    except Unreadable:
        return None


def _simplest(telling: dict[Geometry, Readings], operation: str, memory: Mapping[str, tuple[int, ...]]) -> Fit | None:
    """Return the cheapest fit of all products, with the plain order of the axes before any other."""
    (seen, apart), effort = together(telling), Effort()
    if any(len(r.result) != 4 for r in seen.values()):
        return None
    for orders in (_exchanges(), _views(seen, memory)):
        fits = [fit for fit in (_fit_with(seen, operation, effort, *order) for order in orders) if fit is not None]
        if fits:
            return replace(min(fits, key=lambda fit: fit.cost), apart=apart)
    return None


Order = tuple[frozenset[str], View | None]


def _exchanges() -> Iterator[Order]:
    yield from ((frozenset(names), None) for names in ((), ("second",), ("result",), ("first",)))


def _views(seen: dict[Geometry, Readings], memory: Mapping[str, tuple[int, ...]]) -> Iterator[Order]:
    all_shapes = {name: [getattr(r, name) for r in seen.values()] for name in ROLES}
    yield from ((frozenset(), view) for view in views(all_shapes, memory))


def _fit_with(
    seen: dict[Geometry, Readings], operation: str, effort: Effort, exchanged: frozenset[str], view: View | None
) -> Fit | None:
    """Return the simplest fit with this order of the axes, as far as the products alone can tell."""
    parts = {}
    for g, readings in seen.items():
        taken = taken_apart(readings, exchanged, view)
        if taken is None:
            return None
        parts[g] = taken
    leading = simplest_leading([(g, p.leading, p.sizes) for g, p in parts.items()], operation)
    scale = next((s for s in SCALES if all(np.isclose(s.value(g), p.coefficient) for g, p in parts.items())), None)
    laws = _laws(parts, operation, exchanged, effort) if leading is not None and scale is not None else None
    if leading is None or scale is None or laws is None:
        return None
    fill = next((p.fill for p in parts.values() if p.fill), 0.0)
    return Fit(operation, *laws, exchanged, view, leading, scale, fill)


def _laws(
    parts: dict[Geometry, TakenApart], operation: str, exchanged: frozenset[str], effort: Effort
) -> tuple[Law, Law] | None:
    """Return the laws of rows and columns: one for both, if that is no dearer than two."""
    sides = [
        [Table(asked(g, operation, n, exchanged), (p.rows, p.columns)[n]) for g, p in parts.items()] for n in (0, 1)
    ]
    both = simplest_law([*sides[0], *sides[1]], effort)
    if both is not None and not (both.cost and any(simplest_law(side, effort, 0) for side in sides)):
        return both, both
    rows = simplest_law(sides[0], effort)
    columns = simplest_law(sides[1], effort) if rows is not None else None
    return None if rows is None or columns is None else (rows, columns)


def _holds(fit: Fit, ask: Ask, g: Geometry) -> bool | None:
    """Return whether the fit gives the function's values for other numbers; None where it gives no answer."""
    rng = np.random.default_rng(7)
    _, second, first = (rng.integers(-40, 41, shape) / 8 for shape in shapes(g, fit.operation))
    got = ask(first, second)
    if got is None or not np.size(got) or not np.isfinite(got).all():
        return None
    made = fit.compute(g, first, second)
    return np.shape(got) == made.shape and bool(np.allclose(got, made, rtol=1e-5, atol=1e-4))
