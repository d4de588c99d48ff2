"""Parameters that are one number for both axes or one for each, (y, x) as in scipy.ndimage; and what is no such thing."""

import numpy as np
import pytest
import torch
from scipy import ndimage

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError, DtypeError
from convolab.filters.kernels import make_filter
from convolab.filters.rendering import is_signed, rendered

pytestmark = pytest.mark.quick
IMAGE = np.random.default_rng(3).normal(100, 20, (40, 50))
INSIDE = (slice(12, -12),) * 2


def test_a_blur_takes_a_length_for_each_axis_in_ndimages_order():
    for sigma in ((2, 1), [0.6, 2.5], np.array([1, 2]), (0, 2), (1.5, 0)):
        expected = ndimage.gaussian_filter(IMAGE, sigma)
        np.testing.assert_allclose(cl.gaussian(IMAGE, sigma=sigma, mode="symmetric"), expected, rtol=1e-12)
    expected = ndimage.uniform_filter(IMAGE, (3, 5))
    np.testing.assert_allclose(cl.box(IMAGE, size=(3, 5), mode="symmetric"), expected, rtol=1e-12)
    found = cl.laplacian_of_gaussian(IMAGE, sigma=(1, 2), mode="symmetric")
    np.testing.assert_allclose(found, ndimage.gaussian_laplace(IMAGE, (1, 2)), atol=0.1)
    assert not np.allclose(found, cl.laplacian_of_gaussian(IMAGE, sigma=(2, 1), mode="symmetric"), atol=1)


def test_the_command_takes_two_lengths_with_a_comma(tmp_path, capsys):
    np.save(tmp_path / "in.npy", IMAGE)
    paths = [str(tmp_path / name) for name in ("in.npy", "out.npy")]
    for name, text, value in (("gaussian", "2,1", (2, 1)), ("gaussian", "1.5", 1.5), ("box", "3,5", (3, 5))):
        option = "--size" if name == "box" else "--sigma"
        assert main(["edges", paths[0], "-o", paths[1], "--filter", name, option, text, "--force"]) == 0
        expected = cl.edges(IMAGE, name, **{option[2:]: value})
        assert np.array_equal(np.load(paths[1]), expected)
    assert main(["edges", paths[0], "-o", paths[1], "--filter", "gaussian", "--sigma", "2,x", "--force"]) == 2
    assert main(["edges", paths[0], "-o", paths[1], "--filter", "gabor", "--sigma", "2,1", "--force"]) == 1
    assert "sigma: expected a number, got (2.0, 1.0)" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: cl.gaussian(IMAGE, sigma=(1, 2, 3)), "sigma: expected a number, or two in the order (y, x), got (1, 2, 3)"),
        (lambda: cl.gaussian(IMAGE, sigma="wide"), "sigma: expected a number, or two in the order (y, x), got wide"),
        (lambda: cl.gaussian(IMAGE, sigma=[[1], [1, 2]]), "sigma: expected a number, or two in the order (y, x), got [[1]"),
        (lambda: cl.gabor(IMAGE, wavelength=[4, 4]), "wavelength: expected a number, got [4, 4]"),
        (lambda: cl.gaussian(IMAGE, sigma=0), "sigma: must be positive, got 0"),
        (lambda: cl.laplacian_of_gaussian(IMAGE, sigma=(1, 0)), "sigma: must be positive, got 0"),
        (lambda: cl.box(IMAGE, size=(3, 2.5)), "size: expected a whole number of pixels from 1 to"),
        (lambda: cl.sobel(IMAGE, mask=IMAGE > 9), "mask: sobel does not take it. It takes no parameters. To leave"),
        (lambda: cl.edges(IMAGE, [[1, 2]], mask=IMAGE > 9), "mask: a kernel of your own takes no parameters"),
    ],
)  # fmt: skip
def test_what_is_no_length_is_refused_in_one_line(call, words):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_tensor_of_bfloat16_is_filtered_as_float32():
    image = torch.from_numpy(IMAGE).bfloat16()
    found = cl.sobel(image)
    assert found.dtype == torch.float32 and torch.equal(found, cl.sobel(image.float()))
    out = torch.empty(38, 48)
    assert torch.equal(cl.sobel(image, out=out), found) and torch.equal(out, found)
    with pytest.raises(DtypeError, match="out: expected tensors on the CPU, of a type that results can have"):
        cl.sobel(image, out=torch.empty(38, 48, dtype=torch.bfloat16))


@pytest.mark.parametrize("sigma", [0.25, 0.3, 0.5, 1, 3, (0.3, 2)])
def test_the_laplacian_of_gaussian_of_a_constant_is_zero(sigma):
    kernel = make_filter("laplacian-of-gaussian", sigma=sigma)["response"].array
    assert abs(kernel.sum()) < 2e-15 * np.abs(kernel).sum()
    assert np.abs(cl.laplacian_of_gaussian(np.full((40, 40), 1000.0), sigma=sigma)).max() < 1e-11


@pytest.mark.parametrize("name", ["laplacian-of-gaussian", "gabor", "laplacian"])
def test_a_kernel_that_nearly_sums_to_zero_keeps_its_negative_half_in_a_picture(name):
    image = np.zeros((60, 80), np.uint8)
    image[:, 40:] = 200
    chosen = make_filter(name)
    shown = rendered(cl.edges(image, name), "response", chosen, image.dtype, normalize=False)
    assert shown.min() < 120 and shown.max() > 135 and abs(int(shown[20, 3]) - 127) <= 1


def test_a_kernel_that_sharpens_keeps_brightness_however_wide_it_is():
    for size in (3, 5):
        kernel = -np.ones((size, size))
        kernel[size // 2, size // 2] = size**2
        assert not is_signed("response", make_filter(kernel))
