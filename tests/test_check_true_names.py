"""check says of a function what is true of it, and nothing more."""

import pytest
from hand_ins import codes, verdict
from test_check_strangers_kinds import judged

PLAIN = "def apply_convolution(img, kernel):\n    out = correlated(img[None, None], kernel[None, None])[0, 0]\n    return {}"


@pytest.mark.parametrize(
    "returned, said", [("img", "the image"), pytest.param("kernel", "the kernel", marks=pytest.mark.slow)]
)
def test_an_argument_that_comes_back_is_called_that(tmp_path, returned, said):
    found = verdict(tmp_path, PLAIN.format(returned), "apply_convolution", "apply_convolution")
    assert found.diagnosis.code == "argument-returned"
    assert f"every call returned {said} that was handed in" in found.diagnosis.message


def test_of_a_kernel_without_influence_no_earlier_one_is_claimed(tmp_path):
    found = verdict(tmp_path, PLAIN.format("np.sqrt(np.abs(img)) + 3"), "apply_convolution")
    assert found.diagnosis.code == "kernel-ignored" and found.diagnosis.message == "The kernel changes nothing."


@pytest.mark.slow
def test_a_kernel_of_an_earlier_call_is_one_of_them(tmp_path):
    source = "KEPT = {}\ndef apply_convolution(img, kernel):\n    kernel = KEPT.setdefault(kernel.shape, kernel)\n    return correlated(img[None, None], kernel[None, None])[0, 0]"
    assert verdict(tmp_path, source, "apply_convolution").diagnosis.code == "stale-cache"


FLIPPED = (
    "def {}(image, kernel):\n    {}\n    return correlated(image[None, None], kernel[None, None, ::-1, ::-1])[0, 0]"
)


def test_a_name_alone_asks_for_no_turned_kernel(tmp_path):
    assert codes(judged(tmp_path, FLIPPED.format("conv2d_flipped_rows", ""))) == {
        "conv2d_flipped_rows": "flipped-kernel"
    }
    for text in ("'''Flips the kernel.'''", "# a true convolution"):
        assert codes(judged(tmp_path, FLIPPED.format("filter2d", text))) == {"filter2d": "passed"}


def test_a_helper_that_raises_is_quoted_though_empty_loops_pass_it_by(tmp_path):
    source = """
def element(i, j, img, kernel):
    raise NotImplementedError("write me")
def apply_convolution(img, kernel):
    rows, columns = img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1
    return np.array([[element(i, j, img, kernel) for j in range(columns)] for i in range(rows)])
"""
    found = verdict(tmp_path, source, "apply_convolution", "apply_convolution")
    assert found.status == "error" and "NotImplementedError" in found.diagnosis.message


MIRRORED = '''
def conv_same(image, kernel):
    """Filters an image; the result has the same size, and the image is mirrored at its border."""
    (y, x), b = kernel.shape, (lambda k: ({}, k - 1 - {}))
    wide = np.pad(image, (b(y), b(x)), mode="symmetric")
    return correlated(wide[None, None], kernel[None, None])[0, 0] / kernel.size
'''


@pytest.mark.parametrize("before", ["k // 2", pytest.param("(k - 1) // 2", marks=pytest.mark.slow)])
def test_a_stated_convention_is_no_second_mistake_wherever_even_kernels_have_their_centre(tmp_path, before):
    assert codes(judged(tmp_path, MIRRORED.format(before, before))) == {"conv_same": "mean-for-sum"}


# Indices that run on in memory

