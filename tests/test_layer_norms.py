"""The bracket of every layer of a network, and their product."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from convolab.cli import main
from convolab.errors import ArgumentError
from convolab.gradient.layers import SLOPES, layer_norms, lipschitz_bound

pytestmark = pytest.mark.quick


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, padding_mode="replicate"), nn.BatchNorm2d(4), nn.LeakyReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(4, 6, 3, stride=2, groups=2), nn.Tanh(), nn.Flatten(), nn.Linear(24, 5),
    )  # fmt: skip


def stretch(layer, shape):
    """The largest singular value of a layer's Jacobian at 0.1: of a linear layer, its norm."""
    jacobian = torch.autograd.functional.jacobian(
        lambda x: layer(x[None])[0], torch.full(shape, 0.1, dtype=torch.float64)
    )
    return float(torch.linalg.matrix_norm(jacobian.flatten(0, jacobian.ndim - len(shape) - 1).flatten(1), 2))


def test_every_layers_bracket_holds_its_jacobian():
    model = network().double().eval()
    with torch.no_grad():
        model[1].running_var.uniform_(0.5, 2), model[1].weight.uniform_(0.5, 2)
    layers, chained = layer_norms(model, (1, 12, 12))
    assert chained and [layer.kind for layer in layers] == [type(m).__name__ for m in model]
    for layer, module in zip(layers, model, strict=True):
        truth = stretch(module, layer.input_shape)
        assert truth <= layer.upper * (1 + 1e-9), layer
        assert layer.lower is None or layer.lower <= max(truth, 1) * (1 + 1e-9), layer


def test_the_product_bounds_every_pair_of_outputs():
    model = network().double().eval()
    bound = lipschitz_bound(*layer_norms(model, (1, 12, 12)))
    a, b = torch.rand(2, 50, 1, 12, 12, dtype=torch.float64)
    with torch.no_grad():
        ratio = (model(a) - model(b)).norm(dim=1) / (a - b).flatten(1).norm(dim=1)
    assert 0 < float(ratio.max()) < bound


def test_where_layers_form_no_chain_their_norms_are_not_multiplied():
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3, padding=1)

        def forward(self, x):
            return x + self.conv(x)

    layers, chained = layer_norms(Residual(), (1, 6, 6))
    assert len(layers) == 1 and not chained and lipschitz_bound(layers, chained) is None


def test_an_unknown_layer_leaves_the_product_open():
    layers, chained = layer_norms(nn.Sequential(nn.Linear(3, 3), nn.Softmax(1)), (3,))
    assert chained and layers[1].by == "unknown" and lipschitz_bound(layers, chained) is None


@pytest.mark.parametrize("kind", SLOPES, ids=lambda kind: kind.__name__)
def test_an_activation_is_nowhere_steeper_than_its_bound_and_somewhere_as_steep(kind):
    x = torch.linspace(-10, 10, 20_001, dtype=torch.float64)[None, :, None, None].requires_grad_()
    (slope,) = torch.autograd.grad(kind().eval()(x).sum(), x)
    steepest = float(slope.abs().max())
    assert steepest <= SLOPES[kind] < steepest + 2e-4


def test_the_network_is_left_in_the_mode_it_was_in():
    model = network().train()
    layer_norms(model, (1, 12, 12))
    assert model.training and not model[0]._forward_hooks


def test_an_input_that_the_network_does_not_take_is_one_line():
    with pytest.raises(ArgumentError, match="does not take an input of shape"):
        layer_norms(network(), (3, 12, 12))


def test_the_shipped_networks_layers_are_bracketed(capsys):
    assert main(["spectrum", "pretrained", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    convolutions = [layer for layer in result["layers"] if layer["kind"] == "Conv2d"]
    assert len(convolutions) >= 3
    for layer in convolutions:
        assert 0 < layer["lower"] <= layer["upper"] < 1.1 * layer["lower"]
    assert (
        result["steepest_slope_seen"]
        < result["lipschitz_bound"]
        == pytest.approx(np.prod([layer["upper"] for layer in result["layers"]]))
    )


def test_the_command_prints_a_kernels_singular_values(capsys):
    assert main(["spectrum", "--size", "9x9", "--count", "3"]) == 0
    assert "7.33886212" in (shown := capsys.readouterr().out) and "the reshaped kernel's" in shown
    assert main(["spectrum", "--size", "8x9x7"]) == 1
    capsys.readouterr()
    assert main(["spectrum", "--padding", "1", "--padding-mode", "circular", "--json"]) == 0
    assert '"method": "fourier"' in capsys.readouterr().out


def test_a_run_that_is_not_there_is_one_line(capsys):
    assert main(["spectrum", "nowhere"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
