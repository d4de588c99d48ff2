"""Nothing that a hand-in returns, raises, sends or is made of costs anybody but itself a verdict."""

import json
import os
import sys
import unicodedata

import numpy as np
import pytest
from in_turn import few, in_turn, thinned
from waiting import wait_for

import convolab as cl
from convolab.cli import main
from convolab.verify import contained, examine
from convolab.verify.answers import Answer, loaded
from convolab.verify.channel import Channel
from convolab.verify.classroom.hand_ins import handed_in
from convolab.verify.classroom.judging import check_folder, judge_class
from convolab.verify.classroom.page import class_page
from convolab.verify.classroom.tables import as_csv, as_junit
from convolab.verify.inside import frames
from convolab.verify.printable import printable, printable_lines

RIGHT = """
import numpy as np
def apply_convolution(img, kernel):
    return np.einsum("ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(img, kernel.shape), kernel)
"""
SIZE = "(img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1)"


def write(folder, source, name="handin.py"):
    path = folder / name
    path.write_text(source)
    return path


def judged(tmp_path, source, **settings):
    return cl.check(write(tmp_path, source), **{"timeout": 60.0, **settings})


def returning(what, before="import numpy as np"):
    return f"{before}\ndef apply_convolution(img, kernel):\n    size = {SIZE}\n    return {what}\n"


# What it returns

STRANGE = {
    "infinity": "np.full(size, -np.inf) + img.sum()",
    "infinity in one place": "np.where(np.arange(size[1]) == 0, np.inf, np.ones(size))",
    "no number": "np.full(size, np.nan)",
    "both infinities": "np.where(np.arange(size[1]) % 2, np.inf, np.full(size, -np.inf))",
    "the largest numbers": "np.full(size, 1.7e308)",
    "numbers that grow too large": "img[:size[0], :size[1]] * 1e307",
    "complex infinity": "np.full(size, complex(np.inf, 1))",
    "nothing, with a long side": "np.zeros((0, 2**40))",
    "nothing, in many rows": "np.zeros((2**40, 0))",
    "a million numbers": "np.ones(2**20)",
    "a million short numbers": "np.ones(2**20, np.float16)",
}


@pytest.mark.parametrize("what", few(list(STRANGE), 4))
def test_a_strange_result_is_a_wrong_value_like_any_other(tmp_path, capsys, what):
    code = main(["check", str(write(tmp_path, returning(STRANGE[what]))), "--json", "--timeout", "60"])
    printed = capsys.readouterr()
    (function,) = json.loads(printed.out)["functions"]
    assert code == 1 and function["status"] == "failed" and function["diagnosis"]["title"]
    said = [line for line in printed.err.splitlines() if not line.startswith("check: ")]  # how far it is
    assert "checker itself" not in printed.out and said == []
    assert len(printed.out) < 100_000


def test_an_uninitialised_buffer_with_infinity_still_names_the_taps_that_are_finite(tmp_path):
    source = f"""
import numpy as np
def apply_convolution(img, kernel):
    out = np.zeros({SIZE})
    out[0, 0] = np.inf
    KH, KW = kernel.shape
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] += (img[i:i+KH, j:j+KW] * kernel[::-1, ::-1]).sum()
    return out
"""
    diagnosis = judged(tmp_path, source).functions[0].diagnosis
    taps = diagnosis.evidence["wrong_taps"]
    assert taps and all(t["output"] != [0, 0] and t["reads"] for t in taps)


def test_a_result_that_is_too_large_is_told_by_its_shape(tmp_path):
    text = str(judged(tmp_path, returning("np.ones((3, 2**20))")))
    assert "larger than any convolution's" in text and "3×1048576" in text


def test_a_large_answer_is_let_go_as_it_comes():
    answer = Answer.read({"type": "ndarray"}, [np.ones(5000)]).reduced(4999)
    assert answer.value is None and answer.facts["too_large"] == [5000]
    assert Answer.read({}, [np.ones(5000)]).reduced(5000).value.size == 5000
    assert Answer.read({}, [np.zeros((0, 9000))]).reduced(5000).facts["too_large"] == [0, 9000]


