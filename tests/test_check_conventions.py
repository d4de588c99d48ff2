"""check recognises other conventions, judges under one that is asked for, and finds for which inputs a function is right."""

import numpy as np
import pytest
from hand_ins import verdict
from scipy import ndimage, signal

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError
from convolab.verify.asked import AskedConvention, convention, named_domain


def cv2_filter(img, kernel, **options):
    return pytest.importorskip("cv2").filter2D(np.float64(img), -1, kernel, **options)


def only(report):
    (result,) = report.functions
    return result


def judge(function, **settings):
    return only(cl.check(function, judged_as="apply_convolution", **settings))


# Libraries' own functions

# For each: the function, the name of its convention, its code as a plain cross-correlation, and what it is said to be.
LIBRARIES = {
    "correlate2d, same": (lambda i, k: signal.correlate2d(i, k, "same"), "scipy-correlate2d-same", "output-size", "padding='same'"),
    "correlate2d, full": (lambda i, k: signal.correlate2d(i, k), "scipy-correlate2d-full", "output-size", "scipy.signal.correlate2d(mode='full')"),
    "convolve2d, full": (lambda i, k: signal.convolve2d(i, k), "scipy-convolve2d-full", "other-convention", "scipy.signal.convolve2d(mode='full')"),
    "convolve2d, valid": (lambda i, k: signal.convolve2d(i, k, "valid"), "scipy-convolve2d-valid", "flipped-kernel", "scipy.signal.convolve2d(mode='valid')"),
    "convolve2d, same, symm": (lambda i, k: signal.convolve2d(i, k, "same", "symm"), "scipy-convolve2d-same-symm", "other-convention", "boundary='symm'"),
    "ndimage.correlate": (lambda i, k: ndimage.correlate(i * 1.0, k), "ndimage", "other-convention", "scipy.ndimage.correlate(mode='reflect')"),
    "ndimage.convolve, wrap": (lambda i, k: ndimage.convolve(i * 1.0, k, mode="wrap"), "ndimage-convolve-wrap", "other-convention", "scipy.ndimage.convolve(mode='wrap')"),
    "OpenCV": (lambda i, k: cv2_filter(i, k), "opencv", "other-convention", "mode='mirror'"),
    "OpenCV, zeros": (lambda i, k: cv2_filter(i, k, borderType=0), "opencv-constant", "output-size", "mode='constant'"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_librarys_function_is_said_to_be_what_it_is_and_passes_as_that(name):
    function, own, code, called = LIBRARIES[name]
    found = judge(function).diagnosis
    assert found.code == code
    assert called in (found.convention or found.message)
    assert judge(function, convention=own).status == "passed"


def test_numpys_functions_of_vectors_are_judged_as_they_are():
    assert only(cl.check(lambda x, w: np.correlate(x, w), judged_as="conv2d")).status == "passed"
    result = judge(lambda x, w: np.convolve(x, w))
    assert result.diagnosis.code == "other-convention" and "true convolution of full size" in result.diagnosis.message
    assert judge(lambda x, w: np.convolve(x, w), convention="numpy-convolve-full").status == "passed"


def test_a_librarys_function_is_handed_in_itself():
    assert judge(ndimage.convolve).diagnosis.convention == "scipy.ndimage.convolve(mode='reflect')"
    result = judge(signal.convolve2d, convention="scipy-convolve2d-full")
    assert result.status == "passed" and "left at one value, and not judged: mode, boundary, fillvalue" in result.notes


def test_torchs_conv2d_passes_plain_and_its_same_as_that():
    torch = pytest.importorskip("torch")
    assert only(cl.check(torch.nn.functional.conv2d, judged_as="conv2d")).status == "passed"

    def padded(input, weight):
        h, w = weight.shape[2:]
        before = (w - 1) // 2, w // 2, (h - 1) // 2, h // 2
        return torch.nn.functional.conv2d(torch.nn.functional.pad(input, before), weight)

    assert only(cl.check(padded, judged_as="conv2d")).diagnosis.code == "output-size"
    for asked in ("same", "tf-same", "torch-same", AskedConvention(size="same")):
        assert only(cl.check(padded, judged_as="conv2d", convention=asked)).status == "passed"


# Words

SAME = """
def run(image, kernel):
    {doc}
    p, q = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image, ((p, (kernel.shape[0] - 1) // 2), (q, (kernel.shape[1] - 1) // 2)), mode={mode!r})
    return correlated(padded[None, None], kernel[None, None]{turn})[0, 0]
"""
TURN = "[..., ::-1, ::-1]"


def plane(tmp_path, doc="pass", mode="constant", turn="", **settings):
    return verdict(tmp_path, SAME.format(doc=doc, mode=mode, turn=turn), target="apply_convolution", **settings)


@pytest.mark.parametrize(
    ("words", "mode", "turn"),
    [
        ("flip,same-late,reflect", "reflect", TURN),
        ("same-late,symmetric", "symmetric", ""),
        ("same-late edge", "edge", ""),
        ("conv+same-late+wrap", "wrap", TURN),
    ],
)
def test_words_say_a_convention_under_which_a_function_passes(tmp_path, words, mode, turn):
    assert plane(tmp_path, mode=mode, turn=turn, convention=words).status == "passed"
    assert (
        plane(tmp_path, mode=mode, turn=TURN if not turn else "", convention=words).diagnosis.code == "flipped-kernel"
    )


def test_an_unknown_word_costs_one_line(tmp_path, capsys):
    with pytest.raises(ArgumentError, match=r"convention='flip,bent': 'bent' is unknown\. Expected one of scipy-"):
        convention("flip,bent")
    path = tmp_path / "handin.py"
    path.write_text("def corr2d(X, K):\n    return X")
    assert main(["check", str(path), "--convention", "bent"]) in (1, 2)
    out, err = capsys.readouterr()
    assert not out and len(err.strip().splitlines()) == 1 and "'bent'" in err


def test_one_difference_keeps_its_code_and_names_the_convention():
    result = judge(lambda img, kernel: signal.convolve2d(img, kernel, "valid"))
    assert result.diagnosis.code == "flipped-kernel"
    assert result.diagnosis.convention == "scipy.signal.convolve2d(mode='valid')"


def test_a_docstring_that_asks_for_a_convention_is_believed(tmp_path):
    asked = (
        '"""Convolve as a true convolution: the kernel is flipped, and the result has the same size as the image."""'
    )
    result = plane(tmp_path, doc=asked, turn=TURN)
    assert result.status == "passed"
    assert any("which its own text asks for" in note and "true convolution" in note for note in result.notes)
    assert plane(tmp_path, doc='"""Filter an image."""', turn=TURN).diagnosis.code == "other-convention"


def test_a_docstring_is_no_excuse_for_another_convention(tmp_path):
    asked = '"""Return a true convolution, with the kernel flipped, of the same size as the image."""'
    result = plane(tmp_path, doc=asked, turn="")
    assert result.status == "failed" and "flipped-kernel" in result.diagnosis.code, result.diagnosis


def test_a_docstring_that_says_that_nothing_is_flipped_is_believed_too(tmp_path):
    said = '"""Unlike a true convolution it does not flip the kernel; the result has the same size as the image."""'
    assert plane(tmp_path, doc=said).status == "passed"


def test_a_padding_that_is_ignored_is_no_convention_that_the_text_asks_for(tmp_path):
    source = 'def run(x, w, pad=0):\n    """x: images. w: filters. pad: zero padding."""\n    return correlated(x, w)'
    assert verdict(tmp_path, source).status == "failed"


# Domains

DOMAINS = {
    "square": ("if kernel.shape[0] != kernel.shape[1]:\n        raise ValueError('square kernels only')", "square", "square kernels"),
    "odd": ("if kernel.shape[0] % 2 == 0 or kernel.shape[1] % 2 == 0:\n        raise ValueError('odd kernels only')", "odd", "odd kernels"),
    "3 × 3": ("if kernel.shape != (3, 3):\n        raise ValueError('3 × 3 only')", "kernel=3x3", "3 × 3 kernels"),
    "odd square": ("assert kernel.shape[0] == kernel.shape[1] and kernel.shape[0] % 2", "square,odd", "odd square kernels"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOMAINS)
def test_the_domain_of_a_function_is_found_and_it_passes_within(tmp_path, name):
    test, geometry, words = DOMAINS[name]
    source = f"def run(img, kernel):\n    {test}\n    return correlated(img[None, None], kernel[None, None])[0, 0]\n"
    result = verdict(tmp_path, source, target="apply_convolution")
    assert result.status == "failed" and result.diagnosis.code == "domain"
    assert f"right for {words}".lower() in result.diagnosis.message.lower() and "line" in result.diagnosis.message
    assert verdict(tmp_path, source, target="apply_convolution", geometry=geometry).status == "passed"


def test_strides_that_divide_are_a_domain(tmp_path):
    source = """
def run(x, w, stride=1, pad=0):
    assert all((n + 2 * pad - k) % stride == 0 for n, k in zip(x.shape[2:], w.shape[2:])), "does not fit"
    return correlated(x, w, (stride, stride), (pad, pad))
"""
    result = verdict(tmp_path, source)
    assert result.diagnosis.code == "domain" and "strides that divide" in result.diagnosis.title
    assert verdict(tmp_path, source, geometry="divides").status == "passed"
    assert verdict(tmp_path, source, geometry={"stride": 2, "only": "divides"}).status == "passed"


def test_a_fault_within_the_domain_is_found(tmp_path):
    source = "def run(img, kernel):\n    return correlated(img[None, None], kernel.T[None, None])[0, 0]\n"
    result = verdict(tmp_path, source, target="apply_convolution", geometry="square")
    assert result.diagnosis.code == "transposed-kernel"


def test_an_unknown_domain_says_which_there_are():
    with pytest.raises(
        ArgumentError, match=r"geometry 'round' is unknown\. Expected square, odd, divides or kernel=3x3"
    ):
        named_domain("round")


def test_a_mistake_beside_a_border_that_is_asked_for_is_explained(tmp_path):
    source = """
def run(img, kernel):
    h, w = kernel.shape[0] // 2 + 1, kernel.shape[1] // 2
    img = np.pad(img, ((h, h), (w, w)), mode="reflect")
    rows, columns = img.shape[0] - 2 * h, img.shape[1] - 2 * w
    return correlated(img[None, None], kernel[None, None])[0, 0, :rows, :columns]
"""
    asked = {"target": "apply_convolution", "convention": "same-late,reflect"}
    found = verdict(tmp_path, source, **asked).diagnosis
    assert found.code == "off-by-one" and "the rows" in found.message and found.fit["border"] == ["reflect"] * 2
    assert verdict(tmp_path, source.replace(" // 2 + 1", " // 2"), **asked).status == "passed"


JAX = """
import jax
from jax import lax

@jax.jit
def plane(img, kernel):
    return jax.scipy.signal.convolve2d(img, kernel, mode="same")

def last(x, w):
    return lax.conv_general_dilated(x, w, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))

def mirrored(x, w, stride=1, padding=0):
    return lax.conv_general_dilated(x, w[..., ::-1], (stride, stride), [(padding, padding)] * 2)
"""


@pytest.mark.slow
def test_functions_of_jax_are_recognised_as_what_they_are(tmp_path):
    path = tmp_path / "with_jax.py"
    path.write_text(JAX)
    asked = {"plane": "apply_convolution", "last": "conv2d", "mirrored": "conv2d"}
    plane, last, mirrored = cl.check(path, judged_as=asked, timeout=120.0).functions  # jax compiles for every shape
    assert plane.diagnosis.code == "other-convention"
    assert plane.diagnosis.convention == "scipy.signal.convolve2d(mode='same')"
    assert last.status == "passed" and mirrored.diagnosis.code == "flipped-columns"
