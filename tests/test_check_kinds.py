"""check calls functions by kind: parameters by name, default and place, options in pairs and dicts, results in tuples, classes."""

import pytest
from hand_ins import codes, judged, verdict
from in_turn import few

# Parameters

RIGHT_FUNCTIONS = {
    "by their names, in another order": "def run(kernel, image, /, *, pad=0, step=1):\n    return correlated(image, kernel, (step, step), (pad, pad))",
    "by their places": "def run(u, v, m=1, n=0):\n    return correlated(u, v, (m, m), (n, n))",
    "a and b are the arrays": "def run(a, b, stride=1, padding=0):\n    return correlated(a, b, (stride, stride), (padding, padding))",
    "in camel case": "def run(inputData, kernelSet, zeroPad=0, numStrides=1):\n    return correlated(inputData, kernelSet, pad=(zeroPad, zeroPad))",
    "a required bias of (F,)": "def run(x, w, b):\n    assert b.shape == (len(w),)\n    return correlated(x, w) + b[:, None, None]",
    "a required bias of (1, 1, 1, F)": "def run(x, w, b):\n    assert b.ndim == 4 and b.shape[3] == len(w)\n    return correlated(x, w) + b.reshape(-1, 1, 1)",
    "a required bias of (F, 1)": "def run(x, w, b):\n    assert b.shape == (len(w), 1)\n    return correlated(x, w) + b[:, :, None]",
    "pairs by their defaults": "def run(x, w, p=(0, 0), s=(1, 1)):\n    return correlated(x, w, s, p)",
    "pairs by their annotations": "def run(x, w, stride: tuple[int, int], padding: tuple[int, int]):\n    return correlated(x, w, stride, padding)",
    "a dict of options": "def run(x, w, conv_param):\n    s, p = conv_param['stride'], conv_param['pad']\n    return correlated(x, w, (s, s), (p, p))",
    "a dict with keys of its own": "def run(x, w, cfg={'steps': 1, 'margin': 0}):\n    s, p = cfg['steps'], cfg['margin']\n    return correlated(x, w, (s, s), (p, p))",
    "a tuple with a cache": "def run(x, w, b, stride, pad):\n    out = correlated(x, w, (stride, stride), (pad, pad)) + b[:, None, None]\n    return out, (x, w, b)",
}  # fmt: skip


@pytest.mark.parametrize("source", RIGHT_FUNCTIONS.values(), ids=RIGHT_FUNCTIONS)
def test_a_right_function_passes_whatever_its_parameters_are_called(tmp_path, source):
    result = verdict(tmp_path, source)
    assert result.status == "passed", result.diagnosis


def test_one_number_is_a_bias_where_there_is_one_filter(tmp_path):
    source = "def run(img, kernel, b):\n    return correlated(img[None, None], kernel[None, None])[0, 0] + float(b)"
    assert verdict(tmp_path, source, target="apply_convolution").status == "passed"


LISTS = """
def run(image, kernel):
    if not isinstance(image, list):
        raise TypeError("lists only")
    rows, columns = len(image) - len(kernel) + 1, len(image[0]) - len(kernel[0]) + 1
    return [[sum(image[i + k][j + l] * kernel[k][l] for k in range(len(kernel)) for l in range(len(kernel[0])))
             for j in range(columns)] for i in range(rows)]
"""


def test_nested_lists_are_handed_in_where_arrays_are_refused(tmp_path):
    assert verdict(tmp_path, LISTS, target="apply_convolution").status == "passed"


def test_lists_with_a_flipped_kernel_are_named(tmp_path):
    wrong = LISTS.replace("kernel[k][l]", "kernel[-1 - k][-1 - l]")
    assert verdict(tmp_path, wrong, target="apply_convolution").diagnosis.code == "flipped-kernel"


WRONG_OPTIONS = {
    "keywords of which two are ignored": "def run(x, w, **kw):\n    s, p = kw.get('stride', 1), kw.get('padding', 0)\n    return correlated(x, w, (s, s), (p, p))",
    "a padding on one side only": "def run(x, w, margin=0):\n    return correlated(np.pad(x, ((0, 0), (0, 0), (margin, 0), (margin, 0))), w)",
    "a padding that is ignored": "def run(x, w, b, step, zero_padding):\n    return correlated(x, w, (step, step)) + b[:, None, None]",
    "a padding that is doubled": "def run(x, w, hparameters):\n    p = 2 * hparameters['pad']\n    return correlated(x, w, pad=(p, p))[:, :, ::hparameters['stride'], ::hparameters['stride']]",
    "a bias that is subtracted": "def run(x, w, b):\n    return correlated(x, w) - b[:, None, None]",
    "a bias that is forgotten": "def run(x, w, beta):\n    return correlated(x, w)",
    "a bias along the rows": "def run(x, w, b):\n    return correlated(x, w) + b[0]",
    "pairs that are exchanged": "def run(x, w, stride=(1, 1), padding=(0, 0)):\n    return correlated(x, w, stride[::-1], padding)",
}  # fmt: skip


