"""check for somebody who wants to find the mistake: what must be defined, hints in stages, and a file that is watched."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time

import network_programs
import pytest
import room
from test_check_endings import COMMAND
from test_check_hostile import is_alive
from waiting import wait_for

import convolab as cl
from convolab.cli import console, main
from convolab.cli.check_arguments import stage
from convolab.definition import mistakes
from convolab.verify import starting
from convolab.verify.diagnosis import Diagnosis
from convolab.verify.exercise1.verdicts import PARTS
from convolab.verify.plants import plants
from convolab.verify.signatures import signatures
from convolab.verify.sobel.judge import SOBELS
from convolab.verify.staged import STAGES, stage_lines, where_to_look
from convolab.verify.targets import TARGETS
from convolab.verify.verdict import FunctionReport
from convolab.verify.watching import SHEET, WatchedExercise, saves

FLIPPED = next(p for p in plants("loops") if (p.target, p.code) == ("apply_convolution", "flipped-kernel")).source
WRONG = room.program("loops", {"apply_convolution": FLIPPED})


@pytest.fixture
def handin(tmp_path):
    path = tmp_path / "handin.py"
    path.write_text(WRONG)
    return path


def run(capsys, *arguments):
    code = main(["check", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


# What must be defined


def test_the_signatures_name_every_function_with_its_arguments_and_shapes(capsys):
    code, out, _ = run(capsys, "--signatures")
    assert code == 0 and all(name in out for name in TARGETS)
    assert "compute_convolution_at_position(i, j, img, kernel)\n    i        row of the element, counted from 1" in out
    assert "conv_gradient_wrt_kernel(img, dloss_dy)" in out and "(H − kH + 1, W − kW + 1)" in out
    code, out, _ = run(capsys, "--signatures", "--json")
    said = json.loads(out)
    assert code == 0 and [f["name"] for f in said["functions"]] == [*TARGETS, *SOBELS]
    assert list(said["network"]) == list(PARTS)


def test_the_signatures_say_what_the_sobel_functions_and_the_network_are(capsys):
    _, out, _ = run(capsys, "--signatures")
    assert "apply_custom_sobel(img)\n    img      (H, W), a grey picture" in out and "divided by its own maximum" in out
    assert "Conv2d(64, 64, 3×3) · Flatten · Linear(576, 64)" in " ".join(out.split())
    assert "train(model, loader, optimizer, criterion, device)" in " ".join(out.split())
    assert max(map(len, out[out.index("For exercise 1") :].splitlines())) <= 100


@pytest.mark.parametrize("one", signatures(), ids=lambda one: one.name)
def test_a_signature_says_what_every_argument_is_and_what_comes_back(one):
    assert all(one.arguments.values()) and one.returns
    assert one.line.startswith(f"{one.name}(") and [
        p.split("=")[0] for p in one.line[len(one.name) + 1 : -1].split(", ")
    ] == list(one.arguments)


@pytest.mark.parametrize("source, has, line", [
    ("def mine(image, k): return image\ndef plot(x): pass\n", "mine(image, k), plot(x)", "--function mine=apply_convolution"),
    ("def at(i, j, a, b): return 0\n", "at(i, j, a, b)", "--function at=compute_convolution_at_position"),
    ("def one(x): return x\n", "one(x)", "--function one=conv2d"),
    ("class Net: pass\n", "class Net", "--function Net=conv2d"),
    ("x = 1\n", "and no other function", "Expected such as apply_convolution(img, kernel)"),
])  # fmt: skip
def test_a_file_with_nothing_to_judge_is_one_line_that_says_what_it_has(tmp_path, capsys, source, has, line):
    (tmp_path / "f.py").write_text(source)
    code, out, err = run(capsys, tmp_path / "f.py")
    assert code == 1 and out == "" and err.count("\n") == 1
    assert "it defines none of the functions that are judged" in err and has in err and line in err
    assert "convolab check --signatures" in err


def test_the_line_that_is_named_works(tmp_path, capsys):
    (tmp_path / "f.py").write_text(room.program("loops").replace("def apply_convolution", "def mine"))
    assert run(capsys, tmp_path / "f.py", "--function", "mine=apply_convolution")[0] == 0


@pytest.mark.parametrize("source, called", [
    pytest.param("def apply_convolution(img): return img\n", "apply_convolution(img, kernel)", marks=pytest.mark.slow),
    pytest.param("def conv2d(x, w, pad): return x.nothing\n", "conv2d(input, weight, padding)", marks=pytest.mark.slow),
    ("class conv2d:\n    def __init__(self, W, b): pass\n    def forward(self, x): return x.nothing\n", "conv2d(weight, bias).forward(input)"),
])  # fmt: skip
def test_a_message_about_a_call_says_how_the_function_was_called(tmp_path, source, called):
    (tmp_path / "f.py").write_text(source)
    (result, *_) = cl.check(tmp_path / "f.py", timeout=60).functions
    assert f"It was called as {called}, with image 5×8, kernel 3×2" in result.diagnosis.message


def test_a_call_that_does_not_come_back_is_told_too(tmp_path):
    (tmp_path / "f.py").write_text("def apply_convolution(img, kernel):\n    while True: pass\n")
    (result,) = cl.check(tmp_path / "f.py", timeout=0.5).functions
    assert "it was called as apply_convolution(img, kernel)" in result.diagnosis.message
    assert result.diagnosis.title == "It takes too long"


# Hints are hints


def test_a_hint_says_where_to_look_and_nothing_of_the_answer(handin, capsys):
    code, out, _ = run(capsys, handin, "--hints")
    assert code == 1 and "✗ apply_convolution: not right yet" in out and "Hint: Compare which weight" in out
    assert not any(word in out for word in ("flipped", "180", "convolve", "expected", "it reads"))


def test_a_student_is_told_more_on_request_and_no_more(handin, capsys):
    look, name, picture = (run(capsys, handin, "--student", *([s] if s else []))[1:] for s in ("", "name", "map"))
    assert "Hint:" in look[0] and "flipped-kernel" not in look[0] and "--student name says what it is" in look[1]
    assert "flipped-kernel" in name[0] and "smallest input" not in name[0] and "--student map shows it" in name[1]
    assert all(text in picture[0] for text in ("flipped-kernel", "The smallest input", "it should read"))
    assert "Look at line" in picture[0] and "every value is right" not in picture[0]
    change = run(capsys, handin, "--student", "change")[1:]
    assert "every value is right" in change[0] and "--student change" in picture[1] and "Still stuck" not in change[1]


def test_the_file_may_stand_behind_the_option(handin, capsys):
    assert stage([str(handin)], None) == stage([], handin) == ("look", handin)
    assert stage(["name", str(handin)], None) == stage(["name"], handin) == ("name", handin)
    assert stage(None, handin) == ("", handin)
    for words in (["--student", "nam"], ["--student", "name", "map"]):
        code, _, err = run(capsys, handin, *words)
        assert code == 2 and "Expected --student, or --student name, map or change" in err


def test_json_has_the_whole_verdict_whatever_stage_is_printed(handin, capsys):
    diagnosis = json.loads(run(capsys, handin, "--json", "--hints")[1])["functions"][0]["diagnosis"]
    assert diagnosis["code"] == "flipped-kernel" and diagnosis["hint"] and diagnosis["evidence"]["wrong_taps"]


@pytest.mark.parametrize("mistake", mistakes.CATALOGUE, ids=str)
def test_no_hint_of_the_catalogue_has_the_name_of_its_mistake_in_it(mistake):
    d = Diagnosis(mistake.code, mistake.title, mistake.sentence, mistake.hint)
    look = "\n".join(stage_lines(FunctionReport("f", "f", "failed", 0.0, d), STAGES[0]))
    assert (
        (mistake.code not in look or "-" not in mistake.code)
        and mistake.title not in look
        and mistake.sentence not in look
    )


@pytest.mark.parametrize("evidence, words", [
    ({"shape": {}, "first_failing": "image 5×8"}, "Which size must the result have for image 5×8"),
    ({"first_failing": "image 5×8"}, "Compute an element by hand for image 5×8"), ({}, "Compute one element by hand"),
])  # fmt: skip
def test_a_mistake_without_a_hint_has_a_place_to_look_at(evidence, words):
    d = Diagnosis("shifted", "Everything stands beside its place", "By one row.", evidence=evidence)
    assert where_to_look(FunctionReport("f", "f", "failed", 0.0, d)).startswith(words)


def test_an_exception_is_told_at_once_with_its_line(tmp_path, capsys):
    (tmp_path / "f.py").write_text("def apply_convolution(img, kernel):\n    return img[99, 99]\n")
    out = run(capsys, tmp_path / "f.py", "--student")[1]
    assert (
        "! apply_convolution: it gives no answer" in out and "IndexError" in out and "line 2: return img[99, 99]" in out
    )


# How far it is


def test_one_file_says_how_far_it_is_after_two_seconds(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(console.Progress, "QUIET_SECONDS", 0.2)
    (tmp_path / "f.py").write_text("import time\ntime.sleep(1)\n" + room.program("vectorised"))
    code, _, err = run(capsys, tmp_path / "f.py")
    assert code == 0 and "check: 0 of 1 functions, 0 s so far" in err
    assert any(f"of 3 functions, 1/s, 0 s left, {name}" in err or f", {name}" in err for name in room.FUNCTIONS)


# A file that is watched


def replaced(path, text):
    """As an editor saves that puts a new file in the old one's place."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def test_saves_are_seen_also_by_an_editor_that_replaces_the_file(tmp_path):
    path, seen = tmp_path / "f.py", []
    path.write_text("1")
    ended = threading.Event()

    def look():
        for _ in saves(path):
            seen.append(path.read_text())
            if ended.is_set():
                return

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    for n, save in enumerate(
        (
            path.write_text,
            lambda text: replaced(path, text),
            lambda text: (path.unlink(), time.sleep(0.3), path.write_text(text)),
        ),
        2,
    ):
        wait_for(lambda n=n: len(seen) == n - 1)
        if n == 4:
            ended.set()
        save(str(n))
    thread.join(60)
    assert seen == ["1", "2", "3", "4"]


