"""Which pixel does each single weight meet? For products that no law gives, as those of a sum that is written out."""

from collections.abc import Callable, Sequence

import numpy as np

from convolab.fitting.leading import shapes
from convolab.fitting.readings import Ask, Readings, Unreadable, read
from convolab.geometry import Geometry

MOST = 3  # weights that differ: beyond, every weight does, and the list says nothing
# For each weight (row, column): the pixels that it meets, as (rows, columns) from the output's place, and how often.
TapTable = dict[tuple[int, int], dict[tuple[int, int], float]]
Places = dict[tuple[int, int], tuple[int, int]]


def written_taps(
    ask_in: Callable[[Geometry], Ask], geometries: Sequence[Geometry], fresh: Sequence[Geometry]
) -> list[str] | None:
    """Return what the few weights meet that do not meet their own pixel, each as a clause; None where more differ.

    Parameters
    ----------
    ask_in : callable
        For a geometry the function of (input, weight), a forward one.
    geometries, fresh : sequence of Geometry
        All with one kernel size. The table is read in the first and must hold in all of them.
    """
    for g in geometries:
        table = _table(ask_in(g), g)
        others = [o for o in (*geometries, *fresh) if o.kernel == g.kernel]
        if table is not None and len(others) > 1 and all(_holds(table, ask_in(o), o) for o in others):
            return _clauses(table, g)
    return None


def _table(ask: Ask, g: Geometry) -> TapTable | None:
    """Return the pixels that each weight meets, if they are the same for every image, filter and channel."""
    _, second, first = shapes(g, "forward")
    try:
        readings = read(ask, first, second)
    except Unreadable:
        return None
    found = _inside(readings, g)
    if found is None:
        return None
    return {k: {at: c for (one, at), c in found.items() if one == k} for k in np.ndindex(*g.kernel)}


def _inside(readings: Readings, g: Geometry) -> dict[tuple[tuple[int, int], tuple[int, int]], float] | None:
    """Return what meets in the middle of the result, whose window lies inside the image: places from the output's."""
    if readings.result != g.output_shape or (readings.products[:, 2] < 0).any():
        return None
    o, k, i = (
        np.stack(np.unravel_index(readings.products[:, n], shape), 1)
        for n, shape in enumerate((readings.result, readings.second, readings.first))
    )
    middle = tuple(n // 2 for n in g.output)
    at = i[:, 2:] - [a.stride * m for a, m in zip(g.axes, middle, strict=True)]
    here = (o[:, 0] == 0) & (o[:, 1] == 0) & (k[:, 1] == 0) & (o[:, 2:] == middle).all(1)
    found = {}
    for n in np.flatnonzero(here):
        found[(int(k[n, 2]), int(k[n, 3])), (int(at[n, 0]), int(at[n, 1]))] = float(readings.coefficients[n])
    return found


def _holds(table: TapTable, ask: Ask, g: Geometry) -> bool:
    """Return whether the table gives the function's values for other numbers."""
    rng = np.random.default_rng(11)
    _, second, first = (rng.integers(-40, 41, shape) / 8 for shape in shapes(g, "forward"))
    got = ask(first, second)
    return got is not None and np.shape(got) == g.output_shape and np.allclose(got, _made(table, g, first, second))


def _made(table: TapTable, g: Geometry, input: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return what the table says, with zeros beyond the border."""
    far = max(abs(n) for taps in table.values() for at in taps for n in at) if any(table.values()) else 0
    edge = far + max(a.before + a.span for a in g.axes)
    wide = np.pad(input, [(0, 0), (0, 0), (edge, edge), (edge, edge)])
    made = np.zeros(g.output_shape)
    per = g.in_channels // g.groups
    for (ky, kx), taps in table.items():
        for at, coefficient in taps.items():
            y, x = (
                slice(edge + n, edge + n + a.stride * (a.output - 1) + 1, a.stride)
                for n, a in zip(at, g.axes, strict=True)
            )
            for co in range(g.out_channels):
                first = per * (co // (g.out_channels // g.groups))
                seen = wide[:, first : first + per, y, x]
                made[:, co] += coefficient * np.einsum("nchw,c->nhw", seen, weight[co, :, ky, kx])
    return made


def _clauses(table: TapTable, g: Geometry) -> list[str] | None:
    y, x = g.axes
    own = {k: (y.dilation * k[0] - y.before, x.dilation * k[1] - x.before) for k in table}
    wrong = {k: taps for k, taps in table.items() if taps != {own[k]: 1.0}}
    if not 0 < len(wrong) <= MOST:
        return None
    return [_said(k, taps, own, line=g.kernel[0] == g.input[0] == 1) for k, taps in wrong.items()]


def _said(k: tuple[int, int], taps: dict[tuple[int, int], float], own: Places, *, line: bool) -> str:
    name = _weight(k, line=line)
    if not taps:
        return f"{name} is never used"
    met = [f"{_factor(c)}{_pixel(at, line=line)}" for at, c in taps.items()]
    if len(taps) == 1 and own[k] in taps:
        return f"the product with {name} counts {next(iter(taps.values())):g} times"
    right = _pixel(own[k], line=line)
    return f"{name} meets {' and '.join(met)}" + ("" if own[k] in taps else f", where {right} belongs to it")


def _factor(coefficient: float) -> str:
    return "" if coefficient == 1 else f"{coefficient:g} times "


def _weight(k: tuple[int, int], *, line: bool) -> str:
    return f"kernel[{k[1]}]" if line else f"kernel[{k[0]}, {k[1]}]"


def _pixel(at: tuple[int, int], *, line: bool) -> str:
    """Return a pixel by its place in the window."""
    y, x = (f" + {n}" if n > 0 else f" − {-n}" if n < 0 else "" for n in at)
    return f"img[j{x}]" if line else f"img[i{y}, j{x}]"
