"""`convolab edges`: every kind of picture in and out, and one line for everything that cannot be used."""

import io
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest
import tifffile
from in_turn import few
from PIL import Image

import convolab as cl
from convolab.cli import main
from convolab.errors import InputError
from convolab.filters.files import Options
from convolab.filters.kernels import make_filter
from convolab.filters.rendering import is_signed, rendered
from convolab.filters.table import FILTERS
from convolab.pictures.images import read
from convolab.pictures.opening import open_unguarded

RANDOM = np.random.default_rng(12)
Y, X = np.mgrid[0:60, 0:83]
PHOTO = (
    np.stack([127 + 90 * np.sin(X / 9 + Y / 5), 120 + 80 * np.cos(X / 7), 3 * Y + X / 3], -1).clip(0, 255).astype("u1")
)
GREY = np.asarray(Image.fromarray(PHOTO).convert("L"))


def run(*arguments, capsys) -> dict:
    """The command's one JSON object."""
    code = main(["edges", *map(str, arguments), "--json"])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    assert captured.out.count("\n") == 1
    return json.loads(captured.out)


def complaint(*arguments, capsys, code: int = 1) -> str:
    assert main(["edges", *map(str, arguments)]) == code
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and not captured.out
    return captured.err


@pytest.mark.parametrize("format", ["png", "webp", "tiff", "bmp", "gif", "jpg"])
def test_every_format_is_read(format, tmp_path, capsys):
    path = tmp_path / f"photo.{format}"
    options = {"lossless": True} if format == "webp" else {}
    image = Image.fromarray(GREY if format in ("gif", "jpg") else PHOTO)
    image.save(path, **options)
    result = run(path, "-o", tmp_path / "edges.png", capsys=capsys)
    assert result["input_shape"][:2] == [60, 83] and result["output_shape"] == [58, 81]
    assert {"filter", "seconds", "megapixels_per_second", "engine"} <= set(result)
    with Image.open(path) as image:
        expected = cl.sobel(np.asarray(image.convert("RGB").convert("L")), dtype="uint8")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "edges.png")), expected)


def test_a_colour_jpeg_is_taken_by_its_own_luma(tmp_path, capsys):
    Image.fromarray(PHOTO).save(tmp_path / "photo.jpg", quality=95)
    run(tmp_path / "photo.jpg", "-o", tmp_path / "edges.png", capsys=capsys)
    image = Image.open(tmp_path / "photo.jpg")
    image.draft("L", image.size)
    luma = np.asarray(image)
    assert np.abs(luma.astype(int) - GREY).max() < 12
    assert np.array_equal(np.asarray(Image.open(tmp_path / "edges.png")), cl.sobel(luma, dtype="uint8"))


def test_sixteen_bits_stay_sixteen(tmp_path, capsys):
    deep = GREY.astype(np.uint16) * 200
    for name, save in (
        ("d.png", lambda p: Image.fromarray(deep).save(p)),
        ("d.tif", lambda p: tifffile.imwrite(p, deep)),
    ):
        save(tmp_path / name)
        run(tmp_path / name, "-o", tmp_path / "edges.png", "--force", capsys=capsys)
        found = np.asarray(Image.open(tmp_path / "edges.png"))
        assert found.dtype == np.uint16 and np.array_equal(found, cl.sobel(deep, dtype="uint16"))


def test_colours_of_sixteen_bits_are_read_by_tifffile(tmp_path, capsys):
    tifffile.imwrite(tmp_path / "d.tif", PHOTO.astype(np.uint16) * 200, photometric="rgb")
    run(tmp_path / "d.tif", "-o", tmp_path / "edges.npy", capsys=capsys)
    assert np.array_equal(np.load(tmp_path / "edges.npy"), cl.sobel(PHOTO.astype(np.uint16) * 200))