@pytest.fixture
def own_keepers(monkeypatch):
    """What a watched exercise keeps loaded, closed at the end."""
    monkeypatch.setattr(starting, "_idle", {})
    yield starting._idle
    for keeper in starting._idle.values():
        keeper.close()


def test_the_exercise_goes_on_when_a_function_is_right_and_python_stays_loaded(tmp_path, own_keepers):
    path = tmp_path / "f.py"
    path.write_text("x = 1\n")
    exercise = WatchedExercise(path, {name: name for name in room.FUNCTIONS}, {"timeout": 60.0, "evidence": False})

    def told(text):
        path.write_text(text)
        return [v if isinstance(v, str) else f"{v.name} {v.status}" for v in exercise.judged()]

    first, second, third = room.FUNCTIONS
    assert told("x = 1\n") == [f"– {first}(img, kernel): not there yet"]
    assert told("def broken(:\n") == ["(file) error"]
    assert told(WRONG) == [f"{first} failed"]
    gone = room.program("loops").replace(f"def {third}", "def later")
    assert told(gone) == [f"{first} passed", f"{second} passed", f"– {third}(img, dloss_dy): not there yet"]
    assert told(room.program("vectorised")) == [f"{third} passed", f"Everything is right: {', '.join(room.FUNCTIONS)}."]
    assert told(WRONG) == [f"{first} failed"]
    (keeper,) = own_keepers.values()
    assert keeper.is_alive


