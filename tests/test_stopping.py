"""How a command ends when it is stopped, or cannot say what it found: one line, its exit code, nothing left behind."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from in_turn import few, in_turn

from convolab.cli import main

HAND_IN = "def apply_convolution(img, kernel):\n    return img\n"
COMMANDS = {
    "help": ["--help"],
    "version": ["--version"],
    "explain": ["explain", "output", "--input", "6", "--kernel", "3", "--at", "3"],
    "edges": ["edges", "in.npy", "-o", "out.png"],
    "summary": ["summary"],
    "data": ["data", "mnist"],
    "maximize": ["maximize", "--kernel", "sobel-x", "--size", "5x5", "--steps", "3"],
    "gradcheck": ["gradcheck", "--input", "1x1x5x6", "--weight", "1x1x3x3"],
    "spectrum": ["spectrum", "--kernel", "sobel-x"],
    "check": ["check", "hw.py"],
}
# A program that gets a signal when it imports a module (of its arguments the first three are ours).
AT_AN_IMPORT = """
import os, signal, sys
number, name = int(sys.argv[1]), sys.argv[2]
del sys.argv[1:3]
class Finder:
    def find_spec(self, wanted, *_):
        if wanted == name:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), number)
            for _ in range(1000):  # the signal is answered between two steps
                pass
sys.meta_path.insert(0, Finder())
from convolab.cli import main
sys.exit(main())
"""
# A program that gets a signal when the first strip of its result is written.
AT_A_STRIP = """
import os, sys
from convolab.filters import stream
stream.STRIP_BYTES, plain, number = 20_000, stream.write_strip, int(sys.argv[1])
def write_strip(*arguments):
    plain(*arguments)
    os.kill(os.getpid(), number)
stream.write_strip = write_strip
del sys.argv[1]
from convolab.cli import main
sys.exit(main())
"""
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    np.save("in.npy", np.random.default_rng(4).integers(0, 256, (400, 300), dtype=np.uint8))
    Path("hw.py").write_text(HAND_IN)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def run(code: str, *arguments) -> subprocess.CompletedProcess:
    # Started in the background (nohup, a shell's &), the tests themselves may have been told to ignore Ctrl-C.
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=listen, timeout=300)


# Modules, and a command that imports each.
IMPORTED = {"cyclopts": "explain", "importlib.metadata": "help", "convolab.cli.edges": "edges", "rich": "edges",
            "numpy": "maximize", "torch": "summary"}  # fmt: skip


@pytest.mark.parametrize("name, number", in_turn(IMPORTED.keys(), CODES.keys()))
def test_a_signal_during_an_import_ends_a_command_in_one_line(folder, name, number):
    command = IMPORTED[name]
    done = run(AT_AN_IMPORT, int(number), name, *COMMANDS[command])
    assert (done.returncode, done.stderr) == (CODES[number], "convolab: stopped\n")


def test_what_stands_before_the_answer_to_ctrl_c_imports_nothing_that_takes_time():
    loaded = run("import sys, convolab.cli; print(*sys.modules)").stdout.split()
    assert "convolab.cli" in loaded
    assert {"cyclopts", "rich", "numpy", "typing", "json", "importlib.metadata"}.isdisjoint(loaded)


@pytest.mark.parametrize("suffix, number", in_turn([".npy", ".tif", ".png", ".zarr"], CODES.keys()))
def test_a_signal_in_the_middle_leaves_nothing(folder, suffix, number):
    done = run(AT_A_STRIP, int(number), "edges", "in.npy", "-o", f"out{suffix}", "--strips", "--engine", "numpy")
    assert (done.returncode, done.stderr) == (CODES[number], "convolab: stopped\n")
    assert names(folder) == ["hw.py", "in.npy"]


def test_a_run_that_resumes_keeps_its_part(folder):
    command = ["edges", "in.npy", "-o", "out.npy", "--resume", "--engine", "numpy"]
    assert run(AT_A_STRIP, int(signal.SIGTERM), *command).returncode == 143
    assert names(folder) == ["hw.py", "in.npy", "out.npy.part", "out.npy.part.json"]
    assert main(command) == 0
    assert names(folder) == ["hw.py", "in.npy", "out.npy"]


@pytest.fixture
def full_device():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")


@pytest.mark.parametrize("json", [False, True])
@pytest.mark.parametrize("command", few(list(COMMANDS), 3))
def test_standard_output_that_cannot_be_written_is_one_line(folder, full_device, command, json, capsys, monkeypatch):
    arguments = COMMANDS[command] + ["--json"] * (json and command not in ("help", "version"))
    with Path("/dev/full").open("w", buffering=1 if json else -1) as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(arguments) == 1
        monkeypatch.undo()
    said = capsys.readouterr().err.splitlines()
    expected = "convolab: standard output: cannot be written (No space left on device)."
    assert said[-1].startswith(expected) and sum("convolab: " in line for line in said) == 1


@pytest.mark.parametrize("arguments", [["edges", "none.png", "-o", "out.png", "--json"], ["fly", "--json"]])
def test_a_complaint_is_made_even_where_its_json_cannot_be_written(folder, full_device, arguments, capsys, monkeypatch):
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(arguments) == 1
        monkeypatch.undo()
    first, second = capsys.readouterr().err.splitlines()
    assert ("none.png" in first or "fly" in first) and "standard output: cannot be written" in second


def test_the_interpreter_has_nothing_to_add_when_it_ends(full_device):
    command = [sys.executable, "-m", "convolab", *COMMANDS["explain"]]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "No space left" in done.stderr


def test_a_reader_that_has_gone_is_no_trouble():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "convolab", *COMMANDS["explain"]]
    with os.fdopen(write, "w") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")
