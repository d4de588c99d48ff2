"""The ascent climbs to the optimum that Lanczos knows, and both are what the explicit matrix says."""

import json
from math import inf
from xml.etree import ElementTree

import numpy as np
import pytest

import convolab as cl
from convolab.cli import main
from convolab.definition import matrix
from convolab.errors import ArgumentError
from convolab.geometry import convolution_geometry
from convolab.gradient import topspace

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
CASES = {
    "sobel": (SOBEL, (9, 9), {}),
    "padded": (SOBEL, (7, 9), {"padding": 1}),
    "strided": (np.arange(6.0).reshape(2, 3), (8, 9), {"stride": (2, 1), "padding": ((1, 0), (2, 1))}),
    "dilated": (np.arange(1.0, 7.0).reshape(3, 2), (9, 8), {"dilation": 2, "padding": 1}),
    "reflect": (SOBEL, (6, 7), {"padding": 1, "padding_mode": "reflect"}),
    "replicate": (SOBEL, (6, 7), {"padding": 2, "padding_mode": "replicate"}),
    "circular": (SOBEL, (6, 7), {"padding": 1, "padding_mode": "circular"}),
    "channels": (np.random.default_rng(0).normal(size=(4, 3, 3, 2)), (6, 7), {}),
    "groups": (np.random.default_rng(1).normal(size=(4, 2, 3, 3)), (6, 5), {"groups": 2, "padding": 1}),
    "1-D": (np.random.default_rng(2).normal(size=(3, 2, 4)), (12,), {"stride": 2}),
    "3-D": (np.random.default_rng(3).normal(size=(2, 2, 2, 2, 3)), (4, 5, 4), {}),
}


def explicit(weight, size, options):
    """All singular values by numpy.linalg.svd of the matrix, written out."""
    weight = np.asarray(weight, float)
    weight = weight[None, None] if weight.ndim < 3 else weight
    shape = (1, weight.shape[1] * options.get("groups", 1), *size)
    geometry = convolution_geometry("test", shape, weight.shape, **options)
    return np.linalg.svd(matrix(geometry, weight).toarray())


@pytest.mark.parametrize("name", CASES)
def test_the_optimum_is_that_of_the_explicit_matrix(name):
    weight, size, options = CASES[name]
    climb = cl.maximize(weight, size, constraint="sphere", rate=inf, steps=5, **options)
    values = explicit(weight, size, options)[1]
    assert climb.top_singular_value == pytest.approx(values[0], rel=1e-10)
    assert climb.optimum == pytest.approx(values[0] ** 2, rel=1e-9)


@pytest.mark.parametrize("name", ["sobel", "padded", "channels", "reflect", "3-D"])
def test_power_iteration_reaches_the_optimum_and_its_vector(name):
    weight, size, options = CASES[name]
    climb = cl.maximize(weight, size, constraint="sphere", rate=inf, steps=400, **options)
    assert climb.final_loss == pytest.approx(climb.optimum, rel=1e-9)
    assert climb.alignment == pytest.approx(1, abs=1e-9)
    np.testing.assert_allclose(np.linalg.norm(climb.image), 1)


@pytest.mark.parametrize("rate", [0.01, 0.1, inf])
def test_the_number_of_steps_is_foretold_by_the_two_largest_singular_values(rate):
    climb = cl.maximize(SOBEL, 9, constraint="sphere", rate=rate, steps=400)
    assert abs(climb.reached_after - climb.expected_iterations()) <= 1


def test_without_a_constraint_the_loss_grows_at_the_rate_that_is_said():
    climb = cl.maximize(SOBEL, 9, steps=300)
    assert climb.losses[-1] / climb.losses[-2] == pytest.approx(climb.growth, rel=1e-6)
    assert climb.optimum is None and np.isfinite(climb.losses).all()


def test_an_ascent_that_leaves_the_range_of_numbers_stops_before():
    climb = cl.maximize(SOBEL, 9, steps=1000)
    assert climb.iterations < 1000 and np.isfinite(climb.final_loss) and np.isfinite(climb.image).all()


def test_the_loss_never_falls_under_a_constraint():
    for constraint in ("sphere", "box"):
        losses = cl.maximize(SOBEL, 9, constraint=constraint).losses
        assert (np.diff(losses) >= -1e-9 * losses[:-1]).all()


def test_in_the_box_no_image_exceeds_the_bound_and_stripes_reach_it():
    climb = cl.maximize(SOBEL, 9, constraint="box", seed=3)
    assert ((climb.image >= 0) & (climb.image <= 1)).all() and climb.final_loss <= climb.optimum == 784
    stripes = np.tile(np.array([0, 0, 1, 1, 0, 0, 1, 1, 0.0]), (9, 1))
    assert cl.maximize(SOBEL, 9, constraint="box", start=stripes).final_loss == 784


