"""check judges what there is to judge, and says what it saw: exceptions with their line, what one call does to another."""

import json

import pytest
from hand_ins import CORE, judged, verdict

import convolab as cl

PLANE = "    return correlated(img[None, None], kernel[None, None])[0, 0]\n"
RIGHT = f"def apply_convolution(img, kernel):\n{PLANE}"


def plane(tmp_path, source, **settings):
    return verdict(tmp_path, source, target="apply_convolution", **settings)


def only(report):
    (result,) = report.functions
    return result


# Exceptions

RAISING = f"""
def run(img, kernel):
    if kernel.shape[0] > 3:
        raise ValueError("a kernel of that height?")
{PLANE}"""


def test_an_exception_is_quoted_with_its_line_and_no_name_is_guessed(tmp_path):
    source = "def run(img, kernel):\n    table = {}\n    return table[img.shape]\n"
    result = plane(tmp_path, source)
    assert result.status == "error" and result.diagnosis.code == "unrecognised"
    assert "KeyError" in result.diagnosis.message and "return table[img.shape]" in result.diagnosis.message
    line = f"line {(CORE + source).splitlines().index('    return table[img.shape]') + 1}: "
    assert result.diagnosis.evidence["error"]["line"].startswith(line)


def test_raising_for_some_probes_costs_no_more_points_than_garbage_there(tmp_path):
    raising = plane(tmp_path, RAISING)
    garbage = plane(tmp_path, RAISING.replace('raise ValueError("a kernel of that height?")', "return img * 0 + 7"))
    assert raising.status == garbage.status == "failed" and raising.points >= garbage.points > 0
    assert "ValueError" in json.dumps(raising.as_dict()) and "a kernel of that height?" in raising.diagnosis.message


# Files of which a part does not run

BROKEN = {
    "a missing import": ("import pandas_that_is_not_here as pd", "ModuleNotFoundError"),
    "names from a missing module": ("from helpers_not_here import *", "ModuleNotFoundError"),
    "input()": ("number = int(input('How many? '))", "EOFError"),
    "a file that is not there": ("data = open('data.csv').read()", "FileNotFoundError"),
    "a name that is not there": ("print(undefined_name)", "NameError"),
    "an assertion": ("assert 1 + 1 == 3, 'check your sums'", "check your sums"),
}


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_defined_is_judged_where_a_statement_raises(tmp_path, name, where):
    line, said = BROKEN[name]
    source = f"{line}\n{RIGHT}" if where == "before" else f"{RIGHT}\n{line}\n"
    result = only(judged(tmp_path, source))
    assert result.status == "passed"
    (note,) = (n for n in result.notes if n.startswith("while the file was loaded"))
    assert said in note and "line " in note


def test_a_file_that_ends_the_program_is_judged_up_to_there(tmp_path):
    result = only(judged(tmp_path, f"{RIGHT}\nimport sys\nif __name__:\n    sys.exit(3)\n"))
    assert result.status == "passed" and "exit code 3" in str(result.notes)


def test_a_wrong_function_beside_a_failing_statement_is_named(tmp_path):
    wrong = RIGHT.replace("kernel[None", "kernel[::-1, ::-1][None")
    result = only(judged(tmp_path, f"import pandas_that_is_not_here\n{wrong}"))
    assert result.diagnosis.code == "flipped-kernel" and "ModuleNotFoundError" in str(result.notes)


