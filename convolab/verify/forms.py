"""How one function is called: what each of its parameters is, in which layout, and where its result is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from convolab.geometry import OPERATIONS, Geometry
from convolab.verify.layouts import BATCH, LAYOUTS, PLANE, Layout, by_names
from convolab.verify.roles import CALLED, CONSTRUCTED, NAMES, SIDES, SIZES_OF, assigned, role_of, sized, spelled
from convolab.verify.targets import (
    DEFAULTS,
    OPTIONS,
    TARGETS,
    TRANSPOSED,
    Arrays,
    JudgedFunction,
    Parameters,
    option_values,
)

ARRAYS = ("input", "weight", "grad_output", "bias")
# Names of an object's weights, its bias, and their gradients, as people call them.
WEIGHTS = (
    "W",
    "w",
    "weight",
    "weights",
    "kernel",
    "kernels",
    "filters",
    "filter",
    "K",
    "Weight",
    "Weights",
    "_weight",
    "_weights",
)
BIASES = ("b", "bias", "biases", "B", "Bias", "_bias")
GRADIENTS = {
    "input_gradient": ("dx", "dX", "dinput", "d_input", "grad_input", "input_grad", "dA", "dinputs"),
    "weight_gradient": ("dW", "dw", "dweight", "dweights", "d_weight", "grad_W", "grad_w", "grad_weight", "weight_grad",
                        "weights_grad", "kernels_gradient", "d_filters", "dfilters", "filters_grad", "grad_weights",
                        "dK", "dkernel", "weights_gradient", "d_weights", "dkernels", "W_grad", "d_W", "gradW"),
    "bias_gradient": ("db", "dB", "dbias", "dbiases", "d_bias", "grad_b", "grad_bias", "bias_grad", "biases_gradient",
                      "bias_gradient", "d_biases", "b_grad", "gradb"),
}  # fmt: skip
PLACES = {"input_gradient": 0, "weight_gradient": 1, "bias_gradient": 2}


class Argument(NamedTuple):
    """One argument: its role, the keyword that it is given by, and how it is written.

    `style` is `pair`, `int`, `list`, `scalar`, `flat`, `learned`, or a bias's shape such as `111F`; `value` is a
    constant's, or for `options` its (key, role) pairs, or for a `tuple` its arguments, or for `kept` its path.
    """

    role: str
    keyword: str = ""
    style: str = ""
    value: Any = None


class Step(NamedTuple):
    """One call, or with `set` one attribute that is set; see `inside/calling.py`."""

    call: Any
    arguments: tuple[Argument, ...] = ()
    keep: str = ""
    set: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """One way of calling a function.

    Attributes
    ----------
    target : JudgedFunction
    layout : Layout
    steps : tuple of Step
    pick : tuple
        Where the result is looked for, see `inside/calling.py`.
    container : {"arrays", "tensors", "lists", "files"}
    unvaried : tuple of str
        Parameters that are left at one value.
    flat : bool
        Whether arrays go in and come out as they lie in memory.
    turned : bool
        Whether those arrays lie in memory with their axes in the opposite order, as their strides say.
    dirty : bool
        Whether an array that is written into holds something else before.
    """

    target: JudgedFunction
    layout: Layout
    steps: tuple[Step, ...]
    pick: tuple[Any, ...] = ()
    container: str = "arrays"
    unvaried: tuple[str, ...] = ()
    flat: bool = False
    turned: bool = False
    dirty: bool = False
    roles: frozenset[str] = field(default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(_roles(a for s in self.steps for a in s.arguments)))

    @property
    def takes(self) -> set[str]:
        """The options that can be varied, and `bias`."""
        return {o for o in OPTIONS if o in self.roles} | (
            {"bias"} & self.roles if self.target.operation == "forward" else set()
        )

    @property
    def is_watched(self) -> bool:
        """Whether what its object holds is looked at before and after the last call."""
        return "absent" in self.pick and isinstance(self.steps[-1].call, tuple)

    @property
    def takes_pairs(self) -> bool:
        """Whether an option is handed in as a pair."""
        written = (a for s in self.steps for a in _flattened(s.arguments))
        return any(a.style == "pair" and a.role in OPTIONS for a in written)

    @property
    def bias_shape(self) -> str:
        """The shape of the bias, as `F` or `111F`: F stands for the number of filters."""
        return next((style for style in self.bias_styles if "F" in style), "F")

    @property
    def bias_styles(self) -> set[str]:
        """How the bias is written."""
        return {a.style for s in self.steps for a in _flattened(s.arguments) if a.role == "bias"}

    def with_bias(self, style: str) -> "Form":
        """Return the same with a bias of another shape."""
        steps = [
            s._replace(arguments=tuple(a._replace(style=style) if a.role == "bias" else a for a in s.arguments))
            for s in self.steps
        ]
        return replace(self, steps=tuple(steps))

    @property
    def needs(self) -> tuple[str, ...]:
        """The arrays that are handed in beside the factors."""
        return tuple(a for a in ARRAYS[:3] if a in self.roles and a not in self.target.factors)

    @property
    def again(self) -> "Form | None":
        """The same on an object that has made its calls once before, with other numbers; None for plain functions."""
        first = next((n for n, s in enumerate(self.steps) if isinstance(s.call, tuple)), None)
        if first is None or "rate" in self.roles:  # a step of gradient descent is meant to change the next call
            return None
        earlier = [
            s._replace(arguments=tuple(_other(a) for a in s.arguments), keep=s.keep and f"earlier {s.keep}")
            for s in self.steps[first:]
        ]
        return replace(self, steps=(*self.steps[:first], *earlier, *self.steps[first:]))

    @property
    def beside(self) -> "Form | None":
        """The same while another object has gone forward in between; None where nothing goes forward before."""
        first, last = self.steps[0], len(self.steps) - 1
        if self.steps[last].call == "backward":  # torch keeps a context for every call
            return replace(
                self, steps=(*self.steps[:last], *(_on_another(s, "") for s in self.steps[:last]), *self.steps[last:])
            )
        at = [n for n, s in enumerate(self.steps) if isinstance(s.call, tuple)]
        if len(at) < 2 or not first.keep or at[0] == 0 or isinstance(first.call, tuple):
            return None
        other = [_on_another(s, first.keep) for s in self.steps[: at[-1]]]
        return replace(self, steps=(*self.steps[: at[-1]], *other, *self.steps[at[-1] :]))

    @property
    def has_strides(self) -> bool:
        """Whether it is told how its arrays lie in memory."""
        written = (a for s in self.steps for a in _flattened(s.arguments) if a.role == "ints")
        return self.flat and any(a.value[1] == "strides" for a in written)

    def message(self, geometry: Geometry, arrays: Arrays) -> tuple[list[np.ndarray], dict[str, Any]]:
        """Return the arrays that are sent, and the steps of the call, as `inside/calling.py` takes them."""
        given = dict(arrays)
        if "bias" in self.roles and given.get("bias") is None and self._bias_is_needed:
            given["bias"] = np.zeros(geometry.in_channels if self.target == TRANSPOSED else geometry.out_channels)
        names = [n for n in ARRAYS if n in self.roles and given.get(n) is not None]
        sent = [np.asarray(given[n]) if n == "bias" else self.layout.sent(n, np.asarray(given[n])) for n in names]
        if "bias" in names and self.bias_shape != "F":
            sent[names.index("bias")] = self._shaped_bias(sent[names.index("bias")], geometry)
        if self.turned:
            sent = [np.ascontiguousarray(a.T) for a in sent]
        writer = _Writer(self, geometry, names)
        values = {"steps": [writer.step(s) for s in self.steps], "tensors": self.container == "tensors"}
        if self.pick:
            values["pick"] = [self._sought(self._place(p, names), geometry) for p in self.pick]
        if self.target.by_position:
            values["positions"] = list(geometry.output)
        return sent, values

    def _shaped_bias(self, bias: np.ndarray, geometry: Geometry) -> np.ndarray:
        """Return a bias in the shape that is wanted; as large as the result of one image, with one value a filter."""
        if self.bias_shape != "FHW":
            return bias.reshape([-1 if letter == "F" else 1 for letter in self.bias_shape])
        whole = np.broadcast_to(bias[None, :, None, None], (1, *geometry.output_shape[1:]))
        one = Layout(*(letters.replace("N", "") for letters in self.layout))
        return np.ascontiguousarray(one.sent("grad_output", whole))

    @property
    def _bias_is_needed(self) -> bool:
        written = [a for s in self.steps for a in _flattened(s.arguments)]
        in_dict = any(role == "bias" for a in written if a.role == "options" for _, role in a.value)
        return in_dict or any(a.role == "bias" and a.value != "optional" for a in written)

    @staticmethod
    def _place(place: Any, names: list[str]) -> Any:
        return [names.index(place[0]), *place[1:]] if isinstance(place, tuple) and place[0] in names else place

    def _sought(self, place: Any, geometry: Geometry) -> Any:
        """Return a place that is known by its shape, or by a weight's name, as `inside/calling.py` takes it."""
        operation = self.target.operation
        if place == "whole":
            shapes = self._shapes(geometry)
            return {place: shapes["weight"] if shapes["weight"] != shapes["input"] else []}
        if place == "updated":
            return {place: list(WEIGHTS if operation == "weight_gradient" else BIASES)}
        if place in ("changed", "shaped"):
            f = geometry.out_channels
            biases = [[f], [f, 1], [1, f], [f, 1, 1], [1, f, 1, 1], [1, 1, 1, f]]
            own = self._shapes(geometry)
            return {place: biases if operation == "bias_gradient" else [own[OPERATIONS[operation].result]]}
        return place

    def _shapes(self, geometry: Geometry) -> dict[str, list[int]]:
        shapes = {"input": geometry.input_shape, "weight": geometry.weight_shape}
        return {role: list(self.layout.shape(role, shape)) for role, shape in shapes.items()}

    def canonical(self, value: np.ndarray, geometry: Geometry) -> np.ndarray:
        """Return a result with the axes (N, C, H, W), or what it is where it has other axes."""
        if self.target.operation == "bias_gradient":
            if self.bias_shape == "FHW" and value.ndim == 3:
                sums: np.ndarray = self.layout.taken("grad_output", value).reshape(geometry.out_channels, -1).sum(1)
                return sums
            return value.reshape(-1) if value.size == geometry.out_channels else value
        role = OPERATIONS[self.target.operation].result
        if self.flat:
            shape = self.layout.shape(role, OPERATIONS[self.target.operation].result_shape(geometry))
            value = value.reshape(shape) if value.size == int(np.prod(shape)) else value
        return self.layout.taken(role, value)


