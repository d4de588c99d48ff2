"""Where does the memory of a training step come from? From the step before, if the C library is told to keep it.

glibc gives large freed blocks back to the system at once, and a training step then begins by faulting the same pages
in again: a thousand faults a step, a tenth of its time. The setting holds for the whole process and cannot be taken
back, so that only a command calls this, whose process is convolab's own; `train` in somebody else's never does.
"""

import ctypes
import sys

# <malloc.h>: the option's number, and the size in bytes up to which memory is kept.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, KEPT = -1, -3, 1 << 30


def keep_freed_memory() -> bool:
    """Tell glibc to keep what is freed for the next step; True where there is a glibc to tell."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return all(mallopt(option, KEPT) for option in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD))
