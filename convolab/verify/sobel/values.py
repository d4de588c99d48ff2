"""Mistakes in how the two pictures are put together and scaled."""

from convolab.verify.sobel.mistake import SobelMistake

COMBINING = [
    SobelMistake(
        "no-root",
        "The root is missing",
        "The squares of the two pictures are added, and no root is drawn. The sheet's E is √(G_x² + G_y²).",
        {"combine": "squares"},
    ),
    SobelMistake(
        "absolute-values-added",
        "Absolute values added",
        "The absolute values are added, |G_x| + |G_y|. The sheet's E is √(G_x² + G_y²).",
        {"combine": "absolute"},
    ),
    SobelMistake(
        "absolute-values-added",
        "The mean of the absolute values",
        "It is the mean of the absolute values, (|G_x| + |G_y|) / 2. The sheet's E is √(G_x² + G_y²).",
        {"combine": "half of absolute"},
    ),
    SobelMistake(
        "no-square",
        "The squares are missing",
        "The root is drawn of G_x + G_y, without squares: it is not a number where the sum is negative.",
        {"combine": "root of sum"},
    ),
    SobelMistake(
        "no-square",
        "The squares are missing",
        "The root is drawn of |G_x| + |G_y|, without squares.",
        {"combine": "root of absolute"},
    ),
    SobelMistake(
        "no-square",
        "The squares are missing",
        "The root is drawn of |G_x + G_y|, without squares.",
        {"combine": "root of absolute sum"},
    ),
    SobelMistake(
        "no-square",
        "One square is missing",
        "Under the root stands G_x² + G_y: the second picture is not squared.",
        {"combine": "root of first square"},
    ),
    SobelMistake(
        "no-square",
        "One square is missing",
        "Under the root stands G_x + G_y²: the first picture is not squared.",
        {"combine": "root of second square"},
    ),
    SobelMistake(
        "no-square-and-no-root",
        "Neither squares nor a root",
        "The two pictures are added as they are, so that edges of opposite directions cancel. The sheet's E is "
        "√(G_x² + G_y²).",
        {"combine": "sum"},
    ),
    SobelMistake(
        "no-square-and-no-root",
        "Neither squares nor a root",
        "It is |G_x + G_y|: the two pictures are added before the sign goes, so that they cancel. The sheet's E is "
        "√(G_x² + G_y²).",
        {"combine": "absolute sum"},
    ),
    SobelMistake(
        "square-of-the-sum",
        "The sum is squared",
        "The sum is squared, (G_x + G_y)², in place of adding squares.",
        {"combine": "square of sum"},
    ),
    SobelMistake(
        "larger-of-two",
        "The larger of the two",
        "It is the larger of |G_x| and |G_y|. The sheet's E is √(G_x² + G_y²).",
        {"combine": "larger"},
    ),
    SobelMistake(
        "multiplied",
        "The pictures are multiplied",
        "The two pictures are multiplied where their squares should be added.",
        {"combine": "product"},
    ),
    SobelMistake(
        "multiplied",
        "The pictures are multiplied",
        "Under the root stands a product of the two pictures; it should be the sum of their squares.",
        {"combine": "root of product"},
    ),
    SobelMistake(
        "squares-subtracted",
        "The squares are subtracted",
        "Under the root stands G_x² − G_y²; the squares are to be added.",
        {"combine": "root of difference"},
    ),
    SobelMistake(
        "halved",
        "Half of the sum under the root",
        "Under the root stands half of the sum of squares.",
        {"combine": "root of half"},
    ),
    SobelMistake(
        "direction",
        "The direction of the edge",
        "It is the direction arctan(G_y / G_x), not how strong the edge is.",
        {"combine": "direction"},
    ),
    SobelMistake(
        "no-square",
        "The squares are missing",
        "The root is drawn of G_x + G_y, without squares; where the sum is negative there is no root, and 0 is "
        "put in its place.",
        {"combine": "root of sum, zero for none"},
    ),
    SobelMistake(
        "root-twice",
        "The root is drawn twice",
        "The root is drawn twice, √√(G_x² + G_y²), which lifts everything that is dark. Once is enough: E is "
        "√(G_x² + G_y²).",
        {"combine": "fourth root"},
    ),
    SobelMistake(
        "root-of-one-square",
        "The root is drawn of one square only",
        "The root is drawn of G_x² alone, and G_y² is added outside of it: √(G_x²) + G_y². The brackets of the "
        "root must go around both.",
        {"combine": "root of first alone"},
    ),
    SobelMistake(
        "root-of-one-square",
        "The root is drawn of one square only",
        "The root is drawn of G_y² alone, and G_x² is added outside of it: G_x² + √(G_y²). The brackets of the "
        "root must go around both.",
        {"combine": "root of second alone"},
    ),
    SobelMistake(
        "no-square",
        "The squares are missing",
        "A root is drawn of each picture by itself, √|G_x| + √|G_y|, without squares. The sheet's E is √(G_x² + G_y²).",
        {"combine": "sum of roots"},
    ),
    SobelMistake(
        "squared-twice",
        "Squared twice",
        "The pictures are squared twice, √(G_x⁴ + G_y⁴). The sheet's E is √(G_x² + G_y²).",
        {"combine": "fourth powers"},
    ),
    SobelMistake(
        "squared-twice",
        "Squared in place of the root",
        "The sum of squares is squared again where its root should be drawn.",
        {"combine": "square of squares"},
    ),
    SobelMistake(
        "multiplied",
        "The pictures are multiplied",
        "It is |G_x · G_y|: the two pictures are multiplied where their squares should be added.",
        {"combine": "absolute product"},
    ),
    SobelMistake(
        "larger-of-two",
        "The larger of the two",
        "It is the larger of G_x and G_y, with their signs. The sheet's E is √(G_x² + G_y²).",
        {"combine": "larger signed"},
    ),
    SobelMistake(
        "larger-of-two",
        "The smaller of the two",
        "It is the smaller of |G_x| and |G_y|. The sheet's E is √(G_x² + G_y²).",
        {"combine": "smaller"},
    ),
    SobelMistake(
        "squares-subtracted",
        "The pictures are subtracted",
        "It is G_x − G_y, without squares and without a root. The sheet's E is √(G_x² + G_y²).",
        {"combine": "difference"},
    ),
    SobelMistake(
        "squares-subtracted",
        "The pictures are subtracted",
        "It is |G_x − G_y|, without squares and without a root. The sheet's E is √(G_x² + G_y²).",
        {"combine": "absolute difference"},
    ),
    SobelMistake(
        "squares-subtracted",
        "The squares are subtracted",
        "It is G_x² − G_y²: the squares are to be added, and the root of them is to be drawn.",
        {"combine": "difference of squares"},
    ),
    SobelMistake(
        "squares-subtracted",
        "The absolute values are subtracted",
        "It is |G_x| − |G_y|. The sheet's E is √(G_x² + G_y²).",
        {"combine": "difference of absolute"},
    ),
]