def _other(a: Argument) -> Argument:
    return a._replace(style="other") if a.role in ARRAYS and a.style in ("", "learned") else a


def _on_another(step: "Step", name: str) -> "Step":
    """Return a step on another object than the one of that name, with other numbers, whose results nobody looks at."""
    moved = tuple(_other(a) for a in step.arguments)
    call = (f"another {name}", *step.call[1:]) if isinstance(step.call, tuple) and step.call[0] == name else step.call
    call = f"another {name}" if step.set and call == name else call
    return step._replace(call=call, arguments=moved, keep=f"another {step.keep}" if step.keep else "")


def _flattened(arguments: Sequence[Argument]) -> Iterator[Argument]:
    for a in arguments:
        if a.role in ("tuple", "node"):
            yield from _flattened(a.value)
        else:
            yield a


def _roles(arguments: Any) -> Iterator[str]:
    for a in _flattened(tuple(arguments)):
        yield from (role for _, role in a.value) if a.role == "options" else (a.role,)


class _Writer:
    """The steps of a form for one geometry."""

    def __init__(self, form: Form, geometry: Geometry, names: list[str]) -> None:
        self._form, self._geometry, self._names = form, geometry, names

    def step(self, step: Step) -> dict[str, Any]:
        if step.set:
            return {"set": list(step.set), "of": step.call, "to": self.argument(step.arguments[0])}
        if step.call == "backward":
            return {"backward": step.set or step.keep, "upstream": self.argument(step.arguments[0])}
        call = list(step.call) if isinstance(step.call, tuple) else step.call
        given = [a for a in step.arguments if not (a.role == "bias" and "bias" not in self._names and not a.keyword)]
        given = [a for a in given if not (a.keyword and a.role == "bias" and "bias" not in self._names)]
        given = [a for a in given if not (a.value == "unless default" and self._is_default(a.role))]
        said = {
            "call": call,
            "order": [self.argument(a) for a in given if not a.keyword],
            "options": {a.keyword: self.argument(a) for a in given if a.keyword},
        }
        if self._form.is_watched and step is self._form.steps[-1]:
            said["watch"] = [step.call[0], [*WEIGHTS, *BIASES]]
        return said | ({"keep": step.keep} if step.keep else {})

    def _is_default(self, role: str) -> bool:
        return bool(self._value(role) == DEFAULTS[role])

    def argument(self, a: Argument) -> Any:
        if a.role in ARRAYS:
            number = self._names.index(a.role)
            style = a.style if a.style in ("list", "scalar", "flat", "learned", "own", "other") else None
            style = style or ("list" if self._form.container == "lists" and a.role != "bias" else None)
            return {style: number} if style else number
        if a.role == "options":
            return {"dict": {key: self.argument(Argument(role, "", a.style)) for key, role in a.value}}
        if a.role == "tuple":
            return {"tuple": [self.argument(inner) for inner in a.value]}
        if a.role == "kept":
            return {"kept": list(a.value)}
        if a.role == "context":
            return {"context": "context"}
        if a.role == "node":
            return {"node": [self.argument(inner) for inner in a.value]}
        if a.role in ("made", "ints"):
            return {a.role: self._memory(a)}
        return {"value": self._written(a)}

    def _memory(self, a: Argument) -> Any:
        """A made array's name and shape, or the `shape` or `strides` of an array, in the layout."""
        array, what = a.value
        shape = self._shape(array)
        if a.role == "made":
            return ["out", [int(np.prod(shape))] if self._form.flat else list(shape), 7.0 * self._form.dirty]
        if what == "shape":
            return list(shape)
        turned = self._form.turned and array in self._names
        return [int(np.prod(shape[:n] if turned else shape[n + 1 :])) for n in range(len(shape))]

    def _shape(self, array: str) -> tuple[int, ...]:
        g = self._geometry
        shapes = {"input": g.input_shape, "weight": g.weight_shape, "grad_output": g.output_shape}
        return self._form.layout.shape(array, shapes[array])

    def _written(self, a: Argument) -> Any:
        if a.role in SIZES_OF:
            return list(self._shape(SIZES_OF[a.role]))
        if a.role in SIDES:
            array, axis = SIDES[a.role]
            return getattr(self._geometry, array)[axis]
        if a.role == "size":
            return int(np.prod(self._shape(a.value)))
        if a.role not in (*OPTIONS, "kernel_size", "in_channels", "out_channels"):
            return a.value
        value = self._value(a.role)
        if a.style == "pair" and isinstance(value, int):
            return [value] * (1 if self._form.layout.is_line else 2)
        return value[-1] if self._form.layout.is_line and isinstance(value, list) else value

    def _value(self, role: str) -> Any:
        g = self._geometry
        if role == "kernel_size":
            return g.kernel[0] if len(set(g.kernel)) == 1 else list(g.kernel)
        if role in ("in_channels", "out_channels"):
            return getattr(g, role)
        if self._form.layout.is_line and role != "groups":
            axis = g.axes[-1]
            return {"stride": axis.stride, "padding": axis.before, "dilation": axis.dilation}[role]
        return option_values(g)[role]