def test_exif_rotation_is_followed(tmp_path, capsys):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(GREY).save(tmp_path / "turned.jpg", exif=exif, quality=100)
    result = run(tmp_path / "turned.jpg", "-o", tmp_path / "edges.png", capsys=capsys)
    assert result["input_shape"] == [83, 60] and "turned upright" in result["notes"][0]


def test_transparency_lies_on_the_background(tmp_path, capsys):
    clear = np.dstack([np.zeros_like(PHOTO), np.where(X < 40, 255, 0).astype(np.uint8)])
    Image.fromarray(clear).save(tmp_path / "clear.png")
    for background, jump in (("white", 1020), ("black", 0)):
        result = run(
            tmp_path / "clear.png", "-o", tmp_path / "e.npy", "--force", "--background", background, capsys=capsys
        )
        assert f"laid the transparent picture on {background}" in result["notes"]
        assert np.load(tmp_path / "e.npy").max() == jump


def test_standard_input_and_an_address(tmp_path, capsys, monkeypatch):
    content = io.BytesIO()
    Image.fromarray(GREY).save(content, "PNG")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.getvalue())))
    run("-", "-o", tmp_path / "a.npy", capsys=capsys)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/photo.png" else 404)
            self.end_headers()
            self.wfile.write(content.getvalue())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        run(f"{address}/photo.png", "-o", tmp_path / "b.npy", capsys=capsys)
        assert "cannot be read: Not Found" in complaint(f"{address}/none.png", "-o", tmp_path / "c.npy", capsys=capsys)
    finally:
        server.shutdown()
        server.server_close()
    for name in ("a.npy", "b.npy"):
        assert np.array_equal(np.load(tmp_path / name), cl.sobel(GREY))


def test_numbers_in_tiff_and_numpy_and_components_in_files_of_their_own(tmp_path, capsys):
    Image.fromarray(GREY).save(tmp_path / "in.png")
    result = run(tmp_path / "in.png", "-o", tmp_path / "e.tif", "--show", "x,magnitude,direction", capsys=capsys)
    assert [Path(p).name for p in result["output"]] == ["e-x.tif", "e-magnitude.tif", "e-direction.tif"]
    for name, expected in cl.edges(GREY, show=("x", "magnitude", "direction"))._asdict().items():
        found = tifffile.imread(tmp_path / f"e-{name}.tif")
        assert found.dtype == expected.dtype and np.array_equal(found, expected)


@pytest.mark.parametrize("name", ["still-life", "drawing"])
def test_the_samples_ship_and_have_edges(name, tmp_path, capsys):
    result = run(f"sample:{name}", "-o", tmp_path / "e.png", capsys=capsys)
    assert result["input_shape"][:2] in ([480, 640], [360, 480])
    found = np.asarray(Image.open(tmp_path / "e.png"))
    assert 0.01 < (found > 60).mean() < 0.3
    assert "Expected sample:drawing or sample:photograph or sample:still-life" in complaint(
        "sample:cat", "-o", tmp_path / "c.png", capsys=capsys
    )


def test_what_a_picture_shows():
    sobel, dtype = make_filter("sobel"), np.dtype(np.uint8)
    x = np.array([[-1020, 0, 1020]], np.int16)
    assert rendered(x, "x", sobel, dtype, normalize=False).tolist() == [[0, 128, 255]]
    assert rendered(x / np.float32(2040), "x", sobel, dtype, normalize=True).tolist() == [[64, 128, 191]]
    angles = np.array([[-np.pi, 0, np.pi]], np.float32)
    assert rendered(angles, "direction", sobel, dtype, normalize=False).tolist() == [[0, 128, 255]]
    magnitude = np.array([[0, 99.6, 1442]], np.float32)
    assert rendered(magnitude, "magnitude", sobel, dtype, normalize=False).tolist() == [[0, 100, 255]]
    fractions = np.array([[0, 0.5, 4]], np.float32)
    assert rendered(fractions, "magnitude", sobel, np.dtype(np.float32), normalize=False).tolist() == [[0, 128, 255]]


