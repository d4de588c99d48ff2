"""`predict` and `eval`: pictures as people have them, data sets, and what is neither."""

import io
import json
import sys

import numpy as np
import pytest
import torch
from easy_images import easy_folder
from PIL import Image
from rich.console import Console

import convolab as cl
from convolab.bench import reading
from convolab.cli import main
from convolab.cli.predict import SHADES, drawn
from convolab.errors import ArgumentError, InputError
from convolab.network import train as training
from convolab.network.digits import prediction
from convolab.network.digits.prediction import predict
from convolab.network.hazards import contact_sheet
from convolab.network.hazards import evaluation as hazards
from convolab.network.hazards.composition import PAPER, ballpoint, camera, digit, encoded, lay
from convolab.network.hazards.foreign import OTHERS, no_digit
from convolab.network.hazards.scenes import HAZARDS, scene
from convolab.network.model import runs
from convolab.network.model.checkpoint import save_model
from convolab.pictures.photographs import Picture, decode


@pytest.fixture(scope="module")
def pretrained():
    return runs.load("pretrained")


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(scene("paper-photo", 4, 7))
    return path


def answer_of(capsys, *arguments: str) -> tuple[int, dict]:
    """The exit code and the one JSON object of a command."""
    code = main([*arguments, "--json"])
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return code, json.loads(out)


# What the shipped model reads.


@pytest.mark.parametrize(
    "first, every", [(0, 2), pytest.param(0, 1, marks=pytest.mark.slow), pytest.param(5, 1, marks=pytest.mark.slow)]
)
def test_pictures_of_every_hazard_are_read(pretrained, first, every):
    """A scene for each hazard, or for each second one, that was not looked at while the preprocessing was written."""
    wrong = []
    for k, name in list(enumerate(HAZARDS, first))[::every]:
        digit = k % 10
        (chances,) = hazards.read_scenes(pretrained, name, [(digit, hazards.FIRST + 50)])
        wrong += [(name, digit)] if chances is None or chances.argmax() != digit else []
    assert len(wrong) <= 0.05 * len(HAZARDS), wrong


def test_a_hazard_s_scenes_are_counted_right_wrong_and_unread(pretrained, monkeypatch):
    blank = io.BytesIO()
    Image.new("L", (60, 60), 255).save(blank, "PNG")
    pictures = {"plain": scene("dark-on-light", 3, 0), "blank": blank.getvalue()}
    monkeypatch.setattr(hazards, "HAZARDS", dict.fromkeys(pictures, HAZARDS["noise"]))
    monkeypatch.setattr(hazards, "scene", lambda name, label, number: pictures[name])
    seen = []
    found = hazards.evaluate_hazards(pretrained, scenes=1, progress=seen.append)
    assert seen == ["plain"] * 10 + ["blank"] * 10
    assert np.array(found["confusion"])[:, 3].tolist() == [1] * 10 and np.sum(found["confusion"]) == 10
    assert [row["right"] for row in found["hazards"]] == [1, 0] and found["unread"] == [1] * 10
    assert found["accuracy"] == 1 / 20 and found["count"] == 20
    assert found["hazards"][1]["wrong"][0] == [0, hazards.FIRST, None]


def test_hazards_want_a_model_of_digits_and_at_least_one_scene(pretrained, monkeypatch):
    with pytest.raises(ArgumentError, match=r"scenes: 0 is out of range\. Expected at least 1"):
        hazards.evaluate_hazards(pretrained, scenes=0)
    monkeypatch.setitem(pretrained.config, "classes", ["cat", "dog"])
    with pytest.raises(ArgumentError, match="hazards: need a model of the ten digits"):
        hazards.evaluate_hazards(pretrained)


# predict.

KEYS = {"image", "status", "label", "confidence", "top", "marks", "message", "preprocessing"}


def row(labels: list[int], seed: int, *, across: int = 160) -> bytes:
    """A photograph of digits side by side."""
    rng = np.random.default_rng(seed)
    ink = np.concatenate([digit(label, rng, (240, across), height=(0.45, 0.7)) for label in labels], 1)
    return encoded(camera(lay(PAPER, ballpoint(rng), ink), rng), "JPEG", quality=88)


