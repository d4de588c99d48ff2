"""The command line: one thin module a command, loaded when the command is called.

A command prints results to standard output and everything else to standard error, returns an exit code (None is 0),
and raises a `ConvolabError` for what it cannot use; `main` turns that into one line. Whatever takes time to import is
imported in `main`, where Ctrl-C has an answer.
"""

import os
import sys
from collections.abc import Sequence

from convolab.errors import ConvolabError, OutputError, UsageError, named_missing

TYPE_CHECKING = False  # importing it from `typing` takes as long as everything else here
if TYPE_CHECKING:
    from typing import Any

    from cyclopts import App

# name: (module, the line of `convolab --help`). The function in the module has the command's name.
COMMANDS: dict[str, str] = {
    "check": "Judge the convolutions that a file defines, and name the mistakes in them.",
    "explain": "Write out one element of the output, or of a gradient; or say what computing it costs.",
    "edges": "Find the edges of pictures, of any size, in one pass.",
    "train": "Train the lab's network, test it once, and write its report.",
    "eval": "Measure a trained network's accuracy, class by class.",
    "predict": "Say which digit a photograph or a drawing shows.",
    "summary": "Show each layer's output, cost and receptive field.",
    "data": "Say what is in a data set, and draw its first images.",
    "maximize": "Climb to the image that a kernel answers to most, with the exact optimum beside it.",
    "spectrum": "Say how much a kernel, or every layer of a trained network, can stretch an image.",
    "gradcheck": "Compare gradients with finite differences, and say where and why they differ.",
    "lab": "Open the exercises in a browser, on this machine only; or write the folder to hand out.",
    "page": "Write a widget as one page that opens without Python and without a network.",
    "bench": "Measure speed or accuracy, beside the peers that are installed.",
}


