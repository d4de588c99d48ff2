"""Which layers does the network have? One table of models; a new model is a new entry.

A name never changes its meaning: model files hold weights and a name, and layers without weights, such as a ReLU, would
not be missed. A changed network gets a new name.

Source: the lab sheet's first exercise.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from convolab.errors import ArgumentError, MissingDependencyError, UsageError

try:
    import torch
    from torch import nn
except ImportError as error:
    raise MissingDependencyError("torch", "train", "the network") from error

if TYPE_CHECKING:
    from torch import Tensor


def lab(input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10) -> nn.Sequential:
    """The sheet's network with one ReLU more, after the third convolution; 93,322 parameters on MNIST.

    Parameters
    ----------
    input_shape : (C, H, W)
        Of one image; at least 18 × 18 pixels.
    classes : int
    """
    layers = list(sheet(input_shape, classes).named_children())
    return nn.Sequential(OrderedDict([*layers[:7], ("relu3", nn.ReLU()), *layers[7:]]))


def sheet(input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10) -> nn.Sequential:
    """The sheet's eleven layers: three 3 × 3 convolutions, two poolings, two linear layers; 93,322 parameters on MNIST.

    No ReLU follows the third convolution. Parameters as of `lab`.
    """
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


MODELS: dict[str, Callable[..., nn.Module]] = {"lab": lab, "sheet": sheet}


def build_model(
    name: str, input_shape: tuple[int, int, int] = (1, 28, 28), classes: int = 10, *, seed: int = 0
) -> nn.Module:
    """A model of the table with the first weights of a seed; torch's own generator is left as it was."""
    if name not in MODELS:
        raise UsageError(f"model: {name!r} is unknown. Expected {', '.join(MODELS)}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return MODELS[name](tuple(input_shape), classes)


class Classifier(nn.Module):
    """A network with its normalisation inside: pixels as fractions 0–1 in, logits out.

    Parameters
    ----------
    network : Module
        Takes normalised images (N, C, H, W) and returns logits (N, classes).
    mean, std : float
        Of the training set's pixels, as fractions: the network sees (pixel − mean) / std.

    Attributes
    ----------
    config : dict
        Of the model file it was loaded from (see `checkpoint`).
    """

    def __init__(self, network: nn.Module, *, mean: float = 0.0, std: float = 1.0):
        super().__init__()
        self.network, self.mean, self.std = network, mean, std
        self.config: dict = {}

    def forward(self, images: "Tensor") -> "Tensor":
        return self.network((images - self.mean) / self.std)


def pool_first(network: nn.Module) -> nn.Module:
    """The same function, cheaper: each (ReLU, MaxPool2d) pair in the other order, sharing every layer.

    The maximum of rectified values is the rectified maximum, and rectifying after pooling touches a quarter of the
    values. Gradients agree too, but where a whole window is negative (there both are zero).
    """
    if not isinstance(network, nn.Sequential):
        return network
    layers = list(network.named_children())
    for i in range(len(layers) - 1):
        if isinstance(layers[i][1], nn.ReLU) and isinstance(layers[i + 1][1], nn.MaxPool2d):
            layers[i], layers[i + 1] = layers[i + 1], layers[i]
    return nn.Sequential(OrderedDict(layers))


def count_parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad)


def to_fractions(images, device: str = "cpu") -> "Tensor":
    """uint8 images (N, C, H, W) as float32 fractions 0–1."""
    return torch.as_tensor(images).to(device).float().div_(255)
