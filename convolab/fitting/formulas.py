"""Which index does a program compute? For indices that mix rows and columns, or run on in memory.

The laws of `laws` hold along one axis. Here the row and the column of one array, or its place in memory, are each a
sum of multiples of the rows and columns of the two others: the multiples are solved for, and each must be a number
that was asked for in every geometry.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from convolab.fitting.leading import PLAIN, places, shapes
from convolab.fitting.readings import BEYOND, Ask, Readings, Unreadable, read
from convolab.fitting.rules import PADDINGS, Wanted, asked, roles
from convolab.geometry import Geometry

ROLES = ("result", "second", "first")
# Whose index may be computed from those of the two others, in the order in which they are tried.
COMPUTED = {
    "forward": ("first", "second", "result"),
    "input_gradient": ("result", "second", "first"),
    "weight_gradient": ("first", "second", "result"),
}


KEPT = ("inside", "within", "whole")


class Multiple(NamedTuple):
    """A number by which an index is multiplied, or that is added to it: in words, and its value for what was asked."""

    name: str
    value: Callable[[Wanted, int], int]  # of (what was asked along the axis, the width of the computed array)


NUMBERS: tuple[tuple[str, Callable[[Wanted], int]], ...] = (
    ("", lambda a: 1),
    ("stride", lambda a: a.stride),
    ("dilation", lambda a: a.dilation),
    ("stride of the other axis", lambda a: a.other.stride),
    ("dilation of the other axis", lambda a: a.other.dilation),
    ("2", lambda a: 2),
    ("padding", lambda a: a.padding),
    ("kernel", lambda a: a.kernel),
    ("stride²", lambda a: a.stride**2),
)


def _plain(of: Callable[[Wanted], int]) -> Callable[[Wanted, int], int]:
    return lambda a, width: of(a)


def _times_width(of: Callable[[Wanted], int]) -> Callable[[Wanted, int], int]:
    return lambda a, width: of(a) * width


def _signed(name: str, value: Callable[[Wanted, int], int]) -> tuple[Multiple, Multiple]:
    return Multiple(f"+{name}", value), Multiple(f"-{name}", lambda a, width: -value(a, width))


NOTHING = Multiple("", lambda a, width: 0)
ALONG = (NOTHING, *(m for name, of in NUMBERS for m in _signed(name, _plain(of))))
IN_MEMORY = (
    *ALONG,
    *(m for name, of in NUMBERS
      for m in _signed(f"{name} · width" if name else "width", _times_width(of))),
)  # fmt: skip
ADDED = (NOTHING, *(m for rule in PADDINGS for m in _signed(rule.name, _plain(rule.value))))
ADDED_IN_MEMORY = (
    *ADDED,
    Multiple("-padding · (width + 1)", lambda a, width: -a.padding * (width + 1)),
    Multiple("-padding · width", lambda a, width: -a.padding * width),
)
# What each of the four variables is multiplied by, and what is added.
Index = tuple[Multiple, ...]


@dataclass(frozen=True)
class Formula:
    """How one array's index follows from those of the two others.

    Attributes
    ----------
    operation : {"forward", "input_gradient", "weight_gradient"}
    computed : {"first", "second", "result"}
        Whose index it is; the variables are the rows and columns of the two others, in the order of `ROLES`.
    lines : tuple of Index
        For the row and the column; or one for the place in memory.
    kept : {"inside", "within", "whole"}
        Which products take part: those whose index is in the array; of them those that have a right index too; or those
        of results whose every index is in the array.
    """

    operation: str
    computed: str
    lines: tuple[Index, ...]
    kept: str

    @property
    def others(self) -> list[str]:
        return [role for role in ROLES if role != self.computed]

    def products(self, g: Geometry) -> np.ndarray:
        """Return the products that it makes in one plane, as rows (result, second, first) of two indices each."""
        extents = _extents(g, self.operation)
        pairs = np.indices([n for role in self.others for n in extents[role]]).reshape(4, -1)
        if self.kept == "within":
            pairs = _pairs_of(right_products(g, self.operation), self.computed)
        found = self._found(g, pairs)
        inside = np.all([(f >= 0) & (f < n) for f, n in zip(found, extents[self.computed], strict=True)], 0)
        if self.kept == "whole":  # a window may reach into the padding, and not beyond it
            room = [a.before if self.computed == "first" else 0 for a in g.axes]
            sides = zip(found, extents[self.computed], room, strict=True)
            inside &= _whole(pairs[:2], np.all([(f >= -p) & (f < n + p) for f, n, p in sides], 0))
        columns = dict(zip(self.others, (pairs[:2, inside], pairs[2:, inside]), strict=True))
        columns[self.computed] = np.stack(found)[:, inside]
        return np.concatenate([columns[role] for role in ROLES]).T

    def _found(self, g: Geometry, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        height, width = _extents(g, self.operation)[self.computed]
        sums = []
        for n, line in enumerate(self.lines):
            a = asked(g, self.operation, n)
            numbers = [m.value(a, width) for m in line]
            sums.append(np.tensordot(numbers[:4], pairs, 1) + numbers[4])
        if len(sums) == 2:
            return sums[0], sums[1]
        outside = (sums[0] < 0) | (sums[0] >= height * width)
        return np.where(outside, -1, sums[0] // width), np.where(outside, -1, sums[0] % width)

    def compute(self, g: Geometry, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the result that the program gives by it."""
        result = np.zeros(shapes(g, self.operation)[0])
        r, s, f = (self.products(g).T[n : n + 2] for n in (0, 2, 4))
        for into, one, other in places(PLAIN, g, self.operation, result.shape):
            np.add.at(result[into], tuple(r), second[one][tuple(s)] * first[other][tuple(f)])
        return result


