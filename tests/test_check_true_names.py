"""check says of a function what is true of it, and nothing more."""

import pytest
from hand_ins import codes, verdict
from test_check_strangers_kinds import judged

PLAIN = "def apply_convolution(img, kernel):\n    out = correlated(img[None, None], kernel[None, None])[0, 0]\n    return {}"


@pytest.mark.parametrize("returned, said", [("img", "the image"), ("kernel", "the kernel")])
def test_an_argument_that_comes_back_is_called_that(tmp_path, returned, said):
    found = verdict(tmp_path, PLAIN.format(returned), "apply_convolution", "apply_convolution")
    assert found.diagnosis.code == "argument-returned"
    assert f"every call returned {said} that was handed in" in found.diagnosis.message


def test_of_a_kernel_without_influence_no_earlier_one_is_claimed(tmp_path):
    found = verdict(tmp_path, PLAIN.format("np.sqrt(np.abs(img)) + 3"), "apply_convolution")
    assert found.diagnosis.code == "kernel-ignored" and found.diagnosis.message == "The kernel changes nothing."


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
    assert codes(judged(tmp_path, FLIPPED.format("filter2d", "'''Flips the kernel.'''"))) == {"filter2d": "passed"}


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


@pytest.mark.parametrize("before", ["k // 2", "(k - 1) // 2"])
def test_a_stated_convention_is_no_second_mistake_wherever_even_kernels_have_their_centre(tmp_path, before):
    assert codes(judged(tmp_path, MIRRORED.format(before, before))) == {"conv_same": "mean-for-sum"}
