"""Mistakes of reading: the right number of products, from the wrong places."""

from dataclasses import replace

import numpy as np

from convolab.definition.mistakes.changes import (
    COLUMNS,
    DIRECTIONS,
    ROWS,
    change_axes,
    resized,
    reverse_kernel,
    shift,
    swap,
    swap_axes_of,
)
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.variation import Sum, Variation, in_turn

FORWARD, BACK, WEIGHT = ("forward",), ("input_gradient",), ("weight_gradient",)


def _position_exchanged(sum: Sum) -> None:
    for a, b in ((ROWS, COLUMNS), (COLUMNS, ROWS)):
        sum.i[:, a] = sum.inputs_meeting(sum.geometry.axes[a], sum.o[:, b], sum.k[:, a])


def _transposed_result(sum: Sum, result):
    return np.swapaxes(result, ROWS, COLUMNS)


TRANSPOSED = [
    Mistake(
        "transposed-kernel",
        "The kernel is read transposed",
        "Row and column of the kernel are exchanged: where weight[k, l] belongs, weight[l, k] is used.",
        "Write down, for one product, which of the two loop variables runs over the rows of the kernel.",
        (
            Variation("", FORWARD + BACK, taps=swap("k"), least_dims=2),
            Variation("", BACK, taps=swap("k"), gather=True, least_dims=2),
            Variation(
                "the sizes follow from the transposed kernel",
                FORWARD + BACK,
                arguments=swap_axes_of("weight"),
                least_dims=2,
            ),
            Variation("", BACK, arguments=swap_axes_of("weight", keep_input=True), least_dims=2),
            Variation("", FORWARD, arguments=swap_axes_of("weight", strict=True), least_dims=2),
            Variation("", FORWARD, arguments=swap_axes_of("weight", keep_output=True), edge="slice", least_dims=2),
            Variation("", FORWARD, arguments=swap_axes_of("weight", keep_output=True), edge="bare", least_dims=2),
        ),
    ),
    Mistake(
        "transposed-output",
        "The result is transposed",
        "The values are right, but rows and columns of the result are exchanged.",
        "Which loop variable comes first where the result is stored, and which size where it is created?",
        (
            Variation("", result=_transposed_result, least_dims=2),
            Variation("stored as result[j, i] in an array of the right shape", FORWARD, taps=swap("o"), least_dims=2),
            Variation("i and j are exchanged", FORWARD, taps=_position_exchanged, edge="bare", least_dims=2),
            Variation("i and j are exchanged", FORWARD, taps=_position_exchanged, edge="slice", least_dims=2),
            Variation(
                "stored as result[j, i] in an array of the right shape", BACK, taps=swap("i"), edge="bare", least_dims=2
            ),
            Variation("stored as result[l, k] in an array of the right shape", WEIGHT, taps=swap("k"), least_dims=2),
        ),
    ),
    Mistake(
        "transposed-input",
        "The image is read transposed",
        "Row and column are exchanged where the image (in a gradient: the upstream gradient) is read.",
        "An image is indexed [row, column]; x and y come in the other order.",
        (
            Variation("", FORWARD + WEIGHT, taps=swap("i"), edge="bare", least_dims=2),
            Variation(
                "the sizes follow from the transposed image", FORWARD, arguments=swap_axes_of("input"), least_dims=2
            ),
            Variation("", FORWARD, arguments=swap_axes_of("input", strict=True), least_dims=2),
            Variation("", BACK, taps=swap("o"), least_dims=2),
            Variation(
                "the sizes follow from the transposed gradient",
                BACK,
                arguments=swap_axes_of("grad_output"),
                least_dims=2,
            ),
            Variation("the gradient is transposed", WEIGHT, taps=swap("o"), least_dims=2),
        ),
    ),
]

FLIPPED = [
    Mistake(
        "flipped-kernel",
        "The kernel is turned by 180 degrees",
        "Every weight meets the pixel of the opposite weight: each axis of the kernel is used backwards.",
        "Compare which weight the top left pixel of a window meets here and in the definition.",
        (Variation("", taps=reverse_kernel()), Variation("", BACK, taps=reverse_kernel(), gather=True)),
    ),
    Mistake(
        "flipped-rows",
        "The kernel is upside down",
        "The rows of the kernel are used in the opposite order; its columns are right.",
        "Look at the index of the kernel's rows alone: which row meets the top row of a window?",
        (Variation("", taps=reverse_kernel((ROWS,)), least_dims=2),),
    ),
    Mistake(
        "flipped-columns",
        "The kernel is mirrored",
        "The columns of the kernel are used in the opposite order; its rows are right.",
        "Look at the index of the kernel's columns alone: which column meets the left column of a window?",
        (Variation("", taps=reverse_kernel((COLUMNS,)), least_dims=2),),
    ),
]


