"""No clock decides: what reads one is known, and says what for."""

import ast
import threading
from pathlib import Path

from hypothesis import HealthCheck, settings

from convolab.cli import console

PACKAGE = Path(__file__).parents[1] / "convolab"

# Every module that reads a clock, and what for. A verdict, the bits of a run and the number of probes are none of it.
READ_A_CLOCK = {
    "cli/console.py": "progress",
    "bench/sizes.py": "benchmarks",
    "bench/growth.py": "benchmarks",
    "bench/timing.py": "benchmarks",
    "cli/train.py": "a time that is reported",
    "filters/files.py": "a speed that is reported",
    "lab/writing.py": "the time of saving, which the page shows",
    "network/evaluate.py": "a time that is reported",
    "network/data/fetch.py": "a line that trickles is given up",
    "network/hazards/evaluation.py": "a time that is reported",
    "network/training/loop.py": "times that are reported, and when to save",
    "network/finish.py": "a time that is reported",
    "network/train.py": "a time that is reported",
    "verify/contained.py": "--timeout",
    "verify/judge.py": "a time that is reported",
    "verify/watching.py": "it waits between two looks at a file",
    "verify/sobel/judge.py": "a time that is reported",
    "verify/exercise1/inside/watch.py": "a hand-in that sleeps does not",
}


def reads_a_clock(path: Path) -> bool:
    """Whether a module imports `time`, as a whole or in part."""
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {n.name for i in imports if isinstance(i, ast.Import) for n in i.names}
    return "time" in names | {i.module for i in imports if isinstance(i, ast.ImportFrom)}


def test_only_these_modules_read_a_clock():
    found = {p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py") if reads_a_clock(p)}
    assert found == set(READ_A_CLOCK)


def test_no_generated_example_has_a_deadline():
    assert settings.default.deadline is None and HealthCheck.too_slow in settings.default.suppress_health_check


def test_what_takes_long_to_load_is_said_and_what_does_not_is_not(monkeypatch):
    lines, said = [], threading.Event()
    monkeypatch.setattr(console, "_note", lambda line: (lines.append(line), said.set()))
    with console.loading("torch", after=0):
        assert said.wait(60)
    with console.loading("nothing", after=3600):
        pass
    assert lines == ["loading torch …"]
