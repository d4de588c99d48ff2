"""Which function does FILE:NAME name, and which gradients stand beside it?

A file may hold the lab sheet's functions, functions named after `torch.nn.grad`, an `autograd.Function`, a module, or
any function of tensors. The file is run in this process; `convolab check` runs one apart from it.
"""

import inspect
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import convolab.convolution as operators
from convolab.convolution.arrays import is_tensor
from convolab.definition import apply_convolution
from convolab.errors import InputError, UsageError

Notes = tuple[str, ...]


@dataclass(frozen=True)
class FoundFunction:
    """A function to check: how many arguments it takes, in which layout, and its gradients, if it brings any."""

    function: Callable
    gradients: Mapping[str, Callable] | None = None
    arguments: int = 2
    plane: bool = False
    options: tuple[str, ...] = ()
    notes: Notes = ()


def find_function(place: str) -> FoundFunction:
    """Return the function that FILE:NAME names.

    Raises
    ------
    UsageError
        If there is no `:NAME`.
    InputError
        If the file cannot be read or run, or holds no such name.
    """
    file, _, name = place.rpartition(":")
    if not file or not name:
        raise UsageError(f"--function: expected FILE:NAME, got {place!r}")
    names = _run_file(Path(file))
    if name not in names:
        public = [n for n, v in names.items() if callable(v) and not n.startswith("_")]
        raise InputError(f"--function: {file} holds no {name}. It holds: {', '.join(public) or 'no functions'}")
    for family in (_sheet, _named_after_torch):
        if found := family(name, names):
            return found
    return _tensors(file, name, names[name])


