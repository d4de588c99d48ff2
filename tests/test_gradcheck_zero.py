"""Gradients that are truly zero, and functions that compute in a shorter type: no false alarm, and faults still found."""

import numpy as np
import pytest
import torch
from in_turn import few
from torch import nn
from torch.nn import functional as F

import convolab as cl
from convolab.gradient.files import find_function

DTYPES = [np.float64, np.float32]
IMAGES = np.random.default_rng(0).standard_normal((3, 2, 6, 7))


def like(module: nn.Module, dtype) -> nn.Module:
    torch.manual_seed(0)
    module.apply(lambda m: m.reset_parameters() if hasattr(m, "reset_parameters") else None)
    return module.double() if dtype == np.float64 else module.float()


ZERO = {
    "a bias before batch normalisation": lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)),
    "a bias before instance normalisation": lambda: nn.Sequential(nn.Conv2d(2, 4, 3), nn.InstanceNorm2d(4)),
    "a bias before layer normalisation over all": lambda: nn.Sequential(nn.Conv2d(2, 1, 3), nn.LayerNorm([1, 4, 5])),
}
FUNCTIONS = {
    "the sum of a softmax": lambda x: torch.softmax(x, -1).sum(-1),
    "the length of what was normalised": lambda x: F.normalize(x, dim=-1).square().sum(-1),
    "a shift before log-softmax": lambda x: torch.log_softmax(x + x.mean(-1, keepdim=True), -1).exp().sum(-1),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ZERO)
def test_a_module_with_a_gradient_of_zero_passes(name, dtype):
    report = cl.gradcheck(like(ZERO[name](), dtype), (IMAGES.astype(dtype),))
    assert report, str(report)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_with_a_gradient_of_zero_passes(name, dtype):
    x = IMAGES[0, 0].astype(dtype)
    assert torch.autograd.gradcheck(FUNCTIONS[name], torch.from_numpy(x.astype(np.float64)).requires_grad_())
    report = cl.gradcheck(FUNCTIONS[name], (x,))
    assert report, str(report)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_key_s_bias_in_attention_passes(dtype):
    def attention(q, k, bias):
        return torch.softmax(q @ (k + bias).transpose(-1, -2), -1) @ q

    report = cl.gradcheck(attention, tuple(a.astype(dtype) for a in (IMAGES[0, 0], IMAGES[1, 0], IMAGES[2, 0, 0])))
    assert report, str(report)


class Off(torch.autograd.Function):
    """x², with a gradient that is wrong by a thousandth, or by a constant where the true one is zero."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2.002 * g * x


class Leaky(torch.autograd.Function):
    """Passes its argument on; its backward pass adds a thousandth of the output gradient."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g + 1e-3 * g.abs()


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_wrong_gradient_before_a_normalisation_is_still_found(dtype):
    class Net(nn.Sequential):
        def forward(self, x):
            return self[1](Off.apply(self[0](x)))

    assert not cl.gradcheck(like(Net(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)), dtype), (IMAGES.astype(dtype),))


def test_a_gradient_that_should_be_zero_and_is_a_thousandth_is_found():
    report = cl.gradcheck(lambda x: torch.softmax(Leaky.apply(x), -1).sum(-1), (IMAGES[0, 0],))
    assert report  # the output gradient of the leak is zero itself
    module = like(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)), np.float64)

    def leaking(x, bias):
        return module[1](Leaky.apply(module[0](x) + bias[:, None, None]))

    report = cl.gradcheck(leaking, (IMAGES, np.zeros(3)))
    assert not report and "bias" in str(report)


def test_bfloat16_is_compared_within_its_own_rounding_and_said():
    x, w = (torch.randn(s, generator=torch.Generator().manual_seed(0)) for s in ((1, 2, 6, 7), (2, 2, 3, 3)))
    for function, arguments in (
        (torch.conv2d, (x.bfloat16(), w.bfloat16())),
        (lambda x, w: torch.conv2d(x.bfloat16(), w.bfloat16()).float(), (x, w)),
        (_autocast, (x, w)),
        (_autocast, (x.double(), w.double())),
    ):
        report = cl.gradcheck(function, arguments)
        assert report, str(report)
        assert "computes in bfloat16: its gradients are allowed 3.1 % of the largest" in str(report)


def _autocast(x, w):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return torch.conv2d(x.float(), w.float())


@pytest.mark.parametrize("factor", few([2.0, -1.0, 0.5], 1))
def test_a_wrong_gradient_in_bfloat16_is_found(factor):
    class Scaled(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            return factor * g

    x, w = torch.randn(1, 2, 6, 7), torch.randn(2, 2, 3, 3)
    assert not cl.gradcheck(lambda x, w: torch.conv2d(Scaled.apply(x).bfloat16(), w.bfloat16()), (x, w))


class Single(nn.Module):
    """Computes in float32 whatever it is given."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3)

    def forward(self, x):
        return F.conv2d(x.float(), self.conv.weight.float(), self.conv.bias.float()).to(x.dtype)


def test_a_module_that_computes_in_float32_inside_is_compared_within_float32():
    report = cl.gradcheck(Single().double(), (IMAGES,))
    assert report, str(report)
    assert "Single computes in float32: its gradients are allowed 0.0012 % of the largest" in str(report)
    assert "computes in" not in str(cl.gradcheck(Single(), (IMAGES.astype(np.float32),)))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_plain_module_in_float32_is_checked_without_an_option(dtype):
    module = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(60, 4))
    report = cl.gradcheck(like(module, np.float32), (IMAGES.astype(dtype),))
    assert report, str(report)


HOMEWORK = """
import numpy as np

def apply_convolution(img, kernel):  # wrong: the kernel is turned
    h, w = kernel.shape
    out = np.zeros((img.shape[0] - h + 1, img.shape[1] - w + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i+h, j:j+w] * kernel[::-1, ::-1]).sum()
    return out

def conv_gradient_wrt_input(dloss_dy, kernel):  # right
    h, w = kernel.shape
    out = np.zeros((dloss_dy.shape[0] + h - 1, dloss_dy.shape[1] + w - 1))
    for i in range(dloss_dy.shape[0]):
        for j in range(dloss_dy.shape[1]):
            out[i:i+h, j:j+w] += dloss_dy[i, j] * kernel
    return out
"""


def test_a_gradient_is_not_judged_by_another_function_of_its_file(tmp_path):
    path = tmp_path / "hw.py"
    path.write_text(HOMEWORK)
    rng = np.random.default_rng(0)
    img, kernel = (rng.integers(-4, 5, s).astype(float) for s in ((7, 9), (3, 2)))
    found = find_function(f"{path}:conv_gradient_wrt_input")
    assert cl.gradcheck(found.function, (img, kernel), found.gradients)
    assert "judged as a gradient of the definition's apply_convolution, not of the file's" in found.notes[0]
    found = find_function(f"{path}:apply_convolution")
    assert not cl.gradcheck(found.function, (img, kernel), found.gradients)
    assert "the gradients are the file's conv_gradient_wrt_input" in found.notes[0]
