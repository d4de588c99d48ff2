"""A folder of images must not reach into the rest of the disk through its links."""

import json

import pytest
from PIL import Image

from convolab.cli import main
from convolab.network.data import load_dataset


@pytest.fixture
def folder(tmp_path):
    inside, outside = tmp_path / "digits", tmp_path / "elsewhere"
    for label in "01":
        (inside / label).mkdir(parents=True)
        for i in range(8):
            Image.new("L", (20, 20), 20 + 100 * int(label) + i).save(inside / label / f"{i}.png")
    outside.mkdir()
    for i in range(3):
        Image.new("L", (20, 20), 250).save(outside / f"secret{i}.png")
    return inside, outside


def test_links_that_lead_out_of_the_folder_are_left_out_and_said(folder, capsys):
    inside, outside = folder
    (inside / "2").symlink_to(outside)
    (inside / "0" / "link.png").symlink_to(outside / "secret0.png")
    (inside / "1" / "again.png").symlink_to(inside / "1" / "3.png")
    data = load_dataset(inside)
    assert len(data.train_images) + len(data.test_images) == 17 and data.classes == ("0", "1")
    assert max(part.max() for part in (data.train_images, data.test_images)) < 200
    assert len(data.notes) == 1 and "4 images were left out: symbolic links lead out of the folder" in data.notes[0]
    assert main(["data", str(inside), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["classes"] == ["0", "1"]
    assert printed.err.startswith("note: ") and printed.err.count("\n") == 1


def test_a_folder_that_is_itself_a_link_is_read(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder[0])
    data = load_dataset(tmp_path / "link")
    assert len(data.train_images) + len(data.test_images) == 16 and data.notes == ()
