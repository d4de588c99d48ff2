"""What an operation is: the arrays that it multiplies, the array that it gives, and how many products it adds up.

The three sums of a convolution run over the same taps and differ in nothing else. An output and its gradient have one
shape and one index, and both go by the name `grad_output` here.
"""

from dataclasses import dataclass
from math import prod

from convolab.geometry.shapes import Geometry, Index

# The arrays that a tap connects: the letter of the array's index, and what an `Axis` calls the array's size.
INDEX_LETTERS = {"input": "i", "weight": "k", "grad_output": "o"}
AXIS_SIZES = {"input": "input", "weight": "kernel", "grad_output": "output"}


def array_shapes(geometry: Geometry) -> dict[str, Index]:
    """Return the three arrays' shapes: (N, C, *spatial), and (C_out, C_in / groups, *kernel) for the weight."""
    return {"input": geometry.input_shape, "weight": geometry.weight_shape, "grad_output": geometry.output_shape}


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the three sums over the taps.

    Attributes
    ----------
    name : {"forward", "input_gradient", "weight_gradient"}
    factors : (str, str)
        The arrays whose elements it multiplies, in the order of the engines' arguments.
    result : str
        The array whose index and shape the result has.
    """

    name: str
    factors: tuple[str, str]
    result: str

    @property
    def written(self) -> tuple[str, str]:
        """The factors in the order in which a product is written: what weighs, then what is weighed."""
        first, second = sorted(self.factors, key=("weight", "grad_output", "input").index)
        return first, second

    def result_shape(self, geometry: Geometry) -> Index:
        """Return the shape of the result."""
        return array_shapes(geometry)[self.result]

    def terms(self, geometry: Geometry) -> int:
        """Return how many products its longest sum can add up, the batch and the channels included."""
        if self.result == "weight":
            return geometry.batch * prod(geometry.output)
        channels = geometry.in_channels if self.result == "grad_output" else geometry.out_channels
        return channels // geometry.groups * prod(geometry.kernel)


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("forward", ("input", "weight"), "grad_output"),
        Operation("input_gradient", ("weight", "grad_output"), "input"),
        Operation("weight_gradient", ("input", "grad_output"), "weight"),
    )
}
