"""Sums by transforms: within their bound, exact on integers, one grid of tiles wherever they are computed, and shown."""

import json

import numpy as np
import pytest
from in_turn import in_turn
from scipy import signal

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError, MissingDependencyError
from convolab.filters import plan as plans
from convolab.filters import stream
from convolab.filters.borders import PADDING
from convolab.filters.kernels import make_filter
from convolab.filters.plan import make_plan
from convolab.transforms import bounds, cost, library, tiles
from convolab.transforms.cost import TileGrid, best_tiling

RANDOM = np.random.default_rng(30)
SMALL = TileGrid((64, 48), (64 - 20, 48 - 16), 0.0)


def picture(dtype, shape) -> np.ndarray:
    return (RANDOM.random(shape) * 255 - (64 if np.dtype(dtype).kind != "u" else 0)).astype(dtype)


@pytest.mark.parametrize(
    "dtype, kernel, mode",
    in_turn(["uint8", "int16", "float32", "float64"], [(21, 17), (5, 40), (63, 63)], ["valid", *PADDING], every=4),
)
def test_a_filter_by_transforms_is_the_direct_one(dtype, kernel, mode):
    image = picture(dtype, (150, 210))
    for weights in (RANDOM.normal(size=kernel), RANDOM.integers(-9, 9, kernel)):
        both = [cl.filter2d(image, weights, mode=mode, algorithm=a) for a in ("direct", "transform")]
        assert both[0].dtype == both[1].dtype
        if both[0].dtype.kind == "i":
            assert np.array_equal(*both)
        else:
            eps = np.finfo(both[0].dtype).eps
            scale = np.linalg.norm(weights) * np.linalg.norm(image.astype(float))
            assert np.abs(both[0].astype(float) - both[1]).max() < 8 * eps * scale


