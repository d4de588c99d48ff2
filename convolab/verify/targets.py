"""The functions that can be judged: what each computes, and how it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from convolab.geometry import OPERATIONS, Geometry

# Arrays by the names `input`, `weight`, `grad_output` and `bias`, as (N, C, *spatial).
Arrays: TypeAlias = dict[str, np.ndarray]
# What `inside/describing.py` says of a function, or of one of its parameters.
Parameters: TypeAlias = dict[str, Any]
# Values of the geometry's options by name.
Options: TypeAlias = dict[str, Any]
DEFAULTS = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
OPTIONS = tuple(DEFAULTS)


@dataclass(frozen=True)
class JudgedFunction:
    """A function by the name that the checker looks for.

    Parameters
    ----------
    name : str
    operation : {"forward", "input_gradient", "weight_gradient"}
    arguments : tuple of str
        What its positional arguments are: `input`, `weight`, `grad_output`, or the size of one of them.
    called : tuple of str
        The names that its arguments have in the report.
    plane : bool
        Bare (H, W) arrays, or (N, C, H, W).
    by_position : bool
        Whether it computes one element a call, for positions counted from 1.
    """

    name: str
    operation: str
    arguments: tuple[str, ...]
    called: tuple[str, ...]
    plane: bool = True
    by_position: bool = False

    @property
    def factors(self) -> tuple[str, ...]:
        """The arrays that it multiplies; of the gradient of a bias, the one that it adds up."""
        return OPERATIONS[self.operation].factors if self.operation in OPERATIONS else ("grad_output",)


def option_values(geometry: Geometry) -> Options:
    """Return a geometry's options as arguments: one number where both axes agree."""

    def one(values: Sequence[int]) -> int | list[int]:
        return values[0] if len(set(values)) == 1 else list(values)

    axes = geometry.axes
    return {
        "stride": one([a.stride for a in axes]),
        "padding": one([a.before for a in axes]),
        "dilation": one([a.dilation for a in axes]),
        "groups": geometry.groups,
    }


TARGETS = {
    t.name: t
    for t in (
        JudgedFunction(
            "compute_convolution_at_position", "forward", ("input", "weight"), ("img", "kernel"), by_position=True
        ),
        JudgedFunction("apply_convolution", "forward", ("input", "weight"), ("img", "kernel")),
        JudgedFunction("conv_gradient_wrt_input", "input_gradient", ("grad_output", "weight"), ("dloss_dy", "kernel")),
        JudgedFunction("conv_gradient_wrt_kernel", "weight_gradient", ("input", "grad_output"), ("img", "dloss_dy")),
        JudgedFunction("conv2d", "forward", ("input", "weight"), ("input", "weight"), plane=False),
        JudgedFunction(
            "conv2d_input",
            "input_gradient",
            ("input_size", "weight", "grad_output"),
            ("input_size", "weight", "grad_output"),
            plane=False,
        ),
        JudgedFunction(
            "conv2d_weight",
            "weight_gradient",
            ("input", "weight_size", "grad_output"),
            ("input", "weight_size", "grad_output"),
            plane=False,
        ),
        JudgedFunction("conv2d_bias", "bias_gradient", ("grad_output",), ("grad_output",), plane=False),
    )
}

# A layer's transpose: the gradient with respect to its input, of what is handed in as an output gradient.
TRANSPOSED = JudgedFunction(
    "conv_transpose2d", "input_gradient", ("grad_output", "weight"), ("input", "weight"), plane=False
)


def first_element(name: str) -> int:
    """Return from what a function that is judged under that name counts the elements of its result."""
    return 1 if name in TARGETS and TARGETS[name].by_position else 0
