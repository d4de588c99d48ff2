"""The package as a whole: what importing and asking for help costs."""

import ast
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


def test_an_unknown_command_is_one_line_and_exit_code_2(capsys):
    assert main(["fly"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "fly" in error