# Forms from what is known of a function


def forms(
    name: str, said: Parameters, target: JudgedFunction, known: dict[str, Parameters], layouts: Sequence[Layout] = ()
) -> list[Form]:
    """Return the ways in which a function may be meant to be called as a target, the likeliest first.

    Parameters
    ----------
    name : str
    said : dict
        What `inside/describing.py` says of it.
    target : JudgedFunction
    known : dict
        The same of everything that the hand-in has: a backward pass needs what its forward pass keeps.
    layouts : sequence of Layout
        Those that are tried; all by default.
    """
    made = list(_of_class(name, said, target) if said.get("class") else _of_function(name, said, target, known))
    container = "tensors" if said["tensors"] else "arrays"
    known_layouts = _layouts(target)
    if not _is_said_depthwise(name, said, target):
        known_layouts = [layout for layout in known_layouts if not layout.is_depthwise]
    tried = layouts or by_names(known_layouts, said["parameters"])
    return [
        replace(form, layout=layout, container=form.container if form.container != "arrays" else container)
        for layout in tried
        for form in made
    ]


# Layouts of a transposed convolution, in the letters of the convolution whose transpose it is.
TRANSPOSED_LAYOUTS = (
    BATCH, Layout("NCHW", "IOHW", "NOHW"), Layout("NHWC", "HWIO", "NHWO"), Layout("NHWC", "HWOI", "NHWO"),
    Layout("CHW", "OIHW", "OHW"), PLANE,
)  # fmt: skip
_TURNED = {"input": "grad_output", "in_channels": "out_channels", "out_channels": "in_channels"}


