"""The read map as a picture: the places under one element, with the weight that each is read with."""

from collections import Counter
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDEST = 12  # columns of a grid that still fits a terminal twice


def grids(evidence: dict[str, Any], first: int = 0) -> list[dict[str, Any]]:
    """Return the first wrong element's two grids, ready to be drawn; an empty list where there is no read map.

    There is none either where both grids are alike. `first` is what the function itself counts elements from.

    Each is a dict with `title`, `legend`, and `reads` and `should`: rows of cells, each "" or a label.
    """
    taps, about = evidence.get("wrong_taps"), evidence.get("read_of")
    if not taps or not about:
        return []
    entry = max(taps, key=lambda t: bool(t["reads"]) + bool(t["should_read"]))
    shape, weights = about["shape"], about["weights_shape"]
    outer = _outer(entry, shape)
    height, width = shape[-2:]
    if width > WIDEST or not (entry["reads"] or entry["should_read"]):
        return []
    pictures = {
        key: _fill(entry[source], outer, height, width, weights)
        for key, source in (("reads", "reads"), ("should", "should_read"))
    }
    if pictures["reads"] == pictures["should"]:
        return []
    where = f" in its plane {outer}" if outer else ""
    names = {"input": "image", "grad_output": "output gradient (dloss_dy)", "weight": "kernel"}
    title = f"Element {[n + first for n in entry['output']]}: what it reads of the {names[about['read']]}{where}"
    legend = f"letters: the {names[about['weights']]}'s elements, a b c … row by row"
    if any(not isinstance(weight, list) for _, weight in entry["reads"]):
        legend += "; numbers: what the pixel is multiplied by, where that is none of them"
    return [{"title": title, "legend": legend, **pictures}]


def _outer(entry: dict[str, Any], shape: list[int]) -> list[int]:
    """Return the batch and channel whose plane is drawn: the one with the most differences."""
    if len(shape) == 2:
        return []
    rows = [tuple(place[:-2]) for place, _ in entry["reads"] + entry["should_read"]]
    different = [
        tuple(place[:-2])
        for a, b in ((entry["reads"], entry["should_read"]), (entry["should_read"], entry["reads"]))
        for place, weight in a
        if [place, weight] not in b
    ]
    choose = different or rows
    return list(Counter(choose).most_common(1)[0][0]) if choose else [0, 0]


def _fill(reads: list[Any], outer: list[int], height: int, width: int, weights: list[int]) -> list[list[str]]:
    cells = [["" for _ in range(width)] for _ in range(height)]
    for place, weight in reads:
        if place[:-2] == outer:
            cells[place[-2]][place[-1]] = label(weight, weights)
    return cells


def label(weight: Any, shape: list[int]) -> str:
    """Return a weight's place as a letter (of its plane), or its value."""
    if not isinstance(weight, list):
        return f"{weight:g}".replace("-", "−")[:6]
    number = weight[-2] * shape[-1] + weight[-1]
    return LETTERS[number] if number < len(LETTERS) else str(number)


def grid_text(picture: dict[str, Any]) -> list[str]:
    """Return both grids side by side, as lines."""
    rows = picture["reads"], picture["should"]
    cell = max(len(c) for grid in rows for row in grid for c in row) + 2
    width = cell * len(rows[0][0]) + 1
    lines = [picture["title"], f"  {'it reads':<{max(width, 8)}}    it should read"]
    for left, right in zip(*rows, strict=True):
        differs = [a != b for a, b in zip(left, right, strict=True)]
        texts = (_row(row, differs, cell) for row in (left, right))
        lines.append("  " + "    ".join(f"{t:<{max(width, 8)}}" for t in texts).rstrip())
    return [*lines, f"  ({picture['legend']}; in brackets: what differs)"]


def _row(cells: list[str], differs: list[bool], width: int) -> str:
    """Return one row of a grid, with brackets around the cells that differ from the other grid's."""
    text = "".join(
        f"{f'[{cell or chr(183)}' if other else cell or chr(183):>{width - 1}}{']' if other else ' '}"
        for cell, other in zip(cells, differs, strict=True)
    )
    return text + " "
