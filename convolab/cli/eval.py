"""`convolab eval`: how good a trained network is, class by class, on a data set or on pictures as people have them."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import Parameter
from rich import box
from rich.table import Table
from rich.text import Text

from convolab.cli.console import Progress, ReadingProgress, emit, loading, refuse_existing, stderr
from convolab.cli.options import Device, Force, Json, RunName, Runs, listed
from convolab.cli.output import wrote
from convolab.errors import UsageError
from convolab.network.data.catalogue import DATASETS
from convolab.network.model.runs import RUNS

SHOWN = 6  # wrong answers of a hazard that are listed


def eval(
    run: RunName,
    dataset: Annotated[
        str | None,
        Parameter(
            help=f"{listed(DATASETS)}, a folder or a file; the one that the model was trained with if not given. "
            "hazards: drawn digits as they are photographed, none of them from a data set."
        ),
    ] = None,
    /,
    *,
    runs: Runs = RUNS,
    device: Device = "cpu",
    scenes: Annotated[int, Parameter(help="For hazards: pictures of each digit for each hazard.")] = 2,
    picture: Annotated[
        Path | None, Parameter(help="For hazards: draw one scene of each, and what the network sees of it, to a file.")
    ] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Measure a network's accuracy with its 95 % interval, class by class, and what it takes for what.

    On a data set the test images are used; on hazards every scene goes through the same steps as in convolab predict.

    Examples
    --------
    $ convolab eval pretrained
    …
    test accuracy 99.44% (95 % interval 99.27% to 99.57%), loss …, 10,000 images, … images/s

    $ convolab eval pretrained hazards --scenes 1
    …
    test accuracy …% (95 % interval …% to …%), loss …, 310 images, … images/s
    """
    with loading("torch"):
        from convolab.network.evaluate import evaluate
    from convolab.network.hazards.scenes import HAZARDS
    from convolab.network.model.runs import load, resolved

    if picture:
        _draw_hazards(load(run, runs), dataset, picture, force=force)
    if run == "latest":
        stderr().print(f"run {resolved(run, runs)}", markup=False, soft_wrap=True)
    options: dict[str, Any] = {"runs": runs, "device": device, "scenes": scenes}
    if dataset == "hazards" and scenes > 0:
        with Progress("hazards", total=10 * scenes * len(HAZARDS), unit="pictures") as progress:
            result = evaluate(run, dataset, **options, on_hazard=lambda name: progress.advance(note=name))
    else:
        result = evaluate(run, dataset, **options, progress=ReadingProgress())
    if json:
        emit(result)
    else:
        for note in result["notes"]:
            stderr().print(note, markup=False, soft_wrap=True)
        tell(result, [of["class"] for of in result["per_class"]])


def _draw_hazards(classifier, dataset: str | None, path: Path, *, force: bool) -> None:
    """The contact sheet, before anything is measured."""
    from convolab.network.digits.prediction import preparation_of
    from convolab.network.hazards.contact_sheet import write_contact_sheet
    from convolab.network.hazards.evaluation import FIRST

    if dataset != "hazards":
        raise UsageError(f"picture: is of hazards. Expected convolab eval RUN hazards --picture {path}")
    refuse_existing("picture", path, force=force)
    write_contact_sheet(path, preparation_of(classifier), FIRST)
    wrote(path)


def tell(result: dict[str, Any], classes) -> None:
    """The tables on standard error, the accuracy on standard output."""
    console = stderr()
    if "hazards" in result:
        console.print(_hazard_table(result["hazards"]))
    console.print(_confusion_table(np.array(result["confusion"]), result["per_class"], list(classes)))
    low, high = result["test_interval"]
    line = f"test accuracy {result['test_accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%})"
    line += f", loss {result['test_loss']:.4f}, {result['test_images']:,} images"
    print(f"{line}, {result['images_per_second']:,.0f} images/s")


def _confusion_table(confusion: np.ndarray, per_class: list[dict[str, Any]], classes: list[str]) -> Table:
    """The true class down, the answer across; errors stand out by how many they are."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), collapse_padding=True, title="true class down, answer across")
    table.add_column("", justify="right", style="bold")
    for name in classes:
        table.add_column(name, justify="right", overflow="ellipsis", max_width=8)
    table.add_column("right", justify="right")
    table.add_column("95 % interval", justify="right")
    worst = max(1, int((confusion - np.diag(confusion.diagonal())).max()))
    for k, row in enumerate(confusion):
        of = per_class[k]
        share = f"{of['accuracy']:.2%}" if of["count"] else "–"
        interval = f"{of['interval'][0]:.2%} to {of['interval'][1]:.2%}" if of["count"] else ""
        table.add_row(classes[k], *(shade(int(v), k == j, worst) for j, v in enumerate(row)), share, interval)
    return table


def shade(count: int, right: bool, worst: int) -> Text:
    if right:
        return Text(f"{count}", "bold green")
    if not count:
        return Text("·", "dim")
    return Text(f"{count}", "bold red" if count > worst / 2 else "red" if count > worst / 5 else "yellow")


def _hazard_table(rows: list[dict[str, Any]]) -> Table:
    """One line for each hazard, with what was read for what where it failed."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for name, justify in (("hazard", "left"), ("the picture", "left"), ("right", "right"), ("read wrong", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for row in rows:
        style = "" if row["right"] == row["count"] else "yellow" if row["accuracy"] >= 0.9 else "bold red"
        wrong = [f"{true}→{'none' if answer is None else answer}" for true, _, answer in row["wrong"]]
        few = ", ".join(wrong[:SHOWN]) + (f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else "")
        table.add_row(row["hazard"], row["sentence"], Text(f"{row['right']}/{row['count']}", style), few)
    return table
