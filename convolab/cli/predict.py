"""`convolab predict`: what a photograph or a drawing shows, and what the network saw of it."""

import sys
from typing import Annotated, Any

import numpy as np
from cyclopts import Parameter
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from convolab.cli.console import emit, loading, stderr, stdout
from convolab.cli.options import IMAGES, Json, Runs
from convolab.errors import UsageError
from convolab.network.model.runs import RUNS

SHADES = " ░▒▓█"
WHAT = f"Of the pictures: {IMAGES[0].lower()}{IMAGES[1:]} The first may be a RUN, which reads the others."


def predict(
    *images: Annotated[str, Parameter(name="IMAGE", help=WHAT, allow_leading_hyphen=True)],
    runs: Runs = RUNS,
    quiet: Annotated[bool, Parameter(help="Print the answers only, not what was done and seen.")] = False,
    json: Json = False,
) -> int:
    """Say which digit a photograph or a drawing shows, and show what the network saw of it.

    Dark on light or light on dark, off-centre, of any size, orientation and colour, in uneven light: the digit is
    found, cut out, and prepared as the training images were. A picture without a digit, with several, or with one that
    could be two is said to be so. The first argument may be a RUN: latest, pretrained, a run's folder, or a model file;
    without one, pretrained reads.

    Examples
    --------
    $ convolab predict pretrained seven.png four.png --quiet
    seven.png: 7 (100.0%)
    four.png: 4 (100.0%)

    $ convolab predict seven.png
    …
    seven.png: 7 (100.0%)
    """
    from convolab.network.model.runs import is_run, load, resolved

    run, images = (images[0], images[1:]) if images and is_run(images[0]) else ("pretrained", images)
    if not images:
        raise UsageError("IMAGE: missing. Expected at least one path, address, or - for standard input")
    if unknown := [image for image in images if image.startswith("-") and image != "-"]:
        raise UsageError(f"{unknown[0]}: unknown option. Expected those of convolab predict --help")
    with loading("torch"):
        from convolab.network.digits.prediction import predict_source

    classifier = load(run, runs)
    if run == "latest" and not quiet:
        run = str(resolved(run, runs))
        stderr().print(f"run {run}", markup=False, soft_wrap=True)
    predictions = []
    for image in images:
        answer = predict_source(classifier, image)
        predictions.append(answer)
        if answer["status"] == "error":
            print(f"convolab: {answer['message']}", file=sys.stderr)
        elif answer["status"] == "none":
            print(f"convolab: {image}: {answer['message']}", file=sys.stderr)
        elif not json:
            tell(answer, quiet=quiet)
    refused = [answer for answer in predictions if answer["status"] in ("none", "error")]
    if json:
        errors = [answer["message"] for answer in refused]
        emit({"run": run, "predictions": predictions} | ({"errors": errors} if errors else {}))
    return 1 if refused else 0


def tell(answer: dict[str, Any], *, quiet: bool = False) -> None:
    """One answer for people: the line on standard output, how it came about on standard error."""
    if not quiet:
        console = stderr()
        console.print(explained(answer, console))
    if answer["status"] == "digit":
        likely = ", ".join(f"{name} {chance:.1%}" for name, chance in answer["top"][1:] if chance >= 0.0005)
        said = f"{answer['label']} ({answer['confidence']:.1%}{'; ' + likely if likely else ''})"
    elif answer["status"] == "unsure":
        said = f"{answer['message']} ({', '.join(f'{name} {chance:.1%}' for name, chance in answer['top'])})"
    else:
        said = answer["message"]
    stdout().print(Text(f"{answer['image']}: {said}"))
    sys.stdout.flush()


def explained(answer: dict[str, Any], console: Console) -> Padding:
    """What the network saw, beside what was done for it."""
    pixels = np.asarray(answer["preprocessing"]["pixels"], float).mean(0) / 255
    bars = Table.grid(padding=(0, 1))
    for name, chance in answer["top"]:
        if chance >= 0.0005:
            bars.add_row(name, "━" * max(1, round(24 * chance)), f"{chance:.1%}")
    notes = [Text("· " + note) for note in answer["preprocessing"]["notes"]]
    words = Group(Text("what the network saw, and why", style="bold"), *notes, Text(), bars)
    if console.width < pixels.shape[1] * (1 if console.color_system else 2) + 40:
        return Padding(Group(drawn(pixels, console), words), (1, 0, 0, 0))
    grid = Table.grid(padding=(0, 3))
    grid.add_row(drawn(pixels, console), words)
    return Padding(grid, (1, 0, 0, 0))


def drawn(pixels: np.ndarray, console: Console) -> Text:
    """An image of fractions for a terminal: two pixels a character in grey, or shades two characters wide.

    Grey sets both the ink's and the ground's colour, so that light terminals and dark ones show the same picture;
    without colours the network's light pixels are the blocks.
    """
    if console.color_system is None or console.no_color:
        levels = np.round(pixels * (len(SHADES) - 1)).astype(int)
        return Text("\n".join("".join(SHADES[v] * 2 for v in row).rstrip() for row in levels), no_wrap=True)
    values = np.round(np.pad(pixels, ((0, len(pixels) % 2), (0, 0))) * 255).astype(int)
    text = Text(no_wrap=True)
    for upper, lower in zip(values[::2], values[1::2], strict=True):
        for a, b in zip(upper, lower, strict=True):
            text.append("▀", f"rgb({a},{a},{a}) on rgb({b},{b},{b})")
        text.append("\n")
    text.rstrip()
    return text