SCALING = [
    SobelMistake(
        "times-255",
        "Divided by the maximum and by 255",
        "After the division by the maximum it is divided by 255 as well; the sheet's picture goes from 0 to 1.",
        {"scale": "maximum divided by 255"},
    ),
    SobelMistake(
        "times-255",
        "Multiplied by 255",
        "It is multiplied by 255, and not divided by its maximum.",
        {"scale": "times 255"},
    ),
    SobelMistake(
        "another-maximum",
        "Divided by both maxima",
        "It is divided by the root of the sum of the squares of the two pictures' own largest values, which may "
        "lie at different pixels; the sheet divides by the maximum of the result.",
        {"scale": "both largest"},
    ),
    SobelMistake(
        "another-maximum",
        "Divided by both maxima",
        "It is divided by the sum of the two pictures' own largest values; the sheet divides by the maximum of "
        "the result.",
        {"scale": "sum of both largest"},
    ),
    SobelMistake(
        "divided-twice",
        "Divided by the maximum twice",
        "It is divided by its maximum twice; once makes the brightest pixel 1.",
        {"scale": "maximum squared"},
    ),
    SobelMistake(
        "divided-twice",
        "Divided by twice the maximum",
        "It is divided by twice its maximum; the brightest pixel should be 1.",
        {"scale": "twice"},
    ),
    SobelMistake(
        "another-maximum",
        "Divided by the minimum",
        "It is divided by its minimum; the sheet divides by the maximum.",
        {"scale": "minimum"},
    ),
    SobelMistake(
        "no-division",
        "Not divided by the maximum",
        "The picture is not divided by its maximum, as the sheet's is.",
        {"scale": "none"},
    ),
    SobelMistake(
        "divided-by-255",
        "Divided by 255",
        "The picture is divided by 255; the sheet divides it by its own maximum.",
        {"scale": "255"},
    ),
    SobelMistake(
        "min-max",
        "Scaled by minimum and maximum",
        "The minimum is subtracted too, (E − min) / (max − min); the sheet divides by the maximum alone.",
        {"scale": "min-max"},
    ),
    SobelMistake(
        "min-max",
        "Divided by the range",
        "It is divided by max − min; the sheet divides by the maximum.",
        {"scale": "range"},
    ),
    SobelMistake(
        "min-max",
        "The minimum is subtracted",
        "The minimum is subtracted, and nothing is divided by; the sheet divides by the maximum.",
        {"scale": "minimum subtracted"},
    ),
    SobelMistake(
        "times-255",
        "0 to 255 in place of 0 to 1",
        "After the division by the maximum it is multiplied by 255; the sheet's picture goes from 0 to 1.",
        {"scale": "maximum times 255"},
    ),
    SobelMistake(
        "times-255",
        "0 to 255 in place of 0 to 1",
        "It is scaled to 0–255 by minimum and maximum; the sheet's picture is divided by its maximum.",
        {"scale": "min-max times 255"},
    ),
    SobelMistake(
        "divided-by-sum",
        "Divided by the sum",
        "The picture is divided by the sum of its pixels; the sheet divides by the maximum.",
        {"scale": "sum"},
    ),
    SobelMistake(
        "divided-by-mean",
        "Divided by the mean",
        "The picture is divided by its mean; the sheet divides by the maximum.",
        {"scale": "mean"},
    ),
    SobelMistake(
        "divided-by-length",
        "Divided by the norm",
        "The picture is divided by the root of the sum of its squares; the sheet divides by the maximum.",
        {"scale": "length"},
    ),
    SobelMistake(
        "standardised",
        "Mean and deviation",
        "The mean is subtracted, and it is divided by the standard deviation; the sheet divides by the maximum.",
        {"scale": "deviation"},
    ),
    SobelMistake(
        "another-maximum",
        "Divided by the image's maximum",
        "It is divided by the maximum of the image that went in; the sheet divides by the maximum of the result.",
        {"scale": "image's maximum"},
    ),
    *(
        SobelMistake(
            "another-maximum",
            f"Divided by the maximum of {who}",
            f"It is divided by the {what} of the picture of {who} alone; the sheet divides by the maximum of the "
            f"result.",
            {"scale": key},
        )
        for who, what, key in (
            ("G_x", "maximum", "first's maximum"),
            ("G_y", "maximum", "second's maximum"),
            ("G_x", "largest absolute value", "first's largest"),
            ("G_y", "largest absolute value", "second's largest"),
        )
    ),
    SobelMistake(
        "another-maximum",
        "A maximum for every row",
        "Every row is divided by its own maximum; the sheet divides by the maximum of the whole picture.",
        {"scale": "maximum of a row"},
    ),
    SobelMistake(
        "another-maximum",
        "A maximum for every column",
        "Every column is divided by its own maximum; the sheet divides by the maximum of the whole picture.",
        {"scale": "maximum of a column"},
    ),
]

