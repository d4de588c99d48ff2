"""What the contained process may do: limits set by itself, before it runs a line of the code that is checked.

Every measure is taken where the system has it, and `confine` says which were: resource limits (POSIX), and on Linux
Landlock (which files), seccomp (which system calls) and the loss of root's privileges. None can be undone.
"""

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Callable
from typing import Any

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
READ = 0b1101  # execute, read a file, list a folder
OPENS_FILE = 0b1 | 0b10 | 0b100 | 1 << 14 | 1 << 15  # the rights that a rule for a single file may give
NO_NEW_PRIVILEGES, SECCOMP, FILTER, DIE_WITH_PARENT = 38, 22, 2, 1


def confine(calls: Any, *, memory: int, file_size: int, readable: list[str], writable: str) -> list[str]:
    """Take every measure that this system has, and return the names of those that hold (`calls`: `syscalls.py`)."""
    machine = platform.machine()
    measures: dict[str, Callable[[], None]] = {
        "limits": lambda: _limit_resources(memory, file_size, threads_too=machine not in calls.MACHINES),
        "no privileges": lambda: _drop_privileges(calls.MACHINES[machine].refused["capset"]),
        "files": lambda: _restrict_files(readable, writable),
        "system calls": lambda: _restrict_calls(calls.filter_program(machine, os.getpid())),
    }
    held = []
    for name, measure in measures.items():
        with contextlib.suppress(OSError, ImportError, AttributeError, ValueError, KeyError):
            measure()
            held.append(name)
    return held


def _limit_resources(memory: int, file_size: int, *, threads_too: bool) -> None:
    """Limit memory beyond what is in use, the size of a file and open files, and allow no core dumps.

    The number of processes is limited only where `threads_too` says that threads may count among them.
    """
    import resource

    with contextlib.suppress(OSError), open("/proc/self/statm") as pages:  # noqa: PTH123 - few imports here
        memory += int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    for name, value in (("AS", memory), ("FSIZE", file_size), ("NOFILE", 256), ("CORE", 0), ("NPROC", 0)):
        if name == "NPROC" and sys.platform.startswith("linux") and not threads_too:
            continue  # seccomp refuses processes; this limit would refuse threads too
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    for name, value in (("AS", memory), ("FSIZE", file_size)):
        if resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] not in range(value + 1):
            raise OSError(f"no limit on {name}")


def _linux() -> ctypes.CDLL:
    if not sys.platform.startswith("linux"):
        raise OSError
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _drop_privileges(capset: int) -> None:
    """Take every capability from a process of root's for good, and let it end when the checker does."""
    libc = _linux()
    libc.prctl(DIE_WITH_PARENT, 9, 0, 0, 0)
    _checked(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    header, none = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0)), ctypes.create_string_buffer(24)
    _checked(libc.syscall(capset, header, none))


def _restrict_files(readable: list[str], writable: str) -> None:
    """Let Landlock allow to read the named files and folders, write in one folder, and reach no other."""
    libc = _linux()
    version = _checked(libc.syscall(LANDLOCK_CREATE, None, 0, 1))
    rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    network = 0b11 if version >= 4 else 0
    scope = 0b11 if version >= 6 else 0
    attributes = struct.pack("QQQ", rights, network, scope)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = _checked(
        libc.syscall(LANDLOCK_CREATE, ctypes.create_string_buffer(attributes, len(attributes)), len(attributes), 0)
    )
    devices = ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"]
    for path, allowed in [
        *((p, READ) for p in [*readable, *devices]),
        (writable, rights),
        ("/dev/null", READ | 0b10 | 1 << 14),
    ]:
        _allow(libc, rules, path, allowed & rights)
    _checked(libc.syscall(LANDLOCK_RESTRICT, rules, 0))
    os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights &= -1 if os.path.isdir(path) else OPENS_FILE  # noqa: PTH112
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, descriptor), 12)
        _checked(libc.syscall(LANDLOCK_ADD, rules, 1, rule, 0))
    finally:
        os.close(descriptor)


def _restrict_calls(program: list[tuple[int, int, int, int]]) -> None:
    """Let seccomp refuse the system calls of `syscalls.py`; threads and signals to itself stay possible."""
    libc = _linux()
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    lines = ctypes.create_string_buffer(code, len(code))
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(lines)), 16)
    _checked(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.prctl(SECCOMP, FILTER, whole, 0, 0))
