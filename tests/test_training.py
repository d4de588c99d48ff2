"""Training: it learns, it repeats itself bit for bit, it says what it did, and what it cannot do is one line."""

import json
import os
import platform
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from easy_images import bars, easy_folder
from PIL import Image

import convolab
from convolab.cli import main
from convolab.errors import InputError
from convolab.network import train as training
from convolab.network.model import runs
from convolab.network.model.checkpoint import load_model
from convolab.network.model.classifier import Classifier
from convolab.network.model.models import build_model
from convolab.network.training import batches, loop
from convolab.network.training.augment import distort, shift
from convolab.network.training.evaluation import evaluate, wilson_interval
from convolab.network.training.optimizers import AdamW, make_optimizer
from convolab.network.training.processes import Processes
from convolab.network.training.recipes import RECIPES, Recipe, find_recipe, rate_at
from convolab.network.training.session import Session
from convolab.network.training.settings import RunConfig, read_config, write_config
from convolab.network.training.shards import Shards

PROMISED = (
    "run dataset model recipe seed parameters epochs steps train_images test_images train_seconds total_seconds "
    "images_per_second train_accuracy test_accuracy test_interval test_loss engine device threads"
).split()


@pytest.fixture(scope="session")
def easy(tmp_path_factory) -> Path:
    """A folder of four IDX files that a network learns in a moment."""
    return easy_folder(tmp_path_factory.mktemp("data") / "bars")


def weights_of(run: Path | str) -> list[torch.Tensor]:
    return list(load_model(Path(run) / runs.MODEL)[0].state_dict().values())


def same_weights(a: Path | str, b: Path | str) -> bool:
    return all(map(torch.equal, weights_of(a), weights_of(b)))


@pytest.fixture(scope="session")
def finished(easy, tmp_path_factory) -> dict:
    """The result of one run of the default recipe on the easy images."""
    return training.train(easy, epochs=4, batch_size=32, runs=tmp_path_factory.mktemp("runs"))


def test_the_default_recipe_learns_easy_images(finished):
    assert finished["test_accuracy"] > 0.97 and finished["train_accuracy"] > 0.9
    low, high = finished["test_interval"]
    assert low < finished["test_accuracy"] <= high
    assert finished["steps"] == 4 * 19 and finished["train_images"] == 600 and finished["diverged"] is False


def test_a_run_s_folder_holds_what_its_description_says(finished, easy):
    folder = Path(finished["run"])
    names = {runs.CONFIG, runs.ENVIRONMENT, runs.METRICS, runs.MODEL, runs.RESULT}
    assert {path.name for path in folder.iterdir()} - {runs.REPORT} == names
    config = tomllib.loads((folder / runs.CONFIG).read_text())
    assert config["dataset"] == str(easy.resolve()) and Recipe(**config["settings"]).batch_size == 32
    assert json.loads((folder / runs.ENVIRONMENT).read_text())["versions"]["torch"] == torch.__version__
    entries = runs.read_metrics(folder)
    assert [entry["epoch"] for entry in entries if entry["kind"] == "epoch"] == [1, 2, 3, 4]
    assert entries[-1]["kind"] == "test" and np.array(entries[-1]["confusion"]).sum() == 120
    first = next(entry for entry in entries if entry["kind"] == "step")
    assert {"step", "epoch", "loss", "accuracy", "rate", "images_per_second", "seconds"} <= set(first)


def test_the_saved_model_is_the_one_that_was_tested(finished, easy):
    images, labels = bars(120, 2)
    classifier = convolab.load(finished["run"])
    again = evaluate(classifier, images[:, None], labels.astype(np.int64))
    assert again["accuracy"] == finished["test_accuracy"] and again["loss"] == pytest.approx(finished["test_loss"])
    assert classifier.config["preprocessing"]["kind"] == "whole" and classifier.config["classes"] == list("012")


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(finished, easy, tmp_path):
    again, other = (training.train(easy, epochs=4, batch_size=32, seed=s, runs=tmp_path) for s in (0, 1))
    assert again["precision"] != finished["precision"] or same_weights(again["run"], finished["run"])
    assert not same_weights(other["run"], again["run"])


