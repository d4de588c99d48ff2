"""What does a training run hold in memory, what does one step do, and what must be saved to go on bit for bit?

The saved state is weights, the optimiser's tensors, the averaged weights, and a position. Order and augmentation need
nothing: they are functions of (seed, epoch, step), see `batches`.
"""

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from convolab.errors import InputError
from convolab.files import write_whole
from convolab.network.model.classifier import Classifier, pool_first, to_fractions
from convolab.network.model.models import build_model
from convolab.network.training import batches
from convolab.network.training.augment import augment
from convolab.network.training.devices import autocast
from convolab.network.training.optimizers import make_optimizer
from convolab.network.training.processes import Processes, share
from convolab.network.training.recipes import rate_at
from convolab.network.training.settings import RunConfig
from convolab.network.training.shards import Shards


class Session:
    """The network, its optimiser and its average, at a step of a run.

    Parameters
    ----------
    config : RunConfig
    processes : Processes
        Who takes which share of a batch.

    Attributes
    ----------
    step : int
        Steps done.
    sums : Tensor (3,)
        Of the epoch so far, in this process: loss, right answers, images. `whole_sums` are those of all processes,
        once they are known.
    seconds : float
        Spent in the training loop.
    """

    def __init__(self, config: RunConfig, processes: Processes):
        self.config, self.processes, self.device = config, processes, config.device
        self.recipe, self.seed = config.settings, config.seed
        self.network = _build_for(config).to(self.device)
        self.trained = Classifier(self.cheaper(), **config.normalisation).train()
        self.shared = share(self.trained, processes, self.device)
        sharded = self.recipe.tuned and self.device == "cpu" and processes.count == 1
        self.shards = Shards(self.trained, config.precision, config.threads) if sharded else None
        self.optimizer = make_optimizer(self.recipe, list(self.network.parameters()))
        self.average: list[Tensor] = []
        self.averaged = self.step = 0
        self.sums = torch.zeros(3, dtype=torch.float64 if self.device != "mps" else torch.float32, device=self.device)
        self.whole_sums: Tensor | None = None
        self.seconds = 0.0

    def cheaper(self) -> nn.Module:
        """The network in the order and the memory layout in which it computes fastest, sharing its weights."""
        if not self.recipe.tuned:
            return self.network
        return pool_first(self.network.to(memory_format=torch.channels_last))  # type: ignore[call-overload]

    @property
    def steps_an_epoch(self) -> int:
        return batches.steps_in(self.config.train_images, self.recipe.batch_size)

    @property
    def steps(self) -> int:
        return self.recipe.epochs * self.steps_an_epoch

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return rate_at(self.recipe, self.step, self.steps)

    def learn(self, images: Tensor, labels: Tensor, whole: int) -> None:
        """One step on this process's share of a batch of `whole` images."""
        source = batches.generator(self.seed, "augment", self.step, self.processes.rank)
        pixels = augment(self.laid_out(to_fractions(images, self.device)), self.recipe, source)
        labels = labels.to(self.device)
        # The processes' gradients are averaged, and their shares may differ in size: divide by the whole batch.
        loss, logits = self.gradients(pixels, labels, scale=self.processes.count / whole)
        self.optimizer.step(self.rate)
        self.count(loss, logits, labels)

    def gradients(self, pixels: Tensor, labels: Tensor, *, scale: float) -> tuple[Tensor, Tensor]:
        """Set the gradients of `scale` × the sum of the losses; returns that sum and the logits."""
        if self.shards:
            return self.shards.gradients(pixels, labels, smoothing=self.recipe.smoothing, scale=scale)
        self.optimizer.zero_grad()
        with autocast(self.config.precision, self.device):
            logits = self.shared(pixels).float()
            loss = nn.functional.cross_entropy(logits, labels, reduction="sum", label_smoothing=self.recipe.smoothing)
        (loss * scale).backward()
        return loss.detach(), logits.detach()

    def at_work(self) -> AbstractContextManager[Any]:
        """The context in which steps are done."""
        return self.shards.at_work() if self.shards else nullcontext()

    def laid_out(self, pixels: Tensor) -> Tensor:
        return pixels.contiguous(memory_format=torch.channels_last) if self.recipe.tuned else pixels

    @torch.no_grad()
    def count(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Count a step that is done, and add its weights to the average where the recipe averages them."""
        right = (logits.argmax(1) == labels).sum()
        self.sums += torch.stack([loss, right, torch.full_like(loss, len(labels))]).to(self.sums.dtype)
        self.step += 1
        if self.step > self.steps * (1 - self.recipe.average):
            weights: list[Tensor] = list(self.network.parameters())
            self.average = self.average or [torch.zeros_like(weight) for weight in weights]
            self.averaged += 1
            torch._foreach_lerp_(self.average, weights, 1 / self.averaged)

    def final_network(self) -> nn.Module:
        """A copy of the network, with the averaged weights once there are some."""
        network = _build_for(self.config).to(self.device)
        network.load_state_dict(self.network.state_dict())
        with torch.no_grad():
            for weight, mean in zip(network.parameters(), self.average, strict=False):
                weight.copy_(mean)
        return network

    def save(self, path: Path) -> None:
        """Write everything that going on needs, whole or not at all."""
        sums = self.sums if self.whole_sums is None else self.whole_sums
        place = {"step": self.step, "averaged": self.averaged, "sums": sums.tolist(), "seconds": self.seconds}
        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in self.tensors().items()}
        write_whole(path, safetensors.torch.save(tensors, {"place": json.dumps(place)}))

    def tensors(self) -> dict[str, Tensor]:
        """Every tensor of the state by a name of its own."""
        named = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        named |= {f"optimizer.{name}": tensor for name, tensor in self.optimizer.state().items()}
        return named | {f"average.{i}": tensor for i, tensor in enumerate(self.average)}

    def restore(self, path: Path) -> None:
        """Go back to a saved state."""
        try:
            with safe_open(path, framework="pt", device=self.device) as file:
                place = json.loads((file.metadata() or {})["place"])
                saved = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
            self.network.load_state_dict(part(saved, "network"))
            self.optimizer.restore(part(saved, "optimizer"))
            weights = list(self.network.parameters())
            self.average = [like(saved[f"average.{i}"], weights[i]) for i in range(len(part(saved, "average")))]
            self.step, self.averaged, self.seconds = place["step"], place["averaged"], place["seconds"]
            if self.processes.is_writer:  # they are those of all processes, and are added up again
                self.sums.copy_(torch.tensor(place["sums"], dtype=torch.float64))
        except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
            raise InputError(f"{path}: the saved state cannot be used ({error})") from error


def _build_for(config: RunConfig) -> nn.Module:
    """The run's network with the first weights of its seed."""
    return build_model(config.model, config.input_shape, len(config.classes), seed=config.seed)


def part(saved: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors under a prefix, without it."""
    return {name.removeprefix(f"{prefix}."): tensor for name, tensor in saved.items() if name.startswith(f"{prefix}.")}


def like(tensor: Tensor, weight: Tensor) -> Tensor:
    """The tensor's values in the weight's memory layout."""
    return torch.empty_like(weight, dtype=tensor.dtype).copy_(tensor)
