"""check on exercise 1: a network, its training and its evaluation are run, watched and judged."""

import json

import network_programs as programs
import numpy as np
import pytest
import torch

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError
from convolab.network.data.named import bundled_mnist, first_of_mnist
from convolab.verify.exercise1.before_loss import _diverged
from convolab.verify.exercise1.evaluation import EVALUATION
from convolab.verify.exercise1.inside.images import ServedImages
from convolab.verify.exercise1.inside.layers import traced
from convolab.verify.exercise1.layers import DIFFERENCES, differences
from convolab.verify.exercise1.seen import Seen, cleaned
from convolab.verify.exercise1.training import TRAINING
from convolab.verify.exercise1.verdicts import verdicts
from convolab.verify.exercise1.watched import TEST_IMAGES, TRAIN_IMAGES, has_a_network

TIMEOUT = 60.0
PLANTED = [(code, style) for code, styles in programs.PLANTS for style in styles]
QUICK = [
    ("flatten-missing", "functions"), ("evaluated-on-training-set", "functions"), ("labels-shifted", "script"),
]  # fmt: skip


def judged(folder, source, name="handin.py", **settings):
    path = folder / name
    path.write_text(source)
    return cl.check(path, timeout=TIMEOUT, **settings)


def codes(report):
    return [f.diagnosis.code for f in report.functions if f.diagnosis]


def plant(code, style):
    changes = dict(programs.PLANTS)[code][style]
    return programs.planted(programs.STYLES[style], changes)


