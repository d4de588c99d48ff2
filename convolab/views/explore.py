"""How does the explorer come to one's own arrays, module or function? `cl.explore` makes its state of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from convolab.errors import ArgumentError, DtypeError
from convolab.geometry import layout
from convolab.geometry.arguments import check_channels, check_transposed_channels, padding_pairs, per_axis
from convolab.views.computed import geometry_of
from convolab.views.live import explorer, widget
from convolab.views.states import SCHEMA, SEVEN, SOBEL_X, State, rest

SIDE = 32  # pixels along an axis that are shown, at most
CHANNELS = 8  # input and output channels, at most


@dataclass
class _Asked:
    """A convolution as it was asked for: arrays (C_in, *spatial) and (C_out, C_in / groups, *kernel), and options."""

    x: np.ndarray
    w: np.ndarray
    options: dict[str, Any]
    op: str = "correlation"
    bias: np.ndarray | None = None
    parts: list[str] = field(default_factory=list)

    @property
    def dims(self) -> int:
        return self.w.ndim - 2


def explore(
    what: Any = None,
    *arrays: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    padding_mode: str = "zeros",
    output_padding: Any = 0,
    flip: bool = False,
    transposed: bool = False,
    layer: int | str = 0,
    view: Literal["explorer", "gradient", "reads"] = "explorer",
    judged_as: str | None = None,
) -> Any:
    """Show the convolution explorer, or the gradient explorer, in a notebook: one's own arrays, module or function.

    Parameters
    ----------
    what : array, module or callable, optional
        `explore(x, w)`: an input and a weight. `explore(module)` or `explore(module, x)`: a layer of a PyTorch module.
        `explore(function)` or `explore(function, x, w)`: your own convolution, called as function(x, w) whenever a
        number is changed, and shown beside the definition. One that takes (i, j, img, kernel) is called for each
        output, counted from 1, as on the lab sheet.
    arrays : array, shape (H, W) and (kH, kW), or (C_in, H, W) or (N, C_in, H, W) and (C_out, C_in / groups, kH, kW)
        Input and weight, or the same with one axis less for signals. Of large ones a part is shown, and it says which.
    bias : array, shape (C_out,), optional
    stride, padding, dilation, groups, padding_mode, output_padding
        As in `conv2d` and `conv_transpose2d`, in pixels; a module brings its own.
    flip : bool
        True convolution: the kernel is turned by 180° first.
    transposed : bool
        Transposed convolution; the weight is (C_in, C_out / groups, kH, kW).
    layer : int or str
        Which convolution of a module, by number or by its name in the module.
    view : {"explorer", "gradient", "reads"}
        The gradient explorer takes one plane and one kernel. `reads` judges a function as `cl.check` does, and shows
        what each of its outputs reads, over what it should read.
    judged_as : str, optional
        With view="reads": which function it should be, where its name does not say so (see `cl.check`); else
        apply_convolution.

    Returns
    -------
    Explorer
        A widget; a notebook shows it where it stands last in a cell. `input`, `weight` and `output` are what it shows
        now, and `save("page.html")` writes it as a page that opens without Python.

    Raises
    ------
    ArgumentError, DtypeError
        For arrays that do not fit each other, and a module without convolutions.
    MissingDependencyError
        Where anywidget is not installed.
    """
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    options |= {"padding_mode": padding_mode, "output_padding": output_padding}
    op = "transposed" if transposed else "convolution" if flip else "correlation"
    function: Callable[..., Any] | None = None
    if view == "reads":
        return _reads(what, judged_as)
    if hasattr(what, "named_modules"):
        call = _of_module(what, arrays, layer)
    elif callable(what):
        function, call = what, _of_arrays(*_two(arrays), options, op, bias)
    else:
        call = _of_arrays(*_two(() if what is None else (what, *arrays)), options, op, bias)
    state = state_of(call)
    return explorer(state, function) if view == "explorer" else widget("gradient", **_for_gradient(state))


def _reads(function: Any, judged_as: str | None) -> Any:
    """Return the read map of a function of one's own."""
    from convolab.verify.targets import TARGETS
    from convolab.views.reads import reads_of

    if not callable(function) or hasattr(function, "named_modules"):
        raise ArgumentError(f"explore: view='reads' takes a function, got {type(function).__name__}.")
    own = getattr(function, "__name__", "")
    return widget("reads", **reads_of(function, judged_as or (own if own in TARGETS else "apply_convolution")))


