"""What the Halide engine promises beyond the conformance list: bounds, plans, threads, memory layouts."""

import random
import threading
from functools import partial

import halide
import numpy as np
import pytest
import stress
import torch
from cases import CASES
from in_turn import in_turn, thinned
from torch.utils._python_dispatch import TorchDispatchMode

import convolab as cl
from convolab import engine as engines
from convolab.engine import halide as engine
from convolab.engine import numpy as reference
from convolab.engine import repaid
from convolab.engine import torch as native
from convolab.engine.exact import INT16
from convolab.engine.halide import choice, machine, pipelines, schedule, winograd
from convolab.engine.halide import winograd_blocks as tiling
from convolab.engine.halide.choice import best_order
from convolab.engine.halide.plan import Plans
from convolab.engine.halide.problem import Problem
from convolab.engine.halide.register_tiling import ResultPlane, best_tile
from convolab.engine.halide.sizes import AnySize
from convolab.engine.halide.weight_tiling import best_division
from convolab.engine.padding import extended_geometry
from convolab.geometry import Geometry

rng = np.random.default_rng(0)
OPERATIONS = ("forward", "input_gradient", "weight_gradient")
CHECKS = {"checked": True, "unchecked": False}


def arrays(geometry: Geometry, dtype=np.float32) -> dict[str, tuple]:
    """The arguments of each operation, on integers, so that equal means equal."""
    input, weight, grad = (
        rng.integers(-4, 5, shape).astype(dtype)
        for shape in (geometry.input_shape, geometry.weight_shape, geometry.output_shape)
    )
    return {"forward": (input, weight), "input_gradient": (weight, grad), "weight_gradient": (input, grad)}


def different_geometries() -> dict[str, Geometry]:
    """The geometries of the one list, by the name of the first case that has it."""
    found: dict[Geometry, str] = {}
    for case in CASES:
        if case.batch:
            zeros = case.geometry.padding_mode == "zeros"
            found.setdefault(case.geometry if zeros else extended_geometry(case.geometry), case.name)
    return {name: geometry for geometry, name in found.items()}


@pytest.mark.parametrize("geometry, operation", thinned(in_turn(different_geometries(), OPERATIONS), 10))
def test_with_halides_own_checks_on_nothing_is_read_outside_an_array(geometry, operation, monkeypatch):
    monkeypatch.setattr(pipelines, "target", halide.get_jit_target_from_environment)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    given = arrays(geometry)[operation]
    expected = getattr(reference, operation)(geometry, *given)
    np.testing.assert_array_equal(getattr(engine, operation)(geometry, *given), expected)


def test_the_checks_would_have_found_a_read_outside(monkeypatch):
    monkeypatch.setattr(pipelines, "target", halide.get_jit_target_from_environment)
    geometry = Geometry((9, 9), 3)
    call = pipelines.Pipelines()("forward", "channels", geometry, *[np.dtype(np.float32)] * 2, False, False)
    with pytest.raises(halide.HalideError, match="beyond the max"):
        short, weight, output = (np.zeros(s, np.float32) for s in ((1, 1, 1, 9, 8), (1, 1, 1, 3, 3), (1, 1, 1, 7, 7)))
        call(short, weight, output)


FEW_CHANNELS = [
    Geometry((9, 21), (3, 4), batch=3, in_channels=1, out_channels=6, padding=((1, 0), (2, 1))),
    Geometry((12, 50), 5, batch=2, in_channels=2, out_channels=3, stride=2, dilation=2, padding=4),
    Geometry((40,), 3, batch=16, in_channels=2, out_channels=4, groups=2, stride=(2,), padding=1),
    Geometry((4, 9, 19), (2, 3, 3), in_channels=1, out_channels=5, stride=(2, 1, 2), padding=1),
    Geometry((18, 18), 3, batch=2, in_channels=8, out_channels=8, groups=8, padding=1),
]


