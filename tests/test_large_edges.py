"""Images larger than memory: every source, every target, bounded memory, kills."""

import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
import zarr
from in_turn import few
from PIL import Image

import convolab as cl
from convolab.errors import ArgumentError, InputError, OutputError
from convolab.filters import stream
from convolab.pictures import targets

IMAGE = np.random.default_rng(9).integers(0, 256, (517, 301), dtype=np.uint8)


@pytest.fixture(autouse=True)
def small_strips(monkeypatch):
    monkeypatch.setattr(stream, "STRIP_BYTES", 60_000)


def written(path: Path) -> np.ndarray:
    if path.suffix == ".npy":
        return np.load(path)
    if path.suffix == ".zarr":
        return zarr.open(str(path))[:]
    return np.asarray(Image.open(path)) if path.suffix == ".png" else tifffile.imread(path)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def saved(folder: Path, kind: str, image: np.ndarray) -> Path:
    """The image in one of the forms that sources have."""
    path = folder / f"in.{kind.split()[0]}"
    if kind.startswith("npy"):
        np.save(path, np.asfortranarray(image) if "fortran" in kind else image)
    elif kind == "zarr":
        array = zarr.create_array(str(path), shape=image.shape, chunks=(100, 100), dtype=image.dtype)
        array[:] = image
    else:
        options = {"tif tiled": {"tile": (64, 80)}, "tif tiled deflate": {"tile": (64, 64), "compression": "zlib"},
                   "tif strips lzw": {"compression": "lzw", "rowsperstrip": 50}, "tif big": {"bigtiff": True},
                   "tif": {}, "tif big-endian": {"byteorder": ">"}}[kind]  # fmt: skip
        tifffile.imwrite(path, image, **options)
    return path


SOURCES = [
    "npy",
    "npy fortran",
    "zarr",
    "tif",
    "tif big",
    "tif big-endian",
    "tif tiled",
    "tif tiled deflate",
    "tif strips lzw",
]


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_gives_the_bits_of_memory(kind, tmp_path):
    for image in (IMAGE, IMAGE.astype(np.float32) / 3):
        source = saved(tmp_path, kind, image)
        stream.stream_edges(source, tmp_path / "out.npy", force=True)
        assert np.array_equal(np.load(tmp_path / "out.npy"), cl.sobel(image))
        if source.is_dir():
            import shutil

            shutil.rmtree(source)


@pytest.mark.parametrize("mode", ["valid", "zeros", "reflect", "symmetric", "replicate", "circular"])
@pytest.mark.parametrize("name", ["sobel", "roberts", "farid", "gaussian"])
def test_every_border_gives_the_bits_of_memory(name, mode, tmp_path):
    source = saved(tmp_path, "npy", IMAGE)
    stream.stream_edges(source, tmp_path / "out.npy", name, mode=mode)
    assert np.array_equal(np.load(tmp_path / "out.npy"), cl.edges(IMAGE, name, mode=mode))


@pytest.mark.parametrize(
    "suffix, dtype", [(".npy", None), (".tif", None), (".zarr", None), (".png", "uint8"), (".png", "uint16")]
)
def test_every_target(suffix, dtype, tmp_path):
    path = tmp_path / f"out{suffix}"
    stream.stream_edges(IMAGE, path, dtype=dtype)
    found, expected = written(path), cl.sobel(IMAGE, dtype=dtype)
    assert found.dtype == expected.dtype and np.array_equal(found, expected)
    assert names_in(tmp_path) == [path.name]


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_a_tiff_of_any_type_is_read_by_others(dtype, tmp_path):
    path = tmp_path / "out.tif"
    stream.stream_edges(IMAGE, path, show="x", dtype=dtype)
    assert np.array_equal(tifffile.imread(path), cl.edges(IMAGE, show="x", dtype=dtype))
    if dtype in ("uint8", "uint16", "float32"):
        assert np.array_equal(np.asarray(Image.open(path)), cl.edges(IMAGE, show="x", dtype=dtype))