@pytest.mark.parametrize("labels", [[3, 5], [1, 1], [4, 0, 7], [2, 0, 2, 6]], ids=str)
def test_several_digits_are_read_one_by_one(pretrained, labels):
    found = predict(pretrained, decode(row(labels, 4)))
    assert (found["status"], found["label"]) == ("several", None)
    assert [mark["label"] for mark in found["marks"]] == [str(label) for label in labels]
    assert found["message"] == f"several marks: {', '.join(map(str, labels))} (read one by one)"
    lefts = [mark["box"][1] for mark in found["marks"]]
    assert all(160 * k <= left < 160 * (k + 1) for k, left in enumerate(lefts)), lefts
    assert found["confidence"] == min(mark["confidence"] for mark in found["marks"]) > 0.8


def test_a_digit_of_two_strokes_is_one_digit(pretrained):
    plane = np.ones((200, 200), np.float32)
    for top, left, bottom, right in (
        (40, 60, 52, 140),
        (60, 60, 100, 72),
        (92, 60, 104, 130),
        (104, 120, 160, 132),
        (150, 60, 162, 132),
    ):
        plane[top:bottom, left:right] = 0
    plane[52:60] = 1  # the bar of a five, above the rest
    found = predict(pretrained, Picture(plane, plane.shape))
    assert (found["status"], found["label"], found["marks"]) == ("digit", "5", [])


@pytest.mark.parametrize("seed", range(4))
def test_a_blank_sheet_in_soft_light_shows_no_digit(pretrained, seed):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[-1:1:240j, -1:1:320j]
    middle = rng.uniform(-1, 1, 2)
    light = 0.5 + 0.6 / (1 + 1.2 * ((y - middle[0]) ** 2 + (x - middle[1]) ** 2))
    sheet = camera(np.asarray(PAPER) * light[..., None].astype(np.float32), rng, noise=0.004 * (1 + seed))
    found = predict(pretrained, decode(encoded(sheet, "JPEG", quality=60 + 10 * seed)))
    assert (found["status"], found["label"], found["confidence"]) == ("none", None, None)
    assert found["message"].startswith("no digit found")


