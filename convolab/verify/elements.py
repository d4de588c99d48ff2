"""The element types that arrays can have which go in: what is sent, how it rounds, and which whole numbers it keeps."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convolab.errors import DtypeError

SINGLE = 2.0**-23  # the rounding of single precision


@dataclass(frozen=True)
class Elements:
    """An element type.

    Attributes
    ----------
    name : str
    sent : numpy dtype
        What arrays have that go in; NumPy has no bfloat16, which becomes that of tensors on the way.
    epsilon : float
        The rounding that a result may show. Of whole numbers it is single precision's: what comes out may be floating.
    exact : int
        Every whole number up to this one can be held.
    """

    name: str
    sent: np.dtype[Any]
    epsilon: float
    exact: int

    @property
    def whole(self) -> bool:
        """Whether it holds whole numbers only."""
        return self.sent.kind == "i"

    def admits(self, came: str) -> bool:
        """Return whether a result may have a type: the same; of whole numbers any integer, or single precision."""
        return came == self.name or (self.whole and came.startswith(("int", "uint", "float32", "float64")))


TYPES = {
    "bfloat16": Elements("bfloat16", np.dtype(np.float32), 2.0**-7, 1 << 8),
    "float16": Elements("float16", np.dtype(np.float16), 2.0**-10, 1 << 11),
    "float32": Elements("float32", np.dtype(np.float32), SINGLE, 1 << 24),
    "float64": Elements("float64", np.dtype(np.float64), 2.0**-52, 1 << 53),
    "int8": Elements("int8", np.dtype(np.int8), SINGLE, (1 << 7) - 1),
    "int16": Elements("int16", np.dtype(np.int16), SINGLE, (1 << 15) - 1),
    "int32": Elements("int32", np.dtype(np.int32), SINGLE, (1 << 31) - 1),
}


def elements(dtype: Any) -> Elements | None:
    """Return the element type that a name, a NumPy dtype or a torch dtype says; None for None.

    Raises
    ------
    DtypeError
        For another type.
    """
    if dtype is None:
        return None
    name = str(dtype).removeprefix("torch.")
    if name not in TYPES:
        try:
            name = np.dtype(dtype).name
        except TypeError:
            name = ""
    if name not in TYPES:
        raise DtypeError(f"check: dtype={dtype!r} cannot be judged. Expected one of {', '.join(TYPES)}.")
    return TYPES[name]
