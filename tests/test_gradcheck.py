"""The gradient check: right gradients pass without tolerance, and every planted fault is noticed, placed and named."""

import numpy as np
import pytest
import torch
from cases import CASES
from in_turn import few
from torch.nn import functional as F

import convolab as cl
from convolab.definition import mistakes
from convolab.errors import ArgumentError, DtypeError
from convolab.geometry import Geometry
from convolab.gradient import gradcheck
from convolab.gradient.error_location import locate


def integers(*shape, seed=0):
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(float)


X, W = integers(2, 2, 7, 9), integers(3, 2, 3, 2, seed=1)
STRIDED = {"stride": 2, "padding": 1}


@pytest.fixture(autouse=True)
def one_thread():
    """Thousands of tiny calls: threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def conv(x, w):
    return cl.conv2d(x, w, **STRIDED)


def right(g, x, w):
    return cl.conv2d_input(x.shape, w, g, **STRIDED), cl.conv2d_weight(x, w.shape, g, **STRIDED)


def with_fault(fault):
    """The right gradients of `conv`, the first one changed by a fault."""

    def gradients(g, x, w):
        gx, gw = right(g, x, w)
        return fault(gx.copy()), gw

    return gradients


@pytest.mark.parametrize("case", [c for c in CASES if c.batch and c.channels != (17, 33)], ids=lambda c: c.name)
def test_our_gradients_are_exact_in_every_case(case):
    arrays = [np.array(a, dtype=float) for a in case.arrays()[:2]]
    report = gradcheck(getattr(cl, f"conv{case.dims}d"), arrays, options=case.options, sample=60)
    assert report.passed and report.exact, report
    assert [c.max_abs for c in report.comparisons] == [0.0, 0.0]


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_transposed_convolutions_and_biases_are_exact(dims):
    x, w, b = integers(2, 4, *(3, 4, 2)[:dims]), integers(4, 3, *(2, 3, 2)[:dims]), integers(6)
    report = gradcheck(getattr(cl, f"conv_transpose{dims}d"), (x, w, b), options={"stride": 2, "groups": 2})
    assert report.passed and report.exact, report
    assert [c.argument for c in report.comparisons] == ["input", "weight", "bias"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fractions_are_checked_with_a_small_step(dtype):
    rng = np.random.default_rng(0)
    report = gradcheck(cl.conv2d, (rng.random((7, 9)), rng.random((3, 3))), dtype=dtype)
    assert report.passed and not report.exact and 0 < report.epsilon < 1e-4, report


def test_step_one_is_exact_for_a_quadratic_function_too():
    report = gradcheck(lambda x: (x**2).sum(), (X,), lambda g, x: 2 * g * x)
    assert report.passed and report.exact


def test_a_function_that_is_not_quadratic_falls_back_to_small_steps():
    report = gradcheck(lambda x: x**3, (X,), lambda g, x: 3 * g * x**2, mode="exact")
    assert report.passed and not report.exact
    assert "exact mode does not apply" in report.notes[0]


def test_exact_mode_notices_what_every_tolerance_lets_through():
    fault = with_fault(lambda gx: np.where(gx == gx.max(), gx + 1e-9, gx))
    assert gradcheck(conv, (X, W), fault, mode="numerical").passed
    exact = gradcheck(conv, (X, W), fault)
    assert exact.exact and exact.codes == ["wrong-gradient"]
    assert "analytic 37.000000001, numerical 37." in exact.findings[0].message


@pytest.mark.parametrize("dtype, size", [(np.float32, 2**12), (np.float64, 2**27)])
def test_integers_whose_products_the_type_cannot_hold_are_checked_with_a_tolerance(dtype, size):
    """Just below the limit nothing is tolerated; from there on a sum may have been rounded."""
    x, w = (np.array(a * s, dtype) for a, s in ((X, size), (W, size)))
    small = gradcheck(conv, (x, np.array(W, dtype)), right, dtype=dtype)
    large = gradcheck(conv, (x, w + 1), right, dtype=dtype)
    assert small.passed and small.exact, small
    assert large.passed and not large.exact, large


def test_gradients_that_only_round_are_right_but_not_exact():
    report = gradcheck(conv, (X, W), with_fault(lambda gx: gx * (1 + 2e-16)))
    assert report.passed and not report.exact


def test_thirds_that_are_whole_where_they_are_asked_for_are_checked_with_a_tolerance():
    report = gradcheck(lambda x: x / 3, (3 * X,), lambda g, x: g / 3)
    assert report.passed and not report.exact, report


def test_an_argument_that_nothing_depends_on_has_the_gradient_0():
    report = gradcheck(lambda x, w: torch.as_tensor(x) * 2, (X, W))
    assert report.passed and report.exact and [c.argument for c in report.comparisons] == ["x", "w"], report


def test_a_module_an_autograd_function_and_a_function_of_tensors_pass():
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.Tanh(), torch.nn.Flatten(), torch.nn.Linear(18, 4))
    report = gradcheck(network, (X[:, :, :4, :5].astype(np.float32),), sample=30)
    assert report.passed and [c.argument for c in report.comparisons] == [
        "input",
        "0.weight",
        "0.bias",
        "3.weight",
        "3.bias",
    ]
    assert gradcheck(TorchConv, (X, W)).exact
    assert gradcheck(lambda x, w: F.conv2d(x, w, stride=2), (torch.from_numpy(X), W)).exact


class TorchConv(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input, weight):
        ctx.save_for_backward(input, weight)
        return F.conv2d(input, weight)

    @staticmethod
    def backward(ctx, grad):
        x, w = ctx.saved_tensors
        return torch.nn.grad.conv2d_input(x.shape, w, grad), torch.nn.grad.conv2d_weight(x, w.shape, grad)


def test_the_callers_module_and_arrays_are_left_alone():
    module, x = torch.nn.Sequential(torch.nn.BatchNorm2d(2), torch.nn.Conv2d(2, 1, 2)), X.copy()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    gradcheck(module, (x.astype(np.float32),), sample=3)
    assert all(torch.equal(value, module.state_dict()[name]) for name, value in before.items())
    np.testing.assert_array_equal(x, X)


# Where a fault is ------------------------------------------------------------------------------------------------


def border_zero(gx):
    gx[..., 0, :] = gx[..., -1, :] = gx[..., :, 0] = gx[..., :, -1] = 0
    return gx


def one_phase(gx):
    gx[..., 1::2, :] *= 3
    return gx


def interior(gx):
    gx[..., 3, 4] += 1
    return gx


def second_channel(gx):
    gx[:, 1] += 1
    return gx


def second_batch_element(gx):
    gx[1] += 1
    return gx


@pytest.fixture(params=["unsought", pytest.param("sought", marks=pytest.mark.slow)])
def naming(request, monkeypatch):
    """That no known mistake, and no pair of them, makes a fault takes seconds to find out, and moves no place."""
    if request.param == "unsought":
        monkeypatch.setattr(mistakes, "recognise", lambda trials: [])


PLACES = {
    border_zero: "on the border only",
    interior: "in the interior only, only row 3, only column 4",
    one_phase: "only row modulo 2 = 1",
    second_channel: "only channel 1",
    second_batch_element: "only batch 1",
}


@pytest.mark.parametrize("fault", few(list(PLACES), 2))
def test_the_place_of_a_fault_is_said(fault, naming):
    report = gradcheck(conv, (X, W), with_fault(fault))
    assert report.codes == ["wrong-gradient"] and report.exact
    assert PLACES[fault] in report.findings[0].message, report


def test_an_image_with_as_much_border_as_interior_still_has_an_interior():
    """Of 4 × 5 pixels under a padded 3 × 3 kernel, two rows of four meet fewer windows than the other two."""
    geometry = Geometry((4, 5), (3, 3), padding=1)
    wrong = np.zeros((4, 5), bool)
    wrong[1:3, 1:4] = True
    place = locate(wrong, geometry=geometry)
    assert (place.interior, place.border, place.divided) == (6, 0, True)
    assert str(place).startswith("6 of 20 elements, in the interior only")


def test_an_axis_with_one_right_position_says_which_are_wrong():
    wrong = np.ones((5, 4), bool)
    wrong[2] = False
    assert locate(wrong, role="other").only == {"row": [0, 1, 3, 4]}
    wrong[:2] = False
    wrong[0, 0] = True
    assert locate(wrong, role="other").only == {}


def test_the_worst_element_is_shown_with_both_numbers(naming):
    def fault(gx):
        gx[1, 0, 4, 2] += 1000
        return gx

    report = gradcheck(conv, (X, W), with_fault(fault))
    worst = report.as_dict()["worst"]
    assert worst["argument"] == "x" and worst["index"] == [1, 0, 4, 2]
    assert worst["analytic"] - worst["numerical"] == 1000
    assert "1 of 252 elements" in str(report)


# What a fault is called -------------------------------------------------------------------------------------------

NAMED = {
    "sign": lambda g, x, w: (-right(g, x, w)[0], right(g, x, w)[1]),
    "scaled": lambda g, x, w: (right(g, x, w)[0] / 7, right(g, x, w)[1]),
    "batch-mean": lambda g, x, w: (right(g, x, w)[0] / len(x), right(g, x, w)[1]),
    "upstream-ignored": lambda g, x, w: (right(np.ones_like(g), x, w)[0], right(g, x, w)[1]),
}


@pytest.mark.parametrize("code", NAMED)
def test_a_mistake_that_reproduces_the_gradient_is_named(code):
    report = gradcheck(conv, (X, W), NAMED[code])
    name = report.comparisons[0].name
    assert name is not None and name.code == code, report
    assert f"({code})" in report.findings[0].message
    if code == "scaled":
        assert "0.142857" in name.message


def test_a_gradient_turned_upside_down_is_named_whatever_the_function():
    report = gradcheck(lambda x: x**2, (X,), lambda g, x: (2 * g * x)[..., ::-1, ::-1])
    assert report.comparisons[0].name.code == "flipped-kernel"


@pytest.mark.parametrize("factor, words", [(2.5, "is 2.5 times"), (0.2, "is 1/5 times"), (-1, "is −1 times")])
def test_a_constant_factor_is_named_whatever_the_function(factor, words):
    report = gradcheck(lambda x: x**3, (X,), lambda g, x: factor * 3 * g * x**2)
    assert any(words in f.message for f in report.findings), report


@pytest.mark.slow
def test_a_fault_that_nothing_known_reproduces_has_no_name():
    report = gradcheck(conv, (X, W), with_fault(lambda gx: gx + np.random.default_rng(0).normal(size=gx.shape)))
    assert report.codes == ["wrong-gradient"] and report.comparisons[0].name is None


# What is no gradient at all ---------------------------------------------------------------------------------------


def mutating(x):
    x += 1
    return x * 2


def chance(x):
    return x * np.random.default_rng().random()


BAD = {
    "raised": (lambda x: x.undefined, None),
    "returns-nothing": (lambda x: None, None),
    "wrong-type": (lambda x: "text", None),
    "wrong-dtype": (lambda x: (2 * x).astype(int), None),
    "not-finite": (lambda x: np.where(x > 0, np.nan, x), None),
    "not-repeatable": (chance, None),
    "mutates-input": (mutating, None),
    "gradient-shape": (lambda x: x * 2, lambda g, x: (2 * g)[:1]),
}


@pytest.mark.parametrize("code", BAD)
def test_bad_input_is_said_as_such(code):
    function, gradients = BAD[code]
    report = gradcheck(function, (X,), gradients or (lambda g, x: 2 * g))
    assert code in report.codes and not report.passed, report


BAD_GRADIENTS = {
    "raised": lambda g, x: x.undefined,
    "returns-nothing": lambda g, x: None,
    "wrong-dtype": lambda g, x: (2 * g).astype(np.float32),
    "not-finite": lambda g, x: np.full_like(x, np.inf),
    "not-repeatable": lambda g, x: g * chance(np.ones_like(x)),
    "gradient-shape": lambda g, x: (2 * g).ravel(),
}


@pytest.mark.parametrize("code", BAD_GRADIENTS)
def test_a_gradient_that_is_none_is_said_as_such(code):
    report = gradcheck(lambda x: x * 2, (X,), BAD_GRADIENTS[code])
    assert code in report.codes and not report.passed, report


def test_a_gradient_that_changes_grad_output_is_said_as_such():
    def gradients(g, x):
        g *= 2
        return g

    report = gradcheck(lambda x: x * 2, (X,), gradients)
    assert "mutates-input" in report.codes and "grad_output" in report.findings[0].message


KINKS = {
    "ReLU at 0": lambda x: F.relu(x),
    "max-pool ties": lambda x: F.max_pool2d(x, 2),
    "|x| at 0": lambda x: x.abs(),
    "clamp at its bounds": lambda x: x.clamp(0, 2),
    "a maximum's ties": lambda x: x.amax(1),
    "ties of two": lambda x: torch.maximum(x, x.flip(1)),
}


@pytest.mark.parametrize("name", KINKS)
def test_a_point_without_a_derivative_is_named(name):
    report = gradcheck(KINKS[name], (X,))
    assert "not-differentiable" in report.codes, report
    assert name in report.findings[-1].message and "on the left" in report.findings[-1].message


def test_a_kink_of_a_numpy_function_is_told_from_a_wrong_gradient():
    x = np.array([[-1.0, 0.0, 2.0]])
    report = gradcheck(lambda x: np.maximum(x, 0), (x,), lambda g, x: g * (x > 0))
    assert report.codes == ["not-differentiable"] and report.comparisons[0].checked == 2
    assert gradcheck(lambda x: np.maximum(x, 0), (x + 0.5,), lambda g, x: g * (x > 0)).passed


def test_an_autograd_function_that_returns_another_shape_is_said_as_such():
    class Wrong(TorchConv):
        @staticmethod
        def backward(ctx, grad):
            return tuple(g[:1] for g in TorchConv.backward(ctx, grad))

    report = gradcheck(Wrong, (X, W))
    assert report.codes == ["gradient-shape"], report


def test_a_function_cut_off_from_its_arguments_is_said_as_such():
    report = gradcheck(lambda x: torch.tensor(x.tolist()) * 2, (X,))
    assert "no-gradient" in report.codes, report


def test_dropout_in_training_mode_is_named():
    report = gradcheck(torch.nn.Dropout(0.5).train(), (X,))
    assert "not-repeatable" in report.codes and ".eval()" in str(report)


# What the caller can get wrong ------------------------------------------------------------------------------------

REFUSED = [
    (lambda: gradcheck("conv2d", (X,)), DtypeError, "function takes something that can be called, got str"),
    (lambda: gradcheck(conv, (X.astype(int), 2), right), DtypeError, "arguments hold no floating-point array, got int64, int"),
    (lambda: gradcheck(conv, (X[:0], W), right), ArgumentError, "argument 0 has no elements"),
    (lambda: gradcheck(conv, (X * np.nan, W), right), ArgumentError, "x holds NaN or infinity"),
    (lambda: gradcheck(conv, (X + 0.5, W), right, mode="exact"), ArgumentError, "x holds fractions"),
    (lambda: gradcheck(conv, (X, W), right, mode="fast"), ArgumentError, "mode='fast' is unknown"),
    (lambda: gradcheck(conv, (X, W), lambda g, x, w: g), ArgumentError, "gradients returned 1 arrays. Expected 2, one each for x, w"),
    (lambda: gradcheck(conv, (X, W), {"z": right}), ArgumentError, "gradients names z. Expected names of arguments: x, w"),
    (lambda: gradcheck(lambda x: 1, (X,)), DtypeError, "returned int. Expected one tensor that autograd can follow"),
    (lambda: gradcheck(cl.conv2d, (X, integers(3, 4, 3, 3))), ArgumentError, "weight takes 4 input channels"),
]  # fmt: skip


@pytest.mark.parametrize("call, kind, words", REFUSED, ids=[words[:30] for *_, words in REFUSED])
def test_a_call_that_cannot_be_checked_says_why(call, kind, words):
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_large_arguments_are_sampled_and_the_report_says_so():
    report = gradcheck(cl.conv2d, (integers(1, 1, 40, 50), integers(1, 1, 3, 3)), sample=25)
    assert report.comparisons[0].checked == 25 and "25 of 2,000 elements" in str(report)
