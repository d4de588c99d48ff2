"""What is shown of a function that is right? What it makes of the photograph, beside what it should be."""

import numpy as np

from convolab.convolution import conv2d, conv2d_input
from convolab.definition import apply_convolution
from convolab.lab.calling import Calling
from convolab.lab.figures import curve, grey, photograph, written
from convolab.lab.judges import G_X

SIDE, STEPS, RATE = 9, 100, 0.01  # the sheet's ascent


def components(call: Calling) -> list[dict[str, str]]:
    """Show the photograph under both filters, by one's own convolution."""
    picture = photograph()
    found = {
        name: call("apply_convolution", picture, kernel) for name, kernel in (("G_x ∗ I", G_X), ("G_y ∗ I", G_X.T))
    }
    return [grey("I", picture, 0, 1), *(grey(f"{name}, grey is 0", v, *_even(v)) for name, v in found.items())]


def _even(values: np.ndarray) -> tuple[float, float]:
    top = float(np.abs(values).max())
    return -top, top


def edges(call: Calling) -> list[dict[str, str]]:
    """Show one's own edges beside the reference."""
    from convolab.filters.named import sobel

    picture = photograph()
    reference = sobel(picture, engine="numpy")
    reference = reference / reference.max()
    own = call("apply_custom_sobel", picture)
    differ = float(np.abs(own - reference).max()) if own.shape == reference.shape else np.inf
    size = f"{own.shape[0]} × {own.shape[1]}"
    return [
        grey(f"yours, {size}", own, 0, 1),
        grey("the reference, 284 × 228", reference, 0, 1),
        {"title": written(f"The largest difference of all pixels is {differ:.2g}."), "image": ""},
    ]


def gradient(call: Calling) -> list[dict[str, str]]:
    """Show ∂ℒ/∂x of ℒ = Σ y² for Y = G_x ∗ photograph, by one's own function."""
    picture = photograph()
    y = conv2d(picture, G_X.astype(float))
    found = call("conv_gradient_wrt_input", 2 * y, G_X)
    return [grey("the photograph", picture, 0, 1), grey("∂ℒ/∂x, from its minimum to its maximum", found)]


# The loss of the exercise, behind the hand-in.
LOSS = """
import numpy as _np


def _loss(img):
    x = _np.lib.stride_tricks.sliding_window_view(img, (3, 3))
    return (_np.einsum("ijkl,kl->ij", x, _np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])) ** 2).sum(dtype=img.dtype)


def _pixel(img, i, j, epsilon):
    # Whatever type the images are moved in, the loss is that of this one.
    return central_difference(lambda x: _loss(x.astype(img.dtype)), img, int(i), int(j), img.dtype.type(epsilon))
"""
AT = (100, 50)


def one_pixel(call: Calling) -> list[dict[str, str]]:
    """Compare one pixel's gradient with one's own difference, in float32 as on the sheet, and in float64."""
    call.with_more(LOSS)
    picture, (i, j) = photograph(), AT
    exact = _gradient_of_squares(picture)[i - 1, j - 1]
    lines = [f"The gradient at pixel {i}, {j} is {exact:.8f}."]
    for type_ in (np.float32, np.float64):
        found = call("_pixel", picture.astype(type_), i, j, 1e-6).item()
        lines.append(f"Your difference with ε = 10⁻⁶ in {type_.__name__}: {found:.8f}.")
    return [{"title": written(line), "image": ""} for line in lines]


def _gradient_of_squares(picture: np.ndarray) -> np.ndarray:
    found: np.ndarray = conv2d_input(picture.shape, G_X.astype(float), 2 * conv2d(picture, G_X.astype(float)))
    return found


CLIMB = """

def _up(img, steps, rate):
    def gradient(x):
        y = _np.einsum("ijkl,kl->ij", _np.lib.stride_tricks.sliding_window_view(x, (3, 3)), _K)
        full = _np.pad(2 * y, 2)
        return _np.einsum("ijkl,kl->ij", _np.lib.stride_tricks.sliding_window_view(full, (3, 3)), _K[::-1, ::-1])

    return climb(img, gradient, int(steps), rate)


_K = _np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
"""


def summit(call: Calling) -> list[dict[str, str]]:
    """Show the image that one's own climb reaches, with the loss on the way."""
    call.with_more(LOSS + CLIMB)
    image = np.random.default_rng(0).uniform(0, 1, (SIDE, SIDE))
    start, losses = image, [_loss(image)]
    for _ in range(STEPS // 10):
        image = call("_up", image, 10, RATE)
        losses.append(_loss(image))
    return [
        grey("at first", start),
        grey(f"after {STEPS} steps", image),
        curve("the loss, every ten steps, on a logarithmic axis", losses, "step, in tens"),
    ]


def _loss(image: np.ndarray) -> float:
    return float((apply_convolution(image, G_X) ** 2).sum())
