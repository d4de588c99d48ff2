"""The house as its imports are: which room uses which, drawn and told for docs/architecture.md, and checked by tests.

Nothing here is written by hand but the order of the story. A room is a folder or a file directly in `convolab/`; the
network's own rooms are its folders. An import counts wherever in a file it stands, and so does a text such as
"convolab.bench.ops:contests", which names a module that is loaded later.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from convolab.drawing import Drawing, shapes

PACKAGE = Path(__file__).parent.parent / "convolab"
# The order of the story: a room uses only what stands before it.
STORY = (
    "errors parts files environment palette drawing geometry definition fitting transforms engine convolution "
    "pictures filters gradient network verify views lab bench cli"
).split()
NETWORK_ROOM = "convolab.network"
NETWORK = "data model training digits report hazards finish train predict evaluate".split()
# Every room may use these; the picture leaves the lines to them out, the table does not.
ROOT = {"errors", "parts", "files", "environment", "palette", "drawing"}
# The doors: one names every public name, the other is `python -m convolab`. Only the version is taken from them.
DOOR = "convolab"
DOORS = {DOOR, "convolab.__main__"}
LATER = re.compile(r"convolab(\.\w+)+(:\w+)?")


@dataclass(frozen=True)
class Import:
    """One import: module `user` names module `used` at a line of a file."""

    user: str
    used: str
    file: str
    line: int


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def named(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything of convolab that a file names, by an import or by a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] == DOOR:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.split(".")[0] == DOOR)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and LATER.fullmatch(node.value):
            yield node.lineno, node.value.replace(":", ".")


@cache
def _named(text: str) -> list[tuple[int, str]]:
    """What a file's text names; a text that is asked for again is not read again."""
    return list(named(ast.parse(text)))


def imports(package: Path = PACKAGE) -> list[Import]:
    """Every import between modules of the package, but those by the two doors and of them."""
    known, found = modules(package), []
    for user, file in known.items():
        for line, name in _named(file.read_text(encoding="utf-8")):
            while name not in known:
                name = name.rpartition(".")[0]
            if not DOORS & {user, name} and name != user:
                found.append(Import(user, name, str(file.relative_to(package.parent)), line))
    return found


def room(module: str, inside: str = DOOR) -> str | None:
    """The room of a module in the package, or in one of its folders; None for what lies elsewhere."""
    return module.removeprefix(f"{inside}.").split(".")[0] if module.startswith(f"{inside}.") else None


def uses(found: list[Import], inside: str = DOOR) -> dict[str, set[str]]:
    """For each room those that it uses."""
    graph: dict[str, set[str]] = {}
    for one in found:
        user, used = room(one.user, inside), room(one.used, inside)
        if user and used and user != used:
            graph.setdefault(user, set()).add(used)
    return graph


def against(found: list[Import], order: list[str], inside: str = DOOR) -> list[str]:
    """The imports that break an order, each as a sentence."""
    bad = []
    for one in found:
        user, used = room(one.user, inside), room(one.used, inside)
        if user is None or used is None or user == used:
            continue
        strange = next((name for name in (user, used) if name not in order), None)
        if strange:
            bad.append(f"{one.file}:{one.line}: {strange!r} has no place in the order of the story")
        elif order.index(used) > order.index(user):
            bad.append(f"{one.file}:{one.line}: {user} imports {used}, which stands after it")
    return bad


