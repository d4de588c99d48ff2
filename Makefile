# `make check` is the one gate; `make help` lists everything.
.PHONY: help install check format lint types layers test quick slow browser stress mutants build clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install:  ## install the package and everything a developer uses, editable
	python -m pip install -e ".[dev]"

check: format lint types layers test  ## the gate: formatting, lint, types, layers, tests

format:
	ruff format --check .

lint:
	ruff check .

types:
	mypy

layers:
	pytest -n 0 tests/test_layers.py

test:  ## the tests, without those that are marked slow or browser
	pytest

quick:  ## a part of the tests, of every room, in less than a minute
	pytest -m quick

slow:  ## graders, other projects' suites, the kills of runs, the stress run
	pytest -m slow

browser:  ## what is written for a browser, opened in Chromium
	@python tests/chromium.py
	pytest -m browser

stress:  ## 500 random geometries, types and memory layouts against an exact oracle
	python tests/stress.py --cases 500

mutants:  ## 200 small faults, one at a time: which of them does no test notice?
	python tests/mutants.py --count 200

build:  ## wheel and sdist into dist/
	python -m build

clean:  ## remove what builds and tests leave behind
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants.jsonl mutants.lines