def test_validation_and_reports_do_not_change_the_weights(easy, tmp_path):
    torch.manual_seed(5)
    plain = training.train(easy, recipe="sheet", epochs=1, threads=1, validation=100, runs=tmp_path)
    expected = torch.rand(3)
    torch.manual_seed(99)
    told = training.train(
        easy, recipe="sheet", epochs=1, threads=1, validation=100, skip_test=True, runs=tmp_path, report=print
    )
    assert same_weights(plain["run"], told["run"]) and told["test_accuracy"] is None
    assert 0 <= told["validation_accuracy"] <= 1 and told["train_images"] == 500
    torch.manual_seed(5)
    assert torch.equal(torch.rand(3), expected), "training drew from torch's own generator"


def test_the_averaged_weights_are_the_mean_over_the_last_part_of_the_steps():
    recipe = replace(find_recipe("lab", batch_size=10, epochs=1), average=0.3)
    config = RunConfig(
        model="lab", recipe="lab", seed=0, device="cpu", threads=1, dataset="mnist", classes=("0", "1", "2"),
        input_shape=(1, 28, 28), train_images=100, normalisation={}, settings=recipe, precision="f32",
    )  # fmt: skip
    session = Session(config, Processes())
    for value in (1, 1, 1, 1, 1, 1, 1, 2, 4, 9):
        with torch.no_grad():
            [weight.fill_(value) for weight in session.network.parameters()]
        session.count(torch.tensor(0.0), torch.zeros(1, 3), torch.zeros(1))
    for weight in session.final_network().parameters():
        torch.testing.assert_close(weight.detach(), torch.full_like(weight, 5.0))


def stop_after(step: int):
    """A report that interrupts a run as Ctrl-C does, once a step is reached."""

    def report(entry: dict) -> None:
        if entry.get("step", 0) >= step and entry["kind"] in ("step", "epoch"):
            raise KeyboardInterrupt

    return report


@pytest.mark.parametrize(
    ("recipe", "precision", "step"),
    [
        pytest.param("lab", "f32", 25, marks=pytest.mark.slow),
        pytest.param("lab", "bf16", 57, marks=pytest.mark.slow),
        ("sheet", "f32", 25),
        pytest.param("sheet", "f32", 50, marks=pytest.mark.slow),
    ],
)
def test_a_resumed_run_ends_with_bit_identical_weights(easy, tmp_path, monkeypatch, recipe, precision, step):
    monkeypatch.setattr(loop, "SAVE_SECONDS", 0)
    options = {
        "recipe": recipe,
        "precision": precision,
        "epochs": 4,
        "batch_size": 32,
        "threads": 1 + (recipe == "lab"),
        "runs": tmp_path,
    }
    whole = training.train(easy, **options)
    with pytest.raises(KeyboardInterrupt):
        training.train(easy, **options, report=stop_after(step))
    resumed = training.resume("latest", runs=tmp_path)
    assert resumed["run"] != whole["run"] and same_weights(resumed["run"], whole["run"])
    assert told_by(resumed) == told_by(whole)


