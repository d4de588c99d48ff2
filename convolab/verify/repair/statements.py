"""What may be done with a whole statement: leave it out, move it over the edge of a loop or a condition, add up."""

import ast
from collections.abc import Iterator
from typing import Any

from convolab.verify.repair.edits import Edit, Slot, is_tick

BLOCKS = (ast.For, ast.While, ast.If, ast.With)


def statement_edits(owner: ast.AST, name: str) -> Iterator[Edit]:
    """Yield the edits of the statements in one list: a body of a function, a loop or a condition."""
    body: list[Any] = getattr(owner, name)
    place = Slot(owner, name)
    for n, statement in enumerate(body):
        if is_tick(statement) or isinstance(statement, ast.FunctionDef | ast.ClassDef) or _is_text(statement):
            continue
        yield from _of_assignment(statement, Slot(owner, name, n))
        rest = [*body[:n], *body[n + 1 :]]
        if not isinstance(statement, ast.Return) and any(not is_tick(s) for s in rest):
            special = isinstance(statement, ast.If) and not statement.orelse  # a case that is treated by itself
            yield Edit("statement left out", 1 if special else 2, statement, ((place, rest),), "deleted")
        if n + 1 < len(body) and not isinstance(statement, BLOCKS) and not isinstance(body[n + 1], BLOCKS):
            swapped = [*body[:n], body[n + 1], statement, *body[n + 2 :]]
            yield Edit("statements exchanged", 2, statement, ((place, swapped),), "after", body[n + 1])
        if isinstance(statement, BLOCKS):
            yield from _over_the_edge(statement, body, n, place)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _of_assignment(statement: ast.stmt, place: Slot) -> Iterator[Edit]:
    """Yield = for +=, += for =, and -= for +=."""
    if isinstance(statement, ast.AugAssign):
        target = _loaded(statement.target, ast.Store())
        new: list[ast.stmt] = [ast.Assign([target], statement.value)]
        if isinstance(statement.op, ast.Add | ast.Sub):
            other = ast.Sub() if isinstance(statement.op, ast.Add) else ast.Add()
            new.append(ast.AugAssign(statement.target, other, statement.value))
        if isinstance(statement.op, ast.Add) and isinstance(statement.target, ast.Subscript):  # indices may repeat
            where = [statement.target.value, _as_value(statement.target.slice)]
            at = ast.Attribute(ast.Attribute(ast.Name("np", ast.Load()), "add", ast.Load()), "at", ast.Load())
            new.append(ast.Expr(ast.Call(at, [*where, statement.value], [])))
    elif (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and not isinstance(statement.targets[0], ast.Tuple)
    ):
        new = [ast.AugAssign(statement.targets[0], ast.Add(), statement.value)]  # type: ignore[arg-type]
    else:
        return
    yield from (Edit("assignment", 1, statement, ((place, one),)) for one in new)


def _as_value(index: ast.expr) -> ast.expr:
    """Return an index as a value: its slices as calls."""
    if isinstance(index, ast.Tuple):
        return ast.Tuple([_as_value(i) for i in index.elts], ast.Load())
    if not isinstance(index, ast.Slice):
        return index
    parts = [part or ast.Constant(None) for part in (index.lower, index.upper, index.step)]
    return ast.Call(
        ast.Name("slice", ast.Load()),
        parts if any(p is not None for p in (index.lower, index.step)) else parts[1:2],
        [],
    )


def kept_apart(method: ast.FunctionDef) -> Iterator[Edit]:
    """Yield a method's `self.x = …` as a variable of its own, where what it sets is used in its own computation."""
    if method.name == "__init__":
        return
    statement: Any
    for statement in ast.walk(method):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if not (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"):
            continue
        behind = [
            (place, ast.Name(target.attr, node.ctx))
            for node, place in _placed(method)
            if isinstance(node, ast.Attribute)
            and ast.unparse(node) == f"self.{target.attr}"
            and node.lineno > (statement.end_lineno or 0)
        ]
        if f"self.{target.attr}" in ast.unparse(statement.value):
            puts = ((Slot(statement, "targets", 0), ast.Name(target.attr, ast.Store())), *behind)
            yield Edit("kept apart", 3, statement, puts, "apart")


def _placed(node: ast.AST) -> Iterator[tuple[Any, Slot]]:
    """Yield everything in a node with the place where it stands."""
    for name, value in ast.iter_fields(node):
        for n, inner in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(inner, ast.AST):
                yield inner, Slot(node, name, n if isinstance(value, list) else None)
                yield from _placed(inner)


def _loaded(target: Any, context: ast.expr_context) -> ast.expr:
    """Return what is assigned to, as it is read or assigned to again."""
    fields = dict(ast.iter_fields(target))
    found: ast.expr = type(target)(**fields | ({"ctx": context} if "ctx" in fields else {}))
    return found


def _over_the_edge(block: Any, body: list[Any], at: int, place: Slot) -> Iterator[Edit]:
    """Yield a statement moved out of a block, before it or behind it, and into it, at its beginning or its end."""
    before, behind = body[:at], body[at + 1 :]
    ticks = [s for s in block.body if is_tick(s)]
    own = [s for s in block.body if not is_tick(s)]

    def moved(kind: str, statement: Any, outside: list[Any], inside: list[Any], said: str) -> Edit:
        puts = ((place, outside), (Slot(block, "body"), [*ticks, *inside]))
        return Edit(kind, 1, statement, puts, said, block)

    if len(own) > 1:
        first, last = own[0], own[-1]
        yield moved("statement out of a block", first, [*before, first, block, *behind], own[1:], "before")
        yield moved("statement out of a block", last, [*before, block, last, *behind], own[:-1], "behind")
    yield from _farther(block, own, before, behind, place)
    if before and not is_tick(before[-1]) and not isinstance(before[-1], BLOCKS) and not _is_text(before[-1]):
        one = before[-1]
        yield moved("statement into a block", one, [*before[:-1], block, *behind], [one, *own], "first in")
        yield from _deeper(one, [*before[:-1], block, *behind], place, block)
    if behind and not isinstance(behind[0], BLOCKS):
        yield moved("statement into a block", behind[0], [*before, block, *behind[1:]], [*own, behind[0]], "last in")


def _farther(block: Any, own: list[Any], before: list[Any], behind: list[Any], place: Slot) -> Iterator[Edit]:
    """Yield a statement moved two levels out, where a loop stands directly in another."""
    for inner in (s for s in own if isinstance(s, ast.For)):
        ticks, some = [s for s in inner.body if is_tick(s)], [s for s in inner.body if not is_tick(s)]
        if len(some) > 1:
            for one, rest, outside, said in (
                (some[0], some[1:], [*before, some[0], block, *behind], "before"),
                (some[-1], some[:-1], [*before, block, some[-1], *behind], "behind"),
            ):
                puts = ((place, outside), (Slot(inner, "body"), [*ticks, *rest]))
                yield Edit("statement out of a block", 2, one, puts, said, block)


def _deeper(one: Any, outside: list[Any], place: Slot, block: Any) -> Iterator[Edit]:
    """Yield a statement moved two levels in, where a loop stands directly in another."""
    loops = [s for s in block.body if isinstance(s, ast.For)]
    if isinstance(block, ast.For) and len(loops) == 1:
        (inner,) = loops
        ticks = [s for s in inner.body if is_tick(s)]
        puts = ((place, outside), (Slot(inner, "body"), [*ticks, one, *inner.body[len(ticks) :]]))
        yield Edit("statement into a block", 2, one, puts, "first in", inner)
