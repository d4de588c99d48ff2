"""The lab without a browser: the file that is handed in, verdicts, hints, twins, what is handed out, and the door."""

import ast
import json
import os
import re
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from convolab.cli import main
from convolab.errors import ArgumentError, InputError, OutputError
from convolab.lab import judges, trying
from convolab.lab.desk import FOLDER, Lab
from convolab.lab.exercises import EXERCISES, beginning, exercise_of, solution
from convolab.lab.hand_in import StudentFile, joined, sections
from convolab.lab.handing_out import hand_out
from convolab.lab.hints import example, staged
from convolab.lab.judged import judged
from convolab.lab.progress import StudentProgress, beside, fingerprint, read_progress
from convolab.lab.serving import socket_at
from convolab.lab.trying import Attempt
from convolab.lab.twins import twin
from convolab.verify import check, starting

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent
TASKS = [(exercise, task) for exercise in EXERCISES.values() for task in exercise.tasks]
NAMES = [task.name for _, task in TASKS]


def parts(number: int, *, solved: bool = True) -> dict[str, str]:
    text = solution(number) if solved else beginning(number)
    return sections(text, EXERCISES[number].names)


def tried(name: str, text: str, **others: str):
    """The outcome of a text for a function, the rest of its file being right."""
    exercise, task = next((e, t) for e, t in TASKS if t.name == name)
    found = parts(exercise.number) | {name: text} | others
    return Attempt(task, found, parts(exercise.number, solved=False)[name]).run()


