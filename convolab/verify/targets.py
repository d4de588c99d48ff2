"""The functions that can be judged: what each computes, and how it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from convolab.geometry import OPERATIONS, Geometry

# Arrays by the names `input`, `weight`, `grad_output` and `bias`, as (N, C, *spatial).
Arrays: TypeAlias = dict[str, np.ndarray]
# What `describe` in `inside/calling.py` says of a function's parameters.
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
    def factors(self) -> tuple[str, str]:
        """The arrays that it multiplies."""
        return OPERATIONS[self.operation].factors

    def call(
        self, geometry: Geometry, arrays: Arrays, parameters: Parameters
    ) -> tuple[list[np.ndarray], list[Any], Options, list[int] | None]:
        """Return arrays, positional arguments, options and positions, as `inside/calling.py` takes them."""
        given = {n: arrays[n] for n in (*self.factors, "bias") if arrays.get(n) is not None}
        names = list(given)
        sent = [a[0, 0] if self.plane else a for a in given.values()]
        shapes = {"input_size": geometry.input_shape, "weight_size": geometry.weight_shape}
        order: list[Any] = [names.index(a) if a in names else {"value": list(shapes[a])} for a in self.arguments]
        options = {} if self.plane else self._options(geometry, parameters, order)
        if "bias" in names:
            options["bias"] = names.index("bias")
        return sent, order, options, list(geometry.output) if self.by_position else None

    @staticmethod
    def _options(geometry: Geometry, parameters: Parameters, order: list[Any]) -> Options:
        """Return options by keyword where the function names them, else by position."""
        values = option_values(geometry)
        if not any(n in parameters["names"] for n in OPTIONS) and not parameters["open"]:
            order += [{"value": values[n]} for n in OPTIONS[: max(0, len(parameters["positional"]) - len(order))]]
            return {}
        return {
            n: {"value": v}
            for n, v in values.items()
            if takes(parameters, n) and (n in parameters["names"] or v != DEFAULTS[n])
        }

    def takes(self, parameters: Parameters) -> set[str]:
        """Return the options that a function with these parameters takes."""
        if self.plane:
            return set()
        named = {n for n in (*OPTIONS, "bias") if n in parameters["names"]}
        if not named & set(OPTIONS):
            named |= set(OPTIONS[: max(0, min(4, len(parameters["positional"]) - len(self.arguments)))])
        return named if self.operation == "forward" else named - {"bias"}

    def shaped(self, value: np.ndarray) -> np.ndarray:
        """Return a result with the axes of the batch and the channels, which a bare plane lacks."""
        return value[None, None] if self.plane and value.ndim == 2 else value


def takes(parameters: Parameters, option: str) -> bool:
    """Return whether the function can be given an option by keyword."""
    return option in parameters["names"] or bool(parameters["open"])


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
    )
}
