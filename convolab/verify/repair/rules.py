"""What may stand in an expression's place: one rule a kind of mistake in bounds, offsets, signs, names and orders."""

# ruff: noqa: E501 - tables

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TypeAlias

from convolab.verify.repair.edits import fresh
from convolab.verify.repair.names import PADDINGS, Scope, is_pair, partner

# An expression that may be meant, and how unlikely that is.
Meant: TypeAlias = Iterator[tuple[int, ast.AST]]
AXES = frozenset("axis axes dim dims start_dim end_dim".split())
OVER_AXES = frozenset(
    "sum mean max min amax amin flip roll fft2 ifft2 rfft2 transpose permute moveaxis swapaxes".split()
)
MOST_PERMUTED = 4  # places of which every order is tried


@dataclass(frozen=True)
class Spot:
    """One node with what stands around it.

    Attributes
    ----------
    node : AST
    above : list of AST
        What it stands in, the nearest first.
    scope : Scope
        The names of the function that it stands in.
    torch : bool
        Whether the program computes with torch's tensors.
    """

    node: ast.AST
    above: list[ast.AST]
    scope: Scope
    torch: bool = False

    @property
    def parent(self) -> ast.AST:
        """What it stands in."""
        return self.above[0]

    @property
    def is_store(self) -> bool:
        """Whether something is assigned to it."""
        return isinstance(getattr(self.node, "ctx", None), ast.Store)


def number(value: int) -> ast.expr:
    """Return a whole number as it is written."""
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def named(text: str) -> ast.expr:
    """Return a name, or an expression, as a tree."""
    found: ast.expr = fresh(ast.parse(text, mode="eval").body)
    return found


