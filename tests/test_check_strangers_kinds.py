"""check judges what people leave beside their functions, what their texts say, and what only some inputs show."""

import re

import pytest
from hand_ins import CORE, codes, verdict
from in_turn import few

import convolab as cl


def judged(tmp_path, source):
    """What is found in a file by itself: the helpers have names of their own that say so."""
    path = tmp_path / "handin.py"
    path.write_text(re.sub(r"\b(correlated|back)\(", r"_\1(", CORE + source))
    return cl.check(path, timeout=60.0)


LAYER = """
class ConvLayer:
    def __init__(self, weight, bias, stride=1, pad=0):
        self.weight, self.bias, self.stride, self.pad = weight, bias, stride, pad

    def forward(self, x):
        self.x = x
        return correlated(x, self.weight, (self.stride,) * 2, (self.pad,) * 2) + self.bias[:, None, None]

    def backward(self, grad):
        dx, dw, db = back(grad, self.x, self.weight, (self.stride,) * 2, (self.pad,) * 2)
        {leaves}
"""
LEFT = {
    "under names of one's own": ("self.slope_of_kernel, self.slope_of_offset = {dw}, {db}; return {dx}", ["dx", "dw", "db"]),
    "in a dict": ("self.found = dict(first={dw}, second={db}); return {dx}", ["dx", "dw", "db"]),
    "the input's alone": ("return {dx}", ["dx"]),
    "the weight's alone": ("self.grad_w = {dw}", ["dw"]),
}  # fmt: skip


@pytest.mark.parametrize(
    "left",
    few(LEFT, 4)[:1] + [pytest.param(left, id=name, marks=pytest.mark.slow) for name, left in [*LEFT.items()][1:]],
)
def test_gradients_are_found_by_their_shapes_in_what_a_backward_pass_leaves(tmp_path, left):
    leaves, gradients = left
    report = judged(tmp_path, LAYER.format(leaves=leaves.format(dx="dx", dw="dw", db="db")))
    assert list(codes(report)) == ["ConvLayer", *(f"ConvLayer [{g}]" for g in gradients)]
    assert report.passed, codes(report)
    missing = 3 - len(gradients)
    notes = [note for f in report.functions for note in f.notes]
    assert sum("not judged" in note and "its backward pass leaves no gradient" in note for note in notes) == missing


@pytest.mark.parametrize("wrong", few(["dx", "dw", "db"], 1))
def test_a_wrong_gradient_beside_a_right_forward_pass_fails(tmp_path, wrong):
    leaves = LEFT["under names of one's own"][0].format(
        **{n: f"{n} * -1" if n == wrong else n for n in ("dx", "dw", "db")}
    )
    report = judged(tmp_path, LAYER.format(leaves=leaves))
    assert {name: code for name, code in codes(report).items() if code != "passed"} == {f"ConvLayer [{wrong}]": "sign"}


DESCENT = """
class ConvLayer:
    def __init__(self, kernels, biases):
        self.kernels, self.biases = kernels.copy(), biases.copy()

    def forward(self, x):
        self.x = x
        return correlated(x, self.kernels) + self.biases[:, None, None]

    def backprop(self, grad, learning_rate):
        dx, dw, db = back(grad, self.x, self.kernels)
        {order}
        return dx
"""
STEP = "self.kernels -= learning_rate * dw; self.biases -= learning_rate * db"


@pytest.mark.slow
def test_a_step_of_descent_shows_the_gradient_of_the_weight(tmp_path):
    assert judged(tmp_path, DESCENT.format(order=STEP)).passed
    wrong = judged(tmp_path, DESCENT.format(order=STEP.replace("* dw", "* dw / len(grad)")))
    assert codes(wrong)["ConvLayer [dw]"] == "batch-mean"


def test_weights_that_are_changed_before_the_gradient_that_needs_them_are_named(tmp_path):
    early = DESCENT.format(order=f"{STEP}; dx = back(grad, self.x, self.kernels)[0]")
    assert codes(judged(tmp_path, early))["ConvLayer [dx]"] == "updated-too-early"


CACHED = """
def conv_backward(dout, cache):
    {cache}
    return back(dout, images, filters, (step, step), (margin, margin))
"""


CACHES = {
    "a tuple": "step, margin, filters, bias, images = cache",
    "a dict": "images, filters, step, margin = (cache[k] for k in ('x', 'w', 'stride', 'pad')); cache['x'], cache['w'], cache['stride'], cache['pad']",
}  # fmt: skip


