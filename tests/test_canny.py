"""Lines one pixel wide: OpenCV's to the pixel, in memory and in strips, whatever the pixels' type and scale."""

import tracemalloc

import cv2
import numpy as np
import pytest
import tifffile
import torch
import zarr
from PIL import Image
from scipy import ndimage

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError, DtypeError
from convolab.filters import chains, crests, crests_compiled, hysteresis, hysteresis_compiled, smoothing
from convolab.filters.chains import Chains
from convolab.filters.crests import STRONG, WEAK


def slowly(*values):
    """Values of a test that are tried with the slow ones."""
    return pytest.param(*values, marks=pytest.mark.slow)


ENGINES = ["halide", "numpy"]
TIES = {"halide": hysteresis_compiled.tie, "numpy": hysteresis.tie}
WAVES = np.sin(np.arange(90)[:, None] / 7) + np.cos(np.arange(110) / 5) * np.sin(np.arange(110) / 11)


def blurred(seed: int, shape: tuple[int, int], sigma: float = 2) -> np.ndarray:
    image = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return cv2.GaussianBlur(image, (0, 0), sigma) if sigma else image


def opencv(image: np.ndarray, low: float, high: float) -> np.ndarray:
    x, y = (cv2.Sobel(image, cv2.CV_16S, *d, borderType=cv2.BORDER_REPLICATE) for d in ((1, 0), (0, 1)))
    return cv2.Canny(x, y, low, high, L2gradient=True) > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_canny_is_opencvs_to_the_pixel_in_strips_of_any_height(engine, monkeypatch):
    for seed, (shape, sigma) in enumerate([((90, 120), 2), ((201, 63), 1), ((33, 257), 0), ((2, 70), 0), ((70, 3), 0)]):
        image = blurred(seed, shape, sigma)
        expected = opencv(image, 40, 90)
        assert expected.any()
        for pixels in (1, 20 * shape[1], 1 << 22):
            monkeypatch.setattr(smoothing, "STRIP_PIXELS", pixels)
            assert np.array_equal(cl.canny(image, sigma=0, low=40, high=90, engine=engine), expected)


def test_ties_in_every_direction_are_settled_as_opencv_does():
    rng = np.random.default_rng(5)
    x, y = rng.integers(-3, 4, (2, 60, 80), np.int16)
    squares = (x.astype(np.int32) ** 2 + y.astype(np.int32) ** 2).astype(np.float64)
    expected = cv2.Canny(x, y, 0.5, 0.5, L2gradient=True) > 0
    assert np.array_equal(crests.crests(x, y, squares) & (squares > 0.25), expected) and 500 < expected.sum() < 2500


@pytest.mark.parametrize("kind", ["uint8", slowly("float32"), slowly("float64")])
def test_halide_marks_the_crests_that_numpy_marks(kind):
    rng = np.random.default_rng(6)
    for shape in ((37, 53), (64, 20), (5, 7), (1, 1), (1, 9), (9, 1), (131, 70)):
        plane = rng.integers(0, 4, shape).astype(kind)
        if kind != "uint8":
            plane[0, -1] = np.nan
        found, expected = (np.empty(shape, np.uint8) for _ in range(2))
        strengths = [np.empty(shape, crests.strength_dtype(np.dtype(kind))) for _ in range(2)]
        for module, codes, squares in (
            (crests, expected, strengths[0]), (crests_compiled, found, strengths[1]),
        ):  # fmt: skip
            module.codes(plane, 0, shape[0], 0, 9, 40, codes)
            module.squares(plane, 0, shape[0], 0, squares)
        assert np.array_equal(found, expected) and np.array_equal(*strengths, equal_nan=kind != "uint8")
    assert {0, WEAK, STRONG} == set(np.unique(found))


def tied(weak: np.ndarray, strong: np.ndarray, engine: str) -> np.ndarray:
    chains = Chains(*weak.shape)
    chains.put(0, np.where(strong, STRONG, np.where(weak, WEAK, 0)).astype(np.uint8))
    chains.tie(TIES[engine])
    return chains.lines(0, weak.shape[0]).astype(bool)


