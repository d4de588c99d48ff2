"""How are weights found? The loop of the lab sheet, from a data set and a recipe to a run's folder.

The test set is looked at once, by the weights of the last step.
"""

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch

from convolab.errors import UsageError
from convolab.network import batches, devices
from convolab.network.checkpoint import save_model
from convolab.network.data import Dataset, load_dataset
from convolab.network.environment import environment
from convolab.network.evaluation import predict_logits, score
from convolab.network.files import write_whole
from convolab.network.models import Classifier, count_parameters, to_fractions
from convolab.network.preparation import MEASURED, measure
from convolab.network.processes import Processes, agree, from_environment, team, total
from convolab.network.recipes import find_recipe
from convolab.network.runs import ENVIRONMENT, MODEL, RESULT, RUNS, STATE, find_started, forget_after, log, read_metrics
from convolab.network.session import Session
from convolab.network.settings import check_same_data, create_folder, gather, read_config, write_config

LOG_STEPS = 25  # steps between two entries in the metrics
SAVE_SECONDS = 2.0  # at most so long ago is the last save, give or take LOG_STEPS

Report = Callable[[dict], None]


def train(
    dataset: str | Path = "mnist",
    *,
    recipe: str = "lab",
    model: str = "lab",
    epochs: int | None = None,
    batch_size: int | None = None,
    lr: float | None = None,
    seed: int = 0,
    device: str = "auto",
    engine: str = "auto",
    precision: str = "auto",
    threads: int | None = None,
    validation: int = 0,
    skip_test: bool = False,
    runs: str | Path = RUNS,
    report: Report | None = None,
    started: float | None = None,
) -> dict:
    """Train a network, test it once, and write the run's folder.

    Parameters
    ----------
    dataset : str or Path
        `mnist`, `fashion-mnist`, `kmnist`, or a folder (see `data`).
    recipe, model : str
        Entries of `recipes.RECIPES` and `models.MODELS`.
    epochs, batch_size, lr : optional
        Instead of the recipe's.
    seed : int
        Of the first weights, the order and the augmentation.
    device : str
        `auto`, `cpu`, `cuda` or `mps`.
    engine : str
        `auto` or `torch`.
    precision : str
        `f32`, `bf16`, or `auto`: whichever ten steps show to be the faster here. Two runs give the same weights only
        in the same one.
    threads : int, optional
        Of each process; the cores divided among the processes if not given.
    validation : int
        So many training images are held out, and the accuracy on them is reported after every epoch.
    skip_test : bool
        Do not look at the test set, as when recipes are compared by validation.
    runs : str or Path
        The folder in which the run's folder is made.
    report : callable, optional
        Called with every entry of the run's metrics, and with {"kind": "start", …} and {"kind": "note", …}.
    started : float, optional
        `time.perf_counter()` when the work began, for `total_seconds`.

    Returns
    -------
    dict
        What `convolab train --json` prints.
    """
    started, report = started or time.perf_counter(), report or (lambda entry: None)
    chosen = find_recipe(recipe, epochs=epochs, batch_size=batch_size, rate=lr)
    members = from_environment()
    given = {
        "model": model,
        "recipe": recipe,
        "seed": seed,
        "device": devices.choose_device(device),
        "engine": devices.choose_engine(engine),
        "threads": devices.choose_threads(threads, members.local_count),
        "processes": members.count,
        "skip_test": skip_test,
    }
    if precision not in ("auto", "f32", "bf16"):
        raise UsageError(f"precision: {precision!r} is unknown. Expected auto, f32 or bf16")
    data = load_dataset(dataset)
    config = gather(data, chosen, validation=validation, **given)
    with team(members, config["device"], config["threads"]):
        config["precision"] = precision if precision != "auto" else agree(probe(config, data), members)
        folder = agree(new_run(Path(runs), config) if members.is_writer else None, members)
        return Training(Session(config, members), data, folder, report, started).carry_out()


def resume(run: str | Path, *, runs: str | Path = RUNS, report: Report | None = None, started=None) -> dict:
    """Go on with a run that was stopped, to bit-identical weights.

    Parameters
    ----------
    run : str or Path
        Its folder, or `latest`: the newest one under `runs` that was started.

    Returns
    -------
    dict
        As `train` does. A run that is finished gives the result that it gave.
    """
    started, report = started or time.perf_counter(), report or (lambda entry: None)
    folder = find_started(run, Path(runs))
    config = read_config(folder)
    if (folder / RESULT).exists():
        report({"kind": "note", "text": f"{folder} is finished: nothing is left to do"})
        return json.loads((folder / RESULT).read_text())
    members = from_environment()
    devices.choose_device(config["device"])
    data = load_dataset(config["dataset"])
    check_same_data(data, config)
    with team(members, config["device"], config["threads"]):
        session = Session(config, members)
        if (folder / STATE).exists():
            session.restore(folder / STATE)
        if members.is_writer:
            forget_after(folder, session.step)
        return Training(session, data, folder, report, started).carry_out()