RUN_ON = """
def conv_same(image, kernel):
    (h, w), (y, x) = image.shape, kernel.shape
    memory, out = image.ravel(), np.zeros(h * w)
    for place in range(h * w):
        for a, b in np.ndindex(y, x):
            at = place + (a - y // 2) * w + b - x // 2
            if 0 <= at < h * w:
                out[place] += memory[at] * kernel[a, b]
    return out.reshape(h, w)
"""
VIEWED = """
def conv2d(x, w, stride=1, padding=0):
    wide = np.ascontiguousarray(np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding))))
    (n, c, height, width), (f, _, kh, kw) = wide.shape, w.shape
    a, b, _, d = wide.strides
    row = d * x.shape[{}]
    sizes = ((height - kh) // stride + 1, (width - kw) // stride + 1)
    view = np.lib.stride_tricks.as_strided(wide, (n, c, *sizes, kh, kw), (a, b, row * stride, d * stride, row, d))
    return np.einsum("ncyxhw,fchw->nfyx", view, w)
"""


def test_an_index_that_runs_on_over_the_end_of_a_row_is_said_beside_a_size_of_its_own(tmp_path):
    (found,) = judged(tmp_path, RUN_ON).functions
    assert found.diagnosis.code == "wrong-index" and "runs on in memory" in found.diagnosis.message
    right = RUN_ON.replace("if 0 <= at < h * w:", "if 0 <= at < h * w and 0 <= place % w + b - x // 2 < w:")
    assert "wrong-index" not in codes(judged(tmp_path, right)).values()


@pytest.mark.parametrize(
    "axis, words",
    [(3, "the unpadded one is wide"), pytest.param(2, "the unpadded one is high", marks=pytest.mark.slow)],
)
def test_a_view_with_rows_of_another_width_is_one(tmp_path, axis, words):
    found = verdict(tmp_path, VIEWED.format(axis), "conv2d")
    assert found.diagnosis.code == "wrong-index" and words in found.diagnosis.message


# What is true of the fit, and no more


@pytest.mark.slow
def test_a_right_law_for_square_kernels_is_not_claimed_for_those_of_3_by_3_alone(tmp_path):
    source = """
def conv_forward(A_prev, W, b, hparameters):
    (m, h, w, c), (f, f, c, n) = A_prev.shape, W.shape
    s, p = hparameters["stride"], hparameters["pad"]
    x = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    Z = np.zeros((m, (h - f + 2 * p) // s + 1, (w - f + 2 * p) // s + 1, n))
    for y, z in np.ndindex(Z.shape[1:3]):
        Z[:, y, z] = np.tensordot(x[:, y:y + f, z * s:z * s + f], W, 3) + b[0, 0, 0]
    return Z, (A_prev, W, b, hparameters)
"""
    (found,) = judged(tmp_path, source).functions
    assert found.diagnosis.code == "stride-one-axis"
    assert "3 × 3" not in found.diagnosis.message + found.diagnosis.explanation


@pytest.mark.slow
def test_all_of_the_padding_before_is_padding_at_one_side(tmp_path):
    source = "def conv2d(x, w, stride=1, padding=0):\n    x = np.pad(x, ((0, 0), (0, 0), (2 * padding, 0), (2 * padding, 0)))\n    return correlated(x, w, (stride, stride))"
    assert verdict(tmp_path, source, "conv2d").diagnosis.code == "padding-one-side"


@pytest.mark.slow
def test_a_dilation_that_is_ignored_takes_its_padding_with_it(tmp_path):
    source = "def conv_3_1_2_zp(x_in, omega):\n    x = np.pad(x_in, 1)\n    return np.array([x[i:i + 3] @ omega for i in range(len(x_in))])"
    (found,) = judged(tmp_path, source).functions
    assert found.diagnosis.code == "dilation-ignored"
    assert "zero" not in found.diagnosis.message


# What a text asks for


def test_where_a_true_convolution_is_asked_for_a_kernel_that_is_not_turned_is_said_to_lie(tmp_path):
    source = "def conv_nested(image, kernel):\n    y, x = kernel.shape\n    return correlated(image[None, None], kernel[None, None{}], pad=(y // 2, x // 2))[0, 0]"
    (found,) = judged(tmp_path, source.format("")).functions
    assert found.diagnosis.code == "flipped-kernel" and "it lies" in found.diagnosis.message
    assert "backwards" not in found.diagnosis.message + found.diagnosis.explanation
    (found,) = judged(tmp_path, source.format(", ::-1")).functions
    assert (
        found.diagnosis.code == "flipped-columns"
        and "Only the rows of the kernel are used backwards" in found.diagnosis.message
    )