def pieces(weak: np.ndarray, strong: np.ndarray) -> np.ndarray:
    """The pieces, of neighbours of eight each, that hold a strong one."""
    labels, count = ndimage.label(weak | strong, np.ones((3, 3)))
    holds = np.zeros(count + 1, bool)
    holds[labels[strong]] = True
    return holds[labels] & (weak | strong)


def serpentine(shape: tuple[int, int]) -> np.ndarray:
    """One chain that goes down and up through the whole image, again and again."""
    weak = np.zeros(shape, bool)
    weak[:, ::2] = True
    weak[0, 1::4] = weak[-1, 3::4] = True
    return weak


@pytest.mark.parametrize("engine", ENGINES)
def test_chains_are_tied_however_they_wind(engine):
    rng = np.random.default_rng(7)
    for shape in ((1, 1), (1, 70), (70, 1), (5, 64), (37, 131), (3, 63), (200, 129)):
        for density in (0.3, 0.5, 0.6):
            weak, strong = rng.random(shape) < density, rng.random(shape) < 0.01
            assert np.array_equal(tied(weak, strong, engine), pieces(weak, strong))
    for weak in (serpentine((150, 131)), serpentine((131, 150)).T):
        strong = np.zeros_like(weak)
        strong[tuple(np.argwhere(weak)[-1])] = True
        assert np.array_equal(tied(weak, strong, engine), weak)
        assert not tied(weak, np.zeros_like(weak), engine).any()


@pytest.mark.parametrize("engine", ENGINES)
def test_chains_that_still_grow_after_many_sweeps_are_tied_by_labels(engine, monkeypatch):
    monkeypatch.setattr(hysteresis, "SWEEPS", 1)
    monkeypatch.setattr(hysteresis_compiled, "SWEEPS", 1)
    rng = np.random.default_rng(9)
    pictures = [
        serpentine((150, 131)),
        serpentine((131, 150)).T,
        *(rng.random((200, 129)) < p for p in (0.3, 0.41, 0.5)),
    ]
    for weak in pictures:
        strong = np.zeros_like(weak)
        strong[tuple(np.argwhere(weak)[-1])] = True
        assert np.array_equal(tied(weak, strong, engine), pieces(weak, strong))


def test_chains_run_through_the_groups_of_bands_that_threads_take(monkeypatch):
    monkeypatch.setattr(hysteresis_compiled, "BAND", 4)
    monkeypatch.setattr(hysteresis_compiled.os, "cpu_count", lambda: 3)
    for weak in (serpentine((300, 131)), serpentine((131, 300)).T, np.random.default_rng(8).random((300, 200)) < 0.41):
        strong = np.zeros_like(weak)
        strong[tuple(np.argwhere(weak)[-1])] = True
        assert np.array_equal(tied(weak, strong, "halide"), pieces(weak, strong))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_bits_of_a_large_image_may_lie_in_a_file(engine, monkeypatch):
    image = blurred(1, (150, 200))
    expected = cl.canny(image, engine=engine)
    monkeypatch.setattr(chains, "IN_MEMORY", 100)
    assert np.array_equal(cl.canny(image, engine=engine), expected) and expected.any()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_image_has_the_same_lines_at_every_scale(engine):
    for kind, scales in (("float32", (1e-30, 1e-42, 1e-25, 1e25, 3e37)), ("float64", (1e-25, 1e-200, 1e300))):
        image = WAVES.astype(kind)
        for sigma in (0, 1):
            expected = cl.canny(image, sigma=sigma, engine=engine)
            strongest = float(cl.sobel(image).max())
            assert expected.sum() > 300
            for scale in scales:
                scaled = image * np.dtype(kind).type(scale)
                if scale > 1e-40:  # of the last there are too few bits left for equal lines
                    assert abs(int((cl.canny(scaled, sigma=sigma, engine=engine) ^ expected).sum())) <= 4
                    given = {"low": 0.1 * strongest * scale, "high": 0.2 * strongest * scale}
                    at_one = {name: value / scale for name, value in given.items()}
                    lines = cl.canny(image, sigma=sigma, engine=engine, **at_one)
                    assert (cl.canny(scaled, sigma=sigma, engine=engine, **given) ^ lines).sum() <= 4
                assert cl.canny(scaled, sigma=sigma, engine=engine).sum() > 250


