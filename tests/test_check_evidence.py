"""check judges what there is to judge, and says what it saw: exceptions with their line, what one call does to another."""

import json

import pytest
from hand_ins import CORE, judged, verdict
from in_turn import few

import convolab as cl

PLANE = "    return correlated(img[None, None], kernel[None, None])[0, 0]\n"
RIGHT = f"def apply_convolution(img, kernel):\n{PLANE}"


def plane(tmp_path, source, **settings):
    return verdict(tmp_path, source, target="apply_convolution", **settings)


def only(report):
    (result,) = report.functions
    return result


# Exceptions

RAISING = f"""
def run(img, kernel):
    if kernel.shape[0] > 3:
        raise ValueError("a kernel of that height?")
{PLANE}"""


def test_an_exception_is_quoted_with_its_line_and_no_name_is_guessed(tmp_path):
    source = "def run(img, kernel):\n    table = {}\n    return table[img.shape]\n"
    result = plane(tmp_path, source)
    assert result.status == "error" and result.diagnosis.code == "unrecognised"
    assert "KeyError" in result.diagnosis.message and "return table[img.shape]" in result.diagnosis.message
    line = f"line {(CORE + source).splitlines().index('    return table[img.shape]') + 1}: "
    assert result.diagnosis.evidence["error"]["line"].startswith(line)


@pytest.mark.slow
def test_raising_for_some_probes_costs_no_more_points_than_garbage_there(tmp_path):
    raising = plane(tmp_path, RAISING)
    garbage = plane(tmp_path, RAISING.replace('raise ValueError("a kernel of that height?")', "return img * 0 + 7"))
    assert raising.status == garbage.status == "failed" and raising.points >= garbage.points > 0
    assert "ValueError" in json.dumps(raising.as_dict()) and "a kernel of that height?" in raising.diagnosis.message


# Files of which a part does not run

BROKEN = {
    "a missing import": ("import pandas_that_is_not_here as pd", "ModuleNotFoundError"),
    "names from a missing module": ("from helpers_not_here import *", "ModuleNotFoundError"),
    "input()": ("number = int(input('How many? '))", "EOFError"),
    "a file that is not there": ("data = open('data.csv').read()", "FileNotFoundError"),
    "a name that is not there": ("print(undefined_name)", "NameError"),
    "an assertion": ("assert 1 + 1 == 3, 'check your sums'", "check your sums"),
}


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_defined_is_judged_where_a_statement_raises(tmp_path, name, where):
    line, said = BROKEN[name]
    source = f"{line}\n{RIGHT}" if where == "before" else f"{RIGHT}\n{line}\n"
    result = only(judged(tmp_path, source))
    assert result.status == "passed"
    (note,) = (n for n in result.notes if n.startswith("while the file was loaded"))
    assert said in note and "line " in note


def test_a_file_that_ends_the_program_is_judged_up_to_there(tmp_path):
    result = only(judged(tmp_path, f"{RIGHT}\nimport sys\nif __name__:\n    sys.exit(3)\n"))
    assert result.status == "passed" and "exit code 3" in str(result.notes)


def test_a_wrong_function_beside_a_failing_statement_is_named(tmp_path):
    wrong = RIGHT.replace("kernel[None", "kernel[::-1, ::-1][None")
    result = only(judged(tmp_path, f"import pandas_that_is_not_here\n{wrong}"))
    assert result.diagnosis.code == "flipped-kernel" and "ModuleNotFoundError" in str(result.notes)


