"""Halide's threads and PyTorch's, which must not keep each other from the cores.

PyTorch's OpenMP threads go on spinning for some milliseconds after each parallel loop, and so one core less is left for
whoever comes next. libgomp gives that up, and lets its threads sleep at once, where a program has more OpenMP threads
than there are processors. So a team of sleeping threads is made once, as large as that, by a thread that never ends.
No setting of the environment does the same after libgomp was loaded.

It is done only where CONVOLAB_PARK=1 asks for it: threads that sleep are slow to wake, and PyTorch's own small
operators then take twice as long.
"""

import ctypes
import os
import sys
import threading
from functools import lru_cache
from pathlib import Path

LEFT_ALONE = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")  # whoever sets one of these has said how threads should wait
MAPS = Path("/proc/self/maps")


def let_others_sleep() -> bool:
    """Keep PyTorch's idle threads from spinning, if it is loaded and that is asked for; return whether they do not."""
    wanted = os.environ.get("CONVOLAB_PARK") == "1" and not any(name in os.environ for name in LEFT_ALONE)
    return wanted and "torch" in sys.modules and _park()


@lru_cache
def _park() -> bool:
    """Make a team of OpenMP threads that sleep for as long as the program runs."""
    library = _openmp()
    if library is None:
        return False
    made = threading.Event()
    threading.Thread(target=_keep_team, args=(library, made), name="convolab-pool", daemon=True).start()
    return made.wait(timeout=10)


def _keep_team(library: ctypes.CDLL, made: threading.Event) -> None:
    """Run an empty loop on one thread more than there are processors, and stay, since the team ends with its maker."""
    nothing = ctypes.cast(ctypes.CDLL(None).free, ctypes.c_void_p)  # free(NULL) does nothing
    library.GOMP_parallel(nothing, None, (os.cpu_count() or 1) + 1, 0)
    made.set()
    threading.Event().wait()


def _openmp() -> ctypes.CDLL | None:
    """Return the GNU OpenMP library that this process has loaded; None where there is none."""
    if not MAPS.exists():
        return None
    paths = {line.split()[-1] for line in MAPS.read_text().splitlines() if "libgomp" in line}
    return ctypes.CDLL(paths.pop()) if len(paths) == 1 else None