BEFORE = [
    SobelMistake(
        "per-filter-maximum",
        "Each filter divided by its own maximum",
        "Each of the two pictures is divided by its own maximum before they are put together, so that the weaker one "
        "is made as strong as the other.",
        {"before": key},
    )
    for key in ("largest", "maximum")
] + [
    SobelMistake(
        "per-filter-maximum",
        "Each filter scaled by itself",
        "Each of the two pictures is scaled to 0–1 by its own minimum and maximum before they are put together.",
        {"before": "min-max"},
    ),
    SobelMistake(
        "clipped",
        "Negative values cut off",
        "Negative values of the two pictures are set to zero before they are squared: edges from bright to dark are "
        "lost.",
        {"before": "clipped below"},
    ),
    SobelMistake(
        "clipped",
        "Cut to 0–1 before the squares",
        "The two pictures are clipped to 0–1 before they are put together.",
        {"before": "clipped"},
    ),
    SobelMistake(
        "integer-output",
        "Whole numbers",
        "The two pictures are cut to whole numbers before they are put together.",
        {"before": "integer"},
    ),
]

AFTER = [
    SobelMistake(
        "clipped",
        "Clipped to 0–1",
        "Everything above 1 is cut to 1, in place of a division by the maximum.",
        {"after": "clipped", "scale": "none"},
    ),
    SobelMistake("clipped", "Clipped to 0–1", "The result is clipped to 0–1.", {"after": "clipped"}),
    SobelMistake(
        "clipped",
        "Clipped to 0–255",
        "Everything above 255 is cut to 255, in place of a division by the maximum.",
        {"after": "clipped 255", "scale": "none"},
    ),
    SobelMistake(
        "integer-output",
        "Whole numbers",
        "The result is cut to whole numbers, so that of 0–1 only 0 and 1 are left.",
        {"after": "integer"},
    ),
    SobelMistake("integer-output", "Whole numbers", "The result is rounded to whole numbers.", {"after": "rounded"}),
    SobelMistake(
        "integer-output",
        "Bytes, 0 to 255",
        "The result is multiplied by 255 and cut to whole numbers; the sheet's picture is floating, 0 to 1.",
        {"after": "uint8"},
    ),
    SobelMistake(
        "inverted", "Dark edges on white", "It is 1 minus the picture: edges are dark.", {"after": "inverted"}
    ),
    SobelMistake(
        "thresholded",
        "Only 0 and 1",
        "The picture is compared with 0.5, so that only 0 and 1 are left.",
        {"after": "half"},
    ),
]

