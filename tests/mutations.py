"""The small faults that a program can have: every place of a Python source at which one can be put, and the source with
it. Only the place itself is written anew, so that a fault is one line of a diff."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.MatMult: ast.Mult,
}  # fmt: skip
NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum", "maximum": "minimum",
    "argmin": "argmax", "argmax": "argmin", "floor": "ceil", "ceil": "floor",
}  # fmt: skip
# What a text holds, an annotation says, a decorator keeps or a message tells changes no value.
SILENT = (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Assert)


@dataclass(frozen=True)
class Mutant:
    """One fault: characters `start` to `end` of the file, `before`, become `after`; `text` is the whole line."""

    file: str
    line: int
    start: int
    end: int
    before: str
    after: str
    operator: str
    text: str = ""

    @property
    def key(self) -> str:
        """What tells the fault from every other, as long as the file stays as it is."""
        return f"{self.file}:{self.line}:{self.start} {self.before} → {self.after}"

    def applied(self, source: str) -> str:
        return source[: self.start] + self.after + source[self.end :]


def mutants(file: str, source: str) -> list[Mutant]:
    """Every mutant of a source that compiles and differs from it, in the order of the lines."""
    found = {}
    starts = _line_starts(source)
    for node, changed, operator in _changes(ast.parse(source)):
        start, end = (
            starts[line - 1] + len(_line(source, starts, line).encode()[:column].decode())
            for line, column in ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))
        )
        after = ast.unparse(changed)
        after = f"({after})" if isinstance(changed, ast.UnaryOp | ast.BoolOp | ast.BinOp | ast.Compare) else after
        text = _line(source, starts, node.lineno).strip()
        mutant = Mutant(file, node.lineno, start, end, source[start:end], after, operator, text)
        if _compiles(mutant.applied(source)):
            found[mutant.key] = mutant
    return sorted(found.values(), key=lambda m: (m.line, m.start, m.after))


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _line(source: str, starts: list[int], number: int) -> str:
    return source[starts[number - 1] : starts[number] - 1]


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _changes(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST, str]]:
    """(node, what stands there instead, the kind of fault) for all that a program computes."""
    for node in _computing(tree):
        for kind, change in OPERATORS.items():
            yield from ((place, changed, kind) for place, changed in change(node))


def _computing(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below one that take part in computing: no texts, annotations, decorators, imports, messages."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, SILENT) and not _guard(child):
                yield from _computing(child)


def _guard(node: ast.AST) -> bool:
    """Whether it is `strict=…` of a zip, which no right program needs, or the list `__all__`."""
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    return isinstance(node, ast.Assign | ast.AnnAssign) and "__all__" in ast.dump(node)


def comparison(node):
    """a < b → a <= b, a == b → a != b, …"""
    if isinstance(node, ast.Compare):
        for n, operator in enumerate(node.ops):
            operators = [*node.ops[:n], COMPARISONS[type(operator)](), *node.ops[n + 1 :]]
            yield node, ast.Compare(node.left, operators, node.comparators)


def constant(node):
    """A number is one more or one less."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from ((node, ast.Constant(node.value + step)) for step in (1, -1))


def switch(node):
    """True → False; this reaches defaults and keywords too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, ast.Constant(not node.value)


def arithmetic(node):
    """a + b → a - b, …"""
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield node, ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)


def sign(node):
    """-a → a, not a → a"""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield node, node.operand


def logic(node):
    """a and b → a or b"""
    if isinstance(node, ast.BoolOp):
        yield node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def condition(node):
    """if a → if not a, b if a else c → b if not a else c"""
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.Compare | ast.UnaryOp):
        yield node.test, ast.UnaryOp(ast.Not(), node.test)


def extreme(node):
    """min(…) → max(…), .any() → .all()"""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
        yield node, ast.Call(ast.Name(NAMES[node.func.id]), node.args, node.keywords)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in NAMES:
        yield node, ast.Call(ast.Attribute(node.func.value, NAMES[node.func.attr]), node.args, node.keywords)


def index(node):
    """a[i] → a[i + 1], for a position that is no constant"""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.Name):
        yield node, ast.Subscript(node.value, ast.BinOp(node.slice, ast.Add(), ast.Constant(1)), node.ctx)


def deletion(node):
    """A statement is not done."""
    if isinstance(node, ast.Assign | ast.AugAssign) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ):
        yield node, ast.Pass()


OPERATORS = {f.__name__: f for f in (
    comparison, constant, switch, arithmetic, sign, logic, condition, extreme, index, deletion,
)}  # fmt: skip
