"""Which bits a run gets: a rule of processor, model and versions, and no clock."""

import itertools
import json
import random
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from easy_images import easy_folder
from hypothesis import given
from hypothesis import strategies as st

from convolab import environment
from convolab.errors import UsageError
from convolab.network import train as training
from convolab.network.model import runs
from convolab.network.model.checkpoint import load_model
from convolab.network.training import devices
from convolab.network.training.precision import MEASURED, Processor, choose_precision, recorded
from convolab.network.training.recipes import find_recipe
from convolab.network.training.settings import RunConfig, moved

EPYC = Processor("cpu", "AMD EPYC", ("avx2", "avx512f", "avx512_bf16", "avx512_vnni"), "2.13.0+cpu")
XEON = Processor("cpu", "Intel(R) Xeon(R) Processor", EPYC.features, "2.13.0+cpu")
FEATURES = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd", "bf16")

processors = st.builds(
    Processor,
    st.sampled_from(["cpu", "cuda", "mps"]),
    st.sampled_from(["AMD EPYC", "AMD Ryzen 7", "Intel(R) Xeon(R)", "Apple M3", "Neoverse-V2", "", "NVIDIA H100"]),
    st.lists(st.sampled_from(FEATURES), unique=True).map(tuple),
    st.sampled_from(["2.11.0", "2.13.0+cpu", "2.13.1", "3.0.0a1", "unknown"]),
)


@pytest.fixture(scope="module")
def easy(tmp_path_factory) -> Path:
    return easy_folder(tmp_path_factory.mktemp("data") / "bars")


def weights_of(run: dict) -> list[torch.Tensor]:
    return list(load_model(Path(run["run"]) / runs.MODEL)[0].state_dict().values())


@given(processors, st.sampled_from(["lab", "another"]), st.booleans())
def test_the_choice_depends_on_its_arguments_alone_and_is_f32_where_nothing_was_measured(here, model, tuned):
    first, again = (choose_precision("auto", here, model=model, tuned=tuned) for _ in range(2))
    assert first == again
    known = [row for row in MEASURED if row.covers(here, model)]
    assert first.precision == (known[0].precision if tuned and known else "f32")
    if first.precision == "bf16":
        assert here.device == "cpu" and "avx512_bf16" in here.features and here.torch >= "2.13"


@given(processors, st.sampled_from(["f32", "bf16"]), st.booleans())
def test_what_is_asked_for_is_what_is_taken(here, asked, tuned):
    assert choose_precision(asked, here, model="lab", tuned=tuned).precision == asked


@given(processors, st.permutations(FEATURES))
def test_the_order_in_which_features_are_told_does_not_matter(here, order):
    shuffled = Processor(here.device, here.name, tuple(f for f in order if f in here.features), here.torch)
    assert choose_precision("auto", here, model="lab", tuned=True) == choose_precision(
        "auto", shuffled, model="lab", tuned=True
    )


@pytest.mark.parametrize(
    ("here", "model", "tuned", "precision", "why"),
    [
        (EPYC, "lab", True, "bf16", "measured: AMD with avx512_bf16"),
        (XEON, "lab", True, "f32", "measured: Intel with avx512_bf16"),
        (EPYC, "lab", False, "f32", "the recipe's own"),
        (EPYC, "another", True, "f32", "nothing faster was measured"),
        (Processor("cpu", "Intel(R) Xeon(R)", (*XEON.features, "amx_bf16"), "2.13.0"), "lab", True, "f32", "nothing"),
        (Processor("cuda", "NVIDIA H100", EPYC.features, "2.13.0"), "lab", True, "f32", "nothing"),
        (Processor("cpu", "AMD EPYC", EPYC.features, "2.12.1"), "lab", True, "f32", "nothing"),
    ],
)
def test_the_table_says_which_and_why(here, model, tuned, precision, why):
    choice = choose_precision("auto", here, model=model, tuned=tuned)
    assert choice.precision == precision and choice.why.startswith(why)


def test_the_table_s_rows_name_a_page_that_is_there():
    root = Path(__file__).parents[1]
    assert all(row.maker in (root / row.source).read_text() for row in MEASURED)


