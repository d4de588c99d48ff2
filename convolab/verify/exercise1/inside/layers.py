"""Which layers does a network run through? Its operations in their order, as they are really computed."""

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

OPERATIONS = (
    "conv1d conv2d conv3d conv_transpose2d linear max_pool2d avg_pool2d adaptive_avg_pool2d adaptive_max_pool2d relu "
    "relu_ relu6 leaky_relu elu selu celu gelu silu mish hardswish softplus tanh sigmoid softmax log_softmax dropout "
    "dropout2d alpha_dropout feature_dropout batch_norm layer_norm group_norm instance_norm pad bilinear lstm clamp "
    "clamp_min clamp_ mean amax threshold prelu rrelu softsign tanhshrink log"
).split()
SHAPES = "flatten view reshape squeeze unflatten".split()
MOST_LAYERS = 80
# What a network may have been made for, where it was never called: (N, 1, 28, 28), rows, bare images.
INPUTS = ((2, 1, 28, 28), (2, 784), (2, 28, 28))
NUMBERS = (int, float, str, bool)


class _Trace(TorchFunctionMode):
    """Keeps every operation; one whose input does not fit its weights gives zeros, so that what follows is seen too."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: list[dict[str, Any]] = []

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs, name = kwargs or {}, getattr(func, "__name__", "")
        given = next((a for a in (*args, *kwargs.values()) if isinstance(a, torch.Tensor)), None)
        if name not in (*OPERATIONS, *SHAPES) or given is None or len(self.layers) >= MOST_LAYERS:
            return func(*args, **kwargs)
        layer = {"op": name.rstrip("_"), "in": list(given.shape)}
        try:
            result = func(*args, **kwargs)
        except RuntimeError as error:
            result = self._in_its_place(name, args, kwargs)
            if result is None:
                self.layers.append({**layer, "raised": str(error)[:200]})
                raise
            layer["mismatch"] = True
        entry = layer_of(name, args, kwargs, given, result)
        if entry is not None:
            self.layers.append({**layer, **entry})
        return result

    def _in_its_place(self, name: str, args: Any, kwargs: Any) -> Any:
        """Return zeros of the size that a layer of those weights gives; None if it would still fail."""
        weight = args[1] if len(args) > 1 else kwargs.get("weight")
        if name == "linear" and args and weight is not None:
            return args[0].new_zeros((len(args[0]), weight.shape[0]))
        if name == "conv2d" and args[0].ndim == 4 and weight is not None and weight.ndim == 4:
            groups = args[6] if len(args) > 6 else kwargs.get("groups", 1)
            image = args[0].new_zeros((len(args[0]), weight.shape[1] * groups, *args[0].shape[2:]))
            try:
                return torch.conv2d(image, *args[1:], **kwargs)
            except RuntimeError:
                return None
        return None


def layer_of(name: str, args: Any, kwargs: Any, given: Any, result: Any) -> dict[str, Any] | None:
    """Return an operation as a layer; None if it is none."""
    if name not in (*OPERATIONS, *SHAPES) or not isinstance(result, torch.Tensor):
        return None
    if name in SHAPES and result.ndim == given.ndim:
        return None
    shapes = {"in": list(given.shape), "out": list(result.shape)}
    return {"op": name.rstrip("_"), **shapes, **_details(name, args, kwargs)}


def _details(name: str, args: Any, kwargs: Any) -> dict[str, Any]:
    """Return an operation's own numbers: its weights' shape, or kernel, stride and padding."""
    names = {
        "conv2d": ("weight", "bias", "stride", "padding", "dilation", "groups"),
        "linear": ("weight", "bias"),
        "max_pool2d": ("kernel_size", "stride", "padding", "dilation", "ceil_mode"),
        "avg_pool2d": ("kernel_size", "stride", "padding"),
        "softmax": ("dim",),
        "log_softmax": ("dim",),
        "dropout": ("p",),
        "dropout2d": ("p",),
        "adaptive_avg_pool2d": ("output_size",),
    }.get(name, ())
    given = {**dict(zip(names, args[1:], strict=False)), **{k: v for k, v in kwargs.items() if k in names}}
    return {key: _plain(value) for key, value in given.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return list(value.shape)
    if isinstance(value, tuple | list):
        return [v if isinstance(v, NUMBERS) else None for v in value]
    return value if isinstance(value, NUMBERS) else None


def traced(module: Any, shape: list[int]) -> dict[str, Any]:
    """Return the layers of a network, for the input that it was called with, or the first that it takes."""
    sizes = ((2, *shape[1:]),) if len(shape) > 1 else INPUTS
    found: list[dict[str, Any]] = []
    mode = module.training
    module.eval()
    try:
        for size in sizes:
            found.append(_one_trace(module, size))
            if not found[-1]["error"] and not any(layer.get("mismatch") for layer in found[-1]["layers"]):
                return found[-1]
    finally:
        module.train(mode)
    return found[0]


def _one_trace(module: Any, size: tuple[int, ...]) -> dict[str, Any]:
    trace, error = _Trace(), ""
    try:
        with torch.no_grad(), trace:
            module(torch.rand(size))
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"[:300]
    return {"input": list(size), "layers": trace.layers, "error": error}