def _for_gradient(state: State) -> State:
    """Return the fields of the gradient explorer's state."""
    if len(state["x"]) > 1 or len(state["w"]) > 1 or state["op"] != "correlation":
        raise ArgumentError(
            f"explore: view='gradient' takes one plane and one kernel that is not turned, got {len(state['x'])} input "
            f"channels, {len(state['w'])} kernels and a {state['op']}."
        )
    kept = {name: value for name, value in state.items() if name in SCHEMA["gradient"]}
    return kept | {"at": ["x", 0, 0, 0]}


def state_of(call: _Asked) -> State:
    """Return the state that shows a call, or the part of it that can be shown."""
    dims, options = call.dims, call.options
    check = check_transposed_channels if call.op == "transposed" else check_channels
    check("explore", (1, *call.x.shape), call.w.shape, options["groups"])  # a state has planes alone, in a row
    geometry_of(_state(call, dims, options), "explore")  # the whole must fit, not only what is shown
    return _state(_part(call), dims, options)


def _state(call: _Asked, dims: int, options: dict[str, Any]) -> State:
    steps = {
        name: per_axis("explore", name, _listed(options[name]), dims, minimum=minimum)
        for name, minimum in (("stride", 1), ("dilation", 1), ("output_padding", 0))
    }
    pairs = padding_pairs("explore", _listed(options["padding"]), call.w.shape[2:], steps["stride"], steps["dilation"])
    flat = dims == 1
    x, w = (a.reshape(*a.shape[:-1], 1, a.shape[-1]) if flat else a for a in (call.x, call.w))
    first = {"stride": [1], "dilation": [1], "output_padding": [0]} if flat else {}
    return rest("explorer") | {
        "op": call.op,
        "dims": dims,
        "x": _numbers(x),
        "w": _numbers(w.reshape(-1, *w.shape[2:])),
        "b": [] if call.bias is None else _numbers(call.bias),
        "stride": [*first.get("stride", []), *steps["stride"]],
        "dilation": [*first.get("dilation", []), *steps["dilation"]],
        "extra": [*first.get("output_padding", []), *steps["output_padding"]],
        "padding": [*([0, 0] if flat else []), *(p for pair in pairs for p in pair)],
        "mode": options["padding_mode"],
        "groups": int(options["groups"]),
        "type": "float32" if np.result_type(x, w) == np.float32 else "float64",
        "at": ["y", 0, 0, 0],
        "part": "; ".join(call.parts),
    }


