"""The filters and the fused pass: engines against each other and the definition, borders, types, messages."""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from in_turn import in_turn, thinned
from scipy import ndimage, signal

import convolab as cl
from convolab.errors import ArgumentError, ConvolabError, DtypeError, InputError
from convolab.filters import compiled, memory
from convolab.filters.borders import MODES, index
from convolab.filters.kernels import FILTERS, make_filter
from convolab.filters.plan import MOST_UNROLLED, make_plan
from convolab.filters.separable import CLOSE, Kernel, exact_parts
from convolab.pictures.luma import LUMA, LUMA_INTEGERS

RANDOM = np.random.default_rng(8)
GRADIENTS = tuple(name for name in FILTERS if make_filter(name).is_gradient)
OTHERS = [name for name in FILTERS if name != "sobel"]
SCIPY_MODES = {
    "zeros": "constant", "reflect": "mirror", "symmetric": "reflect", "replicate": "nearest", "circular": "wrap"
}  # fmt: skip
# H≠W throughout: the sheet's size, one that fills no vector, one that needs every tail, a row, a column.
SHAPES = [(23, 37), (3, 3), (64, 130), (3, 41), (50, 3)]


def picture(dtype, shape) -> np.ndarray:
    """Random pixels over the whole range of the type."""
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return RANDOM.normal(0, 100, shape).astype(dtype)
    return RANDOM.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def by_hand(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Cross-correlation, `valid`, in Python's own numbers."""
    kh, kw = kernel.shape
    rows, columns = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    pixels, weights = image.tolist(), kernel.tolist()
    return np.array(
        [
            [sum(weights[a][b] * pixels[y + a][x + b] for a in range(kh) for b in range(kw)) for x in range(columns)]
            for y in range(rows)
        ]
    )


@pytest.mark.parametrize("engine", ["halide", "numpy"])
@pytest.mark.parametrize("name", GRADIENTS)
def test_x_and_y_are_the_sums_over_the_taps(name, engine):
    image = picture("int16", (9, 14))
    x, y = cl.edges(image, name, show=("x", "y"), engine=engine)
    for found, component in ((x, "x"), (y, "y")):
        np.testing.assert_allclose(found, by_hand(image, make_filter(name)[component].array), rtol=1e-5, atol=0.02)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
def test_sobel_of_both_engines_agrees_to_the_bit(dtype):
    show = ("x", "y", "magnitude", "direction")
    for shape in SHAPES:
        image = picture(dtype, shape)
        answers = [cl.edges(image, show=show, engine=engine) for engine in ("halide", "numpy")]
        for a, b in zip(*answers, strict=True):
            assert a.dtype == b.dtype and np.array_equal(a, b)


@pytest.mark.parametrize("name, dtype", in_turn(OTHERS, ["uint8", "float32"]))
def test_every_other_filter_agrees_to_the_bit(name, dtype):
    show = ("x", "y", "magnitude") if name in GRADIENTS else ("response",)
    image = picture(dtype, (33, 47))
    answers = [cl.edges(image, name, show=show, engine=engine) for engine in ("halide", "numpy")]
    assert all(np.array_equal(a, b) for a, b in zip(*answers, strict=True))


@pytest.mark.parametrize("shape, dtype", in_turn([(5, 5), (7, 9), (11, 11), (4, 6)], ["uint8", "float32", "float64"]))
def test_a_dense_kernel_is_the_sum_over_its_taps(shape, dtype):
    kernel, image = RANDOM.normal(size=shape), picture(dtype, (31, 45))
    expected = signal.correlate2d(image.astype(float), kernel, "valid")
    for engine in ("halide", "numpy"):
        found = cl.filter2d(image, kernel, engine=engine)
        bound = 1e-13 if dtype == "float64" else 2e-6
        np.testing.assert_allclose(found, expected, rtol=0, atol=bound * np.abs(expected).max())


def test_one_compilation_serves_all_dense_kernels_of_a_size():
    image = picture("float32", (31, 45))
    cl.filter2d(image, RANDOM.normal(size=(6, 5)), engine="halide")
    before = len(compiled._PASSES)
    kernel = RANDOM.normal(size=(6, 5))
    found = cl.filter2d(image, kernel, engine="halide")
    assert len(compiled._PASSES) == before
    np.testing.assert_allclose(found, signal.correlate2d(image, kernel.astype("f4"), "valid"), rtol=1e-4, atol=1e-3)


def test_one_compilation_serves_every_size_of_dense_and_of_long_kernels():
    image = picture("float32", (90, 140))
    for smaller, larger in (((8, 9), [(9, 8), (31, 4), (3, 63)]), ((1, 40), [(1, 17), (1, 63)])):
        cl.filter2d(image, RANDOM.normal(size=smaller), engine="halide")
        before = len(compiled._PASSES)
        for size in larger:
            kernel = RANDOM.normal(size=size)
            found = cl.filter2d(image, kernel, engine="halide")
            expected = signal.correlate2d(image.astype(float), kernel, "valid")
            np.testing.assert_allclose(found, expected, rtol=0, atol=2e-6 * np.abs(expected).max())
        assert len(compiled._PASSES) == before


def long_kernels() -> dict:
    """Filters of many taps: whole and broken weights, zeros among them, one row, one column, two parts."""
    whole, broken = np.random.default_rng(5).integers(-4, 5, 63), np.random.default_rng(6).normal(size=63)
    own = [np.outer(whole, whole[::-1]), broken[None], whole[:, None], np.stack([broken, whole]), np.ones((5, 40))]
    named = [("gaussian", 2.2), ("gaussian", 12), ("gaussian", 50), ("laplacian-of-gaussian", 12)]
    found = [make_filter(name, sigma=sigma) for name, sigma in named]
    found += [make_filter("box", size=17), make_filter("box", size=201), *map(make_filter, own)]
    found.append(make_filter(np.outer(np.arange(1, 18), np.ones(17))))
    return {f"{filter.name} {filter.shape[0]} × {filter.shape[1]}": filter for filter in found}


# Types of an image and of the result that is wanted.
TYPES = {
    f"{dtype} to {wanted}": (dtype, wanted)
    for dtype in ("uint8", "uint16", "int16", "int32", "float32", "float64")
    for wanted in ((None, "float64") if dtype.startswith("float") else (None, "uint8", "int16"))
}


@pytest.mark.parametrize("filter, types", thinned(in_turn(long_kernels(), TYPES, every=5), 20))
def test_a_kernel_of_many_taps_has_the_bits_of_the_portable_way(filter, types):
    dtype, wanted = types
    image = picture(dtype, (filter.shape[0] + 20, filter.shape[1] + 70))
    if dtype.startswith("float"):
        image[3, 5] = np.nan
    ours, theirs = (cl.edges(image, filter, dtype=wanted, engine=engine) for engine in ("halide", "numpy"))
    assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f")


@pytest.mark.parametrize(
    "options", [{"channels": "each"}, {}, {"mode": "reflect"}, {"mode": "zeros", "dtype": "uint8"}]
)
def test_a_kernel_of_many_taps_takes_colours_and_borders(options):
    image = picture("uint8", (50, 60, 3))
    ours, theirs = (cl.gaussian(image, sigma=5, engine=engine, **options) for engine in ("halide", "numpy"))
    assert np.array_equal(ours, theirs)


def lowered(filter, dtype: str, tmp_path) -> int:
    """Characters of the code that a filter becomes, before it is compiled."""
    hl = pytest.importorskip("halide")
    from convolab.filters.algorithm import build
    from convolab.filters.schedule import schedule

    plan, target = make_plan(filter, dtype, ("response",)), hl.get_jit_target_from_environment()
    stages, file = build(plan), tmp_path / "lowered.stmt"
    schedule(plan, stages, target)
    hl.Pipeline(stages.result).compile_to_lowered_stmt(str(file), stages.inputs, hl.StmtOutputFormat.Text, target)
    return len(file.read_text())


@pytest.mark.parametrize("dtype", ["uint8", "float64"])
def test_the_code_of_a_pass_does_not_grow_with_the_taps(tmp_path, dtype):
    few = lowered(make_filter(np.arange(1.0, MOST_UNROLLED + 2)[None]), dtype, tmp_path)
    assert lowered(make_filter(np.arange(1.0, 64.0)[None]), dtype, tmp_path) < 1.1 * few
    square = lowered(make_filter("gaussian", sigma=2.2), dtype, tmp_path)
    assert lowered(make_filter("gaussian", sigma=50), dtype, tmp_path) < 1.1 * square
    twice = lowered(make_filter("laplacian-of-gaussian", sigma=2.2), dtype, tmp_path)
    assert lowered(make_filter("laplacian-of-gaussian", sigma=50), dtype, tmp_path) < 1.1 * twice


def test_no_sum_of_many_taps_is_written_out(monkeypatch):
    pytest.importorskip("halide")
    from convolab.filters import algorithm

    counts, plain = [], algorithm.weighted_sum

    def counted(terms, *rest):
        terms = list(terms)
        counts.append(len(terms))
        return plain(terms, *rest)

    monkeypatch.setattr(algorithm, "weighted_sum", counted)
    for filter in (*long_kernels().values(), make_filter("gaussian"), make_filter("farid")):
        algorithm.build(make_plan(filter, "uint8", ("magnitude",) if filter.is_gradient else ("response",)))
    assert 2 <= max(counts) <= MOST_UNROLLED


def matrices() -> dict:
    """Kernels as users hand them over, with the number of parts that they are made of."""
    t = np.arange(-15, 16)
    y, x = np.mgrid[-15:16, -15:16]
    narrow, wide = (np.exp(-(t**2) / (2 * s * s)) for s in (2.0, 4.0))
    turned = (x + 1j * y) * np.exp(-0.6j)
    laplacian = np.exp(-(x**2 + y**2) / 18) * ((x**2 + y**2) / 81 - 2 / 9)
    return {
        "a Gaussian": (np.exp(-(x**2 + y**2) / 18), 1),
        "its Laplacian": (laplacian, 2),
        "a difference of Gaussians": (np.outer(narrow, narrow) - np.outer(wide, wide) / 4, 2),
        "a Gabor along an axis": (np.exp(-(x**2 + 2 * y**2) / 18) * np.cos(x), 1),
        "a turned Gabor under a round Gaussian": (np.exp(-(x**2 + y**2) / 18) * np.cos(turned.real), 2),
        "a turned Gabor under a long Gaussian": (
            np.exp(-(turned.real**2 + 0.2 * turned.imag**2) / 18) * np.cos(turned.real), 31),
        "noise": (np.random.default_rng(1).normal(size=(31, 31)), 31),
        "nearly a Gaussian": (np.exp(-(x**2 + y**2) / 18) + 1e-12 * np.cos(x * y), 31),
        "whole numbers of rank two": (np.outer(t, t) + np.outer(np.ones(31), t**2), 31),
    }  # fmt: skip


@pytest.mark.parametrize("name", matrices())
def test_kernels_of_few_parts_are_found(name):
    kernel, parts = matrices()[name]
    found = Kernel.of(kernel)
    assert len(found.parts) == parts and found == Kernel.of(kernel.copy())
    assert np.abs(found.array - kernel).max() <= CLOSE * np.abs(kernel).max() * (1 if parts < 3 else 0)
    image = picture("float64", (50, 60))
    expected = signal.correlate2d(image, kernel, "valid")
    answers = [cl.filter2d(image, kernel, engine=engine, algorithm="direct") for engine in ("halide", "numpy")]
    limit = (2 * CLOSE * np.abs(kernel).max() + 64 * 2**-53 * np.abs(kernel).max()) * 961 * np.abs(image).max()
    for answer in answers:
        assert np.abs(answer - expected).max() <= limit
    assert np.array_equal(*answers) or parts > 2


def test_a_kernel_too_small_to_repay_it_is_left_whole():
    kernel = np.outer([1, 2.1, 1], [1, 3.3, 2]) + np.outer([0.3, 1, 2], [1.1, 0, 5])
    assert len(Kernel.of(kernel).parts) == 3


def test_roberts_cross_is_the_difference_along_each_diagonal():
    image = np.array([[2.0, 3.0], [5.0, 11.0]])
    x, y = cl.edges(image, "roberts", show=("x", "y"), engine="numpy")
    assert (x.item(), y.item()) == (11 - 2, 5 - 3)


def test_a_gabor_kernel_is_a_wave_under_a_gaussian_turned_by_its_angle():
    sigma, wavelength, theta, gamma, phase = 2.0, 5.0, 0.3, 0.8, 0.7
    kernel = make_filter("gabor", sigma=sigma, wavelength=wavelength, theta=theta, gamma=gamma, phase=phase)
    (weights,) = (k.array for _, k in kernel.kernels)
    radius = len(weights) // 2
    assert weights.shape == (2 * radius + 1,) * 2 and radius == np.ceil(3 * sigma / gamma)
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    along = (x + 1j * y) * np.exp(-1j * theta)
    envelope = np.exp(-(along.real**2 + (gamma * along.imag) ** 2) / (2 * sigma**2))
    np.testing.assert_allclose(weights, envelope * np.cos(2 * np.pi * along.real / wavelength + phase), atol=1e-12)


def test_farids_weights_are_the_papers_with_further_digits_and_leave_an_even_image_as_it_is():
    (smooth, across), *_ = make_filter("farid")["x"].parts
    assert np.round(smooth, 6).tolist() == [0.037659, 0.249153, 0.426375, 0.249153, 0.037659]
    assert np.round(across, 6).tolist() == [-0.109604, -0.276691, 0.0, 0.276691, 0.109604]
    assert abs(sum(smooth) - 1) < 1e-12 and across == tuple(-w for w in reversed(across))


ONE_TAP = {
    "the pixel": [[1]], "the next": [[0, 1]], "the one below": [[0], [1]], "less the pixel": [[-1]], "nothing": [[0]],
    "the middle of nine": np.eye(3)[1][:, None] * np.eye(3)[1], "the sixth of many": np.eye(63)[5][None],
    "a box": make_filter("box", size=1),
}  # fmt: skip
ONE_TAP_TYPES = ["bool", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32"]
# How many colours an image has, and the result's type.
ONE_TAP_FORMS = {"grey": (1, None), "to uint8": (1, "uint8"), "to float32": (1, "float32"), "colours": (3, None)}


@pytest.mark.parametrize("dtype, kernel, form", thinned(in_turn(ONE_TAP_TYPES, ONE_TAP, ONE_TAP_FORMS, every=8), 18))
def test_a_kernel_of_one_tap_is_a_shift_with_both_engines(dtype, kernel, form):
    colours, wanted = form
    image = (picture("uint8", (23, 37)) % 2).astype(dtype) if dtype == "bool" else picture(dtype, (23, 37))
    pixels = image if colours == 1 else np.stack([image, image[::-1], image], axis=-1)
    both = [cl.edges(pixels, kernel, mode="reflect", dtype=wanted, engine=e) for e in ("halide", "numpy")]
    assert both[0].dtype == both[1].dtype and np.array_equal(*both)
    if kernel is ONE_TAP["the pixel"] and form is ONE_TAP_FORMS["grey"]:
        assert np.array_equal(both[0], image)


def test_one_compilation_serves_all_long_kernels_of_a_shape():
    image = picture("float32", (60, 80))
    cl.gaussian(image, sigma=5, engine="halide")
    before = len(compiled._PASSES)
    assert np.array_equal(
        cl.gaussian(image, sigma=5.05, engine="halide"), cl.gaussian(image, sigma=5.05, engine="numpy")
    )
    assert len(compiled._PASSES) == before


@pytest.mark.parametrize("engine", ["halide", "numpy"])
@pytest.mark.parametrize("mode", SCIPY_MODES)
def test_border_modes_are_scipys(mode, engine):
    for shape in [(23, 37), (2, 2), (1, 9), (5, 1), (1, 1)]:
        image = picture("uint8", shape)
        x, y = cl.edges(image, show=("x", "y"), mode=mode, engine=engine)
        for found, axis in ((x, 1), (y, 0)):
            assert np.array_equal(found, ndimage.sobel(image.astype(float), axis=axis, mode=SCIPY_MODES[mode]))


def test_an_even_kernel_reaches_one_further_behind():
    kernel, image = RANDOM.normal(size=(4, 2)), picture("float64", (9, 11))
    padded = np.pad(image, ((1, 2), (0, 1)))
    np.testing.assert_allclose(cl.filter2d(image, kernel, mode="zeros"), signal.correlate2d(padded, kernel, "valid"))


@pytest.mark.parametrize("mode", MODES[1:])
def test_border_positions_are_numpys_padding(mode):
    names = {
        "zeros": "constant",
        "reflect": "reflect",
        "symmetric": "symmetric",
        "replicate": "edge",
        "circular": "wrap",
    }
    for size in (2, 3, 7):
        values = np.arange(1, size + 1)
        positions = index(mode, -9, size + 9, size)
        found = np.where(positions < 0, 0, values[positions])
        assert np.array_equal(found, np.pad(values, 9, mode=names[mode]))


def test_the_sheets_picture_of_edges_from_our_loops_our_engine_and_torch():
    """Definition, engine, fused pass and F.conv2d on an image of the sheet's size; normalised, as the sheet's is."""
    from convolab import definition

    image = picture("uint8", (60, 71)).astype(np.float32) / 255
    kernels = np.stack([make_filter("sobel")[c].array for c in ("x", "y")])[:, None].astype(np.float32)
    tensors = torch.from_numpy(image)[None, None], torch.from_numpy(kernels)
    answers = {
        "torch": torch.nn.functional.conv2d(*tensors)[0].numpy(),
        "engine": cl.conv2d(image[None], kernels),
        "loops": np.stack([definition.apply_convolution(image, kernel[0]) for kernel in kernels]),
    }
    fused = cl.sobel(image, normalize=True)
    assert fused.max() == 1 and fused.shape == (58, 69)
    for gradient in answers.values():
        magnitude = np.sqrt((np.asarray(gradient, np.float64) ** 2).sum(0))
        np.testing.assert_allclose(fused, magnitude / magnitude.max(), rtol=0, atol=2e-6)


@pytest.mark.quick
def test_sobel_on_a_vertical_edge_answers_along_it():
    image = np.zeros((5, 6), np.uint8)
    image[:, 3:] = 255
    x, y, magnitude, direction = cl.edges(image, show=("x", "y", "magnitude", "direction"))
    assert np.array_equal(x, [[0, 1020, 1020, 0]] * 3) and not y.any()
    assert np.array_equal(magnitude, x) and not direction.any()


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "uint64", "bool"])
def test_no_integer_wraps(dtype):
    top = 1 if dtype == "bool" else np.iinfo(dtype).max
    image = np.zeros((3, 5), dtype)
    image[:, 3:] = top
    for engine in ("halide", "numpy"):
        x = cl.edges(image, show="x", engine=engine)
        np.testing.assert_allclose(x.astype(float), [[0, 4.0 * top, 4.0 * top]], rtol=1e-15)
        assert np.array_equal(cl.sobel(image, dtype="uint8", engine=engine), [[0] + [min(4 * int(top), 255)] * 2])


