"""How long do several ways of doing one thing take, measured side by side?

On a shared machine the clock drifts by tens of per cent within a minute, so the ways take turns, round by round, and
the median of each is kept: the drift then falls on all of them alike.
"""

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

SHORTEST = 5e-3  # seconds that one measurement lasts at least: shorter functions are called several times


Clock = Callable[[], float]  # seconds since some moment


def measure(
    contests: Iterable[dict[str, Any]],
    *,
    seconds: float,
    report: Callable[[dict[str, Any]], None],
    clock: Clock = time.perf_counter,
) -> list[dict[str, Any]]:
    """Rows of a benchmark: one for each entrant of each contest.

    Parameters
    ----------
    contests : iterable of dict
        `case` (its name), `entrants` ({name: function of no argument}), and, where a speed is wanted, `unit` (such as
        "gflops") with `work`, the amount in that unit that one call does. Other keys are copied into the rows.
    seconds : float
        Time for each entrant of each contest.
    report : callable
        Called with each row as soon as it is known.
    clock : callable
        Tells the seconds; a test gives one of its own.

    Returns
    -------
    list of dict
        `case`, `engine`, `seconds` (median of one call), `rounds`, `<unit>`, and `ratio`: how many times as long as
        the contest's first entrant it took.
    """
    rows = []
    for contest in contests:
        for row in _contest_rows(contest, seconds=seconds, clock=clock):
            report(row)
            rows.append(row)
    return rows


def _contest_rows(contest: dict[str, Any], *, seconds: float, clock: Clock) -> list[dict[str, Any]]:
    times = take_turns(contest["entrants"], seconds=seconds, clock=clock)
    first = median(next(iter(times.values())))
    extra = {key: value for key, value in contest.items() if key not in ("case", "entrants", "unit", "work")}
    rows = []
    for name, measured in times.items():
        typical = median(measured)
        row = {"case": contest["case"], "engine": name, "seconds": typical, "rounds": len(measured)}
        if "unit" in contest:
            row[contest["unit"]] = contest["work"] / typical
        rows.append(row | {"ratio": typical / first} | extra)
    return rows


def take_turns(
    entrants: dict[str, Callable[[], object]], *, seconds: float, clock: Clock = time.perf_counter
) -> dict[str, list[float]]:
    """Seconds of single calls of each entrant, measured in turns, each round starting with another one."""
    repeats = {name: _calls_per_measurement(function, clock) for name, function in entrants.items()}
    times: dict[str, list[float]] = {name: [] for name in entrants}
    names, end = list(entrants), clock() + seconds * len(entrants)
    while len(times[names[0]]) < 3 or clock() < end:
        for name in names:
            times[name].append(_time_calls(entrants[name], repeats[name], clock))
        names.append(names.pop(0))
    return {name: times[name] for name in entrants}


def _calls_per_measurement(function: Callable[[], object], clock: Clock) -> int:
    """Warm up, then find how many calls last SHORTEST."""
    function()
    return max(1, round(SHORTEST / max(_time_calls(function, 1, clock), 1e-9)))


def _time_calls(function: Callable[[], object], repeats: int, clock: Clock) -> float:
    start = clock()
    for _ in range(repeats):
        function()
    return (clock() - start) / repeats
