"""Names under which results lie until they are whole: one writer each, and nothing of a dead one stays."""

import errno
import subprocess
import sys

import pytest

from convolab import parts
from convolab.files import write_whole

pytestmark = pytest.mark.quick

HOLDS = """
import sys
from pathlib import Path
from convolab import parts
part = parts.create(Path(sys.argv[1]))
part.path.write_text("half")
print("there", flush=True)
sys.stdin.readline()
"""


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def other(tmp_path):
    """Another process that holds the part of `out.txt`."""
    command = [sys.executable, "-c", HOLDS, str(tmp_path / "out.txt")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "there\n"
    yield process
    process.kill()
    process.communicate()


def test_a_living_writer_keeps_its_part_and_loses_it_once_it_is_killed(other, tmp_path):
    path = tmp_path / "out.txt"
    write_whole(path, "one")
    assert names(tmp_path) == ["out.txt", "out.txt.part"]
    other.kill()
    other.wait()
    write_whole(path, "two")
    assert names(tmp_path) == ["out.txt"] and path.read_text() == "two"


def test_a_process_that_ends_early_takes_its_part_with_it(other, tmp_path):
    other.communicate("end\n")
    assert other.returncode == 0 and names(tmp_path) == []


def test_two_writers_in_one_process_have_a_part_each(tmp_path):
    path = tmp_path / "out.txt"
    first, second = parts.create(path), parts.create(path)
    first.path.write_text("first"), second.path.write_text("second")
    second.place(path)
    first.place(path)
    assert path.read_text() == "first" and names(tmp_path) == ["out.txt"]
    second.remove()
    assert names(tmp_path) == ["out.txt"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(errno.ENOSPC, "No space left on device")])
def test_an_interrupted_writer_leaves_the_older_file(tmp_path, monkeypatch, error):
    path = write_whole(tmp_path / "out.txt", "older")

    def fails(handle):
        raise error

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises((KeyboardInterrupt, OSError)):
        write_whole(path, "newer")
    assert path.read_text() == "older" and names(tmp_path) == ["out.txt"]


def test_a_file_system_without_locks_is_written_and_nothing_is_taken_from_others(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "out.txt.part").write_text("of somebody, living or dead")

    def no_locks(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    write_whole(tmp_path / "out.txt", "mine")
    assert names(tmp_path) == ["out.txt", "out.txt.part"]


def test_a_folder_takes_the_name_of_an_older_one(tmp_path):
    path = tmp_path / "out.zarr"
    for content in ("a", "b"):
        part = parts.create(path, folder=True)
        (part.path / content).write_text(content)
        part.place(path)
        assert names(path) == [content] and names(tmp_path) == ["out.zarr"]
