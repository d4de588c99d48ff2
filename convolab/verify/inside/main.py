"""The contained process: reads calls from the checker, makes them, and writes back arrays. It never sees a verdict.

Its standard input and output are taken for the messages before anything else is loaded; what the checked code prints
goes, with standard error, into a pipe that the checker reads and cuts off.
"""

import importlib
import io
import os
import sys
import types
from collections.abc import Sequence

SYSTEM = (
    "/usr /lib /lib64 /etc/ld.so.cache /etc/localtime /proc/self /proc/cpuinfo /proc/meminfo /proc/stat "
    "/sys/devices/system /sys/fs/cgroup"
)


def main() -> None:
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as little as possible is loaded here
    sys.path.insert(0, here)
    calling, confine, frames = (importlib.import_module(n) for n in ("calling", "confine", "frames"))
    sys.path.remove(here)
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    read = frames.reader(requests)
    header, _ = frames.unpack(read)
    for name in header["libraries"]:
        importlib.import_module(name)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    places = [*header["readable"], *system_places()]
    held = confine.confine(
        memory=header["memory"], file_size=header["file_size"], readable=places, writable=header["folder"]
    )
    sys.path.insert(0, header["home"])
    reply(answers, frames, {**calling.load(header["path"], header["wanted"]), "held": held})
    while True:
        try:
            header, arrays = frames.unpack(read)
        except EOFError:
            return
        function = getattr(calling.HAND_IN["module"], header["function"])
        reply(answers, frames, *calling.invoke(function, arrays, header))


def reply(
    answers: io.BufferedWriter, frames: types.ModuleType, header: dict[str, object], arrays: Sequence[object] = ()
) -> None:
    """Write one answer."""
    sys.stdout.flush()
    answers.write(frames.pack(header, arrays))
    answers.flush()


def system_places() -> list[str]:
    """Return what Python and its libraries read while they run."""
    places = [p for p in sys.path if p] + [sys.prefix, sys.base_prefix, sys.exec_prefix]
    return [*places, *SYSTEM.split()]


if __name__ == "__main__":
    main()
