"""Ctrl-C as a terminal sends it, to every process of the command: a second, one line, exit code 130, and nothing left."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest
from test_check_endings import family
from test_check_hostile import is_alive
from waiting import wait_for

from convolab.verify.plants import CORRECT

LOOPS = CORRECT["loops: apply_convolution"][1]
SLOW = "import time\n" + LOOPS.replace("    H, W = img.shape", "    time.sleep(0.05)\n    H, W = img.shape")
COMMANDS = {
    "a folder": ["check", "class", "--jobs", "2"],
    "one file": ["check", "class/s0.py"],
    "a watched file": ["check", "--watch", "class/s0.py", "--function", "apply_convolution"],
}
EARLY = {
    "check": COMMANDS["one file"],
    "explain": ["explain", "output", "--input", "6", "--kernel", "3", "--at", "3"],
    "summary": ["summary", "pretrained"],
    "help": ["--help"],
}
PYTHON = 0.02  # seconds: about here Python itself has started
AGAIN = 5
CEILING = 10  # seconds: a hang, and not a busy machine; alone it is a tenth of a second


@pytest.fixture
def room(tmp_path):
    """A folder to run in, with twenty hand-ins."""
    (tmp_path / "class").mkdir()
    (tmp_path / "private").mkdir()
    for n in range(20):
        (tmp_path / "class" / f"s{n}.py").write_text(SLOW)
    return tmp_path


@contextlib.contextmanager
def started(arguments, folder):
    """A command in a session of its own, as a terminal starts it."""
    environment = {**os.environ, "TMPDIR": str(folder / "private"), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-m", "convolab", *arguments], cwd=folder, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as command:  # fmt: skip
        try:
            yield command
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(command.pid, signal.SIGKILL)


def pressed(command):
    """What is said after Ctrl-C, how far it was left out, and after how many seconds the command has ended."""
    begun = time.monotonic()
    os.killpg(command.pid, signal.SIGINT)
    said = command.stderr.read()
    command.wait(60)
    lines = [line for line in said.splitlines() if " of " not in line and not line.startswith("watching")]
    return lines, time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.parametrize("time_of_it", range(AGAIN))
@pytest.mark.parametrize("what", COMMANDS)
def test_ctrl_c_ends_a_check_in_a_second_and_leaves_nothing(room, what, time_of_it):
    with started(COMMANDS[what], room) as command:
        wait_for(lambda: list((room / "private").glob("convolab-check-*")))
        time.sleep(0.3 * time_of_it)
        processes = family(command.pid)
        lines, seconds = pressed(command)
        assert (command.returncode, lines) == (130, ["convolab: stopped"])
        assert seconds < CEILING
    wait_for(lambda: not any(map(is_alive, processes)) and not list((room / "private").iterdir()))


@pytest.mark.slow
@pytest.mark.parametrize("what", EARLY)
def test_ctrl_c_in_the_first_half_second_is_one_line(room, what):
    for n in range(12):
        with started(EARLY[what], room) as command:
            time.sleep(PYTHON + n * (0.5 - PYTHON) / 12)
            lines, _ = pressed(command)
        if any("Traceback" in line for line in lines):  # Python itself was starting: no line of ours had run
            assert not any("convolab" in line for line in lines), lines
        elif command.returncode == 130:
            assert lines == ["convolab: stopped"]
        else:  # it was done before, or its program had not begun
            assert command.returncode in (0, 1, -signal.SIGINT) and lines == []


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.3, 1.0, 2.0, 3.0, 4.0])
def test_the_end_of_the_parent_is_the_end_of_all(room, seconds):
    with started(COMMANDS["a folder"], room) as command:
        time.sleep(seconds)
        processes = family(command.pid)
        command.kill()
        command.wait(60)
        wait_for(lambda: not any(map(is_alive, processes)) and not list((room / "private").glob("convolab-check-*")))


# What is decided by no clock

BEFORE = """
import _signal as signal, os, runpy, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
assert "signal" not in sys.modules
class Press:
    def find_spec(self, name, *_):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)
sys.meta_path.insert(0, Press())
sys.argv[1:] = ["--help"]
runpy.run_module("convolab", run_name="__main__")
"""


@pytest.mark.parametrize("name", ["convolab.cli", "convolab.errors", "cyclopts", "signal"])
def test_ctrl_c_has_an_answer_before_anything_is_imported(name):
    run = subprocess.run([sys.executable, "-c", BEFORE.format(name=name)], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "convolab: stopped\n")


FOUND = """
import _signal, os, sys, time
_signal.signal(_signal.SIGINT, _signal.default_int_handler)
sys.argv[:] = ["-m"]
import convolab
os.kill(os.getpid(), _signal.SIGINT)
time.sleep(60)
"""


def test_ctrl_c_while_the_package_is_found_ends_without_a_word():
    """As `python -m convolab` finds it, before the first line of its program; any other program keeps its answer."""
    run = subprocess.run([sys.executable, "-c", FOUND], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (-signal.SIGINT, "")
    other = FOUND.replace('sys.argv[:] = ["-m"]', "")
    run = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True)
    assert run.stderr.strip().endswith("KeyboardInterrupt")


def test_ctrl_c_that_a_shell_has_switched_off_stays_off():
    code = BEFORE.replace("signal.default_int_handler", "signal.SIG_IGN").replace("time.sleep(60)", "pass")
    run = subprocess.run([sys.executable, "-c", code.format(name="convolab.cli")], capture_output=True, text=True)
    assert run.returncode == 0 and "Usage" in run.stdout and run.stderr == ""


def test_ctrl_c_in_a_text_that_is_run_is_exit_code_130_too():
    """As in a dataclass that is being made: Python would end itself with the signal."""
    inner = "exec('import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(60)')"
    code = BEFORE.replace("os.kill(os.getpid(), signal.SIGINT)\n            time.sleep(60)", inner)
    run = subprocess.run([sys.executable, "-c", code.format(name="cyclopts")], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (130, "convolab: stopped\n")


MASKED = """
import os, signal, sys
from convolab.verify import workers
def pressed(item):
    os.kill(os.getpid(), signal.SIGINT)
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
if __name__ == "__main__":
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    print([result for _, result, _ in workers.each(pressed, [1, 2, 3], jobs=2)])
    print(before == signal.pthread_sigmask(signal.SIG_BLOCK, []))
"""


def test_a_worker_never_sees_ctrl_c_and_its_caller_still_does(tmp_path):
    (tmp_path / "masked.py").write_text(MASKED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, tmp_path / "masked.py"], capture_output=True, text=True, env=environment)
    assert (run.stdout, run.stderr) == ("[True, True, True]\nTrue\n", "")
