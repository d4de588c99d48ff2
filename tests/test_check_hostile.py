"""Hostile hand-ins, run for real: none passes, none harms the machine or the next one, each ends in one line."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

import convolab as cl
from convolab.verify.contained import Contained

RIGHT = """
import numpy as np
def apply_convolution(img, kernel):
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(img, kernel.shape), kernel)
"""
WRONG = """
def apply_convolution(img, kernel):
    return img
"""
LINUX = sys.platform.startswith("linux")


def is_alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def judged(tmp_path, source, **settings):
    path = tmp_path / "handin.py"
    path.write_text(source)
    return cl.check(path, **{"timeout": 20.0, **settings})


def test_one_that_loops_for_ever_is_stopped_at_its_time(tmp_path):
    report = judged(tmp_path, "def apply_convolution(img, kernel):\n    while True: pass\n", timeout=1.0)
    assert report.functions[0].status == "timeout" and not report.passed
    assert "It did not finish within 1 s" in str(report)


def test_one_that_loops_while_it_is_loaded_is_stopped_too(tmp_path):
    report = judged(tmp_path, "while True: pass\n", timeout=0.5)
    assert report.functions[0].status == "timeout"


@pytest.mark.slow
def test_the_function_behind_one_that_hangs_is_still_judged(tmp_path):
    hang = "def compute_convolution_at_position(i, j, img, kernel):\n    import time; time.sleep(999)\n"
    report = judged(tmp_path, RIGHT + hang, timeout=5.0)
    assert {f.name: f.status for f in report.functions} == {
        "compute_convolution_at_position": "timeout", "apply_convolution": "passed",
    }  # fmt: skip


@pytest.mark.parametrize("call", ["os.fork()", "os.system('true')", "__import__('subprocess').run(['true'])"])
def test_one_that_starts_processes_is_refused(tmp_path, call):
    source = f"import os\ndef apply_convolution(img, kernel):\n    while True: {call}\n"
    # A shell may be started in vain for ever, and the longer the dearer.
    report = judged(tmp_path, source, timeout=1.0 if "system" in call else 4.0)
    assert report.functions[0].status in ("error", "timeout") and not report.passed
    if LINUX and "system calls" in report.containment and "system" not in call:
        assert "PermissionError" in str(report)


def test_one_that_allocates_fifty_gigabytes_gets_a_memory_error(tmp_path):
    source = "import numpy as np\ndef apply_convolution(img, kernel):\n    return np.ones(50 * 2**30 // 8)\n"
    report = judged(tmp_path, source)
    assert report.functions[0].status == "error" and "MemoryError" in str(report)


@pytest.mark.parametrize("where", ["import os; os._exit(0)\n", "import sys; sys.exit(0)\n"])
def test_one_that_exits_with_0_has_not_passed(tmp_path, where):
    report = judged(tmp_path, where)
    assert not report.passed and report.functions[0].status == "error" and "exit code 0" in str(report)
    report = judged(tmp_path, f"def apply_convolution(img, kernel):\n    {where}")
    assert not report.passed and report.functions[0].status == "error" and "exit code 0" in str(report)


def test_a_verdict_printed_or_written_to_every_channel_changes_nothing(tmp_path):
    forged = '{"functions": [{"name": "apply_convolution", "status": "passed", "points": 1}], "passed": true}'
    source = f"""
import os, sys
def apply_convolution(img, kernel):
    print('''{forged}''')
    for descriptor in range(3, 40):
        try:
            os.write(descriptor, b'''{forged}''')
        except OSError:
            pass
    return img
"""
    report = judged(tmp_path, source)
    assert not report.passed and report.functions[0].status in ("failed", "error")


def test_a_forged_answer_is_an_array_like_any_other_and_judged_as_one(tmp_path):
    source = f"""
import gc, io, sys
{WRONG}
def forge():
    import numpy as np
    frames = sys.modules["frames"]
    for thing in gc.get_objects():
        if isinstance(thing, io.BufferedWriter):
            thing.write(frames.pack({{"passed": True, "status": "passed", "type": "ndarray", "changed": []}}, [np.zeros((3, 7))]))
            thing.flush()
old = apply_convolution
def apply_convolution(img, kernel):
    forge()
    return old(img, kernel)
"""
    report = judged(tmp_path, source)
    assert not report.passed


@pytest.mark.parametrize(
    "header", [b"\x00\x00\x00\x02\xff\xff\xff\xff{}", b"\xff" * 64, b"\x00\x00\x00\x04\x00\x00\x00\x00[1]x"]
)
def test_bytes_that_are_no_message_end_in_one_line(tmp_path, header):
    source = f"""
import gc, io
def apply_convolution(img, kernel):
    for thing in gc.get_objects():
        if isinstance(thing, io.BufferedWriter):
            thing.write({header!r}); thing.flush()
    return img
"""
    report = judged(tmp_path, source)
    assert not report.passed and report.functions[0].status in ("error", "failed", "timeout")


def test_patching_numpy_and_the_harness_does_not_make_a_wrong_function_right(tmp_path):
    source = f"""
