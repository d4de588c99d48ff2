"""check knows twelve courses: their names, layouts and conventions. For each a right and a wrong program."""

import pytest
from hand_ins import codes, judged
from in_turn import few

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError
from convolab.verify.courses import COURSES

# For each course: a right program, then a change that makes it wrong, and which of its functions that costs.
CS231N = """
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    return correlated(x, w, (s, s), (p, p)) + b[:, None, None], (x, w, b, conv_param)

def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    return back(dout, x, w, (s, s), (p, p))
"""
DLS = """
def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + b.item()

def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["pad"]
    Z = correlated(A_prev.transpose(0, 3, 1, 2), W.transpose(3, 2, 0, 1), (s, s), (p, p)).transpose(0, 2, 3, 1) + b
    return Z, (A_prev, W, b, hparameters)

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, p = hparameters["stride"], hparameters["pad"]
    dA, dW, db = back(dZ.transpose(0, 3, 1, 2), A_prev.transpose(0, 3, 1, 2), W.transpose(3, 2, 0, 1), (s, s), (p, p))
    return dA.transpose(0, 2, 3, 1), dW.transpose(2, 3, 1, 0), db.reshape(1, 1, 1, -1)
"""
MINITORCH = """
def _tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                   weight, weight_shape, weight_strides, reverse):
    def stored(storage, shape, strides):
        return np.lib.stride_tricks.as_strided(storage, tuple(shape), [s * storage.itemsize for s in strides])
    x, w = stored(input, input_shape, input_strides), stored(weight, weight_shape, weight_strides)
    h, k = w.shape[2] - 1, w.shape[3] - 1
    if reverse:
        x = np.pad(x, ((0, 0), (0, 0), (h, 0), (k, 0)))
        w = w[:, :, ::-1, ::-1]
    else:
        x = np.pad(x, ((0, 0), (0, 0), (0, h), (0, k)))
    out[:] = correlated(x, w).reshape(-1)
"""
DLSYS = """
class Conv:
    def __init__(self, stride=1, padding=0):
        self.s, self.p = (stride, stride), (padding, padding)

    def compute(self, A, B):
        return correlated(np.asarray(A).transpose(0, 3, 1, 2), np.asarray(B).transpose(3, 2, 0, 1), self.s, self.p).transpose(0, 2, 3, 1)

    def gradient(self, out_grad, node):
        A, B = node.inputs
        dA, dB, _ = back(np.asarray(out_grad).transpose(0, 3, 1, 2), np.asarray(A).transpose(0, 3, 1, 2),
                         np.asarray(B).transpose(3, 2, 0, 1), self.s, self.p)
        return dA.transpose(0, 2, 3, 1), dB.transpose(2, 3, 1, 0)

def conv(a, b, stride=1, padding=1):
    return Conv(stride, padding).compute(a, b)
"""
ARENA = """
def both(value):
    return (value, value) if isinstance(value, int) else tuple(value)

def conv1d_minimal_simple(x, weights):
    return correlated(x[None, None, None], weights[None, None, None])[0, 0, 0]

def conv1d_minimal(x, weights):
    return correlated(x[:, :, None], weights[:, :, None])[:, :, 0]

def conv1d(x, weights, stride: int = 1, padding: int = 0):
    return correlated(x[:, :, None], weights[:, :, None], (1, stride), (0, padding))[:, :, 0]

def conv2d_minimal(x, weights):
    return correlated(x, weights)

def conv2d(x, weights, stride=1, padding=0):
    return correlated(x, weights, both(stride), both(padding))
"""
UDL = """
def line(x, omega, stride, dilation):
    h = np.zeros(len(x) // stride + len(x) % stride)
    middle = len(omega) // 2
    for n in range(len(h)):
        for k in range(len(omega)):
            at = n * stride + (k - middle) * dilation
            if 0 <= at < len(x):
                h[n] += omega[k] * x[at]
    return h

def conv_3_1_1_zp(x_in, omega):
    return line(x_in, omega, 1, 1)

def conv_3_2_1_zp(x_in, omega):
    return line(x_in, omega, 2, 1)

def conv_3_1_2_zp(x_in, omega):
    return line(x_in, omega, 1, 2)

def conv_numpy_1(image, weights, pad=1):
    return correlated(image, weights, pad=(pad, pad))

def conv_numpy_4(image, weights, stride=1, pad=1):
    return correlated(image, weights, (stride, stride), (pad, pad))
"""
D2L = """
def corr2d(X, K):
    return correlated(X[None, None], K[None, None])[0, 0]

def corr2d_multi_in(X, K):
    return sum(corr2d(x, k) for x, k in zip(X, K))

def corr2d_multi_in_out(X, K):
    return np.stack([corr2d_multi_in(X, k) for k in K])

def corr2d_multi_in_out_1x1(X, K):
    return np.einsum("oi,ihw->ohw", K[:, :, 0, 0], X)
"""
DLFS = """
class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        self.x = x
        return correlated(x, self.W, (self.stride,) * 2, (self.pad,) * 2) + self.b[:, None, None]

    def backward(self, dout):
        dx, self.dW, self.db = back(dout, self.x, self.W, (self.stride,) * 2, (self.pad,) * 2)
        return dx
"""
SAME = """
def same(image, kernel, mode="constant"):
    p, q = kernel.shape[0] // 2, kernel.shape[1] // 2
    image = np.pad(image, ((p, p), (q, q)), mode)
    return correlated(image[None, None], kernel[None, None])[0, 0]
"""
CS131 = (
    SAME
    + """
def conv_nested(image, kernel):
    return same(image, kernel[::-1, ::-1])

def conv_fast(image, kernel):
    return same(image, np.flip(kernel))
"""
)
CORNELL = (
    SAME
    + """
def cross_correlation_2d(img, kernel):
    if img.ndim == 2:
        return same(img, kernel)
    return np.stack([same(img[..., c], kernel) for c in range(img.shape[2])], -1)

def convolve_2d(img, kernel):
    return cross_correlation_2d(img, np.flip(kernel))
"""
)
IMFILTER = (
    SAME
    + """
def my_imfilter(image, filter):
    return np.stack([same(image[..., c], filter, "reflect") for c in range(image.shape[2])], -1)
"""
)
RASCHKA = """
def conv2d(X, W, p=(0, 0), s=(1, 1)):
    W = np.array(W)[::-1, ::-1]
    return correlated(np.asarray(X)[None, None], W[None, None], s, p)[0, 0]

def conv1d(x, w, p=0, s=1):
    return correlated(np.asarray(x)[None, None, None], np.array(w)[::-1][None, None, None], (1, s), (0, p))[0, 0, 0]
"""

