"""Mistakes of value: the right products, and something else done with them."""

from collections.abc import Callable
from math import prod
from typing import Any, TypeAlias

import numpy as np

from convolab.definition.mistakes.changes import times
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Terms
from convolab.definition.mistakes.variation import BACK, EITHER, FORWARD, WEIGHT, Change, ResultChange, Variation
from convolab.geometry import Geometry

Factor: TypeAlias = Callable[[Terms], float]


def scaled_by(factor: float, *, bias: bool = True) -> Variation:
    """Return the variation that multiplies every value by one constant, with the bias or before it is added."""
    note = f"the factor is {factor:.6g}"
    if not bias:
        return Variation(note, FORWARD, arguments=_products_times(lambda terms: factor))
    return Variation(note, result=times(lambda terms: factor))


def _products_times(factor: Factor) -> Change:
    """Multiply every product by a factor, and not the bias."""

    def arguments(terms: Terms) -> None:
        terms.arrays["weight"] = np.asarray(terms.arrays["weight"]) * factor(terms)

    return arguments


def _part(*parts: str) -> Factor:
    """Return one over the number of kernel positions, outputs, channels or images, or over a product of them."""

    def factor(terms: Terms) -> float:
        g = terms.geometry
        counts = {
            "kernel": prod(g.kernel),
            "output": prod(g.output),
            "in": g.weight_shape[1],
            "out": g.out_channels // g.groups,
            "batch": g.batch,
        }
        return 1 / prod(counts[p] for p in parts)

    return factor


def _mean_over(*parts: str) -> ResultChange:
    return times(_part(*parts))


def _in_the_type_of_the_image(terms: Terms, result: np.ndarray) -> np.ndarray:
    """Store the result in the input's type: integers drop fractions and wrap around."""
    dtype = np.asarray(terms.arrays["input"]).dtype
    return result if dtype.kind == "f" else result.astype(np.int64).astype(dtype)


def _accumulate_in_type(*, products_first: bool) -> Change:
    """Add every product to a sum in the image's type, which is cut and wraps around each time."""

    def arguments(terms: Terms) -> None:
        dtype = np.asarray(terms.arrays["input"]).dtype

        def accumulate(sums: np.ndarray, index: np.ndarray, products: np.ndarray) -> None:
            if products_first:
                products = products.astype(np.int64).astype(dtype)
            for row, column in enumerate(index):
                total = sums[:, column] + products[:, row]
                sums[:, column] = total.astype(np.int64).astype(dtype)

        if dtype.kind != "f":
            terms.accumulate = accumulate

    return arguments


def _truncate(terms: Terms, result: np.ndarray) -> np.ndarray:
    return np.trunc(result).astype(np.int64) if result.dtype.kind == "f" else result


def _truncate_running(sums: np.ndarray, index: np.ndarray, products: np.ndarray) -> None:
    """Cut each sum to an integer after every product."""
    for row, column in enumerate(index):
        sums[:, column] = np.trunc(sums[:, column] + products[:, row])


def _truncate_factors(terms: Terms) -> None:
    for name, array in terms.arrays.items():
        if array is not None and np.asarray(array).dtype.kind == "f":
            terms.arrays[name] = np.trunc(array)


def _truncate_one(name: str) -> Change:
    """Cut the numbers of one factor to integers."""
    return lambda terms: terms.arrays.update({name: np.trunc(terms.arrays[name])})


def _truncate_products(sums: np.ndarray, index: np.ndarray, products: np.ndarray) -> None:
    """Cut every product to an integer before it is added."""
    for row, values in zip(sums, np.trunc(products), strict=True):
        np.add.at(row, index, values)


def _normalised_kernel(of: Callable[[np.ndarray], np.ndarray], first: int, at_zero: float) -> Change:
    """Divide every kernel by the sum over its axes from `first` on: over all, over a filter's, over a plane's."""

    def arguments(terms: Terms) -> None:
        weight = np.asarray(terms.arrays["weight"], float)
        total = of(weight).sum(tuple(range(first, weight.ndim)), keepdims=True)
        terms.arrays["weight"] = weight / np.where(total == 0, at_zero, total)

    return arguments


def _without_bias(terms: Terms) -> None:
    terms.arrays["bias"] = None


def _bias_times(count: Callable[[Geometry], int]) -> Change:
    """Add the bias more than once."""

    def arguments(terms: Terms) -> None:
        if terms.arrays.get("bias") is not None:
            terms.arrays["bias"] = np.asarray(terms.arrays["bias"]) * count(terms.geometry)

    return arguments


def _ones(name: str) -> Change:
    """Set every element of an array to 1."""
    return lambda terms: terms.arrays.update({name: np.ones_like(terms.arrays[name])})


def _summed(name: str) -> Change:
    """Set every element of an array to the sum of all."""
    return lambda terms: terms.arrays.update({name: np.full_like(terms.arrays[name], np.sum(terms.arrays[name]))})


def _normalised(terms: Terms, result: np.ndarray) -> Any:
    largest = np.abs(result).max(initial=0)
    return result / largest if largest else result


