"""What do others say of the same modules? `cl.summary` beside torchinfo and torch's own counter of operations.

    pip install torchinfo
    python benchmarks/summaries.py TABLE.md

A row is a module: its parameters and its multiply-adds for a batch of one, as each of the three has them. torch's
counter counts floating-point operations, two for a multiply-add, and no parameters. "n/a" stands for an exception.
"""

import sys
from pathlib import Path

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import convolab as cl
from convolab.network.model.models import build_model

IMAGE, VECTOR, SEQUENCE, VOLUME, SIGNAL = (4, 12, 14), (6,), (5, 6), (2, 5, 6, 7), (4, 20)


class Shared(nn.Module):
    """One layer, called twice."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x):
        return self.layer(self.layer(x))


class Product(nn.Module):
    """A parameter that no layer holds, and a product of matrices."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(6, 4))

    def forward(self, x):
        return x @ self.weight


class Residual(nn.Module):
    """Two convolutions and what goes past them."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        return x + self.second(self.first(x).relu())


class Attention(nn.Module):
    """A sequence that attends to itself."""

    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]


MODULES = {
    "Linear": (nn.Linear(6, 3), VECTOR),
    "Linear, no bias": (nn.Linear(6, 3, bias=False), VECTOR),
    "Linear of a sequence": (nn.Linear(6, 3), SEQUENCE),
    "Bilinear": (nn.Bilinear(6, 6, 3), [VECTOR, VECTOR]),
    "Conv1d": (nn.Conv1d(4, 3, 5), SIGNAL),
    "Conv2d": (nn.Conv2d(4, 3, 3), IMAGE),
    "Conv2d, stride 2, padding 1": (nn.Conv2d(4, 3, 3, stride=2, padding=1), IMAGE),
    "Conv2d, groups": (nn.Conv2d(4, 8, 3, groups=2), IMAGE),
    "Conv2d, depthwise": (nn.Conv2d(4, 4, 3, groups=4), IMAGE),
    "Conv2d, dilation": (nn.Conv2d(4, 3, 3, dilation=2), IMAGE),
    "Conv2d, circular": (nn.Conv2d(4, 3, 3, padding=1, padding_mode="circular"), IMAGE),
    "Conv3d": (nn.Conv3d(2, 3, 3), VOLUME),
    "ConvTranspose1d": (nn.ConvTranspose1d(4, 3, 3), SIGNAL),
    "ConvTranspose2d": (nn.ConvTranspose2d(4, 3, 3), IMAGE),
    "ConvTranspose2d, stride 2": (nn.ConvTranspose2d(4, 3, 3, stride=2), IMAGE),
    "ConvTranspose3d": (nn.ConvTranspose3d(2, 3, 3), VOLUME),
    "BatchNorm1d": (nn.BatchNorm1d(6), VECTOR),
    "BatchNorm2d": (nn.BatchNorm2d(4), IMAGE),
    "BatchNorm2d, no weights": (nn.BatchNorm2d(4, affine=False), IMAGE),
    "LayerNorm": (nn.LayerNorm(6), SEQUENCE),
    "GroupNorm": (nn.GroupNorm(2, 4), IMAGE),
    "InstanceNorm2d": (nn.InstanceNorm2d(4, affine=True), IMAGE),
    "RMSNorm": (nn.RMSNorm(6), SEQUENCE),
    "PReLU": (nn.PReLU(4), IMAGE),
    "ReLU": (nn.ReLU(), IMAGE),
    "Softmax": (nn.Softmax(1), VECTOR),
    "MaxPool2d": (nn.MaxPool2d(2), IMAGE),
    "AvgPool2d": (nn.AvgPool2d(2), IMAGE),
    "AdaptiveAvgPool2d": (nn.AdaptiveAvgPool2d(1), IMAGE),
    "Upsample": (nn.Upsample(scale_factor=2, mode="bilinear"), IMAGE),
    "PixelShuffle": (nn.PixelShuffle(2), IMAGE),
    "Flatten, Linear": (nn.Sequential(nn.Flatten(), nn.Linear(672, 3)), IMAGE),
    "Dropout": (nn.Dropout(), VECTOR),
    "Identity": (nn.Identity(), VECTOR),
    "Embedding": (nn.Embedding(9, 6), torch.zeros(1, 4, dtype=torch.long)),
    "Embedding, Linear": (nn.Sequential(nn.Embedding(9, 6), nn.Linear(6, 2)), torch.zeros(1, 4, dtype=torch.long)),
    "EmbeddingBag": (nn.EmbeddingBag(9, 6), torch.zeros(1, 4, dtype=torch.long)),
    "RNN": (nn.RNN(6, 4, batch_first=True), SEQUENCE),
    "LSTM": (nn.LSTM(6, 4, batch_first=True), SEQUENCE),
    "LSTM, two layers, both ways": (nn.LSTM(6, 4, 2, bidirectional=True, batch_first=True), SEQUENCE),
    "GRU": (nn.GRU(6, 4, batch_first=True), SEQUENCE),
    "LSTMCell": (nn.LSTMCell(6, 4), VECTOR),
    "GRUCell": (nn.GRUCell(6, 4), VECTOR),
    "MultiheadAttention": (Attention(), SEQUENCE),
    "TransformerEncoderLayer": (nn.TransformerEncoderLayer(6, 2, 8, batch_first=True), SEQUENCE),
    "weight_norm": (nn.utils.parametrizations.weight_norm(nn.Linear(6, 4)), VECTOR),
    "spectral_norm": (nn.utils.parametrizations.spectral_norm(nn.Linear(6, 4)), VECTOR),
    "a layer called twice": (Shared(), VECTOR),
    "a parameter of its own": (Product(), VECTOR),
    "a residual block": (Residual(), IMAGE),
    "bf16": (nn.Linear(6, 2, dtype=torch.bfloat16), torch.zeros(1, 6, dtype=torch.bfloat16)),
    "the lab sheet's network": (build_model("sheet"), (1, 28, 28)),
}


def inputs_of(given) -> list[torch.Tensor]:
    """A batch of one of each input."""
    if isinstance(given, torch.Tensor):
        return [given]
    return [torch.zeros(1, *shape) for shape in (given if isinstance(given, list) else [given])]


def ours(network, given) -> tuple[int, int]:
    found = cl.summary(network, given)
    return found.parameters, found.mult_adds


def torchinfos(network, given) -> tuple[int, int]:
    import torchinfo

    found = torchinfo.summary(network, input_data=inputs_of(given), verbose=0)
    return found.total_params, found.total_mult_adds


def torchs(network, given) -> tuple[int, int]:
    """The parameters as the module has them, and half the operations that torch counts."""
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        network(*inputs_of(given))
    return sum(p.numel() for p in network.parameters()), counter.get_total_flops() // 2


def asked(who, network, given) -> tuple[object, object]:
    try:
        return who(network.eval(), given)
    except Exception:  # whatever another library raises is its answer
        return "n/a", "n/a"


def table() -> str:
    """One row a module."""
    rows = [
        "| module | parameters: convolab | torchinfo | torch | multiply-adds: convolab | torchinfo | torch | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, (network, given) in MODULES.items():
        answers = [asked(who, network, given) for who in (ours, torchinfos, torchs)]
        parameters, costs = zip(*answers, strict=True)
        differs = " and ".join(
            what for what, some in (("parameters", parameters), ("multiply-adds", costs)) if len(set(some)) > 1
        )
        rows.append(f"| {name} | {' | '.join(map(str, (*parameters, *costs)))} | {differs} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    text = table()
    Path(sys.argv[1]).write_text(text, encoding="utf-8") if sys.argv[1:] else print(text)
