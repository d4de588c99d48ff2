"""However a check ends, nothing of it is left: no process, no folder; and each hand-in's fault is its own."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from in_turn import in_turn
from test_check_hostile import RIGHT, is_alive
from waiting import wait_for

import convolab as cl
from convolab.verify import starting, workers
from convolab.verify.contained import Contained
from convolab.verify.inside import keeper

# It says which process it is, and waits to be ended.
WAITS = """
import os, time
def apply_convolution(img, kernel):
    with open("here", "w") as file:
        file.write(str(os.getpid()))
    time.sleep(9999)
"""
COMMAND = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have switched it off
from convolab.cli import main
sys.exit(main())
"""
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -signal.SIGKILL}


def family(parent):
    """A process's children, and theirs."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [parent]
    for member in found:
        found += [pid for pid, of in pairs if of == member]
    return found[1:]


@pytest.mark.parametrize("number, many", in_turn(CODES.keys(), {"a class": True, "a file": False}))
def test_a_stopped_check_leaves_no_process_and_no_folder(tmp_path, number, many):
    files, private = tmp_path / "class", tmp_path / "private"
    files.mkdir()
    private.mkdir()
    for name in "abcd" if many else "a":
        (files / f"{name}.py").write_text(WAITS)
    command = [sys.executable, "-c", COMMAND, "check", files if many else files / "a.py", "--timeout", "9999"]
    command += ["--jobs", "2"]
    check = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(private)}, stderr=subprocess.PIPE)
    with check.stderr:
        wait_for(lambda: len(list(private.glob("*/here"))) == 1 + many)
        processes = family(check.pid)
        assert len(processes) >= (4 if many else 2)
        check.send_signal(number)
        said = check.stderr.read().decode()
    assert check.wait() == CODES[number]
    said = "".join(line for line in said.splitlines(True) if " of " not in line)  # how far it is
    assert said == ("" if number == signal.SIGKILL else "convolab: stopped\n")
    wait_for(lambda: not any(map(is_alive, processes)) and not list(private.glob(f"{keeper.PREFIX}*")))


def test_a_notebook_that_cannot_be_read_leaves_no_folder(tmp_path, monkeypatch):
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    for number, text in enumerate(["{", "[1]", '{"cells": 3}', '{"cells": [{"cell_type": "code"}]}', "[" * 2000, ""]):
        path = tmp_path / f"{number}.ipynb"
        path.write_text(text)
        assert "The notebook cannot be read" in str(cl.check(path))
    assert list(private.iterdir()) == []


def test_a_folder_is_removed_however_deep_it_is_and_whatever_it_allows(tmp_path):
    folder = tmp_path / "private"
    folder.mkdir()
    with contextlib.chdir(folder):
        for _ in range(1500):
            Path("deeper").mkdir()
            os.chdir("deeper")
        Path("file").write_text("x")
    (folder / "closed").mkdir()
    (folder / "closed" / "inner").mkdir()
    (folder / "closed").chmod(0)
    (folder / "outside").symlink_to(tmp_path)
    keeper.remove(str(folder))
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_started_without_a_keeper_is_held_and_ended_too(tmp_path, monkeypatch):
    monkeypatch.setattr(starting, "processes", lambda libraries: starting.Started())
    path = tmp_path / "handin.py"
    path.write_text("def apply_convolution(img, kernel):\n    return img\n")
    caller = Contained(path, ["apply_convolution"], timeout=60)
    found = caller.start()
    number, folder = caller._processes.number, caller._processes.folder
    assert "apply_convolution" in found["functions"] and is_alive(number)
    caller.close()
    assert not is_alive(number) and not Path(folder).exists()


def test_the_keeper_starts_python_once_for_every_process_of_a_hand_in(tmp_path, monkeypatch):
    monkeypatch.setattr(starting, "_idle", None)
    path = tmp_path / "handin.py"
    path.write_text("def apply_convolution(img, kernel):\n    return img\n")
    caller = Contained(path, ["apply_convolution"], timeout=60)
    try:
        caller.start()
        first, seconds, parent = caller._processes.number, caller.start_seconds, caller._processes._keeper.pid
        caller.end()
        assert not is_alive(first) and is_alive(parent)
        caller.start()
        assert caller._processes._keeper.pid == parent and caller.start_seconds == seconds
        assert caller.held and is_alive(caller._processes.number)
    finally:
        caller.close()
    assert not is_alive(parent)


def test_a_keeper_that_is_ended_costs_one_function_its_verdict(tmp_path, monkeypatch):
    keepers = []

    class Watched(starting.Kept):
        def start(self, seconds):
            keepers.append(self._keeper.pid)
            return super().start(seconds)

    class Caller(Contained):
        def call(self, arrays, **values):
            if values["steps"][0]["call"] == "apply_convolution" and len(keepers) == 1:
                os.kill(keepers[0], signal.SIGKILL)
            return super().call(arrays, **values)

    monkeypatch.setattr(starting, "processes", Watched)
    monkeypatch.setattr("convolab.verify.judge.Contained", Caller)
    path = tmp_path / "handin.py"
    gradient = "def conv_gradient_wrt_kernel(img, dloss_dy):\n    return apply_convolution(img, dloss_dy)\n"
    path.write_text(RIGHT + gradient)
    one, other = cl.check(path, timeout=60).functions
    assert one.status == "error" and "ended from outside" in one.diagnosis.message
    assert other.status == "passed" and len(set(keepers)) == 2
    wait_for(lambda: not any(map(is_alive, keepers)))


def job(item):
    """A piece of work for the workers' tests: some of it goes wrong."""
    if item == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "raises":
        raise ValueError("no")
    return item.upper()


@pytest.mark.slow
def test_a_worker_that_dies_or_fails_costs_its_own_piece_of_work():
    items = ["a", "dies", "b", "raises", "c", "dies", "d"]
    results = sorted(workers.each(job, items, jobs=2))
    right = [(i, i.upper(), "") for i in "abcd"]
    died = ("dies", None, f"its process ended (exit code {-signal.SIGKILL})")
    assert results == sorted([*right, died, died, ("raises", None, "ValueError: no")], key=str)
