"""Boxes of any size: exact on integers, within their bound on floats, each sum by its window alone, and the same bits."""

import numpy as np
import pytest
from in_turn import in_turn, thinned

import convolab as cl
from convolab.filters import box, box_compiled, stream
from convolab.filters.kernels import make_filter
from convolab.filters.plan import make_plan

RANDOM = np.random.default_rng(29)
TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "float32", "float64"]
# The last rows are cut; columns of bytes need more than 16 bits; strips grow with the kernel.
SIZES = [3, 4, 5, 16, 31, 64, 127, 300]
OPTIONS = {
    "as it is": {}, "to bytes": {"dtype": "uint8"}, "reflect": {"mode": "reflect"},
    "zeros, each": {"mode": "zeros", "channels": "each"}, "colours": {}, "normalised": {"normalize": True},
}  # fmt: skip


def picture(dtype, shape) -> np.ndarray:
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return RANDOM.normal(0, 100, shape).astype(dtype)
    span = np.iinfo(dtype)
    return RANDOM.integers(span.min, span.max, shape, dtype=dtype, endpoint=True)


def exact_sums(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """The sum over every window, in Python's integers or in long doubles."""
    kind = object if image.dtype.kind != "f" else np.longdouble
    table = np.zeros((image.shape[0] + 1, image.shape[1] + 1), kind)
    table[1:, 1:] = image.astype(kind).cumsum(axis=0).cumsum(axis=1)
    return table[height:, width:] - table[:-height, width:] - table[height:, :-width] + table[:-height, :-width]


@pytest.mark.parametrize("dtype, size, options", thinned(in_turn(TYPES, SIZES, OPTIONS, every=13), 16))
def test_a_box_has_the_bits_of_the_portable_way(dtype, size, options):
    colours = "each" in options.get("channels", "") or options is OPTIONS["colours"]
    image = picture(dtype, (330, 401, 3) if colours else (330, 401))
    ours, theirs = (cl.box(image, size=size, engine=engine, **options) for engine in ("halide", "numpy"))
    assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs)


@pytest.mark.parametrize("size, dtype, engine", thinned(in_turn(SIZES, TYPES[:6], ["halide", "numpy"], every=5), 10))
def test_the_mean_of_integers_is_the_exact_one_rounded_once(size, dtype, engine):
    image = picture(dtype, (310, 330))
    found = cl.box(image, size=size, engine=engine)
    exact = exact_sums(image, size, size)
    expected = np.array([[value / size**2 for value in row] for row in exact.tolist()])
    bound = np.finfo(found.dtype).eps * np.abs(expected)
    assert (np.abs(found - expected) <= bound).all()
    rounded = cl.box(image, size=size, engine=engine, dtype=dtype if dtype != "int64" else "int32")
    if dtype in ("uint8", "int16"):
        assert rounded.tolist() == [[round(value / size**2) for value in row] for row in exact.tolist()]


@pytest.mark.parametrize("engine", ["halide", "numpy"])
@pytest.mark.parametrize("shape", [(3, 3), (5, 40), (40, 1), (1, 17), (63, 63)])
def test_whole_equal_weights_give_whole_sums(shape, engine):
    image = picture("int16", (90, 140))
    found = cl.filter2d(image, np.full(shape, -3), engine=engine)
    assert found.dtype.kind == "i" and found.tolist() == (-3 * exact_sums(image, *shape)).tolist()


def bound(plan, window: int) -> float:
    """The bound of box.py, as a multiple of Σ |x|."""
    unit = np.finfo(plan.working).eps / 2
    additions = sum(len(box.doubling(k)) for k in plan.filter.shape)
    return additions * unit / (1 - additions * unit)


@pytest.mark.parametrize("size, dtype, engine", in_turn(SIZES, ["float32"], ["halide", "numpy"]))
def test_sums_of_floats_are_within_their_bound(size, dtype, engine):
    cancelling = picture("float32", (330, 340))
    cancelling[::2] = -cancelling[1::2]
    bright = np.full((330, 340), 1e-3, dtype)
    bright[100, 200] = 1e30
    plan = make_plan(make_filter("box", size=size), dtype, ("response",))
    unit = np.finfo(dtype).eps / 2
    for image in (picture(dtype, (330, 340)), cancelling, bright):
        found = cl.box(image, size=size, engine=engine).astype(np.longdouble)
        # Sums of the windows alone: a table of prefix sums would carry the bright pixel everywhere.
        windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.longdouble), size, axis=0).sum(-1)
        exact = np.lib.stride_tricks.sliding_window_view(windows, size, axis=1).sum(-1)
        sizes = np.abs(image).astype(np.longdouble)
        reach = np.lib.stride_tricks.sliding_window_view(
            np.lib.stride_tricks.sliding_window_view(sizes, size, axis=0).sum(-1), size, axis=1
        ).sum(-1)
        error = np.abs(found - exact / size**2)
        assert (error <= (bound(plan, size) * reach + unit * np.abs(exact) * (1 + 1e-6)) / size**2).all()


