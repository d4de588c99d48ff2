"""What does a state compute? Its output, by the definition: what a page's own arithmetic is held to."""

from collections.abc import Sequence

import numpy as np

from convolab.definition import conv, conv_input
from convolab.geometry import Geometry, convolution_geometry, transposed_geometry
from convolab.views.states import State


def arrays_of(state: State) -> tuple[np.ndarray, np.ndarray]:
    """Return input (C_in, H, W) and weight (C_out, C_in / groups, kH, kW) of a state; (C, 1, L) in one dimension.

    A transposed convolution's weight is (C_in, C_out / groups, kH, kW).
    """
    dtype = np.float32 if state.get("type") == "float32" else np.float64
    x, w = np.array(state["x"], dtype), np.array(state["w"], dtype)
    outer = len(x) if state.get("op") == "transposed" else len(w) * state.get("groups", 1) // len(x)
    return x, w.reshape(max(1, outer), -1, *w.shape[1:])


def geometry_of(state: State, function: str = "page") -> Geometry:
    """Return the geometry of a state; of a transposed convolution that of the convolution whose adjoint it is.

    Raises
    ------
    ArgumentError
        One line that says why there is none, after the name of the `function` that was asked.
    """
    x, w = arrays_of(state)
    top, bottom, left, right = state["padding"]
    options = {
        "stride": tuple(state["stride"]),
        "padding": ((top, bottom), (left, right)),
        "dilation": tuple(state["dilation"]),
        "groups": state.get("groups", 1),
    }
    if state.get("op") == "transposed":
        extra = tuple(state["extra"])
        return transposed_geometry(function, (1, *x.shape), w.shape, output_padding=extra, **options)
    return convolution_geometry(function, (1, *x.shape), w.shape, padding_mode=state["mode"], **options)


def output_of(state: State) -> np.ndarray:
    """Return the output (C_out, H, W) of a state, added up in the definition's order."""
    geometry, (x, w) = geometry_of(state), arrays_of(state)
    if state.get("op") == "transposed":
        output = conv_input(geometry, w, x[None])[0]
    else:
        output = conv(geometry, x[None], w[..., ::-1, ::-1] if state.get("op") == "convolution" else w)[0]
    return output + _column(state["b"], output) if state["b"] else output


def _column(bias: Sequence[float], output: np.ndarray) -> np.ndarray:
    return np.array(bias, output.dtype)[:, None, None]