@pytest.mark.parametrize("cache", few(CACHES, 1))
def test_a_cache_is_made_of_what_is_taken_out_of_it(tmp_path, cache):
    report = judged(tmp_path, CACHED.format(cache=cache))
    assert list(codes(report).values()) == ["passed"] * 3
    wrong = CACHED.format(cache=cache).replace("(margin, margin))", "(margin, margin))[::-1]")
    assert not judged(tmp_path, wrong).passed


def test_a_way_of_its_own_for_kernels_of_one_pixel_is_asked_with_options(tmp_path):
    source = """
def run(x, w, stride=1, padding=0):
    if w.shape[2:] == (1, 1):
        return correlated(x, w)
    return correlated(x, w, (stride, stride), (padding, padding))
"""
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "stride-ignored+padding-ignored" and "right for kernels larger than 1 × 1" in found.message


@pytest.mark.slow
def test_a_bound_on_the_number_of_taps_is_found(tmp_path):
    source = "def run(x, w):\n    return correlated(x, w if w[0, 0].size < 15 else w[..., ::-1, ::-1])"
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "flipped-kernel" and "at most 12 taps" in found.message


PARTS = {
    "the last line where the size is odd": ("y = correlated(x, w)\n    y[:, :, y.shape[2] // 2 * 2:] = 0\n    y[..., y.shape[3] // 2 * 2:] = 0\n    return y", "missing-border", "where the size is odd"),
    "the last of several channels": ("n = max(1, x.shape[1] - 1)\n    return correlated(x[:, :n], w[:, :n])", "last-channel-dropped", "Of several input channels"),
    "all but the first singular pair": ("u, s, v = np.linalg.svd(w)\n    return correlated(x, u[..., :1] * s[..., None, :1] @ v[..., :1, :])", "not-linear", "first singular value"),
}  # fmt: skip


@pytest.mark.parametrize("body, code, said", PARTS.values(), ids=PARTS)
def test_what_is_left_out_is_said(tmp_path, body, code, said):
    found = verdict(tmp_path, f"def run(x, w):\n    {body}").diagnosis
    assert found.code == code and said in found.message, found.message


def test_windows_that_only_the_padding_allows_are_missed(tmp_path):
    source = """
def run(x, w, padding=0):
    y = correlated(x, w, pad=(padding, padding))
    y[:, :, max(0, x.shape[2] - w.shape[2] + 1):] = 0
    y[..., max(0, x.shape[3] - w.shape[3] + 1):] = 0
    return y
"""
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "missing-border" and "for which the unpadded image has no window" in found.message


def test_a_list_that_is_kept_between_calls_is_named(tmp_path):
    source = """
def run(image, kernel, rows=[]):
    for row in correlated(np.array(image)[None, None], np.array(kernel)[None, None])[0, 0].tolist():
        rows.append(row)
    return rows
"""
    found = verdict(tmp_path, source, target="apply_convolution").diagnosis
    assert found.code == "accumulator-not-reset" and "rows of earlier calls remain" in found.message


def test_a_dilated_image_is_named(tmp_path):
    source = """
def run(x, w, dilation=1):
    wide = np.zeros((*x.shape[:2], *(dilation * (n - 1) + 1 for n in x.shape[2:])))
    wide[:, :, ::dilation, ::dilation] = x
    return correlated(wide, w)
"""
    assert verdict(tmp_path, source).diagnosis.code == "dilated-image"


# What a text says

SAME = """
def {name}(image, kernel):
    \"\"\"{text}\"\"\"
    before = [{before} for k in kernel.shape]
    wide = np.pad(image, [(b, k - 1 - b) for b, k in zip(before, kernel.shape)], mode="{mode}")
    return correlated(wide[None, None], kernel[None, None]{turned})[0, 0]
"""


def in_words(tmp_path, text, *, name="conv_image", before="k // 2", mode="constant", turned=""):
    source = SAME.format(name=name, text=text, before=before, mode=mode, turned=turned)
    (found,) = judged(tmp_path, source).functions
    return found.diagnosis.code if found.diagnosis else found.status


def test_a_drawn_border_is_the_one_that_is_asked_for(tmp_path):
    drawn = "A result of the same size; the border is continued by d c b | a b c d | c b a."
    assert in_words(tmp_path, drawn, mode="reflect") == "passed"
    assert in_words(tmp_path, drawn, mode="symmetric") == "padding-mode"


