"""The operator under torch's autograd and compiler."""

import numpy as np
import pytest
import torch
from cases import CASES
from in_turn import few, in_turn

import convolab as cl
from convolab.engine import autograd
from convolab.geometry import Geometry

DIFFERENTIABLE = [c for c in CASES if c.batch and c.memory == "contiguous" and np.prod(c.channels) < 50]


def tensors(case, dtype=torch.float64):
    generator = torch.Generator().manual_seed(0)
    g = case.geometry
    shapes = (g.input_shape, g.weight_shape, g.output_shape)
    return [torch.randn(s, dtype=dtype, generator=generator, requires_grad=True) for s in shapes]


def operator(case, suffix=""):
    return getattr(cl, f"conv{case.dims}d{suffix}")


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=lambda c: c.name)
def test_gradients_through_the_operator_are_torchs_own(case):
    input, weight, grad = tensors(case)
    ours = torch.autograd.grad(
        operator(case)(input, weight, engine="numpy", **case.options), (input, weight), grad.detach()
    )
    theirs = torch.autograd.grad(
        operator(case)(input, weight, engine="torch", **case.options), (input, weight), grad.detach()
    )
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("case", DIFFERENTIABLE[::4], ids=lambda c: c.name)
def test_the_operator_is_differentiable_to_second_order(case):
    input, weight, grad = tensors(case)
    forward = lambda x, w: operator(case)(x, w, engine="numpy", **case.options)  # noqa: E731
    assert torch.autograd.gradcheck(forward, (input, weight), fast_mode=True)
    assert torch.autograd.gradgradcheck(forward, (input, weight), fast_mode=True)
    adjoint = lambda w, g: operator(case, "_input")(input.shape, w, g, engine="numpy", **case.options)  # noqa: E731
    assert torch.autograd.gradgradcheck(adjoint, (weight, grad), fast_mode=True)
    in_weight = lambda x, g: operator(case, "_weight")(x, weight.shape, g, engine="numpy", **case.options)  # noqa: E731
    assert torch.autograd.gradgradcheck(in_weight, (input, grad), fast_mode=True)


def test_the_bias_and_the_transposed_convolution_are_differentiable():
    case = DIFFERENTIABLE[1]
    input, weight, _ = tensors(case)
    bias = torch.randn(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, w, b: cl.conv2d(x, w, b, engine="numpy"), (input, weight, bias))
    back = torch.randn(2, 3, 4, 5, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(2, dtype=torch.float64, requires_grad=True)
    transposed = lambda x, w, b: cl.conv_transpose2d(x, w, b, stride=2, output_padding=1, engine="numpy")  # noqa: E731
    assert torch.autograd.gradcheck(transposed, (back, weight, bias))


@pytest.mark.parametrize("operation", few(["forward", "input_gradient", "weight_gradient"], 1))
def test_the_custom_operators_pass_torchs_own_checks(operation):
    case = DIFFERENTIABLE[1]
    input, weight, grad = tensors(case)
    pair = {"forward": (input, weight), "input_gradient": (weight, grad), "weight_gradient": (input, grad)}[operation]
    arguments = (*pair, autograd.flatten(case.geometry), 1, "numpy")
    results = torch.library.opcheck(getattr(autograd, operation), arguments)
    assert set(results.values()) == {"SUCCESS"}


@pytest.mark.parametrize("size", [3, 14])
@pytest.mark.parametrize("operation", ["forward", "input_gradient", "weight_gradient"])
def test_the_layout_is_the_promised_one_also_where_the_channels_lie_last(operation, size):
    geometry = Geometry((size, size), 3, batch=8, in_channels=16, out_channels=24, padding=1)
    input, weight, grad = (
        torch.randn(shape).contiguous(memory_format=torch.channels_last).requires_grad_()
        for shape in (geometry.input_shape, geometry.weight_shape, geometry.output_shape)
    )
    pair = {"forward": (input, weight), "input_gradient": (weight, grad), "weight_gradient": (input, grad)}[operation]
    results = torch.library.opcheck(getattr(autograd, operation), (*pair, autograd.flatten(geometry), 1, "auto"))
    assert set(results.values()) == {"SUCCESS"}


@pytest.mark.parametrize("dynamic, engine", in_turn([False, True], ["auto", "numpy"]))
def test_the_operator_compiles_into_one_graph(dynamic, engine):
    weight = torch.randn(3, 2, 3, 3, requires_grad=True)

    def network(input):
        return cl.conv2d(input, weight, stride=(2, 1), padding=1, engine=engine).relu().sum()

    compiled = torch.compile(network, fullgraph=True, dynamic=dynamic, backend="aot_eager")
    for size in (7, 9):
        input = torch.randn(2, 2, size, 6)
        expected = torch.autograd.grad(network(input), weight)
        torch.testing.assert_close(torch.autograd.grad(compiled(input), weight), expected)


def test_tensors_come_out_as_tensors_of_their_type():
    for dtype in (torch.float32, torch.float64, torch.bfloat16, torch.float16):
        output = cl.conv2d(torch.ones(2, 3, 5, 6, dtype=dtype), torch.ones(4, 3, 3, 2, dtype=dtype))
        assert output.dtype == dtype and (output == 18).all()
    assert cl.conv2d(torch.ones(5, 6, dtype=torch.uint8), torch.ones(3, 2, dtype=torch.int8)).dtype == torch.int32
    assert cl.conv2d(torch.ones(5, 6, dtype=torch.int64), torch.ones(3, 2, dtype=torch.int32)).dtype == torch.int64


def test_out_takes_a_tensor():
    input, weight, out = torch.randn(2, 3, 6, 7), torch.randn(4, 3, 3, 2), torch.empty(2, 4, 4, 6)
    assert cl.conv2d(input, weight, out=out) is out
    torch.testing.assert_close(out, torch.nn.functional.conv2d(input, weight))


@pytest.mark.parametrize("dtype, dynamic", in_turn([torch.uint8, torch.int32], [False, True]))
def test_integers_stay_exact_under_the_compiler(dtype, dynamic):
    largest = torch.iinfo(dtype).max if dtype == torch.uint8 else 2**20
    input, weight = torch.full((2, 3, 9, 8), largest, dtype=dtype), torch.full((4, 3, 3, 3), largest, dtype=dtype)

    def network(input):
        output = cl.conv2d(input, weight, padding=1)
        return output, cl.conv2d_input(input.shape, weight, torch.ones_like(output), padding=1), output + 1

    compiled = torch.compile(network, fullgraph=True, dynamic=dynamic, backend="aot_eager")
    for got, expected in zip(compiled(input), network(input), strict=True):
        assert got.dtype == expected.dtype
        assert torch.equal(got, expected)
    assert got.max() == 27 * largest**2 + 1
