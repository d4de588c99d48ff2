"""`convolab train`: from a data set to a trained, tested network and its report."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from cyclopts import Parameter

from convolab.cli.console import Progress, ReadingProgress, emit, loading, stderr
from convolab.cli.options import SHEETS, DatasetName, Device, Json, listed, one_of
from convolab.cli.output import wrote
from convolab.engine import ENGINES
from convolab.errors import UsageError
from convolab.network.model.models import MODELS
from convolab.network.model.runs import RUNS
from convolab.network.training.precision import PRECISIONS
from convolab.network.training.recipes import DEFAULT, RECIPES

RecipeName = Annotated[str, Parameter(help=f"How to train: {listed(RECIPES, SHEETS | {DEFAULT: 'the default'})}.")]
ModelName = Annotated[str, Parameter(help=f"Which layers, instead of the recipe's: {listed(MODELS, SHEETS)}.")]
if TYPE_CHECKING:
    Engine: TypeAlias = str
    Precision: TypeAlias = str
else:
    Engine = Annotated[
        one_of("auto", *ENGINES), Parameter(help="What computes; torch is the only one that trains so far.")
    ]
    Precision = Annotated[
        one_of("auto", *PRECISIONS),
        Parameter(
            help=f"{listed(PRECISIONS)}, or auto: what is known to be the faster on this processor; equal weights need "
            "an equal one."
        ),
    ]

LINES = 20  # epochs that have a line each; of more, as many lines are spread over them


def train(
    dataset: DatasetName | None = None,
    *,
    recipe: RecipeName | None = None,
    model: ModelName | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    lr: float | None = None,
    seed: int | None = None,
    device: Device | None = None,
    engine: Engine | None = None,
    precision: Precision | None = None,
    threads: int | None = None,
    validation: int | None = None,
    skip_test: bool = False,
    runs: Path = RUNS,
    resume: str | None = None,
    json: Json = False,
) -> None:
    """Train the network on mnist or another data set, test it once at the end, and write its folder and its report.

    Parameters
    ----------
    epochs
        How often each image is seen, instead of the recipe's, or of as often as a small data set needs for 200 steps.
    batch_size
        Images of a step, instead of the recipe's.
    lr
        Highest learning rate, instead of the recipe's.
    seed
        Of the first weights, the order and the augmentation; 0 if not given.
    threads
        Of each process; all cores if not given.
    validation
        Hold out so many training images, and report the accuracy on them after each epoch.
    skip_test
        Do not look at the test set, as when recipes are compared by validation.
    runs
        The folder for the runs' folders.
    resume
        Go on with this run, or with the latest, instead of beginning one; DATASET says where its data were moved to.

    Examples
    --------
    $ convolab train
    run runs/…
    …
    test accuracy …% (95 % interval …% to …%)
    2 epochs in … s, … s in all
    run runs/…
    wrote runs/…/report.html. Open it in a browser
    next: convolab predict runs/… PHOTO, convolab eval runs/… hazards

    $ convolab train digits --epochs 1 --seed 1
    …
    1 epochs in … s, … s in all
    run runs/…
    wrote runs/…/report.html. Open it in a browser
    next: convolab predict runs/… PHOTO, convolab eval runs/… hazards
    """
    started = time.perf_counter()
    with loading("torch"):
        from convolab.network import train as training
    from convolab.network.training.allocator import keep_freed_memory

    keep_freed_memory()

    given = {
        "recipe": recipe, "model": model, "epochs": epochs, "batch_size": batch_size, "lr": lr, "seed": seed,
        "device": device, "engine": engine, "precision": precision, "threads": threads, "validation": validation,
        "skip_test": skip_test or None,
    }  # fmt: skip
    options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with Talk() as talk:
        if resume is None:
            result = training.train(dataset or "mnist", runs=runs, report=talk, started=started, **options)
        else:
            _refuse_changes(options)
            result = training.resume(resume, dataset=dataset, runs=runs, report=talk, started=started)
    if result:
        _tell_result(result, json=json)


def _refuse_changes(options: dict[str, Any]) -> None:
    if options:
        name = next(iter(options)).replace("_", "-")
        raise UsageError(f"resume: goes on with the run's own settings, so --{name} cannot be given with it")


class Talk:
    """What a training run reports, on standard error: a bar or lines, and a line for each epoch."""

    def __init__(self) -> None:
        self.progress: Progress | None = None
        self.reading = ReadingProgress()
        self.run = ""
        self.step = 0
        self.epochs = 0

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, kind, *_) -> None:
        self.reading.end()
        if self.progress:
            self.progress.__exit__()
        if kind is not None and issubclass(kind, KeyboardInterrupt) and self.run:
            print(f"convolab: go on with: convolab train --resume {self.run}", file=sys.stderr)

    def __call__(self, entry: dict[str, Any]) -> None:
        kinds = {
            "start": self.begin,
            "step": self.advance,
            "epoch": self.epoch,
            "test": lambda _: None,
            "note": self.note,
            "read": self.read,
        }
        kinds[entry["kind"]](entry)

    def read(self, entry: dict[str, Any]) -> None:
        self.reading(entry["done"], entry["total"])

    def begin(self, entry: dict[str, Any]) -> None:
        self.run, self.step = entry["run"], entry["step"]
        self.epochs = entry["epochs"]
        self.say(f"run {self.run}")
        self.progress = Progress("train", total=entry["steps"] - entry["step"]).__enter__()

    def advance(self, entry: dict[str, Any]) -> None:
        if self.progress:
            note = f"learning rate {entry['rate']:.2g}, " if "rate" in entry else ""
            note += f"{entry['images_per_second']:,} images/s, " if "images_per_second" in entry else ""
            self.progress.advance(entry["step"] - self.step, f"{note}loss {shown(entry['loss'])}")
        self.step = entry["step"]

    def epoch(self, entry: dict[str, Any]) -> None:
        self.advance(entry)
        if self.epochs > LINES and entry["epoch"] % -(-self.epochs // LINES) and entry["epoch"] < self.epochs:
            return
        line = f"epoch {entry['epoch']}: loss {shown(entry['loss'])}, train accuracy {entry['train_accuracy']:.2%}"
        if "validation_accuracy" in entry:
            line += f", validation accuracy {entry['validation_accuracy']:.2%}"
        self.say(f"{line}, {entry['seconds']:.1f} s")

    def note(self, entry: dict[str, Any]) -> None:
        self.say(f"note: {entry['text']}")

    def say(self, line: str) -> None:
        if self.progress:
            self.progress.say(line)
        else:
            stderr().print(line, markup=False, soft_wrap=True)


def shown(loss: float | None) -> str:
    return "not finite" if loss is None else f"{loss:.4f}"


def _tell_result(result: dict[str, Any], *, json: bool) -> None:
    """The result on standard output: for people, or as JSON."""
    from convolab.network.model.runs import REPORT

    run = result["run"]
    if json:
        emit(result)
        return wrote(Path(run) / REPORT)
    if result["test_interval"]:
        low, high = result["test_interval"]
        print(f"test accuracy {result['test_accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%})")
    print(f"{result['epochs']} epochs in {result['train_seconds']:.1f} s, {result['total_seconds']:.1f} s in all")
    print(f"run {run}", flush=True)
    wrote(Path(run) / REPORT, ". Open it in a browser")
    stderr().print(f"next: convolab predict {run} PHOTO, convolab eval {run} hazards", markup=False, soft_wrap=True)
