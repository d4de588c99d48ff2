"""check: what a learner, an instructor and an engineer get."""

import csv
import io
import json
from xml.etree import ElementTree

import numpy as np
import pytest
from cases import CASES
from in_turn import few

import convolab as cl
from convolab import definition
from convolab.cli import main
from convolab.errors import ArgumentError, DtypeError, InputError
from convolab.verify.classroom.hand_ins import handed_in
from convolab.verify.classroom.judging import check_folder, judge_class
from convolab.verify.classroom.page import class_page
from convolab.verify.classroom.tables import as_csv, as_junit
from convolab.verify.plants import CORRECT
from convolab.verify.plants.loops import TEMPLATES
from convolab.verify.truth import tolerance, truth

RIGHT = CORRECT["loops: apply_convolution"][1]
FLIPPED = RIGHT.replace("kernel[k, l]", "kernel[KH - 1 - k, KW - 1 - l]")
SLIP = "import numpy as np\n" + TEMPLATES["conv_gradient_wrt_input"].replace("NAME", "conv_gradient_wrt_input").replace(
    "b = j - l", "b = i - l"
)


def write(tmp_path, source, name="handin.py"):
    path = tmp_path / name
    path.write_text(source)
    return path


def function(source, name):
    """The function that a text defines."""
    space = {}
    exec(source, space)
    return space[name]


def only(report):
    (result,) = report.functions
    return result


@pytest.mark.parametrize("case", [c for c in CASES if c.batch and max(c.channels) < 9], ids=lambda c: c.name)
def test_the_judges_truth_is_the_definition(case):
    g, (input, weight, grad) = case.geometry, case.arrays(np.int64)
    arrays = {"input": input, "weight": weight, "grad_output": grad}
    np.testing.assert_array_equal(truth("forward", g, arrays), definition.conv(g, input, weight))
    np.testing.assert_array_equal(truth("input_gradient", g, arrays), definition.conv_input(g, weight, grad))
    np.testing.assert_array_equal(truth("weight_gradient", g, arrays), definition.conv_weight(g, input, grad))


@pytest.mark.quick
def test_the_tolerance_grows_with_the_number_of_products_and_stays_below_one_integer():
    small, large = (cl.Geometry((9, 9), k, in_channels=c) for k, c in ((2, 1), (5, 16)))
    allowed = []
    for g in (small, large):
        arrays = {"input": np.full(g.input_shape, 9.0), "weight": np.full(g.weight_shape, 9.0)}
        allowed.append(tolerance("forward", g, arrays, np.finfo(np.float32).eps))
    assert 0 < allowed[0] < allowed[1] < 0.5


@pytest.mark.quick
def test_a_function_of_ones_own_is_judged_in_place():
    report = cl.check(function(RIGHT, "apply_convolution"))
    assert report.passed and report.raise_for_failure() is report
    assert "apply_convolution: passed" in str(report) and "passed" in report._repr_html_()


def test_the_mistake_is_the_text_of_the_assertion_error():
    with pytest.raises(AssertionError) as failure:
        cl.check(function(FLIPPED, "apply_convolution")).raise_for_failure()
    text = str(failure.value)
    assert "flipped-kernel" in text and "turned by 180 degrees" in text
    assert "The smallest input that shows it" in text and "By hand, element [0, 0]" in text


def test_the_smallest_input_is_small_and_really_fails():
    flipped = function(FLIPPED, "apply_convolution")
    smallest = only(cl.check(flipped)).diagnosis.evidence["smallest"]
    img, kernel = np.array(smallest["img"]), np.array(smallest["kernel"])
    assert img.size + kernel.size <= 4
    np.testing.assert_array_equal(definition.apply_convolution(img, kernel), smallest["expected"])
    np.testing.assert_array_equal(flipped(img, kernel), smallest["got"])
    assert smallest["got"] != smallest["expected"]


def test_the_read_map_says_which_pixel_meets_which_weight():
    taps = only(cl.check(function(FLIPPED, "apply_convolution"))).diagnosis.evidence["wrong_taps"][0]
    y, x = taps["output"]
    for tap in taps["should_read"]:
        (iy, ix), (ky, kx) = tap
        assert (iy, ix) == (y + ky, x + kx)
    assert sorted(t[0] for t in taps["reads"]) == sorted(t[0] for t in taps["should_read"])
    assert [t[1] for t in taps["reads"]] == [t[1] for t in taps["should_read"]][::-1]


