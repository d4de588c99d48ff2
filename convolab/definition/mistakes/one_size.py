"""Mistakes of height and width: a size along one axis is used along the other."""

from collections.abc import Callable
from dataclasses import replace

from convolab.definition.mistakes.changes import COLUMNS, ROWS, change_axes, resized
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Terms
from convolab.definition.mistakes.variation import BACK, EITHER, FORWARD, WEIGHT, Change, Variation
from convolab.geometry import Axis


def _reaches(axis: Axis, outputs: range, kernels: range) -> bool:
    """Return whether any of these outputs meets any of these kernel positions within the input."""
    return any(0 <= axis.input_position(o, k) < axis.input for o in outputs for k in kernels)


def _one_size_for_both(target: int, source: int) -> tuple[Variation, ...]:
    """Return the ways in which a size of axis `source` is used along axis `target`."""

    def kernel_loop(terms: Terms) -> None:
        """Loop over range(kH) for the columns: some are left out, or a weight that does not exist is asked for."""
        own, other = terms.geometry.kernel[target], terms.geometry.kernel[source]
        if other > own:
            raise IndexError("kernel index out of range")
        terms.keep(terms.k[:, target] < other)

    def output_loop(terms: Terms) -> None:
        own, other = terms.geometry.output[target], terms.geometry.output[source]
        if other > own:
            raise IndexError("output index out of range")
        terms.keep(terms.o[:, target] < other)

    def guarded_kernel_loop(terms: Terms) -> None:
        """Loop in the same way, with the image's index tested first: such a weight may then never be asked for."""
        axis, other = terms.geometry.axes[target], terms.geometry.kernel[source]
        if _reaches(axis, range(axis.output), range(axis.kernel, other)):
            raise IndexError("kernel index out of range")
        terms.keep(terms.k[:, target] < other)

    def guarded_output_loop(terms: Terms) -> None:
        axis, other = terms.geometry.axes[target], terms.geometry.output[source]
        if _reaches(axis, range(axis.output, other), range(axis.kernel)):
            raise IndexError("output index out of range")
        terms.keep(terms.o[:, target] < other)

    def sized(size: Callable[[Axis, Axis], Axis]) -> Change:
        """Change the result's size along the axis."""

        def arguments(terms: Terms) -> None:
            change_axes(lambda a: size(a, terms.geometry.axes[source]), (target,))(terms)

        return arguments

    def kernel_in_size(own: Axis, other: Axis) -> Axis:
        return replace(own, output=resized(replace(own, kernel=other.kernel)).output)

    def input_in_size(own: Axis, other: Axis) -> Axis:
        return replace(own, output=resized(replace(own, input=other.input)).output)

    def output_size(own: Axis, other: Axis) -> Axis:
        return replace(own, output=other.output)

    def gradient_kernel(own: Axis, other: Axis) -> Axis:
        return replace(own, input=own.input - own.span + other.span)

    def gradient_output(own: Axis, other: Axis) -> Axis:
        return replace(own, input=own.input - own.stride * (own.output - other.output))

    def gradient_input(own: Axis, other: Axis) -> Axis:
        return replace(own, input=other.input)

    def weight_size(own: Axis, other: Axis) -> Axis:
        return replace(own, kernel=other.kernel)

    n, m = ("columns", "rows") if target == COLUMNS else ("rows", "columns")
    found = [
        Variation(f"the number of kernel {m} is used for its {n}", EITHER, taps=kernel_loop, least_dims=2),
        Variation(
            f"the number of {m} of the output gradient is used for its {n}",
            WEIGHT + BACK,
            taps=output_loop,
            least_dims=2,
        ),
        Variation(f"the number of kernel {m} is used for its {n}", EITHER, taps=guarded_kernel_loop, least_dims=2),
        Variation(
            f"the number of {m} of the output gradient is used for its {n}",
            WEIGHT + BACK,
            taps=guarded_output_loop,
            least_dims=2,
        ),
    ]
    for edge in ("pad", "guard"):
        for size, text in (
            (kernel_in_size, f"the kernel's {m} are used in the size of the result along the {n}"),
            (input_in_size, f"the image's {m} are used in the size of the result along the {n}"),
            (output_size, f"the result has as many {n} as {m}"),
        ):
            found.append(Variation(text, FORWARD, arguments=sized(size), edge=edge, least_dims=2))
        found.append(
            Variation(
                f"the kernel's {m} are used for its {n} throughout",
                FORWARD,
                arguments=sized(kernel_in_size),
                taps=kernel_loop,
                edge=edge,
                least_dims=2,
            )
        )
        for size in (gradient_kernel, gradient_output, gradient_input):
            text = f"the size of the result along the {n} is computed from that of the {m}"
            found.append(Variation(text, BACK, arguments=sized(size), edge=edge, least_dims=2))
        found.append(
            Variation(
                f"the result has as many {n} as {m}", WEIGHT, arguments=sized(weight_size), edge=edge, least_dims=2
            )
        )
    return tuple(found)


ONE_SIZE = [
    Mistake(
        "height-for-width",
        "A height stands where a width belongs",
        "A number of rows is used as if it were a number of columns",
        "Try a kernel or an image that is not square, and check each shape[0] and shape[1].",
        _one_size_for_both(COLUMNS, ROWS),
    ),
    Mistake(
        "width-for-height",
        "A width stands where a height belongs",
        "A number of columns is used as if it were a number of rows",
        "Try a kernel or an image that is not square, and check each shape[0] and shape[1].",
        _one_size_for_both(ROWS, COLUMNS),
    ),
]
