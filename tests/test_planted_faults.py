"""Every planted fault is noticed by our check and called by its name; PyTorch's check is asked beside it."""

import pytest
from in_turn import few

from convolab.bench.gradcheck import faults, measure, ours, point, torchs
from convolab.gradient.check import gradcheck

FAULTS = {fault.name: fault for fault in faults()}
# A gradient of 0 everywhere is what several mistakes give here, and the check says which.
SEVERAL = {"constant-output, input"}


def test_the_right_gradient_passes_every_check():
    assert ours(FAULTS["none"]) == (False, "")
    assert torchs(FAULTS["none"]) == (False, "")


@pytest.mark.parametrize("name", few([name for name in FAULTS if name != "none"], 6))
def test_a_planted_fault_is_noticed_and_named(name):
    fault = FAULTS[name]
    report = gradcheck(fault.forward, point(), fault.gradients)
    names = [c.name for c in report.comparisons if c.name]
    if name in SEVERAL:
        assert names[0].code == "unrecognised" and fault.code in names[0].message
    else:
        assert fault.code in [*(n.code for n in names), *report.codes], report


def test_there_are_as_many_faults_as_the_table_of_mistakes_offers():
    assert len(FAULTS) >= 60


@pytest.mark.parametrize("name", ["flipped-kernel, weight", "overwrites, input", "NaN in the gradient", "ReLU at 0"])
def test_torch_notices_what_it_notices(name):
    assert torchs(FAULTS[name])[0]


@pytest.mark.parametrize("name", ["all too large by 1e-5", "gradient of another type", "|x| at 0"])
def test_torch_lets_pass_what_the_page_says(name):
    assert not torchs(FAULTS[name])[0]


def test_the_benchmark_counts_what_it_shows():
    rows, totals = measure(only="of another", peers=False)
    assert [row["case"] for row in rows] == ["gradient of another shape", "gradient of another type"]
    assert totals == {"planted": 2, "convolab_named": 2, "convolab_noticed": 2}