def _part(call: _Asked) -> _Asked:
    """Return so much of a call as can be looked at: whole kernels, the first channels, an upper left corner."""
    groups, parts = int(call.options["groups"]), list(call.parts)
    if max(call.w.shape[2:]) > SIDE:
        raise ArgumentError(f"explore: weight has shape {call.w.shape}. Expected a kernel of at most {SIDE} a side.")
    x, w, bias = call.x, call.w, call.bias
    spans = [1 + d * (k - 1) for k, d in zip(w.shape[2:], _each(call.options["dilation"], call.dims), strict=True)]
    sides = [min(size, max(SIDE, span)) for size, span in zip(x.shape[1:], spans, strict=True)]
    names = ["positions"] if call.dims == 1 else ["rows", "columns"]
    for name, size, shown in zip(names, x.shape[1:], sides, strict=True):
        if shown < size:
            parts.append(f"{name} 1–{shown} of {size}")
    x = x[(slice(None), *map(slice, sides))]
    if max(len(x), len(w) * w.shape[1] // len(x) if call.op == "transposed" else len(w)) > CHANNELS:
        x, w, bias, groups, said = _channels(call.op, x, w, bias, groups)
        parts += said
    return _Asked(x, w, call.options | {"groups": groups}, call.op, bias, parts)


def _channels(op: str, x: np.ndarray, w: np.ndarray, bias: Any, groups: int) -> tuple[Any, Any, Any, int, list[str]]:
    """Return the first channels of the first group, and what is said of it."""
    ins, outs = (len(x), w.shape[1] * groups) if op == "transposed" else (len(x), len(w))
    ins_shown, outs_shown = min(ins // groups, CHANNELS), min(outs // groups, CHANNELS)
    w = w[:ins_shown, :outs_shown] if op == "transposed" else w[:outs_shown, :ins_shown]
    counts = (("input", ins_shown, ins), ("output", outs_shown, outs))
    said = [f"{name} channels 1–{shown} of {count}" for name, shown, count in counts if shown < count]
    return x[:ins_shown], w, None if bias is None else bias[:outs_shown], 1, said


def _two(arrays: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return input and weight; those that were not given are the ones to begin with."""
    if len(arrays) > 2:
        raise ArgumentError(f"explore: takes an input and a weight, got {len(arrays)} arrays.")
    x, w = (*arrays, None, None)[:2]
    x = np.array(SEVEN) if x is None else x
    if w is not None:
        return x, w
    return x, np.array(SOBEL_X if np.ndim(x) > 1 else [-1, 0, 1])


def _of_arrays(x: Any, w: Any, options: dict[str, Any], op: str, bias: Any) -> _Asked:
    x, w = _array("input", x), _array("weight", w)
    dims = w.ndim if w.ndim == x.ndim and w.ndim < 3 else w.ndim - 2
    if dims not in (1, 2):
        colour = " Of a picture in colour give one plane, such as input[..., 0]." if x.ndim == 3 and w.ndim == 2 else ""
        raise ArgumentError(
            f"explore: weight has {w.ndim} axes and input {x.ndim}. Expected a plane (H, W) with a kernel (kH, kW), or "
            f"(C_in, H, W) with (C_out, C_in / groups, kH, kW), or one axis less of each; got input {x.shape} and "
            f"weight {w.shape}.{colour}"
        )
    parts = []
    kind = layout("explore", dims, x.shape, w.shape)
    if kind == "plane":
        x, w = x[None], w[None, None]
    if kind == "batched":
        if len(x) > 1:
            parts.append(f"image 1 of {len(x)}")
        x = x[:1].reshape(x.shape[1:]) if len(x) == 1 else x[0]
    return _Asked(x, w, options, op, None if bias is None else _array("bias", bias).reshape(-1), parts)


def _of_module(module: Any, arrays: tuple[Any, ...], layer: int | str) -> _Asked:
    found = list(_convolutions(module))
    if not found:
        raise ArgumentError(f"explore: {type(module).__name__} has no convolution of one or two dimensions in it.")
    names = [name for name, _ in found]
    if layer not in names and layer not in range(len(found)):
        listed = ", ".join(name or "0" for name in names)
        raise ArgumentError(f"explore: layer={layer!r} is unknown. Expected a number below {len(found)}, or {listed}.")
    name, conv = found[layer if isinstance(layer, int) else names.index(layer)]
    w = _array("weight", conv.weight)
    x = _array("input", arrays[0]) if arrays else _seven(conv, w)
    x = x if x.ndim >= w.ndim - 1 else x.reshape(1, *x.shape)
    options = {key: getattr(conv, key) for key in ("stride", "padding", "dilation", "groups", "padding_mode")}
    options["output_padding"] = conv.output_padding if conv.transposed else 0
    call = _of_arrays(x, w, options, "transposed" if conv.transposed else "correlation", conv.bias)
    if len(found) > 1:
        call.parts.insert(0, f"layer {name!r}, one of {len(found)} convolutions")
    return call


def _convolutions(module: Any) -> Iterator[tuple[str, Any]]:
    for name, part in module.named_modules():
        if (
            hasattr(part, "transposed")
            and hasattr(part, "dilation")
            and np.ndim(part.kernel_size)
            and len(part.kernel_size) < 3
        ):
            yield name, part


def _seven(conv: Any, w: np.ndarray) -> np.ndarray:
    """Return an input that a layer takes: the seven in every channel, as large as the kernel asks for."""
    size = [
        max(n, d * (k - 1) + 1) for n, k, d in zip((6, 7)[-(w.ndim - 2) :], w.shape[2:], conv.dilation, strict=True)
    ]
    plane = np.zeros((max(6, size[0]) if len(size) > 1 else 6, max(7, size[-1])), w.dtype)
    plane[:6, :7] = SEVEN
    one = plane if len(size) > 1 else plane[2]
    return np.stack([one] * conv.in_channels)


def _array(name: str, value: Any) -> np.ndarray:
    """Return real, finite numbers as an array of NumPy."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float() if str(value.dtype) in ("torch.bfloat16", "torch.float16") else value
    if isinstance(value, str | bytes):
        raise DtypeError(f"explore: {name} is a text. Expected an array.")
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise DtypeError(f"explore: {name} takes real numbers, got {array.dtype}.")
    if array.size == 0 or not np.isfinite(array).all():
        held = "no elements" if array.size == 0 else "values that are not finite"
        raise ArgumentError(f"explore: {name} has {held}. Expected finite numbers, got shape {array.shape}.")
    return array


def _numbers(array: np.ndarray) -> Any:
    """Return numbers as lists, whole ones as ints."""
    if array.dtype.kind in "f" and not (array == np.trunc(array)).all():
        return array.astype(np.float64).tolist()
    return (
        array.astype(np.int64).tolist()
        if np.abs(array.astype(np.float64)).max() < 2**53
        else array.astype(float).tolist()
    )


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, np.ndarray)) else value


def _each(value: Any, dims: int) -> tuple[int, ...]:
    return per_axis("explore", "dilation", _listed(value), dims, minimum=1)
