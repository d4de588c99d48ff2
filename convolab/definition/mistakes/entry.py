"""One entry of the table of mistakes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convolab.definition.mistakes.variation import Variation
from convolab.geometry import Geometry


@dataclass(frozen=True)
class Mistake:
    """A mistake by name, with the ways in which it is made.

    Parameters
    ----------
    code : str
        Its name for programs, such as `flipped-kernel`.
    title, sentence, hint : str
        A headline; what the program does; what to look at, without the answer in it.
    variations : tuple of Variation
        The mistaken convolutions: each a small change of the definition.
    observed : bool
        Whether it is a manner (it changes its arguments, returns nothing, …) that is seen directly, so that its
        variations are for planting it and not for recognising it.

    Examples
    --------
    >>> from convolab.definition import mistakes
    >>> from convolab.geometry import Geometry
    >>> flipped = mistakes.find("flipped-kernel")
    >>> flipped.forward(Geometry(3, 2), np.array([[[1, 2, 3]]]), np.array([[[10, 1]]]))
    array([[[21, 32]]])
    """

    code: str
    title: str
    sentence: str
    hint: str
    variations: tuple[Variation, ...]
    observed: bool = False

    def __str__(self) -> str:
        return self.code

    def ways(self, operation: str, geometry: Geometry | None = None) -> list[Variation]:
        """Return the ways in which it can be made in one of the three sums, and in a geometry's dimensions."""
        dims = 9 if geometry is None else len(geometry.axes)
        return [v for v in self.variations if operation in v.operations and v.least_dims <= dims]

    def explain(self, variation: Variation | None = None) -> str:
        """Return the sentence, with what is particular to one way of making the mistake."""
        note = variation.note if variation is not None else ""
        return f"{self.sentence.rstrip('.')}." + (f" Here: {note}." if note else "")

    def forward(self, geometry: Geometry, input: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> Any:
        """Return the output that the first way gives."""
        return self.ways("forward", geometry)[0].forward(geometry, input, weight, bias)

    def input_gradient(self, geometry: Geometry, weight: np.ndarray, grad_output: np.ndarray) -> Any:
        """Return the gradient with respect to the input that the first way gives."""
        return self.ways("input_gradient", geometry)[0].input_gradient(geometry, weight, grad_output)

    def weight_gradient(self, geometry: Geometry, input: np.ndarray, grad_output: np.ndarray) -> Any:
        """Return the gradient with respect to the weight that the first way gives."""
        return self.ways("weight_gradient", geometry)[0].weight_gradient(geometry, input, grad_output)
