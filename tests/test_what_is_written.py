"""What becomes of numbers in a file: one rule for a PNG, whichever way they come; what a TIFF says beside its pixels."""

import json

import numpy as np
import pytest
import tifffile
from in_turn import in_turn, thinned
from PIL import Image
from sources_table import COLOURS, DEEP, GREY

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError
from convolab.filters import stream

PATHS = pytest.mark.parametrize("strips", [(), ("--strips",)], ids=["memory", "strips"])


@pytest.fixture(autouse=True)
def small_strips(monkeypatch):
    monkeypatch.setattr(stream, "STRIP_BYTES", 3000)


def edges(*arguments, code: int = 0) -> None:
    assert main(["edges", *map(str, arguments), "--engine", "numpy", "--force"]) == code


def stretched(values: np.ndarray, low: float, high: float, top: int) -> np.ndarray:
    return np.rint((values.astype(np.float64) - low) * top / (high - low)).clip(0, top)


@PATHS
@pytest.mark.parametrize(
    ("image", "top"),
    [
        (GREY.astype(np.int16) * 100 - 9000, 65535),
        (GREY.astype(np.int8), 255),
        (GREY.astype(np.uint32) * 16_000_000, 255),
        (GREY.astype(np.uint64) << np.uint64(40), 255),
        (GREY.astype(np.float32) * 30, 255),
        (GREY.astype(np.float64) * 1e-30, 255),
    ],
    ids=lambda value: str(getattr(value, "dtype", value)),
)
def test_other_numbers_are_stretched_from_the_least_to_the_greatest_and_that_is_said(
    image, top, strips, tmp_path, capsys
):
    tifffile.imwrite(tmp_path / "in.tif", image)
    edges(tmp_path / "in.tif", "-o", tmp_path / "out.png", *strips)
    found, numbers = np.asarray(Image.open(tmp_path / "out.png")), cl.sobel(image).astype(np.float64)
    if image.dtype.kind == "f" and image.max() <= 1:
        expected = np.rint(numbers * 255)
    else:
        assert f"black is {numbers.min():.6g} and white {numbers.max():.6g}" in capsys.readouterr().err
        expected = stretched(numbers, numbers.min(), numbers.max(), top)
        assert found.min() == 0 and found.max() == top
    assert np.abs(found - expected).max() <= 1 and (found != expected).mean() < 0.01


@PATHS
@pytest.mark.parametrize("show", ["x", "magnitude"])
def test_fractions_and_integers_of_a_picture_give_the_same_greys_within_a_step(show, strips, tmp_path):
    tifffile.imwrite(tmp_path / "integers.tif", GREY)
    tifffile.imwrite(tmp_path / "fractions.tif", GREY.astype(np.float32) / 255)
    found = []
    for name in ("integers", "fractions"):
        edges(tmp_path / f"{name}.tif", "-o", tmp_path / f"{name}.png", "--show", show, *strips)
        found.append(np.asarray(Image.open(tmp_path / f"{name}.png")).astype(int))
    assert np.ptp(found[0]) > 10 and np.abs(found[0] - found[1]).max() <= 1


IMAGES = {f"{a.dtype} {a.ndim}": a for a in (GREY, DEEP, GREY / np.float32(255), GREY.astype(np.int16) - 99, COLOURS)}
MORE = {"".join(m): m for m in ((), ("--normalize",), ("--range", "-300,500"), ("--channels", "each"))}
SHOWN = ["x", "y", "magnitude", "direction", "x,magnitude"]


@pytest.mark.parametrize("image, more, show", thinned(in_turn(IMAGES, MORE, SHOWN, every=1), 40))
def test_a_png_of_the_same_data_is_the_same_in_memory_and_in_strips(image, more, show, tmp_path):
    tifffile.imwrite(tmp_path / "in.tif", image, photometric="rgb" if image.ndim == 3 else "minisblack")
    edges(tmp_path / "in.tif", "-o", tmp_path / "m.png", "--show", show, *more)
    edges(tmp_path / "in.tif", "-o", tmp_path / "s.png", "--show", show, "--strips", *more)
    names = [f"-{name}" for name in show.split(",")] if "," in show else [""]
    for name in names:
        memory, strips = (np.asarray(Image.open(tmp_path / f"{path}{name}.png")) for path in "ms")
        assert memory.dtype == strips.dtype
        np.testing.assert_array_equal(memory, strips)


