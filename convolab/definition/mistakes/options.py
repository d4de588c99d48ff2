"""Mistakes of stride, dilation and padding: an option that is ignored, or that acts on one axis or one side only."""

from dataclasses import replace

from convolab.definition.mistakes.changes import COLUMNS, ROWS, change_axes, resized
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.variation import BACK, FORWARD, Variation

STRIDED = [
    Mistake(
        "stride-ignored",
        "The stride is ignored",
        "The window moves by one position at a time, whatever the stride is.",
        "Where does the stride enter the position that an output reads?",
        (
            Variation("", FORWARD, arguments=change_axes(lambda a: resized(a, stride=1))),
            Variation("only the size of the result knows it", arguments=change_axes(lambda a: replace(a, stride=1))),
            Variation(
                "only the size of the result knows it",
                BACK,
                arguments=change_axes(lambda a: replace(a, stride=1)),
                edge="pad",
            ),
        ),
    ),
    Mistake(
        "stride-one-axis",
        "The stride acts along one axis only",
        "Along one axis the window moves by the stride, along the other by one position at a time.",
        "Count the places where the stride is used: each axis needs it.",
        tuple(
            variation
            for name, which in (("columns", (COLUMNS,)), ("rows", (ROWS,)))
            for variation in (
                Variation(
                    f"not along the {name}",
                    FORWARD,
                    arguments=change_axes(lambda a: resized(a, stride=1), which),
                    least_dims=2,
                ),
                Variation(
                    f"not along the {name}", arguments=change_axes(lambda a: replace(a, stride=1), which), least_dims=2
                ),
            )
        ),
    ),
    Mistake(
        "dilation-ignored",
        "The dilation is ignored",
        "The kernel reads neighbouring positions, whatever the dilation is.",
        "Where does the dilation enter the position that a weight meets?",
        (
            Variation("", FORWARD, arguments=change_axes(lambda a: resized(a, dilation=1))),
            Variation("only the size of the result knows it", arguments=change_axes(lambda a: replace(a, dilation=1))),
        ),
    ),
]

BEHIND = "only the size of the result knows it, as where all of it stands behind"
PADDED = [
    Mistake(
        "padding-ignored",
        "The padding is ignored",
        "The window starts at the first pixel, as if there were no padding.",
        "With padding p the first output reads from position -p. Does yours?",
        (
            Variation("", FORWARD, arguments=change_axes(lambda a: resized(a, before=0, after=0))),
            Variation(BEHIND, arguments=change_axes(lambda a: replace(a, before=0, after=0))),
            Variation(
                BEHIND,
                arguments=change_axes(lambda a: replace(a, before=0, after=0)),
                edge="pad",
            ),
            Variation(
                "the size of the result does not know it",
                FORWARD,
                arguments=change_axes(lambda a: replace(a, output=resized(a, before=0, after=0).output)),
            ),
        ),
    ),
    Mistake(
        "padding-one-side",
        "Only one side is padded",
        "Zeros are added at one end of each axis and not at the other.",
        "Padding p adds p positions before and p positions behind: how much does the size grow?",
        (
            Variation("the front only", FORWARD, arguments=change_axes(lambda a: resized(a, after=0))),
            Variation("the end only", FORWARD, arguments=change_axes(lambda a: resized(a, before=0))),
        ),
    ),
    Mistake(
        "padding-one-axis",
        "Only one axis is padded",
        "Zeros are added along the rows or along the columns, and not along both.",
        "Look at the shape of the padded image: both of its sizes must have grown.",
        tuple(
            variation
            for name, which in (("columns", (COLUMNS,)), ("rows", (ROWS,)))
            for variation in (
                Variation(
                    f"not along the {name}",
                    FORWARD,
                    arguments=change_axes(lambda a: resized(a, before=0, after=0), which),
                    least_dims=2,
                ),
                Variation(
                    f"not along the {name}",
                    arguments=change_axes(lambda a: replace(a, before=0, after=0), which),
                    least_dims=2,
                ),
            )
        ),
    ),
    Mistake(
        "padding-mode",
        "The padding is not zeros",
        "Where the window reaches over the border, pixels of the image are read in place of zeros.",
        "Look at what stands in the first row and column of your padded image.",
        tuple(
            Variation(f"it is filled by the rule called {mode!r}", edge=mode)
            for mode in ("reflect", "replicate", "circular")
        ),
    ),
    Mistake(
        "negative-index",
        "A negative index reads from the other end",
        "Over the border an index becomes negative, and Python's array[-1] is the last element, not a zero.",
        "Which values can the index take at the first position? What does Python do with them?",
        (
            Variation("", edge="low"),
            Variation("", edge="bare"),
            Variation("", BACK, edge="low", gather=True),
            Variation("", BACK, edge="bare", gather=True),
        ),
    ),
]
