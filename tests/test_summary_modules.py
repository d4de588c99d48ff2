"""`cl.summary` on modules of every kind: a result or one line, rows that add up, and nothing changed."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

import convolab as cl
from convolab.errors import ArgumentError

IMAGE, VECTOR, SEQUENCE = (1, 12, 14), (6,), (5, 6)


class Made(nn.Module):
    """A module of parts and of a function of them."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.parts = nn.ModuleDict({name: part for name, part in parts.items() if isinstance(part, nn.Module)})
        for name, part in parts.items():
            if not isinstance(part, nn.Module):
                setattr(self, name, part)
        self.made = forward

    def forward(self, *inputs):
        return self.made(self, *inputs)


def weight(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.ones(shape))


def refuse_nan(self, x):
    if torch.isnan(x).any():
        raise ValueError("NaN!")
    return self.parts["conv"](x)


class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.ParameterList([weight(4, 6), weight(3, 4)])

    def forward(self, x):
        for one in self.weights:
            x = x @ one.T
        return x


# name: (module, input, parameters, multiply-adds).
MODULES = {
    "LSTM": (nn.LSTM(6, 4, batch_first=True), SEQUENCE, 4 * 4 * (6 + 4 + 2), 5 * 16 * 10),
    "GRU": (nn.GRU(6, 4, batch_first=True), SEQUENCE, 3 * 4 * (6 + 4 + 2), 5 * 12 * 10),
    "RNN, two layers, both ways": (
        nn.RNN(6, 4, num_layers=2, bidirectional=True, batch_first=True), SEQUENCE, 2 * 4 * 12 + 2 * 4 * (8 + 4 + 2),
        5 * 2 * 4 * (6 + 4) + 5 * 2 * 4 * (8 + 4),
    ),
    "a dict": (Made(lambda m, x: {"a": m.parts["l"](x)}, l=nn.Linear(6, 2)), VECTOR, 14, 12),
    "None": (Made(lambda m, x: None, l=nn.Linear(6, 2)), VECTOR, 14, 0),
    "a tuple of tuples": (Made(lambda m, x: (x, (m.parts["l"](x), [x])), l=nn.Linear(6, 2)), VECTOR, 14, 12),
    "a number": (Made(lambda m, x: float(m.parts["l"](x).sum()), l=nn.Linear(6, 2)), VECTOR, 14, 12),
    "two inputs": (
        Made(lambda m, x, y: m.parts["a"](x) + m.parts["b"](y), a=nn.Linear(6, 2), b=nn.Linear(3, 2)), [VECTOR, (3,)], 22, 18,
    ),
    "an embedding": (nn.Sequential(nn.Embedding(9, 6), nn.Linear(6, 2)), (4,), 54 + 14, 4 * 12),
    "a bag of embeddings": (nn.EmbeddingBag(9, 6), (4,), 54, 0),
    "on the meta device": (nn.Conv2d(1, 3, 3, device="meta"), IMAGE, 30, 3 * 9 * 10 * 12),
    "a forward that refuses NaN": (Made(refuse_nan, conv=nn.Conv2d(1, 3, 3)), IMAGE, 30, 3 * 9 * 10 * 12),
    "functional layers": (
        Made(lambda m, x: F.linear(F.relu(F.conv2d(x, m.w)).flatten(1), m.v), w=weight(2, 1, 3, 3), v=weight(3, 240)), IMAGE,
        18 + 720, 2 * 9 * 10 * 12 + 720,
    ),
    "a functional layer between others": (
        Made(lambda m, x: m.parts["b"](m.parts["a"](x) @ m.w), a=nn.Linear(6, 4), b=nn.Linear(4, 2), w=weight(4, 4)), VECTOR,
        28 + 10 + 16, 24 + 8 + 16,
    ),
    "weight_norm": (nn.utils.parametrizations.weight_norm(nn.Linear(6, 4)), VECTOR, 24 + 4 + 4, 24),
    "spectral_norm": (nn.utils.parametrizations.spectral_norm(nn.Linear(6, 4)), VECTOR, 28, 24),
    "attention": (
        Made(lambda m, x: m.parts["a"](x, x, x), a=nn.MultiheadAttention(6, 2, batch_first=True)), SEQUENCE,
        3 * 6 * 7 + 6 * 7, 5 * 6 * 18 + 2 * 5 * 5 * 6 + 5 * 36,
    ),
    "a transformer's layer": (
        nn.TransformerEncoderLayer(6, 2, 8, batch_first=True), SEQUENCE, 168 + 56 + 54 + 24,
        5 * 6 * 18 + 2 * 5 * 5 * 6 + 5 * 36 + 2 * 5 * 48,
    ),
    "ParameterList": (Listed(), VECTOR, 36, 36),
    "a part that is not called": (Made(lambda m, x: m.parts["a"](x), a=nn.Linear(6, 2), b=nn.Linear(6, 3)), VECTOR, 35, 12),
    "lazy modules": (nn.Sequential(nn.LazyConv2d(3, 3), nn.Flatten(), nn.LazyLinear(2)), IMAGE, 30 + 722, 3 * 9 * 120 + 720),
    "bf16": (nn.Linear(6, 2, dtype=torch.bfloat16), VECTOR, 14, 12),
    "complex parts": (Made(lambda m, x: torch.fft.rfft(m.parts["l"](x)), l=nn.Linear(6, 4)), VECTOR, 28, 24),
    "tied weights": (
        Made(lambda m, x: F.linear(m.parts["e"](x), m.parts["e"].weight), e=nn.Embedding(9, 6)), (4,), 54, 4 * 54,
    ),
    "a bilinear layer": (nn.Bilinear(6, 5, 3), [VECTOR, (5,)], 3 * (30 + 1), 3 * (30 + 5)),
    "nothing to learn": (nn.Identity(), IMAGE, 0, 0),
    "volumes": (nn.Conv3d(1, 2, 3), (1, 5, 6, 7), 56, 54 * 3 * 4 * 5),
    "scripted": (torch.nn.Sequential(nn.Linear(6, 2)), VECTOR, 14, 12),
}  # fmt: skip


