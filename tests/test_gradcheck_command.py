"""`convolab gradcheck`: our own operators, and functions from somebody's file."""

import json
from xml.etree import ElementTree

import pytest
from in_turn import few

from convolab.cli import main

SHEET = """
import numpy as np

def apply_convolution(img, kernel):
    h, w = img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1
    return np.array([[(img[i:i + kernel.shape[0], j:j + kernel.shape[1]] * kernel).sum() for j in range(w)] for i in range(h)])

def conv_gradient_wrt_input(dloss_dy, kernel):
    out = np.zeros((dloss_dy.shape[0] + kernel.shape[0] - 1, dloss_dy.shape[1] + kernel.shape[1] - 1))
    for (i, j), g in np.ndenumerate(dloss_dy):
        for (k, l), w in np.ndenumerate(kernel):
            out[i + k, j + l] += g * w
    return out

def conv_gradient_wrt_kernel(img, dloss_dy):
    h, w = img.shape[0] - dloss_dy.shape[0] + 1, img.shape[1] - dloss_dy.shape[1] + 1
    return np.array([[(img[i:i + dloss_dy.shape[0], j:j + dloss_dy.shape[1]] * dloss_dy).sum() for j in range(w)] for i in range(h)])
"""
FILES = {
    "sheet.py": SHEET,
    "overwrites.py": SHEET.replace("+= g * w", "= g * w"),
    "flipped.py": SHEET.replace("* dloss_dy).sum()", "* dloss_dy[::-1, ::-1]).sum()"),
    "convolves.py": SHEET.replace("* kernel).sum()", "* kernel[::-1, ::-1]).sum()"),
    "raises.py": SHEET.replace("return np.array([[(img[i:i + kernel", "return np.array([[(imag[i:i + kernel"),
    "swapped.py": SHEET.replace("out[i + k, j + l] += g * w", "out[i + l if i + l < len(out) else -1, j + k if j + k < len(out[0]) else -1] += g * w"),
    "alone.py": SHEET[SHEET.index("def conv_gradient_wrt_input") :].replace("np.", "__import__('numpy')."),
    "named.py": "import convolab as cl\nconv2d = cl.conv2d\nconv2d_input = cl.conv2d_input\n"
    "def conv2d_weight(x, size, g, stride=1, padding=0):\n    return 2 * cl.conv2d_weight(x, size, g, stride=stride, padding=padding)\n",
    "tensors.py": "import torch\nfrom torch.nn import functional as F\n"
    "def conv2d(input, weight, stride=1, padding=0):\n    return F.conv2d(input, weight, stride=stride, padding=padding)\n"
    "def part(x, factor=0.5, *, power=2):\n    return factor * x**power\n"
    "def silly(x):\n    return x.relu()\n"
    "class Layer(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.conv = torch.nn.Conv2d(2, 1, 3).double()\n"
    "    def forward(self, x):\n        return self.conv(x).tanh()\n"
    "class Needs(torch.nn.Module):\n    def __init__(self, size):\n        super().__init__()\n",
    "broken.py": "def f(:\n",
    "stops.py": "raise SystemExit('no')\n",
    "nothing.py": "import numpy as np\nthing = 3\ndef apply_convolution(img, kernel):\n    return np.zeros((1, 1))\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def run(capsys, *arguments):
    """Exit code, the JSON object, and standard error as one line."""
    code = main(["gradcheck", "--json", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, json.loads(printed.out), " ".join(printed.err.split())


def test_our_own_convolution_is_exact_and_the_contract_is_kept(capsys):
    code, result, _ = run(capsys, "--input", "1x1x7x9", "--weight", "1x1x3x3", "--stride", "2,1", "--padding", "1")
    assert code == 0 and result["passed"] and result["exact"] and result["max_abs"] == 0
    assert {"passed", "max_abs", "max_rel", "worst", "epsilon"} <= set(result)
    assert set(result["worst"]) == {"argument", "index", "analytic", "numerical"}


@pytest.mark.parametrize("shapes", [("9", "3"), ("7x9", "3x2"), ("2x3x9", "4x3x3"), ("1x2x4x5x4", "2x2x2x3x2")])
def test_every_number_of_axes(capsys, shapes):
    assert run(capsys, "--input", shapes[0], "--weight", shapes[1])[0] == 0


def test_float32_and_fractions(capsys):
    code, result, _ = run(capsys, "--dtype", "float32", "--mode", "numerical")
    assert code == 0 and not result["exact"] and 0 < result["max_rel"] < 1e-5


PASSING = [
    ("sheet.py:apply_convolution", ["img", "kernel"]),
    ("sheet.py:conv_gradient_wrt_input", ["img"]),
    ("sheet.py:conv_gradient_wrt_kernel", ["kernel"]),
    ("alone.py:conv_gradient_wrt_input", ["img"]),
    ("named.py:conv2d_input", ["input"]),
    ("tensors.py:conv2d", ["input", "weight"]),
    ("tensors.py:part", ["x"]),
    ("tensors.py:Layer", ["x", "conv.weight", "conv.bias"]),
]


@pytest.mark.parametrize("place, checked", PASSING, ids=[p for p, _ in PASSING])
def test_a_right_function_of_a_file_passes(folder, capsys, place, checked):
    code, result, error = run(capsys, "--function", folder / place)
    assert code == 0 and [a["argument"] for a in result["arguments"]] == checked, result
    assert "run inside this process" in error


WRONG = [
    ("overwrites.py:apply_convolution", "img", "overwrites"),
    ("flipped.py:conv_gradient_wrt_kernel", "kernel", None),
    ("swapped.py:conv_gradient_wrt_input", "img", None),
    ("named.py:conv2d", "weight", "scaled"),
]


@pytest.mark.parametrize("wrong", few({p: (p, *rest) for p, *rest in WRONG}, 2))
def test_a_wrong_function_of_a_file_is_placed_and_where_possible_named(folder, capsys, wrong):
    place, argument, code = wrong
    exit_code, result, _ = run(capsys, "--function", folder / place, "--sample", 100)
    wrong = [a for a in result["arguments"] if a["wrong"]]
    assert exit_code == 1 and [a["argument"] for a in wrong] == [argument]
    name = wrong[0]["mistake"]
    assert code is None or (name is not None and name["code"] == code), result["findings"]


JUDGED = {
    "sheet.py:conv_gradient_wrt_input": ["conv_gradient_wrt_input is judged as a gradient of the definition's apply_convolution, not of the file's"],
    "convolves.py:conv_gradient_wrt_input": ["not of the file's. The file's computes something else: --function FILE:apply_convolution checks it"],
    "raises.py:conv_gradient_wrt_kernel": ["not of the file's. The file's computes something else"],
    "alone.py:conv_gradient_wrt_input": ["the file has no apply_convolution: the definition's was taken"],
    "sheet.py:apply_convolution": ["the gradients are the file's conv_gradient_wrt_input and conv_gradient_wrt_kernel"],
    "named.py:conv2d_input": ["conv2d_input is judged as a gradient of convolab's conv2d, not of the file's"],
}  # fmt: skip


@pytest.mark.parametrize("place", JUDGED)
def test_a_right_gradient_is_right_beside_a_wrong_neighbour_and_what_was_used_is_said(folder, capsys, place):
    code, result, error = run(capsys, "--function", folder / place)
    assert code == 0, result
    for words in JUDGED[place]:
        assert words in error and words in " ".join(result["notes"])


def test_a_wrong_convolution_is_wrong_with_the_right_gradients_beside_it(folder, capsys):
    code, result, _ = run(capsys, "--function", folder / "convolves.py:apply_convolution")
    assert code == 1 and "wrong-gradient" in [f["code"] for f in result["findings"]]


def test_a_stride_is_handed_to_a_function_that_takes_one(folder, capsys):
    code, result, _ = run(capsys, "--function", folder / "tensors.py:conv2d", "--stride", 2, "--padding", 1)
    assert code == 0 and result["exact"]


def test_a_kink_of_somebodys_function_is_named(folder, capsys):
    code, result, _ = run(capsys, "--function", folder / "tensors.py:silly")
    assert code == 1 and "ReLU at 0" in result["findings"][0]["message"]


REFUSED = {
    "sheet.py": (2, "expected FILE:NAME"),
    "missing.py:f": (1, "is not there. Expected a Python file"),
    "broken.py:f": (1, "does not run: SyntaxError"),
    "stops.py:f": (1, "does not run: SystemExit: no"),
    "sheet.py:convolve": (1, "holds no convolve. It holds: apply_convolution, conv_gradient_wrt_input"),
    "nothing.py:thing": (1, "thing in"),
    "nothing.py:apply_convolution": (1, "the file holds no gradient of apply_convolution"),
    "tensors.py:Needs": (1, "Needs() cannot be made without arguments"),
}


@pytest.mark.parametrize("place", REFUSED)
def test_a_file_that_cannot_be_used_is_one_line(folder, capsys, place):
    code, words = REFUSED[place]
    assert main(["gradcheck", "--function", str(folder / place)]) == code
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1 and "Traceback" not in error


def test_shapes_that_do_not_fit_are_one_line(capsys):
    assert main(["gradcheck", "--weight", "1x9x3x3"]) == 1
    assert main(["gradcheck", "--weight", "3x3x3x3x3x3"]) == 2
    assert "weight takes 9 input channels" in capsys.readouterr().err


def test_the_picture_marks_the_wrong_elements(folder, tmp_path, capsys):
    picture = tmp_path / "error.svg"
    run(capsys, "--function", folder / "overwrites.py:conv_gradient_wrt_input", "-o", picture)
    cells = ElementTree.parse(picture).getroot().findall(".//{*}rect/{*}title")
    assert len(cells) == 63 and all("analytic" in cell.text for cell in cells)
    assert 'class="mark"' in picture.read_text()
    assert main(["gradcheck", "-o", str(picture)]) == 1
    assert "Give --force" in capsys.readouterr().err


def test_without_json_the_report_is_for_people(capsys):
    assert main(["gradcheck", "--input", "5x6", "--weight", "2x3"]) == 0
    assert "✓ weight (2, 3): 6 elements, no difference" in capsys.readouterr().out
