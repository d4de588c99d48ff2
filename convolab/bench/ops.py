"""What `convolab bench ops` measures: the three sums beside torch in both of its layouts, and the machine's own limit.

All entrants use all threads and take turns in one process. As in a user's call, the arrays exist already and
the results are new arrays.
"""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import NamedTuple

import numpy as np

from convolab.convolution import conv2d, conv2d_input, conv2d_weight
from convolab.engine import ENGINES, is_installed
from convolab.engine.repaid import set_compile
from convolab.geometry import OPERATIONS, Geometry, array_shapes


class Workload(NamedTuple):
    """A convolution of square images with a square kernel."""

    batch: int
    in_channels: int
    out_channels: int
    pixels: int
    padding: int = 0
    kernel: int = 3
    stride: int = 1
    dilation: int = 1
    groups: int = 1

    @property
    def options(self) -> dict:
        return {name: getattr(self, name) for name in ("stride", "padding", "dilation", "groups")}

    @property
    def geometry(self) -> Geometry:
        sizes = {name: getattr(self, name) for name in ("batch", "in_channels", "out_channels")}
        return Geometry((self.pixels, self.pixels), self.kernel, **sizes, **self.options)

    def __str__(self) -> str:
        size = f"{self.in_channels}→{self.out_channels} on {self.pixels}²"
        kernel = f" {self.kernel}×{self.kernel}" if self.kernel != 3 else ""
        rest = [
            f" {name} {getattr(self, name)}" for name in ("stride", "dilation", "groups") if getattr(self, name) > 1
        ]
        return f"{size}{kernel}{''.join(rest)} batch {self.batch}"


LAB = [Workload(64, 1, 32, 28), Workload(64, 32, 64, 13), Workload(64, 64, 64, 5)]
LARGE = [Workload(8, 64, 64, 56, 1), Workload(8, 128, 128, 28, 1), Workload(8, 256, 256, 14, 1)]
# The other kinds of layers that networks have: strides, kernels of other sizes, groups, dilation, a lone plane.
OTHER = [
    Workload(8, 64, 128, 56, 1, stride=2),
    Workload(8, 128, 256, 28, 1, stride=2),
    Workload(8, 3, 64, 112, 3, kernel=7, stride=2),
    Workload(8, 64, 256, 56, kernel=1),
    Workload(8, 256, 64, 56, kernel=1),
    Workload(8, 256, 512, 56, kernel=1, stride=2),
    Workload(8, 32, 64, 28, 2, kernel=5),
    Workload(64, 20, 50, 12, kernel=5),
    Workload(64, 1, 6, 28, 2, kernel=5),
    Workload(8, 128, 128, 28, 1, groups=128),
    Workload(8, 128, 128, 28, 1, groups=4),
    Workload(8, 64, 64, 28, 2, dilation=2),
    Workload(8, 16, 16, 40, 1),
    Workload(8, 512, 512, 7, 1),
    Workload(1, 1, 1, 512, 1),
]
GEMM = 2048
# Without these, torch's threads spin after each of its turns, and keep the cores from the other entrants.
QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}


def contests(*, peers: bool) -> Iterator[dict]:
    """Yield the contests: the machine's matrix product, each sum of each layer, and what a call costs besides them."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    torch = import_module("torch") if peers and find_spec("torch") else None
    set_compile("always")  # every case is called often enough
    yield gemm(torch)
    dtypes_of = {"lab": ("float32", "float64", "int32"), "large": ("float32",), "other": ("float32",)}
    for (group, dtypes), layers in zip(dtypes_of.items(), (LAB, LARGE, OTHER), strict=True):
        for dtype in dtypes:
            for layer in layers:
                for operation in OPERATIONS:
                    yield layer_contest(group, layer, operation, dtype, torch)
    yield _small_call(torch)
    yield _first_call()
    if torch is not None:
        yield alternating(torch)


def gemm(torch) -> dict:
    """The contest of large matrix products, whose rate bounds what a convolution can reach."""
    a, b = np.random.default_rng(0).standard_normal((2, GEMM, GEMM), np.float32)
    entrants: dict[str, Callable] = {"numpy": lambda: a @ b}
    if torch is not None:
        ta, tb = torch.from_numpy(a), torch.from_numpy(b)
        entrants["torch"] = lambda: ta @ tb
    return {"case": f"gemm float32 {GEMM}", "entrants": entrants, "unit": "gflops", "work": 2 * GEMM**3 / 1e9}


def layer_contest(group: str, layer: Workload, operation: str, dtype: str, torch) -> dict:
    """The contest of one sum of one layer."""
    geometry = layer.geometry
    arrays = operands(geometry, operation, dtype)
    entrants = {"convolab": ours(layer, operation, arrays)}
    if torch is not None:
        entrants |= torchs(torch, layer, operation, arrays)
    return {
        "case": f"{group} {layer} {dtype} {operation}",
        "entrants": entrants,
        "unit": "gflops",
        "work": 2 * geometry.mult_adds / 1e9,
    }


def operands(geometry: Geometry, operation: str, dtype: str) -> tuple:
    """The two arrays that the sum takes, in the order of the engines' functions."""
    rng = np.random.default_rng(1)
    shapes = [array_shapes(geometry)[factor] for factor in OPERATIONS[operation].factors]
    if dtype.startswith("int"):
        return tuple(rng.integers(-100, 100, shape).astype(dtype) for shape in shapes)
    return tuple(rng.standard_normal(shape).astype(dtype) for shape in shapes)


