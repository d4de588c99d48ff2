"""`convolab spectrum`: how much a kernel, or every layer of a trained network, can stretch an image."""

from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from convolab.cli.console import emit, stdout
from convolab.cli.filter_options import Kernel
from convolab.cli.options import Dilation, Groups, ImageSize, Json, Padding, PaddingMode, RunName, Runs, Stride
from convolab.geometry import convolution_geometry
from convolab.geometry.arguments import per_axis
from convolab.gradient.norms import norm_bracket
from convolab.gradient.operator import as_weight
from convolab.gradient.singular import spectrum as singular_values
from convolab.network.model.runs import RUNS


def spectrum(
    run: RunName = "",
    /,
    *,
    kernel: Kernel = "sobel-x",
    size: ImageSize = (28, 28),
    count: int = 6,
    stride: Stride = (1,),
    padding: Padding = (0,),
    dilation: Dilation = (1,),
    groups: Groups = 1,
    padding_mode: PaddingMode = "zeros",
    runs: Runs = RUNS,
    json: Json = False,
) -> None:
    """Say how much a kernel, or every layer of a trained network, can stretch an image.

    Of a kernel: its largest singular values on images of one size, and a bracket that holds the operator norm for
    certain. Of a RUN: that bracket for every layer, and their product, a Lipschitz bound of the network.

    Parameters
    ----------
    count
        How many singular values are shown.

    Examples
    --------
    $ convolab spectrum --kernel laplacian --size 8 --count 3
    σ  7.618569293   residual …
    σ  7.082305351   residual …
    σ  7.082305351   residual …
    norm from 7.6185693 to 7.6185693, by matrix
    torch.nn.utils.spectral_norm would say 4.47214: the reshaped kernel's, not the operator's

    $ convolab spectrum pretrained
    layer            kind                lower      upper  by                   spectral_norm
    normalisation    1 / std            3.0848     3.0848  exact                            –
    conv1            Conv2d              2.593     2.6016  ring                        1.0819
    …
    product, a Lipschitz bound: …
    steepest slope seen on 16 test images: …
    """
    if run:
        result = _of_network(run, runs)
        show = _show_network
    else:
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        result = _of_kernel(kernel, size, count, options | {"padding_mode": padding_mode})
        show = _show_kernel
    if json:
        emit(result)
    else:
        show(result)


def _of_kernel(kernel: str, size, count: int, options: dict[str, Any]) -> dict[str, Any]:
    weight = as_weight(kernel, "kernel")
    size = per_axis("spectrum", "size", size, weight.ndim - 2, minimum=1)
    shape = (1, weight.shape[1] * options["groups"], *size)
    geometry = convolution_geometry("spectrum", shape, weight.shape, **options)
    available = min(prod(geometry.input_shape), prod(geometry.output_shape))
    found, bracket = singular_values(geometry, weight, min(count, available)), norm_bracket(geometry, weight)
    return {
        "kernel": kernel,
        "size": list(size),
        "method": found.method,
        "singular_values": found.values.tolist(),
        "residuals": found.residuals.tolist(),
        **_bracket(bracket.lower, bracket.upper),
        "by": bracket.by,
        "bounds": bracket.bounds,
        "spectral_norm_of_torch": bracket.reshaped,
    }


def _of_network(run: str, runs: Path) -> dict[str, Any]:
    """The layers of a trained network, its normalisation first."""
    from convolab.gradient.layers import LayerNorm, layer_norms, lipschitz_bound
    from convolab.network.model.runs import load

    model = load(run, runs)
    shape = tuple(model.config.get("input_shape", (1, 28, 28)))
    layers, chained = layer_norms(model.network, shape)
    first = LayerNorm("normalisation", "1 / std", 1 / model.std, 1 / model.std, "exact", None, shape)
    layers = [first, *layers]
    return {
        "run": run,
        "layers": [vars(layer) | {"input_shape": list(layer.input_shape)} for layer in layers],
        "lipschitz_bound": lipschitz_bound(layers, chained),
        "steepest_slope_seen": _steepest_slope(model),
        "images": IMAGES,
    }


# Test images at which the slope of the whole network is measured.
IMAGES = 16


def _steepest_slope(model) -> float:
    """The largest singular value of the network's Jacobian at some test images of MNIST: no bound can be below it."""
    import torch

    from convolab.network.data.named import load_dataset
    from convolab.network.model.classifier import to_fractions

    mnist = load_dataset("mnist")
    images = to_fractions(np.stack([mnist.test_images[n] for n in range(IMAGES)]))
    slopes = [torch.linalg.matrix_norm(_jacobian(model, image[None]), 2) for image in images]
    return float(max(slopes))


def _jacobian(model, image):
    import torch

    return torch.autograd.functional.jacobian(lambda x: model(x)[0], image).flatten(1)


def _bracket(lower: float, upper: float) -> dict[str, Any]:
    return {"lower": lower, "upper": upper, "width": (upper - lower) / upper if upper else 0.0}


def _show_kernel(result: dict[str, Any]) -> None:
    for value, residual in zip(result["singular_values"], result["residuals"], strict=True):
        stdout().print(f"σ  {value:.10g}" + (f"   residual {residual:.1e}" if result["method"] == "lanczos" else ""))
    stdout().print(f"norm from {result['lower']:.8g} to {result['upper']:.8g}, by {result['by']}", markup=False)
    stdout().print(
        f"torch.nn.utils.spectral_norm would say {result['spectral_norm_of_torch']:.6g}: the reshaped kernel's, not "
        f"the operator's"
    )


def _show_network(result: dict[str, Any]) -> None:
    stdout().print(f"{'layer':<16} {'kind':<14} {'lower':>10} {'upper':>10}  {'by':<20} {'spectral_norm':>13}")
    for layer in result["layers"]:
        numbers = [f"{layer[k]:.5g}" if layer[k] is not None else "–" for k in ("lower", "upper", "reshaped")]
        row = f"{layer['name']:<16} {layer['kind']:<14} {numbers[0]:>10} {numbers[1]:>10}  {layer['by']:<20}"
        stdout().print(f"{row} {numbers[2]:>13}", markup=False)
    bound = result["lipschitz_bound"]
    stdout().print(f"product, a Lipschitz bound: {bound:.6g}" if bound else "product: no bound, a layer is unknown")
    stdout().print(f"steepest slope seen on {result['images']} test images: {result['steepest_slope_seen']:.4g}")
