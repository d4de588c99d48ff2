"""The imports run one way, without circles, and the page that shows them is what they are (docs/house.py reads them)."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "docs"))
import house

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent

# The judge and the judged share integers, not sums.
FORBIDDEN = {("engine", "definition"), ("verify", "engine"), ("verify", "convolution")}


@pytest.fixture(scope="module")
def imports():
    return house.imports()


def written(folder: Path, **files: str) -> Path:
    """A package `convolab` of the given files: {"filters__edges": text} is filters/edges.py."""
    package = folder / "convolab"
    for name, text in {"__init__": "", **files}.items():
        file = package / f"{name.replace('__', '/') if name != '__init__' else name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return package


def test_imports_run_one_way(imports):
    bad = house.against(imports, house.STORY)
    assert not bad, "\n".join(bad)


def test_the_rooms_of_the_network_have_an_order_too(imports):
    bad = house.against(imports, house.NETWORK, house.NETWORK_ROOM)
    assert not bad, "\n".join(bad)


def test_no_two_files_import_each_other(imports):
    assert house.circles(imports) == []


def test_the_judge_and_the_judged_share_no_sums(imports):
    shared = [f"{i.file}:{i.line}" for i in imports if (house.room(i.user), house.room(i.used)) in FORBIDDEN]
    assert not shared


def test_a_planted_import_against_the_order_is_named_with_its_line(tmp_path):
    package = written(tmp_path, filters__edges="import numpy\nfrom convolab.network import data\n", network__data="")
    assert house.against(house.imports(package), house.STORY) == [
        "convolab/filters/edges.py:2: filters imports network, which stands after it"
    ]


def test_a_room_without_a_place_in_the_story_is_named(tmp_path):
    package = written(tmp_path, attic__box="", cli__open="from convolab.attic import box\n")
    assert "'attic' has no place" in house.against(house.imports(package), house.STORY)[0]


def test_planted_circles_are_found_in_functions_and_in_texts_too(tmp_path):
    package = written(
        tmp_path,
        filters__a="def f():\n    from convolab.filters import b\n",
        filters__b='LATER = "convolab.filters.c:run"\n',
        filters__c="import convolab.filters.a\n",
        filters__d="import convolab.filters.a\n",
    )
    assert house.circles(house.imports(package)) == [[f"convolab.filters.{n}" for n in "abc"]]


def test_relative_imports_are_not_used():
    texts = {file: file.read_text() for file in sorted(house.PACKAGE.rglob("*.py"))}
    looking_so = {file: text for file, text in texts.items() if re.search(r"\bfrom\s*\.", text)}
    trees = {file: ast.walk(ast.parse(text)) for file, text in looking_so.items()}
    assert not [f for f, nodes in trees.items() if any(isinstance(n, ast.ImportFrom) and n.level for n in nodes)]


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_a_page_that_tells_of_the_rooms_names_every_one(page):
    text = (ROOT / page).read_text()
    rooms = [name for name in house.STORY if (house.PACKAGE / name).is_dir()]
    assert [name for name in rooms if f"**{name}**" not in text and f"`{name}/`" not in text] == []


def test_the_page_on_architecture_shows_the_imports_as_they_are():
    page = ROOT / "docs" / "architecture.md"
    assert house.in_architecture(page.read_text()) == page.read_text(), "out of date. Run: python docs/generate.py"


ROOMS = [name for name in house.STORY if (house.PACKAGE / name).is_dir()]


# Room after room is imported, in the order of the story, while those that stand after it cannot be.
ROOM_BY_ROOM = """
import importlib, json, sys, traceback
rooms, said = json.load(sys.stdin), {}
for name, _ in rooms:
    sys.modules["convolab." + name] = None
for name, modules in rooms:
    del sys.modules["convolab." + name]
    try:
        for module in modules:
            importlib.import_module(module)
    except Exception:
        said[name] = traceback.format_exc()
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def failures() -> dict[str, str]:
    """What the import of a room says, for those that cannot be imported."""
    rooms = [(room, [name for name in house.modules() if house.room(name) == room]) for room in ROOMS]
    command = [sys.executable, "-W", "error", "-c", ROOM_BY_ROOM]
    run = subprocess.run(command, input=json.dumps(rooms), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_needs_nothing_that_stands_after_it(room, failures):
    assert not failures.get(room), failures[room]