def test_a_run_stopped_after_its_last_step_still_knows_its_epochs(easy, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "finish", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
    options = {"recipe": "sheet", "epochs": 1, "batch_size": 50, "validation": 100, "threads": 1, "lr": 1e30}
    with pytest.raises(KeyboardInterrupt):
        training.train(easy, **options, runs=tmp_path)
    monkeypatch.undo()
    resumed = training.resume("latest", runs=tmp_path)
    assert resumed["train_accuracy"] is not None and resumed["validation_accuracy"] is not None
    assert resumed["diverged"] is True and resumed["images_per_second"] is None


def told_by(run: dict) -> list[dict]:
    """The metrics of a run but for its times."""
    timed = ("seconds", "images_per_second")
    entries = runs.read_metrics(Path(run["run"]))
    return [{key: value for key, value in entry.items() if key not in timed} for entry in entries]


def test_a_finished_run_is_not_trained_again(finished, capsys):
    assert training.resume(finished["run"])["train_seconds"] == finished["train_seconds"]
    assert main(["train", "--resume", finished["run"], "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == finished and "nothing is left to do" in printed.err


def test_the_command_prints_one_object_with_every_promised_key(easy, tmp_path, capsys):
    arguments = ["train", str(easy), "--epochs", "1", "--runs", str(tmp_path / "runs"), "--threads", "1", "--json"]
    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1 and set(PROMISED) <= set(json.loads(printed.out))
    assert "epoch 1: loss" in printed.err and "train accuracy" in printed.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["imagenet"], 2, "'imagenet' is unknown"),
        (["--recipe", "secret"], 2, "recipe: 'secret' is unknown"),
        (["--model", "resnet"], 2, "model: 'resnet' is unknown"),
        (["--model", "resnet", "--precision", "f32"], 2, "model: 'resnet' is unknown"),
        (["--precision", "f16"], 2, "f16"),
        (["--device", "cuda"], 1, "device: 'cuda' is not there"),
        (["--engine", "halide"], 2, "engine: 'halide' cannot train"),
        (["--epochs", "0"], 2, "epochs: 0 is out of range"),
        (["--batch-size", "-3"], 2, "batch-size: -3 is out of range"),
        (["--lr", "nan"], 2, "rate: nan is out of range"),
        (["--threads", "0"], 2, "threads: 0 is out of range"),
        (["--seed", "-1"], 2, "seed: -1 is out of range"),
        (["--validation", "60000"], 2, "validation: 60,000 of 60,000"),
        (["--resume", "nowhere"], 1, "nowhere is not a run's folder"),
        (["--resume", "latest"], 1, "no run in runs"),
        (["--resume", "latest", "--epochs", "3"], 2, "--epochs cannot be given with it"),
    ],
)
def test_what_cannot_be_trained_is_one_line(tmp_path, monkeypatch, capsys, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert main(["train", *arguments]) == code
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1 and not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        (runs.CONFIG, "seed = 0", "is missing"),
        (runs.CONFIG, "[[[", "cannot be read"),
        (runs.STATE, "nonsense", "saved state cannot be used"),
    ],
)
def test_a_damaged_run_is_not_resumed(easy, tmp_path, file, content, words):
    with pytest.raises(KeyboardInterrupt):
        training.train(easy, runs=tmp_path, epochs=2, batch_size=32, report=stop_after(1))
    folder = runs.latest_run(tmp_path, finished=False)
    (folder / file).write_text(content)
    with pytest.raises(InputError, match=words):
        training.resume(folder)


EARLIER = Path(__file__).parent / "data" / "config-of-an-earlier-version.toml"


def test_a_configuration_that_an_earlier_version_wrote_is_read_and_written_to_the_byte(tmp_path):
    (tmp_path / runs.CONFIG).write_bytes(EARLIER.read_bytes())
    config = read_config(tmp_path)
    assert config.settings == find_recipe("accurate", epochs=3, rate=0.001) and config.settings.model == config.model
    assert (config.seed, config.validation, config.input_shape, config.classes[9]) == (7, 5000, (1, 28, 28), "9")
    write_config(tmp_path, config)
    assert (tmp_path / runs.CONFIG).read_bytes() == EARLIER.read_bytes()


