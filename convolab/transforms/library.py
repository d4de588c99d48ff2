"""Which library transforms? SciPy's pocketfft, which lets other threads run and gives the same bits in all of them."""

from functools import cache
from importlib.util import find_spec
from typing import Literal

from convolab.errors import ArgumentError, MissingDependencyError, unknown

ALGORITHMS = ("auto", "direct", "transform")
AlgorithmName = Literal["auto", "direct", "transform"]


@cache
def installed() -> bool:
    return find_spec("scipy") is not None


def check_algorithm(algorithm: str, prefix: str = "") -> str:
    """Return the name of an algorithm, once it is known that it is one and that its library is there."""
    if algorithm not in ALGORITHMS:
        expected = f"Expected one of {', '.join(ALGORITHMS)}."
        raise ArgumentError(f"{prefix}algorithm: {unknown(str(algorithm), ALGORITHMS)} {expected}")
    if algorithm == "transform" and not installed():
        raise MissingDependencyError("scipy", "science", 'algorithm="transform"')
    return algorithm
