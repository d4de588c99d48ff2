"""The command line: one thin module a command, loaded when the command is called.

A command prints results to standard output and everything else to standard error, returns an exit code (None is 0),
and raises a `ConvolabError` for what it cannot use; `main` turns that into one line.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter

from convolab import __version__
from convolab.errors import ConvolabError, UsageError

# name: (module, the line of `convolab --help`). The function in the module has the command's name.
COMMANDS: dict[str, str] = {
    "check": "Judge the convolutions that a file defines, and name the mistakes in them.",
    "explain": "Write out one element of the output, or of a gradient.",
    "edges": "Find the edges of pictures, of any size, in one pass.",
    "train": "Train the lab's network, test it once, and write its report.",
    "eval": "Measure a trained network's accuracy, class by class.",
    "predict": "Say which digit a photograph or a drawing shows.",
    "summary": "Show each layer's output, cost and receptive field.",
    "data": "Say what is in a data set, and draw its first images.",
    "maximize": "Climb to the image that a kernel answers to most, with the exact optimum beside it.",
    "spectrum": "Say how much a kernel, or every layer of a trained network, can stretch an image.",
    "gradcheck": "Compare gradients with finite differences, and say where and why they differ.",
    "bench": "Measure speed or accuracy, beside the peers that are installed.",
}


def build_app() -> App:
    app = App(
        name="convolab",
        help="A laboratory for one operator: convolution.",
        version=__version__,
        default_parameter=Parameter(negative=()),
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for name, line in COMMANDS.items():
        app.command(f"convolab.cli.{name}:{name}", name=name, help=line)
    return app


def complain(message: object, *, as_json: bool) -> None:
    """One line on standard error; a script that asked for JSON gets its one object too."""
    line = " ".join(str(message).split())
    print(f"convolab: {line}", file=sys.stderr)
    if as_json:
        print(json.dumps({"error": line}))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 the answer is no or the input cannot be used, 2 bad usage, 130 Ctrl-C."""
    is_program = arguments is None
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in arguments
    try:
        return build_app()(arguments, exit_on_error=False, print_error=False) or 0
    except (CycloptsError, UsageError) as error:
        complain(error, as_json=as_json)
        return 2
    except ConvolabError as error:
        complain(error, as_json=as_json)
        return 1
    except KeyboardInterrupt:
        if is_program:
            # A second Ctrl-C while the interpreter waits for its threads would end in a C++ abort.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("convolab: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of standard output has gone (`convolab … | head`): nothing is left to say, and the interpreter
        # must not complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
