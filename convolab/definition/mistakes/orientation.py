"""Mistakes of orientation: the kernel flipped, or an array read or stored transposed."""

import numpy as np

from convolab.definition.mistakes.changes import COLUMNS, ROWS, reverse_kernel, swap, swap_axes_of
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Terms, inputs_meeting
from convolab.definition.mistakes.variation import BACK, EITHER, FORWARD, WEIGHT, Variation

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
        "Only the rows of the kernel are used backwards: a correlation turns neither axis, a true convolution both.",
        "Look at the index of the kernel's rows alone: which row meets the top row of a window?",
        (Variation("", taps=reverse_kernel((ROWS,)), least_dims=2),),
    ),
    Mistake(
        "flipped-columns",
        "The kernel is mirrored",
        "Only the columns of the kernel are used backwards: a correlation turns neither axis, a true convolution both.",
        "Look at the index of the kernel's columns alone: which column meets the left column of a window?",
        (Variation("", taps=reverse_kernel((COLUMNS,)), least_dims=2),),
    ),
]


def _position_exchanged(terms: Terms) -> None:
    """Read the window at (column, row) of the output in place of (row, column)."""
    for a, b in ((ROWS, COLUMNS), (COLUMNS, ROWS)):
        terms.i[:, a] = inputs_meeting(terms.geometry.axes[a], terms.o[:, b], terms.k[:, a])


def _transposed_result(terms: Terms, result: np.ndarray) -> np.ndarray:
    """Exchange the rows and columns of the result."""
    return np.swapaxes(result, ROWS, COLUMNS)


TRANSPOSED = [
    Mistake(
        "transposed-kernel",
        "The kernel is read transposed",
        "Row and column of the kernel are exchanged: where weight[k, l] belongs, weight[l, k] is used.",
        "Write down, for one product, which of the two loop variables runs over the rows of the kernel.",
        (
            Variation("", EITHER, taps=swap("k"), least_dims=2),
            Variation("", BACK, taps=swap("k"), gather=True, least_dims=2),
            Variation(
                "the sizes follow from the transposed kernel",
                EITHER,
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
        "Row and column are exchanged where the image (in a gradient: the output gradient) is read.",
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
