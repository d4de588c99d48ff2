"""How a command ends when it cannot go on: standard output that takes nothing, Ctrl-C and SIGTERM at any moment."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = {
    "explain": "explain output --input 6 --kernel 3 --at 3",
    "summary": "summary",
    "data": "data mnist --json",
    "gradcheck": "gradcheck --input 1x1x4x5 --weight 1x1x2x2",
    "maximize": "maximize --steps 3 --constraint sphere",
    "help": "--help",
    "an error in JSON": "edges missing.png -o out.png --json",
}
# In a process of its own each; `test_stopping` runs them all in one.
SLOW = {"summary", "gradcheck", "maximize"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n in SLOW else ()) for n in COMMANDS])
def test_a_full_standard_output_is_one_line_and_exit_1(name, tmp_path):
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "convolab", *COMMANDS[name].split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
    lines = [line for line in run.stderr.splitlines() if "standard output" in line or "Traceback" in line]
    assert run.returncode == 1 and len(lines) == 1
    assert lines[0].startswith("convolab: standard output: cannot be written (No space left on device)")
    assert "Exception ignored" not in run.stderr


def stub(folder: Path, module: str, body: str) -> dict:
    """An environment in which a module that the command imports does something else first."""
    (folder / f"{module}.py").write_text(f"import os, signal, time\n{body}\n")
    root = Path(__file__).parent.parent
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(root)])}


def interruptible(environment: dict) -> subprocess.CompletedProcess:
    """`convolab summary` where Ctrl-C reaches it, even if the tests run behind `&`, which ignores Ctrl-C for all."""
    return subprocess.run(
        [sys.executable, "-m", "convolab", "summary"],
        capture_output=True,
        text=True,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


BODIES = {
    "while it is imported": "os.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)",
    "and the library makes another error of it": "try:\n    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    raise ImportError('half loaded')",
}


@pytest.mark.parametrize("module", ["cyclopts", "numpy", "torch"])
@pytest.mark.parametrize("body", BODIES)
def test_ctrl_c_during_the_imports_is_one_line(module, body, tmp_path):
    run = interruptible(stub(tmp_path, module, BODIES[body]))
    assert (run.returncode, run.stderr, run.stdout) == (130, "convolab: stopped\n", "")


def test_sigterm_is_one_line_too(tmp_path):
    environment = stub(tmp_path, "torch", "os.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(60)")
    run = subprocess.run([sys.executable, "-m", "convolab", "summary"], capture_output=True, text=True, env=environment)
    assert (run.returncode, run.stderr) == (143, "convolab: stopped\n")


def test_an_error_that_no_interrupt_caused_is_not_hidden(tmp_path):
    environment = stub(tmp_path, "cyclopts", "raise RuntimeError('a bug')")
    run = subprocess.run([sys.executable, "-m", "convolab", "summary"], capture_output=True, text=True, env=environment)
    assert run.returncode == 1 and "RuntimeError: a bug" in run.stderr
