"""Which work grows along which axis? Each series once: its points, and what ours and the peers call at each.

Peers compute the same sums, in their own layout; where one has no border like ours, both keep the size.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from convolab.bench.ops import no_grad
from convolab.convolution import (
    conv1d,
    conv1d_weight,
    conv2d,
    conv2d_input,
    conv2d_weight,
    conv3d,
)
from convolab.filters.edges import edges

Calls = dict[str, Callable[[], Any]]
PIXELS = 2048


@dataclass(frozen=True)
class GrowthSeries:
    """One kind of work: `entrants(x, installed)` gives the calls at a point, ours first."""

    name: str
    axis: str
    points: tuple[float, ...]
    entrants: Callable[[Any, set[str]], Calls]


@lru_cache(maxsize=4)
def _image(dtype: str, size: int) -> np.ndarray:
    noise = np.random.default_rng(1).random((size, size), np.float32)
    return noise if dtype == "float32" else (noise * 256).astype(dtype)


@lru_cache(maxsize=8)
def _noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(2).standard_normal(shape, np.float32)


def _filter(dtype: str, name: str, peer: Callable[[Any, np.ndarray, Any], Any], parameter: str) -> Callable:
    """A filter on an image of `PIXELS`, its parameter growing, beside OpenCV's."""

    def entrants(x, installed: set[str]) -> Calls:
        pixels, wanted = _image(dtype, PIXELS), "uint8" if dtype == "uint8" else None
        options: dict[str, Any] = {parameter: x if parameter == "sigma" else int(x)}
        calls: Calls = {"convolab": lambda: edges(pixels, name, mode="reflect", dtype=wanted, **options)}
        if "cv2" in installed:
            import cv2

            calls["OpenCV"] = lambda: peer(cv2, pixels, x)
        return calls

    return entrants


def _blurred(cv2, pixels: np.ndarray, sigma: float) -> Any:
    size = 2 * max(1, int(4 * sigma + 0.5)) + 1
    return cv2.GaussianBlur(pixels, (size, size), sigma)


def _boxed(cv2, pixels: np.ndarray, size: float) -> Any:
    return cv2.blur(pixels, (int(size), int(size)))


def _any_kernel(dtype: str) -> Callable:
    def entrants(x, installed: set[str]) -> Calls:
        pixels, wanted = _image(dtype, PIXELS), "uint8" if dtype == "uint8" else None
        kernel = np.abs(_noise(int(x), int(x)))
        kernel = kernel / kernel.sum()
        calls: Calls = {"convolab": lambda: edges(pixels, kernel, mode="reflect", dtype=wanted)}
        if "cv2" in installed:
            import cv2

            calls["OpenCV"] = lambda: cv2.filter2D(pixels, -1, kernel)
        if "scipy" in installed and x >= 15:
            from scipy import signal

            floats = pixels.astype(np.float32)
            calls["SciPy oaconvolve"] = lambda: signal.oaconvolve(floats, kernel, "same")
        return calls

    return entrants


def _sized(name: str, **parameters: Any) -> Callable:
    """A filter of bytes, the image growing."""
    peers = {"box": _boxed, "gaussian": _blurred}

    def entrants(x, installed: set[str]) -> Calls:
        pixels = _image("uint8", int(x))
        calls: Calls = {"convolab": lambda: edges(pixels, name, mode="reflect", dtype="uint8", **parameters)}
        if "cv2" in installed:
            import cv2

            calls["OpenCV"] = lambda: peers[name](cv2, pixels, next(iter(parameters.values())))
        return calls

    return entrants


def _line(operation: str, length: int = 0, taps: int = 0) -> Callable:
    """One signal: its length, or the taps, grow."""

    def entrants(x, installed: set[str]) -> Calls:
        signal, kernel = _noise(length or int(x)), _noise(taps or int(x))
        if operation == "weight":
            upstream = _noise(len(signal) - len(kernel) + 1)
            return {"convolab": lambda: conv1d_weight(signal, kernel.shape, upstream)}
        calls: Calls = {"convolab": lambda: conv1d(signal, kernel)}
        if "scipy" in installed:
            from scipy import signal as peer

            calls["SciPy oaconvolve"] = lambda: peer.oaconvolve(signal, kernel, "valid")
        if "torch" in installed:
            import torch

            x1, w1 = (torch.from_numpy(a)[None, None] for a in (signal, kernel))
            calls["torch"] = no_grad(torch, lambda: torch.nn.functional.conv1d(x1, w1))
        return calls

    return entrants


def _volume(x, installed: set[str]) -> Calls:
    volume, kernel = _noise(128, 128, 128), _noise(int(x), int(x), int(x))
    calls: Calls = {"convolab": lambda: conv3d(volume, kernel)}
    if "scipy" in installed:
        from scipy import signal

        calls["SciPy oaconvolve"] = lambda: signal.oaconvolve(volume, kernel, "valid")
    if "torch" in installed:
        import torch

        x1, w1 = (torch.from_numpy(a)[None, None] for a in (volume, kernel))
        calls["torch"] = no_grad(torch, lambda: torch.nn.functional.conv3d(x1, w1))
    return calls


