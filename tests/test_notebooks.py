"""The notebooks' cells run, one after the other, and their assertions hold."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "examples").glob("*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.name)
def test_a_notebook_runs_from_top_to_bottom(notebook):
    names: dict = {}
    cells = json.loads(notebook.read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code
    for number, cell in enumerate(code):
        exec(compile(cell, f"{notebook.name}, cell {number}", "exec"), names)


def test_committed_notebooks_hold_no_outputs():
    for notebook in NOTEBOOKS:
        assert all(not cell.get("outputs") for cell in json.loads(notebook.read_text())["cells"])
