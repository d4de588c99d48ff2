"""How is checked what PyTorch differentiates: an `autograd.Function`, a module, any function of tensors?

Its forward pass is also watched, so that a point where it has no derivative is named by the operation that has none.
"""

import copy
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from convolab.errors import ConvolabError, DtypeError, MissingDependencyError
from convolab.gradient.subject import Subject, checked_places, names_of, title_of

try:
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
except ImportError as error:
    raise MissingDependencyError("torch", "train", "a function without gradients of its own") from error

from convolab.gradient.inside import InFloat64, kinds_met


class NoGradient(ConvolabError):
    """The output does not depend on its arguments, as far as autograd can tell."""


def tensor_subject(function, arguments: Sequence, options: dict, geometry) -> tuple[Subject, list[np.ndarray]]:
    """Return the subject of a function of tensors; autograd gives its gradients."""
    if isinstance(function, torch.nn.Module):
        return _module(function, arguments, options, geometry)
    given = arguments
    arguments = [as_array(a) for a in arguments]
    title, call = title_of(function), function
    if isinstance(function, type) and issubclass(function, torch.autograd.Function):
        call = function.apply
        names = tuple(list(names_of(function.forward, len(arguments) + 1))[1:])
    else:
        names = names_of(function, len(arguments))
    places = checked_places(arguments)

    def complete(*tensors):
        full = list(arguments)
        for n, tensor in zip(places, tensors, strict=True):
            full[n] = tensor
        return call(*(torch.from_numpy(a) if isinstance(a, np.ndarray) else a for a in full), **options)

    narrow = tuple(_is_bfloat16(given[n]) for n in places)
    subject = _subject(title, tuple(names[n] for n in places), complete, geometry, narrow)
    return subject, [arguments[n] for n in places]


def _is_bfloat16(value) -> bool:
    return isinstance(value, torch.Tensor) and value.dtype == torch.bfloat16


def as_array(value):
    """Return a tensor as an array; bfloat16, which NumPy has not, as float32."""
    if not isinstance(value, torch.Tensor):
        return value
    tensor = value.detach().cpu()
    return np.array((tensor.float() if _is_bfloat16(tensor) else tensor).numpy(), order="C")


def _module(module: torch.nn.Module, given: Sequence, options: dict, geometry) -> tuple[Subject, list[np.ndarray]]:
    """Take a module's inputs and parameters for the arguments, all in the finest type among them."""
    inputs = [as_array(a) for a in given]
    places = checked_places(inputs)
    trained = {name: p for name, p in module.named_parameters() if p.requires_grad}
    narrow = all(map(_is_bfloat16, [*(given[n] for n in places), *trained.values()]))
    dtype = np.result_type(*(inputs[n] for n in places), *map(as_array, trained.values()))
    parameters = {name: as_array(p).astype(dtype) for name, p in trained.items()}
    inputs = [a.astype(dtype) if n in places else a for n, a in enumerate(inputs)]
    # Each type of numbers gets a copy of its own: the caller's module is left alone, its buffers included.
    copies: dict[torch.dtype, torch.nn.Module] = {}

    def complete(*tensors):
        dtype = tensors[0].dtype
        if dtype not in copies:
            copies[dtype] = copy.deepcopy(module).cpu().to(dtype)
        full = [torch.from_numpy(a) if isinstance(a, np.ndarray) else a for a in inputs]
        for n, tensor in zip(places, tensors[: len(places)], strict=True):
            full[n] = tensor
        state = dict(zip(parameters, tensors[len(places) :], strict=True))
        return torch.func.functional_call(copies[dtype], state, tuple(full), options)

    names = names_of(module.forward, len(inputs))
    names = (*(names[n] for n in places), *parameters)
    arrays = [inputs[n] for n in places] + list(parameters.values())
    training = module.training and any(isinstance(m, RANDOM) for m in module.modules())
    notes: tuple[str, ...] = (
        ("the module is in training mode: .eval() stops its dropout and its batch statistics",) if training else ()
    )
    if geometry is None and len(places) == len(inputs) == 1:
        geometry = convolution_of(module, np.shape(inputs[0]))
    title = type(module).__name__
    notes += tuple(
        f"{what} of {title} is {own} and was taken as {dtype}, the finest type among them"
        for what, own in _others(given, places, trained, dtype)
        if not narrow
    )
    return _subject(title, names, complete, geometry, (narrow,) * len(arrays), notes), arrays


