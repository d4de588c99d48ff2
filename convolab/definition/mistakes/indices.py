"""Mistakes of index: a position computed from the wrong variable, or off by one."""

from collections.abc import Iterator

from convolab.definition.mistakes.changes import COLUMNS, ROWS, Axes, only_taps, per_direction, shift
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Terms, inputs_meeting, outputs_meeting
from convolab.definition.mistakes.variation import BACK, EITHER, FORWARD, WEIGHT, Change, Variation, in_turn


def _confused(target: int, source: int) -> tuple[Variation, ...]:
    """Return the ways in which the index along `target` is computed from a variable that runs along `source`."""

    def input_from_output(terms: Terms) -> None:
        axis = terms.geometry.axes[target]
        terms.i[:, target] = inputs_meeting(axis, terms.o[:, source], terms.k[:, target])

    def input_from_kernel(terms: Terms) -> None:
        axis = terms.geometry.axes[target]
        terms.i[:, target] = inputs_meeting(axis, terms.o[:, target], terms.k[:, source])

    def input_from_both(terms: Terms) -> None:
        axis = terms.geometry.axes[target]
        terms.i[:, target] = inputs_meeting(axis, terms.o[:, source], terms.k[:, source])

    def kernel_from_kernel(terms: Terms) -> None:
        terms.k[:, target] = terms.k[:, source]

    def output_from_output(terms: Terms) -> None:
        terms.o[:, target] = terms.o[:, source]

    def output_from_input(terms: Terms) -> None:
        terms.o[:, target] = outputs_meeting(terms.geometry.axes[target], terms.i[:, source], terms.k[:, target])

    def output_from_kernel(terms: Terms) -> None:
        terms.o[:, target] = outputs_meeting(terms.geometry.axes[target], terms.i[:, target], terms.k[:, source])

    def within_true_bounds(change: Change) -> Change:
        """Loop over the true taps, and only then compute the index wrongly."""
        return in_turn(only_taps, change)

    n, m = ("column", "row") if target == COLUMNS else ("row", "column")
    image = f"the {n} in the image is computed from the {m} of the output"
    window = f"the {n} in the image is computed from the {m} in the kernel"
    both = f"the {n} in the image is computed as its {m} is"
    weight = f"the {n} in the kernel is the {m}'s index"
    slip = f"the {n} in the output gradient is computed from the {m} of the input, as in b = i - l"
    slips = f"the {n} in the output gradient is computed from the {m} in the kernel"
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
        Variation(weight, EITHER, taps=kernel_from_kernel, least_dims=2),
        Variation(weight, BACK, taps=within_true_bounds(kernel_from_kernel), least_dims=2),
        Variation(f"the {n} in the output gradient is the {m}'s index", WEIGHT, taps=output_from_output, least_dims=2),
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


def _shifted(direction: str, which: Axes, dims: int) -> Iterator[Variation]:
    """Return the ways in which an index is one too high or too low."""
    for by, word in ((1, "too far"), (-1, "too early")):
        note = f"one position {word} along {f'the {direction}' if direction else 'every axis'}"
        off = shift("o", by, which)
        for edge in ("pad", "guard", "bare", "low", "slice"):
            yield Variation(note, taps=shift("i", by, which), edge=edge, least_dims=dims)
        for edge in ("guard", "bare", "low"):
            yield Variation(note, BACK, taps=off, edge=edge, gather=True, least_dims=dims)
        yield Variation(note, BACK, taps=in_turn(only_taps, off), edge="bare", gather=True, least_dims=dims)
        yield Variation(f"{note}, in the kernel", EITHER, taps=shift("k", by, which), least_dims=dims)
        yield Variation(f"{note}, in the output gradient", WEIGHT, taps=off, least_dims=dims)


CONFUSED = [
    Mistake(
        "row-index-for-column",
        "A row index stands where a column index belongs",
        "A column is computed from a variable that runs over rows.",
        "Name each index after what it runs over, and check both halves of every pair: the second is for columns.",
        _confused(COLUMNS, ROWS),
    ),
    Mistake(
        "column-index-for-row",
        "A column index stands where a row index belongs",
        "A row is computed from a variable that runs over columns.",
        "Name each index after what it runs over, and check both halves of every pair: the first is for rows.",
        _confused(ROWS, COLUMNS),
    ),
    Mistake(
        "off-by-one",
        "An index is off by one",
        "Every product uses a position one too far or one too early.",
        "Is a position counted from 0 or from 1 here? Put the first and the last position into the formula by hand.",
        per_direction(_shifted),
    ),
]
