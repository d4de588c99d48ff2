"""Mistakes of value and of manner: the right taps, and something else done with their products."""

from itertools import count
from math import prod

import numpy as np

from convolab.definition.mistakes.changes import times
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.variation import Sum, Variation

FORWARD, BACK, WEIGHT = ("forward",), ("input_gradient",), ("weight_gradient",)


def scaled_by(factor: float, *, bias: bool = True) -> Variation:
    """Every value multiplied by one constant, with the bias or before it is added."""
    note = f"the factor is {factor:.6g}"
    if not bias:
        return Variation(note, FORWARD, arguments=products_times(lambda sum: factor))
    return Variation(note, result=lambda sum, result: result * factor)


def products_times(factor):
    """Every product multiplied by a factor; the bias is not."""
    return lambda sum: sum.arrays.update(weight=np.asarray(sum.arrays["weight"]) * factor(sum))


def part(*parts: str):
    """One over the number of kernel positions, outputs, channels or images, or over a product of them."""

    def factor(sum: Sum) -> float:
        g = sum.geometry
        counts: dict[str, int] = {
            "kernel": prod(g.kernel),
            "output": prod(g.output),
            "in": g.weight_shape[1],
            "out": g.out_channels // g.groups,
            "batch": g.batch,
        }
        return 1 / prod(counts[p] for p in parts)

    return factor


def mean_over(*parts: str):
    return times(part(*parts))


def _integers(name: str | None = None):
    """The result as the type of one factor stores it: integers drop fractions and wrap around."""

    def result(sum: Sum, result):
        dtype = np.asarray(sum.arrays[name]).dtype
        return result if dtype.kind == "f" else result.astype(np.int64).astype(dtype)

    return result


def _truncate(sum: Sum, result):
    return np.trunc(result).astype(np.int64) if result.dtype.kind == "f" else result


def _truncate_running(sums, index, products) -> None:
    """Each sum cut to an integer after every product."""
    for row, column in enumerate(index):
        sums[:, column] = np.trunc(sums[:, column] + products[:, row])


def _truncate_factors(sum: Sum) -> None:
    for name, array in sum.arrays.items():
        if array is not None and np.asarray(array).dtype.kind == "f":
            sum.arrays[name] = np.trunc(array)


def _without_bias(sum: Sum) -> None:
    sum.arrays["bias"] = None


def _bias_in_every_product(sum: Sum) -> None:
    if sum.arrays.get("bias") is not None:
        sum.arrays["bias"] = np.asarray(sum.arrays["bias"]) * sum.geometry.products


def _bias_in_every_channel(sum: Sum) -> None:
    if sum.arrays.get("bias") is not None:
        sum.arrays["bias"] = np.asarray(sum.arrays["bias"]) * sum.geometry.weight_shape[1]


def _ones(name: str):
    return lambda sum: sum.arrays.update({name: np.ones_like(sum.arrays[name])})


def _summed(name: str):
    return lambda sum: sum.arrays.update({name: np.full_like(sum.arrays[name], np.sum(sum.arrays[name]))})


def _normalised(sum: Sum, result):
    largest = np.abs(result).max(initial=0)
    return result / largest if largest else result


def _spoil(arrays: dict) -> None:
    for array in arrays.values():
        if array is not None:
            array[...] = 0


_calls = count(1)