def _others(given: Sequence, places: Sequence[int], trained: dict, dtype) -> list[tuple[str, str]]:
    """Return which of a module's input and parameters are of another type than all are taken in, each with its type."""
    kinds = {
        "the input": {str(given[n].dtype).removeprefix("torch.") for n in places},
        "a parameter": {str(p.dtype).removeprefix("torch.") for p in trained.values()},
    }
    return [(what, own) for what, found in kinds.items() for own in sorted(found - {str(dtype)})]


RANDOM = (torch.nn.modules.dropout._DropoutNd, torch.nn.modules.batchnorm._BatchNorm)


def convolution_of(module, input_shape: Sequence[int]):
    """Return the geometry of a plain convolution layer for an input (N, C, *spatial); None for anything else."""
    from convolab.geometry import convolution_geometry

    if type(module) not in (torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d):
        return None
    if len(input_shape) != module.weight.ndim:
        return None
    return convolution_geometry(
        "gradcheck", tuple(input_shape), tuple(module.weight.shape), stride=module.stride, padding=module.padding,
        dilation=module.dilation, groups=module.groups, padding_mode=module.padding_mode,
    )  # fmt: skip


def _subject(title: str, names, call: Callable, geometry, narrow: Sequence[bool], notes=()) -> Subject:
    """Return the subject of a call; `narrow` says which arguments are bfloat16, though their arrays are float32."""

    def tensors_of(arrays):
        tensors = [torch.from_numpy(a) for a in arrays]
        given_so = zip(tensors, narrow, strict=True)
        return [t.bfloat16() if cut and t.dtype == torch.float32 else t for t, cut in given_so]

    def forward(*arrays):
        with torch.no_grad():
            return _as_fine_as(_output(title, call(*tensors_of(arrays))), arrays)

    def gradients(grad_output, *arrays):
        tensors = [t.requires_grad_() for t in tensors_of(arrays)]
        output = _output(title, call(*tensors))
        if not output.requires_grad:
            raise NoGradient(f"{title}: autograd finds no way from the output to {', '.join(names)}")
        found = torch.autograd.grad(output, tensors, torch.from_numpy(grad_output).to(output.dtype), allow_unused=True)
        return [np.zeros_like(a) if g is None else as_array(g) for a, g in zip(arrays, found, strict=True)]

    def computed_in(grad_output, *arrays):
        return kinds_met(lambda: gradients(grad_output, *arrays), tensors_of(arrays))

    def precisely(*arrays):
        with torch.no_grad(), InFloat64():
            return _as_fine_as(_output(title, call(*map(torch.from_numpy, arrays))), arrays)

    watched = partial(kinks, lambda *tensors: call(*tensors_of([t.numpy() for t in tensors])))
    return Subject(title, names, forward, gradients, geometry, watched, notes, computed_in, precisely)


