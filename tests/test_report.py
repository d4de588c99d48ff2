"""The report of a run: one file with everything in it, and the figures that the run has."""

import base64
import json
import re
import shlex
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from easy_images import easy_folder
from PIL import Image

from convolab.cli import main
from convolab.errors import InputError
from convolab.network import train as training
from convolab.network.data.dataset import PARTS
from convolab.network.model import runs
from convolab.network.report import charts, write_report
from convolab.network.report.run import command, read_run

VOID = {"meta", "img", "br", "link", "input", "hr"}
SVG_SHAPES = {"line", "circle", "polyline", "rect", "path"}


class Page(HTMLParser):
    """A page's elements, after checking that every one that opens closes in its turn."""

    def __init__(self, text: str):
        super().__init__()
        self.open, self.elements, self.words = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        assert tag in SVG_SHAPES
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        self.words.append(data)

    def of(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run with mistakes to show, because twelve of its test labels are wrong, and with a validation set."""
    folder = easy_folder(tmp_path_factory.mktemp("data") / "easy & <odd>")
    labels = folder / PARTS["test_labels"][0]
    content = bytearray(labels.read_bytes())
    content[-12:] = bytes((label + 1) % 3 for label in content[-12:])
    labels.write_bytes(content)
    made = training.train(folder, epochs=1, batch_size=8, validation=60, runs=tmp_path_factory.mktemp("runs"))
    return read_run(Path(made["run"]))


@pytest.fixture(scope="module")
def source(run) -> str:
    return (run.folder / runs.REPORT).read_text()


@pytest.fixture(scope="module")
def page(source) -> Page:
    return Page(source)


def test_training_ends_with_a_report_that_is_one_valid_page(source, page):
    assert source.startswith("<!doctype html>")
    assert [tag for tag, _ in page.elements][:3] == ["html", "head", "meta"]
    assert len(page.of("h1")) == len(page.of("main")) == 1 and page.elements[4][0] == "title"
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_nothing_comes_from_elsewhere(source, page):
    assert not page.of("script") and not page.of("link") and not page.of("iframe")
    for tag, attributes in page.elements:
        for name in ("src", "href", "srcset", "data", "action", "poster", "xlink:href"):
            assert attributes.get(name, "data:").startswith("data:"), f"<{tag} {name}={attributes[name]}>"
    assert not re.search(r"https?://|url\(|@import|//[a-z]+\.", source)


def test_the_figures_are_those_of_the_result(page, run):
    result = run.result
    low, high = result["test_interval"]
    for words in (
        f"{100 * result['test_accuracy']:.2f}",
        f"95 % interval {100 * low:.2f} to {100 * high:.2f} %",
        f"{result['parameters']:,}",
        f"{result['train_images']:,}",
        f"{result['test_loss']:.4f}",
        str(run.environment["machine"]["cpu"]),
    ):
        assert words in page.text, words


def test_the_confusion_matrix_is_the_test_s(page, run):
    tested = run.entries("test")[0]["confusion"]
    cells = " ".join(cell.get("title", "") for cell in page.of("td"))
    shown = [int(count) for count in re.findall(r"read as \S+: ([\d,]+)", cells)]
    assert np.array_equal(np.reshape(shown, np.shape(tested)), tested)
    assert np.array_equal(run.confusion, tested)


def test_the_mistakes_are_pictures_of_test_images_the_surest_first(page, run):
    pictures = [image for image in page.of("img") if image["alt"].startswith("test image")]
    answers = run.probabilities.argmax(1)
    wrong = np.flatnonzero(answers != run.data.test_labels)
    assert len(wrong) and len(pictures) == min(24, len(wrong))
    numbers = [int(image["alt"].split()[-1]) for image in pictures]
    assert set(numbers) <= set(wrong.tolist())
    sure = run.probabilities[numbers, answers[numbers]]
    assert (np.diff(sure) <= 0).all() and sure[0] == run.probabilities[wrong, answers[wrong]].max()
    content = base64.b64decode(pictures[0]["src"].removeprefix("data:image/png;base64,"))
    assert np.array_equal(np.asarray(Image.open(BytesIO(content))), run.data.test_images[numbers[0], 0])


def test_every_filter_of_the_first_layer_is_shown(page):
    filters = [image for image in page.of("img") if image["alt"].startswith("filter")]
    assert len(filters) == 32 and len({image["src"] for image in filters}) == 32
    content = base64.b64decode(filters[0]["src"].removeprefix("data:image/png;base64,"))
    assert Image.open(BytesIO(content)).size == (3, 3)


def test_the_curves_have_a_point_for_every_entry(page, run):
    loss = next(line for line in page.of("polyline") if line["class"] == "steps")
    assert len(loss["points"].split()) == len(run.entries("step")) == 2
    assert len([dot for dot in page.of("circle") if dot["class"] == "valid"]) == 1
    assert {svg["aria-label"] for svg in page.of("svg")} >= {"loss at each step", "accuracy at each step"}


def test_a_data_set_s_name_is_text_and_no_markup(source, page):
    assert "easy &amp; &lt;odd&gt;" in source and "easy & <odd>" in page.text
    assert not page.of("odd")


def test_the_command_repeats_the_run(page, run, tmp_path):
    line = command(run.config)
    assert "".join(line.split()) in "".join(page.text.split())
    words = shlex.split(line)
    assert words[:2] == ["convolab", "train"] and "--epochs" in words and "--validation" in words
    assert main([*words[1:], "--runs", str(tmp_path)]) == 0
    again = runs.load(runs.latest_run(tmp_path))
    assert all(map(torch.equal, again.state_dict().values(), run.classifier.state_dict().values()))


def test_only_what_differs_from_the_recipe_is_in_the_command(run):
    config = replace(run.config, settings=replace(run.config.settings, rate=0.002), processes=2, dataset="mnist")
    line = command(config)
    assert line.startswith("torchrun --nproc-per-node 2 -m convolab train mnist --recipe lab --seed 0 ")
    assert "--lr 0.002" in line and "--model" not in line and "--skip-test" not in line


def test_a_run_that_skipped_the_test_has_a_report_that_says_so(tmp_path):
    folder = easy_folder(tmp_path / "data")
    made = training.train(folder, epochs=1, batch_size=64, skip_test=True, runs=tmp_path / "runs")
    page = Page((runs.latest_run(tmp_path / "runs") / runs.REPORT).read_text())
    assert made["test_accuracy"] is None and "The test set was not looked at" in page.text
    assert "taken for what" not in page.text and len(page.of("svg")) == 2


def test_a_report_can_be_written_again(run, source):
    (run.folder / runs.REPORT).unlink()
    assert write_report(run.folder).read_text() == source


def test_a_run_that_is_not_finished_has_no_report(run, tmp_path):
    (tmp_path / runs.CONFIG).write_bytes((run.folder / runs.CONFIG).read_bytes())
    with pytest.raises(InputError, match="this run is not finished"):
        write_report(tmp_path)
    with pytest.raises(InputError, match="not a run's folder"):
        write_report(tmp_path / "nothing")


def test_metrics_without_numbers_do_no_harm(run, tmp_path):
    for name in (runs.CONFIG, runs.ENVIRONMENT, runs.RESULT, runs.MODEL):
        (tmp_path / name).write_bytes((run.folder / name).read_bytes())
    steps = [{"kind": "step", "step": 25 * k, "epoch": 1, "loss": None, "accuracy": 0.1} for k in (1, 2)]
    (tmp_path / runs.METRICS).write_text("".join(json.dumps(entry) + "\n" for entry in steps))
    Page(write_report(tmp_path, data=run.data).read_text())


# Charts.


@pytest.mark.parametrize("values", [[0.0, 1.0], [3, 860], [0.02, 2.3], [0.5, 0.5], [-4, 12], [1e-9, 1e6], [None, 2]])
def test_ticks_of_a_linear_axis_are_round_and_inside(values):
    axis = charts.linear(values, "x")
    assert 2 <= len(axis.ticks) <= 12 or min(v for v in values if v is not None) == max(v for v in values if v)
    assert all(axis.low - 1e-9 <= v <= axis.high + 1e-9 for v, _ in axis.ticks)


@pytest.mark.parametrize("values", [[0.02, 2.3], [1e-6, 1e4], [0.3, 0.31], [None], []])
def test_ticks_of_a_logarithmic_axis_are_inside_and_few(values):
    axis = charts.logarithmic(values, "loss")
    assert len(axis.ticks) <= 9 and all(axis.low <= v <= axis.high for v, _ in axis.ticks)
    assert axis.place(axis.low, 0, 100) == 0 and axis.place(axis.high, 0, 100) == 100


@pytest.mark.parametrize("values", [[0.1, 0.11], [0.3, 0.99], [0.97, 0.999], [1.0, 1.0], [0.0, 1.0], [None], []])
def test_an_axis_of_accuracies_holds_them(values):
    axis = charts.accuracies(values, "accuracy")
    assert 1 <= len(axis.ticks) <= 9
    places = [axis.place(v, 0, 100) for v in (0.5, 0.9, 0.99, 0.999)]
    assert places == sorted(places) and min(places) >= 0 and max(places) <= 100


def test_half_as_many_errors_are_the_same_distance_up():
    axis = charts.accuracies([0.1, 0.9999], "accuracy")
    a, b, c = (axis.place(v, 0, 100) for v in (0.8, 0.9, 0.95))
    assert b - a == pytest.approx(c - b)


def test_signed_weights_are_orange_above_zero_blue_below_and_clear_at_zero():
    colours = charts.signed(np.array([[1.0, 0.0, -0.5]]), 1.0)
    assert colours[0, 0].tolist() == [*charts.POSITIVE, 255]
    assert colours[0, 1, 3] == 0
    assert colours[0, 2].tolist() == [*charts.NEGATIVE, 128]
