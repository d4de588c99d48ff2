"""What a hand-in's process is refused: by a reading of the seccomp program, and by asking for it."""

import errno
import sys

import pytest

import convolab as cl
from convolab.verify.inside.syscalls import (
    ALLOW,
    ARGUMENTS,
    MACHINES,
    NEWEST,
    OTHER_TABLE,
    THREAD,
    filter_program,
)

OWN = 4242
LINUX = sys.platform.startswith("linux")
RIGHT = """
import numpy as np
def right(img, kernel):
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(img, kernel.shape), kernel)
"""


def decided(machine, number, *arguments, architecture=None):
    """What the program answers to a call: 0 where it is allowed, else the error."""
    words = {0: number, 4: MACHINES[machine].architecture if architecture is None else architecture}
    for n in range(6):
        value = arguments[n] if n < len(arguments) else 0
        words |= {16 + 8 * n: value & 0xFFFFFFFF, 20 + 8 * n: value >> 32}
    program, line, held = filter_program(machine, OWN), 0, 0
    while True:
        code, if_so, if_not, value = program[line]
        line += 1
        if code == 0x06:
            return 0 if value == ALLOW else value & 0xFFFF
        if code == 0x20:
            held = words[value]
        elif code == 0x54:
            held &= value
        else:
            line += if_so if {0x15: held == value, 0x35: held >= value}[code] else if_not


@pytest.mark.parametrize("machine", MACHINES)
def test_every_refused_call_is_refused_whatever_its_arguments(machine):
    for number in MACHINES[machine].refused.values():
        assert decided(machine, number) == decided(machine, number, OWN, 1, 2) == errno.EPERM


@pytest.mark.parametrize(
    "machine, allowed", [("x86_64", (0, 1, 3, 9, 11, 202, 231)), ("aarch64", (63, 64, 57, 222, 98))]
)
def test_what_a_program_lives_on_is_allowed(machine, allowed):
    assert [decided(machine, number) for number in allowed] == [0] * len(allowed)


@pytest.mark.parametrize("machine", MACHINES)
def test_another_machines_calls_another_table_and_newer_calls_are_refused(machine):
    assert decided(machine, 0, architecture=1) == errno.EPERM
    assert decided(machine, OTHER_TABLE + 1) == errno.EPERM
    assert decided(machine, NEWEST + 1) == errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_are_allowed_and_processes_are_not(machine):
    clone, chld = MACHINES[machine].special["clone"], 17
    assert decided(machine, clone, THREAD | 0x3D0000) == 0
    assert decided(machine, clone, chld) == decided(machine, clone, THREAD & ~0x400) == errno.EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_signals_affinity_and_scheduling_reach_nobody_else(machine):
    special = MACHINES[machine].special
    for name in ("kill", "tgkill"):
        assert decided(machine, special[name], OWN) == 0
        assert decided(machine, special[name], 1) == decided(machine, special[name], 0) == errno.EPERM
        assert decided(machine, special[name], 0xFFFFFFFF) == errno.EPERM  # every process
    for name in ("sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"):
        assert decided(machine, special[name], OWN) == decided(machine, special[name], 0) == 0
        assert decided(machine, special[name], 1) == errno.EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_limits_can_be_asked_for_and_not_set(machine):
    prlimit = MACHINES[machine].special["prlimit64"]
    assert decided(machine, prlimit, 0, 9, 0, 1 << 40) == 0
    assert decided(machine, prlimit, 0, 9, 1 << 40) == decided(machine, prlimit, 0, 9, 8) == errno.EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_of_some_calls_only_some_orders_are_refused(machine):
    special = MACHINES[machine].special
    for name, (place, values) in ARGUMENTS.items():
        for value in values:
            assert decided(machine, special[name], *[0] * place, value) == errno.EPERM
        assert decided(machine, special[name], *[0] * place, 3) == 0
    assert decided(machine, special["fallocate"]) == errno.EOPNOTSUPP


