"""check on the sheet's Sobel functions: right ones pass, and what is wrong is named."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import convolab as cl
from convolab.verify.sobel.judge import sobels

GX = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
GY = GX.T
KX = torch.tensor(GX).float()[None, None]
KY = KX.transpose(2, 3)


def filtered(image, kernel):
    """A cross-correlation in loops, as a learner writes it."""
    height, width = image.shape
    out = np.zeros((height - 2, width - 2))
    for i in range(height - 2):
        for j in range(width - 2):
            out[i, j] = (image[i : i + 3, j : j + 3] * kernel).sum()
    return out


def root(a, b):
    return np.sqrt(a * a + b * b)


def by_maximum(m):
    return m / m.max()


def sobel(gx=GX, gy=GY, together=root, scaled=by_maximum, before=lambda x: x, after=lambda m: m):
    """A Sobel function of parts, of which a test exchanges one or two."""

    def apply_sobel(img):
        image = before(np.asarray(img, float))
        return after(scaled(together(filtered(image, gx), filtered(image, gy))))

    return apply_sobel


def in_torch(img):
    image = torch.as_tensor(img).float()[None, None]
    m = torch.sqrt(F.conv2d(image, KX) ** 2 + F.conv2d(image, KY) ** 2)[0, 0]
    return m / m.max()


def of_four_axes(img):
    m = torch.sqrt(F.conv2d(img, KX) ** 2 + F.conv2d(img, KY) ** 2)
    return m / m.max()


RIGHT = {
    "loops": sobel(),
    "torch": in_torch,
    "(1, 1, H, W)": of_four_axes,
    "a true convolution": sobel(GX[::-1, ::-1], GY[::-1, ::-1]),
    "the other sign": sobel(-GX, GY),
    "exchanged": sobel(GY, GX),
    "hypot": sobel(together=np.hypot),
    "a small number under the root": sobel(together=lambda a, b: np.sqrt(a * a + b * b + 1e-8)),
    "eighths, which the maximum takes back": sobel(GX / 8, GY / 8),
    "lists": lambda img: by_maximum(root(filtered(img, GX), filtered(img, GY))).tolist(),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_one_passes(name):
    report = cl.check(RIGHT[name], judged_as="apply_sobel")
    assert report.passed, str(report)


def weights(place, value, filter_=GX):
    wrong = filter_.copy()
    wrong[place] = value
    return wrong


def padded(mode):
    return sobel(before=lambda x: np.pad(x, 1, mode=mode))


def in_loops(rows, columns, height, width):
    """The sheet's, with other ranges and another size of the result, each a function of (H, W)."""

    def apply_sobel(img):
        image = np.asarray(img, float)
        out = np.zeros((height(*image.shape) - 2, width(*image.shape) - 2))
        for i in range(rows(*image.shape) - 2):
            for j in range(columns(*image.shape) - 2):
                a, b = (sum(image[i + k, j + l] * f[k, l] for k in range(3) for l in range(3)) for f in (GX, GY))
                out[i, j] = np.sqrt(a * a + b * b)
        return out / out.max()

    return apply_sobel


def tall(h, w):
    return h


def wide(h, w):
    return w


def written_out(img):
    """One pixel of the six is another than it should be."""
    x = np.asarray(img, float)
    a = x[:-2, 2:] + 2 * x[1:-1, 2:] + x[2:, 2:] - x[:-2, :-2] - 2 * x[1:-1, :-2] - x[2:, 1:-1]
    return by_maximum(root(a, filtered(x, GY)))


def changes_its_picture(img):
    img *= 2
    return sobel()(img)