def test_a_big_tiff_is_written_from_4_gigabytes_on(tmp_path):
    """Only its header and its last rows are written; the rest is a hole."""
    target = targets.TiffTarget(tmp_path / "big.tif", (70_000, 20_000), np.float32)
    target.write(69_999, np.full((1, 20_000), 3, np.float32))
    target.finish()
    with tifffile.TiffFile(tmp_path / "big.tif") as tiff:
        assert tiff.is_bigtiff and tiff.pages.first.shape == (70_000, 20_000)
        assert tifffile.memmap(tmp_path / "big.tif", mode="r")[69_999, 7] == 3
    (tmp_path / "big.tif").unlink()


def test_colours_and_several_components_and_normalising(tmp_path):
    image = np.random.default_rng(3).integers(0, 256, (200, 150, 3), dtype=np.uint8)
    paths = [tmp_path / "x.npy", tmp_path / "m.tif"]
    stream.stream_edges(image, paths, show=("x", "magnitude"), normalize=True, mode="reflect")
    x, magnitude = cl.edges(image, show=("x", "magnitude"), normalize=True, mode="reflect")
    assert np.array_equal(written(paths[0]), x) and np.array_equal(written(paths[1]), magnitude)
    stream.stream_edges(image, tmp_path / "each.tif", channels="each", dtype="uint8")
    assert np.array_equal(written(tmp_path / "each.tif"), cl.sobel(image, channels="each", dtype="uint8"))


def test_a_memory_map_is_taken_as_it_is(tmp_path):
    mapped = np.load(saved(tmp_path, "npy", IMAGE), mmap_mode="r")
    stream.stream_edges(mapped, tmp_path / "out.npy")
    assert np.array_equal(np.load(tmp_path / "out.npy"), cl.sobel(IMAGE))


# Writes strips until a hundred rows are done, says so, and goes on only once it is told something.
SLOW_RUN = """
import sys
from convolab.filters import stream
stream.STRIP_BYTES = 20_000
done = []
def report(rows):
    done.append(rows)
    if sum(done) >= 100:
        print("there", flush=True)
        sys.stdin.read()
stream.stream_edges(sys.argv[1], sys.argv[2], engine="numpy", report=report)
"""