SOBEL = """
import numpy as np
def apply_sobel(img):
    x = np.asarray(img)
    a = x[:-2, 2:] + 2 * x[1:-1, 2:] + x[2:, 2:] - x[:-2, :-2] - 2 * x[1:-1, :-2] - x[2:, :-2]
    b = x[2:, :-2] + 2 * x[2:, 1:-1] + x[2:, 2:] - x[:-2, :-2] - 2 * x[:-2, 1:-1] - x[:-2, 2:]
    return HERE
"""


def test_sobel_functions_are_watched_and_the_sheets_order_is_its_own(tmp_path, own_keepers):
    assert list(SHEET)[1:4] == ["apply_convolution", "apply_sobel", "apply_custom_sobel"]
    exercise = WatchedExercise(tmp_path / "f.py", {"apply_sobel": "apply_sobel"}, {"timeout": 60.0})
    for result, told in (
        ("a * a + b * b", ["apply_sobel no-root+no-division"]),
        ("np.hypot(a, b) / np.hypot(a, b).max()", ["apply_sobel passed", "Everything is right: apply_sobel."]),
    ):
        exercise.path.write_text(SOBEL.replace("HERE", result))
        verdicts = list(exercise.judged())
        assert [
            v if isinstance(v, str) else f"{v.name} {v.diagnosis.code if v.diagnosis else v.status}" for v in verdicts
        ] == told


