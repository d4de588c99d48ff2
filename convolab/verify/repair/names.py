"""What names does a function have, and which of them are of like kind, so that one may stand for another by mistake?"""

# ruff: noqa: E501 - tables

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Pairs that stand for rows and columns, for in and out, for one array and another: each may be taken for the other.
PAIRS = [
    ("h", "w"), ("H", "W"), ("height", "width"), ("row", "col"), ("rows", "cols"), ("r", "c"), ("y", "x"), ("i", "j"), ("k", "l"), ("u", "v"),
    ("m", "n"), ("p", "q"), ("a", "b"), ("in", "out"), ("0", "1"), ("1", "2"), ("2", "3"), ("stride", "dilation"), ("stride", "padding"),
    ("stride", "pad"), ("s", "d"), ("s", "p"), ("ki", "kj"), ("top", "left"), ("bottom", "right"), ("top", "bottom"), ("left", "right"),
    ("C", "F"), ("Cin", "Cout"), ("ic", "oc"), ("ci", "co"), ("c", "f"), ("before", "after"), ("first", "last"), ("start", "end"),
]  # fmt: skip
OPTIONS = frozenset(
    "stride strides s sh sw sy sx dilation dilations dil d dh dw rate padding pad p ph pw groups g".split()
)
PADDINGS = frozenset("padding pad p ph pw pad_h pad_w padh padw padding_h padding_w".split())
MOST_LIKE = 10


@dataclass
class Scope:
    """The names of one function.

    Attributes
    ----------
    loops : dict of {name: expression or None}
        The variables of its loops, and up to where each runs, where that is a `range`.
    tuples : list of list of str
        Names that are unpacked together, such as `H, W = img.shape`.
    parameters, scalars, sizes, arrays : list of str
        `scalars` are set to a value or are options by their name, `sizes` come from a shape, `arrays` are indexed.
    attributes : list of str
        What is read of `self`.
    """

    parameters: list[str] = field(default_factory=list)
    loops: dict[str, ast.expr | None] = field(default_factory=dict)
    tuples: list[list[str]] = field(default_factory=list)
    scalars: list[str] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    arrays: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)

    @property
    def options(self) -> list[str]:
        """Names that stand for a stride, a padding or a dilation."""
        found = [n for n in (*self.parameters, *self.scalars) if n.lower() in OPTIONS]
        return [*dict.fromkeys(found), *(f"self.{a}" for a in self.attributes if a.lower() in OPTIONS)]

    def like(self, name: str) -> list[str]:
        """Return the names that may be meant where one stands, the likeliest first."""
        known = [*self.loops, *(n for t in self.tuples for n in t), *self.scalars, *self.parameters]
        paired = [n for n in dict.fromkeys([*known, *self.arrays]) if is_pair(name, n)]
        groups: list[Iterable[str]] = [t for t in self.tuples if name in t]
        groups += [self.loops] if name in self.loops else []
        numbers = [n for n in (*self.sizes, *self.scalars, *self.parameters) if n not in self.arrays]
        groups += [numbers] if name in numbers else []
        groups += [self.arrays] if name in self.arrays else []
        groups += [self.parameters] if name in self.parameters else []
        found = dict.fromkeys([*paired, *(n for group in groups for n in group)])
        return [n for n in found if n != name][:MOST_LIKE]


def is_pair(one: str, other: str) -> bool:
    """Return whether two names differ in one part that stands for rows in one and for columns in the other.

    >>> is_pair("out_h", "out_w"), is_pair("kh", "kw"), is_pair("h", "out_w")
    (True, True, False)
    """
    return any(_exchanged(one, a, b) == other or _exchanged(one, b, a) == other for a, b in PAIRS)


def _exchanged(name: str, a: str, b: str) -> str:
    """Return a name with a part exchanged: the last place where it stands."""
    before, found, after = name.rpartition(a)
    return before + b + after if found else ""


def partner(name: str, scope: Scope) -> str:
    """Return the name that stands for the other axis; an empty text where there is none."""
    return next((n for n in scope.like(name) if is_pair(name, n)), "")


def scope_of(function: ast.AST) -> Scope:
    """Return the names that a function, or a module, has."""
    scope, found = Scope(), Scope()
    arguments = getattr(function, "args", None)
    if isinstance(arguments, ast.arguments):
        named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        scope.parameters = [a.arg for a in named if a.arg not in ("self", "ctx", "cls")]
        defaults = [*zip(reversed(arguments.args), reversed(arguments.defaults), strict=False)]
        defaults += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
        found.scalars += [a.arg for a, d in defaults if isinstance(d, ast.Constant) and isinstance(d.value, int)]
    for node in ast.walk(function):
        _note(node, scope, found)
    scope.scalars, scope.sizes = [*dict.fromkeys(found.scalars)], [*dict.fromkeys(found.sizes)]
    scope.arrays, scope.attributes = [*dict.fromkeys(found.arrays)], [*dict.fromkeys(found.attributes)]
    return scope


def _note(node: ast.AST, scope: Scope, found: Scope) -> None:
    """Note what a node says of the names in it."""
    if isinstance(node, ast.For | ast.comprehension):
        for name, stop in _loops(node.target, node.iter):
            scope.loops[name] = stop
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            _note_assignment(target, node.value, scope, found)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        found.arrays.append(node.value.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id == "self" and isinstance(node.ctx, ast.Load):
            found.attributes.append(node.attr)
        elif node.attr == "shape":
            found.arrays.append(node.value.id)


def _loops(target: ast.expr, source: ast.expr) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield the names that a loop sets, each with the end of its range."""
    if isinstance(target, ast.Name):
        yield target.id, _stop(source)
    elif isinstance(target, ast.Tuple):
        parts = source.args if isinstance(source, ast.Call) else []
        for n, inner in enumerate(target.elts):
            if isinstance(inner, ast.Name | ast.Tuple):
                yield from _loops(inner, parts[n] if len(parts) == len(target.elts) else ast.Constant(0))


def _stop(source: ast.expr) -> ast.expr | None:
    """Return up to where a range goes that begins at 0 and takes steps of 1."""
    if not (
        isinstance(source, ast.Call) and isinstance(source.func, ast.Name) and source.func.id in ("range", "prange")
    ):
        return None
    if len(source.args) == 1:
        return source.args[0]
    begins = source.args[0] if len(source.args) == 2 else None
    return source.args[1] if isinstance(begins, ast.Constant) and begins.value == 0 else None


def _note_assignment(target: ast.expr, value: ast.expr, scope: Scope, found: Scope) -> None:
    shaped = "shape" in ast.dump(value) or "size" in ast.dump(value)
    if isinstance(target, ast.Tuple):
        names = [e.id for e in target.elts if isinstance(e, ast.Name) and e.id != "_"]
        scope.tuples.append(names)
        (found.sizes if shaped else found.scalars).extend(names)
    elif isinstance(target, ast.Name) and isinstance(
        value, ast.BinOp | ast.Constant | ast.Name | ast.Subscript | ast.Call
    ):
        (found.sizes if shaped else found.scalars).append(target.id)
