"""How do the gradients move the weights? AdamW for the tuned recipes, and the lab sheet's RMSprop.

AdamW calls torch's own fused kernel without torch.optim around it: making an optimiser of torch.optim loads torch's
compiler, which takes as long as loading torch itself and is of no use to a run of seconds.

Source: I. Loshchilov, F. Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2.
"""

import torch
from torch import Tensor

from convolab.network.training.recipes import Recipe


def make_optimizer(recipe: Recipe, weights: list[Tensor]) -> "AdamW | RMSprop":
    """The recipe's optimiser."""
    if recipe.optimizer == "rmsprop":
        return RMSprop(weights, rate=recipe.rate)
    return AdamW(weights, beta1=recipe.beta1, beta2=recipe.beta2, weight_decay=recipe.weight_decay)


class AdamW:
    """Adam with decoupled weight decay; to the last bit torch.optim.AdamW with fused=True.

    Parameters
    ----------
    weights : list of Tensor
        With their gradients in `.grad`, in the same memory layout.
    beta1, beta2 : float
        Decay of the running means of the gradient and of its square, a step.
    weight_decay : float
        Times the rate: the fraction of a weight that a step takes away.
    """

    def __init__(self, weights: list[Tensor], *, beta1: float, beta2: float, weight_decay: float):
        self.weights, self.beta1, self.beta2, self.weight_decay = weights, beta1, beta2, weight_decay
        self.means = [torch.zeros_like(weight) for weight in weights]
        self.squares = [torch.zeros_like(weight) for weight in weights]
        self.steps = [torch.zeros((), device=weight.device) for weight in weights]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move the weights by their gradients, with this learning rate."""
        gradients = [weight.grad for weight in self.weights if weight.grad is not None]
        torch._foreach_add_(self.steps, 1)
        torch._fused_adamw_(
            self.weights, gradients, self.means, self.squares, [], self.steps,
            lr=rate, beta1=self.beta1, beta2=self.beta2, weight_decay=self.weight_decay, eps=1e-8,
            amsgrad=False, maximize=False,
        )  # fmt: skip

    def zero_grad(self) -> None:
        for weight in self.weights:
            weight.grad = None

    def state(self) -> dict[str, Tensor]:
        """Everything that going on needs, by name."""
        parts = {"mean": self.means, "square": self.squares, "steps": self.steps}
        return {f"{i}.{name}": tensor for name, part in parts.items() for i, tensor in enumerate(part)}

    def restore(self, saved: dict[str, Tensor]) -> None:
        """Take the values of a saved state."""
        _take_values(self.state(), saved)


class RMSprop:
    """torch.optim.RMSprop with its defaults, for the lab sheet's own recipe."""

    def __init__(self, weights: list[Tensor], *, rate: float):
        self.inner = torch.optim.RMSprop(weights, lr=rate)
        self.weights = weights

    def step(self, rate: float) -> None:
        self.inner.param_groups[0]["lr"] = rate
        self.inner.step()

    def zero_grad(self) -> None:
        self.inner.zero_grad()

    def state(self) -> dict[str, Tensor]:
        states = self.inner.state_dict()["state"]
        return {f"{i}.{name}": value for i, state in states.items() for name, value in state.items()}

    def restore(self, saved: dict[str, Tensor]) -> None:
        names = sorted({name.split(".", 1)[1] for name in saved})
        state = {i: {name: saved[f"{i}.{name}"] for name in names} for i in range(len(self.weights)) if saved}
        self.inner.load_state_dict({"state": state, "param_groups": self.inner.state_dict()["param_groups"]})


def _take_values(into: dict[str, Tensor], saved: dict[str, Tensor]) -> None:
    """Copy tensors of the same names, whatever memory layout either has."""
    if into.keys() != saved.keys():
        raise KeyError(f"the optimiser's tensors are {sorted(saved)}")
    for name, tensor in into.items():
        tensor.copy_(saved[name])
