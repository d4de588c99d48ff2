"""Mistakes of covering: products that are left out or taken twice, and results of the wrong size."""

from dataclasses import replace

import numpy as np

from convolab.definition.mistakes.changes import (
    COLUMNS,
    DIRECTIONS,
    ROWS,
    axes,
    blank,
    change_axes,
    crop,
    extend,
    extreme,
    keep_if,
    last_of,
    resized,
)
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.variation import Sum, Variation
from convolab.geometry import AXIS_SIZES, OPERATIONS, Axis

FORWARD, BACK, WEIGHT = ("forward",), ("input_gradient",), ("weight_gradient",)
EITHER = FORWARD + BACK


def per_direction(make) -> tuple[Variation, ...]:
    """`make(name, axes, least dims)` along every axis, along the rows and along the columns."""
    return tuple(
        v for name, which in (("", None), *list(DIRECTIONS.items())[:2]) for v in make(name, which, 2 if name else 1)
    )


def _along(text: str, name: str) -> str:
    return f"{text}, along the {name} only" if name else text


def ceiling(axis: Axis) -> Axis:
    reach = axis.input + axis.before + axis.after - axis.span
    return replace(axis, output=-(-reach // axis.stride) + 1)


def centred(axis: Axis) -> Axis:
    return resized(axis, before=axis.before + (axis.span - 1) // 2, after=axis.after + axis.span // 2)


def full(axis: Axis) -> Axis:
    return resized(axis, before=axis.before + axis.span - 1, after=axis.after + axis.span - 1)


def without_stride(axis: Axis) -> Axis:
    return replace(axis, output=resized(axis, stride=1).output)


def more(by: int):
    return lambda axis: replace(axis, output=max(1, axis.output + by))


def _keep_first(counts):
    """Only the first outputs along each axis, as many as `counts(axis)`."""
    return change_axes(lambda a: replace(a, output=min(a.output, counts(a))))


def _centre(sum: Sum, result):
    """The input gradient with as many positions as the upstream gradient, from its middle."""
    for a, axis in zip(axes(sum), sum.geometry.axes, strict=True):
        skip = (axis.input - axis.output) // 2
        result = np.take(result, range(skip, skip + min(axis.output, axis.input - skip)), axis=a)
    return result


def _valid_part(sum: Sum, result):
    """The input gradient where every kernel position meets an output: a valid correlation in place of a full one."""
    for a, axis in zip(axes(sum), sum.geometry.axes, strict=True):
        inner = range(axis.kernel - 1, axis.output)
        if not inner:
            raise ValueError("nothing is left")
        result = np.take(result, inner, axis=a)
    return result


def sizes() -> tuple[Variation, ...]:
    found: list[Variation] = []
    for edge in ("guard", "pad"):
        found += per_direction(
            lambda name, which, dims, edge=edge: [
                Variation(
                    _along("one too large", name),
                    FORWARD,
                    arguments=change_axes(more(1), which),
                    edge=edge,
                    least_dims=dims,
                )
            ]
        )
        found += [
            Variation(
                "as large as the input", FORWARD, arguments=change_axes(lambda a: replace(a, output=a.input)), edge=edge
            ),
            Variation(
                "rounded up where the stride does not divide", FORWARD, arguments=change_axes(ceiling), edge=edge
            ),
            Variation("computed without the stride", FORWARD, arguments=change_axes(without_stride), edge=edge),
        ]
    found += per_direction(
        lambda name, which, dims: [
            Variation(_along("the last position is missing", name), result=crop(1, which), least_dims=dims),
            Variation(_along("a line of zeros is appended", name), result=extend(_one_more, which), least_dims=dims),
        ]
    )
    found += [
        Variation("as large as the input, with zeros behind the values", FORWARD, result=extend(_input_size)),
        Variation("as large as the padded input, with zeros behind the values", FORWARD, result=extend(_padded_size)),
        Variation(
            "the size of a 'same' convolution, with padding that was not asked for",
            FORWARD,
            arguments=change_axes(centred),
        ),
        Variation(
            "the size of a 'full' convolution, with padding that was not asked for",
            FORWARD,
            arguments=change_axes(full),
        ),
        Variation(
            "computed without the stride, with zeros behind the values", FORWARD, result=extend(_size_without_stride)
        ),
        Variation("as large as the upstream gradient, cut from the middle", BACK, result=_centre),
        Variation("as large as the upstream gradient", BACK, result=_first_outputs),
        Variation(
            "only the positions that every weight reaches ('valid' in place of 'full')", BACK, result=_valid_part
        ),
        Variation("as large as the input, with zeros behind the values", WEIGHT, result=extend(_input_size)),
    ]
    return tuple(found)


def _one_more(sum: Sum, axis: int) -> int:
    part = AXIS_SIZES[OPERATIONS[sum.operation].result]
    return getattr(sum.geometry.axes[axis], part) + 1


def _input_size(sum: Sum, axis: int) -> int:
    return sum.geometry.axes[axis].input


def _padded_size(sum: Sum, axis: int) -> int:
    a = sum.geometry.axes[axis]
    return a.input + a.before + a.after


def _size_without_stride(sum: Sum, axis: int) -> int:
    return without_stride(sum.geometry.axes[axis]).output


def _first_outputs(sum: Sum, result):
    for a, axis in zip(axes(sum), sum.geometry.axes, strict=True):
        result = np.take(result, range(min(axis.output, result.shape[a])), axis=a)
    return result


SIZES = [
    Mistake(
        "output-size",
        "The result has the wrong size",
        "The formula for the size of the result is wrong",
        "Try the formula with a kernel of one pixel, and with a kernel as large as the image: what must come out?",
        sizes(),
    ),
]


def dropped(end: str):
    """A loop that begins one late or ends one early."""

    def at(sum: Sum, name: str, a: int) -> np.ndarray:
        size = {"k": sum.geometry.kernel, "o": sum.geometry.output}[name][a]
        return getattr(sum, name)[:, a] == (size - 1 if end == "last" else 0)

    def without(name: str, which):
        return keep_if(lambda sum: ~np.any([at(sum, name, a) for a in axes(sum, which)], axis=0))

    def make(name, which, dims):
        yield Variation(_along("in the kernel", name), EITHER, taps=without("k", which), least_dims=dims)
        yield Variation(_along("of the outputs", name), WEIGHT + BACK, taps=without("o", which), least_dims=dims)
        yield Variation(
            _along("at every position, of those that exist there", name),
            EITHER,
            taps=extreme("k", which, end),
            least_dims=dims,
        )
        yield Variation(
            _along("at every position, of those that exist there", name),
            WEIGHT,
            taps=extreme("o", which, end),
            least_dims=dims,
        )

    return per_direction(make)


def _last_channel(sum: Sum) -> None:
    if sum.operation == "input_gradient":
        per_group = sum.geometry.out_channels // sum.geometry.groups
        sum.keep(sum.co % per_group < per_group - 1)
    else:
        sum.keep(sum.c < sum.geometry.weight_shape[1] - 1)


def _whole_windows(sum: Sum) -> None:
    """Only outputs whose window lies within the image."""
    firsts = [sum.inputs_meeting(a, sum.o[:, n], 0) for n, a in enumerate(sum.geometry.axes)]
    ok = [(f >= 0) & (f + a.span <= a.input) for f, a in zip(firsts, sum.geometry.axes, strict=True)]
    sum.keep(np.all(ok, axis=0))


def _covered(sum: Sum) -> None:
    """Only inputs that as many taps reach as any."""
    sum.keep(sum.inside())
    filed = sum.filed()
    counts = np.bincount(filed)
    sum.keep((counts == counts.max(initial=0))[filed])


LEFT_OUT = [
    Mistake(
        "last-tap-dropped",
        "The last product of every sum is missing",
        "A loop ends one too early: its last position is left out.",
        "range(a, b) ends at b - 1. Which is the last index that your loop visits?",
        dropped("last"),
    ),
    Mistake(
        "first-tap-dropped",
        "The first product of every sum is missing",
        "A loop begins one too late: its first position is left out.",
        "Where does counting start? Which is the first index that your loop visits?",
        dropped("first"),
    ),
    Mistake(
        "missing-border",
        "The border is left out",
        "Elements near the border of the result stay zero or incomplete.",
        "Compute the corner by hand: which products does it have?",
        (
            Variation("one line at each side stays zero", result=blank(1, 1)),
            *per_direction(
                lambda name, which, dims: [
                    Variation(_along("the last line stays zero", name), result=blank(0, 1, which), least_dims=dims),
                    Variation(_along("the first line stays zero", name), result=blank(1, 0, which), least_dims=dims),
                ]
            ),
            Variation("windows that reach into the padding are skipped", FORWARD + WEIGHT, taps=_whole_windows),
            Variation("windows that reach into the padding are skipped", BACK, taps=_whole_windows),
            Variation("only positions that every weight reaches are filled", BACK, taps=_covered),
        ),
    ),
    Mistake(
        "last-channel-dropped",
        "The last channel is left out",
        "The sum over the channels ends one too early.",
        "Which is the last channel that your loop visits?",
        (Variation("", taps=_last_channel),),
    ),
]


def _read_channel_zero(sum: Sum) -> None:
    sum.ci = np.zeros_like(sum.ci)


def _weight_channel_zero(sum: Sum) -> None:
    sum.c = np.zeros_like(sum.c)


def _first_of_group(sum: Sum) -> np.ndarray:
    return sum.co % (sum.geometry.out_channels // sum.geometry.groups) == 0


def _repeat_first(axis: int):
    return lambda sum, result: np.repeat(np.take(result, [0], axis=axis), result.shape[axis], axis=axis)


def _only_first(axis: int):
    """Zeros in all but the first entry along the batch or the channels."""

    def result(sum: Sum, result):
        return result * (np.arange(result.shape[axis]) == 0).reshape(
            [-1 if a == axis else 1 for a in range(result.ndim)]
        )

    return result


def _take_first(axis: int):
    return lambda sum, result: np.take(result, [0], axis=axis)


def _only_batch(which: slice):
    """Only a part of the batch takes part."""

    def arguments(sum: Sum) -> None:
        for name in ("input", "grad_output"):
            sum.arrays[name] = np.asarray(sum.arrays[name])[which]

    return arguments


def _blank_others(sum: Sum) -> None:
    """Zeros for all images but the first; the bias is added to all."""
    images = np.asarray(sum.arrays["input"])
    sum.arrays["input"] = images * (np.arange(len(images)) == 0).reshape(-1, *[1] * (images.ndim - 1))


def _first_weights(sum: Sum) -> None:
    weight = np.asarray(sum.arrays["weight"])
    sum.arrays["weight"] = np.repeat(weight[:1], len(weight), axis=0)


def _group_zero(sum: Sum) -> None:
    sum.ci = sum.c.copy()


CHANNELS = [
    Mistake(
        "first-channel-only",
        "Only the first channel counts",
        "Of several channels only the first takes part",
        "How many numbers does one output add up? Is the number of channels among the factors?",
        (
            Variation("the sum runs over it alone", FORWARD, taps=keep_if(lambda s: s.c == 0)),
            Variation("it is read in place of the others", FORWARD, taps=_read_channel_zero),
            Variation("its weights are used for the others too", EITHER, taps=_weight_channel_zero),
            Variation(
                "the sum over the output channels runs over the first alone", BACK, taps=keep_if(_first_of_group)
            ),
            Variation("only its gradient is filled in", BACK, taps=keep_if(lambda s: s.c == 0)),
            Variation("only its gradient is filled in", WEIGHT, taps=keep_if(lambda s: s.c == 0)),
            Variation("it is read in place of the others", WEIGHT, taps=_read_channel_zero),
        ),
    ),
    Mistake(
        "first-filter-only",
        "Only the first filter is used",
        "Of several output channels only the first is computed, or all are alike.",
        "Each output channel has weights of its own. Which index of the weight chooses them?",
        (
            Variation("the others stay zero", FORWARD, result=_only_first(1)),
            Variation("the others add nothing", FORWARD + WEIGHT, taps=keep_if(_first_of_group)),
            Variation("the others repeat it", FORWARD, result=_repeat_first(1)),
            Variation("its weights are used for the others too", FORWARD, arguments=_first_weights),
            Variation("the others are missing", FORWARD, result=_take_first(1)),
            Variation("the others stay zero", WEIGHT, result=_only_first(0)),
            Variation("the others repeat it", WEIGHT, result=_repeat_first(0)),
            Variation("the others are missing", WEIGHT, result=_take_first(0)),
        ),
    ),
    Mistake(
        "batch-zero-only",
        "Only the first image of the batch counts",
        "Of several images in the batch only the first takes part",
        "Try a batch of two different images, and look at the second one's result.",
        (
            Variation("the others stay zero", EITHER, result=_only_first(0)),
            Variation("the others add nothing", FORWARD, arguments=_blank_others),
            Variation("the others repeat it", EITHER, result=_repeat_first(0)),
            Variation("the others are missing", EITHER, result=_take_first(0)),
            Variation("the gradient adds up its products alone", WEIGHT, arguments=_only_batch(slice(0, 1))),
        ),
    ),
    Mistake(
        "groups-ignored",
        "Every group reads the first group's channels",
        "The channel within the group is used as if it were the channel of the input.",
        "Group g begins at which input channel?",
        (Variation("", taps=_group_zero),),
    ),
    Mistake(
        "overwrites",
        "= where += belongs",
        "Each product replaces the sum so far and is not added to it: only the last one stays",
        "How many products should one element add up, and how many does it contain at the end?",
        (
            Variation("", FORWARD, taps=last_of("c", "k", only_real=False)),
            Variation("", FORWARD, taps=last_of("c", "k")),
            Variation("", BACK, taps=last_of("co", "o")),
            Variation("", BACK, taps=last_of("co", "k")),
            Variation("", BACK, taps=last_of("o", "co")),
            Variation("", BACK, taps=last_of("o")),
            Variation("", BACK, taps=last_of("k")),
            Variation("", WEIGHT, taps=last_of("o", only_real=False), arguments=_only_batch(slice(-1, None))),
            Variation("", WEIGHT, taps=last_of("o"), arguments=_only_batch(slice(-1, None))),
            Variation("the last of every channel is added", FORWARD, taps=last_of("k", only_real=False)),
            Variation("the last of every channel is added", FORWARD, taps=last_of("k")),
            Variation(
                "only the last row of the kernel stays",
                FORWARD,
                taps=keep_if(lambda s: s.k[:, 0] == s.geometry.kernel[0] - 1),
                least_dims=2,
            ),
            Variation(
                "only the last channel stays", FORWARD, taps=keep_if(lambda s: s.c == s.geometry.weight_shape[1] - 1)
            ),
            Variation(
                "only the last row of the last channel stays",
                FORWARD,
                taps=keep_if(
                    lambda s: (s.c == s.geometry.weight_shape[1] - 1) & (s.k[:, 0] == s.geometry.kernel[0] - 1)
                ),
                least_dims=2,
            ),
            Variation("only the last output channel stays", BACK, taps=last_of("co")),
            Variation("only the last image of the batch stays", WEIGHT, arguments=_only_batch(slice(-1, None))),
            Variation("the last of every image is added", WEIGHT, taps=last_of("o", only_real=False)),
            Variation("the last of every image is added", WEIGHT, taps=last_of("o")),
            Variation(
                "only the last row of outputs stays",
                WEIGHT,
                taps=keep_if(lambda s: s.o[:, 0] == s.geometry.output[0] - 1),
                least_dims=2,
            ),
            Variation(
                "only the last row of the last image stays",
                WEIGHT,
                arguments=_only_batch(slice(-1, None)),
                taps=keep_if(lambda s: s.o[:, 0] == s.geometry.output[0] - 1),
                least_dims=2,
            ),
        ),
    ),
]


def reaches(axis: Axis, outputs: range, kernels: range) -> bool:
    """Whether any of these outputs meets any of these kernel positions within the input."""
    return any(0 <= axis.input_position(o, k) < axis.input for o in outputs for k in kernels)


def one_size_for_both(target: int, source: int) -> tuple[Variation, ...]:
    """A size of axis `source` is used along axis `target`."""

    def kernel_loop(sum: Sum) -> None:
        """range(kH) for the columns: some are left out, or an index that does not exist is asked for."""
        own, other = sum.geometry.kernel[target], sum.geometry.kernel[source]
        if other > own:
            raise IndexError("kernel index out of range")
        sum.keep(sum.k[:, target] < other)

    def output_loop(sum: Sum) -> None:
        own, other = sum.geometry.output[target], sum.geometry.output[source]
        if other > own:
            raise IndexError("output index out of range")
        sum.keep(sum.o[:, target] < other)

    def guarded_kernel_loop(sum: Sum) -> None:
        """The same where the image's index is tested first: a weight that does not exist may never be asked for."""
        axis, other = sum.geometry.axes[target], sum.geometry.kernel[source]
        if reaches(axis, range(axis.output), range(axis.kernel, other)):
            raise IndexError("kernel index out of range")
        sum.keep(sum.k[:, target] < other)

    def guarded_output_loop(sum: Sum) -> None:
        axis, other = sum.geometry.axes[target], sum.geometry.output[source]
        if reaches(axis, range(axis.output, other), range(axis.kernel)):
            raise IndexError("output index out of range")
        sum.keep(sum.o[:, target] < other)

    def sized(size):
        """The result's size along the axis is another."""

        def arguments(sum: Sum) -> None:
            change_axes(lambda a: size(a, sum.geometry.axes[source]), (target,))(sum)

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
            f"the number of {m} of the upstream gradient is used for its {n}",
            WEIGHT + BACK,
            taps=output_loop,
            least_dims=2,
        ),
        Variation(f"the number of kernel {m} is used for its {n}", EITHER, taps=guarded_kernel_loop, least_dims=2),
        Variation(
            f"the number of {m} of the upstream gradient is used for its {n}",
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
        one_size_for_both(COLUMNS, ROWS),
    ),
    Mistake(
        "width-for-height",
        "A width stands where a height belongs",
        "A number of columns is used as if it were a number of rows",
        "Try a kernel or an image that is not square, and check each shape[0] and shape[1].",
        one_size_for_both(ROWS, COLUMNS),
    ),
]
