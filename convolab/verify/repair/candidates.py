"""Every edit of a program's lines that ran, the likeliest first; and the same edit at all like places."""

# ruff: noqa: E501 - tables

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations, pairwise
from typing import Any

from convolab.verify.repair.calls import CALLS
from convolab.verify.repair.edits import Edit, Slot, is_tick
from convolab.verify.repair.names import Scope, partner, scope_of
from convolab.verify.repair.rules import EXPRESSIONS, Spot
from convolab.verify.repair.statements import kept_apart, statement_edits

MOST = 2500  # changes that are tried, of which the costliest are left out
MOST_ALIKE = 6  # places at which the same edit is made
# Which of two that are right is the likelier, where their costs are alike.
KINDS = (
    "statement left out", "cut", "part", "wrapping", "number", "comparison", "operator", "assignment", "name", "word", "function",
    "order", "axes", "reshaping", "offset",
)  # fmt: skip
RULES = {**EXPRESSIONS, **CALLS}
NAME = re.compile(r"(id|attr)='(\w+)'")


def candidates(statements: Iterable[ast.stmt], lines: Collection[int], *, torch: bool) -> list[tuple[Edit, ...]]:
    """Return the changes to try, in the order in which they are tried: single edits, and families of them.

    Parameters
    ----------
    statements : iterable of ast.stmt
        The statements of a module that are changed.
    lines : collection of int
        The lines that ran.
    torch : bool
        Whether it computes with torch's tensors.
    """
    single: list[Edit] = []
    families: list[tuple[int, tuple[Edit, ...]]] = []
    for statement in statements:
        found = [*_edits(statement, Slot(statement, "body"), [], scope_of(statement), lines, torch)]
        single += found
        families += _alike(found, scope_of(statement))
    several = [(e.cost, (e,)) for e in single] + families
    ordered = sorted(
        several,
        key=lambda pair: (
            pair[0],
            KINDS.index(pair[1][0].kind) if pair[1][0].kind in KINDS else len(KINDS),
            pair[1][0].line,
        ),
    )
    return [edits for _, edits in ordered][:MOST]


def _edits(
    node: ast.AST, place: Slot, above: list[ast.AST], scope: Scope, lines: Collection[int], torch: bool
) -> Iterator[Edit]:
    """Yield the edits of a node, then those of what it consists of."""
    if is_tick(node) or isinstance(node, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom | ast.Global):
        return
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        scope = scope_of(node)
    if isinstance(node, ast.FunctionDef):
        yield from (_located(e) for e in kept_apart(node) if _ran(e.node, lines))
    if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef) and not _ran(node, lines):
        return
    if isinstance(node, ast.expr) and above and not isinstance(node, ast.Starred):
        yield from _of_expression(Spot(node, above, scope, torch), place)
    for name in ("body", "orelse"):
        listed = getattr(node, name, None)
        if (
            isinstance(listed, list)
            and listed
            and isinstance(listed[0], ast.stmt)
            and not isinstance(node, ast.ClassDef)
        ):
            yield from (_located(e) for e in statement_edits(node, name) if _ran(e.node, lines))
    for inner, where in _parts(node):
        yield from _edits(inner, where, [node, *above], scope, lines, torch)