def transposed_forms(name: str, said: Parameters, known: dict[str, Parameters]) -> list[Form]:
    """Return the ways in which a function may be meant to be called as a transposed convolution: as a forward pass.

    Its bias is left at zero.
    """
    made = forms(name, said, TARGETS["conv2d"], known, TRANSPOSED_LAYOUTS)
    return [
        replace(
            form,
            target=TRANSPOSED,
            steps=tuple(s._replace(arguments=tuple(map(_transposed, s.arguments))) for s in form.steps),
            unvaried=(*form.unvaried, "bias") if "bias" in form.roles else form.unvaried,
        )
        for form in made
        if "FHW" not in form.bias_styles
    ]


def _transposed(a: Argument) -> Argument:
    return a._replace(role=_TURNED.get(a.role, a.role))


def _is_said_depthwise(name: str, said: Parameters, target: JudgedFunction) -> bool:
    """Return whether a forward pass says that each channel has kernels of its own; wrong ones look like that too."""
    text = f"{name} {said.get('doc', '')}"
    return (
        target.operation == "forward" and re.search(r"depth.?wise|channel.?wise|per.?channel", text, re.I) is not None
    )


def _layouts(target: JudgedFunction) -> list[Layout]:
    first = PLANE if target.plane else BATCH
    if target.by_position:
        return [PLANE]
    return [first, *(layout for layout in LAYOUTS if layout != first)]


