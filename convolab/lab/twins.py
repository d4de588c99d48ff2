"""How does a notebook of the lab become one for JupyterLab, VS Code and Colab? Cell by cell, from marimo's file.

A text stays a text, a question becomes one with a folded answer, an editor becomes a cell to write in and a cell that
judges it. What only the lab in the browser has is left out.
"""

import ast
import json
import textwrap
from collections.abc import Iterator
from typing import Any

from convolab.errors import InputError
from convolab.lab.exercises import Exercise, beginning, solution
from convolab.lab.hand_in import sections

Cell = tuple[str, str]  # markdown or code, and its text

IMPORTS = "import numpy as np\n\nimport convolab as cl\nfrom convolab.lab.judged import judged"
JUDGE = "verdict = judged({name})\nverdict"
MAP = "verdict.read_map()  # what it reads: point at an output"
ANSWER = "<details>\n<summary><b>{question}</b></summary>\n\n{answer}\n\n</details>"
ONLY_HERE = ("lab.overview", "lab.hand_in")


def twin(exercise: Exercise, *, solved: bool = False) -> str:
    """Return the notebook as the text of an .ipynb file."""
    file = solution(exercise.number) if solved else beginning(exercise.number)
    parts = sections(file, exercise.names)
    cells = [_as_json(n, kind, text) for n, (kind, text) in enumerate(_cells(exercise, parts))]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _as_json(number: int, kind: str, text: str) -> dict[str, Any]:
    common = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
    return common | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _cells(exercise: Exercise, parts: dict[str, str]) -> Iterator[Cell]:
    source = exercise.notebook.read_text(encoding="utf-8")
    yield "code", f"{IMPORTS}\n\n{_body_of(parts['imports'])}".rstrip()
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef):
            body = [s for s in function.body if not isinstance(s, ast.Return)]
            if not any(isinstance(s, ast.Import) and s.names[0].name == "marimo" for s in body):
                yield from _of_cell(source, body, parts)


def _body_of(imports: str) -> str:
    """Return what a file begins with, without its docstring and NumPy."""
    kept = [s for s in ast.parse(imports).body if not isinstance(s, ast.Expr | ast.Import)]
    return "\n".join(ast.unparse(s) for s in kept)


def _of_cell(source: str, body: list[ast.stmt], parts: dict[str, str]) -> Iterator[Cell]:
    text = "\n".join(_source_of(source, statement) for statement in body)
    if any(name in text for name in ONLY_HERE):
        return
    last = body[-1].value if isinstance(body[-1], ast.Expr) else None
    name, arguments = _called(last)
    if name == "mo.md" and isinstance(arguments[0], ast.JoinedStr):
        yield "code", f"print({ast.unparse(arguments[0])})"
    elif name == "mo.md":
        yield "markdown", _text(arguments[0])
    elif name == "question":
        yield "markdown", ANSWER.format(question=_text(arguments[0]), answer=_text(arguments[1]))
    elif name == "lab.task":
        task = _text(arguments[0])
        yield "code", parts[task].rstrip()
        yield "code", JUDGE.format(name=task)
        yield "code", MAP
    else:
        yield "code", text


def _source_of(source: str, statement: ast.stmt) -> str:
    return textwrap.dedent(" " * statement.col_offset + (ast.get_source_segment(source, statement) or ""))


def _called(value: ast.expr | None) -> tuple[str, list[ast.expr]]:
    return (ast.unparse(value.func), value.args) if isinstance(value, ast.Call) else ("", [])


def _text(value: ast.expr) -> str:
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        raise InputError(f"notebook: line {value.lineno} is no plain text. Expected one, for a twin to be made of")
    return textwrap.dedent(value.value).strip()