def test_the_sheets_slip_is_named_though_it_raises_on_tall_images(tmp_path):
    result = only(cl.check(write(tmp_path, SLIP)))
    assert result.diagnosis.code == "row-index-for-column" and "b = i - l" in result.diagnosis.message
    assert result.diagnosis.evidence["error"]["type"] == "IndexError"


def test_what_nobody_has_described_is_unrecognised_with_all_the_evidence():
    def apply_convolution(img, kernel):
        out = definition.apply_convolution(img, kernel)
        out[..., ::2] *= 3
        return out

    result = only(cl.check(apply_convolution))
    assert result.status == "failed" and result.diagnosis.code == "unrecognised"
    assert result.diagnosis.evidence["smallest"]["sum"] and result.diagnosis.evidence["wrong_taps"]


def test_two_mistakes_are_named_together():
    both = FLIPPED.replace("return out", "return -out")
    result = only(cl.check(function(both, "apply_convolution")))
    assert set(result.diagnosis.code.split("+")) == {"flipped-kernel", "sign"}


def test_a_wrong_size_and_another_mistake_are_named_together():
    both = FLIPPED.replace("return out", "return out[:-1, :-1]")
    result = only(cl.check(function(both, "apply_convolution")))
    assert set(result.diagnosis.code.split("+")) == {"flipped-kernel", "output-size"}


def test_a_mistake_that_needs_a_stride_is_shown_with_a_stride_and_few_numbers():
    source = CORRECT["vectorised: conv2d"][1].replace("stride * (OW - 1) + 1, stride)", "OW)")
    smallest = only(cl.check(function(source, "conv2d"))).diagnosis.evidence["smallest"]
    assert smallest["stride"] > 1 and np.size(smallest["input"]) + np.size(smallest["weight"]) <= 6


def test_a_kernel_that_is_wrong_in_one_corner_only_is_caught():
    def fast_conv(input, weight, *, stride=1, padding=0, dilation=1, groups=1):
        out = cl.conv2d(input, weight, stride=stride, padding=padding, dilation=dilation, groups=groups)
        if out.shape[-1] > 16 and out.shape[-1] % 16:
            out[..., -1] = 0
        return out

    result = only(cl.check(fast_conv, judged_as="conv2d"))
    assert result.status == "failed" and result.diagnosis.code == "unrecognised"
    assert "image" in result.diagnosis.evidence["first_failing"]


def test_an_engineers_options_and_type():
    def fast_conv(input, weight, stride=1, padding=0, dilation=1, groups=1):
        return cl.conv2d(input, weight, stride=stride, padding=padding, dilation=dilation, groups=groups)

    options = {"stride": 2, "padding": 1, "dilation": 2, "groups": 4}
    report = cl.check(fast_conv, judged_as="conv2d", geometry=options, dtype="float32")
    assert report.passed and only(report).probes >= 10
    low = only(cl.check(lambda *a, **k: fast_conv(*a, **k).astype(np.float32), judged_as="conv2d", dtype="float64"))
    assert low.diagnosis.code == "wrong-dtype" and "float64 went in and float32 came out" in low.diagnosis.message

    def ignores(input, weight, stride=1, padding=0, dilation=1, groups=1):
        return cl.conv2d(input, weight, stride=stride, padding=padding, groups=groups)

    assert only(cl.check(ignores, judged_as="conv2d", geometry={"dilation": 2})).diagnosis.code == "dilation-ignored"


def test_partial_points_for_what_is_right():
    source = CORRECT["vectorised: conv2d"][1].replace(
        "    N, C, H, W = input", "    stride = 1\n    N, C, H, W = input"
    )
    result = only(cl.check(function(source, "conv2d")))
    assert result.diagnosis.code == "stride-ignored" and 0.2 <= result.points <= 0.9


def test_what_is_never_right_gets_no_point():
    def apply_convolution(img, kernel):
        return definition.apply_convolution(img, kernel) + 1e6

    result = only(cl.check(apply_convolution))
    assert result.status == "failed" and result.points == 0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_where_the_function_gives_no_number_the_sum_by_hand_says_so(value):
    def apply_convolution(img, kernel):
        out = definition.apply_convolution(img, kernel).astype(float)
        out[-1, -1] = value
        return out

    report = cl.check(apply_convolution)
    smallest = only(report).diagnosis.evidence["smallest"]
    assert smallest["sum"].endswith(f"= {smallest['expected'][-1][-1]:g}; the function gave {value}")
    assert f"By hand, element {smallest['element']}: {smallest['sum']}" in str(report)