def test_the_sheets_own_program_passes_with_three_verdicts(tmp_path, capsys):
    (tmp_path / "handin.py").write_text(programs.SCRIPT)
    assert main(["check", str(tmp_path / "handin.py"), "--timeout", "60", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [(f["name"], f["status"], f["points"]) for f in said["functions"]] == [
        ("network", "passed", 1.0), ("training", "passed", 1.0), ("evaluation", "passed", 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize(("code", "style"), QUICK)
def test_a_planted_mistake_is_named_and_nothing_else(tmp_path, code, style):
    assert codes(judged(tmp_path, plant(code, style))) == [code]


@pytest.mark.slow
@pytest.mark.parametrize(("code", "style"), PLANTED)
def test_every_planted_mistake_is_named_and_nothing_else(tmp_path, code, style):
    assert codes(judged(tmp_path, plant(code, style))) == [code]


@pytest.mark.slow
@pytest.mark.parametrize("n", range(len(programs.ONCE)))
def test_a_mistake_that_is_planted_once_is_named(tmp_path, n):
    code, style, changes = programs.ONCE[n]
    assert code in codes(judged(tmp_path, programs.planted(programs.STYLES[style], changes)))


@pytest.mark.slow
@pytest.mark.parametrize("name", programs.RIGHT)
def test_a_right_program_passes(tmp_path, name):
    report = judged(tmp_path, programs.planted(*programs.RIGHT[name]))
    assert report.passed and report.points >= 2, str(report)


def test_every_mistake_is_planted():
    found = {code for code, _ in PLANTED} | {part for code, *_ in programs.ONCE for part in code.split("+")}
    listed = {rule.code for rule in (*TRAINING, *EVALUATION) if not rule.harmless} | set(DIFFERENCES)
    assert listed - found == {"softmax-at-the-end"}  # which is what a file without a training has, below


def test_at_least_twenty_five_mistakes_are_planted_in_two_styles():
    assert sum(len(styles) == 2 for _, styles in programs.PLANTS) >= 25


def test_a_notebook_with_magics_is_run_cell_by_cell(tmp_path):
    cells = ["%matplotlib inline\n!pip install torch", *programs.FUNCTIONS.split("\n\n\n")]
    notebook = {"cells": [{"cell_type": "code", "source": [cell]} for cell in cells]}
    report = judged(tmp_path, json.dumps(notebook), name="handin.ipynb")
    assert report.passed and len(report.functions) == 3, str(report)


@pytest.mark.slow
def test_functions_that_nothing_calls_are_called_by_the_names_of_their_parameters(tmp_path):
    source = programs.FUNCTIONS.partition("def main():")[0].replace("        optimizer.zero_grad()\n", "")
    report = judged(tmp_path, source)
    assert codes(report) == ["no-zero-grad"]
    assert any("train(model, loader, optimizer, loss_fn, device)" in n for f in report.functions for n in f.notes)


def test_a_network_without_a_training_is_judged_alone_and_that_is_said(tmp_path):
    source = programs.SCRIPT.partition("device = ")[0].replace(
        "nn.Linear(64, 10),\n", "nn.Linear(64, 10),\n    nn.Softmax(1),\n"
    )
    (function,) = judged(tmp_path, source).functions
    assert function.diagnosis.code == "softmax-at-the-end"
    assert any(note.startswith("not seen: a training") for note in function.notes)


@pytest.mark.slow
def test_a_convolution_in_the_same_file_is_judged_too(tmp_path):
    convolution = (
        "import numpy as np\nimport torch\nimport torch.nn as nn\n"
        "net = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),"
        " nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))\n"
        "def apply_convolution(img, kernel):\n"
        "    return np.einsum('ijkl,kl->ij', np.lib.stride_tricks.sliding_window_view(img, kernel.shape), kernel[::-1])\n"
    )
    report = judged(tmp_path, convolution)
    assert {f.name: f.diagnosis.code for f in report.functions} == {
        "network": "extra-relu",
        "apply_convolution": "flipped-rows",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "end", ["exit()", "import os; os._exit(0)", "import os; os.abort()", "import os; os.kill(os.getpid(), 9)"]
)
def test_a_hand_in_that_ends_its_own_process_is_judged_by_what_it_did(tmp_path, end):
    report = judged(tmp_path, plant("no-zero-grad", "script") + end + "\n")
    assert codes(report) == ["no-zero-grad"] and len(report.functions) == 3
    assert not any("SystemExit" in note for f in report.functions for note in f.notes)


def test_a_loss_without_end_is_told_in_words():
    call = {"e": "call", "n": 1, "model": 0, "size": 64, "ids": [0, 1], "finite": False}
    step = {"e": "step", "kind": "SGD", "rate": 0.01}
    for value, words in (
        (1e300, "grew to more than any number (inf)"),
        (77.25, "grew to 77.2"),
        (None, "grew to something that is no number (nan)"),
    ):
        loss = {"e": "loss", "name": "cross_entropy", "value": value}
        told = _diverged(Seen({"events": [call, {**loss, "value": 2.3}, loss, {"e": "backward"}, step]}))
        assert words in told and "1e+300" not in told


def test_a_training_that_never_ends_ends_in_its_time(tmp_path):
    (tmp_path / "handin.py").write_text("import torch\nnet = torch.nn.Linear(2, 2)\nwhile True:\n    pass\n")
    report = cl.check(tmp_path / "handin.py", timeout=0.2)
    assert [f.status for f in report.functions] == ["timeout"] and "longer than 1.2 s" in str(report)


def test_a_file_with_convolutions_alone_is_not_run_under_watch(tmp_path):
    file = tmp_path / "handin.py"
    file.write_text("import torch\nclass Conv(torch.nn.Module):\n    pass\ndef apply_convolution(img, kernel): ...\n")
    assert not has_a_network(file)
    file.write_text("import minitorch\nlayer = Linear(2, 2)\n")
    assert not has_a_network(file)


SHEETS = torch.nn.Sequential(
    torch.nn.Conv2d(1, 32, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Conv2d(32, 64, 3), torch.nn.ReLU(),
    torch.nn.MaxPool2d(2), torch.nn.Conv2d(64, 64, 3), torch.nn.Flatten(), torch.nn.Linear(576, 64), torch.nn.ReLU(),
    torch.nn.Linear(64, 10),
)  # fmt: skip


def of(*modules):
    return differences(traced(torch.nn.Sequential(*modules), [])["layers"], loss_seen=True)


def test_the_sheets_layers_have_no_difference():
    assert of(*SHEETS) == ([], [])


def test_a_difference_says_where_it_is_and_what_the_sheet_has():
    (found,), _ = of(*SHEETS[:7], torch.nn.ReLU(), *SHEETS[7:])
    assert found.message == "After the third convolution comes a ReLU, which the sheet has not."
    (found,), _ = of(*SHEETS[:8], torch.nn.Linear(1024, 64), *SHEETS[9:])
    assert found.message.startswith("Flatten gives 576 = 64 · 3 · 3, you declared 1024")


def test_layers_that_change_no_shape_are_listed_apart():
    assert of(*SHEETS[:7], torch.nn.BatchNorm2d(64), *SHEETS[7:10], torch.nn.Dropout(), *SHEETS[10:]) == (
        [],
        ["batch_norm", "dropout"],
    )


ANOTHER = [torch.nn.Flatten(), torch.nn.Linear(784, 300), torch.nn.Tanh(), torch.nn.Linear(300, 10)]


@pytest.mark.parametrize(("asked", "status"), [("near", "passed"), ("any", "passed"), ("sheet", "failed")])
def test_another_network_is_a_mistake_only_where_the_sheets_is_asked_for(asked, status):
    observed = {"layers": traced(torch.nn.Sequential(*ANOTHER), []), "networks": [], "events": []}
    (report,) = verdicts(observed, [], asked)
    assert report.status == status and (status == "failed" or "another network" in report.notes[0])


@pytest.fixture(scope="module")
def images():
    parts = {
        "train_images": TRAIN_IMAGES,
        "train_labels": TRAIN_IMAGES,
        "test_images": TEST_IMAGES,
        "test_labels": TEST_IMAGES,
    }
    return ServedImages([first_of_mnist(part, count) for part, count in parts.items()])


def test_the_small_part_is_the_beginning_of_mnist(images):
    whole = bundled_mnist()
    assert np.array_equal(images.train_images, whole["train_images"][:TRAIN_IMAGES])
    assert np.array_equal(images.test_labels, whole["test_labels"][:TEST_IMAGES])


@pytest.mark.parametrize(
    "scaled", [lambda x: x, lambda x: x / 255, lambda x: (x / 255 - 0.1307) / 0.3081, lambda x: 1 - x / 255]
)
def test_an_image_is_recognised_whatever_it_is_scaled_by(images, scaled):
    batch = scaled(torch.from_numpy(images.train_images.copy()).float())
    numbers = list(range(TRAIN_IMAGES))
    assert images.numbers(batch[:, None]) == images.numbers(batch.reshape(-1, 784)) == numbers


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        (lambda x: x.transpose(1, 2), "transposed"), (lambda x: x.flip(2), "mirrored"), (lambda x: x.flip(1), "upside down"),
        (lambda x: x // 255, "only 255"), (lambda x: x / 255, ""),
    ],
)  # fmt: skip
def test_how_images_were_changed_is_told(images, changed, how):
    numbers, told = images.recognised(changed(torch.from_numpy(images.train_images.copy()).float())[:, None])
    known = [n for n in numbers if n >= 0]
    assert told == how and len(known) > 0.9 * len(numbers) and known[:3] == sorted(known[:3])


def test_how_labels_belong_to_images_is_told(images):
    numbers = np.random.default_rng(1).permutation(TRAIN_IMAGES)[:64].tolist()
    labels = images.labels(numbers)
    others = images.train_labels[np.random.default_rng(2).permutation(TRAIN_IMAGES)[:64]]
    given = [labels, images.labels(numbers, 1), labels + 1, np.roll(labels, 1), others, np.eye(10)[labels]]
    assert [images.relation(g, numbers) for g in given] == ["right", "index+1", "value+1", "place-1", "apart", "right"]


def test_what_an_untrusted_process_tells_is_made_harmless():
    told = cleaned({"a\x1b[2J": [float("inf"), float("nan"), {"b": object()}, "x" * 10_000]})
    assert list(told) != ["a\x1b[2J"] and told[next(iter(told))][1:3] == [None, {"b": None}]
    assert all(len(v) < 400 for v in told[next(iter(told))] if isinstance(v, str))


def test_a_made_up_observation_costs_only_the_hand_in_its_verdict(tmp_path):
    source = (
        programs.SCRIPT
        + "\nimport sys\nfor m in list(sys.modules.values()):\n    if hasattr(m, 'Watch'):\n        m.Watch.end = lambda self, module: {'layers': {'layers': [{'op': 5}, 7]}, 'events': [3, {'e': 'call'}], 'sizes': ['x', None]}\n"
    )
    report = judged(tmp_path, source)
    assert [(f.status, f.diagnosis.title) for f in report.functions] == [("error", "The checker itself failed")]


def test_an_unknown_network_is_refused_in_one_line():
    with pytest.raises(ArgumentError, match=r"network='mine' is unknown\. Expected one of near, sheet, any"):
        cl.check(__file__, network="mine")