@PATHS
def test_the_black_and_the_white_of_a_png_can_be_given(strips, tmp_path, capsys):
    tifffile.imwrite(tmp_path / "in.tif", GREY)
    edges(tmp_path / "in.tif", "-o", tmp_path / "out.png", "--range", "20,420", *strips)
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "out.png")), stretched(cl.sobel(GREY), 20, 420, 255))
    assert "black is 20 and white 420" in capsys.readouterr().err
    edges(tmp_path / "in.tif", "-o", tmp_path / "out.npy", "--range", "0,9", *strips, code=1)
    assert "range: says what is black and white in a PNG" in capsys.readouterr().err
    for text in ("9", "a,b", "5,5", "0,inf"):
        edges(tmp_path / "in.tif", "-o", tmp_path / "out.png", "--range", text, code=2)
        assert "--range takes" in capsys.readouterr().err


def test_pictures_of_8_and_16_bits_keep_their_values(tmp_path, capsys):
    for image, name in ((GREY, "in.pgm"), (DEEP // 8, "in.pgm")):
        Image.fromarray(image).save(tmp_path / name)
        edges(tmp_path / name, "-o", tmp_path / "out.png")
        np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "out.png")), cl.sobel(image, dtype=image.dtype))
    assert capsys.readouterr().err == ""


GEO = [
    (33550, "d", 3, (30.0, 20.0, 0.0), True),
    (33922, "d", 6, (0.0, 0.0, 0.0, 500_000.0, 4_000_000.0, 0.0), True),
    (34735, "H", 8, (1, 1, 0, 1, 1024, 0, 1, 1), True),
    (34737, "s", 0, "WGS 84|", True),
]


@PATHS
@pytest.mark.parametrize(("mode", "moved"), [("valid", 1), ("reflect", 0)])
def test_a_tiff_keeps_its_place_on_the_earth_and_its_resolution(mode, moved, strips, tmp_path):
    tifffile.imwrite(tmp_path / "in.tif", GREY, extratags=GEO, resolution=(300, 200), resolutionunit="inch")
    edges(tmp_path / "in.tif", "-o", tmp_path / "out.tif", "--mode", mode, *strips)
    with tifffile.TiffFile(tmp_path / "out.tif") as file:
        tags = file.pages.first.tags
        assert tags[33550].value == (30, 20, 0) and tags[34737].value == "WGS 84|"
        assert tags[33922].value == (-moved, -moved, 0, 500_000, 4_000_000, 0)
        assert tags[34735].value == (1, 1, 0, 1, 1024, 0, 1, 1)
        assert [v[0] / v[1] for v in (tags[282].value, tags[283].value)] == [300, 200] and tags[296].value == 2
        np.testing.assert_array_equal(file.asarray(), cl.sobel(GREY, mode=mode))