def test_floating_types_stay():
    for dtype, result in (("float16", "float32"), ("float32", "float32"), ("float64", "float64"), (">f4", "float32")):
        assert cl.sobel(np.ones((4, 5), dtype)).dtype == result
    assert cl.edges(np.ones((4, 5), np.uint8), show="x").dtype == np.int16


def test_integer_results_are_rounded_to_even_and_clipped():
    values = np.array([[-3.0, 0.5, 1.5, 254.4, 254.5, 300.0]])
    for engine in ("halide", "numpy"):
        assert cl.filter2d(values, [[1.0]], dtype="uint8", engine=engine).tolist() == [[0, 0, 2, 254, 254, 255]]


@pytest.mark.parametrize("source, target", [("float32", "int32"), ("float32", "uint32"), ("float64", "int64")])
def test_a_float_beyond_an_integer_type_becomes_its_limit_and_never_its_other_end(source, target):
    """The type's largest integer is no float: rounded up, it would wrap when it is stored."""
    highest = np.iinfo(target).max
    largest = int(np.nextafter(np.dtype(source).type(highest), np.dtype(source).type(0)))
    values = np.array([[-1.0, 2.0 * highest, highest, largest]], source)
    for engine in ("halide", "numpy"):
        found = cl.filter2d(values, [[1.0]], dtype=target, engine=engine)
        assert found.tolist() == [[max(-1, np.iinfo(target).min), largest, largest, largest]], engine