def test_what_could_be_two_digits_is_said_to_be_unsure(pretrained, monkeypatch, tmp_path, capsys):
    chances = np.full((1, 10), 0.01)
    chances[0, [1, 7, 4]] = 0.45, 0.47, 0.02
    monkeypatch.setattr(prediction, "probabilities", lambda classifier, pixels: chances)
    found = predict(pretrained, decode(scene("dark-on-light", 7, 0)))
    assert (found["status"], found["label"], found["confidence"]) == ("unsure", "7", 0.47)
    assert found["message"] == "unsure: 7 or 1"
    (tmp_path / "x.png").write_bytes(scene("dark-on-light", 7, 0))
    assert main(["predict", str(tmp_path / "x.png"), "--quiet"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'x.png'}: unsure: 7 or 1 (7 47.0%, 1 45.0%, 4 2.0%)\n"


@pytest.mark.parametrize("kind", ["letters", "arrows", "photographs"])
def test_what_is_no_digit_is_seldom_read_with_confidence(pretrained, kind):
    answers = [predict(pretrained, decode(no_digit(kind, k))) for k in range(2, 7)]
    assert sum((answer["confidence"] or 0) >= 0.9 for answer in answers) <= 1, [a["message"] for a in answers]


def test_what_looks_like_no_class_is_none_or_unsure(pretrained, monkeypatch):
    for missing, status, message in (
        (0.97, "none", "no digit found: what stands out looks like none"),
        (0.6, "unsure", "unsure: 7 or no digit"),
        (0.1, "digit", "7"),
    ):
        chances = np.zeros((1, 10))
        chances[0, 7] = 1 - missing
        monkeypatch.setattr(prediction, "probabilities", lambda classifier, pixels, chances=chances: chances)
        found = predict(pretrained, decode(scene("dark-on-light", 7, 0)))
        assert (found["status"], found["message"]) == (status, message)
        assert (found["label"] is None) == (status == "none") and found["preprocessing"] is not None


def test_the_answer_none_is_one_more_output_of_the_last_layer(pretrained, monkeypatch):
    images = np.random.default_rng(0).random((3, 1, 28, 28), np.float32)
    extra = np.random.default_rng(1).normal(size=64)
    monkeypatch.setitem(pretrained.config, "none", {"weight": extra.tolist(), "bias": -0.5})
    with torch.inference_mode():
        layers = list(pretrained.network.children())
        x = torch.nn.Sequential(*layers[:-1])((torch.from_numpy(images) - pretrained.mean) / pretrained.std)
        logits = torch.cat([layers[-1](x), x @ torch.tensor(extra, dtype=torch.float32)[:, None] - 0.5], 1)
    expected = logits.double().softmax(1)[:, :10].numpy()
    np.testing.assert_allclose(prediction.probabilities(pretrained, images), expected, atol=1e-6)
    monkeypatch.delitem(pretrained.config, "none")
    np.testing.assert_allclose(prediction.probabilities(pretrained, images).sum(1), 1)


@pytest.mark.parametrize("numbers", [{}, {"weight": [1.0, 2.0], "bias": 0}, {"weight": ["a"], "bias": 0}])
def test_numbers_of_none_that_do_not_fit_are_one_line(pretrained, monkeypatch, numbers):
    monkeypatch.setitem(pretrained.config, "none", numbers)
    with pytest.raises(InputError, match="none: the model's numbers cannot be used"):
        prediction.probabilities(pretrained, np.zeros((1, 1, 28, 28), np.float32))


def test_without_a_run_the_shipped_model_reads(photo, capsys):
    code, answer = answer_of(capsys, "predict", str(photo))
    assert code == 0 and answer["run"] == "pretrained" and answer["predictions"][0]["label"] == "4"
    assert answer["predictions"] == answer_of(capsys, "predict", "pretrained", str(photo))[1]["predictions"]


def test_predict_answers_with_what_it_did_and_saw(photo, capsys):
    code, answer = answer_of(capsys, "predict", "pretrained", str(photo))
    (prediction,) = answer["predictions"]
    assert code == 0 and prediction["label"] == "4" and prediction["image"] == str(photo)
    assert prediction["confidence"] == prediction["top"][0][1] > 0.9
    assert prediction["top"][0][0] == "4" and len(prediction["top"]) == 3
    done = prediction["preprocessing"]
    assert np.shape(done["pixels"]) == (1, 28, 28) and max(map(max, done["pixels"][0])) > 200
    assert done["polarity"] == "dark on light" and any("centred by mass" in note for note in done["notes"])


def test_people_see_the_image_and_the_notes_beside_one_line_of_result(photo, capsys):
    assert main(["predict", "pretrained", str(photo)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{photo}: 4 (") and out.count("\n") == 1
    assert "█" in err and "centred by mass" in err
    assert main(["predict", "pretrained", str(photo), "--quiet"]) == 0
    assert capsys.readouterr() == (out, "")


def test_standard_input_is_an_image(photo, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(photo.read_bytes())))
    code, answer = answer_of(capsys, "predict", "pretrained", "-")
    assert code == 0 and answer["predictions"][0]["label"] == "4"


def test_a_picture_that_cannot_be_used_does_not_hide_the_others(photo, tmp_path, capsys):
    text = tmp_path / "text.png"
    text.write_text("no picture")
    blank = tmp_path / "blank.png"
    Image.new("L", (60, 60), 255).save(blank)
    code, answer = answer_of(capsys, "predict", "pretrained", str(text), str(photo), str(blank))
    assert code == 1 and [p["label"] for p in answer["predictions"]] == [None, "4", None]
    assert [p["image"] for p in answer["predictions"]] == [str(text), str(photo), str(blank)]
    assert [p["status"] for p in answer["predictions"]] == ["error", "digit", "none"]
    assert all(set(p) == KEYS for p in answer["predictions"])
    assert answer["errors"][0] == f"{text}: not a picture. Expected PNG, JPEG, TIFF, WebP, GIF, BMP, …"
    assert main(["predict", "pretrained", str(text), str(photo), "--quiet"]) == 1
    out, err = capsys.readouterr()
    assert out.count("\n") == 1 and err == f"convolab: {answer['errors'][0]}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["predict", "pretrained"], 2, "IMAGE: missing"),
        (["predict"], 2, "IMAGE: missing"),
        (["predict", "pretrained", "--fast", "x.png"], 2, "--fast: unknown option"),
        (["predict", "nowhere"], 1, "nowhere: cannot be read: No such file"),
        (["predict", "nowhere.safetensors", "x.png"], 1, "nowhere.safetensors: not a run's folder"),
        (["predict", "pretrained", "none.png"], 1, "none.png: cannot be read: No such file"),
        (["predict", "pretrained", "http://127.0.0.1:1/x.png"], 1, "cannot be read"),
        (["eval", "nowhere"], 1, "nowhere: not a run's folder"),
        (["eval", "pretrained", "nowhere"], 2, "data set: 'nowhere' is unknown"),
        (["eval", "pretrained", "hazards", "--scenes", "0"], 2, "scenes: 0 is out of range"),
        (["eval", "pretrained", "--device", "abacus"], 2, "abacus"),
    ],
)
def test_what_cannot_be_used_is_one_line(arguments, code, words, capsys):
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert words in err and err.count("\n") == 1 and out == ""


def test_a_model_file_that_was_changed_is_not_used(tmp_path, photo, capsys):
    content = bytearray(runs.PRETRAINED.read_bytes())
    content[-100] ^= 1
    changed = tmp_path / "changed.safetensors"
    changed.write_bytes(content)
    assert main(["predict", str(changed), str(photo)]) == 1
    assert "do not match the checksum" in capsys.readouterr().err


def test_a_model_without_its_preprocessing_says_so(pretrained, monkeypatch):
    monkeypatch.delitem(pretrained.config, "preprocessing")
    with pytest.raises(InputError, match="the model stores no numbers for it"):
        predict(pretrained, decode(scene("dark-on-light", 3, 0)))


def test_the_preprocessing_that_is_stored_is_the_one_that_is_used(pretrained, tmp_path):
    stored = pretrained.config | {"preprocessing": pretrained.config["preprocessing"] | {"box": 12}}
    stored.pop("format")
    other = runs.load(save_model(tmp_path / "model.safetensors", pretrained.network, stored))
    pixels = np.array(predict(other, decode(scene("dark-on-light", 3, 0)))["preprocessing"]["pixels"])[0]
    assert np.flatnonzero(pixels.any(1)).size == 12


def test_a_terminal_with_colours_shows_two_rows_a_line_on_its_own_ground():
    pixels = np.zeros((28, 28))
    pixels[3, 5] = 1.0
    text = drawn(pixels, Console(force_terminal=True, color_system="truecolor", no_color=False))
    assert text.plain.split("\n") == ["▀" * 28] * 14
    (style,) = {str(span.style) for span in text.spans if span.start == 29 + 5}
    assert style == "rgb(0,0,0) on rgb(255,255,255)"


def test_without_colours_shades_are_two_characters_wide():
    pixels = np.linspace(0, 1, 28)[None].repeat(28, 0)
    lines = drawn(pixels, Console(no_color=True)).plain.split("\n")
    assert len(lines) == 28 and set(lines[0]) == set(SHADES) and lines[0].endswith("██") and len(lines[0]) == 56


# eval.


@pytest.fixture(scope="module")
def easy(tmp_path_factory):
    """A data set that is learnt in a moment, and a run on it."""
    folder = easy_folder(tmp_path_factory.mktemp("data") / "bars")
    return folder, training.train(folder, epochs=2, batch_size=32, runs=tmp_path_factory.mktemp("runs"))


def test_eval_finds_what_the_run_found_at_its_end(easy, capsys):
    folder, trained = easy
    code, found = answer_of(capsys, "eval", trained["run"])
    assert code == 0 and found["dataset"] == str(folder)
    for name in ("test_accuracy", "test_interval", "test_loss"):
        assert found[name] == trained[name]
    confusion = np.array(found["confusion"])
    assert confusion.sum() == found["test_images"] == 120 and found["images_per_second"] > 0
    for k, of in enumerate(found["per_class"]):
        low, high = of["interval"]
        assert of["accuracy"] == confusion[k, k] / confusion[k].sum() and low <= of["accuracy"] <= high


def test_eval_prints_the_matrix_for_people(easy, capsys):
    assert main(["eval", easy[1]["run"], str(easy[0])]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"test accuracy {easy[1]['test_accuracy']:.2%} (95 % interval")
    assert "true class down, answer across" in err and "95 % interval" in err


def test_eval_prints_a_line_for_each_hazard(capsys, monkeypatch):
    few = {name: HAZARDS[name] for name in ("icon",)}
    monkeypatch.setattr(hazards, "HAZARDS", few)
    assert main(["eval", "pretrained", "hazards", "--scenes", "1"]) == 0
    out, err = capsys.readouterr()
    assert "10 images" in out
    for name in few:
        assert name in err
    code, found = answer_of(capsys, "eval", "pretrained", "hazards", "--scenes", "1")
    assert code == 0 and [row["hazard"] for row in found["hazards"]] == list(few)
    assert found["test_images"] == 10 == sum(of["count"] for of in found["per_class"])


def test_the_hazards_are_drawn_beside_what_is_seen_of_them(capsys, monkeypatch, tmp_path):
    few = {name: HAZARDS[name] for name in ("icon", "transparent")}
    monkeypatch.setattr(hazards, "HAZARDS", few)
    monkeypatch.setattr(contact_sheet, "HAZARDS", few)
    path = tmp_path / "hazards.png"
    assert main(["eval", "pretrained", "hazards", "--scenes", "1", "--picture", str(path)]) == 0
    pixels = np.asarray(Image.open(path))
    assert pixels.shape == (12 + 130 + 12, 4 * 248 + 12, 3)
    assert (pixels[31:141, 131:241] == 0).mean() > 0.5  # the network's view is light on black
    capsys.readouterr()
    for arguments, words in (
        (["hazards", "--picture", str(path)], "exists. Give --force"),
        (["hazards", "--picture", str(tmp_path / "hazards.doc")], "hazards.doc does not end as the name of a picture"),
    ):
        assert main(["eval", "pretrained", *arguments]) == 1
        assert words in capsys.readouterr().err
    assert main(["eval", "pretrained", "mnist", "--picture", "x.png"]) == 2


def test_bench_hazards_has_a_row_for_each_hazard(capsys):
    code, record = answer_of(capsys, "bench", "hazards", "--seeds", "1", "--only", "icon")
    assert code == 0 and [row["case"] for row in record["rows"]] == ["icon"]
    assert record["rows"][0]["count"] == record["count"] == 10 and record["first_scene"] == hazards.FIRST
    assert main(["bench", "hazards", "--only", "volcano"]) == 1
    assert "no hazard's name contains 'volcano'" in capsys.readouterr().err


def test_bench_reading_has_a_row_for_each_kind(capsys, monkeypatch):
    monkeypatch.setattr(reading, "PICTURES", 2)
    code, record = answer_of(capsys, "bench", "reading", "--seeds", "1", "--only", "arrows")
    assert code == 0 and [row["case"] for row in record["rows"]] == ["no digit: arrows"]
    row = record["rows"][0]
    assert row["count"] == row["digit"] + row["unsure"] + row["several"] + row["none"] == 2 and "right" not in row


def test_collections_and_fonts_are_read_where_they_are(capsys, monkeypatch, tmp_path, pretrained):
    images = cl.data("mnist").test_images[:10, 0]
    np.savez(tmp_path / "usps.npz", x=images, y=cl.data("mnist").test_labels[:10])
    monkeypatch.setenv("CONVOLAB_DATA", str(tmp_path))
    code, record = answer_of(capsys, "bench", "reading", "--seeds", "1", "--only", "usps")
    assert code == 0 and record["rows"][0]["count"] == 2 and record["rows"][0]["right"] == 2
    np.savez(tmp_path / "usps.npz", images=images)
    assert main(["bench", "reading", "--only", "usps"]) == 1
    assert "holds images. Expected the arrays x and y" in capsys.readouterr().err


def test_confidence_is_compared_with_how_often_it_is_right():
    said = [
        ("digit", "3", 0.95),
        ("digit", "8", 0.93),
        ("unsure", "3", 0.45),
        ("none", None, None),
        ("several", None, 0.9),
    ]
    answers = [("3", {"status": s, "label": label, "confidence": c, "marks": []}) for s, label, c in said]
    row = reading.row("threes", answers)
    assert (row["count"], row["right"], row["wrong_high"], row["high"]) == (5, 2, 2, 3)
    assert row["bins"][9] == [3, pytest.approx(0.926667, abs=1e-5), pytest.approx(1 / 3)]
    assert row["calibration"] == pytest.approx((3 * (0.926667 - 1 / 3) + (1 - 0.45)) / 4, abs=1e-5)
    row = reading.row(
        "several", [([1, 2], {"status": "several", "label": None, "confidence": 0.9, "marks": ["1", "2"]})]
    )
    assert row["right"] == 1 and "bins" not in row


@pytest.mark.parametrize("kind", OTHERS)
def test_a_picture_of_no_digit_is_the_same_whenever_it_is_drawn(kind):
    assert no_digit(kind, 3) == no_digit(kind, 3) != no_digit(kind, 4)


def test_images_that_the_model_does_not_take_are_refused(easy, capsys):
    assert main(["eval", "pretrained", str(easy[0])]) == 2
    assert "has images of 1 × 20 × 20. Expected 1 × 28 × 28" in capsys.readouterr().err


def test_a_model_of_whole_pictures_predicts_too(easy, capsys, tmp_path):
    image = np.full((60, 60), 20, np.uint8)
    image[:, 24:33] = 230
    Image.fromarray(image).save(tmp_path / "bar.png")
    code, answer = answer_of(capsys, "predict", easy[1]["run"], str(tmp_path / "bar.png"))
    assert code == 0 and answer["predictions"][0]["label"] == "0"
    assert any("resized from 60 × 60 to 20 × 20" in note for note in answer["predictions"][0]["preprocessing"]["notes"])