PROGRAMS = {
    "cs231n": (CS231N, "return back(", "return back(2 * ", ("conv_backward_naive [dx]", "conv_backward_naive [dw]", "conv_backward_naive [db]")),
    "dls": (DLS, "np.sum(a_slice_prev * W) + b.item()", "np.sum(a_slice_prev * W)", ("conv_single_step",)),
    "minitorch": (MINITORCH, "(h, 0), (k, 0)", "(0, h), (0, k)", ("_tensor_conv2d [reverse]",)),
    "dlsys": (DLSYS, "return dA.transpose", "return -dA.transpose", ("Conv [dx]",)),
    "arena": (ARENA, "(1, stride), (0, padding)", "(1, stride), (0, 0)", ("conv1d",)),
    "udl": (UDL, "line(x_in, omega, 1, 2)", "line(x_in, omega, 2, 1)", ("conv_3_1_2_zp",)),
    "d2l": (D2L, 'np.stack([corr2d_multi_in(X, k) for k in K])', 'np.stack([corr2d_multi_in(X, k) for k in K[::-1]])', ("corr2d_multi_in_out",)),
    "dlfs": (DLFS, "return dx", "return dx[::-1]", ("Convolution [dx]",)),
    "cs131": (CS131, "np.flip(kernel)", "kernel", ("conv_fast",)),
    "cornell": (CORNELL, "range(img.shape[2])]", "[0] * img.shape[2]]", ("cross_correlation_2d [RGB]", "convolve_2d [RGB]")),
    "imfilter": (IMFILTER, "filter, ", "filter.T, ", ("my_imfilter",)),
    "raschka": (RASCHKA, "W = np.array(W)[::-1, ::-1]", "W = np.array(W)", ("conv2d",)),
}  # fmt: skip


def test_there_are_programs_for_every_course():
    assert PROGRAMS.keys() == COURSES.keys()


@pytest.mark.parametrize("course", few(list(PROGRAMS), 6))
def test_a_right_program_is_recognised_as_its_courses_and_passes(tmp_path, course):
    report = judged(tmp_path, PROGRAMS[course][0])
    assert report.functions and report.passed, codes(report)
    assert all(f"--course {course}" in str(f.notes) for f in report.functions)


@pytest.mark.parametrize("course", few(list(PROGRAMS), 2))
def test_a_wrong_program_fails_in_the_function_that_is_wrong(tmp_path, course):
    source, old, new, wrong = PROGRAMS[course]
    assert old in source
    found = codes(judged(tmp_path, source.replace(old, new), course=course))
    assert {name for name, code in found.items() if code != "passed"} == set(wrong), found


def test_a_function_that_may_be_of_several_courses_says_so(tmp_path):
    source = "def conv2d(x, weights, X=0, W=0, p=0, s=1):\n    return correlated(x, weights)\n"
    (result,) = judged(tmp_path, source).functions
    assert "may be of several courses (arena, raschka): judged as arena's; --course says another" in result.notes


def test_a_course_that_is_named_is_judged_although_the_names_say_another(tmp_path):
    source = "def conv2d(x, weights, p=(0, 0), s=(1, 1)):\n    return correlated(x, weights, s, p)\n"
    assert judged(tmp_path, source).passed
    (result,) = judged(tmp_path, source, course="raschka").functions
    assert result.status == "error"  # bare planes are what that course hands in


def test_a_course_that_is_unknown_costs_one_line(tmp_path, capsys):
    path = tmp_path / "handin.py"
    path.write_text("def corr2d(X, K):\n    return X")
    with pytest.raises(ArgumentError, match=r"course='cs999' is unknown. Expected one of cs231n, dls,"):
        cl.check(path, course="cs999")
    assert main(["check", str(path), "--course", "cs999"]) in (1, 2)
    out, err = capsys.readouterr()
    assert not out and len(err.strip().splitlines()) == 1 and "cs999" in err


def test_a_file_without_any_of_a_courses_names_says_so(tmp_path):
    report = judged(tmp_path, "def smooth(v):\n    return v\n", course="d2l")
    (result,) = report.functions
    assert "no function has a name of Dive into Deep Learning" in result.notes


def test_names_alone_do_not_make_a_course(tmp_path):
    (result,) = judged(
        tmp_path, "def conv2d(input, weight, stride=1):\n    return correlated(input, weight, (stride, stride))\n"
    ).functions
    assert result.status == "passed" and "course" not in str(result.notes)
