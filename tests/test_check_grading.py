"""The examples for graders, run for real: otter-grader's own command, and a notebook executed with nbgrader's cell."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from convolab.verify.plants import CORRECT

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[1] / "examples" / "grading"
RIGHT = CORRECT["loops: apply_convolution"][1] + CORRECT["loops: conv_gradient_wrt_input"][1]
FLIPPED = RIGHT.replace("img[i + k, j + l] * kernel[k, l]", "img[i + k, j + l] * kernel[KH - 1 - k, KW - 1 - l]")


def otter(tmp_path, source):
    """What `otter check` prints for a hand-in."""
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_convolution.py").write_text((EXAMPLES / "test_convolution.py").read_text())
    (tmp_path / "handin.py").write_text(source)
    command = [sys.executable, "-c", "import sys; from otter.cli import cli; sys.exit(cli())"]
    done = subprocess.run(
        [*command, "check", "handin.py", "-t", "tests"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    return done.stdout + done.stderr


def test_otter_passes_what_is_right_and_shows_the_diagnosis_of_what_is_wrong(tmp_path):
    text = otter(tmp_path, FLIPPED)
    assert "test_convolution - 1 result:\n        ❌" in text and "test_convolution - 2 result:\n        ✅" in text, (
        text
    )
    assert "flipped-kernel" in text and "By hand, element [0, 0]" in text, text


def executed(source):
    """A notebook with the hand-in and the autograded cell, run in a kernel as nbgrader's autograder runs it."""
    cells = [source, (EXAMPLES / "nbgrader_cell.py").read_text()]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook.cells[1].metadata["nbgrader"] = {"grade": True, "grade_id": "check", "points": 4, "schema_version": 3}
    NotebookClient(notebook, timeout=500, kernel_name="python3").execute()
    return notebook


@pytest.mark.filterwarnings("ignore")
def test_the_nbgrader_cell_passes_what_is_right():
    assert all(o.output_type != "error" for c in executed(RIGHT).cells for o in c.outputs)


@pytest.mark.filterwarnings("ignore")
def test_the_nbgrader_cell_fails_with_the_diagnosis():
    with pytest.raises(CellExecutionError, match="flipped-kernel"):
        executed(FLIPPED)
