"""The operator's three sums by transforms: the definition's numbers, exact integers, NaN in its windows alone."""

import numpy as np
import pytest
import torch
from in_turn import in_turn

import convolab as cl
from convolab.engine import transformed
from convolab.errors import ArgumentError
from convolab.geometry import Geometry
from convolab.transforms import tiles
from convolab.transforms.cost import TileGrid

RANDOM = np.random.default_rng(31)
SIZES = {1: ((500,), (41,)), 2: ((60, 73), (13, 9)), 3: ((20, 24, 22), (5, 4, 7))}
# stride, dilation, groups, padding; the last pads by more than the kernel reaches
OPTIONS = {
    "plain": (1, 1, 1, 0),
    "stride": (2, 1, 1, 3),
    "dilation": (1, 2, 2, 2),
    "both": (3, 2, 4, 5),
    "far": (1, 1, 4, 12),
}
TOLERANCE = {"float32": 3e-6, "float64": 1e-14, "int32": 0, "uint8": 0, "float16": 2e-3}


def sums(dims: int):
    names = f"conv{dims}d", f"conv{dims}d_input", f"conv{dims}d_weight"
    return [getattr(cl, name) for name in names]


def drawn(shape, dtype) -> np.ndarray:
    return (
        (RANDOM.normal(size=shape) * (0.1 if dtype == "float16" else 20))
        .astype(np.int32 if dtype == "uint8" else dtype)
        .astype(dtype)
    )