@pytest.mark.parametrize("kind", MODULES)
def test_rows_add_up_to_the_parameters_and_multiplications_of_every_kind_of_module(kind):
    network, given, parameters, mult_adds = MODULES[kind]
    found = cl.summary(network, given)
    assert (found.parameters, found.mult_adds) == (parameters, mult_adds)
    assert sum(layer.parameters for layer in found.layers) == parameters
    assert sum(layer.mult_adds for layer in found.layers) == mult_adds
    assert str(found) and found.as_dict()["total_mb"] >= 0


def test_what_is_not_called_is_said_to_be():
    network, given, *_ = MODULES["a part that is not called"]
    assert [(layer.name, layer.type, layer.parameters) for layer in cl.summary(network, given).layers] == [
        ("parts.a", "Linear", 14), ("parts.b", "Linear (not called)", 21)
    ]  # fmt: skip


def test_what_a_module_does_itself_is_its_own_row():
    network, given, *_ = MODULES["a functional layer between others"]
    rows = [(layer.name, layer.parameters, layer.mult_adds) for layer in cl.summary(network, given).layers]
    assert rows == [("parts.a", 28, 24), ("parts.b", 10, 8), ("network", 16, 16)]


def test_an_attention_and_a_normalised_weight_are_one_row_each():
    for kind, expected in (("attention", ["parts.a"]), ("weight_norm", ["network"])):
        network, given, *_ = MODULES[kind]
        assert [layer.name for layer in cl.summary(network, given).layers] == expected
    assert cl.summary(MODULES["weight_norm"][0], VECTOR).layers[0].type == "Linear"


def test_receptive_fields_are_left_out_where_nan_is_refused():
    assert [layer.receptive_field for layer in cl.summary(*MODULES["a forward that refuses NaN"][:2]).layers] == [None]
    assert [layer.receptive_field for layer in cl.summary(nn.Conv2d(1, 3, 3), IMAGE).layers] == [(3, 3)]


class Restless(nn.Module):
    """It draws random numbers, counts its calls, and keeps what it saw."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(6))
        self.calls, self.norm = 0, nn.BatchNorm1d(6, track_running_stats=True)

    def forward(self, x):
        self.calls += 1
        self.mean += 1
        return self.norm(x + torch.rand_like(x))


def test_random_state_buffers_counters_and_lazy_modules_stay_as_they_were():
    torch.manual_seed(3)
    network, lazy = Restless(), nn.LazyLinear(3)
    before, state = copy.deepcopy(network.state_dict()), torch.random.get_rng_state()
    cl.summary(network, VECTOR)
    cl.summary(lazy, VECTOR)
    assert torch.equal(torch.random.get_rng_state(), state) and network.calls == 0
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert isinstance(lazy, nn.LazyLinear) and lazy.has_uninitialized_params()
    assert torch.backends.mkldnn.enabled and torch.backends.mha.get_fastpath_enabled()


def test_a_module_that_cannot_be_copied_is_put_back_as_it_was():
    with pytest.warns(FutureWarning, match="weight_norm"):
        old = nn.utils.weight_norm(nn.Linear(6, 6))
    network = nn.Sequential(nn.Linear(6, 6), old, Restless()).train()
    network[0].eval()
    with pytest.raises(RuntimeError, match="deepcopy"):
        copy.deepcopy(network)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    found = cl.summary(network, VECTOR)
    assert found.parameters == sum(layer.parameters for layer in found.layers) == 42 + 48 + 12
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert network.training and network[1].training and not network[0].training


def test_tensors_may_stand_for_shapes():
    found = cl.summary(nn.Embedding(9, 6), torch.tensor([[1, 2, 8]]))
    assert found.layers[0].output_shape == (3, 6) and found.input_shape == (3,)


@pytest.mark.parametrize(
    ("network", "given", "words"),
    [
        (nn.Linear(6, 2), (7,), r"input_shape: the network does not take \(7,\) \(mat1 and mat2"),
        (MODULES["two inputs"][0], VECTOR, r"the network does not take \(6,\) \(.*missing 1 required positional"),
        (Made(lambda m, x: 1 / 0), VECTOR, r"the network does not take \(6,\) \(division by zero\)"),
        (Made(lambda m, x: x[9]), VECTOR, r"the network does not take \(6,\) \(index 9"),
        (nn.Linear(6, 2), (-1,), "input_shape: .* is not a shape"),
        (nn.Linear(6, 2), (), "the network does not take"),
        (nn.Linear(6, 2), [], "input_shape: is empty|the network does not take"),
    ],
)  # fmt: skip
def test_what_cannot_be_summarised_is_one_line(network, given, words):
    with pytest.raises(ArgumentError, match=words) as caught:
        cl.summary(network, given)
    assert "\n" not in str(caught.value)


def test_the_tracing_of_a_numpy_shape_is_that_of_its_numbers():
    assert cl.summary(nn.Linear(6, 2), tuple(np.array([6]))).parameters == 14
