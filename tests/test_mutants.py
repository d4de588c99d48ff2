"""The search for faults that no test notices is itself held to faults whose fate is known."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mutations
import pytest

TESTS = Path(__file__).parent


def changes(source: str) -> set[tuple[str, str]]:
    return {(m.before, m.after) for m in mutations.mutants("x.py", source)}


@pytest.mark.parametrize("source, expected", [
    ("y = a < b", {("a < b", "(a <= b)")}),
    ("y = a and b", {("a and b", "(a or b)")}),
    ("y = a - b", {("a - b", "(a + b)")}),
    ("y = not a", {("not a", "a")}),
    ("y = a if b else c", {("b", "(not b)")}),
    ("y = min(a)", {("min(a)", "max(a)")}),
    ("y = np.maximum(a, b)", {("np.maximum(a, b)", "np.minimum(a, b)")}),
    ("y = a[i]", {("a[i]", "a[i + 1]")}),
    ("y = 5", {("5", "6"), ("5", "4")}),
    ("def f(*, a=True): ...", {("True", "False")}),
    ("if a:\n    b()", {("a", "(not a)"), ("b()", "pass")}),
    ("y = 'ö' + a", {("'ö' + a", "('ö' - a)")}),
])  # fmt: skip
def test_a_fault_of_each_kind_is_put_where_it_can_be(source, expected):
    whole = (source, "pass")
    assert changes(source) - {whole} == expected


def test_texts_types_messages_and_imports_stay_as_they_are():
    source = '''
"""A text with 1 < 2."""
from a import b
@keep(5)
def f(x: Literal[1]) -> Array[2]:
    """More of it: 3."""
    raise ValueError(f"got {x + 1}")
'''
    assert changes(source) == set()


def test_every_mutant_is_the_file_with_one_place_changed():
    source = (TESTS.parent / "convolab" / "geometry" / "relation.py").read_text()
    found = mutations.mutants("relation.py", source)
    assert len(found) > 100 and len({m.key for m in found}) == len(found)
    for mutant in found:
        assert source[mutant.start : mutant.end] == mutant.before
        assert mutant.applied(source) != source
        assert mutant.text == source.split("\n")[mutant.line - 1].strip()


SOURCE = "def larger(a, b):\n    return a if a > b else b\n\n\ndef unused(a):\n    return a + 1\n"
TEST = """
from convolab.geometry.x import larger, unused
def test_the_larger_of_two(): assert larger(1, 2) == larger(2, 1) == 2
def test_the_other_loosely(): assert unused(1) in (2, 3)
"""
RUN = """
import sys, mutants
from pathlib import Path
mutants.ROOT, mutants.COPIED, mutants.HEAVY = Path.cwd(), ("convolab", "tests"), ()
mutants.HARMLESS = Path("harmless.json")
sys.argv[1:] = ["--rooms", "geometry", "--count", "9", "--json", "result.json"]
sys.exit(mutants.main())
"""


@pytest.mark.slow
def test_a_fault_that_a_test_notices_is_told_from_one_that_none_does_and_from_a_harmless_one(tmp_path):
    (tmp_path / "convolab" / "geometry").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    for name in ("convolab/__init__.py", "convolab/geometry/__init__.py", "tests/__init__.py"):
        (tmp_path / name).write_text("")
    (tmp_path / "convolab" / "geometry" / "x.py").write_text(SOURCE)
    (tmp_path / "tests" / "test_x.py").write_text(TEST)
    shutil.copy(TESTS / "covered_lines.py", tmp_path / "tests")
    why = {
        "key": "convolab/geometry/x.py: return a if a > b else b: a > b → (a >= b)",
        "why": "of equals both are right",
    }
    (tmp_path / "harmless.json").write_text(json.dumps([why]))
    # For each fault pytest begins anew, with all the plugins that there are.
    environment = os.environ | {"PYTHONPATH": str(TESTS), "PYTEST_ADDOPTS": "-p no:zarr"}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "result.json").is_file(), done.stderr
    result = json.loads((tmp_path / "result.json").read_text())
    left = {(entry["before"], entry["after"]): entry["why"] for entry in result["not noticed"]}
    assert left == {("a > b", "(a >= b)"): why["why"], ("1", "2"): ""}
    assert result["rooms"]["geometry"] == {"tried": 4, "noticed": 2, "harmless": 1}