def is_number(node: ast.AST) -> bool:
    """Return whether a node is a whole number, as it is written."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool)


def plus(node: ast.expr, count: int) -> ast.expr:
    """Return an expression with a whole number added to it."""
    return ast.BinOp(node, ast.Add() if count > 0 else ast.Sub(), ast.Constant(abs(count)))


def of_number(spot: Spot) -> Meant:
    """A whole number that is one off, or another small one; True for False."""
    node = spot.node
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield 1, ast.Constant(not node.value)
    if not is_number(node):
        return
    value: int = node.value  # type: ignore[attr-defined]
    signed = isinstance(spot.parent, ast.UnaryOp)
    yield 1, ast.Constant(value + 1)
    in_sum = isinstance(spot.parent, ast.BinOp) and isinstance(spot.parent.op, ast.Add | ast.Sub)
    if value != 1 or not in_sum:  # a term of 0 is left out
        yield 1, number(value - 1)
    if value < 4:
        yield from (
            (2, number(n)) for n in range(-2 if is_of_axes(spot) and not signed else 0, 4) if abs(n - value) > 1
        )


def is_of_axes(spot: Spot) -> bool:
    """Return whether a number tells an axis."""
    for above in spot.above[:3]:
        if isinstance(above, ast.keyword):
            return above.arg in AXES
        if isinstance(above, ast.Call):
            return isinstance(above.func, ast.Attribute) and above.func.attr in OVER_AXES
    return False


OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add, ast.FloorDiv, ast.MatMult),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}


def of_operator(spot: Spot) -> Meant:
    """Another operator, or the same one the other way round; a division that is rounded up."""
    node = spot.node
    if not isinstance(node, ast.BinOp):
        return
    yield from ((1, ast.BinOp(node.left, other(), node.right)) for other in OPERATORS.get(type(node.op), ()))
    if isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.MatMult):
        yield 2, ast.BinOp(node.right, node.op, node.left)
    if isinstance(node.op, ast.FloorDiv):
        yield 2, ast.UnaryOp(ast.USub(), ast.BinOp(ast.UnaryOp(ast.USub(), node.left), node.op, node.right))
    if isinstance(node.op, ast.Mod):  # the number of a group
        yield from (
            (3, ast.BinOp(node.left, ast.FloorDiv(), ast.BinOp(named(n), ast.FloorDiv(), node.right)))
            for n in spot.scope.sizes[:6]
        )
    if isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List):  # one and the same list, several times
        if any(isinstance(e, ast.BinOp | ast.List | ast.ListComp) for e in node.left.elts) and len(node.left.elts) == 1:
            rounds = ast.Call(named("range"), [node.right], [])
            yield 1, ast.ListComp(node.left.elts[0], [ast.comprehension(ast.Name("_", ast.Store()), rounds, [], 0)])
    elif isinstance(node.op, ast.Mult):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            yield 3, plus(ast.BinOp(plus(one, -1), ast.Mult(), other), 1)


def of_parts(spot: Spot) -> Meant:
    """A term, a factor, a sign or a condition that is one too many."""
    node = spot.node
    if isinstance(node, ast.BinOp):
        sides = [(node.left, node.right), (node.right, node.left)]
        yield from (
            (1 if is_number(o) else 2, side) for side, o in sides if not isinstance(side, ast.Constant | ast.List)
        )
    elif isinstance(node, ast.UnaryOp):
        yield 2, node.operand
    elif isinstance(node, ast.IfExp):
        yield from ((2, side) for side in (node.body, node.orelse))
    elif isinstance(node, ast.BoolOp):
        for n in range(len(node.values)):
            left = node.values[:n] + node.values[n + 1 :]
            yield 2, (ast.BoolOp(node.op, left) if len(left) > 1 else left[0])


COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}


def of_comparison(spot: Spot) -> Meant:
    """Another comparison; `or` for `and`; the same test for the other axis beside it; and none at all."""
    node = spot.node
    if isinstance(node, ast.Compare):
        for n, operator in enumerate(node.ops):
            for other in COMPARISONS.get(type(operator), ()):
                yield 1, ast.Compare(node.left, [*node.ops[:n], other(), *node.ops[n + 1 :]], node.comparators)
    if isinstance(node, ast.BoolOp):
        yield 1, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        said = {ast.dump(v) for v in node.values}
        for value in node.values:
            twin = mirrored(value, spot.scope)
            if ast.dump(twin) not in said:
                yield 2, ast.BoolOp(node.op, [*node.values, twin])
    if isinstance(spot.parent, ast.If | ast.IfExp) and node is spot.parent.test:
        yield 3, ast.Constant(True)
        yield 3, ast.UnaryOp(ast.Not(), node)
        if isinstance(node, ast.Compare) and ast.dump(twin := mirrored(node, spot.scope)) != ast.dump(node):
            yield 2, ast.BoolOp(ast.And(), [node, twin])


class _Mirror(ast.NodeTransformer):
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(partner(node.id, self.scope) or node.id, node.ctx)


def mirrored(node: ast.expr, scope: Scope) -> ast.expr:
    """Return an expression with every name exchanged for that of the other axis."""
    found: ast.expr = _Mirror(scope).visit(fresh(node))
    return found


def of_name(spot: Spot) -> Meant:
    """Another name of like kind: the other axis, another loop's, another size or array."""
    node, scope = spot.node, spot.scope
    called = isinstance(spot.parent, ast.Call) and node is spot.parent.func
    if isinstance(node, ast.Name) and not called and not spot.is_store:
        for name in scope.like(node.id):
            yield (1 if is_pair(node.id, name) else 2), ast.Name(name, node.ctx)
        if node.id in (*scope.sizes, *scope.scalars) and node.id not in scope.loops:
            arrays = [a for a in scope.arrays if a in scope.parameters][:2]
            yield from ((2, named(f"{a}.shape[{n}]")) for a in arrays for n in range(4))
    elif (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self" and not called
    ):
        others = [a for a in scope.attributes if a != node.attr]
        for name in others if node.attr in scope.attributes else []:
            yield (1 if is_pair(node.attr, name) else 2), ast.Attribute(node.value, name, node.ctx)


