"""The contained process: reads calls from the checker, makes them, and writes back arrays. It never sees a verdict.

`main.py` alone is that process. `main.py CONTROL FOLDER LIBRARY…` is the keeper of such processes (`keeper.py`). What
the checked code prints goes, with standard error, into a pipe that the checker reads and cuts off.
"""

import contextlib
import importlib
import io
import os
import sys
import types
from collections.abc import Sequence
from typing import Any

SYSTEM = (
    "/usr /lib /lib64 /etc/ld.so.cache /etc/localtime /proc/self /proc/cpuinfo /proc/meminfo /proc/stat "
    "/sys/devices/system /sys/fs/cgroup"
)
# The packages around the code that watches a network train, and around that which tries changes; and their folders.
PARENTS = (("convolab", ""), ("convolab.verify", "verify"))
WATCHES, TRIES = "exercise1.inside.watch", "repair.trying"


def main() -> None:
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as little as possible is loaded here
    sys.path.insert(0, here)
    for name in ("calling", "confine", "describing", "frames", "notebooks", "syscalls"):
        importlib.import_module(name)
    keeper = importlib.import_module("keeper")
    sys.path.remove(here)
    _own(os.path.dirname(os.path.dirname(here)), TRIES)  # noqa: PTH120

    def serve(requests: int, answers: int) -> None:
        _answer_calls(os.fdopen(requests, "rb"), os.fdopen(answers, "wb"))

    if len(sys.argv) > 1:
        keeper.keep(int(sys.argv[1]), sys.argv[2], sys.argv[3:], serve)
    else:
        requests, answers = os.dup(0), os.dup(1)
        keeper.take_output(os.dup(2))
        serve(requests, answers)


def _answer_calls(requests: Any, answers: Any) -> None:
    """Load the libraries, confine this process and say what holds, load the file, and answer calls until the end."""
    calling, confine, describing, frames, notebooks = (
        sys.modules[n] for n in ("calling", "confine", "describing", "frames", "notebooks")
    )
    read, parent = frames.reader(requests), os.getppid()
    header, _ = frames.unpack(read)
    for name in header["libraries"]:
        with contextlib.suppress(ImportError):  # the code that needs it says so, with its line
            importlib.import_module(name)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # or every process that the keeper starts would draw the same numbers
    watch = _own(header["package"], WATCHES) if "package" in header else None
    places = [*header["readable"], *_system_places()]
    held = confine.confine(
        sys.modules["syscalls"],
        memory=header["memory"],
        file_size=header["file_size"],
        readable=places,
        writable=header["folder"],
    )
    if os.getppid() != parent:  # it ended before this process was bound to it
        return
    reply(answers, frames, {"held": held})
    folder = header["folder"]
    header, arrays = frames.unpack(read)
    try:
        path = notebooks.as_python(header["path"], folder)
    except ValueError:
        return reply(answers, frames, {"unreadable": True})
    sys.path.insert(0, header["home"])

    def load(**how: Any) -> tuple[dict[str, Any], Any]:
        return describing.load(path, header["wanted"], calling, **how), calling.HAND_IN.get("module")

    reply(answers, frames, watch.run(load, arrays, folder) if watch else load()[0])

    def find(name: str) -> Any:
        return getattr(calling.HAND_IN["module"], name)

    changes = sys.modules[f"convolab.verify.{TRIES}"].Changes(calling)
    while True:
        try:
            header, arrays = frames.unpack(read)
        except EOFError:
            return
        made = changes.answer(arrays, header) if "repair" in header else calling.invoke(find, arrays, header)
        reply(answers, frames, *made)


def _own(package: str, name: str) -> Any:
    """Return a module of convolab's; beside what it uses itself, nothing else of convolab is loaded."""
    above = {f"convolab.verify.{name.split('.')[0]}": os.path.join("verify", name.split(".")[0])}  # noqa: PTH118
    above = dict(PARENTS) | above
    for parent, place in above.items():
        sys.modules[parent] = types.ModuleType(parent)
        sys.modules[parent].__path__ = [os.path.join(package, place)]  # noqa: PTH118
    found = importlib.import_module(f"convolab.verify.{name}")
    for parent in above:
        del sys.modules[parent]
    return found


def reply(
    answers: io.BufferedWriter, frames: types.ModuleType, header: dict[str, object], arrays: Sequence[object] = ()
) -> None:
    """Write one answer."""
    sys.stdout.flush()
    answers.write(frames.pack(header, arrays))
    answers.flush()


def _system_places() -> list[str]:
    """Return what Python and its libraries read while they run."""
    places = [p for p in sys.path if p] + [sys.prefix, sys.base_prefix, sys.exec_prefix]
    return [*places, *SYSTEM.split()]


if __name__ == "__main__":
    main()
