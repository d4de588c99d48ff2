"""What `convolab bench edges` measures: the fused pass beside a copy of the image and beside other libraries.

Everyone uses all threads, makes a new output unless the case says `out`, and takes turns in one process.
"""

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np

from convolab.filters.canny import canny
from convolab.filters.edges import edges

SIZES = (512, 1024, 2048, 4096, 8192)
SHEET = (230, 286)
# Thread pools that spin while they wait take the cores from whoever's turn it is next.
QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}


def contests(*, peers: bool) -> Iterator[dict[str, Any]]:
    """The cases, each made when its turn comes, so that one image at a time is in memory."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    installed = {name for name in ("cv2", "skimage", "torch") if peers and find_spec(name)}
    yield case("sobel float32 230x286", SHEET, _sobel_entrants(image("float32", SHEET), installed))
    for size in SIZES:
        pixels = image("float32", (size, size))
        yield case(f"sobel float32 {size}", pixels.shape, _sobel_entrants(pixels, installed))
        yield case(f"sobel float32 {size} out", pixels.shape, _sobel_out_entrants(pixels))
        if size <= 4096 and installed & {"skimage", "torch"}:
            yield case(f"sobel float32 {size} beside slow peers", pixels.shape, _slow_entrants(pixels, installed))
    for size in (1024, 4096):
        pixels = image("uint8", (size, size))
        yield case(f"sobel uint8 to uint8 {size}", pixels.shape, _byte_entrants(pixels, installed))
        for dtype in ("uint8", "float32"):
            pixels = image(dtype, (size, size))
            yield case(f"x and y {dtype} {size}", pixels.shape, _gradient_entrants(pixels, installed))
    yield from _canny_cases(installed)
    yield from _general_cases(installed)


def image(dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    noise = np.random.default_rng(1).random(shape, np.float32)
    return noise if dtype == "float32" else (noise * 256).astype(dtype)


def case(name: str, shape: tuple[int, ...], entrants: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    return {"case": name, "entrants": entrants, "unit": "megapixels_per_second", "work": shape[0] * shape[1] / 1e6}


def _sobel_entrants(pixels: np.ndarray, installed: set[str]) -> dict[str, Callable[..., Any]]:
    found = {"convolab": lambda: edges(pixels), "x.copy()": pixels.copy}
    if "cv2" in installed:
        import cv2

        depth = cv2.CV_32F
        found["OpenCV"] = lambda: cv2.magnitude(cv2.Sobel(pixels, depth, 1, 0), cv2.Sobel(pixels, depth, 0, 1))
    return found


def _slow_entrants(pixels: np.ndarray, installed: set[str]) -> dict[str, Callable[..., Any]]:
    """A contest of their own: beside calls of half a second the others would get too few turns."""
    found: dict[str, Callable[..., Any]] = {"convolab": lambda: edges(pixels)}
    if "skimage" in installed:
        from skimage import filters

        found["scikit-image"] = lambda: filters.sobel(pixels)
    if "torch" in installed:
        found["torch"] = _torch_sobel(pixels)
    return found


def _torch_sobel(pixels: np.ndarray) -> Callable[..., Any]:
    """The sheet's way: F.conv2d with both kernels, then the root of the sum of squares."""
    import torch

    across = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    kernels, tensor = torch.stack([across, across.T])[:, None], torch.from_numpy(pixels)[None, None]

    def sobel():
        gradient = torch.nn.functional.conv2d(tensor, kernels)
        return (gradient**2).sum(1).sqrt()

    return sobel


def _sobel_out_entrants(pixels: np.ndarray) -> dict[str, Callable[..., Any]]:
    out = np.empty((pixels.shape[0] - 2, pixels.shape[1] - 2), pixels.dtype)
    copy = np.empty_like(pixels)
    return {"convolab": lambda: edges(pixels, out=out), "np.copyto": lambda: np.copyto(copy, pixels)}


def _byte_entrants(pixels: np.ndarray, installed: set[str]) -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {"convolab": lambda: edges(pixels, dtype="uint8"), "x.copy()": pixels.copy}
    if "cv2" in installed:
        import cv2

        depth = cv2.CV_32F

        def opencv():
            magnitude = cv2.magnitude(cv2.Sobel(pixels, depth, 1, 0), cv2.Sobel(pixels, depth, 0, 1))
            return cv2.convertScaleAbs(magnitude)

        found["OpenCV"] = opencv
    return found


def _gradient_entrants(pixels: np.ndarray, installed: set[str]) -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {"convolab": lambda: edges(pixels, show=("x", "y"))}
    if "cv2" in installed:
        import cv2

        depth = cv2.CV_16S if pixels.dtype == np.uint8 else cv2.CV_32F
        found["OpenCV"] = lambda: (cv2.Sobel(pixels, depth, 1, 0), cv2.Sobel(pixels, depth, 0, 1))
    return found


def _canny_cases(installed: set[str]) -> Iterator[dict[str, Any]]:
    """Waves of many lengths, which are shorter towards the lower right, with thresholds that find few lines or many."""
    y, x = np.ogrid[:4096, :4096]
    waves = np.sin(y * y / 40_000) * np.cos(x * x / 40_000) + image("float32", (4096, 4096)) / 10
    pixels = (115 + 100 * waves).astype(np.uint8)
    for low, high in ((40, 90), (60, 140)):
        options = {"sigma": 0, "low": low, "high": high}
        found: dict[str, Callable[..., Any]] = {"convolab": lambda options=options: canny(pixels, **options)}
        if "cv2" in installed:
            import cv2

            found["OpenCV"] = lambda low=low, high=high: cv2.Canny(pixels, low, high, L2gradient=True)
        yield case(f"canny {low} {high} uint8 4096", pixels.shape, found)


def _general_cases(installed: set[str]) -> Iterator[dict[str, Any]]:
    """Kernels that do not separate, and ones that do, beside OpenCV's filter2D."""
    pixels = image("float32", (2048, 2048))
    random = np.random.default_rng(2)
    for size in (5, 7, 9, 11):
        yield case(
            f"general {size}x{size} float32 2048",
            pixels.shape,
            _filter_entrants(pixels, random.normal(size=(size, size)), installed),
        )
    for size in (3, 5, 9, 15):
        column = np.arange(1.0, size + 1)
        yield case(
            f"separable {size}x{size} float32 2048",
            pixels.shape,
            _filter_entrants(pixels, np.outer(column, column), installed),
        )


def _filter_entrants(pixels: np.ndarray, kernel: np.ndarray, installed: set[str]) -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {"convolab": lambda: edges(pixels, kernel)}
    if "cv2" in installed:
        import cv2

        weights = kernel.astype(np.float32)
        found["OpenCV filter2D"] = lambda: cv2.filter2D(pixels, cv2.CV_32F, weights)
    return found
