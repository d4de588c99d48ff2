"""What `convolab bench hazards` measures: how well the shipped model reads pictures that are from no data set."""

from collections.abc import Callable
from typing import Any

from convolab.network.hazards.evaluation import FIRST, evaluate_hazards
from convolab.network.model.runs import load


def measure(
    *, seeds: int, report: Callable[[dict[str, Any]], None], only: str = "", peers: bool = False
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What `convolab bench hazards` records: the shipped model on `seeds` scenes of every digit and hazard.

    Nothing that is installed beside it reads photographs, so there are no peers.
    """

    def tell(row: dict[str, Any]) -> None:
        report({"case": row["hazard"], "engine": "pretrained", "right": row["right"], "count": row["count"]})

    found = evaluate_hazards(load("pretrained"), scenes=seeds, only=only, report=tell)
    rows = [{"case": row.pop("hazard"), "engine": "pretrained", **row} for row in found.pop("hazards")]
    report({"case": "all", "engine": "pretrained", "accuracy": found["accuracy"], "count": found["count"]})
    return rows, {"first_scene": FIRST, "scenes": seeds, **found}
