"""The checker checked: every planted mistake named, every right program passed, and the docs' table as measured."""

from pathlib import Path

import pytest

from convolab.cli import main
from convolab.definition import mistakes
from convolab.definition.mistakes.values import scaled_by
from convolab.errors import ConvolabError
from convolab.verify import selftest
from convolab.verify.plants import CORRECT, STYLES, check_planted, loops, plants
from convolab.verify.targets import TARGETS

DOCS = Path(__file__).parents[1] / "docs" / "check.md"


@pytest.fixture(scope="module")
def results():
    return selftest.test_checker(jobs=2)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_planted_mistake_is_caught_and_named_right(results):
    wrong = [
        f"{r.style}, {r.target}: {r.code} is called {r.named or r.status}" for r in results if r.code and not r.right
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_no_mistake_is_given_the_name_of_another(results):
    assert [r for r in results if r.misnamed] == []


@pytest.mark.slow
def test_right_programs_in_every_style_pass(results):
    correct = [r for r in results if not r.code]
    assert len(correct) >= 40 and [f"{r.style}: {r.named} {r.message}" for r in correct if r.status != "passed"] == []


@pytest.mark.slow
def test_the_table_in_the_docs_is_what_was_measured(results):
    begin, end = "<!-- self-test -->\n", "<!-- end -->"
    table = DOCS.read_text().split(begin)[1].split(end)[0].strip()
    assert table == selftest.table_text(results).strip(), "run: convolab check --self-test, and put the table there"


@pytest.mark.parametrize("style", STYLES)
def test_one_plant_in_fifty_is_named_right(style):
    judged = selftest.judge_plants(list(plants(style))[::50])
    assert len(judged) > 3 and [f"{r.target}: {r.code} is called {r.named}" for r in judged if not r.right] == []


def test_every_entry_of_the_catalogue_is_planted():
    planted = {p.code for style in STYLES for p in plants(style)}
    assert planted == {m.code for m in mistakes.CATALOGUE}
    check_planted()


def test_the_self_test_fails_for_an_entry_that_is_planted_nowhere_and_says_where_its_plant_belongs(monkeypatch, capsys):
    halved = mistakes.Mistake("halved", "Halved", "Half of it is missing.", "How much is there?", (scaled_by(0.5),))
    monkeypatch.setattr(mistakes, "CATALOGUE", (*mistakes.CATALOGUE, halved))
    assert main(["check", "--self-test"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert (
        "self-test: mistake 'halved': planted in no style. Expected a program with it; add an entry ('halved', " in line
    )
    assert "to PLANTS in convolab/verify/plants/loops.py or convolab/verify/plants/vectorised.py or" in line
    monkeypatch.setattr(loops, "PLANTS", [*loops.PLANTS, ("halved", "", [("return nothing of this", "")])])
    with pytest.raises(ConvolabError, match="mistake 'halved': none of its entries in PLANTS changes a program"):
        check_planted()
    monkeypatch.setattr(loops, "PLANTS", [*loops.PLANTS, ("halved", "", [("return out", "return out / 2")])])
    check_planted()


def test_a_plant_of_a_mistake_that_is_not_in_the_catalogue_is_refused(monkeypatch):
    monkeypatch.setattr(loops, "PLANTS", [*loops.PLANTS, ("flipped", "", [("return out", "return -out")])])
    with pytest.raises(
        ConvolabError, match=r"self-test: convolab/verify/plants/loops.py plants 'flipped', which is no"
    ):
        check_planted()


def test_every_function_is_planted_in_every_style_and_written_right_in_each():
    whole = set(TARGETS) - {"conv2d_bias"}  # a part of a backward pass
    for style in STYLES:
        assert {p.target for p in plants(style)} == whole
    assert {target for target, _ in CORRECT.values()} == whole and len(CORRECT) >= 40


def test_a_right_program_whose_library_is_not_installed_is_not_counted_as_failed(monkeypatch):
    monkeypatch.setattr(selftest, "find_spec", lambda name: None if name == "scipy" else name)
    needing = [name for name, (_, source) in CORRECT.items() if "scipy" in source]
    results = selftest.judge_correct(needing)
    assert needing and {(r.status, r.message) for r in results} == {("not tried", "needs scipy")}
    summary = selftest.summary(results)
    assert (summary["correct_styles"], summary["correct_not_tried"], summary["passed"]) == (0, len(needing), True)
    assert f"{len(needing)} more could not be tried: a program needs scipy" in selftest.table_text(results)


def test_a_checker_that_names_wrongly_is_noticed():
    wrong = selftest.Result("loops", "conv2d", "sign", "", "failed", "scaled")
    none = selftest.Result("loops", "conv2d", "sign", "", "failed", "unrecognised")
    missed = selftest.Result("loops", "conv2d", "sign", "", "passed", "")
    summary = selftest.summary([wrong, none, missed])
    assert (summary["caught"], summary["named"], summary["misnamed"], summary["unrecognised"]) == (2, 0, 1, 1)
    assert not summary["passed"]
