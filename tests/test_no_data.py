"""Places without data: no number of theirs enters a result, and results that touch them have none either."""

import numpy as np
import pytest
import tifffile
from PIL import Image
from sources_table import COLOURS, GREY, HOLES, NODATA, floating, holes

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError, InputError
from convolab.filters import stream
from convolab.filters.kernels import make_filter

WINDOWS = np.lib.stride_tricks.sliding_window_view(HOLES, (3, 3)).any((2, 3))
PLAIN = cl.sobel(GREY.astype(np.float32))


def written(path, array, **options):
    tifffile.imwrite(path, array, **options)
    return path


def edges(*arguments) -> None:
    assert main(["edges", *map(str, arguments), "--engine", "numpy", "--force"]) == 0


PATHS = pytest.mark.parametrize("strips", [(), ("--strips",)], ids=["memory", "strips"])


@pytest.fixture(autouse=True)
def small_strips(monkeypatch):
    monkeypatch.setattr(stream, "STRIP_BYTES", 3000)


@PATHS
@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.float64])
def test_a_tiff_keeps_its_number_for_no_data_and_its_tag(dtype, strips, tmp_path):
    source = written(tmp_path / "in.tif", holes(GREY.astype(dtype), -9999), extratags=NODATA)
    edges(source, "-o", tmp_path / "out.tif", *strips)
    with tifffile.TiffFile(tmp_path / "out.tif") as file:
        page = file.pages.first
        assert float(page.tags[42113].value) == -9999
        found = page.asarray()
    wide = np.float64 if dtype is np.float64 else np.float32
    np.testing.assert_array_equal(found, np.where(WINDOWS, wide(-9999), cl.sobel(GREY.astype(wide))))


@PATHS
def test_a_result_of_a_type_that_cannot_hold_the_number_has_one_of_its_own_and_says_so(strips, tmp_path, capsys):
    source = written(tmp_path / "in.tif", holes(GREY.astype(np.int16), -9999), extratags=NODATA)
    edges(source, "-o", tmp_path / "out.tif", "--dtype", "uint8", *strips)
    assert "255 stands where no data are" in capsys.readouterr().err
    with tifffile.TiffFile(tmp_path / "out.tif") as file:
        assert float(file.pages.first.tags[42113].value) == 255
        np.testing.assert_array_equal(file.asarray(), np.where(WINDOWS, 255, np.rint(PLAIN).clip(0, 255)))


@PATHS
def test_a_png_is_transparent_where_no_data_are(strips, tmp_path):
    source = written(tmp_path / "in.tif", holes(GREY, 7), extratags=[(42113, "s", 0, "7", True)])
    edges(source, "-o", tmp_path / "out.png", *strips)
    found = np.asarray(Image.open(tmp_path / "out.png"))
    missing = np.lib.stride_tricks.sliding_window_view(holes(GREY, 7) == 7, (3, 3)).any((2, 3))
    np.testing.assert_array_equal(found[..., 1], np.where(missing, 0, 255))
    np.testing.assert_array_equal(found[~missing][:, 0], np.rint(PLAIN).clip(0, 255)[~missing])


@PATHS
def test_each_colour_of_a_png_is_transparent_together(strips, tmp_path):
    colours = np.where(HOLES[..., None], 3, COLOURS).astype(np.uint8)
    source = written(tmp_path / "in.tif", colours, photometric="rgb", extratags=[(42113, "s", 0, "3", True)])
    edges(source, "-o", tmp_path / "out.png", "--channels", "each", *strips)
    found = np.asarray(Image.open(tmp_path / "out.png"))
    missing = np.lib.stride_tricks.sliding_window_view((colours == 3).all(-1), (3, 3)).any((2, 3))
    assert found.shape == (38, 54, 4)
    np.testing.assert_array_equal(found[..., 3] == 0, missing)
    np.testing.assert_array_equal(found[~missing][:, :3], cl.sobel(colours, channels="each", dtype="uint8")[~missing])


