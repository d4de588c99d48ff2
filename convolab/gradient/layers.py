"""How much can each layer of a network stretch its input, and the network as a whole? A bracket for every layer.

Norms multiply along a chain: the product of the layers' upper bounds is a Lipschitz bound of the network, in the length
of its input (√ of the sum of squares). It holds for certain, and it is far from tight.
"""

from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from convolab.errors import ArgumentError, MissingDependencyError
from convolab.gradient.norms import norm_bracket
from convolab.gradient.tensors import convolution_of

try:
    import torch
    from torch import nn
except ImportError as error:
    raise MissingDependencyError("torch", "train", "the norms of a network's layers") from error


@dataclass(frozen=True)
class LayerNorm:
    """lower ≤ (the largest stretch of the layer) ≤ upper.

    Attributes
    ----------
    name, kind : str
    lower, upper : float or None
        None where nothing is known of the layer.
    by : str
        What the upper bound comes from.
    reshaped : float or None
        The weight's norm as `torch.nn.utils.spectral_norm` takes it; None for layers without a kernel.
    input_shape : tuple
        Of one input, without the batch.
    """

    name: str
    kind: str
    lower: float | None
    upper: float | None
    by: str
    reshaped: float | None
    input_shape: tuple[int, ...]


# Activations: the largest slope they have anywhere. GELU's and SiLU's are the maxima of their derivatives.
SLOPES = {
    nn.ReLU: 1.0,
    nn.LeakyReLU: 1.0,
    nn.Tanh: 1.0,
    nn.Sigmoid: 0.25,
    nn.Softplus: 1.0,
    nn.Hardtanh: 1.0,
    nn.ReLU6: 1.0,
    nn.GELU: 1.12905,
    nn.SiLU: 1.09984,
    nn.Identity: 1.0,
    nn.Flatten: 1.0,
    nn.Dropout: 1.0,
    nn.Dropout2d: 1.0,
}
CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
MAX_POOLS = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)
BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def layer_norms(network: nn.Module, input_shape) -> tuple[list[LayerNorm], bool]:
    """Return the bracket of every layer of a network in evaluation mode.

    Parameters
    ----------
    network : torch.nn.Module
    input_shape : sequence of int
        Of one input, (C, H, W).

    Returns
    -------
    (list of LayerNorm, bool)
        In the order in which the layers run; and whether they form a chain, each working on what the last one gave.
        Only then do the norms multiply.

    Raises
    ------
    ArgumentError
        If the network does not take such an input.
    """
    calls, chained = trace(network, tuple(input_shape))
    return [_layer(name, layer, shape) for name, layer, shape in calls], chained


def lipschitz_bound(layers: list[LayerNorm], chained: bool) -> float | None:
    """Return the product of the upper bounds; None where a layer is unknown or the layers do not form a chain."""
    uppers = [layer.upper for layer in layers if layer.upper is not None]
    return prod(uppers) if chained and len(uppers) == len(layers) else None


def trace(network: nn.Module, input_shape: tuple[int, ...]):
    """Return the innermost layers in the order of their calls, (name, layer, input shape); and whether they chain."""
    calls, links = [], []

    def hook(name):
        def note(layer, inputs, output):
            calls.append((name, layer, tuple(inputs[0].shape[1:])))
            links.append((inputs[0], output))

        return note

    leaves = [(n, m) for n, m in network.named_modules() if not any(True for _ in m.children())]
    handles = [m.register_forward_hook(hook(n)) for n, m in leaves]
    parameter = next(network.parameters(), torch.zeros(()))
    first = torch.zeros(1, *input_shape, dtype=parameter.dtype, device=parameter.device)
    training = network.training
    try:
        with torch.no_grad():
            last = network.eval()(first)
    except (RuntimeError, ValueError) as error:
        text = " ".join(str(error).split())
        raise ArgumentError(f"layer_norms: the network does not take an input of shape {input_shape}: {text}") from None
    finally:
        network.train(training)
        for handle in handles:
            handle.remove()
    tensors = [first, *(output for _, output in links)]
    chained = all(given is before for (given, _), before in zip(links, tensors, strict=False))
    return calls, chained and tensors[-1] is last


def _layer(name: str, layer: nn.Module, shape: tuple[int, ...]) -> LayerNorm:
    lower, upper, by, reshaped = _bounds(layer, shape)
    return LayerNorm(name, type(layer).__name__, lower, upper, by, reshaped, shape)


def _bounds(layer, shape) -> tuple[float | None, float | None, str, float | None]:
    if isinstance(layer, CONVOLUTIONS):
        geometry = convolution_of(layer, (1, *shape))
        bracket = norm_bracket(geometry, layer.weight.detach().cpu().double().numpy())
        return bracket.lower, bracket.upper, bracket.by, bracket.reshaped
    if isinstance(layer, nn.Linear):
        norm = float(np.linalg.norm(layer.weight.detach().cpu().double().numpy(), 2))
        return norm, norm, "svd", norm
    if isinstance(layer, BATCH_NORMS) and layer.running_var is not None:
        scale = (layer.running_var.double() + layer.eps).rsqrt()
        norm = float((scale if layer.weight is None else scale * layer.weight.detach().double().abs()).max())
        return norm, norm, "largest factor", None
    if isinstance(layer, MAX_POOLS):
        return 1.0, sqrt(_windows_of_a_pixel(layer, len(shape) - 1)), "windows of a pixel", None
    if type(layer) in SLOPES:
        return None, SLOPES[type(layer)], "largest slope", None
    return None, None, "unknown", None


def _windows_of_a_pixel(layer, dims: int) -> int:
    """Return in how many windows one pixel can be the maximum."""
    sizes = [v if isinstance(v, tuple) else (v,) * dims for v in (layer.kernel_size, layer.stride)]
    return prod(-(-k // s) for k, s in zip(*sizes, strict=True))
