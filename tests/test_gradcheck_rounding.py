"""Gradients that are truly zero are judged by the size of what was summed, and wrong ones beside them are still wrong."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from convolab.gradient import gradcheck


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.fixture(autouse=True)
def one_thread():
    """Thousands of tiny calls: threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(threads)


def key_bias(x, w, b):
    """Scores of queries with keys; a bias of the keys adds the same to all of a query's, and softmax drops it."""
    return F.softmax(x @ (x @ w + b).transpose(-1, -2), -1) @ x


# Each holds an argument whose gradient is 0: its name, how to make the function, and the point.
ZERO = {
    "Conv + BatchNorm": ("0.bias", lambda: nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)), (normal(2, 2, 5, 6),)),
    "Linear + BatchNorm": ("0.bias", lambda: nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)), (normal(5, 4),)),
    "GroupNorm": ("0.bias", lambda: nn.Sequential(nn.Conv1d(2, 4, 3), nn.GroupNorm(4, 4)), (normal(2, 2, 6),)),
    "LayerNorm": ("b", lambda: lambda x, b: F.layer_norm(x + b, (4,)), (normal(3, 4), normal(1))),
    "the sum of a softmax": ("x", lambda: lambda x: F.softmax(x, -1).sum(-1), (normal(3, 5),)),
    "the sum of a BatchNorm": ("x", lambda: lambda x: F.batch_norm(x, None, None, training=True).sum(), (normal(6, 3),)),
    "a key's bias": ("b", lambda: key_bias, (normal(2, 3, 4), normal(4, 4), normal(4))),
}  # fmt: skip


def torch_passes(function, arguments) -> bool:
    module = function if isinstance(function, nn.Module) else None
    names = [name for name, _ in module.named_parameters()] if module else []

    def call(*tensors):
        if module is None:
            return function(*tensors)
        given = len(arguments)
        state = dict(zip(names, tensors[given:], strict=True))
        return torch.func.functional_call(deepcopy(module), state, tensors[:given])

    tensors = [torch.from_numpy(a) for a in arguments] + ([p.detach() for p in module.parameters()] if module else [])
    return torch.autograd.gradcheck(call, [t.clone().requires_grad_() for t in tensors])


@pytest.mark.parametrize("name", ZERO)
def test_a_gradient_of_zero_is_right_where_torch_says_so(name):
    argument, make, point = ZERO[name]
    function = make().double() if isinstance(make(), nn.Module) else make()
    assert torch_passes(function, point)
    report = gradcheck(function, point)
    assert report.passed, report
    (zero,) = [c for c in report.comparisons if c.argument == argument]
    assert zero.checked == zero.analytic.size and zero.zero and zero.max_rel == 0
    assert f"{argument} {zero.analytic.shape}: {zero.checked} elements, " in str(report)


@pytest.mark.parametrize("name", ZERO)
def test_a_gradient_of_zero_in_float32_is_right_too(name):
    _, make, point = ZERO[name]
    report = gradcheck(make(), [a.astype(np.float32) for a in point])
    assert report.passed, report


def test_the_sum_of_a_softmax_is_right_on_integers():
    x = np.random.default_rng(0).integers(-4, 5, (3, 5)).astype(float)
    assert gradcheck(lambda x: F.softmax(x, -1).sum(-1), (x,)).passed


# A normalisation by hand, whose gradient can be broken.


def normalised(x, b):
    y = x + b
    return (y - y.mean(0)) / np.sqrt(y.var(0) + 1e-5)


def normalised_gradients(g, x, b):
    y = x + b
    deviation = np.sqrt(y.var(0) + 1e-5)
    n = (y - y.mean(0)) / deviation
    grad_y = (g - g.mean(0) - n * (g * n).mean(0)) / deviation
    return grad_y, grad_y.sum(0)


def one_off(bias, amount):
    bias = bias.copy()
    bias[1] += amount
    return bias


FAULTS = {
    "the mean is taken for a constant": lambda g, x, b: (normalised_gradients(g, x, b)[0] + g.mean(0), g.sum(0)),
    "the bias as if nothing came after it": lambda g, x, b: (normalised_gradients(g, x, b)[0], g.sum(0)),
    "one element off by 1e-4": lambda g, x, b: (
        normalised_gradients(g, x, b)[0], one_off(normalised_gradients(g, x, b)[1], 1e-4)),
    "one element off by 1e-9": lambda g, x, b: (
        normalised_gradients(g, x, b)[0], one_off(normalised_gradients(g, x, b)[1], 1e-9)),
}  # fmt: skip
POINTS = [(1.0, 0.0), (1.0, 1e3), (1e6, 0.0), (1e-6, 0.0)]


@pytest.mark.parametrize("scale, offset", POINTS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_normalisation_by_hand_passes_whatever_its_arguments_measure(scale, offset, dtype):
    x, b = (scale * (normal(6, 3) + offset)).astype(dtype), (scale * normal(3, seed=1)).astype(dtype)
    report = gradcheck(normalised, (x, b), lambda *a: [g.astype(dtype) for g in normalised_gradients(*a)])
    assert report.passed, report


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("scale, offset", POINTS)
def test_a_wrong_gradient_is_wrong_where_the_true_one_is_zero(name, scale, offset):
    x, b = scale * (normal(6, 3) + offset), scale * normal(3, seed=1)
    report = gradcheck(normalised, (x, b), FAULTS[name])
    assert "wrong-gradient" in report.codes and report.comparisons[1].wrong.any(), report


@pytest.mark.parametrize("amount", [1.0, 1e-3, 1e-6, 1e-9])
def test_something_for_zero_is_wrong(amount):
    def softmax_sum(x):
        return (np.exp(x) / np.exp(x).sum(-1, keepdims=True)).sum(-1)

    x = normal(3, 5)
    assert gradcheck(softmax_sum, (x,), lambda g, x: np.zeros_like(x)).passed
    report = gradcheck(softmax_sum, (x,), lambda g, x: np.zeros_like(x) + amount * g[:, None])
    assert report.codes == ["wrong-gradient"], report


def test_a_jump_is_not_taken_for_rounding():
    x = normal(3, 4)
    x[1, 2] = 1.0
    report = gradcheck(lambda x: np.floor(x) + 0.5 * x, (x,), lambda g, x: 0.5 * g)
    assert "not-differentiable" in report.codes, report
