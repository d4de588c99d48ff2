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

A new mistake is one entry in a list of `reading`, `covering` or `values`.
"""

from convolab.definition.mistakes import covering, reading, values
from convolab.definition.mistakes.entry import Mistake
from convolab.definition.mistakes.recognise import Found, Trial, agree
from convolab.definition.mistakes.recognise import recognise as _recognise
from convolab.definition.mistakes.variation import Variation
from convolab.errors import ArgumentError
from convolab.geometry import OPERATIONS

CATALOGUE: tuple[Mistake, ...] = (
    *reading.FLIPPED,
    *reading.TRANSPOSED,
    *reading.CONFUSED,
    *covering.ONE_SIZE,
    *covering.SIZES,
    *covering.LEFT_OUT,
    *reading.STRIDED,
    *reading.PADDED,
    *covering.CHANNELS,
    *values.VALUES,
    *values.MANNERS,
)
UNRECOGNISED = "unrecognised"


def find(code: str) -> Mistake:
    """The entry with that code."""
    for mistake in CATALOGUE:
        if mistake.code == code:
            return mistake
    raise ArgumentError(f"find: code={code!r} is unknown. Expected one of {', '.join(m.code for m in CATALOGUE)}.")


def applicable(operation: str) -> list[Mistake]:
    """The mistakes that can be made in "forward", "input_gradient" or "weight_gradient"."""
    if operation not in OPERATIONS:
        raise ArgumentError(f"applicable: operation={operation!r} is unknown. Expected one of {', '.join(OPERATIONS)}.")
    return [m for m in CATALOGUE if m.ways(operation)]


def recognise(trials, *, pairs: bool = True) -> list[Found]:
    """Every mistake of the catalogue that reproduces all trials; if there is none, every pair that does."""
    return _recognise(trials, CATALOGUE, pairs=pairs)


__all__ = [
    "CATALOGUE",
    "OPERATIONS",
    "UNRECOGNISED",
    "Found",
    "Mistake",
    "Trial",
    "Variation",
    "agree",
    "applicable",
    "find",
    "recognise",
]