def test_direction_is_atan2_in_every_quadrant():
    for dtype, bound in (("float32", 3e-7), ("float64", 5e-15)):
        for engine in ("halide", "numpy"):
            x, y, direction = cl.edges(picture(dtype, (60, 70)), show=("x", "y", "direction"), engine=engine)
            assert np.abs(direction - np.arctan2(y, x)).max() < bound


def test_colours_are_weighted_into_grey_in_the_same_pass_as_pillow_does():
    from PIL import Image

    image = picture("uint8", (31, 46, 3))
    grey = np.asarray(Image.fromarray(image).convert("L"))
    for engine in ("halide", "numpy"):
        assert np.array_equal(cl.sobel(image, engine=engine), cl.sobel(grey, engine="numpy"))
    for dtype in ("uint16", "float32", "int32"):
        image = picture(dtype, (31, 46, 3))
        assert np.array_equal(cl.sobel(image, engine="halide"), cl.sobel(image, engine="numpy"))


@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("mode", ["valid", "reflect"])
def test_each_channel_alone(mode, channels):
    image = picture("uint8", (19, 23, channels))
    for engine in ("halide", "numpy"):
        found = cl.sobel(image, channels="each", mode=mode, engine=engine)
        for channel in range(channels):
            assert np.array_equal(found[..., channel], cl.sobel(image[..., channel], mode=mode))


