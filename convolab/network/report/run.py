"""What does a run's folder know of the run, and which command repeats it?"""

import json
import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from convolab.errors import InputError
from convolab.network.data.dataset import Dataset
from convolab.network.data.named import load_dataset
from convolab.network.model.checkpoint import load_model
from convolab.network.model.classifier import Classifier
from convolab.network.model.runs import ENVIRONMENT, MODEL, RESULT, read_metrics
from convolab.network.training.evaluation import predict_logits
from convolab.network.training.recipes import RECIPES
from convolab.network.training.settings import RunConfig, read_config


@dataclass(frozen=True)
class Run:
    """What is known of a finished run; `probabilities` (N, classes) are the test images', or N = 0 without a test."""

    folder: Path
    config: RunConfig
    environment: dict[str, Any]
    metrics: list[dict[str, Any]]
    result: dict[str, Any]
    classifier: Classifier
    data: Dataset
    probabilities: np.ndarray

    @cached_property
    def confusion(self) -> np.ndarray:
        """Counts, the true class down and the predicted one across."""
        counts = np.zeros((len(self.classes),) * 2, int)
        if self.tested:
            np.add.at(counts, (self.data.test_labels, self.probabilities.argmax(1)), 1)
        return counts

    @property
    def tested(self) -> bool:
        return len(self.probabilities) > 0

    @property
    def classes(self) -> list[str]:
        return list(self.classifier.config["classes"])

    def entries(self, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self.metrics if entry["kind"] == kind]


def read_run(folder: Path, data: Dataset | None = None, logits=None) -> Run:
    """Everything that a run's folder knows of it."""
    config = read_config(folder)
    if not (folder / RESULT).is_file():
        raise InputError(f"{folder}: this run is not finished. Go on with: convolab train --resume {folder}")
    result, environment = (json.loads((folder / name).read_text()) for name in (RESULT, ENVIRONMENT))
    classifier, _ = load_model(folder / MODEL)
    data = data or load_dataset(config.dataset)
    if logits is None and result["test_accuracy"] is not None:
        logits = predict_logits(classifier, data.test_images)
    classes = len(classifier.config["classes"])
    probabilities = np.zeros((0, classes)) if logits is None else logits.double().softmax(1).numpy()
    return Run(folder, config, environment, read_metrics(folder), result, classifier, data, probabilities)


def command(config: RunConfig) -> str:
    """The command line that trains with this configuration."""
    words: list[Any] = ["convolab train", config.dataset, "--recipe", config.recipe, "--seed", config.seed]
    usual = RECIPES.get(config.recipe)
    for option, name in (("--epochs", "epochs"), ("--batch-size", "batch_size"), ("--lr", "rate")):
        asked = getattr(config.settings, name)
        words += [option, asked] if usual is None or asked != getattr(usual, name) else []
    words += ["--model", config.model] if usual is None or config.model != usual.model else []
    words += ["--validation", config.validation] if config.validation else []
    words += ["--skip-test"] if config.skip_test else []
    words += ["--device", config.device, "--precision", config.precision, "--threads", config.threads]
    line = " ".join([words[0], *(shlex.quote(str(word)) for word in words[1:])])
    if config.processes > 1:
        line = line.replace("convolab train", f"torchrun --nproc-per-node {config.processes} -m convolab train", 1)
    return line