@pytest.mark.parametrize("suffix", [".npy", ".tif", ".zarr"])
def test_a_kill_leaves_nothing_half_written_and_resume_goes_on(suffix, tmp_path, monkeypatch):
    source, path = saved(tmp_path, "npy", IMAGE), tmp_path / f"out{suffix}"
    command = [sys.executable, "-c", SLOW_RUN, str(source), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "there\n"
        process.send_signal(signal.SIGKILL)
    reached = json.loads(path.with_name(path.name + ".part.json").read_text())["rows"]
    assert 100 <= reached < 515 and not path.exists()
    monkeypatch.setattr(stream, "STRIP_BYTES", 20_000)
    rows = []
    stream.stream_edges(source, path, engine="numpy", resume=True, report=rows.append)
    assert rows[0] == reached and sum(rows) == 515
    assert np.array_equal(written(path), cl.sobel(IMAGE))
    assert names_in(tmp_path) == sorted(["in.npy", path.name])


# A run that says "there" when its first strip is written, and goes on when it hears a line.
STOPPED_RUN = """
import sys
from convolab.filters import stream
stream.STRIP_BYTES = 20_000
def stop():
    yield  # before the first strip
    print("there", flush=True)
    yield sys.stdin.readline()
stops = stop()
stream.stream_edges(*sys.argv[1:], engine="numpy", force=True, report=lambda rows: next(stops, None))
"""


@contextlib.contextmanager
def stopped_run(*arguments, code: str = STOPPED_RUN):
    """A run in the middle of its work; a line on its standard input lets it go on."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "there\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("suffix", few([".npy", ".tif", ".png", ".zarr"], 2))
def test_of_two_writers_of_one_name_the_one_that_ends_last_wins_whole(suffix, tmp_path):
    source, path = saved(tmp_path, "npy", IMAGE), tmp_path / f"out{suffix}"
    dtype = "uint8" if suffix == ".png" else None
    code = STOPPED_RUN.replace("force=True", f"force=True, dtype={dtype!r}")
    with (
        stopped_run(source, path, "sobel", code=code) as first,
        stopped_run(source, path, "scharr", code=code) as second,
    ):
        stream.stream_edges(source, path, "prewitt", engine="numpy", force=True, dtype=dtype)
        for filter, process in (("prewitt", None), ("scharr", second), ("sobel", first)):
            if process is not None:
                process.communicate("go on\n")
                assert process.returncode == 0
            assert np.array_equal(written(path), cl.edges(IMAGE, filter, dtype=dtype)), filter
    assert names_in(tmp_path) == sorted(["in.npy", path.name])


@pytest.mark.parametrize("suffix", [".npy", ".png", ".zarr"])
def test_what_a_killed_writer_left_is_removed_by_the_next_and_what_a_living_one_has_never(suffix, tmp_path):
    source, path = saved(tmp_path, "npy", IMAGE), tmp_path / f"out{suffix}"
    code = STOPPED_RUN.replace("force=True", "force=True, dtype='uint8'")
    with stopped_run(source, path, "sobel", code=code) as living:
        with stopped_run(source, path, "scharr", code=code) as killed:
            killed.kill()
            killed.wait()
        left = [name for name in names_in(tmp_path) if ".part" in name]
        assert f"{path.name}.part" in left and f"{path.name}.2.part" in left
        stream.stream_edges(source, path, engine="numpy", dtype="uint8", force=True)
        assert [name for name in names_in(tmp_path) if ".2.part" in name] == []
        living.communicate("go on\n")
    assert living.returncode == 0 and names_in(tmp_path) == sorted(["in.npy", path.name])


def test_ctrl_c_leaves_nothing_unless_the_run_is_one_that_resumes(tmp_path):
    source, path = saved(tmp_path, "npy", IMAGE), tmp_path / "out.npy"

    def stop(rows):
        if rows:
            raise KeyboardInterrupt

    for resume, left in ((False, []), (True, ["out.npy.part", "out.npy.part.json"])):
        with pytest.raises(KeyboardInterrupt):
            stream.stream_edges(source, path, resume=resume, report=stop)
        assert names_in(tmp_path) == ["in.npy", *left]


def test_components_are_resumed_together(tmp_path):
    source, paths = saved(tmp_path, "npy", IMAGE), [tmp_path / "x.npy", tmp_path / "y.tif"]

    def stop(rows):
        if rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stream.stream_edges(source, paths, show=("x", "y"), resume=True, report=stop)
    rows = []
    stream.stream_edges(source, paths, show=("x", "y"), resume=True, report=rows.append)
    assert rows[0] > 0 and sum(rows) == 515 and names_in(tmp_path) == ["in.npy", "x.npy", "y.tif"]
    for path, expected in zip(paths, cl.edges(IMAGE, show=("x", "y")), strict=True):
        assert np.array_equal(written(path), expected)


def test_another_job_or_a_changed_source_is_not_resumed(tmp_path):
    source, path = saved(tmp_path, "npy", IMAGE), tmp_path / "out.npy"

    def stop(rows):
        if rows:
            raise KeyboardInterrupt

    for change in ({"filter": "scharr"}, {"mode": "reflect"}, {}):
        with pytest.raises(KeyboardInterrupt):
            stream.stream_edges(source, path, resume=True, force=True, report=stop)
        if not change:
            np.save(source, IMAGE[::-1])
        rows = []
        stream.stream_edges(source, path, resume=True, force=True, report=rows.append, **change)
        assert rows[0] == 0
    assert np.array_equal(np.load(path), cl.sobel(IMAGE[::-1]))


MEMORY = """
import resource, sys
import numpy as np
from convolab.filters import stream
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
stream.stream_edges(sys.argv[1], sys.argv[2], dtype="uint8", engine="numpy")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_does_not_grow_with_the_image(tmp_path):
    used = []
    for height in (3_000, 12_000):
        image = np.lib.format.open_memmap(tmp_path / "in.npy", "w+", np.uint8, (height, 10_000))
        del image  # a hole in the file: 30 and 120 MB that take no room
        command = [sys.executable, "-c", MEMORY, str(tmp_path / "in.npy"), str(tmp_path / f"{height}.npy")]
        used.append(int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1024)
        (tmp_path / f"{height}.npy").unlink()
    assert used[1] < 250 and used[1] < used[0] + 40, used


def test_refusals(tmp_path, monkeypatch):
    source = saved(tmp_path, "npy", IMAGE)
    (tmp_path / "cut.npy").write_bytes(source.read_bytes()[:5000])
    (tmp_path / "cut.tif").write_bytes(b"II*\0\x08\0\0\0\xff\xff")
    zarr.create_group(str(tmp_path / "group.zarr"))
    (tmp_path / "folder.npy").mkdir()
    cases = [
        (source, tmp_path / "out.bmp", OutputError, "the suffix .bmp is not written. Expected one of .npy"),
        (source, source, OutputError, "in.npy: exists. Give --force"),
        (source, tmp_path / "folder.npy", OutputError, "folder.npy: is a folder"),
        (source, tmp_path / "none" / "out.npy", OutputError, "the folder .* does not exist"),
        (tmp_path / "cut.npy", tmp_path / "out.npy", InputError, "cut.npy: truncated"),
        (tmp_path / "cut.tif", tmp_path / "out.npy", InputError, "cut.tif: "),
        (tmp_path / "missing.npy", tmp_path / "out.npy", InputError, "missing.npy: cannot be read: No such file"),
        (tmp_path / "group.zarr", tmp_path / "out.npy", InputError, "is a Zarr group"),
        (tmp_path / "photo.jpg", tmp_path / "out.npy", InputError, "only .npy, .tif, .tiff, .zarr are read in strips"),
        (
            IMAGE,
            [tmp_path / "a.npy", tmp_path / "b.npy"],
            ArgumentError,
            "target: expected 1, one for each of magnitude",
        ),
        (IMAGE.astype(np.float32), tmp_path / "out.png", OutputError, "a PNG holds 8 or 16 bits"),
        (IMAGE[:2], tmp_path / "out.npy", ArgumentError, "fewer than the 3 × 3"),
    ]
    for given, target, error, words in cases:
        with pytest.raises(error, match=words):
            stream.stream_edges(given, target)
    assert not list(tmp_path.glob("*.part*"))


def test_a_damaged_tile_is_named_and_nothing_is_left(tmp_path):
    source = saved(tmp_path, "tif tiled deflate", IMAGE)
    with tifffile.TiffFile(source) as tiff:
        offset = tiff.pages.first.dataoffsets[-1]
    with source.open("r+b") as file:
        file.seek(offset)
        file.write(b"\0" * 64)
    with pytest.raises(InputError, match="tile 44 is damaged"):
        stream.stream_edges(source, tmp_path / "out.npy")
    assert names_in(tmp_path) == ["in.tif"]


def test_checksums_of_pieces_join():
    import zlib

    data = IMAGE.tobytes()
    for cut in (0, 1, 7000):
        pieces = zlib.adler32(data[:cut]), zlib.adler32(data[cut:]), len(data) - cut
        assert targets.joined_adler32(*pieces) == zlib.adler32(data)


@pytest.mark.parametrize("suffix", ["npy", "tif", "png", "zarr"])
def test_two_writers_of_one_name_do_not_meet_and_whoever_ends_last_wins_whole(suffix, tmp_path):
    from threading import Event, Thread

    source, target = saved(tmp_path, "npy", IMAGE), tmp_path / f"two.{suffix}"
    begun, go_on = Event(), Event()

    def wait(rows):
        begun.set()
        assert go_on.wait(300)

    options = {"dtype": "uint8", "force": True}
    first = Thread(target=lambda: stream.stream_edges(source, target, "sobel", report=wait, **options))
    first.start()
    assert begun.wait(300)
    try:
        stream.stream_edges(source, target, "scharr", **options)
        (tmp_path / "expected.npy").unlink(missing_ok=True)
        stream.stream_edges(source, tmp_path / "expected.npy", "scharr", dtype="uint8")
        np.testing.assert_array_equal(read_back(target), np.load(tmp_path / "expected.npy"))
    finally:
        go_on.set()
        first.join()
    stream.stream_edges(source, tmp_path / "sobel.npy", "sobel", dtype="uint8")
    np.testing.assert_array_equal(read_back(target), np.load(tmp_path / "sobel.npy"))
    assert not [name for name in names_in(tmp_path) if "part" in name]


def read_back(path):
    if path.suffix == ".npy":
        return np.load(path)
    if path.suffix == ".tif":
        return tifffile.imread(path)
    if path.suffix == ".zarr":
        return zarr.open_array(str(path), mode="r")[:]
    from PIL import Image

    return np.asarray(Image.open(path))