def notebook(tmp_path, *cells):
    path = tmp_path / "handin.ipynb"
    code = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in cells]
    path.write_text(json.dumps({"cells": code, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    return only(cl.check(path, timeout=60.0))


@pytest.mark.parametrize("cell", ["this is no Python (", "%matplotlib inline\nplt.show()", "1 / 0", "await thing()"])
def test_a_failing_cell_costs_no_other_its_verdict(tmp_path, cell):
    result = notebook(tmp_path, CORE.partition("import convolab")[0], cell, RIGHT)
    assert result.status == "passed" and "while the file was loaded" in str(result.notes)


def test_what_a_missing_import_decorates_is_judged_as_plain_python(tmp_path):
    source = f"from compilers_not_here import jit\n@jit(nopython=True)\n{RIGHT}"
    assert only(judged(tmp_path, source)).status == "passed"


# What one call does to another, and to its arguments

CACHED = f"""
memory = {{}}
def run(img, kernel):
    kernel = memory.setdefault(kernel.shape, kernel)
{PLANE}"""
SHARED = """
memory = {}
def run(img, kernel):
    result = correlated(img[None, None], kernel[None, None])[0, 0]
    buffer = memory.setdefault(result.shape, result)
    buffer[...] = result
    return buffer
"""
MUTATING = """
def run(img, kernel):
    result = correlated(img[None, None], kernel[None, None])[0, 0]
    img -= img.mean()
    return result
"""


def test_a_cache_that_is_stale_is_called_so(tmp_path):
    assert plane(tmp_path, CACHED).diagnosis.code == "stale-cache"


def test_a_buffer_that_two_results_share_is_called_so(tmp_path):
    result = plane(tmp_path, SHARED)
    assert result.diagnosis.code == "shared-buffer" and "the first call had returned" in result.diagnosis.message


def test_exchanged_results_are_called_so(tmp_path):
    source = "def run(dout, x, w):\n    dx, dw, db = back(dout, x, w)\n    return dw, dx, db\n"
    assert verdict(tmp_path, source, target="conv2d_input").diagnosis.code == "exchanged-results"


def test_arguments_that_are_changed_are_told_also_where_the_result_is_wrong(tmp_path):
    assert plane(tmp_path, MUTATING).diagnosis.code == "mutates-input"
    wrong = plane(tmp_path, MUTATING.replace("kernel[None", "kernel[::-1, ::-1][None")).diagnosis
    assert wrong.code == "flipped-kernel" and "mutates-input" in wrong.evidence["also"]
    assert "Besides, after the call, input holds other values than before." in wrong.message


def test_arrays_that_lie_otherwise_in_memory_are_handed_in(tmp_path):
    source = """
def run(img, kernel):
    img = np.lib.stride_tricks.as_strided(img, img.shape, (img.itemsize * img.shape[1], img.itemsize))
    return correlated(img[None, None], kernel[None, None])[0, 0]
"""
    result = plane(tmp_path, source)
    assert result.status == "failed" and result.diagnosis.code == "needs-contiguous", result.diagnosis


def test_read_only_arguments_are_handed_in(tmp_path):
    source = """
def run(img, kernel):
    img += 1
    result = correlated(img[None, None] - 1, kernel[None, None])[0, 0]
    img -= 1
    return result
"""
    result = plane(tmp_path, source)
    assert "raises for arrays that must not be written to: ValueError" in result.notes


# Options and values


def test_pairs_that_are_exchanged_are_found(tmp_path):
    source = """
def run(x, w, stride=1, padding=0):
    s, p = ((v, v) if isinstance(v, int) else v[::-1] for v in (stride, padding))
    return correlated(x, w, s, p)
"""
    result = verdict(tmp_path, source)
    assert result.status == "failed" and result.diagnosis.code == "pair-exchanged"
    assert "the stride of the other axis" in result.diagnosis.message


def test_a_third_group_is_asked_for(tmp_path):
    source = """
def run(x, w, groups=1):
    size = len(w) // min(groups, 2)
    parts = np.split(x, groups, 1)
    return np.concatenate([correlated(parts[n], part) for n, part in enumerate(np.split(w, groups) if groups < 3 else [w[:size]] )], 1)
"""
    result = verdict(tmp_path, source)
    assert result.status == "failed" and "group" in result.diagnosis.title.lower() + result.diagnosis.code, (
        result.diagnosis
    )


def test_no_number_is_called_so(tmp_path):
    source = "def run(img, kernel):\n    result = correlated(img[None, None], kernel[None, None])[0, 0]\n    result[-1, -1] = np.nan\n    return result\n"
    result = plane(tmp_path, source)
    assert result.diagnosis.code == "not-finite" and "NaN" in result.diagnosis.message


def test_products_that_are_cut_to_integers_are_called_so(tmp_path):
    source = """
def run(img, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(img, kernel.shape)
    return (windows * kernel).astype(int).sum((2, 3)) * 1.0
"""
    result = plane(tmp_path, source)
    assert result.status == "failed" and result.diagnosis.code == "integer-output", result.diagnosis