@pytest.mark.parametrize("mode", ["valid", "zeros", "reflect", "symmetric", "replicate", "circular"])
@pytest.mark.parametrize("filter", ["sobel", "roberts", "gaussian"])
def test_every_border_spreads_no_data_alike_in_memory_and_in_strips(filter, mode, tmp_path):
    picture = GREY.astype(np.float32)
    picture[0, 3] = picture[-1, 50] = picture[20, 0] = np.nan
    np.save(tmp_path / "in.npy", picture)
    for name, strips in (("m", ()), ("s", ("--strips",))):
        out = tmp_path / f"{name}.npy"
        edges(tmp_path / "in.npy", "-o", out, "--filter", filter, "--mode", mode, "--nan", "nodata", *strips)
    memory, strips = np.load(tmp_path / "m.npy"), np.load(tmp_path / "s.npy")
    np.testing.assert_array_equal(memory, strips)
    padding = {"valid": None, "zeros": "constant", "reflect": "reflect", "symmetric": "symmetric",
               "replicate": "edge", "circular": "wrap"}[mode]  # fmt: skip
    height, width = {"sobel": (3, 3), "roberts": (2, 2), "gaussian": (9, 9)}[filter]
    missing = np.isnan(picture)
    if padding:
        missing = np.pad(missing, [((k - 1) // 2, k // 2) for k in (height, width)], padding)
    touched = np.lib.stride_tricks.sliding_window_view(missing, (height, width)).any((2, 3))
    np.testing.assert_array_equal(np.isnan(memory), touched)


@PATHS
def test_normalising_leaves_no_data_out(strips, tmp_path):
    source = written(tmp_path / "in.tif", holes(GREY.astype(np.float32), -9999), extratags=NODATA)
    edges(source, "-o", tmp_path / "out.npy", "--normalize", *strips)
    found = np.load(tmp_path / "out.npy")
    assert np.nanmax(found) == 1
    np.testing.assert_allclose(found[~WINDOWS], PLAIN[~WINDOWS] / PLAIN[~WINDOWS].max(), rtol=1e-6)


@PATHS
def test_nan_is_refused_unless_it_is_said_to_be_no_data(strips, tmp_path, capsys):
    np.save(tmp_path / "in.npy", floating(GREY))
    assert main(["edges", str(tmp_path / "in.npy"), "-o", str(tmp_path / "out.npy"), *strips]) == 1
    error = capsys.readouterr().err
    assert "pixels are NaN, the first at row 11, column 21" in error and "--nan nodata" in error
    assert error.count("\n") == 1 and not (tmp_path / "out.npy").exists()
    edges(tmp_path / "in.npy", "-o", tmp_path / "out.npy", "--nan", "nodata", *strips)
    np.testing.assert_array_equal(np.load(tmp_path / "out.npy"), np.where(WINDOWS, np.float32(np.nan), PLAIN))


@PATHS
def test_the_mask_of_a_file_is_applied_where_that_is_asked_for_and_named_where_not(strips, tmp_path, capsys):
    source = tmp_path / "in.tif"
    with tifffile.TiffWriter(source) as file:
        file.write(GREY, metadata=None)
        file.write(~HOLES, subfiletype=4, photometric="mask", metadata=None)
    edges(source, "-o", tmp_path / "out.npy", *strips)
    assert "its mask was not applied; --nan nodata does" in capsys.readouterr().out
    np.testing.assert_array_equal(np.load(tmp_path / "out.npy"), PLAIN)
    edges(source, "-o", tmp_path / "out.npy", "--nan", "nodata", *strips)
    np.testing.assert_array_equal(np.load(tmp_path / "out.npy"), np.where(WINDOWS, np.float32(np.nan), PLAIN))


@pytest.mark.parametrize("mode", ["valid", "reflect"])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_a_masked_array_gives_a_masked_array(dtype, mode):
    image = np.ma.masked_array(GREY.astype(dtype), HOLES)
    image.data[HOLES] = 200 if dtype == np.uint8 else np.nan
    found = cl.sobel(image, mode=mode)
    plain = cl.sobel(GREY.astype(dtype), mode=mode)
    missing = HOLES if mode == "valid" else np.pad(HOLES, 1)
    touched = np.lib.stride_tricks.sliding_window_view(missing, (3, 3)).any((2, 3))
    assert isinstance(found, np.ma.MaskedArray) and found.dtype == plain.dtype
    np.testing.assert_array_equal(np.ma.getmaskarray(found), touched)
    np.testing.assert_array_equal(found.compressed(), plain[~touched])


def test_components_and_peaks_of_a_masked_array_are_masked_too():
    image = np.ma.masked_array(GREY, HOLES)
    x, magnitude = cl.edges(image, show=("x", "magnitude"), normalize=True)
    assert np.abs(x).max() == magnitude.max() == 1 and x.mask.sum() == WINDOWS.sum()
    colours = np.ma.masked_array(COLOURS, np.broadcast_to(HOLES[..., None], COLOURS.shape))
    assert np.array_equal(cl.sobel(colours).mask, WINDOWS)
    assert np.array_equal(cl.sobel(colours, channels="each").mask, np.dstack([WINDOWS] * 3))
    with pytest.raises(ArgumentError, match="out: a masked array gives masked arrays of its own"):
        cl.sobel(image, out=np.empty((38, 54), np.float32))


@pytest.mark.parametrize("strips", [False, True])
@pytest.mark.parametrize("sigma", ["0", "1"])
def test_lines_have_no_data_where_a_window_touches_none(tmp_path, strips, sigma, capsys):
    pixels = GREY.astype(np.int16)
    source = written(tmp_path / "in.tif", holes(pixels, -9999), extratags=NODATA)
    for suffix in (".tif", ".png", ".npy"):
        asked = ["edges", str(source), "-o", str(tmp_path / f"out{suffix}"), "--filter", "canny", "--sigma", sigma]
        assert main([*asked, *(["--strips"] if strips else [])]) == 0
    grey, clear = np.moveaxis(np.asarray(Image.open(tmp_path / "out.png")), 2, 0)
    reach = 2 + (make_filter("gaussian", sigma=1).shape[0] // 2 if sigma == "1" else 0)
    near = np.pad(HOLES, reach)
    touched = np.lib.stride_tricks.sliding_window_view(near, (2 * reach + 1,) * 2).any((2, 3))
    assert np.array_equal(clear == 0, touched) and touched.any() and not touched.all()
    image = np.where(HOLES, np.nan, pixels.astype(np.float32))
    lines = cl.canny(image, sigma=float(sigma)) & ~touched
    assert np.array_equal(grey, lines * np.uint8(255)) and lines.any()
    numbers = np.where(touched, 128, grey)
    with tifffile.TiffFile(tmp_path / "out.tif") as tiff:
        assert np.array_equal(tiff.asarray(), numbers) and tiff.pages[0].tags[42113].value == "128"
    assert np.array_equal(np.load(tmp_path / "out.npy"), numbers)
    assert capsys.readouterr().err.count("128 stands where no data are") == 2


def test_lines_of_a_scan_keep_its_tags(tmp_path):
    source = written(tmp_path / "in.tif", GREY, extratags=[(33550, 12, 3, (0.5, 0.5, 0.0))])
    for strips in ([], ["--strips"]):
        out = tmp_path / "out.tif"
        assert main(["edges", str(source), "-o", str(out), "--filter", "canny", "--force", *strips]) == 0
        with tifffile.TiffFile(out) as tiff:
            assert tiff.pages[0].tags[33550].value == (0.5, 0.5, 0.0)


def test_a_mask_that_is_handed_over_is_refused_in_one_line():
    with pytest.raises(
        ArgumentError, match=r"mask: canny does not take it\. .* To leave pixels out, pass a masked array"
    ):
        cl.canny(GREY, mask=HOLES)


def test_strips_of_an_array_refuse_nan_as_files_do(tmp_path):
    with pytest.raises(InputError, match=r"image: .* pixels are NaN"):
        cl.stream_edges(floating(GREY), tmp_path / "out.npy", engine="numpy")
    cl.stream_edges(floating(GREY), tmp_path / "out.npy", engine="numpy", nan="nodata")
    np.testing.assert_array_equal(np.isnan(np.load(tmp_path / "out.npy")), WINDOWS)
