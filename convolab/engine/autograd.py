"""Three custom operators put every engine under PyTorch's autograd and compiler.

The three sums are linear in each of their two arguments, and the derivatives of each are the other two: the set is
closed, so the operators differentiate to any order.

    forward(x, w)            d/dx = input_gradient(w, g)     d/dw = weight_gradient(x, g)
    input_gradient(w, g)     d/dw = weight_gradient(ĝ, g)    d/dg = forward(ĝ, w)
    weight_gradient(x, g)    d/dx = input_gradient(ĝ, g)     d/dg = forward(x, ĝ)
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from convolab import engine as engines
from convolab.engine import torch as native
from convolab.engine.arrays import compute_type, run_arrays
from convolab.geometry import Axis, Geometry, is_traced

Integers: TypeAlias = Sequence[int]
Context: TypeAlias = Any  # PyTorch's, for one call: it keeps what the backward pass needs


def is_needed(*tensors: Tensor | None) -> bool:
    """Whether the call must go through the operators: a gradient is asked for, or torch is tracing or wrapping."""
    if is_traced():
        return True
    given = [t for t in tensors if t is not None]
    wrapped = any(type(t) not in (Tensor, torch.nn.Parameter) or t.is_conj() or t.is_neg() for t in given)
    return wrapped or (torch.is_grad_enabled() and any(t.requires_grad for t in given))


def flatten(geometry: Geometry) -> list[int]:
    """The geometry's axes as the flat list of integers that an operator's signature can hold."""
    return [number for axis in geometry.axes for number in astuple(axis)]


def _geometry(batch: int, in_channels: int, out_channels: int, axes: Integers, groups: int) -> Geometry:
    fields = len(Axis.__dataclass_fields__)
    parts = tuple(Axis(*map(int, axes[at : at + fields])) for at in range(0, len(axes), fields))
    return Geometry.canonical(parts, int(batch), int(in_channels), int(out_channels), groups, "zeros")


def _sizes(axes: Integers, field: str) -> list[int]:
    names = list(Axis.__dataclass_fields__)
    return list(axes[names.index(field) :: len(names)])


def _run(engine: str, algorithm: str, operation: str, geometry: Geometry, *tensors: Tensor) -> Tensor:
    if engines.is_torchs_own("convolab", engine, operation, geometry, tensors, algorithm):
        # The compiler was promised the default layout, which PyTorch leaves where the channels lie last.
        result: Tensor = getattr(native, operation)(geometry, *tensors).contiguous()
        return result
    arrays = [native.as_array(t) for t in tensors]
    return torch.from_numpy(run_arrays("convolab", operation, engine, geometry, arrays, algorithm=algorithm))


def _forward_geometry(input: Tensor, weight: Tensor, axes: Integers, groups: int) -> Geometry:
    return _geometry(input.shape[0], input.shape[1], weight.shape[0], axes, groups)


def _input_geometry(weight: Tensor, grad_output: Tensor, axes: Integers, groups: int) -> Geometry:
    return _geometry(grad_output.shape[0], weight.shape[1] * groups, weight.shape[0], axes, groups)


def _weight_geometry(input: Tensor, grad_output: Tensor, axes: Integers, groups: int) -> Geometry:
    return _geometry(input.shape[0], input.shape[1], grad_output.shape[1], axes, groups)


@torch.library.custom_op("convolab::forward", mutates_args=(), device_types="cpu")
def forward(
    input: Tensor, weight: Tensor, axes: Sequence[int], groups: int, engine: str, algorithm: str = "auto"
) -> Tensor:
    return _run(engine, algorithm, "forward", _forward_geometry(input, weight, axes, groups), input, weight)


@torch.library.custom_op("convolab::input_gradient", mutates_args=(), device_types="cpu")
def input_gradient(
    weight: Tensor, grad_output: Tensor, axes: Sequence[int], groups: int, engine: str, algorithm: str = "auto"
) -> Tensor:
    return _run(
        engine, algorithm, "input_gradient", _input_geometry(weight, grad_output, axes, groups), weight, grad_output
    )


@torch.library.custom_op("convolab::weight_gradient", mutates_args=(), device_types="cpu")
def weight_gradient(
    input: Tensor, grad_output: Tensor, axes: Sequence[int], groups: int, engine: str, algorithm: str = "auto"
) -> Tensor:
    return _run(
        engine, algorithm, "weight_gradient", _weight_geometry(input, grad_output, axes, groups), input, grad_output
    )


def _empty(
    operation: str,
    geometry_of: Callable[[Tensor, Tensor, Integers, int], Geometry],
    shape: tuple[int, ...],
    first: Tensor,
    second: Tensor,
    axes: Integers,
    groups: int,
) -> Tensor:
    """An empty tensor of the result's shape and type: integers become as wide as their sums are."""
    if first.is_floating_point():
        return first.new_empty(shape)
    dtypes = [np.dtype(str(t.dtype).removeprefix("torch.")) for t in (first, second)]
    dtype = compute_type(geometry_of(first, second, axes, groups), operation, dtypes)
    return first.new_empty(shape, dtype=getattr(torch, dtype.name))