def ours(layer: Workload, operation: str, arrays: tuple) -> Callable:
    """A call of the public function, as a user makes it."""
    (a, b), geometry, options = arrays, layer.geometry, layer.options
    if operation == "forward":
        return lambda: conv2d(a, b, **options)
    if operation == "input_gradient":
        return lambda: conv2d_input(geometry.input_shape, a, b, **options)
    return lambda: conv2d_weight(a, geometry.weight_shape, b, **options)


def torchs(torch, layer: Workload, operation: str, arrays: tuple) -> dict[str, Callable]:
    """PyTorch's own sum, on tensors in its default layout and on tensors with the channels last."""
    if arrays[0].dtype.kind == "i" and operation != "forward":
        return {}  # torch has no gradients of integer convolutions
    layouts = {"torch": torch.contiguous_format, "torch channels_last": torch.channels_last}
    return {name: _torch_sum(torch, layer, operation, arrays, layout) for name, layout in layouts.items()}


def _torch_sum(torch, layer: Workload, operation: str, arrays: tuple, layout) -> Callable:
    a, b = (torch.from_numpy(x).contiguous(memory_format=layout) for x in arrays)
    options, geometry = layer.options, layer.geometry
    if operation == "forward":
        return no_grad(torch, lambda: torch.nn.functional.conv2d(a, b, **options))
    backward = torch.ops.aten.convolution_backward
    stride, padding, dilation = ([options[name]] * 2 for name in ("stride", "padding", "dilation"))
    rest = (None, stride, padding, dilation, False, [0, 0], layer.groups)
    if operation == "input_gradient":
        x, mask = torch.empty(geometry.input_shape, dtype=a.dtype, memory_format=layout), [True, False, False]
        return no_grad(torch, lambda: backward(b, x, a, *rest, mask)[0])
    w, mask = torch.empty(geometry.weight_shape, dtype=a.dtype, memory_format=layout), [False, True, False]
    return no_grad(torch, lambda: backward(b, a, w, *rest, mask)[1])


def no_grad(torch, function: Callable) -> Callable:
    def run():
        with torch.no_grad():
            return function()

    return run


def _small_call(torch) -> dict:
    """The contest on a plane of 8 × 8 pixels, which has hardly any arithmetic: the time is what a call costs."""
    layer = Workload(1, 1, 1, 8)
    arrays = operands(layer.geometry, "forward", "float32")
    entrants: dict[str, Callable] = {}
    for name in ENGINES:
        if is_installed(name) and name != "torch":
            entrants[name] = lambda name=name: conv2d(*arrays, engine=name)
    if torch is not None:
        entrants["torch"] = _torch_sum(torch, layer, "forward", arrays, torch.contiguous_format)
    return {"case": "a small call, 1→1 on 8² float32", "entrants": entrants}


def _first_call() -> dict:
    """The contest in which every call has a new shape, so that its pipeline is compiled before it is run."""
    sizes = count(40)

    def call():
        geometry = Geometry((next(sizes), 33), (3, 3), batch=4, in_channels=16, out_channels=32)
        return conv2d(*operands(geometry, "forward", "float32"))

    return {"case": "first call of a new shape, 16→32 float32", "entrants": {"convolab": call}}


def alternating(torch) -> dict:
    """The contest of a convolution and a torch matrix product, alone and one after the other.

    Where the two thread pools hinder each other, the pair takes longer than the two alone.
    """
    layer = LAB[1]
    convolve = ours(layer, "forward", operands(layer.geometry, "forward", "float32"))
    a = torch.randn(512, 512)

    def both():
        convolve()
        return a @ a

    entrants = {"convolution, then torch product": both, "convolution": convolve, "torch product": lambda: a @ a}
    return {"case": "alternating with torch", "entrants": entrants}
