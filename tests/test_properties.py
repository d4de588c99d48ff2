"""What every convolution satisfies, whatever the engine: on integers, so that equal means equal."""

import numpy as np
import pytest
from cases import ARRAY_ENGINES
from hypothesis import given, settings
from hypothesis import strategies as st

import convolab as cl
from convolab.geometry import Geometry

# How many examples each engine is given; Halide compiles three pipelines for every one.
EXAMPLES = [(engine, 6 if engine == "halide" else 25) for engine in ARRAY_ENGINES]
ENGINE = pytest.mark.parametrize("engine, examples", [*EXAMPLES, pytest.param("halide", 25, marks=pytest.mark.slow)])
SEEDS = st.integers(0, 10**6)


def for_all(examples: int, *strategies):
    """Call the decorated function at once, with so many examples."""

    def call(law):
        settings(deadline=None, max_examples=examples)(given(*strategies)(law))()

    return call


@st.composite
def geometries(draw):
    """Any small geometry, with its public arguments."""
    dims = draw(st.integers(1, 3))
    sizes = lambda low, high: tuple(draw(st.integers(low, high)) for _ in range(dims))  # noqa: E731
    groups = draw(st.integers(1, 2))
    options = {
        "stride": sizes(1, 3),
        "padding": tuple((draw(st.integers(0, 2)), draw(st.integers(0, 2))) for _ in range(dims)),
        "dilation": sizes(1, 2),
        "groups": groups,
        "padding_mode": draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
    }
    kernel = sizes(1, 3)
    input = tuple(draw(st.integers(d * (k - 1) + 3, 8)) for k, d in zip(kernel, options["dilation"], strict=True))
    channels = {"in_channels": groups * draw(st.integers(1, 3)), "out_channels": groups * draw(st.integers(1, 3))}
    return Geometry(input, kernel, batch=draw(st.integers(1, 3)), **channels, **options), options


def numbers(seed: int, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.integers(-9, 10, shape).astype(np.float64) for shape in shapes]


def functions(geometry: Geometry, options: dict, engine: str):
    name, options = f"conv{len(geometry.axes)}d", {**options, "engine": engine}
    return (
        lambda x, w: getattr(cl, name)(x, w, **options),
        lambda w, g: getattr(cl, f"{name}_input")(geometry.input_shape, w, g, **options),
        lambda x, g: getattr(cl, f"{name}_weight")(x, geometry.weight_shape, g, **options),
    )


@ENGINE
def test_the_adjoint_identity_holds_exactly(engine, examples):
    @for_all(examples, geometries(), SEEDS)
    def law(drawn, seed):
        geometry, options = drawn
        conv, conv_input, conv_weight = functions(geometry, options, engine)
        x, w, g = numbers(seed, geometry.input_shape, geometry.weight_shape, geometry.output_shape)
        inner = np.vdot(conv(x, w), g)
        assert inner == np.vdot(x, conv_input(w, g)) == np.vdot(w, conv_weight(x, g))


@ENGINE
def test_the_operator_is_linear_in_each_argument(engine, examples):
    @for_all(examples, geometries(), SEEDS)
    def law(drawn, seed):
        geometry, options = drawn
        conv = functions(geometry, options, engine)[0]
        x1, x2, w1, w2 = numbers(seed, *[geometry.input_shape] * 2, *[geometry.weight_shape] * 2)
        np.testing.assert_array_equal(conv(3 * x1 - x2, w1), 3 * conv(x1, w1) - conv(x2, w1))
        np.testing.assert_array_equal(conv(x1, 3 * w1 - w2), 3 * conv(x1, w1) - conv(x1, w2))


@ENGINE
def test_shifting_the_input_by_the_stride_shifts_the_output_by_one(engine, examples):
    @for_all(examples, st.integers(1, 3), st.integers(0, 4), st.integers(0, 4), SEEDS)
    def law(stride, down, right, seed):
        (x, w) = numbers(seed, (2, 3, 20, 23), (4, 3, 3, 2))
        shifted = np.roll(x, (stride * down, stride * right), axis=(2, 3))
        y, moved = (cl.conv2d(a, w, stride=stride, engine=engine) for a in (x, shifted))
        np.testing.assert_array_equal(moved[:, :, down:, right:], y[:, :, : y.shape[2] - down, : y.shape[3] - right])


@ENGINE
def test_ones_count_the_taps(engine, examples):
    @for_all(examples, geometries())
    def law(drawn):
        geometry, options = drawn
        conv, conv_input, conv_weight = functions(geometry, options, engine)
        ones = [np.ones(s) for s in (geometry.input_shape, geometry.weight_shape, geometry.output_shape)]
        taps = sum(1 for _ in geometry.taps()) * sum(1 for _ in geometry.channels()) * geometry.batch
        assert conv(*ones[:2]).sum() == conv_input(*ones[1:]).sum() == conv_weight(ones[0], ones[2]).sum() == taps


@pytest.mark.parametrize("examples", [1, 25])
def test_a_law_that_does_not_hold_fails_at_once(examples):
    with pytest.raises(AssertionError):

        @for_all(examples, st.integers(3, 5))
        def law(number):
            assert number < 3


def test_a_planted_fault_breaks_the_adjoint_identity(monkeypatch):
    from convolab.engine import load

    right = load("numpy").input_gradient
    monkeypatch.setattr(load("numpy"), "input_gradient", lambda g, w, y: right(g, w[..., ::-1], y))
    x, w, g = numbers(0, (1, 1, 5, 6), (1, 1, 3, 2), (1, 1, 3, 5))
    conv, conv_input, _ = functions(Geometry((5, 6), (3, 2)), {}, "numpy")
    assert np.vdot(conv(x, w), g) != np.vdot(x, conv_input(w, g))