@pytest.mark.slow
def test_a_network_is_watched_part_by_part(tmp_path, own_keepers):
    exercise = WatchedExercise(tmp_path / "f.py", SHEET, {"timeout": 60.0})

    def told(source):
        exercise.path.write_text(source)
        return [v if isinstance(v, str) else f"{v.name} {v.status}" for v in exercise.judged()]

    assert told(network_programs.SCRIPT.replace("        optimizer.zero_grad()\n", "")) == [
        "network passed",
        "training failed",
    ]
    assert told(network_programs.SCRIPT) == [
        "training passed",
        "evaluation passed",
        f"Everything is right: {', '.join(PARTS)}.",
    ]


@pytest.mark.parametrize("arguments, words", [
    (["--watch", "nowhere.py"], "is not a file. Expected a Python file or a notebook to watch"),
    (["--watch", "."], "--watch takes one Python file"), (["--watch", "f.py", "--json"], "neither --json"),
    (["--watch", "--command", "conv {input} {weight} {output}"], "neither --json nor --command"),
])  # fmt: skip
def test_what_cannot_be_watched_is_one_line(tmp_path, capsys, arguments, words):
    with contextlib.chdir(tmp_path):
        code, out, err = run(capsys, *arguments)
    assert code in (1, 2) and words in err and err.count("convolab: ") == 1
    assert out == "" or "--json" in arguments


@pytest.mark.slow
def test_a_watched_file_is_told_after_every_save_until_ctrl_c(handin, tmp_path):
    options = [part for name in room.FUNCTIONS for part in ("--function", name)]
    command = [sys.executable, "-u", "-c", COMMAND, "check", "--watch", str(handin), *options]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as watch:
        lines = []
        threading.Thread(target=lambda: lines.extend(iter(watch.stdout.readline, "")), daemon=True).start()
        wait_for(lambda: "✗ apply_convolution: not right yet\n" in lines and lines[-1] == "\n")
        replaced(handin, room.program("loops"))
        wait_for(lambda: f"Everything is right: {', '.join(room.FUNCTIONS)}.\n" in lines)
        children = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        keepers = [int(pid) for pid, parent in map(str.split, children.splitlines()) if int(parent) == watch.pid]
        watch.send_signal(signal.SIGINT)
        assert watch.wait(60) == 130 and keepers
    wait_for(lambda: not any(map(is_alive, keepers)))
