"""`python -m convolab` is the command `convolab`; `torchrun -m convolab` starts it once a process.

Ctrl-C has an answer from the first line on: what the command needs is only imported after it. Before that line there is
`convolab/__init__.py`, which lets Ctrl-C end the process without a word, and Python itself.
"""

import _signal  # `signal` itself loads enumerations first, and Ctrl-C may fall into that
import os
import sys


def _stop_at_once(number: int, _: object) -> None:
    """Answer Ctrl-C while nothing has been begun."""
    os.write(2, b"convolab: stopped\n")
    os._exit(128 + number)


def _answer_at_once() -> None:
    if _signal.getsignal(_signal.SIGINT) in (
        _signal.default_int_handler,
        _signal.SIG_DFL,
    ):  # a shell may have switched it off
        _signal.signal(_signal.SIGINT, _stop_at_once)


def main() -> int:
    """Run the command, which has answers to signals of its own."""
    from convolab.cli import main as run

    try:
        if _signal.getsignal(_signal.SIGINT) is _stop_at_once:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        code = run()
    except KeyboardInterrupt:
        _stop_at_once(_signal.SIGINT, None)
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)  # all is said, and Python only tidies up
    return code


if __name__ != "__mp_main__":  # a worker of this command reads the file too
    _answer_at_once()
if __name__ == "__main__":
    sys.exit(main())