def notebook(tmp_path, *cells):
    path = tmp_path / "handin.ipynb"
    code = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in cells]
    path.write_text(json.dumps({"cells": code, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    return only(cl.check(path, timeout=60.0))


@pytest.mark.parametrize(
    "cell", few(["this is no Python (", "%matplotlib inline\nplt.show()", "1 / 0", "await thing()"], 2)
)
def test_a_failing_cell_costs_no_other_its_verdict(tmp_path, cell):
    result = notebook(tmp_path, CORE.partition("import convolab")[0], cell, RIGHT)
    assert result.status == "passed" and "while the file was loaded" in str(result.notes)


def test_what_a_missing_import_decorates_is_judged_as_plain_python(tmp_path):
    source = f"from compilers_not_here import jit\n@jit(nopython=True)\n{RIGHT}"
    assert only(judged(tmp_path, source)).status == "passed"


# What one call does to another, and to its arguments

CACHED = f"""
memory = {{}}
def run(img, kernel):
    kernel = memory.setdefault(kernel.shape, kernel)
{PLANE}"""
SHARED = """
memory = {}
def run(img, kernel):
    result = correlated(img[None, None], kernel[None, None])[0, 0]
    buffer = memory.setdefault(result.shape, result)
    buffer[...] = result
    return buffer
"""
MUTATING = """
def run(img, kernel):
    result = correlated(img[None, None], kernel[None, None])[0, 0]
    img -= img.mean()
    return result
"""


def test_a_cache_that_is_stale_is_called_so(tmp_path):
    assert plane(tmp_path, CACHED).diagnosis.code == "stale-cache"


def test_a_buffer_that_two_results_share_is_called_so(tmp_path):
    result = plane(tmp_path, SHARED)
    assert result.diagnosis.code == "shared-buffer" and "the first call had returned" in result.diagnosis.message


def test_exchanged_results_are_called_so(tmp_path):
    source = "def run(dout, x, w):\n    dx, dw, db = back(dout, x, w)\n    return dw, dx, db\n"
    assert verdict(tmp_path, source, target="conv2d_input").diagnosis.code == "exchanged-results"


def test_arguments_that_are_changed_are_told_also_where_the_result_is_wrong(tmp_path):
    assert plane(tmp_path, MUTATING).diagnosis.code == "mutates-input"
    wrong = plane(tmp_path, MUTATING.replace("kernel[None", "kernel[::-1, ::-1][None")).diagnosis
    assert wrong.code == "flipped-kernel" and "mutates-input" in wrong.evidence["also"]
    assert "Besides, after the call, input holds other values than before." in wrong.message


def test_arrays_that_lie_otherwise_in_memory_are_handed_in(tmp_path):
    source = """
def run(img, kernel):
    img = np.lib.stride_tricks.as_strided(img, img.shape, (img.itemsize * img.shape[1], img.itemsize))
    return correlated(img[None, None], kernel[None, None])[0, 0]
"""
    result = plane(tmp_path, source)
    assert result.status == "failed" and result.diagnosis.code == "needs-contiguous", result.diagnosis


def test_read_only_arguments_are_handed_in(tmp_path):
    source = """
def run(img, kernel):
    img += 1
    result = correlated(img[None, None] - 1, kernel[None, None])[0, 0]
    img -= 1
    return result
"""
    result = plane(tmp_path, source)
    assert "raises for arrays that must not be written to: ValueError" in result.notes


# Options and values


def test_pairs_that_are_exchanged_are_found(tmp_path):
    source = """
def run(x, w, stride=1, padding=0):
    s, p = ((v, v) if isinstance(v, int) else v[::-1] for v in (stride, padding))
    return correlated(x, w, s, p)
"""
    result = verdict(tmp_path, source)
    assert result.status == "failed" and result.diagnosis.code == "pair-exchanged"
    assert "the stride of the other axis" in result.diagnosis.message


@pytest.mark.slow
def test_a_third_group_is_asked_for(tmp_path):
    source = """
def run(x, w, groups=1):
    size = len(w) // min(groups, 2)
    parts = np.split(x, groups, 1)
    return np.concatenate([correlated(parts[n], part) for n, part in enumerate(np.split(w, groups) if groups < 3 else [w[:size]] )], 1)
"""
    result = verdict(tmp_path, source)
    assert result.status == "failed" and "group" in result.diagnosis.title.lower() + result.diagnosis.code, (
        result.diagnosis
    )


def test_no_number_is_called_so(tmp_path):
    source = "def run(img, kernel):\n    result = correlated(img[None, None], kernel[None, None])[0, 0]\n    result[-1, -1] = np.nan\n    return result\n"
    result = plane(tmp_path, source)
    assert result.diagnosis.code == "not-finite" and "NaN" in result.diagnosis.message


def test_products_that_are_cut_to_integers_are_called_so(tmp_path):
    source = """
def run(img, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(img, kernel.shape)
    return (windows * kernel).astype(int).sum((2, 3)) * 1.0
"""
    result = plane(tmp_path, source)
    assert result.status == "failed" and result.diagnosis.code == "integer-output", result.diagnosis


CUTS = {
    "every product is rounded down": "np.floor(windows * kernel).sum((2, 3))",
    "the sum over each row of the kernel is cut": "np.trunc((windows * kernel).sum(3)).sum(2)",
    "the sum over each column of the kernel is rounded": "np.rint((windows * kernel).sum(2)).sum(2)",
}


@pytest.mark.parametrize("said", CUTS)
def test_it_is_told_where_in_the_sum_fractions_are_lost(tmp_path, said):
    source = f"""
def run(img, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(img, kernel.shape)
    return {CUTS[said]}
"""
    found = plane(tmp_path, source).diagnosis
    assert found.code == "integer-output" and f"{said} to a whole number" in found.message


def test_a_factor_without_influence_is_named_and_what_stands_in_its_place(tmp_path):
    source = "def run(dout, x, w):\n    return back(dout, x, 1.0 + 0 * w + x[:1, :, :1, :1])\n"
    found = verdict(tmp_path, source, target="conv2d_input").diagnosis
    assert found.code == "kernel-ignored"
    assert "The kernel changes nothing; the image does, in its place" in found.message


def test_a_scale_that_depends_on_the_image_is_said_with_its_factor(tmp_path):
    source = "def run(img, kernel):\n    img = img / 255 if img[0, 0] > 0 else img\n" + PLANE
    found = plane(tmp_path, source).diagnosis
    assert found.code == "scaled" and "1/255 times the right value" in found.message


def test_a_border_of_the_image_s_mean_is_called_so(tmp_path):
    source = """
def run(x, w, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=x.mean())
    return correlated(x, w, (stride, stride))
"""
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "padding-mode" and "beyond the border stands the mean of the whole input" in found.message


WRITTEN_OUT = """
def run(img, kernel):
    h, w = img.shape[0] - 2, img.shape[1] - 2
    parts = {(a, b): img[a:a + h, b:b + w] for a in range(3) for b in range(3)}
    return sum(kernel[k] * parts[k] for k in parts)
"""


@pytest.mark.parametrize(
    "wrong, said",
    [
        (
            "parts[(2, 2) if k == (2, 1) else k]",
            "kernel[2, 1] meets img[i + 2, j + 2], where img[i + 2, j + 1] belongs",
        ),
        ("parts[k] * (k != (1, 0))", "kernel[1, 0] is never used"),
        ("parts[k] * (1 + (k == (1, 1)))", "the product with kernel[1, 1] counts 2 times"),
    ],
)
def test_of_a_sum_that_is_written_out_the_wrong_weight_is_named(tmp_path, wrong, said):
    found = plane(tmp_path, WRITTEN_OUT.replace("parts[k]", wrong, 1)).diagnosis
    assert found.code == "tap-misplaced" and said in found.message


def test_bytes_wrap_around_where_only_bytes_are_taken(tmp_path):
    source = """
def run(img, kernel):
    out = np.zeros((img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1), img.dtype)
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            out += img[a:a + out.shape[0], b:b + out.shape[1]] * kernel[a, b]
    return out
"""
    found = plane(tmp_path, source).diagnosis
    assert found.code == "integer-output" and "kept in uint8" in found.message


@pytest.mark.slow
def test_what_is_wrong_under_a_condition_is_named_with_the_condition(tmp_path):
    wrong = "kernel[::-1] if kernel.shape[0] == kernel.shape[1] else kernel"
    found = plane(tmp_path, f"def run(img, kernel):\n    kernel = {wrong}\n{PLANE}").diagnosis
    assert found.code == "flipped-rows"
    assert "That is so for square kernels; for all others it is right." in found.message


@pytest.mark.slow
def test_beside_a_domain_stands_what_is_computed_outside_of_it(tmp_path):
    source = (
        "def run(img, kernel):\n    k = kernel.shape\n    kernel = kernel if k[0] == k[1] else kernel[::-1]\n" + PLANE
    )
    found = plane(tmp_path, source).diagnosis
    assert found.code == "domain" and "Right for square kernels" in found.message
    assert "For all others: along the rows the kernel is used backwards." in found.message


def test_tensors_that_are_views_are_handed_in(tmp_path):
    source = """
import torch

def run(x: torch.Tensor, w: torch.Tensor):
    n, c, h, k = x.shape
    x = torch.as_strided(x, x.shape, (c * h * k, h * k, k, 1))
    return torch.nn.functional.conv2d(x, w)
"""
    assert verdict(tmp_path, source).diagnosis.code == "needs-contiguous"


@pytest.mark.slow
def test_a_transform_in_single_precision_is_read_through_its_rounding(tmp_path):
    source = """
import torch

def run(img: torch.Tensor, kernel: torch.Tensor):
    size = [n + k - 1 for n, k in zip(img.shape, kernel.shape)]
    full = torch.fft.irfft2(torch.fft.rfft2(img, s=size) * torch.fft.rfft2(kernel.flip(0, 1), s=size), s=size)
    h, w = (n - k + 1 for n, k in zip(img.shape, kernel.shape))
    top, left = (max(k - 2, 0) for k in kernel.shape)
    return full[top:top + h, left:left + w]
"""
    assert plane(tmp_path, source).diagnosis.code == "off-by-one"


@pytest.mark.slow
def test_what_is_kept_for_all_objects_of_a_class_is_found(tmp_path):
    source = """
class Layer:
    kept = {}

    def __init__(self, w, b, stride=1, pad=0):
        self.w, self.b, self.s, self.p = w, b, (stride, stride), (pad, pad)

    def forward(self, x):
        self.kept["x"] = x
        return correlated(x, self.w, self.s, self.p) + self.b[:, None, None]

    def backward(self, dout):
        dx, self.dW, self.db = back(dout, self.kept["x"], self.w, self.s, self.p)
        return dx
"""
    found = judged(tmp_path, source, judged_as={"Layer": "conv2d"})
    wrong = {f.name: f.diagnosis.message for f in found.functions if f.status != "passed"}
    assert wrong.keys() == {"Layer [dw]"} and "another object has overwritten it" in wrong["Layer [dw]"]
    right = judged(
        tmp_path,
        source.replace("    kept = {}\n", "").replace("_kept", "").replace('self.kept["x"]', "self.x"),
        judged_as={"Layer": "conv2d"},
    )
    assert right.passed


@pytest.mark.slow
def test_names_of_sizes_say_how_the_axes_are_laid_out(tmp_path):
    source = """
def run(x, w):
    n, h, width, c = x.shape
    kh, kw, c_in, c_out = w.shape
    return correlated(x.transpose(0, 3, 1, 2), w.transpose(2, 3, 0, 1)).transpose(0, 2, 3, 1)
"""
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "filters-for-channels"
    assert verdict(tmp_path, source.replace("w.transpose(2, 3", "w.transpose(3, 2")).status == "passed"


@pytest.mark.slow
def test_a_kernel_that_is_divided_by_its_sum_is_named_beside_another_mistake(tmp_path):
    source = "def run(img, kernel):\n    kernel = kernel[::-1, ::-1] / (kernel.sum() or 1)\n" + PLANE
    found = plane(tmp_path, source).diagnosis
    assert found.code == "flipped-kernel+kernel-normalised"
    assert "The kernel is divided by its sum before it is used." in found.message


AUTOGRAD = """
import torch

class Layer(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, stride, padding):
        ctx.save_for_backward(x, w)
        ctx.options = stride, padding
        return torch.nn.functional.conv2d(x, w, stride=stride, padding=padding)

    @staticmethod
    def backward(ctx, g):
        (x, w), (s, p) = ctx.saved_tensors, ctx.options
        dx = torch.nn.grad.conv2d_input(x.shape, w, g, s, p)
        dw = torch.nn.grad.conv2d_weight(x, w.shape, g, s, p)
        return dx, dw, None, None

def run(x, w, stride=1, padding=0):
    return Layer.apply(x, w, stride, padding)
"""


@pytest.mark.slow
def test_a_backward_pass_of_torch_behind_a_function_is_judged_too(tmp_path):
    report = judged(tmp_path, AUTOGRAD, {"run": "conv2d"})
    assert report.passed and [f.name for f in report.functions] == ["run", "Layer [dx]", "Layer [dw]"]
    for wrong, code in (
        (("return dx, dw", "return dw, dx"), "exchanged-results"),
        (
            ("(x, w), (s, p) = ctx.saved_tensors, ctx.options", "(x, w), (s, p) = Layer.kept, ctx.options"),
            "stale-cache",
        ),
    ):
        source = AUTOGRAD.replace("    ctx.options =", "    Layer.kept = x, w\n        ctx.options =").replace(*wrong)
        found = judged(tmp_path, source, {"run": "conv2d"}).functions
        assert [f.diagnosis and f.diagnosis.code for f in found] == [None, code, code]


def test_rows_that_are_taken_to_lie_as_far_apart_as_the_image_is_high_are_said_to(tmp_path):
    source = """
def run(x, w):
    n, c, h, k = x.shape
    flat, (a, b) = x.reshape(n, c, h * k), w.shape[2:]
    rows, columns = np.arange(h - a + 1)[:, None, None, None], np.arange(k - b + 1)[None, :, None, None]
    places = (rows + np.arange(a)[None, None, :, None]) * h + columns + np.arange(b)[None, None, None, :]
    return np.einsum("ncyxhw,fchw->nfyx", flat[:, :, np.minimum(places, h * k - 1)], w)
"""
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "wrong-index" and "lie as far apart in memory as it is high" in found.message


def test_a_domain_of_square_images_is_found(tmp_path):
    source = "def run(x, w):\n    h = x.shape[2]\n    return correlated(x, w).reshape(len(x), len(w), h - w.shape[2] + 1, h - w.shape[3] + 1)\n"
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "domain" and found.message.startswith("Right for square images; for image ")


@pytest.mark.slow
def test_arrays_of_another_layout_are_read_in_the_order_of_their_own_memory(tmp_path):
    source = """
def run(x, w):
    n, h, width, c = x.shape
    kh, kw, c_in, c_out = w.shape
    w = w.reshape(c_out, kh * kw * c_in).T.reshape(kh, kw, c_in, c_out)
    return correlated(x.transpose(0, 3, 1, 2), w.transpose(3, 2, 0, 1)).transpose(0, 2, 3, 1)
"""
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "layout"
    assert (
        "laid out as (row, column, channel, filter), are read as if they were (filter, row, column, channel)"
        in found.message
    )


def test_a_result_that_an_object_s_next_call_overwrites_is_found(tmp_path):
    source = """
class Filter:
    def __init__(self, kernel):
        self.kernel, self.out = kernel, None

    def __call__(self, img):
        made = correlated(img[None, None], self.kernel[None, None])[0, 0]
        if self.out is None or self.out.shape != made.shape:
            self.out = made
        self.out[...] = made
        return self.out
"""
    (result,) = judged(tmp_path, source, {"Filter": "apply_convolution"}).functions
    assert result.diagnosis.code == "shared-buffer" and "on the same object" in result.diagnosis.message


def test_a_result_in_the_image_s_own_type_is_called_so(tmp_path):
    source = f"def run(img, kernel):\n    kind = img.dtype\n    kernel = kernel.astype(kind)\n{PLANE.rstrip()}.astype(kind)\n"
    found = plane(tmp_path, source).diagnosis
    assert found.code == "integer-output" and "floating images are right" in found.message


@pytest.mark.slow
def test_a_result_that_is_wrong_because_the_arguments_change_meanwhile_is_called_so(tmp_path):
    source = """
def run(img, kernel):
    out = np.zeros((img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1))
    for i, j in np.ndindex(*out.shape):
        window = img[i:i + kernel.shape[0], j:j + kernel.shape[1]]
        window *= kernel
        out[i, j] = window.sum()
    return out
"""
    found = plane(tmp_path, source).diagnosis
    assert found.code == "mutates-input" and "the function reads them again" in found.message


def test_a_bias_that_is_cut_is_told_from_a_sum_that_is(tmp_path):
    found = verdict(tmp_path, "def run(x, w, b):\n    return correlated(x, w) + np.trunc(b)[:, None, None]\n").diagnosis
    assert found.code == "integer-output" and "the bias is cut to a whole number" in found.message


def test_a_convention_within_one_size_of_kernel_is_found(tmp_path):
    source = """
def run(img, kernel):
    img = np.pad(img, 1)
    h, w = img.shape[0] - 2, img.shape[1] - 2
    return sum(kernel[a, b] * img[a:a + h, b:b + w] for a in range(3) for b in range(3))
"""
    found = plane(tmp_path, source).diagnosis
    assert found.code == "output-size" and "of the input's size for 3 × 3 kernels" in found.message


def test_a_border_that_is_copied_from_the_image_is_called_so(tmp_path):
    source = """
def run(img, kernel):
    out, (r, c) = np.array(img, float), (k // 2 for k in kernel.shape)
    for i in range(r, img.shape[0] - r):
        for j in range(c, img.shape[1] - c):
            out[i, j] = (img[i - r:i + r + 1, j - c:j + c + 1] * kernel).sum()
    return out
"""
    found = plane(tmp_path, source).diagnosis
    assert found.code == "output-size" and "whose own pixels stand around the outputs of whole windows" in found.message


def test_a_bias_is_read_in_a_result_of_another_size_too(tmp_path):
    found = verdict(tmp_path, "def run(x, w, b):\n    return correlated(x, w.swapaxes(2, 3))\n").diagnosis
    assert found.code == "transposed-kernel+bias-ignored"


@pytest.mark.slow
def test_a_result_with_height_and_width_exchanged_in_its_shape_alone_is_called_so(tmp_path):
    source = (
        "def run(x, w):\n    out = correlated(x, w)\n    n, f, h, k = out.shape\n    return out.reshape(n, f, k, h)\n"
    )
    found = verdict(tmp_path, source).diagnosis
    assert found.code == "layout" and "has the shape (batch, channel, column, row)" in found.message


@pytest.mark.slow
def test_a_kernel_that_is_read_transposed_in_a_result_of_the_size_asked_has_no_wrong_size(tmp_path):
    source = """
def run(i, j, img, kernel):
    total = 0.0
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            total += img[i - 1 + b, j - 1 + a] * kernel[a, b]
    return total
"""
    found = verdict(tmp_path, source, target="compute_convolution_at_position").diagnosis
    assert found.code == "transposed-kernel", found


@pytest.mark.slow
def test_what_takes_kernels_of_one_size_only_is_read_there(tmp_path):
    source = """
def run(img, kernel):
    out = np.zeros(img.shape)
    for i in range(1, img.shape[0] - 1):
        for j in range(1, img.shape[1] - 1):
            out[i, j] = sum(img[i + a, j + b] * kernel[a + 1, b + 1] for a in (-1, 0, 1) for b in (-1, 0, 1))
    return out
"""
    found = plane(tmp_path, source).diagnosis
    assert found.code == "output-size" and "That is so for 3 × 3 kernels." in found.message


def test_a_batch_s_own_type_is_not_asked_of_with_bytes(tmp_path):
    source = """
def run(x, w):
    out = np.zeros((len(x), len(w), x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1), x.dtype)
    for a in range(w.shape[2]):
        for b in range(w.shape[3]):
            out += np.einsum("nchw,fc->nfhw", x[:, :, a:a + out.shape[2], b:b + out.shape[3]], w[:, :, a, b])
    return out
"""
    assert verdict(tmp_path, source).status == "passed"