def of_order(spot: Spot) -> Meant:
    """Two of several that are exchanged: indices, arguments, sizes, axes; all orders of a few numbers."""
    node = spot.node
    if isinstance(node, ast.Tuple | ast.List) and 1 < len(node.elts) < 9:
        for cost, elements in _orders(node.elts):
            yield cost, type(node)(elements, node.ctx)
    elif isinstance(node, ast.Call) and 1 < len(node.args) < 9:
        for cost, arguments in _orders(node.args):
            yield cost, ast.Call(node.func, arguments, node.keywords)
    elif (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Subscript)
        and not isinstance(node.slice, ast.Slice)
    ):
        inner = node.value  # a[i][j]
        if not isinstance(inner.slice, ast.Slice):
            yield 1, ast.Subscript(ast.Subscript(inner.value, node.slice, inner.ctx), inner.slice, node.ctx)


def _orders(some: list[ast.expr]) -> Iterator[tuple[int, list[ast.expr]]]:
    texts = [ast.dump(s) for s in some]
    seen = {tuple(texts)}
    orders = [(1 if b - a == 1 else 2, _swapped(len(some), a, b)) for a, b in combinations(range(len(some)), 2)]
    if 2 < len(some) <= MOST_PERMUTED and all(is_number(s) for s in some):
        orders += [(2, p) for p in permutations(range(len(some)))]
    for cost, order in orders:
        said = tuple(texts[n] for n in order)
        if said not in seen:
            seen.add(said)
            yield cost, [some[n] for n in order]


def _swapped(count: int, a: int, b: int) -> tuple[int, ...]:
    return tuple(b if n == a else a if n == b else n for n in range(count))


def of_axes(spot: Spot) -> Meant:
    """Other axes, where a tuple of numbers names some."""
    node = spot.node
    if (
        isinstance(node, ast.Tuple)
        and len(node.elts) in (1, 2, 3)
        and all(_is_signed(e) for e in node.elts)
        and is_of_axes(spot)
    ):
        said = ast.unparse(node)
        for axes in combinations(range(4), len(node.elts)):
            new = ast.Tuple([number(a) for a in axes], ast.Load())
            if ast.unparse(new) != said:
                yield 2, new


def _is_signed(node: ast.expr) -> bool:
    return is_number(node.operand if isinstance(node, ast.UnaryOp) else node)


def is_of_places(spot: Spot) -> bool:
    """Return whether an expression is a bound, an index, a size or an amount, to which 1 may be added as a whole."""
    node, parent = spot.node, spot.parent
    if not isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript | ast.Attribute) or spot.is_store:
        return False
    if isinstance(node, ast.Call) and not (
        isinstance(node.func, ast.Name) and node.func.id in ("len", "max", "min", "int")
    ):
        return False
    if isinstance(node, ast.Subscript) and not _is_shape(node.value):
        return False
    if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
        return False
    if isinstance(node, ast.Name) and (node.id in spot.scope.arrays or isinstance(parent, ast.Assign)):
        return False
    if isinstance(parent, ast.BinOp):
        if isinstance(node, ast.Name) and node.id not in (*spot.scope.loops, *spot.scope.sizes, *spot.scope.scalars):
            return False
        return not isinstance(parent.op, ast.Add | ast.Sub | ast.MatMult | ast.Pow)
    if isinstance(parent, ast.Subscript):
        return node is parent.slice
    if isinstance(parent, ast.Call):
        return node is not parent.func
    kinds = ast.Compare | ast.Slice | ast.Tuple | ast.List | ast.Assign | ast.keyword | ast.IfExp | ast.Return
    return isinstance(parent, kinds)