@pytest.mark.parametrize(
    "how", ["transposed", "every second", "backwards", "read-only", "row gaps", "big-endian", "little-endian"]
)
def test_any_layout_of_memory(how):
    base = picture("float32", (40, 60))
    image = {
        "transposed": base.T, "every second": base[::2, ::2], "backwards": base[::-1, ::-1], "read-only": base.copy(),
        "row gaps": base[3:, 5:50], "big-endian": base.astype(">f4"), "little-endian": np.frombuffer(base.tobytes(), "<f4").reshape(40, 60),
    }[how]  # fmt: skip
    if how == "read-only":
        image.flags.writeable = False
    kept = image.copy()
    assert np.array_equal(cl.sobel(image, engine="halide"), cl.sobel(np.ascontiguousarray(image, "f4"), engine="numpy"))
    assert np.array_equal(image, kept)


def test_out_is_filled_whatever_its_layout_and_also_over_the_image_itself():
    image = picture("float32", (30, 40))
    expected = cl.sobel(image)
    plain, turned, narrow = np.empty((28, 38), "f4"), np.empty((38, 28), "f4").T, np.empty((28, 38), "u1")
    for out in (plain, turned, narrow):
        assert cl.sobel(image, out=out) is out
    assert np.array_equal(plain, expected) and np.array_equal(turned, expected)
    assert np.array_equal(narrow, np.rint(expected).clip(0, 255))
    over = image[1:-1, 1:-1]
    cl.sobel(image, out=over)
    assert np.array_equal(over, expected)


