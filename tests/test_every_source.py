"""Every kind of file that people bring has the pixels that it means, the same in memory and in strips."""

import sys

import numpy as np
import pytest
import sources_table
import tifffile
import zarr
from in_turn import few
from PIL import Image
from sources_table import COLOURS, DEEP, GREY, KINDS, Kind

import convolab as cl
from convolab.cli import main
from convolab.errors import ConvolabError, InputError, MissingDependencyError
from convolab.filters import stream
from convolab.network.data.named import load_dataset
from convolab.pictures import images, photographs, rows
from convolab.pictures.meaning import Selection
from convolab.pictures.sources import open_source

KINDS_BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.fixture(autouse=True)
def small_strips(monkeypatch):
    monkeypatch.setattr(stream, "STRIP_BYTES", 3000)
    monkeypatch.setattr(rows, "COPIED_BYTES", 900)


def written(kind: Kind, folder):
    path = folder / f"in{kind.suffix}"
    kind.write(path)
    return path


def in_pieces(path, **options) -> np.ndarray:
    """The rows of a file, read a few at a time and not in order."""
    source = open_source(path, **options)
    found = np.empty(source.shape, source.dtype)
    try:
        for first in (14, 0, 7, 21, 28, 35, 42, 49):
            if first < source.shape[0]:
                source.read_into(first, found[first : first + 7])
    finally:
        source.close()
    return found


def edges_of(path, out, *options) -> tuple[np.ndarray, dict]:
    assert main(["edges", str(path), "-o", str(out), "--engine", "numpy", "--force", *options]) == 0
    return np.load(out) if out.suffix == ".npy" else out


def identical(found: np.ndarray, expected: np.ndarray) -> None:
    assert found.shape == expected.shape and found.dtype.newbyteorder("=") == expected.dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_of_file_has_its_pixels_in_memory_and_in_strips(kind, tmp_path):
    path = written(kind, tmp_path)
    read = images.read(str(path), **kind.options)
    identical(read.pixels, np.ascontiguousarray(kind.pixels))
    assert kind.notes in "; ".join(read.notes) and bool(kind.notes) == bool(read.notes), read.notes
    if kind.strips:
        identical(in_pieces(path, **kind.options), np.ascontiguousarray(kind.pixels))


@pytest.mark.parametrize("kind", few([k for k in KINDS if k.strips], 40))
def test_every_kind_of_file_has_the_same_edges_in_memory_and_in_strips(kind, tmp_path, capsys):
    path = written(kind, tmp_path)
    given = [word for name, value in kind.options.items() for word in (f"--{name}", value)]
    strips = edges_of(path, tmp_path / "s.npy", "--strips", "--show", "x", *given)
    options = images.read(str(path), **kind.options)
    if path.is_dir():
        expected = cl.edges(options.pixels, show="x")
    else:
        expected = edges_of(path, tmp_path / "m.npy", "--show", "x", *given)
    identical(strips, expected)
    missing = np.isnan(options.pixels) if options.pixels.dtype.kind == "f" else np.zeros(options.pixels.shape, bool)
    windows = np.lib.stride_tricks.sliding_window_view(missing, (3, 3)) if missing.ndim == 2 else missing[:0]
    if missing.any():
        np.testing.assert_array_equal(np.isnan(strips), windows.any((2, 3)))


