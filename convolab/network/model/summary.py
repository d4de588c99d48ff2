"""What does each layer of a network give out, cost, and see of the image?

Shapes come from one forward pass, multiply-adds from torch's own formulas during it. What a layer sees is measured too:
a row of the image is made NaN, and wherever a layer's output is NaN it has seen that row. The usual sum over kernels
and strides is for chains alone; this holds for branches, dilation and whatever else a module does, as long as it lets
NaN through.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from convolab.drawing import Drawing
from convolab.drawing.bars import bars
from convolab.drawing.markup import block, picture
from convolab.drawing.markup import table as table_of
from convolab.errors import ArgumentError

MB = 2**20


@dataclass(frozen=True)
class Layer:
    """One call of one module.

    Attributes
    ----------
    name, type : str
        Its path in the network, and its class.
    output_shape : tuple of int
        For one image, without the batch.
    parameters : int
        Its own; 0 where an earlier call has counted them.
    mult_adds : int
        Multiplications that are added up, for one image.
    receptive_field : (height, width) or None
        Pixels of the image that one value of its output can see, at most; None where the image has no rows.
    """

    name: str
    type: str
    output_shape: tuple[int, ...]
    parameters: int
    mult_adds: int
    receptive_field: tuple[int, int] | None


@dataclass(frozen=True, repr=False)
class _Summary:
    """The layers of a network in the order of their calls, and the sums.

    Memory is counted as torchsummary does, from which the lab sheet's figures are: the input, each layer's output
    twice (for its value and its gradient), and the parameters, 4 bytes each, in units of 2^20 bytes.
    """

    layers: tuple[Layer, ...]
    input_shape: tuple[int, ...]
    parameters: int
    trainable: int
    mult_adds: int
    input_mb: float
    activations_mb: float
    parameters_mb: float

    @property
    def total_mb(self) -> float:
        return self.input_mb + self.activations_mb + self.parameters_mb

    @property
    def non_trainable(self) -> int:
        return self.parameters - self.trainable

    def as_dict(self) -> dict[str, Any]:
        """What `convolab summary --json` prints."""
        return asdict(self) | {"non_trainable": self.non_trainable, "total_mb": self.total_mb}

    def __str__(self) -> str:
        return "\n".join([*table(self.layers), "", *self.totals()])

    def __repr__(self) -> str:
        return (
            f"<Summary of {len(self.layers)} layers: {self.parameters:,} parameters, {self.mult_adds:,} multiply-adds>"
        )

    def drawing(self) -> Drawing:
        """Return each layer's multiply-adds as a bar, with its parameters beside the number."""
        title = f"Multiply-adds for one image: {self.mult_adds:,}"
        said = [(f"{x.name} ({x.type})", x.mult_adds, f"{x.mult_adds:,}; {x.parameters:,} params") for x in self.layers]
        return bars(title, said)

    def _repr_html_(self) -> str:
        rows = [cells(number, layer) for number, layer in enumerate(self.layers, start=1)]
        totals = [line.split(": ", 1) for line in self.totals() if line]
        layers = table_of(f"Layers of a network for one image of {self._image()}", HEADINGS, rows)
        return block(layers, table_of("In all", ("", "sum"), totals), picture(self.drawing()))

    def _image(self) -> str:
        return " × ".join(map(str, self.input_shape))

    def totals(self) -> list[str]:
        return [
            f"Total params: {self.parameters:,}",
            f"Trainable params: {self.trainable:,}",
            f"Non-trainable params: {self.non_trainable:,}",
            f"Multiply-adds: {self.mult_adds:,} for one image",
            "",
            f"Input size (MB): {self.input_mb:.2f}",
            f"Forward/backward pass size (MB): {self.activations_mb:.2f}",
            f"Params size (MB): {self.parameters_mb:.2f}",
            f"Estimated Total Size (MB): {self.total_mb:.2f}",
        ]


# The first three columns, and the totals, are worded as in torchsummary's table, which the lab sheet shows.
HEADINGS = ("Layer (type)", "Output Shape", "Param #", "Multiply-adds", "Sees", "Name")
RIGHT = (0, 2, 3, 4)