def test_what_rounding_leaves_is_no_edge():
    rng = np.random.default_rng(9)
    for value in (1.0, 0.3, 1000.0):
        for sigma in (0, 1, 2):
            for quantiles in (False, True):
                options = {"sigma": sigma, "quantiles": quantiles}
                almost = value * (1 + 1e-12 * rng.standard_normal((80, 90)))
                assert not cl.canny(almost, **options).any()
                single = (value * (1 + 5e-8 * rng.standard_normal((80, 90)))).astype(np.float32)
                assert len(np.unique(single)) > 1 and not cl.canny(single, **options).any()
    faint = 1 + 1e-7 * WAVES
    assert np.array_equal(cl.canny(faint, sigma=0), cl.canny(WAVES, sigma=0)), "float64 holds such an image"
    assert cl.canny(almost, low=0, high=1e-12).any(), "numbers are taken as they are given"


def test_one_hot_pixel_moves_no_threshold_that_is_a_fraction_of_the_pixels():
    image = (1000 + 100 * WAVES).astype(np.uint16)
    hot = image.copy()
    hot[40, 50] = 65535
    lines, with_hot = (cl.canny(i, quantiles=True) for i in (image, hot))
    assert lines.sum() > 200 and cl.canny(hot).sum() < 20
    far = np.ones(image.shape, bool)
    far[30:51, 40:61] = False
    assert (lines ^ with_hot)[far].sum() < 0.05 * lines.sum()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["uint8", "float32", slowly("uint16"), slowly("float64")])
def test_a_threshold_as_a_fraction_is_an_order_statistic(kind, engine, monkeypatch):
    monkeypatch.setattr(smoothing, "STRIP_PIXELS", 2000)
    image = (100 + 40 * WAVES + np.random.default_rng(2).normal(0, 3, WAVES.shape)).astype(kind)
    x, y = cl.edges(image.astype(float), show=("x", "y"), mode="replicate")
    squares = (x * x + y * y).astype(np.float32 if kind == "float32" else np.float64)
    for low, high in ((0.5, 0.9), (0, 1), (0.37, 0.37), (0.9, 0.99)):
        ends = np.sqrt(np.quantile(squares, (low, high), method="inverted_cdf").astype(float))
        if kind.startswith("u"):  # a root, squared again, may fall below its integer
            ends = np.nextafter(ends, np.inf)
        expected = cl.canny(image, sigma=0, low=ends[0], high=ends[1], engine=engine)
        found = cl.canny(image, sigma=0, low=low, high=high, quantiles=True, engine=engine)
        assert (found ^ expected).sum() <= 1
    both = {"sigma": 0, "quantiles": True, "engine": engine}
    assert np.array_equal(cl.canny(image, **both), cl.canny(image, low=0.8, high=0.9, **both))
    assert np.array_equal(cl.canny(image, low=0.5, **both), cl.canny(image, low=0.5, high=0.75, **both))
    assert np.array_equal(cl.canny(image, high=0.3, **both), cl.canny(image, low=0, high=0.3, **both))


def test_tensors_dask_arrays_and_masked_arrays_give_lines():
    import dask.array as da

    image = blurred(3, (80, 90))
    expected = cl.canny(image)
    lazy = cl.canny(da.from_array(image, chunks=(30, 50)))
    assert lazy.shape == (80, 90) and lazy.dtype == bool
    assert np.array_equal(lazy.compute(scheduler="synchronous"), expected)
    colours = da.from_array(np.dstack([image] * 3), chunks=(30, 50, 1))
    assert np.array_equal(cl.canny(colours).compute(scheduler="synchronous"), expected)
    found = cl.canny(torch.from_numpy(image))
    assert found.dtype == torch.bool and np.array_equal(found.numpy(), expected)
    assert np.array_equal(cl.canny(torch.from_numpy(image).bfloat16()).numpy(), expected)
    with pytest.raises(ArgumentError, match="image: its chunks have unknown sizes"):
        cl.canny(lazy[lazy[:, 0]])


