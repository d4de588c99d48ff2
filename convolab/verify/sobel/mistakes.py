"""Known mistakes of Sobel functions: each is a few other choices than the sheet's (see `program.py`), with its words."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convolab.verify.sobel.program import GX, GY


@dataclass(frozen=True)
class SobelMistake:
    """One mistake.

    Attributes
    ----------
    code, title, message : str
    choices : dict
        What differs from the sheet's program.
    harmless : bool
        Whether it is no mistake, but a choice that is noted.
    """

    code: str
    title: str
    message: str
    choices: dict[str, Any]
    harmless: bool = False


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
        f"One weight of {name} is wrong: in row {row}, column {column} stands {value:g} where the sheet has "
        f"{own.reshape(-1)[place]:g}."
    )
    return SobelMistake("filter-weight", f"One wrong weight in {name}", message, pair)


FILTERS = [
    SobelMistake("gx-twice", "G_x is used twice", "Both pictures are made with G_x: edges that lie along the rows are not seen. The second filter is G_y, G_x with rows and columns exchanged.", _filters(GX, GX)),
    SobelMistake("gy-twice", "G_y is used twice", "Both pictures are made with G_y: edges that lie along the columns are not seen. The first filter is G_x.", _filters(GY, GY)),
    SobelMistake("gx-only", "Only G_x is used", "Only the picture of G_x enters; the one of G_y is missing in the sum.", _filters(GX, ZERO)),
    SobelMistake("gy-only", "Only G_y is used", "Only the picture of G_y enters; the one of G_x is missing in the sum.", _filters(ZERO, GY)),
    SobelMistake("other-filter", "Prewitt's filters", f"The filters are Prewitt's, {_rows(PREWITT)}; Sobel's middle row counts twice: {_rows(GX)}.", _filters(PREWITT, PREWITT.T)),
    SobelMistake("other-filter", "Scharr's filters", f"The filters are Scharr's, {_rows(SCHARR)}; Sobel's are {_rows(GX)}.", _filters(SCHARR, SCHARR.T)),
    SobelMistake("other-filter", "Differences of neighbours", f"The filters are {_rows(CENTRAL)}; Sobel's are {_rows(GX)}.", _filters(CENTRAL, CENTRAL.T)),
    SobelMistake("other-filter", "Diagonal filters", f"The filters answer to diagonal edges, {_rows(DIAGONAL)}; the sheet's are {_rows(GX)} and its transpose.", _filters(DIAGONAL, DIAGONAL[:, ::-1])),
    SobelMistake("other-filter", "Laplace's filter", f"The filter is Laplace's, {_rows(LAPLACE)}; Sobel's are {_rows(GX)} and its transpose.", _filters(LAPLACE, ZERO)),
    *_signs(),
]  # fmt: skip

COMBINING = [
    SobelMistake("no-root", "The root is missing", "The squares of the two pictures are added, and no root is drawn. The sheet's E is √(G_x² + G_y²).", {"combine": "squares"}),
    SobelMistake("absolute-values-added", "Absolute values added", "The absolute values are added, |G_x| + |G_y|. The sheet's E is √(G_x² + G_y²).", {"combine": "absolute"}),
    SobelMistake("absolute-values-added", "The mean of the absolute values", "It is the mean of the absolute values, (|G_x| + |G_y|) / 2. The sheet's E is √(G_x² + G_y²).", {"combine": "half of absolute"}),
    SobelMistake("no-square", "The squares are missing", "The root is drawn of G_x + G_y, without squares: it is not a number where the sum is negative.", {"combine": "root of sum"}),
    SobelMistake("no-square", "The squares are missing", "The root is drawn of |G_x| + |G_y|, without squares.", {"combine": "root of absolute"}),
    SobelMistake("no-square", "The squares are missing", "The root is drawn of |G_x + G_y|, without squares.", {"combine": "root of absolute sum"}),
    SobelMistake("no-square", "One square is missing", "Under the root stands G_x² + G_y: the second picture is not squared.", {"combine": "root of first square"}),
    SobelMistake("no-square", "One square is missing", "Under the root stands G_x + G_y²: the first picture is not squared.", {"combine": "root of second square"}),
    SobelMistake("no-square-and-no-root", "Neither squares nor a root", "The two pictures are added as they are, so that edges of opposite directions cancel. The sheet's E is √(G_x² + G_y²).", {"combine": "sum"}),
    SobelMistake("no-square-and-no-root", "Neither squares nor a root", "It is |G_x + G_y|: the two pictures are added before the sign goes, so that they cancel. The sheet's E is √(G_x² + G_y²).", {"combine": "absolute sum"}),
    SobelMistake("square-of-the-sum", "The sum is squared", "The sum is squared, (G_x + G_y)², in place of adding squares.", {"combine": "square of sum"}),
    SobelMistake("larger-of-two", "The larger of the two", "It is the larger of |G_x| and |G_y|. The sheet's E is √(G_x² + G_y²).", {"combine": "larger"}),
    SobelMistake("multiplied", "The pictures are multiplied", "The two pictures are multiplied where their squares should be added.", {"combine": "product"}),
    SobelMistake("multiplied", "The pictures are multiplied", "Under the root stands a product of the two pictures; it should be the sum of their squares.", {"combine": "root of product"}),
    SobelMistake("squares-subtracted", "The squares are subtracted", "Under the root stands G_x² − G_y²; the squares are to be added.", {"combine": "root of difference"}),
    SobelMistake("halved", "Half of the sum under the root", "Under the root stands half of the sum of squares.", {"combine": "root of half"}),
    SobelMistake("direction", "The direction of the edge", "It is the direction arctan(G_y / G_x), not how strong the edge is.", {"combine": "direction"}),
]  # fmt: skip

SCALING = [
    SobelMistake("no-division", "Not divided by the maximum", "The picture is not divided by its maximum, as the sheet's is.", {"scale": "none"}),
    SobelMistake("divided-by-255", "Divided by 255", "The picture is divided by 255; the sheet divides it by its own maximum.", {"scale": "255"}),
    SobelMistake("min-max", "Scaled by minimum and maximum", "The minimum is subtracted too, (E − min) / (max − min); the sheet divides by the maximum alone.", {"scale": "min-max"}),
    SobelMistake("min-max", "Divided by the range", "It is divided by max − min; the sheet divides by the maximum.", {"scale": "range"}),
    SobelMistake("min-max", "The minimum is subtracted", "The minimum is subtracted, and nothing is divided by; the sheet divides by the maximum.", {"scale": "minimum subtracted"}),
    SobelMistake("times-255", "0 to 255 in place of 0 to 1", "After the division by the maximum it is multiplied by 255; the sheet's picture goes from 0 to 1.", {"scale": "maximum times 255"}),
    SobelMistake("times-255", "0 to 255 in place of 0 to 1", "It is scaled to 0–255 by minimum and maximum; the sheet's picture is divided by its maximum.", {"scale": "min-max times 255"}),
    SobelMistake("divided-by-sum", "Divided by the sum", "The picture is divided by the sum of its pixels; the sheet divides by the maximum.", {"scale": "sum"}),
    SobelMistake("divided-by-mean", "Divided by the mean", "The picture is divided by its mean; the sheet divides by the maximum.", {"scale": "mean"}),
    SobelMistake("divided-by-length", "Divided by the norm", "The picture is divided by the root of the sum of its squares; the sheet divides by the maximum.", {"scale": "length"}),
    SobelMistake("standardised", "Mean and deviation", "The mean is subtracted, and it is divided by the standard deviation; the sheet divides by the maximum.", {"scale": "deviation"}),
    SobelMistake("another-maximum", "Divided by the image's maximum", "It is divided by the maximum of the image that went in; the sheet divides by the maximum of the result.", {"scale": "image's maximum"}),
    *(SobelMistake("another-maximum", f"Divided by the maximum of {who}", f"It is divided by the {what} of the picture of {who} alone; the sheet divides by the maximum of the result.", {"scale": key})
      for who, what, key in (("G_x", "maximum", "first's maximum"), ("G_y", "maximum", "second's maximum"), ("G_x", "largest absolute value", "first's largest"), ("G_y", "largest absolute value", "second's largest"))),
    SobelMistake("another-maximum", "A maximum for every row", "Every row is divided by its own maximum; the sheet divides by the maximum of the whole picture.", {"scale": "maximum of a row"}),
    SobelMistake("another-maximum", "A maximum for every column", "Every column is divided by its own maximum; the sheet divides by the maximum of the whole picture.", {"scale": "maximum of a column"}),
]  # fmt: skip

BEFORE = [
    SobelMistake("per-filter-maximum", "Each filter divided by its own maximum", "Each of the two pictures is divided by its own maximum before they are put together, so that the weaker one is made as strong as the other.", {"before": key})
    for key in ("largest", "maximum")
] + [
    SobelMistake("per-filter-maximum", "Each filter scaled by itself", "Each of the two pictures is scaled to 0–1 by its own minimum and maximum before they are put together.", {"before": "min-max"}),
    SobelMistake("clipped", "Negative values cut off", "Negative values of the two pictures are set to zero before they are squared: edges from bright to dark are lost.", {"before": "clipped below"}),
    SobelMistake("clipped", "Cut to 0–1 before the squares", "The two pictures are clipped to 0–1 before they are put together.", {"before": "clipped"}),
    SobelMistake("integer-output", "Whole numbers", "The two pictures are cut to whole numbers before they are put together.", {"before": "integer"}),
]  # fmt: skip

AFTER = [
    SobelMistake("clipped", "Clipped to 0–1", "Everything above 1 is cut to 1, in place of a division by the maximum.", {"after": "clipped", "scale": "none"}),
    SobelMistake("clipped", "Clipped to 0–1", "The result is clipped to 0–1.", {"after": "clipped"}),
    SobelMistake("clipped", "Clipped to 0–255", "Everything above 255 is cut to 255, in place of a division by the maximum.", {"after": "clipped 255", "scale": "none"}),
    SobelMistake("integer-output", "Whole numbers", "The result is cut to whole numbers, so that of 0–1 only 0 and 1 are left.", {"after": "integer"}),
    SobelMistake("integer-output", "Whole numbers", "The result is rounded to whole numbers.", {"after": "rounded"}),
    SobelMistake("integer-output", "Bytes, 0 to 255", "The result is multiplied by 255 and cut to whole numbers; the sheet's picture is floating, 0 to 1.", {"after": "uint8"}),
    SobelMistake("inverted", "Dark edges on white", "It is 1 minus the picture: edges are dark.", {"after": "inverted"}),
    SobelMistake("thresholded", "Only 0 and 1", "The picture is compared with 0.5, so that only 0 and 1 are left.", {"after": "half"}),
]  # fmt: skip

SIZE = [
    *(SobelMistake("border-kept", f"The border is kept ({name})", f"The result has the image's size: beyond the border {what} are read (padding=1). The sheet's has whole windows only, H − 2 by W − 2.", {"size": name})
      for name, what in (("zeros", "zeros"), ("reflect", "the pixels mirrored at the border pixel (reflect)"), ("replicate", "the border pixels again (replicate)"), ("symmetric", "the pixels mirrored, with the border pixel (symmetric)"), ("circular", "the pixels of the other side (circular)"))),
    SobelMistake("border-kept", "A frame of zeros", "The result has the image's size, with a border of zeros left around it. The sheet's has H − 2 by W − 2.", {"size": "frame"}),
    SobelMistake("border-kept", "The image's own border", "The result has the image's size, with the image's own pixels left at the border. The sheet's has H − 2 by W − 2.", {"size": "image's border"}),
    SobelMistake("border-kept", "Zeros at right and bottom", "The result has the image's size: two rows and two columns of zeros are left at the end. The sheet's has H − 2 by W − 2.", {"size": "behind"}),
    SobelMistake("border-kept", "Padded by two", "The result is larger than the image: it was padded by two. The sheet's has H − 2 by W − 2.", {"size": "full"}),
    SobelMistake("size-too-small", "The last row and column are missing", "The last row and the last column of the result are missing: H − 2 by W − 2 are asked for (range ends one too early).", {"size": "last lost"}),
    SobelMistake("size-too-small", "The first row and column are missing", "The first row and the first column of the result are missing.", {"size": "first lost"}),
    SobelMistake("size-too-small", "A border is cut off", "One more row and column are cut off on every side: the result is H − 4 by W − 4.", {"size": "two lost"}),
    SobelMistake("height-for-width", "Rows counted for columns", "The result is square: the number of rows was taken for that of columns, or the other way round.", {"size": "columns for rows"}),
]  # fmt: skip

LAYOUT = [
    SobelMistake("transposed-result", "The result is transposed", "Rows and columns of the result are exchanged.", {"layout": "transposed"}),
    *(SobelMistake("batch-axis-left", "An axis is left on", f"The result has the shape {shape}: {what} is left on (squeeze it). The sheet's is a bare picture.", {"layout": key})
      for shape, what, key in (("(1, H, W)", "a batch or channel axis", "batch axis"), ("(1, 1, H, W)", "the batch and channel axes", "batch and channel axes"), ("(H, W, 1)", "a channel axis", "channel axis behind"))),
    SobelMistake("three-channels", "Three channels", "The grey picture comes back with three channels, (H, W, 3).", {"layout": "three channels behind"}),
    SobelMistake("three-channels", "Three channels", "The grey picture comes back with three channels, (3, H, W).", {"layout": "three channels before"}),
    SobelMistake("mirrored-result", "The result is mirrored", "The result is mirrored from left to right.", {"layout": "mirrored"}),
    SobelMistake("mirrored-result", "The result is upside down", "The result is upside down.", {"layout": "upside down"}),
    SobelMistake("flat-result", "A row of numbers", "The result is one row of numbers, not a picture.", {"layout": "flat"}),
]  # fmt: skip

HARMLESS = [
    SobelMistake("epsilon", "", "a small number is added under the root, which is right for what it changes", {"epsilon": e}, harmless=True)
    for e in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)
]  # fmt: skip

GROUPS = (FILTERS, COMBINING, BEFORE, SCALING, AFTER, SIZE, LAYOUT)
CATALOGUE = [mistake for group in GROUPS for mistake in group]
VALUES = sorted({*map(float, range(-6, 7)), -0.5, 0.5, -1.5, 1.5, 10.0, -10.0, 8.0, -8.0, 12.0, -12.0, 20.0, -20.0})


def weight_mistakes() -> list[SobelMistake]:
    """Return every mistake of one wrong weight."""
    return [
        weight_mistake(which, place, value)
        for which, own in enumerate((GX, GY)) for place in range(9) for value in VALUES
        if value != own.reshape(-1)[place]
    ]  # fmt: skip