def circles(found: list[Import]) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others (Tarjan's components)."""
    graph: dict[str, set[str]] = {}
    for one in found:
        graph.setdefault(one.user, set()).add(one.used)
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        stack.append(module)
        for used in sorted(graph.get(module, ())):
            if used not in number:
                visit(used)
            if used in stack:
                lowest[module] = min(lowest[module], lowest[used])
        if lowest[module] == number[module]:
            start = stack.index(module)
            if len(stack) - start > 1:
                groups.append(sorted(stack[start:]))
            del stack[start:]

    for module in sorted(graph):
        if module not in number:
            visit(module)
    return groups


def answer(name: str) -> str:
    """What a room answers: the first sentence of its docstring."""
    file = PACKAGE / name / "__init__.py"
    tree = ast.parse((file if file.exists() else PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
    return " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())


def table() -> str:
    """The rooms in the order of the story, each with what it answers and what it uses."""
    found = imports()
    lines = ["| room | what it answers | uses |", "| --- | --- | --- |"]
    lines += _rows(STORY, uses(found), "")
    lines += _rows(NETWORK, uses(found, NETWORK_ROOM), "network/")
    return "\n".join(lines)


def _rows(order: list[str], graph: dict[str, set[str]], before: str) -> list[str]:
    rows = []
    for name in order:
        used = ", ".join(sorted(graph.get(name, ()), key=order.index)) or "–"
        slash = "/" if (PACKAGE / before / name).is_dir() else ""
        rows.append(f"| `{before}{name}{slash}` | {answer(before + name)} | {used} |")
    return rows


# Built on all the others, and drawn as floors under them.
FLOORS = ("bench", "cli")
BOX, COLUMN, ROW, EDGE = (108, 36), 164, 64, 24


def reduced(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The graph without the edges that follow from others (its transitive reduction; the graph has no circles)."""

    def reached(name: str) -> set[str]:
        near = graph.get(name, set())
        return near.union(*map(reached, near))

    return {name: near - set().union(*map(reached, near)) for name, near in graph.items()}


def places(order: list[str], graph: dict[str, set[str]]) -> dict[str, tuple[float, float]]:
    """Where each room stands: a column further right than all that it uses, as high as they are on average."""
    column: dict[str, int] = {}
    for name in order:
        column[name] = 1 + max((column[used] for used in graph.get(name, ())), default=-1)
    height: dict[str, float] = {}
    for n in range(1 + max(column.values())):
        members = [name for name in order if column[name] == n]
        wanted = {m: _mean([height[used] for used in graph.get(m, ())]) for m in members}
        members.sort(key=lambda name: wanted[name])
        middle = _mean([wanted[name] for name in members])
        for k, name in enumerate(members):
            height[name] = middle + k - (len(members) - 1) / 2
    top = min(height.values())
    return {name: (EDGE + COLUMN * column[name], 60 + ROW * (height[name] - top)) for name in order}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def picture() -> str:
    """The graph: a line from each room, on the right, to what it uses, on the left."""
    order = [name for name in STORY if name not in ROOT and name not in FLOORS]
    graph = {name: used & set(order) for name, used in uses(imports()).items() if name in order}
    graph = reduced(graph)
    at = places(order, graph)
    width = max(x for x, _ in at.values()) + BOX[0] + EDGE
    bottom = max(y for _, y in at.values()) + BOX[1] + 22
    body = [shapes.text(EDGE, 32, "Which room uses which", "title")]
    for user in order:
        body += [shapes.path(list(_curve(at[used], at[user])), "edge") for used in sorted(graph.get(user, ()))]
    for name, (x, y) in at.items():
        body += [shapes.rect(x, y, *BOX, "cell empty", rounded=8), shapes.text(x + BOX[0] / 2, y + 23, name, "middle")]
    for n, name in enumerate(FLOORS):
        y = bottom + n * (BOX[1] + 8)
        body += [shapes.rect(EDGE, y, width - 2 * EDGE, BOX[1], "cell empty", rounded=8)]
        body += [shapes.text(width / 2, y + 23, name, "middle")]
    height = bottom + len(FLOORS) * (BOX[1] + 8) + 30
    body += [
        shapes.text(
            EDGE,
            height - 14,
            "Lines lead left, to what a room uses. Lines that follow from others are left out.",
            "small muted",
        )
    ]
    return Drawing(width, height, "The rooms of convolab and the imports between them", body).svg()


def _curve(used: tuple[float, float], user: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """From the right side of one box to the left side of another, level at both ends."""
    (x0, y0), (x1, y1) = (used[0] + BOX[0], used[1] + BOX[1] / 2), (user[0], user[1] + BOX[1] / 2)
    for n in range(25):
        s = n / 24
        yield x0 + (x1 - x0) * s, y0 + (y1 - y0) * (3 * s * s - 2 * s**3)


BEGIN, END = "<!-- rooms: written by docs/generate.py -->", "<!-- /rooms -->"


def in_architecture(text: str) -> str:
    """The page on architecture with its table of rooms written anew."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"