def build_app() -> "App":
    from cyclopts import App, Parameter

    from convolab import __version__

    app = App(
        name="convolab",
        help="A laboratory for one operator: convolution.",
        version=__version__,
        default_parameter=Parameter(negative=()),
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    app.register_install_completion_command(help="Let bash, zsh or fish complete commands and options with Tab.")
    for name, line in COMMANDS.items():
        app.command(f"convolab.cli.{name}:{name}", name=name, help=line)
    return app


def _complain(message: object, *, as_json: bool) -> None:
    """One line on standard error; a script that asked for JSON gets its one object too."""
    import json

    line = " ".join(str(message).split())
    print(f"convolab: {line}", file=sys.stderr)
    if as_json:
        print(json.dumps({"error": line}))


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which asks for the same as Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Exit codes: 0 done, 1 the answer is no or the input cannot be used, 2 bad usage, 130 Ctrl-C, 143 SIGTERM.
    """
    is_program = arguments is None
    try:
        if is_program:
            _listen_to_sigint()
            _listen_to_sigterm()
        return _with_output(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt as stop:
        return stopped(is_program, 143 if isinstance(stop, _Terminated) else 130)
    except Exception:
        # A library that was being imported made an error of its own of Ctrl-C.
        if not _Interrupted.happened:
            raise
        return stopped(is_program, 130)


def stopped(is_program: bool, code: int) -> int:
    if is_program:
        _ignore_signals()
    # Ctrl-C in a text that is run, as dataclasses run theirs, leaves a mark by which Python ends itself with the signal
    # whatever the exit code; the next text that is run takes it away.
    exec("")
    print("convolab: stopped", file=sys.stderr)
    return code


def _with_output(arguments: list[str]) -> int:
    """The exit code of a command, whose results must have reached standard output."""
    from contextlib import redirect_stdout, suppress

    stream = sys.stdout
    try:
        with redirect_stdout(Output(stream)):  # type: ignore[type-var]
            code = exit_code(arguments, as_json="--json" in arguments)
            sys.stdout.flush()
            return code
    except OutputError as error:  # of standard output itself: there is no place for JSON
        with suppress(OSError):
            _complain(error, as_json=False)
        _silence(stream)
        return 1
    except BrokenPipeError:  # the reader has gone (`convolab … | head`): nothing is left to say
        _silence(stream)
        return 0


def exit_code(arguments: list[str], *, as_json: bool) -> int:
    from cyclopts import CycloptsError

    try:
        code = _called(arguments)
        _show_examples(arguments)
        return code
    except (CycloptsError, UsageError) as error:
        _complain(error, as_json=as_json)
        return 2
    except _UnwritableError:
        raise
    except ConvolabError as error:
        if _Interrupted.happened:
            raise KeyboardInterrupt from error
        _complain(error, as_json=as_json)
        return 1


def _called(arguments: list[str]) -> int:
    """The code of a command; a library that it needs and that is not there is named with the extra that brings it."""
    try:
        return build_app()(arguments, exit_on_error=False, print_error=False) or 0
    except ModuleNotFoundError as error:
        raise named_missing(error, f"convolab {arguments[0]}") from error


def _show_examples(arguments: list[str]) -> None:
    """Under the help of a command, what it does in two examples."""
    if arguments[:1] and arguments[0] in COMMANDS and {"--help", "-h"} & set(arguments):
        from convolab.cli.examples import examples_of

        if examples := examples_of(arguments[0]):
            print(f"Examples:\n\n{examples}")


_PLAIN = str.maketrans(
    {"→": "->", "←": "<-", "−": "-", "≤": "<=", "≥": ">=", "√": "sqrt", "…": "...", "█": "#", "▓": "#", "▒": "+",
     "░": ".", "▀": "#", "━": "-", "─": "-", "✓": "ok", "✗": "x"}
)  # fmt: skip


class _UnwritableError(OutputError):
    """Standard output cannot be written."""


class Output:
    """Standard output, whose refusals are told apart from those of files."""

    def __init__(self, stream: "Any"):
        self._stream = stream

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._stream, name)

    @property
    def buffer(self) -> "Output":
        """The same for bytes."""
        return Output(self._stream.buffer)

    def write(self, text: "str | bytes") -> int:
        try:
            return self._stream.write(self._encodable(text)) if self._stream else len(text)
        except OSError as error:
            raise self._told(error) from error

    def _encodable(self, text: "str | bytes") -> "str | bytes":
        """The text in the characters that the stream has: a console of an old code page lacks arrows and shades."""
        encoding = getattr(self._stream, "encoding", None)
        if isinstance(text, bytes) or not encoding:
            return text
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            plain = text.translate(_PLAIN)
            return plain.encode(encoding, "replace").decode(encoding)
        except LookupError:
            pass
        return text

    def flush(self) -> None:
        try:
            self._stream.flush() if self._stream else None
        except OSError as error:
            raise self._told(error) from error

    def _told(self, error: OSError) -> OSError:
        if isinstance(error, BrokenPipeError):
            return error
        reason = error.strerror or error
        return _UnwritableError(
            f"standard output: cannot be written ({reason}). Send it to a file with room, or a pipe"
        )


def _silence(stream: "Any") -> None:
    """What is still to be flushed goes nowhere, so that the interpreter does not complain when it ends."""
    from contextlib import suppress

    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Interrupted:
    """Whether Ctrl-C was pressed."""

    happened = False


def _listen_to_sigint() -> None:
    """Let Ctrl-C be remembered as well as raised."""
    import signal
    import threading

    def interrupt(*_) -> None:
        _Interrupted.happened = True
        raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
        sys.unraisablehook = _raised_again


def _raised_again(fault: "Any") -> None:
    """Press Ctrl-C anew, a moment later, where it fell into code that cannot raise, such as the end of an import."""
    import signal
    import threading

    if isinstance(fault.exc_value, KeyboardInterrupt):
        again = threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGINT))
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(fault)


def _listen_to_sigterm() -> None:
    """Let SIGTERM be answered like Ctrl-C; among several processes it ends this one at once, in mid-exchange too."""
    import signal
    import threading

    own = os.getpid()

    def stop(number: int, _) -> None:
        if os.getpid() == own:
            raise _Terminated
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    is_main = threading.current_thread() is threading.main_thread()
    if is_main and "WORLD_SIZE" not in os.environ and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, stop)


def _ignore_signals() -> None:
    """A second Ctrl-C while the interpreter waits for its threads would end in a C++ abort."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