def _of_function(name: str, said: Parameters, target: JudgedFunction, known: dict[str, Parameters]) -> Iterator[Form]:
    """Yield the forms of a plain function."""
    if said.get("unknown"):
        yield Form(target, PLANE, (Step(name, tuple(Argument(a) for a in target.arguments)),), (0,))
        return
    parameters = said["parameters"][2:] if target.by_position else said["parameters"]
    if target.operation != "forward" and "cache" in assigned(parameters, ("grad_output",)):
        yield from _of_backward(name, said, target, known)
        return
    for arrays in _wanted_arrays(target, parameters):
        roles = _with_out(parameters, sized(parameters, arrays, target.operation), target)
        arguments, unvaried = _arguments(parameters, roles, said)
        arguments = tuple(_made(a, target) for a in arguments)
        if not all(a in [x.role for x in arguments] for a in target.factors):
            continue
        for pick in [(("out",),)] if "out" in roles else _picks(target, roles):
            for written in _biases(arguments):
                for filled, place in _written_into(written, target):
                    step = Step(name, filled, keep="result")
                    yield Form(target, PLANE, (step,), place or pick, unvaried=unvaried)


def _written_into(
    arguments: tuple[Argument, ...], target: JudgedFunction
) -> Iterator[tuple[tuple[Argument, ...], tuple[Any, ...]]]:
    """Yield the arguments with an array that the function writes into: as large as its result, or as its input."""
    if not any(a.role == "made" for a in arguments):
        yield arguments, ()
        return
    result = OPERATIONS[target.operation].result if target.operation in OPERATIONS else "grad_output"
    for array in dict.fromkeys((result, "input")):
        made = tuple(a._replace(value=(array, "")) if a.role == "made" else a for a in arguments)
        yield made, (("out",),)


def _with_out(parameters: Sequence[Parameters], roles: list[str], target: JudgedFunction) -> list[str]:
    """Return the roles, with `out` for the required parameter that the result is written into, by its name."""
    if target.operation not in OPERATIONS:
        return roles
    for n, (p, role) in enumerate(zip(parameters, roles, strict=True)):
        if not role and "default" not in p and spelled(p["name"]) in NAMES["out"]:
            return [*roles[:n], "out", *roles[n + 1 :]]
    return roles


def _made(a: Argument, target: JudgedFunction) -> Argument:
    return Argument("made", a.keyword, "", (OPERATIONS[target.operation].result, "")) if a.role == "out" else a


def _biases(arguments: tuple[Argument, ...]) -> Iterator[tuple[Argument, ...]]:
    """Yield the arguments with every shape that a required bias may have: (F,), (1, 1, 1, F), (F, 1), one number."""
    needed = [a for a in arguments if a.role == "bias" and a.value != "optional" and not a.style]
    for style in ("", "111F", "F1", "scalar", "FHW") if needed else ("",):
        yield tuple(a._replace(style=style) if a in needed else a for a in arguments)


def _of_backward(name: str, said: Parameters, target: JudgedFunction, known: dict[str, Parameters]) -> Iterator[Form]:
    """Yield the forms of backward(dout, cache): with what its forward pass keeps, or with (x, w, b, options)."""
    parameters = said["parameters"]
    arguments, _ = _arguments(parameters, assigned(parameters, ("grad_output",)), said)
    forward = next((f for f in _partners(name) if f in known and not known[f].get("class")), None)
    caches: list[tuple[tuple[Step, ...], Argument]] = [((), own) for own in _own_caches(parameters)]
    if forward is not None:
        passed, _ = _arguments(
            known[forward]["parameters"], assigned(known[forward]["parameters"], ("input", "weight")), known[forward]
        )
        for written in _biases(passed):
            caches.append(((Step(forward, written, keep="result"),), Argument("kept", "", "", ("result", 1))))
    for steps, cache in caches:
        for bias in ("", "111F", "F1") if not steps else ("",):
            filled = tuple(_with_bias(cache, bias) if a.role == "cache" else a for a in arguments)
            place = (PLACES[target.operation], *(["whole"] if target.operation == "input_gradient" else []), "absent")
            yield Form(target, PLANE, (*steps, Step(name, filled, keep="back")), place)