@pytest.fixture(scope="module", autouse=True)
def keepers():
    """Python and NumPy wait for the next trial, as they do in the lab."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(starting, "_idle", {})
        yield
        for keeper in starting._idle.values():
            keeper.close()


# ---- What is to be written


@pytest.mark.parametrize(("exercise", "task"), TASKS, ids=NAMES)
def test_the_solution_passes_and_what_one_begins_with_is_nothing_yet(exercise, task):
    assert tried(task.name, parts(exercise.number)[task.name]).status == "passed"
    assert tried(task.name, parts(exercise.number, solved=False)[task.name]).status == "new"


def test_what_a_student_begins_with_is_python_and_holds_no_line_of_a_solution():
    for number in EXERCISES:
        ast.parse(beginning(number))
        assert "SOLUTION" not in beginning(number) + solution(number)
        body = [line for line in solution(number).splitlines() if line not in beginning(number).splitlines()]
        assert len(body) > 20 and not any(
            re.search(r"^\s+(for|return|while)\b|\+=", line) for line in beginning(number).splitlines()
        )


def test_every_function_of_an_exercise_has_an_editor_in_its_notebook_in_that_order():
    for exercise in EXERCISES.values():
        found = re.findall(r'lab\.task\("(\w+)"\)', exercise.notebook.read_text())
        assert found == exercise.names


def test_the_sheets_own_questions_stand_in_the_notebooks():
    text = "".join(e.notebook.read_text() for e in EXERCISES.values())
    for question in ("why do these filters work", "which image maximises this loss", "∂ℒ/∂k₃", "∂ℒ/∂x₃"):
        assert question in text
    for cell in (
        "286 \\times 230",
        "284 \\times 228",
        "G_x",
        "r(X) - r(K) + 1",
        "−0.22957",
        "100 steps",
        "9 \\times 9",
    ):
        assert cell in text


# ---- The file


@pytest.fixture
def hand_in(tmp_path) -> StudentFile:
    made = StudentFile(EXERCISES[2], tmp_path)
    made.make()
    return made


def test_a_section_is_saved_and_the_others_stay(hand_in):
    assert hand_in.save("apply_convolution", "def apply_convolution(img, kernel):\n    return 1") == ""
    again = StudentFile(EXERCISES[2], hand_in.path.parent).read()
    assert again["apply_convolution"].strip().endswith("return 1")
    assert again["imports"] == parts(2)["imports"] and list(again) == ["imports", *EXERCISES[2].names]


def test_the_file_is_for_its_owner_alone(hand_in):
    assert stat.S_IMODE(hand_in.path.stat().st_mode) == 0o600


def test_saving_again_keeps_the_file_for_its_owner_alone(hand_in):
    hand_in.save("apply_convolution", "x = 1")
    assert stat.S_IMODE(hand_in.path.stat().st_mode) == 0o600


def test_what_another_editor_changed_meanwhile_stays(hand_in):
    hand_in.section("apply_convolution")
    other = StudentFile(EXERCISES[2], hand_in.path.parent)
    other.save("convolve_batch", "def convolve_batch(imgs):\n    return 2\n")
    assert hand_in.save("apply_convolution", "mine = 1\n") == ""
    assert "return 2" in hand_in.path.read_text() and "mine = 1" in hand_in.path.read_text()


def test_of_a_section_that_two_have_changed_both_versions_are_kept(hand_in):
    hand_in.section("apply_convolution")
    StudentFile(EXERCISES[2], hand_in.path.parent).save("apply_convolution", "theirs = 1\n")
    assert "kept in exercise2.before.py" in hand_in.save("apply_convolution", "mine = 1\n")
    assert "theirs = 1" in (hand_in.path.parent / "exercise2.before.py").read_text()
    assert "mine = 1" in hand_in.path.read_text()


def test_a_corrected_notebook_takes_over_what_was_written_and_keeps_what_it_does_not_know(tmp_path):
    old = "# %% imports\nimport numpy as np\n\n# %% an_older_task\nkept = 1\n\n# %% apply_convolution\ndef apply_convolution(img, kernel):\n    return 7\n"
    (tmp_path / "exercise2.py").write_text(old)
    hand_in = StudentFile(EXERCISES[2], tmp_path)
    hand_in.save("apply_custom_sobel", "def apply_custom_sobel(img):\n    return 8\n")
    found = hand_in.read()
    assert "return 7" in found["apply_convolution"] and "return 8" in found["apply_custom_sobel"]
    assert (
        found["an_older_task"] == "kept = 1\n" and found["convolve_batch"] == parts(2, solved=False)["convolve_batch"]
    )


def test_functions_written_without_any_marks_are_taken_over(tmp_path):
    text = "import numpy as np\n\nK = 3\n\ndef apply_convolution(img, kernel):\n    y = (\n        1\n)\n    return y\n\nprint(K)\n"
    found = sections(text, EXERCISES[2].names)
    assert found["apply_convolution"].startswith("def apply_convolution") and "return y" in found["apply_convolution"]
    assert "K = 3" in found[""] and "print(K)" in found[""]


def test_a_file_comes_back_from_its_sections():
    for number in EXERCISES:
        found = parts(number)
        assert sections(joined(found), EXERCISES[number].names) == found


def test_a_full_disk_is_one_line_and_the_file_stays_as_it_was(hand_in, monkeypatch):
    before = hand_in.path.read_text()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("convolab.files.os.fsync", full)
    with pytest.raises(OutputError, match="cannot be written \\(No space left on device\\)"):
        hand_in.save("apply_convolution", "mine = 1\n")
    assert hand_in.path.read_text() == before and len(list(hand_in.path.parent.iterdir())) == 1


def test_a_file_of_somebody_else_is_refused(tmp_path, monkeypatch):
    (tmp_path / "exercise2.py").write_text("")
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(InputError, match=r"belongs to somebody else\. Give a folder of your own"):
        StudentFile(EXERCISES[2], tmp_path)


def test_a_folder_that_is_a_file_is_said_to_be_one(tmp_path):
    (tmp_path / "note").write_text("")
    with pytest.raises(InputError, match=r"--folder: .*note is a file\. Expected a folder"):
        StudentFile(EXERCISES[2], tmp_path / "note")
    with pytest.raises(OutputError, match=r"--copy: .*note is a file\. Expected a folder"):
        hand_out(tmp_path / "note", list(EXERCISES.values()), force=True)


# ---- Verdicts

FLIPPED = "def apply_convolution(img, kernel):\n    k = kernel[::-1, ::-1]\n    return np.array([[(img[i:i+k.shape[0], j:j+k.shape[1]] * k).sum() for j in range(img.shape[1] - k.shape[1] + 1)] for i in range(img.shape[0] - k.shape[0] + 1)])\n"


def test_a_wrong_function_is_named_and_has_a_read_map_and_hints_that_say_more_and_more():
    outcome = tried("apply_convolution", FLIPPED)
    assert outcome.code == "flipped-kernel" and outcome.status == "failed"
    assert outcome.reads["operation"] == "forward" and outcome.reads["function"] == "apply_convolution"
    assert len(outcome.hints) == 3 and "by hand" in outcome.hints[1] and outcome.title not in outcome.hints[0]


def test_hints_come_from_the_diagnosis_alone():
    diagnosis = check(lambda img, kernel: img * 0, judged_as="apply_convolution").functions[0].diagnosis
    assert all(isinstance(hint, str) and hint for hint in staged(diagnosis, []))


def test_an_example_calls_the_arguments_as_the_exercise_does():
    diagnosis = check(lambda input, weight, stride=1, padding=0: input * 0, judged_as="conv2d").functions[0].diagnosis
    lines = example(diagnosis, "convolve_with_padding", ["img", "kernel", "stride", "padding"])
    assert [line.split()[0] for line in lines[:4]] == ["img", "kernel", "stride", "padding"]
    assert "weight" not in "".join(lines) and "input" not in "".join(lines)


def test_an_example_of_the_lab_says_how_its_function_is_called():
    ignored = "def convolve_with_stride(img, kernel, stride):\n    return apply_convolution(img, kernel)\n"
    outcome = tried("convolve_with_stride", ignored)
    assert "call convolve_with_stride(img, kernel, stride)" in outcome.example


def test_an_endless_loop_ends(monkeypatch):
    monkeypatch.setattr(trying, "SECONDS", 0.5)
    assert tried("apply_convolution", "def apply_convolution(img, kernel):\n    while True: pass\n").status == "timeout"
    assert tried("apply_custom_sobel", "def apply_custom_sobel(img):\n    while True: pass\n").status == "timeout"


def test_a_new_text_ends_the_trial_of_the_old_one():
    task = EXERCISES[2].task("apply_convolution")
    found = parts(2) | {task.name: "def apply_convolution(img, kernel):\n    while True: pass\n"}
    trial, outcomes = Attempt(task, found, ""), []
    thread = threading.Thread(target=lambda: outcomes.append(trial.run()))
    thread.start()
    while trial._caller is None or not trial._caller.alive:
        time.sleep(0.01)
    trial.give_up()
    thread.join(30)
    assert not thread.is_alive() and trial.unwanted and not trial._caller.alive


def test_python_that_cannot_be_read_says_in_which_line_of_the_editor():
    outcome = tried("apply_convolution", "def apply_convolution(img, kernel):\n    return (\n")
    assert outcome.status == "error" and "in line 2" in outcome.message


def test_an_exception_is_told_with_the_line_of_the_editor():
    outcome = tried("apply_convolution", "def apply_convolution(img, kernel):\n    x = 1\n    return x[0]\n")
    assert "line 3: return x[0]" in outcome.message


def test_an_exception_in_another_section_says_in_which():
    broken = "def compute_convolution_at_position(i, j, img, kernel):\n    raise ValueError('no')\n"
    outcome = tried("apply_convolution", parts(2)["apply_convolution"], compute_convolution_at_position=broken)
    assert "line 2 of compute_convolution_at_position" in outcome.message


def test_another_section_that_is_half_written_does_not_stand_in_the_way():
    assert tried("apply_convolution", parts(2)["apply_convolution"], convolve_batch="def convolve_batch(").passed


def test_what_the_code_prints_is_shown():
    text = parts(2)["apply_convolution"].replace("    rows,", "    print('here I am')\n    rows,")
    assert "here I am" in tried("apply_convolution", text).printed
    assert "there is no function apply_convolution" in tried("apply_convolution", "x = 1\n").message


SLIPS = {
    "apply_custom_sobel": {
        "not-divided": "np.sqrt(apply_convolution(img, G_x) ** 2 + apply_convolution(img, G_y) ** 2)",
        "absolute-values": "scaled(abs(apply_convolution(img, G_x)) + abs(apply_convolution(img, G_y)))",
        "no-root": "scaled(apply_convolution(img, G_x) ** 2 + apply_convolution(img, G_y) ** 2)",
        "one-filter": "scaled(abs(apply_convolution(img, G_y)))",
        "root-of-sum": "scaled(abs(apply_convolution(img, G_x) + apply_convolution(img, G_y)))",
        "output-size": "img",
        "unrecognised": "scaled(np.sqrt(apply_convolution(img, G_x) ** 2 + 3 * apply_convolution(img, G_y) ** 2))",
    },
    "central_difference": {
        "one-sided": "(loss(img + step) - loss(img)) / epsilon",
        "not-halved": "(loss(img + step) - loss(img - step)) / epsilon",
        "sign": "(loss(img - step) - loss(img + step)) / (2 * epsilon)",
        "unrecognised": "loss(img)",
    },
    "climb": {
        "sign": "img - 1 * rate * gradient(img) if steps == 1 else climb(img - rate * gradient(img), gradient, steps - 1, rate)",
        "off-by-one": "img if steps <= 1 else climb(img + rate * gradient(img), gradient, steps - 1, rate)",
        "gradient-once": "img + steps * rate * gradient(img)",
        "not-stepped": "img",
    },
}
HEADS = {
    "apply_custom_sobel": "def scaled(x): return x / x.max()\ndef apply_custom_sobel(img):\n    return ",
    "central_difference": "def central_difference(loss, img, i, j, epsilon):\n    step = np.zeros_like(img)\n    step[i - 1, j - 1] = epsilon\n    return ",
    "climb": "def climb(img, gradient, steps, rate):\n    return ",
}


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, slips in SLIPS.items() for code in slips])
def test_a_slip_that_people_make_is_named(name, code):
    outcome = tried(name, HEADS[name] + SLIPS[name][code] + "\n")
    assert (outcome.status, outcome.code) == ("failed", code)


def test_every_slip_gives_something_else_than_what_is_right():
    rng_case = judges.np.random.default_rng(5).uniform(0, 1, (5, 6))
    for slip in judges.EDGES:
        assert not judges._close(slip.gives(rng_case), judges._scaled(rng_case)), slip.title


# ---- Progress


def test_progress_resumes_and_a_broken_file_of_it_counts_as_none(tmp_path):
    path = tmp_path / "exercise2.py"
    StudentProgress(EXERCISES[2], path).change("apply_convolution", status="failed", checks=3)
    again = StudentProgress(EXERCISES[2], path)
    assert again.of("apply_convolution")["checks"] == 3
    again.add("apply_convolution", hints=1)
    assert read_progress(path)["apply_convolution"]["hints"] == 1
    beside(path).write_text('{"tasks": {"apply_convolution": {"checks": "many", "status": "passed"}}}')
    assert again.of("apply_convolution") == {
        "status": "passed", "code": "", "checks": 0, "hints": 0, "text": "", "given": ""
    }  # fmt: skip
    beside(path).write_text("[")
    assert read_progress(path) == {}


def test_check_judges_every_function_of_the_lab_and_tells_the_progress_beside(tmp_path, capsys):
    path = tmp_path / "handed-in.py"
    path.write_text(solution(3))
    StudentProgress(EXERCISES[3], path).change("climb", status="passed", checks=2, hints=1)
    assert main(["check", str(path)]) == 0
    said = capsys.readouterr()
    assert "2 of 2 right" in said.out
    assert "note: climb: passed in the lab after 2 checks, 1 hint" in said.err


def test_check_knows_the_steps_of_the_staircase_by_the_files_sections(tmp_path, capsys):
    names = EXERCISES[2].judged_as
    path = tmp_path / "mine.py"
    path.write_text(solution(2))
    assert main(["check", str(path), "--json"]) == 0
    assert {f["name"]: f["target"] for f in json.loads(capsys.readouterr().out)["functions"]} == names
    assert exercise_of("import numpy\n") is None and exercise_of(solution(3)) is EXERCISES[3]


# ---- The editors, as a notebook has them


@pytest.fixture
def lab(tmp_path):
    return Lab(2, tmp_path)


def settled(widget, number: int) -> dict:
    until = time.monotonic() + 60
    while widget.verdict.get("of") != number or widget.verdict.get("pending"):
        assert time.monotonic() < until
        time.sleep(0.02)
    return widget.verdict


def typed(widget, text: str) -> None:
    with widget.hold_trait_notifications():
        widget.text = text
        widget.serial += 1


def test_an_editor_saves_at_every_key_and_says_so(lab):
    editor = lab.task("apply_convolution")
    typed(editor, "def apply_convolution(img, kernel):\n    retu")
    assert lab.hand_in.path.read_text().count("retu\n") == 1
    assert editor.saved["of"] == 1 and editor.saved["error"] == "" and editor.saved["at"]


def test_a_page_that_is_opened_later_shows_what_stands_in_the_file_by_then(lab, tmp_path):
    first, second = lab.task("apply_convolution"), Lab(2, tmp_path).task("apply_convolution")
    typed(first, "mine = 1\n")
    assert second.text != first.text
    second.opened += 1
    assert second.text == "mine = 1\n"
    typed(second, "mine = 2\n")
    assert second.saved["note"] == ""


def test_an_editor_whose_disk_is_full_keeps_the_text_and_says_why(lab, monkeypatch):
    editor = lab.task("apply_convolution")
    lab.hand_in.make()
    with monkeypatch.context() as broken:
        broken.setattr(
            "convolab.files.os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        )
        typed(editor, "mine = 1")
        assert "No space left on device" in editor.saved["error"] and editor.text == "mine = 1"
    editor.serial += 1  # the page sends it once more
    assert editor.saved["error"] == "" and "mine = 1" in lab.hand_in.path.read_text()


def test_a_verdict_comes_with_hints_one_at_a_time_and_all_is_remembered(lab):
    editor, overview = lab.task("apply_convolution"), lab.overview()
    typed(editor, FLIPPED)
    editor.asked = 1
    verdict = settled(editor, 1)
    assert verdict["code"] == "flipped-kernel" and verdict["left"] == 3 and "hints" not in verdict
    editor.wanted = 1
    assert len(editor.hints) == 1
    known = read_progress(lab.hand_in.path)["apply_convolution"]
    assert (known["status"], known["checks"], known["hints"]) == ("failed", 1, 1)
    assert next(t for t in overview.tasks if t["name"] == "apply_convolution")["status"] == "failed"


def test_the_next_session_begins_where_the_last_one_ended(lab, tmp_path):
    editor = lab.task("convolve_with_stride")
    typed(editor, parts(2)["convolve_with_stride"])
    editor.asked = 1
    assert settled(editor, 1)["status"] == "passed"
    again = Lab(2, tmp_path)
    assert again.task("convolve_with_stride").text == editor.text
    assert again.task("convolve_with_stride").verdict["status"] == "passed"
    assert again.overview().tasks[3]["status"] == "passed"
    typed(again.task("convolve_with_stride"), editor.text + "\n# changed")
    assert Lab(2, tmp_path).overview().tasks[3]["status"] == ""


def test_what_nobody_has_touched_is_replaced_by_a_corrected_beginning(tmp_path):
    old = "def apply_convolution(img, kernel):\n    '''An older text.'''\n"
    (tmp_path / "exercise2.py").write_text(f"# %% apply_convolution\n{old}")
    progress = StudentProgress(EXERCISES[2], tmp_path / "exercise2.py")
    assert Lab(2, tmp_path).task("apply_convolution").text.strip() == old.strip()
    progress.change("apply_convolution", given=fingerprint(old))
    assert Lab(2, tmp_path).task("apply_convolution").text == parts(2, solved=False)["apply_convolution"]


def test_an_exercise_or_a_function_that_there_is_not_is_one_line(lab):
    with pytest.raises(ArgumentError, match=r"there is no exercise 9\. Expected one of 2, 3"):
        Lab(9)
    with pytest.raises(ArgumentError, match=r"task: 'conv9' is unknown in exercise 2\. Expected compute_conv"):
        lab.task("conv9")


# ---- Twins, and what is handed out


@pytest.mark.parametrize("number", EXERCISES)
def test_the_folder_labs_is_what_the_code_writes(number, tmp_path):
    for path in hand_out(tmp_path, list(EXERCISES.values())):
        assert (ROOT / "labs" / path.name).read_text() == path.read_text(), f"{path.name}: python docs/generate.py"


@pytest.mark.parametrize("solved", [False, True])
@pytest.mark.parametrize("number", EXERCISES)
def test_a_twin_is_a_sound_notebook_with_every_text_and_every_function(number, solved):
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.reads(twin(EXERCISES[number], solved=solved), 4)
    nbformat.validate(notebook)
    source = "\n".join(cell.source for cell in notebook.cells)
    assert all(f"def {name}(" in source and f"judged({name})" in source for name in EXERCISES[number].names)
    assert "marimo" not in source and "lab.task" not in source and "mo.md" not in source
    questions = EXERCISES[number].notebook.read_text().count("question(\n")
    assert source.count("<details>") == questions > 4
    assert ("Your code goes here" in source) is not solved


@pytest.mark.slow
@pytest.mark.parametrize("number", EXERCISES)
def test_a_solved_twin_runs_from_top_to_bottom_and_every_verdict_is_right(number, tmp_path):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.reads(twin(EXERCISES[number], solved=True), 4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(tmp_path))
    shown = [out["data"]["text/plain"] for cell in notebook.cells for out in cell.get("outputs", []) if "data" in out]
    assert [text for text in shown if "It is right." in text] == [
        next(text for text in shown if text.startswith(f"{name}: It is right.")) for name in EXERCISES[number].names
    ]


def nothing():
    """Do nothing."""


def test_a_function_of_an_ordinary_notebook_is_judged_as_the_lab_judges_it():
    names: dict = {}
    exec(solution(2), names)
    assert judged(names["apply_convolution"]).passed
    exec("import numpy as np\n" + FLIPPED, names)
    wrong = judged(names["apply_convolution"])
    assert not wrong.passed and wrong.outcome.code == "flipped-kernel"
    assert wrong._repr_html_().count("<summary>A hint</summary>") == 3
    with pytest.raises(ArgumentError, match="no exercise asks for 'nothing'"):
        judged(nothing)


def test_a_function_that_is_as_it_was_given_is_no_mistake_in_an_ordinary_notebook(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "given.py").write_text(beginning(2))
    import given

    found = judged(given.apply_convolution)
    assert (found.outcome.status, found.outcome.title) == ("new", "Nothing is written yet")
    assert "A hint" not in found._repr_html_()


def test_the_folder_to_hand_out_holds_no_solution_and_the_instructors_does(tmp_path, capsys):
    assert main(["lab", "--copy", str(tmp_path / "out")]) == 0
    assert main(["lab", "2", "--copy", str(tmp_path / "mine"), "--solutions", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert files == ["README.md", "exercise2.py", "exercise2.ipynb"]
    handed_out = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    assert (
        "output[i, j] =" not in handed_out and "output[i, j] =" in (tmp_path / "mine" / "exercise2.ipynb").read_text()
    )
    assert main(["lab", "--copy", str(tmp_path / "out")]) == 1
    assert "exists. Give --force" in capsys.readouterr().err
    assert check(tmp_path / "mine" / "exercise2.py", judged_as=EXERCISES[2].judged_as).passed


def test_threads_that_load_what_judges_at_once_all_get_the_whole_of_it():
    code = """
