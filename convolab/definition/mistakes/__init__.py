"""What a convolution is not: the table of known mistakes, each a small variation of the definition.

    mistakes.CATALOGUE                      every entry: code, title, sentence, hint, variations
    mistakes.find("flipped-kernel")         one of them
    mistakes.applicable("input_gradient")   those that can be made in one of the three sums
    mistake.forward(geometry, input, weight)                 what a program with that mistake returns;
    mistake.input_gradient(geometry, weight, grad_output)    arguments as in `definition` and `engine`, arrays as
    mistake.weight_gradient(geometry, input, grad_output)    (N, C, *spatial)

A mistake can be made in several ways (`mistake.ways(operation)`), each with the same three functions; the functions
raise IndexError where the mistaken program would. To name what somebody's function did, hand its answers in:

    trials = [mistakes.Trial("input_gradient", geometry, {"weight": w, "grad_output": g}, got, tolerance), …]
    found = mistakes.recognise(trials)      [] or several: no name may be given; one: found[0].code, .mistakes

A new mistake is one entry in one of the lists that `CATALOGUE` joins, and a plant in `verify/plants`: a program with
that mistake, written as a learner would write it. `convolab check --self-test` names an entry that has none.
"""

from collections.abc import Sequence

from convolab.definition.mistakes import (
    channels,
    indices,
    left_out,
    manners,
    one_size,
    options,
    orientation,
    overwriting,
    sizes,
    values,
)
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.recognition import Recognised, Trial, agree
from convolab.definition.mistakes.recognition import recognise as _recognise
from convolab.definition.mistakes.variation import Variation
from convolab.errors import ArgumentError
from convolab.geometry import OPERATIONS

CATALOGUE: tuple[Mistake, ...] = (
    *orientation.FLIPPED,
    *orientation.TRANSPOSED,
    *indices.CONFUSED,
    *one_size.ONE_SIZE,
    *sizes.SIZES,
    *left_out.LEFT_OUT,
    *options.STRIDED,
    *options.PADDED,
    *channels.CHANNELS,
    *overwriting.OVERWRITING,
    *values.VALUES,
    *manners.MANNERS,
)
UNRECOGNISED = "unrecognised"


def find(code: str) -> Mistake:
    """Return the entry with that code.

    Raises
    ------
    ArgumentError
        For a code that no entry has.
    """
    for mistake in CATALOGUE:
        if mistake.code == code:
            return mistake
    raise ArgumentError(f"find: code={code!r} is unknown. Expected one of {', '.join(m.code for m in CATALOGUE)}.")


def applicable(operation: str) -> list[Mistake]:
    """Return the mistakes that can be made in "forward", "input_gradient" or "weight_gradient"."""
    if operation not in OPERATIONS:
        raise ArgumentError(f"applicable: operation={operation!r} is unknown. Expected one of {', '.join(OPERATIONS)}.")
    return [m for m in CATALOGUE if m.ways(operation)]


def recognise(trials: Sequence[Trial], *, pairs: bool = True) -> list[Recognised]:
    """Return every mistake of the catalogue that reproduces all trials; if there is none, every pair that does.

    Parameters
    ----------
    trials : sequence of Trial
        Calls of one function, all of one operation.
    pairs : bool
        Whether pairs are tried where no single mistake reproduces them.

    Returns
    -------
    list of Recognised
        One entry a name. A name may be given only if there is exactly one.
    """
    return _recognise(trials, CATALOGUE, pairs=pairs)


__all__ = [
    "CATALOGUE",
    "OPERATIONS",
    "UNRECOGNISED",
    "Mistake",
    "Recognised",
    "Trial",
    "Variation",
    "agree",
    "applicable",
    "find",
    "recognise",
]