HALF = "def filtered(image, kernel):\n    '''Correlates; the result is as large as the image{}.'''\n    (y, x), wide = kernel.shape, np.pad(image, [(k // 2, k // 2) for k in kernel.shape]{})\n    return correlated(wide[None, None], kernel[None, None])[0, 0]"


def test_a_border_of_half_a_kernel_is_of_the_image_s_size_for_the_odd_kernels_of_which_the_text_speaks(tmp_path):
    assert codes(judged(tmp_path, HALF.format("", ""))) == {"filtered": "output-size"}
    assert codes(judged(tmp_path, HALF.format(", for odd kernels", ""))) == {"filtered": "passed"}
    assert codes(judged(tmp_path, HALF.format(", for odd kernels", ", mode='edge'"))) == {"filtered": "padding-mode"}


@pytest.mark.slow
def test_what_is_done_to_a_result_of_the_image_s_size_is_said_where_nobody_asked_for_a_size(tmp_path):
    source = "def filter2d(image, kernel):\n    (y, x), wide = kernel.shape, np.pad(image, [(k // 2, (k - 1) // 2) for k in kernel.shape])\n    return np.trunc(correlated(wide[None, None], kernel[None, None])[0, 0]) % 256"
    (found,) = judged(tmp_path, source).functions
    assert found.diagnosis.code == "not-linear" and "cut to bytes" in found.diagnosis.message


def test_a_border_that_the_text_does_not_ask_for_is_the_only_mistake_beside_the_size_that_it_asks_for(tmp_path):
    source = "def filter2d(image, kernel):\n    '''The result has the size of the image; zeros outside.'''\n    wide = np.pad(image, [(k // 2, (k - 1) // 2) for k in kernel.shape], mode='edge')\n    return correlated(wide[None, None], kernel[None, None])[0, 0]"
    assert codes(judged(tmp_path, source)) == {"filter2d": "padding-mode"}


def test_a_bias_that_is_added_as_it_comes_is_not_right_because_one_of_the_result_s_size_would_be(tmp_path):
    source = "def conv2d(x, w, b):\n    return correlated(x, w) + b"
    assert "bias-axis" in verdict(tmp_path, source, "conv2d").diagnosis.code


BORDER_COPIED = '''
def blur_filter(image, kernel):
    """{}"""
    out, (y, x) = image.astype(float), (k // 2 for k in kernel.shape)
    for i in range(y, image.shape[0] - y):
        for j in range(x, image.shape[1] - x):
            out[i, j] = (image[i - y:i + y + 1, j - x:j + x + 1] * kernel).sum()
    return out
'''


@pytest.mark.parametrize("text", [pytest.param("", marks=pytest.mark.slow), "Same size, odd kernels, zeros outside."])
def test_a_layout_is_not_chosen_because_an_argument_comes_back_in_it(tmp_path, text):
    (found,) = judged(tmp_path, BORDER_COPIED.format(text)).functions
    assert found.diagnosis.code == "missing-border" and "own pixels stand around" in found.diagnosis.message


def test_values_that_are_right_to_three_digits_are_called_that(tmp_path):
    source = "def conv2d(x, w):\n    return correlated(x.astype(np.float16), w.astype(np.float16)).astype(float)"
    found = verdict(tmp_path, source, "conv2d")
    assert found.diagnosis.code == "wrong-dtype" and "three digits" in found.diagnosis.message


def test_the_last_window_that_a_range_leaves_out_is_a_size(tmp_path):
    source = "def conv2d(x, w, stride=1):\n    rows, columns = (-(-(n - k) // stride) for n, k in zip(x.shape[2:], w.shape[2:]))\n    return correlated(x, w, (stride, stride))[:, :, :rows, :columns]"
    assert verdict(tmp_path, source, "conv2d").diagnosis.code == "output-size"


