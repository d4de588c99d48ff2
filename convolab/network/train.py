"""How are weights found? From a data set and a recipe to a run's folder, or on from where a run was stopped.

The test set is looked at once, by the weights of the last step.
"""

import json
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from convolab.environment import environment
from convolab.errors import InputError
from convolab.files import write_whole
from convolab.network.data.catalogue import DATASETS
from convolab.network.data.dataset import Dataset
from convolab.network.data.named import load_dataset
from convolab.network.finish import finish
from convolab.network.model.runs import ENVIRONMENT, REPORT, RESULT, RUNS, STATE, find_started, forget_after
from convolab.network.training import devices
from convolab.network.training.batches import steps_in
from convolab.network.training.lock import alone_in
from convolab.network.training.loop import Listener, Training
from convolab.network.training.precision import choose_precision, recorded
from convolab.network.training.processes import Processes, agree, from_environment, team
from convolab.network.training.recipes import DEFAULT, FEW_STEPS, find_recipe, with_enough_steps
from convolab.network.training.session import Session
from convolab.network.training.settings import (
    RunConfig,
    check_same_data,
    configure,
    create_folder,
    moved,
    place_of,
    read_config,
    write_config,
)


def train(
    dataset: str | Path = "mnist",
    *,
    recipe: str = DEFAULT,
    model: str | None = None,
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
    report: Listener | None = None,
    started: float | None = None,
) -> dict[str, Any]:
    """Train a network, test it once, and write the run's folder.

    The settings of the process stay as they are. `convolab train`, whose process is its own, also tells glibc to keep
    freed memory, which saves a tenth of a step's time on the CPU (see `allocator`).

    Parameters
    ----------
    dataset : str or Path
        A name of `catalogue.DATASETS` (`mnist`, `fashion-mnist`, `kmnist`), or a folder: four IDX files, or one
        sub-folder of images for each class.
    recipe : str
        A name of `recipes.RECIPES`: `lab`, `fast`, `accurate` or `sheet`.
    model : str, optional
        A name of `models.MODELS`, instead of the recipe's.
    epochs : int, optional
        How often each image is seen, instead of the recipe's. If neither this nor `batch_size` is given, and the
        recipe's epochs would be fewer than 200 steps, there are as many epochs as 200 steps take, and a note says so;
        `sheet` stays as the sheet has it.
    batch_size : int, optional
        Images of one step, over all processes, instead of the recipe's.
    lr : float, optional
        The highest learning rate, instead of the recipe's.
    seed : int
        0 to 2^63 − 1; of the first weights, the order and the augmentation.
    device : str
        `auto`, `cpu`, `cuda` or `mps`.
    engine : str
        `auto` or `torch`.
    precision : str
        `f32`, `bf16`, or `auto`: by processor, model and torch's version (see `precision`), never by a measurement of
        the moment. Two runs give the same weights only in the same one.
    threads : int, optional
        Of each process; the cores divided among the processes if not given.
    validation : int
        So many training images are held out, and the accuracy on them is reported after every epoch.
    skip_test : bool
        Do not look at the test set, as when recipes are compared by validation.
    runs : str or Path
        The folder in which the run's folder is made.
    report : callable, optional
        Called with every entry of the run's metrics, a dict (see `runs`), and with {"kind": "start", …},
        {"kind": "note", …} and, while a folder of pictures is read, {"kind": "read", "done": …, "total": …}.
    started : float, optional
        `time.perf_counter()` when the work began, in seconds, for `total_seconds`.

    Returns
    -------
    dict
        What `convolab train --json` prints: among others `run` (the folder), `parameters`, `steps`, `train_accuracy`,
        `test_accuracy` (fractions 0–1) with `test_interval` (95 %), `test_loss` (nats), `train_seconds`,
        `total_seconds`, and `diverged`. In all processes but the first of several, an empty dict.

    Raises
    ------
    UsageError
        A name is unknown, or a number is out of range.
    InputError
        The data set cannot be read or fetched, or the device is not there.
    OutputError
        The run's folder cannot be written.

    Source
    ------
    The loop, and the recipe and the model `sheet`, are the lab sheet's first exercise.

    Examples
    --------
    >>> import convolab as cl, tempfile
    >>> with tempfile.TemporaryDirectory() as runs:
    ...     found = cl.train("mnist", recipe="fast", batch_size=6000, skip_test=True, runs=runs)
    >>> found["steps"], found["parameters"], found["test_accuracy"]
    (10, 93322, None)
    """
    started, report = started or time.perf_counter(), report or (lambda entry: None)
    numbers = find_recipe(recipe, epochs=epochs, batch_size=batch_size, rate=lr, model=model or None)
    members = from_environment()
    given: dict[str, Any] = {
        "recipe": recipe,
        "seed": seed,
        "device": devices.choose_device(device),
        "engine": devices.choose_engine(engine),
        "threads": devices.choose_threads(threads, members.local_count),
        "processes": members.count,
        "skip_test": skip_test,
    }
    here = devices.processor(given["device"])
    multiplied = recorded(choose_precision(precision, here, model=numbers.model, tuned=numbers.tuned), here)
    data = _read(dataset, report, members)
    usual = numbers.epochs
    if epochs is None and batch_size is None:
        numbers = with_enough_steps(numbers, max(1, len(data.train_images) - validation))
    config = configure(data, numbers, validation=validation, **given, **multiplied)
    with team(members, config.device, config.threads):
        config = replace(config, **agree(multiplied, members))
        session = Session(config, members)  # before the folder: what cannot be trained leaves none
        folder = agree(_new_run(Path(runs), config) if members.is_writer else None, members)
        if members.is_writer:
            _say_few_steps(config, usual, report)
        with alone_in(folder) if members.is_writer else nullcontext():
            return _carried_out(Training(session, data, folder, report, started))


