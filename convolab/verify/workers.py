"""Work for several processes at once, in which a process that ends costs its own piece of work and nothing else.

When the caller stops, is stopped or is killed, its workers are gone too, in the middle of a piece if need be.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from convolab.verify.starting import keep_idle


def each(function: Callable[[Any], Any], items: list[Any], *, jobs: int) -> Iterator[tuple[Any, Any, str]]:
    """A function's result for each item, as they come.

    Parameters
    ----------
    function : callable
        Of a module, so that another process can find it.
    items : list
    jobs : int
        Processes at once.

    Yields
    ------
    item, result, fault
        `fault` says what went wrong with the worker; it is empty where there is a result.
    """
    left = list(reversed(items))
    workers: list[_Worker] = []
    try:
        for _ in range(min(jobs, len(items))):
            workers.append(_Worker(function))
            workers[-1].give(left.pop())
        while busy := [w for w in workers if w.busy]:
            for pipe in wait([w.pipe for w in busy]):
                worker = next(w for w in busy if w.pipe is pipe)
                item = worker.item
                result, fault = worker.take()
                if not worker.alive and left:
                    workers[workers.index(worker)] = worker = _Worker(function)
                if left:
                    worker.give(left.pop())
                yield item, result, fault
    finally:
        for worker in workers:
            worker.stop()


class _Worker:
    """A process that works on one item at a time."""

    def __init__(self, function: Callable[[Any], Any]):
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.alive, self.busy, self.item = True, False, None
        self._process = context.Process(target=work, args=(theirs, function), daemon=True)
        with _without_sigint():
            self._process.start()
        theirs.close()

    def give(self, item: Any) -> None:
        self.item, self.busy = item, True
        with contextlib.suppress(OSError):  # it has ended: `take` says so
            self.pipe.send(item)

    def take(self) -> tuple[Any, str]:
        """The result, or the fault that there was instead."""
        self.busy = False
        try:
            answer: tuple[Any, str] = self.pipe.recv()
            return answer
        except (EOFError, OSError):
            self.stop()
            return None, f"its process ended (exit code {self._process.exitcode})"

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.alive = False
        self._process.kill()
        self._process.join()
        self.pipe.close()


@contextlib.contextmanager
def _without_sigint() -> Iterator[None]:
    """Let a process that is started meanwhile never see Ctrl-C, also while it still imports what it needs.

    A terminal sends Ctrl-C to all of them, and the caller alone answers it: as soon as the process has been started.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it takes the mask away when it is started
    pressed: list[int] = []
    answer = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))  # another thread may be handed the signal
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, answer)
        if pressed:
            signal.raise_signal(signal.SIGINT)


def work(pipe: Connection, function: Callable[[Any], Any]) -> None:
    """What a worker does: one item after another, until its caller is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller answers it, and ends this process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    keep_idle()
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = function(item), ""
        except Exception as error:
            answer = None, f"{type(error).__name__}: {error}"
        pipe.send(answer)


def _end_with_parent() -> None:
    """Wait for the caller's end, however it comes, and end this process with it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