def test_a_library_function_that_a_text_names_settles_even_kernels(tmp_path):
    text = "The same as scipy.signal.correlate2d(image, kernel, mode='same')."
    assert in_words(tmp_path, text, before="(k - 1) // 2") == "passed"
    assert in_words(tmp_path, text, before="k // 2") == "shifted"


def test_a_border_in_words_says_that_the_size_is_the_same(tmp_path):
    assert in_words(tmp_path, "Beyond the edge the nearest pixel counts.", mode="edge") == "passed"


def test_a_convolution_that_is_full_or_periodic_turns_its_kernel(tmp_path):
    turned = "[..., ::-1, ::-1]"
    text = "Convolution on a periodic grid."
    assert in_words(tmp_path, text, before="(k - 1) // 2", mode="wrap", turned=turned) == "passed"
    assert in_words(tmp_path, "Smooths.", before="(k - 1) // 2", mode="wrap", turned=turned) == "other-convention"


def test_the_same_size_is_asked_with_a_dilation_too(tmp_path):
    source = """
def conv_same(x, w, dilation=1):
    wide = np.zeros((*w.shape[:2], *(dilation * (k - 1) + 1 for k in w.shape[2:])))
    wide[:, :, ::dilation, ::dilation] = w
    return correlated(np.pad(x, ((0, 0), (0, 0), *((%s, %s) for k in w.shape[2:]))), wide)
"""
    right = source % ("dilation * (k - 1) // 2", "dilation * (k - 1) - dilation * (k - 1) // 2")
    assert judged(tmp_path, right).passed
    assert not judged(tmp_path, source % ("k // 2", "k // 2")).passed


# What is right for a part, by its own checks


def test_a_function_is_asked_within_its_own_checks(tmp_path):
    source = """
def conv_tiled(x, w):
    assert w.shape[2:] == (3, 3), "3 x 3 kernels only"
    assert x.shape[2] % 2 == 0 and x.shape[3] % 2 == 0
    return correlated(x, w)
"""
    (found,) = judged(tmp_path, source).functions
    assert found.diagnosis.code == "domain" and "3 × 3 kernels and even output sizes" in found.diagnosis.message
    wrong = source.replace("correlated(x, w)", "correlated(x, w[..., ::-1])")
    (found,) = judged(tmp_path, wrong).functions
    assert found.diagnosis.code != "domain"


def test_kernels_of_rank_one_are_a_domain(tmp_path):
    source = """
def separable_conv(img, kernel):
    assert np.linalg.matrix_rank(kernel) == 1
    return correlated(img[None, None], kernel[None, None])[0, 0]
"""
    (found,) = judged(tmp_path, source).functions
    assert found.diagnosis.code == "domain" and "kernels of rank one" in found.diagnosis.message


# Layouts, and functions without a telling name

DEPTHWISE = {
    "(C, H, W) with (C, kh, kw)": "return np.stack([correlated(a[None, None], k[None, None])[0, 0] for a, k in zip(x, w)])",
    "(N, C, H, W) with several kernels a channel": "m = len(w) // x.shape[1]\n    return np.concatenate([correlated(x[:, n // m, None], w[n, None]) for n in range(len(w))], 1)",
}  # fmt: skip


@pytest.mark.parametrize("body", few(DEPTHWISE, 1))
def test_depthwise_layouts_are_known(tmp_path, body):
    assert verdict(tmp_path, f"def depthwise(x, w):\n    {body}", "depthwise").status == "passed"


def test_several_kernels_a_channel_are_asked_where_they_are_answered(tmp_path):
    source = "def depthwise(x, w):\n    assert w.shape[1] == 1\n    c = x.shape[1]\n    return np.concatenate([correlated(x[:, n % c, None], w[n, None]) for n in range(len(w))], 1)"
    assert verdict(tmp_path, source, "depthwise").diagnosis.code == "groups-mixed"


def test_a_function_of_an_image_and_a_kernel_is_found_by_its_parameters(tmp_path):
    right = "def blurred(field, kernel):\n    return correlated(field[None, None], kernel[None, None])[0, 0]"
    assert codes(judged(tmp_path, right)) == {"blurred": "passed"}
    assert codes(judged(tmp_path, f"{right}\ndef pad_image(field, kernel):\n    return field")) == {"blurred": "passed"}