VALUES = [
    Mistake(
        "channel-mean",
        "The channels are averaged",
        "The sum over the channels is divided by their number.",
        "Is a convolution a sum or a mean over its channels?",
        (
            Variation("", FORWARD, result=mean_over("in")),
            Variation("", FORWARD, arguments=products_times(part("in"))),
            Variation("", BACK, result=mean_over("out")),
        ),
    ),
    Mistake(
        "mean-for-sum",
        "A mean stands where a sum belongs",
        "The products are averaged and not added up",
        "Try an image and a kernel of ones only: what must come out?",
        (
            Variation("divided by the size of the kernel", result=mean_over("kernel")),
            Variation("divided by the number of products", FORWARD, result=mean_over("kernel", "in")),
            Variation("divided by the size of the kernel", FORWARD, arguments=products_times(part("kernel"))),
            Variation("divided by the number of products", FORWARD, arguments=products_times(part("kernel", "in"))),
            Variation("divided by the number of products", BACK, result=mean_over("kernel", "out")),
            Variation("divided by the number of outputs", BACK + WEIGHT, result=mean_over("output")),
            Variation("divided by the number of products", WEIGHT, result=mean_over("output", "batch")),
        ),
    ),
    Mistake(
        "batch-mean",
        "The gradient is averaged over the batch",
        "The sum over the images of the batch is divided by their number.",
        "The upstream gradient already belongs to the loss as it is: what does dividing by the batch change?",
        (Variation("", BACK + WEIGHT, result=mean_over("batch")),),
    ),
    Mistake(
        "scaled",
        "Every value has the same factor too much",
        "The result is the right one times a constant",
        "Compute one element by hand and divide: where could that factor come from?",
        (scaled_by(2.0), scaled_by(0.5), scaled_by(2.0, bias=False), scaled_by(0.5, bias=False)),
    ),
    Mistake(
        "sign",
        "The sign is wrong",
        "Every value is the negative of the right one.",
        "Which sign does a single product of two positive numbers get?",
        (
            Variation("", result=times(lambda sum: -1)),
            Variation("", FORWARD, arguments=products_times(lambda sum: -1)),
        ),
    ),
    Mistake(
        "bias-ignored",
        "The bias is not added",
        "The bias is taken as an argument and never used.",
        "What must come out for an image of zeros?",
        (Variation("", FORWARD, arguments=_without_bias),),
    ),
    Mistake(
        "bias-repeated",
        "The bias is added more than once",
        "The bias is added inside the sum, and so as often as the sum has terms.",
        "What must come out for an image of zeros?",
        (
            Variation("once for every product", FORWARD, arguments=_bias_in_every_product),
            Variation("once for every channel", FORWARD, arguments=_bias_in_every_channel),
        ),
    ),
    Mistake(
        "kernel-ignored",
        "The kernel's values are not used",
        "Pixels are added up without their weights.",
        "Double every weight: what must happen to the result?",
        (Variation("", FORWARD + BACK, arguments=_ones("weight")),),
    ),
    Mistake(
        "upstream-ignored",
        "The upstream gradient is not used",
        "The gradient is computed as if ∂L/∂y were the same everywhere",
        "The chain rule has a factor for every output. Which one is it in your sum?",
        (
            Variation("ones", BACK + WEIGHT, arguments=_ones("grad_output")),
            Variation("its sum", BACK + WEIGHT, arguments=_summed("grad_output")),
        ),
    ),
    Mistake(
        "integer-output",
        "Fractions are lost in an integer array",
        "The result is kept in integers: what lies behind the point is cut off",
        "Which dtype does the array have in which the result is collected?",
        (
            Variation("at the end", result=_truncate),
            Variation("after every product", accumulate=_truncate_running),
            Variation("after every product", BACK, accumulate=_truncate_running, gather=True),
            Variation("by rounding", result=lambda sum, result: np.rint(result)),
            Variation("by rounding down", result=lambda sum, result: np.floor(result)),
            Variation("in the arguments already", arguments=_truncate_factors),
            Variation("in the type of the image", FORWARD + WEIGHT, result=_integers("input")),
        ),
    ),
    Mistake(
        "not-linear",
        "The result is not linear in its arguments",
        "Twice the image must give twice the result, and a sum of images the sum of their results",
        "Look for whatever stands behind the sum: a clip, an absolute value, an activation, a constant.",
        (
            Variation("negative results become zero", result=lambda sum, result: np.maximum(result, 0)),
            Variation("results are clipped to 0 … 255", result=lambda sum, result: np.clip(result, 0, 255)),
            Variation("results lose their sign", result=lambda sum, result: np.abs(result)),
            Variation("results are clipped to 0 … 1", result=lambda sum, result: np.clip(result, 0, 1)),
            Variation("results are divided by the largest", result=_normalised),
            Variation("a constant is added", result=lambda sum, result: result + 1),
        ),
    ),
    Mistake(
        "constant-output",
        "The result does not depend on the arguments",
        "The same values come out whatever goes in",
        "Does the array that you return ever receive a value?",
        (
            Variation("zeros", result=lambda sum, result: np.zeros_like(result)),
            Variation("ones", result=lambda sum, result: np.ones_like(result)),
        ),
    ),
]

MANNERS = [
    Mistake(
        "mutates-input",
        "The arguments are changed",
        "After the call the caller's arrays hold other values than before.",
        "Which of your statements writes into an array that was handed in?",
        (Variation("", spoils=_spoil),),
        observed=True,
    ),
    Mistake(
        "returns-nothing",
        "Nothing is returned",
        "The function ends without handing its result back.",
        "What does Python return from a function without a return statement?",
        (Variation("", result=lambda sum, result: None),),
        observed=True,
    ),
    Mistake(
        "wrong-dtype",
        "The result has a type that does not fit",
        "The elements of the result are of a type that cannot stand for the sums",
        "Print result.dtype.",
        (
            Variation("complex numbers", result=lambda sum, result: result.astype(complex)),
            Variation("float16", result=lambda sum, result: result.astype(np.float16)),
            Variation("truth values", result=lambda sum, result: result.astype(bool)),
        ),
        observed=True,
    ),
    Mistake(
        "not-repeatable",
        "The same call gives different results",
        "Called twice with the same arguments, the function answers differently.",
        "What does the function remember from one call to the next, or draw at random?",
        (Variation("", result=lambda sum, result: result * next(_calls)),),
        observed=True,
    ),
]

__all__ = ["MANNERS", "VALUES", "scaled_by"]
