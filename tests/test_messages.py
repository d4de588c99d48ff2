"""What the operator says of arrays that it cannot take; shapes have their own list in test_geometry.py."""

import subprocess
import sys

import numpy as np
import pytest
import torch

import convolab as cl
from convolab.errors import ArgumentError, ConvolabError, DtypeError, MissingDependencyError

pytestmark = pytest.mark.quick

X, W = np.ones((2, 3, 6, 7), np.float32), np.ones((4, 3, 3, 2), np.float32)
LARGE = np.broadcast_to(np.float32(1), (10**6, 1, 10**4, 10**4))

MESSAGES = [
    (lambda: cl.conv2d(X, W.astype(np.float64)), DtypeError,
     "conv2d: weight is float64, but input is float32. Expected one floating type for both, or integers for both; convert one of them with .astype."),
    (lambda: cl.conv2d(X, W.astype(int)), DtypeError, "conv2d: weight is int64, but input is float32."),
    (lambda: cl.conv2d(X + 1j, W), DtypeError, "conv2d: input has dtype complex64. Convolve the real and the imaginary part, each alone."),
    (lambda: cl.conv2d(X.astype(np.uint64), W), DtypeError, "conv2d: input has dtype uint64. Expected a smaller unsigned or a signed type: sums are kept in int64."),
    (lambda: cl.conv2d(X.astype(object), W), DtypeError, "conv2d: input has dtype object. Expected floating-point numbers or integers."),
    (lambda: cl.conv2d("edge", W), DtypeError, "conv2d: input has dtype <U4."),
    (lambda: cl.conv2d([[1, 2], [3]], [[1]]), ArgumentError, "conv2d: input is not an array of numbers:"),
    (lambda: cl.conv2d(np.ma.masked_equal(X, 1), W), DtypeError, "conv2d: input is a masked array, and its mask would be lost. Fill it first: .filled(0)."),
    (lambda: cl.conv2d(torch.from_numpy(X), W), DtypeError, "conv2d: weight is a ndarray, but input is a torch tensor. Expected both of one kind;"),
    (lambda: cl.conv2d(torch.from_numpy(X), torch.from_numpy(W).double()), DtypeError, "conv2d: weight is float64, but input is float32."),
    (lambda: cl.conv2d(torch.from_numpy(X), torch.from_numpy(W).to("meta")), ArgumentError, "conv2d: weight is on meta, but input is on cpu. Expected one device."),
    (lambda: cl.conv2d(torch.from_numpy(X).bfloat16(), torch.from_numpy(W).bfloat16(), engine="numpy"), ArgumentError, "conv2d: engine='numpy' does not take bfloat16 on cpu."),
    (lambda: cl.conv2d(X, W, engine="cudnn"), ArgumentError, "conv2d: engine='cudnn' is unknown. Expected auto, "),
    (lambda: cl.conv2d(X, W, np.ones(3, np.float32)), ArgumentError, "conv2d: bias has the wrong shape. Expected (4,) (one number an output channel), got (3,)."),
    (lambda: cl.conv_transpose2d(np.ones((2, 4, 5, 5), np.float32), W, np.ones(4, np.float32)), ArgumentError, "conv_transpose2d: bias has the wrong shape. Expected (3,)"),
    (lambda: cl.conv2d(X, W, out=np.empty((2, 4, 4, 5), np.float32)), ArgumentError, "conv2d: out has the wrong shape. Expected (2, 4, 4, 6) (the output's shape), got (2, 4, 4, 5)."),
    (lambda: cl.conv2d(X, W, out=np.empty((2, 4, 4, 6))), DtypeError, "conv2d: out is float64. Expected float32, the output's type."),
    (lambda: cl.conv2d(X, W, out=np.broadcast_to(np.float32(0), (2, 4, 4, 6))), ArgumentError, "conv2d: out is read-only."),
    (lambda: cl.conv2d(X, np.ones((3, 3, 1, 1), np.float32), out=X), ArgumentError, "conv2d: out shares memory with an input."),
    (lambda: cl.conv2d(X, W, out=torch.empty(2, 4, 4, 6)), DtypeError, "conv2d: out is a Tensor. Expected the same kind of array as input."),
    (lambda: cl.conv2d_input((2, 3, 6, 7), W, np.ones((2, 4, 4, 5), np.float32)), ArgumentError, "conv2d_input: grad_output has the wrong shape. Expected (2, 4, 4, 6) (the output's shape), got (2, 4, 4, 5)."),
    (lambda: cl.conv2d_weight(X, (4, 3, 3, 2), np.ones((2, 4, 5, 6), np.float32)), ArgumentError, "conv2d_weight: grad_output has the wrong shape."),
    (lambda: cl.conv2d_input((2, 3, 6.5, 7), W, X), DtypeError, "conv2d_input: input_size takes integers, got 6.5 (float)."),
    (lambda: cl.conv2d_weight(X, (4, 3, 3, -2), X), ArgumentError, "conv2d_weight: weight_size must be 0 or more, got -2."),
    (lambda: cl.conv2d(LARGE, np.ones((64, 1, 3, 3), np.float32)), ArgumentError, "conv2d: the result has 6,397,440,256,000,000 elements of float32, more than this machine's memory can hold."),
    (lambda: cl.conv2d_input(LARGE.shape, np.ones((1, 1, 3, 3), np.float32), LARGE[:, :, 2:, 2:]), ArgumentError, "conv2d_input: the result has 100,000,000,000,000 elements of float32,"),
]  # fmt: skip


@pytest.mark.parametrize("call, kind, words", MESSAGES)
def test_each_complaint_about_arrays_has_its_own_words(call, kind, words):
    with pytest.raises(ConvolabError) as caught:
        call()
    assert type(caught.value) is kind and str(caught.value).startswith(words) and "\n" not in str(caught.value)


def test_a_missing_engine_is_named_with_the_extra_that_brings_it(monkeypatch):
    from convolab import engine

    engine.load.cache_clear()
    monkeypatch.setattr(engine, "is_installed", lambda name: False)
    try:
        with pytest.raises(MissingDependencyError, match=r"torch: not installed, .* pip install \"convolab\[train\]\""):
            cl.conv2d(X, W, engine="torch")
    finally:
        engine.load.cache_clear()


def test_without_torch_and_halide_the_operator_still_works():
    code = (
        "import sys; sys.modules['torch'] = sys.modules['halide'] = None\n"
        "import importlib.util as u, numpy as np, convolab as cl; find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name in ('torch', 'halide') else find(name, *rest)\n"
        "print(cl.conv2d(np.ones((1, 3, 40, 40)), np.ones((8, 3, 3, 3))).sum())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == f"{8.0 * 27 * 38 * 38}\n", run.stderr