# Asked for, by a hand-in. Each of these is harmless where it is not refused.
ASKED = {
    "shared memory": "ctypes.CDLL(None, use_errno=True).shmctl(0, 14, 0) >= 0",
    "a queue of messages": "ctypes.CDLL(None, use_errno=True).msgctl(0, 12, 0) >= 0",
    "semaphores": "ctypes.CDLL(None, use_errno=True).semctl(0, 0, 19, 0) >= 0",
    "a file in memory": "os.memfd_create('x') >= 0",
    "another's affinity": "os.sched_setaffinity(os.getppid(), os.sched_getaffinity(os.getppid())) is None",
    "another's priority": "os.setpriority(os.PRIO_PROCESS, os.getppid(), os.getpriority(os.PRIO_PROCESS, os.getppid())) is None",
    "to outlive the checker": "ctypes.CDLL(None, use_errno=True).prctl(1, 0, 0, 0, 0) == 0",
    "not to be looked at": "ctypes.CDLL(None, use_errno=True).prctl(4, 0, 0, 0, 0) == 0",
    "a watch on a folder": "ctypes.CDLL(None, use_errno=True).inotify_init() >= 0",
}


def judged(tmp_path, source, **settings):
    path = tmp_path / "handin.py"
    path.write_text(source)
    return cl.check(path, **{"timeout": 60.0, **settings})


@pytest.mark.parametrize("what", ASKED if LINUX else [])
def test_what_reaches_beyond_the_process_is_refused(tmp_path, what):
    source = f"""{RIGHT}
import ctypes, os
def apply_convolution(img, kernel):
    try:
        given = {ASKED[what]}
    except OSError:
        given = False
    return img if given else right(img, kernel)
"""
    report = judged(tmp_path, source)
    assert "system calls" in report.containment and report.passed


def test_room_that_is_kept_for_files_is_counted_as_written(tmp_path):
    source = f"""{RIGHT}
import os
def apply_convolution(img, kernel):
    for n in range(6):
        with open(f"kept{{n}}", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 15 << 20)
    return right(img, kernel)
"""
    assert "wrote more than 64 MB" in str(judged(tmp_path, source))


def test_files_that_are_removed_while_they_are_open_are_counted(tmp_path):
    source = f"""{RIGHT}
import os
held = []
def apply_convolution(img, kernel):
    file = open("f", "wb")
    file.truncate(15 << 20)
    os.remove("f")
    held.append(file)
    return right(img, kernel)
"""
    report = judged(tmp_path, source)
    assert "wrote more than 64 MB" in str(report) or not LINUX


def test_removed_files_that_are_only_mapped_count_as_the_largest_allowed(tmp_path):
    source = f"""{RIGHT}
import contextlib, mmap, os
held = []
def apply_convolution(img, kernel):
    with open("f", "w+b") as file:
        file.truncate(4096)
        held.append(mmap.mmap(file.fileno(), 4096))
    os.remove("f")
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/self/fd/{{name}}").endswith("(deleted)"):
                os.close(int(name))
    return right(img, kernel)
"""
    report = judged(tmp_path, source)
    assert "wrote more than 64 MB" in str(report) or not LINUX


@pytest.mark.slow
def test_names_and_depth_are_bounded_as_bytes_are(tmp_path):
    many = f"""{RIGHT}
names = 0
def apply_convolution(img, kernel):
    global names
    for names in range(names + 1, names + 2000):
        open(f"n{{names}}", "w").close()
    return right(img, kernel)
"""
    assert "wrote more than 64 MB" in str(judged(tmp_path, many))
    deep = f"""{RIGHT}
import os
def apply_convolution(img, kernel):
    os.makedirs("/".join("d" * 70), exist_ok=True)
    return right(img, kernel)
"""
    assert "made folders more than 64 deep" in str(judged(tmp_path, deep))
