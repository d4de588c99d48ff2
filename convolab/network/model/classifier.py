"""What is a network with its normalisation inside? A classifier, which takes pixels; and what the network weighs."""

from collections import OrderedDict
from typing import Any

from convolab.errors import MissingDependencyError

try:
    import torch
    from torch import Tensor, nn
except ImportError as error:
    raise MissingDependencyError("torch", "train", "the network") from error


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
        self.config: dict[str, Any] = {}

    def forward(self, images: Tensor) -> Tensor:
        """The logits (N, classes) of images (N, C, H, W) of fractions 0–1."""
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
    """The trainable numbers of a network."""
    return sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad)


def to_fractions(images: Any, device: str = "cpu") -> Tensor:
    """uint8 images (N, C, H, W) as float32 fractions 0–1."""
    return torch.as_tensor(images).to(device).float().div_(255)