def _is_shape(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "shape"


def of_offset(spot: Spot) -> Meant:
    """One more, or one less, of a bound, an index, a size or an amount."""
    node = spot.node
    if not is_of_places(spot) or not isinstance(node, ast.expr):
        return
    if (
        isinstance(node, ast.BinOp)
        and (is_number(node.left) or is_number(node.right))
        and isinstance(node.op, ast.Add | ast.Sub)
    ):
        return  # that number itself may be another
    yield 1, plus(node, 1)
    yield 1, plus(node, -1)


def of_option(spot: Spot) -> Meant:
    """A stride or a dilation that is left out of a product, a padding that is left out of a sum."""
    node, parent = spot.node, spot.parent
    if not isinstance(node, ast.expr) or spot.is_store or is_number(node):
        return
    in_sum = isinstance(node, ast.Name) and isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
    if not (is_of_places(spot) or (in_sum and isinstance(node, ast.Name) and node.id not in spot.scope.arrays)):
        return
    said = ast.unparse(node)
    if said.split(".")[-1].lower() in PADDINGS:
        yield 2, ast.BinOp(ast.Constant(2), ast.Mult(), node)
    for option in spot.scope.options:
        if option == said:
            continue
        value = named(option)
        if option.split(".")[-1].lower() in PADDINGS:
            if not in_sum:
                yield 2, ast.BinOp(node, ast.Add(), value)
                yield 2, ast.BinOp(node, ast.Sub(), value)
                yield 3, ast.BinOp(node, ast.Add(), ast.BinOp(ast.Constant(2), ast.Mult(), value))
            continue
        yield 2, ast.BinOp(node, ast.Mult(), value)
        yield 3, ast.BinOp(node, ast.FloorDiv(), value)
        if isinstance(node, ast.Name) and node.id in spot.scope.sizes:
            yield 3, plus(ast.BinOp(plus(node, -1), ast.Mult(), value), 1)


def of_measure(spot: Spot) -> Meant:
    """A size, or half of one, where a number stands that is right for one size only."""
    node = spot.node
    if not is_number(node) or node.value < 1 or is_of_axes(spot) or isinstance(spot.parent, ast.Slice | ast.UnaryOp):  # type: ignore[attr-defined]
        return
    if isinstance(spot.parent, ast.Subscript) and _is_shape(spot.parent.value):
        return
    sizes = spot.scope.sizes[:6]
    sizes = sizes or [f"{a}.shape[{n}]" for a in spot.scope.arrays if a in spot.scope.parameters for n in (0, 1)][:6]
    for size in map(named, sizes):
        yield 3, size
        yield 3, plus(size, -1)
        yield 3, ast.BinOp(size, ast.FloorDiv(), ast.Constant(2))
        yield 3, ast.BinOp(plus(size, -1), ast.FloorDiv(), ast.Constant(2))


def of_half(spot: Spot) -> Meant:
    """Half a size for a size less one, and the halves of an even size for one another."""
    node = spot.node
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.FloorDiv) and is_number(node.right)):
        return
    size, half = node.left, ast.BinOp(node.left, ast.FloorDiv(), ast.Constant(2))
    if isinstance(node.op, ast.Sub) and ast.unparse(node.right) == "1":
        yield 2, half
        yield 2, ast.BinOp(node, ast.FloorDiv(), ast.Constant(2))
    elif isinstance(node.op, ast.FloorDiv) and ast.unparse(node.right) == "2":
        yield 2, plus(size, -1)
        yield 2, ast.BinOp(plus(size, -1), ast.Sub(), half)


def of_direction(spot: Spot) -> Meant:
    """An index that counts from the other end: one of them, or two."""
    node, loops = spot.node, spot.scope.loops
    if not isinstance(node, ast.Subscript) or spot.is_store:
        return
    indices = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    turned = {
        n: _turned(loops[i.id], i)
        for n, i in enumerate(indices)
        if isinstance(i, ast.Name) and loops.get(i.id) is not None
    }
    for several in (1, 2):
        for some in combinations(turned, several):
            new = [turned[n] if n in some else i for n, i in enumerate(indices)]
            yield 2, ast.Subscript(node.value, ast.Tuple(new, ast.Load()) if len(new) > 1 else new[0], node.ctx)