@pytest.mark.parametrize("dims, options, dtype", in_turn(list(SIZES), list(OPTIONS), list(TOLERANCE), every=4))
def test_all_three_sums_are_those_over_the_taps(dims, options, dtype):
    size, kernel = SIZES[dims]
    stride, dilation, groups, padding = OPTIONS[options]
    forward, by_input, by_weight = sums(dims)
    x, w = drawn((2, 4, *size), dtype), drawn((8, 4 // groups, *kernel), dtype)
    bias = drawn((8,), dtype)
    keywords = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    tiled = {**keywords, "algorithm": "transform"}
    output = forward(x, w, bias, engine="numpy", **keywords)
    gradient = drawn(output.shape, dtype)
    for expected, found in (
        (output, forward(x, w, bias, **tiled)),
        (by_input(x.shape, w, gradient, engine="numpy", **keywords), by_input(x.shape, w, gradient, **tiled)),
        (by_weight(x, w.shape, gradient, engine="numpy", **keywords), by_weight(x, w.shape, gradient, **tiled)),
    ):
        assert found.dtype == expected.dtype
        error = np.abs(found.astype(float) - expected.astype(float)).max()
        assert error <= TOLERANCE[dtype] * np.abs(expected.astype(float)).max()


def test_gradients_of_tensors_are_torchs():
    x = torch.randn(2, 8, 40, 44, dtype=torch.float64, requires_grad=True)
    w = torch.randn(8, 1, 15, 13, dtype=torch.float64, requires_grad=True)
    found = []
    for convolve in (lambda: cl.conv2d(x, w, padding=7, groups=8, algorithm="transform"),
                     lambda: torch.nn.functional.conv2d(x, w, padding=7, groups=8)):  # fmt: skip
        y = convolve()
        found.append([y.detach(), *torch.autograd.grad(y.square().sum(), (x, w))])
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-11, atol=1e-10)


@pytest.fixture
def small_tiles(monkeypatch):
    monkeypatch.setattr(transformed, "_tiling", lambda *rest: TileGrid((32, 32), (32 - 6, 32 - 8), 0.0))


def test_nan_and_infinity_touch_their_own_windows_alone(small_tiles):
    x, w = drawn((1, 2, 80, 90), "float32"), drawn((3, 2, 7, 9), "float32")
    plain = cl.conv2d(x, w, algorithm="transform")
    for value in (np.nan, np.inf):
        spoilt = x.copy()
        spoilt[0, 1, 40, 50] = value
        found, direct = (cl.conv2d(spoilt, w, algorithm=a) for a in ("transform", "direct"))
        assert np.array_equal(np.isnan(found), np.isnan(direct)) and np.array_equal(np.isinf(found), np.isinf(direct))
        touched = np.zeros(found.shape, bool)
        touched[..., 34:41, 42:51] = True
        assert np.array_equal(~np.isfinite(found), touched)
        # Tiles begin at rows 0, 26, 52 and columns 0, 24, 48, 72: those that reach (40, 50) are of rows 26 and columns 24 and 48.
        others = np.ones(found.shape, bool)
        others[..., 26:52, 24:72] = False
        assert np.array_equal(found[others], plain[others])
    w[0, 0, 0, 0] = np.inf
    padded = [cl.conv2d(x, w, padding=3, algorithm=a) for a in ("transform", "direct")]
    assert np.array_equal(np.isnan(padded[0]), np.isnan(padded[1]))


def test_a_weight_gradient_with_a_nan_is_the_direct_one(small_tiles):
    x, g = drawn((1, 2, 80, 90), "float32"), drawn((1, 3, 74, 82), "float32")
    x[0, 0, 0, 0] = np.nan
    found = [cl.conv2d_weight(x, (3, 2, 7, 9), g, algorithm=a) for a in ("transform", "direct")]
    assert np.isnan(found[0]).sum() == 3 and np.array_equal(np.isnan(found[0]), np.isnan(found[1]))


def test_bits_do_not_depend_on_threads_or_on_how_many_weights_are_kept(small_tiles, monkeypatch):
    x, w, g = drawn((2, 6, 80, 90), "float32"), drawn((4, 3, 7, 9), "float32"), drawn((2, 4, 74, 82), "float32")

    def results():
        options = {"groups": 2, "algorithm": "transform"}
        return [cl.conv2d(x, w, **options), cl.conv2d_input(x.shape, w, g, **options),
                cl.conv2d_weight(x, w.shape, g, **options)]  # fmt: skip

    first = results()
    monkeypatch.setattr(tiles.os, "cpu_count", lambda: 1)
    alone = results()
    monkeypatch.setattr(tiles, "SPECTRA_BYTES", 1)
    in_parts = results()
    for a, b, c in zip(first, alone, in_parts, strict=True):
        assert np.array_equal(a, b) and np.array_equal(a, c)


def test_integers_too_large_to_be_proved_are_summed_directly():
    x, w = RANDOM.integers(-(2**30), 2**30, (1, 1, 40, 50)), RANDOM.integers(-(2**28), 2**28, (1, 1, 9, 9))
    geometry = Geometry((40, 50), 9)
    tiling = transformed._tiling("forward", geometry, True)
    assert transformed.run_integers("forward", geometry, (x, w), tiling) is None
    assert np.array_equal(cl.conv2d(x, w, algorithm="transform"), cl.conv2d(x, w, engine="numpy"))


@pytest.mark.parametrize("kernel, taken", [(5, False), (9, False), (31, True), (63, True)])
def test_the_choice_is_by_cost_and_leaves_an_engine_that_was_asked_for(kernel, taken):
    geometry = Geometry((1024, 1024), kernel)
    for operation in ("forward", "input_gradient", "weight_gradient"):
        chosen = [
            transformed.tiling_of("conv2d", operation, geometry, np.dtype("float32"), e, "auto")
            for e in ("auto", "halide")
        ]
        assert (chosen[0] is not None) == taken and chosen[1] is None


def test_gradients_whose_direct_sums_are_slow_are_transformed_earlier():
    line = Geometry((10**6,), 101)
    assert transformed.tiling_of("conv1d", "weight_gradient", line, np.dtype("float32"), "auto", "auto") is not None
    layer = Geometry((64, 64), 17, padding=8, batch=8, in_channels=64, out_channels=64, groups=64)
    assert transformed.tiling_of("conv2d", "input_gradient", layer, np.dtype("float32"), "auto", "auto") is not None


def test_auto_takes_transforms_of_arrays_and_of_tensors(monkeypatch):
    taken = []
    plain = transformed.run
    monkeypatch.setattr(transformed, "run", lambda operation, *rest: taken.append(operation) or plain(operation, *rest))
    x, w = drawn((1, 1, 300, 300), "float32"), drawn((1, 1, 41, 41), "float32")
    y = cl.conv2d(x, w)
    t = cl.conv2d(torch.from_numpy(x), torch.from_numpy(w))
    assert taken == ["forward", "forward"] and np.array_equal(t.numpy(), y)
    cl.conv2d(x[..., :60, :60], w)
    assert len(taken) == 2


def test_an_unknown_algorithm_is_refused():
    for array in (np.zeros((9, 9)), torch.zeros(9, 9)):
        with pytest.raises(ArgumentError, match=r"conv2d: algorithm: 'fft' is unknown.*Expected one of auto, direct"):
            cl.conv2d(array, array[:3, :3], algorithm="fft")