def _own_caches(parameters: Sequence[Parameters]) -> Iterator[Argument]:
    """Yield what a backward pass may get without its forward pass: what it says that it takes out of its cache."""
    cache = next(
        p for p, role in zip(parameters, assigned(parameters, ("grad_output",)), strict=True) if role == "cache"
    )
    said: Parameters = {"open": False}
    for names in (cache.get("unpacked", []), cache.get("keys", [])):
        parts = [{"name": n, "kind": "either", "annotation": "", "axes": []} for n in names]
        roles = assigned(parts, ("input", "weight")) if parts else []
        if {"input", "weight"} <= set(roles) and all(roles):
            filled, _ = _arguments(parts, roles, said)
            if names is cache.get("unpacked"):
                yield Argument("tuple", "", "", filled)
            else:
                yield Argument("options", "", "", tuple((n, a.role) for n, a in zip(names, filled, strict=True)))
    if not cache.get("unpacked") or len(cache["unpacked"]) == 4:
        plain = (("input",), ("weight",), ("bias",), ("options", "", "", KEYS))
        yield Argument("tuple", "", "", tuple(Argument(*a) for a in plain))


def _with_bias(cache: Argument, style: str) -> Argument:
    if cache.role != "tuple":
        return cache
    return cache._replace(value=tuple(a._replace(style=style) if a.role == "bias" else a for a in cache.value))


def _partners(name: str) -> Iterator[str]:
    """Yield what the forward pass of a backward pass may be called."""
    for back, front in (
        ("backward", "forward"),
        ("Backward", "Forward"),
        ("_backward", ""),
        ("backward_", ""),
        ("bwd", "fwd"),
    ):
        if back in name:
            yield name.replace(back, front)


def _wanted_arrays(target: JudgedFunction, parameters: Sequence[Parameters]) -> list[tuple[str, ...]]:
    """Return which arrays a function may want: its factors in the target's order, or all three of a backward pass."""
    own = tuple(a for a in target.arguments if a in ARRAYS)
    if target.operation == "forward":
        return [own]
    return [own, ("grad_output", "input", "weight")] if len(parameters) > 2 else [own]


