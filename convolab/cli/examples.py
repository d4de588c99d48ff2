"""Which examples does a command's help show? Those of its docstring, which a test runs and compares."""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

HEADING = "Examples\n--------\n"


def examples_of(command: str) -> str:
    """The examples of a command as its help shows them: `$ convolab …`, and under it what that prints."""
    function: Callable[..., Any] = getattr(import_module(f"convolab.cli.{command}"), command)
    return (inspect.getdoc(function) or "").partition(HEADING)[2].strip()


def parted(examples: str) -> list[tuple[list[str], str]]:
    """Each example's arguments and what it prints, on either stream; `…` stands for anything.

    >>> parted("$ convolab a --b 'c d'\\none\\n\\n$ convolab e")
    [(['a', '--b', 'c d'], 'one'), (['e'], '')]
    """
    import shlex

    blocks = [block.partition("\n") for block in examples.split("$ convolab ")[1:]]
    return [(shlex.split(line), printed.strip("\n")) for line, _, printed in blocks]
