"""Folders of pictures as people and their systems leave them: what the pictures show is what the network sees."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from convolab.cli import main
from convolab.errors import InputError
from convolab.network.data.folders import ImageFiles
from convolab.network.data.layout import lay_out
from convolab.network.data.named import load_dataset

RNG = np.random.default_rng(3)


def stroke(k: int, size: int = 28) -> np.ndarray:
    """A light bar on black, another for each k, uint8."""
    plane = np.zeros((size, size), np.uint8)
    plane[4:-4, 3 + k % 12 : 6 + k % 12] = 255
    return plane


def save(path: Path, content, **options) -> Path:
    """A picture of an array or an image, in a folder that is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = content if isinstance(content, Image.Image) else Image.fromarray(content)
    image.save(path, **options)
    return path


def two_classes(folder: Path, made, suffix: str = ".png", count: int = 6, **options) -> Path:
    """A folder of two classes whose pictures `made(k)` gives."""
    for k in range(2 * count):
        save(folder / "ab"[k % 2] / f"{k:02}{suffix}", made(k), **options)
    return folder


def shown(found) -> list[np.ndarray]:
    """The images of a data set, those for training first."""
    return [np.asarray(image) for split in (found.train_images, found.test_images) for image in split]


def expected(folder: Path, made) -> list[np.ndarray]:
    """What `made` gives for the pictures of a data set, in its order."""
    layout = lay_out(folder)
    return [made(int(path.stem)) for path, _ in layout.train + layout.test]


# What a file stores, and what it shows.


def on_nothing(k: int) -> Image.Image:
    """Black ink on a transparent ground, whose hidden colour is black too."""
    return Image.merge("LA", [Image.new("L", (28, 28), 0), Image.fromarray(stroke(k))]).convert("RGBA")


STORED = {
    "black ink on a transparent ground": (on_nothing, ".png", lambda k: 255 - stroke(k)),
    "16 bits, of which the low ones are used": (lambda k: stroke(k).astype(np.uint16) * 4, ".png", stroke),
    "16 bits, all used": (lambda k: stroke(k).astype(np.uint16) * 257, ".png", stroke),
    "int32 of a low range": (lambda k: stroke(k).astype(np.int32) // 255, ".tif", stroke),
    "floats from 0 to 1": (lambda k: stroke(k).astype(np.float32) / 255, ".tif", stroke),
    "grey stored as colours": (lambda k: np.repeat(stroke(k)[..., None], 3, 2), ".png", stroke),
    "grey with a palette": (lambda k: Image.fromarray(stroke(k)).convert("P"), ".png", stroke),
    "one bit": (lambda k: Image.fromarray(stroke(k)).convert("1"), ".png", stroke),
}


@pytest.mark.parametrize("stored", STORED)
def test_the_network_sees_what_the_files_show(tmp_path, stored):
    made, suffix, shows = STORED[stored]
    found = load_dataset(two_classes(tmp_path, made, suffix))
    assert found.image_shape == (1, 28, 28)
    np.testing.assert_array_equal(shown(found), [plane[None] for plane in expected(tmp_path, shows)])


def test_pictures_that_are_read_when_needed_are_the_same(tmp_path, monkeypatch):
    two_classes(tmp_path, lambda k: RNG.integers(0, 256, (90 + k, 130), np.uint8))
    whole = load_dataset(tmp_path)
    monkeypatch.setenv("CONVOLAB_MEMORY", "0")
    parts = load_dataset(tmp_path)
    assert isinstance(parts.train_images, ImageFiles) and parts.notes == whole.notes
    np.testing.assert_array_equal(shown(parts), shown(whole))


def test_what_was_laid_on_a_ground_or_stretched_is_said_once_for_all(tmp_path):
    found = load_dataset(two_classes(tmp_path, STORED["16 bits, of which the low ones are used"][0]))
    assert found.notes == (
        "one picture in 6 of each class is held out for the test: 2 of 12 pictures",
        "all 12 pictures: stretched values 0 … 1020 to the full range",
    )
    save(tmp_path / "a" / "00.png", stroke(0))
    assert "11 of 12 pictures: stretched values" in load_dataset(tmp_path).notes[1]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_uncompressed_tiff_that_lies_on_its_side_is_upright(tmp_path, orientation):
    upright = RNG.integers(0, 256, (20, 32), np.uint8)
    stored = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1],
        5: upright.T, 6: upright.T[::-1], 7: upright.T[::-1, ::-1], 8: upright.T[:, ::-1],
    }[orientation]  # fmt: skip
    for k in range(4):
        path = save(tmp_path / "ab"[k % 2] / f"{k}.tif", upright)
        tifffile.imwrite(path, np.ascontiguousarray(stored), extratags=[(274, "H", 1, orientation, True)])
    for image in shown(load_dataset(tmp_path)):
        np.testing.assert_array_equal(image[0], upright)


