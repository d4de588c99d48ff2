"""A run and a model know their data by content and by name: moved, changed, renamed, and trained by two at once."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from easy_images import bars
from PIL import Image

from convolab.cli import main
from convolab.errors import InputError, UsageError
from convolab.network import train as training
from convolab.network.data.classes import matched
from convolab.network.data.idx import write_idx
from convolab.network.data.named import load_dataset
from convolab.network.model import runs
from convolab.network.training import loop
from convolab.network.training.settings import read_config

OPTIONS = {"epochs": 2, "batch_size": 16, "threads": 1}


def idx_folder(folder: Path, count: int = 64) -> Path:
    folder.mkdir(parents=True)
    for split, number, seed in (("train", count, 1), ("t10k", 16, 2)):
        images, labels = bars(number, seed)
        (folder / f"{split}-images-idx3-ubyte").write_bytes(write_idx(images))
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(write_idx(labels))
    return folder


class Stopped(Exception):
    """As Ctrl-C would."""


def stop_at(step: int):
    def listen(entry):
        if entry["kind"] in ("step", "epoch") and entry["step"] >= step:
            raise Stopped

    return listen


@pytest.fixture
def stopped(tmp_path, monkeypatch):
    """A run that was stopped after its first epoch, and its data's folder."""
    monkeypatch.setattr(loop, "SAVE_SECONDS", 0)
    monkeypatch.setattr(loop, "LOG_STEPS", 3)
    data = idx_folder(tmp_path / "data")
    with pytest.raises(Stopped):
        training.train(data, **OPTIONS, runs=tmp_path / "runs", report=stop_at(6))
    return runs.latest_run(tmp_path / "runs", finished=False), data


# resume.


def test_moved_data_are_named_once_and_then_known(stopped, tmp_path, capsys):
    folder, data = stopped
    data.rename(tmp_path / "elsewhere")
    assert main(["train", "--resume", str(folder), "--json"]) == 1
    assert (
        "data are not there any more. Give the place where they lie now: convolab train DATASET"
        in capsys.readouterr().err
    )
    assert main(["train", str(tmp_path / "elsewhere"), "--resume", str(folder), "--json"]) == 0
    out, err = capsys.readouterr()
    assert f"the run's data lie in {tmp_path / 'elsewhere'} now: the same images and labels" in err
    assert json.loads(out)["dataset"] == str(tmp_path / "elsewhere") and json.loads(out)["steps"] == 8
    assert read_config(folder).dataset == str(tmp_path / "elsewhere")


