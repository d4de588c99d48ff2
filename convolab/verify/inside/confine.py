"""What the contained process may do: limits set by itself, before it runs a line of the code that is checked.

Every measure is taken where the system has it, and `confine` says which were: resource limits (POSIX), and on Linux
Landlock (which files), seccomp (which system calls) and the loss of root's privileges. None can be undone.
"""

import contextlib
import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Callable

# System calls that are refused: processes, networks, other processes' memory and signals, limits, owners and modes of
# files, and what only an administrator needs. The numbers are Linux's, by machine.
REFUSED = {
    "x86_64": (
        0xC000003E,
        {"fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "socket": 41, "connect": 42, "bind": 49, "ptrace": 101,
         "setsid": 112, "setpgid": 109, "setrlimit": 160, "process_vm_readv": 310, "process_vm_writev": 311,
         "pidfd_open": 434, "pidfd_send_signal": 424, "pidfd_getfd": 438, "rt_sigqueueinfo": 129,
         "rt_tgsigqueueinfo": 297, "unshare": 272, "setns": 308, "mount": 165, "bpf": 321, "userfaultfd": 323,
         "perf_event_open": 298, "io_uring_setup": 425, "keyctl": 250, "add_key": 248, "request_key": 249,
         "chmod": 90, "fchmod": 91, "fchmodat": 268, "fchmodat2": 452, "chown": 92, "fchown": 93, "lchown": 94,
         "fchownat": 260, "utime": 132, "utimes": 235, "utimensat": 280, "futimesat": 261, "setxattr": 188,
         "lsetxattr": 189, "fsetxattr": 190, "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
         "chroot": 161, "reboot": 169, "setpriority": 141, "tkill": 200, "capset": 126},
        {"clone": 56, "clone3": 435, "kill": 62, "tgkill": 234, "prlimit64": 302},
    ),
    "aarch64": (
        0xC00000B7,
        {"execve": 221, "execveat": 281, "socket": 198, "connect": 203, "bind": 200, "ptrace": 117, "setsid": 157,
         "setpgid": 154, "setrlimit": 164, "process_vm_readv": 270, "process_vm_writev": 271, "pidfd_open": 434,
         "pidfd_send_signal": 424, "pidfd_getfd": 438, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "unshare": 97,
         "setns": 268, "mount": 40, "bpf": 280, "userfaultfd": 282, "perf_event_open": 241, "io_uring_setup": 425,
         "keyctl": 219, "add_key": 217, "request_key": 218, "fchmod": 52, "fchmodat": 53, "fchmodat2": 452,
         "fchown": 55, "fchownat": 54, "utimensat": 88, "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7,
         "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16, "chroot": 51, "reboot": 142, "setpriority": 140,
         "tkill": 130, "capset": 91},
        {"clone": 220, "clone3": 435, "kill": 129, "tgkill": 131, "prlimit64": 261},
    ),
}  # fmt: skip
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
READ = 0b1101  # execute, read a file, list a folder
OPENS_FILE = 0b1 | 0b10 | 0b100 | 1 << 14 | 1 << 15  # the rights that a rule for a single file may give
NO_NEW_PRIVILEGES, SECCOMP, FILTER, DIE_WITH_PARENT = 38, 22, 2, 1
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
THREAD = 0x00010000


def confine(*, memory: int, file_size: int, readable: list[str], writable: str) -> list[str]:
    """Take every measure that this system has; return the names of those that hold."""
    measures: dict[str, Callable[[], None]] = {
        "limits": lambda: limit_resources(memory, file_size),
        "no privileges": drop_privileges,
        "files": lambda: restrict_files(readable, writable),
        "system calls": restrict_calls,
    }
    held = []
    for name, measure in measures.items():
        with contextlib.suppress(OSError, ImportError, AttributeError, ValueError, KeyError):
            measure()
            held.append(name)
    return held


def limit_resources(memory: int, file_size: int) -> None:
    """Limit the address space beyond what is in use, the size of a file, open files, processes, no core dumps."""
    import resource

    with contextlib.suppress(OSError), open("/proc/self/statm") as pages:  # noqa: PTH123 - few imports here
        memory += int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    for name, value in (("AS", memory), ("FSIZE", file_size), ("NOFILE", 256), ("CORE", 0), ("NPROC", 0)):
        if name == "NPROC" and sys.platform.startswith("linux") and platform.machine() in REFUSED:
            continue  # seccomp refuses processes; this limit would refuse threads too
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def _linux() -> ctypes.CDLL:
    if not sys.platform.startswith("linux"):
        raise OSError
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def drop_privileges() -> None:
    """Take every capability from a process of root's for good, and let it end when the checker does."""
    libc = _linux()
    libc.prctl(DIE_WITH_PARENT, 9, 0, 0, 0)
    _checked(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    header, none = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0)), ctypes.create_string_buffer(24)
    _checked(libc.syscall(REFUSED[platform.machine()][1]["capset"], header, none))


def restrict_files(readable: list[str], writable: str) -> None:
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


def restrict_calls() -> None:
    """Let seccomp refuse the system calls above; threads and signals to itself stay possible."""
    libc = _linux()
    architecture, refused, special = REFUSED[platform.machine()]
    load, equal, larger, some, give = 0x20, 0x15, 0x35, 0x45, 0x06
    own = os.getpid()
    program = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, REFUSE), (load, 0, 0, 0)]
    program += [(larger, 0, 1, 0x40000000), (give, 0, 0, REFUSE)]
    program += [(equal, 0, 1, special["clone3"]), (give, 0, 0, UNKNOWN)]  # the C library then uses clone
    for number in refused.values():
        program += [(equal, 0, 1, number), (give, 0, 0, REFUSE)]
    program += [
        (equal, 0, 4, special["clone"]),
        (load, 0, 0, 16),
        (some, 1, 0, THREAD),
        (give, 0, 0, REFUSE),
        (give, 0, 0, ALLOW),
    ]
    for name in ("kill", "tgkill"):
        program += [
            (equal, 0, 4, special[name]),
            (load, 0, 0, 16),
            (equal, 1, 0, own),
            (give, 0, 0, REFUSE),
            (give, 0, 0, ALLOW),
        ]
    # prlimit64 may ask for limits, not set them: its third argument must be null.
    program += [
        (equal, 0, 6, special["prlimit64"]),
        (load, 0, 0, 32),
        (equal, 0, 2, 0),
        (load, 0, 0, 36),
        (equal, 1, 0, 0),
        (give, 0, 0, REFUSE),
        (give, 0, 0, ALLOW),
    ]
    program += [(give, 0, 0, ALLOW)]
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    lines = ctypes.create_string_buffer(code, len(code))
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(lines)), 16)
    _checked(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.prctl(SECCOMP, FILTER, whole, 0, 0))
