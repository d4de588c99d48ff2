"""The lab sheet, cell by cell: what docs/sheet.md shows is what the commands print; the sheet's network and its files."""

import doctest
import re
from pathlib import Path

import pytest
import torch

from convolab.cli import main
from convolab.errors import InputError
from convolab.network.model.checkpoint import load_model, save_model
from convolab.network.model.models import build_model
from convolab.network.train import resume, train
from convolab.network.training.recipes import find_recipe, from_config
from convolab.pictures.images import read

PAGE = Path(__file__).parent.parent / "docs" / "sheet.md"
STORED = Path(__file__).parent / "data" / "lab-of-recipe-sheet.safetensors"
BLOCKS = re.findall(r"```text\n(\$ convolab .*?)```", PAGE.read_text(), re.DOTALL)
COMMANDS = [tuple(part.split("\n", 1)) for block in BLOCKS for part in block.split("$ convolab ")[1:]]


@pytest.mark.parametrize("command, shown", COMMANDS, ids=[command for command, _ in COMMANDS])
def test_the_page_shows_what_the_command_prints(command, shown, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, value in {"COLUMNS": "200", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    assert main(command.split()) == 0
    printed = capsys.readouterr()
    pattern = shown.replace("…", "...")
    got = printed.out + (printed.err if not printed.out else "")
    matches = doctest.OutputChecker().check_output(pattern, got, doctest.ELLIPSIS)
    assert matches, got


def test_the_page_has_a_command_for_every_exercise():
    assert {command.split()[0] for command, _ in COMMANDS} == {
        "data",
        "summary",
        "edges",
        "explain",
        "gradcheck",
        "maximize",
    }


def test_the_photograph_is_grey_and_of_the_sheet_s_size():
    pixels = read("sample:photograph").pixels
    assert pixels.shape == (286, 230) and pixels.max() > 200 > 50 > pixels.min()


def test_the_recipe_sheet_trains_the_model_sheet(monkeypatch):
    recipe = find_recipe("sheet")
    assert (recipe.model, recipe.optimizer, recipe.rate, recipe.batch_size, recipe.epochs) == (
        "sheet",
        "rmsprop",
        0.01,
        64,
        5,
    )
    assert not (recipe.normalise or recipe.tuned or recipe.shift or recipe.smoothing or recipe.average)
    assert all(find_recipe(name).model == "lab" for name in ("lab", "fast", "accurate"))


@pytest.fixture
def tiny(tmp_path):
    """A folder of two classes, eight images of 18 × 18 each."""
    from PIL import Image

    for split, count in (("train", 8), ("test", 4)):
        for label in "01":
            folder = tmp_path / "data" / split / label
            folder.mkdir(parents=True)
            for i in range(count):
                image = Image.new("L", (18, 18), 20 + 200 * int(label) + i)
                image.putpixel((i, i), 128)
                image.save(folder / f"{i}.png")
    return tmp_path / "data"


def test_a_run_of_the_recipe_says_which_network_it_trained_and_loads_it(tiny, tmp_path):
    result = train(tiny, recipe="sheet", epochs=1, runs=tmp_path / "runs")
    classifier, config = load_model(Path(result["run"]) / "model.safetensors")
    assert result["model"] == config["model"] == "sheet"
    assert [n for n, _ in classifier.network.named_children()].count("relu3") == 0
    assert resume(result["run"])["model"] == "sheet"
    other = train(tiny, recipe="sheet", model="lab", epochs=1, runs=tmp_path / "runs")
    assert other["model"] == "lab"
    # What a run's folder held before recipes named their model.
    assert from_config(config["settings"], "lab").model == "lab"


def test_a_file_of_the_recipe_sheet_that_was_stored_before_the_model_sheet_existed_is_the_network_it_was():
    classifier, config = load_model(STORED)
    assert config["recipe"] == "sheet" and config["model"] == "lab"
    assert "relu3" in dict(classifier.network.named_children())
    image = (torch.arange(18 * 18).reshape(1, 1, 18, 18) % 7) / 7
    logits = torch.tensor([[-0.11011754721403122, 0.03427954390645027]])
    torch.testing.assert_close(classifier(image), logits, rtol=0, atol=1e-6)
    other = build_model("sheet", (1, 18, 18), 2)
    other.load_state_dict(classifier.network.state_dict())
    assert not torch.allclose(other(image), logits, atol=1e-3)


def test_a_file_of_a_network_that_is_not_known_is_one_line(tmp_path):
    path = save_model(
        tmp_path / "m.safetensors",
        build_model("lab"),
        {
            "model": "lab2",
            "input_shape": [1, 28, 28],
            "classes": list("0123456789"),
            "normalisation": {"mean": 0.0, "std": 1.0},
        },
    )
    with pytest.raises(
        InputError, match=r"holds the network 'lab2', which this version does not know. Expected lab or sheet"
    ):
        load_model(path)
