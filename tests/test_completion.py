"""`convolab --install-completion` lets a shell complete commands, options and their values."""

import shutil
import subprocess

import pytest

from convolab.cli import main


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash to ask")
def test_bash_completes_commands_options_and_values(home):
    assert main(["--install-completion", "--shell", "bash"]) == 0
    script = home / ".local/share/bash-completion/completions/convolab"
    assert str(script) in (home / ".bashrc").read_text()

    def completed(*words: str) -> set[str]:
        line = f'. "{script}"; COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; _convolab; echo "${{COMPREPLY[@]}}"'
        return set(subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True).stdout.split())

    assert completed("convolab", "ex") == {"explain"}
    assert "--constraint" in completed("convolab", "maximize", "--con")
    assert completed("convolab", "maximize", "--constraint", "''") == {"none", "sphere", "box"}


def test_zsh_is_told_of_every_command(home):
    from convolab.cli import COMMANDS

    assert main(["--install-completion", "--shell", "zsh"]) == 0
    script = (home / ".zsh/completions/_cyclopts_convolab").read_text()
    assert script.startswith("#compdef convolab") and all(name in script for name in COMMANDS)
