"""What may be done with a whole statement: leave it out, move it over the edge of a loop or a condition, add up."""

import ast
from collections.abc import Iterator
from typing import Any

from convolab.verify.repair.edits import Edit, Place, is_tick

BLOCKS = (ast.For, ast.While, ast.If, ast.With)


def statement_edits(owner: ast.AST, name: str) -> Iterator[Edit]:
    """Yield the edits of the statements in one list: a body of a function, a loop or a condition."""
    body: list[Any] = getattr(owner, name)
    place = Place(owner, name)
    for n, statement in enumerate(body):
        if is_tick(statement) or isinstance(statement, ast.FunctionDef | ast.ClassDef) or _is_text(statement):
            continue
        yield from _of_assignment(statement, Place(owner, name, n))
        rest = [*body[:n], *body[n + 1 :]]
        if not isinstance(statement, ast.Return) and any(not is_tick(s) for s in rest):
            yield Edit("statement left out", 2, statement, ((place, rest),), "deleted")
        if n + 1 < len(body) and not isinstance(statement, BLOCKS) and not isinstance(body[n + 1], BLOCKS):
            swapped = [*body[:n], body[n + 1], statement, *body[n + 2 :]]
            yield Edit("statements exchanged", 2, statement, ((place, swapped),), "after", body[n + 1])
        if isinstance(statement, BLOCKS):
            yield from _over_the_edge(statement, body, n, place)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _of_assignment(statement: ast.stmt, place: Place) -> Iterator[Edit]:
    """Yield = for +=, += for =, and -= for +=."""
    if isinstance(statement, ast.AugAssign):
        target = _loaded(statement.target, ast.Store())
        new: list[ast.stmt] = [ast.Assign([target], statement.value)]
        if isinstance(statement.op, ast.Add | ast.Sub):
            other = ast.Sub() if isinstance(statement.op, ast.Add) else ast.Add()
            new.append(ast.AugAssign(statement.target, other, statement.value))
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1 and not isinstance(statement.targets[0], ast.Tuple):
        new = [ast.AugAssign(statement.targets[0], ast.Add(), statement.value)]  # type: ignore[arg-type]
    else:
        return
    yield from (Edit("assignment", 1, statement, ((place, one),)) for one in new)


def _loaded(target: ast.expr, context: ast.expr_context) -> ast.expr:
    if isinstance(target, ast.Subscript):
        return ast.Subscript(target.value, target.slice, context)
    return ast.Attribute(target.value, target.attr, context) if isinstance(target, ast.Attribute) else ast.Name(target.id, context)  # type: ignore[attr-defined]


def _over_the_edge(block: Any, body: list[Any], at: int, place: Place) -> Iterator[Edit]:
    """Yield a statement moved out of a block, before it or behind it, and into it, at its beginning or its end."""
    inner = Place(block, "body")
    ticks = [s for s in block.body if is_tick(s)]
    own = [s for s in block.body if not is_tick(s)]
    if len(own) > 1:
        yield Edit(
            "statement out of a block", 1, own[0], ((place, [*body[:at], own[0], *body[at:]]), (inner, [*ticks, *own[1:]])), "before", block
        )  # fmt: skip
        yield Edit(
            "statement out of a block", 1, own[-1], ((place, [*body[: at + 1], own[-1], *body[at + 1 :]]), (inner, [*ticks, *own[:-1]])), "behind",
            block,
        )  # fmt: skip
    if at and not is_tick(body[at - 1]) and not isinstance(body[at - 1], BLOCKS) and not _is_text(body[at - 1]):
        before = body[at - 1]
        yield Edit(
            "statement into a block", 1, before, ((place, [*body[: at - 1], *body[at:]]), (inner, [*ticks, before, *own])), "first in", block
        )  # fmt: skip
        yield from _deeper(before, body, at, place, block)
    if at + 1 < len(body) and not isinstance(body[at + 1], BLOCKS):
        behind = body[at + 1]
        yield Edit(
            "statement into a block", 1, behind, ((place, [*body[: at + 1], *body[at + 2 :]]), (inner, [*ticks, *own, behind])), "last in", block
        )  # fmt: skip


def _deeper(before: Any, body: list[Any], at: int, place: Place, block: Any) -> Iterator[Edit]:
    """Yield a statement moved two levels in, where a loop stands directly in another."""
    loops = [s for s in block.body if isinstance(s, ast.For)]
    if isinstance(block, ast.For) and len(loops) == 1:
        inner = loops[0]
        yield Edit(
            "statement into a block", 2, before,
            ((place, [*body[: at - 1], *body[at:]]), (Place(inner, "body"), [inner.body[0], before, *inner.body[1:]] if is_tick(inner.body[0]) else [before, *inner.body])),
            "first in", inner,
        )  # fmt: skip
