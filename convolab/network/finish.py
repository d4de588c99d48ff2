"""What is done after the last step of a training run? The test, the model's file, the result and the report."""

import json
import time
from typing import Any

import numpy as np

from convolab.files import write_whole
from convolab.network.digits.preparation import MEASURED, measure
from convolab.network.model.checkpoint import save_model
from convolab.network.model.classifier import count_parameters
from convolab.network.model.runs import MODEL, RESULT, STATE, finite
from convolab.network.training import batches
from convolab.network.training.evaluation import score
from convolab.network.training.loop import Training


def finish(training: Training) -> dict[str, Any]:
    """Test the network once, write the model's file, the result and the report, and return the result."""
    logits = None if training.config.skip_test else training.logits(training.data.test_images)
    tested = {} if logits is None else score(logits, training.data.test_labels)
    if tested:
        training.tell({"kind": "test", "step": training.session.step} | _test_entry(tested), kept=True)
    save_model(training.folder / MODEL, training.session.final_network(), _model_config(training))
    result = _make_result(training, tested)
    write_whole(training.folder / RESULT, json.dumps(result, allow_nan=False) + "\n")
    (training.folder / STATE).unlink(missing_ok=True)
    from convolab.network.report import write_report  # its libraries are of no use to the first batch

    write_report(training.folder, data=training.data, logits=logits)
    return result


def _model_config(training: Training) -> dict[str, Any]:
    """The configuration that is stored in the model's file."""
    kept = "model input_shape classes normalisation dataset recipe seed settings train_images".split()
    config = training.config.to_dict()
    count = len(training.data.train_images)
    some = batches.take(training.data.train_images, range(0, count, 1 + count // MEASURED))
    prepared = measure(np.asarray(some)).to_dict()
    return {key: config[key] for key in kept} | {"preprocessing": prepared, "steps": training.session.steps}


def _make_result(training: Training, tested: dict[str, Any]) -> dict[str, Any]:
    """The keys that `convolab train --json` promises, and a few more."""
    session, config = training.session, training.config
    seen = (session.steps - training.resumed_at) / session.steps_an_epoch * config.train_images
    spent = session.seconds - training.spent_before
    return {
        "run": str(training.folder),
        "dataset": config.dataset,
        "model": config.model,
        "recipe": config.recipe,
        "seed": config.seed,
        "parameters": count_parameters(session.network),
        "epochs": session.recipe.epochs,
        "steps": session.steps,
        "train_images": config.train_images,
        "test_images": len(training.data.test_labels),
        "train_seconds": round(session.seconds, 3),
        "total_seconds": round(time.perf_counter() - training.started, 3),
        "ready_seconds": training.ready and round(training.ready, 3),
        "images_per_second": round(seen / spent) if spent else None,
        "train_accuracy": training.train_accuracy,
        "validation_accuracy": training.validation_accuracy,
        "test_accuracy": tested.get("accuracy"),
        "test_interval": tested.get("interval"),
        "test_loss": finite(tested["loss"]) if tested else None,
        "diverged": training.diverged,
        "engine": config.engine,
        "device": config.device,
        "threads": config.threads,
        "processes": config.processes,
        "precision": config.precision,
    }


def _test_entry(tested: dict[str, Any]) -> dict[str, Any]:
    """The entry `test` of a run's metrics."""
    entry = {f"test_{key}": tested[key] for key in ("accuracy", "loss", "interval")}
    return entry | {"test_loss": finite(tested["loss"]), "confusion": tested["confusion"]}