@pytest.mark.parametrize("name", ["sobel", "channels", "reflect", "strided"])
def test_no_corner_of_the_box_exceeds_the_bound(name):
    weight, size, options = CASES[name]
    climb = cl.maximize(weight, size, constraint="box", steps=20, **options)
    rng = np.random.default_rng(0)
    corners = [rng.integers(0, 2, climb.image.shape).astype(float) for _ in range(200)]
    best = max(
        cl.maximize(weight, size, constraint="box", steps=3, start=c, **options).final_loss for c in corners[:20]
    )
    assert best <= climb.optimum * (1 + 1e-12)


def test_the_gradient_that_is_climbed_passes_our_own_check_exactly():
    def loss(x):
        return (cl.conv2d(x, SOBEL.astype(float)) ** 2).sum()

    def gradient(g, x):
        return 2 * g * cl.conv2d_input(x.shape, SOBEL.astype(float), cl.conv2d(x, SOBEL.astype(float)))

    x = np.random.default_rng(0).integers(-4, 5, (9, 9)).astype(float)
    report = cl.gradcheck(loss, (x,), gradient)
    assert report.passed and report.exact


def test_twice_the_top_singular_value_has_an_angle_of_its_own():
    """An even width has two equal top singular values: the ascent's limit is the part of its start in their plane."""
    climb = cl.maximize(SOBEL, (8, 10), constraint="sphere", rate=inf, steps=500)
    values = explicit(SOBEL, (8, 10), {})[1]
    assert values[0] == pytest.approx(values[1], rel=1e-12)
    assert climb.alignment == pytest.approx(1, abs=1e-9)


# Each row is stretched by itself: the largest singular value stands there once for each, and once more for odd and even.
# The wide one has a matrix that is too large to be written out (`topspace.WRITTEN_OUT`).
ROW, ROW_WIDE = np.array([[1, 0, -1]]), (24, 30)


def distinct(values):
    return values[np.append(True, -np.diff(values) > 1e-8 * values[0])]


@pytest.mark.parametrize("size", [(9, 9), (8, 8), (1, 9), (3, 16)])
@pytest.mark.parametrize("constraint", ["none", "sphere"])
def test_the_angle_is_to_all_top_vectors_and_the_runner_up_is_another_value(size, constraint):
    rate = inf if constraint == "sphere" else 1
    climb = cl.maximize(ROW, size, constraint=constraint, rate=rate, steps=600)
    values = distinct(explicit(ROW, size, {})[1])
    assert climb.top_singular_value == pytest.approx(values[0], rel=1e-12)
    assert climb.runner_up == pytest.approx(values[1], rel=1e-9)
    assert climb.angle < 0.1
    assert np.linalg.norm(climb.vector) == pytest.approx(1)
    if constraint == "sphere":
        assert climb.final_loss == pytest.approx(climb.optimum, rel=1e-5)
        assert abs(climb.reached_after - climb.expected_iterations()) <= 1


@pytest.mark.parametrize("size, written", [((9, 9), True), ((9, 9), False), (ROW_WIDE, False)])
@pytest.mark.parametrize("constraint", ["sphere", "box"])
def test_the_angle_is_that_of_the_explicit_matrix_however_it_is_found(size, written, constraint, monkeypatch):
    if size == ROW_WIDE:
        assert np.prod(size) * size[0] * (size[1] - 2) > topspace.WRITTEN_OUT
    elif not written:
        monkeypatch.setattr(topspace, "WRITTEN_OUT", 0)
    climb = cl.maximize(ROW, size, constraint=constraint, steps=25, rate=0.1)
    _, values, right = explicit(ROW, size, {})
    top = right[: len(values)][values > values[0] * (1 - 1e-8)]
    image = climb.image.ravel()
    assert climb.alignment == pytest.approx(np.linalg.norm(top @ image) / np.linalg.norm(image), abs=1e-6)
    assert climb.runner_up == pytest.approx(distinct(values)[1], rel=1e-9)


@pytest.mark.parametrize("written", [True, False])
def test_a_start_without_a_part_of_the_top_vectors_is_at_right_angles_to_them(written, monkeypatch):
    if not written:
        monkeypatch.setattr(topspace, "WRITTEN_OUT", 0)
    _, values, right = explicit(ROW, (6, 9), {})
    (other, *_) = np.flatnonzero(values < values[0] * 0.999)
    climb = cl.maximize(ROW, (6, 9), start=right[other].reshape(6, 9), constraint="sphere", steps=3)
    assert climb.top_singular_value == pytest.approx(values[0], rel=1e-9)
    assert climb.alignment < 1e-6 and np.linalg.norm(climb.vector) == pytest.approx(1)