@pytest.mark.parametrize("engine", ENGINES)
def test_no_line_touches_a_nan_or_what_is_masked(engine):
    image = (100 * WAVES).astype(np.float32)
    low_and_high = {"low": 20, "high": 60, "sigma": 0, "engine": engine}
    whole = cl.canny(image, **low_and_high)
    mask = np.zeros(image.shape, bool)
    mask[40:50, 30:60] = True
    holes = np.where(mask, np.nan, image)
    near = ndimage.binary_dilation(mask, np.ones((3, 3)))
    for found in (
        cl.canny(holes, **low_and_high),
        cl.canny(np.ma.array(image + 9e9 * mask, mask=mask), **low_and_high),
    ):
        assert not found[near].any()
        far = ndimage.binary_dilation(near, np.ones((3, 3)), iterations=15)
        assert (found ^ whole)[~far].sum() < 30 and found.sum() > 100
    assert np.array_equal(cl.canny(holes, engine=engine), cl.canny(np.ma.array(image, mask=mask), engine=engine))
    assert cl.canny(holes, engine=engine).any()


def test_lines_need_less_than_two_bytes_a_pixel_besides_the_image_and_the_result():
    image = blurred(4, (1500, 1500))
    cl.canny(image[:200], sigma=0)
    tracemalloc.start()
    try:
        found = cl.canny(image, sigma=0, low=40, high=90)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.any() and peak - found.nbytes < 2 * image.size


SOURCES = {
    "npy": lambda path, image: np.save(path, image),
    "tif": lambda path, image: tifffile.imwrite(path, image, tile=(32, 48), compression="zlib"),
    "zarr": lambda path, image: zarr.create_array(str(path), data=image, chunks=(40, 40, 3)[: image.ndim]),
}


def read(path) -> np.ndarray:
    if path.suffix == ".npy":
        return np.load(path)
    if path.suffix == ".zarr":
        return zarr.open_array(str(path))[:]
    return np.asarray(Image.open(path)) if path.suffix == ".png" else tifffile.imread(path)


