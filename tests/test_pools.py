"""Threads of two libraries: PyTorch's sleep while ours work, where somebody asks for that."""

import os
import subprocess
import sys

import pytest

from convolab.engine.halide import pools

PROGRAM = """
import threading
import numpy as np, torch
import convolab as cl
x, w = torch.ones(2, 8, 33, 40), torch.ones(8, 8, 3, 3)
expected = torch.conv2d(x, w)
for _ in range(3):
    assert torch.equal(cl.conv2d(x, w, engine="halide"), expected)
    assert torch.equal(x @ x.mT, torch.matmul(x, x.mT))
print(*(t.name for t in threading.enumerate() if t.name.startswith("convolab")))
"""


def names(**settings: str) -> str:
    """The threads of ours in a program that uses both libraries, which must end by itself."""
    clean = {name: value for name, value in os.environ.items() if name not in (*pools.LEFT_ALONE, "CONVOLAB_PARK")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=clean | settings, capture_output=True, text=True, timeout=300, check=True
    )
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.skipif(not pools.MAPS.exists(), reason="other systems have no list of loaded libraries")
def test_a_sleeping_team_keeps_openmps_threads_from_spinning_where_that_is_asked_for():
    assert names(CONVOLAB_PARK="1") == "convolab-pool"
    assert names() == ""


@pytest.mark.slow
@pytest.mark.parametrize("setting", pools.LEFT_ALONE)
def test_whoever_has_said_how_threads_wait_is_left_alone(setting):
    chosen = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "10"}[setting]
    assert names(CONVOLAB_PARK="1", **{setting: chosen}) == ""


def test_without_the_library_or_the_list_of_libraries_nothing_is_done(monkeypatch, tmp_path):
    monkeypatch.setattr(pools, "MAPS", tmp_path / "none")
    assert pools._openmp() is None
    pools.MAPS.write_text("7f r-xp 00000000 fe:00 1 /usr/lib/libc.so.6\n")
    assert pools._openmp() is None
