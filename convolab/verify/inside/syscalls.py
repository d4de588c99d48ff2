"""Which system calls the contained process is refused, and the seccomp program that refuses them.

The numbers are Linux's, by machine. A call that is newer than this table is answered as an old kernel would.
"""

import errno
from dataclasses import dataclass
from typing import Any

LOAD, EQUAL, AT_LEAST, KEEP_BITS, ANSWER = 0x20, 0x15, 0x35, 0x54, 0x06
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
UNSUPPORTED = 0x00050000 | errno.EOPNOTSUPP
OTHER_TABLE = 0x40000000  # numbers from here on are of x86-64's second table of calls
NEWEST = 462  # the last call that this table knows, on every machine
THREAD = 0x00010F00  # a thread that shares everything with the others, its open files too
# Arguments that are refused of calls that are allowed otherwise, as (number of the argument, values).
ARGUMENTS = {
    "prctl": (0, (1, 4)),  # the signal at the parent's death, whether the process can be looked at
    "fcntl": (1, (8, 10, 15, 1031)),  # who gets a descriptor's signals, and which; how much a pipe holds
    "ioctl": (1, (0x8901, 0x8902, 0x5412)),  # the same of a socket, and input typed into a terminal
}


@dataclass(frozen=True)
class _CallTable:
    """One machine's numbers.

    Attributes
    ----------
    architecture : int
        As the kernel tells it to the program.
    refused : dict of {str: int}
        Processes, networks, other processes' memory and signals, limits, what System V and POSIX share between
        processes, memory and disk space that no limit counts, owners and modes of files, and what only an administrator
        needs.
    special : dict of {str: int}
        Calls that are looked at more closely.
    """

    architecture: int
    refused: dict[str, int]
    special: dict[str, int]


MACHINES = {
    "x86_64": _CallTable(
        0xC000003E,
        {"fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "socket": 41, "connect": 42, "bind": 49, "ptrace": 101,
         "setsid": 112, "setpgid": 109, "setrlimit": 160, "process_vm_readv": 310, "process_vm_writev": 311,
         "pidfd_open": 434, "pidfd_send_signal": 424, "pidfd_getfd": 438, "rt_sigqueueinfo": 129,
         "rt_tgsigqueueinfo": 297, "unshare": 272, "setns": 308, "mount": 165, "bpf": 321, "userfaultfd": 323,
         "perf_event_open": 298, "io_uring_setup": 425, "keyctl": 250, "add_key": 248, "request_key": 249,
         "chmod": 90, "fchmod": 91, "fchmodat": 268, "fchmodat2": 452, "chown": 92, "fchown": 93, "lchown": 94,
         "fchownat": 260, "utime": 132, "utimes": 235, "utimensat": 280, "futimesat": 261, "setxattr": 188,
         "lsetxattr": 189, "fsetxattr": 190, "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
         "chroot": 161, "reboot": 169, "setpriority": 141, "tkill": 200, "capset": 126,
         "shmget": 29, "shmat": 30, "shmctl": 31, "shmdt": 67, "semget": 64, "semop": 65, "semctl": 66,
         "semtimedop": 220, "msgget": 68, "msgsnd": 69, "msgrcv": 70, "msgctl": 71, "mq_open": 240, "mq_unlink": 241,
         "mq_timedsend": 242, "mq_timedreceive": 243, "mq_notify": 244, "mq_getsetattr": 245, "memfd_create": 319,
         "memfd_secret": 447, "ioprio_set": 251, "migrate_pages": 256, "move_pages": 279, "process_madvise": 440,
         "process_mrelease": 448, "inotify_init": 253, "inotify_init1": 294, "inotify_add_watch": 254,
         "fanotify_init": 300, "syslog": 103, "socketpair": 53},
        {"clone": 56, "clone3": 435, "kill": 62, "tgkill": 234, "prlimit64": 302, "fallocate": 285,
         "sched_setparam": 142, "sched_setscheduler": 144, "sched_setaffinity": 203, "sched_setattr": 314,
         "prctl": 157, "fcntl": 72, "ioctl": 16},
    ),
    "aarch64": _CallTable(
        0xC00000B7,
        {"execve": 221, "execveat": 281, "socket": 198, "connect": 203, "bind": 200, "ptrace": 117, "setsid": 157,
         "setpgid": 154, "setrlimit": 164, "process_vm_readv": 270, "process_vm_writev": 271, "pidfd_open": 434,
         "pidfd_send_signal": 424, "pidfd_getfd": 438, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "unshare": 97,
         "setns": 268, "mount": 40, "bpf": 280, "userfaultfd": 282, "perf_event_open": 241, "io_uring_setup": 425,
         "keyctl": 219, "add_key": 217, "request_key": 218, "fchmod": 52, "fchmodat": 53, "fchmodat2": 452,
         "fchown": 55, "fchownat": 54, "utimensat": 88, "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7,
         "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16, "chroot": 51, "reboot": 142, "setpriority": 140,
         "tkill": 130, "capset": 91,
         "shmget": 194, "shmctl": 195, "shmat": 196, "shmdt": 197, "semget": 190, "semctl": 191, "semtimedop": 192,
         "semop": 193, "msgget": 186, "msgctl": 187, "msgrcv": 188, "msgsnd": 189, "mq_open": 180, "mq_unlink": 181,
         "mq_timedsend": 182, "mq_timedreceive": 183, "mq_notify": 184, "mq_getsetattr": 185, "memfd_create": 279,
         "memfd_secret": 447, "ioprio_set": 30, "migrate_pages": 238, "move_pages": 239, "process_madvise": 440,
         "process_mrelease": 448, "inotify_init1": 26, "inotify_add_watch": 27, "fanotify_init": 262, "syslog": 116,
         "socketpair": 199},
        {"clone": 220, "clone3": 435, "kill": 129, "tgkill": 131, "prlimit64": 261, "fallocate": 47,
         "sched_setparam": 118, "sched_setscheduler": 119, "sched_setaffinity": 122, "sched_setattr": 274,
         "prctl": 167, "fcntl": 25, "ioctl": 29},
    ),
}  # fmt: skip


