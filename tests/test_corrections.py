"""A name that is mistyped is answered with the one that was meant, as cyclopts does for options and commands."""

import pytest

import convolab as cl
from convolab.cli import main
from convolab.errors import ArgumentError, unknown

MEANT = {
    "a filter": (["edges", "sample:drawing", "-o", "x.png", "--filter", "sobell"], 1, "'sobel'"),
    "a part of a filter": (["edges", "sample:drawing", "-o", "x.png", "--filter", "sobelx"], 1, "'sobel-x'"),
    "a kernel": (["maximize", "--kernel", "laplacain"], 1, "'laplacian'"),
    "a mode": (["edges", "sample:drawing", "-o", "x.png", "--mode", "refelct"], 2, '"reflect"'),
    "a padding mode": (["maximize", "--padding-mode", "circluar"], 2, '"circular"'),
    "a recipe": (["train", "--recipe", "fats"], 2, "'fast'"),
    "a model": (["train", "--model", "shet"], 2, "'sheet'"),
    "a data set": (["data", "mnsit"], 2, "'mnist'"),
    "a course": (["check", __file__, "--course", "cs213n"], 1, "'cs231n'"),
    "a convention": (["check", __file__, "--convention", "ndimag"], 1, "'ndimage'"),
    "a run": (["eval", "pretraind"], 1, "'pretrained'"),
    "a widget": (["page", "explroer", "-o", "-"], 2, '"explorer"'),
    "a state": (["page", "explorer", "-o", "-", "--state", "mode=refelct"], 2, "'reflect'"),
    "an option": (["maximize", "--kernl", "sobel-x"], 2, "--kernel"),
    "a command": (["maximise"], 2, '"maximize"'),
}


@pytest.mark.parametrize("what", MEANT)
def test_the_name_that_was_meant_is_said(what, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments, code, meant = MEANT[what]
    assert main(arguments) == code
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and f"Did you mean {meant}?" in error


def test_in_python_too():
    with pytest.raises(ArgumentError, match=r"padding_mode='reflekt' is unknown. Did you mean 'reflect'\?"):
        cl.conv2d([[1.0]], [[1.0]], padding_mode="reflekt")
    with pytest.raises(ArgumentError, match=r"engine='numpi' is unknown. Did you mean 'numpy'\?"):
        cl.conv2d([[1.0]], [[1.0]], engine="numpi")


def test_nothing_is_suggested_where_nothing_is_alike():
    assert unknown("zzz", ["sobel"]) == "'zzz' is unknown."