@pytest.mark.parametrize(
    "checks", [pytest.param(True, marks=pytest.mark.slow, id="checked"), pytest.param(False, id="unchecked")]
)
@pytest.mark.parametrize("geometry, dtype", thinned(in_turn(FEW_CHANNELS, [np.float32, np.int64]), 3))
def test_both_orders_of_every_sum_give_the_same_and_read_nothing_outside(geometry, dtype, checks, monkeypatch):
    if checks:
        monkeypatch.setattr(pipelines, "target", halide.get_jit_target_from_environment)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    for operation, given in arrays(geometry, dtype).items():
        expected = getattr(reference, operation)(geometry, *given)
        for order in ("columns", "channels"):
            result = np.full_like(expected, 77)
            engine.call(operation, order, geometry, given, result)
            np.testing.assert_array_equal(result, expected, err_msg=f"{operation}, {order}")


PAIRED = [
    Geometry((9, 11), (3, 4), batch=3, in_channels=5, out_channels=7, padding=((1, 0), (2, 1))),
    Geometry((14, 14), 3, batch=5, in_channels=16, out_channels=32, padding=1),
    Geometry((13, 40), (3, 5), batch=2, in_channels=6, out_channels=18, groups=2, stride=2, dilation=(2, 1), padding=2),
    Geometry((5, 5), 3, batch=9, in_channels=8, out_channels=8),
    Geometry((40,), 3, batch=16, in_channels=3, out_channels=4, stride=(2,), padding=1),
    Geometry((4, 9, 19), (2, 3, 3), in_channels=4, out_channels=5, stride=(2, 1, 2), padding=1),
    Geometry((6, 6), 1, batch=2, out_channels=3),
]