VALUES = [
    Mistake(
        "channel-mean",
        "The channels are averaged",
        "The sum over the channels is divided by their number.",
        "Is a convolution a sum or a mean over its channels?",
        (
            Variation("", FORWARD, result=_mean_over("in")),
            Variation("", FORWARD, arguments=_products_times(_part("in"))),
            Variation("", BACK, result=_mean_over("out")),
        ),
    ),
    Mistake(
        "mean-for-sum",
        "A mean stands where a sum belongs",
        "The products are averaged and not added up",
        "Try an image and a kernel of ones only: what must come out?",
        (
            Variation("divided by the size of the kernel", result=_mean_over("kernel")),
            Variation("divided by the number of products", FORWARD, result=_mean_over("kernel", "in")),
            Variation("divided by the size of the kernel", FORWARD, arguments=_products_times(_part("kernel"))),
            Variation("divided by the number of products", FORWARD, arguments=_products_times(_part("kernel", "in"))),
            Variation("divided by the number of products", BACK, result=_mean_over("kernel", "out")),
            Variation("divided by the number of outputs", BACK + WEIGHT, result=_mean_over("output")),
            Variation("divided by the number of products", WEIGHT, result=_mean_over("output", "batch")),
        ),
    ),
    Mistake(
        "batch-mean",
        "The gradient is averaged over the batch",
        "The sum over the images of the batch is divided by their number.",
        "The output gradient already belongs to the loss as it is: what does dividing by the batch change?",
        (Variation("", BACK + WEIGHT, result=_mean_over("batch")),),
    ),
    Mistake(
        "scaled",
        "Every value has the same factor too much",
        "The result is the right one times a constant",
        "Compute one element by hand and divide: where could that factor come from?",
        (scaled_by(2.0), scaled_by(0.5), scaled_by(2.0, bias=False), scaled_by(0.5, bias=False)),
    ),
    Mistake(
        "kernel-normalised",
        "The kernel is divided by its sum",
        "The weights are made to add up to one before they are used",
        "Double every weight: what must happen to the result?",
        tuple(
            Variation(f"{what}{over}", EITHER, arguments=_normalised_kernel(of, first, at_zero))
            for at_zero in (np.nan, 1.0)
            for of, what in ((np.asarray, "divided by the sum"), (np.abs, "divided by the sum of sizes"))
            for first, over in ((0, ""), (1, " over each filter"), (2, " over each plane"))
        ),
    ),
    Mistake(
        "sign",
        "The sign is wrong",
        "Every value is the negative of the right one.",
        "Which sign does a single product of two positive numbers get?",
        (
            Variation("", result=times(lambda terms: -1)),
            Variation("", FORWARD, arguments=_products_times(lambda terms: -1)),
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
            Variation("once for every product", FORWARD, arguments=_bias_times(lambda g: g.products)),
            Variation("once for every channel", FORWARD, arguments=_bias_times(lambda g: g.weight_shape[1])),
        ),
    ),
    Mistake(
        "kernel-ignored",
        "The kernel's values are not used",
        "Pixels are added up without their weights.",
        "Double every weight: what must happen to the result?",
        (Variation("", EITHER, arguments=_ones("weight")),),
    ),
    Mistake(
        "upstream-ignored",
        "The output gradient is not used",
        "The gradient is computed as if ∂L/∂y were the same everywhere",
        "The chain rule has a factor for every output. Which one is it in your sum?",
        (
            Variation("it is taken for 1 everywhere", BACK + WEIGHT, arguments=_ones("grad_output")),
            Variation(
                "its sum stands in the place of each of its elements", BACK + WEIGHT, arguments=_summed("grad_output")
            ),
        ),
    ),
    Mistake(
        "integer-output",
        "Fractions are lost in an integer array",
        "Numbers become integers: what lies behind the point is lost",
        "Which dtype does the array have in which the result is collected?",
        (
            Variation("the finished sum is cut to a whole number", result=_truncate),
            Variation("after every product", accumulate=_truncate_running),
            Variation("after every product", BACK, accumulate=_truncate_running, gather=True),
            Variation("by rounding", result=lambda terms, result: np.rint(result)),
            Variation("by rounding down", result=lambda terms, result: np.floor(result)),
            Variation("in every product", accumulate=_truncate_products),
            Variation("in the arguments already", arguments=_truncate_factors),
            Variation("in the kernel already", EITHER, arguments=_truncate_one("weight")),
            Variation("in the image already", FORWARD + WEIGHT, arguments=_truncate_one("input")),
            Variation("in the output gradient already", BACK + WEIGHT, arguments=_truncate_one("grad_output")),
            Variation("in the type of the image", FORWARD + WEIGHT, result=_in_the_type_of_the_image),
            *(
                Variation(
                    f"in the type of the image, {when}", FORWARD, arguments=_accumulate_in_type(products_first=first)
                )
                for when, first in (("sum by sum", False), ("product by product", True))
            ),
        ),
    ),
    Mistake(
        "not-linear",
        "The result is not linear in its arguments",
        "Twice the image must give twice the result, and a sum of images the sum of their results",
        "Look for whatever stands behind the sum: a clip, an absolute value, an activation, a constant.",
        (
            Variation("negative results become zero", result=lambda terms, result: np.maximum(result, 0)),
            Variation("results are clipped to 0 … 255", result=lambda terms, result: np.clip(result, 0, 255)),
            Variation("results lose their sign", result=lambda terms, result: np.abs(result)),
            Variation("results are clipped to 0 … 1", result=lambda terms, result: np.clip(result, 0, 1)),
            Variation("results are divided by the largest", result=_normalised),
            Variation("a constant is added", result=lambda terms, result: result + 1),
        ),
    ),
    Mistake(
        "constant-output",
        "The result does not depend on the arguments",
        "The same values come out whatever goes in",
        "Does the array that you return ever receive a value?",
        (
            Variation("every value is 0", result=lambda terms, result: np.zeros_like(result)),
            Variation("every value is 1", result=lambda terms, result: np.ones_like(result)),
        ),
    ),
]
