"""What `convolab bench growth` measures: how the cost grows with kernels, images, channels, batches, lengths, threads.

A series is one kind of work along one axis. Ours and the peers take turns at each point; who takes longer than
`SLOW` is called once more and no further along the series, so that the whole run ends within a few minutes.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from statistics import median
from typing import Any

from convolab.bench.growth_series import SERIES, GrowthSeries
from convolab.bench.ops import QUIET
from convolab.bench.timing import take_turns
from convolab.engine.repaid import set_compile

SLOW = 0.5  # seconds of a call from which it is not repeated
EACH = 0.08  # seconds for each entrant of a point, and at least three turns
THREADED = ("box, bytes", "any kernel, float32", "depthwise, forward")  # series whose middle point is measured again


def measure(
    *, seeds: int, only: str, peers: bool, report: Callable[[dict[str, Any]], None]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Measure every point of every series whose name contains `only`; returns the rows, and what to say about them."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    set_compile("always")
    rows = []
    for series in SERIES:
        for row in _series_rows(series, only, _installed(peers)):
            report(row)
            rows.append(row)
    for row in _thread_rows(only):
        report(row)
        rows.append(row)
    return rows, {"seconds_each": EACH}


def _installed(peers: bool) -> set[str]:
    return {name for name in ("cv2", "scipy", "torch") if peers and find_spec(name)}


def _series_rows(series: GrowthSeries, only: str, installed: set[str]) -> Iterator[dict[str, Any]]:
    gone: set[str] = set()
    for x in series.points:
        case = f"{series.name}: {x:g}"
        if only in case:
            entrants = {name: call for name, call in series.entrants(x, installed).items() if name not in gone}
            times = _times(entrants)
            gone |= {name for name, measured in times.items() if name != "convolab" and median(measured) > SLOW}
            ours = median(times["convolab"])
            for name, measured in times.items():
                yield {
                    "case": case, "engine": name, "seconds": median(measured), "rounds": len(measured),
                    "ratio": median(measured) / ours, "series": series.name, "axis": series.axis, "x": x,
                }  # fmt: skip


def _times(entrants: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Seconds of single calls: of fast entrants in turns, of slow ones once after the first call."""
    first = {name: _timed(call) for name, call in entrants.items()}
    first = {name: min(seconds, _timed(entrants[name])) for name, seconds in first.items()}
    fast = {name: call for name, call in entrants.items() if first[name] <= SLOW}
    times = take_turns(fast, seconds=EACH) if fast else {}
    return {name: times.get(name, [first[name]]) for name in entrants}


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _thread_rows(only: str) -> Iterator[dict[str, Any]]:
    """Ours with 1, 2, … threads, each number in a process of its own."""
    for name in THREADED:
        case = f"threads, {name}"
        if only in case:
            for threads in range(1, (os.cpu_count() or 1) + 1):
                environment = os.environ | {"HL_NUM_THREADS": str(threads)}
                program = f"import json, convolab.bench.growth as g; print(json.dumps(g.alone({name!r})))"
                done = subprocess.run(
                    [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
                )
                yield {
                    "case": f"{case}: {threads}", "engine": "convolab", "seconds": json.loads(done.stdout),
                    "series": "threads", "axis": "threads", "x": threads, "line": name,
                }  # fmt: skip


def alone(name: str) -> float:
    """Seconds of our call at the middle point of a series, in this process."""
    set_compile("always")
    series = next(s for s in SERIES if s.name == name)
    call = series.entrants(series.points[len(series.points) // 2], set())["convolab"]
    return median(take_turns({"convolab": call}, seconds=5 * EACH)["convolab"])
