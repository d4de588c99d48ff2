"""The summary: the sheet's figures, exact costs, and receptive fields that hold for any module."""

import json

import pytest
import torch
from torch import nn

from convolab.cli import main
from convolab.errors import ArgumentError
from convolab.network.models import build_model
from convolab.network.summary import summary


def fields(network: nn.Module, shape=(1, 28, 28)) -> dict[str, tuple[int, int]]:
    return {layer.name: layer.receptive_field for layer in summary(network, shape).layers}


def test_the_lab_s_figures_are_the_sheet_s(capsys):
    assert main(["summary"]) == 0
    printed = capsys.readouterr().out
    assert "93,322 parameters" in printed
    memory = "input 0.00 MB, forward and backward 0.51 MB, parameters 0.36 MB, together 0.87 MB"
    assert memory in printed


def test_the_command_gives_every_promised_key(capsys):
    assert main(["summary", "--model", "lab", "--input", "1x28x28", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["layers"][0]) >= {"name", "output_shape", "parameters", "mult_adds", "receptive_field"}
    assert {"parameters", "mult_adds", "input_mb", "activations_mb", "parameters_mb", "total_mb"} <= set(found)
    assert found["layers"][3] | {"type": None} == {
        "name": "conv2",
        "type": None,
        "output_shape": [64, 11, 11],
        "parameters": 32 * 64 * 9 + 64,
        "mult_adds": 11 * 11 * 64 * 32 * 9,
        "receptive_field": [8, 8],
    }
    assert found["mult_adds"] == sum(layer["mult_adds"] for layer in found["layers"])
    assert found["parameters"] == sum(layer["parameters"] for layer in found["layers"]) == 93_322


def test_the_shipped_model_can_be_summarised(capsys):
    assert main(["summary", "pretrained", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parameters"] == 93_322


def test_receptive_fields_of_a_chain_are_those_of_the_formula():
    assert list(fields(build_model("lab")).values()) == [
        *[(3, 3)] * 2, (4, 4), *[(8, 8)] * 2, (10, 10), *[(18, 18)] * 2, *[(26, 26)] * 3
    ]  # fmt: skip


def test_the_last_two_rows_and_columns_are_never_seen_by_the_lab_s_network():
    """Pooling 11 × 11 by 2 drops a row: what the table says is so."""
    network, image = build_model("lab").eval(), torch.rand(1, 1, 28, 28)
    other = image.clone()
    other[..., 26:, :] = 0.5
    other[..., 26:] = 0.5
    assert torch.equal(network(image), network(other))


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (nn.Conv2d(1, 2, (3, 5), dilation=(2, 1), padding=2), (5, 5)),
        (nn.Conv2d(1, 2, 1, stride=3), (1, 1)),
        (nn.Sequential(nn.Conv2d(1, 1, 3, stride=2), nn.Conv2d(1, 1, 3)), (7, 7)),
        (nn.ConvTranspose2d(1, 1, 3, stride=2), (2, 2)),
        (nn.AdaptiveAvgPool2d(1), (28, 28)),
        (nn.BatchNorm2d(1), (1, 1)),
    ],
)
def test_receptive_fields_of_other_layers(layer, expected):
    assert list(fields(layer).values())[-1] == expected


class Branches(nn.Module):
    """Two ways of different reach that meet, and a layer that is used twice."""

    def __init__(self):
        super().__init__()
        self.wide, self.narrow, self.both = nn.Conv2d(1, 4, 7, padding=3), nn.Conv2d(1, 4, 1), nn.Conv2d(4, 4, 3)

    def forward(self, x):
        return self.both(self.both(self.wide(x) + self.narrow(x)))


def test_branches_and_repeated_layers_are_seen_as_they_run():
    found = summary(Branches(), (1, 20, 24))
    assert [(layer.name, layer.receptive_field, layer.parameters) for layer in found.layers] == [
        ("wide", (7, 7), 200), ("narrow", (1, 1), 8), ("both", (9, 9), 148), ("both", (11, 11), 0)
    ]  # fmt: skip
    assert found.parameters == 356 and found.layers[3].mult_adds == 16 * 20 * 4 * 4 * 9


def test_a_summary_leaves_the_network_as_it_was():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout()).train()
    network[1].eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    summary(network)
    assert network.training and not network[1].training and network[2].training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not network[0]._forward_hooks


def test_networks_of_vectors_have_no_receptive_field():
    found = summary(nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 2)), (6,))
    assert [layer.receptive_field for layer in found.layers] == [None, None] and found.mult_adds == 40


def test_an_input_that_does_not_fit_is_one_line(capsys):
    with pytest.raises(ArgumentError, match=r"input_shape: the network does not take \(1, 20, 20\)"):
        summary(build_model("lab"), (1, 20, 20))
    assert main(["summary", "--input", "28x28"]) == 2
    assert main(["summary", "pretrained", "--model", "lab"]) == 2
    assert main(["summary", "nowhere"]) == 1
    assert capsys.readouterr().err.count("\n") == 3
