"""The gradient three ways: our hand-derived sums, Halide's own derivative of the forward formula, torch's autograd."""

import numpy as np
import pytest
import torch
from in_turn import in_turn

from convolab import definition
from convolab.engine.halide.derivative import gradients
from convolab.geometry import Geometry

GEOMETRIES = {
    "plain": Geometry((9, 11), (3, 2), batch=2, in_channels=2, out_channels=3),
    "everything": Geometry(
        (9, 11),
        (3, 2),
        batch=2,
        in_channels=4,
        out_channels=6,
        groups=2,
        stride=(3, 2),
        dilation=(1, 2),
        padding=(2, 1),
    ),
    "1-D": Geometry(17, 4, batch=3, in_channels=2, out_channels=2, stride=3, dilation=2, padding=3),
    "3-D": Geometry((5, 6, 7), (2, 3, 2), in_channels=2, out_channels=3, stride=(1, 2, 1), padding=(1, 0, 1)),
}
# A derivative is compiled for each.
EACH = pytest.mark.parametrize("geometry, dtype", in_turn(GEOMETRIES, [np.float32, np.float64]))
WAYS = ("our sums", "Halide's derivative", "torch's autograd")


def three_ways(geometry: Geometry, arrays: list[np.ndarray]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """(grad_input, grad_weight) by each way, from (input, weight, grad_output)."""
    input, weight, grad_output = arrays
    ours = (
        definition.conv_input(geometry, weight, grad_output),
        definition.conv_weight(geometry, input, grad_output),
    )
    return dict(zip(WAYS, (ours, gradients(geometry, *arrays), torchs(geometry, *arrays)), strict=True))


def torchs(geometry: Geometry, input, weight, grad_output):
    leaves = [torch.from_numpy(a).requires_grad_() for a in (input, weight)]
    axes = geometry.axes
    output = getattr(torch.nn.functional, f"conv{len(axes)}d")(
        *leaves, None, [a.stride for a in axes], [a.before for a in axes], [a.dilation for a in axes], geometry.groups
    )
    return [g.numpy() for g in torch.autograd.grad(output, leaves, torch.from_numpy(grad_output))]


def numbers(geometry: Geometry, dtype, draw) -> list[np.ndarray]:
    shapes = (geometry.input_shape, geometry.weight_shape, geometry.output_shape)
    return [draw(shape).astype(dtype) for shape in shapes]


@EACH
def test_on_integers_the_three_agree_to_the_last_bit(geometry, dtype):
    rng = np.random.default_rng(3)
    ways = three_ways(geometry, numbers(geometry, dtype, lambda shape: rng.integers(-9, 10, shape)))
    for way in WAYS[1:]:
        for got, expected in zip(ways[way], ways["our sums"], strict=True):
            assert expected.any()
            np.testing.assert_array_equal(got, expected, err_msg=way)


@EACH
def test_on_any_numbers_they_differ_by_rounding_alone(geometry, dtype):
    rng = np.random.default_rng(4)
    arrays = numbers(geometry, dtype, rng.standard_normal)
    ways = three_ways(geometry, arrays)
    # A sum of n products is off by at most n + 1 roundings of the sum of their magnitudes.
    magnitudes = three_ways(geometry, [np.abs(a.astype(np.float64)) for a in arrays])["our sums"]
    terms = (geometry.products * geometry.out_channels, geometry.batch * np.prod(geometry.output))
    for way in WAYS[1:]:
        for got, expected, size, n in zip(ways[way], ways["our sums"], magnitudes, terms, strict=True):
            assert (np.abs(got - expected) <= 2 * (n + 1) * np.finfo(dtype).eps * size).all(), way


def test_a_wrong_term_in_one_way_is_seen():
    geometry = GEOMETRIES["plain"]
    rng = np.random.default_rng(5)
    arrays = numbers(geometry, np.float64, lambda shape: rng.integers(-9, 10, shape))
    wrong = [*arrays[:2], np.roll(arrays[2], 1, axis=-1)]
    for got, expected in zip(gradients(geometry, *wrong), torchs(geometry, *arrays), strict=True):
        assert (got != expected).any()
