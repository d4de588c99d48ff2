"""The operator and training on a GPU: only where one is, and then held to the same list as every engine."""

import numpy as np
import pytest
import torch
from cases import CASES

import convolab as cl
from convolab.errors import ArgumentError, DtypeError

if not torch.cuda.is_available():
    pytest.skip("this machine has no CUDA device", allow_module_level=True)

# Tensors know no byte order.
BATCHED = [case for case in CASES if case.batch and case.memory != "other byte order"]


def operator(case, suffix=""):
    return getattr(cl, f"conv{case.dims}d{suffix}")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("case", BATCHED, ids=lambda c: c.name)
def test_the_three_sums_are_the_definitions_and_stay_on_the_device(case, dtype):
    input, weight, grad = (torch.from_numpy(np.array(a)).to("cuda", dtype) for a in case.arrays())
    output = operator(case)(input, weight, **case.options)
    grad_input = operator(case, "_input")(input.shape, weight, grad, **case.options)
    grad_weight = operator(case, "_weight")(input, weight.shape, grad, **case.options)
    given = case.arrays()
    results = {
        "forward": (output, operator(case)(given[0], given[1], engine="numpy", **case.options)),
        "input": (
            grad_input,
            operator(case, "_input")(input.shape, given[1], given[2], engine="numpy", **case.options),
        ),
        "weight": (
            grad_weight,
            operator(case, "_weight")(given[0], weight.shape, given[2], engine="numpy", **case.options),
        ),
    }
    for name, (result, expected) in results.items():
        assert result.device.type == "cuda" and result.dtype == dtype, name
        # Small whole numbers: exact, unless they have to be rounded to eight bits in the end.
        tolerance = 2**-8 if dtype == torch.bfloat16 else 0
        np.testing.assert_allclose(result.double().cpu().numpy(), expected, rtol=tolerance, err_msg=name)


@pytest.mark.parametrize("case", [c for c in BATCHED if np.prod(c.channels) < 50][::4], ids=lambda c: c.name)
def test_it_is_differentiable_to_second_order(case):
    g = case.geometry
    generator = torch.Generator("cuda").manual_seed(0)
    input, weight = (
        torch.randn(s, dtype=torch.float64, device="cuda", generator=generator, requires_grad=True)
        for s in (g.input_shape, g.weight_shape)
    )
    forward = lambda x, w: operator(case)(x, w, **case.options)  # noqa: E731
    assert torch.autograd.gradcheck(forward, (input, weight), fast_mode=True, nondet_tol=1e-9)
    assert torch.autograd.gradgradcheck(forward, (input, weight), fast_mode=True, nondet_tol=1e-9)


def test_an_out_on_the_device_receives_the_output():
    input, weight = torch.randn(2, 3, 9, 8, device="cuda"), torch.randn(4, 3, 3, 3, device="cuda")
    out = torch.empty(2, 4, 7, 6, device="cuda")
    assert cl.conv2d(input, weight, out=out) is out
    torch.testing.assert_close(out, torch.nn.functional.conv2d(input, weight))


def test_it_compiles():
    input, weight = torch.randn(2, 3, 9, 8, device="cuda"), torch.randn(4, 3, 3, 3, device="cuda")
    compiled = torch.compile(lambda x, w: cl.conv2d(x, w, stride=2, padding=1), backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(input, weight), cl.conv2d(input, weight, stride=2, padding=1))


def test_devices_and_engines_that_do_not_fit_get_one_line():
    weight = torch.zeros(4, 3, 3, 3)
    with pytest.raises(ArgumentError, match="weight is on cpu, but input is on cuda:0"):
        cl.conv2d(torch.zeros(2, 3, 9, 8, device="cuda"), weight)
    with pytest.raises(ArgumentError, match="engine='halide' does not take float32 on cuda:0"):
        cl.conv2d(torch.zeros(2, 3, 9, 8, device="cuda"), weight.cuda(), engine="halide")
    with pytest.raises(DtypeError, match=r"PyTorch does not take int32 on cuda:0.*\.cpu\(\)"):
        cl.conv2d(torch.zeros(2, 3, 9, 8, dtype=torch.int32, device="cuda"), weight.int().cuda())


def test_an_epoch_on_the_device_is_accurate_and_its_network_runs_anywhere(tmp_path):
    result = cl.train(epochs=1, device="cuda", runs=tmp_path)
    images = torch.rand(2, 1, 28, 28)
    assert cl.load(result["run"])(images).shape == (2, 10)
    assert result["test_accuracy"] > 0.98
    assert result["device"] == "cuda"