def test_tensors_come_back_as_tensors():
    image = torch.from_numpy(picture("float32", (30, 40)))
    found = cl.edges(image, show=("x", "magnitude"))
    assert isinstance(found.x, torch.Tensor)
    assert np.array_equal(found.magnitude.numpy(), cl.sobel(image.numpy()))


def test_normalised_integers_fill_their_type():
    image = picture("uint8", (30, 40))
    found = cl.sobel(image, normalize=True, dtype="uint8")
    expected = cl.sobel(image) / cl.sobel(image).max() * np.float32(255)
    assert found.max() == 255 and np.abs(found - expected).max() <= 0.5
    assert not cl.sobel(np.ones((5, 5)), normalize=True).any()


def test_nan_reaches_exactly_the_windows_with_a_weight_on_it():
    image = picture("float32", (20, 40))
    image[9, 20] = np.nan
    for engine in ("halide", "numpy"):
        x = cl.edges(image, show="x", engine=engine)
        expected = np.zeros(x.shape, bool)
        expected[7:10, [18, 20]] = True
        assert np.array_equal(np.isnan(x), expected)


@settings(deadline=None, max_examples=30)
@given(
    arrays(np.int16, (7, 9), elements=st.integers(-500, 500)), arrays(np.int16, (7, 9), elements=st.integers(-500, 500))
)
def test_the_gradient_is_linear(a, b):
    for name in ("sobel", "roberts"):
        sums = cl.edges(a + b, name, show="x")
        assert np.array_equal(sums, cl.edges(a, name, show="x") + cl.edges(b, name, show="x"))


