"""A network that is no module: its weights are names of the hand-in, and its layers are calls of functions."""

from collections.abc import Iterator
from typing import Any

import torch

from convolab.verify.exercise1.inside.layers import MOST_LAYERS, layer_of

BEGINS = ("conv2d", "linear", "matmul", "__matmul__", "mm", "addmm")  # operations with weights


class LooseNetwork(torch.nn.Module):
    """What is called in turn with one batch, taken together as if it were one module.

    Attributes
    ----------
    layers : list of dict
        The operations of the first call, as `layers.traced` tells them.
    replaced : bool
        Whether later calls meet other weights than the first one, so that what these hold says nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.own: dict[str, torch.Tensor] = {}
        self.layers: list[dict[str, Any]] = []
        self.first_call = 0
        self.replaced = False

    def named_parameters(self, *arguments: Any, **options: Any) -> Iterator[tuple[str, Any]]:
        """Yield the weights, by numbers in the order in which they are met."""
        yield from self.own.items()

    def parameters(self, *arguments: Any, **options: Any) -> Iterator[Any]:
        yield from self.own.values()

    def meet(self, call: int, name: str, args: Any, kwargs: Any, result: Any) -> list[tuple[str, Any]]:
        """Keep an operation of a call; return the weights that are new with it, in the first call."""
        self.first_call = self.first_call or call
        given = [a for a in (*args, *kwargs.values()) if isinstance(a, torch.Tensor)]
        weights = [a for a in given if a.requires_grad and a.is_leaf and not any(a is w for w in self.own.values())]
        if call != self.first_call:
            self.replaced |= bool(weights)
            return []
        layer = layer_of(name, args, kwargs, given[0], result)
        if layer is not None and len(self.layers) < MOST_LAYERS:
            self.layers.append(layer)
        new = [(f"weight {len(self.own) + n + 1}", w) for n, w in enumerate(weights)]
        self.own.update(new)
        return new


def begins(name: str, args: Any, kwargs: Any) -> bool:
    """Return whether an operation may be the first of a network without a module: a batch meets weights."""
    given = [a for a in (*args, *kwargs.values()) if isinstance(a, torch.Tensor)]
    weights = [a for a in given[1:] if a.requires_grad and a.is_leaf]
    return name in BEGINS and bool(weights) and not given[0].requires_grad