@pytest.mark.slow
def test_gradients_in_a_dict_under_the_weights_names_are_no_step_of_descent(tmp_path):
    source = """
class Conv2D:
    def __init__(self, W, b, stride=1, padding=0):
        self.params, self.stride, self.padding = {"W": W, "b": b}, stride, padding
        self.grads = {"W": np.zeros_like(W), "b": np.zeros_like(b)}

    def forward(self, x):
        self.x = x
        return correlated(x, self.params["W"], (self.stride,) * 2, (self.padding,) * 2) + self.params["b"][:, None, None]

    def backward(self, dy):
        dx, dw, self.grads["b"] = back(dy, self.x, self.params["W"], (self.stride,) * 2, (self.padding,) * 2)
        self.grads["W"] {} dw
        return dx
"""
    assert judged(tmp_path, source.replace("{}", "=")).passed
    found = codes(judged(tmp_path, source.replace("{}", "+=")))
    assert {n: c for n, c in found.items() if c != "passed"} == {"Conv2D [dw]": "accumulator-not-reset"}


# Gradients with names of somebody's own

SCATTERED = """
def conv_grad_input(dout, w, {}, stride=1):
    '''The gradient with respect to the input of a layer without padding.'''
    (_, rows, columns, _), (kh, kw, c, f) = dout.shape, w.shape
    dx = np.zeros({})
    for i, j in np.ndindex(kh, kw):
        dx[:, i:i + rows * stride:stride, j:j + columns * stride:stride] {} dout @ w[i, j].T
    return dx
"""
SHAPE = ("x_shape", "x_shape")
SIDES = ("H, W", "(dout.shape[0], H, W, w.shape[2])")


@pytest.mark.parametrize("size", [SHAPE, pytest.param(SIDES, marks=pytest.mark.slow)])
def test_a_gradient_is_found_by_its_name_however_its_size_is_handed_in(tmp_path, size):
    assert codes(judged(tmp_path, SCATTERED.format(*size, "+="))) == {"conv_grad_input": "passed"}
    assert codes(judged(tmp_path, SCATTERED.format(*size, "="))) == {"conv_grad_input": "overwrites"}


def test_a_gradient_of_the_kernel_is_handed_the_kernels_sides(tmp_path):
    source = """
def conv2d_backward_filter(x, dy, size, stride):
    kh, kw = size
    dw = np.zeros((dy.shape[1], x.shape[1], kh, kw))
    for i, j in np.ndindex(kh, kw):
        part = x[:, :, i:i + stride * dy.shape[2]:{}, j:j + stride * dy.shape[3]:{}]
        dw[:, :, i, j] = np.einsum("nfyx,ncyx->fc", dy, part[:, :, :dy.shape[2], :dy.shape[3]])
    return dw
"""
    assert codes(judged(tmp_path, source.format("stride", "stride"))) == {"conv2d_backward_filter": "passed"}
    assert codes(judged(tmp_path, source.format(1, 1))) == {"conv2d_backward_filter": "stride-ignored"}


def test_of_a_backward_pass_of_two_gradients_no_third_is_judged(tmp_path):
    source = """
def conv_backward(dy, x, k, stride):
    assert not (x.shape[0] - k.shape[0]) % stride and not (x.shape[1] - k.shape[1]) % stride
    dx, dk, _ = back(dy[None, None], x[None, None], k[None, None], (stride, stride), (0, 0))
    return dx[0, 0], dk[0, 0]
"""
    found = judged(tmp_path, source).functions
    assert [(f.name, f.diagnosis.code) for f in found] == [
        ("conv_backward [dx]", "domain"),
        ("conv_backward [dw]", "domain"),
    ]


# Options that no argument of their own name stands for

