"""Which layers does the network have? One table of models; a new model is a new entry.

Nothing here loads torch before a network is built, so that a command can name the models without it.

A name never changes its meaning: model files hold weights and a name, and layers without weights, such as a ReLU, would
not be missed. A changed network gets a new name.

Source: the lab sheet's first exercise.
"""

from collections import OrderedDict
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from convolab.errors import ArgumentError, MissingDependencyError, UsageError, unknown

if TYPE_CHECKING:
    from torch import nn


def _needed_torch() -> ModuleType:
    """Torch, or the one line that says which extra brings it."""
    try:
        import torch
    except ImportError as error:
        raise MissingDependencyError("torch", "train", "the network") from error
    return torch


def lab(input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10) -> "nn.Sequential":
    """The sheet's network with one ReLU more, after the third convolution; 93,322 parameters on MNIST.

    Parameters
    ----------
    input_shape : (C, H, W)
        Of one image; at least 18 × 18 pixels.
    classes : int
    """
    nn = _needed_torch().nn
    layers = list(sheet(input_shape, classes).named_children())
    return nn.Sequential(OrderedDict([*layers[:7], ("relu3", nn.ReLU()), *layers[7:]]))


def sheet(input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10) -> "nn.Sequential":
    """The sheet's eleven layers: three 3 × 3 convolutions, two poolings, two linear layers; 93,322 parameters on MNIST.

    No ReLU follows the third convolution. Parameters as of `lab`.
    """
    nn = _needed_torch().nn
    channels, height, width = input_shape
    left = [((side - 2) // 2 - 2) // 2 - 2 for side in (height, width)]
    if min(left) < 1:
        raise ArgumentError(
            f"input_shape: {height} × {width} pixels leave nothing for the last layer. Expected 18 × 18"
        )
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(channels, 32, 3),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(32, 64, 3),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            conv3=nn.Conv2d(64, 64, 3),
            flatten=nn.Flatten(),
            linear1=nn.Linear(64 * left[0] * left[1], 64),
            relu4=nn.ReLU(),
            linear2=nn.Linear(64, classes),
        )
    )


DEFAULT = "lab"
MODELS: dict[str, Callable[..., "nn.Module"]] = {"lab": lab, "sheet": sheet}


def build_model(
    name: str, input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10, *, seed: int = 0
) -> "nn.Module":
    """A model of the table with the first weights of a seed; torch's own generator is left as it was."""
    if name not in MODELS:
        raise UsageError(f"model: {unknown(name, MODELS)} Expected {', '.join(MODELS)}")
    torch = _needed_torch()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return MODELS[name](tuple(input_shape), classes)
