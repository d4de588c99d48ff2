"""Singular values against the explicit matrix, and the bracket that must hold the norm, whatever the geometry."""

import numpy as np
import pytest
import torch
from cases import CASES
from in_turn import few

from convolab.definition import matrix
from convolab.errors import ArgumentError, InputError
from convolab.filters.kernels import read_kernel
from convolab.geometry import Geometry
from convolab.gradient import norm_bracket, spectrum
from convolab.gradient.norms import absolute_bound
from convolab.gradient.operator import Operator
from convolab.gradient.symbol import is_ring

SMALL = [c for c in CASES if c.batch and c.memory == "contiguous" and max(c.channels) < 10]


def weights(geometry, seed=0):
    return np.random.default_rng(seed).normal(size=geometry.weight_shape)


def exact(geometry, weight):
    return np.linalg.svd(matrix(geometry, weight).toarray(), compute_uv=False)


@pytest.mark.parametrize("case", SMALL, ids=lambda c: c.name)
def test_singular_values_are_those_of_the_explicit_matrix(case):
    geometry = case.geometry.replace(batch=1)
    weight = weights(geometry)
    truth = exact(geometry, weight)
    found = spectrum(geometry, weight, min(4, len(truth)))
    np.testing.assert_allclose(found.values, truth[: len(found.values)], rtol=0, atol=1e-9 * truth[0])


@pytest.mark.parametrize("case", few(SMALL, 8))
def test_the_bracket_holds_the_norm_and_so_does_every_bound(case):
    geometry = case.geometry.replace(batch=1)
    # Random weights, and where padding copies pixels the worst there is: all alike.
    weight = weights(geometry) if geometry.padding_mode == "zeros" else np.ones(geometry.weight_shape)
    truth = exact(geometry, weight)[0]
    bracket = norm_bracket(geometry, weight)
    assert bracket.lower <= truth * (1 + 1e-14) and bracket.lower == pytest.approx(truth, rel=1e-8)
    assert min(bracket.bounds.values()) == bracket.upper
    assert all(bound >= truth * (1 - 1e-14) for bound in bracket.bounds.values()), bracket


RINGS = [
    Geometry((6, 7), (3, 2), padding=((0, 2), (1, 0)), padding_mode="circular", in_channels=2, out_channels=3),
    Geometry((6, 9), 3, padding=1, stride=(2, 3), padding_mode="circular", in_channels=2, out_channels=3),
    Geometry(8, 3, padding="same", dilation=2, padding_mode="circular", in_channels=4, out_channels=6, groups=2),
    Geometry((4, 6), (2, 3), stride=(2, 3)),
]


@pytest.mark.parametrize("geometry", RINGS, ids=str)
def test_on_a_ring_the_fourier_transform_gives_every_singular_value(geometry):
    assert is_ring(geometry)
    weight = weights(geometry)
    truth = exact(geometry, weight)
    found = spectrum(geometry, weight)
    assert found.method == "fourier"
    np.testing.assert_allclose(found.values, truth, atol=1e-12 * truth[0])


def test_the_residual_says_how_close_a_singular_value_is():
    geometry = Geometry((9, 8), 3, in_channels=2, out_channels=3)
    weight = weights(geometry)
    found, truth = spectrum(geometry, weight, 5), exact(geometry, weight)
    for value, residual in zip(found.values, found.residuals, strict=True):
        assert np.abs(truth - value).min() <= residual + 1e-12
    products = [np.vdot(a, b) for n, a in enumerate(found.vectors) for b in found.vectors[:n]]
    np.testing.assert_allclose(products, 0, atol=1e-8)


def test_the_bound_by_absolute_values_is_never_worse_than_the_textbooks():
    for case in SMALL:
        geometry = case.geometry.replace(batch=1)
        written = matrix(geometry, np.abs(weights(geometry))).toarray()
        schur = np.sqrt(np.linalg.norm(written, 1) * np.linalg.norm(written, np.inf))
        assert absolute_bound(Operator(geometry, weights(geometry))) <= schur * (1 + 1e-9), case.name


def test_spectral_norm_of_torch_measures_something_else():
    torch.manual_seed(0)
    layer = torch.nn.utils.parametrizations.spectral_norm(torch.nn.Conv2d(3, 8, 3, padding=1), n_power_iterations=200)
    original = layer.parametrizations.weight.original.detach().numpy().astype(float)
    with torch.no_grad():
        sigma = float((layer.parametrizations.weight.original / layer.weight).flatten()[0])
    geometry = Geometry((16, 16), 3, padding=1, in_channels=3, out_channels=8)
    bracket = norm_bracket(geometry, original)
    assert bracket.reshaped == pytest.approx(sigma, rel=1e-4)
    assert bracket.lower > 1.2 * bracket.reshaped


@pytest.mark.parametrize("count", [0, 1000])
def test_more_singular_values_than_there_are_is_an_error(count):
    geometry = Geometry((5, 5), 3)
    with pytest.raises(ArgumentError, match=f"count={count} of 9 singular values. Expected 1 to 9"):
        spectrum(geometry, np.ones((1, 1, 3, 3)), count)


def test_complex_weights_are_an_error():
    with pytest.raises(TypeError, match="weight: has dtype complex128"):
        spectrum(Geometry((5, 5), 3), np.ones((1, 1, 3, 3), complex))


def test_a_kernel_of_zeros_has_the_norm_zero():
    bracket = norm_bracket(Geometry((5, 5), 3), np.zeros((1, 1, 3, 3)))
    assert bracket.lower == bracket.upper == 0


class Opener:
    """An object that opens a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_file_with_a_kernel_is_never_unpickled(tmp_path):
    np.save(tmp_path / "kernel.npy", np.array([Opener(tmp_path / "opened")], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match=r"kernel: .*kernel\.npy holds no rows of numbers"):
        read_kernel(str(tmp_path / "kernel.npy"))
    assert not (tmp_path / "opened").exists()
