"""A verdict as a picture: what the function is called, what is wrong with it, and its read map beside the right one."""

from collections.abc import Sequence
from typing import Any

from convolab.drawing import Drawing
from convolab.drawing.shapes import Shape, rect, text, with_minus, wrapped
from convolab.verify.pictures import grids
from convolab.verify.verdict import MARKS, FunctionReport

MARGIN, WIDTH, LINE, CELL, GAP = 24, 640, 20, 34, 40


def verdicts(functions: Sequence[FunctionReport], title: str) -> Drawing:
    """Return every function's verdict, under one another."""
    shapes: list[Shape] = [text(MARGIN, 34, title, "title")]
    y, width = 66.0, float(WIDTH)
    for function in functions:
        drawn, y, needed = _function(function, y)
        shapes += drawn
        width = max(width, needed)
    words = "; ".join(_headline(f) for f in functions)
    return Drawing(width, y + 4, f"{title}: {words}", shapes)


def _headline(function: FunctionReport) -> str:
    code = f" · {function.diagnosis.code}" if function.diagnosis else f", {function.probes} {function.unit}"
    return f"{MARKS[function.status]} {function.name}: {function.status}{code}"


def _function(function: FunctionReport, y: float) -> tuple[list[Shape], float, float]:
    shapes, width = [text(MARGIN, y, _headline(function), "accent" if function.diagnosis else "")], 0.0
    y += LINE
    if function.diagnosis is None:
        return shapes, y + 8, width
    for part in wrapped(with_minus(f"{function.diagnosis.title}. {function.diagnosis.message}"), 84):
        shapes.append(text(MARGIN, y, part, "small"))
        y += LINE
    for picture in grids(function.diagnosis.evidence):
        drawn, y, width = _read_map(picture, y + 8)
        shapes += drawn
    return shapes, y + 16, width


def _read_map(picture: dict[str, Any], y: float) -> tuple[list[Shape], float, float]:
    """Return both grids side by side; places where they differ have a frame."""
    shapes = [text(MARGIN, y + 6, f"{picture['title']} ({picture['legend']})", "small muted")]
    x, top = float(MARGIN), y + 44
    for key, other, title in (("reads", "should", "it reads"), ("should", "reads", "it should read")):
        shapes.append(text(x, top - 8, title, "small"))
        shapes += _grid(picture[key], picture[other], x, top)
        x += max(CELL * len(picture[key][0]), 100) + GAP
    return shapes, top + CELL * len(picture["reads"]) + 12, x - GAP + MARGIN


def _grid(rows: list[list[str]], others: list[list[str]], x: float, y: float) -> list[Shape]:
    shapes: list[Shape] = []
    for row, cells in enumerate(rows):
        for column, said in enumerate(cells):
            left, top = x + CELL * column, y + CELL * row
            shapes.append(
                rect(
                    left, top, CELL, CELL, "cell empty" if not said else "cell positive", opacity=0.3 if said else None
                )
            )
            shapes += [text(left + CELL / 2, top + CELL / 2, said, "centred small mono")] if said else []
            if said != others[row][column]:
                shapes.append(rect(left + 2, top + 2, CELL - 4, CELL - 4, "mark", rounded=3))
    return shapes
