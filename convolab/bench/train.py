"""How many images a second does a training step take in, beside a plain PyTorch loop with the same network?"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.nn import functional as F

from convolab.environment import cpu_features
from convolab.network.data.catalogue import DIGITS
from convolab.network.model.models import build_model
from convolab.network.training.devices import choose_threads
from convolab.network.training.precision import multiplies_bf16
from convolab.network.training.processes import Processes
from convolab.network.training.recipes import find_recipe
from convolab.network.training.session import Session
from convolab.network.training.settings import RunConfig

STEPS = 8  # of one call


def contests(*, peers: bool) -> Iterator[dict[str, Any]]:
    """Steps of the lab's network on the CPU at three batch sizes; the peer is a plain loop, layers split by torch."""
    for batch_size in (64, 128, 256):
        entrants = {f"convolab {precision}": ours(batch_size, precision) for precision in _precisions()}
        if peers:
            entrants["torch f32"] = plain(batch_size)
        yield {
            "case": f"training step, batch {batch_size}",
            "unit": "images_per_second",
            "work": STEPS * batch_size,
            "entrants": entrants,
        }


def _precisions() -> list[str]:
    return ["bf16", "f32"] if multiplies_bf16(cpu_features()) else ["f32"]


def batch(size: int) -> tuple[torch.Tensor, torch.Tensor]:
    source = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (size, 1, 28, 28), dtype=torch.uint8, generator=source)
    return images, torch.randint(0, 10, (size,), generator=source)


def ours(batch_size: int, precision: str) -> Callable[[], None]:
    """Steps as `convolab train` does them."""
    recipe = find_recipe("lab", batch_size=batch_size)
    config = RunConfig(
        model=recipe.model, recipe="lab", seed=0, device="cpu", threads=choose_threads(None, 1), dataset="mnist",
        classes=DIGITS, input_shape=(1, 28, 28), train_images=60_000, normalisation={"mean": 0.13, "std": 0.31},
        settings=recipe, precision=precision,
    )  # fmt: skip
    session, (images, labels) = Session(config, Processes()), batch(batch_size)

    def steps() -> None:
        with session.at_work():
            for _ in range(STEPS):
                session.learn(images, labels, batch_size)
        session.step = 0

    return steps


def plain(batch_size: int) -> Callable[[], None]:
    """The same layers in the lab sheet's loop, with the same optimiser."""
    network, (images, labels) = build_model("lab"), batch(batch_size)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
    pixels = images.float() / 255

    def steps() -> None:
        for _ in range(STEPS):
            loss = F.cross_entropy(network(pixels), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return steps
