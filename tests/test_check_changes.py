"""The right sum of something else, and sums whose indices mix rows and columns: both are said, from values alone."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

import convolab as cl


def valid(img, kernel):
    windows = sliding_window_view(np.asarray(img, float), kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, np.asarray(kernel, float))


def diagnosis(function, target="apply_convolution"):
    (judged,) = cl.check(function, judged_as=target).functions
    assert judged.status == "failed", judged
    return judged.diagnosis


def blanked(image):
    image = image.copy()
    image[[0, -1]] = image[:, [0, -1]] = 0
    return image


BEFORE = {
    "its mean is subtracted": ("factor-changed", lambda a: a - a.mean()),
    "it is divided by its largest value": ("not-linear", lambda a: a / a.max()),
    "it loses its sign": ("not-linear", np.abs),
    "its first and last rows and columns are set to zero": ("factor-changed", blanked),
    "its rows are sorted": ("not-linear", lambda a: np.sort(a, 1)),
    "its mean is subtracted and it is divided by its standard deviation": (
        "not-linear",
        lambda a: (a - a.mean()) / (a.std() + 1e-8),
    ),
}


@pytest.mark.parametrize("words", BEFORE)
def test_what_is_done_to_the_image_before_is_said(words):
    code, change = BEFORE[words]
    found = diagnosis(lambda img, kernel: valid(change(np.asarray(img, float)), kernel))
    assert found.code == code and f"The image is changed before it is used: {words}." in found.message


def test_a_kernel_that_is_divided_by_its_norm_is_called_normalised():
    found = diagnosis(lambda img, kernel: valid(img, kernel / max(np.linalg.norm(kernel), 1e-12)))
    assert found.code == "kernel-normalised" and "it is divided by its Euclidean norm" in found.message


AFTER = {
    "its mean is subtracted": ("result-changed", lambda y: y - y.mean()),
    "it is squared": ("not-linear", np.square),
    "it is cut to bytes, which wrap around beyond 255": ("not-linear", lambda y: y.astype(np.int64).astype(np.uint8)),
    "it is stretched from its least to its largest value to 0 … 1": (
        "not-linear",
        lambda y: (y - y.min()) / (y.max() - y.min() or 1.0),
    ),
}


@pytest.mark.parametrize("words", AFTER)
def test_what_is_done_to_the_result_afterwards_is_said(words):
    code, change = AFTER[words]
    found = diagnosis(lambda img, kernel: change(valid(img, kernel)))
    assert found.code == code and f"The result is changed after the sum: {words}." in found.message


def test_an_upstream_gradient_of_which_only_the_mean_counts_is_told():
    def gradient(img, dloss_dy):
        return valid(img, np.full(dloss_dy.shape, np.mean(dloss_dy)))

    found = diagnosis(gradient, "conv_gradient_wrt_kernel")
    assert found.code == "factor-changed"
    assert (
        "output gradient is changed before it is used: its mean stands in the place of every element" in found.message
    )


@pytest.mark.slow
def test_a_change_that_is_not_quite_the_one_in_the_table_is_not_named_so():
    found = diagnosis(lambda img, kernel: valid(np.asarray(img, float) - 1.1 * np.mean(img), kernel))
    assert found.code == "unrecognised"


def windows_down_the_rows(img, kernel):
    high, wide = img.shape
    tall = np.vstack([np.asarray(img, float), np.zeros((kernel.shape[1], wide))])
    (kh, kw), (s0, s1) = kernel.shape, tall.strides
    windows = as_strided(tall, (high - kh + 1, wide - kw + 1, kh, kw), (s0, s1, s0, s0))
    return np.einsum("ijkl,kl->ij", windows, kernel)


def test_an_index_that_takes_both_of_the_kernel_s_positions_is_written_out():
    found = diagnosis(windows_down_the_rows)
    assert found.code == "wrong-index"
    assert "kernel[k, l] meets img[i + k + l, j], where img[i + k, j + l] belongs to it" in found.message


def rows_run_on_in_memory(img, kernel):
    """Every row of a window begins one pixel after the end of the row before it, in flat memory."""
    (high, wide), (kh, kw) = img.shape, kernel.shape
    flat, out = np.asarray(img, float).ravel(), np.zeros((high - kh + 1, wide - kw + 1))
    for i, j in np.ndindex(*out.shape):
        for k, l in np.ndindex(kh, kw):
            at = (i + k) * out.shape[1] + j + l
            out[i, j] += flat[at] * kernel[k, l]
    return out


def test_a_width_that_is_the_output_s_is_no_formula_of_the_image_s_width():
    found = diagnosis(rows_run_on_in_memory)
    assert found.code in ("wrong-index", "unrecognised")
    assert "where" not in found.message or "in memory" in found.message


def transposed_in_memory(img, kernel):
    """The place in memory counts columns by the image's width, and rows one by one."""
    (high, wide), (kh, kw) = img.shape, kernel.shape
    flat, out = np.asarray(img, float).ravel(), np.zeros((high - kh + 1, wide - kw + 1))
    for i, j in np.ndindex(*out.shape):
        for k, l in np.ndindex(kh, kw):
            at = i * wide + j + 2 * k * wide + l
            out[i, j] += flat[at] * kernel[k, l] if at < flat.size else 0
    return out