def test_a_transformation_is_moved_along_its_own_axes(tmp_path):
    matrix = (2.0, 1.0, 0.0, 100.0, 0.5, -3.0, 0.0, 200.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    tifffile.imwrite(tmp_path / "in.tif", GREY, extratags=[(34264, "d", 16, matrix, True)])
    edges(tmp_path / "in.tif", "-o", tmp_path / "out.tif", "--filter", "farid")
    with tifffile.TiffFile(tmp_path / "out.tif") as file:
        found = file.pages.first.tags[34264].value
    assert found[3] == 100 + 2 * 2 + 1 * 2 and found[7] == 200 + 0.5 * 2 - 3 * 2 and found[:3] == matrix[:3]


@PATHS
def test_imagej_and_ome_say_the_size_of_a_pixel_of_the_result(strips, tmp_path):
    tifffile.imwrite(tmp_path / "j.tif", GREY, imagej=True, resolution=(4, 2), metadata={"unit": "um", "spacing": 0.7})
    edges(tmp_path / "j.tif", "-o", tmp_path / "oj.tif", *strips)
    with tifffile.TiffFile(tmp_path / "oj.tif") as file:
        assert file.is_imagej and file.imagej_metadata["unit"] == "um" and file.imagej_metadata["spacing"] == 0.7
        assert file.pages.first.resolution == (4, 2)
    sizes = {"PhysicalSizeX": 0.25, "PhysicalSizeXUnit": "µm", "PhysicalSizeY": 0.5, "PhysicalSizeYUnit": "µm"}
    tifffile.imwrite(tmp_path / "o.ome.tif", GREY, ome=True, metadata={"axes": "YX", **sizes})
    edges(tmp_path / "o.ome.tif", "-o", tmp_path / "oo.tif", *strips)
    with tifffile.TiffFile(tmp_path / "oo.tif") as file:
        assert file.is_ome and file.series[0].axes == "YX" and file.series[0].shape == (38, 54)
        (pixels,) = [image["Pixels"] for image in [tifffile.xml2dict(file.ome_metadata)["OME"]["Image"]]]
        assert {name: pixels[name] for name in sizes} == sizes
        np.testing.assert_array_equal(file.asarray(), cl.sobel(GREY))


@PATHS
@pytest.mark.parametrize("kind", ["geo", "imagej", "ome", "resolution"])
def test_a_gradient_has_the_unit_of_length_that_the_file_says(kind, strips, tmp_path, capsys):
    options = {
        "geo": {"extratags": GEO},  # 20 m down, 30 m across
        "imagej": {"imagej": True, "resolution": (4, 2), "metadata": {"unit": "um"}},
        "ome": {"ome": True, "metadata": {"axes": "YX", "PhysicalSizeX": 0.25, "PhysicalSizeY": 0.5}},
        "resolution": {"resolution": (40, 20), "resolutionunit": "centimeter"},
    }[kind]
    y, x = {"geo": (20, 30), "imagej": (0.5e-3, 0.25e-3), "ome": (0.5e-3, 0.25e-3), "resolution": (0.5, 0.25)}[kind]
    tifffile.imwrite(tmp_path / "in.tif", GREY, **options)
    edges(tmp_path / "in.tif", "-o", tmp_path / "out.npy", "--show", "x,y", "--spacing", "file", *strips)
    plain = cl.edges(GREY.astype(np.float64), show=("x", "y"))
    np.testing.assert_allclose(np.load(tmp_path / "out-x.npy"), plain.x / 8 / x, rtol=1e-5, atol=1e-6 / x * 8)
    np.testing.assert_allclose(np.load(tmp_path / "out-y.npy"), plain.y / 8 / y, rtol=1e-5, atol=1e-6 / y * 8)


@pytest.mark.parametrize("filter", ["sobel", "scharr", "prewitt", "farid"])
def test_a_ramp_has_its_slope_in_every_gradient(filter):
    y, x = np.mgrid[0:9, 0:11]
    slope = cl.edges(3.0 * (y * 0.5) + 7.0 * (x * 0.25), filter, show=("x", "y", "magnitude"), spacing=(0.5, 0.25))
    np.testing.assert_allclose(slope.x, 7, rtol=1e-6)
    np.testing.assert_allclose(slope.y, 3, rtol=1e-6)
    np.testing.assert_allclose(slope.magnitude, np.hypot(3, 7), rtol=1e-6)


def test_what_has_no_spacing_or_no_slope_is_told(tmp_path, capsys):
    tifffile.imwrite(tmp_path / "in.tif", GREY, resolution=(1, 1), resolutionunit="none")
    edges(tmp_path / "in.tif", "-o", tmp_path / "o.npy", "--spacing", "file", code=1)
    assert (
        "spacing: the file does not say how far apart its pixels are. Give it: --spacing Y,X" in capsys.readouterr().err
    )
    edges(tmp_path / "in.tif", "-o", tmp_path / "o.npy", "--spacing", "0,1", code=2)
    assert "lengths greater than 0" in capsys.readouterr().err
    with pytest.raises(ArgumentError, match="spacing: gaussian is no gradient"):
        cl.gaussian(GREY, spacing=2)
    with pytest.raises(ArgumentError, match="spacing: roberts does not differentiate along x and y"):
        cl.roberts(GREY, spacing=2)
    for bad in (0, (1, 2, 3), (1, -1), (1, np.nan), ("a", 1)):
        with pytest.raises(ArgumentError, match=r"spacing: expected one length or two, \(y, x\)"):
            cl.sobel(GREY, spacing=bad)


def test_a_batch_names_a_bad_file_and_goes_on(tmp_path, capsys):
    tifffile.imwrite(tmp_path / "a.tif", GREY)
    (tmp_path / "b.tif").write_bytes(b"II*\0\x08\0\0\0\xff\xff")
    tifffile.imwrite(tmp_path / "c.tif", GREY)
    (tmp_path / "out").mkdir()
    images = [str(tmp_path / f"{name}.tif") for name in "abc"]
    assert main(["edges", *images, "-o", str(tmp_path / "out"), "--engine", "numpy", "--json"]) == 1
    captured = capsys.readouterr()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.png", "c.png"]
    results = json.loads(captured.out)["images"]
    assert [result["image"] for result in results] == images
    assert "error" in results[1] and results[1]["error"] in captured.err and "b.tif: damaged" in captured.err