@pytest.mark.parametrize(
    "kind", [k for k in KINDS if k.suffix in (".png", ".ppm", ".pgm", ".jp2")], ids=lambda k: k.name
)
def test_the_table_holds_what_other_decoders_read(kind, tmp_path):
    if "transparent" in kind.name or "transparency" in kind.name:
        return
    np.testing.assert_array_equal(sources_table.open_by_others(kind, written(kind, tmp_path)), kind.pixels)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_predict_sees_what_every_kind_of_file_holds(kind, tmp_path):
    path = written(kind, tmp_path)
    if path.is_dir() or kind.suffix == ".npz":
        with pytest.raises(InputError):
            photographs.read(path)
        return
    pixels = kind.pixels.astype(np.float64)
    found = photographs.read(path)
    grounds = "transparen" in kind.name
    assert found.size == pixels.shape[:2] and np.isfinite(found.pixels).all()
    if grounds:  # laid on the ground that its ink stands out from, which is not the table's
        assert "laid the transparent picture on" in "; ".join(found.notes)
        return
    if pixels.ndim == 3 or kind.pixels.dtype != np.uint8:
        seen = pixels[~np.isnan(pixels)]
        pixels = np.where(np.isnan(pixels), np.median(seen), pixels)
    given = found.pixels.reshape(*pixels.shape[:2], -1)
    expected = pixels.reshape(*pixels.shape[:2], -1)
    np.testing.assert_allclose(np.corrcoef(given.ravel(), expected.ravel())[0, 1], 1, atol=1e-4)


def test_a_folder_of_images_is_read_by_the_same_rules(tmp_path):
    taken = [k for k in KINDS if k.suffix in (".tif", ".png", ".ppm", ".pgm") and k.pixels.dtype == np.uint8]
    taken = [k for k in taken if k.pixels.shape == (40, 56) and "transparen" not in k.name]
    for number, kind in enumerate(taken):
        folder = tmp_path / "ab"[number % 2]
        folder.mkdir(exist_ok=True)
        kind.write(folder / f"{number:03}{kind.suffix}")
    found = load_dataset(tmp_path)
    images = [image[0] for image in (*found.train_images, *found.test_images)]
    assert len(images) == len(taken) > 15
    for kind in taken:
        assert any(np.array_equal(image, kind.pixels) for image in images), kind.name


@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (255, 0)], ids=["dark ink", "light ink"])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_transparent_image_lies_on_what_its_ink_stands_out_from(suffix, ink, ground, tmp_path):
    image = np.zeros((20, 30, 4), np.uint8)
    image[5:15, 10:14] = (ink, ink, ink, 255)
    Image.fromarray(image).save(tmp_path / f"in{suffix}")
    pixels = photographs.read(tmp_path / f"in{suffix}").pixels * 255
    assert pixels[0, 0].tolist() == [ground] * 3 and pixels[10, 12].tolist() == [ink] * 3


