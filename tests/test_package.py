"""The package as a whole: what importing and asking for help costs."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import convolab
from convolab.cli import COMMANDS, main

HEAVY = ("torch", "halide", "matplotlib", "marimo", "scipy", "PIL", "onnx")


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(*[m for m in {HEAVY} if m in sys.modules])"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_convolab_loads_nothing_heavy():
    assert loaded_by("import convolab") == set()


def test_help_loads_nothing_heavy():
    assert loaded_by("from convolab.cli import main\nassert main(['--help']) == 0\nprint()").isdisjoint(HEAVY)


def test_every_public_name_can_be_imported():
    for name in convolab.__all__:
        assert getattr(convolab, name) is not None


def test_a_type_checker_sees_every_public_name_at_its_home():
    tree = ast.parse(Path(convolab.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    seen = {
        (alias.name, alias.asname, line.module)
        for line in block.body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }
    # `import x as x` is what makes an imported name a public one.
    assert seen == {(name, name, home) for name, home in convolab._HOME.items()}


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'conv9d'"):
        _ = convolab.conv9d


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_of_every_command_has_a_sentence(command, capsys):
    from convolab.cli import build_app

    app = build_app()[command]
    for argument in app.assemble_argument_collection(parse_docstring=True):
        if argument.show:
            assert (argument.parameter.help or "").strip(), f"convolab {command} {argument.name}: no help text"


ADDED = """
from convolab import cli
from convolab.engine import ENGINES
from convolab.filters.kernels import FILTERS
from convolab.network.data.catalogue import DATASETS
from convolab.network.model.models import MODELS
from convolab.network.training.recipes import RECIPES

for table in (ENGINES, FILTERS, DATASETS, MODELS, RECIPES):
    table["a-new-one"] = next(iter(table.values()))
cli.COMMANDS["a-new-one"] = "Do something new."
for arguments in ([], *([name] for name in {commands})):
    cli.main([*arguments, "--help"])
    print("END")
"""


def test_what_is_added_to_a_table_is_in_the_help_of_the_commands_that_take_it():
    commands = ["train", "summary", "data", "eval", "edges", "gradcheck", "maximize"]
    environment = os.environ | {"COLUMNS": "110", "NO_COLOR": "1", "TERM": "dumb"}
    code = ADDED.replace("{commands}", repr(commands))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    pages = dict(zip(["", *commands], run.stdout.split("END"), strict=False))
    times = {name: page.count("a-new-one") for name, page in pages.items() if name in ("", *commands)}
    assert times == {
        "": 1, "train": 4, "summary": 1, "data": 1, "eval": 1, "edges": 1, "gradcheck": 3, "maximize": 3
    }  # fmt: skip


def test_an_option_that_several_commands_have_says_the_same_in_each():
    from convolab.cli import build_app

    told: dict[str, set[str]] = {}
    for command in COMMANDS:
        for argument in build_app()[command].assemble_argument_collection(parse_docstring=True):
            told.setdefault(argument.name, set()).add(argument.parameter.help or "")
    shared = "--stride --padding --dilation --groups --padding-mode --device --json --force".split()
    assert {name for name in shared if len(told[name]) > 1} == set()


def test_an_unknown_command_is_one_line_and_exit_code_2(capsys):
    assert main(["fly"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "fly" in error


def test_the_former_name_of_a_report_can_still_be_imported():
    from convolab.gradient import GradientReport, Report

    assert Report is GradientReport and GradientReport.__name__ == "GradientReport"


def test_no_class_name_has_two_owners():
    package = Path(convolab.__file__).parent
    owners: dict[str, list[str]] = {}
    for file in sorted(package.rglob("*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef):
                owners.setdefault(node.name, []).append(str(file.relative_to(package)))
    twice = {name: files for name, files in owners.items() if len(files) > 1}
    assert not twice and len(owners) > 150, twice


def test_a_room_is_no_filter_and_asking_for_it_loads_none():
    assert loaded_by("from convolab import files, parts") == set()
    code = "import sys; from convolab import parts; assert 'convolab.filters' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
