"""`convolab page`: a widget as one file, which a browser opens from where it lies."""

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from convolab.cli.console import emit, refuse_existing
from convolab.cli.filter_options import Kernel
from convolab.cli.options import Dilation, Force, Json, Padding, PaddingMode, Sizes, Stride, one_of
from convolab.cli.output import is_standard, wrote
from convolab.errors import UsageError
from convolab.views.page import WIDGETS, described, one_page, state_from

Widget: Any = Annotated[one_of(*WIDGETS), Parameter(help="; ".join(f"{n}: {w.line}" for n, w in WIDGETS.items()))]


def _own(widget: str, image: str) -> dict[str, bytes]:
    """The picture that a page is to begin with."""
    if not image:
        return {}
    if "picture" not in WIDGETS[widget].more():
        raise UsageError(f"--image: the page {widget} shows none. Expected it with filters")
    from convolab.views.photograph import traits_of

    return traits_of(image)


def page(
    widget: Widget,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], allow_leading_hyphen=True)],
    state: str = "",
    size: Annotated[Sizes | None, Parameter(help="Of the input in pixels: 6x7; 9 for 9 × 9.")] = None,
    kernel: Kernel | None = None,
    stride: Stride | None = None,
    padding: Padding | None = None,
    dilation: Dilation | None = None,
    padding_mode: PaddingMode | None = None,
    image: str = "",
    force: Force = False,
    json: Json = False,
) -> None:
    """Write a widget as one page that opens without Python and without a network.

    The page keeps its state in its address, behind the #: an address that is sent shows the same.

    Parameters
    ----------
    output
        The page's file, or - for standard output.
    state
        What the page shows at first: its address from another time, or what stands behind the # of it.
    image
        For the filters: a picture of your own, as a path, - for standard input, or an address; sample:NAME for one
        that ships with the package.

    Examples
    --------
    $ convolab page explorer -o explorer.html --kernel laplacian --padding 1
    wrote explorer.html, … kB. Open it in a browser

    $ convolab page ascent -o ascent.html --state 'constraint=box&size=12'
    wrote ascent.html, … kB. Open it in a browser
    """
    to_stdout = is_standard(output)
    if to_stdout and json:
        raise UsageError("--json: standard output takes the page or the JSON, not both. Give -o a file")
    if not to_stdout:
        refuse_existing("--output", output, force=force)
    asked = {"size": size, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    text = one_page(widget, state_from(widget, state, asked | {"padding_mode": padding_mode}), **_own(widget, image))
    if to_stdout:
        sys.stdout.write(text)
        return
    from convolab.files import write_whole

    write_whole(output, text)
    if json:
        emit(described(widget, text, output=str(output)))
    else:
        wrote(output, f", {len(text.encode()) / 1000:.0f} kB. Open it in a browser")
