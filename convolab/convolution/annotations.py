"""The types of the operator's parameters, under the names that its signatures show."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray
    from torch import Tensor

# Arrays give arrays, and tensors give tensors. Only type checkers look the names up, so torch need not be installed.
Array = TypeVar("Array", "NDArray[Any]", "Tensor")

# One number for all axes, or one for each.
Ints: TypeAlias = int | Sequence[int]

# One number for all axes, one for each, or (before, after) for each.
Pairs: TypeAlias = int | Sequence[int | Sequence[int]]

# The same, or a word: "same" or "valid".
Padding: TypeAlias = str | Pairs
