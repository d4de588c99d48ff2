"""How accurate is the default recipe, how long does it take, and what does the lab sheet's own recipe do meanwhile?

The two take turns, seed by seed, in one process: a machine that slows down slows both.
"""

import math
import tempfile
from collections.abc import Callable
from statistics import mean, median, stdev
from typing import Any

from convolab.network.train import train
from convolab.network.training.recipes import DEFAULT

KEPT = (
    "seed epochs steps test_accuracy train_accuracy test_loss train_seconds total_seconds images_per_second threads "
    "precision diverged"
).split()


RECIPES = (DEFAULT, "sheet")


def measure(
    *, seeds: int, report: Callable[[dict[str, Any]], None], only: str = "", peers: bool = False, **given
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Train with each seed and each recipe, in turns.

    Parameters
    ----------
    seeds : int
        0, 1, … seeds − 1, for the default recipe.
    peers : bool
        Train the sheet's recipe with all of them too, not only with the first: minutes a seed.
    report : callable
        Called with each row.
    only : str
        Only the recipes whose name contains this.
    given
        Passed on to `train`.

    Returns
    -------
    rows : list of dict
        `case` (the recipe), `seconds` (of training), and the run's figures.
    facts : dict
        `seeds`, for each recipe `mean_test_accuracy` with its standard deviation, and, where both were trained,
        `ratio`: the default recipe's time over the sheet's.
    """
    chosen = [recipe for recipe in RECIPES if only in recipe]
    rows = []
    for seed in range(seeds):
        for recipe in chosen:
            if recipe == DEFAULT or peers or seed == 0:
                rows.append(_one_run(recipe, seed, given))
                report(rows[-1])
    summary = {recipe: _summarise(rows, recipe) for recipe in chosen}
    for recipe in chosen:
        report({"case": f"{recipe}, all seeds", **summary[recipe]})
    facts: dict[str, Any] = {"seeds": list(range(seeds)), "summary": summary}
    if len(chosen) == len(RECIPES):
        facts["ratio"] = ratios(*(summary[recipe] for recipe in RECIPES))
        report({"case": " / ".join(RECIPES), **facts["ratio"]})
    return rows, facts


def _one_run(recipe: str, seed: int, given: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as runs:
        result = train(recipe=recipe, seed=seed, runs=runs, **given)
    return {"case": recipe, "engine": "torch", "seconds": result["train_seconds"]} | {key: result[key] for key in KEPT}


def _summarise(rows: list[dict[str, Any]], recipe: str) -> dict[str, Any]:
    """Mean accuracy with its deviation over seeds, and typical times."""
    own = [row for row in rows if row["case"] == recipe]
    accuracies = [row["test_accuracy"] for row in own]
    deviation = stdev(accuracies) if len(own) > 1 else None
    return {
        "n": len(own),
        "mean_test_accuracy": mean(accuracies),
        "deviation": deviation,
        "standard_error": deviation / math.sqrt(len(own)) if deviation is not None else None,
        "least": min(accuracies),
        "median_train_seconds": median(row["train_seconds"] for row in own),
        "median_total_seconds": median(row["total_seconds"] for row in own),
    }


def ratios(ours: dict[str, Any], sheet: dict[str, Any]) -> dict[str, Any]:
    """Our time over the sheet's: of the training loop alone, and of everything from data to report."""
    return {key: ours[f"median_{key}"] / sheet[f"median_{key}"] for key in ("train_seconds", "total_seconds")}