def test_one_picture_with_colours_makes_all_of_them_coloured(tmp_path):
    two_classes(tmp_path, stroke)
    red = np.repeat(stroke(0)[..., None], 3, 2) * np.uint8([1, 0, 0])
    save(tmp_path / "a" / "00.png", red)
    found = load_dataset(tmp_path)
    assert found.image_shape == (3, 28, 28)
    assert found.notes[1] == "1 of 12 pictures have colours, so all are read in red, green and blue"


def test_a_grey_jpeg_that_is_stored_in_colours_is_grey(tmp_path):
    found = load_dataset(two_classes(tmp_path, lambda k: Image.fromarray(stroke(k)).convert("RGB"), ".jpg"))
    assert found.image_shape == (1, 28, 28)


# Sizes.


@pytest.mark.parametrize(
    ("size", "became"),
    [((28, 28), (28, 28)), ((8, 8), (24, 24)), ((16, 16), (32, 32)), ((64, 48), (64, 48)), ((96, 96), (96, 96)),
     ((128, 128), (64, 64)), ((480, 640), (48, 64)), ((17, 60), (34, 120)), ((5, 96), (18, 96))],
)  # fmt: skip
def test_pictures_of_one_size_keep_a_sensible_one_and_it_is_said(tmp_path, size, became):
    found = load_dataset(two_classes(tmp_path, lambda k: RNG.integers(0, 256, size, np.uint8), count=2))
    assert found.image_shape == (1, *became)
    said = [f"pictures of {size[1]} × {size[0]} pixels become {became[1]} × {became[0]}"]
    assert list(found.notes[1:]) == (said if size != became else [])


def test_pictures_of_several_sizes_become_28_by_28_and_it_is_said(tmp_path):
    found = load_dataset(two_classes(tmp_path, lambda k: RNG.integers(0, 256, (40, 30 + (k > 6) + (k > 10)), np.uint8)))
    assert found.image_shape == (1, 28, 28)
    assert found.notes[1] == "pictures of 30 × 40 or 31 × 40 pixels, and 1 other size become 28 × 28"


# Which files are pictures of which class.


def touch(folder: Path, *names: str) -> Path:
    """A folder of small pictures, and of files that are none."""
    for k, name in enumerate(names):
        if name.endswith(".png"):
            save(folder / name, stroke(k))
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(b"\0\5\26\7 no picture")
    return folder


