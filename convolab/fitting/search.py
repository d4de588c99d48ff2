"""Which law gives just these products? The simplest one that does so in every geometry."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from convolab.fitting.laws import BORDERS, DILATIONS, LINES, PADDINGS, SIZES, STRIDES, Law, Rule, Wanted, products


class Table(NamedTuple):
    """The products that were seen along one axis of one geometry."""

    asked: Wanted
    operation: str
    meets: np.ndarray  # bool (result, second, first)

    def is_made_by(self, law: Law) -> bool:
        return np.array_equal(products(law, self.asked, self.operation, self.meets.shape), self.meets)

    def may_be_made_by(self, law: Law) -> bool:
        """Return whether the relation alone gives half of what is read, or what is read half of what it gives."""
        made = products(law, self.asked, self.operation, self.meets.shape)
        return 2 * int((made & self.meets).sum()) >= min(int(made.sum()), int(self.meets.sum()))


@cache
def relations() -> tuple[Law, ...]:
    """Return every relation, without border and lines, the cheap ones first."""
    chosen = product(STRIDES, DILATIONS, PADDINGS, (False, True))
    return tuple(sorted((Law(s, d, p, turned) for s, d, p, turned in chosen), key=lambda law: law.cost))


@cache
def _finishes() -> tuple[dict[str, Any], ...]:
    """Return what a law can have beside its relation, the cheap first."""
    ends: list[dict[str, Any]] = [{"head": head, "tail": tail} for head, tail in product(LINES, LINES)]
    ends += [{"whole": True}, {"dropped": "first"}, {"dropped": "last"}]
    found = [{"border": border, **end} for border, end in product(BORDERS, ends)]
    return tuple(sorted(found, key=lambda finish: Law(**finish).cost))


def simplest_law(tables: Sequence[Table]) -> Law | None:
    """Return the cheapest law that makes exactly the products of every table, or None; its size is left open."""
    best: Law | None = None
    for relation in relations():
        if best is not None and relation.cost >= best.cost:
            break
        if all(table.may_be_made_by(relation) for table in tables):
            best = _finished(relation, tables, best) or best
    return best


def _finished(relation: Law, tables: Sequence[Table], best: Law | None) -> Law | None:
    """Return the cheapest law with this relation that fits, if it is cheaper than the best so far."""
    for finish in _finishes():
        law = replace(relation, **finish)
        if best is not None and law.cost >= best.cost:
            return None
        if all(table.is_made_by(law) for table in tables):
            return law
    return None


def simplest_size(tables: Sequence[Table]) -> Rule | None:
    """Return the first rule that gives the size of every result, or None."""
    return next((size for size in SIZES if all(size.value(t.asked) == len(t.meets) for t in tables)), None)
