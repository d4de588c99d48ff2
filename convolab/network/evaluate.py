"""How good is a trained network, class by class, on a data set or on pictures as people have them?"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from convolab.errors import UsageError
from convolab.network.data.classes import matched
from convolab.network.data.dataset import Dataset
from convolab.network.data.image_files import Progress
from convolab.network.data.named import load_dataset
from convolab.network.hazards.evaluation import evaluate_hazards
from convolab.network.model.classifier import Classifier
from convolab.network.model.runs import RUNS, load, resolved
from convolab.network.training.devices import choose_device
from convolab.network.training.evaluation import evaluate as evaluate_images
from convolab.network.training.evaluation import wilson_interval


def evaluate(
    run: str | Path = "pretrained",
    dataset: str | Path | None = None,
    *,
    runs: str | Path = RUNS,
    device: str = "cpu",
    scenes: int = 2,
    progress: Progress | None = None,
    on_hazard: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Measure a network's accuracy with its 95 % interval, class by class, and what it takes for what.

    Parameters
    ----------
    run : str or Path
        A run's folder, `latest`, `pretrained`, or a model file.
    dataset : str or Path, optional
        As `train` takes it, of which the test images are used; the one that the model was trained with if not given.
        Classes are matched by their names. `hazards`: drawn digits as they are photographed.
    runs : str or Path
        The folder in which `latest` looks.
    device : str
        `auto`, `cpu`, `cuda` or `mps`.
    scenes : int
        For hazards: pictures of each digit for each hazard.
    progress, on_hazard : callable, optional
        Called as a folder of pictures is read, and with the hazard's name after each of its pictures.

    Returns
    -------
    dict
        What `convolab eval --json` prints: `run`, `dataset`, `test_accuracy` (fraction), `test_interval` (95 %),
        `test_loss` (nats), `test_images`, `confusion` (the true class down), `per_class`, `images_per_second`,
        `notes`; of hazards also `hazards` and `unread`.

    Raises
    ------
    UsageError
        The data set has other images or classes than the model.
    InputError
        There is no such run, or its data cannot be read.

    Examples
    --------
    >>> import convolab as cl
    >>> round(cl.evaluate("pretrained")["test_accuracy"], 4)
    0.9944
    """
    if scenes < 1:
        raise UsageError(f"scenes: {scenes} is out of range. Expected at least 1")
    device = choose_device(device)
    classifier = load(run, runs).to(device)
    dataset = dataset or classifier.config["dataset"]
    if str(dataset) == "hazards":
        found = _on_hazards(classifier, scenes, on_hazard)
    else:
        found = _on_images(classifier, load_dataset(dataset, progress), device)
    return {"run": str(resolved(run, Path(runs))), "dataset": str(dataset)} | found


def _on_images(classifier: Classifier, data: Dataset, device: str) -> dict[str, Any]:
    """The test images of a data set."""
    places = _fits(classifier.config, data)
    notes = [*data.notes]
    if not np.array_equal(places, np.arange(len(places))):
        notes.append("classes are matched by their names")
    started = time.perf_counter()
    found = evaluate_images(classifier, data.test_images, places[data.test_labels], device=device)
    rate = len(data.test_labels) / (time.perf_counter() - started)
    return _measured(found, classifier.config["classes"], rate) | {"notes": notes}


def _fits(config: dict[str, Any], data: Dataset) -> np.ndarray:
    """The model's class of each of a data set's; one of other images or classes is refused."""
    if list(data.image_shape) != list(config["input_shape"]):
        got, expected = (" × ".join(map(str, shape)) for shape in (data.image_shape, config["input_shape"]))
        raise UsageError(f"data set: {data.name} has images of {got}. Expected {expected}, as the model takes")
    return matched(data.classes, config["classes"], data.name)


def _on_hazards(classifier: Classifier, scenes: int, on_hazard: Callable[[str], None] | None) -> dict[str, Any]:
    """The scenes of every hazard."""
    found = evaluate_hazards(classifier, scenes=scenes, progress=on_hazard)
    rate = sum(row["count"] for row in found["hazards"]) / found["seconds"]
    extra = {"notes": [], "unread": found["unread"], "hazards": found["hazards"]}
    return _measured(found, classifier.config["classes"], rate) | extra


def _measured(found: dict[str, Any], classes, rate: float) -> dict[str, Any]:
    """What `--json` promises."""
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
