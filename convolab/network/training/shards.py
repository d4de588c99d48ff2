"""How do the cores of one machine share a batch? Each takes pieces of it through the whole network and back.

A library that splits every single layer among the cores makes them wait for one another some sixty times a step, and
where another program holds one of them, all wait for that one each time. Here they meet once a step. Pieces of about 64
images also stay in a core's cache from layer to layer. Gradients are added in the order of the pieces, so the sum does
not depend on who was first.
"""

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch
from torch import Tensor, nn

PIECE = 64  # images
DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}


class Shards:
    """Gradients of a classifier's loss, computed piece by piece on the CPU.

    Parameters
    ----------
    classifier : Module
        Takes fractions 0–1; its f32 weights receive the gradients.
    precision : str
        `f32` or `bf16`: of the products. Weights, their updates and the loss stay f32.
    threads : int
    """

    def __init__(self, classifier: nn.Module, precision: str, threads: int):
        self.weights: list[Tensor] = list(classifier.parameters())
        self.dtype, self.threads = DTYPES[precision], threads
        self.working = classifier if precision == "f32" else copy.deepcopy(classifier).to(self.dtype)
        self.working_weights: list[Tensor] = list(self.working.parameters())
        self.pool = _core_pool(threads)

    def pieces(self, count: int) -> list[slice]:
        """The pieces of a batch: at least one for each thread, of at most PIECE images."""
        size = min(PIECE, -(-count // self.threads))
        return [slice(start, start + size) for start in range(0, count, size)]

    def gradients(self, pixels: Tensor, labels: Tensor, *, smoothing: float, scale: float) -> tuple[Tensor, Tensor]:
        """Set the weights' gradients for a batch, and return the sum of its losses and its logits."""
        if self.working_weights[0] is not self.weights[0]:
            with torch.no_grad():
                torch._foreach_copy_(self.working_weights, self.weights)

        def through(piece: slice) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
            logits = self.working(pixels[piece].to(self.dtype)).float()
            loss = nn.functional.cross_entropy(logits, labels[piece], reduction="sum", label_smoothing=smoothing)
            return loss.detach(), logits.detach(), torch.autograd.grad(loss * scale, self.working_weights)

        losses, logits, gradients = zip(*self.pool.map(through, self.pieces(len(pixels))), strict=True)
        self.set_gradients(gradients)
        return torch.stack(losses).sum(), torch.cat(logits)

    def set_gradients(self, gradients: tuple[tuple[Tensor, ...], ...]) -> None:
        """Add the pieces' gradients in f32, in order, into the weights' own memory layout."""
        for weight in self.weights:
            weight.grad = torch.zeros_like(weight) if weight.grad is None else weight.grad.zero_()
        totals = [weight.grad for weight in self.weights if weight.grad is not None]
        for piece in gradients:
            torch._foreach_add_(totals, [gradient.float() for gradient in piece])

    def at_work(self) -> AbstractContextManager[Any]:
        """The context in which gradients are computed."""
        return _one_thread_a_layer()


@contextmanager
def _one_thread_a_layer() -> Iterator[None]:
    """Keep torch from splitting layers too while pieces are split among the cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def cores(count: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads, each of which computes on its own."""
    with _one_thread_a_layer(), _core_pool(count) as pool:
        yield pool


def _core_pool(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, initializer=lambda: torch.set_num_threads(1))
