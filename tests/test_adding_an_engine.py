"""A new engine is one module and one line: here `toy_engine.py`, which the tests and the commands take as they are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import convolab

TESTS = Path(__file__).parent
PACKAGE = Path(convolab.__file__).parent
TABLE = "ENGINES: dict[str, tuple[str, str, str]] = {\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the package as it is, except for one module and one line more."""
    folder = tmp_path_factory.mktemp("with_a_toy")
    copy = folder / "convolab"
    (copy / "engine").mkdir(parents=True)
    for original, target in (PACKAGE, copy), (PACKAGE / "engine", copy / "engine"):
        for entry in original.iterdir():
            if entry.name not in ("engine", "__pycache__"):
                (target / entry.name).symlink_to(entry)
    source = (PACKAGE / "engine" / "__init__.py").read_text(encoding="utf-8")
    assert source.count(TABLE) == 1
    (copy / "engine" / "__init__.py").unlink()
    line = '    "toy": ("convolab.engine.toy", "numpy", ""),\n'
    (copy / "engine" / "__init__.py").write_text(source.replace(TABLE, TABLE + line), encoding="utf-8")
    (copy / "engine" / "toy.py").write_text((TESTS / "toy_engine.py").read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Python in a process of its own, whose package is the one in the folder."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True)


INTEGERS = {"test_integers_come_out_exact", "test_integers_are_exact_whichever_type_they_are_multiplied_in"}


@pytest.mark.parametrize(
    "chosen, least",
    [
        ("toy and test_integers", 2),
        pytest.param("toy and not sixteen and not many", 150, marks=pytest.mark.slow),
    ],
    ids=["of integers", "every"],
)
def test_every_case_of_test_engines_collects_a_new_engine_and_it_passes_integers_included(folder, chosen, least):
    settings = ["-c", str(TESTS.parent / "pyproject.toml"), "-n", "0", "-vv", "-p", "no:cacheprovider"]
    done = run(folder, "-m", "pytest", *settings, str(TESTS / "test_engines.py"), "-k", chosen)
    assert done.returncode == 0, done.stdout[-3000:]
    passed = re.findall(r"::(\w+)\[.*toy.*\] PASSED", done.stdout)
    assert {*passed} >= INTEGERS and len(passed) >= least and "skipped" not in done.stdout


@pytest.mark.parametrize("command", ["gradcheck --input 5x6 --weight 3x2", "maximize --steps 2"])
def test_a_command_with_engine_takes_a_new_engine(folder, command):
    code = f"""
from convolab.cli import main
from convolab.engine import toy
calls, forward = [], toy.forward
toy.forward = lambda *args: calls.append(1) or forward(*args)
assert main({command.split()!r} + ["--engine", "toy"]) == 0
print("the toy was called", len(calls) > 0)
"""
    done = run(folder, "-c", code)
    assert done.returncode == 0 and "the toy was called True" in done.stdout, done.stderr
