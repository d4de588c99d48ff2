"""Examples in docstrings and pages are run, and what they print is compared."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import convolab

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(m.name for m in pkgutil.walk_packages(convolab.__path__, "convolab.") if "__main__" not in m.name)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# Its example is a run over all of MNIST.
LONG = {"convolab.network.train"}


@pytest.mark.parametrize("name", [pytest.param(m, marks=pytest.mark.slow if m in LONG else ()) for m in MODULES])
def test_the_examples_of_a_module_print_what_they_say(name):
    module = importlib.import_module(name)
    names = {"np": np, "cl": convolab, **vars(module)}
    for example in doctest.DocTestFinder(exclude_empty=True).find(module, extraglobs=names):
        result = doctest.DocTestRunner(optionflags=OPTIONS).run(example)
        assert result.failed == 0, f"{example.name}: see the captured output"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_examples_of_a_page_print_what_they_say(page):
    failed, _ = doctest.testfile(str(page), module_relative=False, optionflags=OPTIONS, encoding="utf-8")
    assert failed == 0


def test_a_wrong_example_is_noticed(tmp_path):
    (tmp_path / "wrong.md").write_text(">>> 1 + 1\n3\n")
    assert doctest.testfile(str(tmp_path / "wrong.md"), module_relative=False, report=False)[0] == 1


def test_generated_pages_are_current(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'docs')!r}); import generate, pathlib; generate.generate(pathlib.Path({str(tmp_path)!r})); text = generate.README.read_text(); assert generate.in_readme(text) == text, 'README.md: the claims'; text = (generate.DOCS / 'check.md').read_text(); assert generate.in_check_page(text) == text, 'check.md: the courses'; assert generate.with_mistakes(text) == text, 'check.md: the mistakes of exercises 1 and 2'"
    subprocess.run([sys.executable, "-c", code], check=True)
    stale = [page.name for page in tmp_path.iterdir() if page.read_text() != (ROOT / "docs" / page.name).read_text()]
    assert not stale, f"out of date: {stale}. Run: python docs/generate.py"