def _whole(places: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return which pairs belong to a place of the first array whose pairs are all inside."""
    _, which = np.unique(places, axis=1, return_inverse=True)
    complete = np.ones(which.max(initial=0) + 1, bool)
    complete[which.ravel()[~inside]] = False
    return np.asarray(complete[which.ravel()])


def fitted_formula(
    ask_in: Callable[[Geometry], Ask], operation: str, geometries: Sequence[Geometry], fresh: Sequence[Geometry]
) -> Formula | None:
    """Return the formula of an index that gives a function's very values, or None.

    Parameters
    ----------
    ask_in : callable
        For a geometry the function as (first, second) → result.
    geometries, fresh : sequence of Geometry
        Those whose products are read, and others in which the formula must hold too.
    """
    seen: dict[Geometry, np.ndarray] = {}
    for g in geometries:
        planes = _planes(ask_in(g), g, operation)
        if planes is not None:
            seen[g] = planes
    found = next(_formulas(seen, operation), None) if len(seen) > 1 else None
    held = [] if found is None else [_holds(found, ask_in(g), g) for g in (*geometries, *fresh) if g not in seen]
    return found if True in held and False not in held else None


def right_products(g: Geometry, operation: str) -> np.ndarray:
    """Return the products of one plane that were asked for, in the order of `Formula.products`."""
    order = [("grad_output", "weight", "input").index(role) for role in roles(operation)]
    y, x = (axis.taps()[:, order] for axis in g.axes)
    both = np.hstack([np.repeat(y, len(x), 0), np.tile(x, (len(y), 1))])
    return both[:, [0, 3, 1, 4, 2, 5]]


def _extents(g: Geometry, operation: str) -> dict[str, tuple[int, int]]:
    return {role: (shape[2], shape[3]) for role, shape in zip(ROLES, shapes(g, operation), strict=True)}


def _planes(ask: Ask, g: Geometry, operation: str) -> np.ndarray | None:
    """Return the products of one plane, if every image, filter and channel has the same; else None."""
    result, second, first = shapes(g, operation)
    try:
        readings: Readings = read(ask, first, second, apart=0 if operation == "forward" else 1)
    except Unreadable:
        return None
    if readings.result != result or (readings.products[:, 2] == BEYOND).any():
        return None
    if not len(readings.products) or not np.allclose(readings.coefficients, 1.0):
        return None
    index = [np.stack(np.unravel_index(readings.products[:, n], s)) for n, s in enumerate((result, second, first))]
    leading = np.unique(np.concatenate([i[:2] for i in index]).T, axis=0)
    planes = np.unique(np.concatenate([i[2:] for i in index]).T, axis=0)
    met = {((a, b), (c, d), (e, f)) for a, b, c, d, e, f in leading.tolist()}
    plain = met == places(PLAIN, g, operation, result)
    return planes if plain and len(planes) * len(leading) == len(readings.products) else None


def _formulas(seen: dict[Geometry, np.ndarray], operation: str) -> Iterator[Formula]:
    """Yield the formulas that make just these products."""
    for computed in COMPUTED[operation]:
        yield from _formulas_of(computed, seen, operation)


def _formulas_of(computed: str, seen: dict[Geometry, np.ndarray], operation: str) -> Iterator[Formula]:
    """Yield the formulas of one array's index that make just these products."""
    wanted = {g: {tuple(p) for p in planes.tolist()} for g, planes in seen.items()}
    for lines in _lines(seen, operation, computed):
        for kept in KEPT:
            formula = Formula(operation, computed, lines, kept)
            if all({tuple(p) for p in formula.products(g).tolist()} == wanted[g] for g in seen):
                yield formula


def _lines(seen: dict[Geometry, np.ndarray], operation: str, computed: str) -> Iterator[tuple[Index, ...]]:
    """Yield the index of one array in terms of the two others: by row and column, then by its place in memory."""
    at = 2 * ROLES.index(computed)
    pairs = {g: _pairs_of(planes, computed) for g, planes in seen.items()}
    rows, columns = ({g: planes[:, at + n] for g, planes in seen.items()} for n in (0, 1))
    widths = {g: _extents(g, operation)[computed][1] for g in seen}
    memory = {g: rows[g] * widths[g] + columns[g] for g in seen}
    both = [_solved(pairs, values, widths, operation, n, (ALONG, ADDED)) for n, values in ((0, rows), (1, columns))]
    if both[0] is not None and both[1] is not None:
        yield both[0], both[1]
    one = _solved(pairs, memory, widths, operation, 0, (IN_MEMORY, ADDED_IN_MEMORY))
    if one is not None:
        yield (one,)


def _pairs_of(planes: np.ndarray, computed: str) -> np.ndarray:
    """Return the indices of the two arrays that are not computed, as four rows."""
    at = 2 * ROLES.index(computed)
    return np.delete(planes, (at, at + 1), axis=1).T


def _solved(
    pairs: dict[Geometry, np.ndarray],
    values: dict[Geometry, np.ndarray],
    widths: dict[Geometry, int],
    operation: str,
    axis: int,
    choices: tuple[Sequence[Multiple], Sequence[Multiple]],
) -> Index | None:
    """Return by what each variable is multiplied, and what is added, in every geometry; None where no number fits."""
    left = [list(choices[0]) for _ in range(4)] + [list(choices[1])]
    for g, known in pairs.items():
        system = np.vstack([known, np.ones(known.shape[1])]).T
        numbers, _, rank, _ = np.linalg.lstsq(system, values[g], rcond=None)
        if rank < 5 or not np.allclose(system @ np.rint(numbers), values[g]):
            return None
        a = asked(g, operation, axis)
        left = [
            [m for m in kept if m.value(a, widths[g]) == round(number)]
            for kept, number in zip(left, numbers, strict=True)
        ]
    return tuple(kept[0] for kept in left) if all(left) else None


def _holds(formula: Formula, ask: Ask, g: Geometry) -> bool | None:
    """Return whether the formula gives the function's values for other numbers; None where it gives no answer."""
    rng = np.random.default_rng(13)
    _, second, first = (rng.integers(-40, 41, shape) / 8 for shape in shapes(g, formula.operation))
    got = ask(first, second)
    made = formula.compute(g, first, second)
    if got is None:
        return None
    return np.shape(got) == made.shape and bool(np.allclose(got, made, rtol=1e-5, atol=1e-4))


# --- in words


LETTERS = {"result": ("i", "j"), "second": ("k", "l"), "first": ("m", "n")}
ARRAYS = {
    "forward": {"result": "the output", "second": "kernel", "first": "img"},
    "input_gradient": {"result": "the gradient", "second": "kernel", "first": "dloss_dy"},
    "weight_gradient": {"result": "the gradient", "second": "dloss_dy", "first": "img"},
}


def formula_in_words(formula: Formula, geometries: Sequence[Geometry]) -> str:
    """Return which index the program computes and which one belongs there, in a sentence.

    Parameters
    ----------
    geometries : sequence of Geometry
        Those in which it was found.
    """
    right = _right(formula, geometries)
    names, one, other = ARRAYS[formula.operation], *formula.others
    here = {role: f"{names[role]}[{', '.join(LETTERS[role])}]" for role in ROLES}
    found, belongs = (_bracketed(f, names[formula.computed]) for f in (formula, right))
    if formula.computed == "result":
        return f"The product of {here[one]} and {here[other]} is added to {found}, and belongs to {belongs}."
    return f"In the sum for {here['result']}, {here[other]} meets {found}, where {belongs} belongs to it."


def formula_code(formula: Formula, geometries: Sequence[Geometry]) -> str:
    """Return the mistake's code: `row-index-for-column`, `column-index-for-row`, or `wrong-index` for any other."""
    right = _right(formula, geometries)
    if len(formula.lines) == len(right.lines) == 2:
        (rows, columns), (right_rows, right_columns) = (tuple(map(_factors, f.lines)) for f in (formula, right))
        if rows == right_rows and columns == right_rows:
            return "row-index-for-column"
        if columns == right_columns and rows == right_columns:
            return "column-index-for-row"
        for n in (0, 2):  # one of the two other arrays
            swapped = [right_columns[m ^ 1] if m in (n, n + 1) else right_columns[m] for m in range(4)]
            if rows == right_rows and list(columns) == swapped:
                return "row-index-for-column"
            swapped = [right_rows[m ^ 1] if m in (n, n + 1) else right_rows[m] for m in range(4)]
            if columns == right_columns and list(rows) == swapped:
                return "column-index-for-row"
    return "wrong-index"


def _factors(line: Index) -> tuple[str, ...]:
    return tuple(multiple.name for multiple in line[:4])


def _right(formula: Formula, geometries: Sequence[Geometry]) -> Formula:
    """Return the formula for the index that was asked for."""
    seen = {g: right_products(g, formula.operation) for g in geometries}
    return next(_formulas_of(formula.computed, seen, formula.operation), formula)


def _bracketed(formula: Formula, array: str) -> str:
    letters = [letter for role in formula.others for letter in LETTERS[role]]
    lines = [_sum(line, letters) for line in formula.lines]
    return f"{array}[{', '.join(lines)}]" if len(lines) == 2 else f"{array}'s place {lines[0]} in memory"


def _sum(line: Index, letters: Sequence[str]) -> str:
    """Return `stride · i + k − padding`, what is added before what is taken away."""
    text = ""
    parts = [part for part in zip(line, (*letters, ""), strict=True) if part[0].name]
    for multiple, letter in sorted(parts, key=lambda part: part[0].name[0] == "-"):
        sign, factor = multiple.name[0], multiple.name[1:]
        factor = f"({factor})" if letter and " " in factor and "·" not in factor else factor
        part = " · ".join(filter(None, (factor, letter)))
        text += (f" {'−' if sign == '-' else '+'} " if text or sign == "-" else "") + part
    return text.strip() or "0"
