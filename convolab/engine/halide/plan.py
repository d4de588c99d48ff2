"""A compiled pipeline for each shape, kept for the next call: what compiling costs is paid once."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

CAPACITY = 256  # pipelines kept; each holds some tens of kilobytes of code


class Plans:
    """The pipelines used last, by key. Threads may ask at the same time; each pipeline is compiled once.

    Whoever keeps books of them is told which key was `dropped`.
    """

    def __init__(self, build: Callable, capacity: int = CAPACITY, dropped: Callable = lambda *key: None):
        self.build, self.capacity, self.dropped = build, capacity, dropped
        self.kept: OrderedDict = OrderedDict()
        self.lock = Lock()

    def __call__(self, *key):
        plan = self.kept.get(key)
        if plan is None:
            with self.lock:
                plan = self.kept.get(key) or self._compile(key)
        else:
            self._touch(key)
        return plan

    def _touch(self, key) -> None:
        try:  # noqa: SIM105 (every call comes by here, and contextlib.suppress takes a microsecond)
            self.kept.move_to_end(key)
        except KeyError:  # another thread has just dropped it
            pass

    def _compile(self, key):
        plan = self.kept[key] = self.build(*key)
        if len(self.kept) > self.capacity:
            self.dropped(*self.kept.popitem(last=False)[0])
        return plan
