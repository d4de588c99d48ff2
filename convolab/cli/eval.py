"""`convolab eval`: how good a trained network is, class by class, on a data set or on pictures as people have them."""

import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from cyclopts import Parameter
from rich import box
from rich.table import Table
from rich.text import Text

from convolab.cli.console import Progress, Reading, emit, refuse_existing, stderr
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
            help=f"{listed(DATASETS)}, or a folder; the one that the model was trained with if not given. "
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
    test accuracy 99.54% (95 % interval 99.39% to 99.65%), loss …, 10,000 images, … images/s

    $ convolab eval pretrained hazards --scenes 1
    …
    test accuracy …% (95 % interval …% to …%), loss …, 310 images, … images/s
    """
    from convolab.network.model.runs import load
    from convolab.network.training.devices import choose_device

    if scenes < 1:
        raise UsageError(f"scenes: {scenes} is out of range. Expected at least 1")
    device = choose_device(device)
    classifier = load(run, runs).to(device)
    dataset = dataset or classifier.config["dataset"]
    if picture:
        _draw_hazards(classifier, dataset, picture, force=force)
    result = _on_hazards(classifier, scenes) if dataset == "hazards" else _on_images(classifier, dataset, device)
    result = {"run": run, "dataset": dataset} | result
    if json:
        emit(result)
    else:
        tell(result, classifier.config["classes"])


def _draw_hazards(classifier, dataset: str, path: Path, *, force: bool) -> None:
    """The contact sheet, before anything is measured."""
    from convolab.network.digits.prediction import preparation_of
    from convolab.network.hazards.contact_sheet import write_contact_sheet
    from convolab.network.hazards.evaluation import FIRST

    if dataset != "hazards":
        raise UsageError(f"picture: is of hazards. Expected convolab eval RUN hazards --picture {path}")
    refuse_existing("picture", path, force=force)
    write_contact_sheet(path, preparation_of(classifier), FIRST)
    wrote(path)


def _on_images(classifier, dataset: str, device: str) -> dict[str, Any]:
    """The test images of a data set."""
    from convolab.network.data.named import load_dataset
    from convolab.network.training.evaluation import evaluate

    data = load_dataset(dataset, Reading())
    for note in data.notes:
        stderr().print(note, markup=False, soft_wrap=True)
    labels = fits(classifier.config, data)[data.test_labels]
    if not np.array_equal(labels, data.test_labels):
        stderr().print("classes are matched by their names", markup=False)
    started = time.perf_counter()
    found = evaluate(classifier, data.test_images, labels, device=device)
    rate = len(data.test_labels) / (time.perf_counter() - started)
    return measured(found, classifier.config["classes"], rate)


def fits(config: dict[str, Any], data) -> np.ndarray:
    """The model's class of each of a data set's; one of other images or classes is refused."""
    from convolab.network.data.classes import matched

    if list(data.image_shape) != list(config["input_shape"]):
        got, expected = (" × ".join(map(str, shape)) for shape in (data.image_shape, config["input_shape"]))
        raise UsageError(f"data set: {data.name} has images of {got}. Expected {expected}, as the model takes")
    return matched(data.classes, config["classes"], data.name)


def _on_hazards(classifier, scenes: int) -> dict[str, Any]:
    """The scenes of every hazard."""
    from convolab.network.hazards.evaluation import evaluate_hazards
    from convolab.network.hazards.scenes import HAZARDS

    with Progress("hazards", total=10 * scenes * len(HAZARDS), unit="pictures") as progress:
        found = evaluate_hazards(classifier, scenes=scenes, progress=lambda name: progress.advance(note=name))
    rate = sum(row["count"] for row in found["hazards"]) / found["seconds"]
    extra = {"unread": found["unread"], "hazards": found["hazards"]}
    return measured(found, classifier.config["classes"], rate) | extra


def measured(found: dict[str, Any], classes, rate: float) -> dict[str, Any]:
    """What `--json` promises."""
    from convolab.network.training.evaluation import wilson_interval

    confusion, unread = np.array(found["confusion"]), found.get("unread")
    per_class = []
    for k, name in enumerate(classes):
        right, count = int(confusion[k, k]), int(confusion[k].sum()) + (unread[k] if unread else 0)
        interval = list(wilson_interval(right, count)) if count else None
        per_class.append(
            {"class": name, "accuracy": right / count if count else None, "interval": interval, "count": count}
        )
    return {
        "test_accuracy": found["accuracy"],
        "test_interval": found["interval"],
        "test_loss": found["loss"],
        "test_images": int(confusion.sum()) + sum(unread or ()),
        "confusion": confusion.tolist(),
        "per_class": per_class,
        "images_per_second": round(rate, 1),
    }


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
