"""The benchmark of growth: its series, who goes how far along them, and the page that is written from the record."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from convolab.bench import growth
from convolab.bench.growth_series import SERIES, GrowthSeries

sys.path.insert(0, str(Path(__file__).parent.parent / "docs"))
import growth_page

NONE: set[str] = set()


def measured(monkeypatch, series, only=""):
    monkeypatch.setattr(growth, "SERIES", series)
    monkeypatch.setattr(growth, "EACH", 0.0)
    told = []
    rows, about = growth.measure(seeds=1, only=only, peers=True, report=told.append)
    assert told == rows and about == {"seconds_each": 0.0}
    return rows


def test_who_takes_too_long_is_called_once_more_and_goes_no_further(monkeypatch):
    calls: dict[str, list[int]] = {"convolab": [], "slow": []}

    def entrants(x, installed):
        return {name: lambda name=name: calls[name].append(x) for name in calls}

    monkeypatch.setattr(growth, "_timed", lambda call: (call(), 9.0 if calls["slow"][-1:] == [2] else 0.01)[1])
    monkeypatch.setattr(growth, "THREADED", ())
    rows = measured(monkeypatch, [GrowthSeries("naps", "minutes", (1, 2, 3), entrants)])
    assert {(row["engine"], row["x"]) for row in rows} == {
        ("convolab", 1), ("slow", 1), ("convolab", 2), ("slow", 2), ("convolab", 3)
    }  # fmt: skip
    assert calls["slow"].count(2) == 2 and 3 not in calls["slow"]
    assert all({"case", "seconds", "ratio", "series", "axis"} <= set(row) for row in rows)


def test_only_the_cases_that_are_named_are_measured(monkeypatch):
    def entrants(x, installed):
        return {"convolab": lambda: None}

    monkeypatch.setattr(growth, "THREADED", ())
    naps = [GrowthSeries(name, "minutes", (1, 20), entrants) for name in ("naps", "sleep")]
    assert [row["case"] for row in measured(monkeypatch, naps, only="sleep: 2")] == ["sleep: 20"]


@pytest.mark.parametrize("series", SERIES, ids=lambda series: series.name)
def test_every_series_calls_ours_at_its_first_point(series):
    calls = series.entrants(series.points[0], {"cv2", "scipy", "torch"})
    assert next(iter(calls)) == "convolab" and list(series.points) == sorted(series.points)


@pytest.mark.slow
@pytest.mark.parametrize("series", SERIES, ids=lambda series: series.name)
def test_peers_compute_what_ours_does(series):
    """OpenCV's filters and SciPy's keep the size: they are compared away from the border."""
    x = series.points[1]
    calls = series.entrants(x, {"cv2", "scipy", "torch"})
    results = {name: call() for name, call in calls.items()}
    for name, result in results.items():
        for ours, theirs in zip(
            *(r if isinstance(r, tuple) else (r,) for r in (results["convolab"], result)), strict=False
        ):
            ours, theirs = (np.squeeze(np.asarray(a)).astype(float) for a in (ours, theirs))
            if name == "SciPy oaconvolve" and series.name.startswith(("conv1d", "conv3d", "any")):
                continue  # it flips the kernel
            inner = tuple(slice(40, -40) if n > 200 else slice(None) for n in ours.shape)
            scale = np.abs(ours).max()
            assert np.abs(ours[inner] - theirs[inner]).max() <= max(1e-4 * scale, 1 if "bytes" in series.name else 0)


@pytest.fixture
def record(monkeypatch, tmp_path):
    rows = []
    for series, lines in {
        "box, bytes": ("convolab", "OpenCV"),
        "conv1d": ("convolab", "torch"),
        "threads": ("box",),
    }.items():
        for x in (3, 30, 300):
            for number, name in enumerate(lines, start=1):
                line = {"line": name} if series == "threads" else {}
                rows.append({"case": f"{series}: {x}", "engine": "convolab" if line else name, "seconds": x * number / 1e4,
                             "ratio": float(number), "series": series, "axis": "size", "x": x} | line)  # fmt: skip
    about = {"command": "convolab bench growth", "when": "2026-01-01T00:00", "commit": "abc", "load": [0, 0, 1],
             "machine": {"cpu": "one", "cores": 2, "features": ["avx2"]}, "rows": rows}  # fmt: skip
    path = tmp_path / "growth.json"
    path.write_text(json.dumps(about))
    monkeypatch.setattr(growth_page, "RECORD", path)
    growth_page._record.cache_clear()
    yield
    growth_page._record.cache_clear()


def test_the_page_has_every_series_and_the_mean_of_the_best_peers(record):
    page = growth_page.performance_page()
    assert "| box, bytes; size: 3 · 30 · 300 | 0.3 · 3 · 30 ms | best peer 2 · 2 · 2 × | 2 × |" in page
    assert "takes 2.00 times as long as ours" in page and "by its own mean, 2.00 times" in page
    assert "At 0 of 6 points a peer is faster." in page


def test_the_page_says_where_a_peer_is_faster(record, monkeypatch):
    best = {"box": {"box: 3": 0.5, "box: 5": 2.0}, "conv1d": {"conv1d: 7": 0.9}}
    assert growth_page._slower(best) == "At 2 of 3 points a peer is faster: box: 3; conv1d: 7."
    monkeypatch.setattr(growth_page, "_best_ratios", lambda: best)
    # √(0.5 · 2) of one row, 0.9 of the other; over the points (0.5 · 2 · 0.9)^⅓.
    page = growth_page.performance_page()
    assert "takes 0.97 times" in page and "by its own mean, 0.95 times" in page


def test_the_plots_have_a_panel_for_each_series_and_a_line_for_each_entrant(record):
    filters, operator = (growth_page.growth_picture(filters=which).svg() for which in (True, False))
    assert "box, bytes" in filters and "conv1d" not in filters
    assert "conv1d" in operator and "threads" in operator
    # Two entrants, three points each.
    assert filters.count("<path") == 2 and filters.count("<circle") == 6
