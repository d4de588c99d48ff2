"""The imports run one way: a folder of the package uses only what stands before it in the story."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import convolab

pytestmark = pytest.mark.quick

PACKAGE = Path(convolab.__file__).parent

# The order of the story; `cli` sees everything.
ORDER = (
    "errors parts files environment geometry definition engine convolution pictures filters gradient network verify "
    "views bench cli __init__ __main__"
).split()
# The judge and the judged share integers, not sums.
FORBIDDEN = {("engine", "definition")}


def imported_rooms(source: str) -> list[tuple[int, str]]:
    """(line, room) of every import of a part of convolab in the source text, wherever in the file it stands."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            found.append((node.lineno, "relative import"))
        elif isinstance(node, ast.ImportFrom) and node.module == "convolab":
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("convolab."):
            found.append((node.lineno, node.module.split(".")[1]))
        elif isinstance(node, ast.Import):
            found += [(node.lineno, a.name.split(".")[1]) for a in node.names if a.name.startswith("convolab.")]
    return found


def violations(room: str, source: str, name: str) -> list[str]:
    """The lines of a file in `room` that break the order, each as a sentence."""
    bad = []
    for line, target in imported_rooms(source):
        if target == "__version__" or target == room:
            continue
        if target not in ORDER:
            bad.append(f"{name}:{line} imports {target!r}, which is not a room of convolab")
        elif ORDER.index(target) > ORDER.index(room):
            bad.append(f"{name}:{line} ({room}) imports {target}, which stands after it")
        elif (room, target) in FORBIDDEN:
            bad.append(f"{name}:{line} ({room}) imports {target}: the judge and the judged share no sums")
    return bad


def test_imports_run_one_way():
    bad = []
    for file in sorted(PACKAGE.rglob("*.py")):
        relative = file.relative_to(PACKAGE)
        bad += violations(relative.parts[0].removesuffix(".py"), file.read_text(), str(relative))
    assert not bad, "\n".join(bad)


def test_a_planted_import_against_the_order_is_named_with_its_line():
    source = "import numpy\nfrom convolab.network import data\n"
    assert violations("filters", source, "filters/edges.py") == [
        "filters/edges.py:2 (filters) imports network, which stands after it"
    ]
    inside = "def f():\n    from convolab.definition import loops\n"
    assert "share no sums" in violations("engine", inside, "engine/numpy.py")[0]


ROOMS = [room for room in ORDER if (PACKAGE / room).is_dir()]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_needs_nothing_that_stands_after_it(room):
    later = ROOMS[ROOMS.index(room) + 1 :]
    modules = [
        ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
        for file in sorted((PACKAGE / room).rglob("*.py"))
    ]
    code = (
        "import importlib, sys\n"
        f"for later in {later}: sys.modules['convolab.' + later] = None\n"
        f"for name in {modules}: importlib.import_module(name.removesuffix('.__init__'))\n"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