@pytest.mark.parametrize("part", ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"])
def test_data_that_have_changed_in_one_value_are_refused(stopped, part):
    folder, data = stopped
    path = data / f"{part}-ubyte"
    content = bytearray(path.read_bytes())
    content[-1] = (content[-1] + 1) % 3
    path.write_bytes(content)
    words = part.split("-")[:2]
    said = f"the {'test' if words[0] == 't10k' else 'train'} {words[1]} are not those of then"
    with pytest.raises(InputError, match=f"has changed since the run began: {said}"):
        training.resume(folder)


def test_pictures_that_are_read_when_needed_are_known_by_content_too(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVOLAB_MEMORY", "0")
    images, labels = bars(24, 1)
    for k, (image, label) in enumerate(zip(images, labels, strict=True)):
        (tmp_path / "set" / str(label)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(tmp_path / "set" / str(label) / f"{k}.png")
    before = load_dataset(tmp_path / "set").identity()
    assert {"train_images_as_read", "test_images_as_read"} < set(before)
    shutil.copytree(tmp_path / "set", tmp_path / "copy")
    assert load_dataset(tmp_path / "copy").identity() == before
    chosen = load_dataset(tmp_path / "copy").train_images.paths[0]
    Image.fromarray(255 - np.asarray(Image.open(chosen))).save(chosen)
    after = load_dataset(tmp_path / "copy").identity()
    assert [part for part in before if after[part] != before[part]] == ["train_images_as_read"]


def test_two_at_once_are_one_too_many(stopped):
    folder, _ = stopped
    code = (
        "import sys; from pathlib import Path; from convolab.network.training.lock import alone_in\n"
        "with alone_in(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout and other.stdout.readline() == b"held\n"
    with pytest.raises(InputError, match="another process is training this run"):
        training.resume(folder)
    other.kill()
    other.communicate()
    assert training.resume(folder)["steps"] == 8
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [runs.CONFIG, runs.ENVIRONMENT, runs.METRICS, runs.MODEL, runs.RESULT, runs.REPORT]
    )


def test_a_report_that_a_kill_prevented_is_made_later(stopped):
    folder, _ = stopped
    result = training.resume(folder)
    page = (folder / runs.REPORT).read_text()
    (folder / runs.REPORT).unlink()
    (folder / runs.STATE).write_bytes(b"left over")
    assert training.resume(folder) == result
    assert (folder / runs.REPORT).read_text() == page and not (folder / runs.STATE).exists()


def test_a_run_of_two_processes_goes_on_in_one_and_says_so(stopped):
    folder, _ = stopped
    config = (folder / runs.CONFIG).read_text()
    (folder / runs.CONFIG).write_text(config.replace("processes = 1", "processes = 2"))
    told = []
    result = training.resume(folder, report=told.append)
    notes = [entry["text"] for entry in told if entry["kind"] == "note"]
    assert any("began in 2 processes and goes on in 1" in note for note in notes)
    assert result["processes"] == 1 and result["steps"] == 8
    images = [entry for entry in runs.read_metrics(folder) if entry["kind"] == "epoch"]
    assert [entry["epoch"] for entry in images] == [1, 2]


def test_a_run_without_checksums_goes_on(stopped):
    folder, _ = stopped
    config = (folder / runs.CONFIG).read_text()
    (folder / runs.CONFIG).write_text(config[: config.index("[checksums]")])
    assert training.resume(folder)["steps"] == 8


# eval.


def test_classes_are_matched_by_name():
    words = sorted("zero one two three four five six seven eight nine".split())
    digits = tuple("0123456789")
    assert [digits[i] for i in matched(words, digits, "x")] == ["8", "5", "4", "9", "1", "7", "6", "3", "2", "0"]
    assert matched(["07", "Cat"], ["cat", "7"], "x").tolist() == [1, 0]
    with pytest.raises(UsageError, match=r"x has 2 classes, and ten is none of the model's 10\. Expected 0, 1, 2"):
        matched(["one", "ten"], digits, "x")


def test_digits_under_other_names_and_in_another_order_are_read_as_well(tmp_path, capsys):
    mnist = load_dataset("mnist")
    names = "zero one two three four five six seven eight nine".split()
    for split, images, labels in (
        ("train", mnist.train_images[:40], mnist.train_labels[:40]),
        ("test", mnist.test_images[:60], mnist.test_labels[:60]),
    ):
        for k, (image, label) in enumerate(zip(images, labels, strict=True)):
            (tmp_path / split / names[label]).mkdir(parents=True, exist_ok=True)
            Image.fromarray(image[0]).save(tmp_path / split / names[label] / f"{k}.png")
    assert main(["eval", "pretrained", str(tmp_path), "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["test_accuracy"] == 1 and found["test_images"] == 60
    assert found["per_class"][8]["count"] == int((mnist.test_labels[:60] == 8).sum())
    assert "classes are matched by their names" in found["notes"] and err == ""


def test_other_classes_than_the_model_s_are_refused(tmp_path, capsys):
    for name in ("cat", "dog"):
        for k in range(3):
            (tmp_path / name).mkdir(exist_ok=True)
            Image.fromarray(np.full((28, 28), k, np.uint8)).save(tmp_path / name / f"{k}.png")
    assert main(["eval", "pretrained", str(tmp_path)]) == 2
    assert "has 2 classes, and cat, dog is none of the model's 10" in capsys.readouterr().err
