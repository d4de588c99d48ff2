"""The smallest change that makes a program right: each kind of edit is planted in right programs and found again."""

import json

import pytest
from test_check_student import run

import convolab as cl
from convolab.verify.repair.change import OneEdit, SmallestChange
from convolab.verify.staged import STAGES, stage_lines

LOOPS = """
import numpy as np

def apply_convolution(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            total = 0.0
            for k in range(kh):
                for l in range(kw):
                    if k >= 0 and l >= 0:
                        total += img[i + k, j + l] * kernel[k, l]
            out[i, j] = total
    return out
"""
BATCHED = """
import numpy as np

def conv2d(input, weight, bias=None, stride=1, padding=0):
    n, c, h, w = input.shape
    f, _, kh, kw = weight.shape
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    oh, ow = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    out = np.zeros((n, f, oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = x[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, :, i, j] = np.einsum("ncab,fcab->nf", window, weight)
    return out if bias is None else out + bias[:, None, None]
"""
COLUMNS = """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def conv2d(input, weight):
    f, c, kh, kw = weight.shape
    windows = sliding_window_view(input, (kh, kw), axis=(2, 3))
    n, _, oh, ow = windows.shape[:4]
    columns = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
    flat = columns @ weight.reshape(f, -1).T
    return flat.reshape(n, oh, ow, f).transpose(0, 3, 1, 2)
"""
BACK = """
import numpy as np

def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    f, _, kh, kw = weight.shape
    grad = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            part = np.tensordot(grad_output[:, :, i, j], weight, axes=(1, 0))
            grad[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw] += part
    return grad[:, :, padding:grad.shape[2] - padding, padding:grad.shape[3] - padding]
"""
# What is planted: (the kind of edit, a right program, what is replaced, by what); found again is what stood there, or what
# is the same.
PLANTED = [
    ("number", LOOPS, "range(H - kh + 1)", "range(H - kh + 2)"),
    ("name", LOOPS, "img[i + k, j + l]", "img[i + k, i + l]"),
    ("statement", LOOPS, "            out[i, j] = total\n    return out", "            out[i, j] = total\n            return out"),
    ("option", BATCHED, "x[:, :, i * stride:i * stride + kh, j", "x[:, :, i:i + kh, j"),
]  # fmt: skip
MORE = [
    ("assignment", BACK, "+= part", "= part"),
    ("word", BATCHED, 'fcab->nf"', 'fcba->nf"'),
    ("comparison", LOOPS, "k >= 0 and", "k > 0 and"),
    ("operator", LOOPS, "kernel[k, l]\n", "kernel[k, l] / 2\n"),
    ("order", LOOPS, "kernel[k, l]\n", "kernel[l, k]\n"),
    ("offset", LOOPS, "range(kw)", "range(kw - 1)"),
    ("direction", LOOPS, "kernel[k, l]\n", "kernel[kh - 1 - k, kw - 1 - l]\n"),
    ("measure", LOOPS, "range(kh)", "range(3)"),
    ("part", LOOPS, "out[i, j] = total", "out[i, j] = total + 1"),
    ("axes", COLUMNS, "axis=(2, 3)", "axis=(1, 2)"),
    ("assignment", LOOPS, "total += img", "total -= img"),
    ("type", LOOPS, "W - kw + 1))\n", "W - kw + 1), dtype=np.int64)\n"),
    ("number", BATCHED, "2 * padding - kh", "padding - kh"),
    ("axis added", BATCHED, "out + bias[:, None, None]", "out + bias"),
    ("word", BATCHED, '"constant"', '"edge"'),
    ("name", BATCHED, "(padding, padding)), mode", "(stride, stride)), mode"),
    ("axes", COLUMNS, "transpose(0, 2, 3, 1, 4, 5)", "transpose(0, 2, 3, 1, 5, 4)"),
    ("reshaping", COLUMNS, "flat.reshape(n, oh, ow, f).transpose(0, 3, 1, 2)", "flat.reshape(n, f, oh, ow)"),
    ("wrapping", COLUMNS, "weight.reshape(f, -1)", "weight[:, :, ::-1, ::-1].reshape(f, -1)"),
    ("wrapping", COLUMNS, "sliding_window_view(input,", "sliding_window_view(np.flip(input, axis=2),"),
    ("turn", COLUMNS, "weight.reshape(f, -1)", "weight.reshape(f, -1)[:, ::-1]"),
    ("cut", BACK, "padding:grad.shape[2] - padding, padding:grad.shape[3] - padding", "padding:-padding, padding:-padding"),
    ("half", LOOPS, "np.zeros((H - kh + 1", "np.zeros((H - kh // 2"),
]  # fmt: skip


def judged(folder, source):
    path = folder / "handin.py"
    path.write_text(source)
    return cl.check(path).functions[0]


def planted(right, old, new):
    """The wrong program; what is planted must be in the right one once."""
    assert right.count(old) == 1, old
    return right.replace(old, new)


@pytest.fixture(scope="module", autouse=True)
def quick_starts():
    from convolab.verify.starting import keep_idle

    keep_idle()