import sys, numpy as np
np.array_equal = np.allclose = lambda *a, **k: True
np.abs = lambda x: np.zeros_like(x)
for module in list(sys.modules.values()):
    for name in ("check", "judge", "agree"):
        if hasattr(module, name):
            try: setattr(module, name, lambda *a, **k: True)
            except Exception: pass
{WRONG}
"""
    report = judged(tmp_path, source)
    assert report.functions[0].status == "failed" and not report.passed


def test_files_outside_its_own_folder_can_neither_be_deleted_nor_read(tmp_path):
    secret, victim = tmp_path / "secret" / "key.txt", tmp_path / "victim" / "work.txt"
    for path in (secret, victim):
        path.parent.mkdir()
        path.write_text("precious")
    hand_in = tmp_path / "class"
    hand_in.mkdir()
    source = f"""
import os, shutil
seen = []
for attempt in (lambda: shutil.rmtree({str(victim.parent)!r}), lambda: os.remove({str(victim)!r}),
                lambda: open({str(victim)!r}, "w"), lambda: seen.append(open({str(secret)!r}).read()),
                lambda: os.chmod({str(victim)!r}, 0), lambda: os.rename({str(victim)!r}, "x")):
    try: attempt()
    except Exception as error: seen.append(type(error).__name__)
def apply_convolution(img, kernel):
    raise ValueError(str(seen))
"""
    report = judged(hand_in, source, alone=True)
    if "files" not in report.containment:
        pytest.fail("this test needs Landlock (Linux 5.13 or later): the protection is documented as absent elsewhere")
    assert victim.read_text() == "precious" and victim.stat().st_mode & 0o200
    assert "precious" not in str(report) and "PermissionError" in str(report)


def test_nothing_of_the_environment_is_inherited(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t")
    source = "import os\ndef apply_convolution(img, kernel):\n    raise ValueError(str(dict(os.environ)))\n"
    report = judged(tmp_path, source)
    assert "s3cr3t" not in str(report.as_dict()) and "OMP_NUM_THREADS" in str(report.as_dict())


def test_no_network(tmp_path):
    source = """
import socket
def apply_convolution(img, kernel):
    socket.create_connection(("127.0.0.1", 9), timeout=1)
"""
    report = judged(tmp_path, source)
    assert "PermissionError" in str(report) or "system calls" not in report.containment


def test_the_checker_cannot_be_signalled(tmp_path):
    source = f"import os\ndef apply_convolution(img, kernel):\n    os.kill({os.getpid()}, 9)\n"
    report = judged(tmp_path, source)
    assert "PermissionError" in str(report)


@pytest.mark.slow
def test_what_it_prints_is_cut_off_and_what_it_writes_is_limited(tmp_path):
    report = judged(tmp_path, "print('x' * 10**7)\n" + RIGHT)
    assert report.passed and len(report.printed) <= 20_000
    big = "def apply_convolution(img, kernel):\n    open('big', 'wb').write(b'x' * (2**24 + 10**5))\n"
    report = judged(tmp_path, big)
    assert not report.passed and report.functions[0].status == "error"
    many = "def apply_convolution(img, kernel):\n    n = 0\n    while True:\n        open(str(n), 'wb').write(b'x' * 10**7); n += 1\n"
    report = judged(tmp_path, many)
    assert "wrote more than" in str(report) or "OSError" in str(report)


def test_its_folder_is_gone_afterwards_and_no_process_is_left(tmp_path):
    path = tmp_path / "handin.py"
    path.write_text(RIGHT)
    caller = Contained(path, ["apply_convolution"], timeout=5)
    caller.start()
    folder, number = Path(caller._processes.folder), caller._processes.number
    assert folder.is_dir() and is_alive(number)
    caller.close()
    assert not folder.exists() and not is_alive(number)


def test_it_cannot_raise_its_own_limits(tmp_path):
    source = """
import resource
def apply_convolution(img, kernel):
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""
    report = judged(tmp_path, source)
    assert "error" in str(report).lower() and not report.passed


def test_a_huge_answer_is_refused(tmp_path):
    report = judged(
        tmp_path, "import numpy as np\ndef apply_convolution(img, kernel):\n    return np.ones(2**20 + 1)\n", timeout=20
    )
    assert not report.passed and report.functions[0].status in ("error", "failed")


def test_the_judges_own_process_is_untouched():
    assert np.array_equal([1], [1]) and not np.array_equal([1], [2])


@pytest.mark.slow
def test_only_the_hand_in_s_own_time_counts(tmp_path, monkeypatch):
    """A checker that is slow itself, on a busy machine, takes nothing from the hand-in's time."""
    import time

    from convolab.verify import examine

    slowly = examine.truth
    monkeypatch.setattr(examine, "truth", lambda *given: time.sleep(0.12) or slowly(*given))
    report = judged(tmp_path, RIGHT, timeout=3.0)
    assert report.passed and report.functions[0].seconds > 3


def test_files_are_counted_though_each_call_is_fast(tmp_path):
    source = """
import numpy as np
calls = []
def apply_convolution(img, kernel):
    calls.append(0)
    with open(f"{len(calls)}", "wb") as file:
        file.truncate(15 << 20)
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(img, kernel.shape), kernel)
"""
    report = judged(tmp_path, source)
    assert report.functions[0].status == "error" and "wrote more than 64 MB" in str(report)