DILATED = '''
def dilated_same(img, kernel, d):
    """A dilated cross-correlation with zeros outside, as large as the image, for odd kernels."""
    (h, w), (y, x) = img.shape, kernel.shape
    wide = np.zeros((h + 2 * d * y, w + 2 * d * x))
    wide[d * y:d * y + h, d * x:d * x + w] = img
    out = np.zeros((h, w))
    for a, b in np.ndindex(y, x):
        i, j = d * y + a * d - {} * (y // 2), d * x + b * d - {} * (x // 2)
        out += kernel[a, b] * wide[i:i + h, j:j + w]
    return out
'''


@pytest.mark.slow
def test_an_option_that_is_needed_is_no_third_array(tmp_path):
    assert codes(judged(tmp_path, DILATED.format("d", "d"))) == {"dilated_same": "passed"}
    assert codes(judged(tmp_path, DILATED.format("1", "1"))) == {"dilated_same": "shifted"}


DILATED_MODULE = '''
import torch
class DilatedConv(torch.nn.Module):
    """A dilated convolution with zero padding that keeps the image's size, for odd kernels."""

    def __init__(self, cin, cout, k, d=1):
        super().__init__()
        self.k, self.d = k, d
        self.weight = torch.nn.Parameter(torch.randn(cout, cin, k, k))

    def forward(self, x):
        p = {}self.k // 2
        return torch.nn.functional.conv2d(torch.nn.functional.pad(x, (p, p, p, p)), self.weight, dilation=self.d)
'''


@pytest.mark.slow
def test_a_module_is_built_with_the_size_of_its_kernel(tmp_path):
    (right,) = judged(tmp_path, DILATED_MODULE.format("self.d * (self.k - 1) // 2 if self.k else 0 * ")).functions
    assert right.status == "passed" or right.diagnosis.code == "domain", right.diagnosis
    (wrong,) = judged(tmp_path, DILATED_MODULE.format("")).functions
    assert wrong.diagnosis.code == "output-size" and "does not grow with the dilation" in wrong.diagnosis.message


# Several filters a channel, with an axis of their own

DEPTHWISE = """
def depthwise_conv2d(x, w):
    {} = w.shape
    x, w = x.transpose({}), w.transpose({})
    out = np.stack([correlated(x[:, [c]], w[c][:, None]) for c in range(x.shape[1])], {})
    return out.reshape(len(x), -1, *out.shape[3:]).transpose({})
"""
FIRST = ("C, m, kh, kw", (0, 1, 2, 3), (0, 1, 2, 3))
LAST = ("kh, kw, C, m", (0, 3, 1, 2), (2, 3, 0, 1))
BACK = {FIRST: (0, 1, 2, 3), LAST: (0, 2, 3, 1)}


@pytest.mark.parametrize("layout", [LAST, pytest.param(FIRST, marks=pytest.mark.slow)])
def test_filters_of_a_channel_have_an_axis_of_their_own(tmp_path, layout):
    assert codes(judged(tmp_path, DEPTHWISE.format(*layout, 1, BACK[layout]))) == {"depthwise_conv2d": "passed"}
    assert codes(judged(tmp_path, DEPTHWISE.format(*layout, 2, BACK[layout]))) == {"depthwise_conv2d": "filters-mixed"}


# What a text says of borders, sizes and sides

STATED = '''
def correlate(img, kernel{}):
    """{}"""
    (h, w), (y, x) = img.shape, kernel.shape
    {}
'''
CIRCULAR = "return sum(kernel[a, b] * np.roll(img, (-a, -b), (0, 1)) for a, b in np.ndindex(y, x))"
HALF_A_KERNEL = """p = np.pad(img, ((y // 2,) * 2, (x // 2,) * 2))
    return correlated(p[None, None], kernel[None, None])[0, 0]"""
CROSSED = """p, q = x // 2, y // 2
    wide = np.pad(img, ((p, y + x), (q, y + x)))[:h + y - 1, :w + x - 1]
    return correlated(wide[None, None], kernel[None, None])[0, 0]"""
