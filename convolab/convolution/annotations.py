"""The types of the operator's parameters, under the names that its signatures show."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray
    from torch import Tensor

# Arrays in, arrays out; tensors in, tensors out. torch need not be installed: the names are looked up by type checkers.
Array = TypeVar("Array", "NDArray[Any]", "Tensor")

# One number for all axes, or one for each.
Ints: TypeAlias = int | Sequence[int]

# Besides, (before, after) for each axis.
Pairs: TypeAlias = int | Sequence[int | Sequence[int]]

# Besides, "same" or "valid".
Padding: TypeAlias = str | Pairs