def _layer(*, batch: int = 8, channels: int = 64, pixels: int = 64, kernel: int = 3, dense: bool = False, grows: str,
           backward: bool = False) -> Callable:  # fmt: skip
    """A layer whose size is kept, depthwise unless it is dense; the quantity `grows` is the point's."""

    def entrants(x, installed: set[str]) -> Calls:
        now = {"batch": batch, "channels": channels, "pixels": pixels, "kernel": kernel} | {grows: int(x)}
        n, c, side, k = now["batch"], now["channels"], now["pixels"], now["kernel"]
        groups = 1 if dense else c
        a, w = _noise(n, c, side, side), _noise(c, c // groups, k, k)
        options: dict[str, Any] = {"padding": k // 2, "groups": groups}
        if backward:
            calls: Calls = {"convolab": lambda: (conv2d_input(a.shape, w, a, **options),
                                                 conv2d_weight(a, w.shape, a, **options))}  # fmt: skip
        else:
            calls = {"convolab": lambda: conv2d(a, w, **options)}
        if "torch" in installed:
            import torch

            x1, w1 = torch.from_numpy(a), torch.from_numpy(w)
            rest = (None, [1, 1], [k // 2] * 2, [1, 1], False, [0, 0], groups, [True, True, False])
            both = torch.ops.aten.convolution_backward
            call = (lambda: both(x1, x1, w1, *rest)) if backward else (
                lambda: torch.nn.functional.conv2d(x1, w1, **options))  # fmt: skip
            calls["torch"] = no_grad(torch, call)
        return calls

    return entrants


def _plane(x, installed: set[str]) -> Calls:
    image, kernel = _noise(1024, 1024), _noise(int(x), int(x))
    calls: Calls = {"convolab": lambda: conv2d(image, kernel)}
    if "torch" in installed:
        import torch

        x1, w1 = (torch.from_numpy(a)[None, None] for a in (image, kernel))
        calls["torch"] = no_grad(torch, lambda: torch.nn.functional.conv2d(x1, w1))
    return calls


_SIDE = "pixels on a side of the kernel"
_SIZES = (3, 5, 9, 15, 31, 63, 127, 255)
_SIGMAS = (0.5, 1.5, 3, 6, 12, 25, 50, 64)
_SQUARES = (256, 512, 1024, 2048, 4096)
_TAPS = (3, 31, 101, 301, 1001, 10001, 100001)

SERIES = (
    GrowthSeries("box, bytes", _SIDE, _SIZES, _filter("uint8", "box", _boxed, "size")),
    GrowthSeries("box, float32", _SIDE, _SIZES, _filter("float32", "box", _boxed, "size")),
    GrowthSeries("Gaussian, bytes", "sigma, pixels", _SIGMAS, _filter("uint8", "gaussian", _blurred, "sigma")),
    GrowthSeries("Gaussian, float32", "sigma, pixels", _SIGMAS, _filter("float32", "gaussian", _blurred, "sigma")),
    GrowthSeries("any kernel, bytes", _SIDE, _SIZES, _any_kernel("uint8")),
    GrowthSeries("any kernel, float32", _SIDE, _SIZES, _any_kernel("float32")),
    GrowthSeries("box of 31, bytes", "pixels on a side of the image", _SQUARES, _sized("box", size=31)),
    GrowthSeries("Gaussian of 3, bytes", "pixels on a side of the image", _SQUARES, _sized("gaussian", sigma=3.0)),
    GrowthSeries("conv1d, 10⁶ samples", "taps", _TAPS, _line("forward", length=10**6)),
    GrowthSeries("conv1d, 101 taps", "samples", tuple(10.0**n for n in range(3, 8)), _line("forward", taps=101)),
    GrowthSeries("conv1d_weight, 10⁶ samples", "taps", _TAPS, _line("weight", length=10**6)),
    GrowthSeries("conv2d, 1024²", _SIDE, _SIZES, _plane),
    GrowthSeries("conv3d, 128³", _SIDE, (3, 5, 7, 9, 15, 25), _volume),
    GrowthSeries("depthwise, forward", _SIDE, (3, 5, 7, 13, 21, 31, 51), _layer(grows="kernel")),
    GrowthSeries("depthwise, backward", _SIDE, (3, 7, 13, 31), _layer(grows="kernel", backward=True)),
    GrowthSeries("dense 3 × 3, 56²", "channels", (1, 4, 16, 64, 128), _layer(grows="channels", pixels=56, dense=True)),
    GrowthSeries(
        "dense 3 × 3, 64 on 28²", "images in a batch", (1, 4, 16, 64), _layer(grows="batch", pixels=28, dense=True)
    ),
)