def test_the_additions_are_at_most_twice_the_logarithm():
    for size in range(1, 3000):
        n = 1
        for double, at in box.doubling(size):
            assert at == n
            n = 2 * n if double else n + 1
        assert n == size and len(box.doubling(size)) <= 2 * np.log2(size)


@pytest.mark.parametrize("engine", ["halide", "numpy"])
def test_nan_infinity_and_a_bright_pixel_touch_their_own_windows_alone(engine):
    image = picture("float32", (200, 260))
    spoilt = image.copy()
    spoilt[90, 130], spoilt[20, 30], spoilt[150, 200] = np.nan, np.inf, 1e37
    found, plain = (cl.box(each, size=31, engine=engine) for each in (spoilt, image))
    touched = np.zeros(found.shape, bool)
    for y, x in ((90, 130), (20, 30), (150, 200)):
        touched[max(0, y - 30) : y + 1, max(0, x - 30) : x + 1] = True
    assert np.array_equal(found[~touched], plain[~touched])
    assert np.isnan(found[60:91, 100:131]).all() and np.isinf(found[:21, :31]).all()


@pytest.mark.parametrize("size, dtype", in_turn([5, 33, 90], ["uint8", "float32"]))
def test_strips_chunks_and_parts_have_the_bits_of_memory(size, dtype, tmp_path, monkeypatch):
    da = pytest.importorskip("dask.array")
    monkeypatch.setattr(stream, "STRIP_BYTES", 60_000)
    image = picture(dtype, (317, 301))
    for mode in ("valid", "reflect"):
        whole = cl.box(image, size=size, mode=mode)
        np.save(tmp_path / "in.npy", image)
        stream.stream_edges(tmp_path / "in.npy", tmp_path / "out.npy", "box", size=size, mode=mode, force=True)
        assert np.array_equal(np.load(tmp_path / "out.npy"), whole)
        blocks = cl.box(da.from_array(image, chunks=(100, 107)), size=size, mode=mode)
        assert np.array_equal(blocks.compute(scheduler="synchronous"), whole)


def test_one_compilation_serves_every_size_beyond_the_smallest():
    image = picture("float32", (400, 400))
    cl.box(image, size=9, engine="halide")
    before = len(box_compiled._PASSES)
    for size in (8, 31, 200):
        assert np.array_equal(cl.box(image, size=size, engine="halide"), cl.box(image, size=size, engine="numpy"))
    assert len(box_compiled._PASSES) == before


def test_a_box_wider_than_any_loop_over_its_taps_would_end():
    image = picture("uint8", (70, 20_500))
    found = cl.filter2d(image[:, :200], np.ones((63, 63)))
    assert found.shape == (8, 138)
    wide = cl.box(picture("uint8", (80, 5200)), size=5001, mode="reflect")
    assert wide.shape == (80, 5200) and abs(float(wide.mean()) - 127.5) < 1


@pytest.mark.parametrize("mode", ["zeros", "reflect", "symmetric", "replicate", "circular"])
@pytest.mark.parametrize("shape", [(70, 90), (33, 20), (20, 200)])
def test_borders_of_large_kernels_are_those_of_a_padded_image(mode, shape):
    from convolab.filters.borders import PADDING

    image, kernel = picture("uint8", shape), np.arange(50 * 18).reshape(50, 18) % 7 - 3
    padded = np.pad(image, ((24, 25), (8, 9)), mode=PADDING[mode])
    expected = cl.filter2d(padded, kernel, algorithm="direct")
    assert np.array_equal(cl.filter2d(image, kernel, mode=mode, algorithm="direct"), expected)


@pytest.mark.parametrize("dtype, size", [("uint8", 3), ("uint8", 63), ("uint8", 127), ("int16", 9)])
def test_where_the_product_is_said_to_round_like_the_quotient_it_does_for_every_sum(dtype, size):
    plan = make_plan(make_filter("box", size=size), dtype, ("response",), out_dtype=dtype)
    count = size**2
    assert box.rounds_quotients(plan) and box.rounds_by_product(plan) == (255 * count < 2**22 or dtype == "int16")
    sums = np.arange(box.largest_pixel(dtype) * count + 1)
    product = sums.astype(np.float32) * (np.float32(1) / np.float32(count))
    assert np.array_equal(np.rint(product).astype(int), (2 * sums + count) // (2 * count))


def test_means_at_a_tie_go_to_the_even_integer():
    image = np.indices((40, 300)).sum(0) % 2 + np.arange(300) // 2 % 100 * 2
    found = cl.box(image.astype(np.uint8), size=(1, 10), dtype="uint8", engine="halide")
    exact = exact_sums(image, 1, 10)
    assert found.tolist() == [[round(value / 10) for value in row] for row in exact.tolist()]
    assert any(value % 10 == 5 for row in exact.tolist() for value in row)
