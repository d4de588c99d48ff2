"""Every engine against the definition, over the one list of cases; and the definition against torch."""

import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
import torch
from cases import ARRAY_ENGINES, CASES, INTEGER_ENGINES, Case
from in_turn import few, in_turn, thinned

import convolab as cl
from convolab import definition
from convolab.engine import load
from convolab.engine.exact import FLOAT32, FLOAT64, INT16, exact_type, magnitude
from convolab.errors import ArgumentError, DtypeError
from convolab.geometry import Geometry

FLOATS = [np.float32, np.float64]
INTEGERS = [np.int8, np.uint8, np.int16, np.int32, np.int64]


def with_types(cases, engines, types, every=None) -> list:
    """Every case on every engine in every type. Halide compiles each anew: by default it takes half of the cases, and the types in turn."""
    compiled = in_turn(cases, [e for e in engines if e == "halide"], types, every=every)
    return thinned(compiled, len(cases) // 2) + in_turn(cases, [e for e in engines if e != "halide"], types, every=1)


def operator(case: Case, suffix: str = ""):
    return getattr(cl, f"conv{case.dims}d{suffix}")


def three(case: Case, arrays, engine: str):
    """The forward sum and both gradients, by the public operator."""
    input, weight, grad = arrays
    options = {**case.options, "engine": engine}
    return (
        operator(case)(input, weight, **options),
        operator(case, "_input")(input.shape, weight, grad, **options),
        operator(case, "_weight")(input, weight.shape, grad, **options),
    )


@cache
def expected_sums(case: Case, signed: bool):
    """The definition's answers for the case's own arrays; the plain loops are slow, so once for all engines."""
    return defined(case, [a.astype(np.int64) for a in case.arrays(np.int64 if signed else np.uint8)])


def defined(case: Case, arrays):
    input, weight, grad = arrays
    g = case.geometry
    return (
        definition.conv(g, input, weight),
        definition.conv_input(g, weight, grad),
        definition.conv_weight(g, input, grad),
    )


def torchs(case: Case, arrays):
    """What torch's own convolution and autograd give, padding included."""
    input, weight, grad = (torch.from_numpy(np.array(a, order="C").astype(np.float64)) for a in arrays)
    input.requires_grad_(), weight.requires_grad_()
    g = case.geometry
    margins = [m for axis in reversed(g.axes) for m in (axis.before, axis.after)]
    mode = {"zeros": "constant"}.get(g.padding_mode, g.padding_mode)
    convolve = getattr(torch.nn.functional, f"conv{case.dims}d")
    padded = torch.nn.functional.pad(input, margins, mode)
    output = convolve(padded, weight, None, [a.stride for a in g.axes], 0, [a.dilation for a in g.axes], g.groups)
    return (output.detach(), *torch.autograd.grad(output, (input, weight), grad))


@pytest.mark.parametrize("case", [c for c in CASES if c.batch], ids=lambda c: c.name)
def test_the_definition_agrees_with_torch_exactly_on_integers(case):
    arrays = case.arrays(np.float64)
    for ours, theirs in zip(expected_sums(case, True), torchs(case, arrays), strict=True):
        np.testing.assert_array_equal(ours, theirs.numpy())


@pytest.mark.parametrize("case, engine, dtype", with_types(CASES, ARRAY_ENGINES, FLOATS))
def test_every_engine_agrees_with_the_definition_exactly_on_integers(case, engine, dtype):
    arrays = case.arrays(dtype)
    before = [a.copy() for a in arrays]
    for ours, expected in zip(three(case, arrays, engine), expected_sums(case, True), strict=True):
        assert ours.dtype == dtype and ours.shape == expected.shape
        np.testing.assert_array_equal(ours, expected)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("case, engine, dtype", with_types(CASES[::3], INTEGER_ENGINES, INTEGERS))
def test_integers_come_out_exact(case, engine, dtype):
    arrays = case.arrays(dtype)
    expected = expected_sums(case, np.dtype(dtype).kind == "i")
    for ours, exact in zip(three(case, arrays, engine), expected, strict=True):
        assert ours.dtype == (np.int32 if np.dtype(dtype).itemsize == 1 else np.int64)
        np.testing.assert_array_equal(ours, exact)


@pytest.mark.parametrize("engine", INTEGER_ENGINES)
@pytest.mark.parametrize("dtype, result", [(np.uint8, np.int32), (np.int8, np.int32), (np.int32, np.int64)])
def test_integers_do_not_wrap_at_the_end_of_their_range(engine, dtype, result):
    largest = np.iinfo(dtype).max
    output = cl.conv2d(np.full((1, 9, 12, 13), largest, dtype), np.full((2, 9, 5, 3), largest, dtype), engine=engine)
    assert output.dtype == result
    if dtype != np.int32:
        assert (output == 9 * 15 * int(largest) ** 2).all()
    small = cl.conv2d(np.full((1, 1, 12, 13), largest, dtype), np.ones((1, 1, 5, 3), dtype), engine=engine)
    assert (small == 15 * int(largest)).all()


@pytest.mark.parametrize("engine", INTEGER_ENGINES)
def test_integers_of_two_sizes_are_summed_as_the_larger_ones_are(engine):
    image, weight = np.full((1, 1, 5, 6), 200, np.uint8), np.full((1, 1, 3, 2), 2**40 + 1)
    output = cl.conv2d(image, weight, engine=engine)
    assert output.dtype == np.int64 and (output == 6 * 200 * (2**40 + 1)).all()
    swapped = cl.conv2d(image.astype(np.int64) * 2**40, np.full((1, 1, 3, 2), 100, np.int8), engine=engine)
    assert swapped.dtype == np.int64 and (swapped == 6 * 200 * 2**40 * 100).all()


@pytest.mark.parametrize("engine", INTEGER_ENGINES)
@pytest.mark.parametrize("largest", [2**8, 2**11, 2**15, 2**22])
def test_integers_are_exact_whichever_type_they_are_multiplied_in(engine, largest):
    rng = np.random.default_rng(3)
    x, w = rng.integers(-largest, largest + 1, (2, 16, 15, 16)), rng.integers(-largest, largest + 1, (16, 16, 3, 3))
    x[0, 0, 0, 0] = w[0, 0, 0, 0] = largest
    bias = rng.integers(-largest, largest + 1, 16)
    output = cl.conv2d(x, w, bias, padding=1, engine=engine)
    exact = torch.conv2d(*map(torch.from_numpy, (x, w, bias)), padding=1).numpy()
    assert output.dtype == np.int64
    np.testing.assert_array_equal(output, exact)
    out = np.empty_like(output)
    assert cl.conv2d(x, w, bias, padding=1, engine=engine, out=out) is out
    np.testing.assert_array_equal(out, exact)
    grad = rng.integers(-largest, largest + 1, output.shape)
    tx, tw, tg = map(torch.from_numpy, (x, w, grad))
    np.testing.assert_array_equal(
        cl.conv2d_input(x.shape, w, grad, padding=1, engine=engine),
        torch.conv2d(tg, tw.flip(2, 3).transpose(0, 1), padding=1).numpy(),
    )
    np.testing.assert_array_equal(
        cl.conv2d_weight(x, w.shape, grad, padding=1, engine=engine),
        torch.conv2d(tx.transpose(0, 1), tg.transpose(0, 1), padding=1).transpose(0, 1).numpy(),
    )


@pytest.mark.parametrize("largest, factors", [(2**8, "float32"), (2**11, "int16"), (2**15, "float64"), (2**22, None)])
def test_integers_are_multiplied_in_the_first_type_in_which_every_sum_is_exact(largest, factors):
    pair = np.array([largest]), np.array([1 - largest])
    found = exact_type((FLOAT32, INT16, FLOAT64), 16 * 9, pair, np.array([-largest]))
    assert (found and found.factors.name) == factors


def test_a_sum_that_is_too_large_by_one_takes_the_next_type():
    edge = np.array([2**12]), np.array([2**12])
    assert exact_type((FLOAT32, INT16), 1, edge) == FLOAT32
    assert exact_type((FLOAT32, INT16), 1, edge, np.array([1])) == INT16
    assert exact_type((INT16, FLOAT64), 1, (np.array([2**15 - 1]), np.array([0]))) == INT16
    assert exact_type((INT16, FLOAT64), 1, (np.array([-(2**15)]), np.array([0]))) == FLOAT64
    assert exact_type((INT16, FLOAT64), 2, (np.array([2**15 - 1]), np.array([2**15 - 1])), np.array([2**31])) == FLOAT64


@pytest.mark.parametrize("dtype", [*INTEGERS, bool], ids=lambda d: d.__name__)
def test_the_largest_magnitude_of_integers_is_never_underestimated(dtype):
    ends = [0, 1] if dtype is bool else [np.iinfo(dtype).min, np.iinfo(dtype).max]
    for values in ends, ends[:1], ends[1:], []:
        array = np.array(values, dtype)
        assert magnitude(array) >= max((abs(int(v)) for v in array), default=0)


@cache
def rounded_case(case: Case):
    """Fractions, the definition's sums of them, and of their magnitudes."""
    rng = np.random.default_rng(1)
    arrays = [rng.standard_normal(a.shape) for a in case.arrays()]
    return arrays, defined(case, arrays), defined(case, [np.abs(a) for a in arrays])


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
@pytest.mark.parametrize("case", few([c for c in CASES if c.memory == "contiguous" and c.batch][::3], 4))
def test_rounding_stays_within_the_number_of_products(case, engine):
    arrays, exact, magnitude = rounded_case(case)
    ours = three(case, [a.astype(np.float32) for a in arrays], engine)
    for got, want, size in zip(ours, exact, magnitude, strict=True):
        terms = case.geometry.products + case.geometry.batch * np.prod(case.geometry.output)
        assert (np.abs(got - want) <= 2 * terms * np.finfo(np.float32).eps * size + 1e-30).all()


SPOTTED = Case("spot", (9, 8), (3, 2), {"padding": (1, 2), "stride": (2, 1), "dilation": (1, 2)}, channels=(5, 17))
SPOTS = {"input": (1, 3, 4, 5), "weight": (11, 2, 0, 1), "grad": (1, 7, 2, 3)}
# For each place of one odd number, the sums that it enters.
ENTERS = {"input": (0, 2), "weight": (0, 1), "grad": (1, 2)}


@cache
def touched(name: str, index: int):
    """Which elements of a sum have the spot of an argument among their products, by the definition."""
    shapes = dict(zip(SPOTS, (a.shape for a in SPOTTED.arrays()), strict=True))
    arrays = {key: np.zeros(s) if key == name else np.ones(s) for key, s in shapes.items()}
    arrays[name][SPOTS[name]] = 1
    sums = (
        (definition.conv, "input weight"),
        (definition.conv_input, "weight grad"),
        (definition.conv_weight, "input grad"),
    )
    function, used = sums[index]
    return function(SPOTTED.geometry, *(arrays[key] for key in used.split())) > 0


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_nan_or_infinity_touches_exactly_the_windows_that_cover_it(engine, value):
    rng = np.random.default_rng(0)
    clean = dict(zip(SPOTS, (rng.uniform(1, 2, a.shape).astype(np.float32) for a in SPOTTED.arrays()), strict=True))
    for name, spot in SPOTS.items():
        dirty = {key: a.copy() for key, a in clean.items()}
        dirty[name][spot] = value
        ours = three(SPOTTED, list(dirty.values()), engine)
        for index in ENTERS[name]:
            np.testing.assert_array_equal(~np.isfinite(ours[index]), touched(name, index))


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
def test_out_is_written_and_returned(engine):
    case = Case("out", (6, 7), (3, 2), {"padding": 1}, channels=(4, 5))
    input, weight, _ = case.arrays(np.float32)
    bias = np.arange(5, dtype=np.float32)
    out = np.full(case.geometry.output_shape, np.nan, np.float32)
    assert cl.conv2d(input, weight, bias, out=out, padding=1, engine=engine) is out
    np.testing.assert_array_equal(out, definition.conv(case.geometry, input, weight) + bias[:, None, None])


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
def test_out_may_have_strides_of_its_own(engine):
    case = Case("out", (6, 7), (3, 2), channels=(4, 5))
    input, weight, _ = case.arrays(np.float32)
    whole = np.zeros((2, 5, 9, 20), np.float32)
    out = whole[:, :, ::2, 12:0:-2][:, :, :4]
    cl.conv2d(input, weight, out=out, engine=engine)
    np.testing.assert_array_equal(out, definition.conv(case.geometry, input, weight))
    assert np.count_nonzero(whole) == np.count_nonzero(out)


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
def test_float16_is_added_up_in_float32(engine):
    ones = np.ones((1, 1, 64, 64), np.float16)
    assert cl.conv2d(ones, ones, engine=engine) == np.float16(4096)
    assert cl.conv2d(ones, ones, engine=engine).dtype == np.float16


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
@pytest.mark.parametrize("mode", ["replicate", "circular", "reflect"])
def test_float16_gradients_are_folded_in_float32(engine, mode):
    # 3000 folded ones, one after another in float16, would stop at 2048.
    many = 3000 if mode == "replicate" else 1
    size = (1, 1, 2)
    grad = np.ones((1, 1, 2 + many), np.float16)
    folded = cl.conv1d_input(
        size, np.ones((1, 1, 1), np.float16), grad, padding=((many, 0),), padding_mode=mode, engine=engine
    )
    expected = {"replicate": [3001, 1], "circular": [1, 2], "reflect": [1, 2]}[mode]
    np.testing.assert_array_equal(folded, np.array([[expected]], np.float16))
    assert folded.dtype == np.float16


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_short_gradients_under_autograd_are_folded_in_float32(dtype):
    x = torch.ones(1, 1, 2, dtype=dtype, requires_grad=True)
    y = cl.conv1d(x, torch.ones(1, 1, 1, dtype=dtype), padding=((3000, 0),), padding_mode="replicate")
    (grad,) = torch.autograd.grad(y.sum(), x)
    torch.testing.assert_close(grad, torch.tensor([[[3001, 1]]], dtype=dtype), rtol=0, atol=0)
    assert y.dtype == dtype
    folded = cl.conv1d_input(
        (1, 1, 2), torch.ones(1, 1, 1, dtype=dtype), torch.ones_like(y), padding=((3000, 0),), padding_mode="replicate"
    )
    torch.testing.assert_close(folded, grad, rtol=0, atol=0)


BYTE_ORDERS = [(">f4", "<f4"), ("<f8", ">f8"), (">f2", "<f2"), (">i4", "<i2")]


@pytest.mark.parametrize(
    "engine, first, second",
    [(e, *types) for types in BYTE_ORDERS for e in (ARRAY_ENGINES if "f" in types[0] else INTEGER_ENGINES)],
)
def test_two_byte_orders_are_one_type(engine, first, second):
    x, w = np.arange(12).astype(first), np.arange(5).astype(second)
    output = cl.conv1d(x, w, engine=engine)
    assert output.dtype.isnative
    np.testing.assert_array_equal(output, np.correlate(np.arange(12), np.arange(5)))
    out = np.empty_like(output)
    assert cl.conv1d(x, w, engine=engine, out=out) is out
    # 4096 ones, added up in float16, would stop at 2048.
    if first == ">f2":
        assert cl.conv1d(np.ones(4096, first), np.ones(4096, second), engine=engine) == 4096


@pytest.mark.parametrize("sides, stride", in_turn({"before": (5, 0), "after": (0, 5), "both": (7, 1)}, [3, 6, 9]))
def test_windows_that_lie_in_the_padding_alone_are_zero_in_every_engine(sides, stride):
    before, after = sides
    geometry = Geometry(
        (2, 3), 1, batch=1, in_channels=2, out_channels=2, stride=stride, padding=((before, after),) * 2
    )
    x, w, g = (
        np.random.default_rng(0).integers(-4, 5, s).astype(np.float32)
        for s in (geometry.input_shape, geometry.weight_shape, geometry.output_shape)
    )
    options = {"stride": stride, "padding": ((before, after),) * 2}
    for engine in ARRAY_ENGINES:
        ours = (
            cl.conv2d(x, w, **options, engine=engine),
            cl.conv2d_input(x.shape, w, g, **options, engine=engine),
            cl.conv2d_weight(x, w.shape, g, **options, engine=engine),
        )
        exact = (
            definition.conv(geometry, x, w),
            definition.conv_input(geometry, w, g),
            definition.conv_weight(geometry, x, g),
        )
        for got, expected in zip(ours, exact, strict=True):
            np.testing.assert_array_equal(got, expected)
    tensors = [torch.from_numpy(a) for a in (x, w)]
    np.testing.assert_array_equal(cl.conv2d(*tensors, **options).numpy(), ours[0])


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_none_is_no_array(kind):
    a = kind([1.0, 2.0])
    for call, name in (
        (lambda: cl.conv1d(None, a), "conv1d: input"),
        (lambda: cl.conv1d(a, None), "conv1d: weight"),
        (lambda: cl.conv1d_input((2,), a, None), "conv1d_input: grad_output"),
        (lambda: cl.conv_transpose1d(None, a), "conv_transpose1d: input"),
    ):
        with pytest.raises(ArgumentError, match=rf"{name} is None\. Expected an array or a tensor\."):
            call()


@pytest.mark.parametrize("engine", ARRAY_ENGINES)
def test_the_same_call_from_many_threads_gives_the_same_bits(engine):
    from concurrent.futures import ThreadPoolExecutor

    case = Case("threads", (17, 19), (3, 5), {"padding": 1}, batch=3, channels=(8, 16))
    rng = np.random.default_rng(2)
    arrays = [rng.standard_normal(a.shape).astype(np.float32) for a in case.arrays()]
    expected = three(case, arrays, engine)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: three(case, arrays, engine), range(24)))
    for result in results:
        for ours, first in zip(result, expected, strict=True):
            np.testing.assert_array_equal(ours, first)