def found_again(folder, right, old, new):
    """The change of a planted program, made in its text: it is right then."""
    source = planted(right, old, new)
    change = judged(folder, source).diagnosis.change
    assert change is not None
    lines = source.split("\n")
    for edit in change.edits:
        if not edit.moved:
            lines[edit.line - 1] = lines[edit.line - 1].replace(edit.reads, edit.instead, 1)
    if not any(edit.moved for edit in change.edits):
        assert judged(folder, "\n".join(lines)).status == "passed", change.sentence
    return change


@pytest.mark.parametrize("kind, right, old, new", PLANTED, ids=[f"{k}: {n.strip()}" for k, _, _, n in PLANTED])
def test_a_planted_edit_is_found_again_and_makes_the_program_right(tmp_path, kind, right, old, new):
    change = found_again(tmp_path, right, old, new)
    line = planted(right, old, new).split(new.split("\n")[-1] if kind == "statement" else new)[0].count("\n") + 1
    assert line in change.lines


@pytest.mark.slow
@pytest.mark.parametrize("kind, right, old, new", MORE, ids=[f"{k}: {n.strip()}" for k, _, _, n in MORE])
def test_more_planted_edits_are_found_again(tmp_path, kind, right, old, new):
    found_again(tmp_path, right, old, new)


@pytest.mark.parametrize("right", [LOOPS, BATCHED, COLUMNS, BACK], ids=["loops", "batched", "columns", "back"])
def test_a_right_program_gets_no_change(tmp_path, right):
    report = judged(tmp_path, right)
    assert report.status == "passed" and report.diagnosis is None


def test_the_change_is_told_at_the_line_and_in_json_with_its_place(tmp_path, capsys):
    path = tmp_path / "handin.py"
    path.write_text(planted(LOOPS, "img[i + k, j + l]", "img[i + k, i + l]"))
    diagnosis = json.loads(run(capsys, path, "--json")[1])["functions"][0]["diagnosis"]
    assert diagnosis["line"] == 14
    said = "Line 14 reads `img[i + k, i + l] * kernel[k, l]`; with `img[i + k, j + l] * kernel[k, l]` every value is right."
    assert diagnosis["change"]["sentence"] == said
    report = cl.check(path)
    assert said in str(report) and "<code>img[i + k, j + l]" in report._repr_html_()


def test_only_the_last_stage_tells_the_change_and_the_one_before_it_the_line(tmp_path):
    report = judged(tmp_path, planted(LOOPS, "range(H - kh + 1)", "range(H - kh + 2)"))
    texts = {stage: "\n".join(stage_lines(report, stage)) for stage in STAGES}
    assert [stage for stage in STAGES if "Look at line 8." in texts[stage]] == ["map", "change"]
    assert [stage for stage in STAGES if report.diagnosis.change.sentence in texts[stage]] == ["change"]


ENDLESS = """
import numpy as np

def apply_convolution(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    i = 0
    while i < H - kh + 1:
        for j in range(W - kw + 1):
            out[i, j] = (img[i:i + kh, j:j + kw] * kernel).sum() + kernel.sum() ** 3
        i += 1
    return out
"""


def test_a_change_that_never_ends_is_one_that_is_not_right(tmp_path):
    report = judged(tmp_path, ENDLESS)  # without `i += 1` it does not end
    assert report.status == "failed"
    assert "sum()" in report.diagnosis.change.sentence and report.diagnosis.change.lines == [11]


def test_the_same_change_is_found_every_time(tmp_path):
    source = planted(LOOPS, "kernel[k, l]\n", "kernel[l, k]\n")
    assert judged(tmp_path, source).diagnosis.change == judged(tmp_path, source).diagnosis.change


def test_a_helper_of_the_file_is_changed_too(tmp_path):
    source = BATCHED.replace(
        "(h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1",
        "size(h, kh, stride, padding), size(w, kw, stride, padding)",
    )
    source += "\ndef size(length, kernel, stride, padding):\n    return (length + 2 * padding - kernel) // stride\n"
    report = judged(tmp_path, source)
    (line,) = report.diagnosis.change.lines
    assert source.split("\n")[line - 1].strip().startswith("return (length")


def test_a_function_of_ones_own_process_is_not_changed():
    def apply_convolution(img, kernel):
        return img[kernel.shape[0] - 1 :, kernel.shape[1] - 1 :] * 0

    assert cl.check(apply_convolution).functions[0].diagnosis.change is None


def test_what_the_contained_process_tells_is_held_to_its_types():
    edit = OneEdit.read({"line": "12", "reads": 5, "with": "\x1b[2J", "beside": -1})
    assert (edit.line, edit.reads) == (0, "5") and "\x1b" not in edit.instead
    assert OneEdit.read(["nothing"]) == OneEdit(0, "")


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ("deleted", "Line 3, `x = 1`, is one too many: without it every value is right."),
        ("before", "Line 3, `x = 1`, stands inside of the loop of line 2; in front of it every value is right."),
        ("behind", "Line 3, `x = 1`, stands inside of the loop of line 2; behind it every value is right."),
    ],
)
def test_a_moved_statement_is_told_by_where_it_stands(moved, said):
    assert SmallestChange((OneEdit(3, "x = 1", "", moved, 2, "loop"),)).sentence == said
