"""The definition itself: its length, the sheet's functions, the matrix, and elements written out."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from cases import CASES

import convolab as cl
from convolab import definition
from convolab.cli import main
from convolab.definition import sums
from convolab.errors import ArgumentError
from convolab.geometry import Geometry

pytestmark = pytest.mark.quick


def test_the_definition_fits_on_one_screen():
    assert len(Path(sums.__file__).read_text().splitlines()) <= 60


def test_the_sheets_two_functions_agree():
    img, kernel = np.arange(35).reshape(5, 7) ** 2, np.array([[1, -2], [3, 4], [0, 5]])
    whole = definition.apply_convolution(img, kernel)
    one_by_one = [
        [definition.compute_convolution_at_position(i, j, img, kernel) for j in range(1, 7)] for i in range(1, 4)
    ]
    np.testing.assert_array_equal(whole, one_by_one)
    np.testing.assert_array_equal(whole, cl.conv2d(img, kernel))


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if c.batch and c.memory == "contiguous" and np.prod(c.channels) < 50],
    ids=lambda c: c.name,
)
def test_the_matrix_and_its_transpose_are_the_operator_and_its_adjoint(case):
    x, w, g = case.arrays()
    geometry = case.geometry
    m, operator = definition.matrix(geometry, w), definition.linear_operator(geometry, w)
    for n in range(geometry.batch):
        forward, adjoint = definition.conv(geometry, x, w)[n].ravel(), definition.conv_input(geometry, w, g)[n].ravel()
        np.testing.assert_array_equal(m @ x[n].ravel(), forward)
        np.testing.assert_array_equal(m.T @ g[n].ravel(), adjoint)
        np.testing.assert_array_equal(operator @ x[n].ravel(), forward)
        np.testing.assert_array_equal(operator.T @ g[n].ravel(), adjoint)


def test_the_sheets_worked_example_with_its_mistake_corrected():
    written = [str(definition.explain("input", input=6, kernel=3, at=i)) for i in range(1, 7)]
    assert written == [
        "∂L/∂x₁ = w₁·y′₁",
        "∂L/∂x₂ = w₂·y′₁ + w₁·y′₂",
        "∂L/∂x₃ = w₃·y′₁ + w₂·y′₂ + w₁·y′₃",
        "∂L/∂x₄ = w₃·y′₂ + w₂·y′₃ + w₁·y′₄",
        "∂L/∂x₅ = w₃·y′₃ + w₂·y′₄",
        "∂L/∂x₆ = w₃·y′₄",
    ]
    assert str(definition.explain("weight", input=6, kernel=3, at=2)) == "∂L/∂w₂ = y′₁·x₂ + y′₂·x₃ + y′₃·x₄ + y′₄·x₅"


@pytest.mark.parametrize("quantity", ["output", "input", "weight"])
def test_every_element_written_out_with_numbers_is_the_definitions(quantity):
    geometry = Geometry((5, 6), (3, 2), stride=(2, 1), padding=((1, 0), (2, 1)), dilation=(1, 2))
    options = {"stride": (2, 1), "padding": ((1, 0), (2, 1)), "dilation": (1, 2)}
    rng = np.random.default_rng(0)
    x, w, g = (rng.integers(-5, 6, size) for size in (geometry.input, geometry.kernel, geometry.output))
    first, second = {"output": (w, x), "input": (w, g), "weight": (g, x)}[quantity]
    pair = {"output": (x, w), "input": (w, g), "weight": (x, g)}[quantity]
    sum_ = {"output": definition.conv, "input": definition.conv_input, "weight": definition.conv_weight}[quantity]
    expected = sum_(geometry, *(a[None, None] for a in pair))[0, 0]
    for at in np.ndindex(expected.shape):
        e = definition.explain(quantity, input=(5, 6), kernel=(3, 2), at=at, base=0, values=(first, second), **options)
        assert e.value == expected[at]
        right = e.expression.split(" = ")[2].replace("·", "*").replace("−", "-")
        assert eval(right) == expected[at]
        assert e.expression.count("·") == 2 * len(e.taps)


def test_an_element_that_sees_only_padding_is_zero():
    e = definition.explain("output", input=2, kernel=1, padding=1, at=1)
    assert str(e) == "y₁ = 0" and e.taps == [] and e.bounds == {"weight": [None], "input": [None]}


def test_the_bounds_are_the_sheets():
    e = definition.explain("output", input=6, kernel=3, padding=1, at=1)
    assert e.bounds == {"weight": [[2, 3]], "input": [[1, 2]]}


def test_latex_is_balanced_and_shows_in_a_notebook():
    e = definition.explain(
        "weight", input=(4, 5), kernel=(2, 2), at=(1, 2), values=(np.full((3, 4), -1.5), np.ones((4, 5)))
    )
    assert e.latex.count("{") == e.latex.count("}") and e._repr_latex_() == f"${e.latex}$"
    assert e.latex.startswith(r"\frac{\partial L}{\partial w_{1,2}} = y'_{1,1} \, x_{1,2} + ") and "−" not in e.latex


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: definition.explain("bias", input=6, kernel=3, at=1), "explain: 'bias' is unknown. Expected one of output, input, weight."),
        (lambda: definition.explain("output", input=6, kernel=3, at=5), "explain: at=5 is outside: the output has 4 elements. Expected 1 to 4."),
        (lambda: definition.explain("output", input=(6, 7), kernel=3, at=(1, 6)), "explain: at=(1, 6) is outside: the output has (4, 5) elements. Expected 1 to (4, 5)."),
        (lambda: definition.explain("output", input=6, kernel=3, at=0), "explain: at must be positive, got 0."),
        (lambda: definition.explain("output", input=6, kernel=3, at=1, values=([1, 2], [1] * 6)), "explain: weight has the wrong shape. Expected (3,) (one plane), got (2,)."),
        (lambda: definition.matrix(Geometry(4, 2), np.ones((1, 1, 3))), "matrix: weight has the wrong shape. Expected (1, 1, 2)"),
        (lambda: definition.linear_operator(Geometry(4, 2), np.ones((1, 1, 3))), "linear_operator: weight has the wrong shape."),
    ],
)  # fmt: skip
def test_each_complaint_has_its_own_words(call, words):
    with pytest.raises(ArgumentError, match=re.escape(words)):
        call()


def test_the_command_prints_the_worked_example(capsys):
    assert main(["explain", "input", "--input", "6", "--kernel", "3", "--at", "3"]) == 0
    assert capsys.readouterr().out == "∂L/∂x₃ = w₃·y′₁ + w₂·y′₂ + w₁·y′₃\n"
    assert (
        main(["explain", "output", "--input", "5x7", "--kernel", "3x2", "--padding", "1,0", "--at", "1,1", "--json"])
        == 0
    )
    result = json.loads(capsys.readouterr().out)
    assert result["taps"][0] == {"output": [1, 1], "input": [1, 1], "weight": [2, 1]} and len(result["taps"]) == 4
    assert result["bounds"] == {"weight": [[2, 3], [1, 2]], "input": [[1, 2], [1, 2]]}


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (["output", "--input", "6", "--kernel", "9", "--at", "1"], 1, "kernel 9 is larger than input 6 along L"),
        (["output", "--input", "six", "--kernel", "3", "--at", "1"], 2, "--input"),
        (["bias", "--input", "6", "--kernel", "3", "--at", "1"], 2, "bias"),
    ],
)
def test_the_command_refuses_in_one_line(arguments, code, words, capsys):
    assert main(["explain", *arguments]) == code
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
