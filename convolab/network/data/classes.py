"""Which of a model's classes is meant by a data set's class? Names say it, not the order that they are sorted in."""

from collections.abc import Sequence

import numpy as np

from convolab.errors import UsageError

_WORDS = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True))


def matched(names: Sequence[str], known: Sequence[str], data: str) -> np.ndarray:
    """For each class of a data set, the index of the model's class of that name.

    Case does not matter, nor whether a digit is written as a word.

    Raises
    ------
    UsageError
        A name is none of the model's, or two name the same class.

    >>> matched(["eight", "Zero"], ["0", "8"], "x")
    array([1, 0])
    """
    if tuple(names) == tuple(known):
        return np.arange(len(names))
    places = {_plain(name): place for place, name in enumerate(known)}
    found = [places.get(_plain(name)) for name in names]
    if None in found or len(set(found)) < len(found):
        strange = [name for name, place in zip(names, found, strict=True) if place is None] or list(names)
        raise UsageError(
            f"data set: {data} has {len(names)} classes, and {_few(strange)} is none of the model's {len(known)}. "
            f"Expected {_few(known)}"
        )
    return np.array(found)


def _plain(name: str) -> str:
    plain = name.strip().casefold()
    plain = _WORDS.get(plain, plain)
    return str(int(plain)) if plain.isdecimal() else plain


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