def test_parts_are_exact_or_a_row_each():
    assert len(exact_parts(np.outer([1, 2, 1], [-1.0, 0, 1]))) == 1
    assert len(exact_parts(np.array([[1.0, 2], [2, 4.000001]]))) == 2
    for kernel in RANDOM.integers(-3, 4, (40, 3, 4)).astype(float):
        assert np.array_equal(Kernel.of(kernel).array, kernel)


def test_large_results_use_dead_memory_again_and_never_living():
    memory.release()
    first = memory.empty((2048, 1024), np.float32)
    first[:] = 7
    view, address = first[5:], first.ctypes.data
    del first
    second = memory.empty((2048, 1024), np.float32)
    assert second.ctypes.data != address and (view == 7).all()
    del view
    third = memory.empty((2048, 1024), np.float32)
    assert third.ctypes.data == address
    del second, third
    assert len(memory._free) == 2
    memory.release()
    assert not memory._free


def test_a_missing_halide_leaves_the_portable_way(monkeypatch):
    monkeypatch.setattr(compiled, "installed", lambda: False)
    from convolab.filters import run as module

    assert module.engine_named("auto") is module.engine_named("numpy")


def test_a_plan_has_the_smallest_type_that_holds_its_sums():
    types = {"uint8": "int16", "uint16": "int32", "int32": "int64", "int64": "float64", "float32": "float32"}
    for dtype, working in types.items():
        assert make_plan(make_filter("sobel"), dtype, ("x",)).working == working
    assert make_plan(make_filter("gaussian"), "uint8", ("response",)).working == np.float32


