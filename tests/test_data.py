"""Data sets: the bundled one is the published one, folders are taken as people have them, mirrors may fail."""

import functools
import gzip
import hashlib
import http.server
import json
import lzma
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convolab.cli import main
from convolab.errors import InputError, OutputError, UsageError
from convolab.network.data import fetch
from convolab.network.data import named as data
from convolab.network.data.catalogue import DATASETS, Mirrored
from convolab.network.data.folders import ImageFiles
from convolab.network.data.idx import write_idx
from convolab.network.data.named import load_dataset

MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CONVOLAB_DATA", raising=False)
    return tmp_path / "cache" / "convolab"


def small_idx(folder: Path, *, pack=bytes, suffix: str = "", count: int = 12, **changed) -> Path:
    """A folder of four small IDX files; `changed` replaces parts."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    parts = {
        "train_images": rng.integers(0, 256, (count, 20, 24), dtype=np.uint8),
        "train_labels": np.arange(count, dtype=np.uint8) % 3,
        "test_images": rng.integers(0, 256, (6, 20, 24), dtype=np.uint8),
        "test_labels": np.arange(6, dtype=np.uint8) % 3,
    } | changed
    for part, array in parts.items():
        (folder / f"{data.PARTS[part][0]}{suffix}").write_bytes(pack(write_idx(array)))
    return folder


def test_the_bundled_files_are_the_published_ones():
    for name, md5 in MD5.items():
        assert hashlib.md5(lzma.decompress((data.BUNDLED / f"{name}.xz").read_bytes())).hexdigest() == md5


def test_mnist_is_read_and_kept_in_the_cache(cache):
    mnist = load_dataset("mnist")
    assert mnist.train_images.shape == (60_000, 1, 28, 28) and mnist.test_images.shape == (10_000, 1, 28, 28)
    assert list(mnist.train_labels[:5]) == [5, 0, 4, 1, 9] and mnist.classes == tuple("0123456789")
    assert np.bincount(mnist.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert sorted(path.name for path in (cache / "mnist").iterdir()) == sorted(MD5)


def test_a_damaged_cache_is_replaced(cache):
    folder = cache / "mnist"
    folder.mkdir(parents=True)
    (folder / "t10k-labels-idx1-ubyte").write_bytes(b"nonsense")
    assert len(load_dataset("mnist").test_labels) == 10_000
    assert hashlib.md5((folder / "t10k-labels-idx1-ubyte").read_bytes()).hexdigest() == MD5["t10k-labels-idx1-ubyte"]


def test_mnist_needs_no_cache(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("where a folder would have to be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(load_dataset("mnist").train_labels) == 60_000


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)])
def test_a_folder_of_idx_files_is_a_data_set(tmp_path, suffix, pack):
    found = load_dataset(small_idx(tmp_path / "mine", suffix=suffix, pack=pack))
    assert found.image_shape == (1, 20, 24) and found.classes == ("0", "1", "2") and len(found.test_labels) == 6


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"train_labels": np.zeros(11, np.uint8)}, "12 train images have 11 labels"),
        ({"train_images": np.zeros((12, 20, 24), np.float32)}, "train images are float32"),
        ({"test_images": np.zeros((6, 28, 28), np.uint8)}, "Expected one size"),
        ({"test_labels": np.zeros((6, 1), np.uint8)}, r"test labels are uint8 \(6, 1\)"),
        ({"train_labels": np.full(12, -1, np.int8)}, "labels reach -1"),
        ({"train_images": np.zeros((0, 20, 24), np.uint8)}, "Expected uint8"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(tmp_path, changed, words):
    with pytest.raises(InputError, match=words):
        load_dataset(small_idx(tmp_path / "mine", **changed))


def test_a_missing_part_is_named(tmp_path):
    folder = small_idx(tmp_path / "mine")
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(InputError, match="t10k-labels-idx1-ubyte"):
        load_dataset(folder)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UsageError, match=r"'imagenet' is unknown\. Expected mnist, fashion-mnist, kmnist"):
        load_dataset("imagenet")


def test_a_fetched_set_is_served_from_a_brought_folder(tmp_path, monkeypatch, cache):
    small_idx(tmp_path / "brought" / "kmnist", suffix=".gz", pack=gzip.compress)
    monkeypatch.setenv("CONVOLAB_DATA", str(tmp_path / "brought"))
    assert load_dataset("kmnist").classes[:2] == ("o", "ki")
    monkeypatch.setenv("CONVOLAB_DATA", str(tmp_path / "brought" / "kmnist"))
    assert len(load_dataset("kmnist").train_labels) == 12


class Mirror(http.server.SimpleHTTPRequestHandler):
    """Serves files with ranges; `cut` answers break off after that many bytes, once."""

    cut: int | None = None
    asked: list[str]

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        type(self).asked.append(self.headers.get("Range", ""))
        start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        content = path.read_bytes()[start:]
        if not content:
            return self.send_error(416)
        self.send_response(206)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: type(self).cut])
        type(self).cut = None

    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror(tmp_path):
    """A mirror in this process with the four files; (address, handler class, Mirrored whose only mirror it is)."""
    folder = small_idx(tmp_path / "served", suffix=".gz", pack=gzip.compress, count=3000)
    handler = type("Handler", (Mirror,), {"asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    yield address, handler, Mirrored((address,), sums)
    server.shutdown()
    server.server_close()


def test_files_are_fetched_once(mirror, tmp_path, cache, monkeypatch):
    _, handler, source = mirror
    monkeypatch.setitem(DATASETS, "kmnist", replace(DATASETS["kmnist"], files=source))
    assert len(load_dataset("kmnist").train_labels) == 3000
    asked = len(handler.asked)
    assert len(load_dataset("kmnist").train_labels) == 3000 and len(handler.asked) == asked == 4


def test_a_broken_download_goes_on_where_it_stopped(mirror, tmp_path):
    _, handler, source = mirror
    handler.cut = 100_000
    source = Mirrored(source.mirrors * 2, source.sha256)
    fetch.fetch_file("set", "train-images-idx3-ubyte.gz", source, tmp_path)
    assert handler.asked == ["bytes=0-", "bytes=100000-"]
    assert not list(tmp_path.glob("*.part"))


def test_a_mirror_that_serves_something_else_is_passed_over(mirror, tmp_path):
    address, _, source = mirror
    wrong = Mirrored((f"{address}nowhere/", address), source.sha256)
    assert fetch.fetch("set", wrong, tmp_path / "got") == tmp_path / "got"
    bad = Mirrored((address,), {"t10k-labels-idx1-ubyte.gz": "0" * 64})
    with pytest.raises(InputError, match=r"with SHA-256 .*, expected 000000000000… *.*CONVOLAB_DATA"):
        fetch.fetch("set", bad, tmp_path / "got2")
    assert list((tmp_path / "got2").iterdir()) == []


def test_without_a_network_one_line_says_how_to_bring_the_files(tmp_path):
    source = Mirrored(("http://127.0.0.1:9/",), {"train-images-idx3-ubyte.gz": "0"})
    with pytest.raises(InputError, match=r"could not be fetched .*bring train-images-idx3-ubyte\.gz .*CONVOLAB_DATA"):
        fetch.fetch("set", source, tmp_path)


def test_a_mirror_that_says_nothing_is_given_up(tmp_path, monkeypatch):
    import socket

    monkeypatch.setattr(fetch, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        source = Mirrored((f"http://127.0.0.1:{silent.getsockname()[1]}/",), {"a.gz": "0"})
        with pytest.raises(InputError, match="timed out"):
            fetch.fetch("set", source, tmp_path)


def test_a_cache_that_cannot_be_written_is_one_line(mirror, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        fetch.fetch("set", mirror[2], tmp_path / "file" / "sub")


def draw(path: Path, value: int, *, size=(30, 40), mode="L") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value if mode == "L" else (value, 0, 0)).save(path)


def test_one_sub_folder_a_class_is_a_data_set(tmp_path):
    for i in range(24):
        draw(tmp_path / "set" / ("cat" if i % 2 else "dog") / f"{i}.png", i)
    found = load_dataset(tmp_path / "set")
    assert found.classes == ("cat", "dog") and found.image_shape == (1, 40, 30)
    assert len(found.train_labels) + len(found.test_labels) == 24 and 1 <= len(found.test_labels) <= 8
    values = {
        int(image[0, 0, 0]): int(label) for image, label in zip(found.train_images, found.train_labels, strict=True)
    }
    assert all(label == (0 if value % 2 else 1) for value, label in values.items())


def test_train_and_test_folders_and_colours_and_sizes_are_kept_apart(tmp_path):
    for split, count in (("train", 4), ("test", 2)):
        for i in range(count):
            draw(tmp_path / split / "red" / f"{i}.png", 200, mode="RGB", size=(200 + i, 100))
            draw(tmp_path / split / "black" / f"{i}.jpg", 0)
    found = load_dataset(tmp_path)
    assert found.image_shape == (3, 28, 28) and found.train_labels.tolist() == [0] * 4 + [1] * 4
    assert found.test_images[2][0].min() == 200 and found.test_images[2][1].max() == 0


def test_a_folder_larger_than_memory_is_read_when_needed(tmp_path, monkeypatch):
    for i in range(12):
        draw(tmp_path / str(i % 2) / f"{i}.png", i)
    monkeypatch.setenv("CONVOLAB_MEMORY", "0")
    found = load_dataset(tmp_path)
    assert isinstance(found.train_images, ImageFiles) and found.image_shape == (1, 40, 30)
    monkeypatch.setenv("CONVOLAB_MEMORY", "lots")
    with pytest.raises(InputError, match="'lots' is not a number of megabytes"):
        load_dataset(tmp_path)


@pytest.mark.parametrize("split", [False, True])
def test_links_that_lead_out_of_a_folder_are_left_out_with_a_note(tmp_path, capsys, split):
    folder, elsewhere = tmp_path / "set", tmp_path / "elsewhere"
    parts = [folder / "train", folder / "test"] if split else [folder]
    for part in parts:
        for i in range(12):
            draw(part / ("cat" if i % 2 else "dog") / f"{i}.png", 10)
    for i in range(12):
        draw(elsewhere / f"{i}.png", 99)
    (parts[0] / "secret").symlink_to(elsewhere)
    (parts[0] / "cat" / "own.png").symlink_to(elsewhere / "1.png")
    (parts[0] / "dog" / "again.png").symlink_to(parts[0] / "cat" / "1.png")
    found = load_dataset(folder)
    assert found.classes == ("cat", "dog")
    assert len(found.train_labels) + len(found.test_labels) == 12 * len(parts) + 1
    assert found.train_images.max() == 10 and found.test_images.max() == 10
    at = "train/" if split else ""
    note = f"{folder}: {at}cat/own.png, {at}secret left out. A link that leads out of the folder is not followed\n"
    assert capsys.readouterr().err == note


def test_a_folder_reached_by_a_link_is_read(tmp_path, capsys):
    for i in range(12):
        draw(tmp_path / "set" / str(i % 2) / f"{i}.png", 10)
    (tmp_path / "link").symlink_to(tmp_path / "set")
    assert len(load_dataset(tmp_path / "link").classes) == 2 and capsys.readouterr().err == ""


@pytest.mark.parametrize("damage", ["empty", "noise", "one class"])
def test_folders_that_are_no_data_set_are_refused(tmp_path, damage):
    if damage != "empty":
        draw(tmp_path / "a" / "1.png", 3)
    if damage == "noise":
        draw(tmp_path / "a" / "2.png", 3)
        draw(tmp_path / "b" / "1.png", 3)
        (tmp_path / "b" / "2.png").write_bytes(b"not an image")
    with pytest.raises(InputError, match="not a readable image" if damage == "noise" else "no data set"):
        load_dataset(tmp_path)


def test_the_command_says_what_is_in_a_data_set(capsys):
    assert main(["data", "mnist", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["train_images"], found["test_images"], found["shape"]) == (60_000, 10_000, [1, 28, 28])
    assert found["checksums"] == data.MNIST_SHA256 and found["classes"] == list("0123456789")


def test_the_grid_is_the_first_images_twenty_in_a_row(tmp_path, capsys):
    out = tmp_path / "grid.png"
    assert main(["data", "mnist", "--grid", str(out)]) == 0
    picture = np.asarray(Image.open(out))
    assert picture.shape == (5 * 58 + 2, 20 * 58 + 2)
    images = load_dataset("mnist").train_images
    for i in (0, 19, 20, 99):
        y, x = 58 * (i // 20) + 2, 58 * (i % 20) + 2
        assert np.array_equal(picture[y : y + 56 : 2, x : x + 56 : 2], images[i, 0])
    assert main(["data", "mnist", "--grid", str(out)]) == 1
    assert "Give --force" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--count", "0"], 2, "count: 0 is out of range"),
        (["--grid", "grid.pictures"], 2, "Expected a name such as grid.png"),
        (["--grid", "no/such/folder/grid.png"], 1, "cannot be written"),
        (["nothing"], 2, "'nothing' is unknown"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(arguments, code, words, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["data", *arguments] if arguments[0] == "nothing" else ["data", "mnist", *arguments]) == code
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