@pytest.mark.parametrize("source", few(WRONG_OPTIONS, 2))
def test_a_wrong_option_or_bias_fails_whatever_it_is_called(tmp_path, source):
    result = verdict(tmp_path, source)
    assert result.status == "failed" and result.diagnosis.code, result.notes


def test_a_padding_that_is_a_word_is_left_at_that_word(tmp_path):
    source = """
def run(x, w, padding="same"):
    (a, b), (c, d) = (((k - 1) // 2, k // 2) if padding == "same" else (0, 0) for k in w.shape[2:])
    return correlated(np.pad(x, ((0, 0), (0, 0), (a, b), (c, d))), w)
"""
    result = verdict(tmp_path, source)
    assert result.status == "passed" and "left at one value, and not judged: padding" in result.notes
    assert verdict(tmp_path, source.replace('="same"', '="valid"')).status == "passed"


def test_a_parameter_that_was_never_varied_is_named(tmp_path):
    source = "def run(x, w, stride=1, fast=True, tag='a'):\n    return correlated(x, w, (stride, stride))"
    result = verdict(tmp_path, source)
    assert result.status == "passed"
    assert "left at one value, and not judged: fast, tag" in result.notes
    assert "takes no padding: judged without" in result.notes


# Results

BACKWARD = """
def run(dout, x, w, stride=1, pad=0):
    return back(dout, x, w, (stride, stride), (pad, pad))
"""


@pytest.mark.parametrize("target", few(["conv2d_input", "conv2d_weight", "conv2d_bias"], 1))
def test_each_result_of_a_tuple_is_judged_in_its_place(tmp_path, target):
    assert verdict(tmp_path, BACKWARD, target=target).status == "passed"
    wrong = BACKWARD.replace("    return ", "    dx, dw, db = ") + "    return 2 * dx, -dw, db / len(dout)\n"
    assert verdict(tmp_path, wrong, target=target).status == "failed"


@pytest.mark.slow
def test_a_cache_is_what_the_forward_pass_kept(tmp_path):
    source = """
def layer_forward(x, w, b, stride, pad):
    out = correlated(x, w, (stride, stride), (pad, pad)) + b[:, None, None]
    return out, {"x": x, "w": w, "sp": (stride, pad)}

def layer_backward(dout, cache):
    s, p = cache["sp"]
    return back(dout, cache["x"], cache["w"], (s, s), (p, p))
"""
    for target in ("conv2d_input", "conv2d_weight", "conv2d_bias"):
        assert verdict(tmp_path, source, "layer_backward", target).status == "passed", target
    wrong = source.replace('cache["w"]', 'cache["w"][..., ::-1]')
    assert verdict(tmp_path, wrong, "layer_backward", "conv2d_input").diagnosis.code == "flipped-columns"


def test_a_result_may_be_written_into_out(tmp_path):
    source = "def run(x, w, out):\n    out[...] = correlated(x, w)"
    assert verdict(tmp_path, source).status == "passed"
    wrong = "def run(x, w, out):\n    out[...] = correlated(x, w[:, :, ::-1])"
    assert verdict(tmp_path, wrong).status == "failed"


# Classes

LAYER = """
class Layer:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, (self.stride,) * 2, (self.pad,) * 2) + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        dx, self.dW, self.db = back(dout, self.x, self.W, (self.stride,) * 2, (self.pad,) * 2)
        return dx
"""
SIZED = """
class Layer:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        size = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        self.weights = np.random.randn(out_channels, in_channels, *size)
        self.bias = np.zeros(out_channels)
        self.stride, self.padding = stride, padding

    def forward(self, inputs):
        self.inputs = inputs
        return correlated(inputs, self.weights, (self.stride,) * 2, (self.padding,) * 2) + self.bias[:, None, None]

    def backward(self, grad_output):
        dx, self.dweights, self.dbias = back(grad_output, self.inputs, self.weights, (self.stride,) * 2, (self.padding,) * 2)
        return dx
"""
NAMES = ["Layer", "Layer [dx]", "Layer [dw]", "Layer [db]"]


@pytest.mark.parametrize("source", [LAYER, SIZED], ids=["from weights", "from sizes"])
def test_a_layer_is_judged_forward_and_backward(tmp_path, source):
    found = codes(judged(tmp_path, source, {"Layer": "conv2d"}))
    assert found == dict.fromkeys(NAMES, "passed")


