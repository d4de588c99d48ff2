"""How fast are the engines, beside PyTorch's own convolution in either of its layouts? The cases of `bench ops`."""

from collections.abc import Callable, Iterator

import numpy as np

from convolab.engine import is_installed, load
from convolab.geometry import Geometry

OPERATIONS = ("forward", "input_gradient", "weight_gradient")
# name: (batch, input channels, output channels, image size, padding) with kernels of 3 x 3
LAB = {"1>32@28": (64, 1, 32, 28, 0), "32>64@13": (64, 32, 64, 13, 0), "64>64@5": (64, 64, 64, 5, 0)}
LARGE = {"64>64@56": (8, 64, 64, 56, 1), "128>128@28": (8, 128, 128, 28, 1), "256>256@14": (8, 256, 256, 14, 1)}
CASES = (("float32", LAB), ("float32", LARGE), ("float64", LAB), ("int32", LAB))
PRODUCT = 1536  # rows and columns of the matrices whose product is the machine's own rate


def contests(*, peers: bool = False) -> Iterator[dict]:
    """Contests for `cli/timing.py`: each operation of each case, after the machine's own rates."""
    for dtype in ("float32", "float64"):
        yield matrix_product(dtype, peers)
    for dtype, layers in CASES:
        for layer, sizes in layers.items():
            for operation in OPERATIONS:
                yield contest(f"{dtype} {layer} {operation}", np.dtype(dtype), operation, sizes, peers)


def matrix_product(dtype: str, peers: bool) -> dict:
    """The machine's own rate: a large product of matrices, by NumPy's library and by PyTorch's."""
    a, b = np.random.default_rng(0).standard_normal((2, PRODUCT, PRODUCT)).astype(dtype)
    entrants: dict[str, Callable] = {"numpy": lambda: a @ b}
    if peers and is_installed("torch"):
        import torch

        first, second = torch.from_numpy(a), torch.from_numpy(b)
        entrants["torch"] = lambda: torch.mm(first, second)
    return {"case": f"{dtype} matrix product", "entrants": entrants, "unit": "gflops", "work": 2e-9 * PRODUCT**3}


def contest(case: str, dtype: np.dtype, operation: str, sizes: tuple, peers: bool) -> dict:
    batch, inputs, outputs, size, padding = sizes
    geometry = Geometry(
        (size, size), 3, padding=padding, batch=batch, in_channels=inputs, out_channels=outputs
    )  # fmt: skip
    arrays = arguments(geometry, dtype, operation)
    ours = "halide" if is_installed("halide") else "numpy"
    function = getattr(load(ours), operation)
    entrants: dict[str, Callable] = {ours: lambda: function(geometry, *arrays)}
    if peers and is_installed("torch"):
        entrants |= torchs(geometry, operation, padding, *arrays)
    return {"case": case, "entrants": entrants, "unit": "gflops", "work": 2e-9 * geometry.mult_adds}


def arguments(geometry: Geometry, dtype: np.dtype, operation: str) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = {
        "forward": (geometry.input_shape, geometry.weight_shape),
        "input_gradient": (geometry.weight_shape, geometry.output_shape),
        "weight_gradient": (geometry.input_shape, geometry.output_shape),
    }
    return [(9 * rng.standard_normal(shape)).astype(dtype) for shape in shapes[operation]]


def torchs(geometry: Geometry, operation: str, padding: int, *arrays: np.ndarray) -> dict[str, Callable]:
    """PyTorch's own operators on the same numbers, in both of its memory layouts."""
    import torch

    def entrant(layout) -> Callable:
        first, second = (torch.from_numpy(a).contiguous(memory_format=layout) for a in arrays)
        if operation == "forward":
            return lambda: torch.conv2d(first, second, padding=padding)
        other = torch.empty(geometry.input_shape if operation == "input_gradient" else geometry.weight_shape)
        other = other.to(first.dtype).contiguous(memory_format=layout)
        input, weight = (other, first) if operation == "input_gradient" else (first, other)
        mask = [operation == "input_gradient", operation == "weight_gradient", False]
        backward = torch.ops.aten.convolution_backward
        return lambda: backward(
            second, input, weight, None, [1, 1], [padding] * 2, [1, 1], False, [0, 0], 1, mask
        )  # fmt: skip

    layouts = {"torch NCHW": torch.contiguous_format, "torch channels_last": torch.channels_last}
    if arrays[0].dtype.kind == "f":
        return {name: entrant(layout) for name, layout in layouts.items()}
    return {"torch NCHW": entrant(torch.contiguous_format)} if operation == "forward" else {}
