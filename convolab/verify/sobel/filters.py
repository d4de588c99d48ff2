"""Mistakes in the two filters: other filters, wrong signs, wrong weights."""

from typing import Any

import numpy as np

from convolab.verify.sobel.mistake import SobelMistake
from convolab.verify.sobel.program import GX, GY


def _f(filter_: Any) -> tuple[float, ...]:
    return tuple(np.asarray(filter_, float).reshape(-1).tolist())


def _filters(first: Any, second: Any) -> dict[str, Any]:
    return {"first": _f(first), "second": _f(second)}


PREWITT = np.array([[-1, 0, 1]] * 3)

SCHARR = np.array([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]])

CENTRAL = np.array([[0, 0, 0], [-1, 0, 1], [0, 0, 0]])

DIAGONAL = np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]])

LAPLACE = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])

ZERO = np.zeros((3, 3))


def _signs() -> list[SobelMistake]:
    """Filters some of whose weights have the wrong sign."""
    found = []
    for name, own, is_first in (("G_x", GX, True), ("G_y", GY, False)):
        wrong = {"every weight positive": abs(own)}
        for n in range(3):
            for axis, line in ((0, "row"), (1, "column")):
                flipped = own.copy()
                flipped[(n, slice(None)) if axis == 0 else (slice(None), n)] *= -1
                if np.any(flipped != own):
                    wrong[f"the signs of {line} {n + 1} turned"] = flipped
        for how, filter_ in wrong.items():
            pair = _filters(filter_, GY) if is_first else _filters(GX, filter_)
            message = (
                f"{name} has {how}: {_rows(filter_)} where the sheet has {_rows(own)}. What is subtracted must be so."
            )
            found.append(SobelMistake("filter-signs", f"Wrong signs in {name}", message, pair))
    both = "Both filters have every weight positive: they add up neighbours where they should subtract them."
    found.append(SobelMistake("filter-signs", "Wrong signs in both filters", both, _filters(abs(GX), abs(GY))))
    return found


def _rows(filter_: Any) -> str:
    return str([[int(v) if float(v).is_integer() else round(float(v), 3) for v in row] for row in np.asarray(filter_)])


def weight_mistake(which: int, place: int, value: float) -> SobelMistake:
    """Return the mistake of one wrong weight in the first (0) or the second (1) filter."""
    own = (GX, GY)[which]
    name, row, column = ("G_x", "G_y")[which], place // 3 + 1, place % 3 + 1
    wrong = own.copy().reshape(-1)
    wrong[place] = value
    pair = _filters(wrong, GY) if which == 0 else _filters(GX, wrong)
    message = (
        f"One weight of {name} is wrong: in row {row}, column {column} stands {value + 0.0:g} where the sheet has "
        f"{own.reshape(-1)[place]:g}."
    )
    return SobelMistake("filter-weight", f"One wrong weight in {name}", message, pair)


FILTERS = [
    SobelMistake(
        "gx-twice",
        "G_x is used twice",
        "Both pictures are made with G_x, or G_y's is missing (after the division by the maximum this is the same): "
        "edges that lie along the rows are not seen. The second filter is G_y, G_x with rows and columns exchanged.",
        _filters(GX, GX),
    ),
    SobelMistake(
        "gy-twice",
        "G_y is used twice",
        "Both pictures are made with G_y, or G_x's is missing (after the division by the maximum this is the same): "
        "edges that lie along the columns are not seen. The first filter is G_x.",
        _filters(GY, GY),
    ),
    SobelMistake(
        "gx-only",
        "Only G_x is used",
        "Only the picture of G_x enters; the one of G_y is missing in the sum.",
        _filters(GX, ZERO),
    ),
    SobelMistake(
        "gy-only",
        "Only G_y is used",
        "Only the picture of G_y enters; the one of G_x is missing in the sum.",
        _filters(ZERO, GY),
    ),
    SobelMistake(
        "other-filter",
        "Prewitt's filters",
        f"The filters are Prewitt's, {_rows(PREWITT)}; Sobel's middle row counts twice: {_rows(GX)}.",
        _filters(PREWITT, PREWITT.T),
    ),
    SobelMistake(
        "other-filter",
        "Scharr's filters",
        f"The filters are Scharr's, {_rows(SCHARR)}; Sobel's are {_rows(GX)}.",
        _filters(SCHARR, SCHARR.T),
    ),
    SobelMistake(
        "other-filter",
        "Differences of neighbours",
        f"The filters are {_rows(CENTRAL)}; Sobel's are {_rows(GX)}.",
        _filters(CENTRAL, CENTRAL.T),
    ),
    SobelMistake(
        "other-filter",
        "Diagonal filters",
        f"The filters answer to diagonal edges, {_rows(DIAGONAL)}; the sheet's are {_rows(GX)} and its transpose.",
        _filters(DIAGONAL, DIAGONAL[:, ::-1]),
    ),
    SobelMistake(
        "other-filter",
        "Laplace's filter",
        f"The filter is Laplace's, {_rows(LAPLACE)}; Sobel's are {_rows(GX)} and its transpose.",
        _filters(LAPLACE, ZERO),
    ),
    *_signs(),
]
