"""The benchmark command: turns are taken, ratios are honest, and a record says where it was measured."""

import json
import time

import pytest

from convolab.cli import bench as bench_module
from convolab.cli import main
from convolab.cli.timing import measure, take_turns


def contests(*, peers):
    entrants = {"short": lambda: time.sleep(0.005)}
    if peers:
        entrants["long"] = lambda: time.sleep(0.02)
    yield {"case": "sleeping", "unit": "naps_per_second", "work": 1, "entrants": entrants, "shape": "1x1"}


@pytest.fixture
def planted_subject(monkeypatch, tmp_path):
    monkeypatch.setitem(bench_module.CONTESTS, "train", f"{__name__}:contests")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_entrants_take_turns():
    calls = []
    take_turns({"a": lambda: calls.append("a") or time.sleep(0.006), "b": lambda: calls.append("b")}, seconds=0.03)
    order = [name for name, other in zip(calls, ["", *calls], strict=False) if name != other]
    assert order.count("a") >= 3 and order.count("b") >= 3


def test_the_ratio_is_the_time_over_the_first_entrant_s():
    rows = measure(contests(peers=True), seconds=0.1, report=lambda row: None)
    assert [row["engine"] for row in rows] == ["short", "long"]
    assert rows[0]["ratio"] == 1 and 2 < rows[1]["ratio"] < 8
    assert rows[0]["naps_per_second"] == pytest.approx(1 / rows[0]["seconds"])
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
