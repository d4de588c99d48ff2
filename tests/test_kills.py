"""A training run that is killed, truly and at random moments, ends with the weights that it would have had."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from convolab.network.data.idx import write_idx
from convolab.network.model import runs
from convolab.network.model.checkpoint import load_model

pytestmark = pytest.mark.slow

KILLS, NEVER = 20, 10**9

# Loads torch once, then starts a process for each order from standard input, "STEP SECONDS TRAIN-ARGUMENTS…": the
# process trains, and is killed so many seconds after it has reported that step, unless it has ended. Answers with the
# process's exit status. The step makes sure that runs get on however slow the machine is; the seconds, that a kill
# falls into any moment of a step, a report or a save.
WORKER = """
import os, shlex, signal, sys, time
from convolab.cli import main
from convolab.network import train
from convolab.network.training import loop
loop.SAVE_SECONDS, loop.LOG_STEPS = 0, 3
for order in sys.stdin:
    last, seconds, *arguments = shlex.split(order)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        tell = loop.Training.tell
        def telling(self, entry, **kept):
            tell(self, entry, **kept)
            if entry.get("step", -1) >= int(last):
                os.write(writing, b".")
        loop.Training.tell = telling
        os._exit(main(["train", *arguments]))
    os.close(writing)
    os.read(reading, 1)  # it has reported the step, or it has ended
    time.sleep(float(seconds))
    os.kill(child, signal.SIGKILL)
    os.close(reading)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
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
    begin = f"{data} --epochs 30 --batch-size 32 --seed 3 --threads 1 --recipe lab --precision f32 --runs"
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as worker:

        def process(last: int, seconds: float, arguments: str) -> int:
            worker.stdin.write(f"{last} {seconds} {arguments}\n")
            worker.stdin.flush()
            return int(worker.stdout.readline())

        assert process(NEVER, 0, f"{begin} {tmp_path / 'whole'}") == 0
        whole = runs.latest_run(tmp_path / "whole")
        kills, finished, at_steps = 0, 0, set()
        while kills < KILLS or not finished:
            folder = tmp_path / f"killed-{finished}"
            started = list(folder.glob(f"*/{runs.CONFIG}"))
            order = f"--resume latest --runs {folder}" if started else f"{begin} {folder}"
            last = max(last_steps(folder), default=0) + chance.randrange(60) if kills < KILLS else NEVER
            status = process(last, chance.uniform(0, 0.02), order)
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
