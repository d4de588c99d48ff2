"""Compiled pipelines are kept, one for each kind of shape, so that compiling is paid for once."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeAlias

Key: TypeAlias = tuple[Any, ...]  # the arguments that a pipeline is built from

CAPACITY = 112  # pipelines kept; each holds most of a megabyte, its code and what Halide keeps of it


class Plans:
    """The pipelines that were used last, by key. Threads may ask at the same time; each pipeline is compiled once.

    Parameters
    ----------
    build : callable
        Takes a key's parts and compiles the pipeline.
    capacity : int
        How many pipelines are kept.
    dropped : callable
        Is called with the parts of a key whose pipeline is no longer kept.
    """

    def __init__(
        self,
        build: Callable[..., Any],
        capacity: int = CAPACITY,
        dropped: Callable[..., object] = lambda *key: None,
    ):
        self.build, self.capacity, self.dropped = build, capacity, dropped
        self.kept: OrderedDict[Key, Any] = OrderedDict()
        self.lock = Lock()

    def __call__(self, *key: Any) -> Any:
        plan = self.kept.get(key)
        if plan is None:
            with self.lock:
                plan = self.kept.get(key) or self._compile(key)
        else:
            self._touch(key)
        return plan

    def _touch(self, key: Key) -> None:
        try:  # noqa: SIM105 (every call comes by here, and contextlib.suppress takes a microsecond)
            self.kept.move_to_end(key)
        except KeyError:  # another thread has just dropped it
            pass

    def _compile(self, key: Key) -> Any:
        plan = self.kept[key] = self.build(*key)
        if len(self.kept) > self.capacity:
            self.dropped(*self.kept.popitem(last=False)[0])
        return plan
