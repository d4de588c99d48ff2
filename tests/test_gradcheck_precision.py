"""A function that computes in a coarser type than it was given is judged as that type reaches, and it is said."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from convolab.gradient import gradcheck
from convolab.gradient.precision import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, felt


def normal(*shape, dtype="float64"):
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


def bfloat16(*shape):
    return torch.from_numpy(normal(*shape)).bfloat16()


@pytest.fixture(autouse=True)
def one_thread():
    """Thousands of tiny calls: threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(threads)


class Inside(nn.Module):
    """A convolution that computes in float32, whatever it is given; returned in either type."""

    def __init__(self, back: bool):
        super().__init__()
        self.layer, self.back = nn.Conv2d(2, 3, 3), back

    def forward(self, x):
        y = F.conv2d(x.float(), self.layer.weight.float(), self.layer.bias.float()).tanh()
        return y.to(x.dtype) if self.back else y


class Buffer(nn.Module):
    """Sums that are stored in a tensor of the default type."""

    def forward(self, x):
        out = torch.zeros(len(x))
        for n, row in enumerate(x):
            out[n] = (row**2).sum().sin()
        return out


def autocast(x, w):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return F.conv2d(x, w)


def autocast_then_float32(x, w, b):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = F.conv2d(x, w, b)
    return F.batch_norm(y.float(), None, None, training=True)


def in_float16(x, w):
    return (x.half() @ w.half()).to(x.dtype)


def numpy_in_float32(x, w):
    return (x.astype(np.float32) @ w.astype(np.float32)).astype(x.dtype)


def matmul_gradients(g, x, w):
    return g @ w.T, x.T @ g


PICTURE, FILTER = (1, 2, 5, 6), (3, 2, 3, 3)
COARSE = {
    "a module in float32 inside": (lambda: Inside(True).double(), (normal(*PICTURE),), "float32"),
    "a module that returns float32": (lambda: Inside(False).double(), (normal(*PICTURE),), "float32"),
    "a buffer of the default type": (Buffer, (normal(5, 4),), "float32"),
    "autocast": (lambda: autocast, (normal(*PICTURE, dtype="f4"), normal(*FILTER, dtype="f4")), "bfloat16"),
    "autocast before BatchNorm": (
        lambda: autocast_then_float32, (normal(2, *PICTURE[1:], dtype="f4"), normal(*FILTER, dtype="f4"), normal(3, dtype="f4")),
        "bfloat16"),
    "float16 inside": (lambda: in_float16, (normal(3, 4), normal(4, 5)), "float16"),
    "tensors of bfloat16": (lambda: torch.matmul, (bfloat16(3, 4), bfloat16(4, 5)), "bfloat16"),
    "arrays of float16": (lambda: F.conv2d, (normal(*PICTURE, dtype="f2"), normal(*FILTER, dtype="f2")), "float16"),
    "a module of bfloat16": (lambda: nn.Linear(4, 3).bfloat16(), (bfloat16(5, 4),), "bfloat16"),
}  # fmt: skip


@pytest.mark.parametrize("name", COARSE)
def test_a_coarser_type_has_its_own_tolerance_and_one_line(name):
    make, point, kind = COARSE[name]
    report = gradcheck(make(), point)
    assert report.passed and not report.exact, report
    assert sum(f"computes in {kind}: its gradients are allowed" in note for note in report.notes) == 1, report


def test_a_numpy_function_in_float32_inside_is_measured_with_steps_that_it_feels():
    report = gradcheck(numpy_in_float32, (normal(3, 4), normal(4, 5)), matmul_gradients)
    assert report.passed and "computes in float32, and its differences were taken in it" in report.notes[0], report
    assert report.epsilon > 1e-3


def test_integers_are_exact_in_a_coarser_type_too():
    x = np.random.default_rng(0).integers(-4, 5, (3, 4)).astype(float)
    report = gradcheck(numpy_in_float32, (x, x.T.copy()), matmul_gradients)
    assert report.passed and report.exact and not report.notes


class Wrong(torch.autograd.Function):
    """x w, the gradient of x too large by a factor."""

    @staticmethod
    def forward(ctx, x, w, factor):
        ctx.save_for_backward(x, w)
        ctx.factor = factor
        return x @ w

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        return ctx.factor * (g @ w.T), x.T @ g, None


@pytest.mark.parametrize(
    "kind, factor",
    [("float32", 1.0001), ("float16", 1.1), ("bfloat16", 1.3), ("bfloat16", 0.5), ("bfloat16", -1.0), ("float16", 0.0)],
)
def test_a_wrong_gradient_in_a_coarser_type_is_still_wrong(kind, factor):
    def function(x, w, factor):
        return Wrong.apply(x.to(getattr(torch, kind)), w.to(getattr(torch, kind)), factor)

    point = normal(3, 4), normal(4, 5)
    assert gradcheck(function, (*point, 1.0)).passed
    report = gradcheck(function, (*point, factor))
    assert report.codes == ["wrong-gradient"] and report.findings[0].argument == "x", report


class Scaled(nn.Module):
    """A module whose input's gradient is too large by a half."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module(1.5 * x - (0.5 * x).detach())


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16])
def test_a_deep_network_in_a_narrow_type_is_right_and_a_half_too_much_is_wrong(kind):
    layers = [layer for _ in range(4) for layer in (nn.Linear(6, 6), nn.LayerNorm(6), nn.GELU())]
    x = torch.from_numpy(np.random.default_rng(1).standard_normal((3, 6))).to(kind)
    network = nn.Sequential(*layers).to(kind)
    assert gradcheck(network, (x,), sample=12).passed
    report = gradcheck(Scaled(network), (x,), sample=12)
    assert [f.argument for f in report.findings] == ["x"], report


MIXED = {
    "float32, given float64": (nn.Conv2d(2, 3, 3), normal(*PICTURE), "a parameter of Conv2d is float32 and was taken as float64"),
    "float64, given float32": (nn.Conv2d(2, 3, 3).double(), normal(*PICTURE, dtype="f4"), "the input of Conv2d is float32 and was taken as float64"),
    "bfloat16, given float32": (nn.Linear(6, 3).bfloat16(), normal(*PICTURE, dtype="f4"), "a parameter of Linear is bfloat16 and was taken as float32"),
    "float32, given float32": (nn.Conv2d(2, 3, 3), normal(*PICTURE, dtype="f4"), None),
}  # fmt: skip


@pytest.mark.parametrize("name", MIXED)
def test_a_plain_module_is_checked_whatever_type_its_input_has(name):
    module, x, words = MIXED[name]
    report = gradcheck(module, (x,))
    assert report.passed and len(report.comparisons) == 3, report
    assert report.notes == () if words is None else words in report.notes[0]
    assert module.weight.grad is None


@pytest.mark.parametrize("kind", [FLOAT64, FLOAT32, FLOAT16], ids=lambda kind: kind.name)
def test_the_type_of_a_numpy_function_is_felt(kind):
    def function(x):
        return np.tanh(x.astype(kind.name)).astype(np.float64)

    assert felt(function, [normal(40)]) == kind
    for constant in (np.zeros_like, lambda x: x // 1e9, lambda x: np.exp(x - x)):
        assert felt(constant, [normal(40)]) == FLOAT64
    assert BFLOAT16.epsilon == 2.0**-7
