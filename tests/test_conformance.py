"""Suites that nobody here wrote, on every engine: ONNX's backend tests, and torch's own samples and error inputs."""

import warnings
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from cases import ARRAY_ENGINES
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

import convolab as cl
from convolab.errors import ConvolabError
from convolab.geometry import output_size, transposed_size

pytestmark = pytest.mark.slow

# How many cases each suite holds; fewer means that a suite was lost on the way, and fails.
EXPECTED = {"onnx": 62, "onnx operators alone": 49, "torch samples": 92, "torch errors": 30}

OPERATORS = {"Conv", "ConvTranspose", "ConvInteger"}


# ONNX: the evaluator runs each model, and calls ours for the convolutions in it.


def _pads(auto_pad: str, pads, sizes, kernel, strides, dilations):
    """ONNX's pads (all begins, then all ends) or its auto_pad, as a (before, after) pair an axis."""
    if auto_pad in ("SAME_UPPER", "SAME_LOWER"):
        pairs = []
        for size, k, s, d in zip(sizes, kernel, strides, dilations, strict=True):
            total = max(0, s * (-(-size // s) - 1) + d * (k - 1) + 1 - size)
            less, more = total // 2, total - total // 2
            pairs.append((less, more) if auto_pad == "SAME_UPPER" else (more, less))
        return tuple(pairs)
    dims = len(sizes)
    pads = pads or [0] * 2 * dims
    return tuple(zip(pads[:dims], pads[dims:], strict=True))


def _transposed_pads(auto_pad, pads, output_shape, extra, sizes, kernel, strides, dilations):
    """(padding, output padding): an output larger than the natural one is padded behind, a smaller one is cropped."""
    if not output_shape and auto_pad in ("SAME_UPPER", "SAME_LOWER"):
        output_shape = [size * s for size, s in zip(sizes, strides, strict=True)]
    if not output_shape:
        return _pads("NOTSET", pads, sizes, kernel, strides, dilations), extra
    pairs, extras = [], []
    for size, k, s, d, wanted, e in zip(sizes, kernel, strides, dilations, output_shape, extra, strict=True):
        total = transposed_size(size, k, s, d, extra=e) - wanted
        less, more = max(total, 0) // 2, max(total, 0) - max(total, 0) // 2
        pairs.append((less, more) if auto_pad == "SAME_UPPER" else (more, less))
        extras.append(e + max(-total, 0))
    return tuple(pairs), extras


def _ours(engine: str) -> list[type]:
    """ONNX operators that call the public functions with one engine."""

    class Conv(OpRun):
        op_domain = ""

        def _run(
            self, X, W, B=None, auto_pad=None, dilations=None, group=None, kernel_shape=None, pads=None, strides=None
        ):
            dims = X.ndim - 2
            strides, dilations = strides or [1] * dims, dilations or [1] * dims
            padding = _pads(auto_pad, pads, X.shape[2:], W.shape[2:], strides, dilations)
            convolve = getattr(cl, f"conv{dims}d")
            return (
                convolve(
                    X, W, B, stride=strides, padding=padding, dilation=dilations, groups=group or 1, engine=engine
                ),
            )

    class ConvTranspose(OpRun):
        op_domain = ""

        def _run(self, X, W, B=None, auto_pad=None, dilations=None, group=None, kernel_shape=None, output_padding=None,
                 output_shape=None, pads=None, strides=None):  # fmt: skip
            dims = X.ndim - 2
            ones, zeros = [1] * dims, [0] * dims
            strides, dilations, extra = strides or ones, dilations or ones, output_padding or zeros
            sizes = (X.shape[2:], W.shape[2:], strides, dilations)
            padding, extra = _transposed_pads(auto_pad, pads, output_shape, extra, *sizes)
            convolve = getattr(cl, f"conv_transpose{dims}d")
            return (convolve(X, W, B, stride=strides, padding=padding, output_padding=extra, dilation=dilations,
                             groups=group or 1, engine=engine),)  # fmt: skip

    class ConvInteger(OpRun):
        op_domain = ""

        def _run(self, X, W, x_zero_point=None, w_zero_point=None, auto_pad=None, dilations=None, group=None,
                 kernel_shape=None, pads=None, strides=None):  # fmt: skip
            dims = X.ndim - 2
            strides, dilations = strides or [1] * dims, dilations or [1] * dims
            padding = _pads(auto_pad, pads, X.shape[2:], W.shape[2:], strides, dilations)
            x = X.astype(np.int32) - (0 if x_zero_point is None else x_zero_point)
            w = W.astype(np.int32) - (0 if w_zero_point is None else np.reshape(w_zero_point, (-1, *[1] * (dims + 1))))
            convolve = getattr(cl, f"conv{dims}d")
            result = convolve(
                x, w, stride=strides, padding=padding, dilation=dilations, groups=group or 1, engine=engine
            )
            return (result.astype(np.int32),)

    return [Conv, ConvTranspose, ConvInteger]


@cache
def onnx_cases() -> dict[str, tuple]:
    """name: (model, data sets), from the tests in onnx's code and from the models that it ships."""
    from onnx import numpy_helper
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other operators' cases overflow on purpose while they are generated
        found = {case.name: (case.model, case.data_sets) for case in collect_testcases(None)}
    for file in sorted((Path(onnx.__file__).parent / "backend/test/data").glob("*/test_*/model.onnx")):
        data_sets = []
        for folder in sorted(file.parent.glob("test_data_set_*")):
            inputs, outputs = (
                [
                    numpy_helper.to_array(onnx.load_tensor(folder / f"{kind}_{n}.pb"))
                    for n in range(len(list(folder.glob(f"{kind}_*.pb"))))
                ]
                for kind in ("input", "output")
            )
            data_sets.append((inputs, outputs))
        found.setdefault(file.parent.name, (file, data_sets))
    cases = {name: (onnx.load(m) if isinstance(m, Path) else m, data) for name, (m, data) in found.items()}
    return {name: case for name, case in cases.items() if OPERATORS & {node.op_type for node in case[0].graph.node}}


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
def test_every_onnx_backend_test_passes(engine):
    passed = alone = 0
    for name, (model, data_sets) in onnx_cases().items():
        if engine == "torch" and "convinteger" in name:
            continue  # PyTorch's engine takes no integers, and says so; the other engines run these two.
        assert data_sets, f"{name} came without data"
        evaluator = ReferenceEvaluator(model, new_ops=_ours(engine))
        for inputs, outputs in data_sets:
            names = [i.name for i in model.graph.input if i.name not in {t.name for t in model.graph.initializer}]
            results = evaluator.run(None, dict(zip(names, inputs, strict=False)))
            for got, expected in zip(results, outputs, strict=True):
                tolerance = 1e-3 if expected.dtype == np.float16 else 1e-5
                np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance, err_msg=name)
        passed += 1
        alone += len(model.graph.node) == 1
    left_out = 2 if engine == "torch" else 0
    assert passed == EXPECTED["onnx"] - left_out and alone == EXPECTED["onnx operators alone"] - left_out


# torch's op_db: the samples and error inputs that its own tests run over every convolution.


@cache
def convolutions():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's private test helpers import deprecated modules
        from torch.testing._internal.common_methods_invocations import op_db
    return [op for op in op_db if op.name.startswith("nn.functional.conv")]


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
def test_every_sample_of_torchs_op_db_gives_what_torch_gives(engine):
    count = 0
    for op in convolutions():
        for sample in op.sample_inputs("cpu", torch.float64, requires_grad=True):
            arguments = (sample.input, *sample.args)
            ours = getattr(cl, op.name.split(".")[-1])(*arguments, **sample.kwargs, engine=engine)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # torch warns that padding="same" may copy
                theirs = op.op(*arguments, **sample.kwargs)
            torch.testing.assert_close(ours, theirs)
            leaves = [a for a in arguments if isinstance(a, torch.Tensor)]
            grad = torch.randn(theirs.shape, dtype=theirs.dtype, generator=torch.Generator().manual_seed(count))
            for a, b in zip(
                torch.autograd.grad(ours, leaves, grad), torch.autograd.grad(theirs, leaves, grad), strict=True
            ):
                torch.testing.assert_close(a, b)
            count += 1
    assert count == EXPECTED["torch samples"]


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
def test_every_error_input_of_torchs_op_db_is_refused_in_one_line(engine):
    count = 0
    for op in convolutions():
        if op.error_inputs_func is None:
            continue
        for error in op.error_inputs("cpu"):
            sample = error.sample_input
            names = ("bias", "stride", "padding", "dilation", "groups")
            keywords = {**dict(zip(names, sample.args[1:], strict=False)), **sample.kwargs}
            with pytest.raises(ConvolabError) as caught:
                getattr(cl, op.name.split(".")[-1])(sample.input, sample.args[0], **keywords, engine=engine)
            assert "\n" not in str(caught.value) and str(caught.value).startswith("conv")
            count += 1
    assert count == EXPECTED["torch errors"]


def test_a_fault_planted_in_an_engine_fails_the_suites(monkeypatch):
    from convolab.engine import load

    right = load("numpy").forward
    monkeypatch.setattr(load("numpy"), "forward", lambda g, x, w, *rest: right(g, x, w[..., ::-1], *rest))
    with pytest.raises(AssertionError):
        test_every_onnx_backend_test_passes("numpy")
    with pytest.raises(AssertionError):
        test_every_sample_of_torchs_op_db_gives_what_torch_gives("numpy")


def test_onnx_same_padding_keeps_the_size_over_the_stride():
    ((before, after),) = _pads("SAME_LOWER", None, (5,), (3,), (2,), (1,))
    assert output_size(5, 3, 2, 1, before, after) == 3