def table(layers: tuple[Layer, ...]) -> list[str]:
    """The layers as lines of text."""
    rows = [HEADINGS, *(cells(number, layer) for number, layer in enumerate(layers, start=1))]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    lines = [
        "  ".join(c.rjust(w) if i in RIGHT else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
    return [lines[0].rstrip(), "-" * len(lines[0]), *(line.rstrip() for line in lines[1:])]


def cells(number: int, layer: Layer) -> tuple[str, ...]:
    sees = " × ".join(map(str, layer.receptive_field)) if layer.receptive_field else ""
    shape = str([-1, *layer.output_shape])
    return f"{layer.type}-{number}", shape, f"{layer.parameters:,}", f"{layer.mult_adds:,}", sees, layer.name


def summary(network: nn.Module, input_shape: tuple[int, ...] = (1, 28, 28)) -> _Summary:
    """Summarise any module that takes one batch of images: each layer's output, parameters, cost and receptive field.

    Parameters
    ----------
    network : torch.nn.Module
        It is left as it was: its mode, its weights, its hooks.
    input_shape : tuple of int, (C, H, W)
        Of one image, in pixels. For a network of vectors, (features,): then no layer has a receptive field.

    Returns
    -------
    Summary
        `layers`, one entry for each call of a module without parts, and the sums over them. It prints as a table;
        `as_dict()` gives plain values.

    Raises
    ------
    ArgumentError
        The network does not take an image of this shape.

    Source
    ------
    The first three columns, and the count of memory, are torchsummary's (github.com/sksq96/pytorch-summary), which the
    lab sheet shows; multiply-adds are from torch.utils.flop_counter, halved.

    Examples
    --------
    >>> import convolab as cl, torch
    >>> found = cl.summary(cl.load("pretrained").network)
    >>> found.parameters, found.layers[-1].receptive_field
    (93322, (26, 26))
    >>> print(summary(torch.nn.Conv2d(1, 2, 3, dilation=2), (1, 9, 9)).layers[0].receptive_field)
    (5, 5)
    """
    image = torch.zeros(1, *input_shape)
    layers = _trace_costs(network, image)
    fields = _trace_fields(network, tuple(input_shape))
    found = tuple(Layer(**layer, receptive_field=field) for layer, field in zip(layers, fields, strict=True))
    parameters = sum(parameter.numel() for parameter in network.parameters())
    outputs = sum(torch.Size(layer.output_shape).numel() for layer in found)
    return _Summary(
        layers=found,
        input_shape=tuple(input_shape),
        parameters=parameters,
        trainable=sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad),
        mult_adds=sum(layer.mult_adds for layer in found),
        input_mb=image.numel() * 4 / MB,
        activations_mb=2 * outputs * 4 / MB,
        parameters_mb=parameters * 4 / MB,
    )


def _trace_costs(network: nn.Module, image: Tensor) -> list[dict[str, Any]]:
    """Name, type, shape, parameters and multiply-adds of every call, in order."""
    found: list[dict[str, Any]] = []
    counter, seen = _MultiplyCounter(), set[int]()

    def after(name: str, module: nn.Module, output: Tensor) -> None:
        new = [p for p in module.parameters() if id(p) not in seen]
        seen.update(map(id, new))
        done = sum(layer["mult_adds"] for layer in found)
        found.append(
            {
                "name": name,
                "type": type(module).__name__,
                "output_shape": tuple(output.shape[1:]),
                "parameters": sum(p.numel() for p in new),
                "mult_adds": counter.mult_adds - done,
            }
        )

    with counter:
        watch(network, image, after)
    return found


class _MultiplyCounter(TorchDispatchMode):
    """Adds up what torch's own formulas say that each operation costs, while it is entered.

    torch.utils.flop_counter.FlopCounterMode does the same, but its first use loads torch's compiler, which takes longer
    than the whole summary.
    """

    def __init__(self) -> None:
        super().__init__()
        self.flops = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here, so that the compiler need not be loaded to be told to keep out."""
        return False

    @property
    def mult_adds(self) -> int:
        """Multiplications that are added up: two operations each."""
        return self.flops // 2

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        with self:
            parts = func.decompose(*args, **kwargs)
        if parts is not NotImplemented:
            return parts
        output = func(*args, **kwargs)
        if cost := flop_registry.get(func.overloadpacket):
            self.flops += cost(*args, **kwargs, out_val=output)
        return output


def _trace_fields(network: nn.Module, shape: tuple[int, ...]) -> list[tuple[int, int] | None]:
    """The receptive field of every call: how many rows, and how many columns, one value can see."""
    if len(shape) != 3:
        return [None for _ in _trace_costs(network, torch.zeros(1, *shape))]
    rows, columns = ([extent(seen) for seen in _trace_nan(network, shape, axis)] for axis in (1, 2))
    return list(zip(rows, columns, strict=True))


def _trace_nan(network: nn.Module, shape: tuple[int, ...], axis: int) -> list[Tensor]:
    """For every call, (lines of the image, values of the output): whether the value has seen the line."""
    images = torch.zeros(shape[axis], *shape)
    for line in range(shape[axis]):
        images[line].select(axis, line).fill_(torch.nan)
    found: list[Tensor] = []
    watch(network, images, lambda name, module, output: found.append(output.isnan().flatten(1)))
    return found


def extent(seen: Tensor) -> int:
    """From the first line to the last that some value has seen, for the value that sees the most."""
    lines = torch.arange(1, len(seen) + 1)[:, None]
    last = (seen * lines).amax(0)
    first = torch.where(seen, lines, len(seen) + 1).amin(0)
    return max(0, int((last - first + 1).max()))


def watch(network: nn.Module, images: Tensor, after: Callable[[str, nn.Module, Tensor], object]) -> None:
    """One forward pass in evaluation mode, telling of every call of a module that has no parts."""
    leaves = [(n, m) for n, m in network.named_modules() if not [*m.children()]]
    modes = [(module, module.training) for module in network.modules()]
    hooks = [
        module.register_forward_hook(lambda module, inputs, output, name=name: after(name or "network", module, output))
        for name, module in leaves
    ]
    like = next(network.parameters(), torch.zeros(0))
    try:
        with torch.no_grad():
            network.eval()(images.to(like.device, like.dtype))
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        raise ArgumentError(f"input_shape: the network does not take {tuple(images.shape[1:])} ({reason})") from error
    finally:
        for hook in hooks:
            hook.remove()
        for module, mode in modes:
            module.training = mode