def _as_fine_as(output: torch.Tensor, arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Return an output as an array, in the arguments' type if its own is coarser."""
    array, wanted = as_array(output), np.result_type(*arrays)
    return array.astype(wanted) if array.dtype.kind == "f" and array.dtype.itemsize < wanted.itemsize else array


def _output(title: str, output) -> torch.Tensor:
    if not isinstance(output, torch.Tensor):
        raise DtypeError(
            f"gradcheck: {title} returned {type(output).__name__}. Expected one tensor that autograd can follow; for "
            f"NumPy functions give the gradients: gradients=(grad_output, *arguments) → one an argument."
        )
    return output


def kinks(call: Callable, reach: float, *arrays) -> list[str]:
    """Return the operations that come within `reach` of a point where they are not differentiable, each as a phrase."""
    with torch.no_grad(), _Watch(reach) as watch:
        call(*map(torch.from_numpy, arrays))
    return watch.met


class _Watch(TorchDispatchMode):
    def __init__(self, reach: float):
        super().__init__()
        self.reach = reach
        self.met: list[str] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        if name in KINKS:
            # Looked at before the call: it may work in place.
            phrase, count = KINKS[name]
            if found := int(count(self.reach, *args, **(kwargs or {}))):
                self.met.append(f"{phrase} ({found:,} {'place' if found == 1 else 'places'})")
        return func(*args, **(kwargs or {}))


def _near(*points: float):
    """Return how many elements lie within reach of one of the points."""
    return lambda reach, x, *_, **__: sum(((x - point).abs() <= reach).sum() for point in points)


def _near_bounds(reach, x, low=None, high=None, *_, **__):
    return sum(((x - bound).abs() <= reach).sum() for bound in (low, high) if bound is not None)


def _window_ties(reach, x, kernel, stride=(), padding=0, dilation=1, *_, **__):
    """Return how many windows of a max-pooling hold their maximum more than once."""
    dims = len(kernel)
    each = [tuple(v) * dims if len(v) == 1 else tuple(v) for v in map(_listed, (stride or kernel, padding, dilation))]
    strides, paddings, dilations = each
    x = torch.nn.functional.pad(x, [p for pad in reversed(paddings) for p in (pad, pad)], value=-torch.inf)
    for axis, (k, s, d) in enumerate(zip(kernel, strides, dilations, strict=True), start=x.ndim - dims):
        x = x.unfold(axis, d * (k - 1) + 1, s)[..., ::d]
    windows = x.flatten(-dims)
    return ((windows >= windows.amax(-1, keepdim=True) - reach).sum(-1) > 1).sum()


def _listed(value) -> list:
    return [value] if isinstance(value, int) else list(value)


def _largest_ties(reach, x, dim=None, *_, **__):
    x = x.flatten() if dim is None or dim == [] else x
    top = x.amax(dim if dim not in (None, []) else 0, keepdim=True)
    return ((x >= top - reach).sum(dim if dim not in (None, []) else 0) > 1).sum()


# The operations of PyTorch that have no derivative somewhere: how to say so, and how often an input comes close.
KINKS = {
    **dict.fromkeys(("relu", "relu_", "threshold"), ("ReLU at 0", _near(0.0))),
    **dict.fromkeys(("leaky_relu", "elu", "prelu", "_prelu_kernel"), ("a rectifier at 0", _near(0.0))),
    **dict.fromkeys(("hardtanh", "hardtanh_", "clamp", "clamp_"), ("clamp at its bounds", _near_bounds)),
    **dict.fromkeys(("abs", "sgn", "sign"), ("|x| at 0", _near(0.0))),
    "hardswish": ("hardswish at its bends", _near(-3.0, 3.0)),
    "hardsigmoid": ("hardsigmoid at its bends", _near(-3.0, 3.0)),
    "sqrt": ("√x at 0", _near(0.0)),
    **dict.fromkeys(
        ("max_pool2d_with_indices", "max_pool3d_with_indices"), ("max-pool ties", _window_ties)
    ),
    **dict.fromkeys(("max", "amax"), ("a maximum's ties", _largest_ties)),
    **dict.fromkeys(("maximum", "minimum"), ("ties of two", lambda reach, a, b: ((a - b).abs() <= reach).sum())),
    **dict.fromkeys(("floor", "ceil", "round", "trunc"), ("rounding", lambda reach, x, *_, **__: x.numel())),
}  # fmt: skip