def test_no_right_answer_is_too_large():
    from convolab.verify.asked import CORRELATION, Domain
    from convolab.verify.forms import Form
    from convolab.verify.layouts import BATCH, PLANE
    from convolab.verify.probes import Questions
    from convolab.verify.targets import TARGETS

    for target in TARGETS.values():
        form = Form(target, PLANE if target.plane else BATCH, ())
        asked = Questions(form, {"stride", "padding", "dilation", "groups"}, CORRELATION, Domain())
        for probe in (*asked.chosen(), *asked.large()):
            assert np.prod(probe.geometry.output_shape) < examine.most_elements(probe.geometry) / 10


def test_ones_own_function_sees_its_own_warnings_of_numpy():
    with np.errstate(over="raise"):
        report = cl.check(
            lambda img, kernel: np.float64(1e308) * np.abs(img).sum() * 1e9, judged_as="apply_convolution"
        )
    assert "FloatingPointError" in str(report)


# What it says

HOSTILE = {
    "half of a pair": r"raise ValueError('a\ud800b')",
    "terminal escapes": r"raise ValueError('\x1b[2J\x1b[H1 of 1 right')",
    "a second line": r"raise ValueError('no\n1 of 1 right, 1 points')",
    "turned writing": r"raise ValueError('\u202edessap')",
    "in the name of the exception": r"raise type('Oops\x1b[2J', (Exception,), {})('x')",
}


def is_plain(text):
    return all(unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c == "\n" for c in text)


IN_THE_FUNCTION = in_turn(HOSTILE, ["in the function"])


@pytest.mark.parametrize("source, where", in_turn(HOSTILE, ["while it is loaded"]) + thinned(IN_THE_FUNCTION, 1))
def test_text_from_a_hand_in_is_printable_wherever_it_is_shown(tmp_path, capsys, source, where):
    source = f"def apply_convolution(img, kernel):\n    {source}\n" if where == "in the function" else source
    path = write(tmp_path, source)
    assert main(["check", str(path), "--timeout", "60"]) == 1
    shown = capsys.readouterr().out
    assert is_plain(shown) and not any(line.startswith("1 of 1 right") for line in shown.splitlines())
    report = cl.check(path, timeout=60)
    with handed_in(tmp_path) as hand_ins:
        students = judge_class(hand_ins, jobs=1, timeout=60)
    for text in (
        str(report),
        class_page(students),
        as_csv(students).strip("\ufeff").replace("\r\n", "\n"),
        as_junit(students),
    ):
        assert is_plain(text) and text.encode()
    assert json.dumps(report.as_dict(), ensure_ascii=False).encode()


def test_what_is_printed_is_kept_printable_with_its_lines(tmp_path):
    report = judged(tmp_path, RIGHT + "print('one\\ntwo\\x1b[2J')\n")
    assert report.passed and report.printed.startswith("one\ntwo\\x1b[2J")


def test_ordinary_text_of_any_language_stays_as_it_is():
    for text in ("Größe: 3 × 4 – naïve", "卷积核", "✓ 🙂", "свёртка"):
        assert printable(text) == text
    assert printable("one\r\n\ttwo\u2028three\xa0four") == "one   two three four"
    assert printable_lines("one\ntwo") == "one\ntwo" and printable("x" * 9999, 10) == "x" * 10


def test_half_of_a_pair_in_a_notebook_is_the_escape_that_it_stands_for(tmp_path):
    cells = [{"cell_type": "code", "source": RIGHT + "text = '\ud800'\nassert len(text) == 1\n"}]
    report = cl.check(write(tmp_path, json.dumps({"cells": cells}), "n.ipynb"), timeout=60)
    assert report.passed