WRONG = {
    "root-twice": [sobel(together=lambda a, b: np.sqrt(np.sqrt(a * a + b * b))), sobel(after=np.sqrt)],
    "root-of-one-square": [sobel(together=lambda a, b: np.sqrt(a * a) + b * b)],
    "mutates-input": [changes_its_picture],
    "image-changed": [sobel(before=np.round), sobel(before=lambda x: np.trunc(255 * x))],
    "height-for-width": [
        in_loops(wide, tall, tall, wide), in_loops(tall, wide, wide, tall), in_loops(tall, tall, tall, wide),
        sobel(after=lambda m: m.reshape(m.shape[::-1])), sobel(scaled=lambda m: by_maximum(m * (np.arange(m.shape[1]) < min(m.shape)) * (np.arange(m.shape[0]) < min(m.shape))[:, None])),
    ],
    "filter-weight+absolute-values-added": [sobel(weights((0, 2), 2), together=lambda a, b: abs(a) + abs(b))],
    "filter-weight+border-kept": [sobel(weights((0, 2), 2), before=lambda x: np.pad(x, 1))],
    "filter-weight+no-root+divided-by-255": [sobel(weights((0, 2), 7), together=lambda a, b: a * a + b * b, scaled=lambda m: m / 255)],
    "filter-weight+batch-axis-left": [sobel(weights((2, 1), -3), after=lambda m: m[None])],
    "no-division+epsilon": [sobel(together=lambda a, b: np.sqrt(a * a + b * b + 1e-6), scaled=lambda m: m)],
    "no-root": [sobel(together=lambda a, b: a * a + b * b)],
    "no-square": [sobel(together=lambda a, b: np.sqrt(abs(a) + abs(b)))],
    "no-square-and-no-root": [sobel(together=lambda a, b: a + b), sobel(together=lambda a, b: abs(a + b))],
    "absolute-values-added": [sobel(together=lambda a, b: abs(a) + abs(b))],
    "larger-of-two": [sobel(together=lambda a, b: np.maximum(abs(a), abs(b)))],
    "squares-subtracted+no-division": [sobel(together=lambda a, b: np.sqrt(np.where(a * a < b * b, np.nan, a * a - b * b)), scaled=lambda m: m)],
    "no-division": [sobel(scaled=lambda m: m)],
    "divided-by-255": [sobel(scaled=lambda m: m / 255)],
    "divided-by-constant": [sobel(scaled=lambda m: m / (4 * np.sqrt(2)))],
    "min-max": [sobel(scaled=lambda m: (m - m.min()) / (m.max() - m.min()))],
    "times-255": [sobel(scaled=lambda m: 255 * m / m.max())],
    "per-filter-maximum": [sobel(together=lambda a, b: root(a / abs(a).max(), b / abs(b).max()))],
    "clipped": [sobel(scaled=lambda m: np.clip(m, 0, 1)), sobel(together=lambda a, b: root(np.maximum(a, 0), np.maximum(b, 0)))],
    "integer-output": [sobel(after=lambda m: (255 * m).astype(np.uint8)), sobel(after=lambda m: m.astype(int))],
    "gx-twice": [sobel(gy=GX)],
    "gy-twice": [sobel(gx=GY)],
    "gx-only+no-division": [sobel(gy=0 * GY, scaled=lambda m: m)],
    "other-filter": [sobel(np.array([[-1, 0, 1]] * 3), np.array([[-1, 0, 1]] * 3).T)],
    "filter-signs": [sobel(abs(GX), GY), sobel(np.array([[-1, 0, 1], [-2, 0, 2], [1, 0, -1]]), GY)],
    "filter-weight": [sobel(weights((1, 2), 1)), sobel(gy=weights((0, 1), 2, GY))],
    "filter-weights": [written_out, sobel(weights((0, 0), 3), weights((2, 2), -4, GY))],
    "border-kept": [padded("constant"), padded("reflect"), padded("edge"), padded("symmetric"), padded("wrap"), sobel(after=lambda m: np.pad(m, 1))],
    "size-too-small": [sobel(after=lambda m: m[:-1, :-1]), sobel(scaled=lambda m: by_maximum(m[1:, 1:]))],
    "transposed-result": [sobel(after=lambda m: m.T)],
    "batch-axis-left": [sobel(after=lambda m: m[None]), lambda img: of_four_axes(torch.as_tensor(img).float()[None, None])],
    "three-channels": [sobel(after=lambda m: np.stack([m] * 3, -1))],
    "several-results": [lambda img: (filtered(img, GX), filtered(img, GY), sobel()(img))],
    "returns-nothing": [lambda img: None],
    "no-root+no-division": [sobel(together=lambda a, b: a * a + b * b, scaled=lambda m: m)],
    "absolute-values-added+border-kept": [sobel(together=lambda a, b: abs(a) + abs(b), before=lambda x: np.pad(x, 1))],
    "gx-twice+no-root+border-kept": [sobel(gy=GX, together=lambda a, b: a * a + b * b, before=lambda x: np.pad(x, 1))],
}  # fmt: skip
CASES = [
    pytest.param(code, n, marks=pytest.mark.slow if n else ())
    for code, functions in WRONG.items()
    for n in range(len(functions))
]


@pytest.mark.parametrize(("code", "n"), CASES)
def test_a_wrong_one_is_named(code, n):
    function = cl.check(WRONG[code][n], judged_as="apply_sobel").functions[0]
    assert (function.status, function.diagnosis.code) == ("failed", code.replace("+epsilon", ""))