def test_normalised_and_beside_its_input(tmp_path, capsys):
    Image.fromarray(PHOTO).save(tmp_path / "in.png")
    run(tmp_path / "in.png", "-o", tmp_path / "e.png", "--normalize", "--show-with-input", capsys=capsys)
    sheet = np.asarray(Image.open(tmp_path / "e.png"))
    assert sheet.shape == (60, 166, 3) and np.array_equal(sheet[:, :83], PHOTO)
    expected = cl.sobel(PHOTO, normalize=True)
    right = sheet[1:59, 84:165]
    assert right.max() == 255 and (right[..., 0] == right[..., 2]).all()
    assert np.abs(right[..., 0] - expected * 255).max() <= 0.51


def test_the_command_without_options_asks_for_what_a_call_without_options_does(monkeypatch):
    asked = []
    monkeypatch.setattr(
        import_module("convolab.cli.edges"), "carry_out", lambda pairs, options: asked.append(options) or []
    )
    main(["edges", "in.png", "-o", "e.png"])
    assert asked == [Options()]


@pytest.mark.parametrize("format", ["png", "jpg"])
def test_each_colour_of_a_file_has_edges_of_its_own(format, tmp_path, capsys):
    Image.fromarray(PHOTO).save(tmp_path / f"in.{format}")
    run(tmp_path / f"in.{format}", "-o", tmp_path / "e.npy", "--channels", "each", capsys=capsys)
    found, pixels = np.load(tmp_path / "e.npy"), np.asarray(Image.open(tmp_path / f"in.{format}"))
    assert found.shape == (58, 81, 3) and np.array_equal(found, cl.sobel(pixels, channels="each"))


def test_many_files_go_into_a_folder(tmp_path, capsys):
    for number in range(3):
        Image.fromarray(np.roll(GREY, number)).save(tmp_path / f"in{number}.png")
    (tmp_path / "out").mkdir()
    result = run(*sorted(tmp_path.glob("*.png")), "-o", tmp_path / "out", "--format", "npy", capsys=capsys)
    assert len(result["images"]) == 3
    for number in range(3):
        assert np.array_equal(np.load(tmp_path / f"out/in{number}.npy"), cl.sobel(np.roll(GREY, number)))


@pytest.mark.parametrize("filter", few([*FILTERS, "canny", "[[0,1],[-1,0]]"], 7))
def test_every_filter_from_the_command_line(filter, tmp_path, capsys):
    Image.fromarray(GREY).save(tmp_path / "in.png")
    run(tmp_path / "in.png", "-o", tmp_path / "e.png", "--filter", filter, capsys=capsys)
    found = np.asarray(Image.open(tmp_path / "e.png"))
    if filter == "canny":
        assert np.array_equal(found, cl.canny(GREY) * np.uint8(255)) and found.any()
        return
    numbers, chosen = cl.edges(GREY, filter), make_filter(filter)
    (name,) = chosen.names()
    assert np.array_equal(found, rendered(numbers, name, chosen, GREY.dtype, normalize=False))
    nearly_zero = filter in ("laplacian", "laplacian-of-gaussian", "gabor", "[[0,1],[-1,0]]")
    assert (abs(float(np.median(found)) - 127.5) < 2) == is_signed(name, chosen) == nearly_zero


def test_a_large_file_goes_through_in_strips_and_resumes(tmp_path, capsys):
    tifffile.imwrite(tmp_path / "in.tif", GREY, tile=(32, 32))
    for target in ("e.npy", "e.tif", "e.png"):
        result = run(tmp_path / "in.tif", "-o", tmp_path / target, "--strips", "--resume", capsys=capsys)
        assert result["notes"] == ["in strips"] and result["output_shape"] == [58, 81]
    assert np.array_equal(np.load(tmp_path / "e.npy"), cl.sobel(GREY))
    assert np.array_equal(np.asarray(Image.open(tmp_path / "e.png")), cl.sobel(GREY, dtype="uint8"))