SAME = """p, q = ((-(-n // s) - 1) * s + k - n for n, k in ((h, y), (w, x)))
    p, q = max(p, 0), max(q, 0)
    wide = np.pad(img, ((p - p // 2, p // 2), (q - q // 2, q // 2)))
    return correlated(wide[None, None], kernel[None, None], (s, s))[0, 0]"""


@pytest.mark.parametrize(
    "code, more, text, body",
    [
        ("passed", "", "Correlates a periodic image, read at (i + k) mod H.", CIRCULAR),
        ("passed", "", "With kernel.shape // 2 zeros on every side, all positions kept.", HALF_A_KERNEL),
        ("pair-exchanged", "", "As large as img, zeros outside; sides not necessarily the same.", CROSSED),
        ("shifted", ", s=1", 'padding="SAME" as TensorFlow does it: an odd zero goes to the bottom.', SAME),
    ],
)  # fmt: skip
def test_a_text_is_believed_as_far_as_it_goes(tmp_path, code, more, text, body):
    assert codes(judged(tmp_path, STATED.format(more, text, body))) == {"correlate": code}


# Transposed convolutions

SPREAD = """
class Deconv:
    '''A transposed convolution{}.'''
    def __init__(self, weight, bias, stride=1, padding=0):
        {}
        self.weight, self.bias, self.s, self.p = weight, bias, stride, padding
    def __call__(self, x):
        (n, c, h, w), (_, o, kh, kw) = x.shape, self.weight.shape
        y = np.zeros((n, o, (h - 1) * self.s + kh, (w - 1) * self.s + kw))
        for i, j in np.ndindex(h, w):
            y[:, :, i * self.s:i * self.s + kh, j * self.s:j * self.s + kw] += np.tensordot(x[:, :, i, j], self.weight, 1)
        p = {}self.p
        return y[:, :, p:y.shape[2] - p, p:y.shape[3] - p] + self.bias[:, None, None]
"""


def test_a_transposed_convolution_is_judged_as_one(tmp_path):
    (right,) = judged(tmp_path, SPREAD.format("", "", "")).functions
    assert right.status == "passed" and any("not judged: bias" in note for note in right.notes)
    assert codes(judged(tmp_path, SPREAD.format("", "", "0 * "))) == {"Deconv": "output-size"}


@pytest.mark.parametrize("text", [" with square kernels", pytest.param("", marks=pytest.mark.slow)])
def test_square_kernels_that_a_text_asks_for_are_no_mistake(tmp_path, text):
    found = judged(tmp_path, SPREAD.format(text, "assert weight.shape[2] == weight.shape[3]", ""))
    assert codes(found) == {"Deconv": "passed" if text else "domain"}


# Gradients that are what they are

LAYER = """
class ConvLayer:
    def __init__(self, weight, bias{}):
        self.weight, self.bias = np.array(weight, float), bias
        {}
    def forward(self, x):
        self.x = x
        return correlated(x, self.weight) + self.bias[:, None, None]
    def backward(self, dout):
        dx, dW, db = back(dout, self.x, self.weight, (1, 1), (0, 0))
        {}
"""


@pytest.mark.slow
def test_a_backward_pass_of_weight_and_bias_alone_has_no_gradient_of_the_input(tmp_path):
    found = judged(tmp_path, LAYER.format("", "", "return dW, db")).functions
    assert [(f.name, f.status) for f in found] == [(f"ConvLayer{n}", "passed") for n in ("", " [dw]", " [db]")]
    found = judged(tmp_path, LAYER.format("", "", "dW = dW[..., ::-1, ::-1]\n        return dW, db"))
    assert {f.name: f.status for f in found.functions}["ConvLayer [dw]"] == "failed"


@pytest.mark.parametrize("rate", ["lr=0.01", pytest.param("alpha=0.5", marks=pytest.mark.slow)])
def test_a_step_of_descent_with_the_rate_that_a_layer_is_built_with_is_no_scaled_gradient(tmp_path, rate):
    step = "self.weight -= self.lr * dW\n        self.bias = self.bias - self.lr * db\n        return dx"
    source = LAYER.format(f", {rate}", f"self.lr = {rate.split('=')[0]}", step)
    assert all(f.status == "passed" for f in judged(tmp_path, source).functions)