def _turned(stop: ast.expr | None, index: ast.expr) -> ast.expr:
    assert stop is not None
    return ast.BinOp(plus(stop, -1), ast.Sub(), index)


def of_slice(spot: Spot) -> Meant:
    """A slice without its step, its beginning or its end."""
    node = spot.node
    if isinstance(node, ast.Slice):
        if node.step is not None:
            yield 2, ast.Slice(node.lower, node.upper, None)
        if node.lower is not None:
            yield 2, ast.Slice(None, node.upper, node.step)
        if node.upper is not None:
            yield 2, ast.Slice(node.lower, None, node.step)
        if node.lower is None and node.upper is not None:
            for size in spot.scope.sizes[:6]:
                for begin in (plus(named(size), -1), ast.BinOp(named(size), ast.FloorDiv(), ast.Constant(2))):
                    yield 3, ast.Slice(begin, None, node.step)
                    yield 3, ast.Slice(begin, ast.BinOp(begin, ast.Add(), node.upper), node.step)
        if node.step is None:
            yield from ((2, ast.Slice(node.lower, node.upper, named(o))) for o in spot.scope.options)


def of_loop(spot: Spot) -> Meant:
    """A loop's variable, where an index is always the same number."""
    node, parent = spot.node, spot.parent
    within = parent if isinstance(parent, ast.Subscript) else spot.above[1] if len(spot.above) > 1 else None
    if (
        is_number(node)
        and isinstance(within, ast.Subscript)
        and not _is_shape(within.value)
        and isinstance(parent, ast.Subscript | ast.Tuple)
    ):
        yield from ((2, named(name)) for name in spot.scope.loops)


def of_cut(spot: Spot) -> Meant:
    """A border that is cut off by counting from the end, which leaves nothing where there is none: counted from the front."""
    node = spot.node
    if not isinstance(node, ast.Subscript) or spot.is_store:
        return
    indices = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    dots = next((n for n, i in enumerate(indices) if isinstance(i, ast.Constant) and i.value is ...), len(indices))
    new: list[ast.expr] = []
    for n, index in enumerate(indices):
        if (
            isinstance(index, ast.Slice)
            and isinstance(index.upper, ast.UnaryOp)
            and isinstance(index.upper.op, ast.USub)
        ):
            size = ast.Subscript(
                ast.Attribute(node.value, "shape", ast.Load()), number(n if n < dots else n - len(indices)), ast.Load()
            )
            index = ast.Slice(index.lower, ast.BinOp(size, ast.Sub(), index.upper.operand), index.step)
        new.append(index)
    if any(a is not b for a, b in zip(new, indices, strict=True)):
        yield 1, ast.Subscript(node.value, ast.Tuple(new, ast.Load()) if len(new) > 1 else new[0], node.ctx)


def of_axis_added(spot: Spot) -> Meant:
    """A vector, one number a channel, that is added along the channels and not along the columns."""
    node, parent = spot.node, spot.parent
    if not isinstance(node, ast.Name | ast.Attribute) or spot.is_store or node is getattr(parent, "target", None):
        return
    if isinstance(node, ast.Name) and node.id not in spot.scope.parameters:
        return
    if isinstance(parent, ast.BinOp | ast.AugAssign) and isinstance(parent.op, ast.Add):
        yield from (
            (3, named(f"{ast.unparse(node)}[{i}]")) for i in (":, None, None", ":, None", "None, :, None, None")
        )


EXPRESSIONS: dict[str, Callable[[Spot], Meant]] = {
    "number": of_number, "operator": of_operator, "part": of_parts, "comparison": of_comparison, "name": of_name, "order": of_order,
    "axes": of_axes, "offset": of_offset, "option": of_option, "measure": of_measure, "half": of_half, "loop": of_loop, "cut": of_cut, "axis added": of_axis_added,
    "direction": of_direction, "slice": of_slice,
}  # fmt: skip
