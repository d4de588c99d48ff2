"""A pytest plugin: which lines of the package does each test run?

`python -m pytest -n 0 -p tests.covered_lines --lines FILE …` writes FILE, JSON: for every test its outcome, its
seconds, and {file: lines} of what it ran, with fixtures; under the name of a test file alone, what importing it ran.
"""

import json
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest


class Tracer:
    """Notes each line of a folder's files once for each test.

    Attributes
    ----------
    lines : dict of {str: set of int}
        Of the test at hand, by the file's path from the folder's parent.
    """

    def __init__(self, folder: Path):
        self.folder, self.lines = folder, defaultdict(set)
        self.names: dict = {}  # of code: the file's path; None for files outside the folder
        self.waiting: dict = {}  # of code: lines that the test at hand has not run

    def start_of(self, test: str) -> None:
        self.lines, self.waiting = defaultdict(set), {}

    def name_of(self, code) -> str | None:
        path = Path(code.co_filename)
        return str(path.relative_to(self.folder.parent)) if path.is_relative_to(self.folder) else None

    def __call__(self, frame, event, argument):
        """The trace function of a call: none where every line has been seen, or where the file is another's."""
        code = frame.f_code
        if code not in self.names:
            self.names[code] = self.name_of(code)
        name = self.names[code]
        if name is None:
            return None
        waiting = self.waiting.get(code)
        if waiting is None:
            waiting = self.waiting[code] = {line for *_, line in code.co_lines() if line}
        return self.line(waiting, self.lines[name]) if waiting else None

    def line(self, waiting: set, seen: set):
        def note(frame, event, argument):
            if event == "line" and (number := frame.f_lineno) in waiting:
                waiting.discard(number)
                seen.add(number)
            return note

        return note


class CoveredLines:
    """Hooks that book what the tracer saw to the test that was running."""

    def __init__(self, folder: Path, target: Path):
        self.target, self.tracer, self.tests = target, Tracer(folder), {}
        sys.settrace(self.tracer)
        threading.settrace(self.tracer)

    def book(self, name: str, seconds: float) -> None:
        lines = {file: sorted(found) for file, found in self.tracer.lines.items() if found}
        self.tests[name] = {"seconds": round(seconds, 4), "lines": lines, "outcome": "passed"}

    def pytest_collectstart(self, collector):
        if isinstance(collector, pytest.Module):
            self.tracer.start_of(collector.nodeid)

    def pytest_collectreport(self, report):
        if report.nodeid.endswith(".py"):
            self.book(report.nodeid, 0.0)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item):
        self.tracer.start_of(item.nodeid)
        start = time.perf_counter()
        outcomes = self.outcomes = []
        yield
        self.book(item.nodeid, time.perf_counter() - start)
        self.tests[item.nodeid]["outcome"] = next((o for o in outcomes if o != "passed"), "passed")

    def pytest_runtest_logreport(self, report):
        self.outcomes.append(report.outcome)

    def pytest_sessionfinish(self):
        sys.settrace(None)
        threading.settrace(None)
        self.target.write_text(json.dumps(self.tests))


def pytest_addoption(parser):
    parser.addoption("--lines", metavar="FILE", help="write the lines that each test runs")


def pytest_configure(config):
    if config.getoption("--lines"):
        folder = config.rootpath / "convolab"
        config.pluginmanager.register(CoveredLines(folder, Path(config.getoption("--lines"))))
