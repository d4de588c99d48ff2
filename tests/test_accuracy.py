"""The accuracy benchmark: recipes take turns, and its summary is the rows'."""

import pytest
from easy_images import easy_folder

from convolab.bench.accuracy import measure
from convolab.bench.train import contests

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(("peers", "count"), [(True, 4), (False, 3)])
def test_recipes_take_turns_and_the_ratio_is_of_their_times(tmp_path, peers, count):
    told = []
    options = {"dataset": easy_folder(tmp_path / "bars"), "epochs": 1, "batch_size": 200, "threads": 1}
    rows, facts = measure(seeds=2, report=told.append, peers=peers, **options)
    assert [(row["case"], row["seed"]) for row in rows] == [("lab", 0), ("sheet", 0), ("lab", 1), ("sheet", 1)][:count]
    assert told[:count] == rows and facts["seeds"] == [0, 1]
    lab = [row for row in rows if row["case"] == "lab"]
    assert facts["summary"]["lab"]["mean_test_accuracy"] == pytest.approx(sum(r["test_accuracy"] for r in lab) / 2)
    seconds = {name: facts["summary"][name]["median_train_seconds"] for name in ("lab", "sheet")}
    assert facts["ratio"]["train_seconds"] == pytest.approx(seconds["lab"] / seconds["sheet"])


def test_one_recipe_alone_has_no_ratio(tmp_path):
    options = {"dataset": easy_folder(tmp_path / "bars"), "epochs": 1, "batch_size": 200, "threads": 1}
    rows, facts = measure(seeds=1, report=print, only="lab", **options)
    assert [row["case"] for row in rows] == ["lab"] and "ratio" not in facts


def test_the_entrants_of_the_training_contest_take_steps():
    for contest in contests(peers=True):
        if contest["case"].endswith("batch 64"):
            assert contest["work"] == 8 * 64 and "torch f32" in contest["entrants"]
            for steps in contest["entrants"].values():
                steps()
