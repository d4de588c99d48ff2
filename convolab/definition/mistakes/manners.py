"""Mistakes of manner, which are seen directly and not recognised by their values."""

from itertools import count
from typing import Any

import numpy as np

from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Arrays, Terms
from convolab.definition.mistakes.variation import Variation

# How many calls there have been: a program that is not repeatable remembers something.
_calls = count(1)
_kept: dict[Any, np.ndarray] = {}
_rooms: dict[Any, np.ndarray] = {}


def _set_to_zero(arrays: Arrays) -> None:
    """Overwrite the caller's arrays."""
    for array in arrays.values():
        if array is not None:
            array[...] = 0


def _use_the_first(terms: Terms) -> None:
    """Use the weight, or what stands for it, of the first call with arrays of these shapes."""
    name = "weight" if "weight" in terms.arrays else "input"
    key = (terms.operation, *(np.shape(a) for a in terms.arrays.values()))
    terms.arrays[name] = _kept.setdefault(key, np.array(terms.arrays[name]))


def _in_one_buffer(terms: Terms, result: np.ndarray) -> np.ndarray:
    """Return the result in the same memory every time."""
    room = _rooms.setdefault((result.shape, result.dtype.str), result.copy())
    room[...] = result
    return room


def _as_memory_lies(terms: Terms, result: np.ndarray) -> np.ndarray:
    """Return something else for arrays whose elements do not lie side by side."""
    arrays = (np.asarray(a) for a in terms.arrays.values() if a is not None)
    return result if all(a.flags.c_contiguous for a in arrays) else result[..., ::-1]


MANNERS = [
    Mistake(
        "mutates-input",
        "The arguments are changed",
        "After the call the caller's arrays hold other values than before.",
        "Which of your statements writes into an array that was handed in?",
        (Variation("", mutates=_set_to_zero),),
        observed=True,
    ),
    Mistake(
        "returns-nothing",
        "Nothing is returned",
        "The function ends without handing its result back.",
        "What does Python return from a function without a return statement?",
        (Variation("", result=lambda terms, result: None),),
        observed=True,
    ),
    Mistake(
        "wrong-dtype",
        "The result has a type that does not fit",
        "The elements of the result are of a type that cannot stand for the sums",
        "Print result.dtype.",
        (
            Variation("complex numbers", result=lambda terms, result: result.astype(complex)),
            Variation("float16", result=lambda terms, result: result.astype(np.float16)),
            Variation("truth values", result=lambda terms, result: result.astype(bool)),
        ),
        observed=True,
    ),
    Mistake(
        "not-repeatable",
        "The same call gives different results",
        "Called twice with the same arguments, the function answers differently.",
        "What does the function remember from one call to the next, or draw at random?",
        (Variation("", result=lambda terms, result: result * next(_calls)),),
        observed=True,
    ),
    Mistake(
        "stale-cache",
        "Something of an earlier call is used again",
        "What is kept from one call to the next does not belong to the arguments of this one",
        "By what does the code know that what it has kept still fits?",
        (Variation("", arguments=_use_the_first),),
        observed=True,
    ),
    Mistake(
        "shared-buffer",
        "Every result lies in the same memory",
        "The next call overwrites what the call before has returned",
        "Who else holds the array that you return?",
        (Variation("", result=_in_one_buffer),),
        observed=True,
    ),
    Mistake(
        "needs-contiguous",
        "The arrays are read as they lie in memory",
        "An array that is a view of another has its elements elsewhere",
        "What are the strides of an array that is a part of another?",
        (Variation("", result=_as_memory_lies),),
        observed=True,
    ),
]