@pytest.mark.slow
def test_weights_that_are_added_to_their_gradient_are_no_rounding(tmp_path):
    source = LAYER.format("", "", "self.dW, self.db = dW + 1e-3 * self.weight, db\n        return dx")
    found = {f.name: f.diagnosis for f in judged(tmp_path, source).functions}["ConvLayer [dw]"]
    assert found.code == "result-changed" and "1/1000 times the kernel is added" in found.message


def test_a_function_that_is_called_the_gradient_of_the_weights_is_judged_as_that_alone(tmp_path):
    source = """
def conv_weight_grad(x, dout, k):
    return np.einsum("ncyxhw,nfhw->fcyx", np.lib.stride_tricks.sliding_window_view(x, dout.shape[2:], (2, 3)), dout){}
"""
    assert codes(judged(tmp_path, source.format(""))) == {"conv_weight_grad": "passed"}
    assert codes(judged(tmp_path, source.format(" / len(x)"))) == {"conv_weight_grad": "batch-mean"}


@pytest.mark.slow
def test_a_gradient_of_the_input_without_the_input_in_it_is_linear_for_all_that(tmp_path):
    source = """
def conv_backward(dout, x, w, pad):
    wide = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx, dw, db = back(dout, wide, w, (1, 1), (0, 0))
    return dx[:, :, pad:x.shape[2] - pad, pad:x.shape[3] - pad], dw, db
"""
    found = {f.name: f.diagnosis for f in judged(tmp_path, source).functions}["conv_backward [dx]"]
    assert found.code == "domain" and "padding 0" in found.message


def test_a_text_of_no_flipped_kernel_asks_for_none(tmp_path):
    source = """
def xcorr(image, kernel):
    '''Correlates (no flipped kernel); zeros outside, as large as the image, for odd kernels.'''
    (y, x), turned = kernel.shape, kernel[::-1, ::-1]
    places = [(a, b, (y // 2 - a, x // 2 - b)) for a, b in np.ndindex(y, x)]
    return sum(turned[a, b] * np.roll(image, shift, (0, 1)) for a, b, shift in places)
"""
    assert codes(judged(tmp_path, source)) == {"xcorr": "flipped-kernel+padding-mode"}


def test_half_a_drawing_says_the_border_too(tmp_path):
    text = "'''Correlates; as large as the image, for odd kernels, the border mirrored: d c b | a b c d.'''"
    body = "(y, x), wide = kernel.shape, np.pad(image, [(k // 2, (k - 1) // 2) for k in kernel.shape], mode='{}')\n    "
    source = FLIPPED.replace("image[None, None]", "wide[None, None]").replace(", ::-1, ::-1", "")
    right, wrong = (source.format("filter2d", f"{text}\n    {body.format(m)}") for m in ("reflect", "symmetric"))
    assert codes(judged(tmp_path, right)) == {"filter2d": "passed"}
    assert codes(judged(tmp_path, wrong)) == {"filter2d": "padding-mode"}


def test_of_the_square_kernels_that_a_text_asks_for_a_mistake_has_its_name(tmp_path):
    source = """
def correlate_shift(img, kernel):
    '''Same-size cross-correlation, zeros outside, odd square kernel.'''
    n, r = len(kernel), len(kernel) // 2
    big, (h, w) = np.pad(img, r), img.shape
    shifted = (kernel[a, b] * np.roll(big, (r - a, r - b), {}) for a, b in np.ndindex(n, n))
    return sum(shifted)[r:r + h, r:r + w]
"""
    assert codes(judged(tmp_path, source.format("(0, 1)"))) == {"correlate_shift": "passed"}
    assert codes(judged(tmp_path, source.format("(1, 0)"))) == {"correlate_shift": "transposed-kernel"}