def test_an_engine_that_cannot_take_a_type_says_so():
    with pytest.raises(DtypeError, match=r"engine='torch' does not take int32. Expected engine='auto' or 'numpy'."):
        cl.conv2d(np.ones((3, 3), np.int32), np.ones((2, 2), np.int32), engine="torch")


# Planted faults: the comparison above must notice each of them.

FAULTS = {
    "kernel flipped": lambda g, x, w: definition.conv(g, x, w[..., ::-1, ::-1]),
    "stride ignored": lambda g, x, w: definition.conv(g.replace(axes=tuple(a.__class__(a.input, a.kernel, a.output) for a in g.axes)), x, w),
    "first channel only": lambda g, x, w: definition.conv(g, x, w * (np.arange(w.shape[1]) == 0)[:, None, None]),
    "one output element off by one": lambda g, x, w: _nudge(definition.conv(g, x, w)),
    "batch element 0 repeated": lambda g, x, w: definition.conv(g, x[:1].repeat(2, axis=0), w),
}  # fmt: skip


def _nudge(output):
    output[-1, -1, -1, -1] += 1
    return output


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_in_an_engine_is_noticed(fault, monkeypatch):
    numpy_engine = load("numpy")
    monkeypatch.setattr(numpy_engine, "forward", lambda g, x, w, bias=None, out=None: FAULTS[fault](g, x, w))
    case = Case("planted", (8, 9), (3, 2), {"stride": (2, 3), "padding": 1})
    arrays = case.arrays(np.float32)
    with pytest.raises(AssertionError):
        np.testing.assert_array_equal(three(case, arrays, "numpy")[0], defined(case, arrays)[0])


@pytest.mark.parametrize("threads", ["3", pytest.param("2", marks=pytest.mark.slow)])
@pytest.mark.parametrize("engine", [e for e in ARRAY_ENGINES if e != "torch"])
def test_the_bits_do_not_depend_on_the_number_of_threads(engine, threads):
    # PyTorch's own convolution gives no such promise, so engine="torch" makes none.
    code = f"""
import hashlib, numpy as np, convolab as cl
rng = np.random.default_rng(0)
x, w = (rng.standard_normal(s).astype(np.float32) for s in ((9, 17, 23, 21), (19, 17, 3, 5)))
y = cl.conv2d(x, w, engine="{engine}")
g = rng.standard_normal(y.shape).astype(np.float32)
results = y, cl.conv2d_input(x.shape, w, g, engine="{engine}"), cl.conv2d_weight(x, w.shape, g, engine="{engine}")
print(hashlib.sha256(b"".join(r.tobytes() for r in results)).hexdigest())
"""
    digests = set()
    for number in "1", threads:
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "HL_NUM_THREADS")
        environment = {**os.environ, **dict.fromkeys(names, number)}
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        digests.add(run.stdout)
    assert len(digests) == 1