MESSAGES = [
    (lambda: cl.sobel(np.zeros((2, 9))), ArgumentError, "image: 2 × 9 pixels are fewer than the 3 × 3 of the sobel kernel"),
    (lambda: cl.sobel(np.zeros((0, 9))), ArgumentError, r"image: is empty, shape \(0, 9\)"),
    (lambda: cl.sobel(np.zeros(9)), ArgumentError, r"image: expected \(H, W\), or \(H, W, 3\)"),
    (lambda: cl.sobel(np.zeros((9, 8, 7))), ArgumentError, "taken for 9 × 8 pixels of 7 colours, as the last axis holds"),
    (lambda: cl.sobel(np.zeros((9, 8, 4))), ArgumentError, "4 channels, so the last is taken for transparency"),
    (lambda: cl.sobel(np.zeros((9, 8, 2))), ArgumentError, "2 channels, so the last is taken for transparency"),
    (lambda: cl.sobel(np.zeros((9, 8), complex)), DtypeError, "image: pixels of type complex128 are not taken"),
    (lambda: cl.sobel([["a", "b"]]), DtypeError, "image: pixels of type <U1 are not taken"),
    (lambda: cl.sobel([[1, 2], [3]]), DtypeError, "image: expected rows of numbers of one length"),
    (lambda: cl.sobel(np.zeros((9, 8)), mode="mirror"), ArgumentError, "What others call mirror is reflect here"),
    (lambda: cl.sobel(np.zeros((9, 8)), show="z"), ArgumentError, "show: sobel gives x, y, magnitude, direction, got 'z'"),
    (lambda: cl.gaussian(np.zeros((9, 9)), show="x"), ArgumentError, "show: gaussian gives response, got 'x'"),
    (lambda: cl.edges(np.zeros((9, 8)), show=("x", "x")), ArgumentError, "each of some of"),
    (lambda: cl.sobel(np.zeros((9, 8)), engine="torch"), ArgumentError, "engine: edges have auto, halide, numpy"),
    (lambda: cl.sobel(np.zeros((9, 8)), channels="all"), ArgumentError, 'channels: expected "grey" or "each"'),
    (lambda: cl.sobel(np.zeros((9, 8)), dtype="text"), DtypeError, "dtype: 'text' is no element type"),
    (lambda: cl.sobel(np.zeros((9, 8)), dtype=bool), DtypeError, "dtype: results cannot be bool"),
    (lambda: cl.sobel(np.zeros((9, 8)), out=np.zeros((9, 8))), ArgumentError, r"out: expected shape \(7, 6\), got \(9, 8\)"),
    (lambda: cl.sobel(np.zeros((9, 8)), out=[[1]]), DtypeError, "out: expected arrays, got list"),
    (lambda: cl.edges(np.zeros((9, 8)), show=("x", "y"), out=np.zeros((7, 6))), ArgumentError, "out: expected 2 arrays"),
    (lambda: cl.edges(np.zeros((9, 8)), "sobbel"), ArgumentError, "filter: 'sobbel' is unknown. Did you mean 'sobel'\\? Expected one of sobel"),
    (lambda: cl.edges(np.zeros((9, 8)), "sobel", sigma=2), ArgumentError, "sigma: sobel does not take it"),
    (lambda: cl.gaussian(np.zeros((9, 9)), sigma=-1), ArgumentError, "sigma: must be positive, got -1"),
    (lambda: cl.gaussian(np.zeros((9, 9)), sigma=290), ArgumentError, "sigma: must be at most 250 pixels"),
    (lambda: cl.gabor(np.zeros((99, 99)), sigma=11), ArgumentError, "sigma: a Gabor kernel of 67 pixels is too large"),
    (lambda: cl.box(np.zeros((9, 9)), size=0), ArgumentError, "size: expected a whole number of pixels from 1 to 100,001"),
    (lambda: cl.filter2d(np.zeros((9, 9)), [1, 2]), ArgumentError, r"kernel: expected rows of numbers, \(kH, kW\)"),
    (lambda: cl.filter2d(np.zeros((9, 9)), [[np.nan]]), ArgumentError, r"kernel: weight \(0, 0\) is nan"),
    (lambda: cl.filter2d(np.zeros((9, 9)), np.zeros((512, 2))), ArgumentError, "kernel: at most 511 × 511 weights"),
    (lambda: cl.filter2d(np.zeros((9, 9)), [["x"]]), DtypeError, "kernel: expected rows of real numbers"),
    (lambda: cl.filter2d(np.zeros((9, 9)), "[[1, "), ArgumentError, "is no list of rows"),
    (lambda: cl.filter2d(np.zeros((9, 9)), "none.npy"), InputError, "kernel: none.npy cannot be read"),
    (lambda: cl.filter2d(np.zeros((9, 9)), [[1]], sigma=1), ArgumentError, "a kernel of your own takes no parameters"),
]  # fmt: skip


