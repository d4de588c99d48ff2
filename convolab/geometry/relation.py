"""The one relation: which input, which weight and which output meet along one axis.

Output position o, kernel position k and input position i stand in the relation

    i = stride * o + dilation * k - padding

A triple that satisfies it with all three in range is a tap, and a convolution is its list of taps.
"""

from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np

# Every padding mode, with what numpy.pad calls it.
PADDING_MODES: dict[str, Any] = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the relation i = stride * o + dilation * k - before.

    All sizes are counts of elements. `before` and `after` are the padding at the two ends. The methods that return a
    range are for zero padding; the two ranges of one position pair up, element by element:
    `zip(axis.kernels_of_output(o), axis.inputs_of_output(o))`.
    """

    input: int
    kernel: int
    output: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0

    @property
    def span(self) -> int:
        """How many input positions a window reaches over: dilation * (kernel - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    def input_position(self, output: int, kernel: int) -> int:
        """Return the i of the relation; it may lie in the padding, outside 0 <= i < input."""
        return self.stride * output + self.dilation * kernel - self.before

    def kernels_of_output(self, output: int) -> range:
        """Return the kernel positions under which an output finds an input: the sheet's L_k … U_k."""
        first = self.input_position(output, 0)
        lowest = max(0, -(first // self.dilation))
        highest = min(self.kernel - 1, (self.input - 1 - first) // self.dilation)
        return range(lowest, max(lowest, highest + 1))

    def inputs_of_output(self, output: int) -> range:
        """Return the input positions that an output reads."""
        kernels = self.kernels_of_output(output)
        first = self.input_position(output, kernels.start)
        return range(first, first + self.dilation * len(kernels), self.dilation)

    def outputs_of_kernel(self, kernel: int) -> range:
        """Return the outputs in which a kernel position meets an input."""
        offset = self.input_position(0, kernel)
        lowest = max(0, -(offset // self.stride))
        highest = min(self.output - 1, (self.input - 1 - offset) // self.stride)
        return range(lowest, max(lowest, highest + 1))

    def inputs_of_kernel(self, kernel: int) -> range:
        """Return the inputs that a kernel position ever meets."""
        outputs = self.outputs_of_kernel(kernel)
        first = self.input_position(outputs.start, kernel)
        return range(first, first + self.stride * len(outputs), self.stride)

    def kernels_of_input(self, input: int) -> range:
        """Return the kernel positions through which an input reaches an output.

        They are those k with i + before - dilation * k divisible by the stride and the quotient an output: an
        arithmetic progression with step stride / gcd(stride, dilation).
        """
        common = gcd(self.stride, self.dilation)
        padded = input + self.before
        if padded % common:
            return range(0)
        step = self.stride // common
        phase = padded // common * pow(self.dilation // common, -1, step) % step if step > 1 else 0
        lowest = max(0, -((self.stride * (self.output - 1) - padded) // self.dilation))
        lowest += (phase - lowest) % step
        highest = min(self.kernel - 1, padded // self.dilation)
        return range(lowest, max(lowest, highest + 1), step)

    def outputs_of_input(self, input: int) -> range:
        """Return the outputs that see an input, in the order of `kernels_of_input` (falling)."""
        kernels = self.kernels_of_input(input)
        if not kernels:
            return range(0)
        first = (input + self.before - self.dilation * kernels.start) // self.stride
        step = -(self.dilation // gcd(self.stride, self.dilation))
        return range(first, first + step * len(kernels), step)

    def sources(self, padding_mode: str = "zeros") -> np.ndarray:
        """Return, for each position of the padded axis, the input position that stands there; -1 is a padded zero.

        `1 2 3 4` with two on each side: reflect `3 2 | 1 2 3 4 | 3 2`, replicate `1 1 | 1 2 3 4 | 4 4`,
        circular `3 4 | 1 2 3 4 | 1 2`, zeros `0 0 | 1 2 3 4 | 0 0`.
        """
        inside = np.arange(self.input)
        if padding_mode == "zeros":
            return np.pad(inside, (self.before, self.after), constant_values=-1)
        mode: Any = PADDING_MODES.get(padding_mode, padding_mode)  # `symmetric` too, which no operator takes
        return np.pad(inside, (self.before, self.after), mode)

    def taps(self, padding_mode: str = "zeros") -> np.ndarray:
        """Return all taps of the axis, shape (taps, 3): rows (output, kernel, input), sorted by output, then kernel."""
        output, kernel = (a.ravel() for a in np.indices((self.output, self.kernel)))
        padded = self.stride * output + self.dilation * kernel
        sources = self.sources(padding_mode)
        # A transposed convolution's output padding can leave windows that reach past the padded end.
        input = np.where(padded < len(sources), sources[np.minimum(padded, len(sources) - 1)], -1)
        return np.stack([output, kernel, input], axis=1)[input >= 0]


def output_size(input: int, kernel: int, stride: int = 1, dilation: int = 1, before: int = 0, after: int = 0) -> int:
    """Return the outputs along an axis: (input + before + after - dilation (kernel - 1) - 1) // stride + 1.

    Source
    ------
    Dumoulin and Visin, arXiv:1603.07285, relationship 15.
    """
    return (input + before + after - dilation * (kernel - 1) - 1) // stride + 1


def transposed_size(
    output: int, kernel: int, stride: int = 1, dilation: int = 1, before: int = 0, after: int = 0, extra: int = 0
) -> int:
    """Return the smallest input that gives `output` outputs, plus `extra` (torch's output_padding).

    Source
    ------
    Dumoulin and Visin, arXiv:1603.07285, relationship 14.
    """
    return stride * (output - 1) + dilation * (kernel - 1) + 1 - before - after + extra