def test_a_photo_needs_neither_halide_nor_anything_heavier(tmp_path):
    Image.fromarray(GREY).save(tmp_path / "in.png")
    code = (
        "import sys; from convolab.cli import main\n"
        f"assert main(['edges', {str(tmp_path / 'in.png')!r}, '-o', {str(tmp_path / 'e.png')!r}]) == 0\n"
        "print([m for m in ('torch', 'halide', 'scipy', 'tifffile', 'zarr', 'dask') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines()[-1] == "[]"


def test_one_line_for_everything_that_cannot_be_used(tmp_path, capsys):
    Image.fromarray(GREY).save(tmp_path / "in.png")
    Image.fromarray(PHOTO).save(tmp_path / "in.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "in.jpg").read_bytes()[:900])
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.png").write_text("not a picture")
    Image.fromarray(GREY[:2]).save(tmp_path / "thin.png")
    holes = GREY.astype(np.float32)
    holes[7, 9] = np.nan
    np.save(tmp_path / "holes.npy", holes)
    np.save(tmp_path / "volume.npy", np.zeros((9, 8, 7), np.uint8))
    np.save(tmp_path / "none.npy", np.zeros((0, 7), np.uint8))
    bomb = Image.new("1", (30_000, 20_000))
    bomb.save(tmp_path / "bomb.png")
    out = tmp_path / "e.png"
    (tmp_path / "there.png").write_bytes(b"mine")
    cases = [
        (["missing.png"], "missing.png: cannot be read: No such file or directory"),
        (["cut.jpg"], "cut.jpg: cannot be read: image file is truncated"),
        (["empty.png"], "empty.png: is empty. Expected a picture"),
        (["text.png"], "text.png: not a picture. Expected JPEG, PNG"),
        (["thin.png"], "image: 2 × 83 pixels are fewer than the 3 × 3 of the sobel kernel"),
        (["holes.npy"], "holes.npy: 1 of 4980 pixels are NaN, the first at row 7, column 9"),
        (["volume.npy"], "taken for 9 × 8 pixels of 7 colours, as the last axis holds colours"),
        (["none.npy"], "image: is empty, shape (0, 7)"),
        (["bomb.png"], "30000 × 20000 = 600 million pixels, more than the 300 million"),
        (["."], "is a folder. Expected a picture"),
        (["in.png", "--filter", "sobbel"], "filter: 'sobbel' is unknown"),
        (["in.png", "--show", "z"], "show: sobel gives x, y, magnitude, direction, got 'z'"),
        (["in.png", "--filter", "canny", "--size", "3"], "size: canny does not take it"),
        (["in.png", "--filter", "canny", "--low", "9", "--high", "3"], "low, high: expected 0 ≤ low ≤ high"),
        (["in.png", "--filter", "canny", "--normalize"], "canny: keeps the size"),
        (["in.png", "--strips"], "only .npy, .tif, .tiff, .zarr are read in strips"),
        (["-", "--strips"], "-: only files are read in strips"),
    ]
    for (image, *options), words in cases:
        source = image if image == "-" else tmp_path / image
        assert words in complaint(source, "-o", out, *options, capsys=capsys), image
        assert not out.exists()
    targets = [
        ("there.png", "there.png: exists. Give --force"),
        ("none/e.png", "none does not exist"),
        ("e.bmp", "the suffix .bmp is not written"),
    ]
    for name, words in targets:
        assert words in complaint(tmp_path / "in.png", "-o", tmp_path / name, capsys=capsys)
    assert (tmp_path / "there.png").read_bytes() == b"mine"
    assert "2 images need a folder" in complaint(tmp_path / "in.png", tmp_path / "in.jpg", "-o", out, capsys=capsys)
    twice = complaint(tmp_path / "in.png", tmp_path / "in.jpg", "-o", tmp_path, capsys=capsys, code=2)
    assert "two of the images would both be written to" in twice
    complaint(tmp_path / "in.png", "-o", out, "--compress", "11", capsys=capsys, code=2)
    complaint(tmp_path / "in.png", "-o", out, "--mode", "mirror", capsys=capsys, code=2)
    assert not list(tmp_path.glob("*.part*"))


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, capsys, monkeypatch):
    from convolab.pictures import targets

    Image.fromarray(GREY).save(tmp_path / "in.png")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(targets.PngTarget, "packed", full)
    assert "No space left on device" in complaint(tmp_path / "in.png", "-o", tmp_path / "e.png", capsys=capsys)
    assert [path.name for path in tmp_path.iterdir()] == ["in.png"]


class Guarded(type(Image)):
    """The module `PIL.Image`, where nobody may write the guard against large pictures."""

    def __setattr__(self, name, value):
        assert name != "MAX_IMAGE_PIXELS", "the guard is the whole process's"
        super().__setattr__(name, value)


@pytest.mark.parametrize("bound", [None, 1000, 123_456_789])
@pytest.mark.parametrize("format", ["png", "jpg", "webp", "bmp", "tif"])
def test_pillow_s_guard_against_large_pictures_is_never_written(bound, format, tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", bound)
    Image.fromarray(GREY).save(tmp_path / f"in.{format}")
    (tmp_path / "damaged.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    kind = type(Image)
    Image.__class__ = Guarded
    try:
        if bound != 1000 or format in ("png", "jpg", "bmp"):
            assert read(str(tmp_path / f"in.{format}")).pixels.shape[:2] == GREY.shape
            assert read("sample:photograph").pixels.shape == (286, 230)
        with pytest.raises(InputError):
            read(str(tmp_path / "damaged.png"))
        with pytest.raises(AssertionError, match="whole process"):
            Image.MAX_IMAGE_PIXELS = 5
    finally:
        Image.__class__ = kind
    assert bound == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("format", ["tif", "webp", "gif"])
def test_a_bound_that_the_host_sets_is_read_past_or_named(format, tmp_path, monkeypatch):
    Image.fromarray(GREY).save(tmp_path / f"in.{format}")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    try:
        assert read(str(tmp_path / f"in.{format}")).pixels.shape[:2] == GREY.shape
    except InputError as error:
        assert "PIL.Image.MAX_IMAGE_PIXELS" in str(error) and "\n" not in str(error)


@pytest.mark.parametrize("format", ["png", "jpg", "webp", "gif", "tif", "ppm", "ico", "tga", "pcx", "jp2"])
def test_pictures_are_opened_as_pillow_opens_them(format, tmp_path):
    image = Image.fromarray(GREY[:60, :60])
    image.save(tmp_path / f"in.{format}")
    with (tmp_path / f"in.{format}").open("rb") as file:
        ours, theirs = open_unguarded(file), Image.open(tmp_path / f"in.{format}")
        assert (ours.format, ours.mode, ours.size) == (theirs.format, theirs.mode, theirs.size)
        assert np.array_equal(np.asarray(ours), np.asarray(theirs))
        theirs.close()


@pytest.mark.parametrize("command", ["edges", "maximize", "spectrum", "gradcheck"])
def test_the_choices_of_a_command_are_those_of_the_tables(command):
    from convolab.filters.borders import MODES
    from convolab.filters.run import ENGINES
    from convolab.geometry import PADDING_MODES

    hints = get_type_hints(getattr(import_module(f"convolab.cli.{command}"), command))
    choices = {name: get_args(hint) for name, hint in hints.items()}
    if command == "edges":
        assert choices["mode"] == MODES and choices["engine"] == ENGINES
    else:
        assert choices["padding_mode"] == tuple(PADDING_MODES)