import threading
from convolab.lab import serving, writing

def go(work):
    begin.wait()
    try:
        work()
        writing.judging().Attempt
    except BaseException as error:
        print(repr(error))

works = [serving._prepare, writing.judging] * 6
begin = threading.Barrier(len(works))
threads = [threading.Thread(target=go, args=(work,)) for work in works]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (found.stdout, found.stderr) == ("", "")


# ---- The command


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["lab", "4"], 2, "4"),
        (["lab", "--solutions"], 2, "--solutions: goes with --copy FOLDER"),
        (["lab", "--port", "99999"], 2, "--port: 99999 is no port"),
        (["lab", "--json"], 2, "--json: goes with --copy"),
    ],
)
def test_what_the_command_cannot_do_is_one_line(arguments, code, words, capsys):
    assert main(arguments) == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and words in said


def test_without_marimo_one_line_names_the_extra(tmp_path):
    blocked = "import sys; sys.modules['marimo'] = None; from importlib import util; f = util.find_spec; util.find_spec = lambda n, *a: None if n == 'marimo' else f(n, *a); from convolab.cli import main; sys.exit(main(['lab', '2', '--no-browser']))"
    run = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 1 and run.stderr.count("\n") == 1 and 'pip install "convolab[lab]"' in run.stderr