@pytest.mark.parametrize("value, words", [
    ("nowhere.py", "is not a file"), (lambda: 0, "is not a function that can be judged"),
])  # fmt: skip
def test_what_cannot_be_judged_is_refused_in_one_line(value, words):
    with pytest.raises((InputError, ArgumentError), match=words):
        cl.check(value)


def test_bad_options_are_refused_in_one_line():
    right = function(RIGHT, "apply_convolution")
    with pytest.raises(ArgumentError, match="geometry has \\['size'\\]"):
        cl.check(right, geometry={"size": 3})
    with pytest.raises(DtypeError, match="dtype='complex64' cannot be judged"):
        cl.check(right, dtype="complex64")


# The command


def run(capsys, *arguments):
    code = main(["check", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_command_says_what_is_wrong_and_exits_with_1(tmp_path, capsys):
    code, out, _ = run(capsys, write(tmp_path, FLIPPED))
    assert code == 1 and "flipped-kernel" in out and "Hint:" not in out and "it should read" in out
    code, out, _ = run(capsys, write(tmp_path, RIGHT))
    assert code == 0 and "1 of 1 right" in out


def test_json_has_what_others_rely_on(tmp_path, capsys):
    code, out, _ = run(capsys, write(tmp_path, FLIPPED + SLIP), "--json")
    result = json.loads(out)
    assert code == 1 and out.count("\n") == 1 and result["passed"] is False
    first = result["functions"][0]
    assert set(first) >= {"name", "status", "points", "diagnosis"} and first["status"] == "failed"
    assert set(first["diagnosis"]) >= {"code", "title", "message", "evidence"}
    evidence = first["diagnosis"]["evidence"]
    assert set(evidence["smallest"]) >= {"img", "kernel", "expected", "got"}
    assert set(evidence["wrong_taps"][0]) == {"output", "reads", "should_read"}
    code, out, _ = run(capsys, write(tmp_path, RIGHT), "--json")
    assert code == 0 and json.loads(out)["functions"][0]["diagnosis"] is None


def test_one_function_by_name_and_under_another_name(tmp_path, capsys):
    path = write(tmp_path, RIGHT + SLIP + "fast = apply_convolution\n")
    assert run(capsys, path, "--function", "apply_convolution")[0] == 0
    assert run(capsys, path, "--function", f"{path}:fast=apply_convolution")[0] == 0
    code, _, err = run(capsys, path, "--function", "fast")
    assert code == 1 and "'fast' is not a function that can be judged" in err
    assert run(capsys, path, "--function", "other.py:fast=conv2d")[0] == 2


@pytest.mark.parametrize("arguments, code, words", [
    (["nowhere.py"], 1, "is not a file"),
    ([], 2, "FILE is missing"),
    (["x.py", "--geometry", "stride=two"], 2, "is not NAME=NUMBER"),
    (["x.py", "--geometry", "stride=0"], 2, "is out of range"),
    (["x.py", "--timeout", "0"], 2, "must be positive"),
    (["x.py", "--dtype", "complex64"], 2, "complex64"),
])  # fmt: skip
def test_a_wrong_command_line_is_one_line(arguments, code, words, capsys):
    got, out, err = run(capsys, *arguments)
    assert got == code and words in err and "Traceback" not in err and out == ""


def test_a_file_without_any_of_the_functions_says_which_it_looked_for(tmp_path, capsys):
    code, _, err = run(capsys, write(tmp_path, "x = 1\n"))
    assert code == 1 and err.count("\n") == 1 and "defines none of" in err and "apply_convolution" in err


def test_a_file_that_cannot_be_loaded_is_an_error_with_its_line(tmp_path, capsys):
    code, out, _ = run(capsys, write(tmp_path, "import nothing_of_that_name\n"), "--json")
    (result,) = json.loads(out)["functions"]
    assert code == 1 and result["status"] == "error" and "line 1" in result["diagnosis"]["message"]


def test_an_output_file_is_not_overwritten_without_force(tmp_path, capsys):
    out = write(tmp_path, "mine", "out.xml")
    path = write(tmp_path, RIGHT)
    code, _, err = run(capsys, path, "--junit", out)
    assert code == 1 and "Give --force" in err and out.read_text() == "mine"
    assert run(capsys, path, "--junit", out, "--force")[0] == 0 and "<testsuites" in out.read_text()


def test_a_notebook_is_judged_like_a_file(tmp_path, capsys):
    cells = [
        {"cell_type": "markdown", "source": ["# text"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", FLIPPED]},
    ]
    path = write(tmp_path, json.dumps({"cells": cells, "nbformat": 4}), "handin.ipynb")
    code, out, _ = run(capsys, path, "--json")
    assert code == 1 and json.loads(out)["functions"][0]["diagnosis"]["code"] == "flipped-kernel"


# A class


@pytest.fixture(scope="module")
def students(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    write(folder, RIGHT, "ada.py")
    write(folder, FLIPPED, "bob.py")
    write(folder, "import os; os._exit(0)\n", "eve.py")
    write(folder, "def apply_convolution(img:\n", "sam.py")
    write(folder, "=cmd()\nx = 1\n", "=cmd.py")
    (folder / "zoe").mkdir()
    write(folder / "zoe", "from helper import *\n", "main.py")
    write(folder / "zoe", SLIP, "helper.py")
    seen = []
    with handed_in(folder) as hand_ins:
        found = judge_class(hand_ins, jobs=2, advance=lambda r: seen.append(r.file), timeout=60.0)
    assert len(seen) == 7 and len(found) == 6
    return found


def test_one_bad_file_harms_none_of_the_others(students):
    reports = [r for s in students for r in s.reports]
    codes = {r.file: [f.diagnosis.code if f.diagnosis else f.status for f in r.functions] for r in reports}
    assert codes["ada.py"] == ["passed"] and codes["bob.py"] == ["flipped-kernel"]
    assert codes["eve.py"] == codes["sam.py"] == ["unrecognised"]
    assert codes["zoe/main.py"] == codes["zoe/helper.py"] == ["row-index-for-column"]


def test_a_hand_in_that_is_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "class").mkdir()
    solution = write(tmp_path, RIGHT, "solution.py")
    (tmp_path / "class" / "mallory.py").symlink_to(solution)
    write(tmp_path / "class", RIGHT, "ada.py")
    ada, mallory = check_folder(tmp_path / "class", jobs=1, advance=lambda report: None)
    assert ada.functions[0].status == "passed"
    assert not mallory.functions and mallory.error.startswith("a link that leads out of the folder")


def test_the_csv_has_a_row_for_each_student_and_holds_no_formula(students):
    text = as_csv(students)
    table = {r["student"]: r for r in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    assert text.startswith("\ufeff") and list(table) == ["'=cmd", "ada", "bob", "eve", "sam", "zoe"]
    assert (table["ada"]["apply_convolution"], table["ada"]["total"], table["ada"]["maximum"]) == ("1.0", "1.0", "1.0")
    assert table["bob"]["apply_convolution: problem"] == "The kernel is turned by 180 degrees (flipped-kernel)"
    assert table["zoe"]["files"] == "helper.py main.py"
    assert "a syntax error" in table["sam"]["notes"] and table["sam"]["maximum"] == "1.0"
    assert not any(str(v).startswith(("=", "+", "-", "@")) for r in table.values() for v in r.values())


def test_the_junit_file_counts_and_explains(students):
    root = ElementTree.fromstring(as_junit(students))
    suite = next(s for s in root if s.get("name") == "bob")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "1", "0")
    assert suite[0][0].get("message").startswith("flipped-kernel") and "By hand" in suite[0][0].text


def test_the_page_holds_everything_in_one_file_and_escapes_what_it_shows(students):
    page = class_page(students)
    assert "flipped-kernel" in page and "bob" in page and "http" not in page and "<script" not in page
    hostile = [s for s in students if s.name == "bob"]
    hostile[0].reports[0].functions[0].diagnosis.message += "<script>alert(1)</script>"
    assert "<script>alert" not in class_page(hostile)


def test_the_command_judges_a_folder(tmp_path, capsys):
    write(tmp_path, RIGHT, "ada.py")
    write(tmp_path, FLIPPED, "bob.py")
    page = tmp_path / "out" / "page.html"
    page.parent.mkdir()
    code, out, _ = run(capsys, tmp_path, "--page", page, "--csv", page.with_suffix(".csv"), "--json")
    result = json.loads(out)
    assert code == 1 and result["mistakes"] == {"flipped-kernel": 1} and page.exists()
    code, out, _ = run(capsys, tmp_path)
    assert code == 1 and "bob" in out and "1 of 2 students have everything right" in out


# What does not depend on a clock

LOOPS = CORRECT["loops: conv2d"][1]
# Wrong only where something is large. Loops in Python are asked that much too.
LARGE_FAULTS = {
    "wide": "if out.shape[3] > 64: out[..., -1] = 0",
    "tall": "if out.shape[2] > 64: out[:, :, -1] = 0",
    "17 channels": "if C > 16: out -= input[:, 16, :OH, :OW][:, None]",
    "33 channels": "if C > 32: out -= input[:, 32, :OH, :OW][:, None]",
    "33 filters": "if CO > 32: out[:, 32:] = 0",
    "5 images": "if N > 4: out[4:] = 0",
    "a wide kernel": "if KW > 8: out += 1",
    "a tall kernel": "if KH > 8: out += 1",
    "a tail beyond a vector": "if OW > 16 and OW % 16: out[..., OW // 16 * 16:] = 0",
}


@pytest.mark.parametrize("fault", few(list(LARGE_FAULTS), 3))
def test_loops_that_are_wrong_only_where_something_is_large_are_caught(fault):
    source = LOOPS.replace("    if bias is not None:", f"    {LARGE_FAULTS[fault]}\n    if bias is not None:")
    result = only(cl.check(function(source, "conv2d")))
    assert result.status == "failed" and result.points == 0.9


def slowed(seconds):
    """The loops, each call of which takes longer by so many seconds."""
    return LOOPS.replace("import numpy as np", "import numpy as np, time").replace(
        "    N, C, H, W", f"    time.sleep({seconds})\n    N, C, H, W"
    )


@pytest.mark.slow
def test_a_slow_machine_gets_the_same_probes_and_the_same_verdict(tmp_path):
    fast, slow = (only(cl.check(write(tmp_path, slowed(s)), timeout=60)) for s in (0, 0.05))
    assert fast.status == slow.status == "passed"
    assert (fast.probes, fast.notes) == (slow.probes, slow.notes)


def test_larger_probes_that_are_left_out_are_named_with_the_reason():
    loops, vectorised = (
        only(cl.check(function(CORRECT[f"{s}: conv2d"][1], "conv2d"))) for s in ("loops", "vectorised")
    )
    (note,) = loops.notes
    assert "of 16 larger inputs left out, those of" in note and "lines of Python a product" in note
    assert vectorised.notes == [] and vectorised.probes > loops.probes
    assert note in str(loops.lines())


def test_lines_are_counted_in_the_file_alone_and_not_in_libraries():
    from convolab.verify.inside.calling import counted

    def three():
        a = np.pad(np.ones((3, 3)), 1)
        a = a.sum()
        return a

    def ten():
        for _ in range(10):
            pass

    counts = []
    for function in (three, three, ten):
        lines = []
        with counted(lines):
            function()
        counts += lines
    assert counts[0] == counts[1] == 3 and counts[2] == 21


def test_counting_gives_a_debugger_its_place_back():
    import sys

    from convolab.verify.inside.calling import counted

    def debugger(frame, event, argument):
        return None

    before = sys.gettrace()
    try:
        sys.settrace(debugger)
        with pytest.raises(KeyError), counted([]):
            raise KeyError
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after is debugger


def test_what_a_hand_in_says_of_its_lines_is_not_trusted():
    from convolab.verify.answers import Answer

    for said in ("many", -5, None, [1], 1e300):
        assert Answer.read({"lines": said}, []).lines == 0


def test_a_function_wrong_in_large_shapes_only_is_not_searched_in_small_ones():
    calls = []

    def apply_convolution(img, kernel):
        calls.append(img.shape)
        return definition.apply_convolution(img, kernel) if img.shape[1] < 60 else np.zeros((1, 1))

    result = only(cl.check(apply_convolution))
    assert result.status == "failed" and "image 4×67" in result.diagnosis.evidence["first_failing"]
    assert not any(shape < (4, 4) for shape in calls)
