# `make check` is the one gate; `make help` lists everything.
.PHONY: help install check format lint types layers test stress build clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install:  ## install the package and everything a developer uses, editable
	python -m pip install -e ".[dev]"

check: format lint types layers test  ## the gate: formatting, lint, types, layers, tests

format:  ## say which files are not formatted (`ruff format .` formats them)
	ruff format --check .

lint:  ## ruff
	ruff check .

types:  ## mypy
	mypy

layers:  ## imports run one way (tests/test_layers.py)
	pytest -n 0 tests/test_layers.py

test:  ## all tests
	pytest

stress:  ## 500 random geometries, types and memory layouts against an exact oracle
	python tests/stress.py --cases 500

build:  ## wheel and sdist into dist/
	python -m build

clean:  ## remove what builds and tests leave behind
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