def _run_file(file: Path) -> dict:
    """Return the names that a Python file defines."""
    if not file.is_file():
        raise InputError(f"--function: {file} is not there. Expected a Python file")
    folder = str(file.resolve().parent)
    sys.path.insert(0, folder)
    try:
        return runpy.run_path(str(file))
    except (Exception, SystemExit) as error:  # whatever stops the file from running is the answer
        raise InputError(f"--function: {file} does not run: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(folder)


def _sheet(name: str, names: Mapping) -> FoundFunction | None:
    """Find apply_convolution(img, kernel), conv_gradient_wrt_input(dloss_dy, kernel), …_kernel(img, dloss_dy)."""
    by_input, by_kernel = (names.get(f"conv_gradient_wrt_{which}") for which in ("input", "kernel"))
    if name not in ("apply_convolution", "conv_gradient_wrt_input", "conv_gradient_wrt_kernel"):
        return None
    gradients = {}
    if by_input and name != "conv_gradient_wrt_kernel":
        gradients["img"] = lambda g, img, kernel: either(by_input, g, kernel)
    if by_kernel and name != "conv_gradient_wrt_input":
        gradients["kernel"] = lambda g, img, kernel: either(by_kernel, img, g)
    given = {"img": "conv_gradient_wrt_input", "kernel": "conv_gradient_wrt_kernel"}
    forward, notes = _forward(name, "apply_convolution", names, apply_convolution, "the definition's", ((5, 6), (3, 2)))
    if not gradients:
        return None if _takes_tensors(forward) else _no_gradients(name, "conv_gradient_wrt_input or _kernel")
    notes += _used(name, [given[argument] for argument in gradients])
    # Named here: a learner may call the arguments what they like.
    return FoundFunction(_named(forward, "img, kernel", title=name), gradients, plane=True, notes=notes)


def _forward(name: str, own: str, names: Mapping, known: Callable, whose: str, shapes) -> tuple[Callable, Notes]:
    """Return what a function is judged as the gradient of, and what to say about it: not its neighbour.

    The file's own forward function is taken where it is asked for by name; a gradient is that of the known one.
    """
    written = names.get(own)
    if name == own and written is not None:
        return written, ()
    if written is None:
        return known, (f"the file has no {own}: {whose} was taken",)
    note = f"{name} is judged as a gradient of {whose} {own}, not of the file's"
    if not _agree(written, known, shapes):
        note += f". The file's computes something else: --function FILE:{own} checks it with its gradients"
    return known, (note,)


def _agree(function: Callable, known: Callable, shapes) -> bool:
    """Return whether two functions compute the same of small arrays."""
    rng = np.random.default_rng(0)
    arrays = [rng.integers(-4, 5, shape).astype(float) for shape in shapes]
    try:
        result = np.asarray(either(function, *(a.copy() for a in arrays)))
        return result.dtype.kind in "fiu" and np.allclose(result, known(*arrays), rtol=1e-4, atol=1e-4)
    except Exception:  # a learner's function may fail on anything
        return False


def _used(name: str, gradients: Sequence[str]) -> Notes:
    """Return which other functions of the file are taken for the gradients of the one that was asked for."""
    others = [other for other in gradients if other != name]
    return (f"the gradients are the file's {' and '.join(others)}",) if others else ()


def _named_after_torch(name: str, names: Mapping) -> FoundFunction | None:
    """Find conv2d(input, weight, …), conv2d_input(input_size, weight, grad_output, …), conv2d_weight(…)."""
    family = name.removesuffix("_input").removesuffix("_weight")
    if family not in ("conv1d", "conv2d", "conv3d"):
        return None
    by_input, by_weight = names.get(f"{family}_input"), names.get(f"{family}_weight")
    gradients = {}
    if by_input and not name.endswith("_weight"):
        gradients["input"] = lambda g, x, w, **options: either(by_input, x.shape, w, g, **options)
    if by_weight and not name.endswith("_input"):
        gradients["weight"] = lambda g, x, w, **options: either(by_weight, x, w.shape, g, **options)
    shapes = {"conv1d": (6,), "conv2d": (5, 6), "conv3d": (4, 5, 4)}[family]
    probe = ((2, 3, *shapes), (2, 3, *(2 for _ in shapes)))
    forward, notes = _forward(name, family, names, getattr(operators, family), "convolab's", probe)
    options = ("stride", "padding", "dilation", "groups")
    if not gradients:
        return None if _takes_tensors(forward) else _no_gradients(name, f"{family}_input or {family}_weight")
    notes += _used(name, [f"{family}_{argument}" for argument in gradients])
    return FoundFunction(_named(forward, "input, weight", title=name), gradients, options=options, notes=notes)


def _tensors(file: str, name: str, value) -> FoundFunction:
    """Return anything that autograd differentiates, as a function to check."""
    if not callable(value):
        raise InputError(f"--function: {name} in {file} is a {type(value).__name__}. Expected something to call")
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(value, type) and issubclass(value, torch.nn.Module):
        try:
            value = value()
        except TypeError as error:
            raise InputError(f"--function: {name}() cannot be made without arguments: {error}") from error
    if torch is not None and isinstance(value, torch.nn.Module):
        return FoundFunction(value, arguments=1)
    if torch is None:
        _no_gradients(name, "gradients beside it (conv2d_input, conv_gradient_wrt_input, …)")
    if isinstance(value, type) and issubclass(value, torch.autograd.Function):
        return FoundFunction(value, arguments=_required(value.forward) - 1)  # type: ignore[attr-defined]
    return FoundFunction(value, arguments=_required(value))


def _required(function) -> int:
    """Return how many arguments a function asks for."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 2
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in kinds and p.default is p.empty for p in parameters)


def _no_gradients(name: str, expected: str):
    raise InputError(f"--function: the file holds no gradient of {name}. Expected {expected}, or a function of tensors")


def _takes_tensors(function) -> bool:
    """Return whether a convolution leaves autograd a way back; then its gradients need not be given."""
    torch = sys.modules.get("torch")
    if torch is None:
        return False
    for shapes in (((1, 1, 4, 4), (1, 1, 2, 2)), ((4, 4), (2, 2))):
        try:
            result = function(*(torch.ones(shape, requires_grad=True) for shape in shapes))
        except Exception:  # it may take the other layout only, or no tensors
            continue
        if is_tensor(result) and result.requires_grad:
            return True
    return False


def _named(function: Callable, names: str, *, title: str) -> Callable:
    """Return a function whose two arguments have the given names; it takes arrays whatever the original takes."""
    first, second = names.split(", ")

    def call(a, b, **options):
        return either(function, a, b, **options)

    parameters = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in (first, second)]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__name__ = title
    return call


def either(function: Callable, *arguments, **options):
    """Return a function's answer as an array, called with arrays, or with tensors if it takes those."""
    torch = sys.modules.get("torch")
    try:
        result = function(*arguments, **options)
    except (TypeError, AttributeError):
        if torch is None:
            raise
        result = function(*(torch.from_numpy(a) if isinstance(a, np.ndarray) else a for a in arguments), **options)
    return result.detach().numpy() if is_tensor(result) else result