STACK = np.stack([GREY, 255 - GREY, GREY // 2, GREY // 3, GREY // 5, GREY // 7]).reshape(2, 3, 40, 56)


@pytest.mark.parametrize(
    ("choice", "expected", "note"),
    [
        (Selection(), STACK[0, 0], "took the first of 6 frames"),
        (Selection(frame=4), STACK[1, 1], "took number 4 of 6 frames"),
        (Selection(z=1), STACK[1, 0], "took number 1 of 2 planes"),
        (Selection(band=2, z=1), STACK[1, 2], "took number 2 of 3 bands"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["ome", "imagej"])
def test_a_plane_of_a_stack_is_chosen_along_its_axes(kind, choice, expected, note, tmp_path):
    tifffile.imwrite(tmp_path / "in.tif", STACK, photometric="minisblack", metadata={"axes": "ZCYX"}, **{kind: True})
    for found in (
        images.read(str(tmp_path / "in.tif"), choice=choice).pixels,
        in_pieces(tmp_path / "in.tif", choice=choice),
    ):
        np.testing.assert_array_equal(found, expected)
    assert note in images.read(str(tmp_path / "in.tif"), choice=choice).notes


def test_series_levels_bands_and_planes_are_chosen(tmp_path):
    with tifffile.TiffWriter(tmp_path / "levels.tif") as file:
        file.write(DEEP, subifds=1, tile=(16, 16))
        file.write(DEEP[::2, ::2], subfiletype=1, tile=(16, 16))
        file.write(GREY)
    KINDS_BY_NAME["OME-Zarr"].write(tmp_path / "o.zarr")
    KINDS_BY_NAME["TIFF of a volume"].write(tmp_path / "volume.tif")
    KINDS_BY_NAME["TIFF of ten bands, planes apart"].write(tmp_path / "ten.tif")
    tifffile.imwrite(tmp_path / "c.tif", COLOURS)
    np.save(tmp_path / "stack.npy", STACK[0])
    np.save(tmp_path / "colours.npy", COLOURS)
    cases = [
        ("levels.tif", Selection(level=1), DEEP[::2, ::2]),
        ("levels.tif", Selection(series=1), GREY),
        ("volume.tif", Selection(z=1), 255 - GREY),
        ("ten.tif", Selection(band=9), DEEP),
        ("c.tif", Selection(band=1), COLOURS[..., 1]),
        ("o.zarr", Selection(level=1, band=1, z=1), (GREY // 3)[::2, ::2]),
        ("stack.npy", Selection(frame=2), STACK[0, 2]),
        ("colours.npy", Selection(band=2), COLOURS[..., 2]),
    ]
    for name, choice, expected in cases:
        np.testing.assert_array_equal(images.read(str(tmp_path / name), choice=choice).pixels, expected, err_msg=name)
        np.testing.assert_array_equal(in_pieces(tmp_path / name, choice=choice), expected, err_msg=name)
    assert open_source(tmp_path / "o.zarr", Selection(level=1)).meaning.spacing == (1e-3, 0.5e-3)


def test_a_frame_of_an_animation_and_a_band_of_a_photograph_are_chosen(tmp_path, capsys):
    frames = [Image.fromarray(STACK[0, n]) for n in range(3)]
    frames[0].save(tmp_path / "in.gif", save_all=True, append_images=frames[1:])
    Image.fromarray(COLOURS).save(tmp_path / "in.png")
    result = tmp_path / "o.npy"
    np.testing.assert_array_equal(edges_of(tmp_path / "in.gif", result, "--frame", "2"), cl.sobel(STACK[0, 2]))
    np.testing.assert_array_equal(edges_of(tmp_path / "in.png", result, "--band", "1"), cl.sobel(COLOURS[..., 1]))
    capsys.readouterr()
    refused = [
        ("in.gif", "--frame", 3, "frame 3 is asked for, and there are 3 frames, counted from 0"),
        ("in.gif", "--series", 0, "series is asked for, and a GIF has none"),
        ("in.png", "--band", 3, "band 3 is asked for, and there are 3 bands"),
        ("in.png", "--frame", -1, "frame: counts from 0, got -1"),
    ]
    for name, option, value, words in refused:
        assert main(["edges", str(tmp_path / name), "-o", str(tmp_path / "n.npy"), option, str(value)]) == 1
        error = capsys.readouterr().err
        assert words in error and error.count("\n") == 1


def test_all_bands_are_filtered_where_each_is_asked_for(tmp_path):
    KINDS_BY_NAME["TIFF of five bands"].write(tmp_path / "in.tif")
    bands = np.dstack([COLOURS, GREY, GREY])
    for strips in ((), ("--strips",)):
        found = edges_of(tmp_path / "in.tif", tmp_path / "o.npy", "--channels", "each", *strips)
        np.testing.assert_array_equal(found, cl.sobel(bands, channels="each"))


def test_booleans_of_any_bytes_are_booleans():
    plain = GREY > 127
    bytes_of_255 = (plain.astype(np.uint8) * 255).view(bool)
    assert np.array_equal(plain, bytes_of_255) and bytes_of_255.view(np.uint8).max() == 255
    for engine in ("numpy", "halide"):
        np.testing.assert_array_equal(cl.sobel(bytes_of_255, engine=engine), cl.sobel(plain, engine=engine))
    np.testing.assert_array_equal(cl.sobel(plain), cl.sobel(plain.astype(np.uint8)))


def test_an_image_of_pillow_s_is_taken_as_its_file_would_be():
    palette = Image.fromarray(COLOURS).quantize(64)
    turned = Image.fromarray(GREY)
    turned.getexif()[274] = 6
    for image, pixels in (
        (palette, np.asarray(palette.convert("RGB"))),
        (Image.fromarray(GREY > 127), np.uint8(GREY > 127) * np.uint8(255)),
        (Image.fromarray(DEEP), DEEP),
        (Image.fromarray(COLOURS).convert("CMYK"), np.asarray(Image.fromarray(COLOURS).convert("CMYK").convert("RGB"))),
        (turned, np.rot90(GREY, -1)),
    ):
        np.testing.assert_array_equal(cl.sobel(image), cl.sobel(pixels))


class Proxy:
    """An array that lies elsewhere, as nibabel and h5py hand them over."""

    def __init__(self, array: np.ndarray):
        self.shape, self.dtype, self.ndim, self._array = array.shape, array.dtype, array.ndim, array

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self._array if dtype is None else self._array.astype(dtype)

    def __getitem__(self, key):
        return self._array[key]


@pytest.mark.parametrize("dtype", [">i2", ">u2", ">f4", ">f8", "<i4", "=u1"])
def test_arrays_of_other_libraries_are_arrays(dtype, tmp_path):
    array = GREY.astype(dtype)
    mapped = np.memmap(tmp_path / "a.raw", dtype, "w+", shape=array.shape)
    mapped[...] = array
    expected = cl.sobel(GREY.astype(np.dtype(dtype).newbyteorder("=")))
    for given in (array, Proxy(array), mapped, np.asfortranarray(array)):
        identical(cl.sobel(given), expected)
        cl.stream_edges(given, tmp_path / "o.npy", force=True, engine="numpy")
        identical(np.load(tmp_path / "o.npy"), expected)


def test_a_zarr_array_is_reached_through_its_group_and_by_its_own_path(tmp_path, capsys):
    KINDS_BY_NAME["Zarr group"].write(tmp_path / "g.zarr")
    for name in ("g.zarr", "g.zarr/0"):
        np.testing.assert_array_equal(edges_of(tmp_path / name, tmp_path / "o.npy"), cl.sobel(GREY))
        assert edges_of(tmp_path / name, tmp_path / "c.png", "--filter", "canny").exists()
    zarr.create_array(str(tmp_path / "line.zarr"), data=np.zeros(9))
    np.save(tmp_path / "line.npy", np.zeros(3_000_000, np.float32))
    for name in ("line.zarr", "line.npy"):
        assert main(["edges", str(tmp_path / name), "-o", str(tmp_path / "n.npy")]) == 1
        assert "expected (h, w)" in capsys.readouterr().err.splitlines()[-1].lower()


def test_a_file_without_its_decoder_names_what_brings_it(tmp_path, monkeypatch):
    for name in ("TIFF of 8 bits, white is zero", "TIFF of int8"):
        KINDS_BY_NAME[name].write(tmp_path / f"{name}.tif")
    monkeypatch.setitem(sys.modules, "tifffile", None)
    found = images.read(str(tmp_path / "TIFF of 8 bits, white is zero.tif"))
    np.testing.assert_array_equal(found.pixels, 255 - GREY)
    with pytest.raises(MissingDependencyError, match="tifffile: not installed, and this TIFF needs it"):
        images.read(str(tmp_path / "TIFF of int8.tif"))


def test_damage_in_any_kind_of_file_is_one_line(tmp_path):
    rng = np.random.default_rng(1)
    for number, kind in enumerate(k for k in KINDS if k.suffix != ".zarr"):
        path = written(kind, tmp_path)
        content = bytearray(path.read_bytes())
        for position in rng.integers(0, len(content), 8):
            content[position] = rng.integers(256)
        path.write_bytes(content[: len(content) * (2 + number % 4) // 5])
        for read in (
            lambda p=path: images.read(str(p)),
            lambda p=path: in_pieces(p),
            lambda p=path: photographs.read(p),
        ):
            try:
                read()
            except ConvolabError as error:
                assert "\n" not in str(error), kind.name


def test_the_page_shows_the_table():
    from pathlib import Path

    page = (Path(__file__).parents[1] / "docs" / "edges.md").read_text(encoding="utf-8")
    assert all(f"| {kind.name} |" in page for kind in KINDS)