def _picks(target: JudgedFunction, roles: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return where the result may be: the first of a tuple; of a backward pass of all three, the target's own place."""
    if target.operation == "forward":
        return [(0,)]
    place = PLACES[target.operation]
    return [(place,)] if set(roles) >= {"input", "weight", "grad_output"} else [(0,), *([(place,)] if place else [])]


def _arguments(
    parameters: Sequence[Parameters], roles: Sequence[str], said: Parameters
) -> tuple[tuple[Argument, ...], tuple[str, ...]]:
    """Return the arguments for parameters with those roles, and the names of those that are left alone."""
    arguments: list[Argument] = []
    unvaried: list[str] = []
    by_keyword = False
    for parameter, role in zip(parameters, roles, strict=True):
        optional = "default" in parameter
        keyword = (
            parameter["name"]
            if by_keyword or parameter["kind"] == "keyword" or (optional and role in (*OPTIONS, "bias"))
            else ""
        )
        if role == "cache":
            arguments.append(Argument("cache", keyword))
            continue
        if role == "out" and not optional:
            arguments.append(Argument("made", keyword))
            continue
        if not role or role in ("context", "mode", "out"):
            if optional:
                unvaried.append(parameter["name"])
                by_keyword = True
                continue
            arguments.append(_filled(parameter, role, keyword))
            unvaried.append(parameter["name"])
            continue
        arguments.append(_argument(parameter, role, keyword))
        by_keyword = by_keyword or bool(keyword)
    if said["open"]:
        named = {a.role for a in arguments}
        arguments += [
            Argument(o, o, "", "unless default") for o in OPTIONS if o not in named and "options" not in named
        ]
    return tuple(arguments), tuple(unvaried)


def _filled(parameter: Parameters, role: str, keyword: str) -> Argument:
    """Return something for a required parameter that has no role: a mode's name, a zero."""
    return Argument("constant", keyword, "", "valid" if role == "mode" else 0)


def _argument(parameter: Parameters, role: str, keyword: str) -> Argument:
    default = parameter.get("default")
    if role == "options":
        return Argument("options", keyword, "", _keys(parameter, default))
    if role == "kernel_size" and len(parameter.get("unpacked", ())) == 2:
        return Argument(role, keyword, "pair")
    if role in OPTIONS:
        pair = isinstance(default, list) or "uple" in parameter["annotation"]
        return Argument(role, keyword, "pair" if pair else "")
    if role == "bias":
        return Argument("bias", keyword, "", "optional" if "default" in parameter and default is None else None)
    return Argument(role, keyword)


KEYS = (("stride", "stride"), ("pad", "padding"), ("padding", "padding"))


def _keys(parameter: Parameters, default: Any) -> tuple[tuple[str, str], ...]:
    """Return the keys of a dict of options: those of its default, else the usual ones."""
    if isinstance(default, dict) and default.get("dict"):
        names = [{"name": key, "kind": "either", "annotation": "", "default": 1} for key in default["dict"]]
        return tuple((n["name"], role) for n, role in zip(names, assigned(names, ()), strict=True) if role in OPTIONS)
    return KEYS


# Classes


def is_autograd(said: Parameters) -> bool:
    """Return whether it is a torch.autograd.Function, whose backward pass torch calls."""
    return any(b.startswith("torch.autograd.function") for b in said.get("bases", ()))


def _of_class(name: str, said: Parameters, target: JudgedFunction) -> Iterator[Form]:
    """Yield the forms of a class with a forward pass, and maybe a backward one."""
    if is_autograd(said):
        yield from _of_autograd(name, said, target)
        return
    methods = said.get("methods", {})
    forward = next((m for m in ("forward", "compute", "__call__", "apply", "conv", "convolve") if m in methods), None)
    if forward is None:
        return
    if methods[forward].get("static"):
        yield from _of_static(name, methods, forward, target)
        return
    for build in _constructions(name, methods.get("__init__")):
        for call in _forward_calls(methods[forward], forward):
            steps = (*build, call)
            if target.operation == "forward":
                yield Form(target, PLANE, steps, (0,))
            elif (back := _backward_call(methods)) is not None:
                returned = methods[backward_method(methods) or ""].get("returns", [])
                for place in _gradient_places(target, returned):
                    yield Form(target, PLANE, (*steps, back), place)


def _constructions(name: str, said: Parameters | None) -> Iterator[tuple[Step, ...]]:
    """Yield the ways to make an object: from its weights, or from sizes with the weights set afterwards."""
    parameters = said["parameters"] if said else []
    described: Parameters = said or {"open": False}
    weights = _with_kernel_size(
        parameters, assigned(parameters, ("weight",) if _takes_weights(parameters) else (), CONSTRUCTED)
    )
    arguments, _ = _arguments(parameters, [r if r != "use_bias" else "" for r in weights], {**described, "open": False})
    arguments = tuple(a._replace(value=1.0) if a.role == "rate" else a for a in arguments)
    made = Step(name, arguments, keep="object")
    if "weight" in weights:
        for written in _biases(arguments) if "bias" in weights else (arguments,):
            yield (made._replace(arguments=written),)
        return
    set_weight = Step("object", (Argument("weight"),), set=WEIGHTS)
    for style in ("F", "F1", "1F", "1F11", "111F", "F11"):
        yield (made, set_weight, Step("object", (Argument("bias", "", style),), set=BIASES))
    yield (made, set_weight)
    yield (made,)


def _with_kernel_size(parameters: Sequence[Parameters], roles: list[str]) -> list[str]:
    """Return the roles, with the kernel's size for a required `k` beside counts of channels."""
    if "weight" in roles or "kernel_size" in roles or not {"in_channels", "out_channels"} & {*roles}:
        return roles
    needed = [n for n, p in enumerate(parameters) if not roles[n] and "default" not in p]
    at = next((n for n in needed if spelled(parameters[n]["name"]) in ("k", "f", "ks", "size", "kernel")), None)
    return roles if at is None else [*roles[:at], "kernel_size", *roles[at + 1 :]]


def _takes_weights(parameters: Sequence[Parameters]) -> bool:
    """Return whether a constructor wants the weights themselves, and not their sizes."""
    sizes = {"in_channels", "out_channels", "kernel_size"}
    names = [spelled(p["name"]) for p in parameters]
    return any(n in NAMES["weight"] for n in names) and not any(
        n in NAMES[s] - NAMES["weight"] for n in names for s in sizes
    )


def _forward_calls(said: Parameters, method: str) -> Iterator[Step]:
    wanted = ("input", "weight") if len([p for p in said["parameters"] if "default" not in p]) > 1 else ("input",)
    arguments, _ = _arguments(said["parameters"], assigned(said["parameters"], wanted), said)
    yield Step(("object", method), arguments, keep="result")


def backward_method(methods: dict[str, Any]) -> str | None:
    """Return the name of a class's backward pass."""
    known = ("backward", "backprop", "gradient", "backward_pass")
    others = (m for m in methods if "back" in m.lower() or m.lower() in ("grad", "grads", "gradients"))
    return next((m for m in known if m in methods), next(others, None))


def _backward_call(methods: dict[str, Any]) -> Step | None:
    method = backward_method(methods)
    if method is None:
        return None
    parameters = methods[method]["parameters"]
    factors = [a for a in ("input", "weight") if any(role_of(p, (a,)) for p in parameters)]
    roles = assigned(parameters, ("grad_output", *factors), (*CALLED, "rate"))
    arguments, _ = _arguments(parameters, roles, methods[method])
    arguments = tuple(a._replace(value=1.0) if a.role == "rate" else a for a in arguments)
    arguments = tuple(a._replace(role="kept", value=("result",)) if a.role == "cache" else a for a in arguments)
    return Step(("object", method), arguments, keep="back")


def _gradient_places(target: JudgedFunction, returned: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where a gradient may be after the backward pass: in the tuple, an attribute, or a parameter's grad.

    A tuple of the names of the weight's and the bias's gradient, without the input's, is taken as its names say.
    """
    names = GRADIENTS[target.operation]
    told = [next((o for o, known in GRADIENTS.items() if n in known), "") for n in returned]
    if len(told) == 2 and {*told} == {"weight_gradient", "bias_gradient"}:
        at = told.index(target.operation) if target.operation in told else None
        yield (*(("object", n) for n in names), "absent") if at is None else (at, "absent")
        return
    place = PLACES[target.operation]
    attributes = tuple(("object", n) for n in names)
    if target.operation == "input_gradient":
        yield (0, "whole", *attributes, "changed", "absent")
        return
    owners = WEIGHTS if target.operation == "weight_gradient" else BIASES
    nested = tuple(("object", holder, n) for holder in ("grads", "gradients", "grad") for n in (*names, *owners))
    found = (*attributes, *(("object", w, "grad") for w in owners), *nested)
    yield (*found, place, "changed", "updated", "shaped", "absent")
    yield (place, *attributes, "absent")


def _of_static(name: str, methods: dict[str, Any], forward: str, target: JudgedFunction) -> Iterator[Form]:
    """Yield the forms of a class of static functions: forward(ctx, …) and backward(ctx, grad), or with a cache."""
    parameters = methods[forward]["parameters"]
    roles = assigned(parameters, ("input", "weight"))
    arguments, unvaried = _arguments(parameters, roles, methods[forward])
    if "context" in roles:
        arguments = (Argument("context"), *(a for a in arguments if a.role != "constant"))
    step = Step(f"{name}.{forward}", arguments, keep="result")
    if target.operation == "forward":
        yield Form(target, PLANE, (step,), (0,), unvaried=unvaried)
        return
    if "backward" not in methods:
        return
    back = methods["backward"]["parameters"]
    made = []
    for p, role in zip(back, assigned(back, ("grad_output",)), strict=True):
        if role == "context":
            made.append(Argument("context"))
        elif role == "cache":
            made.append(Argument("kept", "", "", ("result", 1)))
        elif role:
            made.append(Argument(role))
        elif "default" not in p:
            made.append(Argument("constant", "", "", 0))
    steps = (step, Step(f"{name}.backward", tuple(made), keep="back"))
    yield Form(target, PLANE, steps, (PLACES[target.operation],))


def _of_autograd(name: str, said: Parameters, target: JudgedFunction) -> Iterator[Form]:
    """Yield the form of a torch.autograd.Function, whose backward torch calls."""
    parameters = said.get("methods", {}).get("forward", {}).get("parameters", [])
    roles = assigned(parameters, ("input", "weight"), CALLED)
    own = [(p, r) for p, r in zip(parameters, roles, strict=True) if r != "context"]
    order: list[Argument] = []
    for p, role in own:
        if role in ARRAYS:
            wanted = role == target.operation.removesuffix("_gradient")  # of the others torch checks no shape
            order.append(Argument(role, "", "learned" if wanted else ""))
        elif role in OPTIONS or role in SIZES_OF:
            order.append(_argument(p, role, "")._replace(keyword=""))
        elif "default" not in p:
            order.append(Argument("constant", "", "", 0))
        else:
            order.append(Argument("constant", "", "", p["default"]))
    call = Step(f"{name}.apply", tuple(order), keep="result")
    if target.operation == "forward":
        yield Form(target, PLANE, (call,), (0,), container="tensors")
        return
    role = {"input_gradient": "input", "weight_gradient": "weight", "bias_gradient": "bias"}[target.operation]
    back = Step("backward", (Argument("grad_output"),), keep="result")
    yield Form(target, PLANE, (call, back), ((role, "grad"), "absent"), container="tensors")
