"""The benchmark command: turns are taken, ratios are honest, and a record says where it was measured."""

import json

import pytest

from convolab.bench.timing import measure, take_turns
from convolab.cli import bench as bench_module
from convolab.cli import main

pytestmark = pytest.mark.quick


class Clock:
    """Seconds that pass only where a function says that it takes some."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def takes(self, seconds, told=None):
        """A function that takes so long, and adds that to a list."""

        def function():
            self.now += seconds
            if told is not None:
                told.append(seconds)

        return function


def contests(*, peers, clock=None):
    clock = clock or Clock()
    entrants = {"short": clock.takes(0.005)}
    if peers:
        entrants["long"] = clock.takes(0.02)
    yield {"case": "sleeping", "unit": "naps_per_second", "work": 1, "entrants": entrants, "shape": "1x1"}


@pytest.fixture
def planted_subject(monkeypatch, tmp_path):
    monkeypatch.setitem(bench_module.CONTESTS, "train", f"{__name__}:contests")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_entrants_take_turns_until_their_time_is_over():
    told, clock = [], Clock()
    times = take_turns({"a": clock.takes(0.01, told), "b": clock.takes(0.02, told)}, seconds=0.05, clock=clock)
    warmed = told[4:]  # one call to warm up and one to count by, of each
    assert warmed == [0.01, 0.02, 0.02, 0.01, 0.01, 0.02, 0.02, 0.01]
    assert {name: len(measured) for name, measured in times.items()} == {"a": 4, "b": 4}


def test_short_functions_are_called_as_often_as_a_measurement_needs():
    told, clock = [], Clock()
    times = take_turns({"a": clock.takes(0.001, told)}, seconds=0, clock=clock)
    assert len(told) == 2 + 3 * 5 and times["a"] == pytest.approx([0.001] * 3)


def test_the_ratio_is_the_time_over_the_first_entrant_s():
    clock = Clock()
    rows = measure(contests(peers=True, clock=clock), seconds=0.1, report=lambda row: None, clock=clock)
    assert [row["engine"] for row in rows] == ["short", "long"]
    assert [row["ratio"] for row in rows] == pytest.approx([1, 4])
    assert [row["naps_per_second"] for row in rows] == pytest.approx([200, 50])
    assert rows[1]["shape"] == "1x1"


def test_a_record_names_command_machine_versions_and_rows(planted_subject, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["convolab", "bench", "train", "--record"])
    assert main(["bench", "train", "--seconds", "0.02", "--record", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    recorded = json.loads((planted_subject / "benchmarks" / "train.json").read_text())
    assert printed == recorded
    assert recorded["command"] == "convolab bench train --record"
    assert (
        len(recorded["load"]) == 3
        and recorded["machine"]["cores"] >= 1
        and recorded["versions"]["numpy"]
        and recorded["n"] == 1
    )
    assert recorded["rows"][0]["case"] == "sleeping"


def test_a_record_is_replaced_only_by_force(planted_subject, capsys):
    assert main(["bench", "train", "--seconds", "0.02", "--record"]) == 0
    assert main(["bench", "train", "--seconds", "0.02", "--record"]) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["bench", "train", "--seconds", "0.02", "--record", "--force"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "nothing"),
        (["train", "--seeds", "0"], "positive"),
        (["train", "--only", "waking"], "'waking' matches no case"),
    ],
)
def test_what_cannot_be_measured_is_bad_usage(planted_subject, capsys, arguments, words):
    assert main(["bench", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
