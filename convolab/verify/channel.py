"""Three pipes to a contained process: calls go in, answers come back, and what it prints is kept up to a bound.

Nothing here grows with what the process sends: one answer waits to be taken, and another is asked for only then.
"""

import contextlib
import os
import queue
import threading
from typing import IO, Any

from convolab.verify.inside import frames
from convolab.verify.printable import printable_lines

PRINTED = 20_000  # characters kept of what is printed
LOOKS = 0.2  # seconds between two looks at whether anybody still waits for an answer


class Channel:
    """The checker's ends of the pipes.

    Parameters
    ----------
    requests, answers, printed : binary files
        The first is written, the others are read; the channel closes them.
    """

    def __init__(self, requests: IO[bytes], answers: IO[bytes], printed: IO[bytes]):
        self._requests, self._printed = requests, ""
        self._waiting: queue.Queue[Any] = queue.Queue(1)
        self._closed = threading.Event()
        for target, stream in ((self._collect_answers, answers), (self._collect_print, printed)):
            threading.Thread(target=target, args=(stream,), daemon=True).start()

    @property
    def printed(self) -> str:
        return printable_lines(self._printed)

    @property
    def unasked(self) -> bool:
        """Whether an answer waits although nothing was asked; that the process has ended is none."""
        with contextlib.suppress(IndexError):
            return not isinstance(self._waiting.queue[0], Exception)
        return False

    def send(self, message: bytes) -> None:
        """Send without waiting: what the pipe does not hold is sent from a thread, as the process may not read."""
        left = message[self._sent_at_once(message) :]
        if left:
            threading.Thread(target=self._send, args=(left,), daemon=True).start()

    def _sent_at_once(self, message: bytes) -> int:
        """Return how much of a message the pipe has taken; none where a pipe cannot be asked."""
        if os.name != "posix":
            return 0
        with contextlib.suppress(OSError, ValueError):
            os.set_blocking(self._requests.fileno(), False)
            try:
                return os.write(self._requests.fileno(), message)
            finally:
                os.set_blocking(self._requests.fileno(), True)
        return 0

    def _send(self, message: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is gone; the reading side says so
            self._requests.write(message)
            self._requests.flush()

    def receive(self, seconds: float) -> Any:
        """The next answer, or the exception that ended them; `queue.Empty` where none came in time."""
        return self._waiting.get(timeout=max(0.0, seconds))

    def close(self) -> None:
        """Close the pipes of a process that has ended."""
        self._closed.set()
        with contextlib.suppress(OSError):
            self._requests.close()

    def _collect_answers(self, stream: Any) -> None:
        read = frames.reader(stream)
        with stream:
            while not self._closed.is_set():
                answer: Any
                try:
                    answer = frames.unpack(read)
                except (EOFError, OSError, ValueError):
                    answer = EOFError()
                except Exception as error:  # whatever stands in hostile bytes ends this exchange and no other
                    answer = error
                self._put(answer)
                if isinstance(answer, Exception):
                    return

    def _put(self, answer: Any) -> None:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                return self._waiting.put(answer, timeout=LOOKS)

    def _collect_print(self, stream: Any) -> None:
        with stream, contextlib.suppress(OSError, ValueError):
            while part := os.read(stream.fileno(), 65536):
                room = PRINTED - len(self._printed)
                if room > 0:
                    self._printed += part.decode(errors="replace")[:room]
