"""A training run that is killed, truly and at random moments, ends with the weights that it would have had."""

import json
import random
import subprocess
import sys
from pathlib import Path

import torch

from convolab.network import runs
from convolab.network.checkpoint import load_model
from convolab.network.idx import write_idx

KILLS = 20

# Loads torch once, then starts a process for each order from standard input, "SECONDS TRAIN-ARGUMENTS…": the process
# trains, and is killed after so many seconds unless it has ended. Answers with the process's exit status.
WORKER = """
import json, os, shlex, signal, sys, time
from convolab.cli import main
from convolab.network import loop, training
loop.SAVE_SECONDS, loop.LOG_STEPS = 0.05, 3
training.probe = lambda config, data: "f32"
for order in sys.stdin:
    seconds, *arguments = shlex.split(order)
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(main(["train", *arguments]))
    end, status = time.monotonic() + float(seconds), None
    while status is None:
        found, code = os.waitpid(child, os.WNOHANG)
        if found:
            status = os.waitstatus_to_exitcode(code)
        elif time.monotonic() >= end:
            os.kill(child, signal.SIGKILL)
            end = float("inf")
        else:
            time.sleep(0.002)
    print(status, flush=True)
"""


def make_data(folder: Path) -> Path:
    folder.mkdir()
    noise = torch.Generator().manual_seed(0)
    for split, count in (("train", 320), ("t10k", 32)):
        labels = torch.randint(0, 3, (count,), generator=noise, dtype=torch.uint8)
        images = torch.randint(0, 90, (count, 20, 20), generator=noise, dtype=torch.uint8)
        images += (labels * 60)[:, None, None]
        (folder / f"{split}-images-idx3-ubyte").write_bytes(write_idx(images.numpy()))
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(write_idx(labels.numpy()))
    return folder


def test_twenty_kills_at_random_moments_change_no_weight(tmp_path):
    chance, data = random.Random(20), make_data(tmp_path / "data")
    begin = f"{data} --epochs 30 --batch-size 32 --seed 3 --threads 1 --recipe lab --runs"
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as worker:

        def process(seconds: float, arguments: str) -> int:
            worker.stdin.write(f"{seconds} {arguments}\n")
            worker.stdin.flush()
            return int(worker.stdout.readline())

        assert process(600, f"{begin} {tmp_path / 'whole'}") == 0
        whole = runs.latest_run(tmp_path / "whole")
        lasted = json.loads((whole / runs.RESULT).read_text())["total_seconds"]
        kills, finished, at_steps = 0, 0, set()
        while kills < KILLS or not finished:
            folder = tmp_path / f"killed-{finished}"
            started = list(folder.glob(f"*/{runs.CONFIG}"))
            order = f"--resume latest --runs {folder}" if started else f"{begin} {folder}"
            limit = chance.uniform(0.05, 0.9) * lasted if kills < KILLS else 600
            status = process(limit, order)
            assert status in (0, -9)
            if status == 0:
                assert same_weights(runs.latest_run(folder), whole)
                finished += 1
            else:
                kills += 1
                at_steps |= last_steps(folder)
        worker.stdin.close()
        assert "Traceback" not in worker.stderr.read()
    assert kills == KILLS and finished >= 1 and len(at_steps) >= 3


def same_weights(a: Path, b: Path) -> bool:
    first, second = (load_model(run / runs.MODEL)[0].state_dict().values() for run in (a, b))
    return all(map(torch.equal, first, second))


def last_steps(folder: Path) -> set[int]:
    """Where the newest run's metrics end: after how many steps it was killed, roughly."""
    return {runs.read_metrics(run)[-1]["step"] for run in folder.glob("*") if runs.read_metrics(run)}
