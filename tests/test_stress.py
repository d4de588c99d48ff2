"""A part of the stress run (`make stress` is the whole), and proof that it would notice."""

import json

import numpy as np
import pytest
import stress
from cases import CASES

from convolab import definition
from convolab.engine import halide as engine


@pytest.mark.slow
@pytest.mark.parametrize("checks", [False, True], ids=["unchecked", "checked"])
@pytest.mark.parametrize("first", [0, 5000])
def test_random_geometries_types_and_layouts_give_the_oracles_numbers(first, checks):
    rows = stress.spawn_batch(first + 100 * checks, 20, checks)
    assert len(rows) == 20
    assert [row for row in rows if row["wrong"]] == []


@pytest.mark.parametrize("case", [c for c in CASES if c.batch][::4], ids=lambda c: c.name)
def test_the_oracle_is_the_definition(case):
    arrays = case.arrays(np.int64)
    input, weight, grad = arrays
    g = case.geometry
    expected = (
        definition.conv(g, input, weight),
        definition.conv_input(g, weight, grad),
        definition.conv_weight(g, input, grad),
    )
    for ours, exact in zip(stress.oracle(g, *arrays), expected, strict=True):
        np.testing.assert_array_equal(ours, exact)


def test_the_cases_are_of_every_kind():
    cases = [stress.random_case(seed) for seed in range(500)]
    assert {layout for case in cases for layout in case["layouts"]} == set(stress.LAYOUTS)
    assert {case["dtype"] for case in cases} == set(stress.DTYPES)
    assert {len(case["geometry"].axes) for case in cases} == {1, 2, 3}
    flat = [c["geometry"] for c in cases if c["geometry"].output[-1] == 1 and c["geometry"].output[0] > 1]
    assert len(flat) > 80 and sum(c["tensors"] for c in cases) > 100


@pytest.mark.parametrize("name", stress.LAYOUTS)
def test_a_layout_changes_no_number_but_where_one_stands_for_many(name):
    array = np.arange(24).reshape(2, 3, 4, 1)
    laid = stress.LAYOUTS[name](array, stress.random.Random(1))
    assert laid.shape == array.shape
    if "for all" not in name:
        np.testing.assert_array_equal(laid, array)


def test_rows_that_are_merged_though_they_lie_apart_are_noticed(monkeypatch):
    monkeypatch.setattr(engine, "has_dense_rows", lambda array: True)
    seeds = [
        s for s in range(400) if (c := stress.random_case(s))["engine"] == "halide" and c["geometry"].output[-1] == 1
    ]
    changes = {"layouts": ["channels last"] * 3, "tensors": False, "dtype": "float32"}
    assert any(stress.wrong({**stress.random_case(s), **changes}) for s in seeds[:25])


def test_a_batch_whose_process_dies_is_wrong(monkeypatch):
    monkeypatch.setattr(stress.sys, "executable", "false")
    (row,) = stress.spawn_batch(7, 3, False)
    assert row["seed"] == 7 and "the process ended with 1" in row["wrong"][0]


def test_the_run_says_how_many_were_wrong_and_how_to_repeat_them(monkeypatch, capsys):
    rows = [
        {"seed": 3, "wrong": ["forward"], "dtype": "int8", "engine": "halide"},
        {"seed": 4, "wrong": [], "dtype": "int8", "engine": "halide"},
    ]
    monkeypatch.setattr(stress, "spawn_batch", lambda *_: json.loads(json.dumps(rows)))
    assert stress.main(["--cases", "2", "--size", "2"]) == 1
    printed = capsys.readouterr().out
    assert (
        "1 wrong of 2" in printed
        and "python tests/stress.py --batch 3:1" in printed
        and "| halide | int8 | 2 | 1 |" in printed
    )
