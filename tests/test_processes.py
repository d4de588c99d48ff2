"""Two processes train one network: for real, through torchrun, with the same outcome as one."""

import json
import os
import subprocess
import sys

import pytest
import torch
from easy_images import easy_folder

from convolab.network import train as training
from convolab.network.model import runs
from convolab.network.model.checkpoint import load_model


@pytest.mark.slow
def test_two_ranks_train_as_one(tmp_path):
    data = easy_folder(tmp_path / "bars")
    options = ["--recipe", "sheet", "--lr", "0.0003", "--epochs", "3", "--batch-size", "50", "--threads", "1"]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "convolab"]
    arguments = ["train", str(data), *options, "--runs", str(tmp_path / "two"), "--json"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=500, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1, "one process alone speaks"
    two = json.loads(done.stdout)
    one = training.train(data, recipe="sheet", lr=3e-4, epochs=3, batch_size=50, threads=1, runs=tmp_path / "one")
    assert two["processes"] == 2 and len(list((tmp_path / "two").iterdir())) == 1
    assert two["steps"] == one["steps"] == 36 and two["train_images"] == one["train_images"]
    assert abs(two["test_accuracy"] - one["test_accuracy"]) < 0.02 and two["test_accuracy"] > 0.9
    first, second = (load_model(runs.find_model(result["run"]))[0].state_dict() for result in (one, two))
    for name, weight in first.items():
        torch.testing.assert_close(second[name], weight, rtol=0.01, atol=1e-3, msg=name)
    told = [
        [e["train_accuracy"] for e in runs.read_metrics(runs.find_model(r["run"]).parent) if e["kind"] == "epoch"]
        for r in (one, two)
    ]
    assert all(abs(a - b) < 0.01 for a, b in zip(*told, strict=True)), "every image counted once, over both processes"