def test_what_an_earlier_version_did_not_write_yet_has_the_value_it_had():
    values = tomllib.loads(EARLIER.read_text())
    whole = RunConfig.from_dict(values)
    for name in ("engine", "processes", "skip_test"):
        values.pop(name)
    assert RunConfig.from_dict(values) == whole


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('dataset = "mnist"', "", "dataset is missing"),
        ("seed = 7", 'seed = "seven"', "seed is 'seven'"),
        ("warm_up = 0.2", "", "settings.warm_up is missing"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_one_line_with_the_field_s_name(tmp_path, old, new, words):
    text = EARLIER.read_text()
    assert old in text
    (tmp_path / runs.CONFIG).write_text(text.replace(old, new))
    with pytest.raises(InputError, match=rf"config\.toml: {words}\. Expected a file that convolab wrote"):
        read_config(tmp_path)


def test_other_images_than_at_the_beginning_are_refused(easy, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        training.train(easy, runs=tmp_path, epochs=2, batch_size=32, report=stop_after(1))
    folder = runs.latest_run(tmp_path, finished=False)
    text = (folder / runs.CONFIG).read_text()
    (folder / runs.CONFIG).write_text(text.replace("train_images = 600", "train_images = 601"))
    with pytest.raises(InputError, match=r"has changed since the run began\. Expected 601"):
        training.resume(folder)


def test_an_exploding_loss_is_said_and_the_run_ends_honestly(easy, tmp_path, capsys):
    arguments = [
        "--recipe",
        "sheet",
        "--lr",
        "1e30",
        "--threads",
        "1",
        "--epochs",
        "2",
        "--runs",
        str(tmp_path),
        "--json",
    ]
    assert main(["train", str(easy), *arguments]) == 0
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert result["diverged"] is True and result["test_loss"] is None and 0 <= result["test_accuracy"] < 0.6
    assert printed.err.count("the loss is not finite") == 1


def test_a_full_disk_is_one_line_and_leaves_the_last_save(easy, tmp_path, monkeypatch, capsys):
    """RLIMIT_FSIZE refuses to let any file grow past 1 MB, as a full disk would: the state has 1.1 MB."""
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from convolab.cli import main; from convolab.network.training import loop, session; loop.SAVE_SECONDS = 0;"
        "save, calls = session.Session.save, []\n"
        "def limited(self, path):\n"
        "    calls.append(path)\n"
        "    if len(calls) == 3: resource.setrlimit(resource.RLIMIT_FSIZE, (10**5, 10**5))\n"
        "    save(self, path)\n"
        "session.Session.save = limited\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["train", str(easy), "--epochs", "2", "--batch-size", "32", "--runs", str(tmp_path)]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=500)
    assert done.returncode == 1, done.stderr
    assert "cannot be written (File too large). Files saved before are intact" in done.stderr
    assert "Traceback" not in done.stderr
    folder = runs.latest_run(tmp_path, finished=False)
    assert not list(folder.glob("*.part"))
    assert training.resume(folder)["steps"] == 2 * 19


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_disk_that_is_really_full_is_one_line(easy, tmp_path, capsys):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        assert main(["train", str(easy), "--epochs", "1", "--runs", str(disk)]) == 1
        assert "No space left on device" in capsys.readouterr().err
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_is_one_line(easy, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["train", str(easy), "--runs", str(tmp_path / "file" / "runs")]) == 1
    error = capsys.readouterr().err
    assert "cannot be written" in error and error.count("\n") == 1


@pytest.mark.slow
def test_a_folder_of_images_larger_than_memory_is_read_by_workers(tmp_path, monkeypatch):
    images, labels = bars(90, 3)
    for i, (image, label) in enumerate(zip(images, labels, strict=True)):
        path = tmp_path / "set" / "abc"[label] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    options = {"epochs": 1, "batch_size": 16, "threads": 2, "recipe": "sheet"}
    inside = training.train(tmp_path / "set", **options, runs=tmp_path / "runs")
    monkeypatch.setenv("CONVOLAB_MEMORY", "0")
    outside = training.train(tmp_path / "set", **options, runs=tmp_path / "runs")
    assert outside["train_images"] == inside["train_images"] == 90 - outside["test_images"]
    assert same_weights(inside["run"], outside["run"])


def test_the_sheet_s_recipe_is_the_sheet_s():
    sheet = RECIPES["sheet"]
    assert (sheet.epochs, sheet.batch_size, sheet.optimizer, sheet.rate) == (5, 64, "rmsprop", 0.01)
    assert (sheet.schedule, sheet.tuned, sheet.normalise, sheet.average, sheet.shift) == (
        "constant",
        False,
        False,
        0,
        0,
    )


def test_the_default_recipe_takes_at_most_three_epochs():
    assert RECIPES["lab"].epochs <= 3


def test_one_cycle_rises_to_its_rate_and_falls_to_nothing():
    recipe = find_recipe("lab", rate=1.0)
    rates = [rate_at(recipe, step, 100) for step in range(100)]
    assert max(rates) == pytest.approx(1, abs=0.05) and 0 < rates[-1] < 0.02 and 0 < rates[0] < 0.1
    assert np.argmax(rates) == pytest.approx(100 * recipe.warm_up, abs=1)


def two_copies():
    """A network twice, one of them with channels last, and an iterator of gradients for both."""
    one, other = build_model("lab"), build_model("lab").to(memory_format=torch.channels_last)
    source = torch.Generator().manual_seed(4)
    return one, other, lambda: [torch.randn(p.shape, generator=source) for p in one.parameters()]


def test_adamw_moves_weights_as_torch_s_does():
    one, other, draw = two_copies()
    theirs = torch.optim.AdamW(one.parameters(), betas=(0.8, 0.95), weight_decay=0.1, fused=True)
    ours = AdamW(list(other.parameters()), beta1=0.8, beta2=0.95, weight_decay=0.1)
    for rate in (0.1, 0.003, 0.02):
        for a, b, gradient in zip(one.parameters(), other.parameters(), draw(), strict=True):
            a.grad, b.grad = gradient, torch.empty_like(b).copy_(gradient)
        theirs.param_groups[0]["lr"] = rate
        theirs.step()
        ours.step(rate)
    assert all(map(torch.equal, one.parameters(), other.parameters()))


@pytest.mark.parametrize("recipe", ["lab", "sheet"])
def test_an_optimiser_s_state_goes_on_in_any_memory_layout(recipe):
    one, other, draw = two_copies()
    first, second = (make_optimizer(RECIPES[recipe], list(network.parameters())) for network in (one, other))
    for step in range(4):
        for a, b, gradient in zip(one.parameters(), other.parameters(), draw(), strict=True):
            a.grad, b.grad = gradient, torch.empty_like(b).copy_(gradient)
        first.step(0.01)
        if step == 1:
            other.load_state_dict(one.state_dict())
            second.restore({name: tensor.contiguous().clone() for name, tensor in first.state().items()})
        elif step > 1:
            second.step(0.01)
    assert all(map(torch.equal, one.parameters(), other.parameters()))


def around(statement: str) -> tuple[int, int, bool]:
    """Page faults of ten large blocks, taken and freed one after another, before and after a statement; and whether
    torch's compiler is loaded then."""
    code = (
        "import resource, sys\n"
        "def faults():\n"
        "    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "    for _ in range(10): bytearray(40_000_000)\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before\n"
        f"first = faults(); {statement}; faults(); print(first, faults(), int('torch._dynamo' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=500)
    before, after, compiler = map(int, done.stdout.split()[-3:])
    return before, after, bool(compiler)


@pytest.fixture(scope="module")
def around_training(easy, tmp_path_factory) -> tuple[int, int, bool]:
    """The same of a run in somebody's own process."""
    folder = tmp_path_factory.mktemp("runs")
    return around(f"import convolab as cl; cl.train({str(easy)!r}, epochs=1, threads=1, runs={str(folder)!r})")


ON_GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="speaks of glibc")


@ON_GLIBC
def test_freed_memory_is_kept_for_the_next_step():
    before, after, _ = around(
        "from convolab.network.training.allocator import keep_freed_memory; assert keep_freed_memory()"
    )
    assert before > 200 and after < before / 10


@ON_GLIBC
@pytest.mark.slow
def test_the_train_command_keeps_freed_memory(easy, tmp_path):
    arguments = ["train", str(easy), "--epochs", "1", "--threads", "1", "--runs", str(tmp_path)]
    before, after, _ = around(f"from convolab.cli import main; assert main({arguments!r}) == 0")
    assert before > 200 and after < before / 10


@pytest.mark.slow
@ON_GLIBC
def test_training_in_somebody_s_process_leaves_its_allocator_alone(around_training):
    before, after, _ = around_training
    assert before > 200 and after > before / 2


def test_starting_to_train_does_not_load_torch_s_compiler(around_training):
    _, _, compiler = around_training
    assert not compiler


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_pieces_of_a_batch_give_the_gradients_of_the_whole(threads):
    torch.manual_seed(0)
    network, images, labels = build_model("lab"), torch.rand(70, 1, 28, 28), torch.randint(0, 10, (70,))
    classifier = Classifier(network, mean=0.13, std=0.3)
    loss = torch.nn.functional.cross_entropy(classifier(images), labels, label_smoothing=0.1, reduction="sum") / 70
    expected = torch.autograd.grad(loss, list(network.parameters()))
    total, logits = Shards(classifier, "f32", threads).gradients(images, labels, smoothing=0.1, scale=1 / 70)
    assert total / 70 == pytest.approx(loss.item(), rel=1e-5) and logits.shape == (70, 10)
    for weight, gradient in zip(network.parameters(), expected, strict=True):
        torch.testing.assert_close(weight.grad, gradient, rtol=1e-3, atol=1e-6)


def test_an_epoch_s_order_shows_every_image_once_and_differs_between_epochs():
    chosen, held_out = batches.split(100, 10, seed=4)
    orders = [batches.epoch_order(chosen, 4, epoch) for epoch in (0, 1)]
    assert sorted([*orders[0].tolist(), *held_out.tolist()]) == list(range(100))
    assert orders[0].tolist() != orders[1].tolist() and sorted(orders[0].tolist()) == sorted(orders[1].tolist())


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_the_processes_shares_are_the_batches_without_repeats(ranks):
    images = torch.arange(50, dtype=torch.uint8)[:, None, None, None]
    order = torch.randperm(50, generator=torch.Generator().manual_seed(1))
    options = {"batch_size": 8, "ranks": ranks, "first": 2}
    shares = [list(batches.batches(images, np.arange(50), order, rank=rank, **options)) for rank in range(ranks)]
    seen = [label for share in shares for _, _, labels, _ in share for label in labels.tolist()]
    assert sorted(seen) == sorted(order[16:].tolist())
    assert [step for step, *_ in shares[0]] == [2, 3, 4, 5, 6]
    for step, group in enumerate(zip(*shares, strict=True), 2):
        assert sum(len(labels) for _, _, labels, _ in group) == group[0][3] == (8 if step < 6 else 2)


def test_shifts_move_each_image_by_its_own_whole_pixels():
    image = torch.zeros(40, 1, 9, 9)
    image[:, :, 4, 4] = 1
    moved = shift(image, 2, batches.generator(0))
    positions = moved.flatten(1).argmax(1)
    offsets = {(int(p) // 9 - 4, int(p) % 9 - 4) for p in positions}
    assert torch.equal(moved.sum((1, 2, 3)), torch.ones(40)) and len(offsets) > 12
    assert {y for y, _ in offsets} == {x for _, x in offsets} == {-2, -1, 0, 1, 2}


def test_distortions_change_pictures_in_bounds_and_nothing_at_strength_zero():
    images = torch.rand(16, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    still = distort(images, Recipe(1, 1, "adamw", 1.0, distort=0.0), batches.generator(0))
    torch.testing.assert_close(still, images, atol=2e-5, rtol=0)
    recipe = Recipe(1, 1, "adamw", 1.0, distort=1.0, shift=2)
    moved, again = (distort(images, recipe, batches.generator(7)) for _ in range(2))
    assert torch.equal(moved, again) and not torch.equal(moved, distort(images, recipe, batches.generator(8)))
    assert moved.min() >= 0 and moved.max() <= 1


def test_a_shift_in_a_distortion_is_in_pixels():
    """A wide bright square keeps its size, and its centre moves by at most the shift."""
    images = torch.zeros(64, 1, 29, 29)
    images[:, :, 10:19, 10:19] = 1
    moved = distort(images, Recipe(1, 1, "adamw", 1.0, distort=1e-6, shift=3), batches.generator(3))
    rows = (moved.sum((1, 3)) * torch.arange(29.0)).sum(1) / moved.sum((1, 2, 3)) - 14
    assert 2 < rows.abs().max() <= 3.001 and rows.abs().min() < 0.5


def test_the_interval_is_wilson_s():
    from scipy.stats import binomtest

    for correct, count in ((9_910, 10_000), (0, 12), (12, 12), (37, 100)):
        expected = binomtest(correct, count).proportion_ci(method="wilson")
        assert wilson_interval(correct, count) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_evaluation_draws_no_random_number_and_counts_right():
    torch.manual_seed(1)
    network = Classifier(build_model("lab")).train()
    images, labels = np.random.default_rng(0).integers(0, 256, (700, 1, 28, 28), dtype=np.uint8), np.arange(700) % 10
    before = torch.random.get_rng_state()
    found = evaluate(network, images, labels)
    assert torch.equal(torch.random.get_rng_state(), before) and network.training
    with torch.inference_mode():
        predicted = network(torch.as_tensor(images).float() / 255).argmax(1).numpy()
    assert found["accuracy"] == pytest.approx((predicted == labels).mean())
    assert np.array(found["confusion"])[labels[3], predicted[3]] > 0 and np.sum(found["confusion"]) == 700


@pytest.mark.parametrize("presses", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_ctrl_c_ends_cleanly_and_the_run_can_go_on(easy, tmp_path, presses):
    command = [sys.executable, "-m", "convolab", "train", str(easy), "--epochs", "500", "--batch-size", "32"]
    # Started in the background (nohup, a shell's &), the tests themselves may have been told to ignore Ctrl-C.
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    arguments = [*command, "--runs", str(tmp_path)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, preexec_fn=listen) as process:
        while "epoch " not in process.stderr.readline():
            assert process.poll() is None
        for _ in range(presses):
            process.send_signal(signal.SIGINT)
            time.sleep(0.02)
        said = process.stderr.read()
        assert process.wait(60) == 130
    folder = runs.latest_run(tmp_path, finished=False)
    assert f"go on with: convolab train --resume {folder}" in said and "convolab: stopped" in said
    assert "Traceback" not in said and "terminate" not in said
    assert (folder / runs.STATE).exists()


def test_images_that_cannot_be_written_are_taken_without_a_warning():
    images = np.frombuffer(bytes(12), np.uint8).reshape(3, 1, 2, 2)
    torch.set_warn_always(True)
    try:
        assert loop.resident(images, "cpu").shape == (3, 1, 2, 2)
    finally:
        torch.set_warn_always(False)
