"""The summary: the sheet's figures, exact costs, and receptive fields that hold for any module."""

import json
import subprocess
import sys

import pytest
import torch
from torch import nn

from convolab.cli import main
from convolab.errors import ArgumentError
from convolab.network.model.models import build_model
from convolab.network.model.summary import summary

pytestmark = pytest.mark.quick


def fields(network: nn.Module, shape=(1, 28, 28)) -> dict[str, tuple[int, int]]:
    return {layer.name: layer.receptive_field for layer in summary(network, shape).layers}


def test_the_lab_s_figures_are_the_sheet_s(capsys):
    assert main(["summary"]) == 0
    printed = capsys.readouterr().out
    assert "Total params: 93,322" in printed and "Estimated Total Size (MB): 0.87" in printed


# What the sheet's cell printed: its table line for line, its totals.
SHEET = """
Conv2d-1 [-1, 32, 26, 26] 320
ReLU-2 [-1, 32, 26, 26] 0
MaxPool2d-3 [-1, 32, 13, 13] 0
Conv2d-4 [-1, 64, 11, 11] 18,496
ReLU-5 [-1, 64, 11, 11] 0
MaxPool2d-6 [-1, 64, 5, 5] 0
Conv2d-7 [-1, 64, 3, 3] 36,928
Flatten-8 [-1, 576] 0
Linear-9 [-1, 64] 36,928
ReLU-10 [-1, 64] 0
Linear-11 [-1, 10] 650
"""
SHEET_TOTALS = """
Total params: 93,322
Trainable params: 93,322
Non-trainable params: 0
Input size (MB): 0.00
Forward/backward pass size (MB): 0.51
Params size (MB): 0.36
Estimated Total Size (MB): 0.87
"""


def test_the_model_sheet_prints_the_sheet_s_table_line_for_line(capsys):
    assert main(["summary", "--model", "sheet"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0].startswith("Layer (type) Output Shape Param #")
    rows = [line for line in lines if "[-1, " in line]
    for row, expected in zip(rows, SHEET.strip().splitlines(), strict=True):
        assert row.startswith(f"{expected} ")
    assert [line for line in lines if line in SHEET_TOTALS.strip().splitlines()] == SHEET_TOTALS.strip().splitlines()


def test_the_model_sheet_has_no_relu_after_its_third_convolution():
    kinds = [type(layer).__name__ for layer in build_model("sheet")]
    c, r, p = "Conv2d", "ReLU", "MaxPool2d"
    assert kinds == [c, r, p, c, r, p, c, "Flatten", "Linear", r, "Linear"]
    assert [type(layer).__name__ for layer in build_model("lab")] == [*kinds[:7], r, *kinds[7:]]


def test_parameters_that_are_frozen_are_not_trainable():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(26, 1))
    network[0].requires_grad_(False)
    found = summary(network)
    assert (found.parameters, found.trainable, found.non_trainable) == (47, 27, 20)
    assert {"trainable", "non_trainable"} <= set(found.as_dict())


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
        *[(3, 3)] * 2, (4, 4), *[(8, 8)] * 2, (10, 10), *[(18, 18)] * 3, *[(26, 26)] * 3
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


def test_a_summary_changes_no_class_of_torch_and_counts_as_torch_does():
    from torch.utils import flop_counter

    before = {name: vars(kind).copy() for name, kind in vars(flop_counter).items() if isinstance(kind, type)}
    network = nn.Sequential(nn.Conv2d(2, 4, 3, groups=2), nn.ConvTranspose2d(4, 3, 3, stride=2), nn.Flatten())
    found = summary(network, (2, 9, 11))
    after = {name: vars(kind).copy() for name, kind in vars(flop_counter).items() if isinstance(kind, type)}
    assert after == before
    with flop_counter.FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 2, 9, 11))
    assert 2 * found.mult_adds == counter.get_total_flops() > 0


@pytest.mark.slow
def test_a_summary_does_not_load_torch_s_compiler():
    code = "import sys; from convolab.cli import main; main(['summary']); print('torch._dynamo' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


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