def probe(config: dict, data: Dataset) -> str:
    """The precision for a run, found with its first images."""
    trials = {name: Session(config | {"precision": name}, Processes()) for name in ("f32", "bf16")}
    if not trials["f32"].recipe.tuned:
        return "f32"
    count = min(config["settings"]["batch_size"], len(data.train_images))
    pixels = to_fractions(np.stack([data.train_images[i] for i in range(count)]), config["device"])
    pixels = trials["f32"].laid_out(pixels)
    labels = torch.as_tensor(data.train_labels[:count], device=config["device"])
    steps = {name: partial(trial.gradients, pixels, labels, scale=1 / count) for name, trial in trials.items()}
    with trials["f32"].at_work():
        return devices.choose_precision(steps, config["device"])


def new_run(runs: Path, config: dict) -> Path:
    """The folder of a run that begins, with its configuration and environment."""
    folder = create_folder(runs, config)
    write_whole(folder / ENVIRONMENT, json.dumps(environment(), indent=1))
    write_config(folder, config)
    return folder


class Training:
    """A session, the data that it learns from, and the folder that it is written to."""

    def __init__(self, session: Session, data: Dataset, folder: Path, report: Report, started: float):
        self.session, self.data, self.folder, self.started = session, data, folder, started
        self.writes, self.report = session.processes.is_writer, report
        self.config, self.device = session.config, session.device
        count = len(data.train_images)
        self.chosen, self.held_out = batches.split(count, self.config["validation"], self.config["seed"])
        self.images = resident(data.train_images, self.device)
        self.diverged = False
        self.ready: float | None = None
        self.train_accuracy: float | None = None
        self.validation_accuracy: float | None = None
        self.resumed_at, self.spent_before = session.step, session.seconds
        self.remember(read_metrics(folder))

    def remember(self, entries: list[dict]) -> None:
        """Take over what an interrupted run had already found out."""
        for entry in entries:
            self.diverged |= entry.get("loss", 0) is None
            self.train_accuracy = entry.get("train_accuracy", self.train_accuracy)
            self.validation_accuracy = entry.get("validation_accuracy", self.validation_accuracy)

    def carry_out(self) -> dict:
        """Train to the end, test, write."""
        self.tell({"kind": "start", "run": str(self.folder), "steps": self.session.steps, "step": self.session.step})
        with self.session.at_work():
            self.learn()
        return self.finish() if self.writes else {}

    def learn(self) -> None:
        """The loop: every epoch, every batch, one step."""
        session = self.session
        self.start_clock()
        while session.step < session.steps:
            epoch, first = divmod(session.step, session.steps_an_epoch)
            for _, images, labels, whole in self.batches(epoch, first):
                self.ready = self.ready or time.perf_counter() - self.started
                session.learn(images, labels, whole)
                if session.step % session.steps_an_epoch == 0:
                    self.end_epoch(epoch)
                elif session.step % LOG_STEPS == 0:
                    self.log_step(epoch)

    def batches(self, epoch: int, first: int):
        session = self.session
        return batches.batches(
            self.images,
            self.data.train_labels,
            batches.epoch_order(self.chosen, self.config["seed"], epoch),
            batch_size=session.recipe.batch_size,
            first=first,
            rank=session.processes.rank,
            ranks=session.processes.count,
            workers=min(4, self.config["threads"]),
        )

    def start_clock(self) -> None:
        self.before, self.clock = self.session.seconds, time.perf_counter()
        self.saved = self.logged = self.clock
        self.known = self.sums()

    def sums(self) -> torch.Tensor:
        """Loss, right answers and images of the epoch so far, over all processes."""
        return total(self.session.sums.clone(), self.session.processes).cpu()

    def log_step(self, epoch: int) -> None:
        """Report the means since the last entry, and save if the last save is a while ago."""
        now, sums = time.perf_counter(), self.sums()
        self.session.seconds = self.before + now - self.clock
        loss, right, count = (sums - self.known).tolist()
        self.note_loss(loss)
        entry = {"kind": "step", "step": self.session.step, "epoch": epoch + 1, "loss": finite(loss / count)}
        entry |= {"accuracy": right / count, "rate": self.session.rate, "seconds": round(self.session.seconds, 3)}
        self.tell(entry | {"images_per_second": round(count / (now - self.logged))}, kept=True)
        self.known, self.logged = sums, now
        if now - self.saved >= SAVE_SECONDS:
            self.save()

    def end_epoch(self, epoch: int) -> None:
        """Report the epoch, save, and begin the next one's sums."""
        self.session.seconds = self.before + time.perf_counter() - self.clock
        loss, right, count = self.sums().tolist()
        self.note_loss(loss)
        self.train_accuracy = right / count
        entry = {"kind": "epoch", "step": self.session.step, "epoch": epoch + 1, "loss": finite(loss / count)}
        entry |= {"train_accuracy": self.train_accuracy, "seconds": round(self.session.seconds, 3)}
        if self.config["validation"] and self.writes:
            self.validation_accuracy = self.test(*self.validation_set())["accuracy"]
            entry["validation_accuracy"] = self.validation_accuracy
        self.tell(entry, kept=True)
        self.session.sums.zero_()
        self.save()
        self.start_clock()

    def note_loss(self, loss: float) -> None:
        """Say once that the loss is lost; the run goes on, and its result says so too."""
        if not np.isfinite(loss) and not self.diverged:
            self.diverged = True
            text = f"the loss is not finite at step {self.session.step}: the learning rate is too high for this network"
            self.tell({"kind": "note", "text": f"{text}. The run goes on; --lr sets a lower rate"})

    def validation_set(self) -> tuple:
        indices = self.held_out.tolist()
        return batches.take(self.data.train_images, indices), self.data.train_labels[indices]

    def test(self, images, labels) -> dict:
        """How well the network would answer if training ended now."""
        return score(self.logits(images), labels)

    def logits(self, images) -> torch.Tensor:
        """What the network would answer if training ended now."""
        classifier = Classifier(self.session.final_network(), **self.config["normalisation"])
        return predict_logits(classifier, images, device=self.device)

    def save(self) -> None:
        if self.writes:
            self.session.save(self.folder / STATE)
        self.saved = time.perf_counter()

    def tell(self, entry: dict, *, kept: bool = False) -> None:
        """Report an entry, and keep it in the metrics if it belongs there."""
        if self.writes:
            if kept:
                log(self.folder, **entry)
            self.report(entry)

    def finish(self) -> dict:
        """The one look at the test set, the model's file and the result."""
        logits = None if self.config["skip_test"] else self.logits(self.data.test_images)
        tested = {} if logits is None else score(logits, self.data.test_labels)
        if tested:
            self.tell({"kind": "test", "step": self.session.step} | test_entry(tested), kept=True)
        save_model(self.folder / MODEL, self.session.final_network(), self.model_config())
        result = self.result(tested)
        write_whole(self.folder / RESULT, json.dumps(result, allow_nan=False) + "\n")
        (self.folder / STATE).unlink(missing_ok=True)
        from convolab.network.report import write_report  # its libraries are of no use to the first batch

        write_report(self.folder, data=self.data, logits=logits)
        return result

    def model_config(self) -> dict:
        """What the model's file says of itself."""
        kept = "model input_shape classes normalisation dataset recipe seed settings train_images".split()
        count = len(self.data.train_images)
        some = batches.take(self.data.train_images, range(0, count, 1 + count // MEASURED))
        prepared = measure(np.asarray(some)).to_dict()
        return {key: self.config[key] for key in kept} | {"preprocessing": prepared, "steps": self.session.steps}

    def result(self, tested: dict) -> dict:
        """The keys that `convolab train --json` promises, and a few more."""
        session, config = self.session, self.config
        seen = (session.steps - self.resumed_at) / session.steps_an_epoch * config["train_images"]
        spent = session.seconds - self.spent_before
        return {
            "run": str(self.folder),
            **{key: config[key] for key in ("dataset", "model", "recipe", "seed")},
            "parameters": count_parameters(session.network),
            "epochs": session.recipe.epochs,
            "steps": session.steps,
            "train_images": config["train_images"],
            "test_images": len(self.data.test_labels),
            "train_seconds": round(session.seconds, 3),
            "total_seconds": round(time.perf_counter() - self.started, 3),
            "ready_seconds": self.ready and round(self.ready, 3),
            "images_per_second": round(seen / spent) if spent else None,
            "train_accuracy": self.train_accuracy,
            "validation_accuracy": self.validation_accuracy,
            "test_accuracy": tested.get("accuracy"),
            "test_interval": tested.get("interval"),
            "test_loss": finite(tested["loss"]) if tested else None,
            "diverged": self.diverged,
            **{key: config[key] for key in ("engine", "device", "threads", "processes", "precision")},
        }


def test_entry(tested: dict) -> dict:
    entry = {f"test_{key}": tested[key] for key in ("accuracy", "loss", "interval")}
    return entry | {"test_loss": finite(tested["loss"]), "confusion": tested["confusion"]}


def resident(images, device: str):
    """Images that lie in memory as a tensor on the device; files stay files."""
    return torch.as_tensor(images).to(device) if isinstance(images, np.ndarray) else images


def finite(value: float) -> float | None:
    """The value, or None where JSON has no number for it."""
    return float(value) if np.isfinite(value) else None
