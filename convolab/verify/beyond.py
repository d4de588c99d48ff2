"""What stands beyond the border, where it is no fixed number: the image's mean, say?"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from convolab.definition.mistakes import agree
from convolab.errors import ConvolabError
from convolab.geometry import Geometry
from convolab.verify.examine import Asked, Examination
from convolab.verify.truth import truth


def _of_axes(number: Callable[..., Any], axes: tuple[int, ...], input: np.ndarray) -> np.ndarray:
    found: np.ndarray = number(input, axis=axes, keepdims=True)[..., 0, 0]
    return found


# What may stand there: of the whole input (N, C, H, W), for each image and channel.
VALUES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    f"the {what} of {whose}": partial(_of_axes, number, axes)
    for what, number in (("mean", np.mean), ("largest value", np.max), ("least value", np.min), ("median", np.median))
    for whose, axes in (
        ("the whole input", (0, 1, 2, 3)),
        ("each image", (1, 2, 3)),
        ("each channel of each image", (2, 3)),
        ("each channel", (0, 2, 3)),
    )
}
VALUES["the first pixel"] = lambda x: x[:, :, 0, 0]
VALUES["the last pixel"] = lambda x: x[:, :, -1, -1]


def of_border(examination: Examination) -> tuple[str, str] | None:
    """Return `padding-mode` and what stands beyond the border; None where no value of the image gives the answers."""
    padded = [a for a in examination.asked if a.probe.manner in ("integers", "fractions") and not a.probe.larger]
    wrong = [a for a in padded if not a.right]
    if examination.target.operation != "forward" or len(wrong) < 2 or any(not _is_padded(a) for a in wrong):
        return None
    if any(not a.trial.complete or np.asarray(a.trial.got).shape != a.trial.expected.shape for a in wrong):
        return None
    for name, value in VALUES.items():
        if all(_is_so(value, a) for a in wrong):
            return "padding-mode", f"beyond the border stands {name}"
    return None


def _is_padded(asked: Asked) -> bool:
    g = asked.probe.geometry
    return g.padding_mode == "zeros" and any(a.before for a in g.axes)


def _is_so(value: Callable[[np.ndarray], np.ndarray], asked: Asked) -> bool:
    """Return whether an answer is what that value beyond the border gives."""
    g, x = asked.probe.geometry, np.asarray(asked.arrays["input"], float)
    stands = np.broadcast_to(value(x), x.shape[:2])[:, :, None, None]
    moved = truth("forward", g, asked.arrays | {"input": x - stands})
    per = g.in_channels // g.groups
    levels = np.repeat(stands.reshape(g.batch, g.groups, per), g.out_channels // g.groups, 1)
    weights = np.asarray(asked.arrays["weight"], float).sum((2, 3))
    level = np.einsum("nfc,fc->nf", levels, weights)[:, :, None, None]
    return agree(asked.trial.got, moved + level, 8 * asked.trial.tolerance)


def of_spread_image(examination: Examination) -> tuple[str, str] | None:
    """Return `dilated-image` where the image, and not the kernel, has zeros between its pixels (JAX's lhs_dilation)."""
    some = [a for a in examination.asked if a.probe.manner in ("integers", "fractions") and not a.probe.larger]
    if examination.target.operation != "forward" or "dilation" not in examination.taken or not some:
        return None
    if all(_is_of_spread_image(a) for a in some if a.trial.got is not None) and any(not a.right for a in some):
        return "dilated-image", "zeros stand between the pixels of the image, as JAX's lhs_dilation puts them"
    return None


def _is_of_spread_image(asked: Asked) -> bool:
    g, image = asked.probe.geometry, np.asarray(asked.arrays["input"], float)
    apart = [a.dilation for a in g.axes]
    spread = np.zeros((*image.shape[:2], *((n - 1) * d + 1 for n, d in zip(g.input, apart, strict=True))))
    spread[:, :, :: apart[0], :: apart[1]] = image
    try:
        wide = Geometry(
            spread.shape[2:], g.kernel,
            stride=[a.stride for a in g.axes], padding=[(a.before, a.after) for a in g.axes],
            groups=g.groups, batch=g.batch, in_channels=g.in_channels, out_channels=g.out_channels,
        )  # fmt: skip
    except ConvolabError:
        return False
    return agree(asked.trial.got, truth("forward", wide, asked.arrays | {"input": spread}), asked.trial.tolerance)


def of_copied_border(examination: Examination) -> tuple[str, str] | None:
    """Return `output-size` where a result of the image's size holds whole windows, and all around them the image.

    Where that size is asked for it is `missing-border`.
    """
    odd = [a for a in examination.asked if a.trial.got is not None and all(k % 2 for k in a.probe.geometry.kernel)]
    odd = [a for a in odd if a.arrays.get("bias") is None and a.probe.manner in ("integers", "fractions")]
    if examination.target.operation != "forward" or not examination.plane or len(odd) < 3:
        return None
    if not all(_has_a_copied_border(a) for a in odd):
        return None
    code = "missing-border" if examination.convention.size else "output-size"
    return (
        code,
        "it is as large as the image, whose own pixels stand around the outputs of whole windows (of odd kernels)",
    )


def _has_a_copied_border(asked: Asked) -> bool:
    expected = np.asarray(asked.arrays["input"], float).copy()
    y, x = (k // 2 for k in asked.probe.geometry.kernel)
    inside = asked.trial.expected
    if inside.shape == expected.shape:  # asked for are results that reach over the border
        inside = inside[:, :, y : expected.shape[2] - y, x : expected.shape[3] - x]
    if expected.shape != np.asarray(asked.trial.got).shape or inside.shape[2:] != (
        expected.shape[2] - 2 * y,
        expected.shape[3] - 2 * x,
    ):
        return False
    expected[:, :, y : y + inside.shape[2], x : x + inside.shape[3]] = inside
    return agree(asked.trial.got, expected, asked.trial.tolerance)
