"""The one list of cases that the definition, every engine and the gradient check are held to.

Sizes are never square and never equal where they could be confused: H ≠ W, kH ≠ kW, C_in ≠ C_out, N > 1.
"""

from dataclasses import dataclass, field

import numpy as np

from convolab.engine import ENGINES, load
from convolab.geometry import Geometry

# What `engine` may be where floating-point numbers are convolved, and where integers are.
ARRAY_ENGINES = ["auto", *ENGINES]
PIXEL = Geometry(1, 1, batch=1, in_channels=1, out_channels=1)
INTEGER_ENGINES = ["auto", *(name for name in ENGINES if load(name).supports(PIXEL, np.dtype(np.int64)))]


@dataclass(frozen=True)
class Case:
    name: str
    input: tuple[int, ...]
    kernel: tuple[int, ...]
    options: dict = field(default_factory=dict)
    batch: int = 2
    channels: tuple[int, int] = (2, 3)
    memory: str = "contiguous"

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def dims(self) -> int:
        return len(self.input)

    @property
    def geometry(self) -> Geometry:
        ci, co = self.channels
        return Geometry(self.input, self.kernel, batch=self.batch, in_channels=ci, out_channels=co, **self.options)

    def arrays(self, dtype=np.float64, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Input, weight and a random output gradient: small integers, so that every engine's sums are exact."""
        rng = np.random.default_rng(seed)
        g = self.geometry
        low = 0 if np.dtype(dtype).kind == "u" else -4
        shapes = (g.input_shape, g.weight_shape, g.output_shape)
        return tuple(MEMORY[self.memory](rng.integers(low, 5, shape).astype(dtype)) for shape in shapes)


def _read_only(array):
    array.flags.writeable = False
    return array


def _strided(array):
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


MEMORY = {
    "contiguous": lambda a: a,
    "transposed": lambda a: np.asfortranarray(a),
    "strided": _strided,
    "negative strides": lambda a: a[..., ::-1].copy()[..., ::-1],
    "read-only": _read_only,
    "other byte order": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "unaligned": lambda a: np.frombuffer(b"x" + a.tobytes(), a.dtype, offset=1).reshape(a.shape),
}

CASES = [
    Case("plain 1-D", (9,), (3,)),
    Case("plain 2-D", (5, 7), (3, 2)),
    Case("plain 3-D", (4, 5, 3), (2, 3, 1)),
    Case("one pixel kernel", (4, 5), (1, 1)),
    Case("kernel as large as the input", (3, 4), (3, 4)),
    Case("one channel in", (6, 5), (3, 3), channels=(1, 4)),
    Case("one channel out", (6, 5), (3, 3), channels=(5, 1)),
    Case("many channels", (7, 6), (3, 3), channels=(17, 33)),
    Case("sixteen lanes and one", (5, 21), (3, 5), channels=(16, 17)),
    Case("padding", (5, 7), (3, 2), {"padding": (1, 2)}),
    Case("padding before and after", (5, 7), (3, 2), {"padding": ((0, 3), (2, 1))}),
    Case("padding wider than the kernel", (3, 4), (2, 3), {"padding": (4, 5)}),
    Case("same", (5, 6), (4, 3), {"padding": "same"}),
    Case("stride that does not divide", (8, 9), (3, 2), {"stride": (2, 3)}),
    Case("stride larger than the kernel", (9, 10), (2, 1), {"stride": (4, 3)}),
    Case("stride and padding", (8, 7), (3, 3), {"stride": (3, 2), "padding": ((1, 0), (2, 2))}),
    Case("dilation", (9, 8), (3, 2), {"dilation": (2, 3)}),
    Case("stride and dilation share a factor", (11, 13), (3, 3), {"stride": (2, 4), "dilation": (4, 2), "padding": 3}),
    Case("groups", (5, 7), (3, 2), {"groups": 2}, channels=(4, 6)),
    Case("depthwise", (6, 5), (3, 3), {"groups": 3, "padding": 1}, channels=(3, 6)),
    Case("everything", (9, 11), (3, 2), {"stride": (2, 1), "padding": ((1, 2), (0, 3)), "dilation": (1, 2), "groups": 2}, channels=(4, 2)),
    Case("everything 1-D", (11,), (3,), {"stride": 2, "padding": (2, 1), "dilation": 2, "groups": 2}, channels=(4, 6)),
    Case("everything 3-D", (5, 4, 6), (2, 3, 2), {"stride": (1, 2, 2), "padding": 1, "dilation": (2, 1, 1), "groups": 2}, channels=(2, 4)),
    Case("reflect", (5, 7), (3, 2), {"padding": ((2, 1), (0, 3)), "padding_mode": "reflect"}),
    Case("replicate", (5, 7), (3, 2), {"padding": ((2, 6), (0, 3)), "padding_mode": "replicate", "stride": 2}),
    Case("circular", (5, 7), (3, 2), {"padding": ((2, 5), (0, 3)), "padding_mode": "circular", "dilation": 2}),
    Case("circular 1-D", (6,), (4,), {"padding": "same", "padding_mode": "circular"}),
    Case("reflect 3-D", (3, 4, 5), (3, 3, 3), {"padding": 1, "padding_mode": "reflect"}),
    *(Case(memory, (6, 7), (3, 2), {"padding": 1}, memory=memory) for memory in MEMORY),
    Case("no batch", (5, 7), (3, 2), batch=0),
]  # fmt: skip