def _ran(statement: ast.stmt, lines: Collection[int]) -> bool:
    """Return whether a statement ran; of one with a body, whether its head did."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if isinstance(body, list) and body else statement.end_lineno or statement.lineno
    return any(n in lines for n in range(statement.lineno, max(last, statement.lineno) + 1))


def _parts(node: ast.AST) -> Iterator[tuple[ast.AST, Slot]]:
    """Yield what a node consists of, without decorators, annotations and what is raised."""
    for name, value in ast.iter_fields(node):
        if name in ("decorator_list", "annotation", "returns", "bases", "type_comment", "ctx"):
            continue
        if isinstance(value, ast.AST):
            yield value, Slot(node, name)
        elif isinstance(value, list):
            yield from ((v, Slot(node, name, n)) for n, v in enumerate(value) if isinstance(v, ast.AST))


def _of_expression(spot: Spot, place: Slot) -> Iterator[Edit]:
    """Yield the edits of an expression by all rules, each once."""
    seen = {ast.dump(spot.node)}
    for kind, rule in RULES.items():
        for cost, new in rule(spot):
            said = ast.dump(new)
            if said not in seen:
                seen.add(said)
                yield _located(Edit(kind, cost, spot.node, ((place, new),), above=tuple(spot.above)))


def _located(edit: Edit) -> Edit:
    """Give every new node the place in the file of what it replaces."""
    for _, value in edit.puts:
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST):
                _locate(node, edit.node)
    return edit


def _locate(node: ast.AST, like: Any) -> None:
    if "lineno" in node._attributes and not hasattr(node, "lineno"):
        node.lineno, node.col_offset = like.lineno, like.col_offset  # type: ignore[attr-defined]
        node.end_lineno, node.end_col_offset = like.end_lineno, like.end_col_offset  # type: ignore[attr-defined]
    elif "lineno" in node._attributes:
        return  # of the program itself, with all that it consists of
    for inner in ast.iter_child_nodes(node):
        _locate(inner, like)


def _alike(edits: list[Edit], scope: Scope) -> Iterator[tuple[int, tuple[Edit, ...]]]:
    """Yield the same edit made at all like places of a statement, and at every two of them."""
    groups: dict[tuple[str, int, str, str], list[Edit]] = {}
    known: dict[str, str] = {}
    for edit in (e for e in edits if not e.said):
        old, new = _difference(edit.node, edit.puts[0][1])
        key = (edit.kind, edit.cost, _canonical(old, scope, known), _canonical(new, scope, known))
        groups.setdefault(key, []).append(edit)
    for group in groups.values():
        apart = list({_where(e.puts[0][0]): e for e in reversed(group)}.values())[::-1]
        if 2 < len(apart) <= MOST_ALIKE:
            yield apart[0].cost + 1, tuple(apart)
        yield from ((some[0].cost + 1, some) for some in _together(apart))
        pairs = combinations(apart, 2) if len(apart) <= MOST_ALIKE else pairwise(apart)
        yield from ((one.cost + 2, (one, other)) for one, other in pairs)


def _together(edits: list[Edit]) -> Iterator[tuple[Edit, ...]]:
    """Yield those of some edits that stand in one index, `a[…]`, where there are more than two and others elsewhere."""
    within: dict[int, list[Edit]] = {}
    for edit in edits:
        index = next((a for a in edit.above if isinstance(a, ast.Subscript)), None)
        if index is not None:
            within.setdefault(id(index), []).append(edit)
    yield from (tuple(some) for some in within.values() if 2 < len(some) < len(edits))


def _where(place: Slot) -> tuple[int, str, int | None]:
    return id(place.owner), place.name, place.number


def _difference(old: Any, new: Any) -> tuple[ast.AST, ast.AST]:
    """Return what two nodes differ in: of calls with the same arguments, what is called and the keywords."""
    if not (isinstance(old, ast.Call) and isinstance(new, ast.Call) and len(old.args) == len(new.args)):
        return old, new
    if any(a is not b for a, b in zip(old.args, new.args, strict=True)):
        return old, new
    return ast.Call(old.func, [], old.keywords), ast.Call(new.func, [], new.keywords)


def _canonical(node: ast.AST, scope: Scope, known: dict[str, str]) -> str:
    """Return what a node is, with every name that stands for one of two axes as the first of the two."""

    def name(found: re.Match[str]) -> str:
        said = found[2]
        if said not in known:
            known[said] = said.removeprefix("i") if "fft" in said else min(said, partner(said, scope) or said)
        return f"{found[1]}='{known[said]}'"

    return NAME.sub(name, ast.dump(node))