def filter_program(machine: str, own: int) -> list[tuple[int, int, int, int]]:
    """The seccomp program for a machine and a process's number: lines of (code, jump if so, jump if not, value)."""
    m = MACHINES[machine]
    program = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, m.architecture), (ANSWER, 0, 0, REFUSE), (LOAD, 0, 0, 0)]
    program += [(AT_LEAST, 0, 1, OTHER_TABLE), (ANSWER, 0, 0, REFUSE)]
    program += [(AT_LEAST, 0, 1, NEWEST + 1), (ANSWER, 0, 0, UNKNOWN)]
    program += _answered(m.special["clone3"], UNKNOWN)  # the C library then uses clone
    program += _answered(m.special["fallocate"], UNSUPPORTED)  # and then writes, which is counted
    for number in m.refused.values():
        program += _answered(number, REFUSE)
    thread = [_argument(0), (KEEP_BITS, 0, 0, THREAD), (EQUAL, 1, 0, THREAD), (ANSWER, 0, 0, REFUSE)]
    program += _where(m.special["clone"], thread)
    for name in ("kill", "tgkill"):
        program += _where(m.special[name], [_argument(0), (EQUAL, 1, 0, own), (ANSWER, 0, 0, REFUSE)])
    for name in ("sched_setparam", "sched_setscheduler", "sched_setaffinity", "sched_setattr"):
        itself = [_argument(0), (EQUAL, 2, 0, 0), (EQUAL, 1, 0, own), (ANSWER, 0, 0, REFUSE)]
        program += _where(m.special[name], itself)
    for name, (argument, values) in ARGUMENTS.items():
        lines = [line for value in values for line in _answered(value, REFUSE)]
        program += _where(m.special[name], [_argument(argument), *lines])
    # prlimit64 may ask for limits, not set them: its third argument must be null.
    null = [_argument(2), (EQUAL, 0, 2, 0), (LOAD, 0, 0, 36), (EQUAL, 1, 0, 0), (ANSWER, 0, 0, REFUSE)]
    program += _where(m.special["prlimit64"], null)
    return [*program, (ANSWER, 0, 0, ALLOW)]


def _answered(value: int, answer: int) -> list[tuple[int, int, int, int]]:
    """Answer if what was loaded is the value."""
    return [(EQUAL, 0, 1, value), (ANSWER, 0, 0, answer)]


def _where(number: int, lines: list[Any]) -> list[tuple[int, int, int, int]]:
    """The lines for one call only; what they do not answer is allowed."""
    return [(EQUAL, 0, len(lines) + 1, number), *lines, (ANSWER, 0, 0, ALLOW)]


def _argument(number: int) -> tuple[int, int, int, int]:
    """Load the lower half of an argument: numbers of processes and of orders have no other."""
    return (LOAD, 0, 0, 16 + 8 * number)