def test_a_wrong_weight_is_told_with_its_place():
    function = cl.check(sobel(weights((1, 2), 1)), judged_as="apply_sobel").functions[0]
    assert "in row 2, column 3 stands 1 where the sheet has 2" in function.diagnosis.message


def test_a_pixel_that_is_another_is_told_as_the_two_weights_that_it_moves():
    message = cl.check(written_out, judged_as="apply_sobel").functions[0].diagnosis.message
    assert "In row 3, column 1 of G_x stands 0 where the sheet has -1; in row 3, column 2 of G_x stands -1" in message


def test_rows_taken_for_columns_are_told_with_the_exception_and_the_shape():
    message = cl.check(in_loops(wide, tall, tall, wide), judged_as="apply_sobel").functions[0].diagnosis.message
    assert "given one of 9 × 12 it raises IndexError" in message and "square pictures only" in message


def test_what_no_program_explains_is_unrecognised_with_a_pixel():
    function = cl.check(sobel(after=np.sin), judged_as="apply_sobel").functions[0]
    assert function.diagnosis.code == "unrecognised" and "row" in function.diagnosis.message


def test_an_exception_is_told_with_its_text():
    function = cl.check(lambda img: img.rows, judged_as="apply_custom_sobel").functions[0]
    assert function.status == "error" and "AttributeError" in function.diagnosis.message


def test_how_the_picture_went_in_is_noted():
    function = cl.check(of_four_axes, judged_as="apply_sobel").functions[0]
    assert function.notes == ["called with the picture as (1, H, W): it does not take (H, W)"]


def test_a_file_has_its_sobel_functions_found_by_kind(tmp_path):
    file = tmp_path / "handin.py"
    file.write_text(
        "import numpy as np\n"
        f"GX = np.array({GX.tolist()})\n"
        "def apply_convolution(img, kernel):\n"
        "    return np.einsum('ijkl,kl->ij', np.lib.stride_tricks.sliding_window_view(img, kernel.shape), kernel)\n"
        "def my_sobel(img):\n"
        "    a, b = apply_convolution(img, GX), apply_convolution(img, GX.T)\n"
        "    return a ** 2 + b ** 2\n"
        "def sobel_x(img): return apply_convolution(img, GX)\n"
        "def show_sobel(img): print(img)\n"
    )
    functions = cl.check(file).functions
    found = {f.name: f.diagnosis and f.diagnosis.code for f in functions}
    assert found == {"apply_convolution": None, "my_sobel": "no-root+no-division"}
    named = cl.check(file, judged_as={"my_sobel": "apply_sobel"}).functions
    assert [(f.name, f.diagnosis.code) for f in named] == [("my_sobel", "no-root+no-division")]


THREE_BY_THREE = f"""
import numpy as np
GX = np.array({GX.tolist()})
def correlate(img, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(img, (3, 3))
    return (windows * kernel.reshape(3, 3)).sum((2, 3))
def my_sobel(img):
    magnitude = np.hypot(correlate(img, GX), correlate(img, GX.T))
    return magnitude / magnitude.max()
"""
GRADIENT = "def conv_gradient_wrt_kernel(img, dloss_dy):\n    return apply_convolution(img, dloss_dy)\n"


def test_a_convolution_beside_sobel_functions_is_asked_for_kernels_of_3_by_3(tmp_path):
    (tmp_path / "handin.py").write_text(THREE_BY_THREE)
    one, other = cl.check(tmp_path / "handin.py").functions
    assert (one.name, one.status, other.status) == ("correlate", "passed", "passed")
    assert any(note.startswith("for kernels of another size than a Sobel filter's: ") for note in one.notes)


@pytest.mark.slow
def test_beside_other_functions_of_the_sheet_a_convolution_is_asked_for_every_kernel(tmp_path):
    (tmp_path / "handin.py").write_text(THREE_BY_THREE.replace("correlate", "apply_convolution") + GRADIENT)
    found = {f.name: f.status for f in cl.check(tmp_path / "handin.py").functions}
    assert found["apply_convolution"] != "passed" and found["my_sobel"] == "passed"


def test_functions_of_other_kinds_are_left_alone():
    one, two = [{"name": "img"}], [{"name": "img"}, {"name": "kernel"}]
    functions = {"sobel_kernels": one, "plot_sobel": one, "custom_sobel": one, "sobel": two, "apply_sobel": two}
    assert sobels({name: {"parameters": p} for name, p in functions.items()}) == ["apply_sobel", "custom_sobel"]