LAYER_FAULTS = {
    "a gradient twice as large": ("self.dW, self.db = back(dout,", "self.dW, self.db = back(2 * dout,", NAMES[1:]),
    "a bias's over the batch": (
        "        return dx\n",
        "        self.db = self.db / len(dout)\n        return dx\n",
        NAMES[3:],
    ),
    "a weight's turned": (
        "        return dx\n",
        "        self.dW = self.dW[:, :, ::-1, ::-1]\n        return dx\n",
        NAMES[2:3],
    ),
    "an input's with its channels turned": ("        return dx\n", "        return dx[:, ::-1]\n", NAMES[1:2]),
    "twice the bias": ("self.b.reshape(1, -1, 1, 1)", "2 * self.b.reshape(1, -1, 1, 1)", NAMES[:1]),
    "twice the padding": ("(self.pad,) * 2) + self.b", "(2 * self.pad,) * 2) + self.b", NAMES[:1]),
}


@pytest.mark.parametrize("fault", few(LAYER_FAULTS, 2))
def test_a_fault_in_a_layer_is_found_where_it_is_and_nowhere_else(tmp_path, fault):
    old, new, wrong = fault
    assert LAYER.count(old) == 1
    found = codes(judged(tmp_path, LAYER.replace(old, new), {"Layer": "conv2d"}))
    assert [name for name in NAMES if found[name] != "passed"] == wrong


def test_an_object_that_adds_to_the_gradient_of_its_last_call_is_told(tmp_path):
    source = LAYER.replace(
        "self.W, self.b, self.stride", "self.dW = np.zeros(W.shape)\n        self.W, self.b, self.stride"
    )
    source = source.replace("dx, self.dW, self.db = back", "dx, dW, self.db = back").replace(
        "        return dx\n", "        self.dW += dW\n        return dx\n"
    )
    assert codes(judged(tmp_path, source, {"Layer": "conv2d"}))["Layer [dw]"] == "accumulator-not-reset"


# Static functions, and torch's

STATIC = """
class Function:
    @staticmethod
    def forward(ctx, input, weight, stride=1, padding=0):
        ctx.save_for_backward(input, weight)
        ctx.options = (stride, stride), (padding, padding)
        return correlated(input, weight, *ctx.options)

    @staticmethod
    def backward(ctx, grad_output):
        input, weight = ctx.saved_tensors
        return back(grad_output, input, weight, *ctx.options)[:2]
"""


@pytest.mark.slow
def test_a_static_forward_gets_a_context_and_its_backward_the_same(tmp_path):
    found = codes(judged(tmp_path, STATIC, {"Function": "conv2d"}))
    assert {n: found[n] for n in ("Function", "Function [dx]", "Function [dw]")} == dict.fromkeys(
        ("Function", "Function [dx]", "Function [dw]"), "passed"
    )
    wrong = STATIC.replace("[:2]", "[1::-1]")
    found = codes(judged(tmp_path, wrong, {"Function": "conv2d"}))
    assert found["Function"] == "passed" and found["Function [dx]"] == found["Function [dw]"] == "exchanged-results"


TORCH = """
import torch
from torch.nn import grad

class Own(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input, weight, bias, stride, padding):
        ctx.save_for_backward(input, weight)
        ctx.options = stride, padding
        return torch.nn.functional.conv2d(input, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx, g):
        input, weight = ctx.saved_tensors
        dx = grad.conv2d_input(input.shape, weight, g, *ctx.options)
        dw = grad.conv2d_weight(input, weight.shape, g, *ctx.options)
        return dx, dw, g.sum((0, 2, 3)), None, None
"""


@pytest.mark.slow
def test_a_wrong_backward_of_a_torch_function_is_found_and_a_right_one_passes(tmp_path):
    pytest.importorskip("torch")
    assert codes(judged(tmp_path, TORCH, {"Own": "conv2d"})) == {
        name.replace("Layer", "Own"): "passed" for name in NAMES
    }
    wrong = TORCH.replace("return dx, dw, g.sum((0, 2, 3))", "return dx, dw.flip(2, 3), g.mean((0, 2, 3))")
    found = codes(judged(tmp_path, wrong, {"Own": "conv2d"}))
    assert found["Own"] == found["Own [dx]"] == "passed"
    assert found["Own [dw]"] not in ("passed", "unrecognised") and found["Own [db]"] == "mean-for-sum"


NUMBA = """
from numba import njit, prange

@njit(parallel=False)
def run(img, kernel):
    h, w = img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1
    out = np.zeros((h, w))
    for i in prange(h):
        for j in range(w):
            for a in range(kernel.shape[0]):
                for b in range(kernel.shape[1]):
                    out[i, j] += img[i + a, j + b] * kernel[a, b]
    return out
"""


@pytest.mark.slow
def test_functions_that_numba_compiles_are_judged(tmp_path):
    assert verdict(tmp_path, NUMBA, target="apply_convolution").status == "passed"
    wrong = verdict(tmp_path, NUMBA.replace("kernel[a, b]\n", "kernel[a, -1 - b]\n"), target="apply_convolution")
    assert wrong.diagnosis.code == "flipped-columns"