@pytest.mark.parametrize("kernel", [1, 0])
def test_a_kernel_that_stretches_everything_alike_has_no_runner_up(kernel):
    climb = cl.maximize(np.array([[kernel]]), (5, 6), constraint="sphere", steps=3, rate=inf)
    assert climb.top_singular_value == kernel and climb.runner_up == 0 and climb.expected_iterations() in (None, 0)


REFUSED = {
    "rate must be positive": {"rate": 0},
    "rate must be positive (and finite but on the sphere)": {"rate": inf},
    "steps must be positive, got 0": {"steps": 0},
    "constraint='cube' is unknown": {"constraint": "cube"},
    "start has shape (3, 3). Expected (1, 9, 9)": {"start": np.zeros((3, 3))},
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_climb_that_cannot_begin_says_why(words):
    with pytest.raises(ArgumentError) as caught:
        cl.maximize(SOBEL, 9, **REFUSED[words])
    assert words in str(caught.value)


def test_the_command_prints_the_contract_as_json(capsys):
    assert main(["maximize", "--constraint", "sphere", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert {"losses", "final_loss", "optimum", "alignment", "top_singular_value", "iterations"} <= set(result)
    assert len(result["losses"]) == result["iterations"] + 1 == 101
    assert result["optimum"] == pytest.approx(explicit(SOBEL, (9, 9), {})[1][0] ** 2, rel=1e-10)


def test_the_command_warns_that_an_unconstrained_loss_only_grows(capsys):
    assert main(["maximize"]) == 0
    assert "4.315 times each" in capsys.readouterr().err.replace("\n", " ")


@pytest.mark.parametrize("constraint", ["none", "sphere", "box"])
def test_pictures_are_written_whole_and_never_over_another(tmp_path, constraint, capsys):
    svg, png = tmp_path / "climb.svg", tmp_path / "climb.png"
    assert main(["maximize", "--constraint", constraint, "-o", str(svg)]) == 0
    root = ElementTree.parse(svg).getroot()
    assert len(root.findall(".//{*}rect")) > 3 * 81 and "prefers-color-scheme: dark" in svg.read_text()
    assert main(["maximize", "-o", str(png), "--size", "12x9"]) == 0
    assert png.read_bytes().startswith(b"\x89PNG")
    assert main(["maximize", "-o", str(svg)]) == 1
    assert "--force" in capsys.readouterr().err


def test_kernels_come_from_the_table_a_file_or_numbers(tmp_path, capsys):
    np.save(tmp_path / "w.npy", np.random.default_rng(0).normal(size=(2, 3, 3, 3)))
    for kernel in ("laplacian", str(tmp_path / "w.npy"), "1,2;3,4"):
        assert main(["maximize", "--kernel", kernel, "--size", "6x7", "--steps", "3"]) == 0
    assert main(["maximize", "--kernel", "sobelx"]) == 1
    assert main(["maximize", "--kernel", str(tmp_path / "no.npy")]) == 1
    assert main(["maximize", "-o", str(tmp_path / "x.gif")]) == 2
    error = capsys.readouterr().err
    assert "'sobelx' is unknown" in error and "cannot be read as an array" in error and ".png, .svg, .pdf" in error


@pytest.mark.parametrize(
    "kernel, size", [([[1, 0, -1]], (9, 9)), ([[1]], (5, 6)), ([[1], [2]], (7, 20)), ([[1, 0, -1]], (24, 30))]
)
def test_where_the_top_value_is_repeated_the_angle_is_to_the_whole_space_of_its_vectors(kernel, size):
    kernel = np.array(kernel, float)
    found = cl.maximize(kernel, size, constraint="sphere", rate=np.inf, steps=1000)
    operator = np.array([cl.conv2d(e.reshape(size), kernel).ravel() for e in np.eye(np.prod(size))]).T
    values = np.linalg.svd(operator, compute_uv=False)
    different = values[values < values[0] * (1 - 1e-9)]
    assert (np.abs(values - values[0]) < 1e-9).sum() > 1
    assert found.alignment > 1 - 1e-9 and found.angle < 0.01
    np.testing.assert_allclose(found.top_singular_value, values[0])
    np.testing.assert_allclose(found.runner_up, different[0] if len(different) else 0, rtol=1e-6, atol=1e-6)


def test_where_everything_is_stretched_to_nothing_every_image_is_a_top_vector():
    zero = cl.maximize(np.array([[0.0]]), (4, 4), constraint="sphere", steps=1)
    assert zero.alignment == 1 and zero.runner_up == 0