def confused(target: int, source: int) -> tuple[Variation, ...]:
    """The index along `target` is computed from a variable that runs along `source`."""

    def input_from_output(sum: Sum) -> None:
        axis = sum.geometry.axes[target]
        sum.i[:, target] = sum.inputs_meeting(axis, sum.o[:, source], sum.k[:, target])

    def input_from_kernel(sum: Sum) -> None:
        axis = sum.geometry.axes[target]
        sum.i[:, target] = sum.inputs_meeting(axis, sum.o[:, target], sum.k[:, source])

    def input_from_both(sum: Sum) -> None:
        axis = sum.geometry.axes[target]
        sum.i[:, target] = sum.inputs_meeting(axis, sum.o[:, source], sum.k[:, source])

    def kernel_from_kernel(sum: Sum) -> None:
        sum.k[:, target] = sum.k[:, source]

    def output_from_output(sum: Sum) -> None:
        sum.o[:, target] = sum.o[:, source]

    def output_from_input(sum: Sum) -> None:
        sum.o[:, target] = sum.outputs_meeting(sum.geometry.axes[target], sum.i[:, source], sum.k[:, target])

    def output_from_kernel(sum: Sum) -> None:
        sum.o[:, target] = sum.outputs_meeting(sum.geometry.axes[target], sum.i[:, target], sum.k[:, source])

    def within_true_bounds(change):
        """The loops run over the true taps; only then is the index computed wrongly."""
        return in_turn(lambda sum: sum.keep(sum.inside()), change)

    n, m = ("column", "row") if target == COLUMNS else ("row", "column")
    image = f"the {n} in the image is computed from the {m} of the output"
    window = f"the {n} in the image is computed from the {m} in the kernel"
    both = f"the {n} in the image is computed as its {m} is"
    weight = f"the {n} in the kernel is the {m}'s index"
    slip = f"the {n} in the upstream gradient is computed from the {m} of the input, as in b = i - l"
    slips = f"the {n} in the upstream gradient is computed from the {m} in the kernel"
    return (
        *(
            Variation(image, FORWARD + WEIGHT, taps=input_from_output, edge=e, least_dims=2)
            for e in ("pad", "guard", "bare", "low", "slice")
        ),
        *(
            Variation(window, FORWARD + WEIGHT, taps=input_from_kernel, edge=e, least_dims=2)
            for e in ("pad", "guard", "bare", "low")
        ),
        *(Variation(both, FORWARD + WEIGHT, taps=input_from_both, edge=e, least_dims=2) for e in ("pad", "guard")),
        Variation(weight, FORWARD + BACK, taps=kernel_from_kernel, least_dims=2),
        Variation(weight, BACK, taps=within_true_bounds(kernel_from_kernel), least_dims=2),
        Variation(
            f"the {n} in the upstream gradient is the {m}'s index", WEIGHT, taps=output_from_output, least_dims=2
        ),
        *(
            Variation(slip, BACK, taps=taps, edge=e, gather=True, least_dims=2)
            for taps, e in (
                (output_from_input, "guard"),
                (output_from_input, "bare"),
                (output_from_input, "low"),
                (within_true_bounds(output_from_input), "bare"),
                (within_true_bounds(output_from_input), "guard"),
                (within_true_bounds(output_from_input), "low"),
            )
        ),
        *(
            Variation(slips, BACK, taps=taps, edge=e, gather=True, least_dims=2)
            for taps, e in (
                (output_from_kernel, "guard"),
                (output_from_kernel, "low"),
                (within_true_bounds(output_from_kernel), "bare"),
                (within_true_bounds(output_from_kernel), "guard"),
            )
        ),
        *(
            Variation(
                f"where the product is added, the {n} is computed from the {m}", BACK, taps=taps, edge=e, least_dims=2
            )
            for taps in (input_from_output, input_from_kernel)
            for e in ("guard", "pad", "bare", "strip")
        ),
    )


def shifted() -> tuple[Variation, ...]:
    """Every index one too high or too low, along either axis or both."""
    found = []
    for direction, which in (("", None), *list(DIRECTIONS.items())[:2]):
        for by, word in ((1, "too far"), (-1, "too early")):
            note = f"{direction or 'every axis'}: one position {word}"
            dims = 2 if direction else 1
            for edge in ("pad", "guard", "bare", "low", "slice"):
                found.append(Variation(note, taps=shift("i", by, which), edge=edge, least_dims=dims))
            for edge in ("guard", "bare", "low"):
                found.append(Variation(note, BACK, taps=shift("o", by, which), edge=edge, gather=True, least_dims=dims))
            bounded = in_turn(lambda sum: sum.keep(sum.inside()), shift("o", by, which))
            found.append(Variation(note, BACK, taps=bounded, edge="bare", gather=True, least_dims=dims))
            found.append(
                Variation(f"{note}, in the kernel", FORWARD + BACK, taps=shift("k", by, which), least_dims=dims)
            )
            found.append(
                Variation(f"{note}, in the upstream gradient", WEIGHT, taps=shift("o", by, which), least_dims=dims)
            )
    return tuple(found)


CONFUSED = [
    Mistake(
        "row-index-for-column",
        "A row index stands where a column index belongs",
        "A column is computed from a variable that runs over rows.",
        "Name each index after what it runs over, and check both halves of every pair: the second is for columns.",
        confused(COLUMNS, ROWS),
    ),
    Mistake(
        "column-index-for-row",
        "A column index stands where a row index belongs",
        "A row is computed from a variable that runs over columns.",
        "Name each index after what it runs over, and check both halves of every pair: the first is for rows.",
        confused(ROWS, COLUMNS),
    ),
    Mistake(
        "off-by-one",
        "An index is off by one",
        "Every product uses a position one too far or one too early.",
        "Is a position counted from 0 or from 1 here? Put the first and the last position into the formula by hand.",
        shifted(),
    ),
]

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

PADDED = [
    Mistake(
        "padding-ignored",
        "The padding is ignored",
        "The window starts at the first pixel, as if there were no padding.",
        "With padding p the first output reads from position -p. Does yours?",
        (
            Variation("", FORWARD, arguments=change_axes(lambda a: resized(a, before=0, after=0))),
            Variation(
                "only the size of the result knows it", arguments=change_axes(lambda a: replace(a, before=0, after=0))
            ),
            Variation(
                "only the size of the result knows it",
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
