"""`python -m convolab` is the command `convolab`; `torchrun -m convolab` starts it once a process."""

import sys


def run() -> int:
    """The command line, its imports included: Ctrl-C during them is no traceback either.

    Libraries may turn an interrupt while they are imported into an error of their own, so it is remembered here.
    """
    import signal

    interrupted = False

    def remember(*_):
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, remember)
    try:
        from convolab.cli import main

        return main()
    except KeyboardInterrupt:
        pass
    except Exception:
        if not interrupted:
            raise
    print("convolab: stopped", file=sys.stderr)
    return 130


if __name__ == "__main__":
    sys.exit(run())
