"""Mistakes in the size and the layout of the result; and all known mistakes of Sobel functions together."""

from convolab.verify.sobel.filters import FILTERS
from convolab.verify.sobel.mistake import SobelMistake
from convolab.verify.sobel.values import AFTER, BEFORE, COMBINING, IMAGE, SCALING

SIZE = [
    *(
        SobelMistake(
            "border-kept",
            f"The border is kept ({name})",
            f"The result has the image's size: beyond the border {what} are read (padding=1). The sheet's has whole "
            f"windows only, H − 2 by W − 2.",
            {"size": name},
        )
        for name, what in (
            ("zeros", "zeros"),
            ("reflect", "the pixels mirrored at the border pixel (reflect)"),
            ("replicate", "the border's own pixels once more (replicate)"),
            ("symmetric", "the pixels mirrored, with the border pixel (symmetric)"),
            ("circular", "the pixels of the other side (circular)"),
        )
    ),
    SobelMistake(
        "border-kept",
        "A frame of zeros",
        "The result has the image's size, with a border of zeros left around it. The sheet's has H − 2 by W − 2.",
        {"size": "frame"},
    ),
    SobelMistake(
        "border-kept",
        "The image's own border",
        "The result has the image's size, with the image's own pixels left at the border. The sheet's has H − 2 by W "
        "− 2.",
        {"size": "image's border"},
    ),
    SobelMistake(
        "border-kept",
        "Zeros at right and bottom",
        "The result has the image's size: two rows and two columns of zeros are left at the end. The sheet's has H − "
        "2 by W − 2.",
        {"size": "behind"},
    ),
    SobelMistake(
        "border-kept",
        "Padded by two",
        "The result is larger than the image: it was padded by two. The sheet's has H − 2 by W − 2.",
        {"size": "full"},
    ),
    SobelMistake(
        "size-too-small",
        "The last row and column are missing",
        "The last row and the last column of the result are missing: H − 2 by W − 2 are asked for (range ends one "
        "too early).",
        {"size": "last lost"},
    ),
    SobelMistake(
        "size-too-small",
        "The first row and column are missing",
        "The first row and the first column of the result are missing.",
        {"size": "first lost"},
    ),
    SobelMistake(
        "size-too-small",
        "A border is cut off",
        "One more row and column are cut off on every side: the result is H − 4 by W − 4.",
        {"size": "two lost"},
    ),
    SobelMistake(
        "border-kept",
        "The border is kept above and below",
        "The result has as many rows as the image: zeros are read above and below. The sheet's has H − 2 by W − 2.",
        {"size": "rows padded"},
    ),
    SobelMistake(
        "border-kept",
        "The border is kept left and right",
        "The result has as many columns as the image: zeros are read left and right. The sheet's has H − 2 by W − 2.",
        {"size": "columns padded"},
    ),
    SobelMistake(
        "size-too-small",
        "The last row is missing",
        "The last row of the result is missing: H − 2 by W − 2 are asked for (a range ends one too early).",
        {"size": "last row lost"},
    ),
    SobelMistake(
        "size-too-small",
        "The last column is missing",
        "The last column of the result is missing: H − 2 by W − 2 are asked for (a range ends one too early).",
        {"size": "last column lost"},
    ),
    SobelMistake(
        "size-too-small",
        "The last row and column stay zero",
        "The last row and the last column of the result are left zero: the loops end one too early.",
        {"size": "last left zero"},
    ),
    SobelMistake(
        "size-too-small",
        "The last row stays zero",
        "The last row of the result is left zero: the loop over the rows ends one too early.",
        {"size": "last row left zero"},
    ),
    SobelMistake(
        "size-too-small",
        "The last column stays zero",
        "The last column of the result is left zero: the loop over the columns ends one too early.",
        {"size": "last column left zero"},
    ),
    SobelMistake(
        "height-for-width",
        "Rows counted for columns",
        "Only a square of the result is filled: one loop counts rows where it should count columns (or the other "
        "way round).",
        {"size": "as many columns as rows"},
    ),
    SobelMistake(
        "height-for-width",
        "The image is reshaped to (W, H)",
        "The image is reshaped to W by H before it is filtered, which puts its pixels into other rows; it is (H, W).",
        {"size": "image reshaped"},
    ),
    SobelMistake(
        "size-too-small",
        "Every second pixel",
        "Only every second row and column is computed (a stride, or a step of 2). The sheet's has H − 2 by W − 2.",
        {"size": "every second"},
    ),
    SobelMistake(
        "height-for-width",
        "Rows counted for columns",
        "The result is square: the number of rows was taken for that of columns, or the other way round.",
        {"size": "columns for rows"},
    ),
]

LAYOUT = [
    SobelMistake(
        "transposed-result",
        "The result is transposed",
        "Rows and columns of the result are exchanged.",
        {"layout": "transposed"},
    ),
    *(
        SobelMistake(
            "batch-axis-left",
            "An axis is left on",
            f"The result has the shape {shape}: {what} left on (squeeze it). The sheet's is a bare picture.",
            {"layout": key},
        )
        for shape, what, key in (
            ("(1, H, W)", "a batch or channel axis is", "batch axis"),
            ("(1, 1, H, W)", "the batch and channel axes are", "batch and channel axes"),
            ("(H, W, 1)", "a channel axis is", "channel axis behind"),
        )
    ),
    SobelMistake(
        "three-channels",
        "Three channels",
        "The grey picture comes back with three channels, (H, W, 3).",
        {"layout": "three channels behind"},
    ),
    SobelMistake(
        "three-channels",
        "Three channels",
        "The grey picture comes back with three channels, (3, H, W).",
        {"layout": "three channels before"},
    ),
    SobelMistake(
        "height-for-width",
        "The result is reshaped to (W, H)",
        "The result is filled or reshaped as W − 2 by H − 2 row by row, so that its pixels are in other rows: "
        "rows and columns are exchanged. The sheet's has H − 2 by W − 2.",
        {"layout": "reshaped"},
    ),
    SobelMistake(
        "mirrored-result",
        "The result is mirrored",
        "The result is mirrored from left to right.",
        {"layout": "mirrored"},
    ),
    SobelMistake(
        "mirrored-result", "The result is upside down", "The result is upside down.", {"layout": "upside down"}
    ),
    SobelMistake(
        "flat-result", "A row of numbers", "The result is one row of numbers, not a picture.", {"layout": "flat"}
    ),
    *(
        SobelMistake(
            "size-too-small",
            f"{what} cut off",
            f"{what} cut off after the division by the maximum: H − 2 by W − 2 are asked for.",
            {"layout": key},
        )
        for what, key in (
            ("The last row and column are", "last cut off"),
            ("The first row and column are", "first cut off"),
            ("A border of the result is", "border cut off"),
        )
    ),
]

GROUPS = (IMAGE, FILTERS, COMBINING, BEFORE, SCALING, AFTER, SIZE, LAYOUT)

CATALOGUE = [mistake for group in GROUPS for mistake in group]
