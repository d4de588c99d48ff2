"""Where does a command print? Notes and progress go to standard error, its one result to standard output."""

import json as _json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from convolab.errors import OutputError


def stderr() -> Console:
    """A console on standard error (rich honours NO_COLOR)."""
    return Console(stderr=True, highlight=False)


def stdout() -> Console:
    """A console on standard output, which does not wrap lines."""
    return Console(highlight=False, soft_wrap=True)


def emit(result: dict[str, Any]) -> None:
    """Print the one JSON object of a command that was asked for JSON."""
    print(_json.dumps(result, allow_nan=False, default=_plain))


def _plain(value):
    """NumPy scalars and arrays, paths and torch sizes as JSON knows them."""
    for convert in ("tolist", "item"):
        if hasattr(value, convert):
            return getattr(value, convert)()
    return str(value)


def refuse_existing(option: str, path: Path | None, *, force: bool) -> None:
    """Raise an OutputError where an output file exists and may not be replaced."""
    if path is not None and path.exists() and not force:
        raise OutputError(f"{option}: {path} exists. Give --force to replace it")


@contextmanager
def loading(what: str, *, after: float = 2.0) -> Iterator[None]:
    """Say on a terminal what is being loaded, where that lasts longer than so many seconds.

    >>> with loading("torch"):
    ...     import torch
    """
    ended = threading.Event()

    def wait() -> None:
        if not ended.wait(after):
            _note(f"loading {what} …")

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    try:
        yield
    finally:
        ended.set()
        waiting.join()


def _note(line: str) -> None:
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)


class Progress:
    """Progress of work that may last longer than two seconds.

    On a terminal a bar with rate and time left; elsewhere one plain line for every tenth. Nothing is shown in the
    first two seconds. Where one step alone may last longer, `tick` shows it meanwhile.

    >>> with Progress("tiles", total=100, unit="tiles") as progress:
    ...     for _ in range(100):
    ...         progress.advance()
    """

    QUIET_SECONDS = 2.0

    def __init__(self, title: str, *, total: float, unit: str = "steps"):
        self.title, self.total, self.unit = title, total, unit
        self.done, self.note, self._tenth = 0.0, "", 0
        self._bar: Any = None
        self._console = stderr()
        self._ended, self._drawing = threading.Event(), threading.Lock()
        self._ticking: threading.Thread | None = None

    def __enter__(self) -> "Progress":
        self._start = time.monotonic()
        return self

    def __exit__(self, *_) -> None:
        self._ended.set()
        if self._ticking is not None:
            self._ticking.join()
        if self._bar is not None:
            self._bar.stop()

    def advance(self, amount: float = 1, note: str = "") -> None:
        """`amount` more of the total is done; `note` is shown behind the rate."""
        self.done, self.note = self.done + amount, note
        if time.monotonic() - self._start < self.QUIET_SECONDS:
            return
        if sys.stderr.isatty():
            self._draw()
        elif (tenth := int(10 * self.done / self.total)) > self._tenth:
            self._tenth = tenth
            print(self.line(), file=sys.stderr, flush=True)

    def tick(self) -> None:
        """Show how far it is after two seconds, and then at times that double, also if no step ends meanwhile."""
        self._ticking = threading.Thread(target=self._tick, daemon=True)
        self._ticking.start()

    def _tick(self) -> None:
        seconds = self.QUIET_SECONDS
        while not self._ended.wait(seconds):
            if sys.stderr.isatty():
                self._draw()
            else:
                print(self.line(), file=sys.stderr, flush=True)
                seconds *= 2

    def say(self, line: str) -> None:
        """Print a line that stays, above the bar where there is one."""
        self._console.print(line, markup=False, soft_wrap=True)

    def line(self) -> str:
        seconds = time.monotonic() - self._start
        rate = self.done / seconds if seconds else 0.0
        text = f"{self.title}: {self.done:,.0f} of {self.total:,.0f} {self.unit}, "
        if rate:
            text += f"{rate:,.0f}/s, {(self.total - self.done) / rate:.0f} s left"
        else:
            text += f"{seconds:.0f} s so far"
        return f"{text}, {self.note}" if self.note else text

    def _draw(self) -> None:
        with self._drawing:
            self._draw_bar()

    def _draw_bar(self) -> None:
        if self._bar is None:
            from rich import progress as rich

            self._bar = rich.Progress(
                rich.TextColumn("{task.description}"),
                rich.BarColumn(),
                rich.TextColumn("{task.completed:,.0f}/{task.total:,.0f} " + self.unit),
                rich.TextColumn("{task.fields[rate]}/s {task.fields[note]}"),
                rich.TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task(self.title, total=self.total, rate="", note="")
            self._bar.start()
        rate = self.done / (time.monotonic() - self._start)
        self._bar.update(self._task, completed=self.done, rate=f"{rate:,.0f}", note=self.note)


class ReadingProgress:
    """Progress of the pictures of a data set, for those who call `load_dataset`; it ends with the last of them."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        self._progress = self._progress or Progress("read", total=total, unit="pictures").__enter__()
        self._progress.advance(done - self._progress.done)
        if done == total:
            self.end()

    def end(self) -> None:
        """Take the bar away; a set that was read in a moment never had one."""
        if self._progress:
            self._progress.__exit__()
            self._progress = None