def laid_out(folder: Path) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For each class the names of the pictures for training, and of those for the test."""
    found = lay_out(folder)
    splits: tuple[dict, dict] = ({}, {})
    for split, labelled in zip(splits, (found.train, found.test), strict=True):
        for path, name in labelled:
            split.setdefault(name, []).append(str(path.relative_to(folder)))
    return splits


PLAIN = ("a/1.png", "a/2.png", "b/1.png", "b/2.png")


def test_what_macos_jupyter_and_windows_leave_behind_is_no_class_and_no_picture(tmp_path, capsys):
    touch(tmp_path, *PLAIN, "a/._1.png", "._a", ".ipynb_checkpoints/1-checkpoint.png", ".DS_Store", "a/Thumbs.db")
    touch(tmp_path, "__MACOSX/a/._1.png", "b/.ipynb_checkpoints/2-checkpoint.png", "README.md")
    found = load_dataset(tmp_path)
    assert found.classes == ("a", "b") and len(shown(found)) == 4
    assert capsys.readouterr().err == (
        f"{tmp_path}: left out: 4 hidden (._a, .ipynb_checkpoints, a/._1.png and 1 more); "
        "1 that are no pictures (1 .md)\n"
    )


def test_pictures_in_folders_of_a_class_are_of_that_class(tmp_path):
    touch(tmp_path, *PLAIN, "a/more/3.png", "a/more/still/4.png", "b/x/1.png", "b/y/1.png")
    train, test = laid_out(tmp_path)
    assert sorted(train["a"] + test["a"]) == ["a/1.png", "a/2.png", "a/more/3.png", "a/more/still/4.png"]
    assert sorted(train["b"] + test["b"]) == ["b/1.png", "b/2.png", "b/x/1.png", "b/y/1.png"]


@pytest.mark.parametrize(
    ("training", "testing"),
    [("train", "test"), ("Train", "TEST"), ("training", "testing"), ("trainingSet", "testSet"), ("train", "val"),
     ("train", "Validation"), ("training_set", "test_set")],
)  # fmt: skip
@pytest.mark.parametrize("around", ["", "archive/", "archive/mnist/"])
def test_folders_of_splits_are_honoured_under_their_usual_names(tmp_path, training, testing, around):
    touch(tmp_path, *(f"{around}{split}/{name}" for split in (training, testing) for name in PLAIN))
    train, test = laid_out(tmp_path)
    assert train == {c: [f"{around}{training}/{c}/{i}.png" for i in (1, 2)] for c in "ab"}
    assert test == {c: [f"{around}{testing}/{c}/{i}.png" for i in (1, 2)] for c in "ab"}
    assert lay_out(tmp_path).divided == f"{around}{testing}/ is the test"


def test_a_validation_folder_beside_a_test_folder_is_left_out_with_a_note(tmp_path):
    touch(tmp_path, *(f"{split}/{name}" for split in ("train", "test", "val") for name in PLAIN), "sample/a/1.png")
    train, test = laid_out(tmp_path)
    assert sum(map(len, train.values())) == sum(map(len, test.values())) == 4
    assert lay_out(tmp_path).left_out() == ["left out: sample/ (1 picture, not used); val/ (4 pictures, not used)"]


def test_test_pictures_without_classes_are_no_test(tmp_path):
    touch(tmp_path, *(f"trainingSet/trainingSet/{name}" for name in PLAIN), "testSet/testSet/img_1.png")
    train, test = laid_out(tmp_path)
    assert sorted(train) == ["a", "b"] and sum(map(len, test.values())) == 2
    touch(tmp_path / "flat", *(f"train/{name}" for name in PLAIN), "test/img_1.png", "train/loose.png")
    found = lay_out(tmp_path / "flat")
    assert len(found.train) == len(found.test) == 2
    assert found.divided == "one picture in 6 of each class of train/ is for the test"
    assert found.left_out() == [
        "left out: test/ (1 picture, no classes in it); 1 picture in train/ itself, of no class"
    ]


def test_classes_that_are_named_like_splits_are_classes(tmp_path):
    touch(tmp_path, "train/1.png", "train/2.png", "test/1.png", "test/2.png", "bus/1.png", "bus/2.png")
    assert sorted(laid_out(tmp_path)[0]) == ["bus", "test", "train"]


def test_pictures_of_no_class_and_files_of_other_kinds_are_named(tmp_path, capsys):
    touch(tmp_path, *PLAIN, "9.png", "a/1.heic", "a/2.heic", "b/notes.txt")
    load_dataset(tmp_path)
    assert capsys.readouterr().err == (
        f"{tmp_path}: left out: 3 that are no pictures (2 .heic, 1 .txt); 1 picture in the folder itself, of no class\n"
    )


def test_a_link_to_a_folder_above_it_has_an_end(tmp_path):
    touch(tmp_path, *PLAIN)
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    assert len(load_dataset(tmp_path).train_labels) == 2


def test_all_damaged_files_are_named_at_once(tmp_path):
    two_classes(tmp_path, stroke)
    for name in ("a/00.png", "b/01.png", "b/03.png"):
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:60])
    with pytest.raises(InputError) as caught:
        load_dataset(tmp_path)
    assert all(f"{tmp_path / name}: not a readable image" in str(caught.value) for name in ("a/00.png", "b/01.png"))
    assert str(caught.value).count("not a readable image") == 3 and "\n" not in str(caught.value)


# What is said of a data set, and what is refused.


def test_the_command_says_what_was_done_and_draws_some_of_each_class(tmp_path, capsys):
    two_classes(tmp_path / "set", lambda k: np.full((28, 28), 100 * (k % 2) + 50, np.uint8))
    grid = tmp_path / "grid.png"
    assert main(["data", str(tmp_path / "set"), "--grid", str(grid), "--count", "4", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "held out for the test: 2 of 12 pictures" in err and json.loads(out)["notes"] == [err.splitlines()[0]]
    picture = np.asarray(Image.open(grid))
    assert [int(picture[30, 30 + 58 * i]) for i in range(4)] == [50, 50, 150, 150]


def test_training_images_without_contrast_are_refused(tmp_path, capsys):
    two_classes(tmp_path / "set", lambda k: np.full((28, 28), 255 * (k % 2), np.uint8))
    assert main(["train", str(tmp_path / "set"), "--runs", str(tmp_path / "runs")]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert "10 training images, and each of them is of one value (0 to 255 of 255)" in error
    assert not (tmp_path / "runs").exists()


def test_a_small_set_is_trained_for_enough_steps_unless_somebody_says_how_many(tmp_path, capsys):
    two_classes(tmp_path / "set", lambda k: stroke(k, 20) if k % 2 else stroke(k, 20).T, count=12)
    arguments = ["train", str(tmp_path / "set"), "--runs", str(tmp_path / "runs"), "--threads", "1", "--json"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["steps"] == found["epochs"] == 200 and found["test_accuracy"] == 1
    assert (
        "note: 20 training images are 1 step an epoch: trains 200 epochs instead of 2, 200 steps; --epochs sets" in err
    )
    assert sum(line.startswith("epoch ") for line in err.splitlines()) == 20
    assert main([*arguments, "--epochs", "3"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["steps"] == 3 and "3 in all: hardly enough to learn. More --epochs would help" in err