def test_the_recorded_runs_are_in_the_precision_that_the_rule_says():
    record = json.loads((Path(__file__).parents[1] / "benchmarks" / "accuracy.json").read_text())
    machine = record["machine"]
    here = Processor("cpu", machine["cpu"], tuple(machine["features"]), record["versions"]["torch"])
    for recipe in ("lab", "sheet"):
        ours = {row["precision"] for row in record["rows"] if row["case"].startswith(recipe)}
        assert ours == {choose_precision("auto", here, model="lab", tuned=find_recipe(recipe).tuned).precision}


def test_an_unknown_precision_is_refused():
    with pytest.raises(
        UsageError, match=r"precision: 'f16' is unknown. Did you mean 'bf16'\? Expected auto, f32 or bf16"
    ):
        choose_precision("f16", EPYC, model="lab", tuned=True)


def test_the_rule_needs_no_torch():
    code = "import sys; import convolab.network.training.precision; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=500)
    assert done.stdout.strip() == "False"


def erratic(seed: int):
    """A clock as on a machine that others keep busy by turns."""
    chance, now = random.Random(seed), itertools.count()
    passed = [0.0]

    def clock() -> float:
        passed[0] += chance.expovariate(1) ** 4 + next(now) * 1e-9
        return passed[0]

    return clock


@pytest.mark.parametrize("times", [2, pytest.param(6, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name, precision", [(EPYC.name, "bf16"), (XEON.name, "f32")])
def test_the_same_seed_gives_the_same_weights_however_busy_the_machine(
    easy, tmp_path, monkeypatch, name, precision, times
):
    features = list(EPYC.features)
    for module in (environment, devices):
        monkeypatch.setattr(module, "cpu_name", lambda: name, raising=False)
        monkeypatch.setattr(module, "cpu_features", lambda: features, raising=False)
    found = []
    for seed in range(times):
        monkeypatch.setattr(time, "perf_counter", erratic(seed))
        options = {"epochs": 1, "batch_size": 64, "threads": 2, "skip_test": True, "runs": tmp_path / str(seed)}
        found.append(training.train(easy, **options))
    assert {run["precision"] for run in found} == {precision}
    assert all(all(map(torch.equal, weights_of(found[0]), weights_of(run))) for run in found)


def test_the_choice_stands_in_the_run_s_folder_and_a_resumed_run_keeps_it(easy, tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "processor", lambda device: EPYC)
    options = {"epochs": 2, "batch_size": 64, "threads": 2}
    whole = training.train(easy, **options, runs=tmp_path / "whole")
    stopped = tmp_path / "stopped"

    def stop(entry):
        if entry["kind"] == "epoch":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.train(easy, **options, runs=stopped, report=stop)
    config = tomllib.loads((runs.latest_run(stopped, finished=False) / runs.CONFIG).read_text())
    assert config["precision"] == "bf16" and config["choice"]["why"].startswith("measured: AMD")
    assert config["choice"]["processor"] == "AMD EPYC" and config["choice"]["features"] == list(EPYC.features)
    elsewhere = Processor("cpu", "Another", ("avx2",), "2.14.0")
    monkeypatch.setattr(devices, "processor", lambda device: elsewhere)
    told = []
    resumed = training.resume("latest", runs=stopped, report=told.append)
    notes = [entry["text"] for entry in told if entry["kind"] == "note"]
    assert resumed["precision"] == "bf16" and all(map(torch.equal, weights_of(resumed), weights_of(whole)))
    assert (
        len(notes) == 1
        and notes[0].startswith("the run began on AMD EPYC (avx2, avx512f, ")
        and ("with torch 2.13.0+cpu, and this is Another (avx2) with torch 2.14.0: it goes on in bf16 with 2 threads")
        in notes[0]
    )
    assert "has no bf16, so every step takes much longer" in notes[0]


def test_a_run_that_stays_or_recorded_nothing_has_nothing_to_say():
    stored = tomllib.loads((Path(__file__).parent / "data" / "config-of-an-earlier-version.toml").read_text())
    chosen = recorded(choose_precision("auto", XEON, model="lab", tuned=True), XEON)
    config = RunConfig.from_dict(stored | chosen)
    assert moved(config, XEON) == "" and moved(replace(config, choice={}), XEON) == ""
    there = moved(config, EPYC)
    assert "in f32 with 2 threads" in there and "no bf16" not in there
