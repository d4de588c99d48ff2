"""Pictures as people have them: formats, depths, orientations, and files that are not what they say."""

import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from convolab.errors import InputError
from convolab.pictures import photographs as pictures
from convolab.pictures.photographs import decode, read


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def slope(height: int = 20, width: int = 30) -> np.ndarray:
    """Grey levels that differ in every pixel's row and column."""
    y, x = np.mgrid[:height, :width]
    return np.uint8(255 * (0.3 * y / height + 0.7 * x / width))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF", "WEBP", "PPM"])
def test_a_grey_picture_comes_back_as_fractions_of_what_was_drawn(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    pixels = decode(encoded(Image.fromarray(slope()), kind, **options)).pixels
    plane = pixels if pixels.ndim == 2 else pixels.mean(-1)
    np.testing.assert_allclose(plane, slope() / 255, atol=1e-6)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", "I;16"])
def test_every_mode_of_pillow_becomes_grey_or_three_colours(mode):
    grey = Image.fromarray(slope())
    image = Image.fromarray(slope().astype(np.uint16) * 200) if mode == "I;16" else grey
    if mode in ("LAB", "HSV"):
        image = grey.convert("RGB").convert(mode) if mode == "HSV" else Image.merge("LAB", [grey] * 3)
    elif mode != "I;16":
        image = grey.convert(mode)
    kind = "PNG" if mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else "TIFF"
    if mode == "HSV":
        image, kind = image.convert("RGB"), "PNG"
    picture = decode(encoded(image, kind))
    assert picture.pixels.dtype == np.float32
    assert picture.pixels.shape in ((20, 30), (20, 30, 3))
    assert picture.pixels.min() >= 0 and picture.pixels.max() <= 1
    if mode not in ("LAB", "1"):
        plane = picture.pixels if picture.pixels.ndim == 2 else picture.pixels.mean(-1)
        assert np.corrcoef(plane.ravel(), slope().ravel())[0, 1] > 0.99


@pytest.mark.parametrize("depth", [np.uint16, np.float32])
def test_a_narrow_part_of_a_deep_range_is_stretched(depth):
    values = (1000 + slope().astype(np.float64)).astype(depth)
    picture = decode(encoded(Image.fromarray(values), "TIFF"))
    np.testing.assert_allclose(picture.pixels, slope() / slope().max(), atol=1e-3)
    assert "stretched values 1000 …" in picture.notes[0]


@pytest.mark.quick
def test_numbers_that_are_not_finite_do_no_harm():
    values = slope().astype(np.float32)
    values[0, 0], values[1, 1] = np.nan, np.inf
    assert np.isfinite(decode(encoded(Image.fromarray(values), "TIFF")).pixels).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_back_upright(orientation):
    stored = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.T,
        6: lambda a: np.rot90(a),
        7: lambda a: np.rot90(a, 2).T,
        8: lambda a: np.rot90(a, -1),
    }[orientation](slope(24, 40))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(encoded(Image.fromarray(np.ascontiguousarray(stored)), "PNG", exif=exif))
    np.testing.assert_allclose(picture.pixels, slope(24, 40) / 255, atol=1e-6)
    assert picture.size == (24, 40)


@pytest.mark.parametrize(("ink", "ground"), [(0, 1), (255, 0)], ids=["dark ink", "light ink"])
def test_a_transparent_ground_becomes_what_the_ink_stands_out_from(ink, ground):
    image = np.zeros((20, 30, 4), np.uint8)
    image[5:15, 10:14] = (ink, ink, ink, 255)
    picture = decode(encoded(Image.fromarray(image)))
    assert picture.pixels[0, 0].tolist() == [ground] * 3
    assert picture.pixels[10, 12].tolist() == [ink / 255] * 3


def test_a_large_picture_is_reduced_and_remembers_its_size():
    picture = decode(encoded(Image.new("L", (4500, 3000), 200)))
    assert picture.size == (3000, 4500)
    assert max(picture.pixels.shape) == 1125


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes whose header promises that many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty. Expected a picture"),
        (b"hello, this is text", "not a picture"),
        (encoded(Image.fromarray(slope(200, 300)))[:400], "damaged picture"),
        (encoded(Image.fromarray(slope(200, 300)), "JPEG")[:600], "damaged picture"),
        (encoded(Image.fromarray(slope()), "TIFF")[:60], "picture"),
        (bomb(12_000, 10_000), "12000 × 10000 pixels. Expected at most 100 million pixels"),
        (bomb(20_000, 20_000), "400000000 pixels.*Expected at most 100 million pixels"),
        (bomb(2**31 - 1, 2**31 - 1), "picture|million|bomb"),
    ],
    ids=["empty", "text", "truncated PNG", "truncated JPEG", "truncated TIFF", "large", "bomb", "absurd bomb"],
)
def test_what_is_no_picture_is_one_clear_line(content, words):
    with pytest.raises(InputError, match=words) as caught:
        decode(content, name="x.png")
    assert str(caught.value).startswith("x.png: ") and "\n" not in str(caught.value)


def test_random_damage_never_raises_anything_else():
    rng = np.random.default_rng(0)
    whole = [encoded(Image.fromarray(slope(40, 50)), kind) for kind in ("PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP")]
    for trial in range(300):
        content = bytearray(whole[trial % len(whole)])
        for position in rng.integers(0, len(content), 4):
            content[position] = rng.integers(256)
        try:
            assert np.isfinite(decode(bytes(content)).pixels).all()
        except InputError as error:
            assert "\n" not in str(error)


def test_a_missing_file_and_a_folder_are_one_line(tmp_path):
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read(path)


def test_a_file_larger_than_the_bound_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 1 << 20)
    path = tmp_path / "large.png"
    path.write_bytes(bytes((1 << 20) + 1))
    with pytest.raises(InputError, match="larger than 1 MB"):
        read(path)


@pytest.fixture
def server():
    """An address on this machine: /good is a picture, /slow never ends, everything else is missing."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/good":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(encoded(Image.fromarray(slope())))
            elif self.path == "/slow":
                done.wait(10)
            else:
                self.send_error(404)

        def log_message(self, *_):
            pass

    done = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        done.set()
        serving.shutdown()


def test_an_address_is_read_like_a_file(server):
    np.testing.assert_allclose(read(f"{server}/good").pixels, slope() / 255, atol=1e-6)


@pytest.mark.parametrize("path", ["/missing", "/slow"])
def test_an_address_without_an_answer_is_one_line(server, path, monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", 0.3)
    with pytest.raises(InputError, match=r"cannot be read: (Not Found|.*timed out|no answer)"):
        read(server + path)


@pytest.mark.parametrize("address", ["http://", "https:///x.png", "http://[::1", "http://127.0.0.1:1/x.png"])
def test_an_address_that_leads_nowhere_is_one_line(address):
    with pytest.raises(InputError, match="cannot be read"):
        read(address)