@pytest.mark.parametrize("many", [False, True], ids=["file", "class"])
def test_a_file_name_that_is_not_utf_8_costs_nobody_a_verdict(tmp_path, capsys, many):
    folder = tmp_path / "class"
    folder.mkdir()
    write(folder, RIGHT, "ada.py")
    odd = write(folder, RIGHT, "caf\udce9.py" if sys.platform.startswith("linux") else "café.py")
    table = tmp_path / "points.csv"
    assert main(["check", str(folder if many else odd), "--csv", str(table), "--timeout", "60"]) == 0
    assert is_plain(capsys.readouterr().out) and ",1.0,1.0," in table.read_text(encoding="utf-8")


# What fails in the checker


def test_a_fault_of_the_checker_costs_one_function_its_verdict(tmp_path, monkeypatch):
    honest = examine.truth

    def faulty(operation, geometry, arrays):
        if operation == "forward":
            raise ZeroDivisionError("ours")
        return honest(operation, geometry, arrays)

    monkeypatch.setattr(examine, "truth", faulty)
    gradient = "def conv_gradient_wrt_kernel(img, dloss_dy):\n    return apply_convolution(img, dloss_dy)\n"
    one, other = judged(tmp_path, RIGHT + gradient).functions
    assert (one.status, one.points, other.status) == ("error", 0.0, "passed")
    assert "The checker itself failed: ZeroDivisionError: ours" in one.diagnosis.message


def test_a_fault_in_the_evidence_leaves_the_verdict_as_it_is(monkeypatch):
    from convolab.verify import diagnose

    monkeypatch.setattr(diagnose, "smallest", lambda examination: 1 / 0)
    (function,) = cl.check(lambda img, kernel: -img, judged_as="apply_convolution").functions
    assert function.status == "failed" and "the checker itself failed on it (ZeroDivisionError" in function.notes[-1]


@pytest.mark.slow
def test_a_hand_in_that_ends_its_process_at_every_load_but_the_first_costs_no_earlier_verdict(tmp_path, monkeypatch):
    hang = "def conv_gradient_wrt_input(dloss_dy, kernel):\n    while True: pass\n"
    gradient = "def conv_gradient_wrt_kernel(img, dloss_dy):\n    return apply_convolution(img, dloss_dy)\n"
    starts = []

    class Once(contained.Contained):
        def start(self):
            starts.append(0)
            if len(starts) > 1:
                raise contained.TooLate
            return super().start()

    monkeypatch.setattr("convolab.verify.judge.Contained", Once)
    conv2d = "def conv2d(input, weight):\n    return input\n"
    report = judged(tmp_path, RIGHT + hang + gradient + conv2d, timeout=5.0)
    assert [f.status for f in report.functions] == ["passed", "timeout", "timeout", "timeout"] and len(starts) == 2
    assert "loading the file took longer than 5 s" in report.functions[-1].diagnosis.message.lower()


# What it sends


def test_what_holds_is_known_before_a_hand_in_runs_and_cannot_be_told_by_it(tmp_path):
    honest = judged(tmp_path, RIGHT).containment
    for source in (
        "raise ValueError\n",
        "import os; os._exit(3)\n",
        "def apply_convolution(img:\n",
        "while True: pass\n",
    ):
        assert judged(tmp_path, source, timeout=0.5).containment == honest
    assert not sys.platform.startswith("linux") or "limits" in honest


@pytest.mark.parametrize("said", [
    {"functions": {"apply_convolution": {}}}, {"functions": [1]}, {"functions": {"apply_convolution": 3}}, {"error": 5},
    {"functions": {"apply_convolution": {"parameters": [7, [], {"name": []}], "open": "yes", "tensors": 1}}}, {"error": {"type": []}},
], ids=str)  # fmt: skip
def test_what_is_said_of_a_file_is_held_to_its_types(said, monkeypatch):
    found = loaded(said, ["apply_convolution"])
    assert set(found["functions"]) <= {"apply_convolution"} and found["torch"] is False
    for function in found["functions"].values():
        assert function["open"] is False and function["tensors"] is False
        assert all(isinstance(p[n], str) for p in function["parameters"] for n in ("name", "kind", "annotation"))
    assert Answer.read(said, []).value is None


