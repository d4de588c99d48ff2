"""`convolab lab`: the exercises in a browser on this machine, and the folder that is handed out."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from convolab.cli.console import emit, stderr
from convolab.cli.options import Force, Json
from convolab.errors import UsageError


def lab(
    exercise: Annotated[Literal["2", "3"] | None, Parameter(help="Its number; a list of both without it.")] = None,
    /,
    *,
    folder: Annotated[Path, Parameter(allow_leading_hyphen=True)] = Path(),
    port: int = 2718,
    no_browser: bool = False,
    copy: Path | None = None,
    solutions: bool = False,
    force: Force = False,
    json: Json = False,
) -> int | None:
    """Open the lab in a browser, on this machine only.

    What is written there is saved at every key in one Python file, which is what is handed in: `convolab check`
    judges it. The address holds a token, and is printed on standard error.

    Parameters
    ----------
    folder
        Where the files lie that are written and handed in; the present folder if it is not given.
    port
        Where the lab is served; the next free one if it is taken.
    no_browser
        Print the address, and open nothing.
    copy
        Write the folder that is handed out to students, without solutions, and open nothing.
    solutions
        With --copy: write the instructor's folder, with solutions.

    Examples
    --------
    $ convolab lab --copy handout
    wrote 5 files to handout

    $ convolab lab 2 --copy instructor --solutions
    wrote 3 files to instructor
    """
    from convolab.lab.exercises import EXERCISES

    if solutions and copy is None:
        raise UsageError("--solutions: goes with --copy FOLDER, which the instructor's files are written to")
    if not 0 < port < 65536:
        raise UsageError(f"--port: {port} is no port. Expected 1 to 65535")
    chosen = EXERCISES[int(exercise)] if exercise else None
    if copy is not None:
        from convolab.lab.handing_out import hand_out

        written = hand_out(copy, [chosen] if chosen else list(EXERCISES.values()), solutions=solutions, force=force)
        if json:
            emit({"folder": str(copy), "files": [path.name for path in written], "solutions": solutions})
        else:
            stderr().print(f"wrote {len(written)} files to {copy}", markup=False, soft_wrap=True)
        return None
    if json:
        raise UsageError("--json: goes with --copy; the lab itself prints its address on standard error")
    from convolab.lab.serving import serve

    say = lambda line: stderr().print(line, markup=False, soft_wrap=True)  # noqa: E731
    serve(chosen, folder, port, open_browser=not no_browser, say=say)
    return None
