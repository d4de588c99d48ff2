"""Which tests are run when: `pytest` alone, `make quick`, `make slow`, `make browser`."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIRST
from in_turn import in_turn

import convolab

TESTS = Path(__file__).parent
ROOMS = {path.parent.name for path in Path(convolab.__file__).parent.glob("*/__init__.py")}


def used_by(source: str) -> set[str]:
    """The rooms of convolab that a test file imports from; `cl.` is the operator, which needs an engine."""
    names = re.findall(r"^\s*(?:from|import) convolab\.(\w+)", source, re.MULTILINE)
    direct = re.findall(r"^from convolab import (.+)$", source, re.MULTILINE)
    operator = {"convolution", "engine"} if "cl.conv" in source else set()
    return {*names, *(name.split()[0] for line in direct for name in line.split(", ")), *operator} & ROOMS


def test_the_quick_set_uses_every_room():
    quick = [path.read_text() for path in TESTS.glob("test_*.py") if "pytest.mark.quick" in path.read_text()]
    assert set().union(*map(used_by, quick)) == ROOMS


def test_a_makefile_has_few_targets_and_help_lists_them():
    lines = (TESTS.parent / "Makefile").read_text().splitlines()
    described = [line.split(":")[0] for line in lines if re.match(r"[a-z]+:.* ## ", line)]
    assert {"test", "quick", "slow", "browser", "mutants"} <= set(described) and len(described) <= 12


CALLS = {
    "tests": ["plain", "slow", "browser"],
    "": ["plain"],
    "-m slow": ["slow"],
    "-n 0": ["plain"],
}
SHOW = """
import sys, pytest
class Names:
    def pytest_collection_finish(self, session):
        print("collected", *(item.nodeid for item in session.items), file=sys.__stdout__, flush=True)
for call in sys.argv[1:]:
    print("call", call, file=sys.__stdout__, flush=True)
    for name in [name for name in sys.modules if name.startswith(("conftest", "test_"))]:
        del sys.modules[name]
    pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:zarr", *call.split()], [Names()])
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What pytest collects with this folder's conftest, for each of some calls: the names, in the order of the run."""
    folder = tmp_path_factory.mktemp("sets")
    (folder / "tests").mkdir()
    (folder / "tests" / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    (folder / "tests" / "test_marks.py").write_text(
        "import pytest\n"
        "@pytest.mark.slow\ndef test_slow(): pass\n"
        "@pytest.mark.browser\ndef test_browser(): pass\n"
        "def test_plain(): pass\n"
    )
    for name in ("sets", "ways"):
        (folder / "tests" / f"test_{name}.py").write_text("def test_something(): pass\n")
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\nmarkers =\n  slow\n  browser\n")
    command = [sys.executable, "-c", SHOW, *CALLS]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    lines = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("collected")]
    assert len(lines) == len(CALLS), done.stdout + done.stderr
    return dict(zip(CALLS, lines, strict=True))


@pytest.mark.parametrize("call", CALLS)
def test_pytest_alone_leaves_out_what_is_slow_or_needs_a_browser(call, collected):
    names = [name.split("::test_")[1] for name in collected[call] if "test_marks" in name]
    assert sorted(names) == sorted(CALLS[call])


def test_the_longest_files_begin_and_each_of_them_is_there(collected):
    assert [name for name in FIRST if not (TESTS / f"test_{name}.py").is_file()] == []
    files = list(dict.fromkeys(name.split("::")[0] for name in collected[""]))
    assert files.index("tests/test_ways.py") < files.index("tests/test_sets.py")


def test_every_mark_of_a_file_is_one_of_the_three():
    found = set()
    for path in TESTS.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                found.add(ast.unparse(node.value).removeprefix("pytest.mark."))
    assert found == {"slow", "browser", "quick"}


def by_default(parameters) -> list[tuple]:
    return [p.values for p in parameters if not p.marks]


def test_in_turn_tries_every_value_by_default_and_leaves_no_combination_out():
    found = in_turn("abcd", [1, 2], {"yes": True, "no": False})
    assert by_default(found) == [("a", 1, True), ("b", 2, False), ("c", 2, True), ("d", 1, False)]
    assert len({p.values for p in found}) == len(found) == 16 and found[0].id == "a-1-yes"
    assert {mark.name for p in found for mark in p.marks} == {"slow"}
    assert by_default(in_turn("ab", "xyz", every=2)) == [("a", "x"), ("a", "z"), ("b", "y")]


def test_in_turn_refuses_to_leave_a_value_to_the_slow_tests_alone():
    with pytest.raises(AssertionError, match="y, z of list 1 would be tried by `make slow` alone"):
        in_turn("a", "xyz")