@pytest.mark.parametrize("geometry, registers, checks", thinned(in_turn(PAIRED, [16, 32], CHECKS), 3))
def test_pairs_of_short_integers_are_exact_to_the_ends_of_their_range(geometry, registers, checks, monkeypatch):
    monkeypatch.setattr(pipelines, "machine", lambda bits: machine.Machine(8, registers, 2))
    if checks:
        monkeypatch.setattr(pipelines, "target", halide.get_jit_target_from_environment)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    largest = min(2**15 - 1, int((2**31 - 2**20) / geometry.products) // (2**15 - 1))
    input = rng.integers(-(2**15) + 1, 2**15, geometry.input_shape)
    weight = rng.integers(-largest, largest + 1, geometry.weight_shape)
    input[0], weight[0] = 2**15 - 1, largest
    bias = rng.integers(-(2**20), 2**20, geometry.out_channels)
    expected = reference.forward(geometry, input, weight, bias)
    assert expected.max() > 2**29
    given = (input.astype(np.int16), weight.astype(np.int16), bias.astype(np.int32))
    for dtype in (np.int32, np.int64):
        np.testing.assert_array_equal(engine.forward(geometry, *given, integer=np.dtype(dtype)), expected)


@pytest.mark.slow
@pytest.mark.parametrize("geometry, checks, dtype", in_turn(PAIRED, CHECKS, [np.uint8, np.int16, np.int32, np.int64]))
def test_integers_that_nobody_has_looked_at_are_summed_by_pairs_or_not_at_all(geometry, dtype, checks, monkeypatch):
    monkeypatch.setattr(engine, "exact_types", lambda *_: (INT16,))
    monkeypatch.setattr(engine, "too_large", set())
    if checks:
        monkeypatch.setattr(pipelines, "target", halide.get_jit_target_from_environment)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    short = partial(engine.forward_short, geometry, integer=np.dtype(np.int64), out=None)
    input, weight = (rng.integers(0, 90, s).astype(dtype) for s in (geometry.input_shape, geometry.weight_shape))
    bias = rng.integers(0, 90, geometry.out_channels).astype(dtype)
    expected = reference.forward(geometry, *(a.astype(np.int64) for a in (input, weight, bias)))
    np.testing.assert_array_equal(short(input=input, weight=weight, bias=bias), expected)
    assert short(input=input, weight=weight.astype(np.int8), bias=None) is None
    if dtype == np.uint8:
        return
    # Every single number is looked at, also one that no window covers.
    for array in (input, weight):
        for value in (np.iinfo(dtype).max, np.iinfo(dtype).min):
            n = int(rng.integers(array.size))
            before, array.flat[n] = array.flat[n], value
            engine.too_large.clear()
            assert short(input=input, weight=weight, bias=None) is None and geometry in engine.too_large
            array.flat[n] = before
    engine.too_large.clear()
    assert short(input=input, weight=weight, bias=np.full(geometry.out_channels, 2**31 - 1)) is None
    engine.too_large.clear()
    assert short(input=input, weight=weight, bias=None) is not None


@pytest.mark.parametrize("largest", [25, 2500, 40_000, 2**27])
def test_integers_of_any_size_come_out_exact_also_into_an_out(largest):
    geometry = Geometry((9, 11), 3, batch=6, in_channels=40, out_channels=48, padding=1)
    input, weight = (
        rng.integers(-largest, largest, s).astype(np.int32) for s in (geometry.input_shape, geometry.weight_shape)
    )
    wide = [a.astype(np.int64) for a in (input, weight)]
    expected = reference.forward(geometry, *wide)
    out = np.empty(geometry.output_shape, np.int64)[:, :, ::-1]
    for _ in range(2):
        np.testing.assert_array_equal(cl.conv2d(input, weight, padding=1), expected)
        assert cl.conv2d(input, weight, padding=1, out=out) is out
        np.testing.assert_array_equal(out, expected)


def test_many_channels_of_integers_are_summed_by_pairs_and_few_as_floats():
    one, many = (Geometry((28, 28), 3, batch=64, in_channels=ci, out_channels=32) for ci in (1, 32))
    assert [t.factors.name for t in engine.exact_types("forward", one)] == ["float32", "int16", "float64"]
    assert [t.factors.name for t in engine.exact_types("forward", many)] == ["int16", "float32", "float64"]
    assert [t.factors.name for t in engine.exact_types("input_gradient", many)] == ["float32", "float64"]


SQUARES = [
    Geometry((9, 11), 3, batch=3, in_channels=5, out_channels=7, padding=((1, 0), (2, 1))),
    Geometry((14, 14), 3, batch=5, in_channels=16, out_channels=32, padding=1),
    Geometry((13, 13), 3, batch=6, in_channels=4, out_channels=6, groups=2),
    Geometry((3, 3), 3, in_channels=2, out_channels=2),
    Geometry((60, 70), 3, in_channels=3, out_channels=5, padding=3),
    Geometry((4, 37), 3, batch=20, in_channels=3, out_channels=18),
    Geometry((11, 13), 3, batch=7, in_channels=6, out_channels=5, padding=((0, 1), (1, 0))),
    Geometry((12, 14), 3, batch=2, in_channels=4, out_channels=3, padding=((2, 5), (0, 4))),
]


@pytest.mark.parametrize("geometry, operation, checks", thinned(in_turn(SQUARES, OPERATIONS, CHECKS), 4))
def test_tiles_give_the_definitions_integers_to_the_bit_and_read_nothing_outside(
    geometry, operation, checks, monkeypatch
):
    if checks:
        monkeypatch.setattr(pipelines, "target", halide.get_jit_target_from_environment)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    given = arrays(geometry)[operation]
    expected = getattr(reference, operation)(geometry, *given)
    np.testing.assert_array_equal(in_order("tiles", operation, geometry, given), expected)


@pytest.mark.parametrize("size", [1, 2, 5, 23, 56, 224, 1024])
@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("threads", [1, 2, 64])
def test_a_block_is_a_row_of_tiles_or_stays_small_enough_for_a_cache(size, many, threads):
    here = machine.Machine(8, 16, threads)
    for batch in (1, 3, 64):
        blocks = tiling.Tiling((size, size, 8, 1, batch), here, many=many)
        assert blocks.tiles <= max(tiling.MANY if many else tiling.MOST, blocks.columns)
        if tiling.tiles_of((size, size)) <= tiling.MOST:
            assert tiling.Tiling((size, size, 8, 1, batch), here, whole=True).rows == blocks.height


def test_the_input_gradient_of_an_unpadded_layer_adds_up_the_patches_of_the_fewer_outputs():
    valid, same = (Geometry((13, 13), 3, in_channels=8, padding=padding) for padding in (0, 1))
    assert winograd.folds(Problem(valid, np.dtype(np.float32)))
    assert not winograd.folds(Problem(same, np.dtype(np.float32)))


SCHEDULED = [
    Geometry((28, 28), 3, batch=9, in_channels=1, out_channels=8),
    Geometry((13, 13), 3, batch=9, in_channels=16, out_channels=16),
    Geometry((30, 22), 3, in_channels=16, out_channels=24, padding=1),
    Geometry((5, 5), 3, batch=5, in_channels=16, out_channels=16, padding=1),
]


@pytest.mark.slow
@pytest.mark.parametrize("geometry, threads", in_turn(SCHEDULED, [64, 2]))
def test_the_schedule_for_any_number_of_threads_gives_the_same_bits(geometry, threads, monkeypatch):
    shapes = {"x": geometry.input_shape, "w": geometry.weight_shape, "g": geometry.output_shape}
    given = {letter: rng.standard_normal(shape).astype(np.float32) for letter, shape in shapes.items()}
    for operation, letters in zip(OPERATIONS, ("xw", "wg", "xg"), strict=True):
        results = []
        for number in (1, threads):
            fixed = lambda bits, number=number: machine.Machine(8, 16, number)  # noqa: E731
            monkeypatch.setattr(pipelines, "machine", fixed)
            monkeypatch.setattr(choice, "machine", fixed)
            monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
            choice.best_order.cache_clear()
            results.append(getattr(engine, operation)(geometry, *(given[letter] for letter in letters)))
        choice.best_order.cache_clear()
        np.testing.assert_array_equal(*results)


MACHINES = [machine.Machine(16, 32, 1), machine.Machine(8, 16, 64), machine.Machine(4, 32, 2)]


@pytest.mark.slow
@pytest.mark.parametrize("order, padding, machine", in_turn(["channels", "columns", "tiles"], [0, 1], MACHINES))
def test_every_machines_tiles_and_blocks_give_the_same(order, padding, machine, monkeypatch):
    """As scheduled for another processor: wider or narrower registers, more or fewer of them, any number of threads."""
    monkeypatch.setattr(pipelines, "machine", lambda bits: machine)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    geometry = Geometry((21, 18), 3, batch=3, in_channels=9, out_channels=17, padding=padding)
    for operation, given in arrays(geometry).items():
        expected = getattr(reference, operation)(geometry, *given)
        result = np.full_like(expected, 77)
        engine.call(operation, order, geometry, given, result)
        np.testing.assert_array_equal(result, expected, err_msg=operation)


LONE = [
    Geometry((11, width), kernel, batch=2, in_channels=3, out_channels=3, groups=3, stride=stride, padding=kernel // 2)
    for width, stride, kernel in [(28, 1, 9), (31, 1, 3), (57, 2, 3), (41, 3, 5)]
]
TWO_MACHINES = [machine.Machine(8, 16), machine.Machine(16, 32)]


@pytest.mark.slow
@pytest.mark.parametrize("geometry, machine", in_turn(LONE, TWO_MACHINES))
def test_a_lone_channel_is_summed_by_whole_rows_or_parts_of_them(geometry, machine, monkeypatch):
    monkeypatch.setattr(pipelines, "machine", lambda bits: machine)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    for operation, given in arrays(geometry).items():
        expected = getattr(reference, operation)(geometry, *given)
        np.testing.assert_array_equal(in_order("channels", operation, geometry, given), expected, err_msg=operation)


@pytest.mark.parametrize("channels", [1, 3, 64])
def test_no_kernel_is_so_large_that_its_tile_takes_long_to_compile(channels):
    for kernel in (1, 2, 3, 5, 7, 9, 11, 15, 31, 61, 255):
        for width in (8, 28, 31, 200):
            geometry = Geometry((9, width + kernel - 1), (3, kernel), in_channels=channels, out_channels=channels)
            plane = ResultPlane.of("forward", Problem(geometry, np.dtype(np.float32)))
            for here in (machine.Machine(8, 16), machine.Machine(16, 32)):
                tile = best_tile(here, plane)
                assert tile.sums * (kernel if tile.unrolled else 1) <= 256


@pytest.mark.parametrize("registers", [16, 32])
@pytest.mark.parametrize("stride", [2, 3])
def test_tiles_of_a_strided_input_gradient_begin_alike_where_they_can(stride, registers):
    for width in range(5, 80):
        geometry = Geometry((width, width), 3, batch=8, in_channels=64, out_channels=64, stride=stride, padding=1)
        plane = ResultPlane.of("input_gradient", Problem(geometry, np.dtype(np.float32)))
        tile = best_tile(machine.Machine(8, registers), plane)
        assert plane.repeats(tile.width) or width % stride, width


DIVIDED = {
    "parts that are stacks of images": Geometry((13, 11), 3, batch=32, in_channels=12, out_channels=40, padding=1),
    "parts that are bands of an image": Geometry((64, 40), 3, in_channels=5, out_channels=24),
    "pieces of the result": Geometry((7, 7), 3, batch=6, in_channels=64, out_channels=300, padding=1),
    "the rest of a tile": Geometry((30, 30), (1, 7), batch=3, in_channels=13, out_channels=70),
    "one axis of a prime length": Geometry((1013,), 5, batch=4, in_channels=6, out_channels=33),
    "copies, chunk by chunk": Geometry((40, 40), 1, batch=8, in_channels=64, out_channels=128, stride=2),
    "groups": Geometry((6, 9, 10), 3, batch=4, in_channels=24, out_channels=32, groups=2),
}


@pytest.mark.parametrize("geometry, machine", in_turn(DIVIDED, TWO_MACHINES))
def test_however_the_weight_gradient_is_divided_it_is_the_same(geometry, machine, monkeypatch):
    monkeypatch.setattr(pipelines, "machine", lambda bits: machine)
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    given = arrays(geometry)["weight_gradient"]
    result = in_order("channels", "weight_gradient", geometry, given)
    np.testing.assert_array_equal(result, reference.weight_gradient(geometry, *given))


@pytest.mark.parametrize(
    "size, geometry",
    [
        (2**15, Geometry((23, 22), 1, batch=9, in_channels=96, out_channels=70)),
        (10_000, Geometry((23, 22), 1, in_channels=96, out_channels=70)),
        (2**17, Geometry((11, 12, 13), 1, batch=2, in_channels=144, out_channels=160, groups=2, stride=(1, 2, 1))),
    ],
    ids=range(3),
)
def test_an_image_that_is_read_band_by_band_gives_the_same(size, geometry, monkeypatch):
    banded = []
    monkeypatch.setattr(schedule, "BAND", size)
    rows = schedule.rows_of_a_band
    monkeypatch.setattr(schedule, "rows_of_a_band", lambda *given: banded.append(rows(*given)) or banded[-1])
    monkeypatch.setattr(pipelines, "machine", lambda bits: machine.Machine(8, 16))
    monkeypatch.setattr(engine, "pipeline", pipelines.Pipelines())
    given = arrays(geometry)["forward"]
    np.testing.assert_array_equal(in_order("channels", "forward", geometry, given), reference.forward(geometry, *given))
    assert banded[0] and geometry.output[0] % banded[0]


def test_the_divisions_tested_are_of_every_kind():
    chosen = {
        name: best_division(Problem(geometry, np.dtype(np.float32)), machine.Machine(16, 32))
        for name, geometry in DIVIDED.items()
    }
    stacks, bands, pieces, rest, axis, copies, _ = chosen.values()
    assert stacks.parts > 1 and DIVIDED["parts that are stacks of images"].batch % (stacks.images * stacks.parts) == 0
    assert bands.parts > 1 and bands.rows < 62
    assert pieces.parts == 1 and pieces.inputs < 64 and pieces.copied_first
    assert 13 % rest.tile.depth and 70 % rest.tile.channels
    assert axis.rows == 1009
    assert not copies.copied_first


def in_order(order: str, operation: str, geometry: Geometry, given) -> np.ndarray:
    """What the engine computes in an order that need not be the best."""
    shapes = (geometry.output_shape, geometry.input_shape, geometry.weight_shape)
    result = np.full(dict(zip(OPERATIONS, shapes, strict=True))[operation], 77, given[0].dtype)
    engine.call(operation, order, geometry, given, result)
    return result


def test_tiles_are_rounded_no_worse_than_the_definition():
    geometry = Geometry((24, 24), 3, in_channels=128, out_channels=16, padding=1)
    input, weight = (rng.standard_normal(s).astype(np.float32) for s in (geometry.input_shape, geometry.weight_shape))
    exact = reference.forward(geometry, input.astype(np.float64), weight.astype(np.float64))
    magnitude = reference.forward(geometry, abs(input.astype(np.float64)), abs(weight.astype(np.float64)))
    error = abs(in_order("tiles", "forward", geometry, (input, weight)) - exact) / magnitude
    assert error.max() < 3 * np.finfo(np.float32).eps


def test_tensors_with_their_channels_last_are_left_to_torch_in_single_precision(monkeypatch):
    monkeypatch.setattr(repaid, "_when", "always")
    geometry = Geometry((14, 14), 3, batch=8, in_channels=64, out_channels=128)
    given = arrays(geometry)
    for operation in OPERATIONS:
        plain = [torch.from_numpy(a) for a in given[operation]]
        last = [t.contiguous(memory_format=torch.channels_last) for t in plain]
        is_torchs_own = partial(engines.is_torchs_own, "conv2d", "auto", operation, geometry)
        assert not is_torchs_own(plain)
        # PyTorch's weight gradients have other bits with other numbers of threads.
        assert is_torchs_own(last) is is_torchs_own([plain[0], last[1]]) is (operation != "weight_gradient")
        assert not is_torchs_own([t.double() for t in last])
        assert not engines.is_torchs_own("conv2d", "halide", operation, geometry, last)
        expected = getattr(reference, operation)(geometry, *given[operation])
        np.testing.assert_array_equal(getattr(native, operation)(geometry, *last).numpy(), expected)
    input, weight, grad = (torch.from_numpy(a) for a in (*given["forward"], given["input_gradient"][1]))
    output = cl.conv2d(input.contiguous(memory_format=torch.channels_last), weight)
    assert output.is_contiguous(memory_format=torch.channels_last)
    sideways = grad.contiguous(memory_format=torch.channels_last)
    weight_gradients = [cl.conv2d_weight(input, weight.shape, g) for g in (grad, sideways)]
    torch.testing.assert_close(*weight_gradients, rtol=0, atol=0)


@pytest.mark.parametrize("value", [1e30, np.inf, np.nan])
def test_an_input_outside_a_window_does_not_change_a_bit_of_its_output(value):
    geometry = Geometry((24, 24), 3, in_channels=32, out_channels=32, padding=1)
    input, weight = (rng.standard_normal(s).astype(np.float32) for s in (geometry.input_shape, geometry.weight_shape))
    expected = in_order("tiles", "forward", geometry, (input, weight))
    for y, x in ((7, 8), (8, 7)):
        input[0, 5, y, x] = value
    result = in_order("tiles", "forward", geometry, (input, weight))
    covers = np.zeros((24, 24), bool)
    covers[6:9, 7:10] = covers[7:10, 6:9] = True
    np.testing.assert_array_equal(result[0][:, ~covers], expected[0][:, ~covers])
    assert (result[0][:, covers] != expected[0][:, covers]).all()


def test_a_sum_too_large_for_a_tile_but_not_for_the_definition_is_done_again(monkeypatch):
    monkeypatch.setattr(engine, "best_order", lambda *_: "tiles")
    geometry = Geometry((40, 40), 3, in_channels=32, out_channels=32)
    input, weight = np.zeros(geometry.input_shape, np.float32), np.zeros(geometry.weight_shape, np.float32)
    input[0, 0, 4, 5:7] = 2e38  # no window adds the two up, but their tile does
    weight[:, 0, 1, 1] = 1
    np.testing.assert_array_equal(engine.forward(geometry, input, weight), reference.forward(geometry, input, weight))


def test_few_channels_take_columns_many_take_tiles_and_small_or_other_kernels_channels():
    one = Geometry((28, 28), 3, batch=64, in_channels=1, out_channels=32)
    many = Geometry((56, 56), 3, batch=8, in_channels=64, out_channels=64, padding=1)
    small = Geometry((5, 5), 3, batch=64, in_channels=64, out_channels=64)
    strided = Geometry((56, 56), 3, batch=8, in_channels=64, out_channels=64, padding=1, stride=2)
    dtype = np.dtype(np.float32)
    assert [best_order(operation, one, dtype) for operation in OPERATIONS] == ["columns"] * 3
    assert [best_order(operation, many, dtype) for operation in OPERATIONS[:2]] == ["tiles"] * 2
    for other in (small, strided):
        assert [best_order(operation, other, dtype) for operation in OPERATIONS] == ["channels"] * 3
    assert best_order("forward", many, np.dtype(np.int64)) != "tiles"
    assert not winograd.fits(many.replace(axes=(many.axes[0], Geometry((2000,), 3).axes[0])))


@pytest.mark.parametrize(
    "operation, order, value",
    in_turn(OPERATIONS, {"columns": ("columns", 1), "tiles": ("tiles", 32)}, {"inf": np.inf, "nan": np.nan}),
)
def test_products_that_are_no_taps_never_show(operation, order, value, monkeypatch):
    order, channels = order
    geometry = Geometry((30, 34), 3, batch=2, in_channels=channels, out_channels=8 * channels, padding=1)
    monkeypatch.setattr(engine, "best_order", lambda *_: order)
    given = arrays(geometry)[operation]
    second = given[1] if operation != "input_gradient" else given[0]
    second[(0,) * second.ndim] = value
    with np.errstate(invalid="ignore"):
        expected = getattr(reference, operation)(geometry, *given)
    assert 0 < np.isfinite(expected).sum() < expected.size
    np.testing.assert_array_equal(getattr(engine, operation)(geometry, *given), expected)


def test_a_plan_is_made_once_and_the_oldest_is_dropped():
    made = []
    plans = Plans(lambda key: made.append(key) or key.upper(), capacity=2)
    assert [plans(key) for key in "abacab"] == list("ABACAB")
    assert made == ["a", "b", "c", "b"]  # "a" was used last when "c" came


def test_whoever_keeps_books_of_plans_is_told_which_was_dropped():
    dropped = []
    plans = Plans(lambda *key: key, capacity=1, dropped=lambda *key: dropped.append(key))
    plans("forward", 1), plans("forward", 2)
    assert dropped == [("forward", 1)]


def test_threads_that_ask_for_one_new_plan_get_the_same():
    made, barrier = [], threading.Barrier(4)
    plans = Plans(lambda key: made.append(key) or object())
    got = []

    def ask():
        barrier.wait()
        got.append(plans("shape"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    [t.start() for t in threads], [t.join() for t in threads]
    assert len(made) == 1 and len(set(map(id, got))) == 1


@pytest.mark.parametrize(
    "layout", ["channels last", "one number for all", "last column of a larger one", "Fortran order", "reversed"]
)
@pytest.mark.parametrize("dtype", [np.float32, np.int64])
@pytest.mark.parametrize("dims", [2, 3])
def test_gradients_of_outputs_that_are_one_wide_are_right_in_any_layout(layout, dtype, dims):
    geometry = Geometry(
        (3, 40, 1)[3 - dims :],
        (3, 1) if dims == 2 else (1, 3, 1),
        batch=2,
        in_channels=4,
        out_channels=3,
        padding=(1, 0) if dims == 2 else 0,
    )
    input, weight, grad = (
        rng.integers(-4, 5, s).astype(dtype)
        for s in (geometry.input_shape, geometry.weight_shape, geometry.output_shape)
    )
    grad = stress.LAYOUTS[layout](grad, random.Random(0))
    np.testing.assert_array_equal(
        engine.input_gradient(geometry, weight, grad), reference.input_gradient(geometry, weight, grad)
    )
    np.testing.assert_array_equal(
        engine.weight_gradient(geometry, input, grad), reference.weight_gradient(geometry, input, grad)
    )


def test_a_time_series_as_an_image_one_pixel_wide_has_pytorch_s_gradients(monkeypatch):
    monkeypatch.setattr(repaid, "_when", "always")
    x, w = (
        torch.from_numpy(rng.integers(-4, 5, s).astype(np.float32)).requires_grad_()
        for s in ((4, 8, 512, 1), (8, 8, 3, 1))
    )
    ours = torch.autograd.grad(cl.conv2d(x, w, padding=(1, 0)).sum(), (x, w))
    theirs = torch.autograd.grad(torch.conv2d(x, w, padding=(1, 0)).sum(), (x, w))
    for got, expected in zip(ours, theirs, strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=0)


def test_rows_that_are_dense_are_read_where_they_lie():
    image = np.zeros((2, 6, 9, 11), np.float32)
    views = [image, image[::-1, ::2], image[:, :, 2:-1, 3:-2], image[:, :, ::-1]]
    geometry = Geometry((9, 11), 3, in_channels=6, groups=3, out_channels=3)
    shape = engine.groupings("forward", "channels", geometry, 2)[0]
    for view in views[1:]:
        assert not view.flags.c_contiguous
        assert np.shares_memory(engine.grouped(view, shape), image)
    assert not np.shares_memory(engine.grouped(image[:, :, :, ::2], shape), image)


def test_an_out_of_any_layout_receives_the_output():
    given = arrays(Geometry((9, 11), 3, in_channels=2, out_channels=4))["forward"]
    out = np.zeros((1, 7, 9, 4), np.float32).transpose(0, 3, 1, 2)
    assert cl.conv2d(*given, engine="halide", out=out) is out
    np.testing.assert_array_equal(out, cl.conv2d(*given, engine="numpy"))


@pytest.mark.parametrize("order", pipelines.ORDERS)
def test_in_every_order_a_sum_takes_a_bias_only_where_one_is_asked_for(order):
    geometry = Geometry((12, 20), 3, padding=1, in_channels=2, out_channels=4)
    types = (np.dtype(np.int8), np.dtype(np.int32)) if order == "pairs" else (np.dtype(np.float32),) * 2
    for with_bias in (False, True):
        kind, _ = pipelines.kind_of("forward", order, geometry, *types, with_bias, True)
        made = pipelines.ORDERS[order].build(kind, AnySize(kind.form))
        names = [a.name() for a in made.arguments]
        assert [n for n in names if n in ("input", "weight", "bias")] == ["input", "weight", "bias"][: 2 + with_bias]


class Asked(TorchDispatchMode):
    """Which gradients PyTorch's convolution is asked for: of the input, of the weight, of the bias."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if "convolution_backward" in str(func):
            self.wanted = [*args[-1]]
        return func(*args, **(kwargs or {}))


def test_pytorch_is_asked_for_no_gradient_but_the_one_that_is_wanted():
    geometry = Geometry((5, 6), (3, 2), padding=1, in_channels=2, out_channels=3)
    given = arrays(geometry)
    for operation, wanted in (("input_gradient", [True, False, False]), ("weight_gradient", [False, True, False])):
        with Asked() as asked:
            getattr(native, operation)(geometry, *given[operation])
        assert asked.wanted == wanted
