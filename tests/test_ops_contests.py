"""What bench ops compares computes the same thing."""

import numpy as np
import pytest

from convolab.bench.ops import LAB, OPERATIONS, OTHER, Workload, alternating, contests, layer_contest


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_every_entrant_of_a_layer_gives_the_same_answer(operation, dtype):
    import torch

    dilation = 1 if dtype == "int32" else 2  # torch dilates no integers
    layer = Workload(2, 4, 6, 9, 1, kernel=2, stride=3, dilation=dilation, groups=2)
    contest = layer_contest("other", layer, operation, dtype, torch)
    assert (
        contest["case"]
        == f"other 4→6 on 9² 2×2 stride 3{' dilation 2' * (dilation - 1)} groups 2 batch 2 {dtype} {operation}"
    )
    results = {name: np.asarray(run()) for name, run in contest["entrants"].items()}
    assert len(results) == (1 if dtype == "int32" and operation != "forward" else 3)
    for name, result in results.items():
        np.testing.assert_allclose(result, results["convolab"], rtol=1e-4, atol=1e-4, err_msg=name)


@pytest.mark.slow
def test_the_cases_are_named_apart_and_begin_with_the_machines_own_rate():
    names = [contest["case"] for contest in contests(peers=False)]
    assert (
        names[0].startswith("gemm")
        and len(set(names)) == len(names)
        and len(names) == 1 + 9 * 3 + 9 + 3 * len(OTHER) + 2
    )
    assert sum("lab 1→32" in name for name in names) == 3 * 3 and len(LAB) == 3


def test_the_alternating_case_runs_all_three():
    import torch

    assert {name for name, run in alternating(torch)["entrants"].items() if run() is not None} == {
        "convolution, then torch product", "convolution", "torch product",
    }  # fmt: skip
