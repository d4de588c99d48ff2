"""A new engine is one module and one line: here `toy_engine.py`, which the tests and the commands take as they are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def run(*arguments: str) -> subprocess.CompletedProcess:
    """Python in a process of its own, in which the toy engine can be imported."""
    path = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=TESTS.parent, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True
    )


def test_every_case_of_test_engines_collects_a_new_engine_and_it_passes_integers_included():
    # One test starts processes of its own, whose tables have no toy.
    chosen = "toy and not number_of_threads"
    done = run("-m", "pytest", "-n", "0", "-p", "toy_engine", "tests/test_engines.py", "-k", chosen, "-v")
    assert done.returncode == 0, done.stdout[-3000:]
    passed = re.findall(r"::(\w+)\[\S*toy\S*.*\] PASSED", done.stdout)
    assert {"test_integers_come_out_exact", "test_integers_are_exact_whichever_type_they_are_multiplied_in"} <= set(
        passed
    )
    assert len(passed) > 150 and "skipped" not in done.stdout


@pytest.mark.parametrize("command", ["gradcheck --input 5x6 --weight 3x2", "maximize --steps 2"])
def test_a_command_with_engine_takes_a_new_engine(command):
    code = f"""
import toy_engine
from convolab.cli import main
calls, forward = [], toy_engine.forward
toy_engine.forward = lambda *args: calls.append(1) or forward(*args)
assert main({command.split()!r} + ["--engine", "toy"]) == 0
print("the toy was called", len(calls) > 0)
"""
    done = run("-c", code)
    assert done.returncode == 0 and "the toy was called True" in done.stdout, done.stderr