def test_an_answer_that_nobody_asked_for_ends_the_process(tmp_path):
    caller = contained.Contained(write(tmp_path, RIGHT), ["apply_convolution"], timeout=60)
    try:
        caller.start()
        caller._channel._waiting.put(({"type": "ndarray"}, []))
        with pytest.raises(contained.Ended, match="it answered before it was asked"):
            caller.call([np.ones((2, 2)), np.ones((1, 1))], steps=[{"call": "apply_convolution", "order": [0, 1]}])
        assert not caller.alive
    finally:
        caller.close()


def test_one_answer_waits_and_no_more_are_kept():

    (request, ours), (read, answers), (printed, prints) = os.pipe(), os.pipe(), os.pipe()
    channel = Channel(os.fdopen(ours, "wb"), os.fdopen(read, "rb"), os.fdopen(printed, "rb"))
    with os.fdopen(answers, "wb") as stream:
        stream.write(b"".join(frames.pack({"n": n}) for n in range(20)))
    wait_for(lambda: channel.unasked)
    assert channel._waiting.qsize() == 1
    assert [channel.receive(60)[0]["n"] for _ in range(20)] == list(range(20))
    for descriptor in (request, prints):
        os.close(descriptor)
    assert isinstance(channel.receive(60), EOFError) and not channel.unasked
    channel.close()


def test_a_source_larger_than_a_hand_in_may_be_is_refused_in_one_line(tmp_path, capsys):
    for name in ("large.py", "large.ipynb"):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(contained.SOURCE_SIZE + 1)  # a hole: nothing of it is on the disk
        assert main(["check", str(path), "--json"]) == 1
        (function,) = json.loads(capsys.readouterr().out)["functions"]
        assert "larger than the 16 MB that a hand-in may have" in function["diagnosis"]["message"]


# Time


def test_loading_has_the_deadline_of_a_function_and_says_what_python_took(tmp_path):
    report = judged(tmp_path, "while True: pass\n", timeout=1.0)
    assert report.functions[0].status == "timeout"
    assert "took longer than 1 s (Python itself took " in report.error and "is not counted)" in report.error


# Links


def test_links_to_another_hand_in_and_out_of_a_students_folder_are_not_followed(tmp_path):
    folder = tmp_path / "class"
    (folder / "zoe" / "src").mkdir(parents=True)
    write(folder, RIGHT, "ada.py")
    (folder / "bob.py").symlink_to("ada.py")
    write(folder / "zoe" / "src", RIGHT, "mine.py")
    (folder / "zoe" / "main.py").symlink_to("src/mine.py")
    (folder / "zoe" / "other.py").symlink_to("../ada.py")
    (folder / "zoe" / "system.py").symlink_to(write(tmp_path, RIGHT, "elsewhere.py"))
    (folder / "max").symlink_to(folder / "zoe")
    (folder / "zoe" / "again").symlink_to("src")
    reports = {r.file: r for r in check_folder(folder, jobs=1, advance=lambda report: None, timeout=60)}
    assert {n for n, r in reports.items() if r.passed} == {"ada.py", "zoe/main.py", "zoe/src/mine.py"}
    for name in ("bob.py", "zoe/other.py", "zoe/system.py", "max"):
        assert reports[name].error.startswith("a link that leads out of the folder, or to another hand-in")


def test_a_measure_that_is_missing_is_noted_and_none_is_where_all_hold(capsys):
    from convolab.cli import check_printing as command

    report = cl.check(lambda img, kernel: img, judged_as="apply_convolution")
    report.containment = ["limits", "files"]
    command.note_what_is_missing([report])
    assert "cannot limit system calls for the code that ran" in capsys.readouterr().err
    report.containment = ["limits", "no privileges", "files", "system calls"]
    command.note_what_is_missing([report])
    assert capsys.readouterr().err == ""
