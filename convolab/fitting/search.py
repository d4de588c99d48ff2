"""Which law gives just these products? The simplest one that does so in every geometry."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np

from convolab.fitting.laws import Law, moved, products
from convolab.fitting.rules import BORDERS, DILATIONS, LINES, PADDINGS, SHIFTS, SIZES, STRIDES, USES, Rule, Size, Wanted

# Costs that no explanation is worth.
TOO_MUCH = 12


class Table(NamedTuple):
    """The products that were seen along one axis of one geometry."""

    asked: Wanted
    meets: np.ndarray  # bool (result, second, first)


@cache
def relations() -> tuple[Law, ...]:
    """Return every relation, without border and lines, the cheap ones first."""
    chosen = product(STRIDES, DILATIONS, PADDINGS, (False, True), (False, True))
    laws = [Law(s, d, p, turned, mirrored=m) for s, d, p, turned, m in chosen]
    laws += [
        Law(s, d, p, turned, shift=by, rolled=rolled)
        for s, d, p, turned, by, rolled in product(
            STRIDES[:2], DILATIONS[:2], PADDINGS[:2], (False, True), SHIFTS[1:], (False, True)
        )
    ]
    return tuple(sorted((law for law in laws if law.cost <= TOO_MUCH), key=lambda law: law.cost))


@cache
def _choices() -> np.ndarray:
    """Return every relation as numbers: which stride, dilation, padding and shift, and its flags."""
    index = {id(rule): n for rules in (STRIDES, DILATIONS, PADDINGS, SHIFTS) for n, rule in enumerate(rules)}
    rules = ("stride", "dilation", "padding", "shift")
    flags = ("reversed", "mirrored", "rolled")
    rows = [
        [index[id(getattr(w, name))] for name in rules] + [getattr(w, f) for f in flags] + [w.shift is not SHIFTS[0]]
        for w in relations()
    ]
    return np.array(rows, np.int64)


def _numbers(a: Wanted) -> np.ndarray:
    """Return the numbers of every relation for what was asked: stride, dilation, padding, shift; and its flags."""
    chosen = _choices()
    values = [np.array([rule.value(a) for rule in rules]) for rules in (STRIDES, DILATIONS, PADDINGS, SHIFTS)]
    return np.column_stack([*(v[chosen[:, n]] for n, v in enumerate(values)), chosen[:, 4:]])


def _hits(numbers: np.ndarray, table: Table) -> np.ndarray:
    """Return for each relation whether it gives a fifth of the products that were seen."""
    results, seconds, _ = table.meets.shape
    r, b, f = np.nonzero(table.meets)
    s, d, p, by, turned, mirrored, rolled, _ = (column[:, None] for column in numbers.T)
    at = np.where(mirrored, results - 1 - r, r) - by
    at = np.where(rolled, at % results, at)
    operation = table.asked.operation
    o, k, i = {"forward": (at, b, f), "input_gradient": (f, b, at)}.get(operation, (b, at, f))
    kernel = results if operation == "weight_gradient" else seconds
    met = s * o + d * np.where(turned, kernel - 1 - k, k) - p == i
    enough: np.ndarray = 5 * met.sum(1) >= len(r)
    return enough & (numbers[:, 0] > 0) & (numbers[:, 1] >= (operation != "forward"))


def _possible(tables: Sequence[Table]) -> list[Law]:
    """Return the relations that may make every table, the cheap first; of equal numbers only the first."""
    kept = np.arange(len(relations()))
    seen = np.zeros(len(kept), np.int64)
    for table in tables:
        numbers = _numbers(table.asked)[kept]
        _, first, which = np.unique((numbers + 30) @ (128 ** np.arange(8)), return_index=True, return_inverse=True)
        hit = _hits(numbers[first], table)[which]
        kept, seen = kept[hit], (seen[hit] * 1_000_003 + which[hit]) % (2**61 - 1)
    _, first = np.unique(seen, return_index=True)
    return [relations()[n] for n in kept[np.sort(first)]]


@cache
def _finishes(operation: str, asked: str) -> tuple[dict[str, Any], ...]:
    """Return what a law can have beside its relation and its empty lines, the cheap first, two things at most."""
    others = [border for border in BORDERS if border != asked]
    borders: list[dict[str, Any]] = [{"border": border} for border in others]
    if operation == "input_gradient":
        borders += [{"border": border, "written": True} for border in others if border != "zeros"]
    rest: list[dict[str, Any]] = [{"whole": True}, {"every": True}, {"clamped": True}, *({"use": u} for u in USES[1:])]
    rest.append({"floored": True} if operation == "input_gradient" else {"aliased": True})
    ends = [one | other for one, other in combinations((*borders, *rest), 2) if not one.keys() & other.keys()]
    return tuple(sorted(({}, *borders, *rest, *ends), key=lambda finish: Law(**finish).cost))


class Effort:
    """How many laws may still be tried: where few products are seen, all too many laws are possible."""

    def __init__(self, left: int = 15_000) -> None:
        self.left = left


def simplest_law(tables: Sequence[Table], effort: Effort, most: int = TOO_MUCH) -> Law | None:
    """Return the cheapest law that makes exactly the products of every table, or None."""
    best: Law | None = None
    finishes = _finishes(tables[0].asked.operation, tables[0].asked.border)
    for relation in _possible(tables):
        for finish in finishes:
            law = replace(relation, **finish) if finish else relation
            if law.cost >= (best.cost if best else most + 1):
                break
            effort.left -= 1
            if effort.left < 0:
                return best
            best = _with_lines(law, tables, best.cost if best else most + 1) or best
    return best


def _with_lines(law: Law, tables: Sequence[Table], below: int) -> Law | None:
    """Return the law with its cheapest empty lines and size that make every table, if it costs less than that."""
    ends: list[set[int]] = [set(range(len(LINES))), set(range(len(LINES)))]
    for table in tables:
        made, _ = products(law, table.asked, table.meets.shape)
        lines = _lines(made, table.meets)
        if lines is None:
            return None
        for end, (least, most) in zip(ends, lines, strict=True):
            end &= {n for n in end if least <= LINES[n].value(table.asked) <= most}
        if not ends[0] or not ends[1]:
            return None
    if law.shift.cost and not law.rolled and not any(_frees(law, table) for table in tables):
        return None  # nothing is left behind: another padding says it
    head, tail = (LINES[min(end, key=lambda n: LINES[n].cost)] for end in ends)
    size = simplest_size(law, tables)
    if size is None:
        return None
    law = replace(law, head=head, tail=tail, size=size)
    return law if law.cost < below else None


def _frees(law: Law, table: Table) -> bool:
    """Return whether a shift leaves lines without a result, or is none of a padding because of the stride."""
    w, rows = law.on(table.asked), np.arange(len(table.meets))
    return w.stride > 1 or not moved(law, table.asked, w, rows, len(rows))[1].all()


def _lines(made: np.ndarray, seen: np.ndarray) -> list[tuple[int, int]] | None:
    """Return how many lines at either end can be empty in what is seen; None where it differs in another way."""
    if np.array_equal(made, seen):
        full = np.flatnonzero(seen.any((1, 2)))
        if not len(full):
            return [(0, len(seen)), (0, len(seen))]
        return [(0, int(full[0])), (0, int(len(seen) - 1 - full[-1]))]
    expected, there = (np.asarray(t.any((1, 2))) for t in (made, seen))
    if not there.any():
        return None
    first, last = np.flatnonzero(there)[[0, -1]]
    if not np.array_equal(made[first : last + 1], seen[first : last + 1]):
        return None
    before, after = np.flatnonzero(expected[:first]), np.flatnonzero(expected[last + 1 :])
    head = (int(before[-1]) + 1, int(first)) if len(before) else (0, int(first))
    after_last = len(seen) - 1 - int(last)
    tail = (after_last - int(after[0]), after_last) if len(after) else (0, after_last)
    return [head, tail]


def simplest_size(law: Law, tables: Sequence[Table]) -> Size | None:
    """Return the first rule that gives the size of every result, or None."""
    return next(
        (size for size in SIZES if all(size.value(t.asked, law.on(t.asked)) == len(t.meets) for t in tables)), None
    )


def name_of(rules: Sequence[Rule], name: str) -> Rule:
    """Return the rule of that name."""
    return next(rule for rule in rules if rule.name == name)
