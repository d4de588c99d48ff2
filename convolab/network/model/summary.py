"""What does each layer of a network give out, cost, and see of the image?

`tracing` makes one forward pass for shapes and costs, and measures what a layer sees: a row of the image is made NaN,
and wherever a layer's output is NaN it has seen that row. The usual sum over kernels and strides is for chains alone;
this holds for branches, dilation and whatever else a module does, as long as it lets NaN through.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from numbers import Integral
from typing import Any

import torch
from torch import Tensor, nn

from convolab.drawing import Drawing
from convolab.drawing.bars import bars
from convolab.drawing.markup import block, picture
from convolab.drawing.markup import table as table_of
from convolab.errors import ArgumentError
from convolab.network.model.tracing import Trace

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
        Pixels of the image that one value of its output can see, at most; None where that cannot be measured.
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


def summary(
    network: nn.Module, input_shape: tuple[int, ...] | Tensor | Sequence[tuple[int, ...] | Tensor] = (1, 28, 28)
) -> _Summary:
    """Summarise any module: each layer's output, parameters, cost and receptive field.

    Parameters
    ----------
    network : torch.nn.Module
        It is left as it was: its mode, its weights, buffers and hooks, and torch's random state.
    input_shape : tuple of int, (C, H, W)
        Of one image, in pixels; (features,) for a network of vectors, (length, features) for one of sequences. For
        several inputs a list of such shapes. Instead of a shape a tensor may stand, with its batch, where a network
        takes only certain values. What looks up an embedding gets indices of 0.

    Returns
    -------
    Summary
        `layers`, one entry for each call of a module without parts, and for each module that has parameters or
        computes something besides its parts; and the sums over them. It prints as a table; `as_dict()` gives plain
        values. Where the input is no image, or the network refuses NaN, no layer has a receptive field.

    Raises
    ------
    ArgumentError
        The network does not take such an input.

    Source
    ------
    The first three columns, and the count of memory, are torchsummary's (github.com/sksq96/pytorch-summary), which the
    lab sheet shows; multiply-adds are from torch.utils.flop_counter, halved: it has formulas for products of matrices,
    convolutions and attention, and what else a layer computes counts as none.

    Examples
    --------
    >>> import convolab as cl, torch
    >>> found = cl.summary(cl.load("pretrained").network)
    >>> found.parameters, found.layers[-1].receptive_field
    (93322, (26, 26))
    >>> print(summary(torch.nn.Conv2d(1, 2, 3, dilation=2), (1, 9, 9)).layers[0].receptive_field)
    (5, 5)
    """
    inputs, shape = _inputs(input_shape)
    trace = Trace(network, inputs)
    kept = ("name", "type", "output_shape", "parameters", "mult_adds")
    found = tuple(
        Layer(**{key: row[key] for key in kept}, receptive_field=field)
        for row, field in zip(trace.rows, trace.fields, strict=True)
    )
    weights = list(trace.network.parameters())
    parameters = sum(weight.numel() for weight in weights)
    outputs = sum(row["outputs"] for row in trace.rows)
    return _Summary(
        layers=found,
        input_shape=shape,
        parameters=parameters,
        trainable=sum(weight.numel() for weight in weights if weight.requires_grad),
        mult_adds=sum(layer.mult_adds for layer in found),
        input_mb=sum(given.numel() for given in inputs) * 4 / MB,
        activations_mb=2 * outputs * 4 / MB,
        parameters_mb=parameters * 4 / MB,
    )


def _inputs(given) -> tuple[list[Tensor], tuple[int, ...]]:
    """The inputs of a batch of one, and the shape that the first of them has without the batch."""
    several = [given] if isinstance(given, Tensor) or all(isinstance(side, Integral) for side in given) else list(given)
    try:
        inputs = [one if isinstance(one, Tensor) else torch.zeros(1, *one) for one in several]
    except (TypeError, RuntimeError) as error:
        raise ArgumentError(
            f"input_shape: {given!r} is not a shape. Expected (C, H, W), or a list of shapes"
        ) from error
    if not inputs:
        raise ArgumentError("input_shape: is empty. Expected (C, H, W), or a list of shapes")
    return inputs, tuple(inputs[0].shape[1:])