@pytest.mark.quick
@pytest.mark.parametrize("call, error, words", MESSAGES, ids=[words[:40] for _, _, words in MESSAGES])
def test_every_refusal_says_what_and_what_to_do(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, ConvolabError) and "\n" not in str(caught.value)


def test_kernels_from_text_and_files(tmp_path):
    kernel = np.array([[1.0, -2.0], [0.5, 3.0]])
    np.save(tmp_path / "k.npy", kernel)
    (tmp_path / "k.csv").write_text("1,-2\n0.5,3\n")
    image = picture("float64", (9, 9))
    expected = cl.filter2d(image, kernel)
    for form in ("[[1, -2], [0.5, 3]]", str(tmp_path / "k.npy"), str(tmp_path / "k.csv"), tmp_path / "k.csv"):
        assert np.array_equal(cl.filter2d(image, form), expected)
    (tmp_path / "bad.csv").write_text("1,two\n")
    with pytest.raises(InputError, match="holds no rows of numbers"):
        cl.filter2d(image, tmp_path / "bad.csv")


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32, np.float64])
@pytest.mark.parametrize(
    "kernel", [[[1]], [[0, 1]], [[1], [0]], [[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[0]], [[3]], [[-1]]]
)
def test_a_kernel_with_one_tap_that_counts_gives_the_same_on_both_engines(kernel, dtype):
    image = (np.arange(30).reshape(5, 6) * 3).astype(dtype)
    kernel = np.array(kernel)
    h, w = kernel.shape
    expected = sum(
        kernel[y, x] * image[y : 6 - h + y, x : 7 - w + x].astype(np.int64) for y in range(h) for x in range(w)
    )
    for engine in ("halide", "numpy"):
        np.testing.assert_array_equal(cl.filter2d(image, kernel, engine=engine), expected)
    np.testing.assert_array_equal(cl.box(image, size=1, engine="halide"), cl.box(image, size=1, engine="numpy"))


def test_the_weights_of_brightness_stand_in_one_file():
    package = Path(cl.__file__).parent
    holders = [
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and node.value in (*LUMA, *LUMA_INTEGERS)
    ]
    assert set(holders) == {"pictures/luma.py"} and sum(LUMA_INTEGERS) == 1 << 16
    assert [round(weight * (1 << 16)) for weight in LUMA] == list(LUMA_INTEGERS)