def resume(
    run: str | Path,
    *,
    dataset: str | Path | None = None,
    runs: str | Path = RUNS,
    report: Listener | None = None,
    started: float | None = None,
) -> dict[str, Any]:
    """Go on with a run that was stopped, to bit-identical weights: on as many threads, in the same precision.

    On another processor, or with another torch, or in another number of processes, bits can differ; a note says so.

    Parameters
    ----------
    run : str or Path
        Its folder, or `latest`: the newest one under `runs` that was started.
    dataset : str or Path, optional
        Where the run's data lie now, if they were moved; images and labels must be those that it began with.

    Returns
    -------
    dict
        As `train` does. A run that is finished gives the result that it gave.

    Raises
    ------
    InputError
        The run cannot be gone on with: its data are other ones or are not there, another process is training it, or
        its files are damaged.
    """
    started, report = started or time.perf_counter(), report or (lambda entry: None)
    folder = find_started(run, Path(runs))
    members = from_environment()
    with alone_in(folder) if members.is_writer else nullcontext():
        config = read_config(folder)
        if (folder / RESULT).exists():
            report({"kind": "note", "text": f"{folder} is finished: nothing is left to do"})
            return _finished(folder, dataset)
        devices.choose_device(config.device)
        data = _same_data(config, dataset, report, members)
        there = replace(config, dataset=place_of(data), processes=members.count)
        if members.is_writer:
            for note in _moved(config, there):
                report({"kind": "note", "text": note})
            if there != config:
                write_config(folder, there)
        with team(members, there.device, there.threads):
            session = Session(there, members)
            if (folder / STATE).exists():
                session.restore(folder / STATE)
            if members.is_writer:
                forget_after(folder, session.step)
            return _carried_out(Training(session, data, folder, report, started))


def _finished(folder: Path, dataset: str | Path | None) -> dict[str, Any]:
    """The result of a run; a report that a kill has prevented is written now."""
    if not (folder / REPORT).exists():
        from convolab.network.report import write_report

        write_report(folder, data=load_dataset(dataset) if dataset else None)
    (folder / STATE).unlink(missing_ok=True)
    return json.loads((folder / RESULT).read_text())


def _same_data(config: RunConfig, dataset: str | Path | None, report: Listener, members: Processes) -> Dataset:
    """The data that a run began with, from where they lie now."""
    if dataset is None and config.dataset not in DATASETS and not Path(config.dataset).exists():
        raise InputError(
            f"{config.dataset}: the run's data are not there any more. Give the place where they lie now: "
            "convolab train DATASET --resume RUN"
        )
    data = _read(dataset or config.dataset, report, members)
    check_same_data(data, config)
    return data


def _moved(config: RunConfig, there: RunConfig) -> list[str]:
    """What a run must say that goes on in another place than it began."""
    notes = [moved(config, devices.processor(config.device))]
    if there.dataset != config.dataset:
        kept = (
            "the same images and labels" if config.checksums else "as many images, of this size; no checksums were kept"
        )
        notes.append(f"the run's data lie in {there.dataset} now: {kept}")
    if there.processes != config.processes:
        notes.append(
            f"the run began in {config.processes} processes and goes on in {there.processes}: the same batches, but "
            "random shifts of their own, so its weights are not those of a run that stayed"
        )
    return [note for note in notes if note]


def _read(dataset: str | Path, report: Listener, members: Processes) -> Dataset:
    """The data set, with what is to be said of it."""
    if not members.is_writer:
        return load_dataset(dataset)
    data = load_dataset(dataset, lambda done, total: report({"kind": "read", "done": done, "total": total}))
    for note in data.notes:
        report({"kind": "note", "text": note})
    return data


def _say_few_steps(config: RunConfig, usual: int, report: Listener) -> None:
    """Say how many epochs were added to make enough steps, or that there are few steps."""
    an_epoch = steps_in(config.train_images, config.settings.batch_size)
    epochs, steps = config.settings.epochs, config.settings.epochs * an_epoch
    images = f"{config.train_images:,} training images are {an_epoch} step{'s' * (an_epoch > 1)} an epoch"
    if epochs > usual:
        text = f"{images}: trains {epochs} epochs instead of {usual}, {steps} steps; --epochs sets another number"
        report({"kind": "note", "text": text})
    elif steps < FEW_STEPS:
        report({"kind": "note", "text": f"{images}, {steps} in all: hardly enough to learn. More --epochs would help"})


def _carried_out(training: Training) -> dict[str, Any]:
    """Train to the end, then test and write; only one of several processes writes, the others give {}."""
    training.carry_out()
    return finish(training) if training.writes else {}


def _new_run(runs: Path, config: RunConfig) -> Path:
    """The folder of a run that begins, with its configuration and environment."""
    folder = create_folder(runs, config)
    write_whole(folder / ENVIRONMENT, json.dumps(environment(), indent=1))
    write_config(folder, config)
    return folder
