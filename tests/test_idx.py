"""IDX files: what is written is read, and what is not one is refused with a line and without memory."""

import gzip
import lzma
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convolab.errors import InputError
from convolab.network.data.idx import parse_idx, read_idx, write_idx

pytestmark = pytest.mark.quick

HEADER = bytes([0, 0, 8, 3])


def header(*sizes: int, code: int = 8) -> bytes:
    return bytes([0, 0, code, len(sizes)]) + np.array(sizes, ">u4").tobytes()


@given(
    hnp.arrays(
        st.sampled_from([np.dtype(t) for t in ("u1", "i1", "i2", "i4", "f4", "f8")]),
        hnp.array_shapes(max_dims=4, max_side=5),
        elements={"allow_nan": False},
    )
)
def test_what_is_written_is_read(array):
    again = parse_idx(write_idx(array), "memory")
    assert again.dtype == array.dtype and np.array_equal(again, array)


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)])
def test_plain_and_compressed_files_are_read_alike(tmp_path, suffix, pack):
    array = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    path = tmp_path / f"images{suffix}"
    path.write_bytes(pack(write_idx(array)))
    assert np.array_equal(read_idx(path), array)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "got nothing"),
        (b"\x89PNG\r\n\x1a\n", "got 89 50 4e 47"),
        (bytes([0, 0, 7, 1]), "not an IDX file"),
        (bytes([0, 0, 8, 9]), "1 to 4 dimensions"),
        (HEADER + b"\0\0\0\1", "ends inside its header"),
        (header(2, 2, 2) + bytes(7), "cannot hold them"),
        (header(2, 2, 2) + bytes(9), "longer than its header says"),
        (header(4_000_000_000, 28, 28) + bytes(784), "promises 3,136,000,000,000 bytes"),
    ],
)
def test_a_file_that_is_not_one_is_refused_with_a_line(content, words):
    with pytest.raises(InputError, match=words) as caught:
        parse_idx(content, "some file")
    assert "some file" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_damaged_compression_is_refused(tmp_path, suffix):
    pack = {".gz": gzip.compress, ".xz": lzma.compress}[suffix]
    whole = pack(write_idx(np.random.default_rng(0).integers(0, 256, (9, 9, 9), dtype=np.uint8)))
    for name, content in {"cut": whole[:-40], "noise": b"noise" * 9}.items():
        path = tmp_path / f"{name}{suffix}"
        path.write_bytes(content)
        with pytest.raises(InputError, match=name):
            read_idx(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nothing\.gz: not a readable IDX file \(No such file"):
        read_idx(tmp_path / "nothing.gz")


def peak_of_refusal(path) -> int:
    """Bytes allocated at most while a file is refused."""
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            read_idx(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_lying_headers_and_bombs_allocate_nothing_large(tmp_path):
    liar, bomb, trickle = (tmp_path / name for name in ("liar.gz", "bomb.xz", "trickle.gz"))
    liar.write_bytes(gzip.compress(header(60_000, 28, 28) + bytes(5)))
    bomb.write_bytes(lzma.compress(header(300_000, 28, 28) + bytes(235_200_000), preset=0))
    trickle.write_bytes(gzip.compress(header(2, 2) + bytes(50_000_000), 1))
    for path in (liar, bomb, trickle):
        assert peak_of_refusal(path) < 20_000_000, path.name


@settings(max_examples=300)
@given(st.data())
def test_no_bytes_at_all_crash_the_reader(data):
    valid = write_idx(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))
    content = bytearray(data.draw(st.one_of(st.binary(max_size=64), st.just(valid))))
    for position in data.draw(st.lists(st.integers(0, max(0, len(content) - 1)), max_size=4)):
        if content:
            content[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        array = parse_idx(bytes(content[:cut]), "fuzz")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert array.nbytes + 4 + 4 * array.ndim == cut
