"""Under `auto` a shape is compiled once it has come back often enough, by a count and not by a clock."""

import numpy as np
import pytest
import torch

import convolab as cl
from convolab.engine import halide as engine
from convolab.engine import repaid
from convolab.engine.halide import pipelines
from convolab.errors import ArgumentError
from convolab.geometry import OPERATIONS, Geometry

rng = np.random.default_rng(0)
GEOMETRY = Geometry((20, 30), 3, in_channels=8, out_channels=16, padding=1)


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    """The operations of the pipelines compiled in a test."""
    made, build = [], pipelines.build
    monkeypatch.setattr(pipelines, "build", lambda kind: made.append(kind.operation) or build(kind))
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    monkeypatch.setattr(repaid, "_work", type(repaid._work)())
    monkeypatch.setattr(repaid, "_when", "repaid")
    return made


def operands(kind=np.asarray):
    return [kind(rng.integers(-4, 5, s).astype(np.float32)) for s in (GEOMETRY.input_shape, GEOMETRY.weight_shape)]


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_a_shape_is_compiled_at_the_call_that_repays_it(kind, compiled, monkeypatch):
    monkeypatch.setattr(repaid, "NUMPY", 3 * GEOMETRY.mult_adds)
    monkeypatch.setattr(repaid, "TORCH", 3 * GEOMETRY.mult_adds)
    pair = operands(kind)
    results = [cl.conv2d(*pair, padding=1) for _ in range(2)]
    assert not compiled
    results += [cl.conv2d(*pair, padding=1) for _ in range(2)]
    assert compiled == ["forward"]
    for result in results:
        np.testing.assert_array_equal(np.asarray(result), np.asarray(results[0]))


def test_new_sizes_forward_and_backward_compile_nothing(compiled):
    weight = torch.randn(16, 8, 3, 3, requires_grad=True)
    for size in range(30, 40):
        input = torch.randn(2, 8, size, size, requires_grad=True)
        cl.conv2d(input, weight, padding=1).sum().backward()
    assert not compiled


@pytest.mark.slow
def test_each_gradient_of_a_shape_that_is_compiled_is_counted_by_itself(compiled, monkeypatch):
    monkeypatch.setattr(repaid, "NUMPY", GEOMETRY.mult_adds)
    monkeypatch.setattr(repaid, "TORCH", 2 * GEOMETRY.mult_adds)
    input, weight = (t.requires_grad_() for t in operands(torch.from_numpy))
    expected = torch.autograd.grad(torch.conv2d(input, weight, padding=1).sum(), (input, weight))
    operations = []
    for _ in range(4):
        got = torch.autograd.grad(cl.conv2d(input, weight, padding=1).sum(), (input, weight))
        operations.append(set(compiled))
        for ours, theirs in zip(got, expected, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=0, atol=0)
    assert operations == [set(), {"forward"}, set(OPERATIONS), set(OPERATIONS)]


def test_a_large_array_is_compiled_at_once_and_a_tensor_of_its_size_is_not():
    geometry = Geometry((200, 200), 3, batch=8, in_channels=32, out_channels=32)
    assert repaid.NUMPY <= geometry.mult_adds < repaid.TORCH
    assert repaid.is_worth_compiling("forward", geometry, repaid.NUMPY)
    assert not repaid.is_worth_compiling("weight_gradient", geometry, repaid.TORCH)


def test_a_dropped_pipeline_has_to_be_repaid_again(compiled, monkeypatch):
    monkeypatch.setattr(repaid, "NUMPY", 2 * GEOMETRY.mult_adds)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines(capacity=1))
    pair = operands()
    for _ in range(2):
        cl.conv2d(*pair, padding=1)
    cl.conv2d(*pair, engine="halide")
    cl.conv2d(*pair, padding=1)
    assert len(compiled) == 2
    cl.conv2d(*pair, padding=1)
    assert len(compiled) == 3


@pytest.mark.parametrize("when, count", [("always", 1), ("never", 0)])
def test_one_line_pins_which_engine_answers(when, count, compiled, monkeypatch):
    monkeypatch.setattr(repaid, "NUMPY", 2 * GEOMETRY.mult_adds)
    cl.set_compile(when)
    pair = operands()
    for _ in range(3):
        cl.conv2d(*pair, padding=1)
    assert len(compiled) == count


def test_the_environment_pins_it_too(monkeypatch):
    monkeypatch.setattr(repaid, "_when", "")
    monkeypatch.setenv("CONVOLAB_COMPILE", "never")
    assert repaid.when_compiled() == "never"
    monkeypatch.setattr(repaid, "_when", "")
    monkeypatch.setenv("CONVOLAB_COMPILE", "sometimes")
    with pytest.raises(
        ArgumentError, match=r"CONVOLAB_COMPILE='sometimes' is unknown. Expected repaid, always, never."
    ):
        repaid.when_compiled()
    with pytest.raises(ArgumentError, match=r"set_compile: when='now' is unknown. Expected repaid, always, never."):
        cl.set_compile("now")


def test_only_so_many_layers_are_counted(monkeypatch):
    monkeypatch.setattr(repaid, "LAYERS", 3)
    for channels in range(5, 12):
        repaid.is_worth_compiling("forward", Geometry((9,), 3, in_channels=channels), 10**9)
    assert [layer[1] for layer in repaid._work] == [9, 10, 11]


def test_all_sizes_of_a_layer_repay_its_pipeline_together(compiled, monkeypatch):
    monkeypatch.setattr(repaid, "NUMPY", 10 * GEOMETRY.mult_adds)
    weight = rng.standard_normal(GEOMETRY.weight_shape).astype(np.float32)
    for size in range(32, 64):
        cl.conv2d(rng.standard_normal((1, 8, 20, size)).astype(np.float32), weight, padding=1)
    assert 0 < len(compiled) <= 8