def test_a_place_in_memory_is_written_out_as_one():
    assert diagnosis(transposed_in_memory).code in ("dilation-changed", "wrong-index")


def columns_from_the_row(x, w, stride=1, padding=0):
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    kh, kw = w.shape[2:]
    oh, ow = ((n - k) // stride + 1 for n, k in ((x.shape[2], kh), (x.shape[3], kw)))
    out = np.zeros((len(x), len(w), oh, ow))
    for i, j in np.ndindex(oh, ow):
        wide = x[:, :, i * stride : i * stride + kh, i * stride : i * stride + kw]
        if wide.shape[2:] == (kh, kw):
            out[:, :, i, j] = np.einsum("nckl,fckl->nf", wide, w)
    return out


def test_columns_that_are_computed_from_the_row_keep_the_name_of_that_mistake():
    assert diagnosis(columns_from_the_row, "conv2d").code == "row-index-for-column"


def window_as_wide_as_the_stride(x, w, stride=1, padding=0):
    w = np.where(np.arange(w.shape[3]) < stride, w, 0)
    return np.asarray(cl.conv2d(x, w, stride=stride, padding=padding, engine="numpy"))


def test_a_window_as_wide_as_the_stride_is_told():
    found = diagnosis(window_as_wide_as_the_stride, "conv2d")
    assert "only the first stride positions of the kernel are used" in found.message


SAME = """
import numpy as np

def smooth_filter2d(image, weights):
    kernel = weights[::-1, ::-1]
    high, wide = image.shape
    up, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    out = np.zeros(image.shape)
    for i, j in np.ndindex(high, wide):
        for k, l in np.ndindex(*kernel.shape):
            y, x = i + k - up, j + l - left
            if y < high and x < wide:
                out[i, j] += image[y, x] * kernel[k, l]
    return out
"""


@pytest.mark.slow
def test_a_function_of_somebodys_own_is_judged_by_the_convention_that_it_is_nearest_to(tmp_path):
    path = tmp_path / "own.py"
    path.write_text(SAME)
    (judged,) = cl.check(path).functions
    assert judged.diagnosis.code == "negative-index"
    assert any("judged as a true convolution of the input's size" in note for note in judged.notes)
    path.write_text(SAME.replace("if y < high", "if 0 <= y < high").replace("x < wide:", "0 <= x < wide:"))
    (judged,) = cl.check(path).functions
    assert judged.status == "failed" and "It is exactly a true convolution" in judged.diagnosis.message
