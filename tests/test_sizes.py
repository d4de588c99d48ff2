"""One pipeline serves every size: of a kind of layer, any batch, height, width and length, and any number of channels."""

from itertools import product

import halide
import numpy as np
import pytest

from convolab.engine import halide as engine
from convolab.engine import numpy as reference
from convolab.engine.halide import pipelines
from convolab.engine.halide.problem import Problem, beside_inputs, beside_outputs
from convolab.engine.halide.sizes import AnySize, Brought, form_of, sizes_of
from convolab.geometry import Axis, Geometry

rng = np.random.default_rng(0)

KINDS = {
    "3×3": {"kernel": 3, "in_channels": 16, "out_channels": 32, "padding": 1},
    "unpadded": {"kernel": (3, 2), "in_channels": 5, "out_channels": 7},
    "stride 2": {"kernel": 3, "in_channels": 8, "out_channels": 16, "stride": 2, "padding": 1},
    "uneven": {"kernel": (2, 5), "in_channels": 6, "out_channels": 9, "stride": (1, 3), "padding": ((0, 3), (1, 4))},
    "dilated": {"kernel": 3, "in_channels": 8, "out_channels": 8, "dilation": 2, "padding": 2, "groups": 2},
    "depthwise": {"kernel": 3, "in_channels": 6, "out_channels": 6, "padding": 1, "groups": 6},
    "pointwise": {"kernel": 1, "in_channels": 40, "out_channels": 24},
    "one channel": {"kernel": 5, "padding": 2},
}
SIZES = [(1, 9, 8), (2, 8, 9), (3, 17, 33), (5, 30, 14), (1, 12, 70), (2, 41, 29)]


def sums(geometry: Geometry, dtype=np.float32):
    """The three operations with integers as their arguments, and what they should give."""
    shapes = geometry.input_shape, geometry.weight_shape, geometry.output_shape
    input, weight, grad = (rng.integers(-4, 5, shape).astype(dtype) for shape in shapes)
    given = {"forward": (input, weight), "input_gradient": (weight, grad), "weight_gradient": (input, grad)}
    return [(name, pair, getattr(reference, name)(geometry, *pair)) for name, pair in given.items()]


BY_DEFAULT = {"one channel": True}  # the kind of one pipeline each is quickest to compile


@pytest.mark.parametrize(
    "name, checks",
    [
        pytest.param(name, checks, marks=() if BY_DEFAULT.get(name) is checks else pytest.mark.slow)
        for name in KINDS
        for checks in (True, False)
    ],
)
def test_one_kind_of_layer_is_right_at_every_size(name, checks, monkeypatch):
    if checks:
        monkeypatch.setattr(pipelines, "target", halide.get_jit_target_from_environment)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    for batch, *size in SIZES:
        geometry = Geometry(tuple(size), batch=batch, **KINDS[name])
        for operation, pair, expected in sums(geometry):
            np.testing.assert_array_equal(getattr(engine, operation)(geometry, *pair), expected, err_msg=operation)


def test_a_new_batch_height_or_number_of_channels_compiles_nothing(monkeypatch):
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    made = []
    for batch, height, channels in product((16, 17, 40), (30, 43), (64, 96)):
        geometry = Geometry((height, 24), 3, batch=batch, in_channels=channels, out_channels=64, stride=2, padding=1)
        engine.forward(geometry, *sums(geometry)[0][1])
        made.append(len(engine.pipeline.plans.kept))
    assert made == [1] * len(made)


def test_many_widths_share_a_handful_of_pipelines(monkeypatch):
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    kinds = {pipelines.kind_of("forward", "channels", g, *[np.dtype(np.float32)] * 2, False, True)[0] for g in widths()}
    assert len(kinds) < 12


def widths():
    return [Geometry((64, w), 3, batch=8, in_channels=64, out_channels=64, padding=1) for w in range(30, 256)]


@pytest.mark.parametrize("value", [np.inf, np.nan])
@pytest.mark.parametrize("operation", ["forward", "input_gradient"])
def test_zeros_beside_the_rows_of_a_lone_channel_never_show(operation, value, monkeypatch):
    monkeypatch.setattr(engine, "best_order", lambda *_: "channels")
    geometry = Geometry((9, 40), 3, batch=2, in_channels=3, out_channels=3, groups=3, padding=1)
    (pair,) = (pair for name, pair, _ in sums(geometry) if name == operation)
    pair[operation == "forward"][1, 0, 0, 0] = value
    with np.errstate(invalid="ignore"):
        expected = getattr(reference, operation)(geometry, *pair)
    assert 0 < np.isfinite(expected).sum() < expected.size
    np.testing.assert_array_equal(getattr(engine, operation)(geometry, *pair), expected)


def test_sizes_are_brought_as_multiples_and_read_back():
    p = Problem(Geometry((20, 31), 3, batch=2, in_channels=12, out_channels=64), np.dtype(np.float32))
    promised = [Brought("outputs", 16), Brought("input_x", 2, 1, 4)]
    form, values = form_of(p, {"band": 5}, promised, ("output_y",), {"output_x": ("input_x", 2)})
    brought = dict(zip((each.name for each in form.brought), values, strict=True))
    assert brought["outputs"] == 64 // 16 - 1 and brought["input_x"] == (31 - 1) // 2 - 4
    assert brought["band"] == 4 and "output_x" not in brought
    assert form.known == (("groups", 1), ("output_y", 18)) and form.derived == (("output_x", "input_x", 2, -1),)
    symbolic = AnySize(form)
    assert symbolic.divides(8, "outputs") and not symbolic.divides(32, "outputs") and symbolic.divides(9, "output_y")
    assert set(symbolic.sizes) == {*sizes_of(p), "band"}


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("before", [0, 1, 4])
def test_what_lies_beside_a_row_is_what_its_windows_reach(stride, before):
    axis = Axis(11, 3, 4, stride, 2, before)
    reached = [axis.input_position(o, k) for o in range(axis.output) for k in range(axis.kernel)]
    assert beside_inputs(axis) == (-min(reached), max(reached) - (axis.input - 1))
    seen = [(i + before - axis.dilation * k) // stride for i in range(axis.input) for k in range(axis.kernel)]
    assert beside_outputs(axis) == (-min(seen), max(seen) - (axis.output - 1))