@pytest.mark.parametrize(
    "kind, target", [slowly("npy", "png"), ("tif", "tif"), ("zarr", "npy"), slowly("zarr", "zarr")]
)
def test_a_file_in_strips_has_the_lines_that_it_has_in_memory(kind, target, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(smoothing, "STRIP_PIXELS", 5000)
    grey = blurred(5, (210, 190), 1.5)
    for number, image in enumerate((grey, np.dstack([grey, grey[::-1], 255 - grey]), grey.astype(np.float32) / 255)):
        source, out = tmp_path / f"{number}.{kind}", tmp_path / f"lines{number}.{target}"
        SOURCES[kind](source, image)
        for options, keywords in (
            ((), {}),
            (("--sigma", "0", "--high", "60"), {"sigma": 0, "high": 60}),
            (("--quantiles", "--sigma", "2", "--low", "0.7"), {"quantiles": True, "sigma": 2, "low": 0.7}),
        ):
            command = ["edges", str(source), "-o", str(out), "--filter", "canny", "--strips", "--force", *options]
            assert main(command) == 0
            expected = cl.canny(image, **keywords)
            assert np.array_equal(read(out), expected * np.uint8(255))
            assert expected.any() or (number == 2 and "high" in keywords)
    assert not list(tmp_path.glob("*.part*"))


def test_a_zarr_and_a_file_beyond_the_bound_go_through_in_strips(tmp_path, monkeypatch, capsys):
    from convolab.filters import files

    image = blurred(6, (90, 80))
    np.save(tmp_path / "in.npy", image)
    zarr.create_array(str(tmp_path / "in.zarr"), data=image, chunks=(30, 30))
    monkeypatch.setattr(files, "STRIPS_FROM", 5000)
    for source in ("in.npy", "in.zarr"):
        command = ["edges", str(tmp_path / source), "-o", str(tmp_path / "out.png"), "--filter", "canny", "--force"]
        assert main(command) == 0 and "in strips" in capsys.readouterr().out
        assert np.array_equal(read(tmp_path / "out.png"), cl.canny(image) * np.uint8(255))
        assert main([*command, "--resume"]) == 1 and main([*command, "--channels", "each"]) == 1
        said = " ".join(capsys.readouterr().err.split())
        assert "resume: canny writes its first row after it has read the last" in said
        assert "canny: takes one plane or colours" in said


def test_each_pass_reads_every_row_of_a_source_once():
    from convolab.filters.canny_files import _SourcePixels

    class Counting:
        shape, dtype = (100, 7), np.dtype(np.float32)

        def __init__(self):
            self.rows = np.random.default_rng(0).random(self.shape, np.float32)
            self.count = np.zeros(100, int)

        def read_into(self, start, rows):
            self.count[start : start + len(rows)] += 1
            rows[...] = self.rows[start : start + len(rows)]

    for reach in (0, 3):
        source = Counting()
        rows = _SourcePixels(source)
        for number in (1, 2):
            for start in range(0, 100, 10):
                low, high = max(0, start - reach), min(100, start + 12)
                assert np.array_equal(rows.pixels(low, high), source.rows[low:high])
                assert np.array_equal(rows.pixels(start, start + 10), source.rows[start : start + 10])
            assert set(source.count) == {number}


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: cl.canny(WAVES, low=3, high=1), ArgumentError, "low, high: expected 0 ≤ low ≤ high, got 3 and 1"),
        (lambda: cl.canny(WAVES, low=-1), ArgumentError, "low, high: expected 0 ≤ low ≤ high, got -1 and -2"),
        (lambda: cl.canny(WAVES, high="much"), ArgumentError, "high: expected a number, got much"),
        (lambda: cl.canny(WAVES, high=90, quantiles=True), ArgumentError, "low, high: as fractions, expected 0 ≤ low ≤"),
        (lambda: cl.canny(WAVES, sigma=-1), ArgumentError, "sigma: must be positive, got -1"),
        (lambda: cl.canny(WAVES, engine="torch"), ArgumentError, "engine: edges have auto, halide, numpy"),
        (lambda: cl.canny(WAVES + np.inf), ArgumentError, "image: has infinite pixels. Replace them first"),
        (lambda: cl.canny(np.zeros((4, 5, 6))), ArgumentError, "image: shape (4, 5, 6) is taken for 4 × 5 pixels of 6"),
        (lambda: cl.canny(WAVES * 1j), DtypeError, "image: pixels of type complex128 are not taken"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_one_line(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_canny_draws_one_thin_line_where_a_step_is():
    image = np.zeros((30, 40))
    image[:, 20:] = 1
    for turned in (image, image.T, -image):
        lines = cl.canny(turned, sigma=1.5)
        assert lines.sum(0 if lines.shape[0] == 40 else 1).max() == 1 and lines.sum() == 30


def test_canny_finds_a_sharp_step_whose_two_sides_are_equally_strong():
    image = np.zeros((6, 9))
    image[:, 4:] = 1
    for turned in (image, -image):
        across, along = cl.canny(turned, sigma=0), cl.canny(turned.T, sigma=0)
        assert np.argwhere(across).tolist() == [[y, 3] for y in range(6)], "the left one of the two"
        assert np.argwhere(along).tolist() == [[3, x] for x in range(6)], "the upper one of the two"


def test_canny_keeps_weak_pixels_only_where_they_touch_strong_ones():
    weak = np.zeros((6, 12), bool)
    weak[1, 1:6] = weak[2, 6] = weak[3, 7] = True
    weak[5, 9:12] = True
    strong = np.zeros_like(weak)
    strong[1, 1] = True
    expected = weak.copy()
    expected[5] = False
    for engine in ENGINES:
        assert np.array_equal(tied(weak, strong, engine), expected)
    with pytest.raises(ArgumentError, match="canny: takes one plane"):
        cl.canny(WAVES, channels="each")
