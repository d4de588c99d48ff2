"""What the commands do, Python does; and what a machine or a console lacks is one line."""

import io
import json
import os
import subprocess
import sys
from multiprocessing.reduction import ForkingPickler

import numpy as np
import pytest
import torch
from PIL import Image

import convolab as cl
from convolab import cli
from convolab.cli import main
from convolab.cli.predict import SHADES
from convolab.errors import InputError
from convolab.network.hazards.scenes import scene
from convolab.network.training import batches

SEVEN = scene("dark-on-light", 7, 0)


@pytest.fixture
def seven(tmp_path):
    path = tmp_path / "seven.png"
    path.write_bytes(SEVEN)
    return path


def test_predict_answers_as_the_command_does(seven, capsys):
    assert main(["predict", str(seven), "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)["predictions"]
    found = cl.predict(seven)
    assert json.loads(json.dumps(found)) == said and found["label"] == "7"
    assert cl.predict(str(seven), "pretrained") == found
    assert cl.predict(seven.with_name("none.png"))["status"] == "error"


def test_predict_takes_pixels_too():
    plane = np.asarray(Image.open(io.BytesIO(SEVEN)).convert("L"))
    for image in (
        plane,
        plane / 255,
        plane.astype(np.uint16) * 257,
        np.repeat(plane[..., None], 3, 2),
        plane[..., None],
    ):
        found = cl.predict(image)
        assert (found["image"], found["status"], found["label"]) == ("array", "digit", "7")
    for image in (np.zeros((2, 3, 4, 5)), np.zeros((0, 3)), np.full((9, 9), np.nan), plane * -1.0, np.array(["x"])):
        with pytest.raises(InputError, match=r"^image: "):
            cl.predict(image)


@pytest.fixture
def small(tmp_path):
    """A data set of some of MNIST's test images, as a folder."""
    mnist = cl.data("mnist")
    for split, start in (("train", 0), ("test", 30)):
        for k in range(start, start + 30):
            folder = tmp_path / "set" / split / str(mnist.test_labels[k])
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(mnist.test_images[k, 0]).save(folder / f"{k}.png")
    return tmp_path / "set"


def test_evaluate_measures_as_the_command_does(small, capsys):
    assert main(["eval", "pretrained", str(small), "--json"]) == 0
    said, found = json.loads(capsys.readouterr().out), cl.evaluate("pretrained", small)
    for key in set(found) - {"images_per_second"}:
        assert said[key] == json.loads(json.dumps(found[key])), key
    assert found["test_accuracy"] == 1 and found["run"] == "pretrained"


def test_data_is_a_data_set_that_shows_itself_with_its_labels(small):
    found = cl.data(small)
    assert repr(found).startswith(f"<Dataset {small}: 30 training and 30 test images, 1 × 28 × 28, ")
    drawn = found.drawing(count=10)
    labels = [shape.content for shape in drawn.shapes if shape.classes == "middle small"]
    assert labels == sorted(labels) and labels[0] == "0" and labels[-1] == "9" and len(labels) == 10
    images = [shape.pixels for shape in drawn.shapes if shape.kind == "image"]
    np.testing.assert_array_equal(images[0][..., 0], found.train_images[0, 0])
    page = found._repr_html_()
    assert "<img" in page and "test/ is the test" in page and "training" in page
    assert str(found).splitlines()[1].split()[0] == "0"


def test_edges_of_a_file_are_those_of_its_pixels(seven):
    pixels = np.asarray(Image.open(seven).convert("RGB"))
    np.testing.assert_array_equal(cl.edges(str(seven)), cl.edges(pixels))
    np.testing.assert_array_equal(cl.edges(seven, show="x"), cl.edges(pixels, show="x"))
    with pytest.raises(InputError, match=r"none\.png: cannot be read"):
        cl.edges(seven.with_name("none.png"))


def test_eval_of_the_latest_run_says_which_it_is(small, tmp_path, capsys):
    run = cl.train(small, epochs=1, runs=tmp_path / "runs", threads=1)["run"]
    assert main(["eval", "latest", "--runs", str(tmp_path / "runs"), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["run"] == run and f"run {run}\n" in err


# What a machine or a console lacks.


class Numbered:
    """Images that lie in no memory: each holds its own number."""

    def __len__(self):
        return 6

    def __getitem__(self, i):
        return np.full((1, 20, 20), i, np.uint8)


def test_batches_of_files_come_from_workers_without_shared_memory(tmp_path, monkeypatch):
    """A tensor from a worker lies in /dev/shm, of which containers have little; an array comes through a pipe."""
    reducers, log = ForkingPickler._extra_reducers, tmp_path / "sent"

    def noted(tensor, reduce=reducers[torch.Tensor]):
        log.write_text("a tensor")
        return reduce(tensor)

    monkeypatch.setitem(reducers, torch.Tensor, noted)
    shares = [torch.tensor([0, 5]), torch.tensor([3])]
    found = list(batches.gather(Numbered(), shares, workers=1))
    assert [image[:, 0, 0, 0].tolist() for image in found] == [[0, 5], [3]]
    assert all(isinstance(image, torch.Tensor) for image in found) and not log.exists()


@pytest.mark.parametrize("command", [["predict", "{seven}"], ["--help"], ["summary", "--help"], ["data", "--help"]])
def test_a_console_of_an_old_code_page_gets_what_it_can_show(command, seven, monkeypatch, capsys):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", errors="strict"))
    assert main([word.format(seven=seven) for word in command]) == 0
    sys.stdout.flush()
    assert raw.getvalue().isascii() and len(raw.getvalue()) > 10


def test_what_an_old_code_page_lacks_is_written_another_way():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    cli.Output(stream).write(f"3 → 5 × 7 ≥ {SHADES}ё")
    stream.flush()
    assert stream.buffer.getvalue().decode("cp1252") == "3 -> 5 × 7 >=  .+##?"  # type: ignore[attr-defined]


def test_commands_run_on_a_console_of_windows(seven):
    code = "import sys; from convolab.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "predict", str(seven)],
        capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    assert done.returncode == 0 and b"seven.png: 7" in done.stdout and b"Traceback" not in done.stderr, done.stderr
