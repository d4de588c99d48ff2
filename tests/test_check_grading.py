"""The examples for graders, run for real: otter-grader's commands, and nbgrader's own autograder on a course."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from convolab.verify.plants import CORRECT

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[1] / "examples" / "grading"
FORWARD, GRADIENT = (CORRECT[f"loops: {name}"][1] for name in ("apply_convolution", "conv_gradient_wrt_input"))
RIGHT = FORWARD + GRADIENT
FLIPPED = RIGHT.replace("img[i + k, j + l] * kernel[k, l]", "img[i + k, j + l] * kernel[KH - 1 - k, KW - 1 - l]")
# Right wherever the kernel is not square: 0.6 of all points.
PARTLY = RIGHT.replace("img[i + k, j + l] * kernel[k, l]", "img[i + k, j + l] * kernel[l if KH == KW else k, l]")
HAND_INS = {"ada": RIGHT, "bob": FLIPPED, "eve": PARTLY}


def run(folder, *words):
    """What a command of a grader prints."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def otter(folder, *words):
    return run(folder, sys.executable, "-c", "import sys; from otter.cli import cli; sys.exit(cli())", *words)


def with_tests(folder):
    (folder / "tests").mkdir()
    (folder / "tests" / "test_convolution.py").write_text((EXAMPLES / "test_convolution.py").read_text())


def new_code_cell(source, **options):
    """A cell of a notebook; nbformat takes seconds to load, and is loaded where these tests are run."""
    from nbformat.v4 import new_code_cell

    return new_code_cell(source, **options)


def notebook(path, *cells, **metadata):
    import nbformat
    from nbformat.v4 import new_notebook

    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=list(cells), metadata=kernel), path)
    return path


def test_otter_passes_what_is_right_and_shows_the_diagnosis_of_what_is_wrong(tmp_path):
    with_tests(tmp_path)
    (tmp_path / "handin.py").write_text(FLIPPED)
    text = otter(tmp_path, "check", "handin.py", "-t", "tests")
    assert [
        text.count(f"test_convolution - {n} result:\n        {mark}") for n, mark in ((1, "❌"), (2, "❌"), (3, "✅"))
    ] == [1, 1, 1]
    assert "flipped-kernel" in text and "By hand, element [0, 0]" in text, text


def test_otters_autograder_gives_points_in_part(tmp_path):
    with_tests(tmp_path)
    (tmp_path / "requirements.txt").write_text("convolab\n")
    otter(tmp_path, "generate", "-t", "tests", "-r", "requirements.txt", "--no-environment", "-o", "autograder.zip")
    scores = {}
    for name, source in HAND_INS.items():
        notebook(tmp_path / f"{name}.ipynb", new_code_cell(source))
        (tmp_path / name).mkdir()
        otter(tmp_path, "run", "-a", "autograder.zip", "-o", name, f"{name}.ipynb")
        (test,) = (t for t in json.loads((tmp_path / name / "results.json").read_text())["tests"] if "score" in t)
        scores[name] = test["score"], test["max_score"]
        assert name != "bob" or "flipped-kernel" in test["output"]
    assert scores == {"ada": (4, 4), "bob": (2, 4), "eve": (3, 4)}


def marked(source, **options):
    """A cell as nbgrader marks it."""
    plain = {"schema_version": 3, "locked": False, "points": 0, "grade": False, "solution": False, "task": False}
    return new_code_cell(source, metadata={"nbgrader": {**plain, **options}})


def test_nbgraders_own_autograder_gives_points_in_part_and_shows_the_diagnosis(tmp_path):
    check = marked((EXAMPLES / "nbgrader_cell.py").read_text(), grade=True, locked=True, points=2, grade_id="check")
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n")
    solution = f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION"
    notebook(tmp_path / "source/lab/lab.ipynb", marked(solution, solution=True, grade_id="solution"), check)
    for name, source in HAND_INS.items():
        cells = marked(source, solution=True, grade_id="solution"), check
        notebook(tmp_path / "submitted" / name / "lab/lab.ipynb", *cells)
    for words in (["generate_assignment", "lab", "--create"], ["autograde", "lab"], ["export"]):
        run(tmp_path, sys.executable, "-m", "nbgrader", *words)
    with (tmp_path / "grades.csv").open() as file:
        scores = {row["student_id"]: (row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert scores == {"ada": ("2.0", "2.0"), "bob": ("0.0", "2.0"), "eve": ("1.2", "2.0")}
    import nbformat

    graded = nbformat.read(tmp_path / "autograded/bob/lab/lab.ipynb", 4)
    assert "flipped-kernel" in str(graded.cells[1].outputs)