def test_a_taken_port_gives_the_next_one():
    first = socket_at(29_181)
    try:
        second = socket_at(first.getsockname()[1])
        assert second.getsockname()[1] > first.getsockname()[1] and second.getsockname()[0] == "127.0.0.1"
        second.close()
    finally:
        first.close()


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
import convolab as cl
from convolab.lab.exercises import EXERCISES, beginning, solution
from convolab.lab.hand_in import sections
from convolab.lab.trying import Attempt
for exercise in (EXERCISES[int(number)] for number in sys.argv[1].split(",")):
    found = sections(solution(exercise.number), exercise.names)
    for task in exercise.tasks:
        trial = Attempt(task, found, "")
        assert trial.run().passed, task.name
        assert not sys.argv[2:] or not trial.is_shown or trial.figures(), task.name
for name in ("explorer", "gradient", "ascent", "filters", "reads"):
    cl.widget(name)
print("all is right")
"""


@pytest.mark.parametrize("words", [["3"], pytest.param(["2,3", "figures"], marks=pytest.mark.slow)])
def test_exercises_are_done_and_judged_without_torch(words, tmp_path):
    run = subprocess.run([sys.executable, "-c", WITHOUT_TORCH, *words], capture_output=True, text=True, cwd=tmp_path)
    assert run.stdout == "all is right\n", run.stderr


def test_the_folder_of_a_lab_is_the_one_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert Lab(3).hand_in.path == tmp_path / "exercise3.py"
