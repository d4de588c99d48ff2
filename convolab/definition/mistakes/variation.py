"""How a convolution goes wrong: the definition's list of taps, changed at one place before it is added up.

A `Variation` may change the arguments and the geometry, the taps, or the result; what it leaves alone is the
definition. Two variations, one after the other, are again one: that is how pairs of mistakes are tried.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from convolab.definition.mistakes.terms import Accumulate, Arrays, Terms
from convolab.geometry import OPERATIONS, Geometry

# The three places of a change. A result that is not an array is what a program with a bad manner returns.
Change: TypeAlias = Callable[[Terms], None]
ResultChange: TypeAlias = Callable[[Terms, Any], Any]
# The operations in which a mistake can be made.
FORWARD, BACK, WEIGHT = ((name,) for name in OPERATIONS)
EITHER = FORWARD + BACK


def nothing(terms: Terms) -> None:
    """Change nothing."""


def same(terms: Terms, result: Any) -> Any:
    """Return the result as it is."""
    return result


def in_turn(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(terms: Terms) -> None:
        for one in changes:
            one(terms)

    return change


@dataclass(frozen=True)
class Variation:
    """One way in which a mistake can be made.

    Parameters
    ----------
    note : str
        What is particular to this way, as a clause that follows the mistake's sentence; may be empty.
    operations : tuple of str
        The sums in which it can be made.
    arguments, taps : callable(Terms)
        Change the terms before and after they are listed.
    result : callable(Terms, array) -> array
        Changes the result.
    edge, gather
        How positions outside are read, and whether the input gradient gathers (see `Terms`).
    least_dims : int
        The number of axes that it needs.
    accumulate : callable or None
        Another way of adding up.
    mutates : callable(dict of array)
        Changes the caller's arrays.
    """

    note: str = ""
    operations: tuple[str, ...] = tuple(OPERATIONS)
    arguments: Change = nothing
    taps: Change = nothing
    result: ResultChange = same
    edge: str = ""
    gather: bool = False
    least_dims: int = 1
    accumulate: Accumulate | None = None
    mutates: Callable[[Arrays], None] | None = None

    def evaluate(self, operation: str, geometry: Geometry, arrays: Arrays) -> tuple[Any, np.ndarray]:
        """Return the mistaken result, and which of its elements are missing.

        Parameters
        ----------
        operation : {"forward", "input_gradient", "weight_gradient"}
        geometry : Geometry
        arrays : dict
            The factors by name, and `bias` where there is one.

        Returns
        -------
        result : array
        missing : bool array
            Elements for which the mistaken program would have raised, if it computes one at a time.

        Raises
        ------
        IndexError, ValueError
            Where the whole call would raise.
        """
        gather = self.gather and operation == "input_gradient"
        terms = Terms(operation, geometry, arrays, edge=self.edge, gather=gather)
        if self.accumulate is not None:
            terms.accumulate = self.accumulate
        self.arguments(terms)
        terms.build()
        self.taps(terms)
        sums, missing = terms.total()
        result = self.result(terms, sums)
        if self.mutates is not None:
            self.mutates(arrays)
        return result, missing

    def run(self, operation: str, geometry: Geometry, arrays: Arrays) -> Any:
        """Return the mistaken result; raise IndexError where the program would read a place that does not exist."""
        result, missing = self.evaluate(operation, geometry, arrays)
        if missing.any():
            raise IndexError(f"{operation}: an index is out of range")
        return result

    def forward(self, geometry: Geometry, input: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> Any:
        """Return the mistaken output, (N, C_out, *spatial) where the mistake does not change that."""
        return self.run("forward", geometry, {"input": input, "weight": weight, "bias": bias})

    def input_gradient(self, geometry: Geometry, weight: np.ndarray, grad_output: np.ndarray) -> Any:
        """Return the mistaken gradient with respect to the input."""
        return self.run("input_gradient", geometry, {"weight": weight, "grad_output": grad_output})

    def weight_gradient(self, geometry: Geometry, input: np.ndarray, grad_output: np.ndarray) -> Any:
        """Return the mistaken gradient with respect to the weight."""
        return self.run("weight_gradient", geometry, {"input": input, "grad_output": grad_output})

    def shares_a_place_with(self, other: "Variation") -> bool:
        """Return whether both change the same thing, so that their order may matter."""
        unchanged: dict[str, Any] = {"arguments": nothing, "taps": nothing, "result": same}
        return any(getattr(self, n) is not u and getattr(other, n) is not u for n, u in unchanged.items())

    def then(self, other: "Variation") -> "Variation":
        """Return both mistakes in one program."""
        return Variation(
            note="; ".join(n for n in (self.note, other.note) if n),
            operations=tuple(o for o in self.operations if o in other.operations),
            arguments=in_turn(self.arguments, other.arguments),
            taps=in_turn(self.taps, other.taps),
            result=lambda terms, result: other.result(terms, self.result(terms, result)),
            edge=self.edge or other.edge,
            gather=self.gather or other.gather,
            least_dims=max(self.least_dims, other.least_dims),
            accumulate=self.accumulate or other.accumulate,
        )
