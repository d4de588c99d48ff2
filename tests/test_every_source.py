"""Every kind of file that people bring has the pixels that it means, the same in memory and in strips."""

import numpy as np
import pytest
import sources_table
from sources_table import KINDS, Kind

import convolab as cl
from convolab.cli import main
from convolab.filters import stream
from convolab.pictures import images, rows
from convolab.pictures.sources import open_source


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
    for first in (14, 0, 7, 21, 28, 35, 42, 49):
        if first < source.shape[0]:
            source.read_into(first, found[first : first + 7])
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


@pytest.mark.parametrize("kind", [k for k in KINDS if k.strips], ids=lambda kind: kind.name)
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


def test_the_page_shows_the_table():
    from pathlib import Path

    page = (Path(__file__).parents[1] / "docs" / "edges.md").read_text(encoding="utf-8")
    assert all(f"| {kind.name} |" in page for kind in KINDS)
