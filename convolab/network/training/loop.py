"""What happens between the first step of a training run and its last: steps, reports, saves.

The loop is the lab sheet's: for every epoch, for every batch, one step.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from convolab.network.data.dataset import Dataset
from convolab.network.model.classifier import Classifier
from convolab.network.model.runs import STATE, finite, log, read_metrics
from convolab.network.training import batches
from convolab.network.training.evaluation import predict_logits, score
from convolab.network.training.processes import total
from convolab.network.training.session import Session

LOG_STEPS = 25  # steps between two entries in the metrics
SAVE_SECONDS = 2.0  # at most so long ago is the last save, give or take LOG_STEPS

# Called with every entry of a run's metrics, and with {"kind": "start", …} and {"kind": "note", …}.
Listener = Callable[[dict[str, Any]], None]


class Training:
    """A session, the data that it learns from, and the folder that it is written to."""

    def __init__(self, session: Session, data: Dataset, folder: Path, report: Listener, started: float):
        self.session, self.data, self.folder, self.started = session, data, folder, started
        self.writes, self.report = session.processes.is_writer, report
        self.config, self.device = session.config, session.device
        count = len(data.train_images)
        self.chosen, self.held_out = batches.split(count, self.config.validation, self.config.seed)
        self.images = resident(data.train_images, self.device)
        self.diverged = False
        self.ready: float | None = None
        self.train_accuracy: float | None = None
        self.validation_accuracy: float | None = None
        self.resumed_at, self.spent_before = session.step, session.seconds
        self.remember(read_metrics(folder))

    def remember(self, entries: list[dict[str, Any]]) -> None:
        """Take over what an interrupted run had already found out."""
        for entry in entries:
            self.diverged |= entry.get("loss", 0) is None
            self.train_accuracy = entry.get("train_accuracy", self.train_accuracy)
            self.validation_accuracy = entry.get("validation_accuracy", self.validation_accuracy)

    def carry_out(self) -> None:
        """Train to the end."""
        session, run = self.session, str(self.folder)
        self.tell(
            {"kind": "start", "run": run, "steps": session.steps, "step": session.step, "epochs": session.recipe.epochs}
        )
        with self.session.at_work():
            self.learn()

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
            batches.epoch_order(self.chosen, self.config.seed, epoch),
            batch_size=session.recipe.batch_size,
            first=first,
            rank=session.processes.rank,
            ranks=session.processes.count,
            workers=min(4, self.config.threads),
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
        if self.config.validation and self.writes:
            self.validation_accuracy = self.test(*self.validation_set())["accuracy"]
            entry["validation_accuracy"] = self.validation_accuracy
        self.tell(entry, kept=True)
        self.session.sums.zero_()
        self.known.zero_()
        self.save()
        self.start_clock()

    def note_loss(self, loss: float) -> None:
        """Report once that the loss is no longer finite; the run goes on, and its result says `diverged`."""
        if not np.isfinite(loss) and not self.diverged:
            self.diverged = True
            text = f"the loss is not finite at step {self.session.step}: the learning rate is too high for this network"
            self.tell({"kind": "note", "text": f"{text}. The run goes on; --lr sets a lower rate"})

    def validation_set(self) -> tuple[Any, ...]:
        indices = self.held_out.tolist()
        return batches.take(self.data.train_images, indices), self.data.train_labels[indices]

    def test(self, images, labels) -> dict[str, Any]:
        """How well the network would answer if training ended now."""
        return score(self.logits(images), labels)

    def logits(self, images) -> torch.Tensor:
        """What the network would answer if training ended now."""
        classifier = Classifier(self.session.final_network(), **self.config.normalisation)
        return predict_logits(classifier, images, device=self.device)

    def save(self) -> None:
        if self.writes:
            self.session.whole_sums = self.known
            self.session.save(self.folder / STATE)
        self.saved = time.perf_counter()

    def tell(self, entry: dict[str, Any], *, kept: bool = False) -> None:
        """Report an entry, and keep it in the metrics if it belongs there."""
        if self.writes:
            if kept:
                log(self.folder, **entry)
            self.report(entry)


def resident(images, device: str):
    """Images that lie in memory as a tensor on the device; files stay files."""
    return (
        torch.as_tensor(np.require(images, requirements="W")).to(device) if isinstance(images, np.ndarray) else images
    )