@forward.register_fake
def _(input: Tensor, weight: Tensor, axes: Integers, groups: int, engine: str, algorithm: str = "auto") -> Tensor:
    shape = (input.shape[0], weight.shape[0], *_sizes(axes, "output"))
    return _empty("forward", _forward_geometry, shape, input, weight, axes, groups)


@input_gradient.register_fake
def _(weight: Tensor, grad_output: Tensor, axes: Integers, groups: int, engine: str, algorithm: str = "auto") -> Tensor:
    shape = (grad_output.shape[0], weight.shape[1] * groups, *_sizes(axes, "input"))
    return _empty("input_gradient", _input_geometry, shape, weight, grad_output, axes, groups)


@weight_gradient.register_fake
def _(input: Tensor, grad_output: Tensor, axes: Integers, groups: int, engine: str, algorithm: str = "auto") -> Tensor:
    shape = (grad_output.shape[1], input.shape[1] // groups, *_sizes(axes, "kernel"))
    return _empty("weight_gradient", _weight_geometry, shape, input, grad_output, axes, groups)


def _save(ctx: Context, inputs: tuple[Any, ...], output: Tensor) -> None:
    """Keep the two tensors and the rest of the arguments for the backward pass."""
    ctx.save_for_backward(inputs[0], inputs[1])
    ctx.rest = inputs[2:]


def _derivatives(first: Callable[..., Tensor], second: Callable[..., Tensor]) -> Callable[..., tuple[Any, ...]]:
    """A backward pass from the derivatives by the two tensors, each computed only where it is needed.

    `first` and `second` take the two tensors a and b, the gradient g and the rest of the arguments: (a, b, g, *rest).
    """

    def backward(ctx: Context, grad: Tensor) -> tuple[Any, ...]:
        a, b = ctx.saved_tensors
        needs = ctx.needs_input_grad
        grads = [d(a, b, grad, *ctx.rest) if need else None for d, need in zip((first, second), needs[:2], strict=True)]
        return (*grads, *[None] * len(ctx.rest))

    return backward


forward.register_autograd(
    _derivatives(
        lambda x, w, g, *rest: input_gradient(w, g, *rest),
        lambda x, w, g, *rest: weight_gradient(x, g, *rest),
    ),
    setup_context=_save,
)
input_gradient.register_autograd(
    _derivatives(
        lambda w, g, x, *rest: weight_gradient(x, g, *rest),
        lambda w, g, x, *rest: forward(x, w, *rest),
    ),
    setup_context=_save,
)
weight_gradient.register_autograd(
    _derivatives(
        lambda x, g, w, *rest: input_gradient(w, g, *rest),
        lambda x, g, w, *rest: forward(x, w, *rest),
    ),
    setup_context=_save,
)
