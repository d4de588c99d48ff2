"""Mistakes of manner, which are seen directly and not recognised by their values."""

from itertools import count

import numpy as np

from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.terms import Arrays
from convolab.definition.mistakes.variation import Variation

# How many calls there have been: a program that is not repeatable remembers something.
_calls = count(1)


def _set_to_zero(arrays: Arrays) -> None:
    """Overwrite the caller's arrays."""
    for array in arrays.values():
        if array is not None:
            array[...] = 0


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
]
