"""Mistakes of channels, filters, groups and batch: only the first of them takes part."""

from typing import Any

import numpy as np

from convolab.definition.mistakes.changes import keep_if, only_images
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Terms
from convolab.definition.mistakes.variation import BACK, EITHER, FORWARD, WEIGHT, ResultChange, Variation


def _read_channel_zero(terms: Terms) -> None:
    """Read the input's first channel in place of every other."""
    terms.ci = np.zeros_like(terms.ci)


def _weight_channel_zero(terms: Terms) -> None:
    """Read the weights of the first channel in place of every other's."""
    terms.c = np.zeros_like(terms.c)


def _group_zero(terms: Terms) -> None:
    """Read the first group's channels in every group."""
    terms.ci = terms.c.copy()


def _first_of_group(terms: Terms) -> np.ndarray:
    """Return which rows belong to the first output channel of a group."""
    first: np.ndarray = terms.co % (terms.geometry.out_channels // terms.geometry.groups) == 0
    return first


def _first_channel(terms: Terms) -> np.ndarray:
    """Return which rows read the first channel of a group."""
    first: np.ndarray = terms.c == 0
    return first


def _blank_others(terms: Terms) -> None:
    """Set all images but the first to zero; the bias is still added to all."""
    images = np.asarray(terms.arrays["input"])
    terms.arrays["input"] = images * (np.arange(len(images)) == 0).reshape(-1, *[1] * (images.ndim - 1))


def _first_weights(terms: Terms) -> None:
    """Use the first filter for every output channel."""
    weight = np.asarray(terms.arrays["weight"])
    terms.arrays["weight"] = np.repeat(weight[:1], len(weight), axis=0)


def _only_first(axis: int) -> ResultChange:
    """Set all but the first entry along the batch or the channels to zero."""

    def result(terms: Terms, result: np.ndarray) -> Any:
        is_first = np.arange(result.shape[axis]) == 0
        return result * is_first.reshape([-1 if a == axis else 1 for a in range(result.ndim)])

    return result


def _repeat_first(axis: int) -> ResultChange:
    """Repeat the first entry in place of every other."""
    return lambda terms, result: np.repeat(np.take(result, [0], axis=axis), result.shape[axis], axis=axis)


def _take_first(axis: int) -> ResultChange:
    """Return the first entry alone."""
    return lambda terms, result: np.take(result, [0], axis=axis)


CHANNELS = [
    Mistake(
        "first-channel-only",
        "Only the first channel counts",
        "Of several channels only the first takes part",
        "How many numbers does one output add up? Is the number of channels among the factors?",
        (
            Variation("the sum runs over it alone", FORWARD, taps=keep_if(_first_channel)),
            Variation("it is read in place of the others", FORWARD, taps=_read_channel_zero),
            Variation("its weights are used for the others too", EITHER, taps=_weight_channel_zero),
            Variation(
                "the sum over the output channels runs over the first alone", BACK, taps=keep_if(_first_of_group)
            ),
            Variation("only its gradient is filled in", BACK, taps=keep_if(_first_channel)),
            Variation("only its gradient is filled in", WEIGHT, taps=keep_if(_first_channel)),
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
            Variation("the gradient adds up its products alone", WEIGHT, arguments=only_images(slice(0, 1))),
        ),
    ),
    Mistake(
        "groups-ignored",
        "Every group reads the first group's channels",
        "The channel within the group is used as if it were the channel of the input.",
        "Group g begins at which input channel?",
        (Variation("", taps=_group_zero),),
    ),
]