def cases(count: int, seed: int):
    """Random tiles and kernels, and hard ones: a bright pixel, sums that cancel, one row that is far larger."""
    random = np.random.default_rng(seed)
    for number in range(count):
        kernel = tuple(random.integers(1, 33, 2))
        lengths = tuple(int(random.choice([n for n in cost.LENGTHS if k < n <= 128])) for k in kernel)
        x, w = random.normal(size=lengths), random.normal(size=kernel)
        kind = number % 5
        if kind == 1:
            x *= 1e-6
            x[tuple(random.integers(0, n) for n in lengths)] = 1e6
        elif kind == 2:
            x[:, 1::2] = -x[:, : x.shape[1] // 2 * 2 : 2][:, : x[:, 1::2].shape[1]]
            w = np.ones(kernel)
        elif kind == 3:
            x[0] *= 1e8
        elif kind == 4:
            x, w = np.abs(x), np.abs(w)
        yield x, w, lengths


def errors_of(count: int, seed: int, dtype) -> list[float]:
    """Each case's largest error, as a part of the bound."""
    found = []
    for x, w, lengths in cases(count, seed):
        x, w = x.astype(dtype), w.astype(dtype)
        inner = tuple(slice(0, n - k + 1) for n, k in zip(lengths, w.shape, strict=True))
        sums = tiles.transform_back(tiles.transform(x, 2) * tiles.spectra(w, (1, 1), lengths), lengths)[inner]
        exact = signal.correlate2d(x.astype(np.longdouble), w.astype(np.longdouble), "valid")
        limit = bounds.bound(x.size, np.linalg.norm(x.astype(float)), np.linalg.norm(w.astype(float)), dtype)
        found.append(float(np.abs(sums - exact).max()) / limit)
    return found


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_errors_are_within_the_bound(dtype):
    found = errors_of(40, 1, dtype)
    assert max(found) < 1 and max(found) > 1e-4  # a bound that nothing comes near would say nothing


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_errors_of_a_thousand_cases_are_within_the_bound(dtype):
    assert max(errors_of(1000, 2, dtype)) < 1


def test_a_bound_tells_a_transform_in_too_short_a_type():
    x, w, lengths = next(cases(1, 3))
    sums = tiles.transform_back(
        tiles.transform(x.astype(np.float32), 2) * tiles.spectra(w.astype(np.float32), (1, 1), lengths), lengths
    )
    exact = signal.correlate2d(x, w, "valid")
    limit = bounds.bound(x.size, np.linalg.norm(x), np.linalg.norm(w), np.float64)
    assert np.abs(sums[: exact.shape[0], : exact.shape[1]] - exact).max() > limit


def test_a_nan_an_infinity_and_a_bright_pixel_touch_their_own_windows_and_tile(monkeypatch):
    monkeypatch.setattr(plans, "tile_of", lambda plan, algorithm, size: None if algorithm == "direct" else SMALL)
    make_plan.cache_clear()
    image, weights = picture("float32", (170, 150)), RANDOM.normal(size=(21, 17))
    plain = cl.filter2d(image, weights)
    for value in (np.nan, np.inf, 1e30):
        spoilt = image.copy()
        spoilt[80, 70] = value
        found, direct = cl.filter2d(spoilt, weights), cl.filter2d(spoilt, weights, algorithm="direct")
        touched = np.zeros(found.shape, bool)
        touched[60:81, 54:71] = True
        if not np.isfinite(value):
            assert np.array_equal(np.isfinite(found), ~touched)
            assert np.array_equal(np.isnan(found), np.isnan(direct))
        # Rows 80 of the image lie under tiles 1 alone and 0 (rows 44 … 107, 0 … 63): all the others keep their bits.
        others = np.ones(found.shape, bool)
        others[44:88, 32:96] = False
        assert np.array_equal(found[others], plain[others])
        assert np.allclose(found[others & ~touched], direct[others & ~touched], rtol=1e-3, atol=1e-1)
    make_plan.cache_clear()


@pytest.mark.parametrize("dtype, mode", in_turn(["uint8", "float32"], ["valid", "reflect", "circular"], every=2))
def test_strips_chunks_and_threads_have_the_bits_of_memory(dtype, mode, tmp_path, monkeypatch):
    da = pytest.importorskip("dask.array")
    monkeypatch.setattr(stream, "STRIP_BYTES", 60_000)
    monkeypatch.setattr(plans, "tile_of", lambda plan, algorithm, size: SMALL)
    make_plan.cache_clear()
    image, weights = picture(dtype, (317, 301)), RANDOM.normal(size=(21, 17))
    whole = cl.filter2d(image, weights, mode=mode)
    np.save(tmp_path / "in.npy", image)
    stream.stream_edges(tmp_path / "in.npy", tmp_path / "out.npy", weights, mode=mode, force=True)
    assert np.array_equal(np.load(tmp_path / "out.npy"), whole)
    for chunks in ((100, 107), (301, 60), (13, 301)):
        blocks = cl.filter2d(da.from_array(image, chunks=chunks), weights, mode=mode)
        assert np.array_equal(blocks.compute(scheduler="synchronous"), whole)
    monkeypatch.setattr(tiles.os, "cpu_count", lambda: 1)
    assert np.array_equal(cl.filter2d(image, weights, mode=mode), whole)
    make_plan.cache_clear()


def test_the_first_rows_of_a_tile_are_those_of_the_whole():
    spectrum = tiles.transform(RANDOM.normal(size=(2, 48, 64)), 2)
    whole = tiles.transform_back(spectrum.copy(), (48, 64))
    part = tiles.transform_back(spectrum.copy(), (48, 64), rows=17)
    assert part.shape == (2, 17, 64) and np.allclose(part, whole[:, :17], rtol=0, atol=1e-14)


def test_a_kernel_that_does_not_separate_has_the_weights_that_it_was_given():
    weights = RANDOM.normal(size=(9, 14))
    weights[3] = 0
    assert np.array_equal(make_filter(weights)["response"].array, weights)


@pytest.mark.quick
def test_the_choice_is_by_cost_and_the_same_each_time():
    size = (2048, 2048)
    algorithms = [
        make_plan(make_filter(np.random.default_rng(k).normal(size=(k, k))), "float32", ("response",), algorithm="auto",
                  size=size).algorithm for k in range(9, 64, 6)
    ]  # fmt: skip
    first = algorithms.index("transform")
    assert first > 0 and set(algorithms[:first]) == {"direct"} and set(algorithms[first:]) == {"transform"}
    assert best_tiling((63, 63), size) == best_tiling.__wrapped__((63, 63), size)


@pytest.mark.quick
def test_wide_gaussians_take_tiles_and_narrow_ones_and_boxes_lines():
    def chosen(name, **parameters):
        filter = make_filter(name, **parameters)
        return make_plan(filter, "float32", ("response",), algorithm="auto", size=(2048, 2048)).algorithm

    algorithms = [chosen("gaussian", sigma=sigma) for sigma in (1.5, 6, 12, 25, 50, 64)]
    assert algorithms == ["direct"] * 3 + ["transform"] * 3
    assert chosen("box", size=301) == chosen("sobel-x") == "direct"


def test_a_wide_gaussian_is_within_the_bound_and_its_nan_touches_its_own_windows():
    image, kernel = picture("float32", (420, 300)), make_filter("gaussian", sigma=25)
    found = cl.gaussian(image, sigma=25, algorithm="transform")
    true = cl.gaussian(image.astype(float), sigma=25, algorithm="direct")
    plan = make_plan(kernel, "float32", ("response",), algorithm="transform", size=found.shape)
    limit = bounds.bound(plan.tile.elements, np.linalg.norm(image), np.linalg.norm(kernel["response"].array), "float32")
    assert np.abs(found - true).max() < limit
    image[210, 150] = np.nan
    spoilt = [cl.gaussian(image, sigma=25, algorithm=a) for a in ("direct", "transform")]
    assert np.array_equal(*map(np.isnan, spoilt)) and not np.isnan(spoilt[0]).all()


def test_whole_numbers_too_large_to_be_proved_are_summed_directly():
    weights = RANDOM.integers(-(2**20), 2**20, (31, 31))
    plan = make_plan(make_filter(weights), "int32", ("response",), algorithm="transform", size=(500, 500))
    assert plan.algorithm == "direct"
    assert not bounds.is_exact(2**16, 1, 2**31, float(np.abs(weights).sum()))


def test_without_scipy_everything_is_direct(monkeypatch):
    monkeypatch.setattr(plans, "installed", lambda: False)
    monkeypatch.setattr(library, "installed", lambda: False)
    make_plan.cache_clear()
    kernel = make_filter(RANDOM.normal(size=(63, 63)))
    assert make_plan(kernel, "float32", ("response",), algorithm="auto", size=(900, 900)).algorithm == "direct"
    with pytest.raises(MissingDependencyError, match=r"algorithm=\"transform\" needs scipy|scipy"):
        cl.filter2d(np.zeros((90, 90)), RANDOM.normal(size=(63, 63)), algorithm="transform")
    make_plan.cache_clear()


def test_refusals():
    with pytest.raises(ArgumentError, match=r"algorithm: 'fft' is unknown.* Expected one of auto, direct, transform"):
        cl.filter2d(np.zeros((9, 9)), [[1, 2], [3, 4]], algorithm="fft")
    with pytest.raises(ArgumentError, match="algorithm: transform takes filters of one kernel, and sobel has two"):
        cl.sobel(np.zeros((9, 9)), algorithm="transform")


def test_the_command_tells_its_plan(tmp_path, capsys):
    np.save(tmp_path / "kernel.npy", RANDOM.normal(size=(41, 41)))
    command = ["edges", "sample:still-life", "--json", "--filter", str(tmp_path / "kernel.npy"), "-o"]
    plans_told = []
    for algorithm in ("auto", "direct"):
        assert main([*command, str(tmp_path / f"{algorithm}.npy"), "--algorithm", algorithm]) == 0
        plans_told.append(json.loads(capsys.readouterr().out)["plan"])
    assert plans_told[0]["algorithm"] == "transform" and plans_told[1]["algorithm"] == "direct"
    assert plans_told[0]["transform_ms"] < plans_told[0]["direct_ms"] == plans_told[1]["direct_ms"]
    box = ["edges", "sample:still-life", "--json", "--filter", "box", "--size", "31", "-o", str(tmp_path / "box.png")]
    assert main(box) == 0 and json.loads(capsys.readouterr().out)["plan"] == {"algorithm": "box"}


@pytest.mark.parametrize(
    "arguments, algorithm, words",
    [
        ("output --input 512x512 --kernel 63x63", "transform", "transforms are estimated to cost less"),
        ("output --input 512x512 --kernel 5x5", "direct", "fewer than 10,000,000 products"),
        ("input --input 512x512 --kernel 9 --channels 2,3", "direct", "products one by one are estimated to cost less"),
        (
            "weight --input 64x64 --kernel 31 --padding 15 --channels 64 --groups 64 --batch 8",
            "transform",
            "transforms",
        ),
        ("output --input 2048x2048 --filter gaussian --sigma 50", "transform", "transforms are estimated"),
        ("output --input 2048x2048 --filter gaussian --sigma 20", "direct", "products one by one are estimated"),
        ("output --input 2048x2048 --filter gaussian --sigma 2", "direct", "a kernel of few taps"),
        ("output --input 9000x90000 --filter gaussian --sigma 50", "direct", "larger than a strip"),
        ("output --input 2048x2048 --filter box --size 31 --dtype uint8", "box", "running sums"),
        ("output --input 99x99 --filter sobel", "direct", "two kernels share each pixel"),
    ],
)
def test_the_cost_is_explained_by_what_a_call_takes(arguments, algorithm, words, capsys):
    command = ["explain", *arguments.split(), "--cost"]
    assert main(command) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{algorithm}: ") and words in text
    assert main([*command, "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)["plan"]
    assert plan["algorithm"] == algorithm and words in plan["why"]
    if "estimated to cost" in plan["why"]:
        assert (plan["transform_ms"] < plan["direct_ms"]) == (algorithm == "transform")


@pytest.mark.parametrize(
    "arguments, words",
    [
        ("output --cost --input 9", "--kernel: missing"),
        ("output --input 9 --kernel 3", "--at: missing"),
        ("output --cost --input 9 --filter sobel", "Expected HEIGHTxWIDTH"),
        ("output --cost --input 9 --kernel 3 --dtype int8", "known for float32 and float64, got 'int8'"),
    ],
)
def test_bad_questions_for_a_cost_are_one_line(arguments, words, capsys):
    assert main(["explain", *arguments.split()]) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


def test_costs_without_scipy_say_so(monkeypatch, capsys):
    from convolab.engine import transformed

    monkeypatch.setattr(plans, "installed", lambda: False)
    monkeypatch.setattr(transformed, "installed", lambda: False)
    make_plan.cache_clear()
    for arguments in ("--kernel 63x63", "--filter gaussian --sigma 50"):
        assert main(["explain", "output", "--cost", "--input", "900x900", *arguments.split()]) == 0
        assert "direct: transforms need SciPy" in capsys.readouterr().out
    make_plan.cache_clear()