IMAGE = [
    SobelMistake(
        "integer-overflow",
        "The filtered pictures are bytes",
        "The image is made bytes (0 to 255), and the two filtered pictures are bytes too: negative values and "
        "those above 255 wrap around. Filter floating numbers.",
        {"image": "bytes", "before": "wrapped"},
    ),
    SobelMistake(
        "image-changed",
        "The image is cut to whole numbers",
        "The image is cut to whole numbers before it is filtered (int, uint8 or long): of its fractions only 0 "
        "and 1 are left.",
        {"image": "integer"},
    ),
    SobelMistake(
        "image-changed",
        "The image is rounded",
        "The image is rounded to whole numbers before it is filtered: of its fractions only 0 and 1 are left.",
        {"image": "rounded"},
    ),
    *(
        SobelMistake(
            "image-changed",
            "The image is made bytes",
            f"The image is multiplied by 255 and {how} to whole numbers before it is filtered: its fractions are lost.",
            {"image": key},
        )
        for how, key in (("cut", "bytes"), ("rounded", "bytes rounded"))
    ),
    SobelMistake(
        "image-changed",
        "The image is made black and white",
        "The image is compared with 0.5 before it is filtered, so that only 0 and 1 are left.",
        {"image": "half"},
    ),
    SobelMistake(
        "image-changed",
        "The image is squared",
        "The image is squared before it is filtered; squared are the two filtered pictures.",
        {"image": "squared"},
    ),
    SobelMistake(
        "image-changed",
        "The image is blurred",
        "The image is blurred first: each pixel becomes the mean of 3 × 3. The sheet filters the image as it is.",
        {"image": "means of nine"},
    ),
]

HARMLESS = [
    SobelMistake(
        "epsilon",
        "",
        "a small number is added under the root, which is right for what it changes",
        {"epsilon": e},
        harmless=True,
    )
    for e in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)
]
