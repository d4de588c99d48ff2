"""How well does a network read digits in pictures as people take them? Its accuracy is measured on `scenes`."""

import time
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from convolab.errors import ArgumentError, InputError
from convolab.network.data.catalogue import DIGITS
from convolab.network.digits.prediction import preparation_of, probabilities
from convolab.network.digits.preprocessing import prepare
from convolab.network.hazards.scenes import HAZARDS, scene
from convolab.network.model.classifier import Classifier
from convolab.network.training.evaluation import wilson_interval
from convolab.pictures.photographs import decode

# The first scene that is measured. Scenes of lower numbers were looked at while the preprocessing was written.
FIRST = 3000


def evaluate_hazards(
    classifier: Classifier,
    *,
    scenes: int = 2,
    only: str = "",
    progress: Callable[[str], None] | None = None,
    report: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Measure a classifier on pictures that are not from any data set, hazard by hazard.

    Parameters
    ----------
    classifier : Classifier
        Of digits, from `runs.load`.
    scenes : int
        How many pictures of every digit are drawn for every hazard.
    only : str
        Only the hazards whose name contains this.
    progress : callable, optional
        Called with the hazard's name after every picture.
    report : callable, optional
        Called with each hazard's entry when it is known.

    Returns
    -------
    dict
        `accuracy` (fraction 0–1), `interval` (95 %), `loss` (mean cross-entropy, in nats, of the pictures in which a
        digit was found), `count`, `confusion` (10 × 10 counts, the true digit down and the predicted one across),
        `unread` (for each digit, the number of its pictures in which none was found), `seconds`, and `hazards`: for
        each hazard its `hazard` (name), `sentence`, `right`, `count`, `accuracy`, `interval`, and `wrong`, a list of
        [digit, number of the scene, answer or None].

    Raises
    ------
    ArgumentError
        The model's classes are not the ten digits, `scenes` is below 1, or no hazard's name contains `only`.
    """
    if tuple(classifier.config["classes"]) != DIGITS:
        raise ArgumentError(f"hazards: need a model of the ten digits, got one of {classifier.config['classes']}")
    if scenes < 1:
        raise ArgumentError(f"scenes: {scenes} is out of range. Expected at least 1")
    start, confusion, losses, rows = time.perf_counter(), np.zeros((10, 10), int), [], []
    for name in (name for name in HAZARDS if only in name):
        wanted = list(product(range(10), range(FIRST, FIRST + scenes)))
        wrong: list[list[Any]] = []
        for (label, number), chances in zip(wanted, read_scenes(classifier, name, wanted, progress), strict=True):
            answer = None if chances is None else int(chances.argmax())
            if chances is not None:
                confusion[label, answer] += 1
                losses.append(-np.log(max(chances[label], 1e-12)))
            if answer != label:
                wrong.append([label, number, answer])
        rows.append(_row(name, len(wanted) - len(wrong), len(wanted)) | {"wrong": wrong})
        if report:
            report(rows[-1])
    if not rows:
        raise ArgumentError(f"only: no hazard's name contains {only!r}. Expected a part of {', '.join(HAZARDS)}")
    right, count = sum(row["right"] for row in rows), sum(row["count"] for row in rows)
    return {
        "accuracy": right / count,
        "interval": list(wilson_interval(right, count)),
        "loss": float(np.mean(losses)) if losses else 0.0,
        "count": count,
        "confusion": confusion.tolist(),
        "unread": (count // 10 - confusion.sum(1)).tolist(),
        "seconds": time.perf_counter() - start,
        "hazards": rows,
    }


def read_scenes(classifier: Classifier, name: str, wanted, progress=None) -> list[np.ndarray | None]:
    """Read each scene: the probabilities (10,) of the digits, or None where no digit is found.

    Parameters
    ----------
    name : str
        Of the hazard.
    wanted : list of (digit, number)
    progress : callable, optional
        Called with the hazard's name after every picture.
    """
    preparation = preparation_of(classifier)
    seen: list[np.ndarray | None] = []
    for label, number in wanted:
        try:
            seen.append(prepare(decode(scene(name, label, number)), preparation).pixels)
        except InputError:
            seen.append(None)
        if progress:
            progress(name)
    read = [pixels for pixels in seen if pixels is not None]
    chances = iter(probabilities(classifier, np.stack(read)) if read else ())
    return [None if pixels is None else next(chances) for pixels in seen]


def _row(name: str, right: int, count: int) -> dict[str, Any]:
    return {
        "hazard": name,
        "sentence": HAZARDS[name].sentence,
        "right": right,
        "count": count,
        "accuracy": right / count,
        "interval": list(wilson_interval(right, count)),
    }
